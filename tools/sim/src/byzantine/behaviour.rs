use crate::archive::Archive;
use fastrand::Rng;
use fedcoin_node::Node;
use fedcoin_node::peers::PeerAddress;
use fedcoin_node::primitives::{Block, PrivateKey};
use fedcoin_node::wire::{Hello, Message};

/// How a byzantine host reacts to messages. Without a reaction of its own, it gives the honest answer.
pub(crate) trait Behaviour {
    /// Name for statistics.
    fn name(&self) -> &'static str;

    fn introduce(&mut self, _hello: &mut Hello, _scene: &mut Scene<'_>) {}

    /// Its reaction to a message, or `None` for the honest answer.
    fn answer(&mut self, message: &Message, scene: &mut Scene<'_>) -> Option<Reply>;

    /// Its action every few seconds.
    fn mischief(&mut self, _scene: &mut Scene<'_>) -> Reply {
        Reply::default()
    }

    /// Whether it mines blocks.
    fn mines(&self) -> bool {
        false
    }

    /// Changes a valid block before its work is done. Returns whether the block is now invalid.
    fn forge(&mut self, _block: &mut Block, _scene: &mut Scene<'_>) -> bool {
        false
    }
}

/// The data that a behaviour can see.
pub(crate) struct Scene<'a> {
    /// A node with the best tip.
    pub(crate) leader: &'a Node,
    pub(crate) archive: &'a Archive,
    pub(crate) rng: &'a mut Rng,
    pub(crate) key: &'a PrivateKey,
    /// Addresses of honest hosts.
    pub(crate) addresses: &'a [PeerAddress],
}

/// A reaction.
#[derive(Default)]
pub(crate) struct Reply {
    /// To the peer whose message it answers.
    pub(crate) to_sender: Vec<Message>,
    /// To all peers.
    pub(crate) to_all: Vec<Message>,
}

impl Reply {
    pub(crate) fn nothing() -> Self {
        Self::default()
    }

    pub(crate) fn to_sender(message: Message) -> Self {
        Self { to_sender: vec![message], to_all: Vec::new() }
    }

    pub(crate) fn to_all(message: Message) -> Self {
        Self { to_sender: Vec::new(), to_all: vec![message] }
    }
}

impl Scene<'_> {
    /// The answer of an honest node.
    pub(crate) fn honest_answer(&self, message: &Message) -> Reply {
        let chain = self.leader.chain();
        let answers = match message {
            Message::GetHeaders { locator } => vec![Message::Headers(chain.headers_after(locator, 2_000))],
            Message::GetBlocks(ids) => {
                let (here, missing): (Vec<_>, Vec<_>) = ids.iter().partition(|id| self.archive.block(id).is_some());
                let blocks = here.iter().filter_map(|id| self.archive.block(id));
                let mut answers: Vec<_> = blocks.map(|block| Message::Block(Box::new(Block::clone(block)))).collect();
                if !missing.is_empty() {
                    answers.push(Message::NotFound { blocks: missing, payments: Vec::new() });
                }
                answers
            }
            Message::GetPayments(ids) => vec![Message::NotFound { blocks: Vec::new(), payments: ids.clone() }],
            Message::GetAddresses => vec![Message::Addresses(self.addresses.iter().take(100).cloned().collect())],
            Message::Ping(nonce) => vec![Message::Pong(*nonce)],
            _ => Vec::new(),
        };
        Reply { to_sender: answers, to_all: Vec::new() }
    }
}
