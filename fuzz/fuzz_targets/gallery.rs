//! Hostile gallery files.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes| {
    mango_fuzz::gallery(bytes);
});
