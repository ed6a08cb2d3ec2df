"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { LogOut } from "lucide-react";
import { authCall } from "../../lib/api/client";
import { Button } from "../ui/button";
import { useCall } from "../ui/use-call";

export function UserMenu() {
  const me = useCall("me", {}, { still: true });
  const client = useQueryClient();
  const out = useMutation({
    mutationFn: () => authCall("sign-out", {}),
    onSettled: () => {
      client.clear();
      window.location.assign("/sign-in");
    },
  });
  if (!me.data) return null;
  return (
    <Button
      size="icon"
      look="ghost"
      aria-label={`Sign out ${me.data.email}`}
      title={`Sign out ${me.data.email}`}
      onClick={() => out.mutate()}
    >
      <LogOut aria-hidden />
    </Button>
  );
}
