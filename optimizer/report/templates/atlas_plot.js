// What stored plans reach of two criteria, one against the other, in percent.
const plot = by("plot"), dot = by("dot");
const LEFT = 58, RIGHT = 466, TOP = 26, FOOT = 302;
let marks = [], walked = -1, ring = null, here = null, square = null;

const svg = (tag, attributes, words) => {
  const found = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, held] of Object.entries(attributes)) found.setAttribute(name, held);
  if (words !== undefined) found.textContent = words;
  return found;
};
const scaled = (row) => {
  const least = Math.min(...row), most = Math.max(...row);
  const spread = Math.max(most - least, 1e-3 * Math.max(1, Math.abs(most)));
  const power = 10 ** Math.floor(Math.log10(spread / 5));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => one >= (spread / 5) * (1 - 1e-9));
  const from = Math.floor(least / step) * step, to = Math.max(Math.ceil(most / step), Math.floor(least / step) + 1) * step;
  const ticks = Array.from({ length: Math.round((to - from) / step) + 1 }, (_, i) => Number((from + i * step).toPrecision(9)));
  return { at: (v) => (v - from) / (to - from), ticks };
};
const axes = () => [Number(by("across").value), Number(by("up").value)];

const draw = (state) => {
  const [a, b] = axes(), across = scaled(worth[a]), up = scaled(worth[b]);
  const x = (v) => LEFT + across.at(v) * (RIGHT - LEFT), y = (v) => FOOT - up.at(v) * (FOOT - TOP);
  const parts = document.createDocumentFragment();
  for (const tick of across.ticks) {
    parts.append(svg("path", { class: "grid", d: `M${x(tick)} ${TOP}V${FOOT}` }));
    parts.append(svg("text", { x: x(tick), y: FOOT + 15, "text-anchor": "middle" }, String(tick)));
  }
  for (const tick of up.ticks) {
    parts.append(svg("path", { class: "grid", d: `M${LEFT} ${y(tick)}H${RIGHT}` }));
    parts.append(svg("text", { x: LEFT - 6, y: y(tick) + 4, "text-anchor": "end" }, String(tick)));
  }
  const short = (name) => (name.length > 40 ? `${name.slice(0, 39)}…` : name);
  parts.append(svg("text", { class: "axis", x: RIGHT, y: 340, "text-anchor": "end" }, `${short(criteria[a].title)} (%) →`));
  parts.append(svg("text", { class: "axis", x: 4, y: 14 }, `↑ ${short(criteria[b].title)} (%)`));
  marks = Array.from({ length: plans }, (_, plan) => ({ plan, x: x(worth[a][plan]), y: y(worth[b][plan]) }));
  for (const one of marks) parts.append(svg("circle", { class: "dot", cx: one.x, cy: one.y, r: 3 }));
  marks.sort((one, other) => one.x - other.x || one.y - other.y);
  square = parts.appendChild(svg("rect", { class: "mark committed", width: 8, height: 8 }));
  here = parts.appendChild(svg("circle", { class: "here", r: 7 }));
  ring = parts.appendChild(svg("circle", { class: "ring", r: 5, visibility: "hidden" }));
  plot.replaceChildren(parts);
  walked = -1;
  place(state);
};
const place = (state) => {
  const spot = (plan) => marks.find((one) => one.plan === plan);
  const { x, y } = spot(state.best), then = spot(data.present);
  here.setAttribute("cx", x);
  here.setAttribute("cy", y);
  square.setAttribute("x", then.x - 4);
  square.setAttribute("y", then.y - 4);
  name(state);
};
// The name of the plan that is pointed at, else of the one at these weights.
const name = (state) => {
  const one = walked < 0 ? { plan: state.best } : marks[walked];
  const [a, b] = axes();
  const figures = { first: percent(worth[a][one.plan] / 100), second: percent(worth[b][one.plan] / 100) };
  const told = [fill(text.dot, { number: one.plan + 1, x: criteria[a].title, y: criteria[b].title, ...figures })];
  if (one.plan === data.present) told.push(text.present);
  if (one.plan === state.best) told.push(text.current);
  const far = one.plan !== state.best && data.homes[one.plan] ? ` ${text.go}` : "";
  dot.textContent = told.join(text.comma) + text.stop + far;
};
const walk = (to, state) => {
  walked = to;
  if (ring) ring.setAttribute("visibility", to < 0 ? "hidden" : "visible");
  if (to >= 0) {
    ring.setAttribute("cx", marks[to].x);
    ring.setAttribute("cy", marks[to].y);
  }
  name(state);
};
const nearest = (event) => {
  const box = plot.getBoundingClientRect();
  const x = ((event.clientX - box.left) * 480) / box.width, y = ((event.clientY - box.top) * 350) / box.height;
  let found = -1, least = 14 * 14;
  marks.forEach((one, i) => {
    const far = (one.x - x) ** 2 + (one.y - y) ** 2;
    if (far < least) [found, least] = [i, far];
  });
  return found;
};
