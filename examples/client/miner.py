"""New blocks: their contents, and the search for a nonce."""

from collections.abc import Iterable
from dataclasses import replace

from .blocks import Block, Header, block_commitment, id_number
from .chain import Chain
from .encoding import encode
from .errors import RuleBroken
from .keys import sha256
from .ledger import Change
from .targets import expand
from .transactions import Coinbase, Output, Payment

NONCES = 1 << 32


def template(chain: Chain, recipient: bytes, waiting: Iterable[Payment] = ()) -> Block:
    """The next block on the tip before proof of work, with the waiting payments that fit."""
    parent, params = chain.tip, chain.params
    height = parent.height + 1
    payments: list[Payment] = []
    fees, change = 0, Change()
    room = params.max_block_bytes - 1_000
    for payment in waiting:
        size = len(encode(payment))
        if len(payments) == params.max_block_payments or size > room:
            continue
        try:
            fees += chain.ledger.pay(payment, height, change)
        except RuleBroken:
            continue
        payments.append(payment)
        room -= size
    coinbase = Coinbase(height, Output(params.subsidy_at(height) + fees, recipient))
    time = max(chain.clock(), chain.earliest_time(parent))
    roots = chain.roots_on(parent)
    header = Header(
        version=1,
        salt=0,
        previous=parent.id,
        commitment=block_commitment(roots, coinbase, tuple(payments)),
        time=time,
        target=chain.next_target(parent).at(time),
        nonce=0,
    )
    return Block(header, roots, coinbase, tuple(payments))


def search(header: Header, tries: int) -> tuple[Header, bool]:
    """Tries this many nonces from the header's; returns the next header, and whether it has its work."""
    target = expand(header.target)
    before = header.to_bytes()[:-4]
    end = min(header.nonce + tries, NONCES)
    for nonce in range(header.nonce, end):
        if id_number(sha256(before, nonce.to_bytes(4, "big"))) <= target:
            return replace(header, nonce=nonce), True
    if end == NONCES:
        return replace(header, salt=header.salt + 1, nonce=0), False
    return replace(header, nonce=end), False


def mine(chain: Chain, recipient: bytes, waiting: Iterable[Payment] = ()) -> Block:
    """Mines the next block and adds it to the chain."""
    block = template(chain, recipient, waiting)
    header, found = block.header, False
    while not found:
        header, found = search(header, 100_000)
    block = replace(block, header=header)
    chain.add_header(header)
    chain.add_block(block)
    return block
