"""Writes PKCS#12 files that openssl cannot write: by RFC 7292 and 8018 alone, with the ciphers of `cryptography`."""
import hashlib, hmac, os, subprocess, sys
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import padding, serialization
from cryptography.hazmat.primitives.serialization import pkcs12

OUT = sys.argv[1]; SRC = sys.argv[2]
def tlv(tag, value):
    n = len(value)
    if n < 128: return bytes([tag, n]) + value
    l = n.to_bytes((n.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(l)]) + l + value
seq = lambda *xs: tlv(0x30, b"".join(xs))
oct_ = lambda b: tlv(4, b)
def integer(n):
    b = n.to_bytes(n.bit_length() // 8 + 1, "big"); return tlv(2, b)
def oid(text):
    a = [int(x) for x in text.split(".")]; out = bytes([a[0] * 40 + a[1]])
    for n in a[2:]:
        part = [n & 127]; n >>= 7
        while n: part.append(128 | n & 127); n >>= 7
        out += bytes(reversed(part))
    return tlv(6, out)
ctx = lambda n, b: tlv(0xA0 | n, b)
NULL = b"\x05\x00"
def bmp(s): return s.encode("utf-16-be") + b"\0\0"
def kdf12(h, pw, salt, ident, it, n):
    v = hashlib.new(h).block_size; u = hashlib.new(h).digest_size
    fill = lambda b: (b * (v * -(-len(b) // v) // len(b) + 1))[: v * -(-len(b) // v)] if b else b""
    D = bytes([ident]) * v; I = fill(salt) + fill(pw); out = b""
    while len(out) < n:
        A = hashlib.new(h, D + I).digest()
        for _ in range(it - 1): A = hashlib.new(h, A).digest()
        out += A
        B = int.from_bytes(fill_to(A, v), "big") + 1
        I = b"".join(((int.from_bytes(I[j:j + v], "big") + B) % (1 << 8 * v)).to_bytes(v, "big") for j in range(0, len(I), v))
    return out[:n]
def fill_to(b, v): return (b * (v // len(b) + 1))[:v]
def cbc(alg, iv, data):
    p = padding.PKCS7(alg.block_size).padder(); d = p.update(data) + p.finalize()
    e = Cipher(alg, modes.CBC(iv)).encryptor(); return e.update(d) + e.finalize()
def pbes1_3des(pw, it=2000):
    salt = os.urandom(8)
    def enc(data):
        return cbc(TripleDES(kdf12("sha1", pw, salt, 1, it, 24)), kdf12("sha1", pw, salt, 2, it, 8), data)
    return seq(oid("1.2.840.113549.1.12.1.3"), seq(oct_(salt), integer(it))), enc
PRF = {"sha1": "1.2.840.113549.2.7", "sha512": "1.2.840.113549.2.11", "sha256": "1.2.840.113549.2.9"}
def pbes2(pw, h, saltlen, it=2048, keylen=False, scrypt=False):
    salt, iv = os.urandom(saltlen), os.urandom(16)
    if scrypt:
        key = hashlib.scrypt(pw, salt=salt, n=1024, r=8, p=1, dklen=32)
        k = seq(oid("1.3.6.1.4.1.11591.4.11"), seq(oct_(salt), integer(1024), integer(8), integer(1)))
    else:
        key = hashlib.pbkdf2_hmac(h, pw, salt, it, 32)
        parts = [oct_(salt), integer(it)] + ([integer(32)] if keylen else []) + ([seq(oid(PRF[h]), NULL)] if h != "sha1" else [])
        k = seq(oid("1.2.840.113549.1.5.12"), seq(*parts))
    a = seq(oid("1.2.840.113549.1.5.13"), seq(k, seq(oid("2.16.840.1.101.3.4.1.42"), oct_(iv))))
    return a, lambda d: cbc(algorithms.AES(key), iv, d)
def other_scheme(number):
    salt = os.urandom(8)
    return seq(oid(number), seq(oct_(salt), integer(2048))), lambda d: d + b"\0" * (8 - len(d) % 8)
def file(name, scheme_cert, scheme_key, macpw, mac="sha1", macoid="1.3.14.3.2.26", it=2000, content_pw=None, nested=False):
    key, cert, more = pkcs12.load_key_and_certificates(open(SRC, "rb").read(), b"mango")
    der = serialization.Encoding.DER
    pk8 = key.private_bytes(der, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    bag = lambda c: seq(oid("1.2.840.113549.1.12.10.1.3"), ctx(0, seq(oid("1.2.840.113549.1.9.22.1"), ctx(0, oct_(c.public_bytes(der))))))
    certs = seq(*[bag(c) for c in [cert] + more])
    if nested: certs = seq(seq(oid("1.2.840.113549.1.12.10.1.6"), ctx(0, certs)))
    ac, ec = scheme_cert; ak, ek = scheme_key
    # Attributes not in DER order, as some programs write them.
    attrs = tlv(0x31, seq(oid("1.2.840.113549.1.9.21"), tlv(0x31, oct_(b"\x01"))) + seq(oid("1.2.840.113549.1.9.20"), tlv(0x31, tlv(0x1E, "a".encode("utf-16-be")))))
    keys = seq(seq(oid("1.2.840.113549.1.12.10.1.2"), ctx(0, seq(ak, oct_(ek(pk8)))), attrs))
    enc = seq(oid("1.2.840.113549.1.7.6"), ctx(0, seq(integer(0), seq(oid("1.2.840.113549.1.7.1"), ac, tlv(0x80, ec(certs))))))
    safe = seq(enc, seq(oid("1.2.840.113549.1.7.1"), ctx(0, oct_(keys))))
    parts = [integer(3), seq(oid("1.2.840.113549.1.7.1"), ctx(0, oct_(safe)))]
    if mac:
        salt = os.urandom(8)
        k = kdf12(mac, macpw, salt, 3, it, hashlib.new(mac).digest_size)
        parts.append(seq(seq(seq(oid(macoid), NULL), oct_(hmac.new(k, safe, mac).digest())), oct_(salt), integer(it)))
    open(os.path.join(OUT, name), "wb").write(seq(*parts))
m = b"mango"
file("dotnet-null.pfx", pbes1_3des(b""), pbes1_3des(b""), b"")
file("old-firefox.pfx", pbes2(bmp("mango"), "sha256", 16, keylen=True), pbes2(bmp("mango"), "sha256", 16, keylen=True), bmp("mango"))
file("bouncy-castle.pfx", pbes2(m, "sha512", 64), pbes2(m, "sha512", 64), bmp("mango"), mac="sha512", macoid="2.16.840.1.101.3.4.2.3")
file("scrypt-nested.pfx", pbes2(m, "sha256", 8, scrypt=True), pbes2(m, "sha256", 8, scrypt=True), bmp("mango"), nested=True)
file("unknown-mac.pfx", pbes2(m, "sha1", 8), pbes2(m, "sha1", 8), bmp("mango"), macoid="1.2.840.113549.1.5.14")
grun = "芒果🥭"
latin = b"".join(bytes([0, b]) for b in grun.encode()) + b"\0\0"
file("openssl-1.0-chinese.pfx", pbes1_3des(latin), pbes1_3des(latin), latin)
file("camellia.pfx", other_scheme("1.2.392.200011.61.1.1.1.4"), pbes2(m, "sha256", 8), bmp("mango"))
file("rc4.pfx", other_scheme("1.2.840.113549.1.12.1.1"), other_scheme("1.2.840.113549.1.12.1.1"), bmp("mango"))
file("other-key-password.pfx", pbes2(m, "sha256", 8), pbes2(b"guava", "sha256", 8), bmp("mango"))
