import { CircleAlert, CircleCheck } from "lucide-react";
import type { HostCheck } from "../../lib/api/hosts";
import { Commands } from "../ui/copy";
import { Raw } from "../ui/raw";

/** What works and what does not, a line each, with the command that mends it. */
export function CheckLines({ check }: { check: HostCheck }) {
  return (
    <ul aria-label="Host check" className="grid">
      {check.lines.map((line) => (
        <li key={line.name} className="flex items-start gap-2 border-b py-1.5 last:border-b-0">
          {line.ok ? (
            <CircleCheck aria-label="works" role="img" className="mt-0.5 size-4 shrink-0 text-good" />
          ) : (
            <CircleAlert aria-label="does not work" role="img" className="mt-0.5 size-4 shrink-0 text-danger" />
          )}
          <div className="grid min-w-0 flex-1 gap-1">
            <p className="break-words">
              <span className="font-medium">{line.name}</span> <Raw className="text-muted">{line.seen}</Raw>
            </p>
            {line.mend ? <Commands commands={[line.mend]} label="Copy command" /> : null}
          </div>
        </li>
      ))}
    </ul>
  );
}
