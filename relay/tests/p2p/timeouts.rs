//! Peers that do not respond in time are disconnected. All cases wait at the same time.

use super::fixture::{Fixture, asked_for};
use crate::common::blocks::chain_on;
use crate::common::peer::{Peer, hello};
use fedcoin_node::units::Work;
use fedcoin_node::wire::{Goodbye, Hello, Message};
use std::thread;

#[test]
fn each_timeout_ends_with_its_goodbye() {
    let scenes = [Fixture::new(), Fixture::new(), Fixture::new()];
    let [calm, claimed, owed] = &scenes;
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
            assert_eq!(alive_until_goodbye(boasting), Goodbye::Stalled);
        });
        threads.spawn(|| {
            // It alone has announced a block, and never sends it.
            let block = chain_on(&owed.params, &owed.genesis(), 1).remove(0);
            let mut withholder = owed.peer();
            withholder.send(&Message::Headers(vec![block.header]));
            asked_for(&mut withholder, block.id());
            assert_eq!(alive_until_goodbye(withholder), Goodbye::Stalled);
        });
    });
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
