import { z } from "zod";
import type { Permission } from "../database/types.gen.ts";
import { type Endpoint, endpoint } from "../http/endpoint.ts";
import { changeExample, manyExample, newRowExample } from "./examples.ts";
import { hasVersion, type Noun, type Nouns } from "./noun.ts";
import { EXPORT_MEDIA } from "./reading/export.ts";
import { searchSettings, settingsOf, showSettings } from "./reading/parameters.ts";
import { queryReader } from "./reading/query.ts";
import { countQueryShape, listQueryShape, pageShape, shownShape, showQueryShape } from "./reading/query-shape.ts";
import { addressShape, createShape, rowShape, updateShape } from "./shapes.ts";
import { BULK_BYTES_MAX, bulkAnswerShape, bulkShape } from "./writing/bulk-shapes.ts";

const ORGANIZATION = "/api/organizations/:organization";
const InOrganization = z.object({ organization: z.string() });
const Count = z.object({ count: z.int(), estimated: z.boolean().describe("Whether it is PostgreSQL's estimate.") });

/** Where the rows of a noun are, and where one of them is: each column of the key is a part of the path. */
function placesOf(noun: Noun) {
  const rows = `${ORGANIZATION}/${noun.path}`;
  return {
    rows,
    row: [rows, ...noun.key.map((name) => `:${name}`)].join("/"),
    OfRow: () => InOrganization.extend(addressShape(noun).shape),
  };
}

/** `GET …/crm/customers`: the rows that match, a page at a time; or all of them, as CSV or JSON lines. */
export function listEndpoint(noun: Noun, nouns: Nouns): Endpoint {
  return endpoint({
    name: `${noun.name}.list`,
    noun: noun.table,
    summary: "List those that match",
    method: "GET",
    path: placesOf(noun).rows,
    access: noun.read,
    params: InOrganization,
    get query() {
      return listQueryShape(noun, nouns);
    },
    get readQuery() {
      return queryReader({ noun, nouns, settings: settingsOf(noun, nouns), filters: true });
    },
    get answer() {
      return pageShape(noun);
    },
    alsoAnswers: EXPORT_MEDIA,
  });
}

/** `GET …/crm/customers/count`: how many match. */
export function countEndpoint(noun: Noun, nouns: Nouns): Endpoint {
  return endpoint({
    name: `${noun.name}.count`,
    noun: noun.table,
    summary: "Count those that match",
    method: "GET",
    path: `${placesOf(noun).rows}/count`,
    access: noun.read,
    params: InOrganization,
    get query() {
      return countQueryShape(noun);
    },
    get readQuery() {
      return queryReader({ noun, nouns, settings: searchSettings(noun), filters: true });
    },
    answer: Count,
  });
}

/** `GET …/crm/customers/:id`: one row, with its version as ETag. Who asks for nothing in particular has no query to be read. */
export function getEndpoint(noun: Noun, nouns: Nouns): Endpoint {
  const { row, OfRow } = placesOf(noun);
  return endpoint({
    name: `${noun.name}.get`,
    noun: noun.table,
    summary: "Get one",
    method: "GET",
    path: row,
    access: noun.read,
    get params() {
      return OfRow();
    },
    get query() {
      return showQueryShape(noun, nouns);
    },
    get readQuery() {
      const read = queryReader({ noun, nouns, settings: showSettings(noun, nouns), filters: false });
      return (text: string) => (text === "" ? undefined : read(text));
    },
    get answer() {
      return shownShape(noun);
    },
    versioned: hasVersion(noun),
  });
}

/** A noun that members write. */
export type WrittenNoun = Noun & { write: Permission };

/** `POST …/crm/customers`: makes one. */
export function createEndpoint(noun: WrittenNoun): Endpoint {
  return endpoint({
    name: `${noun.name}.create`,
    noun: noun.table,
    summary: "Create one",
    method: "POST",
    path: placesOf(noun).rows,
    access: noun.write,
    params: InOrganization,
    get body() {
      return createShape(noun);
    },
    get example() {
      return { body: newRowExample(noun) };
    },
    get answer() {
      return rowShape(noun);
    },
    answerStatus: 201,
    versioned: hasVersion(noun),
  });
}

/** `PATCH …/crm/customers/:id`: changes what is given; with `If-Match`, only a row that is still that one. */
export function updateEndpoint(noun: WrittenNoun): Endpoint {
  const { row, OfRow } = placesOf(noun);
  return endpoint({
    name: `${noun.name}.update`,
    noun: noun.table,
    summary: "Change one",
    method: "PATCH",
    path: row,
    access: noun.write,
    get params() {
      return OfRow();
    },
    get body() {
      return updateShape(noun);
    },
    get example() {
      return { body: changeExample(noun) };
    },
    get answer() {
      return rowShape(noun);
    },
    versioned: hasVersion(noun),
    takesVersion: hasVersion(noun),
  });
}

/** `DELETE …/crm/customers/:id`: deletes one, or puts it into the bin; with `If-Match`, only one that is still that one. */
export function deleteEndpoint(noun: WrittenNoun): Endpoint {
  const { row, OfRow } = placesOf(noun);
  return endpoint({
    name: `${noun.name}.delete`,
    noun: noun.table,
    summary: noun.bin ? "Put one into the bin" : "Delete one",
    method: "DELETE",
    path: row,
    access: noun.write,
    get params() {
      return OfRow();
    },
    takesVersion: hasVersion(noun),
  });
}

/** `POST …/studio/sessions/:id/restore`: takes one out of the bin. */
export function restoreEndpoint(noun: WrittenNoun): Endpoint {
  const { row, OfRow } = placesOf(noun);
  return endpoint({
    name: `${noun.name}.restore`,
    noun: noun.table,
    summary: "Take one out of the bin",
    method: "POST",
    path: `${row}/restore`,
    access: noun.write,
    get params() {
      return OfRow();
    },
    get answer() {
      return rowShape(noun);
    },
    versioned: hasVersion(noun),
    takesVersion: hasVersion(noun),
  });
}

/** `POST …/crm/customers/bulk`: creates, updates and deletes many at once. */
export function bulkEndpoint(noun: WrittenNoun): Endpoint {
  return endpoint({
    name: `${noun.name}.bulk`,
    noun: noun.table,
    summary: "Write many",
    method: "POST",
    path: `${placesOf(noun).rows}/bulk`,
    access: noun.write,
    params: InOrganization,
    get body() {
      return bulkShape(noun);
    },
    get example() {
      return { body: manyExample(noun) };
    },
    bodyBytesMax: BULK_BYTES_MAX,
    get answer() {
      return bulkAnswerShape(noun);
    },
  });
}
