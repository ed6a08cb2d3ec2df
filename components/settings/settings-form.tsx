"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type Answer, call } from "../../lib/api/client";
import { thresholds } from "../../lib/core/judge/thresholds";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Field, Input, TextArea } from "../ui/field";
import { ErrorState, Loading } from "../ui/states";
import { toastDone } from "../ui/toast";
import { useCall } from "../ui/use-call";
import { aliasesToText, textToAliases, words } from "./aliases-text";
import { thresholdWords } from "./threshold-words";

export function SettingsForm() {
  const settings = useCall("getSettings", {}, { still: true });
  if (settings.isPending) return <Loading rows={8} />;
  if (!settings.data) return <ErrorState error={settings.error} retry={() => settings.refetch()} />;
  return <Form start={settings.data} />;
}

function Form({ start }: { start: Answer<"getSettings"> }) {
  const client = useQueryClient();
  const [wrong, setWrong] = useState<string[]>([]);
  const save = useMutation({
    mutationFn: (body: Partial<Answer<"getSettings">>) => call("putSettings", { body }),
    onSuccess: () => {
      toastDone("Settings are saved.");
      void client.invalidateQueries({ queryKey: ["getSettings"] });
    },
  });
  const submit = (event: React.FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (key: string) => String(form.get(key) ?? "");
    const parsed = textToAliases(text("aliases"));
    setWrong(parsed.wrong);
    if (parsed.wrong.length) return;
    save.mutate({
      ownDomains: words(text("ownDomains")),
      aliases: parsed.aliases,
      historyDays: Number(text("historyDays")),
      archiveDays: Number(text("archiveDays")),
      typedAbove: Number(text("typedAbove")),
      mailboxLink: text("mailboxLink").trim() || null,
      // What is left at its default is not stored, so that a better default of a later version is taken over.
      thresholds: Object.fromEntries(
        Object.entries(thresholds)
          .map(([key, { value }]) => [key, Number(text(`threshold ${key}`)), value] as const)
          .filter(([, typed, standard]) => typed !== standard)
          .map(([key, typed]) => [key, typed]),
      ),
    });
  };
  return (
    <form onSubmit={submit} className="grid max-w-4xl gap-4">
      {save.isError ? <ErrorState error={save.error} compact /> : null}
      <Card title="Who may send as whom">
        <div className="grid gap-3">
          <Field
            label="Own domains"
            hint="Every login may send from these, beside its own domain. Parted by commas or lines."
          >
            {(props) => <TextArea {...props} name="ownDomains" defaultValue={start.ownDomains.join("\n")} />}
          </Field>
          <Field
            label="Aliases"
            hint="A line each: login: address, domain. These senders are not counted as forged."
            error={wrong.length ? `Not understood: ${wrong.join(" | ")}` : null}
          >
            {(props) => <TextArea {...props} name="aliases" defaultValue={aliasesToText(start.aliases)} />}
          </Field>
        </div>
      </Card>
      <Card title="Keeping and confirming">
        <div className="grid items-start gap-3 sm:grid-cols-3">
          <Field label="History, days" hint="How far back the log's events are kept.">
            {(props) => (
              <Input
                {...props}
                name="historyDays"
                type="number"
                min={1}
                max={3650}
                required
                defaultValue={start.historyDays}
              />
            )}
          </Field>
          <Field label="Archives, days" hint="How long purged mail can be brought back.">
            {(props) => (
              <Input
                {...props}
                name="archiveDays"
                type="number"
                min={1}
                max={3650}
                required
                defaultValue={start.archiveDays}
              />
            )}
          </Field>
          <Field label="Typed word above" hint="Purges of more messages than this must be confirmed by typing.">
            {(props) => (
              <Input {...props} name="typedAbove" type="number" min={0} required defaultValue={start.typedAbove} />
            )}
          </Field>
          <Field label="Mailbox admin link" hint="{account} is replaced by the account." className="sm:col-span-3">
            {(props) => (
              <Input
                {...props}
                name="mailboxLink"
                type="url"
                placeholder="https://admin.example/mailbox?edit={account}"
                defaultValue={start.mailboxLink ?? ""}
              />
            )}
          </Field>
        </div>
      </Card>
      <Card title="Thresholds of the judge">
        <div className="grid items-start gap-x-4 gap-y-3 sm:grid-cols-2">
          {Object.entries(thresholds).map(([key, { value, why }]) => (
            <Field key={key} label={thresholdWords(key)} hint={`${why} Default: ${value}.`}>
              {(props) => (
                <Input
                  {...props}
                  name={`threshold ${key}`}
                  type="number"
                  min={0}
                  step="any"
                  required
                  defaultValue={start.thresholds[key] ?? value}
                />
              )}
            </Field>
          ))}
        </div>
      </Card>
      <div>
        <Button type="submit" look="primary" busy={save.isPending}>
          Save settings
        </Button>
      </div>
    </form>
  );
}
