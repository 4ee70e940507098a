//! Peers that do not respond in time are disconnected. All cases wait at the same time.

use super::fixture::{Fixture, request_for};
use crate::common::blocks::chain_on;
use crate::common::peer::{Peer, hello};
use fedcoin_node::units::Work;
use fedcoin_node::wire::{Goodbye, Hello, MAX_HEADERS, Message};
use std::thread;
use std::time::Duration;

#[test]
fn each_timeout_ends_with_its_goodbye() {
    let scenes = [Fixture::new(), Fixture::new(), Fixture::new(), Fixture::new()];
    let [calm, claimed, owed, slow] = &scenes;
    thread::scope(|threads| {
        threads.spawn(|| {
            // It sends nothing, and gets no events.
            let mut mute = Peer::connect(calm.node.port);
            calm.submit(&chain_on(&calm.params, &calm.genesis(), 1));
            assert_eq!(calm.node.submit(&calm.payments(1)[0]).0, 201);
            assert!(matches!(mute.receive(), Some(Message::Hello(_))));
            assert_eq!(mute.receive(), Some(Message::Goodbye(Goodbye::HandshakeTimeout)));
            assert_eq!(mute.receive(), None);
        });
        threads.spawn(|| {
            // It gets a ping and does not answer until the node disconnects.
            let mut silent = calm.peer();
            silent.wait_for("a ping", |message| matches!(message, Message::Ping(_)).then_some(()));
            assert_eq!(silent.goodbye(), Goodbye::Unresponsive);
        });
        threads.spawn(|| {
            let mut answering = calm.peer();
            for _ in 0..2 {
                let nonce = answering.wait_for("a ping", |message| match message {
                    Message::Ping(nonce) => Some(nonce),
                    _ => None,
                });
                answering.send(&Message::Pong(nonce));
            }
            assert!(answering.is_alive());
        });
        threads.spawn(|| {
            // It claims a better chain and never sends its headers.
            let work: Work = claimed.genesis().header.target.expand().unwrap().work();
            let mut boasting = Peer::greet_as(claimed.node.port, boast(claimed, work));
            boasting.wait_for("a question", |m| matches!(m, Message::GetHeaders { .. }).then_some(()));
            // Another answers, so that the node's own link is not to blame.
            let mut answering = Peer::greet_as(claimed.node.port, boast(claimed, work));
            answering.wait_for("a question", |m| matches!(m, Message::GetHeaders { .. }).then_some(()));
            answering.send(&Message::Headers(vec![]));
            assert_eq!(alive_until_goodbye(boasting), Goodbye::Stalled);
        });
        threads.spawn(|| {
            // It alone has announced a block, and never sends it.
            let block = chain_on(&owed.params, &owed.genesis(), 1).remove(0);
            let mut withholder = owed.peer();
            withholder.send(&Message::Headers(vec![block.header]));
            request_for(&mut withholder, block.id());
            assert_eq!(alive_until_goodbye(withholder), Goodbye::Stalled);
        });
        threads.spawn(|| {
            // The largest answer at 4 kB a second takes three quarters of a minute: longer than an answer may take that
            // shows no progress, while another peer answers at once.
            let chain = chain_on(&slow.params, &slow.genesis(), MAX_HEADERS);
            let (last, work) = (chain[MAX_HEADERS - 1].id(), slow.genesis().header.target.expand().unwrap().work());
            let mut honest = Peer::greet_as(slow.node.port, Hello { tip: last, work, ..hello(slow.network) });
            honest.wait_for("a question", |m| matches!(m, Message::GetHeaders { .. }).then_some(()));
            let mut fast = Peer::greet_as(slow.node.port, boast(slow, work));
            fast.wait_for("a question", |m| matches!(m, Message::GetHeaders { .. }).then_some(()));
            fast.send(&Message::Headers(vec![]));
            let headers = Message::Headers(chain.iter().map(|block| block.header).collect());
            for part in frame(&headers.encode()).chunks(1000) {
                honest.send_unframed(part).unwrap();
                thread::sleep(Duration::from_millis(250));
            }
            request_for(&mut honest, chain[0].id());
        });
    });
}

/// A WebSocket frame of a client.
fn frame(message: &[u8]) -> Vec<u8> {
    [&[0x82, 0xff], &(message.len() as u64).to_be_bytes()[..], &[0; 4], message].concat()
}

fn boast(fixture: &Fixture, work: Work) -> Hello {
    let mut boast = Hello { work, ..hello(fixture.network) };
    boast.tip.0[0] ^= 1;
    boast
}

/// Answers pings and sends irrelevant messages, so that only the overdue answer counts.
fn alive_until_goodbye(mut peer: Peer) -> Goodbye {
    loop {
        match peer.receive() {
            Some(Message::Goodbye(reason)) => return reason,
            Some(Message::Ping(nonce)) => peer.send(&Message::Pong(nonce)),
            Some(_) => {}
            None => panic!("closed without a goodbye"),
        }
    }
}
