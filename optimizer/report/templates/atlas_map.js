// Three criteria: the cells of the atlas in a triangle of weights. Each corner is one criterion alone.
const map = by("map");
const WEST = 90, SIDE = 300, GROUND = 315, HEIGHT = (SIDE * Math.sqrt(3)) / 2;
const CORNERS = [[WEST, GROUND], [WEST + SIDE, GROUND], [WEST + SIDE / 2, GROUND - HEIGHT]];
const spot = (weights) => [0, 1].map((axis) => weights.reduce((sum, w, c) => sum + w * CORNERS[c][axis], 0));
const areas = [];
let pin = null;

// The vertices of a cell may stand in any order: round its middle they make its edge.
const around = (vertices) => {
  const points = vertices.map(spot);
  const [x, y] = [0, 1].map((axis) => points.reduce((sum, one) => sum + one[axis], 0) / points.length);
  return points.sort((a, b) => Math.atan2(a[1] - y, a[0] - x) - Math.atan2(b[1] - y, b[0] - x));
};
const chart = () => {
  for (const [plan, ...vertices] of data.map) {
    const points = around(vertices).map((one) => one.map((at) => at.toFixed(1)).join()).join(" ");
    areas.push({ plan, drawn: map.appendChild(svg("polygon", { class: "cell", points })) });
  }
  map.append(svg("polygon", { class: "rim", points: CORNERS.map((one) => one.join()).join(" ") }));
  criteria.forEach((one, c) => {
    const [x, y] = CORNERS[c], title = one.title.length > 14 ? `${one.title.slice(0, 13)}…` : one.title;
    map.append(svg("text", { class: "axis", x, y: c === 2 ? y - 10 : y + 20, "text-anchor": "middle" }, title));
  });
  const [x, y] = spot(criteria.map((one) => one.weight / criteria.reduce((sum, c) => sum + c.weight, 0)));
  map.append(svg("rect", { class: "mark committed", x: x - 4, y: y - 4, width: 8, height: 8 }));
  pin = map.appendChild(svg("circle", { class: "here", r: 7 }));
};
const point = (state) => {
  const [x, y] = spot(state.weights);
  pin.setAttribute("cx", x);
  pin.setAttribute("cy", y);
  for (const { plan, drawn } of areas) drawn.classList.toggle("now", plan === state.best);
};
// The weights at a place on the screen; the nearest ones for a place beside the triangle.
const weightsAt = (event) => {
  const box = map.getBoundingClientRect();
  const x = ((event.clientX - box.left) * 480) / box.width, y = ((event.clientY - box.top) * 350) / box.height;
  const third = (GROUND - y) / HEIGHT, second = (x - WEST) / SIDE - third / 2;
  const weights = [1 - second - third, second, third].map((w) => Math.max(0, w));
  const sum = weights.reduce((a, b) => a + b, 0);
  return weights.map((w) => Math.round((w / sum) * 100) / 100);
};
