"use client";
"use no memo";

import { useEffect, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { tickLabels } from "./tick-labels";
import { type Stacked, stacked } from "./timeline-data";

type Props = {
  data: Stacked;
  onRange: (from: string, to: string) => void;
  /** A bar was pressed: its index. */
  onBar: (index: number) => void;
};

/** Stacked bars of messages by network with rejects and failed logins as lines. The table beside it has the numbers. */
export default function TimelineChart({ data, onRange, onBar }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const range = useRef(onRange);
  range.current = onRange;
  const bar = useRef(onBar);
  bar.current = onBar;
  useEffect(() => {
    const here = box.current;
    if (!here) return;
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const axis: uPlot.Axis = {
      stroke: colour("--muted"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
      font: "12px system-ui",
    };
    const bars = uPlot.paths.bars?.({ size: [0.9, 40], gap: 0 });
    const sums = stacked(data.layers);
    // Greatest sums first, so that smaller ones are drawn over them.
    const order = data.layers.map((_, index) => index).reverse();
    const plot = new uPlot(
      {
        width: here.clientWidth,
        height: 220,
        legend: { show: false },
        cursor: { drag: { x: true, y: false, setScale: false }, points: { show: false } },
        axes: [
          { ...axis, values: (_, times, __, ___, step) => tickLabels(times, step) },
          { ...axis, size: 46 },
        ],
        scales: { x: { time: true }, y: { range: (_, __, max) => [0, Math.max(1, max * 1.05)] } },
        series: [
          {},
          ...order.map((index) => ({
            fill: data.layers[index]?.colour,
            stroke: data.layers[index]?.colour,
            width: 0,
            paths: bars,
            points: { show: false },
          })),
          { stroke: colour("--danger"), width: 1.5, points: { show: false } },
          { stroke: colour("--warn"), width: 1.5, points: { show: false } },
        ],
        hooks: {
          setSelect: [
            (chart) => {
              if (chart.select.width < 4) return;
              const at = (x: number) => new Date(chart.posToVal(x, "x") * 1000).toISOString();
              range.current(at(chart.select.left), at(chart.select.left + chart.select.width));
            },
          ],
        },
      },
      [data.times, ...order.map((index) => sums[index] ?? []), data.rejects, data.failed],
      here,
    );
    // Pressed, not dragged: a drag leaves a selection.
    const pressed = () => {
      if (plot.select.width < 4 && typeof plot.cursor.idx === "number") bar.current(plot.cursor.idx);
    };
    plot.over.addEventListener("click", pressed);
    const watch = new ResizeObserver(() => plot.setSize({ width: here.clientWidth, height: 220 }));
    watch.observe(here);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [data]);
  return (
    <div
      ref={box}
      role="img"
      aria-label="Messages by network or country over time, with rejects and failed logins"
      className="w-full"
    />
  );
}
