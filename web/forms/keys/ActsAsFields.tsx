import { Fieldset, MultiSelect, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import type { UseFormReturnType } from "@mantine/form";
import type { Role } from "../../../modules/organizations/contract.ts";
import type { Service } from "../../lib/key-queries.ts";
import { NEW_SERVICE, type NewKeyValues } from "./new-key.ts";

const ROLES_MAX = 50;

type Props = { form: UseFormReturnType<NewKeyValues>; services: readonly Service[]; roles: readonly Role[] };

/** Whom a key acts as: its maker, a service, or one that is made with it. */
export function ActsAsFields({ form, services, roles }: Props) {
  const active = services.filter(({ status }) => status === "active");
  const about = new Map(roles.map(({ id, description }) => [id, description]));
  return (
    <>
      <NativeSelect
        label="Acts as"
        description="A service is a member that no person is: its key stays when people leave."
        data={[
          { value: "", label: "Myself" },
          ...active.map(({ id, name }) => ({ value: id, label: `${name}, a service` })),
          { value: NEW_SERVICE, label: "A new service" },
        ]}
        {...form.getInputProps("member")}
      />
      {form.values.member === NEW_SERVICE && (
        <Fieldset legend="New service">
          <Stack gap="md">
            <TextInput label="Name of the service" maxLength={100} dir="auto" {...form.getInputProps("service_name")} />
            <MultiSelect
              label="Roles"
              description="They say what it may do at most, as with people."
              searchable
              maxValues={ROLES_MAX}
              data={roles.map(({ id, name }) => ({ value: id, label: name }))}
              renderOption={({ option }) => (
                <div>
                  <Text size="sm">{option.label}</Text>
                  <Text size="xs" c="dimmed">
                    {about.get(option.value)}
                  </Text>
                </div>
              )}
              {...form.getInputProps("service_roles")}
            />
          </Stack>
        </Fieldset>
      )}
    </>
  );
}
