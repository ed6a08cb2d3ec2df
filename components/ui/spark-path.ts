/** SVG paths of a line from 0 at the bottom to the greatest value near the top, and of the area under it. */
export function sparkPath(values: number[], width: number, height: number): { line: string; area: string } {
  const top = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  const round = (n: number) => Math.round(n * 100) / 100;
  const points = values.map(
    (value, index) => `${round(index * step)} ${round(height - 1 - (value / top) * (height - 3))}`,
  );
  const line = `M${points.join("L")}`;
  return { line, area: `${line}L${round(width)} ${height}L0 ${height}Z` };
}
