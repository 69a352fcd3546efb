import { displayName, type Table } from "./format.ts";

const REPORT_INTERVAL_MS = 5_000;
const MEGABYTE = 1_000_000;

/** Tells how far a copy has come: a line for every table, and in large ones a line every few seconds. */
export type Progress = {
  /** Passes a table's content through, counting its bytes. */
  watch(table: Table, content: AsyncIterable<Buffer>): AsyncGenerator<Buffer>;
  /** Tells that a table is finished. */
  finish(table: Table, rows: number): void;
};

export function createProgress(tables: Table[], report: (line: string) => void): Progress {
  const width = Math.max(...tables.map((table) => displayName(table).length));
  let bytes = 0;
  const reportTable = (table: Table, state: string) => {
    const number = String(tables.indexOf(table) + 1).padStart(String(tables.length).length);
    report(`${number}/${tables.length}  ${displayName(table).padEnd(width)}  ${state}`);
  };
  return {
    async *watch(table, content) {
      bytes = 0;
      let reported = performance.now();
      for await (const chunk of content) {
        bytes += chunk.length;
        yield chunk;
        if (performance.now() - reported < REPORT_INTERVAL_MS) continue;
        reported = performance.now();
        reportTable(table, `${formatSize(bytes)} so far …`);
      }
    },
    finish: (table, rows) =>
      reportTable(table, `${formatCount(rows)} ${rows === 1 ? "row" : "rows"}, ${formatSize(bytes)}`),
  };
}

/** `1,234,567` */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}

/** `12.3 MB` */
export function formatSize(bytes: number): string {
  const megabytes = (bytes / MEGABYTE).toLocaleString("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  return `${megabytes} MB`;
}
