"""x"""

import numpy as np

from landalloc.optimizer.program import Layout, Program, Sense


def programme(n, zones=20, choice=3, equal=False, seed=0):
    """n projects, each fit for `choice` of `zones` zones; 28 shared rows; lognormal figures."""
    random = np.random.default_rng(seed)
    k = n * choice
    zone = (
        np.argsort(random.random((n, zones)), axis=1)[:, :choice]
        if n <= 200_000
        else (
            random.integers(0, zones, n)[:, None]
            + np.cumsum(random.integers(1, zones // choice + 1, (n, choice)), axis=1)
        )
        % zones
    )
    zone = np.sort(zone, axis=1).ravel()
    project = np.repeat(np.arange(n), choice)
    land = np.maximum(3.0, np.round(random.lognormal(np.log(60), 0.9, n), 1))
    figures = np.array([0.03, 0.06, 0.002, 0.5, 2.0, 0.15, 0.4]) * land[:, None] * random.lognormal(0.0, 0.45, (n, 7))
    investment, output, tax, jobs, energy, water, waste = figures.T
    shore = np.where(random.random(n) < 0.3, land * random.lognormal(0, 0.5, n), 0.0)
    cluster = random.choice(4, n, p=[0.4, 0.15, 0.25, 0.2])
    better = 1.0 if equal else random.lognormal(0.0, 0.15, k)
    points = sum(
        w * (f / f.sum())
        for w, f in ((25, investment), (30, output), (20, tax), (15, jobs), (10, np.maximum(0, output * 40 - energy)))
    )
    cost = points[project] * better
    rows = []
    columns = np.arange(k)

    def row(name, sense, limit, coefficient):
        held = coefficient != 0
        rows.append((name, sense, limit, columns[held], coefficient[held]))

    parts = np.linspace(1.5, 0.5, zones) / zones * 0.5 * land.sum()
    for z in range(zones):
        row(f"supply|land|z{z:02}", Sense.AT_MOST, parts[z], np.where(zone == z, land[project], 0.0))
    for name, f, part in (
        ("energy", energy, 0.45),
        ("water", water, 0.5),
        ("shore", shore, 0.4),
        ("waste", waste, 0.5),
    ):
        row(f"supply|{name}|", Sense.AT_MOST, part * f.sum(), f[project])
    row("rule|jobs||at_least", Sense.AT_LEAST, 0.45 * jobs.sum(), jobs[project])
    row("rule|food||at_least", Sense.AT_LEAST, 0.0, (land * ((cluster == 2) - 0.3))[project])
    row("rule|chemicals||at_most", Sense.AT_MOST, 0.0, (land * ((cluster == 1) - 0.12))[project])
    row("rule|saving||at_most", Sense.AT_MOST, 0.0, (energy - 32 * output)[project])
    rows.sort()
    ties = [np.zeros(k), falling_(k)]
    for name, _, limit, c, v in rows:
        if name.startswith("supply"):
            ties[0][c] -= v / limit
    own = np.arange(n + len(rows)) < n
    return Program(
        cost=cost,
        lower=np.zeros(k),
        upper=np.ones(k),
        integer=np.zeros(k, dtype=bool),
        column_names=[],
        start=np.concatenate([np.arange(n + 1) * choice, n * choice + np.cumsum([len(r[3]) for r in rows])]),
        index=np.concatenate([columns, *(r[3] for r in rows)]),
        value=np.concatenate([np.ones(k), *(r[4] for r in rows)]),
        sense=np.concatenate([np.ones(n, dtype=np.intp), [int(r[1]) for r in rows]]).astype(np.intp),
        limit=np.concatenate([np.ones(n), [r[2] for r in rows]]),
        row_names=[*([""] * n), *(r[0] for r in rows)],
        own=own,
        layout=Layout(columns, np.ones(k), np.full(k, -1)),
        ties=tuple(ties),
    )


def falling_(k):
    return np.arange(1, k + 1) ** -0.7
