import { Link, useParams, useSearch } from "@tanstack/react-router";
import type { DomainSummary } from "../../../kernel/data-model/contract.ts";
import { formatCountOf } from "../../lib/format.ts";
import classes from "../../ui/Browse.module.css";
import { SensitiveMark } from "./SensitiveMark.tsx";

/** A domain's own link is not the current one while one of its tables is shown. */
const WHOLE_ADDRESS = { exact: true, includeSearch: true };

/** All domains with how many tables each has, and the tables of the open one. On a phone the page itself has both. */
export function DomainList({ domains }: { domains: DomainSummary[] }) {
  const { domain: open } = useParams({ strict: false });
  const { table } = useSearch({ from: "/data-model" });
  return (
    <ul className={`${classes.list} mantine-visible-from-sm`} aria-label="Domains">
      {domains.map(({ name, title, tables }) => (
        <li key={name}>
          <Link
            to="/data-model/$domain"
            params={{ domain: name }}
            activeOptions={WHOLE_ADDRESS}
            className={classes.entry}
            aria-current={name === open && table === undefined ? "page" : undefined}
          >
            {title}
            <span className={classes.count} title={formatCountOf(tables.length, "table")}>
              {tables.length}
            </span>
          </Link>
          {name === open && (
            <ul className={classes.tables} aria-label={`Tables of ${title}`}>
              {tables.map((each) => (
                <li key={each.id}>
                  <Link
                    to="/data-model/$domain"
                    params={{ domain: name }}
                    search={{ table: each.name }}
                    resetScroll={false}
                    activeOptions={WHOLE_ADDRESS}
                    className={classes.entry}
                    aria-current={each.name === table ? "true" : undefined}
                  >
                    <span>
                      {each.name} <SensitiveMark sensitivity={each.sensitivity} />
                    </span>
                  </Link>
                </li>
              ))}
            </ul>
          )}
        </li>
      ))}
    </ul>
  );
}
