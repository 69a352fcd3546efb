import { z } from "zod";
import type { Schema } from "./fuzz-values.ts";
import type { TestHttpServer } from "./server.ts";

export type Parameter = {
  name: string;
  in: "path" | "query" | "header";
  required: boolean;
  style?: string;
  description?: string;
  schema: Schema;
  example?: unknown;
};
type Content = Record<string, { schema?: Schema; example?: unknown }>;
export type Response = { $ref?: string; content?: Content };

/** One operation as the description tells it, with where it is found. */
export type Operation = {
  method: string;
  path: string;
  operationId: string;
  parameters: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, Response>;
};

/** The description that the server sends, read. */
export type Description = {
  operations: Operation[];
  schemas: Record<string, Schema>;
  /** The response that an operation declares for a status; the default one for problems. */
  responseOf(operation: Operation, status: number): Response | undefined;
  /** What is wrong with a value by a schema, if anything. */
  faultOf(schema: Schema, value: unknown): string | undefined;
};

type Raw = Omit<Operation, "method" | "path" | "parameters"> & { parameters: (Parameter | { $ref: string })[] };
type Document = {
  paths: Record<string, Record<string, Raw>>;
  components: {
    schemas: Record<string, Schema>;
    responses: Record<string, Response>;
    parameters: Record<string, Parameter>;
  };
};

const REFERENCE = /"#\/components\/schemas\/([^"]+)"/g;

export async function readDescription({ server }: TestHttpServer): Promise<Description> {
  const { paths, components } = (await server.inject({ url: "/api/openapi.json" })).json<Document>();
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      parameters: operation.parameters.map((each) => ("$ref" in each ? parameterAt(each.$ref, components) : each)),
      path,
      method: method.toUpperCase(),
    })),
  );
  const { schemas, responses } = components;
  const shapes = new Map<string, z.ZodType>();
  const shapeOf = (schema: Schema) => {
    const text = JSON.stringify(schema);
    const shape = shapes.get(text) ?? readSchema(text, schemas);
    shapes.set(text, shape);
    return shape;
  };
  return {
    operations,
    schemas,
    responseOf: (operation, status) => {
      const response = operation.responses[status] ?? (status >= 400 ? operation.responses.default : undefined);
      return response?.$ref ? responses[response.$ref.replace("#/components/responses/", "")] : response;
    },
    faultOf: (schema, value) => {
      const { error } = shapeOf(schema).safeParse(value);
      return error && z.prettifyError(error).slice(0, 1_000);
    },
  };
}

function parameterAt($ref: string, { parameters }: Document["components"]): Parameter {
  const parameter = parameters[$ref.replace("#/components/parameters/", "")];
  if (!parameter) throw new Error(`The description has no parameter ${$ref}.`);
  return parameter;
}

/** A schema with those that it refers to. Throws where there is none of a name. */
function readSchema(text: string, schemas: Record<string, Schema>): z.ZodType {
  const parts: Record<string, unknown> = {};
  const collect = (part: string): unknown => {
    for (const [, name = ""] of part.matchAll(REFERENCE)) {
      if (name in parts) continue;
      if (!schemas[name]) throw new Error(`The description has no schema ${name}.`);
      parts[name] = {};
      parts[name] = collect(JSON.stringify(schemas[name]));
    }
    return JSON.parse(part.replaceAll("#/components/schemas/", "#/$defs/"));
  };
  return z.fromJSONSchema({ ...(collect(text) as object), $defs: parts } as Parameters<typeof z.fromJSONSchema>[0]);
}
