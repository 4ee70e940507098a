use super::{Behaviour, Relayed, Reply, Scene};
use fedcoin_node::primitives::{BlockId, Header};
use fedcoin_node::wire::Message;

/// Announces headers, its own and those of others, and delivers no blocks.
#[derive(Default)]
pub(crate) struct WithheldBlocks {
    relayed: Relayed<BlockId>,
}

impl Behaviour for WithheldBlocks {
    fn name(&self) -> &'static str {
        "withheld blocks"
    }

    fn answer(&mut self, message: &Message, _scene: &mut Scene<'_>) -> Option<Reply> {
        match message {
            Message::Headers(headers) => Some(self.relayed.relay(message, headers.last().map(Header::id))),
            Message::GetBlocks(_) => Some(Reply::nothing()),
            _ => None,
        }
    }

    fn mines(&self) -> bool {
        true
    }
}
