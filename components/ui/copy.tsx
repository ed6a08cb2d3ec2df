"use client";

import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { Button } from "./button";

export function CopyButton({ text, label = "Copy" }: { text: string; label?: string }) {
  const [done, setDone] = useState(false);
  return (
    <Button
      size="small"
      look="ghost"
      onClick={async () => {
        await copy(text);
        setDone(true);
        setTimeout(() => setDone(false), 1500);
      }}
    >
      {done ? <Check aria-hidden /> : <Copy aria-hidden />}
      {done ? "Copied" : label}
    </Button>
  );
}

/** The clipboard is not there over plain HTTP: then a text field is selected and copied the old way. */
async function copy(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

/** Commands to read and to copy whole. */
export function Commands({ commands, label = "Copy commands" }: { commands: string[]; label?: string }) {
  if (commands.length === 0) return null;
  const text = commands.join("\n");
  return (
    <div className="rounded-md border bg-sunken">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre tabIndex={0} className="max-h-64 overflow-auto whitespace-pre-wrap break-all p-2 font-mono text-[12.5px]">
        {text}
      </pre>
      <div className="flex justify-end border-t px-1 py-0.5">
        <CopyButton text={text} label={label} />
      </div>
    </div>
  );
}
