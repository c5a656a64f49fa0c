//! Hostile PKCS#12 files.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes| {
    mango_fuzz::pkcs12(bytes);
});
