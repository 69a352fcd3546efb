import { Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { removeService } from "../../../modules/organizations/keys-contract.ts";
import { call } from "../../lib/api.ts";
import { formatCountOf } from "../../lib/format.ts";
import { keysKey, type Service, servicesQuery } from "../../lib/key-queries.ts";
import { ConfirmButton } from "../../ui/ConfirmButton.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { ProblemAlert } from "../../ui/ProblemAlert.tsx";
import { Row, Rows } from "../../ui/Row.tsx";
import { Section } from "../../ui/Section.tsx";

/** The members that no person is: they act through keys only. */
export function Services({ organization }: { organization: string }) {
  const queryClient = useQueryClient();
  const services = useQuery(servicesQuery(organization));
  const removing = useMutation({
    mutationFn: (service: string) => call(removeService, { params: { organization, service } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: keysKey(organization) }),
  });
  return (
    <Section title="Services" description="Members that no person is. They have roles, and act through keys only.">
      {removing.error && <ProblemAlert error={removing.error} />}
      <Loaded query={services}>
        {(items) =>
          items.length === 0 ? (
            <Text c="dimmed" size="sm">
              None yet. One is made with its first key.
            </Text>
          ) : (
            <Rows label="Services">
              {items.map((service) => (
                <Row key={service.id} title={service.name} about={aboutOf(service)}>
                  <ConfirmButton
                    label="Remove"
                    of={service.name}
                    question={questionOf(service)}
                    isPending={removing.isPending && removing.variables === service.id}
                    onConfirm={() => removing.mutate(service.id)}
                  />
                </Row>
              ))}
            </Rows>
          )
        }
      </Loaded>
    </Section>
  );
}

function aboutOf({ roles, live_keys, status }: Service): string {
  const names = roles.map(({ name }) => name).join(", ") || "no role";
  return [names, formatCountOf(live_keys, "live key"), ...(status === "active" ? [] : [status])].join(" · ");
}

function questionOf({ live_keys }: Service): string {
  return live_keys === 0 ? "Remove it for good?" : `Remove it and end ${formatCountOf(live_keys, "key")}?`;
}
