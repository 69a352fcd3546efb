/*
  A backup is a tar archive in gzip:
    manifest.json                                what is in it, and what it was made from
    tables/<schema>.<table>/00000001.copy, …     the rows in PostgreSQL's COPY text format, cut anywhere, in the manifest's order
    footer.json                                  how many rows each table has, and a digest of all bytes before it
*/

export const FORMAT = "tenon-backup";
export const FORMAT_VERSION = 1;
export const MANIFEST_NAME = "manifest.json";
export const FOOTER_NAME = "footer.json";

/** A table and the columns of it that are kept. `months` (`2026_07`) are a partitioned table's partitions, else null. */
export type Table = { schema: string; name: string; columns: string[]; months: string[] | null };

/** A sequence; `value` is text, as it may be beyond what a JSON number holds. */
export type Sequence = { schema: string; name: string; value: string; called: boolean };

export type AppliedMigration = { number: number; name: string; checksum: string };

export type Manifest = {
  format: typeof FORMAT;
  version: number;
  /** ISO 8601. */
  created_at: string;
  /** PostgreSQL's version, such as `18.4`. */
  postgres: string;
  migrations: AppliedMigration[];
  tables: Table[];
  sequences: Sequence[];
};

export type Footer = {
  /** Rows by table, such as `organizations.tags`. */
  rows: Record<string, number>;
  /** Length and SHA-256 of the uncompressed archive up to the footer's own header. */
  bytes: number;
  sha256: string;
};

/** `organizations.tags`, for the screen and for paths. */
export function displayName({ schema, name }: { schema: string; name: string }): string {
  return `${schema}.${name}`;
}

/** The folder of a table's content in the archive. */
export function tableFolder(table: Table): string {
  return `tables/${displayName(table)}/`;
}
