import { Button, CopyButton, Group, NativeSelect, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { ModelDomain } from "../../../kernel/data-model/contract.ts";
import { formatCountOf } from "../../lib/format.ts";
import { statusOf } from "../../lib/problem.ts";
import { modelDomainQuery } from "../../lib/queries.ts";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Loaded } from "../../ui/Loaded.tsx";
import { AnchorLink, ButtonLink } from "../../ui/links.tsx";
import { Rows } from "../../ui/Row.tsx";
import { DomainDiagram } from "./DomainDiagram.tsx";
import { DownloadDocument } from "./DownloadDocument.tsx";
import { SensitiveMark } from "./SensitiveMark.tsx";
import { TableDetails } from "./TableDetails.tsx";

/** One domain: its diagram, and its tables or the details of one. */
export function DomainPage() {
  const { domain: name } = useParams({ from: "/data-model/$domain" });
  const domain = useQuery(modelDomainQuery(name));
  if (statusOf(domain.error) === 404)
    return (
      <EmptyState
        title={`There is no domain “${name}”`}
        action={
          <ButtonLink to="/data-model" variant="default">
            All domains
          </ButtonLink>
        }
      >
        It may be mistyped, or be gone since the last migration.
      </EmptyState>
    );
  return <Loaded query={domain}>{(data) => <Domain key={data.name} domain={data} />}</Loaded>;
}

function Domain({ domain }: { domain: ModelDomain }) {
  const { name, title, description, tables, diagrams } = domain;
  const { q, table: tableName } = useSearch({ from: "/data-model" });
  const navigate = useNavigate();
  const chosen = tables.find((table) => table.name === tableName);
  // A table of another domain is drawn as `organizations.memberships`.
  const choose = (drawn: string) => {
    const [table = "", schema = name] = drawn.split(".").reverse();
    navigate({
      to: "/data-model/$domain",
      params: { domain: schema },
      search: { q, table: table || undefined },
      resetScroll: false,
    });
  };
  return (
    <>
      <Stack gap={4}>
        <AnchorLink to="/data-model" size="sm" hiddenFrom="sm">
          All domains
        </AnchorLink>
        <Group justify="space-between" gap="sm">
          <Stack gap={2} miw={0} flex="1 1 16rem">
            <Title order={2} size="h3">
              {title}
            </Title>
            <Text c="dimmed">{description}</Text>
          </Stack>
          <Group gap="xs">
            <CopyButton value={diagrams.join("\n\n")}>
              {({ copied, copy }) => (
                <Button variant="default" size="xs" onClick={copy}>
                  {copied ? "Copied" : "Copy Mermaid"}
                </Button>
              )}
            </CopyButton>
            <DownloadDocument label="Download document" words={name} />
          </Group>
        </Group>
      </Stack>
      <DomainDiagram domain={domain} chosen={chosen?.name} onChoose={choose} />
      <NativeSelect
        hiddenFrom="sm"
        label={`Tables of ${title}`}
        value={chosen?.name ?? ""}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
        data={[
          { value: "", label: `All ${formatCountOf(tables.length, "table")}` },
          ...tables.map((table) => ({ value: table.name, label: table.name })),
        ]}
      />
      {tableName !== undefined && !chosen && (
        <Text>
          {title} has no table “{tableName}”. These it has:
        </Text>
      )}
      {chosen ? <Chosen key={chosen.id} domain={domain} name={chosen.name} /> : <TableRows domain={domain} />}
    </>
  );
}

/** The details come into sight when another table is chosen: they stand below the diagram. */
function Chosen({ domain, name }: { domain: ModelDomain; name: string }) {
  const start = useRef<HTMLDivElement>(null);
  useEffect(() => {
    start.current?.scrollIntoView({ block: "nearest" });
  }, []);
  const table = domain.tables.find((each) => each.name === name);
  return (
    <div>
      <div ref={start} style={{ height: "3rem", marginBottom: "-3rem" }} />
      {table && <TableDetails domain={domain} table={table} />}
    </div>
  );
}

function TableRows({ domain: { name: domain, title, tables } }: { domain: ModelDomain }) {
  const { q } = useSearch({ from: "/data-model" });
  return (
    <Rows label={`What the tables of ${title} hold`}>
      {tables.map(({ id, name, kind, description, sensitivity }) => (
        <Stack component="li" gap={0} key={id}>
          <AnchorLink
            to="/data-model/$domain"
            params={{ domain }}
            search={{ q, table: name }}
            resetScroll={false}
            fw={600}
            style={{ overflowWrap: "anywhere" }}
          >
            {name} <SensitiveMark sensitivity={sensitivity} />
          </AnchorLink>
          <Text size="sm" c="dimmed">
            {kind === "table" ? description : `${description} (${kind})`}
          </Text>
        </Stack>
      ))}
    </Rows>
  );
}
