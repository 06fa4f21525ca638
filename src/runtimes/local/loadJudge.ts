/** Puts a judge together from its files. */

import { checkReference, type Reference } from "../../domain/reference";
import type { RewardModel } from "../rewardModel";
import type { ReadFile } from "./loadPolicy";
import { judgeEntry, type Manifest } from "./manifest";
import { OnnxRewardModel, RewardTokenizer } from "./onnxRewardModel";
import type { GraphFiles, Session } from "./session";

export interface LoadedJudge {
  readonly judge: RewardModel;
  readonly reference: Reference;
  close(): Promise<void>;
}

export async function loadJudge<Block>(
  manifest: Manifest,
  judgeName: string | undefined,
  read: ReadFile,
  createSession: (files: GraphFiles) => Promise<Session<Block>>,
): Promise<LoadedJudge> {
  const { name, graph, tokenizer, reference } = judgeEntry(manifest, judgeName);
  const text = async (path: string) => new TextDecoder().decode(await read(path));
  const known = checkReference(JSON.parse(await text(reference.path)));
  const encoder = new RewardTokenizer(await text(tokenizer.path));
  const session = await createSession({ graph: await read(graph.path), external: {} });
  return {
    judge: new OnnxRewardModel(name, session, encoder, known),
    reference: known,
    close: () => session.close(),
  };
}
