import { NativeSelect } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { rotateKey } from "../../../modules/organizations/keys-contract.ts";
import { call } from "../../lib/api.ts";
import { type KeyPlace, keysKey } from "../../lib/key-queries.ts";
import { useProof } from "../../lib/proof.ts";
import { FormShell } from "../../ui/FormShell.tsx";

const OVERLAPS = [
  { value: "0", label: "Ends at once" },
  { value: "1", label: "Is good for an hour more" },
  { value: "24", label: "Is good for a day more" },
];

/** Gives a key a new secret. Its token goes to the page alone, past the cache of answers. */
export function RotateKeyForm({ place, onRotated }: { place: KeyPlace; onRotated: (token: string) => void }) {
  const queryClient = useQueryClient();
  const withProof = useProof();
  const form = useForm({ initialValues: { overlap_hours: "24" } });
  const rotation = useMutation({
    mutationFn: async ({ overlap_hours }: typeof form.values) => {
      const body = { overlap_hours: Number(overlap_hours) };
      const { token } = await withProof(() => call(rotateKey, { params: place, body }));
      onRotated(token);
    },
    onSettled: () => queryClient.invalidateQueries({ queryKey: keysKey(place.organization) }),
  });
  return (
    <FormShell form={form} mutation={rotation} submitLabel="Make a new secret">
      <NativeSelect label="The old secret" data={OVERLAPS} maw={320} {...form.getInputProps("overlap_hours")} />
    </FormShell>
  );
}
