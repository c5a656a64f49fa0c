//! Shared fixtures of certificate tests: an authority, and the `openssl` program.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};
use std::ops::Range;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;

use crate::common::program;
use crate::galleries::fixtures::Run;
use mango_relay_harness::{Home, Running};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, PublicKeyData, SignatureAlgorithm,
};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};

/// The password of every PKCS#12 file in the tests.
pub(crate) const PASSWORD: &str = "mango 芒果 7";

/// A root and an intermediate authority, and their certificates in one folder.
pub(crate) struct Pki {
    folder: TempDir,
    intermediate: CertifiedIssuer<'static, KeyPair>,
}

impl Pki {
    /// Writes the root to `root.pem`.
    pub(crate) fn new() -> Self {
        let root = CertifiedIssuer::self_signed(authority("Test Root"), KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let intermediate = CertifiedIssuer::signed_by(authority("Test Intermediate"), key, &root).unwrap();
        let pki = Self { folder: tempfile::tempdir().unwrap(), intermediate };
        pki.write("root.pem", root.pem());
        pki
    }

    /// Issues a certificate valid for those days, counted from today: `NAME.pem`, with its chain `NAME.chain.pem`, and
    /// `NAME.key`.
    pub(crate) fn issue(&self, name: &str, hosts: &[&str], days: Range<i64>) {
        let mut params = params(hosts, days);
        params.distinguished_name.push(DnType::CommonName, name);
        let key = KeyPair::generate().unwrap();
        let own = params.signed_by(&key, &self.intermediate).unwrap().pem();
        self.write(&format!("{name}.chain.pem"), own.clone() + &self.intermediate.pem());
        self.write(&format!("{name}.pem"), own);
        self.write(&format!("{name}.key"), key.serialize_pem());
    }

    /// The same with an RSA key of 1024 bits, which the program `openssl` makes.
    pub(crate) fn issue_weak(&self, name: &str, hosts: &[&str]) {
        let key = format!("{name}.key");
        self.openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024", "-out", &key]);
        self.openssl(&["rsa", "-in", &key, "-RSAPublicKey_out", "-outform", "der", "-out", "weak.der"]);
        let mut params = params(hosts, -1..90);
        params.distinguished_name.push(DnType::CommonName, name);
        let own =
            params.signed_by(&RsaKey(fs::read(self.path("weak.der")).unwrap()), &self.intermediate).unwrap().pem();
        self.write(&format!("{name}.chain.pem"), own.clone() + &self.intermediate.pem());
        self.write(&format!("{name}.pem"), own);
    }

    /// Issues a certificate that expires after that time.
    pub(crate) fn issue_until(&self, name: &str, hosts: &[&str], end: Duration) {
        let mut params = params(hosts, -1..0);
        params.not_after = OffsetDateTime::now_utc() + end;
        let key = KeyPair::generate().unwrap();
        self.write(&format!("{name}.pem"), params.signed_by(&key, &self.intermediate).unwrap().pem());
        self.write(&format!("{name}.key"), key.serialize_pem());
    }

    /// A self-signed certificate: `NAME.pem` and `NAME.key`.
    pub(crate) fn self_signed(&self, name: &str, hosts: &[&str]) {
        let key = KeyPair::generate().unwrap();
        self.write(&format!("{name}.pem"), params(hosts, -1..90).self_signed(&key).unwrap().pem());
        self.write(&format!("{name}.key"), key.serialize_pem());
    }

    /// Exports certificates and the key of the first into a PKCS#12 file with [`PASSWORD`].
    pub(crate) fn pfx(&self, file: &str, certificates: &str, key: &str, flags: &[&str]) {
        let password = format!("pass:{PASSWORD}");
        let mut arguments = vec!["pkcs12", "-export", "-out", file, "-in", certificates, "-inkey", key];
        arguments.extend(["-passout", &password]);
        arguments.extend(flags);
        self.openssl(&arguments);
    }

    pub(crate) fn write(&self, file: &str, text: impl AsRef<[u8]>) {
        fs::write(self.path(file), text).unwrap();
    }

    /// Replaces a file atomically, as programs that renew certificates do.
    pub(crate) fn put(&self, file: &str, bytes: impl AsRef<[u8]>) {
        self.write("put.new", bytes);
        fs::rename(self.path("put.new"), self.path(file)).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    pub(crate) fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    pub(crate) fn text(&self, file: &str) -> String {
        self.path(file).to_str().unwrap().to_owned()
    }

    /// Runs `openssl` in the folder and returns its output.
    pub(crate) fn openssl(&self, arguments: &[&str]) -> String {
        let done = Command::new("openssl").args(arguments).current_dir(self.folder.path()).output();
        let done = done.expect("the program openssl, which makes the files of these tests");
        assert!(done.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap()
    }

    /// Runs the relay's program in the folder; `password` is set in its environment.
    pub(crate) fn run(&self, arguments: &[&str], password: Option<&str>) -> Run {
        let home = Home::new().unwrap();
        let mut command = program();
        home.set(&mut command);
        command.args(arguments).current_dir(self.folder.path()).env_remove("MANGO_RELAY_PFX_PASSWORD");
        command.envs(password.map(|password| ("MANGO_RELAY_PFX_PASSWORD", password))).stdin(Stdio::null());
        let done = command.output().unwrap();
        Run {
            code: done.status.code().unwrap(),
            stdout: String::from_utf8(done.stdout).unwrap(),
            stderr: String::from_utf8(done.stderr).unwrap(),
        }
    }

    /// The certificates that a server sends for that host. Only this root is trusted.
    pub(crate) fn presented(&self, address: SocketAddr, host: &str) -> Vec<CertificateDer<'static>> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.path("root.pem")).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let connection = ClientConnection::new(Arc::new(config), ServerName::try_from(host.to_owned()).unwrap());
        let mut stream = StreamOwned::new(connection.unwrap(), TcpStream::connect(address).unwrap());
        stream.write_all(b"GET / HTTP/1.1\r\nHost: relay.example\r\n\r\n").unwrap();
        stream.conn.peer_certificates().unwrap().to_vec()
    }
}

/// An existing public key in DER (RFC 8017, A.1.1).
struct RsaKey(Vec<u8>);

impl PublicKeyData for RsaKey {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

fn authority(name: &str) -> CertificateParams {
    let mut params = params(&[], -1..3650);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

fn params(hosts: &[&str], days: Range<i64>) -> CertificateParams {
    let hosts: Vec<String> = hosts.iter().map(|host| (*host).to_owned()).collect();
    let mut params = CertificateParams::new(hosts).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.not_before = OffsetDateTime::now_utc() + Duration::days(days.start);
    params.not_after = OffsetDateTime::now_utc() + Duration::days(days.end);
    params
}

/// `openssl s_server`, for configurations that the relay does not have. Dropping it ends the process.
pub(crate) struct OpensslServer {
    _process: Running,
    pub(crate) address: SocketAddr,
}

impl OpensslServer {
    /// Serves a certificate from the folder on a free port.
    pub(crate) fn start(pki: &Pki, name: &str, flags: &[&str]) -> Self {
        let mut child = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-www"])
            .args(["-cert", &format!("{name}.pem"), "-key", &format!("{name}.key")])
            .args(["-cert_chain", &format!("{name}.chain.pem")])
            .args(flags)
            .current_dir(pki.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program openssl");
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.find_map(|line| line.unwrap().strip_prefix("ACCEPT ")?.trim().parse().ok());
        // Further output is discarded; a closed pipe would end the program.
        std::thread::spawn(move || lines.for_each(drop));
        Self { _process: child.into(), address: address.expect("the address of openssl s_server") }
    }
}
