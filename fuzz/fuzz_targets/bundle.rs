//! Hostile model bundles.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes| {
    mango_fuzz::bundle(bytes);
});
