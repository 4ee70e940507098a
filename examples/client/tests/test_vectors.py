"""Every case of docs/vectors."""

import json
import unittest
from collections.abc import Callable
from dataclasses import replace
from enum import IntEnum
from pathlib import Path
from types import NoneType
from typing import Annotated, Any, ClassVar, get_args, get_origin

from .. import keys, messages, network, targets
from ..blocks import Block, Header, check_header, genesis_block, id_number, id_text, merkle_root
from ..chain import Chain
from ..encoding import U8, U16, U32, U64, decode, encode, field_types
from ..errors import ClientError, RuleBroken
from ..ledger import Change
from ..roots import History, StateRoots, Unspent, checkpoint_of, commitment, ledger_root
from ..transactions import Coinbase, OutPoint, Output, Payment, check_payment

VECTORS = Path(__file__).resolve().parents[3] / "docs" / "vectors"
# A clock at which no block is too early.
FAR_AHEAD = 1 << 60

# How the vectors and the API write values, by the names in `encoding`.
FORMS: dict[str, Callable[[Any], str]] = {
    "reversed": id_text,
    "address": keys.address_to_text,
    "fed": network.format_fed,
    "target": "{:08x}".format,
    "decimal": str,
}


def chapter(name: str) -> Any:
    """One file."""
    return json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))


def to_json(kind: Any, value: Any) -> Any:
    """A value as the vectors and the API write it, by its type."""
    if kind is Header:
        fields = {**value.__dict__, "previous": value.previous[::-1].hex(), "commitment": value.commitment.hex()}
        return {**fields, "target": f"{value.target:08x}"}
    if get_origin(kind) is Annotated:
        form = next(iter(get_args(kind)[2:]), None)
        if isinstance(value, bytes):
            return FORMS[form](value) if form else value.hex()
        return FORMS[form](value) if form else value
    if get_origin(kind) is tuple:
        return [to_json(get_args(kind)[0], item) for item in value]
    if NoneType in get_args(kind):
        return None if value is None else to_json(get_args(kind)[0], value)
    if isinstance(value, IntEnum):
        return value.name.replace("_", "-").lower()
    if isinstance(value, bool | str):
        return value
    return {name: to_json(field, getattr(value, name)) for name, field in field_types(kind).items()}


class VectorTest(unittest.TestCase):
    """Helpers for the tests of all files."""

    def refused(self, rule: str, action: Any, *arguments: Any) -> None:
        """Asserts that the action violates this rule."""
        with self.assertRaises(RuleBroken) as caught:
            action(*arguments)
        self.assertEqual(caught.exception.rule, rule)

    def roundtrip(self, kind: type, text: str) -> Any:
        """Decodes these bytes, which must be the value's only encoding."""
        value: Any = decode(kind, bytes.fromhex(text))
        self.assertEqual(encode(value).hex(), text)
        return value


class Encodings(VectorTest):
    """encodings.json"""

    TYPES: ClassVar[dict[str, Any]] = {
        "u8": U8,
        "u16": U16,
        "u32": U32,
        "u64": U64,
        "bool": bool,
        "text": str,
        "list of u16": tuple[U16, ...],
        "list of texts": tuple[str, ...],
        "optional u16": U16 | None,
        "optional text": str | None,
    }

    def test_values(self) -> None:
        for name, case in chapter("encodings")["values"].items():
            with self.subTest(name):
                kind = self.TYPES[case["type"]]
                value = tuple(case["value"]) if isinstance(case["value"], list) else case["value"]
                self.assertEqual(encode(value, kind).hex(), case["bytes"])
                self.assertEqual(decode(kind, bytes.fromhex(case["bytes"])), value)

    def test_refused(self) -> None:
        for name, case in chapter("encodings")["refused"].items():
            with self.subTest(name):
                kind = self.TYPES[case["type"]]
                self.refused("E1", decode, kind, bytes.fromhex(case["bytes"]))


