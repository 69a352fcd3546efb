import { NativeSelect } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { makeShare } from "../../../modules/studio/outlets-contract.ts";
import { call } from "../../lib/api.ts";
import { type SessionPlace, sessionKey } from "../../lib/studio-queries.ts";
import { FormShell } from "../../ui/FormShell.tsx";

const DAYS = [
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "", label: "Until it is taken back" },
];

/** Makes a public link. Its token is told once, to whoever made it. */
export function ShareForm({ place, onMade }: { place: SessionPlace; onMade: (token: string) => void }) {
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { days: "30" } });
  const making = useMutation({
    mutationFn: ({ days }: typeof form.values) =>
      call(makeShare, { params: place, body: { sections: ["structuring"], days: days === "" ? null : Number(days) } }),
    onSuccess: ({ token }) => onMade(token),
    onSettled: () => queryClient.invalidateQueries({ queryKey: sessionKey(place.session) }),
  });
  return (
    <FormShell form={form} mutation={making} submitLabel="Make a link">
      <NativeSelect label="A new link is open for" data={DAYS} {...form.getInputProps("days")} />
    </FormShell>
  );
}
