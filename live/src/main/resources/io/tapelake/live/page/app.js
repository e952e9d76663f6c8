// The page: wires the stream, what is in view, the charts and the tables.

import { Charts } from "./charts.js";
import { Feed } from "./feed.js";
import { clock, decimalsOf, fixed, minuteText, span } from "./format.js";
import { Layout, TapeView, showExact, showFigures, showFlow, showReadout } from "./view.js";

const STALE = 3000;
const LOST = 10000;
const byId = (id) => document.getElementById(id);
const RANGES = [...byId("range").options].map(({ value }) => Number(value));
const minuteOf = (text) => Math.floor(Date.parse(text) / 60000);

const main = byId("live");
const layout = new Layout();
const tape = new TapeView();
const feed = new Feed(changed);

const view = {
  spans: [], allSpans: [], decimals: 0, quote: "", base: "", from: 0, to: 1, isFollowing: true,
  indexOf: (name) => view.allSpans.findIndex((each) => each.name === name),
  get bands() { return layout.get("bands"); },
  get weight() { return layout.get("weight"); },
  get isLog() { return layout.get("scale") === "log"; },
  get isLocal() { return layout.get("zone") === "local"; },
  get profile() { return layout.get("profile") === "on"; },
};

let instruments = [];
let charts = null;
let cursor = null;
let rows = { open: null, closed: null };
let last = null;
let told = { state: "lost", trouble: null, loading: true, asOf: null };
let refusals = null;
let isPainting = false;
let isDirty = false;
let delays = [];
let drawing = 0;
let drawCost = 10;
let drawnAt = 0;
const alerts = new Map();
/** The ids of all alerts that were ever there: none is announced twice. */
const seen = new Set();
let isJustChosen = true;

// ---- what comes

function changed(message) {
  if (message.type === "closed") {
    main.dataset.connection = "closed";
  } else {
    if (message.type !== "history") take(message);
    paintSoon();
  }
  // Not when it paints: a tab behind others never does, and its title is all that is seen of it.
  showState();
}

function take(message) {
  main.dataset.connection = "open";
  if (message.type === "snapshot") begin(message);
  told = { state: message.state, trouble: message.trouble, loading: message.loading, asOf: message.as_of };
  for (const row of message.rows) {
    if (!row.provisional) rows.closed = row;
    rows.open = row;
  }
  if (message.last) last = { ...message.last, isFresh: message.trades.length > 0 && message.type === "change" && message.last.id !== last?.id };
  for (const trade of message.trades) view.decimals = Math.max(view.decimals, decimalsOf(trade.price));
  tape.add(message.trades, message.trades_skipped, view);
  const extra = charts.extra;
  extra.closedTo = rows.closed ? minuteOf(rows.closed.minute) : -Infinity;
  if (message.gaps) extra.gaps = message.gaps;
  if (message.profile) extra.profile = message.profile;
  if (message.revised_minutes) extra.revised = message.revised_minutes;
  if (message.days) takeDays(message.days);
  if (message.signals) takeSignals(message.signals, Date.parse(message.as_of) / 60000);
  if (rows.open) {
    const area = (name) => (rows.open[`${name}_session`] === null || rows.open[`${name}_session`] === undefined ? null : Number(rows.open[`${name}_session`]));
    extra.area = area("poc") === null ? null : { poc: area("poc"), vah: area("vah"), val: area("val") };
  }
}

function begin(message) {
  tape.clear();
  rows = { open: null, closed: null };
  view.allSpans = message.spans;
  view.decimals = Math.max(0, ...message.trades.slice(-200).map((trade) => decimalsOf(trade.price)));
  const wanted = layout.get("spans") ? layout.get("spans").split(",") : ["1h", "4h", "session"];
  view.spans = message.spans.map(({ name }) => name).filter((name) => wanted.includes(name));
  if (!view.spans.length && !layout.get("spans")) view.spans = [message.spans[0].name];
  spanButtons();
  if (!charts) {
    charts = new Charts({ price: byId("chart-price"), cvd: byId("chart-cvd"), delta: byId("chart-delta") }, feed.columns, view, move, (at) => { cursor = at; showReadout(feed.columns, cursor, view); });
    follow();
  } else {
    charts.extra.signals = [];
    rebuildSoon();
  }
}

function takeDays(days) {
  charts.extra.certificates = days.map(({ day, complete }) => {
    const from = Math.floor(Date.parse(`${day}T00:00:00Z`) / 60000);
    return { from, to: from + 1440, kind: complete === undefined ? "none" : complete ? "whole" : "part" };
  });
  const refused = days.reduce((sum, day) => sum + day.refused, 0);
  const alone = days.filter((day) => day.left_alone).map(({ day }) => day);
  refusals = alone.length
    ? `the file of ${alone.join(", ")} has so many refused lines that the job leaves it alone`
    : refused ? `${refused} lines were refused in the days shown` : null;
}

