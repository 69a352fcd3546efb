import { Select, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { type Profile, updateProfile } from "../../../modules/identity/contract.ts";
import { useAccountChange } from "../../lib/account.ts";
import { call } from "../../lib/api.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { Told } from "../../ui/Told.tsx";

const ZONES_SHOWN_MAX = 100;

export function ProfileForm({ profile: { full_name, timezone } }: { profile: Profile }) {
  const form = useForm({
    mode: "uncontrolled",
    initialValues: { full_name, timezone },
    validate: { full_name: isGiven },
  });
  const saving = useAccountChange((body: typeof form.values) => call(updateProfile, { body }));
  const zones = [...new Set([timezone, "UTC", ...Intl.supportedValuesOf("timeZone")])];
  return (
    <FormShell form={form} mutation={saving} submitLabel="Save">
      <TextInput
        label="Your name"
        name="name"
        autoComplete="name"
        maxLength={200}
        dir="auto"
        key={form.key("full_name")}
        {...form.getInputProps("full_name")}
      />
      <Select
        label="Time zone"
        description="Type a part of its name, such as Berlin."
        data={zones}
        searchable
        allowDeselect={false}
        limit={ZONES_SHOWN_MAX}
        nothingFoundMessage="There is no such time zone."
        key={form.key("timezone")}
        {...form.getInputProps("timezone")}
      />
      {saving.isSuccess && <Told title="Saved">Your profile is up to date.</Told>}
    </FormShell>
  );
}