class Keys(VectorTest):
    """keys.json"""

    def test_keys(self) -> None:
        for name, case in chapter("keys")["keys"].items():
            with self.subTest(name):
                public = keys.public_from_hex(case["public"])
                self.assertEqual(public.hex(), case["compressed"])
                self.assertEqual(keys.address_of(public).hex(), case["address_bytes"])
                self.assertEqual(keys.address_to_text(keys.address_of(public)), case["address"])
                self.assertEqual(keys.address_from_text(case["address"]), keys.address_of(public))
                if "private" in case:
                    private = keys.PrivateKey.from_hex(case["private"])
                    self.assertEqual(private.public, public)
                    self.assertEqual(private.to_hex(), case["private"])

    def test_signatures(self) -> None:
        for name, case in chapter("keys")["signatures"].items():
            with self.subTest(name):
                public, message = bytes.fromhex(case["compressed"]), bytes.fromhex(case["message"])
                low, high = bytes.fromhex(case["signature"]), bytes.fromhex(case["high_s"])
                self.assertTrue(keys.verify(public, message, low) and keys.verify(public, message, high))
                self.assertFalse(keys.verify(public, message + b"!", low))
                self.assertTrue(keys.has_low_s(low) and not keys.has_low_s(high))

    def test_own_signatures(self) -> None:
        key = keys.PrivateKey.generate()
        for n in range(20):
            signature = key.sign(bytes([n]))
            self.assertTrue(keys.has_low_s(signature) and keys.verify(key.public, bytes([n]), signature))

    def test_not_addresses(self) -> None:
        for name, text in chapter("keys")["not_addresses"].items():
            with self.subTest(name):
                self.assertRaises(ClientError, keys.address_from_text, text)


class Networks(VectorTest):
    """networks.json"""

    def test_networks(self) -> None:
        for name, case in chapter("networks")["networks"].items():
            with self.subTest(name):
                params = network.from_dict(case["params"])
                self.assertEqual(self.roundtrip(network.ChainParams, case["bytes"]), params)
                self.assertEqual(to_json(network.ChainParams, params), case["params"])
                genesis = genesis_block(params)
                self.assertEqual(encode(genesis).hex(), case["genesis"])
                self.assertEqual((id_text(genesis.id()), genesis.id().hex()), (case["id"], case["id_bytes"]))

    def test_subsidies(self) -> None:
        for name, case in chapter("networks")["subsidies"].items():
            with self.subTest(name):
                subsidy, interval = network.parse_fed(case["subsidy"]), case["halving_interval"]
                params = replace(network.BUILT_IN["classroom"], subsidy=subsidy, halving_interval=interval)
                for line in case["at"]:
                    height, amount = line.split()
                    self.assertEqual(network.format_fed(params.subsidy_at(int(height))), amount, f"height {height}")

    def test_built_in(self) -> None:
        for name, params in network.BUILT_IN.items():
            self.assertEqual(encode(params).hex(), chapter("networks")["networks"][name]["bytes"])


class Payments(VectorTest):
    """payments.json"""

    def test_payments(self) -> None:
        for name, case in chapter("payments")["payments"].items():
            with self.subTest(name):
                payment = self.roundtrip(Payment, case["bytes"])
                network_id = bytes.fromhex(case["network"])[::-1]
                self.assertEqual(to_json(Payment, payment), case["payment"])
                self.assertEqual(payment.txid().hex(), case["txid"])
                self.assertEqual(payment.hash().hex(), case["hash"])
                self.assertEqual(payment.unsigned.signing_message(network_id).hex(), case["signing_message"])
                check_payment(payment, network_id)
                check_payment(payment.unsigned.sign(keys.PrivateKey.from_hex(case["private"]), network_id), network_id)

    def test_coinbases(self) -> None:
        for name, case in chapter("payments")["coinbases"].items():
            with self.subTest(name):
                coinbase = self.roundtrip(Coinbase, case["bytes"])
                self.assertEqual(to_json(Coinbase, coinbase), case["coinbase"])
                self.assertEqual(coinbase.txid().hex(), case["txid"])

    def test_refused(self) -> None:
        for name, case in chapter("payments")["refused"].items():
            with self.subTest(name):
                payment = self.roundtrip(Payment, case["bytes"])
                self.refused(case["rule"], check_payment, payment, bytes.fromhex(case["network"])[::-1])


