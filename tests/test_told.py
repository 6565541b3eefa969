"""Sentences about many are those that each would get alone."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landalloc.models.finding import Message, Quantity
from landalloc.optimizer.report.numbers import POINTS, quantity
from landalloc.optimizer.report.words import text
from landalloc.optimizer.told import Column, Told, by_project, points_alike

points = st.one_of(
    st.floats(allow_nan=True),
    st.builds(lambda m, e: m * 10.0**e, st.integers(-9999, 9999), st.integers(-9, 2)),
    st.builds(lambda k, e: (k + 0.5) * 10.0**e, st.integers(-99, 99), st.integers(-6, -1)),
)


@given(st.lists(points, min_size=1, max_size=60))
def test_what_is_alike_is_said_alike(values: list[float]) -> None:
    code, first = points_alike(np.array(values))
    for language in ("zh", "en"):
        said = [quantity(values[i], POINTS, language) for i in first.tolist()]
        assert [said[c] for c in code.tolist()] == [quantity(value, POINTS, language) for value in values]


def test_many_points_are_few_texts() -> None:
    values = np.random.default_rng(1).uniform(0.0, 0.01, 10_000)
    assert len(points_alike(values)[1]) < 300


@given(st.data())
def test_each_project_hears_its_own(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 12))
    told, expected = [], [[] for _ in range(n)]
    for k, words in enumerate((Message("{a} and {b}"), Message("only {a}"), Message("nothing"))):
        projects = sorted(data.draw(st.sets(st.integers(0, n - 1))))
        args = {
            name: data.draw(st.lists(st.integers(0, 2), min_size=len(projects), max_size=len(projects)))
            for name in ("a", "b")
            if f"{{{name}}}" in words.text
        }
        values = [Quantity(1.5, "mu"), "x", Message("zone {zone} is unknown", {"zone": "n"})]
        columns = {name: Column(np.array(code, dtype=np.intp), values) for name, code in args.items()}
        told.append(Told(np.array(projects, dtype=np.intp), f"c{k}", words, columns))
        for i, p in enumerate(projects):
            alone = Message(words.text, {name: values[code[i]] for name, code in args.items()})
            expected[p].append((f"c{k}", text(alone, "en")))
    assert by_project(told, n, "en").tolist() == [tuple(found) for found in expected]
