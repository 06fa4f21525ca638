import * as v from "valibot";
import { lineError } from "./jsonLines";

/**
 * Passes a line's value that a schema describes.
 * @param name what the line should be: "row".
 * @throws DialError "invalid-json-line" naming the line and the field.
 */
export function readAs<Value>(
  schema: v.GenericSchema<unknown, Value>,
  value: unknown,
  line: number,
  name: string,
): Value {
  const result = v.safeParse(schema, value);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const field = v.getDotPath(issue);
  throw lineError(line, `not a ${name}: ${field === null ? "" : `${field}: `}${issue.message}`);
}
