// What is in view, kept in the address so that it can be shared and found again; and the page's tables.

import { clock, fixed, minuteText, short, signed } from "./format.js";

const DEFAULTS = { inst: "", spans: "", bands: "2", weight: "notional", scale: "linear", zone: "utc", profile: "on", range: "360" };

/** The layout: what the address says. */
export class Layout {
  constructor() {
    const said = new URLSearchParams(location.hash.slice(1));
    this.values = { ...DEFAULTS };
    for (const key of Object.keys(DEFAULTS)) if (said.has(key)) this.values[key] = said.get(key);
  }

  get(key) {
    return this.values[key];
  }

  set(key, value) {
    this.values[key] = value;
    const said = new URLSearchParams();
    for (const [name, now] of Object.entries(this.values)) if (now !== DEFAULTS[name]) said.set(name, now);
    history.replaceState(null, "", said.size ? `#${said}` : location.pathname + location.search);
  }

  reset(key) {
    this.set(key, DEFAULTS[key]);
  }
}

const byId = (id) => document.getElementById(id);

function cell(row, text, name) {
  const td = row.insertCell();
  td.textContent = text;
  if (name) td.className = name;
  return td;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Figures by VWAP: rounded, for the eye. */
export function showFigures(row, spans, context) {
  const body = byId("figures");
  if (body.rows.length !== spans.length || body.dataset.names !== spans.map(({ name }) => name).join()) {
    body.dataset.names = spans.map(({ name }) => name).join();
    body.replaceChildren();
    spans.forEach(({ name }, index) => {
      const tr = body.insertRow();
      cell(tr, name).className = `c${index % 7}`;
      tr.cells[0].style.borderLeftColor = `var(--span${index % 7})`;
      for (let i = 0; i < 5; i++) cell(tr, "–");
    });
  }
  const by = context.weight === "base" ? "_base" : "";
  spans.forEach(({ name }, index) => {
    const cells = body.rows[index].cells;
    const vwap = row[`vwap${by}_${name}`];
    const figure = (key) => row[key] ?? null;
    const deviation = figure(`deviation_bps${by}_${name}`);
    const cvd = row[`cvd_${name}_base`];
    setText(cells[1], vwap === null || vwap === undefined ? "–" : fixed(Number(vwap), context.decimals + 1));
    setText(cells[2], signed(deviation, 1));
    setText(cells[3], signed(figure(`z${by}_${name}`), 2));
    setText(cells[4], figure(`stddev${by}_${name}`) === null ? "–" : fixed(row[`stddev${by}_${name}`], context.decimals + 1));
    setText(cells[5], cvd === null || cvd === undefined ? "–" : short(Number(cvd)));
    cells[2].className = deviation > 0 ? "up" : deviation < 0 ? "down" : "";
    cells[5].className = Number(cvd) > 0 ? "up" : Number(cvd) < 0 ? "down" : "";
  });
}

/** Buys and sells of the minute at hand. */
export function showFlow(row, context) {
  const flow = byId("flow");
  if (!row) {
    flow.replaceChildren();
    return;
  }
  const all = Number(row.base_volume);
  const bought = Number(row.buy_base_volume);
  if (!flow.firstChild) flow.append(document.createElement("span"), Object.assign(document.createElement("span"), { className: "bar" }));
  const [text, bar] = flow.children;
  setText(text, `this minute: ${row.trade_count_1m} trades, ${short(all)} ${context.base}, ${all ? Math.round((100 * bought) / all) : 0} % bought, delta ${short(Number(row.delta_base))}`);
  if (!bar.firstChild) bar.append(document.createElement("i"));
  bar.firstChild.style.width = `${all ? (100 * bought) / all : 50}%`;
}

/** Exact texts of a row, each in an element of its own. */
export function showExact(id, row, spans, inst, isRevised) {
  const body = byId(id);
  const fields = ["close", "trade_count_1m"];
  for (const { name } of spans) fields.push(`vwap_${name}`, `vwap_base_${name}`, `trade_count_${name}`);
  if (body.dataset.fields !== fields.join()) {
    body.dataset.fields = fields.join();
    body.replaceChildren();
    for (const field of fields) {
      const tr = body.insertRow();
      cell(tr, field, "name");
      cell(tr, "").dataset.field = field;
    }
  }
  body.dataset.inst = inst;
  body.classList.toggle("revised", isRevised);
  if (!row) {
    delete body.dataset.minute;
    for (const tr of body.rows) setText(tr.cells[1], "");
    return;
  }
  for (const tr of body.rows) {
    const value = row[tr.cells[1].dataset.field];
    const text = value === null || value === undefined ? "–" : String(value);
    setText(tr.cells[1], text);
    if (text.length > 24) tr.cells[1].title = text;
  }
  body.dataset.minute = row.minute;
  body.dataset.provisional = row.provisional;
}

const TAPE_ROWS = 60;

/** The tape: the newest trade on top, large ones standing out. */
export class TapeView {
  constructor() {
    this.body = byId("tape");
    this.sizes = [];
    this.ids = new Set();
  }

  clear() {
    this.body.replaceChildren();
    this.sizes = [];
    this.ids.clear();
    setText(byId("skipped"), "");
  }

  add(trades, skipped, context) {
    setText(byId("skipped"), skipped ? `${skipped} more at once` : "");
    const fresh = trades.filter(({ id }) => !this.ids.has(id));
    for (const { id, notional } of fresh) {
      this.ids.add(id);
      this.sizes.push(Number(notional));
    }
    if (this.sizes.length > 1000) this.sizes.splice(0, this.sizes.length - 1000);
    if (this.ids.size > 4000) this.ids = new Set([...this.ids].slice(-1000));
    const large = this.threshold();
    const rows = fresh.slice(-TAPE_ROWS).map((trade) => this.row(trade, large, context));
    this.body.prepend(...rows.reverse());
    while (this.body.rows.length > TAPE_ROWS) this.body.deleteRow(-1);
  }

  /** Large is what only one of a hundred trades of late reaches. */
  threshold() {
    if (this.sizes.length < 50) return Infinity;
    const sorted = [...this.sizes].sort((one, other) => one - other);
    return sorted[Math.floor(sorted.length * 0.99)];
  }

  row(trade, large, context) {
    const tr = document.createElement("tr");
    tr.className = (trade.side === "buy" ? "up" : "down") + (Number(trade.notional) >= large ? " large" : "");
    cell(tr, clock(trade.time, context.isLocal, true));
    cell(tr, fixed(Number(trade.price), context.decimals));
    cell(tr, trade.contracts);
    cell(tr, short(Number(trade.notional)));
    tr.dataset.tradeId = trade.id;
    return tr;
  }
}

/** The line over the chart: the minute under the cursor, or the newest one. */
export function showReadout(columns, at, view) {
  const readout = byId("readout");
  if (!columns.length) {
    readout.replaceChildren();
    return;
  }
  const i = at ?? columns.length - 1;
  const value = (name) => columns.column(name)[i];
  const parts = [["", minuteText(columns.minute[i], view.isLocal)]];
  if (value("open") !== null && value("open") !== undefined) {
    for (const [label, name] of [["O", "open"], ["H", "high"], ["L", "low"], ["C", "close"]]) parts.push([label, fixed(value(name), view.decimals)]);
    parts.push(["V", short(value("volume"))], ["Δ", short(value("delta"))]);
  } else {
    parts.push(["C", `${fixed(value("close"), view.decimals)} (no trade)`]);
  }
  const by = view.weight === "base" ? "vwap_base_" : "vwap_";
  for (const name of view.spans) parts.push([name, fixed(value(by + name), view.decimals + 1)]);
  readout.replaceChildren(...parts.flatMap(([label, text]) => [document.createTextNode(`${label} `), Object.assign(document.createElement("b"), { textContent: text }), document.createTextNode("  ")]));
}