function takeSignals(signals, now) {
  alerts.clear();
  for (const signal of signals) {
    alerts.set(signal.id, signal);
    const isOld = now - signal.minute > 60;
    if (!seen.has(signal.id) && !isJustChosen && !isOld) announce(signal);
    seen.add(signal.id);
  }
  isJustChosen = false;
  charts.extra.signals = [...alerts.values()].filter(({ inst }) => inst === feed.inst);
  const newest = [...alerts.values()].sort((one, other) => other.minute - one.minute).slice(0, 40);
  byId("signals").replaceChildren(...(newest.length ? newest.map(alertItem) : [Object.assign(document.createElement("li"), { className: "none", textContent: "none yet" })]));
}

function alertItem(signal) {
  const item = document.createElement("li");
  const at = document.createElement("time");
  at.textContent = minuteText(signal.minute, view.isLocal).slice(11);
  const what = document.createElement("span");
  what.className = signal.direction;
  what.textContent = signal.kind.replaceAll("_", " ");
  const where = document.createElement("span");
  where.textContent = `${signal.inst.split("-")[0]} ${signal.window} at ${signal.price}`;
  item.append(at, what, where);
  return item;
}

function announce(signal) {
  const text = `${signal.kind.replaceAll("_", " ")} ${signal.direction} ${signal.window} at ${signal.price}`;
  if (isOn("notify") && window.Notification && Notification.permission === "granted") new Notification(`${signal.inst}: ${text}`, { tag: signal.id, icon: "icon.svg" });
  if (isOn("sound")) beep();
}

function beep() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  volume.gain.value = 0.08;
  tone.frequency.value = 660;
  tone.connect(volume).connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.15);
  tone.onended = () => audio.close();
}

// ---- painting

function paintSoon() {
  isDirty = true;
  if (isPainting) return;
  isPainting = true;
  requestAnimationFrame(() => {
    isPainting = false;
    if (isDirty) paint();
  });
}

function paint() {
  isDirty = false;
  if (!charts) return;
  drawSoon();
  main.classList.toggle("is-empty", false);
  byId("empty").hidden = true;
  showLast();
  byId("as-of").textContent = told.asOf ? clock(Date.parse(told.asOf), view.isLocal, false) : "–";
  showFigures(rows.open ?? {}, view.allSpans, view);
  showFlow(rows.open, view);
  const open = rows.open?.provisional ? rows.open : null;
  const isRevised = Boolean(rows.closed) && charts.extra.revised.includes(minuteOf(rows.closed.minute));
  showExact("closed", rows.closed, view.allSpans, feed.inst, isRevised);
  showExact("open", open, view.allSpans, feed.inst, false);
  byId("closed-minute").textContent = rows.closed ? minuteText(minuteOf(rows.closed.minute), view.isLocal) + (isRevised ? " revised by late trades" : "") : "no minute is closed yet";
  byId("open-minute").textContent = open ? `${minuteText(minuteOf(open.minute), view.isLocal)} until it closes` : "no trade since the last closed minute";
}

function showLast() {
  const price = byId("price");
  price.textContent = fixed(last ? Number(last.price) : null, view.decimals);
  price.className = `figure ${!last ? "" : last.side === "buy" ? "up" : "down"}`;
  byId("trade-id").textContent = last ? last.id : "–";
  main.dataset.lastTradeId = last ? last.id : "";
  main.dataset.inst = feed.inst;
  if (!last || !last.isFresh) return;
  showDelay(Date.now() - last.time);
  last.isFresh = false;
}

/** Charts cost more than numbers: where drawing takes long they leave three quarters of the time to everything else. */
function drawSoon() {
  if (drawing) return;
  drawing = setTimeout(() => requestAnimationFrame(() => {
    drawing = 0;
    const begun = performance.now();
    if (view.isFollowing) follow();
    charts.update();
    showReadout(feed.columns, cursor, view);
    drawCost = 0.8 * drawCost + 0.2 * (performance.now() - begun);
    drawnAt = performance.now();
  }), Math.max(0, drawnAt + Math.min(1000, Math.max(40, 4 * drawCost)) - performance.now()));
}

