"""Towns: every mechanism the scenario is there for decides something; each is solved with it and without it."""

import numpy as np
import pytest
from with_and_without import INPUTS, OFF, Outcome, outcome

from landalloc.models.plan import RuleRow
from landalloc.optimizer import account as accounts

TOWNS = ["城关镇", "东河镇", "石桥镇", "南集镇", "白塔镇", "西岭镇"]
CASES = ["quota-cut", "no-link", "settlers-first", "free-towns"]
STANDING = {  # living land (mu) and industrial jobs of each town before the plan
    "城关镇": (2570, 21500), "东河镇": (940, 8000), "石桥镇": (690, 5800),
    "南集镇": (560, 4700), "白塔镇": (442, 3700), "西岭镇": (504, 4200),
}  # fmt: skip


def without(*rules: str) -> Outcome:
    return outcome("towns", changes={f"rules.{rule}": "off" for rule in rules})


def by_town(plan: Outcome, name: str) -> dict[str | None, RuleRow]:
    return {row.each: row for row in accounts.rules(plan.solved.account) if row.name == name}


def there(plan: Outcome, measure: str, town: str, *sectors: str) -> float:
    """Σ of a measure over the projects of some sectors in a town."""
    candidates = plan.solved.admission.candidates
    of_sector = np.isin(candidates.attributes["sector"].astype(str), sectors)[candidates.project]
    here = candidates.zone == plan.solved.scenario.places.index(town)
    return plan.solved.account.sum(measure, of_sector & here)


def land_per_job(plan: Outcome, town: str) -> float:
    """Living land per industrial job, what stands included: the rule's ratio, added up here."""
    land, jobs = STANDING[town]
    return (land + there(plan, "land", town, "居住", "镇区建设")) / (jobs + there(plan, "jobs", town, "工业"))


def use(plan: Outcome, town: str) -> float:
    """Land used of the land that the plan of the town names."""
    return plan.used("land", town) / plan.solved.scenario.zones[town].supply["land"].amount


def spread(plan: Outcome) -> float:
    shares = [use(plan, town) for town in TOWNS]
    return max(shares) - min(shares)


def vetoed(plan: Outcome) -> set[str]:
    asked = plan.solved.admission.asked
    return set(asked.ids[~plan.solved.admission.competes].tolist())


def test_it_is_a_decision() -> None:
    plan = outcome("towns")
    candidates = len(plan.solved.admission.asked)
    assert candidates >= 30
    assert 20 < len(plan.chosen) < candidates - 15


@pytest.mark.parametrize("case", CASES)
def test_every_case_has_a_plan_of_its_own(case: str) -> None:
    assert abs(outcome("towns", case).objective - outcome("towns").objective) > 0.01


# --- town land follows the town's own industrial jobs


def test_town_land_grows_only_with_the_towns_own_industrial_jobs() -> None:
    plan, free = outcome("towns"), without("town-follows-jobs")
    for town, row in by_town(plan, "town-follows-jobs").items():
        assert town is not None
        assert row.value == pytest.approx(land_per_job(plan, town), rel=1e-9)
        assert row.value is not None
        assert row.value <= 0.12 + 1e-9
    at_the_limit = [town for town in TOWNS if land_per_job(plan, town) > 0.1199]
    beyond = [town for town in TOWNS if land_per_job(free, town) > 0.1201]
    assert len(at_the_limit) >= 3
    assert len(beyond) >= 3
    assert "西岭镇" in at_the_limit, "it has built ahead of its jobs: its share is used up before the plan"
    assert free.of("land", "sector", "居住") > 1.2 * plan.of("land", "sector", "居住")
    assert free.of("jobs", "sector", "工业") < plan.of("jobs", "sector", "工业"), "houses in place of work"
    assert free.objective > plan.objective + 0.1


def test_jobs_in_one_town_let_no_other_town_grow() -> None:
    """The county as a whole keeps the limit without the rule's `each: zone`; its towns do not."""
    plan = outcome("towns")
    together = outcome("towns", changes={"rules.town-follows-jobs.each": OFF, "rules.town-follows-jobs.existing": (
        "{of: 5706 亩, per: 47900 人}")})  # fmt: skip
    assert all(land_per_job(plan, town) <= 0.12 + 1e-9 for town in TOWNS)
    assert any(land_per_job(together, town) > 0.1201 for town in TOWNS)
    assert together.objective > plan.objective + 0.01


def test_what_stands_counts() -> None:
    """A town that had built less ahead of its jobs could grow by about as much more."""
    plan = outcome("towns")
    lean = outcome("towns", changes={"rules.town-follows-jobs.existing.西岭镇.of": "404 亩"})
    more = there(lean, "land", "西岭镇", "居住") - there(plan, "land", "西岭镇", "居住")
    assert 50 < more <= 100 + 0.12 * abs(there(lean, "jobs", "西岭镇", "工业") - there(plan, "jobs", "西岭镇", "工业"))


# --- works do not run ahead of the factories


def test_serviced_land_is_used() -> None:
    plan, free = outcome("towns"), outcome("towns", changes={"measures.site.must_use": OFF})
    for town in TOWNS:
        assert plan.used("site", town) >= 0.8 * plan.made("site", town) - 1e-6
    assert any(free.used("site", town) < 0.799 * free.made("site", town) for town in TOWNS)
    assert free.objective > plan.objective + 0.05


