/** Puts a judge together from its files. */

import { checkReference, type Reference } from "../../domain/reference";
import type { RewardModel } from "../rewardModel";
import { BaseRewardTokenizer } from "./baseRewardTokenizer";
import { checkLayout } from "./layout";
import { type ReadFile, readShards } from "./loadPolicy";
import { type GraphKind, type JudgeEntry, judgeEntry, type Manifest } from "./manifest";
import { OnnxRewardModel, RewardTokenizer } from "./onnxRewardModel";
import type { GraphFiles, Session } from "./session";
import { PolicyTokenizer } from "./tokenizer";
import { buildBase } from "./weights";

export interface LoadedJudge {
  readonly judge: RewardModel;
  readonly reference: Reference;
  close(): Promise<void>;
}

export async function loadJudge<Block>(
  manifest: Manifest,
  judgeName: string | undefined,
  kind: GraphKind,
  read: ReadFile,
  createSession: (files: GraphFiles) => Promise<Session<Block>>,
): Promise<LoadedJudge> {
  const entry = judgeEntry(manifest, judgeName);
  const text = async (path: string) => new TextDecoder().decode(await read(path));
  const [session, known, encoder] = await Promise.all([
    judgeGraph(entry, kind, read).then(createSession),
    text(entry.reference.path).then((json) => checkReference(JSON.parse(json))),
    text(entry.tokenizer.path).then((json) =>
      "graph" in entry ? new RewardTokenizer(json) : new BaseRewardTokenizer(new PolicyTokenizer(json)),
    ),
  ]);
  return {
    judge: new OnnxRewardModel(entry.name, session, encoder, known),
    reference: known,
    close: () => session.close(),
  };
}

async function judgeGraph(entry: JudgeEntry, kind: GraphKind, read: ReadFile): Promise<GraphFiles> {
  if ("graph" in entry) return { graph: await read(entry.graph.path), external: {} };
  const { path, layout } = entry.graphs[kind];
  const known = checkLayout(layout.path, JSON.parse(new TextDecoder().decode(await read(layout.path))));
  return {
    graph: await read(path),
    external: { "base.bin": buildBase(known, await readShards(entry.base, read)) },
  };
}
