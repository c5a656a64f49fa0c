//! Hostile photos.

#![no_main]

libfuzzer_sys::fuzz_target!(|bytes| {
    mango_fuzz::photo(bytes);
});
