#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| fedcoin_oracle::target::signature(bytes));
