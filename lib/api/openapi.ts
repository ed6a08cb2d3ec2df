import { z } from "zod";
import { errorBody } from "./common";
import { type Call, type CallName, contract } from "./contract";
import { errorStatus } from "./errors";
import { paths } from "./paths";
import { filter } from "./queue";

type Json = Record<string, unknown>;

const schemaOf = (schema: z.ZodType, io: "input" | "output"): Json => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    // Where a list may be one value instead (see queue.ts), the schema of the list alone would forbid it.
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (io !== "input" || def.type !== "pipe" || def.in._zod.def.type !== "transform") return;
      const { type, items, ...rest } = jsonSchema;
      if (type !== "array" || !items) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      jsonSchema.anyOf = [items as typeof jsonSchema, { type, items, ...rest } as typeof jsonSchema];
    },
  }) as Json;
  return json;
};

/** The contract as an OpenAPI 3.1 document, made from the very schemas by which the routes validate. */
export function openApi(): Json {
  const described: Record<string, Json> = {};
  for (const name of Object.keys(paths) as CallName[]) {
    const [method, path] = paths[name];
    const template = path.replace(/:(\w+)/g, "{$1}");
    described[template] ??= {};
    described[template][method.toLowerCase()] = operation(name, path, contract[name] as Call);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Sluice", version: "1", description: "Postfix queues, accounts and safe actions over SSH." },
    paths: described,
    components: {
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: "sluice.session_token",
          description: "By POST /api/auth/sign-in/email; over https its name begins with __Secure-.",
        },
        key: { type: "http", scheme: "bearer" },
      },
    },
  };
}

function operation(name: string, path: string, call: Call): Json {
  const inPath = [...path.matchAll(/:(\w+)/g)].map(([, key]) => ({
    name: key,
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  const json = (schema: Json) => ({ "application/json": { schema } });
  return {
    operationId: name,
    security: call.open ? [] : [{ session: [] }, { key: [] }],
    parameters: [...inPath, ...(call.query ? inQuery(call.query) : []), ...(call.filters ? filters() : [])],
    ...(call.body && { requestBody: { required: true, content: json(schemaOf(call.body, "input")) } }),
    responses: {
      200: {
        description: "Done.",
        content: call.media
          ? Object.fromEntries(call.media.map((type) => [type, { schema: { type: "string" } }]))
          : json(schemaOf(call.answer, "output")),
      },
      default: {
        description: `Failed. Codes: ${Object.keys(errorStatus).join(", ")}.`,
        content: json(schemaOf(errorBody, "output")),
      },
    },
  };
}

const propertiesOf = (schema: z.ZodType) => {
  const { properties, required = [] } = schemaOf(schema, "input") as {
    properties: Record<string, Json>;
    required?: string[];
  };
  return { properties, required };
};

function inQuery(query: z.ZodType): Json[] {
  const { properties, required } = propertiesOf(query);
  return Object.entries(properties).map(([key, schema]) => ({
    name: key,
    in: "query",
    ...(required.includes(key) && { required: true }),
    schema,
  }));
}

/** The filter's keys as URL parameters that may repeat; exceptions as exceptAccount … exceptRecipient. */
function filters(): Json[] {
  const { except, everything: _, ...keys } = propertiesOf(filter).properties;
  const excepted = Object.entries((except?.properties ?? {}) as Record<string, Json>).map(
    ([key, schema]) => [`except${key[0]?.toUpperCase()}${key.slice(1)}`, schema] as const,
  );
  return [...Object.entries(keys), ...excepted].map(([key, schema]) => ({ name: key, in: "query", schema }));
}
