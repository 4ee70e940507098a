"""Keys, signatures (rule E6) and addresses (rule E5)."""

import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from .errors import ClientError

CURVE_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ADDRESS_PREFIX = "fed"


def sha256(*parts: bytes) -> bytes:
    """The SHA-256 of the concatenated parts."""
    return hashlib.sha256(b"".join(parts)).digest()


@dataclass(frozen=True)
class PrivateKey:
    """A key that can pay."""

    key: ec.EllipticCurvePrivateKey

    @classmethod
    def generate(cls) -> "PrivateKey":
        """A new random key."""
        return cls(ec.generate_private_key(ec.SECP256R1()))

    @classmethod
    def from_hex(cls, text: str) -> "PrivateKey":
        """Reads the hex of a PKCS#8 DER encoding."""
        try:
            key = serialization.load_der_private_key(bytes.fromhex(text.strip()), None)
        except ValueError as error:
            raise ClientError("this is no private key: expected PKCS#8 DER in hex") from error
        if not isinstance(key, ec.EllipticCurvePrivateKey) or key.curve.name != "secp256r1":
            raise ClientError("this private key is not of the curve P-256")
        return cls(key)

    def to_hex(self) -> str:
        """The hex of the PKCS#8 DER encoding."""
        plain = serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, plain).hex()

    @property
    def public(self) -> bytes:
        """The public key, compressed to 33 bytes."""
        return compress(self.key.public_key())

    def public_hex(self) -> str:
        """The hex of the public key's SPKI DER encoding."""
        spki = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(serialization.Encoding.DER, spki).hex()

    def sign(self, message: bytes) -> bytes:
        """A signature of 64 bytes, with the lower of the two `s` (rule T8)."""
        r, s = decode_dss_signature(self.key.sign(message, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + min(s, CURVE_ORDER - s).to_bytes(32, "big")


def compress(key: ec.EllipticCurvePublicKey) -> bytes:
    """A public key in 33 bytes."""
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint)


def public_from_hex(text: str) -> bytes:
    """Reads the hex of an SPKI DER encoding; returns the compressed form."""
    try:
        key = serialization.load_der_public_key(bytes.fromhex(text.strip()))
    except ValueError as error:
        raise ClientError("this is no public key: expected SPKI DER in hex") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise ClientError("this public key is not of the curve P-256")
    return compress(key)


def has_low_s(signature: bytes) -> bool:
    """Whether `s` is at most half of the curve's order (rule T8)."""
    return int.from_bytes(signature[32:], "big") <= CURVE_ORDER // 2


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether the owner of the public key has signed the message."""
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public)
        key.verify(encode_dss_signature(r, s), message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def address_of(public: bytes) -> bytes:
    """The 20 bytes of a public key's address."""
    return sha256(public)[:20]


def address_to_text(address: bytes) -> str:
    """An address as text: bech32m (BIP 350) without a version."""
    values = _regroup(address, 8, 5)
    checksum = _polymod(_expanded_prefix() + values + [0] * 6) ^ _BECH32M
    values += [checksum >> 5 * (5 - place) & 31 for place in range(6)]
    return ADDRESS_PREFIX + "1" + "".join(_ALPHABET[value] for value in values)


def address_from_text(text: str) -> bytes:
    """Reads an address and its checksum."""
    text = text.strip()
    plain = text.lower()
    values = [_ALPHABET.find(character) for character in plain[len(ADDRESS_PREFIX) + 1 :]]
    good = (
        text in (plain, text.upper())
        and plain.startswith(ADDRESS_PREFIX + "1")
        and len(values) == 32 + 6
        and min(values) >= 0
        and _polymod(_expanded_prefix() + values) == _BECH32M
    )
    if not good:
        raise ClientError(f"{text!r} is no address: it begins with fed1, and its last six characters are a checksum")
    return bytes(_regroup(bytes(values[:-6]), 5, 8))


_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_BECH32M = 0x2BC830A3
_GENERATORS = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def _expanded_prefix() -> list[int]:
    return [ord(c) >> 5 for c in ADDRESS_PREFIX] + [0] + [ord(c) & 31 for c in ADDRESS_PREFIX]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATORS):
            if top >> bit & 1:
                check ^= generator
    return check


def _regroup(values: bytes, old: int, new: int) -> list[int]:
    """The same bits in groups of another size: 160 bits are 20 bytes or 32 groups of five."""
    number = 0
    for value in values:
        number = number << old | value
    count = len(values) * old // new
    return [number >> new * (count - 1 - place) & ((1 << new) - 1) for place in range(count)]
