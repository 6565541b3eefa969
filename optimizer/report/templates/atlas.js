// Controls and what they change.
const sliders = criteria.map((_, c) => by(`w${c}`)), boxes = criteria.map((_, c) => by(`n${c}`));
const parts = criteria.map((_, c) => by(`p${c}`));
const end = Number(sliders[0].max), notch = end / 100;
const short = (weight) => String(Number(weight.toPrecision(6)));
let raw = criteria.map((one) => one.weight), state = work(raw), asked = 0;

const NAMED = 6;
const named = (found) => {
  const names = found.slice(0, NAMED).map((p) => projects.title[p]).join(text.comma);
  return found.length > NAMED ? names + fill(text.more, { count: found.length - NAMED }) : names;
};
const answer = () => {
  const penalty = data.penalty[state.best];
  by("score").textContent = figure(state.total + penalty, 2);
  by("penalty").textContent = penalty > 1e-9 ? fill(text.penalty, { points: figure(penalty, 2), total: figure(state.total, 2) }) : "";
  const up = state.bound === null ? null : Math.ceil(state.bound * 100 - 1e-7) / 100; // upwards, but for noise
  by("bound").textContent = up === null ? text.unproved : up <= 0 ? text.best : fill(text.proved, { points: figure(up, 2) });
  by("number").textContent = fill(text.number, { number: state.best + 1, all: plans });
};
const changes = () => {
  const told = [];
  const turned = { 2: [], "-2": [], 1: [] };
  for (const p of order) {
    const turn = change(p, state.plan);
    if (turn) turned[Math.abs(turn) === 1 ? 1 : turn].push(p);
  }
  if (state.best === data.present) told.push(text.same);
  else {
    const behind = state.total - totalOf(data.present, state.weights);
    told.push(behind < 0.005 ? text.level : fill(text.behind, { points: figure(behind, 2) }));
  }
  for (const [turn, sentence] of [["2", text.entering], ["-2", text.leaving], ["1", text.sharing]]) {
    const found = turned[turn];
    if (found.length) told.push(fill(sentence, { count: found.length, names: named(found) }));
  }
  const box = by("changes");
  if (box.dataset.told === told.join("\n")) return;
  box.dataset.told = told.join("\n");
  box.replaceChildren(...told.map((sentence) => Object.assign(document.createElement("p"), { textContent: sentence })));
};

const bar = (parent) => {
  const drawn = parent.appendChild(svg("svg", { class: "bar", viewBox: "0 0 200 16", preserveAspectRatio: "none", "aria-hidden": "true" }));
  const rect = (kind, y, height) => drawn.appendChild(svg("rect", { class: kind, x: 1, y, width: 0, height }));
  return { back: rect("asked", 2, 12), fore: rect("granted", 4.5, 7), line: drawn.appendChild(svg("path", { class: "available" })) };
};
const wide = (rect, from, to) => { // of the bar's length, either way round
  const [low, high] = [from, to].map((at) => Math.max(0, Math.min(1, at))).sort((one, other) => one - other);
  rect.setAttribute("x", (1 + 198 * low).toFixed(1));
  rect.setAttribute("width", (198 * (high - low)).toFixed(1));
};
const upright = (line, at) => line.setAttribute("d", `M${(1 + 198 * Math.max(0, Math.min(1, at))).toFixed(1)} 0V16`);
const cell = (row, head, kind) => {
  const found = make("td", row, kind);
  if (head) found.dataset.h = head;
  return found;
};
const headed = (table, unit, title) => {
  const row = make("tr", by(table)), head = make("th", row);
  head.scope = "row";
  head.append(`${title} `);
  if (unit) make("small", head).textContent = unit;
  return row;
};
const heads = (id) => [...by(id).closest("table").tHead.rows[0].cells].map((one) => one.textContent);

const reached = criteria.map((one, c) => {
  const [, achieved, then, total] = heads("reached");
  const row = headed("reached", "", one.title);
  const found = { now: make("b", cell(row, achieved)), then: cell(row, then), total: cell(row, total), bar: bar(cell(row, "", "chart")) };
  found.bar.back.setAttribute("class", "track");
  found.bar.line.setAttribute("class", "present");
  const least = Math.min(0, ...worth[c]), most = Math.max(0, ...worth[c]) > 0 ? Math.max(100, ...worth[c]) : 0;
  found.at = (points) => (points - least) / Math.max(most - least, 1e-12);
  wide(found.bar.back, 0, 1);
  found.then.textContent = percent(worth[c][data.present] / 100);
  upright(found.bar.line, found.at(worth[c][data.present]));
  return found;
});
const supplies = by("supplies") ? resources.map((one) => {
  const [, wanted, there, granted, used] = heads("supplies");
  const row = headed("supplies", one.unit, one.name);
  cell(row, wanted).textContent = figure(one.asked, one.places);
  const found = { available: cell(row, there), granted: make("b", cell(row, granted)), used: cell(row, used), bar: bar(cell(row, "", "chart")) };
  found.most = Math.max(one.asked, ...one.used, ...one.available, 1e-12);
  wide(found.bar.back, 0, one.asked / found.most);
  return found;
}) : [];