def test_one_town_alone_gets_the_dear_kind_of_works() -> None:
    plan, free = outcome("towns"), without("few-full-works")
    full = {"seven-chengguan", "seven-donghe", "seven-baita"}
    assert len(full & plan.chosen) == 1
    assert len(full & free.chosen) > 1
    assert free.objective > plan.objective + 0.1


def test_of_two_kinds_of_works_a_town_builds_one() -> None:
    """With money and quota in plenty the two would both be built side by side, and each would find its firms."""
    plenty = {"supply.quota": "6000 亩", "supply.fund": "20 亿元", "rules.few-full-works": "off"}
    towns = ("chengguan", "donghe", "baita")
    rich = outcome("towns", changes=plenty)
    both = outcome("towns", changes=plenty | {f"rules.works-{town}": "off" for town in towns})
    assert not any({f"five-{town}", f"seven-{town}"} <= rich.chosen for town in towns)
    assert any({f"five-{town}", f"seven-{town}"} <= both.chosen for town in towns)


def test_showpieces_stay_out() -> None:
    assert vetoed(outcome("towns")) == {"plaza", "avenue", "newtown"}
    assert not vetoed(without("showpieces"))


# --- services beside industry


def test_services_keep_their_share_or_the_plan_pays() -> None:
    plan, free = outcome("towns"), without("services-share")
    short = [row for row in by_town(plan, "services-share").values() if row.shortfall]
    assert 0 < len(short) < len(TOWNS)
    assert sum(row.penalty for row in short) == pytest.approx(0.003 * sum(row.shortfall for row in short))
    assert plan.of("jobs", "sector", "服务业") > free.of("jobs", "sector", "服务业") + 200
    assert free.objective > plan.objective + 1


def test_ordinary_services_are_not_pushed_out_by_offices() -> None:
    plan, free = outcome("towns"), without("ordinary-services")
    share = [p.of("jobs", "service", "一般") / p.of("jobs", "sector", "服务业") for p in (plan, free)]
    assert share[0] >= 0.8 - 1e-9 > share[1]
    assert "finance" in free.chosen - plan.chosen
    assert free.objective > plan.objective + 0.1


# --- work for those who leave farming


def test_half_of_the_countys_surplus_labour_finds_work_at_home_or_nearly() -> None:
    plan, free = outcome("towns"), without("rural-labour")
    assert free.used("rural") < plan.used("rural") < 10_000
    assert plan.rule("rural-labour").shortfall == pytest.approx(10_000 - plan.used("rural"))


# --- between the towns


def test_towns_use_their_land_evenly() -> None:
    plan, free = outcome("towns"), without("fair")
    assert spread(plan) <= 0.15 + 1e-6
    assert spread(free) > 0.2
    assert plan.rule("fair").value == pytest.approx(spread(plan))
    assert free.objective > plan.objective + 0.01


def test_the_countys_quota_is_what_is_short() -> None:
    plan, plenty = outcome("towns"), outcome("towns", changes={"supply.quota": "6000 亩"})
    assert plan.used("quota") == pytest.approx(2700 + plan.made("quota"))
    assert plan.made("quota") > 400, "villages and kilns cleared give quota"
    assert plenty.objective > plan.objective + 3


# --- clusters


@pytest.mark.parametrize(("chain", "members"), [
    ("hardware-chain", {"lock-lead", "plating", "hardware-market"}),
    ("food-chain", {"cannery", "coldchain"}),
])  # fmt: skip
def test_members_of_a_cluster_sit_in_one_town(chain: str, members: set[str]) -> None:
    plan, alone = outcome("towns"), without(chain)
    assert plan.rule(chain).value == pytest.approx(1.0)
    assert len({plan.zone(member) for member in members}) == 1
    assert plan.objective > alone.objective + 0.01


# --- whole factories, houses in part


def test_factories_come_whole_and_houses_in_part() -> None:
    plan = outcome("towns")
    candidates = plan.solved.admission.candidates
    shares = plan.solved.account.project_shares()
    table = candidates.table
    factory = (candidates.attributes["sector"] == "工业") & (table["units"] == 0).to_numpy()
    houses = candidates.attributes["sector"] == "居住"
    assert set(np.round(shares[factory], 9)) == {0.0, 1.0}
    assert any(0.01 < s < 0.99 for s in shares[houses])
    parts = {f"projects.{p}.min_share": "0" for p in candidates.ids[factory]}
    assert outcome("towns", changes=parts).objective > plan.objective + 0.1


def test_the_page_tells_what_the_plan_says() -> None:
    plan = outcome("towns")
    page = (INPUTS.parent / "docs" / "systems" / "towns.md").read_text(encoding="utf-8")
    free = without("town-follows-jobs")
    told = [
        f"score is {plan.score:.1f}", f"penalty {plan.penalty:.1f}",
        f"{len(plan.chosen)} of {len(plan.solved.admission.asked)}",
        f"{plan.used('quota'):,.0f} mu", f"{plan.used('rural'):,.0f} people",
        f"{plan.of('land', 'sector', '居住'):,.0f} mu of housing",
        f"{free.of('land', 'sector', '居住'):,.0f} mu",
    ]  # fmt: skip
    for words in told:
        assert words in page, words
