use super::{Behaviour, Relayed, Reply, Scene};
use fedcoin_node::primitives::{Address, Block, BlockId, Header};
use fedcoin_node::wire::Message;

/// Announces headers of other miners before it can have their blocks, and sends bodies that do not match the headers.
#[derive(Default)]
pub(crate) struct MutatedBodies {
    relayed: Relayed<BlockId>,
}

impl Behaviour for MutatedBodies {
    fn name(&self) -> &'static str {
        "mutated bodies"
    }

    fn answer(&mut self, message: &Message, scene: &mut Scene<'_>) -> Option<Reply> {
        match message {
            Message::Headers(headers) => Some(self.relayed.relay(message, headers.last().map(Header::id))),
            Message::GetBlocks(ids) => {
                let known = ids.iter().find_map(|id| scene.archive.block(id));
                Some(known.map_or_else(Reply::nothing, |block| {
                    let mut block = Block::clone(block);
                    block.coinbase.output.recipient = Address(core::array::from_fn(|_| scene.rng.u8(..)));
                    Reply::to_sender(Message::Block(Box::new(block)))
                }))
            }
            _ => None,
        }
    }
}
