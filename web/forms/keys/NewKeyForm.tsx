import { NativeSelect, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { listPermissions } from "../../../modules/organizations/contract.ts";
import { createKey, createService } from "../../../modules/organizations/keys-contract.ts";
import { call } from "../../lib/api.ts";
import { keysKey, permissionsQuery } from "../../lib/key-queries.ts";
import { SCOPES_MAX } from "../../lib/key-scopes.ts";
import { may, type Organization } from "../../lib/organization.ts";
import { atFieldsOf } from "../../lib/problem.ts";
import { useProof } from "../../lib/proof.ts";
import { FormShell } from "../../ui/FormShell.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { ActsAsFields } from "./ActsAsFields.tsx";
import { AddressesField } from "./AddressesField.tsx";
import { type Choices, NEW_SERVICE, type NewKeyValues, useChoices } from "./new-key.ts";
import { ScopesField } from "./ScopesField.tsx";

const DAYS = ["30", "90", "365"].map((value) => ({ value, label: `${value} days` }));
const EMPTY: NewKeyValues = {
  name: "",
  member: "",
  service_name: "",
  service_roles: [],
  scopes: [],
  expires_in_days: "90",
  allowed_addresses: [],
};

/** A key that was made, with what is told only now. */
export type MadeKey = { name: string; token: string; scopes: string[] };
type Props = { organization: Organization; onMade: (made: MadeKey) => void };

/** Makes an API key. Its token goes to the page alone, past the cache of answers. */
export function NewKeyForm({ organization, onMade }: Props) {
  const { slug } = organization;
  const queryClient = useQueryClient();
  const withProof = useProof();
  const form = useForm<NewKeyValues>({ initialValues: EMPTY, validate: (values) => faultsOf(values, offered) });
  const choices = useChoices(organization, form.values);
  const { services, roles, offered } = choices;
  const permissions = useQuery({ ...permissionsQuery(slug), enabled: may(organization, listPermissions) });
  /** The service that the key is to act as. One that was made stays chosen, so that another try makes no second one. */
  const serviceOf = async ({ member, service_name, service_roles }: NewKeyValues) => {
    if (member !== NEW_SERVICE) return member;
    const body = { name: service_name, roles: service_roles };
    const { id } = await atFields(NAMES_OF_SERVICE, call(createService, { params: { organization: slug }, body }));
    await queryClient.invalidateQueries({ queryKey: keysKey(slug) });
    form.setFieldValue("member", id);
    return id;
  };
  const creation = useMutation({
    mutationFn: async (values: NewKeyValues) => {
      const { name, allowed_addresses } = values;
      const scopes = values.scopes.filter((scope) => offered.includes(scope));
      const member = await serviceOf(values);
      const expires_in_days = Number(values.expires_in_days);
      const body = { name, scopes, expires_in_days, allowed_addresses, ...(member !== "" && { member }) };
      const making = withProof(() => call(createKey, { params: { organization: slug }, body }));
      const { token } = await atFields({}, making);
      onMade({ name, token, scopes });
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keysKey(slug) }),
  });
  return (
    <FormShell form={form} mutation={creation} submitLabel="Make the key">
      <TextInput
        label="Name"
        description="What it is for, such as the program that has it."
        maxLength={100}
        dir="auto"
        {...form.getInputProps("name")}
      />
      {may(organization, createService) && <ActsAsFields form={form} services={services} roles={roles} />}
      {choices.error && <ProblemAlert error={choices.error} />}
      <ScopesField
        offered={offered}
        descriptions={permissions.data ?? {}}
        who={form.values.member === "" ? "I" : "it"}
        empty={emptyWordsOf(form.values, choices)}
        chosen={form.values.scopes}
        onChange={(scopes) => form.setFieldValue("scopes", scopes)}
        error={form.errors.scopes}
        path="scopes"
      />
      <NativeSelect label="Good for" data={DAYS} maw={240} {...form.getInputProps("expires_in_days")} />
      <AddressesField {...form.getInputProps("allowed_addresses")} />
    </FormShell>
  );
}

/** Why there is nothing to choose among. */
function emptyWordsOf({ member, service_roles }: NewKeyValues, { error, isLoading }: Choices): string {
  if (error) return "It did not come.";
  if (isLoading) return "Loading…";
  if (member === NEW_SERVICE && service_roles.length === 0) return "Choose its roles first.";
  return "It may do nothing that you may do.";
}

/** Where the form has what the service's fields are called. */
const NAMES_OF_SERVICE: Partial<Record<string, keyof NewKeyValues>> = { name: "service_name", roles: "service_roles" };

/** Waits for a call; what it complains of in a part of a field is told at the whole. */
async function atFields<T>(names: Partial<Record<string, string>>, calling: Promise<T>): Promise<T> {
  try {
    return await calling;
  } catch (error) {
    throw atFieldsOf((field) => {
      const [whole = field] = field.split(".");
      return names[whole] ?? whole;
    }, error);
  }
}

function faultsOf({ name, member, service_name, scopes }: NewKeyValues, offered: readonly string[]) {
  const chosen = scopes.filter((scope) => offered.includes(scope)).length;
  return {
    ...(name.trim() === "" && { name: "Give it a name." }),
    ...(member === NEW_SERVICE && service_name.trim() === "" && { service_name: "Give the service a name." }),
    ...(chosen === 0 && { scopes: "Choose at least one thing." }),
    ...(chosen > SCOPES_MAX && { scopes: `Choose at most ${SCOPES_MAX} things, or make several keys.` }),
  };
}
