import type { Host } from "../../lib/api/hosts";
import { Badge } from "../ui/badge";
import { TimeAgo } from "../ui/time-ago";

/** The host's state in a word, with the age of what is shown where it is not reached. */
export function HostState({ host }: { host: Host }) {
  if (host.state === "ok") return <Badge tone="good">reached</Badge>;
  if (host.state === "connecting") return <Badge>connecting</Badge>;
  const title = host.problem ? host.problem.message : undefined;
  if (host.state === "degraded")
    return (
      <Badge tone="warn" title={title}>
        needs attention
      </Badge>
    );
  return (
    <Badge tone="danger" title={title} className="gap-0">
      unreachable
      {host.asOf ? (
        <span>
          , shown: <TimeAgo at={host.asOf} />
        </span>
      ) : null}
    </Badge>
  );
}
