// Numbers and times as people read them. Exact texts are never made here: they are shown as they came.

const pad = (number, digits = 2) => String(number).padStart(digits, "0");

/** How many decimals an exact text has. */
export const decimalsOf = (text) => (text && text.includes(".") ? text.length - text.indexOf(".") - 1 : 0);

const formats = new Map();

/** A number with a number of decimals and groups of digits. */
export function fixed(number, decimals) {
  if (number === null || number === undefined || Number.isNaN(number)) return "–";
  if (!formats.has(decimals)) formats.set(decimals, new Intl.NumberFormat("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }));
  return formats.get(decimals).format(number);
}

/** A number with a sign. */
export const signed = (number, decimals) =>
  number === null || number === undefined || Number.isNaN(number) ? "–" : (number > 0 ? "+" : number < 0 ? "−" : "") + fixed(Math.abs(number), decimals);

/** A size in few characters: 1,234, 12.3k, 4.56M. */
export function short(number) {
  if (number === null || number === undefined || Number.isNaN(number)) return "–";
  const size = Math.abs(number);
  const sign = number < 0 ? "−" : "";
  if (size >= 1e9) return sign + (size / 1e9).toFixed(2) + "B";
  if (size >= 1e6) return sign + (size / 1e6).toFixed(2) + "M";
  if (size >= 1e4) return sign + (size / 1e3).toFixed(1) + "k";
  if (size >= 100) return sign + size.toFixed(0);
  if (size >= 1) return sign + size.toFixed(2);
  return size === 0 ? "0" : sign + size.toPrecision(2);
}

/** The clock time of a millisecond since 1970. */
export function clock(millis, isLocal, withMillis) {
  const at = new Date(millis);
  const parts = isLocal
    ? [at.getHours(), at.getMinutes(), at.getSeconds()]
    : [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()];
  return parts.map((part) => pad(part)).join(":") + (withMillis ? "." + pad(at.getUTCMilliseconds(), 3) : "");
}

/** Day and minute of a minute since 1970. */
export function minuteText(minute, isLocal) {
  const at = new Date(minute * 60000);
  const day = isLocal
    ? `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`
    : at.toISOString().slice(0, 10);
  return `${day} ${clock(minute * 60000, isLocal, false).slice(0, 5)}`;
}

/** A span of milliseconds. */
export function span(millis) {
  if (millis < 0) return `clock ${Math.round(millis)} ms`;
  if (millis < 10000) return `${Math.round(millis)} ms`;
  if (millis < 120000) return `${Math.round(millis / 1000)} s`;
  if (millis < 7200000) return `${Math.round(millis / 60000)} min`;
  return millis < 172800000 ? `${Math.round(millis / 3600000)} h` : `${Math.round(millis / 86400000)} d`;
}

/** A tick of the time axis, in seconds since 1970; with its day where that is another than that of the tick before. */
export function axisTime(seconds, before, isLocal) {
  const text = minuteText(Math.floor(seconds / 60), isLocal);
  const isNewDay = before === undefined || minuteText(Math.floor(before / 60), isLocal).slice(0, 10) !== text.slice(0, 10);
  return isNewDay ? `${text.slice(11)}\n${text.slice(5, 10)}` : text.slice(11);
}
