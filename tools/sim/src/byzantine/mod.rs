//! Hosts that break the protocol. They run no node, only an attacker's reactions to messages. They know more than a
//! real attacker: the tip of the best chain, at once.

mod actor;
mod behaviour;
mod invalid_blocks;
mod mutated_bodies;
mod relayed;
mod spam;
mod stalled_answers;
mod withheld_blocks;

pub(crate) use actor::Actor;
pub(crate) use behaviour::{Behaviour, Reply, Scene};
pub(crate) use invalid_blocks::InvalidBlocks;
pub(crate) use mutated_bodies::MutatedBodies;
pub(crate) use relayed::Relayed;
pub(crate) use spam::Spam;
pub(crate) use stalled_answers::StalledAnswers;
pub(crate) use withheld_blocks::WithheldBlocks;

/// The behaviours, in turn: the first byzantine host has the first one.
pub(crate) fn behaviour(n: usize) -> Box<dyn Behaviour> {
    match n % 5 {
        0 => Box::new(InvalidBlocks::default()),
        1 => Box::new(WithheldBlocks::default()),
        2 => Box::new(StalledAnswers::default()),
        3 => Box::new(Spam::default()),
        _ => Box::new(MutatedBodies::default()),
    }
}
