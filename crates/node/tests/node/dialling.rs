//! How often an address is dialled at which nobody is.

use crate::driver;
use fedcoin_node::{Command, Input, PeerAddress};

#[test]
fn an_address_heard_of_is_tried_ever_more_rarely_and_then_forgotten() {
    let (mut node, ..) = driver();
    let address: PeerAddress = "ws://9.9.9.9:5000/ws".parse().unwrap();
    let tell = |node: &mut crate::harness::Driver| {
        node.give(Input::Command(Command::HearAddresses { addresses: vec![address.clone()] }));
    };
    tell(&mut node);
    let (mut tries, mut longest, mut since) = (0, 0, node.now.monotonic);
    // A day, a second at a time.
    for _ in 0..86_400 {
        if let Some(dialled) = node.dials.pop() {
            assert_eq!(dialled, address);
            tries += 1;
            longest = longest.max(node.now.monotonic.since(since).as_secs());
            since = node.now.monotonic;
            node.give(Input::ConnectFailed { address: address.clone(), error: "refused".into() });
        }
        node.pass(1_000);
    }
    // Ten failures, and the one after which it is forgotten; the last pause was 512 s, a quarter more or less.
    assert_eq!(tries, 11);
    assert!((384..=641).contains(&longest), "{longest} s");
    // Told of again, it is tried again: nobody is forgotten for good.
    tell(&mut node);
    assert_eq!(node.dials, [address]);
}
