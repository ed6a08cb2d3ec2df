import type { RawLine } from "../../lib/api/common";
import { cn } from "./cn";
import { Raw } from "./raw";

/** Raw lines, the ones asked for marked, in the order of the log. */
export function LogLines({ lines }: { lines: RawLine[] }) {
  return (
    <ol aria-label="Log lines" className="rounded-md border bg-sunken py-1 font-mono text-[12px] leading-5">
      {lines.map((line, index) => {
        const before = lines[index - 1];
        const other = before && before.file !== line.file;
        return (
          <li
            key={`${line.file} ${line.offset}`}
            className={cn(
              "break-all border-l-2 px-2",
              line.hit ? "border-accent bg-surface" : "border-transparent text-muted",
              other && "mt-1 border-t",
            )}
            title={`${line.file} at byte ${line.offset}`}
          >
            <Raw empty="(empty line)">{line.text}</Raw>
          </li>
        );
      })}
    </ol>
  );
}
