//! The frequency of dials to an address where no node answers.

use crate::driver;
use fedcoin_node::wire::Message;
use fedcoin_node::{ConnectionError, Input, PeerAddress};

#[test]
fn a_dead_address_is_dialled_ever_more_rarely_and_then_forgotten() {
    let (mut node, ..) = driver();
    let address: PeerAddress = "ws://9.9.9.9:5000/ws".parse().unwrap();
    let announce = |node: &mut crate::harness::Driver, by: u64| {
        let peer = node.ready_outbound(by);
        node.receive(peer, &Message::Addresses(vec![address.clone()]));
    };
    announce(&mut node, 1);
    let (mut tries, mut longest, mut since) = (0, 0, node.now.monotonic);
    // A day, in steps of a second.
    for _ in 0..86_400 {
        if let Some(dialled) = node.dials.pop() {
            assert_eq!(dialled, address);
            tries += 1;
            longest = longest.max(node.now.monotonic.since(since).as_secs());
            since = node.now.monotonic;
            node.give(Input::ConnectFailed {
                address: address.clone(),
                error: ConnectionError::System("refused".into()),
            });
        }
        node.pass(1_000);
    }
    // Ten failures, and the one after which it is forgotten. The last pause was 512 s, plus or minus a quarter.
    assert_eq!(tries, 11);
    assert!((384..=641).contains(&longest), "{longest} s");
    // When announced again, it is dialled again: no address is forgotten for good.
    announce(&mut node, 2);
    assert_eq!(node.dials, [address]);
}
