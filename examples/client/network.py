"""Networks: the rules by which they differ (rule N1)."""

import tomllib
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from .encoding import U16, U32, U64, Address, Amount, Target
from .errors import ClientError
from .keys import address_from_text
from .transactions import UNITS_PER_FED


class Retarget(IntEnum):
    """Whether the target follows the hash rate."""

    FIXED = 0
    EACH_BLOCK = 1


class TieBreak(IntEnum):
    """Which of two chains of equal work wins."""

    EARLIER_TIME = 0
    LOWER_ID = 1


@dataclass(frozen=True)
class Genesis:
    """The contents of the first block."""

    recipient: Address
    amount: Amount
    time: U64


@dataclass(frozen=True)
class ChainParams:
    """A network's rules, in the order of their encoding."""

    name: str
    rules: U16
    genesis: Genesis
    target: Target
    retarget: Retarget
    tie_break: TieBreak
    spacing_ms: U64
    subsidy: Amount
    halving_interval: U32
    coinbase_maturity: U32
    max_block_bytes: U32
    max_block_payments: U32
    min_block_payments: U32

    def subsidy_at(self, height: int) -> int:
        """The subsidy of a block at this height (rule B6)."""
        halvings: int = height // self.halving_interval
        return self.subsidy >> halvings


RULES = 3
"""The number of the rules that all networks share, as this client follows them."""
LESSON_GENESIS = bytes.fromhex("9d03cea5b801c42cfe6fb6538bfe349bbeb1ce07")
FIFTY_FED = 50 * UNITS_PER_FED
BUILT_IN = {
    "main": ChainParams(
        "main", RULES, Genesis(LESSON_GENESIS, FIFTY_FED, 1_793_491_200_000), 0x1E03FFFF, Retarget.EACH_BLOCK,
        TieBreak.LOWER_ID, 10_000, FIFTY_FED, 3_153_600, 10, 1_000_000, 10_000, 0,
    ),
    "classroom": ChainParams(
        "classroom", RULES, Genesis(LESSON_GENESIS, FIFTY_FED, 0), 0x1EFFFFFF, Retarget.FIXED,
        TieBreak.EARLIER_TIME, 10_000, FIFTY_FED, 10, 0, 100_000, 5, 1,
    ),
    "regtest": ChainParams(
        "regtest", RULES, Genesis(LESSON_GENESIS, FIFTY_FED, 0), 0x207FFFFF, Retarget.FIXED,
        TieBreak.EARLIER_TIME, 1_000, FIFTY_FED, 150, 2, 1_000_000, 10_000, 0,
    ),
}  # fmt: skip


def parse_fed(text: str) -> int:
    """Reads an amount in FED, such as 2.5; returns units."""
    whole, _, fraction = text.partition(".")
    if not (whole + fraction).isascii() or not (whole + fraction).isdigit() or len(fraction) > 8:
        raise ClientError(f"{text!r} is no amount: write FED with at most eight digits after the point, such as 2.5")
    return int(whole or "0") * UNITS_PER_FED + int(fraction.ljust(8, "0"))


def format_fed(units: int) -> str:
    """An amount of units in FED, without zeros at the end."""
    whole, fraction = divmod(units, UNITS_PER_FED)
    return f"{whole}.{fraction:08}".rstrip("0").rstrip(".")


def from_dict(value: dict[str, Any]) -> ChainParams:
    """Reads rules as `fedcoin --chain FILE` and the API write them."""
    try:
        fields = {"rules": RULES, **value}
        if fields["rules"] != RULES:
            raise ClientError(f"rules number {fields['rules']}: this client follows number {RULES}")
        genesis = fields.pop("genesis")
        return ChainParams(
            genesis=Genesis(address_from_text(genesis["recipient"]), parse_fed(genesis["amount"]), genesis["time"]),
            target=int(fields.pop("target"), 16),
            retarget=Retarget[fields.pop("retarget").replace("-", "_").upper()],
            tie_break=TieBreak[fields.pop("tie_break").replace("-", "_").upper()],
            subsidy=parse_fed(fields.pop("subsidy")),
            **fields,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ClientError(f"these are no network's rules: {error}") from error


def load(name: str) -> ChainParams:
    """A built-in network, or one from a file as for `fedcoin --chain`."""
    if name in BUILT_IN:
        return BUILT_IN[name]
    try:
        return from_dict(tomllib.loads(Path(name).read_text(encoding="utf-8")))
    except OSError as error:
        raise ClientError(f"{name!r} is neither {', '.join(BUILT_IN)} nor a file: {error.strerror}") from error
    except tomllib.TOMLDecodeError as error:
        raise ClientError(f"{name}: {error}") from error
