"use client";

import { PageHead } from "../ui/card";
import { Tabs } from "../ui/tabs";
import { Actions } from "./actions";
import { Archives } from "./archives";
import { Audit } from "./audit";
import { StandingHolds } from "./standing";

export function Activity() {
  return (
    <>
      <PageHead title="Activity" sub="What was done, by whom, and what can be undone" />
      <Tabs
        label="Activity"
        tabs={[
          ["actions", "Actions", <Actions key="a" />],
          ["standing", "Standing holds", <StandingHolds key="s" />],
          ["archives", "Archives", <Archives key="r" />],
          ["audit", "Audit", <Audit key="u" />],
        ]}
      />
    </>
  );
}
