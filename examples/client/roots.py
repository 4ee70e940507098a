"""What a block commits to: the history of headers and the ledger at a checkpoint (rules B3, B8 and B9)."""

from collections.abc import Iterable
from dataclasses import dataclass

from .encoding import U32, U64, Hash, Work, encode
from .keys import sha256
from .transactions import OutPoint, Output

CHECKPOINT_INTERVAL = 1_024
CHECKPOINT_AGE = 64
PAGE_OUTPUTS = 16


@dataclass(frozen=True)
class StateRoots:
    """The state before a block that the block commits to."""

    history: Hash
    ledger: Hash


def commitment(payments_root: bytes, roots: StateRoots) -> bytes:
    """What a header contains (rule B3)."""
    return sha256(b"FEDCoin commitment", payments_root, roots.history, roots.ledger)


@dataclass(frozen=True)
class HistoryNode:
    """A header or a perfect tree over headers: its hash, and the work of all of them."""

    hash: Hash
    work: Work


def joined(left: HistoryNode, right: HistoryNode) -> HistoryNode:
    """The tree above two trees of the same size."""
    return HistoryNode(sha256(b"FEDCoin history node", encode(left), encode(right)), left.work + right.work)


@dataclass(frozen=True)
class History:
    """Headers from genesis on, as the peaks of a Merkle mountain range (rule B8)."""

    count: int = 0
    peaks: tuple[HistoryNode, ...] = ()

    def after(self, block_id: bytes, work: int) -> "History":
        """With one more header, which has this work of its own."""
        peaks, node, size = list(self.peaks), HistoryNode(block_id, work), self.count
        while size % 2 == 1:
            node, size = joined(peaks.pop(), node), size // 2
        return History(self.count + 1, (*peaks, node))

    def root(self) -> bytes:
        """The root that the next block commits to."""
        return sha256(b"FEDCoin history", encode(self.count, U32), *(encode(peak) for peak in self.peaks))


def checkpoint_of(height: int) -> int:
    """The height of the checkpoint that a block commits to (rule B9)."""
    old_enough = max(height - CHECKPOINT_AGE, 0)
    return old_enough - old_enough % CHECKPOINT_INTERVAL


@dataclass(frozen=True)
class Unspent:
    """An unspent output, as the ledger root contains it."""

    outpoint: OutPoint
    output: Output
    height: U32
    coinbase: bool


def ledger_root(checkpoint: int, outputs: Iterable[Unspent]) -> bytes:
    """The root over all unspent outputs after the block at this height (rule B9)."""
    entries, supply = {}, 0
    for unspent in outputs:
        entries[sha256(b"FEDCoin output", encode(unspent.outpoint))] = encode(unspent)
        supply += unspent.output.amount
    facts = encode(checkpoint, U32) + encode(len(entries), U64) + encode(supply, U64)
    return sha256(b"FEDCoin ledger", facts, _subtree(sorted(entries.items()), 0))


def _subtree(entries: list[tuple[bytes, bytes]], depth: int) -> bytes:
    """The hash over the outputs whose keys share their first `depth` bits."""
    if len(entries) <= PAGE_OUTPUTS:
        return sha256(b"FEDCoin ledger page", bytes([len(entries)]), *(entry for _, entry in entries))
    sides: tuple[list[tuple[bytes, bytes]], ...] = ([], [])
    for key, entry in entries:
        sides[key[depth // 8] >> (7 - depth % 8) & 1].append((key, entry))
    return sha256(b"FEDCoin ledger node", _subtree(sides[0], depth + 1), _subtree(sides[1], depth + 1))
