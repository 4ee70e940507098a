use crate::chain::LongChain;
use anyhow::{Context, Result};
use fedcoin_node::primitives::{BlockId, Header};
use fedcoin_node::units::{Timestamp, Work};
use fedcoin_node::wire::{Hello, MAX_HEADERS, Message, PROTOCOL_VERSION};
use std::collections::HashMap;

/// A peer that has the whole chain, encoded, and answers at once.
pub(crate) struct ChainPeer {
    hello: Hello,
    headers: Vec<Header>,
    /// Heights of the blocks, genesis included.
    heights: HashMap<BlockId, usize>,
    /// Messages with the blocks from height 1 on.
    blocks: Vec<Vec<u8>>,
}

impl ChainPeer {
    pub(crate) fn new(chain: &LongChain) -> Result<Self> {
        let tip = chain.blocks.last().context("the chain has blocks")?;
        let headers: Vec<Header> = chain.blocks.iter().map(|block| block.header).collect();
        let mut work = Work::ZERO;
        for header in &headers {
            work = work + header.target.expand()?.work();
        }
        let network = chain.params.network_id();
        let ids = core::iter::once(BlockId(network.0)).chain(headers.iter().map(Header::id));
        Ok(Self {
            hello: Hello {
                version: PROTOCOL_VERSION,
                network,
                nonce: 1,
                tip: tip.id(),
                height: tip.coinbase.height,
                work,
                time: Timestamp(0),
                user_agent: "chain in memory".into(),
                listen: None,
            },
            heights: ids.zip(0..).collect(),
            blocks: chain.blocks.iter().map(|block| Message::Block(Box::new(block.clone())).encode()).collect(),
            headers,
        })
    }

    pub(crate) fn hello(&self) -> Vec<u8> {
        Message::Hello(self.hello.clone()).encode()
    }

    pub(crate) fn answer(&self, message: &[u8]) -> Result<Vec<Vec<u8>>> {
        Ok(match Message::decode(message)? {
            Message::GetHeaders { locator } => {
                let shared = locator.iter().find_map(|id| self.heights.get(id)).copied().unwrap_or(0);
                let headers = self.headers.iter().skip(shared).take(MAX_HEADERS).copied().collect();
                vec![Message::Headers(headers).encode()]
            }
            Message::GetBlocks(ids) => {
                let heights = ids.iter().filter_map(|id| self.heights.get(id));
                heights.filter_map(|height| self.blocks.get(height.checked_sub(1)?).cloned()).collect()
            }
            Message::Ping(number) => vec![Message::Pong(number).encode()],
            _ => Vec::new(),
        })
    }
}
