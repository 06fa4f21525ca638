import { openClient } from "./client";
import type { Access } from "./endpoint";
import { endpointFailure } from "./endpointFailure";

/**
 * Names of the models that an endpoint offers, in alphabetical order. Costs nothing, so it is the test of a connection.
 * @throws DialError "offline", "endpoint-...".
 */
export async function listModels(baseUrl: string, access: Access): Promise<string[]> {
  try {
    const client = await openClient(baseUrl, access, 0);
    const names: string[] = [];
    for await (const { id } of client.models.list()) names.push(id);
    return names.sort();
  } catch (error) {
    throw await endpointFailure(error, baseUrl, access, "its list of models");
  }
}
