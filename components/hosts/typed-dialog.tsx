"use client";

import { type ReactNode, useState } from "react";
import { Button } from "../ui/button";
import { Dialog } from "../ui/dialog";
import { Field, Input } from "../ui/field";
import { ErrorState } from "../ui/states";

type Props = {
  title: string;
  children: ReactNode;
  /** What must be typed. */
  word: string;
  press: string;
  busy: boolean;
  error: unknown;
  onRun: (typed: string) => void;
  onClose: () => void;
};

/** A confirmation that must be typed, for what stops the mail of a whole host. */
export function TypedDialog({ title, children, word, press, busy, error, onRun, onClose }: Props) {
  const [typed, setTyped] = useState("");
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" form="typed" look="danger" busy={busy} disabled={typed.trim() !== word}>
            {press}
          </Button>
        </>
      }
    >
      <form
        id="typed"
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (typed.trim() === word) onRun(typed.trim());
        }}
      >
        {error ? <ErrorState error={error} compact /> : null}
        <div>{children}</div>
        <Field label={`Type ${word} to confirm`}>
          {(props) => (
            <Input {...props} className="font-mono" value={typed} onChange={(event) => setTyped(event.target.value)} />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