// Totals and resources: they belong to the plan and change only with it.
const balance = () => {
  reached.forEach((row, c) => {
    row.now.textContent = percent(worth[c][state.best] / 100);
    row.total.textContent = criteria[c].totals[state.best];
    wide(row.bar.fore, row.at(0), row.at(worth[c][state.best]));
  });
  supplies.forEach((row, r) => {
    const { used, available, places, assumed } = resources[r];
    row.available.textContent = figure(available[state.best], places) + (assumed ? "*" : "");
    row.granted.textContent = figure(used[state.best], places);
    row.used.textContent = available[state.best] > 0 ? percent(used[state.best] / available[state.best]) : "–";
    wide(row.bar.fore, 0, used[state.best] / row.most);
    upright(row.bar.line, available[state.best] / row.most);
  });
};
const write = () => {
  by("yaml").value = ["criteria:", ...criteria.map((one, c) => `  ${one.yaml}: {weight: ${short(raw[c])}}`)].join("\n");
  by("flags").value = criteria.map((one, c) => `--weight ${one.flag}${short(raw[c])}`).join(" ");
};

const update = () => {
  asked = 0;
  const before = state.best;
  state = work(raw);
  state.weights.forEach((weight, c) => {
    parts[c].textContent = percent(weight);
    sliders[c].setAttribute("aria-valuetext", `${short(raw[c])}, ${percent(weight)}`);
  });
  answer();
  table(state);
  write();
  if (map) point(state);
  changes();
  if (state.best === before) return;
  balance();
  if (plot) place(state);
};
// At most one update a frame, however fast the slider moves.
const soon = () => { if (!asked) asked = requestAnimationFrame(update); };
const take = (weights) => {
  const sum = weights.reduce((a, b) => a + b, 0);
  const sound = weights.every((w) => w >= 0) && sum > 0 && Number.isFinite(sum);
  by("wrong").textContent = sound ? "" : text.zero;
  if (!sound) return;
  raw = weights;
  by("copied").textContent = "";
  soon();
};
const show = (weights) => {
  sliders.forEach((slider, c) => { slider.value = weights[c]; });
  boxes.forEach((box, c) => { box.value = short(weights[c]); });
};
const set = (weights) => {
  show(weights);
  take(weights);
};
const setParts = (weights) => set(weights.map((weight) => Number((weight * end).toPrecision(6)))); // of the sum 1
const but = (c, weight) => raw.map((held, i) => (i === c ? weight : held));
sliders.forEach((slider, c) => {
  slider.addEventListener("input", () => {
    const weight = Number((Math.round(Number(slider.value) / notch) * notch).toPrecision(6));
    boxes[c].value = short(weight);
    take(but(c, weight));
  });
});
boxes.forEach((box, c) => {
  box.addEventListener("input", () => {
    const weight = box.value === "" ? NaN : Number(box.value);
    if (Number.isFinite(weight)) sliders[c].value = weight;
    take(but(c, weight));
  });
});
// What could not be a weight gives way to what counts, once it stands.
for (const field of [...sliders, ...boxes]) field.addEventListener("change", () => show(raw));
by("reset").addEventListener("click", () => set(criteria.map((one) => one.weight)));
const again = () => table(state);
find.addEventListener("input", again);
only.addEventListener("change", again);
by("filter").addEventListener("submit", (event) => event.preventDefault());
whole.addEventListener("click", () => {
  whole.setAttribute("aria-pressed", String(whole.getAttribute("aria-pressed") !== "true"));
  again();
});

// A page from a file may have no clipboard: then the text is copied from its box, or marked for the reader to copy.
for (const button of document.querySelectorAll("[data-copies]")) {
  button.addEventListener("click", async () => {
    const box = by(button.dataset.copies), done = by("copied");
    try {
      await navigator.clipboard.writeText(box.value);
      done.textContent = text.copied;
    } catch {
      box.select();
      const went = document.execCommand("copy");
      done.textContent = went ? text.copied : text.marked;
    }
  });
}

if (plot) {
  for (const id of ["across", "up"]) by(id).addEventListener("change", () => draw(state));
  const go = () => {
    const home = walked >= 0 && data.homes[marks[walked].plan];
    if (home) setParts(home);
  };
  plot.addEventListener("pointermove", (event) => walk(nearest(event), state));
  plot.addEventListener("pointerleave", () => walk(-1, state));
  plot.addEventListener("click", (event) => { walk(nearest(event), state); go(); });
  plot.addEventListener("blur", () => walk(-1, state));
  plot.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (step) walk(walked < 0 ? marks.findIndex((one) => one.plan === state.best) : Math.min(plans - 1, Math.max(0, walked + step)), state);
    else if (event.key === "Enter") go();
    else return;
    event.preventDefault();
  });
  draw(state);
}
window.addEventListener("resize", fit);
if (map) {
  chart();
  map.addEventListener("click", (event) => setParts(weightsAt(event)));
}
set(raw);
balance();
