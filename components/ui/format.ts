/** 1234567 → "1,234,567". */
export const formatCount = (n: number) => n.toLocaleString("en-US");

/** Short for tiles and chips: 950, 12.4k, 1.2M. */
export function shortCount(n: number): string {
  if (n < 10_000) return formatCount(n);
  if (n < 999_500) return `${trim(n / 1e3)}k`;
  return `${trim(n / 1e6)}M`;
}

/** Bytes in powers of 1024, three digits at most. */
export function formatBytes(n: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = n;
  let unit = 0;
  while (value >= 1023.5 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${unit === 0 ? value : trim(value)} ${units[unit]}`;
}

const trim = (n: number) => (n < 99.95 ? n.toFixed(1).replace(/\.0$/, "") : n.toFixed(0));

/** Length of time in the two largest units: 45 s, 3 min, 2 h 5 min, 4 d 3 h. Seconds in. */
export function formatDuration(seconds: number): string {
  const s = Math.max(0, Math.round(seconds));
  if (s < 60) return `${s} s`;
  const minutes = Math.floor(s / 60);
  if (minutes < 60) return minutes < 5 && s % 60 ? `${minutes} min ${s % 60} s` : `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  const days = Math.floor(hours / 24);
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
}

/** "3 min ago"; "in 2 h" for times to come; "now" within two seconds. */
export function formatAgo(at: number, now: number): string {
  const seconds = (now - at) / 1000;
  if (Math.abs(seconds) < 2) return "now";
  return seconds > 0 ? `${formatDuration(seconds)} ago` : `in ${formatDuration(-seconds)}`;
}

const two = (n: number) => String(n).padStart(2, "0");

/** Local time, 24 hours: "28 Nov 05:34:07", with the year when it is not this one. */
export function formatTime(iso: string, now = Date.now()): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][at.getMonth()];
  const year = at.getFullYear() === new Date(now).getFullYear() ? "" : ` ${at.getFullYear()}`;
  return `${at.getDate()} ${month}${year} ${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** "1 message", "2 messages". */
export const plural = (n: number, one: string, many = `${one}s`) => `${formatCount(n)} ${n === 1 ? one : many}`;
