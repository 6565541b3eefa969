"""How large atlas.html is, and how fast it answers a slider, in a headless Chromium.

    python benchmarks/atlas_page.py [--projects 1000] [--plans 500] [--moves 200]

The plan is a real one, of a scenario made by generate.py; the stored plans are made up (tests/atlases.py), each move
leads to another one of them, which is the most work that a move can be. Prints medians and the slowest of a hundred:
`work` is the script and the layout that it causes, up to where the browser paints; `frame` is from the event until
then, the wait for the frame included. Then the same with all rows asked for.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "benchmarks")]

import atlases  # noqa: E402
import test_page  # noqa: E402
from generate import generate  # noqa: E402

from landalloc.optimizer.pipeline import allocate  # noqa: E402
from landalloc.optimizer.read import read  # noqa: E402
from landalloc.optimizer.report import atlas  # noqa: E402
from landalloc.optimizer.solve import Limits  # noqa: E402

MOVES = """
const [moves, done] = [arguments[0], arguments[1]];
const sliders = [...document.querySelectorAll("input[type=range]")], work = [], frame = [];
let seed = 1, plans = new Set();
const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
const move = () => {
  const slider = sliders[work.length % sliders.length];
  slider.value = random() * Number(slider.max);
  const start = performance.now();
  let begun = 0;
  // The page asks for the frame between these two, so its update runs between them; reading a size makes the layout.
  requestAnimationFrame(() => { begun = performance.now(); });
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => {
    void document.body.offsetHeight;
    work.push(performance.now() - begun);
    frame.push(performance.now() - start);
    plans.add(document.getElementById("number").textContent);
    if (work.length < moves) setTimeout(move, 20);
    else done({ work, frame, plans: plans.size });
  });
};
move();
"""


def told(name: str, figures: list[float]) -> str:
    slow = sorted(figures)[int(0.99 * len(figures)) - 1]
    return f"{name}: median {statistics.median(figures):.1f} ms, 99 % within {slow:.1f} ms"


def main() -> None:
    parser = argparse.ArgumentParser(description="Size and speed of atlas.html.")
    parser.add_argument("--projects", type=int, default=1000)
    parser.add_argument("--plans", type=int, default=500)
    parser.add_argument("--moves", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = generate(Path(folder), options.projects)
        allocation = allocate(read(path), Limits())
        content = atlas.page(allocation, atlases.pretended(allocation, options.plans), "en")
        page = Path(folder) / atlas.NAME
        page.write_bytes(content)
        print(f"{options.projects} projects, {options.plans} plans: {len(content) / 1e6:.2f} MB")  # noqa: T201
        browser = test_page.launched(Path(folder) / "profile")
        try:
            browser.set_script_timeout(600)
            browser.get(page.as_uri())
            for rows in ("first rows", "all rows"):
                if rows == "all rows":
                    browser.find_element("id", "whole").click()
                found = browser.execute_async_script(MOVES, options.moves)
                for name in ("work", "frame"):
                    print(f"{rows}, {told(name, found[name])}, {found['plans']} plans shown")  # noqa: T201
        finally:
            browser.quit()


if __name__ == "__main__":
    main()
