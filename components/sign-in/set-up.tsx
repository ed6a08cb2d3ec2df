"use client";

import { useEffect, useState } from "react";
import { authCall, call } from "../../lib/api/client";
import { Button } from "../ui/button";
import { Field, Input } from "../ui/field";
import { ErrorState } from "../ui/states";
import { Frame } from "./frame";

export function SetUp() {
  const [token, setToken] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => setToken(new URLSearchParams(window.location.search).get("token") ?? ""), []);

  async function send(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const email = String(form.get("email"));
    const password = String(form.get("password"));
    setBusy(true);
    setProblem(null);
    try {
      await call("setup", { body: { token, email, password } });
      await authCall("sign-in/email", { email, password });
      window.location.assign("/");
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  }

  return (
    <Frame title="Make the first admin" sub="The link in the dashboard's log works once.">
      {/* Sent before the script is there, a form without a method would put the password into the address. */}
      <form method="post" onSubmit={send} className="grid gap-3">
        {problem ? <ErrorState error={problem} compact /> : null}
        <Field label="One-time token">
          {(props) => (
            <Input
              {...props}
              value={token}
              onChange={(event) => setToken(event.target.value)}
              required
              className="h-10 font-mono"
            />
          )}
        </Field>
        <Field label="E-mail">
          {(props) => <Input {...props} name="email" type="email" autoComplete="username" required className="h-10" />}
        </Field>
        <Field label="Password" hint="At least 12 characters.">
          {(props) => (
            <Input
              {...props}
              name="password"
              type="password"
              autoComplete="new-password"
              minLength={12}
              required
              className="h-10"
            />
          )}
        </Field>
        <Button type="submit" look="primary" size="large" busy={busy}>
          Make the admin and sign in
        </Button>
      </form>
    </Frame>
  );
}
