use super::{Behaviour, Relayed, Reply, Scene};
use fedcoin_node::primitives::{BlockId, TxId};
use fedcoin_node::wire::{Hello, Message};

/// Claims the longest chain and delivers nothing: it ignores requests, or answers `NotFound`. It announces payments
/// as soon as it learns of them, so that nodes request them from it first.
#[derive(Default)]
pub(crate) struct StalledAnswers {
    relayed: Relayed<TxId>,
}

impl Behaviour for StalledAnswers {
    fn name(&self) -> &'static str {
        "stalled answers"
    }

    fn introduce(&mut self, hello: &mut Hello, scene: &mut Scene<'_>) {
        hello.work = hello.work + hello.work;
        hello.tip = BlockId(core::array::from_fn(|_| scene.rng.u8(..)));
    }

    fn answer(&mut self, message: &Message, scene: &mut Scene<'_>) -> Option<Reply> {
        match message {
            Message::Inv(ids) => Some(self.relayed.relay(message, ids.last().copied())),
            Message::GetBlocks(ids) if scene.rng.bool() => {
                Some(Reply::to_sender(Message::NotFound { blocks: ids.clone(), payments: Vec::new() }))
            }
            Message::GetHeaders { .. } | Message::GetBlocks(_) | Message::GetPayments(_) => Some(Reply::nothing()),
            _ => None,
        }
    }
}
