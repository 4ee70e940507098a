//! Rules W1 to W7.

use crate::common::params;
use crate::solved_header;
use fedcoin_node::primitives::TxId;
use fedcoin_node::units::{Height, Timestamp};
use fedcoin_node::wire::{
    MAX_ADDRESSES, MAX_BLOCKS_REQUESTED, MAX_HEADERS, MAX_INV, MAX_LOCATOR, MAX_PAYMENTS_REQUESTED, Message, WireError,
};

pub(crate) fn w1() -> Vec<WireError> {
    let error = |frame: &[u8]| Message::decode(frame).unwrap_err();
    vec![error(&[]), error(&[19]), error(&[11; 10]), error(&[11; 8])]
}

pub(crate) fn too_many() -> Vec<WireError> {
    let genesis = params().genesis_block();
    let hello = |user_agent: String| {
        Message::Hello(fedcoin_node::wire::Hello {
            version: 1,
            network: params().network_id(),
            nonce: 1,
            tip: genesis.id(),
            height: Height(0),
            work: fedcoin_node::units::Work::ZERO,
            time: Timestamp(0),
            user_agent,
            listen: None,
        })
    };
    let url: fedcoin_node::PeerAddress = "ws://127.0.0.1:5000/ws".parse().unwrap();
    let messages = [
        hello("x".repeat(129)),
        Message::NotFound { blocks: vec![genesis.id(); 501], payments: vec![] },
        Message::Addresses(vec![url; MAX_ADDRESSES + 1]),
    ];
    messages.iter().map(|message| Message::decode(&message.encode()).unwrap_err()).collect()
}

#[test]
fn lists_above_their_maximum_are_refused() {
    let ids = vec![params().network_id().into(); MAX_LOCATOR.max(MAX_BLOCKS_REQUESTED) + 1];
    let txids = vec![TxId([1; 32]); MAX_INV + 1];
    let of = |n: usize| vec![solved_header(); n];
    for (largest, longer) in [
        (Message::GetHeaders { locator: ids[..MAX_LOCATOR].to_vec() }, Message::GetHeaders { locator: ids.clone() }),
        (Message::Headers(of(MAX_HEADERS)), Message::Headers(of(MAX_HEADERS + 1))),
        (Message::Inv(txids[1..].to_vec()), Message::Inv(txids.clone())),
        (
            Message::GetPayments(txids[..MAX_PAYMENTS_REQUESTED].to_vec()),
            Message::GetPayments(txids[..=MAX_PAYMENTS_REQUESTED].to_vec()),
        ),
        (
            Message::GetBlocks(ids[..MAX_BLOCKS_REQUESTED].to_vec()),
            Message::GetBlocks(ids[..=MAX_BLOCKS_REQUESTED].to_vec()),
        ),
    ] {
        assert_eq!(Message::decode(&largest.encode()).as_ref(), Ok(&largest), "{}", largest.name());
        let error = Message::decode(&longer.encode()).unwrap_err();
        assert!(matches!(error, WireError::FrameTooLarge { .. }), "{}: {error}", longer.name());
    }
}
