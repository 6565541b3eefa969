"""Qinbei: every mechanism the scenario is there for decides something; each is solved with it and without it."""

import csv

import pytest
from test_seeds import FACTS
from with_and_without import INPUTS, OFF, outcome

LISTED = [f"第{n}项" for n in range(1, 11)]
CASES = ["energy-cut", "dry-year", "acid-at-home", "steam-network", "discuss-pass", "tax-first"]
PARKS = ["化工园", "铝工业园", "集聚区"]


def rows() -> list[dict[str, str]]:
    with (INPUTS / "qinbei" / "candidates.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_ten_listed_projects_are_there_with_what_they_invest() -> None:
    investments = dict.fromkeys(LISTED, 0.0)
    for row in rows():
        if row["重点项目"]:
            investments[row["重点项目"]] += float(row["固定资产投资(亿元)"])
    facts = ["F109", "F110", "F112", "F114", "F116", "F118", "F120", "F122", "F127", "F129"]
    assert investments == pytest.approx({n: FACTS[f]["value"] for n, f in zip(LISTED, facts, strict=True)})
    assert len(LISTED) == FACTS["F136"]["value"]
    assert len(rows()) >= 30


def test_candidates_that_nobody_listed_say_that_they_are_assumed() -> None:
    for row in rows():
        if not row["重点项目"]:
            assert "investment" in row["估算项"] or not float(row["固定资产投资(亿元)"]), row["编号"]
            assert "F1" not in row["依据"], row["编号"]


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_a_plan(case: str) -> None:
    assert outcome("qinbei", case).chosen


def test_land_in_the_chlor_alkali_park_counts_against_the_chemical_park() -> None:
    plan, apart = outcome("qinbei"), outcome("qinbei", changes={"zones.化工园.supply.land": "7500 亩"})
    assert 0 < plan.used("land", "氯碱园") <= 1500
    assert plan.used("land", "化工园") <= 6000
    assert apart.used("land", "化工园") > 6000, "the 1,500 mu are taken from the 6,000, not added to them"
    assert apart.objective > plan.objective + 1


def test_the_chlor_alkali_park_is_a_limit_of_its_own() -> None:
    plan, open_ = outcome("qinbei"), outcome("qinbei", changes={"zones.氯碱园.supply.land": OFF})
    assert open_.used("land", "氯碱园") > 1500
    assert open_.objective > plan.objective + 0.1
    assert "flake" in open_.chosen - plan.chosen


def test_the_chlor_alkali_park_lives_on_the_steam_of_the_park_around_it() -> None:
    plan, outside = outcome("qinbei"), outcome("qinbei", changes={"zones.氯碱园.within": OFF})
    assert "haohua" in plan.chosen
    assert "haohua" not in outside.chosen
    assert outside.used("chlorine") == 0


def test_the_aluminium_park_is_full() -> None:
    plan, larger = outcome("qinbei"), outcome("qinbei", changes={"zones.铝工业园.supply.land": "6000 亩"})
    assert plan.used("land", "铝工业园") == pytest.approx(4000, abs=60)
    assert larger.used("land", "铝工业园") > 4000
    assert larger.objective > plan.objective + 1


def test_chlorine_must_be_used_where_it_is_made() -> None:
    plan, free = outcome("qinbei"), outcome("qinbei", changes={"measures.chlorine.must_use": OFF})
    assert plan.used("chlorine") >= 0.95 * plan.made("chlorine") - 1e-6 > 0
    assert free.used("chlorine") < 0.75 * free.made("chlorine"), "the soda is wanted, a quarter of the chlorine is not"
    assert free.objective > plan.objective + 0.5


def test_hydrogen_chloride_of_one_feeds_another() -> None:
    plan = outcome("qinbei")
    by_product = {"projects.haishihong.makes.hcl": "0", "projects.dinghong.makes.hcl": "0"}
    without, nothing = (
        outcome("qinbei", changes=by_product),
        outcome("qinbei", changes=by_product | {"projects.hcl-synth.makes.hcl": "0"}),
    )
    assert {"haishihong", "dinghong", "shangyu", "ech"} <= plan.chosen
    assert plan.used("hcl") <= plan.made("hcl") + 1e-6
    assert "ech" not in without.chosen
    assert "shangyu" not in nothing.chosen
    assert plan.objective > without.objective + 0.05
    assert without.objective > nothing.objective + 1


def test_caustic_soda_of_the_cells_feeds_its_users() -> None:
    plan, without = outcome("qinbei"), outcome("qinbei", changes={"projects.haohua.makes.caustic": "0"})
    users = {row["编号"] for row in rows() if float(row["烧碱(吨/年)"])}
    assert len(users & plan.chosen) > 4
    assert not users & without.chosen
    assert 0 < plan.used("caustic") <= plan.made("caustic")
    assert plan.objective > without.objective + 10


def test_steam_is_balanced_park_by_park() -> None:
    plan, network = outcome("qinbei"), outcome("qinbei", "steam-network")
    for park in PARKS:
        assert plan.used("steam", park) <= plan.made("steam", park) + 1e-6
    assert network.used("steam") <= network.made("steam") + 1e-6
    assert any(network.used("steam", park) > network.made("steam", park) + 0.5 for park in PARKS)
    assert network.objective > plan.objective + 0.1


def test_the_output_goal_brings_in_what_would_not_come_by_itself() -> None:
    plan, free = outcome("qinbei"), outcome("qinbei", changes={"rules.output-180": "off"})
    goal = FACTS["F130"]["value"]
    assert free.of("output", "listed", *LISTED) < goal <= plan.of("output", "listed", *LISTED)
    assert plan.rule("output-180").kept
    assert plan.penalty == 0
    assert "jinmei" in plan.chosen - free.chosen
    assert free.score > plan.score + 1, "what the goal costs"


def test_less_energy_misses_the_goal() -> None:
    plan, less = outcome("qinbei"), outcome("qinbei", "energy-cut")
    assert less.used("energy") <= 550_000 < plan.used("energy")
    assert "jinmei" not in less.chosen
    assert less.penalty > 0


def test_shared_sewage_works_carry_the_chemical_park() -> None:
    plan, without = outcome("qinbei"), outcome("qinbei", changes={"projects.wwtp.makes.sewage": "0"})
    assert plan.used("sewage") > 60, "more than the works that stand can take"
    assert without.used("sewage") <= 60
    assert plan.objective > without.objective + 10


def test_intensity_standard_frees_land() -> None:
    plan, untrimmed = outcome("qinbei"), outcome("qinbei", changes={"rules.intensity": "off"})
    assert len(plan.trimmed() & plan.chosen) > 1
    assert plan.objective > untrimmed.objective + 0.1


def test_who_is_barred_and_who_is_for_the_meeting() -> None:
    admission = outcome("qinbei").solved.admission
    ids = admission.asked.ids
    assert set(ids[admission.discuss]) == {"jinyu"}
    assert set(ids[~admission.competes & ~admission.discuss]) == {"qinao", "diaphragm"}
    free = outcome("qinbei", "discuss-pass")
    assert "jinyu" not in free.chosen, "the meeting need not trouble itself: it would not find room"


def test_profiles_and_curtain_walls_are_worth_more_together() -> None:
    plan, apart = outcome("qinbei"), outcome("qinbei", changes={"rules.xingfa": "off"})
    assert plan.zone("xingfa-profile") == plan.zone("xingfa-curtain") == "铝工业园"
    assert plan.score > apart.score


def test_the_page_tells_what_the_plan_says() -> None:
    plan = outcome("qinbei")
    page = (INPUTS.parent / "docs" / "systems" / "qinbei.md").read_text(encoding="utf-8")
    told = [f"score is {plan.score:.1f}", f"{len(plan.chosen) - 3} of {len(rows())}", f"{plan.used('land'):,.0f} mu"]
    told += [f"{plan.of('output', 'listed', *LISTED):.1f} 亿元"]
    for words in told:
        assert words in page, words
