"use client";

import { useState } from "react";
import { AuthError, authCall } from "../../lib/api/client";
import { Button } from "../ui/button";
import { errorText } from "../ui/error-text";
import { Field, Input } from "../ui/field";
import { Note } from "../ui/states";
import { Frame } from "./frame";
import { safeNext } from "./safe-next";

export function SignIn() {
  const [step, setStep] = useState<"password" | "code">("password");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const done = () => window.location.assign(safeNext(new URLSearchParams(window.location.search).get("next")));

  async function send(event: React.FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(null);
    try {
      if (step === "password") {
        const answer = await authCall<{ twoFactorRedirect?: boolean }>("sign-in/email", {
          email: form.get("email"),
          password: form.get("password"),
        });
        if (!answer.twoFactorRedirect) return done();
        setStep("code");
      } else {
        await authCall("two-factor/verify-totp", { code: String(form.get("code")).replace(/\s/g, "") });
        return done();
      }
    } catch (error) {
      setProblem(sentence(error, step));
    }
    setBusy(false);
  }

  return (
    <Frame title={step === "password" ? "Sign in" : "One-time code"}>
      {/* Sent before the script is there, a form without a method would put the password into the address. */}
      <form method="post" onSubmit={send} className="grid gap-3">
        {problem ? (
          <Note tone="danger" role="alert">
            {problem}
          </Note>
        ) : null}
        {step === "password" ? (
          <>
            <Field label="E-mail">
              {(props) => (
                <Input
                  {...props}
                  name="email"
                  type="email"
                  autoComplete="username"
                  required
                  autoFocus
                  className="h-10"
                />
              )}
            </Field>
            <Field label="Password">
              {(props) => (
                <Input
                  {...props}
                  name="password"
                  type="password"
                  autoComplete="current-password"
                  required
                  className="h-10"
                />
              )}
            </Field>
          </>
        ) : (
          <Field label="Code from your authenticator" hint="Six digits, new every 30 seconds.">
            {(props) => (
              <Input
                {...props}
                key="code"
                name="code"
                inputMode="numeric"
                autoComplete="one-time-code"
                pattern="[0-9 ]{6,8}"
                required
                autoFocus
                className="h-10 font-mono tracking-widest"
              />
            )}
          </Field>
        )}
        <Button type="submit" look="primary" size="large" busy={busy}>
          {step === "password" ? "Sign in" : "Verify"}
        </Button>
      </form>
    </Frame>
  );
}

function sentence(error: unknown, step: "password" | "code"): string {
  if (error instanceof AuthError) {
    if (error.status === 429) return "Too many tries. Wait a minute, then try again.";
    if (error.status === 401 || error.status === 400)
      return step === "password" ? "E-mail or password is wrong." : "The code is wrong or too old. Take the next one.";
    return error.message;
  }
  const text = errorText(error);
  return `${text.title} ${text.next}`;
}
