"""The tree of headers, the primary chain and its ledger (rules H4 to H6, B8, B9, F1 and F2)."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from . import targets
from .blocks import Block, Header, check_block, check_header, genesis_block, id_number
from .errors import RuleBroken, require
from .ledger import Change, Ledger
from .network import ChainParams, Retarget, TieBreak
from .roots import CHECKPOINT_INTERVAL, History, StateRoots, checkpoint_of

MAX_AHEAD_MS = 120_000
MEDIAN_HEADERS = 11
MAX_LOCATOR = 64
MAX_HEADERS = 2_000


def now_ms() -> int:
    """This machine's clock."""
    return int(time.time() * 1000)


@dataclass(eq=False)
class Node:
    """A header in the tree, with the state of its block."""

    id: bytes
    header: Header
    parent: "Node | None"
    height: int
    work: int
    history: History
    """The headers from genesis up to this one."""
    block: Block | None = None
    """The block, once it has arrived."""
    complete: bool = False
    """Whether the block and all its ancestors have arrived."""
    bad: bool = False
    """Whether the block or an ancestor is invalid."""
    change: Change | None = None
    """The block's changes to the ledger, while it is on the primary chain."""
    ledger_root: bytes | None = None
    """The root over the ledger after the block, if it is a checkpoint and on the primary chain."""
    children: "list[Node]" = field(default_factory=list)

    def ancestors(self) -> "Iterator[Node]":
        """This header and those before it, down to genesis."""
        node: Node | None = self
        while node is not None:
            yield node
            node = node.parent

    def last(self, count: int) -> "list[Node]":
        """At most this many headers, oldest first; this one is the last."""
        found = [node for node, _ in zip(self.ancestors(), range(count), strict=False)]
        return found[::-1]


@dataclass(frozen=True)
class Move:
    """The disconnected and the connected blocks of the primary chain, oldest first."""

    off: tuple[Node, ...] = ()
    on: tuple[Node, ...] = ()


