"""The miner of examples/miner.py and a real node: blocks it mines are on the chain, and pay the address it names."""

import subprocess
import sys
import unittest
from pathlib import Path

from ..keys import PrivateKey, address_of, address_to_text
from .fedcoin import PATIENCE, Fedcoin

MINER = Path(__file__).resolve().parents[2] / "miner.py"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(MINER), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)


class Miner(unittest.TestCase):
    def test_blocks_pay_the_address(self) -> None:
        address = address_to_text(address_of(PrivateKey.generate().public))
        with Fedcoin("--network", "regtest") as node:
            mined = run(node.url, address, "--blocks", "3")
            self.assertEqual((mined.returncode, mined.stderr), (0, ""), mined)
            self.assertEqual(node.get("/status")["tip"]["height"], 3)
            self.assertEqual(float(node.get(f"/addresses/{address}/balance")["confirmed"]), 150)

    def test_mistakes_are_named(self) -> None:
        with Fedcoin("--network", "classroom") as node:
            wrong = run(node.url, "fed1nobody")
            self.assertEqual(wrong.returncode, 1)
            self.assertIn("miner: ", wrong.stderr)
            idle = run(node.url, address_to_text(address_of(PrivateKey.generate().public)))
            self.assertIn("the network's blocks need 1 or more payments, and too few wait", idle.stderr)
