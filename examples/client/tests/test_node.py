"""The client and a real node must reach the same chain and the same coins."""

import asyncio
import logging
import tempfile
import unittest
from collections.abc import Coroutine
from pathlib import Path

from websockets.asyncio.client import ClientConnection

from .. import messages, network
from ..blocks import Block, id_text
from ..chain import Chain
from ..keys import PrivateKey, address_of, address_to_text
from ..miner import mine
from ..network import format_fed
from ..peer import Peer
from ..roots import CHECKPOINT_AGE, CHECKPOINT_INTERVAL
from ..transactions import UNITS_PER_FED, Payment
from ..wallet import make_payment
from .fedcoin import PROGRAM, Fedcoin

REGTEST = network.BUILT_IN["regtest"]
BLOCKS = 300
FORK = 280
OWN_NETWORK = """
name = "client-test"
target = "207fffff"
retarget = "each-block"
tie_break = "lower-id"
spacing_ms = 1000
subsidy = "50"
halving_interval = 20
coinbase_maturity = 3
max_block_bytes = 50000
max_block_payments = 10
min_block_payments = 0

[genesis]
recipient = "fed1n5puafdcq8zzeln0kefchl35nwltrns8tm86mq"
amount = "50"
time = 1700000000000
"""


# A test may block the event loop for longer than a server should.
logging.getLogger("asyncio").setLevel(logging.ERROR)


class Clock:
    """A clock controlled by a test: blocks may be dated in the past."""

    def __init__(self, start: int) -> None:
        self.now = start

    def __call__(self) -> int:
        return self.now


class Person:
    """A key and its address."""

    def __init__(self) -> None:
        self.key = PrivateKey.generate()
        self.address = address_of(self.key.public)


class Recorder(Peer):
    """A peer that records the kinds of received messages."""

    def __init__(self, chain: Chain, connection: ClientConnection) -> None:
        super().__init__(chain, connection)
        self.seen: set[type] = set()

    async def take(self, message: messages.Message) -> None:
        self.seen.add(type(message))
        await super().take(message)


