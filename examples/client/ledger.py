"""The unspent outputs, and the rules that need them (B6, B7, C1 to C5)."""

from dataclasses import dataclass, field

from .blocks import Block
from .errors import require
from .keys import address_of
from .network import ChainParams
from .roots import Unspent, ledger_root
from .transactions import OutPoint, Output, Payment


@dataclass(frozen=True)
class Coin:
    """An unspent output, the height of the block that created it, and whether its coinbase did."""

    amount: int
    owner: bytes
    height: int
    coinbase: bool


@dataclass
class Change:
    """A block's changes to the ledger."""

    spent: dict[OutPoint, Coin] = field(default_factory=dict)
    made: dict[OutPoint, Coin] = field(default_factory=dict)


class Ledger:
    """The ledger after a block."""

    def __init__(self, params: ChainParams) -> None:
        self.params = params
        self.coins: dict[OutPoint, Coin] = {}

    def supply(self) -> int:
        """The sum of all unspent outputs."""
        return sum(coin.amount for coin in self.coins.values())

    def root(self, height: int) -> bytes:
        """The root over all unspent outputs after the block at this height (rule B9)."""
        return ledger_root(
            height,
            (
                Unspent(outpoint, Output(coin.amount, coin.owner), coin.height, coin.coinbase)
                for outpoint, coin in self.coins.items()
            ),
        )

    def connect(self, block: Block, height: int) -> Change:
        """Checks a block against the ledger and applies it, completely or not at all."""
        change = Change()
        fees = sum(self.pay(payment, height, change) for payment in block.payments)
        reward = block.coinbase.output
        # The network's rules set the amount of genesis; no subsidy limits it (N1).
        most = self.params.subsidy_at(height) + fees if height > 0 else reward.amount
        require(reward.amount <= most, "B6", f"a coinbase of {reward.amount} units, above {most}")
        if reward.amount > 0:
            self._make(OutPoint(block.coinbase.txid(), 0), Coin(reward.amount, reward.recipient, height, True), change)
        self.coins.update(change.made)
        for outpoint in change.spent:
            self.coins.pop(outpoint, None)
        return change

    def disconnect(self, change: Change) -> None:
        """Disconnects the last connected block."""
        for outpoint in change.made:
            self.coins.pop(outpoint, None)
        made_and_spent = change.made.keys() & change.spent.keys()
        self.coins.update((outpoint, coin) for outpoint, coin in change.spent.items() if outpoint not in made_and_spent)

    def pay(self, payment: Payment, height: int, change: Change) -> int:
        """Rules C1 to C5 for a payment after those in `change`, to which it is added; returns its fee."""
        owner = address_of(payment.unsigned.sender)
        paid = 0
        for outpoint in payment.unsigned.inputs:
            coin = change.made.get(outpoint) or self.coins.get(outpoint)
            if coin is None or outpoint in change.spent:
                require(False, "C1", f"{outpoint.txid.hex()}:{outpoint.index} does not exist or is spent")
                raise AssertionError
            require(coin.owner == owner, "C2", "an input of another owner")
            matured = not coin.coinbase or height >= coin.height + self.params.coinbase_maturity
            require(matured, "C4", f"a coinbase of height {coin.height}, spent at height {height}")
            change.spent[outpoint] = coin
            paid += coin.amount
        require(payment.spent() <= paid, "C3", "outputs above the inputs")
        txid = payment.txid()
        for index, output in enumerate(payment.unsigned.outputs):
            self._make(OutPoint(txid, index), Coin(output.amount, output.recipient, height, False), change)
        return paid - payment.spent()

    def _make(self, outpoint: OutPoint, coin: Coin, change: Change) -> None:
        exists = outpoint in change.made or (outpoint in self.coins and outpoint not in change.spent)
        require(not exists, "C5", "an output that exists already")
        change.made[outpoint] = coin
