use fedcoin_node::primitives::{Address, PrivateKey};
use std::path::{Path, PathBuf};

/// The course's private keys.
pub const GENESIS: &str = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042012bbcc17335fa7345f7be65b01a5d6dca706d8f2ba99691f314697f288d678c0a144034200043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e";
pub const A: &str = "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042075189dae1d094c49143d0773fd8860bab4d012112e3da1e9628bd9c0f4d50befa14403420004a557c098f9fd58388690eb4633bc81f2a4e2ae341f2b81dbaef27f8aef686fb793632412ad7d557d8f5d57077d59b9491997cbf4480dabf980f675a29a3ce370";

/// The course's public keys.
pub const PUBLIC_GENESIS: &str = "3059301306072a8648ce3d020106082a8648ce3d030107034200043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e";
pub const PUBLIC_A: &str = "3059301306072a8648ce3d020106082a8648ce3d03010703420004a557c098f9fd58388690eb4633bc81f2a4e2ae341f2b81dbaef27f8aef686fb793632412ad7d557d8f5d57077d59b9491997cbf4480dabf980f675a29a3ce370";
/// Wallet B; the course has no private key for it.
pub const PUBLIC_B: &str = "3059301306072a8648ce3d020106082a8648ce3d03010703420004d4eb72cc94978f09f96d981214b10da0d06c75797acada7dd844ace222026330e7817f0cb6088ed7000f916e01ba3497c696177b72a1ddfbbbd1db6914410389";

pub fn private(hex: &str) -> PrivateKey {
    PrivateKey::from_hex(hex).unwrap()
}

pub fn address(private_hex: &str) -> Address {
    private(private_hex).public_key().address()
}

/// Writes a file and returns its path.
pub fn file(dir: &Path, name: &str, content: &str) -> PathBuf {
    let path = dir.join(name);
    std::fs::write(&path, content).unwrap();
    path
}
