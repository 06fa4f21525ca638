/** How far a load is. */
export interface LoadProgress {
  /** What is going on, for the page: "Reading policy/base-1.safetensors". */
  readonly step: string;
  /** Bytes of this load's files that are there, from the cache or the network. */
  readonly receivedBytes: number;
  readonly totalBytes: number;
}
