// Three panes over one time axis. uPlot has axes, scales and the cursor; what is in the panes is drawn here.

import { axisTime, fixed, short } from "./format.js";

const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** A colour with an opacity. */
const fadedColours = new Map();
function faded(colour, opacity) {
  const key = colour + opacity;
  if (!fadedColours.has(key)) fadedColours.set(key, rgba(colour, opacity));
  return fadedColours.get(key);
}

function rgba(colour, opacity) {
  const hex = colour.length === 4 ? colour.replace(/[0-9a-f]/gi, (digit) => digit + digit) : colour;
  const [r, g, b] = [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  return `rgba(${r}, ${g}, ${b}, ${opacity})`;
}

export class Charts {
  constructor(elements, columns, view, onMove, onCursor) {
    this.elements = elements;
    this.columns = columns;
    this.view = view;
    this.onMove = onMove;
    this.onCursor = onCursor;
    this.extra = { gaps: [], certificates: [], revised: [], signals: [], profile: [], area: null, closedTo: Infinity };
    this.colours();
    this.plots = [];
    this.build();
    matchMedia("(prefers-color-scheme: light)").addEventListener("change", () => { this.colours(); this.build(); });
    new ResizeObserver(() => this.resize()).observe(elements.price.parentElement);
  }

  colours() {
    this.colour = {};
    for (const name of ["text", "dim", "faint", "grid", "up", "down", "gap", "whole", "part", "none", "revised", "card", "accent"]) {
      this.colour[name] = css(`--${name}`);
    }
    this.spanColours = [0, 1, 2, 3, 4, 5, 6].map((index) => css(`--span${index}`));
  }

  build() {
    for (const plot of this.plots) plot.destroy();
    this.plots = [
      this.plot(this.elements.price, { name: "price", draw: (u) => this.drawPrice(u), range: (u) => this.priceRange(u), isFirst: true }),
      this.plot(this.elements.cvd, { name: "cvd", draw: (u) => this.drawCvd(u), range: (u) => this.cvdRange(u) }),
      this.plot(this.elements.delta, { name: "delta", draw: (u) => this.drawDelta(u), range: (u) => this.deltaRange(u), isLast: true }),
    ];
    this.update();
  }

  plot(element, pane) {
    const isNarrow = innerWidth < 900;
    const axis = { stroke: this.colour.dim, grid: { stroke: this.colour.grid, width: 1 }, ticks: { show: false }, font: "11px system-ui, sans-serif" };
    const width = isNarrow ? 58 : 74;
    const values = pane.name === "price"
      ? (u, ticks) => ticks.map((tick) => fixed(tick, this.view.decimals))
      : (u, ticks) => ticks.map((tick) => short(tick));
    const labels = { price: this.view.quote, cvd: `CVD ${this.view.base}`, delta: `Δ ${this.view.base}` };
    const options = {
      width: Math.max(120, element.clientWidth),
      height: Math.max(60, element.clientHeight),
      padding: [pane.isFirst ? 22 : 6, 8, pane.isLast ? 0 : 2, 0],
      legend: { show: false },
      cursor: { sync: { key: "tape", setSeries: false }, drag: { x: false, y: false }, points: { show: false }, y: pane.isFirst },
      tzDate: (seconds) => (this.view.isLocal ? new Date(seconds * 1000) : uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC")),
      scales: {
        x: { time: true, range: () => [this.view.from * 60, this.view.to * 60] },
        y: { distr: pane.name === "price" && this.view.isLog ? 3 : 1, range: pane.range },
      },
      axes: [
        pane.isLast ? { ...axis, size: 44, gap: 14, space: isNarrow ? 60 : 70, values: (u, ticks) => ticks.map((tick, at) => axisTime(tick, ticks[at - 1], this.view.isLocal)) } : { ...axis, size: 0, values: () => [], grid: axis.grid },
        { ...axis, size: width, values, label: labels[pane.name], labelSize: 14, labelGap: 0, labelFont: "11px system-ui, sans-serif", space: pane.isFirst ? 40 : 24 },
      ],
      series: [{}, { paths: () => null, points: { show: false } }],
      hooks: {
        draw: [pane.draw],
        setCursor: pane.isFirst ? [(u) => this.onCursor(u.cursor.idx)] : [],
      },
    };
    const plot = new uPlot(options, [[], []], element);
    this.listen(plot.over);
    return plot;
  }

  listen(over) {
    const pointers = new Map();
    over.addEventListener("wheel", (event) => {
      event.preventDefault();
      const box = over.getBoundingClientRect();
      if (Math.abs(event.deltaX) > Math.abs(event.deltaY)) this.onMove({ shift: (event.deltaX / box.width) * (this.view.to - this.view.from) });
      else this.onMove({ zoom: Math.exp(event.deltaY * 0.0016), at: (event.clientX - box.left) / box.width });
    }, { passive: false });
    over.addEventListener("pointerdown", (event) => { pointers.set(event.pointerId, event.clientX); over.setPointerCapture(event.pointerId); });
    over.addEventListener("pointermove", (event) => {
      if (!pointers.has(event.pointerId)) return;
      const box = over.getBoundingClientRect();
      const before = pointers.get(event.pointerId);
      if (pointers.size === 1) this.onMove({ shift: ((before - event.clientX) / box.width) * (this.view.to - this.view.from) });
      if (pointers.size === 2) {
        const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
        const ratio = Math.abs(before - other) / Math.max(12, Math.abs(event.clientX - other));
        this.onMove({ zoom: ratio, at: ((event.clientX + other) / 2 - box.left) / box.width });
      }
      pointers.set(event.pointerId, event.clientX);
    });
    for (const end of ["pointerup", "pointercancel"]) over.addEventListener(end, (event) => pointers.delete(event.pointerId));
    over.addEventListener("dblclick", () => this.onMove({ follow: true }));
  }

  resize() {
    this.plots.forEach((plot) => {
      const element = plot.root.parentElement;
      plot.setSize({ width: Math.max(120, element.clientWidth), height: Math.max(60, element.clientHeight) });
    });
  }

  /** Draws everything anew. */
  update() {
    const xs = this.columns.minute.map((minute) => minute * 60);
    const closes = this.columns.column("close");
    for (const plot of this.plots) plot.setData([xs, closes], true);
  }

  /** First and last place in view, one more on each side. */
  visible() {
    const first = Math.max(0, this.columns.place(Math.floor(this.view.from)) - 1);
    const last = Math.min(this.columns.length - 1, this.columns.place(Math.ceil(this.view.to)));
    return [first, last];
  }

  names(kind) {
    const by = this.view.weight === "base" ? "_base" : "";
    return this.view.spans.map((name) => `${kind}${by}_${name}`);
  }

  priceRange() {
    const [first, last] = this.visible();
    let low = Infinity;
    let high = -Infinity;
    const lows = this.columns.column("low");
    const highs = this.columns.column("high");
    const closes = this.columns.column("close");
    for (let i = first; i <= last; i++) {
      const down = lows[i] ?? closes[i];
      const up = highs[i] ?? closes[i];
      if (down !== null && down < low) low = down;
      if (up !== null && up > high) high = up;
    }
    if (low > high) return [0, 1];
    // VWAPs that are near join; those that are far away do not press the candles flat.
    const room = (high - low) * 0.75;
    for (const name of this.names("vwap")) {
      const values = this.columns.column(name);
      for (let i = first; i <= last; i += Math.max(1, (last - first) >> 8)) {
        const value = values[i];
        if (value !== null && value > low - room && value < high + room) {
          low = Math.min(low, value);
          high = Math.max(high, value);
        }
      }
    }
    if (this.view.isLog) {
      // By a factor: less than nothing has no place on this scale.
      const factor = (high / low) ** 0.06;
      const margin = factor > 1 ? factor : 1.0005;
      return [low / margin, high * margin];
    }
    const margin = (high - low) * 0.06 || high * 0.0005;
    return [low - margin, high + margin];
  }

  cvdName() {
    return `cvd_${this.view.spans.includes("session") || !this.view.spans.length ? "session" : this.view.spans[0]}`;
  }

  rangeOf(name) {
    const [first, last] = this.visible();
    const values = this.columns.column(name);
    let low = 0;
    let high = 0;
    for (let i = first; i <= last; i++) {
      if (values[i] > high) high = values[i];
      if (values[i] < low) low = values[i];
    }
    const margin = (high - low) * 0.08 || 1;
    return [low - margin, high + margin];
  }

  cvdRange() {
    return this.rangeOf(this.cvdName());
  }

  deltaRange() {
    return this.rangeOf("delta");
  }

  clip(u, draw) {
    const { ctx, bbox } = u;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    draw(ctx, devicePixelRatio);
    ctx.restore();
  }

  drawPrice(u) {
    if (!this.columns.length) return;
    this.clip(u, (ctx, ratio) => {
      this.drawLanes(u, ctx, false);
      if (this.view.profile) this.drawProfile(u, ctx, ratio);
      this.names("vwap").forEach((name, index) => this.drawBand(u, ctx, name, this.names("stddev")[index], this.colourOf(index)));
      this.drawCandles(u, ctx, ratio);
      this.names("vwap").forEach((name, index) => this.drawLine(u, ctx, name, this.colourOf(index), 1.6 * ratio, this.view.spans[index] === "session"));
      this.drawSignals(u, ctx, ratio);
    });
  }

  colourOf(index) {
    return this.spanColours[this.view.indexOf(this.view.spans[index]) % this.spanColours.length];
  }

  /** Runs over what is in view, at most twice a pixel. */
  eachPoint(u, name, take) {
    const [first, last] = this.visible();
    const values = this.columns.column(name);
    const minutes = this.columns.minute;
    const step = Math.max(1, Math.floor((last - first) / (u.bbox.width * 2)));
    for (let i = first; i <= last; i += step) take(u.valToPos(minutes[i] * 60 + 30, "x", true), values[i], i, minutes[i]);
  }

  drawLine(u, ctx, name, colour, width, breaksByDay) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.lineJoin = "round";
    ctx.beginPath();
    let day = null;
    let isDown = false;
    this.eachPoint(u, name, (x, value, i, minute) => {
      const of = Math.floor(minute / 1440);
      if (value === null || value === undefined || (breaksByDay && day !== null && of !== day)) isDown = false;
      day = of;
      if (value === null || value === undefined) return;
      const y = u.valToPos(value, "y", true);
      if (isDown) ctx.lineTo(x, y);
      else ctx.moveTo(x, y);
      isDown = true;
    });
    ctx.stroke();
  }

  drawBand(u, ctx, name, deviation, colour) {
    const widest = Number(this.view.bands);
    if (!widest) return;
    const spread = this.columns.column(deviation);
    const breaksByDay = name.endsWith("session");
    ctx.fillStyle = faded(colour, widest > 1 ? 0.055 : 0.09);
    for (let k = widest; k >= 1; k--) {
      let upper = [];
      let lower = [];
      let day = null;
      const fill = () => {
        if (upper.length > 1) {
          ctx.beginPath();
          upper.forEach(([x, y], at) => (at ? ctx.lineTo(x, y) : ctx.moveTo(x, y)));
          for (let at = lower.length - 1; at >= 0; at--) ctx.lineTo(lower[at][0], lower[at][1]);
          ctx.closePath();
          ctx.fill();
        }
        upper = [];
        lower = [];
      };
      this.eachPoint(u, name, (x, value, i, minute) => {
        const of = Math.floor(minute / 1440);
        if (value === null || value === undefined || spread[i] === null || spread[i] === undefined || (breaksByDay && day !== null && of !== day)) fill();
        day = of;
        if (value === null || value === undefined || spread[i] === null || spread[i] === undefined) return;
        upper.push([x, u.valToPos(value + k * spread[i], "y", true)]);
        lower.push([x, u.valToPos(Math.max(value - k * spread[i], value * 0.01), "y", true)]);
      });
      fill();
    }
  }

  drawCandles(u, ctx, ratio) {
    const [first, last] = this.visible();
    const { minute } = this.columns;
    const [open, high, low, close] = ["open", "high", "low", "close"].map((name) => this.columns.column(name));
    const pixel = u.bbox.width / (this.view.to - this.view.from);
    const step = Math.max(1, Math.ceil((1.4 * ratio) / pixel));
    const body = Math.max(1, Math.min(14 * ratio, pixel * step * 0.68));
    for (let i = first - (first % step); i <= last; i += step) {
      let up = -Infinity;
      let down = Infinity;
      let from = null;
      let to = null;
      const end = Math.min(last, i + step - 1);
      for (let at = Math.max(0, i); at <= end; at++) {
        if (open[at] === null || open[at] === undefined) continue;
        from ??= open[at];
        to = close[at];
        if (high[at] > up) up = high[at];
        if (low[at] < down) down = low[at];
      }
      if (from === null) continue;
      const x = u.valToPos(((minute[Math.max(0, i)] + minute[end]) / 2) * 60 + 30, "x", true);
      const isOpen = minute[end] > this.extra.closedTo;
      const colour = to >= from ? this.colour.up : this.colour.down;
      const yOpen = u.valToPos(from, "y", true);
      const yClose = u.valToPos(to, "y", true);
      ctx.strokeStyle = ctx.fillStyle = colour;
      ctx.lineWidth = Math.max(1, Math.min(1.2 * ratio, body / 3));
      ctx.beginPath();
      ctx.moveTo(x, u.valToPos(up, "y", true));
      ctx.lineTo(x, u.valToPos(down, "y", true));
      ctx.stroke();
      const top = Math.min(yOpen, yClose);
      const height = Math.max(ratio, Math.abs(yOpen - yClose));
      if (isOpen && body > 3) {
        // What is not final is an outline.
        ctx.fillStyle = this.colour.card;
        ctx.fillRect(x - body / 2, top, body, height);
        ctx.setLineDash([2 * ratio, 2 * ratio]);
        ctx.strokeRect(x - body / 2, top, body, height);
        ctx.setLineDash([]);
      } else {
        ctx.fillRect(x - body / 2, top, body, height);
      }
    }
  }

  drawProfile(u, ctx, ratio) {
    const most = this.extra.profile.reduce((max, row) => Math.max(max, row[2]), 0);
    if (!most) return;
    const width = Math.min(150 * ratio, u.bbox.width * 0.17);
    const right = u.bbox.left + u.bbox.width;
    for (const [lower, upper, volume, buys, kind] of this.extra.profile) {
      const top = u.valToPos(upper, "y", true);
      const bottom = u.valToPos(lower, "y", true);
      const height = Math.max(1, bottom - top - (bottom - top > 3 ? 1 : 0));
      const length = (volume / most) * width;
      const bought = (buys / volume) * length;
      ctx.fillStyle = faded(this.colour.up, kind ? 0.38 : 0.17);
      ctx.fillRect(right - length, top, bought, height);
      ctx.fillStyle = faded(this.colour.down, kind ? 0.38 : 0.17);
      ctx.fillRect(right - length + bought, top, length - bought, height);
    }
    const area = this.extra.area;
    if (!area) return;
    ctx.font = `${10 * ratio}px system-ui, sans-serif`;
    ctx.textAlign = "right";
    const left = right - width * 1.12;
    // Beside, above and below their lines: near each other they do not lie on each other.
    for (const [label, price, dash, baseline, end, off] of [["POC", area.poc, [], "middle", left, 0], ["VAH", area.vah, [4, 4], "bottom", right, -1], ["VAL", area.val, [4, 4], "top", right, 2]]) {
      if (price === null) continue;
      const y = u.valToPos(price, "y", true);
      ctx.strokeStyle = faded(this.colour.text, label === "POC" ? 0.6 : 0.35);
      ctx.lineWidth = ratio;
      ctx.setLineDash(dash.map((each) => each * ratio));
      ctx.beginPath();
      ctx.moveTo(left, y);
      ctx.lineTo(right, y);
      ctx.stroke();
      ctx.setLineDash([]);
      ctx.strokeStyle = this.colour.card;
      ctx.lineWidth = 3 * ratio;
      ctx.textBaseline = baseline;
      // The name of a line at the picture's edge stays within it.
      const highest = u.bbox.top + (baseline === "bottom" ? 12 : 0) * ratio;
      const lowest = u.bbox.top + u.bbox.height - (baseline === "top" ? 12 : 0) * ratio;
      const at = [`${label} ${fixed(price, this.view.decimals)}`, end - 3 * ratio, Math.min(Math.max(y + off * ratio, highest), lowest)];
      ctx.strokeText(...at);
      ctx.fillStyle = this.colour.text;
      ctx.fillText(...at);
    }
    ctx.setLineDash([]);
  }

  drawSignals(u, ctx, ratio) {
    for (const signal of this.extra.signals) {
      const isShown = signal.window.split("/").every((name) => this.view.spans.includes(name));
      if (!isShown || signal.minute < this.view.from || signal.minute > this.view.to) continue;
      const isUp = signal.direction === "up";
      const x = u.valToPos(signal.minute * 60 + 30, "x", true);
      const y = u.valToPos(signal.price, "y", true) + (isUp ? 12 : -12) * ratio;
      const size = 4.5 * ratio * (isUp ? 1 : -1);
      ctx.fillStyle = isUp ? this.colour.up : this.colour.down;
      ctx.strokeStyle = this.colour.card;
      ctx.lineWidth = ratio;
      ctx.beginPath();
      ctx.moveTo(x, y - size);
      ctx.lineTo(x - Math.abs(size), y + size);
      ctx.lineTo(x + Math.abs(size), y + size);
      ctx.closePath();
      ctx.fill();
      ctx.stroke();
    }
  }

  drawCvd(u) {
    if (!this.columns.length) return;
    const name = this.cvdName();
    this.clip(u, (ctx, ratio) => {
      this.drawLanes(u, ctx, false);
      this.drawZero(u, ctx, ratio);
      this.drawLine(u, ctx, name, this.colour.accent, 1.4 * ratio, name === "cvd_session");
      ctx.fillStyle = this.colour.dim;
      ctx.font = `${10.5 * ratio}px system-ui, sans-serif`;
      ctx.textAlign = "left";
      ctx.fillText(`CVD ${name.slice(4)}`, u.bbox.left + 6 * ratio, u.bbox.top + 12 * ratio);
    });
  }

  drawDelta(u) {
    if (!this.columns.length) return;
    this.clip(u, (ctx, ratio) => {
      this.drawLanes(u, ctx, false);
      this.drawZero(u, ctx, ratio);
      const [first, last] = this.visible();
      const delta = this.columns.column("delta");
      const pixel = u.bbox.width / (this.view.to - this.view.from);
      const step = Math.max(1, Math.ceil((1.4 * ratio) / pixel));
      const width = Math.max(1, Math.min(14 * ratio, pixel * step * 0.68));
      const zero = u.valToPos(0, "y", true);
      for (let i = first - (first % step); i <= last; i += step) {
        // Of several minutes in one place the largest is shown.
        let value = 0;
        for (let at = Math.max(0, i); at <= Math.min(last, i + step - 1); at++) if (Math.abs(delta[at] ?? 0) > Math.abs(value)) value = delta[at];
        if (!value) continue;
        const x = u.valToPos(this.columns.minute[Math.max(0, i)] * 60 + 30 * step, "x", true);
        const y = u.valToPos(value, "y", true);
        ctx.fillStyle = faded(value > 0 ? this.colour.up : this.colour.down, this.columns.minute[Math.max(0, i)] > this.extra.closedTo ? 0.45 : 0.85);
        ctx.fillRect(x - width / 2, Math.min(y, zero), width, Math.max(1, Math.abs(y - zero)));
      }
      ctx.fillStyle = this.colour.dim;
      ctx.font = `${10.5 * ratio}px system-ui, sans-serif`;
      ctx.textAlign = "left";
      ctx.fillText("delta a minute", u.bbox.left + 6 * ratio, u.bbox.top + 12 * ratio);
    });
    this.drawLanes(u, u.ctx, true);
  }

  drawZero(u, ctx, ratio) {
    const y = u.valToPos(0, "y", true);
    ctx.strokeStyle = faded(this.colour.text, 0.25);
    ctx.lineWidth = ratio;
    ctx.beginPath();
    ctx.moveTo(u.bbox.left, y);
    ctx.lineTo(u.bbox.left + u.bbox.width, y);
    ctx.stroke();
  }

  /** Missing ids go through all panes; on the time axis they, and what is proven of each day, have a lane. */
  drawLanes(u, ctx, onAxis) {
    const ratio = devicePixelRatio;
    const { left, top, width, height } = u.bbox;
    const at = (seconds) => Math.min(left + width, Math.max(left, u.valToPos(seconds, "x", true)));
    const lane = top + height + 3 * ratio;
    const fill = (from, to, y, tall, colour) => {
      const start = at(from);
      const end = at(to);
      if (end <= left || start >= left + width) return;
      ctx.fillStyle = colour;
      ctx.fillRect(start, y, Math.max(2 * ratio, end - start), tall);
    };
    if (onAxis) {
      for (const day of this.extra.certificates) fill(day.from * 60, Math.min(day.to, this.columns.minute[this.columns.length - 1] + 1) * 60, lane, 4 * ratio, this.colour[day.kind]);
      for (const minute of this.extra.revised) fill(minute * 60, minute * 60 + 60, lane + 5 * ratio, 4 * ratio, this.colour.revised);
    }
    for (const gap of this.extra.gaps) {
      if (onAxis) fill(gap.after / 1000, gap.before / 1000, lane + 5 * ratio, 4 * ratio, this.colour.gap);
      else fill(gap.after / 1000, gap.before / 1000, top, height, faded(this.colour.gap, 0.16));
    }
  }
}
