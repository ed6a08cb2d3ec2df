"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { call } from "../../lib/api/client";
import { Button } from "../ui/button";
import { Card } from "../ui/card";
import { Field, Input, Select } from "../ui/field";
import { Raw } from "../ui/raw";
import { ErrorState, Loading } from "../ui/states";
import { Table, Td, Th } from "../ui/table";
import { Time } from "../ui/time-ago";
import { useCall } from "../ui/use-call";

export function Users() {
  const users = useCall("listUsers");
  const me = useCall("me", {}, { still: true });
  const client = useQueryClient();
  const again = () => void client.invalidateQueries({ queryKey: ["listUsers"] });
  const remove = useMutation({
    mutationFn: (user: string) => call("removeUser", { params: { user } }),
    onSettled: again,
  });
  const add = useMutation({
    mutationFn: (body: { email: string; password: string; role: "admin" | "viewer" }) => call("addUser", { body }),
    onSettled: again,
  });
  return (
    <div className="grid max-w-4xl gap-4">
      <Card title="Users" flush>
        {users.isError ? <ErrorState error={users.error} retry={() => users.refetch()} /> : null}
        {remove.isError ? <ErrorState error={remove.error} /> : null}
        {users.isPending ? <Loading rows={2} /> : null}
        {users.data ? (
          <Table label="Users">
            <thead>
              <tr>
                <Th>E-mail</Th>
                <Th>Role</Th>
                <Th>Since</Th>
                <Th>
                  <span className="sr-only">Remove</span>
                </Th>
              </tr>
            </thead>
            <tbody>
              {users.data.map((user) => (
                <tr key={user.id}>
                  <Td>
                    <Raw>{user.email}</Raw>
                  </Td>
                  <Td>{user.role}</Td>
                  <Td>
                    <Time at={user.createdAt} />
                  </Td>
                  <Td end>
                    {user.email === me.data?.email ? (
                      <span className="text-muted">you</span>
                    ) : (
                      <Button
                        size="small"
                        look="danger-plain"
                        aria-label={`Remove ${user.email}`}
                        busy={remove.isPending && remove.variables === user.id}
                        onClick={() => remove.mutate(user.id)}
                      >
                        Remove
                      </Button>
                    )}
                  </Td>
                </tr>
              ))}
            </tbody>
          </Table>
        ) : null}
      </Card>
      <Card title="Add a user">
        <form
          className="grid items-start gap-3 sm:grid-cols-[1fr_1fr_8rem_auto]"
          onSubmit={(event) => {
            event.preventDefault();
            const target = event.currentTarget;
            const form = new FormData(target);
            add.mutate(
              {
                email: String(form.get("email")),
                password: String(form.get("password")),
                role: form.get("role") === "admin" ? "admin" : "viewer",
              },
              { onSuccess: () => target.reset() },
            );
          }}
        >
          <Field label="E-mail">{(props) => <Input {...props} name="email" type="email" required />}</Field>
          <Field label="First password" hint="At least 12 characters.">
            {(props) => (
              <Input {...props} name="password" type="password" autoComplete="new-password" minLength={12} required />
            )}
          </Field>
          <Field label="Role">
            {(props) => (
              <Select {...props} name="role" className="w-full">
                <option value="viewer">viewer</option>
                <option value="admin">admin</option>
              </Select>
            )}
          </Field>
          <Button type="submit" look="primary" busy={add.isPending} className="sm:mt-6">
            Add user
          </Button>
        </form>
        {add.isError ? <ErrorState error={add.error} compact /> : null}
      </Card>
    </div>
  );
}
