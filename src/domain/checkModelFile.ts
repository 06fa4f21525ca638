import * as v from "valibot";
import { DialError } from "./errors";

/**
 * Passes the content of a model file that has the shape wanted.
 * @param name what it is called in the error.
 * @throws DialError "model-damaged" naming the first field that is wrong.
 */
export function checkModelFile<Schema extends v.GenericSchema>(
  name: string,
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  throw new DialError("model-damaged", `${name}: ${v.getDotPath(issue) ?? "value"}: ${issue.message}`);
}
