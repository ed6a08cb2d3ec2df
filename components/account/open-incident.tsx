"use client";

import { useMutation } from "@tanstack/react-query";
import { useRouter } from "next/navigation";
import { call } from "../../lib/api/client";
import { Button } from "../ui/button";
import { errorText } from "../ui/error-text";
import { toastError } from "../ui/toast";

export function OpenIncident({ host, account }: { host: string; account: string }) {
  const router = useRouter();
  const open = useMutation({
    mutationFn: () => call("openIncident", { body: { host, account } }),
    onSuccess: ({ id }) => router.push(`/incidents/${id}`),
    onError: (error) => {
      const text = errorText(error);
      toastError(`${text.title} ${text.next}`);
    },
  });
  return (
    <Button busy={open.isPending} onClick={() => open.mutate()}>
      Open incident
    </Button>
  );
}
