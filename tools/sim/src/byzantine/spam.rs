use super::{Behaviour, Reply, Scene};
use fedcoin_node::peers::PeerAddress;
use fedcoin_node::primitives::TxId;
use fedcoin_node::wire::Message;

/// Sends addresses where nobody listens, requested or not, announces payments that do not exist, and pings endlessly.
#[derive(Default)]
pub(crate) struct Spam {
    turns: usize,
}

/// Number of payment ids in an announcement. Sometimes it has the maximum length.
const IDS: usize = 100;
const MANY_IDS: usize = 5_000;

impl Behaviour for Spam {
    fn name(&self) -> &'static str {
        "spam"
    }

    fn answer(&mut self, message: &Message, scene: &mut Scene<'_>) -> Option<Reply> {
        match message {
            Message::GetAddresses => Some(Reply::to_sender(addresses(scene))),
            Message::GetPayments(_) => Some(Reply::nothing()),
            _ => None,
        }
    }

    fn mischief(&mut self, scene: &mut Scene<'_>) -> Reply {
        self.turns += 1;
        match self.turns % 30 {
            0 => Reply { to_sender: Vec::new(), to_all: (0..40).map(Message::Ping).collect() },
            10 => Reply::to_all(addresses(scene)),
            20 => Reply::to_all(payments(scene, MANY_IDS)),
            n if n % 3 == 1 => Reply::to_all(payments(scene, IDS)),
            _ => Reply::nothing(),
        }
    }
}

fn addresses(scene: &mut Scene<'_>) -> Message {
    let mut address = || -> Option<PeerAddress> {
        let [a, b, c] = core::array::from_fn(|_| scene.rng.u8(..));
        format!("172.{a}.{b}.{c}:{}", scene.rng.u16(1..)).parse().ok()
    };
    Message::Addresses((0..100).filter_map(|_| address()).collect())
}

fn payments(scene: &mut Scene<'_>, count: usize) -> Message {
    Message::Inv((0..count).map(|_| TxId(core::array::from_fn(|_| scene.rng.u8(..)))).collect())
}
