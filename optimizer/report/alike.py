"""What stands in many rows, worked out once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.intp]


def classes(keys: Sequence[Ints], n: int) -> tuple[Ints, Ints]:
    """(class of each of n rows, first row of each class): rows with the same key in every column are one class.

    Keys are integers from 0 on.

    >>> classes([np.array([0, 1, 0, 1]), np.array([2, 0, 2, 3])], 4)
    (array([0, 1, 0, 2]), array([0, 1, 3]))
    """
    combined = np.zeros(n, dtype=np.intp)
    for key in keys:
        _, combined = np.unique(combined * (int(key.max(initial=0)) + 1) + key, return_inverse=True)
    _, first, combined = np.unique(combined, return_index=True, return_inverse=True)
    return combined, first


def numbered(values: ArrayLike) -> Ints:
    """(n,) equal values have equal numbers, from 0 on; what is missing has a number too."""
    return np.asarray(pd.factorize(np.asarray(values), use_na_sentinel=False)[0], dtype=np.intp)
