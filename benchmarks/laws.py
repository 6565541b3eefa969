"""Random scenarios with a mix of every rule, at sizes that tests have no time for: every method against bare HiGHS.

    python benchmarks/laws.py [--count 500] [--sizes 100 1000 5000 20000] [--seed 0] [--minutes 30] [--default-sizes]

Each is solved by prices and core, by the solver alone, and by bare HiGHS on another formulation, tests/reference.py,
where plans are added up and bounds proved. Prints what disagrees, and how many agree; exit status 1 if any does not.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from agreement import agree
from mixes import mix

from landalloc.optimizer.core import Sizes


def sizes_of(n: int) -> Sizes:
    """Samples and cores that are a part of n projects, as the real ones are of a hundred thousand."""
    return Sizes(sample=max(2, n // 6), core=max(2, n // 10), link=6, per_row=0)


def main() -> int:
    parser = argparse.ArgumentParser(description="Every method against bare HiGHS on random scenarios.")
    parser.add_argument("--count", type=int, default=500, help="scenarios of each size")
    parser.add_argument("--sizes", type=int, nargs="+", default=[100, 1000, 5000, 20_000], help="projects")
    parser.add_argument("--seed", type=int, default=0, help="of the first")
    parser.add_argument("--minutes", type=float, default=60.0, help="no new scenario after so many")
    parser.add_argument("--default-sizes", action="store_true", help="samples and cores as users have them")
    options = parser.parse_args()
    end, wrong = time.monotonic() + 60.0 * options.minutes, 0
    for n in options.sizes:
        told: Counter[str] = Counter()
        start = time.process_time()
        for seed in range(options.seed, options.seed + options.count):
            if time.monotonic() > end:
                break
            try:
                plan = agree(mix(seed, n), None if options.default_sizes else sizes_of(n))
                told["agree" if plan else "agree that there is no plan"] += 1
            except Exception as error:
                told["disagree"] += 1
                print(f"mix({seed}, {n}): {type(error).__name__}: {str(error)[:300]}", flush=True)  # noqa: T201
        wrong += told["disagree"]
        print(f"{n} projects: {dict(told)}, {time.process_time() - start:.0f} s of CPU", flush=True)  # noqa: T201
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
