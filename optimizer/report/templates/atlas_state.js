// The data of the page and what follows from a weighting: the best stored plan, its order of projects, its bound.
"use strict";
document.documentElement.classList.add("js");
const by = (id) => document.getElementById(id);
const data = JSON.parse(by("data").textContent);
const { criteria, projects, resources, text } = data;
const count = projects.title.length, plans = data.codes.length;
const worth = data.worth.map((row) => Float64Array.from(row)); // points of each plan at full weight, by criterion
const worthOf = projects.value.map((row) => Float64Array.from(row)); // the same of each whole project
const COMMITTED = 0, FULL = 1, PART = 2, OUT = 3, DISCUSS = 4, INADMISSIBLE = 5; // in the order of the list
const letter = new Map([...data.letters].map((one, zone) => [one, zone]));

const fill = (template, places) => template.replace(/\{(\w+)\}/g, (_, name) => String(places[name]));

// As numbers.figure writes it: grouped in English, and nothing is a bare 0 unless it is one.
const figure = (value, places) => {
  const size = Math.abs(value);
  let digits = places;
  if (size > 0 && size <= 0.5 * 10 ** -places) digits = Math.min(12, 1 - Math.floor(Math.log10(size)));
  const [whole, part] = size.toFixed(digits).split(".");
  const grouped = data.group ? whole.replace(/\B(?=(\d{3})+$)/g, data.group) : whole;
  const shown = part ? `${grouped}.${part}` : grouped;
  return value < 0 && Number(size.toFixed(digits)) > 0 ? `-${shown}` : shown;
};
const percent = (share, places = 1) => `${figure(share * 100, places)}%`;

// What a stored plan carries out: the share of each project, and the zones where it sits.
const unpacked = new Map();
const carried = (plan) => {
  if (unpacked.has(plan)) return unpacked.get(plan);
  const share = new Float64Array(count), sits = Array.from({ length: count }, () => []);
  const code = data.codes[plan], rest = data.parts[plan];
  for (let p = 0; p < count; p++) {
    if (code[p] === ".") continue;
    share[p] = 1;
    sits[p].push(letter.get(code[p]));
  }
  for (let i = 0; i < rest.length; i += 3) {
    share[rest[i]] += rest[i + 2] / data.steps;
    sits[rest[i]].push(rest[i + 1]);
  }
  const zones = sits.map((found) => found.map((zone) => data.zones[zone]).filter(Boolean).join(text.comma));
  const held = { share, zones };
  if (unpacked.size > 20) unpacked.delete([...unpacked.keys()].find((one) => one !== data.present));
  unpacked.set(plan, held);
  return held;
};

// Score of every plan less its penalty, at weights with the sum 1.
const totalOf = (plan, weights) => {
  let sum = -data.penalty[plan];
  for (let c = 0; c < weights.length; c++) sum += weights[c] * worth[c][plan];
  return sum;
};
const bestAt = (weights) => {
  let best = data.present, most = totalOf(best, weights); // among equals the present plan
  for (let plan = 0; plan < plans; plan++) {
    const total = totalOf(plan, weights);
    if (total > most + 1e-9) [best, most] = [plan, total];
  }
  return best;
};

// How much better than `best` a plan can be. The weights lie in one of the cells whose reach holds them; there the
// optimum is at most what the cell's plan is worth and its bound. null where no cell tells.
const boundAt = (weights, best) => {
  const n = weights.length;
  let most = null;
  for (const cell of data.cells) {
    if (!weights.every((w, c) => w >= cell[2 + c] - 1e-9 && w <= cell[2 + n + c] + 1e-9)) continue;
    most = Math.max(most ?? 0, totalOf(cell[0], weights) + cell[1] - totalOf(best, weights));
  }
  return data.eps === null ? most : Math.min(data.eps, most ?? data.eps);
};

const class_ = (p, share) => {
  if (projects.fixed[p] === "c") return COMMITTED;
  if (share > 0) return share >= 1 - 1e-6 ? FULL : PART;
  return { d: DISCUSS, i: INADMISSIBLE }[projects.fixed[p]] ?? OUT;
};

// Everything that the page shows at a weighting.
const kinds = new Uint8Array(count), value = new Float64Array(count);
const order = Array.from({ length: count }, (_, p) => p);
const work = (raw) => {
  const sum = raw.reduce((a, b) => a + b, 0);
  const weights = raw.map((w) => w / sum);
  const best = bestAt(weights), plan = carried(best);
  value.fill(0);
  for (let c = 0; c < weights.length; c++) for (let p = 0; p < count; p++) value[p] += weights[c] * worthOf[c][p];
  for (let p = 0; p < count; p++) kinds[p] = class_(p, plan.share[p]);
  order.sort((a, b) => kinds[a] - kinds[b] || value[b] - value[a] || a - b);
  return { raw, weights, best, plan, total: totalOf(best, weights), bound: boundAt(weights, best) };
};
const start = carried(data.present);
// Against the present plan: 2 enters, -2 leaves, 1 and -1 another share, 0 as it was.
const change = (p, plan) => {
  const now = plan.share[p], then = start.share[p];
  if (Math.abs(now - then) < 1.5 / data.steps) return 0;
  return then === 0 ? 2 : now === 0 ? -2 : now > then ? 1 : -1;
};
