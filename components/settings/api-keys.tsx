"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { authCall } from "../../lib/api/client";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Commands } from "../ui/copy";
import { Field, Input, Select } from "../ui/field";
import { Raw } from "../ui/raw";
import { ErrorState, Loading, Note } from "../ui/states";
import { Table, Td, Th } from "../ui/table";
import { TimeAgo } from "../ui/time-ago";

type Key = { id: string; name: string | null; start: string | null; createdAt: string; expiresAt: string | null };

/** Better Auth's API keys. The whole key is shown once. */
export function ApiKeys() {
  const client = useQueryClient();
  const keys = useQuery({
    queryKey: ["apiKeys"],
    queryFn: async () => {
      const answer = await authCall<Key[] | { apiKeys: Key[] }>("api-key/list");
      return Array.isArray(answer) ? answer : answer.apiKeys;
    },
  });
  const again = () => void client.invalidateQueries({ queryKey: ["apiKeys"] });
  const make = useMutation({
    mutationFn: (body: { name: string; expiresIn?: number }) => authCall<{ key: string }>("api-key/create", body),
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: (keyId: string) => authCall("api-key/delete", { keyId }),
    onSettled: again,
  });
  return (
    <div className="grid max-w-4xl gap-4">
      <Card title="API keys" flush>
        {keys.isError ? <ErrorState error={keys.error} retry={() => keys.refetch()} /> : null}
        {remove.isError ? <ErrorState error={remove.error} /> : null}
        {keys.isPending ? <Loading rows={2} /> : null}
        {keys.data?.length === 0 ? (
          <p className="p-3 text-muted">No key yet. A key does what you may do, with Authorization: Bearer KEY.</p>
        ) : null}
        {keys.data?.length ? (
          <Table label="API keys">
            <thead>
              <tr>
                <Th>Name</Th>
                <Th>Begins with</Th>
                <Th>Made</Th>
                <Th>Expires</Th>
                <Th>
                  <span className="sr-only">Delete</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {keys.data.map((key) => (
                <tr key={key.id}>
                  <Td>
                    <Raw empty="unnamed">{key.name}</Raw>
                  </Td>
                  <Td className="font-mono">{key.start}…</Td>
                  <Td>
                    <TimeAgo at={key.createdAt} />
                  </Td>
                  <Td>{key.expiresAt ? <TimeAgo at={key.expiresAt} /> : "never"}</Td>
                  <Td end>
                    <Button
                      size="small"
                      look="danger-plain"
                      aria-label={`Delete key ${key.name ?? key.start}`}
                      onClick={() => remove.mutate(key.id)}
                    >
                      Delete
                    </Button>
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
        ) : null}
      </Card>
      <Card title="Make a key">
        <form
          className="flex flex-wrap items-end gap-3"
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            const days = Number(form.get("days"));
            make.mutate({ name: String(form.get("name")), ...(days && { expiresIn: days * 86_400 }) });
          }}
        >
          <Field label="Name">{(props) => <Input {...props} name="name" required maxLength={32} />}</Field>
          <Field label="Expires">
            {(props) => (
              <Select {...props} name="days" defaultValue="90">
                <option value="30">in 30 days</option>
                <option value="90">in 90 days</option>
                <option value="365">in a year</option>
                <option value="0">never</option>
              </Select>
            )}
          </Field>
          <Button type="submit" look="primary" busy={make.isPending}>
            Make key
          </Button>
        </form>
        {make.isError ? <ErrorState error={make.error} compact /> : null}
        {make.data ? (
          <div className="mt-3 grid gap-2">
            <Note tone="good" role="status">
              This is the only time the key is shown.
            </Note>
            <Commands commands={[make.data.key]} label="Copy key" />
          </div>
        ) : null}
      </Card>
    </div>
  );
}
