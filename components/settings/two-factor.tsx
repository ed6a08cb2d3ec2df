"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { authCall } from "../../lib/api/client";
import { Badge } from "../ui/badge";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Commands } from "../ui/copy";
import { Field, Input } from "../ui/field";
import { ErrorState, Loading } from "../ui/states";

/** TOTP: the secret is shown once, a first code proves that the authenticator has it. */
export function TwoFactor() {
  const client = useQueryClient();
  const session = useQuery({
    queryKey: ["session"],
    queryFn: () => authCall<{ user?: { twoFactorEnabled?: boolean } } | null>("get-session"),
  });
  const again = () => void client.invalidateQueries({ queryKey: ["session"] });
  const enable = useMutation({
    mutationFn: (password: string) =>
      authCall<{ totpURI: string; backupCodes: string[] }>("two-factor/enable", { password }),
  });
  const verify = useMutation({
    mutationFn: (code: string) => authCall("two-factor/verify-totp", { code }),
    onSuccess: again,
  });
  const disable = useMutation({
    mutationFn: (password: string) => authCall("two-factor/disable", { password }),
    onSuccess: again,
  });
  if (session.isPending) return <Loading rows={3} />;
  if (session.isError) return <ErrorState error={session.error} retry={() => session.refetch()} />;
  const on = Boolean(session.data?.user?.twoFactorEnabled);
  const failed = [enable, verify, disable].find((one) => one.isError);
  return (
    <div className="max-w-xl">
      <Card title="Two-factor sign-in" side={on ? <Badge tone="good">on</Badge> : <Badge>off</Badge>}>
        <div className="grid gap-3">
          {failed ? <ErrorState error={failed.error} compact /> : null}
          {enable.data && !on ? (
            <>
              <p>Put this into your authenticator, then type the code that it shows.</p>
              <Commands commands={[secretOf(enable.data.totpURI)]} label="Copy secret" />
              <details>
                <summary>As a link for the authenticator</summary>
                <div className="mt-1">
                  <Commands commands={[enable.data.totpURI]} label="Copy link" />
                </div>
              </details>
              <p>Keep these codes for the day the authenticator is lost. Each works once.</p>
              <Commands commands={enable.data.backupCodes} label="Copy codes" />
              <OneField
                key="code"
                label="Code"
                name="code"
                press="Verify and turn on"
                busy={verify.isPending}
                onSend={(code) => verify.mutate(code)}
              />
            </>
          ) : null}
          {!enable.data && !on ? (
            <OneField
              key="on"
              label="Your password"
              password
              press="Turn on"
              busy={enable.isPending}
              onSend={(password) => enable.mutate(password)}
            />
          ) : null}
          {on ? (
            <OneField
              key="off"
              label="Your password"
              password
              press="Turn off"
              busy={disable.isPending}
              onSend={(password) => disable.mutate(password)}
            />
          ) : null}
        </div>
      </Card>
    </div>
  );
}

const secretOf = (uri: string) => (URL.canParse(uri) ? (new URL(uri).searchParams.get("secret") ?? uri) : uri);

type FieldProps = {
  label: string;
  name?: string;
  password?: boolean;
  press: string;
  busy: boolean;
  onSend: (value: string) => void;
};

function OneField({ label, name = "value", password, press, busy, onSend }: FieldProps) {
  return (
    <form
      className="flex flex-wrap items-end gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onSend(String(new FormData(event.currentTarget).get(name) ?? ""));
      }}
    >
      <Field label={label}>
        {(props) => (
          <Input
            {...props}
            name={name}
            type={password ? "password" : "text"}
            inputMode={password ? undefined : "numeric"}
            autoComplete={password ? "current-password" : "one-time-code"}
            required
          />
        )}
      </Field>
      <Button type="submit" look="primary" busy={busy}>
        {press}
      </Button>
    </form>
  );
}
