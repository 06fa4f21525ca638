/** Why a request has to be made again. */
export interface Setback {
  readonly origin: string;
  /** Such as 429 or 503; null where no answer came. */
  readonly status: number | null;
}

/** As a sentence without its stop: "api.example.org does not answer". */
export function describeSetback({ origin, status }: Setback): string {
  return `${new URL(origin).host} ${problemOf(status)}`;
}

function problemOf(status: number | null): string {
  if (status === null) return "does not answer";
  if (status === 429) return "wants no more requests now (429)";
  return status >= 500 ? `has a problem of its own (${status})` : `cannot answer now (${status})`;
}
