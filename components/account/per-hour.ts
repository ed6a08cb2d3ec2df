/** A count of a window per hour, one digit after the point where it is small. */
export function perHour(count: number, from: string, to: string): string {
  const hours = (Date.parse(to) - Date.parse(from)) / 3_600_000;
  if (!(hours > 0)) return "0";
  const rate = count / hours;
  return rate < 10 ? rate.toFixed(1) : String(Math.round(rate));
}
