//! Hostile uploads.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes| {
    mango_fuzz::upload(bytes);
});
