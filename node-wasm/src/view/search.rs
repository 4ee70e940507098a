//! Searches blocks, transactions and addresses, also by a part of their names.

use super::{read_block, transactions};
use crate::messages::{Found, Nearest};
use fedcoin_node::Node;
use fedcoin_node::primitives::{Address, Block, BlockId, Payment, TxId};
use fedcoin_node::units::Height;
use fedcoin_node::wallet::PaymentUri;
use fedcoin_store::{Store, StoreError};
use std::collections::BTreeSet;
use std::iter;
use std::ops::Bound;

/// Minimum length of a part of a name that is searched for.
const MIN_PART: usize = 4;
/// Digits that a name must share with the searched one, the zeros at its beginning left out, to be near.
const MIN_SHARED: usize = 3;
/// What all addresses begin with.
const ADDRESS: &str = "fed1";
/// Maximum number of transactions compared at a time.
const MAX_COMPARED: usize = 16;

/// Resolves a search text: a height, a block id, a transaction id, an address, a public key, a payment request, or
/// the beginning of one, or `BEGINNING…END`.
///
/// # Errors
/// [`StoreError`].
pub fn find(node: &Node, store: &Store, text: &str) -> Result<Found, StoreError> {
    let text = text.trim();
    // Zeros at the beginning are those of an id.
    let is_number = text == "0" || !text.starts_with('0');
    let height = text.parse().ok().filter(|_| is_number).map(Height);
    if let Some(id) = height.and_then(|height| node.chain().id_at(height)) {
        return Ok(Found::Block(id));
    }
    if let Some(id) = text.parse::<BlockId>().ok().filter(|id| node.chain().block_info(id).is_some()) {
        return Ok(Found::Block(id));
    }
    if let Ok(txid) = text.parse::<TxId>()
        && transactions::find(node, store, &txid)?.is_some()
    {
        return Ok(Found::Transaction(txid));
    }
    if let Ok(uri) = PaymentUri::of_text(text) {
        return Ok(Found::Address(uri.recipient));
    }
    let mut search = Search::new(text);
    if search.is_possible() {
        search.run(node, store)?;
    }
    let tip = node.chain().tip();
    Ok(match search.result() {
        // A height above the tip.
        None | Some(Found::Near(_)) if height.is_some() => Found::Near(Nearest::Block(tip.id, tip.height)),
        found => found.unwrap_or(Found::Nothing),
    })
}

/// The names compared so far.
struct Search<'a> {
    /// What the name begins with.
    head: &'a str,
    /// What it ends with.
    tail: &'a str,
    /// The first that fits, and how many do.
    fitting: Option<Nearest>,
    count: u32,
    /// The most similar of the others, and the number of equal characters.
    nearest: Option<(usize, Nearest)>,
}

impl<'a> Search<'a> {
    fn new(text: &'a str) -> Self {
        let (head, tail) = text.split_once('…').unwrap_or((text, ""));
        Self { head, tail, fitting: None, count: 0, nearest: None }
    }

    /// Whether the text can be a part of a name.
    fn is_possible(&self) -> bool {
        let part = self.head.strip_prefix(ADDRESS).unwrap_or(self.head);
        part.len() + self.tail.len() >= MIN_PART
            && part.chars().chain(self.tail.chars()).all(|c| c.is_ascii_alphanumeric())
    }

    /// Compares all names of the kind in question, newest first.
    fn run(&mut self, node: &Node, store: &Store) -> Result<(), StoreError> {
        if self.head.starts_with(ADDRESS) {
            for address in addresses(node) {
                self.compare(&address.to_string(), Nearest::Address(address));
            }
            return Ok(());
        }
        let chain = node.chain();
        let primary =
            (0..=chain.tip().height.0).rev().filter_map(|height| Some((chain.id_at(Height(height))?, Height(height))));
        for (id, height) in primary {
            self.compare(&id.to_string(), Nearest::Block(id, height));
        }
        for payment in node.mempool().iter() {
            self.compare(&payment.txid().to_string(), Nearest::Transaction(payment.txid()));
        }
        self.compare_stored(node, store)
    }

    /// Compares the transactions whose ids begin with the most of the same bytes.
    fn compare_stored(&mut self, node: &Node, store: &Store) -> Result<(), StoreError> {
        let digits: Vec<u8> = self.head.chars().map_while(|c| c.to_digit(16)).map(|digit| digit as u8).collect();
        let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| pair[0] << 4 | pair[1]).take(8).collect();
        for count in (MIN_SHARED / 2 + 1..=bytes.len()).rev() {
            let places = store.transactions_from(&bytes[..count], MAX_COMPARED)?;
            for place in &places {
                let Some(id) = node.chain().id_at(place.height) else { continue };
                let Some(block) = read_block(node, store, &id)? else { continue };
                if let Some(txid) = ids(&block).nth(place.position as usize) {
                    self.compare(&txid.to_string(), Nearest::Transaction(txid));
                }
            }
            if !places.is_empty() {
                break;
            }
        }
        Ok(())
    }

    fn compare(&mut self, name: &str, what: Nearest) {
        if name.starts_with(self.head) && name.ends_with(self.tail) {
            self.fitting.get_or_insert(what);
            self.count += 1;
            return;
        }
        let shared = name.bytes().zip(self.head.bytes()).take_while(|(a, b)| a == b).count();
        if self.nearest.is_none_or(|(most, _)| shared > most) {
            self.nearest = Some((shared, what));
        }
    }

    fn result(&self) -> Option<Found> {
        if let Some(what) = self.fitting {
            return Some(match what {
                _ if self.count > 1 => Found::Several(what),
                Nearest::Block(id, _) => Found::Block(id),
                Nearest::Transaction(id) => Found::Transaction(id),
                Nearest::Address(address) => Found::Address(address),
            });
        }
        let common = self.head.strip_prefix(ADDRESS).unwrap_or(self.head);
        let plain = self.head.len() - common.trim_start_matches('0').len();
        self.nearest.filter(|(shared, _)| *shared >= plain + MIN_SHARED).map(|(_, what)| Found::Near(what))
    }
}

/// All that money belongs to, is on its way to, or comes from.
fn addresses(node: &Node) -> BTreeSet<Address> {
    let waiting = node.mempool().iter().flat_map(|entry| {
        let unsigned = &entry.payment().unsigned;
        unsigned.outputs.iter().map(|output| output.recipient).chain([unsigned.sender.address()])
    });
    let owners = node.chain().utxos().starting_at(Bound::Unbounded).map(|(_, utxo)| utxo.output.recipient);
    owners.chain(waiting).collect()
}

/// The ids of a block's transactions: the coinbase, then the payments.
fn ids(block: &Block) -> impl Iterator<Item = TxId> {
    iter::once(block.coinbase.txid()).chain(block.payments.iter().map(Payment::txid))
}
