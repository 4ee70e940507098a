use fedcoin_node::codec::encode;
use fedcoin_node::ledger::{Undo, Utxo};
use fedcoin_node::primitives::{Block, BlockId, Header, OutPoint};
use fedcoin_node::units::Height;
use std::collections::BTreeMap;
use std::sync::Arc;

/// All headers and blocks of the run, once for all hosts. It grows with the found blocks.
pub(crate) struct Archive {
    places: BTreeMap<BlockId, u32>,
    entries: Vec<Entry>,
    blocks: usize,
}

/// A header and its known data.
pub(crate) struct Entry {
    pub(crate) header: Header,
    pub(crate) block: Option<Arc<Block>>,
    pub(crate) undo: Option<Arc<Undo>>,
    /// When an honest node found or first stored the block, in virtual milliseconds.
    pub(crate) born: Option<u64>,
    /// Whether it was found while some hosts could not reach others.
    pub(crate) in_partition: bool,
    /// Whether a byzantine host made it and broke a rule.
    pub(crate) breaks_a_rule: bool,
    /// Checksum of the ledger at this block; see [`mark`].
    ledger: Option<u128>,
}

/// A ledger's checksum is the sum of the marks of its unspent outputs, in any order.
pub(crate) fn mark(outpoint: &OutPoint) -> u128 {
    const INDEX: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    let (low, high) = outpoint.txid.0.split_at(16);
    let number = |half: &[u8]| half.iter().fold(0_u128, |n, byte| n << 8 | u128::from(*byte));
    (number(low) ^ number(high).rotate_left(64)).wrapping_add(INDEX.wrapping_mul(u128::from(outpoint.index) + 1))
}

impl Archive {
    pub(crate) fn new(genesis: Block) -> Self {
        let mut archive = Self { places: BTreeMap::new(), entries: Vec::new(), blocks: 0 };
        archive.add_block(genesis.id(), &genesis);
        archive
    }

    pub(crate) fn place(&self, id: &BlockId) -> Option<u32> {
        self.places.get(id).copied()
    }

    pub(crate) fn at(&self, place: u32) -> &Entry {
        &self.entries[place as usize]
    }

    pub(crate) fn find(&self, id: &BlockId) -> Option<&Entry> {
        self.place(id).map(|place| self.at(place))
    }

    pub(crate) fn find_mut(&mut self, id: &BlockId) -> Option<&mut Entry> {
        let place = self.place(id)?;
        self.entries.get_mut(place as usize)
    }

    pub(crate) fn block(&self, id: &BlockId) -> Option<&Arc<Block>> {
        self.find(id)?.block.as_ref()
    }

    /// Number of blocks.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks
    }

    pub(crate) fn add_header(&mut self, id: BlockId, header: &Header) -> u32 {
        *self.places.entry(id).or_insert_with(|| {
            let (block, undo, born, ledger) = (None, None, None, None);
            self.entries.push(Entry {
                header: *header,
                block,
                undo,
                born,
                in_partition: false,
                breaks_a_rule: false,
                ledger,
            });
            u32::try_from(self.entries.len() - 1).expect("fewer than 2^32 headers fit into memory")
        })
    }

    /// Adds a block. A header always belongs to the same block, including signatures.
    pub(crate) fn add_block(&mut self, id: BlockId, block: &Block) -> u32 {
        let place = self.add_header(id, &block.header);
        let entry = &mut self.entries[place as usize];
        if entry.block.is_none() {
            entry.block = Some(Arc::new(block.clone()));
            self.blocks += 1;
        }
        place
    }

    /// Stores a block's undo data. Returns whether other nodes stored the same.
    pub(crate) fn add_undo(&mut self, id: &BlockId, undo: &Undo) -> bool {
        let Some(entry) = self.find_mut(id) else { return false };
        **entry.undo.get_or_insert_with(|| Arc::new(undo.clone())) == *undo
    }

    /// The blocks found by honest nodes.
    pub(crate) fn born(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.born.is_some())
    }

    /// The blocks from genesis to `tip`, if all are known.
    pub(crate) fn chain_to(&self, tip: BlockId) -> Option<Vec<&Block>> {
        let mut chain = vec![self.block(&tip)?.as_ref()];
        while let Some(block) = chain.last().filter(|block| block.coinbase.height > Height::GENESIS) {
            chain.push(self.block(&block.header.previous)?);
        }
        chain.reverse();
        Some(chain)
    }

    /// The checksum of the ledger at a block, computed from the outputs that its chain has spent and made.
    pub(crate) fn ledger(&mut self, tip: &BlockId) -> Option<u128> {
        let mut path = vec![self.place(tip)?];
        let mut sum = loop {
            let entry = self.at(*path.last()?);
            if let Some(sum) = entry.ledger {
                break sum;
            }
            let block = entry.block.as_ref()?;
            if block.coinbase.height == Height::GENESIS {
                break 0;
            }
            path.push(self.place(&block.header.previous)?);
        };
        while let Some(place) = path.pop() {
            let entry = &mut self.entries[place as usize];
            if let (None, Some(block)) = (entry.ledger, &entry.block) {
                sum = created(block).fold(sum, |sum, (outpoint, _)| sum.wrapping_add(mark(&outpoint)));
                sum = spent(block).fold(sum, |sum, outpoint| sum.wrapping_sub(mark(outpoint)));
                entry.ledger = Some(sum);
            }
        }
        Some(sum)
    }

    /// The unspent outputs at a block.
    pub(crate) fn utxos(&self, tip: BlockId) -> Option<Vec<(OutPoint, Utxo)>> {
        let mut unspent = BTreeMap::<OutPoint, Utxo>::new();
        for block in self.chain_to(tip)? {
            unspent.extend(created(block));
            spent(block).for_each(|outpoint| {
                unspent.remove(outpoint);
            });
        }
        let mut unspent: Vec<_> = unspent.into_iter().collect();
        unspent.sort_unstable_by_key(|(outpoint, _)| *outpoint);
        Some(unspent)
    }

    /// The encoded block.
    pub(crate) fn encoded(&self, place: u32) -> Option<Vec<u8>> {
        self.at(place).block.as_deref().map(encode)
    }
}

fn created(block: &Block) -> impl Iterator<Item = (OutPoint, Utxo)> {
    let height = block.coinbase.height;
    let utxo = move |output, coinbase| Utxo { output, height, coinbase };
    let reward = Some(block.coinbase.output).filter(|output| output.amount.units() > 0);
    let coinbase = reward.map(|output| (block.coinbase.outpoint(), utxo(output, true)));
    let paid = block.payments.iter().flat_map(move |payment| {
        let outputs: Vec<_> = payment.outputs().map(|(outpoint, output)| (outpoint, utxo(*output, false))).collect();
        outputs
    });
    coinbase.into_iter().chain(paid)
}

fn spent(block: &Block) -> impl Iterator<Item = &OutPoint> {
    block.payments.iter().flat_map(|payment| &payment.unsigned.inputs)
}
