import { Code, Text } from "@mantine/core";
import type { ModelDomain, ModelTable } from "../../../kernel/data-model/contract.ts";
import { Grid, Part } from "../../ui/Part.tsx";

type Props = { domain: ModelDomain; table: ModelTable };

/** Which rows whom a table opens to: the rules of its rows, and what they come to for each role. */
export function TableAccess({ domain: { builtInAccess, access }, table }: Props) {
  const { name, id, policies, rowSecurity, kind } = table;
  const isClosed = rowSecurity !== "off" && policies.length === 0;
  return (
    <>
      {policies.length > 0 && (
        <Part title={`Row rules (${policies.length})`}>
          <Grid
            label={`Row rules of ${name}`}
            heads={["Rule", "For", "Database roles", "Rows"]}
            rows={policies.map((policy) => ({
              key: policy.name,
              cells: [
                policy.permissive ? policy.name : `${policy.name} (restrictive)`,
                policy.command === "ALL" ? "everything" : policy.command.toLowerCase(),
                policy.roles.join(", "),
                <RowsOf key="rows" policy={policy} />,
              ],
            }))}
          />
        </Part>
      )}
      <Part title="Who may do what">
        {isClosed && (
          <Text size="sm">
            Row-level security without a rule: only roles that bypass it reach the rows, by functions that check for
            themselves who asks.
          </Text>
        )}
        {rowSecurity === "off" && !kind.includes("view") && <Text size="sm">It has no row-level security.</Text>}
        <Rights label={`Built-in roles and ${name}`} head="Built-in roles" access={builtInAccess} id={id} />
        <Rights label={`Database roles and ${name}`} head="Database role" access={access} id={id} />
      </Part>
    </>
  );
}

function RowsOf({ policy: { using, check } }: { policy: ModelTable["policies"][number] }) {
  return (
    <>
      {using !== null && <Code>{using}</Code>}
      {check !== null && check !== using && (
        <>
          {" new: "}
          <Code>{check}</Code>
        </>
      )}
    </>
  );
}

type RightsProps = { label: string; head: string; access: ModelDomain["access"]; id: string };

function Rights({ label, head, access, id }: RightsProps) {
  const rows = Object.entries(access).map(([roles, words]) => ({ roles, may: words[id] ?? "NONE" }));
  const allowed = rows.filter(({ may }) => may !== "NONE");
  const others = rows.filter(({ may }) => may === "NONE").map(({ roles }) => roles);
  if (rows.length === 0) return null;
  return (
    <Grid
      label={label}
      heads={[head, "May"]}
      rows={[
        ...allowed.map(({ roles, may }) => ({ key: roles, cells: [roles, may] })),
        ...(others.length > 0 ? [{ key: "", cells: [others.join(", "), "nothing"] }] : []),
      ]}
    />
  );
}
