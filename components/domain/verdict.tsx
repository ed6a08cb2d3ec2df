import { Badge, type Tone } from "../ui/badge";

const tones: Record<string, Tone> = { clear: "good", watch: "accent", suspect: "warn", compromised: "solid" };

export function Verdict({ verdict, score }: { verdict: string; score?: number }) {
  return (
    <Badge tone={tones[verdict]} title={score === undefined ? undefined : `Suspicion ${Math.round(score)} of 100`}>
      {verdict}
      {score !== undefined && verdict !== "clear" ? <span className="opacity-90">{Math.round(score)}</span> : null}
    </Badge>
  );
}

/** That the account is stopped; nothing where it is not. */
export function Suspended({ mode }: { mode: "reject" | "hold" | "none" }) {
  return mode === "none" ? null : <Badge tone="accent">{mode === "hold" ? "quarantined" : "suspended"}</Badge>;
}
