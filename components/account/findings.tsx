"use client";

import { useState } from "react";
import type { AccountView } from "../../lib/api/accounts";
import { Verdict } from "../domain/verdict";
import { Card } from "../ui/card";
import { Raw } from "../ui/raw";
import { useUrlState } from "../ui/url-state";

/** So many decide; the rest is one press away. */
const few = 4;

/** Is it compromised: the findings in sentences, the heaviest first. */
export function Findings({ view }: { view: AccountView }) {
  const { set } = useUrlState();
  const [all, setAll] = useState(false);
  const findings = [...view.findings].sort((a, b) => b.weight - a.weight);
  return (
    <Card title="Is it compromised?" side={<Verdict verdict={view.verdict} score={view.score} />} flush>
      {findings.length === 0 ? (
        <p className="p-3 text-muted">
          No rule found anything in this window. Choose a longer one to be sure; the numbers stand below.
        </p>
      ) : (
        <ul>
          {findings.slice(0, all ? undefined : few).map((finding) => (
            <li key={`${finding.rule} ${finding.from}`} className="flex gap-3 border-b px-3 py-2 last:border-b-0">
              <span
                className="mt-0.5 w-8 shrink-0 text-right font-semibold text-danger"
                title="Weight in the suspicion, of 100"
              >
                +{Math.round(finding.weight)}
              </span>
              <div className="min-w-0">
                <Raw className="break-words">{finding.sentence}</Raw>
                {finding.evidence.length ? (
                  <dl className="mt-0.5 flex flex-wrap gap-x-4 text-[12px] text-muted">
                    {finding.evidence.map((one) => (
                      <div key={`${one.label} ${one.value}`} className="flex min-w-0 gap-1">
                        <dt>
                          <Raw>{one.label}</Raw>
                        </dt>
                        <dd className="min-w-0 break-words font-medium text-text">
                          <Raw>{one.value}</Raw>
                        </dd>
                      </div>
                    ))}
                  </dl>
                ) : null}
                <button
                  type="button"
                  className="link block text-[12px]"
                  aria-label={`Show the time of: ${finding.rule}`}
                  onClick={() => set({ from: finding.from, to: finding.to, last: null }, "push")}
                >
                  Show this time
                </button>
              </div>
            </li>
          ))}
        </ul>
      )}
      {findings.length > few ? (
        <div className="border-t px-3 py-1.5">
          <button type="button" className="link text-[12px]" aria-expanded={all} onClick={() => setAll(!all)}>
            {all ? "Show the heaviest alone" : `Show ${findings.length - few} more findings`}
          </button>
        </div>
      ) : null}
    </Card>
  );
}
