"""Targets: their compact form (rule H2), their work (F1), and how they follow the hash rate (H4)."""

from collections.abc import Sequence

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


def next_target(times: Sequence[int], targets: Sequence[int], easiest: int, spacing: int) -> int:
    """The compact target that a network with retargeting asks of the next block (after H4).

    `times` and `targets` are those of the last 41 headers, oldest first, or of all when there are fewer;
    targets are compact.
    """
    times, targets = times[-WINDOW:], targets[-WINDOW:]
    taken, rested = _times_taken(times, spacing)
    cautious = [any(rested[max(0, place - 3) : place]) for place in range(len(times) + 1)]
    blocks = []
    for place in range(1, len(times)):
        difficulty = _difficulty(targets[place], easiest)
        blocks.append((difficulty // 4 if cautious[place] else difficulty, taken[place]))
    blocks = blocks[-COUNTED_BLOCKS:]
    missing = [(1 << 40, spacing)] * (COUNTED_BLOCKS - len(blocks))
    weighted = list(enumerate(missing + blocks, 1))
    work_sum = sum(weight * work for weight, (work, _) in weighted)
    time_sum = max(sum(weight * time for weight, (_, time) in weighted), 253 * spacing // 50)

    limit = expand(easiest)
    factor = (1 << 40) * 33 * time_sum // (32 * spacing)
    target = min(limit * factor // work_sum, limit)
    if cautious[len(times)]:
        target //= 4
    return compress(max(target, 1))


def _times_taken(times: Sequence[int], spacing: int) -> tuple[list[int], list[bool]]:
    """The time that each block counts for, and whether mining rested before it."""
    clock = times[0]
    taken, rested = [0], [False]
    for time in times[1:]:
        ahead = time - clock
        taken.append(min(max(ahead, 0), 6 * spacing))
        rested.append(ahead > 120_000 + 180 * spacing)
        clock = time if ahead > 120_000 + 10 * spacing else clock + taken[-1]
    return taken, rested


def _difficulty(target: int, easiest: int) -> int:
    exponent, mantissa = target >> 24, target & 0xFFFFFF
    easiest_exponent, easiest_mantissa = easiest >> 24, easiest & 0xFFFFFF
    return ((easiest_mantissa << 40) // mantissa) << 8 * min(easiest_exponent - exponent, 24)
