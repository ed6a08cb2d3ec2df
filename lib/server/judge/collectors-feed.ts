import "server-only";
import { singleton } from "../singleton";
import type { JudgeFeed } from "./feed";

const held = () => singleton("judge-feed", () => ({ feed: null as JudgeFeed | null }));

/** The collectors give themselves here when they start, so that neither knows how the other is made. */
export function setJudgeFeed(feed: JudgeFeed): void {
  held().feed = feed;
}

/** Until the collectors have started no account is known of any host. */
export function judgeFeed(): JudgeFeed {
  return (
    held().feed ?? {
      onAccounts: () => () => {},
      facts: () => Promise.reject(new Error("the logs are not being read yet")),
    }
  );
}
