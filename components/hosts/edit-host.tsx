"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Answer, call } from "../../lib/api/client";
import { Button } from "../ui/button";
import { Commands } from "../ui/copy";
import { Dialog } from "../ui/dialog";
import { Field, Input, Select } from "../ui/field";
import { ErrorState } from "../ui/states";
import { toastDone } from "../ui/toast";
import { installCommand } from "./install-command";

type Settings = Answer<"getHostSettings">;

/** Name, address, login and log of a host. The confirmed host key stays: at another address it must be shown, too. */
export function EditHost({ start, onClose }: { start: Settings; onClose: () => void }) {
  const client = useQueryClient();
  const [keyKind, setKeyKind] = useState<"keep" | "made" | "path">("keep");
  const made = useMutation({ mutationFn: () => call("makeKey") });
  const save = useMutation({
    mutationFn: (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? "").trim();
      return call("changeHost", {
        params: { host: start.id },
        body: {
          name: text("name"),
          address: text("address"),
          port: Number(text("port")),
          user: text("user"),
          log: text("log") || null,
          ...(keyKind === "path" && { key: { path: text("path") } }),
          ...(keyKind === "made" && made.data && { key: { made: made.data.id } }),
        },
      });
    },
    onSuccess: () => {
      toastDone("The host is changed; Sluice connects anew.");
      onClose();
    },
    onSettled: () => void client.invalidateQueries(),
  });
  const choose = (kind: typeof keyKind) => {
    setKeyKind(kind);
    if (kind === "made" && !made.data) made.mutate();
  };
  return (
    <Dialog
      open
      wide
      locked
      onClose={onClose}
      title="Edit the connection"
      sub={start.name}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form="edit-host"
            look="primary"
            busy={save.isPending}
            disabled={keyKind === "made" && !made.data}
          >
            Save and connect
          </Button>
        </>
      }
    >
      <form
        id="edit-host"
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate(new FormData(event.currentTarget));
        }}
      >
        {save.isError ? <ErrorState error={save.error} compact /> : null}
        <div className="grid items-start gap-3 sm:grid-cols-2">
          <Field label="Name">
            {(props) => <Input {...props} name="name" required maxLength={200} defaultValue={start.name} />}
          </Field>
          <Field label="User" hint="root, or a login that may sudo without a password.">
            {(props) => <Input {...props} name="user" required defaultValue={start.user} />}
          </Field>
          <Field label="Address" hint="The confirmed host key stays: the host at this address must show it.">
            {(props) => (
              <Input {...props} name="address" required pattern="[A-Za-z0-9.:_\-]+" defaultValue={start.address} />
            )}
          </Field>
          <Field label="SSH port">
            {(props) => (
              <Input {...props} name="port" required type="number" min={1} max={65535} defaultValue={start.port} />
            )}
          </Field>
          <Field label="Log" hint={'Path of the mail log, "journal", or empty: it is found.'}>
            {(props) => <Input {...props} name="log" placeholder="/var/log/mail.log" defaultValue={start.log ?? ""} />}
          </Field>
          <Field label="Login key">
            {(props) => (
              <Select
                {...props}
                className="w-full"
                value={keyKind}
                onChange={(event) => choose(event.target.value as typeof keyKind)}
              >
                <option value="keep">Keep the one it has</option>
                <option value="made">Sluice makes a new key</option>
                <option value="path">A key file on the dashboard's machine</option>
              </Select>
            )}
          </Field>
          {keyKind === "path" ? (
            <Field label="Path of the private key" className="sm:col-span-2">
              {(props) => <Input {...props} name="path" required placeholder="/etc/sluice/id_ed25519" />}
            </Field>
          ) : null}
        </div>
        {keyKind === "made" && made.isError ? (
          <ErrorState error={made.error} retry={() => made.mutate()} compact />
        ) : null}
        {keyKind === "made" && made.data ? (
          <div className="grid gap-1">
            <p>Before you save, run this on the mail host as the user above:</p>
            <Commands commands={[installCommand(made.data.publicKey)]} label="Copy command" />
          </div>
        ) : null}
      </form>
    </Dialog>
  );
}
