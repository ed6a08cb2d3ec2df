import { expect, test } from "vitest";
import type { Timeline } from "../../lib/api/accounts";
import { layersOf, stacked } from "./timeline-data";

const bucket = (at: string, messages: number) => ({
  at,
  messages,
  recipients: 0,
  rejects: 1,
  failedLogins: 2,
  sessions: 0,
  delivered: 0,
  bounced: 0,
  deferred: 0,
});
const timeline: Timeline = {
  from: "2026-01-01T00:00:00Z",
  to: "2026-01-01T00:02:00Z",
  bucketSeconds: 60,
  buckets: [bucket("2026-01-01T00:00:00Z", 5), bucket("2026-01-01T00:01:00Z", 3)],
  networks: [
    { network: "192.0.2.0/24", country: "NL", messages: 4, buckets: [3, 1] },
    { network: "198.51.100.0/24", country: null, messages: 2, buckets: [1, 1] },
  ],
  countries: [],
  gaps: [],
};

test("what no network accounts for becomes a layer of its own", () => {
  const { layers, times } = layersOf(timeline);
  expect(times).toEqual([1767225600, 1767225660]);
  expect(layers.map(({ label, values }) => [label, values])).toEqual([
    ["192.0.2.0/24", [3, 1]],
    ["198.51.100.0/24", [1, 1]],
    ["other networks", [1, 1]],
  ]);
  expect(stacked(layers)).toEqual([
    [3, 1],
    [4, 2],
    [5, 3],
  ]);
});

test("where most mail comes from networks that are not told apart, countries are", () => {
  const countries = [
    { country: "NL", messages: 6, buckets: [4, 2] },
    { country: "BR", messages: 1, buckets: [0, 1] },
  ];
  const { of, layers } = layersOf({ ...timeline, networks: timeline.networks.slice(1), countries });
  expect(of).toBe("countries");
  expect(layers.map(({ label, values }) => [label, values])).toEqual([
    ["NL", [4, 2]],
    ["BR", [0, 1]],
    ["other countries", [1, 0]],
  ]);
});
