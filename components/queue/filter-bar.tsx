"use client";

import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { Button } from "../ui/button";
import { Input } from "../ui/field";
import { formatDuration } from "../ui/format";
import { Raw } from "../ui/raw";
import { useUrlState } from "../ui/url-state";
import { visibleText } from "../ui/visible-text";
import { ageKeys, exceptKeys, exceptParam, listKeys, textKeys } from "./filter-url";

const words: Record<string, string> = {
  senderDomain: "sender domain",
  recipientDomain: "recipient domain",
  senderPattern: "sender like",
  recipientPattern: "recipient like",
  olderThan: "older than",
  youngerThan: "younger than",
};

/** Free text and patterns, and what is chosen, each with a press to take it away. */
export function FilterBar() {
  const { search, set } = useUrlState();
  const [text, setText] = useState(search.get("text") ?? "");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const type = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => set({ text: value || null }), 250);
  };
  const chips = [
    ...[...listKeys, ...textKeys, ...ageKeys].flatMap((key) =>
      search.getAll(key).map((value) => ({ param: key as string, word: words[key] ?? key, value, not: false })),
    ),
    ...exceptKeys.flatMap((key) =>
      search
        .getAll(exceptParam(key))
        .map((value) => ({ param: exceptParam(key), word: `not ${words[key] ?? key}`, value, not: true })),
    ),
  ];
  const all = [...listKeys, ...textKeys, ...ageKeys, ...exceptKeys.map(exceptParam)];
  return (
    <search className="flex flex-wrap items-center gap-2">
      <Input
        data-search
        type="search"
        aria-label="Search the queue"
        placeholder="Search addresses, reasons, ids (/)"
        className="w-full sm:w-80"
        value={text}
        onChange={(event) => type(event.target.value)}
      />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          const pattern = String(new FormData(event.currentTarget).get("pattern") ?? "").trim();
          set({ senderPattern: pattern || null }, "push");
        }}
      >
        <Input
          name="pattern"
          aria-label="Sender pattern"
          placeholder="Sender like *@bad.example"
          defaultValue={search.get("senderPattern") ?? ""}
          className="w-60 font-mono text-[12.5px]"
        />
      </form>
      {chips.length ? (
        <ul aria-label="Filters" className="flex min-w-0 flex-wrap items-center gap-1.5">
          {chips.map(({ param, word, value, not }) => (
            <li
              key={`${param} ${value}`}
              className={`inline-flex min-w-0 max-w-full items-center gap-1 rounded-md border py-0.5 pr-0.5 pl-2 ${not ? "border-danger/50 bg-danger-soft" : "border-accent/40 bg-accent-soft"}`}
            >
              <span className="text-muted">{word}</span>
              <span className="max-w-64 truncate font-medium">
                {param === "olderThan" || param === "youngerThan" ? (
                  formatDuration(Number(value))
                ) : (
                  <Raw title>{value}</Raw>
                )}
              </span>
              <button
                type="button"
                aria-label={`Remove filter ${word} ${visibleText(value) || "none"}`}
                onClick={() => {
                  if (param === "text") setText("");
                  set({ [param]: search.getAll(param).filter((one) => one !== value) }, "push");
                }}
                className="inline-flex size-5 items-center justify-center rounded-sm hover:bg-sunken"
              >
                <X aria-hidden className="size-3.5" />
              </button>
            </li>
          ))}
          <li>
            <Button
              size="small"
              look="ghost"
              onClick={() => {
                setText("");
                set(Object.fromEntries(all.map((key) => [key, null])), "push");
              }}
            >
              Clear all
            </Button>
          </li>
        </ul>
      ) : null}
    </search>
  );
}
