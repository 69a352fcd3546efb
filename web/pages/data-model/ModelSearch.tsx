import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedCallback, useDebouncedValue, useMediaQuery, useWindowEvent } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type KeyboardEvent, type ReactNode, useEffect, useId, useMemo, useRef, useState } from "react";
import type { DomainSummary } from "../../../kernel/data-model/contract.ts";
import { isPlainKey, isTyping } from "../../lib/keyboard.ts";
import { type Found, indexOf, searchModel } from "../../lib/model-search.ts";
import { meaningQuery } from "../../lib/queries.ts";
import classes from "../../ui/Browse.module.css";
import { SensitiveMark } from "./SensitiveMark.tsx";

const ADDRESS_AFTER_MS = 200;
const QUESTION_AFTER_MS = 300;
const SHOWN_MAX = 60;
const NARROW = "(max-width: 48em)";

type Props = { domains: DomainSummary[]; children: ReactNode };

/** Finds tables as one types; while nothing is typed, `children` stand in the place of what is found. */
export function ModelSearch({ domains, children }: Props) {
  const [query, setQuery] = useQueryInAddress();
  const [active, setActive] = useState(0);
  const input = useRef<HTMLInputElement>(null);
  const list = useId();
  const { found, isByMeaning, nearest } = useResults(domains, query);
  const marked = found[Math.min(active, found.length - 1)];
  const navigate = useNavigate();
  const isNarrow = useMediaQuery(NARROW);
  const search = (text: string) => {
    setQuery(text);
    setActive(0);
  };
  const choose = ({ table }: Found) => {
    // On a phone what was found would stand between the field and what was chosen.
    if (isNarrow) {
      search("");
      input.current?.blur();
    }
    const q = isNarrow ? undefined : query;
    navigate({
      to: "/data-model/$domain",
      params: { domain: table.schema },
      search: { q, table: table.name },
      resetScroll: false,
    });
  };
  const mark = (place: number) => setActive(Math.max(0, Math.min(place, found.length - 1)));
  const actions: Record<string, () => void> = {
    ArrowDown: () => mark(active + 1),
    ArrowUp: () => mark(active - 1),
    Enter: () => marked && choose(marked),
    Escape: () => search(""),
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const action = event.nativeEvent.isComposing ? undefined : actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  };
  useWindowEvent("keydown", (event) => {
    if (event.key !== "/" || !isPlainKey(event) || isTyping(event)) return;
    event.preventDefault();
    input.current?.focus();
  });
  useEffect(() => {
    document.getElementById(`${list}-${active}`)?.scrollIntoView({ block: "nearest" });
  }, [list, active]);

  const isSearching = query.trim() !== "";
  return (
    <>
      <TextInput
        ref={input}
        type="search"
        role="combobox"
        label="Search the data model"
        placeholder="A table, a column, a word"
        description={<span className="mantine-visible-from-sm">/ comes here, ↑ ↓ and Enter choose, Esc clears</span>}
        autoComplete="off"
        spellCheck={false}
        aria-expanded={isSearching}
        aria-controls={list}
        aria-autocomplete="list"
        aria-activedescendant={isSearching && marked ? `${list}-${found.indexOf(marked)}` : undefined}
        value={query}
        onChange={({ currentTarget }) => search(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <output className="visually-hidden">{isSearching ? describe(found.length) : ""}</output>
      {isSearching && isByMeaning && found.length > 0 && (
        <Text size="sm" c="dimmed">
          Nothing is called so. These are about it:
        </Text>
      )}
      {isSearching && <Results id={list} found={found} marked={marked} onChoose={choose} />}
      {isSearching && found.length === 0 && nearest && <Nothing query={query} nearest={nearest} onChoose={search} />}
      {!isSearching && children}
    </>
  );
}

type ResultsProps = { id: string; found: Found[]; marked: Found | undefined; onChoose: (found: Found) => void };

function Results({ id, found, marked, onChoose }: ResultsProps) {
  return (
    <div role="listbox" id={id} aria-label="Tables found" className={`${classes.list} ${classes.results}`}>
      {found.map((each, place) => (
        // The field keeps the focus and takes the keys.
        // biome-ignore lint/a11y/useKeyWithClickEvents: arrows and Enter in the field do the same.
        <div
          key={each.table.id}
          id={`${id}-${place}`}
          role="option"
          tabIndex={-1}
          aria-selected={each === marked}
          className={classes.option}
          onClick={() => onChoose(each)}
        >
          {each.table.schema}.<strong>{each.table.name}</strong> <SensitiveMark sensitivity={each.table.sensitivity} />
          {each.where && <span className={classes.where}>in {each.where}</span>}
        </div>
      ))}
    </div>
  );
}

type NothingProps = { query: string; nearest: string[]; onChoose: (name: string) => void };

function Nothing({ query, nearest, onChoose }: NothingProps) {
  return (
    <Stack gap="xs">
      <Text size="sm" style={{ overflowWrap: "anywhere" }}>
        Nothing is about “{query.trim()}”. The nearest names:
      </Text>
      <Group gap="xs">
        {nearest.map((name) => (
          <Button key={name} size="compact-sm" variant="default" onClick={() => onChoose(name)}>
            {name}
          </Button>
        ))}
      </Group>
    </Stack>
  );
}

/** What a query finds: by the letters at once, and when they stand nowhere, by what the words mean to the server. */
function useResults(domains: DomainSummary[], query: string) {
  const index = useMemo(() => indexOf(domains), [domains]);
  const byLetters = useMemo(() => searchModel(index, query).slice(0, SHOWN_MAX), [index, query]);
  const [settled] = useDebouncedValue(byLetters.length === 0 ? query.trim() : "", QUESTION_AFTER_MS);
  const isAsking = byLetters.length === 0 && settled === query.trim();
  const { data } = useQuery({ ...meaningQuery(settled), enabled: settled !== "" && isAsking });
  const byMeaning = useMemo((): Found[] => {
    const ids = new Set(data?.tables);
    return index.flatMap(({ table }) => (ids.has(table.id) ? [{ table, where: undefined }] : []));
  }, [index, data]);
  if (byLetters.length > 0 || !isAsking) return { found: byLetters, isByMeaning: false };
  return { found: byMeaning, isByMeaning: true, nearest: data?.nearest };
}

/** The query as it stands in the address, a moment after it was typed: a link to a search is a link like any other. */
function useQueryInAddress(): [string, (query: string) => void] {
  const { q = "" } = useSearch({ from: "/data-model" });
  const navigate = useNavigate();
  const [typed, setTyped] = useState(q);
  const written = useRef(q);
  const write = useDebouncedCallback((query: string) => {
    written.current = query;
    navigate({
      to: ".",
      search: (before) => ({ ...before, q: query || undefined }),
      replace: true,
      resetScroll: false,
    });
  }, ADDRESS_AFTER_MS);
  useEffect(() => {
    // Going back or following a link changes it from outside.
    if (q === written.current) return;
    written.current = q;
    setTyped(q);
  }, [q]);
  const set = (query: string) => {
    setTyped(query);
    write(query);
  };
  return [typed, set];
}

function describe(count: number): string {
  if (count === 0) return "No table found";
  return count === 1 ? "1 table found" : `${count} tables found`;
}