function showDelay(millis) {
  delays.push(millis);
  if (delays.length > 500) delays.shift();
  const sorted = [...delays].sort((one, other) => one - other);
  const at = (share) => span(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
  const delay = byId("delay");
  delay.textContent = span(millis);
  delay.dataset.millis = millis;
  delay.title = `From the exchange's time of the newest trade to this screen. Of the last ${sorted.length}: median ${at(0.5)}, 99 of 100 within ${at(0.99)}`;
}

function showState() {
  const silence = feed.silence();
  const order = ["live", "stale", "lost"];
  const own = silence >= LOST ? "lost" : silence >= STALE || main.dataset.connection === "closed" ? "stale" : "live";
  const state = order[Math.max(order.indexOf(own), order.indexOf(told.state))];
  main.dataset.state = state;
  byId("state").textContent = state;
  document.title = last ? `${state === "live" ? "" : `${state} `}${fixed(Number(last.price), view.decimals)} ${feed.inst}` : "Tapelake live";
  const quiet = last ? span(Math.max(0, Date.now() - last.time)) : null;
  let notice = null;
  if (own !== "live") notice = `No word from the server for ${span(silence)}. What is shown may be old.`;
  else if (told.trouble) notice = `The vault: ${told.trouble}.`;
  else if (state !== "live" && quiet) notice = `No new trade of ${feed.inst}: the newest one is ${quiet} old. What is shown is of then.`;
  else if (told.loading) notice = "Days are still being read: what they are needed for is not shown yet.";
  else if (refusals) notice = `Of the raw files, ${refusals}.`;
  const element = byId("notice");
  element.hidden = !notice;
  if (notice && element.textContent !== notice) element.textContent = notice;
}

let rebuilding = false;
function rebuildSoon() {
  if (rebuilding || !charts) return;
  rebuilding = true;
  requestAnimationFrame(() => { rebuilding = false; charts.build(); });
}

// ---- moving about

function follow() {
  const length = Number(layout.get("range"));
  const newest = feed.columns.length ? feed.columns.minute[feed.columns.length - 1] : Math.floor(Date.now() / 60000);
  view.to = newest + 1 + Math.max(2, length * (view.profile ? 0.2 : 0.03));
  view.from = view.to - length * (view.profile ? 1.2 : 1.03);
  view.isFollowing = true;
}

function move({ shift, zoom, at, follow: toNewest }) {
  if (toNewest) {
    follow();
  } else if (shift) {
    const newest = feed.columns.length ? feed.columns.minute[feed.columns.length - 1] : view.to;
    const by = Math.min(shift, newest + (view.to - view.from) * 0.5 - view.to);
    view.from += by;
    view.to += by;
    view.isFollowing = false;
  } else if (zoom) {
    const length = Math.min(15000, Math.max(8, (view.to - view.from) * zoom));
    const pivot = view.from + (view.to - view.from) * at;
    view.from = pivot - length * at;
    view.to = view.from + length;
    view.isFollowing = false;
  }
  paintSoon();
}

function setRange(minutes) {
  layout.set("range", String(minutes));
  byId("range").value = String(minutes);
  follow();
  paintSoon();
}

// ---- controls

function isOn(id) {
  return byId(id).getAttribute("aria-pressed") === "true";
}

function press(id, isPressed) {
  byId(id).setAttribute("aria-pressed", String(isPressed));
}

function spanButtons() {
  byId("spans").replaceChildren(...view.allSpans.map(({ name }, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.className = `c${index % 7}`;
    button.title = `VWAP of ${name} (key ${index + 1})`;
    button.setAttribute("aria-pressed", String(view.spans.includes(name)));
    button.addEventListener("click", () => toggleSpan(name));
    return button;
  }));
}

function toggleSpan(name) {
  const on = new Set(view.spans);
  if (!on.delete(name)) on.add(name);
  view.spans = view.allSpans.map((each) => each.name).filter((each) => on.has(each));
  layout.set("spans", view.spans.join() || "none");
  spanButtons();
  paintSoon();
}

function toggle(key, one, other, id) {
  layout.set(key, layout.get(key) === one ? other : one);
  showControls();
  rebuildSoon();
  if (id === "profile" && view.isFollowing) follow();
  paintSoon();
}

function showControls() {
  for (const id of ["bands", "weight", "range"]) {
    const select = byId(id);
    select.value = layout.get(id);
    if (select.selectedIndex < 0) {
      layout.reset(id);
      select.value = layout.get(id);
    }
  }
  press("log", view.isLog);
  press("profile", view.profile);
  press("zone", view.isLocal);
  byId("zone").textContent = view.isLocal ? "local" : "UTC";
  byId("tape-time").textContent = view.isLocal ? "time local" : "time UTC";
}

const actions = {
  log: () => toggle("scale", "linear", "log", "log"),
  profile: () => toggle("profile", "on", "off", "profile"),
  zone: () => toggle("zone", "utc", "local", "zone"),
  weight: () => toggle("weight", "notional", "base", "weight"),
  bands: () => { layout.set("bands", String((Number(layout.get("bands")) + 1) % 4)); showControls(); paintSoon(); },
  notify: async () => {
    const isPressed = !isOn("notify") && window.Notification && (await Notification.requestPermission()) === "granted";
    press("notify", Boolean(isPressed));
  },
  sound: () => { press("sound", !isOn("sound")); if (isOn("sound")) beep(); },
  help: () => byId("keys").showModal(),
};

function nextInstrument(step) {
  const at = instruments.findIndex(({ inst }) => inst === feed.inst);
  if (at >= 0) choose(instruments[(at + step + instruments.length) % instruments.length].inst);
}

function key(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(SELECT|INPUT)$/.test(event.target.tagName) || byId("keys").open) return;
  const length = view.to - view.from;
  const range = Number(layout.get("range"));
  const keys = {
    "[": () => nextInstrument(-1), "]": () => nextInstrument(1),
    ArrowLeft: () => move({ shift: -length / 8 }), ArrowRight: () => move({ shift: length / 8 }), End: () => move({ follow: true }),
    "+": () => setRange(RANGES.filter((each) => each < range).pop() ?? RANGES[0]), "-": () => setRange(RANGES.find((each) => each > range) ?? RANGES[RANGES.length - 1]),
    b: actions.bands, v: actions.weight, l: actions.log, p: actions.profile, u: actions.zone, n: actions.notify, s: actions.sound, "?": actions.help,
  };
  keys["="] = keys["+"];
  const digit = Number(event.key);
  const action = digit >= 1 && digit <= view.allSpans.length ? () => toggleSpan(view.allSpans[digit - 1].name) : keys[event.key] ?? keys[event.key.toLowerCase()];
  if (action) {
    event.preventDefault();
    action();
  }
}

