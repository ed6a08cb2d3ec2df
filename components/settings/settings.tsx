"use client";

import { PageHead } from "../ui/card";
import { Tabs } from "../ui/tabs";
import { ApiKeys } from "./api-keys";
import { SettingsForm } from "./settings-form";
import { TwoFactor } from "./two-factor";
import { Users } from "./users";

export function SettingsPage() {
  return (
    <>
      <PageHead title="Settings" />
      <Tabs
        label="Settings"
        tabs={[
          ["mail", "Mail and thresholds", <SettingsForm key="m" />],
          ["users", "Users", <Users key="u" />],
          ["keys", "API keys", <ApiKeys key="k" />],
          ["two-factor", "Two-factor sign-in", <TwoFactor key="t" />],
        ]}
      />
    </>
  );
}
