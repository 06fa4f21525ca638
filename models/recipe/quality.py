"""Stage quality: is the text of the dialled policy as good as its text with no reward asked for?

Samples the prompts of `evaluate` at middling targets and at the null reward, temperature 1, and adds to metrics.json
for each: distinct-2 (as in src/domain/statistics/distinct.ts), and the mean log-probability a token under the
untouched base, which gets the prompt without rewards. Weights are the shipped ones, de-quantised.
"""

import argparse
import json
import random
import re
from pathlib import Path

import torch

from evaluate import test_prompts
from lora import frozen
from precision import DEVICE
from prompt_ids import END, PromptEncoder
from reward_model import AXES
from shared_prefix import Group, log_probabilities, sample
from weights import adapted, llama

MIDDLING = (0.35, 0.65)
MAX_NEW_TOKENS = 64
BATCH = 10


def distinct_2(texts):
    words = [re.findall(r"[\w'’]+", text.lower().replace("_", " ")) for text in texts]
    pairs = [pair for line in words for pair in zip(line, line[1:])]
    return len(set(pairs)) / len(pairs)


def figures(policy, base, encoder, prompts, targets, generator):
    texts, logprob, tokens = [], 0.0, 0.0
    for start in range(0, len(prompts), BATCH):
        chunk = prompts[start : start + BATCH]
        groups = [Group([encoder.prompt(p, t)], []) for p, t in zip(chunk, targets[start : start + BATCH])]
        written = sample(policy, groups, MAX_NEW_TOKENS, 1.0, 1.0, generator)
        texts += [encoder.tokenizer.decode([i for i in ids if i != END]) for ids in written]
        with torch.no_grad():
            lp, lengths = log_probabilities(base, [Group([encoder.prompt(p, False)], [ids]) for p, ids in zip(chunk, written)])
        logprob, tokens = logprob + lp.sum().item(), tokens + lengths.sum().item()
    return {"n": len(texts), "distinct_2": round(distinct_2(texts), 3), "base_logprob_a_token": round(logprob / tokens, 3), "tokens": round(tokens / len(texts), 1)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--split", default="dev")
    parser.add_argument("--models", default="models")
    parser.add_argument("--n", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    models = Path(arguments.models)
    adapter = json.loads((models / "manifest.json").read_text())["policy"]["adapters"]["main"]
    encoder = PromptEncoder(models / "policy/tokenizer.json")
    policy, base = (frozen(model.to(DEVICE)) for model in (adapted(models / "policy", models / adapter["path"]), llama(models / "policy")))
    torch.set_default_device(DEVICE)
    prompts = sorted(test_prompts(arguments.data, arguments.split, 1)[: arguments.n], key=len)  # batches of like lengths
    pick, generator = random.Random(arguments.seed), torch.Generator(DEVICE).manual_seed(arguments.seed)
    middling = [{axis: pick.uniform(*MIDDLING) for axis in AXES} for _ in prompts]
    result = {
        "null reward": figures(policy, base, encoder, prompts, [None] * len(prompts), generator),
        "middling targets": figures(policy, base, encoder, prompts, middling, generator),
        "base": figures(base, base, encoder, prompts, [False] * len(prompts), generator),
    }
    metrics = json.loads((models / "metrics.json").read_text())
    metrics["quality"] = {"command": f"python models/recipe/quality.py --split {arguments.split} --n {arguments.n}", "result": result}
    (models / "metrics.json").write_text(json.dumps(metrics, indent=2) + "\n")
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
