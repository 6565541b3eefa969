"""Zhongshan: every mechanism the scenario is there for decides something; each is solved with it and without it."""

import csv

import pytest
from with_and_without import INPUTS, OFF, outcome

CASES = ["dry-year", "emission-cut", "no-partner", "partner-2", "tax-first"]
TOWNS = ["火炬", "翠亨", "板芙", "古镇", "小榄", "沙溪", "大涌", "南头"]
STEPS = ["gz-pack", "xl-polish", "sx-sew", "dc-carve", "nt-assembly"]
"""Labour-intensive steps that may go to the partner zone."""


def rows() -> list[dict[str, str]]:
    with (INPUTS / "zhongshan" / "candidates.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def towers() -> list[str]:
    return [row["编号"] for row in rows() if row["准入功能"] == "标准厂房"]


def test_every_figure_of_the_candidates_is_marked_as_assumed() -> None:
    assert len(rows()) >= 30
    for row in rows():
        assert row["估算项"], row["编号"]


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_a_plan(case: str) -> None:
    assert outcome("zhongshan", case).chosen


# --- zero-land projects


def test_zero_land_projects_live_on_the_floor_that_others_make() -> None:
    plan = outcome("zhongshan")
    nothing = outcome("zhongshan", changes={f"projects.{tower}.makes.floor": "1" for tower in towers()})
    tenants = {row["编号"] for row in rows() if row["用地方式"] == "零用地" and row["编号"] not in STEPS}
    assert len(tenants & plan.chosen) > 10
    assert not tenants & nothing.chosen
    assert plan.objective > nothing.objective + 10
    for town in TOWNS:
        assert plan.used("floor", town) <= plan.made("floor", town) + 1e-6


def test_no_factory_is_built_without_tenants() -> None:
    plan, free = outcome("zhongshan"), outcome("zhongshan", changes={"measures.floor.must_use": OFF})
    for town in TOWNS:
        assert plan.used("floor", town) >= 0.9 * plan.made("floor", town) - 1e-6
    empty = free.made("floor") - free.used("floor")
    assert empty > 100_000, "investment alone would fill the towns with empty factories"
    assert plan.made("floor") - plan.used("floor") < 0.1 * empty
    assert free.objective > plan.objective + 0.5
    assert free.used("output") < 1.01 * plan.used("output"), "and hardly bring more output"


def test_floor_is_found_town_by_town() -> None:
    plan, anywhere = outcome("zhongshan"), outcome("zhongshan", changes={"measures.floor.balance": "region"})
    assert any(anywhere.used("floor", town) > anywhere.made("floor", town) + 1 for town in TOWNS)
    assert anywhere.objective > plan.objective + 0.5


# --- standards


def test_investment_standard_cuts_land_and_makes_room() -> None:
    plan, uncut = outcome("zhongshan"), outcome("zhongshan", changes={"rules.by-investment": "off"})
    assert "hj-display" in plan.trimmed() & plan.chosen
    assert "hj-display" not in uncut.trimmed()
    assert plan.objective > uncut.objective + 0.3


def test_floor_area_ratio_cuts_land_and_makes_room() -> None:
    plan, uncut = outcome("zhongshan"), outcome("zhongshan", changes={"rules.by-ratio": "off"})
    assert "hj-tcm" in plan.trimmed() & plan.chosen
    assert plan.objective > uncut.objective + 0.3


def test_output_standard_keeps_out_what_would_get_in() -> None:
    plan, free = outcome("zhongshan"), outcome("zhongshan", changes={"rules.by-output": "off"})
    admission = plan.solved.admission
    out = set(admission.asked.ids[~admission.competes & ~admission.discuss])
    assert out == {"gz-trad", "gz-glass", "hj-data"}
    assert "hj-data" in free.chosen
    assert free.objective > plan.objective + 0.3


def test_leading_firms_below_the_output_standard_go_to_the_meeting() -> None:
    admission = outcome("zhongshan").solved.admission
    assert set(admission.asked.ids[admission.discuss]) == {"nt-fridge", "ch-wind"}
    free = outcome("zhongshan", changes={"rules.by-output-lead": "off"}).solved.admission
    assert not free.discuss.any()
    assert set(free.candidates.ids[free.competes]) >= {"nt-fridge", "ch-wind"}


# --- first call


def test_small_lean_and_productive_projects_are_served_first() -> None:
    plan, free = outcome("zhongshan"), outcome("zhongshan", changes={"tiers": OFF})
    first = {
        row["编号"] for row in rows()
        if float(row["用地(亩)"]) <= 40 and float(row["综合能耗(吨标准煤/年)"]) <= 2000
        and float(row["产值(亿元/年)"]) >= 4 and row["层级"] != "小微"
    }  # fmt: skip
    assert len(first) > 8
    assert first <= plan.chosen, "whoever is small, lean and productive is in"
    assert "hj-toner" in first - free.chosen, "by the score alone it would not be"
    assert free.objective > plan.objective + 0.1
    assert plan.solved.tiers[0].value > 0


# --- caps on water and emissions, shared treatment


def test_shared_treatment_makes_room_under_the_caps() -> None:
    plan = outcome("zhongshan")
    nowhere = {f"projects.{p}.makes.{m}": "0" for p in ("xl-treat", "sx-treat") for m in ("cod", "water")}
    without = outcome("zhongshan", changes=nowhere)
    assert "xl-treat" in plan.chosen
    assert plan.used("cod") > 84, "more than the cap without treatment"
    assert plan.used("water") > 216
    assert without.used("cod") <= 84
    assert without.used("water") <= 216
    assert plan.objective > without.objective + 1


def test_shared_spraying_makes_room_for_the_furniture_makers() -> None:
    plan, without = outcome("zhongshan"), outcome("zhongshan", changes={"projects.dc-spray.makes.voc": "0"})
    assert plan.used("voc") > 100 >= without.used("voc")
    assert {"dc-custom", "dc-small"} <= plan.chosen - without.chosen
    assert plan.objective > without.objective + 1


def test_without_caps_nobody_would_treat() -> None:
    plan = outcome("zhongshan")
    free = outcome("zhongshan", changes={f"supply.{m}": "100000" for m in ("water", "cod", "voc")})
    assert not {"xl-treat", "sx-treat"} & free.chosen
    assert "xl-plating" in free.chosen - plan.chosen
    assert free.objective > plan.objective + 1


@pytest.mark.parametrize(("case", "measure"), [("dry-year", "water"), ("emission-cut", "cod"), ("emission-cut", "voc")])
def test_tighter_caps_cost(case: str, measure: str) -> None:
    plan, tight = outcome("zhongshan"), outcome("zhongshan", case)
    assert tight.objective < plan.objective - 0.1
    assert {"sx-treat", "xl-treat"} <= tight.chosen, "the second treatment works pay then"
    assert tight.used(measure) - tight.made(measure) < plan.used(measure) - plan.made(measure)


# --- the partner zone


def test_labour_intensive_steps_go_to_the_partner_zone() -> None:
    plan, alone = outcome("zhongshan"), outcome("zhongshan", "no-partner")
    gone = [step for step in STEPS if plan.zone(step) == "共建园"]
    assert len(gone) > 1
    assert len([step for step in STEPS if alone.zone(step)]) < len([step for step in STEPS if plan.zone(step)])
    assert plan.used("labour", "共建园") == plan.used("water", "共建园") == plan.used("cod", "共建园") == 0
    assert plan.objective > alone.objective + 1


def test_more_land_with_the_partner_takes_more_steps() -> None:
    plan, more = outcome("zhongshan"), outcome("zhongshan", "partner-2")
    assert more.used("land", "共建园") > plan.used("land", "共建园")
    assert more.objective > plan.objective + 0.1


def test_local_labour_is_short() -> None:
    plan, plenty = outcome("zhongshan"), outcome("zhongshan", changes={"supply.labour": "100000"})
    assert plan.used("labour") <= 20_000 < plenty.used("labour")
    assert plenty.objective > plan.objective + 1


def test_the_page_tells_what_the_plan_says() -> None:
    plan = outcome("zhongshan")
    page = (INPUTS.parent / "docs" / "systems" / "zhongshan.md").read_text(encoding="utf-8")
    told = [f"score is {plan.score:.1f}", f"{len(plan.chosen)} of {len(rows())}", f"{plan.used('land'):,.0f} mu"]
    told += [f"{plan.used('floor'):,.0f} m²", f"{plan.made('floor'):,.0f} m²"]
    for words in told:
        assert words in page, words
