import type { Timeline } from "../../lib/api/accounts";

/** Distinct on light and dark ground alike; the last one is for all other networks together. */
export const colours = ["#2a8f8f", "#d07b1f", "#6a6fd6", "#c2477f", "#4f9d3a", "#a3763a", "#3c86d1"];
export const otherColour = "#8a94a0";

export type Layer = {
  label: string;
  colour: string;
  country: string | null;
  messages: number;
  values: number[];
  rest?: true;
};
export type Stacked = {
  of: "networks" | "countries";
  times: number[];
  layers: Layer[];
  rejects: number[];
  failed: number[];
};

/** Messages per bucket by network, the greatest networks first, what is left over as one layer. Times in seconds. */
export function layersOf(timeline: Timeline): Stacked {
  const networks = timeline.networks
    .slice(0, colours.length)
    .map((one) => ({ ...one, label: one.network, country: one.country as string | null }));
  const countries = timeline.countries
    .slice(0, colours.length)
    .map((one) => ({ ...one, label: one.country, country: null as string | null }));
  // A botnet has more networks than there are colours: its countries say more than a heap of "others".
  const told = (parts: { messages: number }[]) => parts.reduce((sum, one) => sum + one.messages, 0);
  const all = told(timeline.buckets);
  const of = told(networks) < all / 2 && told(countries) > told(networks) ? "countries" : "networks";
  const layers: Layer[] = (of === "countries" ? countries : networks).map((one, index) => ({
    label: one.label,
    colour: colours[index] ?? otherColour,
    country: one.country,
    messages: one.messages,
    values: timeline.buckets.map((_, bucket) => one.buckets[bucket] ?? 0),
  }));
  const rest = timeline.buckets.map((bucket, index) =>
    Math.max(0, bucket.messages - layers.reduce((sum, layer) => sum + (layer.values[index] ?? 0), 0)),
  );
  const restSum = rest.reduce((a, b) => a + b, 0);
  if (restSum > 0)
    layers.push({
      label: `other ${of}`,
      colour: otherColour,
      country: null,
      messages: restSum,
      values: rest,
      rest: true,
    });
  return {
    of,
    times: timeline.buckets.map((bucket) => Date.parse(bucket.at) / 1000),
    layers,
    rejects: timeline.buckets.map((bucket) => bucket.rejects),
    failed: timeline.buckets.map((bucket) => bucket.failedLogins),
  };
}

/** Running sums, so that bars drawn from the last to the first stand upon each other. */
export function stacked(layers: Layer[]): number[][] {
  const sums: number[][] = [];
  for (const layer of layers) {
    const below = sums.at(-1);
    sums.push(layer.values.map((value, index) => value + (below?.[index] ?? 0)));
  }
  return sums;
}