class Chain:
    """A full node's state of the chain, in memory."""

    def __init__(self, params: ChainParams, clock: Callable[[], int] = now_ms) -> None:
        self.params = params
        self.clock = clock
        genesis = genesis_block(params)
        self.network = genesis.id()
        self.ledger = Ledger(params)
        history = History().after(self.network, 0)
        root = Node(self.network, genesis.header, None, 0, 0, history, genesis, complete=True)
        root.ledger_root = genesis.roots.ledger
        root.change = self.ledger.connect(genesis, 0)
        self.nodes = {root.id: root}
        self.primary = [root]
        self.best_header = root

    @property
    def tip(self) -> Node:
        """The tip of the primary chain."""
        return self.primary[-1]

    def is_primary(self, node: Node) -> bool:
        """Whether the block is on the primary chain."""
        return node.height < len(self.primary) and self.primary[node.height] is node

    # --- headers ---

    def add_header(self, header: Header) -> Node:
        """Checks a header by rules H1 to H6 and puts it into the tree. Its parent must be known."""
        block_id = header.id()
        if block_id in self.nodes:
            return self.nodes[block_id]
        parent = self.nodes[header.previous]
        check_header(header)
        require(not parent.bad, "F3", "a header on a block that breaks a rule")
        require(header.target == self.next_target(parent).at(header.time), "H4", f"the target {header.target:08x}")
        require(header.time >= self.earliest_time(parent), "H5", "a header that is dated too early")
        require(header.time <= self.clock() + MAX_AHEAD_MS, "H6", "a header that is dated too far ahead")
        work = targets.work(targets.expand(header.target))
        history = parent.history.after(block_id, work)
        node = Node(block_id, header, parent, parent.height + 1, parent.work + work, history)
        self.nodes[block_id] = node
        parent.children.append(node)
        if self.rank(node) > self.rank(self.best_header):
            self.best_header = node
        return node

    def next_target(self, parent: Node) -> targets.EasingTarget:
        """The target of a block after this one, by that block's time (rule H4)."""
        if self.params.retarget is Retarget.FIXED:
            return targets.EasingTarget(self.params.target, self.params.target)
        before = [node.header for node in parent.last(targets.WINDOW)]
        times, compact = [header.time for header in before], [header.target for header in before]
        return targets.next_target(times, compact, self.params.target, self.params.spacing_ms)

    def earliest_time(self, parent: Node) -> int:
        """The earliest time of a block after this one (rule H5)."""
        times = sorted(node.header.time for node in parent.last(MEDIAN_HEADERS))
        return times[len(times) // 2] + 1

    def rank(self, node: Node) -> tuple[int, ...]:
        """The key of the fork choice: the greater one wins (rules F1 and F2)."""
        lower_id = -id_number(node.id)
        if self.params.tie_break is TieBreak.EARLIER_TIME:
            return (node.work, -node.header.time, lower_id)
        return (node.work, lower_id)

    def locator(self) -> list[bytes]:
        """Ids from the best header towards genesis, at growing distances (rule W4)."""
        ids: list[bytes] = []
        step, due = 1, self.best_header.height
        for node in self.best_header.ancestors():
            if node.height == due and len(ids) < MAX_LOCATOR - 1:
                ids.append(node.id)
                step = step * 2 if len(ids) > 10 else 1
                due = node.height - step
        if ids[-1] != self.network:
            ids.append(self.network)
        return ids

    def headers_after(self, locator: tuple[bytes, ...]) -> list[Header]:
        """The answer to a locator: the primary chain after the first id that is on it (rule W4)."""
        known = (self.nodes[block_id] for block_id in locator if block_id in self.nodes)
        start = next((node.height for node in known if self.is_primary(node)), 0)
        return [node.header for node in self.primary[start + 1 : start + 1 + MAX_HEADERS]]

    # --- blocks ---

    def missing(self, count: int) -> list[bytes]:
        """The first ids of the best header's chain whose blocks are missing."""
        lacking = []
        for node in self.best_header.ancestors():
            if node.complete:
                break
            if node.block is None:
                lacking.append(node.id)
        return lacking[::-1][:count]

    def add_block(self, block: Block) -> Move:
        """Checks and stores a block, and moves the tip if it leads to a better one. Its header must be known."""
        node = self.nodes[block.id()]
        if node.block is not None:
            return Move()
        try:
            check_block(block, node.height, self.network, self.params)
        except RuleBroken as broken:
            # A body that does not match the header says nothing about the block.
            if broken.rule != "B3":
                self._invalidate(node)
            raise
        node.block = block
        waiting = [node]
        best = self.tip
        while waiting:
            node = waiting.pop()
            if node.block is None or node.parent is None or not node.parent.complete:
                continue
            node.complete = True
            waiting += node.children
            if self.rank(node) > self.rank(best):
                best = node
        return self._move_to(best) if best is not self.tip else Move()

    def _move_to(self, goal: Node) -> Move:
        """Makes `goal` the tip. If a block on the way is invalid, nothing changes."""
        path = []
        for node in goal.ancestors():
            if self.is_primary(node):
                fork = node
                break
            path.append(node)
        undone = self.primary[fork.height + 1 :]
        self._disconnect_to(fork)
        for node in reversed(path):
            try:
                self._connect(node)
            except RuleBroken:
                self._invalidate(node)
                self._disconnect_to(fork)
                for old in undone:
                    self._connect(old)
                raise
        return Move(tuple(undone), tuple(reversed(path)))

    def roots_on(self, parent: Node) -> StateRoots:
        """What a block on the tip commits to."""
        checkpoint = self.primary[checkpoint_of(parent.height + 1)]
        assert checkpoint.ledger_root is not None
        return StateRoots(parent.history.root(), checkpoint.ledger_root)

    def _connect(self, node: Node) -> None:
        assert node.block is not None
        roots = self.roots_on(self.tip)
        require(node.block.roots.history == roots.history, "B8", "a false history root")
        require(node.block.roots.ledger == roots.ledger, "B9", "a false ledger root")
        node.change = self.ledger.connect(node.block, node.height)
        if node.height % CHECKPOINT_INTERVAL == 0:
            node.ledger_root = self.ledger.root(node.height)
        self.primary.append(node)

    def _disconnect_to(self, fork: Node) -> None:
        while self.tip is not fork:
            node = self.primary.pop()
            assert node.change is not None
            self.ledger.disconnect(node.change)
            node.change, node.ledger_root = None, None

    def _invalidate(self, node: Node) -> None:
        """Marks the block and all its descendants as invalid."""
        waiting = [node]
        while waiting:
            node = waiting.pop()
            node.bad, node.complete = True, False
            waiting += node.children
        good = (node for node in self.nodes.values() if not node.bad)
        self.best_header = max(good, key=self.rank)
