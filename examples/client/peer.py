"""A connection to one node: the handshake, and the conversation after it (rules W1 to W10)."""

import asyncio
import contextlib
import secrets
from collections.abc import Callable
from dataclasses import replace
from types import TracebackType
from typing import Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from . import messages as m
from .blocks import Block, Header, id_text
from .chain import MAX_HEADERS, Chain, Move, Node
from .errors import ClientError, RuleBroken
from .miner import search, template
from .transactions import Payment, check_payment

PATIENCE = 30.0
"""Maximum silence of the node in seconds while an answer is due."""
USER_AGENT = "fedcoin-example-client"
BLOCKS_A_REQUEST = 16
BLOCKS_UNDER_WAY = 48
PAYMENTS_A_REQUEST = 500
HEADERS_ANNOUNCED = 8
NONCES_A_SLICE = 20_000


class Peer:
    """A connection to a node. One task uses a `Peer` at a time."""

    def __init__(self, chain: Chain, connection: ClientConnection) -> None:
        self.chain = chain
        self.connection = connection
        self.waiting: dict[bytes, Payment] = {}
        """Unconfirmed payments."""
        self.claimed_work = 0
        """The work that the node's greeting claims."""
        self.known: Node = chain.nodes[chain.network]
        """The last header that the node has shown."""
        self.asked: set[bytes] = set()
        """Requested blocks that have not arrived."""
        self.headers_due = False
        self.asked_payments: set[bytes] = set()
        """Requested payments that have not arrived."""
        self.pinged: int | None = None
        """The number of the `Ping` whose `Pong` is due."""
        self.goodbye = "ShuttingDown"
        """The reason to give when the connection is closed."""
        self.served = 0
        """Number of blocks sent to the node."""
        self.on_tip: Callable[[Node], None] = lambda _: None

    # --- the connection ---

    @classmethod
    async def dial(cls, url: str, chain: Chain) -> Self:
        """Connects and shakes hands."""
        try:
            # The protocol has its own pings, and does not compress messages.
            connection = await connect(
                url, compression=None, ping_interval=None, max_size=m.LARGEST, user_agent_header=USER_AGENT
            )
        except (OSError, InvalidHandshake, InvalidURI, TimeoutError) as error:
            raise ClientError(f"cannot connect to {url}: {error}") from error
        peer = cls(chain, connection)
        try:
            await peer._shake_hands()
        except BaseException:
            await peer.close()
            raise
        return peer

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Sends the reason and closes (rule W9)."""
        with contextlib.suppress(ConnectionClosed):
            await self.connection.send(m.to_frame(m.Goodbye(m.REASONS.index(self.goodbye))))
        await self.connection.close()

    async def send(self, message: m.Message) -> None:
        """Sends one message."""
        try:
            await self.connection.send(m.to_frame(message))
        except ConnectionClosed as error:
            raise ClientError("the node has closed the connection") from error

    async def receive(self, patience: float | None = PATIENCE) -> m.Message:
        """The next message. Raises if none comes for too long."""
        try:
            frame = await asyncio.wait_for(self.connection.recv(), patience)
        except ConnectionClosed as error:
            raise ClientError("the node has closed the connection") from error
        except TimeoutError as error:
            raise ClientError(f"the node was silent for {patience:.0f} seconds") from error
        try:
            message = m.from_frame(frame)
        except RuleBroken:
            self.goodbye = "BadMessage"
            raise
        if isinstance(message, m.Goodbye):
            raise ClientError(f"the node said goodbye: {m.REASONS[message.reason]}")
        return message

    async def _shake_hands(self) -> None:
        tip = self.chain.tip
        hello = m.Hello(
            m.VERSION, self.chain.network, secrets.randbits(64), tip.id, tip.height, tip.work,
            self.chain.clock(), USER_AGENT, None,
        )  # fmt: skip
        await self.send(hello)
        theirs = await self.receive()
        if not isinstance(theirs, m.Hello):
            self.goodbye = "UnexpectedMessage"
            raise RuleBroken("W2", "another message before the greeting")
        if theirs.network != self.chain.network:
            self.goodbye = "WrongNetwork"
            raise ClientError(f"the node is on the network {id_text(theirs.network)}")
        if theirs.version != m.VERSION:
            self.goodbye = "WrongVersion"
            raise ClientError(f"the node speaks version {theirs.version} of the protocol, this client {m.VERSION}")
        self.claimed_work = theirs.work
        self.known = self.chain.nodes.get(theirs.tip, self.known)
        await self.ask_headers()

    async def until(self, done: Callable[[], bool], patience: float | None = PATIENCE) -> None:
        """Processes messages until a condition is true. Raises if the node is silent for too long."""
        while not done():
            await self.take(await self.receive(patience))

    async def round_trip(self) -> None:
        """Processes everything that the node has sent so far."""
        self.pinged = secrets.randbits(64)
        await self.send(m.Ping(self.pinged))
        await self.until(lambda: self.pinged is None)

    # --- what the node sends ---

    async def take(self, message: m.Message) -> None:
        """Processes a message. An unexpected one changes nothing."""
        try:
            await self._dispatch(message)
        except RuleBroken:
            blame = {m.Headers: "InvalidHeader", m.Block: "InvalidBlock"}
            blame |= dict.fromkeys((m.Payment, m.Payments), "InvalidPayment")
            self.goodbye = blame.get(type(message), "UnexpectedMessage")
            raise

    async def _dispatch(self, message: m.Message) -> None:
        match message:
            case m.Headers(headers=headers):
                await self._take_headers(headers)
            case m.Block(block=block):
                await self._take_block(block)
            case m.NotFound(blocks=ids, payments=txids):
                self.asked_payments.difference_update(txids)
                if self.asked.intersection(ids):
                    # The node no longer has what it announced: request its current headers.
                    self.asked.difference_update(ids)
                    await self.ask_headers()
            case m.Payment(payment=payment):
                self._take_payment(payment)
            case m.Payments(payments=payments):
                for payment in payments:
                    self._take_payment(payment)
            case m.Inv(txids=txids):
                await self._ask_payments([txid for txid in txids if txid not in self.waiting])
            case m.Ping(nonce=nonce):
                await self.send(m.Pong(nonce))
            case m.Pong(nonce=nonce) if nonce == self.pinged:
                self.pinged = None
            case m.GetAddresses():
                await self.send(m.Addresses(()))
            case m.GetHeaders(locator=locator):
                await self.send(m.Headers(tuple(self.chain.headers_after(locator))))
            case m.GetBlocks(ids=ids):
                await self._serve_blocks(ids)
            case m.GetCompactBlock(id=block_id):
                await self._serve_compact(block_id)
            case m.GetBlockPayments(id=block_id, places=places):
                await self._serve_block_payments(block_id, places)
            case m.GetPayments(txids=txids):
                await self._serve_payments(txids)
            case m.Hello():
                raise RuleBroken("W2", "a second greeting")

    async def ask_headers(self) -> None:
        """Requests the headers after our best one, unless an answer is due."""
        if not self.headers_due:
            self.headers_due = True
            await self.send(m.GetHeaders(tuple(self.chain.locator())))

    async def _take_headers(self, headers: tuple[Header, ...]) -> None:
        self.headers_due = False
        for header in headers:
            if header.previous not in self.chain.nodes:
                await self.ask_headers()
                return
            try:
                self.known = self.chain.add_header(header)
            except RuleBroken as broken:
                if broken.rule == "H6":
                    # The only temporary violation: the node is not at fault.
                    raise ClientError(f"{broken}: look at this machine's clock, and try again") from broken
                raise
        if len(headers) == MAX_HEADERS:
            await self.ask_headers()
        await self._ask_blocks()

    async def _ask_blocks(self) -> None:
        lacking = [block_id for block_id in self.chain.missing(BLOCKS_UNDER_WAY) if block_id not in self.asked]
        lacking = lacking[: BLOCKS_UNDER_WAY - len(self.asked)]
        for start in range(0, len(lacking), BLOCKS_A_REQUEST):
            ids = lacking[start : start + BLOCKS_A_REQUEST]
            self.asked.update(ids)
            await self.send(m.GetBlocks(tuple(ids)))

    async def _take_block(self, block: Block) -> None:
        block_id = block.id()
        if block_id not in self.asked:
            return
        self.asked.discard(block_id)
        self._moved(self.chain.add_block(block))
        if len(self.asked) <= BLOCKS_UNDER_WAY // 2:
            await self._ask_blocks()

    def _moved(self, move: Move) -> None:
        """Payments of disconnected blocks wait again, before those that may descend from them (rule F3)."""
        returned = {payment.txid(): payment for node in move.off for payment in payments_of(node)}
        self.waiting = {**returned, **self.waiting}
        for node in move.on:
            for payment in payments_of(node):
                self.waiting.pop(payment.txid(), None)
        if move.on:
            self.on_tip(self.chain.tip)

    async def _ask_payments(self, txids: list[bytes]) -> None:
        for start in range(0, len(txids), PAYMENTS_A_REQUEST):
            request = txids[start : start + PAYMENTS_A_REQUEST]
            self.asked_payments.update(request)
            await self.send(m.GetPayments(tuple(request)))

    def _take_payment(self, payment: Payment) -> None:
        check_payment(payment, self.chain.network)
        txid = payment.txid()
        self.asked_payments.discard(txid)
        self.waiting[txid] = payment

    # --- what the node asks for ---

    def _block(self, block_id: bytes) -> Block | None:
        node = self.chain.nodes.get(block_id)
        return node.block if node else None

    async def _serve_blocks(self, ids: tuple[bytes, ...]) -> None:
        for block_id in ids:
            block = self._block(block_id)
            self.served += block is not None
            await self.send(m.Block(block) if block else m.NotFound((block_id,), ()))

    async def _serve_compact(self, block_id: bytes) -> None:
        block = self._block(block_id)
        await self.send(m.compact(block, secrets.randbits(64)) if block else m.NotFound((block_id,), ()))

    async def _serve_block_payments(self, block_id: bytes, places: tuple[int, ...]) -> None:
        block = self._block(block_id)
        if block is None or any(place >= len(block.payments) for place in places):
            await self.send(m.NotFound((block_id,), ()))
        else:
            await self.send(m.BlockPayments(block_id, tuple(block.payments[place] for place in places)))

    async def _serve_payments(self, txids: tuple[bytes, ...]) -> None:
        for txid in txids:
            payment = self.waiting.get(txid)
            await self.send(m.Payment(payment) if payment else m.NotFound((), (txid,)))

    # --- what a user asks for ---

    def caught_up(self) -> bool:
        """Whether everything that the node announced has arrived."""
        told = self.chain.best_header.work >= self.claimed_work
        return told and not self.headers_due and self.chain.best_header is self.chain.tip

    async def sync(self) -> None:
        """Downloads and checks the node's chain, and the payments in its mempool."""
        await self.until(self.caught_up)
        await self.round_trip()
        await self.until(lambda: not self.asked_payments)

    async def pay(self, payment: Payment) -> None:
        """Sends a payment, and returns when it is in the node's mempool or mined."""
        txid = payment.txid()
        self.waiting[txid] = payment
        await self.send(m.Payment(payment))
        for _ in range(20):
            if await self._has_payment(txid) or txid not in self.waiting:
                return
            # Its signature is being checked, its block is on the way, or it was ignored: no message shows which.
            await asyncio.sleep(0.1)
        del self.waiting[txid]
        raise ClientError("the node did not take the payment: a higher fee may help, or its coins are spent already")

    async def _has_payment(self, txid: bytes) -> bool:
        """Whether the payment is in the node's mempool."""
        await self.send(m.GetPayments((txid,)))
        while True:
            message = await self.receive()
            match message:
                case m.Payment(payment=payment) if payment.txid() == txid:
                    return True
                case m.NotFound(payments=txids) if txid in txids:
                    return False
            await self.take(message)

    async def mine(self, recipient: bytes) -> Block:
        """Mines a block on the tip and submits it to the node. Starts again if the tip changes meanwhile."""
        while True:
            parent = self.chain.tip
            block = template(self.chain, recipient, self.waiting.values())
            least = self.chain.params.min_block_payments
            if len(block.payments) < least:
                raise ClientError(f"a block of this network has {least} payments at least, and none waits")
            header, found = block.header, False
            while not found and self.chain.tip is parent:
                header, found = search(header, NONCES_A_SLICE)
                await self.round_trip()
            if found and self.chain.tip is parent:
                block = replace(block, header=header)
                self.chain.add_header(header)
                self._moved(self.chain.add_block(block))
                await self.announce()
                return block

    async def announce(self) -> None:
        """Announces the tip to the node, and serves requests until the node has adopted it."""
        tip = self.chain.tip
        new = [tip.header]
        for node in tip.ancestors():
            if node is self.known or len(new) > HEADERS_ANNOUNCED:
                break
            if node is not tip:
                new.append(node.header)
        await self.send(m.Headers(tuple(reversed(new if len(new) <= HEADERS_ANNOUNCED else new[:1]))))
        idle = 0
        while idle < 100:
            before = self.served
            if await self._has_tip(tip):
                self.known = tip
                return
            idle = 0 if self.served > before else idle + 1
            await asyncio.sleep(0.05)
        raise ClientError(f"the node did not take the block {id_text(tip.id)}")

    async def _has_tip(self, tip: Node) -> bool:
        """Whether the block is on the node's primary chain, where it must follow its parent."""
        await self.until(lambda: not self.headers_due)
        self.headers_due = True
        await self.send(m.GetHeaders((tip.header.previous, self.chain.network)))
        while True:
            message = await self.receive()
            await self.take(message)
            if isinstance(message, m.Headers):
                return message.headers[:1] == (tip.header,)


def payments_of(node: Node) -> tuple[Payment, ...]:
    """The payments of a stored block."""
    return node.block.payments if node.block else ()
