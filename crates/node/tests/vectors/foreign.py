#!/usr/bin/env python3
"""Writes foreign.json: what docs/protocol.md asks for, computed without the Rust code.

    python3 foreign.py > foreign.json      (needs the package `cryptography`)

Signatures are drawn with fresh randomness, so each run writes other ones: the tests check that
they are valid, not that they are the same.
"""

import hashlib
import json
import struct

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

# The keys of the teaching coin's lesson on mining.
LESSON = {
    "genesis": (
        "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042012bbcc17335fa7345f7be65b01a5d6dca706d8f2ba99691f314697f288d678c0a144034200043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e",
        "3059301306072a8648ce3d020106082a8648ce3d030107034200043f3bd6d16ce4bde95a8237170aaa106388485498234a3dca5d0c273d907c03c3e72017bec13cf6e893e96da0f9d6c7037c79b40cb006aff12ae88adae1b0bb7e",
    ),
    "a": (
        "308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b020101042075189dae1d094c49143d0773fd8860bab4d012112e3da1e9628bd9c0f4d50befa14403420004a557c098f9fd58388690eb4633bc81f2a4e2ae341f2b81dbaef27f8aef686fb793632412ad7d557d8f5d57077d59b9491997cbf4480dabf980f675a29a3ce370",
        "3059301306072a8648ce3d020106082a8648ce3d03010703420004a557c098f9fd58388690eb4633bc81f2a4e2ae341f2b81dbaef27f8aef686fb793632412ad7d557d8f5d57077d59b9491997cbf4480dabf980f675a29a3ce370",
    ),
    "b": (
        None,
        "3059301306072a8648ce3d020106082a8648ce3d03010703420004d4eb72cc94978f09f96d981214b10da0d06c75797acada7dd844ace222026330e7817f0cb6088ed7000f916e01ba3497c696177b72a1ddfbbbd1db6914410389",
    ),
}


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def bech32m(hrp, data):
    """The encoding of BIP 350."""
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    bits = "".join(f"{byte:08b}" for byte in data)
    bits += "0" * (-len(bits) % 5)
    values = [int(bits[i : i + 5], 2) for i in range(0, len(bits), 5)]

    def polymod(values):
        check = 1
        for value in values:
            top = check >> 25
            check = (check & 0x1FFFFFF) << 5 ^ value
            for i, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
                if top >> i & 1:
                    check ^= generator
        return check

    expanded = [ord(c) >> 5 for c in hrp] + [0] + [ord(c) & 31 for c in hrp]
    check = polymod(expanded + values + [0] * 6) ^ 0x2BC830A3
    values += [check >> 5 * (5 - i) & 31 for i in range(6)]
    return hrp + "1" + "".join(alphabet[value] for value in values)


def public_key(spki_hex):
    return serialization.load_der_public_key(bytes.fromhex(spki_hex))


def compressed(key):
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)


def address(name):
    return sha256(compressed(public_key(LESSON[name][1])))[:20]


def merkle_root(leaves):
    """RFC 6962, section 2.1."""
    if len(leaves) == 1:
        return sha256(b"\x00", leaves[0])
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha256(b"\x01", merkle_root(leaves[:split]), merkle_root(leaves[split:]))


def keys():
    for name, (private, public) in LESSON.items():
        yield {
            "name": name,
            "private": private,
            "public": public,
            "compressed": compressed(public_key(public)).hex(),
            "address": bech32m("fed", address(name)),
        }


