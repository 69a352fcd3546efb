import { Text, TextInput } from "@mantine/core";
import { useWindowEvent } from "@mantine/hooks";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { type KeyboardEvent, useRef } from "react";
import { type ApiDescription, type Operation, searchOperations } from "../../lib/api-description.ts";
import { formatCountOf } from "../../lib/format.ts";
import { isPlainKey, isTyping } from "../../lib/keyboard.ts";
import classes from "../../ui/Browse.module.css";
import { AnchorLink } from "../../ui/links.tsx";
import { Method } from "./Method.tsx";

type Props = { tags: ApiDescription["tags"]; operations: readonly Operation[]; open: Operation | undefined };

/** All operations by what they are about, or those that a search finds. On a phone an open operation takes their place. */
export function OperationList({ tags, operations, open }: Props) {
  const { q = "", operation } = useSearch({ from: "/api/docs" });
  const navigate = useNavigate();
  const field = useRef<HTMLInputElement>(null);
  const found = searchOperations(operations, q);
  const isSearching = q.trim() !== "";
  const search = (text: string) =>
    navigate({ to: "/api/docs", search: { operation, q: text || undefined }, replace: true, resetScroll: false });
  useWindowEvent("keydown", (event) => {
    if (event.key !== "/" || !isPlainKey(event) || isTyping(event)) return;
    event.preventDefault();
    field.current?.focus();
  });
  const onKeyDown = ({ key, nativeEvent }: KeyboardEvent) => {
    if (nativeEvent.isComposing) return;
    if (key === "Escape") search("");
    const [first] = found;
    if (key === "Enter" && first) navigate({ to: "/api/docs", search: { q, operation: first.operationId } });
  };
  return (
    <>
      <TextInput
        ref={field}
        type="search"
        label="Search the API"
        placeholder="A name, a path, a word"
        description={<span className="mantine-visible-from-sm">/ comes here, Enter opens the first, Esc clears</span>}
        autoComplete="off"
        spellCheck={false}
        value={q}
        onChange={({ currentTarget }) => search(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <output className="visually-hidden">
        {isSearching ? `${formatCountOf(found.length, "operation")} found` : ""}
      </output>
      {open && !isSearching && (
        <AnchorLink to="/api/docs" size="sm" hiddenFrom="sm">
          All operations
        </AnchorLink>
      )}
      {isSearching && found.length === 0 && <Text size="sm">Nothing holds “{q.trim()}”. Try fewer words.</Text>}
      {isSearching ? (
        <ul className={`${classes.list} ${classes.results}`} aria-label="Operations found">
          {found.map((each) => (
            <Entry key={each.operationId} operation={each} label={each.operationId} isOpen={each === open} />
          ))}
        </ul>
      ) : (
        <nav className={`${classes.list} ${open ? "mantine-visible-from-sm" : ""}`} aria-label="Operations">
          {tags.map(({ name }) => (
            <Group key={name} name={name} operations={operations.filter(({ tag }) => tag === name)} open={open} />
          ))}
        </nav>
      )}
    </>
  );
}

type GroupProps = { name: string; operations: readonly Operation[]; open: Operation | undefined };

function Group({ name, operations, open }: GroupProps) {
  return (
    <details open={open?.tag === name} className={classes.group} aria-label={wordsOf(name)}>
      <summary className={classes.entry}>
        <span>
          <span className={classes.mark} aria-hidden>
            ›
          </span>
          {wordsOf(name)}
        </span>
        <span className={classes.count} title={formatCountOf(operations.length, "operation")}>
          {operations.length}
        </span>
      </summary>
      <ul className={classes.tables} aria-label={`Operations of ${wordsOf(name)}`}>
        {operations.map((each) => (
          <Entry
            key={each.operationId}
            operation={each}
            label={each.operationId.slice(name.length + 1)}
            isOpen={each === open}
          />
        ))}
      </ul>
    </details>
  );
}

/** `data_model` is written as people write it. */
export function wordsOf(tag: string): string {
  return tag.charAt(0).toUpperCase() + tag.slice(1).replaceAll("_", " ");
}

function Entry({ operation, label, isOpen }: { operation: Operation; label: string; isOpen: boolean }) {
  const { operationId, method, deprecated } = operation;
  const { q } = useSearch({ from: "/api/docs" });
  return (
    <li>
      <Link
        to="/api/docs"
        search={{ q, operation: operationId }}
        className={classes.entry}
        aria-current={isOpen ? "page" : undefined}
      >
        <span style={{ textDecoration: deprecated ? "line-through" : undefined }}>{label}</span>
        <Method name={method} />
      </Link>
    </li>
  );
}
