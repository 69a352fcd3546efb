import { Text } from "@mantine/core";
import type { Key } from "../../../modules/organizations/keys-contract.ts";
import { formatCountOf } from "../../lib/format.ts";
import type { Descriptions } from "../../lib/key-scopes.ts";
import classes from "./Scopes.module.css";

const SHOWN_AT_ONCE = 3;

/** What a key may do; what does not work now, for its member lacks it, is marked. */
export function Scopes({ apiKey, descriptions }: { apiKey: Key; descriptions: Descriptions }) {
  const { scopes, effective_scopes, status, name, member } = apiKey;
  const works = new Set(status === "live" ? effective_scopes : scopes);
  const idle = scopes.filter((scope) => !works.has(scope));
  const list = (
    <ul className={classes.list} aria-label={`What ${name} may do`}>
      {scopes.map((scope) => (
        <li key={scope}>
          <span className={works.has(scope) ? "" : classes.idle}>{scope}</span>
          {descriptions[scope] && <span className={classes.about}> {descriptions[scope]}</span>}
          {!works.has(scope) && <span> (does not work now)</span>}
        </li>
      ))}
    </ul>
  );
  return (
    <Text size="sm" component="div">
      {scopes.length <= SHOWN_AT_ONCE ? (
        list
      ) : (
        <details aria-label={`What ${name} may do`}>
          <summary>
            May do {formatCountOf(scopes.length, "thing")}
            {idle.length > 0 && `, ${idle.length} of them not now`}
          </summary>
          {list}
        </details>
      )}
      {idle.length > 0 && (
        <Text size="sm" c="dimmed">
          What is struck through works again when {member.name} may do it again.
        </Text>
      )}
    </Text>
  );
}
