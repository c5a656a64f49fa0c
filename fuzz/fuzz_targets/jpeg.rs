//! Hostile JPEG files.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes| {
    mango_fuzz::jpeg(bytes);
});
