import { Alert, Button, Code, CopyButton, Group, ScrollArea, Stack, Text } from "@mantine/core";
import { Fragment, useEffect } from "react";
import {
  type Answer,
  type ApiDescription,
  answersOf,
  curlOf,
  fieldsOf,
  type Operation,
  type Parameter,
  type Schema,
  typeOf,
} from "../../lib/api-description.ts";
import { Grid, Part } from "../../ui/Part.tsx";
import { Section } from "../../ui/Section.tsx";
import { Method } from "./Method.tsx";
import { Words } from "./Prose.tsx";

type Props = { api: ApiDescription; operation: Operation };

/** One operation: what it does and needs, what goes in and comes out, and a line to try it with. */
export function OperationDetails({ api, operation }: Props) {
  const { operationId, method, path, summary, description, deprecated, requestBody } = operation;
  useEffect(() => window.scrollTo({ top: 0 }), []);
  const answers = answersOf(api, operation);
  const bodies = Object.entries(requestBody?.content ?? {});
  return (
    <Section title={operationId} description={summary}>
      <title>{`${operationId} · API · Tenon`}</title>
      <Group gap="xs" wrap="nowrap" align="center">
        <Method name={method} />
        <Code style={{ overflowWrap: "anywhere" }}>{path}</Code>
      </Group>
      {deprecated && <Alert color="orange" title="This operation goes" />}
      <Text size="sm">
        <Words text={description.slice(summary.length + 1).trim()} />
      </Text>
      <Part title="Example">
        <Example text={curlOf(window.location.origin, operation)} />
      </Part>
      <Parameters api={api} parameters={operation.parameters} />
      {bodies.length > 0 && (
        <Part title="Body">
          <Text size="sm">{bodies.map(([type]) => type).join(" or ")}</Text>
          <Fields api={api} label={`Body of ${operationId}`} schema={bodies[0]?.[1].schema} />
        </Part>
      )}
      {answers
        .filter(({ status }) => status < "3")
        .map((answer) => (
          <AnswerPart key={answer.status} api={api} answer={answer} of={operationId} />
        ))}
      <Part title="Problems">
        <Grid
          label={`Problems of ${operationId}`}
          heads={["Status", "When"]}
          rows={answers
            .filter(({ status }) => status >= "3")
            .map(({ status, description: when }) => ({
              key: status,
              cells: [status === "default" ? "Others" : status, when],
            }))}
        />
      </Part>
    </Section>
  );
}

function Example({ text }: { text: string }) {
  return (
    <Stack gap="xs" align="flex-start">
      <ScrollArea w="100%" viewportProps={{ tabIndex: 0, role: "region", "aria-label": "Command line" }}>
        <Code block>{text}</Code>
      </ScrollArea>
      <CopyButton value={text}>
        {({ copied, copy }) => (
          <Button variant="default" size="xs" onClick={copy}>
            {copied ? "Copied" : "Copy"}
          </Button>
        )}
      </CopyButton>
    </Stack>
  );
}

function Parameters({ api, parameters }: { api: ApiDescription; parameters: readonly Parameter[] }) {
  if (parameters.length === 0) return null;
  return (
    <Part title="Parameters">
      <Grid
        label="Parameters"
        heads={["Name", "In", "Type", "What it means"]}
        rows={parameters.map(({ name, in: place, required, description = "", schema }) => ({
          key: `${place} ${name}`,
          cells: [
            <Name key="name" name={name} isRequired={required} />,
            place,
            <Type key="type" text={typeOf(api, schema)} />,
            [description, schema.default === undefined ? "" : `${JSON.stringify(schema.default)} if left out`]
              .filter(Boolean)
              .join("; "),
          ],
        }))}
      />
    </Part>
  );
}

function AnswerPart({ api, answer, of }: { api: ApiDescription; answer: Answer; of: string }) {
  const { status, description, media } = answer;
  return (
    <Part title={`Answer ${status}`}>
      <Text size="sm">{[description, media.map(([type]) => type).join(" or ")].filter(Boolean).join(": ")}</Text>
      <Fields api={api} label={`Answer ${status} of ${of}`} schema={media[0]?.[1]} />
    </Part>
  );
}

function Fields({ api, label, schema }: { api: ApiDescription; label: string; schema: Schema | undefined }) {
  const fields = schema ? fieldsOf(api, schema) : [];
  if (fields.length === 0) return null;
  return (
    <Grid
      label={label}
      heads={["Field", "Type", "What it holds"]}
      rows={fields.map(({ way, type, isRequired, notes }) => ({
        key: way,
        cells: [<Name key="name" name={way} isRequired={isRequired} />, <Type key="type" text={type} />, notes],
      }))}
    />
  );
}

/** A long way breaks where one goes a step further, and not within a word. */
function Name({ name, isRequired }: { name: string; isRequired: boolean }) {
  const steps = name.split(/(?<=[.\]_])/).map((step, place) => ({ step, key: `${place} ${step}` }));
  return (
    <>
      <strong>
        {steps.map(({ step, key }) => (
          <Fragment key={key}>
            {step}
            <wbr />
          </Fragment>
        ))}
      </strong>
      {!isRequired && (
        <Text span size="xs" c="dimmed">
          {" "}
          optional
        </Text>
      )}
    </>
  );
}

function Type({ text }: { text: string }) {
  return <Code style={{ whiteSpace: "normal" }}>{text}</Code>;
}
