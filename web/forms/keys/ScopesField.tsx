import { Button, Checkbox, Fieldset, Group, Input, Stack, Text, TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { type Descriptions, type Kind, kindsOf, SCOPES_MAX } from "../../lib/key-scopes.ts";
import classes from "./ScopesField.module.css";

type Props = {
  /** The permissions to choose among. */
  offered: readonly string[];
  descriptions: Descriptions;
  /** Who may do all that is offered, as `I` or `it`. */
  who: string;
  /** Said in place of the choice while nothing is offered. */
  empty: string;
  chosen: readonly string[];
  onChange: (scopes: string[]) => void;
  /** What is wrong with the choice. */
  error: ReactNode;
  /** What the form calls the field, to find its input. */
  path: string;
};

/** Chooses what a key may do: single permissions, all of a kind, or everything. */
export function ScopesField({ offered, descriptions, who, empty, chosen, onChange, error, path }: Props) {
  const [search, setSearch] = useState("");
  const shown = new Set(chosen.filter((scope) => offered.includes(scope)));
  const kinds = kindsOf(offered, descriptions, search);
  const set = (permissions: readonly string[], isChosen: boolean) => {
    const others = chosen.filter((scope) => !permissions.includes(scope));
    onChange(isChosen ? [...others, ...permissions] : others);
  };
  return (
    <Fieldset legend="What it may do">
      <Stack gap="sm">
        <Group gap="sm" align="flex-end">
          <TextInput
            label="Search"
            type="search"
            flex="1 1 200px"
            data-path={path}
            aria-invalid={Boolean(error)}
            value={search}
            onChange={(event) => setSearch(event.currentTarget.value)}
            // Enter would send the form, of which not all may be filled in.
            onKeyDown={(event) => event.key === "Enter" && event.preventDefault()}
          />
          <Button variant="default" disabled={offered.length > SCOPES_MAX} onClick={() => set(offered, true)}>
            Everything that {who} may do
          </Button>
          <Button variant="default" disabled={shown.size === 0} onClick={() => onChange([])}>
            Nothing
          </Button>
        </Group>
        {kinds.length === 0 ? (
          <Text size="sm" c="dimmed">
            {offered.length === 0 ? empty : "Nothing is called so."}
          </Text>
        ) : (
          <div className={classes.list}>
            {kinds.map((kind) => (
              <KindOfScopes key={kind.name} kind={kind} descriptions={descriptions} chosen={shown} onSet={set} />
            ))}
          </div>
        )}
        <Text size="sm" c="dimmed" role="status">
          {shown.size} of {offered.length} chosen{offered.length > SCOPES_MAX && `; a key takes at most ${SCOPES_MAX}`}
        </Text>
        {error && <Input.Error role="alert">{error}</Input.Error>}
      </Stack>
    </Fieldset>
  );
}

type KindProps = {
  kind: Kind;
  descriptions: Descriptions;
  chosen: ReadonlySet<string>;
  onSet: (permissions: readonly string[], isChosen: boolean) => void;
};

function KindOfScopes({ kind: { name, permissions }, descriptions, chosen, onSet }: KindProps) {
  const count = permissions.filter((permission) => chosen.has(permission)).length;
  const isWhole = count === permissions.length;
  return (
    <Stack gap="xs">
      <Checkbox
        label={`All of ${name}`}
        fw={600}
        checked={isWhole}
        indeterminate={count > 0 && !isWhole}
        onChange={() => onSet(permissions, !isWhole)}
      />
      <Stack gap="xs" pl="lg">
        {permissions.map((permission) => (
          <Checkbox
            key={permission}
            label={permission}
            description={descriptions[permission]}
            checked={chosen.has(permission)}
            onChange={(event) => onSet([permission], event.currentTarget.checked)}
            style={{ overflowWrap: "anywhere" }}
          />
        ))}
      </Stack>
    </Stack>
  );
}
