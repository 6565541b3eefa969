"""Sums of columns, exactly rounded: what `math.fsum` gives, without a Python number for each term."""

from __future__ import annotations

import math

import numpy as np

from ..candidates import Floats

FEW = 500
"""Terms up to which `math.fsum` itself is quicker."""
MOST = 1 << 25
"""Terms whose halves, of 27 bits each, add up without rounding: 27 + 25 bits are below 53."""


def exact_sum(terms: Floats) -> float:
    """The sum of the terms (n,), rounded once.

    Every term is m · 2^e with |m| < 1, and m is cut into two integers of at most 27 bits. Those of one e are added up
    without any rounding, and the few sums that come out are added up by `math.fsum` (Shewchuk 1997).
    """
    if len(terms) <= FEW or not np.isfinite(terms).all():
        return math.fsum(terms.tolist())
    parts: list[float] = []
    for start in range(0, len(terms), MOST):
        parts += _halves(terms[start : start + MOST])
    return math.fsum(parts)


def _halves(terms: Floats) -> list[float]:
    """Numbers with the same sum, two for each power of two among the terms."""
    mantissas, powers = np.frexp(terms)
    least = int(powers.min())
    scaled = mantissas * 2.0**26
    high = np.trunc(scaled)
    low = (scaled - high) * 2.0**27
    at = powers - least
    sums = []
    for halves, shift in ((high, 26), (low, 53)):
        by_power = np.bincount(at, weights=halves)
        held = np.flatnonzero(by_power)
        sums += [math.ldexp(float(by_power[i]), int(i) + least - shift) for i in held]
    return sums
