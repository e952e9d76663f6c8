// What the server tells: the stream of changes, and older minutes by HTTP. Keeps the columns that charts draw.

const DAY = 1440;
const minuteOf = (text) => Math.floor(Date.parse(text) / 60000);
const isoOf = (minute) => new Date(minute * 60000).toISOString();
const number = (text) => (text === null || text === undefined ? null : Number(text));

/** Minutes by column, ascending, without holes as far as the server has rows. */
export class Columns {
  constructor() {
    this.clear();
  }

  clear() {
    this.minute = [];
    this.byName = new Map();
  }

  get length() {
    return this.minute.length;
  }

  column(name) {
    let column = this.byName.get(name);
    if (!column) {
      column = new Array(this.minute.length).fill(null);
      this.byName.set(name, column);
    }
    return column;
  }

  /** Where a minute is, or belongs. */
  place(minute) {
    let low = 0;
    let high = this.minute.length;
    if (high && this.minute[high - 1] < minute) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.minute[middle] < minute) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Takes one row as the stream tells it. */
  put(row, spans) {
    const minute = minuteOf(row.minute);
    const at = this.place(minute);
    if (this.minute[at] !== minute) {
      this.minute.splice(at, 0, minute);
      for (const column of this.byName.values()) column.splice(at, 0, null);
    }
    const set = (name, value) => { this.column(name)[at] = value; };
    for (const name of ["open", "high", "low", "close"]) set(name, number(row[name]));
    set("volume", number(row.base_volume));
    set("delta", number(row.delta_base));
    set("count", row.trade_count_1m);
    for (const { name } of spans) {
      set(`vwap_${name}`, number(row[`vwap_${name}`]));
      set(`vwap_base_${name}`, number(row[`vwap_base_${name}`]));
      set(`stddev_${name}`, row[`stddev_${name}`] ?? null);
      set(`stddev_base_${name}`, row[`stddev_base_${name}`] ?? null);
      set(`cvd_${name}`, number(row[`cvd_${name}_base`]));
    }
  }

  /** Takes a stretch of minutes in place of what is there of it. */
  merge(from, to, told) {
    const first = this.place(from);
    const last = this.place(to + 1);
    const count = last - first;
    this.minute.splice(first, count, ...told.minute);
    for (const [name, values] of Object.entries(told)) {
      if (Array.isArray(values) && name !== "minute" && !this.byName.has(name)) {
        this.byName.set(name, new Array(this.minute.length - told.minute.length + count).fill(null));
      }
    }
    for (const [name, column] of this.byName) {
      column.splice(first, count, ...(told[name] ?? new Array(told.minute.length).fill(null)));
    }
  }
}

/** One instrument at a time, as it happens. */
export class Feed {
  constructor(changed) {
    this.changed = changed;
    this.columns = new Columns();
    this.inst = null;
    this.heardAt = performance.now();
    this.socket = null;
    this.generation = 0;
    this.pause = 250;
    this.isFetching = false;
    this.forget();
  }

  /** Everything is to be asked for anew; what is there stays until the answers come. */
  forget() {
    this.wanted = [];
    this.askedFrom = null;
    this.closedTo = null;
  }

  /** Watches an instrument; what was known of another one is forgotten. */
  watch(inst) {
    this.inst = inst;
    this.generation++;
    this.columns.clear();
    this.forget();
    this.sequence = null;
    this.spans = [];
    if (this.socket && this.socket.readyState === WebSocket.OPEN) this.ask();
    else if (!this.socket) this.connect();
  }

  ask() {
    this.isInStep = false;
    this.socket.send(JSON.stringify({ watch: this.inst }));
  }

  connect() {
    const address = new URL("stream", location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    address.hash = "";
    const socket = new WebSocket(address);
    this.socket = socket;
    socket.onopen = () => { this.pause = 250; this.sequence = null; this.ask(); };
    socket.onmessage = (event) => this.take(JSON.parse(event.data));
    socket.onclose = () => {
      this.socket = null;
      this.changed({ type: "closed" });
      setTimeout(() => this.socket || this.connect(), this.pause);
      this.pause = Math.min(5000, this.pause * 2);
    };
  }

  /** A connection that says nothing, not even that nothing happens, is given up. */
  check() {
    if (this.socket && this.socket.readyState === WebSocket.OPEN && this.silence() > 12000) this.socket.close();
  }

  silence() {
    return performance.now() - this.heardAt;
  }

  take(message) {
    if (message.inst !== this.inst) return;
    this.heardAt = performance.now();
    if (message.type === "snapshot") {
      this.spans = message.spans;
      if (this.sequence === null || message.revised_seq > this.sequence) this.forget();
      this.isInStep = true;
    } else if (!this.isInStep) {
      return;
    } else if (message.seq !== this.sequence + 1) {
      this.ask();
      return;
    }
    this.sequence = message.seq;
    for (const row of message.rows) this.columns.put(row, this.spans);
    if (message.first_minute) this.firstMinute = message.first_minute;
    this.wantClosed(message.rows.filter((row) => !row.provisional).map((row) => minuteOf(row.minute)));
    if (message.revised) this.want(Math.max(message.revised[0], this.askedFrom ?? Infinity), message.revised[1]);
    this.changed(message);
    this.wantOlder();
  }

  /** Rows begin with the last closed minute: those that closed with it, or while nothing was heard, are not told. */
  wantClosed(minutes) {
    if (!minutes.length) return;
    if (this.closedTo !== null) this.want(this.closedTo + 1, minutes[0] - 1);
    this.closedTo = minutes[minutes.length - 1];
  }

  /** Older minutes are fetched day by day, the newest first, until there are no more. */
  wantOlder() {
    if (!this.columns.length || !this.firstMinute || this.isFetching || this.wanted.length) return;
    this.askedFrom ??= this.columns.minute[this.columns.length - 1];
    if (this.askedFrom <= this.firstMinute) return;
    const isFirst = this.columns.length < 30;
    const to = this.askedFrom - 1;
    this.askedFrom = Math.max(this.firstMinute, this.askedFrom - (isFirst ? 480 : DAY));
    this.want(this.askedFrom, to);
  }

  /** Asks for a range, until it is answered. */
  want(from, to) {
    if (from > to) return;
    const last = this.wanted[this.wanted.length - 1];
    if (last && from <= last[1] + 1 && to >= last[0] - 1) {
      last[0] = Math.min(last[0], from);
      last[1] = Math.max(last[1], to);
    } else {
      this.wanted.push([from, to]);
    }
    this.fetchNext();
  }

  async fetchNext() {
    if (this.isFetching || !this.wanted.length) return;
    this.isFetching = true;
    const generation = this.generation;
    const range = this.wanted[0];
    const to = range[1];
    const from = Math.max(range[0], to - DAY + 1);
    if (from > range[0]) range[1] = from - 1;
    else this.wanted.shift();
    let told = null;
    try {
      const answer = await fetch(`api/columns?inst=${this.inst}&from=${isoOf(from)}&to=${isoOf(to)}`);
      if (answer.ok) told = await answer.json();
    } catch (error) {
      // The stream tells whether the server is there.
    }
    if (generation === this.generation) {
      if (told) {
        this.columns.merge(from, to, told);
        this.changed({ type: "history", from, to });
      } else {
        this.want(from, to);
      }
    }
    // Revisions come in swarms: the server makes each minute anew. And one that does not answer is left in peace.
    const pause = !told ? 2000 : this.wanted.length ? 150 : 20;
    setTimeout(() => { this.isFetching = false; this.fetchNext(); this.wantOlder(); }, pause);
  }
}
