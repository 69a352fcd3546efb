/** How large a file and its parts may be. Bytes are those of UTF-8, whatever encoding the file came in. */
export type FileLimits = {
  fileBytes: number;
  /** Of a line, of a CSV row that goes over several lines, and of a JSON value. */
  lineBytes: number;
};

export const LINE_BYTES_MAX = 1_000_000;

/** How much of a file is looked at in one go. Even, so that no unit of UTF-16 is cut in two. */
export const CHUNK_BYTES = 65_536;

/** 1000000 → "1,000,000". */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
