import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeKey, type Key } from "../../../modules/organizations/keys-contract.ts";
import { call } from "../../lib/api.ts";
import { type KeyPlace, keysKey } from "../../lib/key-queries.ts";
import { atFieldsOf } from "../../lib/problem.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { AddressesField } from "./AddressesField.tsx";

type Props = { place: KeyPlace; apiKey: Key; onDone: () => void };

/** Renames a key, or changes from where it may be used. */
export function ChangeKeyForm({ place, apiKey: { name, allowed_addresses }, onDone }: Props) {
  const queryClient = useQueryClient();
  const form = useForm({ initialValues: { name, allowed_addresses }, validate: { name: isGiven } });
  const change = useMutation({
    mutationFn: (body: typeof form.values) =>
      call(changeKey, { params: place, body }).catch((error) => {
        throw atFieldsOf((field) => field.split(".")[0] ?? field, error);
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keysKey(place.organization) });
      onDone();
    },
  });
  return (
    <FormShell form={form} mutation={change} submitLabel="Save">
      <TextInput label="Name" maxLength={100} dir="auto" {...form.getInputProps("name")} />
      <AddressesField {...form.getInputProps("allowed_addresses")} />
    </FormShell>
  );
}
