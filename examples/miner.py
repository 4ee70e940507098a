"""A miner in a few lines: asks a node for work, searches for a nonce, and sends the block back.

    python3 miner.py http://127.0.0.1:5000 fed1... [--blocks N]

It needs Python 3.11 or newer and no packages. It shows how a miner or a pool uses a node; to mine in earnest, let
`fedcoin -pk FILE` do it, which is a thousand times faster.
"""

import argparse
import hashlib
import json
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

# Where the miner's fields are in the 88 bytes of a header (rule E2). All numbers are big-endian.
SALT, TIME, TARGET, NONCE = slice(4, 8), slice(72, 80), slice(80, 84), slice(84, 88)
# Nonces between two looks at the clock and at newer work.
ROUND = 200_000
NONCES = 1 << 32


def request(url: str, body: Any = None) -> Any:
    """The answer to a request, or the reason for a refusal as `RuntimeError`."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=60) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as refusal:
        raise RuntimeError(json.load(refusal).get("detail", str(refusal))) from refusal


class Work:
    """The newest template. A thread fetches the next one as soon as there is one."""

    def __init__(self, node: str, recipient: str) -> None:
        self.url = f"{node}/api/v1/mining/template?recipient={urllib.parse.quote(recipient)}"
        self.template = request(self.url)
        threading.Thread(target=self.follow, daemon=True).start()

    def follow(self) -> None:
        while True:
            try:
                self.template = request(f"{self.url}&after={self.template['id']}")
            except (OSError, RuntimeError) as error:
                print(f"no work: {error}", file=sys.stderr)
                time.sleep(1)


def expand(compact: str) -> int:
    """The target as a number (rule H2): a block's hash, read backwards, may not exceed it."""
    exponent, mantissa = int(compact[:2], 16), int(compact[2:], 16)
    return mantissa << 8 * (exponent - 3) if exponent >= 3 else mantissa >> 8 * (3 - exponent)


def target_at(template: Any, moment: int) -> str:
    """The target of a block of this time (rule H4)."""
    target = template["block"]["header"]["target"]
    for change in template["target_changes"]:
        if change["time"] <= moment:
            target = change["target"]
    return target


def search(work: Work) -> Any:
    """A block with its proof of work."""
    template, salt, nonce = None, 0, NONCES
    while True:
        if template is not work.template:
            template, salt, nonce = work.template, -1, NONCES
            clock_lead = int(time.time() * 1000) - template["block"]["header"]["time"]
        if nonce >= NONCES:
            salt, nonce = salt + 1, 0
        moment = max(template["earliest_time"], int(time.time() * 1000) - clock_lead)
        target = target_at(template, moment)
        header = bytearray.fromhex(template["header"])
        header[SALT], header[TIME], header[TARGET] = salt.to_bytes(4), moment.to_bytes(8), bytes.fromhex(target)
        start, limit = hashlib.sha256(header[: NONCE.start]), expand(target)
        for nonce in range(nonce, min(nonce + ROUND, NONCES)):
            attempt = start.copy()
            attempt.update(nonce.to_bytes(4))
            if int.from_bytes(attempt.digest(), "little") <= limit:
                fields = {"salt": salt, "time": moment, "target": target, "nonce": nonce}
                return template["block"] | {"header": template["block"]["header"] | fields}
        nonce += 1


def main() -> None:
    parser = argparse.ArgumentParser(description="Mines for an address with the work of a node.")
    parser.add_argument("node", help="the node, such as http://127.0.0.1:5000")
    parser.add_argument("recipient", help="the address that gets the rewards")
    parser.add_argument("--blocks", type=int, default=0, help="how many blocks to mine; 0 means endless")
    options = parser.parse_args()
    node = options.node.rstrip("/")
    work, found = Work(node, options.recipient), 0
    while not options.blocks or found < options.blocks:
        block = search(work)
        try:
            mined = request(f"{node}/api/v1/blocks", block)
        except RuntimeError as error:
            # Another miner was faster, say.
            print(f"block refused: {error}", file=sys.stderr)
            time.sleep(1)
            continue
        found += 1
        print(f"block {block['coinbase']['height']}: {mined['id']}, {block['coinbase']['output']['amount']} FED")
        while work.template["block"]["header"]["previous"] == block["header"]["previous"]:
            time.sleep(0.01)


if __name__ == "__main__":
    try:
        main()
    except (OSError, RuntimeError) as error:
        sys.exit(f"miner: {error}")
    except KeyboardInterrupt:
        pass
