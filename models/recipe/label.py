"""Stage label: the reward model scores completions; raw scores become percentiles of a reference set.

Writes labelled.jsonl, one prompt a line with its completions and their percentiles, and
reference.json: the quantiles of the raw scores on each axis and a sample of joint percentiles.
The reference set holds human-written replies (hh-rlhf, chosen and rejected alike) and rollouts.
"""

import argparse
import json
import random
from pathlib import Path

import numpy as np
import torch
from transformers import BertConfig

from contrast import MAX_PROMPT_TOKENS
from dialogue import read_jsonl, write_jsonl
from precision import DEVICE
from preference_training import score_all
from prompt_ids import PromptEncoder
from reward_graph import dequantised_state, read_state
from reward_model import AXES, RewardModel, RewardReader

MAX_COMPLETION_TOKENS = 90
QUANTILES = 1001
JOINT_SAMPLE = 2000


def load_judge(checkpoint, trunk):
    """The reward model of reward.pt or of a shipped reward.onnx, weights rounded as in the latter, and its reader."""
    config = BertConfig.from_json_file(f"{trunk}/config.json")
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    model = RewardModel(config)
    shipped = str(checkpoint).endswith(".onnx")
    model.load_state_dict(read_state(checkpoint, config) if shipped else dequantised_state(torch.load(checkpoint)["model"]))
    return model.to(DEVICE).eval(), RewardReader(trunk)


def human_replies(data, pairs_an_axis, encoder, seed):
    """(prompt, completion) of hh-rlhf pairs that are short enough to train on."""
    for axis in AXES:
        pairs = list(read_jsonl(f"{data}/hh_{axis}_train.jsonl.gz"))
        random.Random(seed).shuffle(pairs)
        kept = 0
        for pair in pairs:
            if kept == pairs_an_axis:
                break
            replies = [pair["chosen"], pair["rejected"]]
            if len(encoder.prompt(pair["prompt_dialogue"], False)) > MAX_PROMPT_TOKENS:
                continue
            if max(len(encoder.completion(reply)) for reply in replies) > MAX_COMPLETION_TOKENS:
                continue
            kept += 1
            for reply in replies:
                yield pair["prompt_dialogue"], reply


def percentiles(raw, quantiles):
    """Percentile in [0, 1] of raw scores by linear interpolation of the quantiles."""
    return np.interp(raw, quantiles, np.linspace(0, 1, len(quantiles)))


def reference_of(raw, seed):
    """Raw scores [completions, axes] -> (the content of reference.json, their percentiles)."""
    quantiles = [np.quantile(raw[:, a], np.linspace(0, 1, QUANTILES)) for a in range(len(AXES))]
    share = np.stack([percentiles(raw[:, a], quantiles[a]) for a in range(len(AXES))], axis=1)
    sample = np.random.default_rng(seed).choice(len(raw), min(JOINT_SAMPLE, len(raw)), replace=False)
    reference = {axis: [round(float(q), 5) for q in quantiles[a]] for a, axis in enumerate(AXES)}
    return reference | {"joint": share[sample].round(4).tolist(), "completions": len(raw)}, share


def describe(share, prompts, replies):
    """Figures of a judge: percentiles [completions, axes] beside the prompt and the text of each completion."""
    number = {prompt: i for i, prompt in enumerate(dict.fromkeys(prompts))}
    group = np.array([number[prompt] for prompt in prompts])
    means = np.stack([np.bincount(group, share[:, a]) / np.bincount(group) for a in range(len(AXES))], axis=1)
    degrees = len(replies) / (len(replies) - len(number))  # of freedom: each prompt's mean is estimated from its completions
    within = degrees * (share - means[group]).var(0) / share.var(0)
    lengths = np.array([len(reply) for reply in replies])
    return {
        "prompts": len(number), "completions": len(replies),
        "heads_r": float(np.corrcoef(share.T)[0, 1]),
        "within_prompt_variance_share": dict(zip(AXES, within.round(3).tolist())),
        "length_r": {axis: float(np.corrcoef(share[:, a], lengths)[0, 1]) for a, axis in enumerate(AXES)},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--trunk", required=True)
    parser.add_argument("--reward", default="models/recipe/work/reward/reward.pt")
    parser.add_argument("--rollouts", nargs="+", default=["models/recipe/work/rollouts.jsonl"])
    parser.add_argument("--out", default="models/recipe/work")
    parser.add_argument("--pairs", type=int, default=3000, help="human pairs an axis")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    encoder = PromptEncoder(f"{arguments.policy}/tokenizer.json")
    judge, reader = load_judge(arguments.reward, arguments.trunk)
    human = list(human_replies(arguments.data, arguments.pairs, encoder, arguments.seed))
    written = list(dict.fromkeys((r["prompt_dialogue"], r["completion"]) for path in arguments.rollouts for r in read_jsonl(path) if r["completion"]))
    items = [(prompt, reply.strip(), source) for source, rows in (("human", human), ("rollout", written)) for prompt, reply in rows if reply.strip()]
    raw = score_all(judge, reader, [(prompt, reply) for prompt, reply, _ in items]).numpy()

    reference, share = reference_of(raw, arguments.seed)
    groups = {}
    for (prompt, reply, source), rewards in zip(items, share.round(4).tolist()):
        groups.setdefault(prompt, []).append({"text": reply, "source": source, "rewards": dict(zip(AXES, rewards))})
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    write_jsonl(out / "labelled.jsonl", ({"prompt_dialogue": p, "completions": c} for p, c in groups.items()))

    (out / "reference.json").write_text(json.dumps(reference, separators=(",", ":")))
    print(json.dumps(describe(share, [prompt for prompt, _, _ in items], [reply for _, reply, _ in items]), indent=2))


if __name__ == "__main__":
    main()
