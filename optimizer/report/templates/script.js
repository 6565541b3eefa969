// Sorting, filtering and opening cards. The page is whole without it: cards stand open, rows stand in order of rank.
(() => {
  "use strict";
  const page = document.documentElement;
  const table = document.getElementById("table");
  if (!table) return;
  page.classList.add("js");
  const blocks = [...table.tBodies].map((body) => ({
    body,
    head: body.querySelector("tr.block"),
    cut: body.querySelector("tr.cut"),
    cutAt: 0,
    rows: [...body.querySelectorAll("tr.row")].map((row, place) => {
      const next = row.nextElementSibling;
      return { row, place, card: next && next.classList.contains("card") ? next : null, text: row.textContent.toLowerCase() };
    }),
  }));
  const rows = blocks.flatMap((block) => block.rows);
  const heads = [...table.tHead.rows[0].cells];
  const by = (id) => document.getElementById(id);
  const find = by("find"), decision = by("decision"), group = by("group"), zone = by("zone"), order = by("order");
  for (const block of blocks) {
    if (block.cut) block.cutAt = block.rows.findIndex((one) => block.cut.compareDocumentPosition(one.row) & 4);
  }

  // What a cell sorts by: its figure, else its text. A dash sorts last whichever way.
  const key = (row, column) => {
    const cell = row.cells[column];
    const text = (cell.querySelector("button, span") || cell.firstChild || cell).textContent.trim();
    if (text === "∞") return Infinity;
    const figure = parseFloat(text.replace(/[\u2009\s]/g, ""));
    return Number.isNaN(figure) ? (text === "–" ? null : text) : figure;
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? (a < b ? -1 : a > b ? 1 : 0) : String(a).localeCompare(String(b), page.lang);

  const sort = (column, down) => {
    heads.forEach((head, i) => {
      if (i === column) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    if (order) order.value = `${column}${down ? "-" : "+"}`;
    const plain = column === 0 && !down;
    for (const block of blocks) {
      const textual = heads[column].dataset.kind === "text";
      const keyed = block.rows.map((one) => {
        const found = key(one.row, column);
        return { one, key: found !== null && textual ? String(found) : found };
      });
      keyed.sort((a, b) => {
        if (plain) return a.one.place - b.one.place;
        if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.one.place - b.one.place;
        return (down ? -1 : 1) * compare(a.key, b.key) || a.one.place - b.one.place;
      });
      const parts = document.createDocumentFragment();
      if (block.head) parts.append(block.head);
      keyed.forEach(({ one }, i) => {
        if (block.cut && plain && i === block.cutAt) parts.append(block.cut);
        parts.append(one.row);
        if (one.card) parts.append(one.card);
      });
      if (block.cut) {
        block.cut.hidden = !plain;
        if (!plain) parts.append(block.cut);
      }
      block.body.append(parts);
    }
  };
  // Not buttons: a browser does not repeat a heading with controls in it on every printed page.
  heads.forEach((head, column) => {
    const press = head.firstElementChild;
    const turn = () => {
      const now = head.getAttribute("aria-sort");
      const largestFirst = column > 0 && head.dataset.kind !== "text";
      sort(column, now ? now === "ascending" : largestFirst);
    };
    press.setAttribute("role", "button");
    press.tabIndex = 0;
    press.addEventListener("click", turn);
    press.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      turn();
    });
  });

  const open = (one, wanted) => {
    if (!one.card) return;
    one.card.classList.toggle("open", wanted);
    one.row.querySelector("button").setAttribute("aria-expanded", String(wanted));
  };
  for (const one of rows) {
    if (one.card) one.row.querySelector("button").addEventListener("click", () => open(one, !one.card.classList.contains("open")));
  }
  const all = by("all");
  if (all) {
    all.addEventListener("click", () => {
      const wanted = all.getAttribute("aria-pressed") !== "true";
      all.setAttribute("aria-pressed", String(wanted));
      rows.forEach((one) => { if (!one.row.hidden) open(one, wanted); });
    });
  }

  const count = by("count");
  const filter = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const block of blocks) {
      let any = false;
      for (const one of block.rows) {
        const data = one.row.dataset;
        const fits =
          words.every((word) => one.text.includes(word)) &&
          (!decision || !decision.value || one.row.classList.contains(decision.value)) &&
          (!group || !group.value || data.g === group.value) &&
          (!zone || !zone.value || data.z.split(" ").includes(zone.value));
        one.row.hidden = !fits;
        if (one.card) one.card.hidden = !fits;
        any = any || fits;
        shown += fits;
      }
      block.body.hidden = !any;
    }
    count.textContent = count.dataset.text.replace("{shown}", shown).replace("{all}", rows.length);
  };
  for (const field of [find, decision, group, zone]) if (field) field.addEventListener(field === find ? "input" : "change", filter);
  by("filter").addEventListener("submit", (event) => event.preventDefault());
  if (order) {
    heads.forEach((head, i) => {
      for (const sign of head.dataset.kind === "text" || i === 0 ? ["+"] : ["-", "+"]) {
        const choice = document.createElement("option");
        choice.value = `${i}${sign}`;
        choice.textContent = `${head.firstElementChild.firstChild.textContent.trim()} ${sign === "-" ? "↓" : "↑"}`;
        order.append(choice);
      }
    });
    order.addEventListener("change", () => sort(parseInt(order.value, 10), order.value.endsWith("-")));
  }

  // A table that needs no scrolling sideways is no stop for the Tab key, and its heading stays in sight.
  const fit = () => {
    for (const frame of document.querySelectorAll(".wide")) {
      const fits = frame.firstElementChild.offsetWidth <= frame.clientWidth;
      frame.classList.toggle("fits", fits);
      frame.tabIndex = fits ? -1 : 0;
    }
  };
  window.addEventListener("resize", fit);
  fit();

  // A mark of the scatter, or a name in a list, leads to its row: filters that hide it give way, its card opens.
  const lead = () => {
    const one = rows.find((found) => `#${found.row.id}` === location.hash);
    if (!one) return;
    if (one.row.hidden) {
      for (const field of [find, decision, group, zone]) if (field) field.value = "";
      filter();
    }
    open(one, true);
    one.row.scrollIntoView({ block: "center" });
    const button = one.row.querySelector("button");
    if (button) button.focus({ preventScroll: true });
  };
  window.addEventListener("hashchange", lead);
  filter();
  lead();
})();
