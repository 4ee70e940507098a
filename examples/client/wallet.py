"""The coins of a key, and payments from them."""

from collections.abc import Iterable

from .chain import Chain
from .encoding import encode
from .errors import ClientError
from .keys import PrivateKey, address_of
from .network import format_fed
from .transactions import MAX_PAYMENT_BYTES, OutPoint, Output, Payment, UnsignedPayment


def spendable(chain: Chain, address: bytes, waiting: Iterable[Payment] = ()) -> list[tuple[OutPoint, int]]:
    """The coins of an address that a payment may spend now, the largest first."""
    taken = {outpoint for payment in waiting for outpoint in payment.unsigned.inputs}
    height = chain.tip.height + 1
    coins = [
        (outpoint, coin.amount)
        for outpoint, coin in chain.ledger.coins.items()
        if coin.owner == address
        and outpoint not in taken
        and (not coin.coinbase or height >= coin.height + chain.params.coinbase_maturity)
    ]
    return sorted(coins, key=lambda coin: coin[1], reverse=True)


def make_payment(
    chain: Chain, key: PrivateKey, recipient: bytes, amount: int, fee_rate: int, waiting: Iterable[Payment] = ()
) -> Payment:
    """A signed payment of this amount. The fee is `fee_rate` units for each byte; what is left comes back."""
    if amount <= 0:
        raise ClientError("a payment must be of more than zero")
    owner = address_of(key.public)
    chosen: list[OutPoint] = []
    total = 0
    for outpoint, coin in spendable(chain, owner, waiting):
        chosen.append(outpoint)
        total += coin
        outputs: tuple[Output, ...] = (Output(amount, recipient), Output(1, owner))
        payment = UnsignedPayment(key.public, False, tuple(chosen), outputs).sign(key, chain.network)
        size = len(encode(payment))
        if size > MAX_PAYMENT_BYTES:
            raise ClientError("too many small coins for one payment: send less")
        rest = total - amount - fee_rate * size
        if rest >= 0:
            outputs = (Output(amount, recipient), Output(rest, owner))[: 2 if rest > 0 else 1]
            return UnsignedPayment(key.public, False, tuple(chosen), outputs).sign(key, chain.network)
    raise ClientError(f"there are {format_fed(total)} FED to spend, which is less than the amount and its fee")