class Headers(VectorTest):
    """headers.json"""

    def test_headers(self) -> None:
        for name, case in chapter("headers")["headers"].items():
            with self.subTest(name):
                header = self.roundtrip(Header, case["bytes"])
                self.assertEqual(to_json(Header, header), case["header"])
                self.assertEqual((id_text(header.id()), header.id().hex()), (case["id"], case["id_bytes"]))
                self.assertEqual(id_number(header.id()), int(case["id"], 16))

    def test_work(self) -> None:
        check_header(decode(Header, bytes.fromhex(chapter("headers")["headers"]["with its work"]["bytes"])))

    def test_refused(self) -> None:
        for name, case in chapter("headers")["refused"].items():
            with self.subTest(name):
                self.refused(case["rule"], check_header, self.roundtrip(Header, case["bytes"]))


class Targets(VectorTest):
    """targets.json"""

    def test_compact(self) -> None:
        for name, case in chapter("targets")["compact"].items():
            with self.subTest(name):
                compact, target = int(case["compact"], 16), int(case["target"], 16)
                self.assertEqual(targets.expand(compact), target)
                self.assertEqual(targets.compress(target), compact)
                self.assertEqual(str(targets.work(target)), case["work"])

    def test_rounding(self) -> None:
        for name, case in chapter("targets")["rounding"].items():
            with self.subTest(name):
                self.assertEqual(f"{targets.compress(int(case['target'], 16)):08x}", case["compact"])

    def test_retarget(self) -> None:
        for name, case in chapter("targets")["retarget"].items():
            with self.subTest(name):
                headers = [line.split() for line in case["headers"]]
                times, compact = [int(time) for time, _ in headers], [int(target, 16) for _, target in headers]
                easiest = int(case["easiest"], 16)
                for n in range(1, len(headers)):
                    found = targets.next_target(times[:n], compact[:n], easiest, case["spacing_ms"])
                    self.assertEqual(f"{found.at(times[n]):08x}", f"{compact[n]:08x}", f"header {n}")


class Roots(VectorTest):
    """roots.json"""

    def test_commitments(self) -> None:
        for name, case in chapter("roots")["commitments"].items():
            with self.subTest(name):
                roots = StateRoots(*(bytes.fromhex(case["roots"][which]) for which in ("history", "ledger")))
                self.assertEqual(commitment(bytes.fromhex(case["payments"]), roots).hex(), case["commitment"])

    def test_histories(self) -> None:
        case = chapter("roots")["histories"]
        history = History()
        roots = [history.root().hex()]
        for header in case["headers"]:
            history = history.after(bytes.fromhex(header["id"])[::-1], int(header["work"]))
            roots.append(history.root().hex())
        self.assertEqual(roots, case["roots"])

    def test_checkpoints(self) -> None:
        for height, checkpoint in chapter("roots")["checkpoints"].items():
            self.assertEqual(checkpoint_of(int(height)), checkpoint)

    def test_ledgers(self) -> None:
        ledgers = chapter("roots")["ledgers"]
        outputs = []
        for outpoint, recipient, amount, height, coinbase in ledgers["outputs"]:
            txid, index = outpoint.split(":")
            output = Output(network.parse_fed(amount), keys.address_from_text(recipient))
            outputs.append(Unspent(OutPoint(bytes.fromhex(txid), int(index)), output, height, coinbase))
        for name, case in ledgers["cases"].items():
            with self.subTest(name):
                root = ledger_root(case["checkpoint"], outputs[: case["count"]])
                self.assertEqual(root.hex(), case["root"])


