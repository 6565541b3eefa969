"""Hundreds of scenarios with a mix of every rule: each method, bare HiGHS and a second formulation agree.

`LANDALLOC_TRIES=500` tries so many small ones, others each time; `benchmarks/laws.py --count 500` tries large ones.
"""

import pytest
from agreement import agree, assert_honest, assert_right, outcome
from build import Raw, build
from harms import HARMS, harmed
from hypothesis import given
from hypothesis import strategies as st
from laws import fresh
from linear_scenarios import linear_scenarios
from mixes import STYLES, mix
from reference import Reference
from test_laws import tries

from landalloc.optimizer.core import Sizes
from landalloc.optimizer.score import scales
from landalloc.optimizer.solve import Method

sizes = st.builds(
    Sizes, sample=st.integers(1, 6), core=st.integers(1, 4), link=st.sampled_from([2, 6, 12]), per_row=st.just(0)
)


def small(n: int) -> Sizes:
    """Samples and cores that are a part of n projects, as the real ones are of a hundred thousand."""
    return Sizes(sample=max(2, n // 6), core=max(2, n // 10), link=6, per_row=0)


@tries(25)
@given(linear_scenarios(most=10), sizes)
def test_small_ones_full_of_ties(raw: Raw, sizes: Sizes) -> None:
    agree(raw, sizes)


@tries(25)
@given(st.integers(0, 2**32), st.integers(10, 60), st.sampled_from(STYLES), sizes)
def test_ten_to_sixty_projects(seed: int, n: int, style: str, sizes: Sizes) -> None:
    agree(mix(seed, n, style=style), sizes)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("n", [100, 600])
@pytest.mark.parametrize("seed", range(1))
def test_hundreds_of_projects(seed: int, n: int, style: str) -> None:
    agree(mix(seed, n, style=style), small(n))


@pytest.mark.parametrize("n", [3000, 20_000])
def test_thousands_of_projects_at_the_sizes_that_users_get(n: int) -> None:
    raw = mix(1, n, style="spread")
    assert_right(raw, outcome(raw, Method.CORE), solve=False)


@pytest.mark.parametrize("method", [Method.CORE, Method.WHOLE])
@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("seed", range(2))
def test_figures_far_apart_are_never_called_optimal_wrongly(harm: str, seed: int, method: Method) -> None:
    told = assert_honest(harmed(harm, mix(seed, 40), seed), method, small(40))
    assert told == "certified" or harm in ("giant", "sizes", "entries", "supplies", "softs", "losses", "nothing")


@pytest.mark.parametrize("seed", [1, 3, 4, 5])
def test_no_unit_shows_in_plan_and_prices(seed: int) -> None:
    raw = harmed("units", mix(seed, 40), seed)
    assert agree(raw, small(40), solve=False)
    one, other = outcome(mix(seed, 40), Method.CORE), outcome(raw, Method.CORE)
    assert one is not None
    assert other is not None
    assert one.objective == pytest.approx(other.objective, rel=1e-9)
    assert one.shares == pytest.approx(other.shares, abs=1e-6)


@pytest.mark.parametrize("part", [0.97, 0.5])
def test_less_to_hand_out_is_never_better(part: float) -> None:
    raw = mix(2, 2000, style="spread")
    less = fresh(raw)
    for supply in (less["supply"], *(zone["supply"] for zone in less["zones"].values())):
        supply |= {measure: part * amount for measure, amount in supply.items()}
    one, other = (outcome(r, Method.CORE, kept=scales(*build(raw))) for r in (raw, less))
    assert one is not None
    assert other is None or other.objective <= one.objective + 1e-9 * abs(one.objective)


@pytest.mark.parametrize("seed", range(8))
def test_with_whole_projects_no_plan_breaks_a_rule_or_a_bound(seed: int) -> None:
    """The relaxation's prices prove the relaxation's optimum; what is whole is as good as bare HiGHS finds."""
    raw = mix(seed, 24, whole=0.4)
    found = outcome(raw, Method.CORE, small(24))
    reference = Reference(raw, found.tiers if found else ())
    if found is None:
        assert reference.optimum(0 if raw.get("tiers") else None, whole=True) is None
        return
    own, bound = reference.add_up(found.shares), reference.bound(found.prices)
    assert own.worst <= 1e-7, own.broken
    assert own.objective == pytest.approx(found.objective, rel=1e-7, abs=1e-7)
    best, relaxed = reference.optimum(whole=True), reference.optimum()
    assert best is None or own.objective == pytest.approx(best, rel=1e-6, abs=1e-6)
    assert relaxed is None or bound == pytest.approx(relaxed, rel=1e-7, abs=1e-7)
