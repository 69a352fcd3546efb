import { Button, Menu } from "@mantine/core";
import { addressOf } from "../../../client/address.ts";
import { readDocument } from "../../../kernel/data-model/contract.ts";

const FORMATS = [
  { format: "markdown", label: "Markdown, with diagrams" },
  { format: "json", label: "JSON" },
  { format: "sql", label: "SQL, to make the tables elsewhere" },
] as const;

/** The document that `tenon data-model` writes, of some words or of everything. */
export function DownloadDocument({ label, words }: { label: string; words: string }) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button variant="default" size="xs" style={{ alignSelf: "flex-start" }}>
          {label}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(({ format, label: name }) => (
          <Menu.Item key={format} component="a" href={addressOf(readDocument, { query: { words, format } })} download>
            {name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