class Blocks(VectorTest):
    """blocks.json"""

    def test_merkle(self) -> None:
        case = chapter("blocks")["merkle"]
        leaves = [bytes.fromhex(leaf) for leaf in case["leaves"]]
        for n, root in enumerate(case["roots"], 1):
            self.assertEqual(merkle_root(leaves[:n]).hex(), root)

    def test_reorganisation(self) -> None:
        case = chapter("blocks")["reorganisation"]
        chain = Chain(network.from_dict(case["params"]), clock=lambda: FAR_AHEAD)
        self.assertEqual(id_text(chain.network), case["network"])
        blocks = {name: self.roundtrip(Block, text) for name, text in case["blocks"].items()}
        changes: list[Change] = []
        tips = [chain.network]
        for step in case["steps"]:
            if "connect" in step:
                block = blocks[step["connect"]]
                changes.append(chain.ledger.connect(block, len(tips)))
                tips.append(block.id())
            else:
                self.assertEqual(tips.pop(), blocks[step["disconnect"]].id())
                chain.ledger.disconnect(changes.pop())
            self.assertEqual(id_text(tips[-1]), step["tip"])
            self.assertEqual(network.format_fed(chain.ledger.supply()), step["supply"])
            self.assertEqual(len(chain.ledger.coins), step["coins"])

    def test_fork_choice(self) -> None:
        case = chapter("blocks")["reorganisation"]
        blocks = {name: self.roundtrip(Block, text) for name, text in case["blocks"].items()}
        for order in (sorted(blocks), sorted(blocks, key=lambda name: name[0] < "b")):
            chain = Chain(network.from_dict(case["params"]), clock=lambda: FAR_AHEAD)
            for name in order:
                add(chain, blocks[name])
            self.assertEqual(id_text(chain.tip.id), case["steps"][-1]["tip"])
            self.assertEqual(network.format_fed(chain.ledger.supply()), case["steps"][-1]["supply"])

    def test_refused(self) -> None:
        case = chapter("blocks")["refused"]
        params = network.from_dict(case["params"])

        def attempt(text: str) -> Chain:
            chain = Chain(params, clock=lambda: FAR_AHEAD)
            for block in [*case["chain"], text]:
                add(chain, self.roundtrip(Block, block))
            return chain

        for name, text in case["accepted"].items():
            with self.subTest(name):
                self.assertEqual(attempt(text).tip.height, 3)
        for name, refused in case["blocks"].items():
            with self.subTest(name):
                self.refused(refused["rule"], attempt, refused["block"])


def add(chain: Chain, block: Block) -> None:
    """Adds a block to a chain like a peer does."""
    chain.add_header(block.header)
    chain.add_block(block)


class ForkChoice(VectorTest):
    """fork_choice.json"""

    def test_winners(self) -> None:
        for name, case in chapter("fork_choice").items():
            with self.subTest(name):
                for chains in (case["chains"], case["chains"][::-1]):
                    chain = Chain(network.from_dict(case["params"]), clock=lambda: FAR_AHEAD)
                    for text in [*chains[0], *chains[1]]:
                        add(chain, self.roundtrip(Block, text))
                    self.assertEqual(id_text(chain.tip.id), case["winner"])


class Messages(VectorTest):
    """messages.json"""

    def test_messages(self) -> None:
        seen = set()
        for name, case in chapter("messages")["messages"].items():
            with self.subTest(name):
                frame = bytes.fromhex(case["frame"])
                message = messages.from_frame(frame)
                kind = type(message)
                seen.add(kind)
                self.assertEqual((kind.__name__, frame[0]), (case["kind"], case["number"]))
                self.assertEqual(to_json(kind, message), case["fields"])
                self.assertEqual(messages.to_frame(message), frame)
        self.assertEqual(seen, {kind for kind, _, _ in messages.KINDS})

    def test_refused(self) -> None:
        for name, case in chapter("messages")["refused"].items():
            with self.subTest(name):
                self.assertRaises(RuleBroken, messages.from_frame, bytes.fromhex(case["frame"]))


class CompactBlocks(VectorTest):
    """compact_blocks.json"""

    def test_short_ids(self) -> None:
        for name, case in chapter("compact_blocks").items():
            with self.subTest(name):
                block = self.roundtrip(Block, case["block"])
                self.assertEqual([payment.hash().hex() for payment in block.payments], case["payment_hashes"])
                self.assertEqual(messages.siphash_key(block.header, case["salt"]).hex(), case["siphash_key"])
                compact = messages.compact(block, case["salt"])
                self.assertEqual([short_id.hex() for short_id in compact.short_ids], case["short_ids"])
                self.assertEqual(encode(compact).hex(), case["bytes"])


if __name__ == "__main__":
    unittest.main()
