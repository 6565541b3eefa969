"""Penglai: its page tells what the plan says."""

import pytest
from with_and_without import INPUTS, OFF, outcome

IDLE = ("idle-luanjiakou", "idle-kaifaqu", "idle-beigou", "idle-daxindian")


def test_the_page_tells_what_the_plan_says() -> None:
    plan = outcome("penglai")
    page = (INPUTS.parent / "docs" / "systems" / "penglai.md").read_text(encoding="utf-8")
    cleared = outcome("penglai", changes={f"projects.{p}.makes.{m}": "0" for p in IDLE for m in ("land", "quota")})
    told = [
        f"{len(plan.chosen)} of {len(plan.solved.admission.asked)}", f"{plan.used('land'):,.0f} mu",
        f"score is {plan.score:.1f}, penalty {plan.penalty:.1f}",
        f"worth {plan.objective - cleared.objective:.1f} points",
    ]  # fmt: skip
    for words in told:
        assert words in page, words


def test_deep_shoreline_serves_ordinary_needs() -> None:
    plan, apart = outcome("penglai"), outcome("penglai", changes={"measures.shoreline.also_served_by": OFF})
    for port in ("栾家口港区", "蓬莱港区"):
        supply = plan.solved.scenario.zones[port].supply
        assert plan.used("shoreline", port) > supply["shoreline"].amount
        assert apart.used("shoreline", port) <= supply["shoreline"].amount + 1e-6
    assert plan.objective > apart.objective + 0.5


def test_more_shoreline_brings_the_offshore_works() -> None:
    plan = outcome("penglai")
    deep = outcome("penglai", changes={"zones.栾家口港区.supply.deep_shoreline": "946 米"})
    ordinary = outcome("penglai", changes={"zones.栾家口港区.supply.shoreline": "2860 米"})
    assert "offshore" in deep.chosen - plan.chosen
    assert deep.objective == pytest.approx(ordinary.objective, abs=1e-3)
