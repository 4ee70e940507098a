"""Targets: their compact form (rule H2), their work (F1), and how they follow the hash rate (H4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from .errors import require

COUNTED_BLOCKS = 22
WINDOW = 41


def expand(compact: int) -> int:
    """The number that a compact target means; rule H2."""
    exponent, mantissa = compact >> 24, compact & 0xFFFFFF
    require(mantissa >> 16 != 0, "H2", f"the target {compact:08x} has more than one form, or is zero")
    if exponent < 3:
        shift = 8 * (3 - exponent)
        require(exponent > 0 and mantissa % (1 << shift) == 0, "H2", f"the target {compact:08x} is no whole number")
        return mantissa >> shift
    target = mantissa << 8 * (exponent - 3)
    require(target < 1 << 256, "H2", f"the target {compact:08x} is above 256 bits")
    return target


def compress(target: int) -> int:
    """The compact form of the largest number not above `target` that has one."""
    exponent = (target.bit_length() + 7) // 8
    shift = 8 * (exponent - 3)
    mantissa = target >> shift if shift >= 0 else target << -shift
    return exponent << 24 | mantissa


def work(target: int) -> int:
    """Average number of hashes for a block with this target (rule F1)."""
    return (1 << 256) // (target + 1)


@dataclass(frozen=True)
class EasingTarget:
    """The target of the next block, which depends on that block's own time; after H4."""

    in_time: int
    """Compact, as are the others."""
    easiest: int
    eases_after: int = 1 << 64
    step_ms: int = 1

    def at(self, time: int) -> int:
        """The compact target of a block of this time."""
        return self.after_doublings(self.doublings(time))

    def doublings(self, time: int) -> int:
        """How often the target has doubled for a block of this time; 0 if the block is in time."""
        return -(min(self.eases_after - time, 0) // self.step_ms)

    def after_doublings(self, doublings: int) -> int:
        """The compact target after so many doublings."""
        limit = expand(self.easiest)
        if doublings >= 256:
            return self.easiest
        return compress(min(expand(self.in_time) << doublings, limit))


def next_target(times: Sequence[int], targets: Sequence[int], easiest: int, spacing: int) -> EasingTarget:
    """The target that a network with retargeting asks of the next block (after H4).

    `times` and `targets` are those of the last 41 headers, oldest first, or of all when there are fewer;
    targets are compact.
    """
    times, targets = times[-WINDOW:], targets[-WINDOW:]
    counted, fall, cautious = _count(times, targets, easiest, spacing)
    size = COUNTED_BLOCKS if fall is None else min(COUNTED_BLOCKS, 2 + len(counted))
    missing = (_difficulty(easiest if fall is None else fall, easiest), spacing)
    blocks = ([missing] * size + counted)[-size:]
    weighted = list(enumerate(blocks, 1))
    work_sum = sum(weight * work for weight, (work, _) in weighted)
    time_sum = max(sum(weight * time for weight, (_, time) in weighted), size * (size + 1) // 2 * spacing // 4)

    limit = expand(easiest)
    factor = (1 << 40) * 33 * time_sum // (32 * spacing)
    target = min(limit * factor // work_sum, limit)
    if cautious:
        target //= 4
    return _easing(compress(max(target, 1)), easiest, max(times), spacing)


def _easing(in_time: int, easiest: int, latest: int, spacing: int) -> EasingTarget:
    return EasingTarget(in_time, easiest, latest + 120_000 + 12 * spacing, spacing // 5)


def _count(
    times: Sequence[int], targets: Sequence[int], easiest: int, spacing: int
) -> tuple[list[tuple[int, int]], int | None, int]:
    """Work and time of the headers that count, the target of the last fall, and how many blocks are cautious yet."""
    counted: list[tuple[int, int]] = []
    fall, cautious, after_late = None, 0, False
    clock = latest = times[0]
    reference = targets[0]
    for time, target in zip(times[1:], targets[1:], strict=True):
        needed = _easing(reference, easiest, latest, spacing)
        late = needed.doublings(time)
        latest = max(latest, time)
        if late == 0:
            took = min(max(time - clock, 0), 6 * spacing)
            jumps = after_late or time - clock > 120_000 + 10 * spacing
            clock = time if jumps else clock + took
            difficulty = _difficulty(target, easiest)
            counted.append((difficulty // 4 if cautious else difficulty, took))
            reference, cautious = target, max(cautious - 1, 0)
        else:
            clock = time
            if late > 10 and needed.after_doublings(late - 10) == easiest:
                cautious = 3
            else:
                counted, fall, reference, cautious = [], target, target, 0
        after_late = late > 0
    return counted, fall, cautious


def _difficulty(target: int, easiest: int) -> int:
    exponent, mantissa = target >> 24, target & 0xFFFFFF
    easiest_exponent, easiest_mantissa = easiest >> 24, easiest & 0xFFFFFF
    return ((easiest_mantissa << 40) // mantissa) << 8 * min(easiest_exponent - exponent, 24)
