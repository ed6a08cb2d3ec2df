const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const two = (n: number) => String(n).padStart(2, "0");

/** Labels of a time axis, 24 hours, with the day where it changes. Seconds in, local time out. */
export function tickLabels(times: number[], stepSeconds: number): string[] {
  let before = "";
  return times.map((time) => {
    const at = new Date(time * 1000);
    const day = `${at.getDate()} ${months[at.getMonth()]}`;
    const clock = `${two(at.getHours())}:${two(at.getMinutes())}${stepSeconds < 60 ? `:${two(at.getSeconds())}` : ""}`;
    const changed = day !== before;
    before = day;
    if (stepSeconds >= 86_400) return day;
    return changed ? `${clock}\n${day}` : clock;
  });
}
