//! Hints for files given in place of a certificate or key.

use super::{Content, Keystore};

const UTF_16: &str = "this is text in UTF-16, as Windows' editor calls Unicode; save it as UTF-8";

const ARCHIVE: &str = "this is an archive (ZIP or the like), as authorities send; unpack it and give the file in it";

const JKS: &str = "this is a Java keystore (JKS), not PKCS#12; turn it into PKCS#12 with `keytool -importkeystore \
                   -srckeystore FILE -srcstoretype JKS -destkeystore site.p12 -deststoretype PKCS12` (keytool comes with \
                   Java) and give site.p12 with --pfx, or take the folder for IIS or Nginx of the authority's download";

const JCEKS: &str = "this is a Java keystore (JCEKS), not PKCS#12; turn it into PKCS#12 with `keytool -importkeystore \
                     -srckeystore FILE -srcstoretype JCEKS -destkeystore site.p12 -deststoretype PKCS12` (keytool comes \
                     with Java) and give site.p12 with --pfx";

const BOUNCY_CASTLE: &str = "this is a keystore of Bouncy Castle (BKS or UBER), not PKCS#12; turn it into PKCS#12 with \
                             `keytool -importkeystore -srckeystore FILE -srcstoretype BKS -provider \
                             org.bouncycastle.jce.provider.BouncyCastleProvider -providerpath bcprov.jar -destkeystore \
                             site.p12 -deststoretype PKCS12` and give site.p12 with --pfx";

impl Keystore {
    fn hint(self) -> &'static str {
        match self {
            Self::BouncyCastle => BOUNCY_CASTLE,
            Self::Jceks => JCEKS,
            Self::Jks => JKS,
        }
    }
}