def long_chain(alice: Person, bob: Person) -> Chain:
    """Blocks mined by the client alone; every third has payments, one of which spends another's change."""
    chain = Chain(REGTEST)
    for height in range(1, BLOCKS + 1):
        payments: list[Payment] = []
        if height > 5 and height % 3 == 0:
            for amount in (height * UNITS_PER_FED // 100, 1):
                payments.append(make_payment(chain, alice.key, bob.address, amount, 1, payments))
        mine(chain, alice.address, payments)
    return chain


def branch(chain: Chain, fork: int, blocks: int, miner: Person) -> Chain:
    """A chain that forks from another after a height, and is longer."""
    other = Chain(chain.params, chain.clock)
    for node in chain.primary[1 : fork + 1]:
        assert node.block is not None
        give(other, node.block)
    for _ in range(blocks):
        mine(other, miner.address)
    return other


def give(chain: Chain, block: Block) -> None:
    """Adds a block to a chain."""
    chain.add_header(block.header)
    chain.add_block(block)


async def within(done: Coroutine[None, None, None]) -> None:
    """Waits for an action of a node."""
    await asyncio.wait_for(done, 60)


@unittest.skipUnless(PROGRAM, "FEDCOIN_BIN names no node")
class NodeTest(unittest.IsolatedAsyncioTestCase):
    """A node on regtest, and clients that connect to it."""

    def agree(self, node: Fedcoin, chain: Chain, *people: Person) -> None:
        """Node and client have the same tip, coins and balances."""
        status = node.get("/status")
        self.assertEqual(status["tip"]["id"], id_text(chain.tip.id))
        self.assertEqual(status["tip"]["height"], chain.tip.height)
        self.assertEqual(status["tip"]["work"], str(chain.tip.work))
        self.assertEqual(status["supply"], format_fed(chain.ledger.supply()))
        self.assertEqual(status["utxos"], len(chain.ledger.coins))
        for person in people:
            owned = sum(coin.amount for coin in chain.ledger.coins.values() if coin.owner == person.address)
            answer = node.get(f"/addresses/{address_to_text(person.address)}/balance")
            self.assertEqual(answer["confirmed"], format_fed(owned))

    async def test_sync_pay_mine_and_reorganise(self) -> None:
        alice, bob, carol = Person(), Person(), Person()
        first = long_chain(alice, bob)
        with Fedcoin("--network", "regtest") as node:
            async with await Peer.dial(node.peer_url, first) as peer:
                await peer.announce()
            self.agree(node, first, alice, bob)

            chain = Chain(REGTEST)
            async with await Peer.dial(node.peer_url, chain) as peer:
                await peer.sync()
                self.assertEqual(chain.ledger.coins, first.ledger.coins)
                self.agree(node, chain, alice, bob)

                payment = make_payment(chain, bob.key, carol.address, 7 * UNITS_PER_FED, 1)
                txid = payment.txid().hex()
                await peer.pay(payment)
                self.assertIsNone(node.get(f"/transactions/{txid}")["block"])
                block = await peer.mine(carol.address)
                self.assertIn(payment, block.payments)
                self.assertEqual(node.get(f"/transactions/{txid}")["block"], id_text(block.id()))
                self.agree(node, chain, alice, bob, carol)

                rival = branch(first, FORK, BLOCKS - FORK + 5, carol)
                async with await Peer.dial(node.peer_url, rival) as other:
                    await other.announce()
                self.agree(node, rival, alice, bob, carol)
                await within(peer.until(lambda: chain.tip.id == rival.tip.id))
                self.assertEqual(chain.ledger.coins, rival.ledger.coins)
                # The payment of the disconnected block waits again, in client and node.
                self.assertIsNone(node.get(f"/transactions/{txid}")["block"])
                self.assertIn(payment.txid(), peer.waiting)
                again = await peer.mine(bob.address)
                self.assertIn(payment, again.payments)
                self.agree(node, chain, alice, bob, carol)

    async def test_follows_a_miner(self) -> None:
        alice, bob = Person(), Person()
        with tempfile.TemporaryDirectory() as folder, Fedcoin("--network", "regtest") as node:
            file = Path(folder) / "public_key.txt"
            file.write_text(bob.key.public_hex())
            chain = Chain(REGTEST)
            miner = ["--peer", node.url.removeprefix("http://"), "-pk", str(file)]
            with Fedcoin("--network", "regtest", *miner):
                async with await Peer.dial(node.peer_url, chain) as peer:
                    for _ in range(3):
                        await peer.mine(alice.address)
                    for amount in (1, 2, 3):
                        await peer.pay(make_payment(chain, alice.key, bob.address, amount, 0, peer.waiting.values()))
                        await within(peer.until(lambda: not peer.waiting))
                    self.agree(node, chain, alice, bob)
                    self.assertGreater(chain.tip.height, 3)

    async def test_targets_that_follow_the_hash_rate(self) -> None:
        alice = Person()
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "own.toml"
            file.write_text(OWN_NETWORK)
            params = network.load(str(file))
            clock = Clock(params.genesis.time)
            chain = Chain(params, clock)
            for height in range(1, 120):
                # Fast, then slow, then a rest of an hour and a late block; sometimes the clock goes back.
                gaps = {80: 3_600_000, 100: 133_000}
                clock.now += gaps.get(height, 600 if height < 50 else 2_500)
                clock.now -= 900 if height % 7 == 0 else 0
                mine(chain, alice.address)
            self.assertGreater(len({node.header.target for node in chain.primary}), 30)
            with Fedcoin("--chain", str(file)) as node:
                async with await Peer.dial(node.peer_url, chain) as peer:
                    await peer.announce()
                self.agree(node, chain, alice)
                fresh = Chain(params)
                async with await Peer.dial(node.peer_url, fresh) as peer:
                    await peer.sync()
                self.agree(node, fresh, alice)

    async def test_commits_to_a_checkpoint_on_both_sides_of_a_fork(self) -> None:
        alice, bob = Person(), Person()
        chain = Chain(REGTEST)
        for height in range(1, CHECKPOINT_INTERVAL + CHECKPOINT_AGE + 2):
            payments = [make_payment(chain, alice.key, bob.address, height, 1)] if height % 100 == 50 else []
            mine(chain, alice.address, payments)
        rival = branch(chain, CHECKPOINT_INTERVAL - 1, CHECKPOINT_AGE + 3, bob)
        self.assertNotEqual(chain.roots_on(chain.tip).ledger, rival.roots_on(rival.tip).ledger)
        with Fedcoin("--network", "regtest") as node:
            for side in (chain, rival):
                async with await Peer.dial(node.peer_url, side) as peer:
                    await peer.announce()
                self.agree(node, side, alice, bob)

    async def test_serves_a_block_in_parts(self) -> None:
        alice, bob = Person(), Person()
        chain = Chain(REGTEST)
        for _ in range(5):
            mine(chain, alice.address)
        with Fedcoin("--network", "regtest") as node:
            async with await Recorder.dial(node.peer_url, chain) as peer:
                await peer.announce()
                payments: list[Payment] = []
                for amount in (1, 2, 3):
                    payments.append(make_payment(chain, alice.key, bob.address, amount, 1, payments))
                # The node knows only the first of the block's three payments.
                await peer.pay(payments[0])
                for payment in payments:
                    peer.waiting[payment.txid()] = payment
                block = await peer.mine(alice.address)
                self.assertEqual(len(block.payments), 3)
                self.agree(node, chain, alice, bob)
                self.assertLessEqual({messages.GetCompactBlock, messages.GetBlockPayments}, peer.seen)

    async def test_a_wrong_network_is_refused(self) -> None:
        with Fedcoin("--network", "regtest") as node, self.assertRaisesRegex(Exception, "on the network d0afc4e7"):
            await Peer.dial(node.peer_url, Chain(network.BUILT_IN["classroom"]))


if __name__ == "__main__":
    unittest.main()
