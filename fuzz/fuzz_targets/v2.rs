//! Hostile inference requests.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes| {
    mango_fuzz::v2(bytes);
});
