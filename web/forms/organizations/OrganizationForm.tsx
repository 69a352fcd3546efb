import { TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { createOrganization } from "../../../modules/organizations/contract.ts";
import { call } from "../../lib/api.ts";
import { meQuery } from "../../lib/queries.ts";
import { isGiven } from "../../lib/validation.ts";
import { FormShell } from "../../ui/FormShell.tsx";

export function OrganizationForm() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({ mode: "uncontrolled", initialValues: { name: "" }, validate: { name: isGiven } });
  const creation = useMutation({
    mutationFn: (body: typeof form.values) => call(createOrganization, { body }),
    onSuccess: async ({ slug }) => {
      await queryClient.invalidateQueries({ queryKey: meQuery.queryKey, refetchType: "all" });
      await navigate({ to: "/$organization", params: { organization: slug } });
    },
  });
  return (
    <FormShell form={form} mutation={creation} submitLabel="Create organization">
      <TextInput
        label="Name"
        autoFocus
        description="Its address is made of the name."
        autoComplete="organization"
        maxLength={200}
        dir="auto"
        key={form.key("name")}
        {...form.getInputProps("name")}
      />
    </FormShell>
  );
}
