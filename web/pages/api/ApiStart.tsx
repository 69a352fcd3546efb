import { Paper, Stack, Text, Title } from "@mantine/core";
import type { ApiDescription, Operation } from "../../lib/api-description.ts";
import { formatCountOf } from "../../lib/format.ts";
import classes from "../../ui/Browse.module.css";
import { AnchorLink } from "../../ui/links.tsx";
import { Section } from "../../ui/Section.tsx";
import { wordsOf } from "./OperationList.tsx";
import { Prose, Words } from "./Prose.tsx";

type Props = { api: ApiDescription; operations: readonly Operation[] };

/** What holds for all operations, and what there is. */
export function ApiStart({ api, operations }: Props) {
  return (
    <>
      <Section title="What holds everywhere">
        <Prose text={api.info.description} />
      </Section>
      <ul className={classes.cards} aria-label="Groups of operations">
        {api.tags.map(({ name, description }) => {
          const [first, ...others] = operations.filter(({ tag }) => tag === name);
          return (
            <Paper key={name} component="li" withBorder p="md">
              <Stack gap={4}>
                <Title order={2} size="h5">
                  <AnchorLink to="/api/docs" search={{ operation: first?.operationId }} inherit>
                    {wordsOf(name)}
                  </AnchorLink>
                </Title>
                <Text size="sm">
                  <Words text={description} />
                </Text>
                <Text size="xs" c="dimmed">
                  {formatCountOf(others.length + 1, "operation")}
                </Text>
              </Stack>
            </Paper>
          );
        })}
      </ul>
    </>
  );
}
