"""python3 -m client: follow a chain, pay, and mine, with a node as the only neighbour."""

import argparse
import asyncio
import os
import sys
from pathlib import Path

from . import network
from .blocks import id_text
from .chain import Chain, Node
from .errors import ClientError, RuleBroken
from .keys import PrivateKey, address_from_text, address_of, address_to_text
from .peer import Peer
from .wallet import make_payment, spendable


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(prog="python3 -m client", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    key = commands.add_parser("key", help="make a private key and print its address")
    key.add_argument("file", type=Path, help="the file to write it to; it must not exist")

    online = argparse.ArgumentParser(add_help=False)
    online.add_argument("url", help="the node, such as ws://127.0.0.1:5000/ws")
    online.add_argument(
        "--network", default="main", metavar="NAME|FILE", help="main, classroom, regtest or a file (default: main)"
    )

    sync = commands.add_parser("sync", parents=[online], help="fetch the chain, check all of it, print the tip")
    sync.add_argument("--address", help="print the balance of this address too")
    sync.add_argument("--follow", action="store_true", help="go on, and print each new tip")

    pay = commands.add_parser("pay", parents=[online], help="make, sign and send a payment")
    pay.add_argument("key", type=Path, help="a file with the sender's private key")
    pay.add_argument("recipient", help="an address, fed1...")
    pay.add_argument("amount", help="in FED, such as 2.5")
    pay.add_argument("--fee-rate", type=int, default=1, metavar="UNITS", help="units for each byte (default: 1)")

    mine = commands.add_parser("mine", parents=[online], help="mine blocks and give them to the node")
    mine.add_argument("recipient", help="the address that is paid")
    mine.add_argument("--blocks", type=int, default=1, metavar="N", help="how many (default: 1)")
    return parser.parse_args()


async def sync(options: argparse.Namespace) -> None:
    """Downloads the chain and prints the resulting state."""
    chain = Chain(network.load(options.network))
    address = address_from_text(options.address) if options.address else None
    async with await Peer.dial(options.url, chain) as peer:
        await peer.sync()
        print_tip(chain.tip)
        print(f"supply {network.format_fed(chain.ledger.supply())} FED in {len(chain.ledger.coins)} coins")
        if address:
            owned = sum(coin.amount for coin in chain.ledger.coins.values() if coin.owner == address)
            now = sum(amount for _, amount in spendable(chain, address, peer.waiting.values()))
            print(f"balance {network.format_fed(owned)} FED, of which {network.format_fed(now)} can be spent now")
        if options.follow:
            peer.on_tip = print_tip
            await peer.until(lambda: False, patience=None)


async def pay(options: argparse.Namespace) -> None:
    """Pays from the coins of a key."""
    key = read_key(options.key)
    recipient, amount = address_from_text(options.recipient), network.parse_fed(options.amount)
    chain = Chain(network.load(options.network))
    async with await Peer.dial(options.url, chain) as peer:
        await peer.sync()
        payment = make_payment(chain, key, recipient, amount, options.fee_rate, peer.waiting.values())
        await peer.pay(payment)
        print(f"payment {payment.txid().hex()}")


async def mine(options: argparse.Namespace) -> None:
    """Mines blocks on the node's tip."""
    recipient = address_from_text(options.recipient)
    chain = Chain(network.load(options.network))
    async with await Peer.dial(options.url, chain) as peer:
        await peer.sync()
        for _ in range(options.blocks):
            await peer.mine(recipient)
            print_tip(chain.tip)


def make_key(file: Path) -> None:
    """Writes a new key to a file that only its owner can read."""
    key = PrivateKey.generate()
    try:
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as opened:
            opened.write(key.to_hex() + "\n")
    except OSError as error:
        raise ClientError(f"cannot write {file}: {error.strerror}") from error
    print(address_to_text(address_of(key.public)))


def read_key(file: Path) -> PrivateKey:
    """Reads a key that `make_key` or another program has written."""
    try:
        return PrivateKey.from_hex(file.read_text(encoding="ascii"))
    except (OSError, UnicodeDecodeError) as error:
        raise ClientError(f"cannot read {file}: {error}") from error


def print_tip(tip: Node) -> None:
    """One line about a block."""
    assert tip.block is not None
    print(f"block {tip.height} {id_text(tip.id)} with {len(tip.block.payments)} payments", flush=True)


def main() -> None:
    """Runs the requested command."""
    options = arguments()
    try:
        if options.command == "key":
            make_key(options.file)
        else:
            asyncio.run({"sync": sync, "pay": pay, "mine": mine}[options.command](options))
    except ClientError as error:
        sys.exit(f"error: {error}")
    except RuleBroken as broken:
        sys.exit(f"error: the node sent what breaks the protocol: {broken}")
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