def payment(sender, network, replaceable, inputs, outputs):
    key = serialization.load_der_private_key(bytes.fromhex(LESSON[sender][0]), None)
    encoding = compressed(key.public_key())
    encoding += bytes([replaceable])
    encoding += struct.pack("<I", len(inputs))
    encoding += b"".join(txid + struct.pack("<I", index) for txid, index in inputs)
    encoding += struct.pack("<I", len(outputs))
    encoding += b"".join(struct.pack("<Q", amount) + address(to) for to, amount in outputs)
    txid = sha256(b"FEDCoin payment", encoding)
    message = b"FEDCoin signature" + network + txid
    r, s = decode_dss_signature(key.sign(message, ec.ECDSA(hashes.SHA256())))
    signature = r.to_bytes(32) + min(s, ORDER - s).to_bytes(32)
    return {
        "network": network[::-1].hex(),
        "sender": sender,
        "replaceable": replaceable,
        "inputs": [{"txid": txid.hex(), "index": index} for txid, index in inputs],
        "outputs": [{"to": to, "units": amount} for to, amount in outputs],
        "encoding": (encoding + signature).hex(),
        "txid": txid.hex(),
        "hash": sha256(encoding, signature).hex(),
        "signing_message": message.hex(),
        "signature": signature.hex(),
        "high_s": (r.to_bytes(32) + max(s, ORDER - s).to_bytes(32)).hex(),
    }


def coinbase(height, to, amount):
    encoding = struct.pack("<IQ", height, amount) + address(to)
    txid = sha256(b"FEDCoin coinbase", encoding)
    return {"height": height, "to": to, "units": amount, "encoding": encoding.hex(), "txid": txid.hex()}


def header(version, salt, previous, root, time, target, nonce):
    encoding = struct.pack(">II32s32sQII", version, salt, previous, root, time, target, nonce)
    return {
        "version": version,
        "salt": salt,
        "previous": previous[::-1].hex(),
        "merkle_root": root.hex(),
        "time": time,
        "target": f"{target:08x}",
        "nonce": nonce,
        "encoding": encoding.hex(),
        "id": sha256(encoding)[::-1].hex(),
    }


def mined(target):
    """A header whose work was done here."""
    exponent, mantissa = target >> 24, target & 0xFFFFFF
    for nonce in range(1 << 32):
        candidate = header(1, 7, sha256(b"previous"), sha256(b"root"), 1_700_000_000_000, target, nonce)
        if int(candidate["id"], 16) <= mantissa << 8 * (exponent - 3):
            return candidate


def targets():
    for compact in (0x1EFFFFFF, 0x207FFFFF, 0x20FFFFFF, 0x03800000, 0x02123400, 0x01120000):
        exponent, mantissa = compact >> 24, compact & 0xFFFFFF
        target = mantissa << 8 * (exponent - 3) if exponent >= 3 else mantissa >> 8 * (3 - exponent)
        yield {"compact": f"{compact:08x}", "target": f"{target:064x}", "work": str((1 << 256) // (target + 1))}


leaves = [sha256(bytes([i])) for i in range(9)]
network = sha256(b"some network")
vectors = {
    "keys": list(keys()),
    "payments": [
        payment("genesis", network, True, [(sha256(b"coin"), 0)], [("a", 200_000_000), ("genesis", 4_800_000_000)]),
        payment("a", network, False, [(sha256(b"coin"), n) for n in range(300)], [("b", 1)]),
    ],
    "coinbases": [coinbase(0, "genesis", 5_000_000_000), coinbase(123_456, "b", 1)],
    "headers": [
        header(1, 2, sha256(b"a"), sha256(b"b"), 3, 0x1EFFFFFF, 4),
        header(2**32 - 1, 2**32 - 1, bytes(range(32)), b"\xff" * 32, 2**64 - 1, 0x207FFFFF, 2**32 - 1),
        mined(0x1EFFFFFF),
    ],
    "merkle": [
        {"leaves": [leaf.hex() for leaf in leaves[:n]], "root": merkle_root(leaves[:n]).hex()} for n in range(1, 10)
    ],
    "targets": list(targets()),
    # RFC 6979, appendix A.2.5: P-256 with SHA-256. `s` as printed there; the protocol takes the lower of s and n - s.
    "rfc6979": {
        "private": "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721",
        "signatures": [
            {
                "message": "sample",
                "r": "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
                "s": "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8",
            },
            {
                "message": "test",
                "r": "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
                "s": "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083",
            },
        ],
    },
}
for vector in vectors["rfc6979"]["signatures"]:
    s = int(vector["s"], 16)
    vector["low_s"] = f"{min(s, ORDER - s):064x}"
print(json.dumps(vectors, indent=1))
