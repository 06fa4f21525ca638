/**
 * A response whose error the SDK can read. OpenAI describes it under "error", and the SDK looks nowhere else; other servers
 * put it at the top of the body, as Mistral and older vLLM do.
 */
export async function readableError(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await response.text();
  return new Response(isBare(text) ? `{"error":${text}}` : text, response);
}

/** Whether a body is an object that has no "error". */
function isBare(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === "object" && body !== null && !("error" in body);
  } catch {
    return false;
  }
}
