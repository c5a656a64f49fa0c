//! The ciphers of PKCS#12 files, in CBC mode.

use aes::{Aes128, Aes192, Aes256};
use cbc::Decryptor;
use cbc::cipher::block_padding::Pkcs7;
use cbc::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use des::{TdesEde2, TdesEde3};
use rc2::Rc2;

/// A cipher, with the length of its key if several are possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes128,
    Aes192,
    Aes256,
    /// RC2 with a 40-bit key.
    Rc2To40,
    /// RC2 with a 128-bit key.
    Rc2To128,
    /// 3DES with two keys.
    Des2,
    /// 3DES with three keys.
    Des3,
}

impl Cipher {
    /// Length of the key, bytes.
    pub(super) fn key(self) -> usize {
        match self {
            Self::Aes128 | Self::Des2 | Self::Rc2To128 => 16,
            Self::Aes192 | Self::Des3 => 24,
            Self::Aes256 => 32,
            Self::Rc2To40 => 5,
        }
    }

    /// Length of a block and of the initialisation vector, bytes.
    pub(super) fn block(self) -> usize {
        match self {
            Self::Aes128 | Self::Aes192 | Self::Aes256 => 16,
            Self::Des2 | Self::Des3 | Self::Rc2To40 | Self::Rc2To128 => 8,
        }
    }

    /// Decrypts data; none if key or vector have a wrong length, or the padding is invalid.
    pub(super) fn decrypt(self, key: &[u8], vector: &[u8], data: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Aes128 => chained::<Aes128>(key, vector, data),
            Self::Aes192 => chained::<Aes192>(key, vector, data),
            Self::Aes256 => chained::<Aes256>(key, vector, data),
            Self::Des2 => chained::<TdesEde2>(key, vector, data),
            Self::Des3 => chained::<TdesEde3>(key, vector, data),
            Self::Rc2To40 | Self::Rc2To128 => chained::<Rc2>(key, vector, data),
        }
    }
}

fn chained<C: BlockCipherDecrypt + KeyInit>(key: &[u8], vector: &[u8], data: &[u8]) -> Option<Vec<u8>> {
    Decryptor::<C>::new_from_slices(key, vector).ok()?.decrypt_padded_vec::<Pkcs7>(data).ok()
}
