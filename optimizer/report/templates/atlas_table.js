// The ranked list. A row belongs to a place, not to a project: a move rewrites the cells that differ and moves nothing.
const FIRST = 60; // rows that follow at once; more follow when the slider rests
const REST = 120; // milliseconds without a move
const body = by("rows"), pool = [];
const find = by("find"), only = by("only"), whole = by("whole");
const CLASSES = ["committed", "admitted", "partial", "rejected", "discuss", "inadmissible"];
const CHANGES = { 2: "enters", "-2": "leaves", 1: "more", "-1": "less" };
const searched = projects.title.map((title, p) => `${title} ${projects.about[p]}`.toLowerCase());

const make = (tag, parent, kind) => {
  const found = document.createElement(tag);
  if (kind) found.className = kind;
  parent.append(found);
  return found;
};
const rowAt = (place) => {
  while (pool.length <= place) {
    const row = document.createElement("tr");
    const cells = [make("td", row, "rank")];
    const head = make("th", row);
    head.scope = "row";
    cells.push(make("span", head), make("small", head), make("td", row, "zone"));
    const decision = make("td", row, "decision");
    cells.push(make("span", decision), make("i", decision));
    const stands = make("td", row, "stands");
    stands.dataset.h = by("stands").textContent; // a phone has no heading
    cells.push(stands, make("td", row));
    for (const _ of projects.measures) cells.push(make("td", row));
    pool.push({ row, cells, texts: [], kind: "" });
  }
  return pool[place];
};

const decided = (p, share) => {
  const all = projects.units[p];
  if (kinds[p] === PART && all) return fill(text.units, { units: Math.round(share * all), all });
  return fill(text[CLASSES[kinds[p]]], { share: percent(share, 0) });
};
const told = (p, turn) => {
  if (turn === 0) return "";
  if (Math.abs(turn) === 2) return text[CHANGES[turn]];
  return fill(text.was, { share: percent(start.share[p], 0) });
};
const standing = (p) => {
  const found = projects.inside[p];
  return found === plans ? text.all : found === 0 ? text.none : fill(text.some, { count: found, all: plans });
};

const paint = (place, { p, number, first }, state) => {
  const one = rowAt(place), share = state.plan.share[p], turn = change(p, state.plan);
  const kind = `row ${CLASSES[kinds[p]]} ${CHANGES[turn] ?? ""}${first ? " first" : ""}`.trim();
  const part = share > 0 ? share : 1;
  const texts = [
    number, projects.title[p], projects.about[p], state.plan.zones[p], decided(p, share), told(p, turn),
    standing(p), kinds[p] < DISCUSS ? figure(value[p], 2) : "–",
    ...projects.measures.map((m) => (m.amounts[p] ? figure(m.amounts[p] * part, m.places) : "")),
  ];
  texts.forEach((shown, i) => { if (one.texts[i] !== shown) one.cells[i].textContent = shown; });
  one.texts = texts;
  if (one.kind !== kind) one.row.className = one.kind = kind;
  if (one.row.parentNode !== body) body.append(one.row);
};

// Who is shown, in order: the filter, and the number of each that competes.
const listed = (state) => {
  const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  const found = [];
  let number = 0, cut = false;
  for (const p of order) {
    const ranked = kinds[p] > 0 && kinds[p] < DISCUSS;
    number += ranked;
    const fits = {
      "": true,
      changed: change(p, state.plan) !== 0,
      in: state.plan.share[p] > 0,
      depends: projects.inside[p] > 0 && projects.inside[p] < plans,
    }[only.value];
    if (!fits || !words.every((word) => searched[p].includes(word))) continue;
    const first = !cut && kinds[p] >= OUT && found.length > 0;
    cut = cut || kinds[p] >= OUT;
    found.push({ p, number: ranked ? String(number) : "", first });
  }
  return found;
};

// A table that needs no scrolling sideways is no stop for the Tab key.
const frame = document.querySelector(".wide");
const fit = () => {
  const fits = frame.firstElementChild.offsetWidth <= frame.clientWidth;
  frame.classList.toggle("fits", fits);
  frame.tabIndex = fits ? -1 : 0;
};

let later = 0;
const table = (state) => {
  clearTimeout(later);
  const rows = listed(state), all = whole.getAttribute("aria-pressed") === "true";
  const wanted = all ? rows.length : Math.min(FIRST, rows.length);
  // A thousand rows take longer to lay out than a frame: while the slider moves, the later ones leave their room empty.
  if (body.rows.length > FIRST) frame.style.minHeight = `${frame.offsetHeight}px`;
  while (body.rows.length > Math.min(FIRST, wanted)) body.lastElementChild.remove();
  const from = (place) => {
    const end = Math.min(place + FIRST, wanted);
    for (let i = place; i < end; i++) paint(i, rows[i], state);
    if (end < wanted) later = setTimeout(from, place ? 0 : REST, end);
    else later = setTimeout(settled, place ? 0 : REST);
  };
  const settled = () => {
    frame.style.minHeight = "";
    fit();
  };
  from(0);
  by("count").textContent = fill(text.shown, { shown: wanted, all: count });
  whole.hidden = !all && rows.length <= FIRST;
};