// ---- instruments

function choose(inst) {
  layout.set("inst", inst);
  show(inst);
}

function show(inst) {
  byId("instrument").value = inst;
  forget();
  const [base, quote] = inst.split("-");
  Object.assign(view, { base, quote: quote ?? "", isFollowing: true });
  byId("quote").textContent = view.quote;
  byId("unit-price").textContent = view.quote;
  byId("unit-cvd").textContent = `CVD ${view.base}`;
  byId("tape-unit").textContent = view.quote;
  feed.watch(inst);
  paintSoon();
}

/** Nothing of one instrument stays under another one's name, also while the server says nothing. */
function forget() {
  tape.clear();
  rows = { open: null, closed: null };
  last = null;
  delays = [];
  refusals = null;
  isJustChosen = true;
  told = { ...told, trouble: null };
  byId("delay").textContent = "–";
}

async function lookForInstruments() {
  try {
    const answer = await fetch("api/instruments");
    if (answer.status === 401) location.reload();
    const found = await answer.json();
    const before = instruments.map(({ inst }) => inst).join();
    instruments = found.instruments.filter(({ newest_trade_id: id }) => id !== undefined);
    if (instruments.map(({ inst }) => inst).join() !== before) {
      byId("instrument").replaceChildren(...instruments.map(({ inst }) => Object.assign(document.createElement("option"), { value: inst, textContent: inst })));
      if (feed.inst) byId("instrument").value = feed.inst;
    }
    const named = instruments.find(({ inst }) => inst === layout.get("inst"));
    if (named && named.inst !== feed.inst) show(named.inst);
    else if (!feed.inst && instruments.length) (layout.get("inst") ? show : choose)(instruments[0].inst);
    if (!feed.inst) {
      main.classList.add("is-empty");
      byId("empty").hidden = false;
      byId("state").textContent = main.dataset.state = "waiting";
      byId("notice").hidden = !found.trouble;
      byId("notice").textContent = found.trouble ?? "";
    }
  } catch (error) {
    // The stream tells whether the server is there.
  }
  // The instrument that the address names may have its first trade later than others: until then another one is shown.
  setTimeout(lookForInstruments, !feed.inst ? 500 : feed.inst === layout.get("inst") ? 10000 : 2000);
}

byId("instrument").addEventListener("change", (event) => choose(event.target.value));
byId("bands").addEventListener("change", (event) => { layout.set("bands", event.target.value); paintSoon(); });
byId("weight").addEventListener("change", (event) => { layout.set("weight", event.target.value); paintSoon(); });
byId("range").addEventListener("change", (event) => setRange(Number(event.target.value)));
for (const id of ["log", "profile", "zone", "notify", "sound", "help"]) byId(id).addEventListener("click", actions[id]);
addEventListener("keydown", key);
setInterval(() => { feed.check(); if (feed.inst) showState(); }, 250);
showControls();
lookForInstruments();