impl Content {
    /// The content as the object of `holds` in a sentence.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Archive => "an archive",
            Self::Binary => "other bytes",
            Self::BinaryCertificate | Self::Certificate => "a certificate",
            Self::BinaryKey | Self::Key => "a private key",
            Self::BinaryPkcs7 | Self::Pkcs7 => "certificates in PKCS#7",
            Self::Empty => "nothing",
            Self::EncryptedKey => "an encrypted private key",
            Self::JavaKeystore(_) => "a Java keystore",
            Self::Other | Self::Utf16 => "a text",
            Self::Pkcs12 => "a PKCS#12 file",
            Self::PublicKey => "a public key",
            Self::Request => "a request for a certificate (CSR)",
            Self::WebPage => "a web page",
        }
    }

    /// The hint if it was given in place of a certificate in PEM.
    pub(crate) fn for_certificate(self) -> &'static str {
        match self {
            Self::Archive => ARCHIVE,
            Self::Binary => {
                "this is binary, not PEM; give a .pfx or .p12 file with --pfx, else copy or download the file again"
            }
            Self::BinaryCertificate => {
                "this is a certificate in binary (DER), not in PEM; turn it into PEM with `openssl x509 -inform der \
                 -in FILE -out cert.pem`"
            }
            Self::BinaryKey | Self::EncryptedKey | Self::Key => {
                "this is a private key, which goes with --key; give the certificate that the authority sent, in PEM (it \
                 begins with -----BEGIN CERTIFICATE-----)"
            }
            Self::BinaryPkcs7 => {
                "these are certificates in PKCS#7 (.p7b), not in PEM; turn them into PEM with `openssl pkcs7 -inform der \
                 -in FILE -print_certs -out cert.pem`"
            }
            Self::Certificate => "its certificate is in an unsupported format; copy or download the file again",
            Self::Empty => "the file is empty; copy or download it again",
            Self::JavaKeystore(keystore) => keystore.hint(),
            Self::Other => "no certificate in PEM (it begins with -----BEGIN CERTIFICATE-----)",
            Self::Pkcs12 => "this is a PKCS#12 file; give it with --pfx, in place of --cert and --key",
            Self::Pkcs7 => {
                "these are certificates in PKCS#7 (.p7b); turn them into PEM with `openssl pkcs7 -in FILE -print_certs \
                 -out cert.pem`"
            }
            Self::PublicKey => "this is a public key, not a certificate; give the certificate that the authority sent",
            Self::Request => {
                "this is a request for a certificate (CSR); send it to an authority, and give the certificate that comes \
                 back"
            }
            Self::Utf16 => UTF_16,
            Self::WebPage => {
                "this is a web page, not a certificate; download the file again, logged in at the authority"
            }
        }
    }

    /// The hint if it was given in place of roots in PEM. No other flag takes roots, so none is named.
    pub(crate) fn for_roots(self) -> &'static str {
        match self {
            Self::Binary => "this is binary, and --root takes certificates in PEM; copy or download the file again",
            Self::BinaryKey | Self::EncryptedKey | Self::Key => {
                "this is a private key, and --root takes certificates in PEM; give that of the root"
            }
            Self::JavaKeystore(_) => {
                "this is a Java keystore, and --root takes certificates in PEM; write those in it with `keytool -list -rfc \
                 -keystore FILE`"
            }
            Self::Pkcs12 => {
                "this is a PKCS#12 file, and --root takes certificates in PEM; write those in it with `openssl pkcs12 -in \
                 FILE -nokeys -out root.pem`"
            }
            Self::PublicKey => "this is a public key, and --root takes certificates in PEM; give that of the root",
            Self::Request => {
                "this is a request for a certificate (CSR), and --root takes certificates in PEM; give that of the root"
            }
            Self::Archive
            | Self::BinaryCertificate
            | Self::BinaryPkcs7
            | Self::Certificate
            | Self::Empty
            | Self::Other
            | Self::Pkcs7
            | Self::Utf16
            | Self::WebPage => self.for_certificate(),
        }
    }

    /// The hint if it was given in place of a private key in PEM.
    pub(crate) fn for_key(self) -> &'static str {
        match self {
            Self::Archive => ARCHIVE,
            Self::Binary => "this is binary, not PEM; give a .pfx or .p12 file with --pfx, else copy the file again",
            Self::BinaryKey => {
                "this is a private key in binary (DER), not in PEM; turn it into PEM with `openssl pkey -inform der -in \
                 FILE -out key.pem`"
            }
            Self::BinaryCertificate | Self::BinaryPkcs7 | Self::Certificate | Self::Pkcs7 => {
                "this is a certificate, which goes with --cert; give its private key, the file that was made together with \
                 the request for the certificate (often .key)"
            }
            Self::Empty => "the file is empty; copy the private key again",
            Self::EncryptedKey => {
                "the private key is encrypted; write it without its password with `openssl pkey -in FILE -out key.pem`, or \
                 give the .pfx file with --pfx"
            }
            Self::Key => {
                "its private key is damaged, or of an unsupported type (those of TLS begin with -----BEGIN PRIVATE \
                 KEY-----, BEGIN RSA PRIVATE KEY or BEGIN EC PRIVATE KEY); copy or export the file again"
            }
            Self::JavaKeystore(keystore) => keystore.hint(),
            Self::Other => {
                "no private key in PEM (it begins with -----BEGIN PRIVATE KEY-----, BEGIN RSA PRIVATE KEY or BEGIN EC \
                 PRIVATE KEY)"
            }
            Self::Pkcs12 => "this is a PKCS#12 file; give it with --pfx, in place of --cert and --key",
            Self::PublicKey => "this is a public key; give the private key that was made together with it (often .key)",
            Self::Request => {
                "this is a request for a certificate (CSR); give the private key that was made together with it (often .key)"
            }
            Self::Utf16 => UTF_16,
            Self::WebPage => "this is a web page, not a private key; give the key that was made with the request",
        }
    }

    /// The hint if it was given in place of a PKCS#12 file.
    pub(crate) fn for_pfx(self) -> &'static str {
        match self {
            Self::Archive => ARCHIVE,
            Self::Binary | Self::Pkcs12 => {
                "this is not a PKCS#12 file, or a damaged one; copy or export it again, as binary"
            }
            Self::BinaryCertificate => {
                "this is a certificate in binary (DER) without its private key; give it in PEM with --cert (`openssl x509 \
                 -inform der -in FILE -out cert.pem`) and its key with --key"
            }
            Self::BinaryKey => {
                "this is a private key in binary (DER) without its certificate; give it in PEM with --key (`openssl pkey \
                 -inform der -in FILE -out key.pem`) and the certificate with --cert"
            }
            Self::BinaryPkcs7 | Self::Pkcs7 => {
                "these are certificates in PKCS#7 (.p7b) without a private key; give them in PEM with --cert (`openssl \
                 pkcs7 -in FILE -print_certs -out cert.pem`, with `-inform der` if that fails) and the key with --key"
            }
            Self::Certificate | Self::EncryptedKey | Self::Key => {
                "this is PEM, not PKCS#12: nothing has to be converted, `mango-relay serve` takes it with --cert and its \
                 key with --key"
            }
            Self::Empty => "the file is empty; copy or download it again",
            Self::JavaKeystore(keystore) => keystore.hint(),
            Self::Other => "this is text, not PKCS#12 (binary, or its base64); copy or export the file again",
            Self::PublicKey => {
                "this is a public key; give the .pfx or .p12 file with the certificate and its private key"
            }
            Self::Request => {
                "this is a request for a certificate (CSR); send it to an authority, and give the certificate that comes \
                 back with --cert and its key with --key"
            }
            Self::Utf16 => UTF_16,
            Self::WebPage => "this is a web page, not PKCS#12; download the file again, logged in at the authority",
        }
    }
}
