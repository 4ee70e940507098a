use crate::common::blocks::{genesis_coin, payment};
use crate::common::keys;
use crate::common::node::{Node, free_port};
use crate::common::peer::Peer;
use fedcoin_node::consensus::ChainParams;
use fedcoin_node::primitives::{Block, BlockId, NetworkId, OutPoint, Payment};
use fedcoin_node::units::Amount;
use fedcoin_node::wire::Message;

/// A node on the network `regtest`.
pub(super) struct Fixture {
    _dir: tempfile::TempDir,
    pub(super) node: Node,
    pub(super) params: ChainParams,
    pub(super) network: NetworkId,
}

impl Fixture {
    pub(super) fn new() -> Self {
        Self::with(&[])
    }

    /// A fixture with further arguments.
    pub(super) fn with(args: &[&str]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let node = Node::start(dir.path(), free_port(), &[&["--network", "regtest"], args].concat());
        let (params, network) = node.network();
        Self { _dir: dir, node, params, network }
    }

    /// A peer with a complete handshake.
    pub(super) fn peer(&self) -> Peer {
        Peer::greet(self.node.port, self.network)
    }

    /// Submits blocks to the node over its API.
    pub(super) fn submit(&self, blocks: &[Block]) {
        for block in blocks {
            let (status, body) = self.node.request("POST", "/api/v1/blocks", &serde_json::to_string(block).unwrap());
            assert_eq!(status, 201, "{body}");
        }
    }

    pub(super) fn tip(&self) -> String {
        self.node.get("/status")["tip"]["id"].as_str().unwrap().to_owned()
    }

    /// `count` payments, each spending the previous one's output, the first the genesis coin. Each also pays an output
    /// to the course's wallet A.
    pub(super) fn payments(&self, count: u32) -> Vec<Payment> {
        let mut coin = genesis_coin(&self.params);
        let payments = (1..=count).map(|n| {
            let own = (Amount::from_fed(50 - n), keys::address(keys::GENESIS));
            let outputs = vec![own, (Amount::from_fed(1), keys::address(keys::A))];
            let payment = payment(self.network, vec![coin], outputs);
            coin = OutPoint { txid: payment.txid(), index: 0 };
            payment
        });
        payments.collect()
    }

    pub(super) fn genesis(&self) -> Block {
        self.params.genesis_block()
    }
}

/// Waits until the node requests a block in any form; returns the request.
pub(super) fn request_for(peer: &mut Peer, block: BlockId) -> Message {
    peer.wait_for("a request for the block", |message| {
        let wanted = match &message {
            Message::GetBlocks(ids) => ids.contains(&block),
            Message::GetCompactBlock(id) => *id == block,
            _ => false,
        };
        wanted.then_some(message)
    })
}

/// Announces a block.
pub(super) fn announce(peer: &mut Peer, block: &Block) {
    peer.send(&Message::Headers(vec![block.header]));
}

/// Sends a block.
pub(super) fn give(peer: &mut Peer, block: &Block) {
    peer.send(&Message::Block(Box::new(block.clone())));
}
