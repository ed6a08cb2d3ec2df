"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../lib/api/client";
import { Button } from "../ui/button";
import { Commands } from "../ui/copy";
import { Dialog } from "../ui/dialog";
import { Check, Field, Input, Select } from "../ui/field";
import { Link } from "../ui/link";
import { ErrorState, Loading } from "../ui/states";
import { CheckLines } from "./check-lines";
import { installCommand, showFingerprints } from "./install-command";

type Step = "address" | "key" | "fingerprint" | "check";
const titles: Record<Step, string> = {
  address: "Add a mail host",
  key: "Let Sluice in",
  fingerprint: "Is this the host?",
  check: "Host check",
};

/** Address, key, fingerprint, check: nothing is sent to the host before its key is confirmed. */
export function AddHost({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [step, setStep] = useState<Step>("address");
  const [form, setForm] = useState({
    name: "",
    address: "",
    port: "22",
    user: "root",
    log: "",
    keyKind: "made",
    path: "",
  });
  const [same, setSame] = useState(false);
  const put = (key: keyof typeof form) => (event: { target: { value: string } }) =>
    setForm({ ...form, [key]: event.target.value });
  const made = useMutation({ mutationFn: () => call("makeKey") });
  const scan = useMutation({
    mutationFn: () => call("scanHost", { body: { address: form.address.trim(), port: Number(form.port) } }),
    onSuccess: () => setStep("fingerprint"),
  });
  const add = useMutation({
    mutationFn: async () => {
      const host = await call("addHost", {
        body: {
          name: form.name.trim() || form.address.trim(),
          address: form.address.trim(),
          port: Number(form.port),
          user: form.user.trim(),
          key: form.keyKind === "made" ? { made: made.data?.id ?? "" } : { path: form.path.trim() },
          hostKey: scan.data?.hostKey ?? "",
          ...(form.log.trim() && { log: form.log.trim() }),
        },
      });
      void client.invalidateQueries({ queryKey: ["listHosts"] });
      setStep("check");
      check.mutate(host.id);
      return host;
    },
  });
  const check = useMutation({ mutationFn: (host: string) => call("checkHost", { params: { host } }) });
  const command = made.data ? installCommand(made.data.publicKey) : "";

  const next = (event: React.FormEvent) => {
    event.preventDefault();
    if (step === "address") {
      if (form.keyKind === "made" && !made.data) made.mutate();
      setStep("key");
    } else if (step === "key") scan.mutate();
    else if (step === "fingerprint") add.mutate();
  };
  return (
    <Dialog
      open
      wide
      locked
      onClose={onClose}
      title={titles[step]}
      foot={
        step === "check" ? (
          <>
            <Button disabled={!add.data} busy={check.isPending} onClick={() => add.data && check.mutate(add.data.id)}>
              Check again
            </Button>
            {add.data ? (
              <Link href={`/hosts/${add.data.id}`} className="link">
                To the host
              </Link>
            ) : null}
          </>
        ) : (
          <>
            {step === "address" ? (
              <Button onClick={onClose}>Cancel</Button>
            ) : (
              <Button onClick={() => setStep(step === "key" ? "address" : "key")}>Back</Button>
            )}
            <Button
              type="submit"
              form="add-host"
              look="primary"
              busy={scan.isPending || add.isPending}
              disabled={(step === "key" && form.keyKind === "made" && !made.data) || (step === "fingerprint" && !same)}
            >
              {step === "address" ? "Next" : step === "key" ? "Fetch the host key" : "Confirm and connect"}
            </Button>
          </>
        )
      }
    >
      <form id="add-host" onSubmit={next} className="grid gap-3">
        {step === "address" ? (
          <>
            <div className="grid gap-3 sm:grid-cols-[1fr_6rem]">
              <Field label="Address" hint="Name or IP address that the dashboard reaches over SSH.">
                {(props) => (
                  <Input
                    {...props}
                    required
                    pattern="[A-Za-z0-9.:_\-]+"
                    value={form.address}
                    onChange={put("address")}
                  />
                )}
              </Field>
              <Field label="SSH port">
                {(props) => (
                  <Input
                    {...props}
                    required
                    type="number"
                    min={1}
                    max={65535}
                    value={form.port}
                    onChange={put("port")}
                  />
                )}
              </Field>
            </div>
            <div className="grid gap-3 sm:grid-cols-2">
              <Field label="User" hint="root, or a login that may sudo without a password.">
                {(props) => <Input {...props} required value={form.user} onChange={put("user")} />}
              </Field>
              <Field label="Name" hint="As it is shown here; the address when left empty.">
                {(props) => <Input {...props} value={form.name} maxLength={200} onChange={put("name")} />}
              </Field>
              <Field label="Key">
                {(props) => (
                  <Select {...props} className="w-full" value={form.keyKind} onChange={put("keyKind")}>
                    <option value="made">Sluice makes a new key</option>
                    <option value="path">A key file on the dashboard's machine</option>
                  </Select>
                )}
              </Field>
              {form.keyKind === "path" ? (
                <Field label="Path of the private key">
                  {(props) => (
                    <Input
                      {...props}
                      required
                      value={form.path}
                      onChange={put("path")}
                      placeholder="/etc/sluice/id_ed25519"
                    />
                  )}
                </Field>
              ) : null}
              <Field label="Log" hint={'Path of the mail log, "journal", or empty: it is found.'}>
                {(props) => <Input {...props} value={form.log} onChange={put("log")} placeholder="/var/log/mail.log" />}
              </Field>
            </div>
          </>
        ) : null}
        {step === "key" ? (
          <>
            {scan.isError ? <ErrorState error={scan.error} compact /> : null}
            {form.keyKind === "path" ? (
              <p>Sluice logs in with the key at {form.path}. Its public half must be known to the host.</p>
            ) : null}
            {form.keyKind === "made" && made.isPending ? <Loading rows={2} label="Making a key" /> : null}
            {made.isError ? <ErrorState error={made.error} retry={() => made.mutate()} compact /> : null}
            {form.keyKind === "made" && made.data ? (
              <>
                <p>
                  The private half stays with the dashboard. Run this on the mail host as <strong>{form.user}</strong>:
                </p>
                {command ? <Commands commands={[command]} label="Copy command" /> : null}
                <details>
                  <summary className="text-muted">The public key alone</summary>
                  <div className="mt-1">
                    <Commands commands={[made.data.publicKey.trim()]} label="Copy key" />
                  </div>
                </details>
              </>
            ) : null}
          </>
        ) : null}
        {step === "fingerprint" && scan.data ? (
          <>
            {add.isError ? <ErrorState error={add.error} compact /> : null}
            <p>{form.address} shows this host key:</p>
            <p className="break-all rounded-md border bg-sunken p-2 font-mono">{scan.data.fingerprint}</p>
            <p>Compare it with what the host itself says, on its console or over a session you trust:</p>
            <Commands commands={[showFingerprints]} label="Copy command" />
            <Check
              label="The fingerprint is the same"
              checked={same}
              onChange={(event) => setSame(event.target.checked)}
            />
          </>
        ) : null}
      </form>
      {step === "check" ? (
        <>
          {check.isPending ? <Loading rows={6} label="Checking the host" /> : null}
          {check.isError ? <ErrorState error={check.error} compact /> : null}
          {check.data ? <CheckLines check={check.data} /> : null}
        </>
      ) : null}
    </Dialog>
  );
}
