//! Encodings of passwords.

/// The encodings of a password that programs use, the standard one first for each purpose.
#[derive(Clone)]
pub(super) struct Passwords {
    /// For the key derivation of PKCS#12.
    pub(super) pkcs12: Vec<Vec<u8>>,
    /// For PBKDF2 and scrypt.
    pub(super) pkcs5: Vec<Vec<u8>>,
}

impl Passwords {
    pub(super) fn of(password: &str) -> Self {
        // RFC 7292, B.1: big-endian UTF-16 with two zero bytes at the end. A character outside the first plane, such as
        // an emoji, is a surrogate pair.
        let standard = terminated(password.encode_utf16());
        let mut pkcs12 = vec![standard.clone()];
        if password.is_empty() {
            // .NET's null password has not even the zero bytes, unlike its empty password.
            pkcs12.push(Vec::new());
        }
        if !password.is_ascii() {
            // OpenSSL 1.0 encoded each UTF-8 byte as a character.
            pkcs12.push(terminated(password.bytes().map(u16::from)));
        }
        // Firefox up to version 54 (NSS 3.30) used UTF-16 here too.
        let pkcs5 = vec![password.as_bytes().to_vec(), standard];
        Self { pkcs12, pkcs5 }
    }

    /// Moves the encoding that was right to the front.
    pub(super) fn preferring(mut self, index: usize) -> Self {
        if index < self.pkcs12.len() {
            self.pkcs12.swap(0, index);
        }
        self
    }
}

fn terminated(units: impl Iterator<Item = u16>) -> Vec<u8> {
    units.chain([0]).flat_map(u16::to_be_bytes).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_encoding_comes_first() {
        let mango = Passwords::of("a🥭");
        assert_eq!(mango.pkcs12[0], [0, b'a', 0xD8, 0x3E, 0xDD, 0x6D, 0, 0]);
        assert_eq!(mango.pkcs12[1], [0, b'a', 0, 0xF0, 0, 0x9F, 0, 0xA5, 0, 0xAD, 0, 0]);
        assert_eq!(mango.pkcs5[0], "a🥭".as_bytes());
        assert_eq!(mango.clone().preferring(1).pkcs12[1], mango.pkcs12[0]);
        assert_eq!(Passwords::of("a").pkcs12, [[0, b'a', 0, 0]]);
        assert_eq!(Passwords::of("").pkcs12, [vec![0, 0], vec![]]);
    }
}
