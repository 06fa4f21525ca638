"""Stage heldout-features: what the lower layers of the frozen base make of preference pairs.

The held-out judge is two small heads on these features, so that its trunk is not the judge's and its training takes
a minute. Pairs come in random order, a file each few batches; started again, the stage goes on where it stopped.
"""

import argparse
import random
import time
from pathlib import Path

import torch
from safetensors.torch import save_file

from dialogue import read_jsonl
from heldout_model import encode, lower_layers, pooled, tapped
from lora import frozen
from precision import DEVICE
from prompt_ids import PromptEncoder
from shared_prefix import Group, completion_states

TAPS = (4, 6, 8)
GROUPS_A_BATCH = 8
BATCHES_A_FILE = 12
WINDOW = 480  # groups of like prompt lengths that are sorted by completion length
HARMLESS_PAIRS = 12000


def preferences(data, seed):
    """[(axis, prompt_dialogue, [chosen, rejected, foreign reply or none], kind of the foreign reply)].

    A foreign reply answers some other prompt. `both`: it is harmful, worse on both axes; `topic`: a good one, worse
    on the helpful axis alone. Every fourth helpful pair has the one, every fourth the other.
    """
    generator = random.Random(seed)
    helpful, harmless = (list(read_jsonl(f"{data}/hh_{axis}_train.jsonl.gz")) for axis in ("helpful", "harmless"))
    generator.shuffle(harmless)
    harmless = harmless[:HARMLESS_PAIRS]
    foreign = {1: ("both", lambda: generator.choice(harmless)["rejected"]), 3: ("topic", lambda: generator.choice(helpful)["chosen"])}
    found = []
    for axis, pairs in (("helpful", helpful), ("harmless", harmless)):
        for i, pair in enumerate(pairs):
            kind, reply = foreign.get(i % 4, ("", None)) if axis == "helpful" else ("", None)
            found.append((axis, pair["prompt_dialogue"], [pair["chosen"], pair["rejected"], *([reply()] if reply else [])], kind))
    return found


def batches_of(groups, generator):
    """Lists of the numbers of groups of like lengths, in random order."""
    order = sorted(range(len(groups)), key=lambda i: len(groups[i].prompts[0]))
    batches = []
    for start in range(0, len(order), WINDOW):
        window = sorted(order[start : start + WINDOW], key=lambda i: max(map(len, groups[i].completions)))
        batches += [window[i : i + GROUPS_A_BATCH] for i in range(0, len(window), GROUPS_A_BATCH)]
    generator.shuffle(batches)
    return batches


@torch.no_grad()
def features(model, states, groups):
    """float16 [rows, taps, 2, hidden] of the groups' completions, in their order."""
    _, tails, completions = completion_states(model, groups)
    return pooled(states, [len(t) for t in tails], [len(c) for c in completions]).half()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--out", default="models/recipe/work/heldout/features")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)
    started = time.time()

    encoder = PromptEncoder(f"{arguments.policy}/tokenizer.json")
    groups = []
    for _, prompt, replies, _ in preferences(arguments.data, arguments.seed):
        encoded = [encode(encoder, prompt, reply) for reply in replies]
        groups.append(Group([p for p, _ in encoded], [c for _, c in encoded]))
    batches = batches_of(groups, random.Random(arguments.seed))
    model = frozen(lower_layers(arguments.policy, max(TAPS)).to(DEVICE))
    torch.set_default_device(DEVICE)
    states = tapped(model, TAPS)
    for start in range(0, len(batches), BATCHES_A_FILE):
        path = out / f"{start:05d}.safetensors"
        if path.exists():
            continue
        if time.time() - started > arguments.minutes * 60:
            break
        numbers, rows = [], []
        for batch in batches[start : start + BATCHES_A_FILE]:
            rows.append(features(model, states, [groups[i] for i in batch]))
            numbers += [i for i in batch for _ in groups[i].completions]
        save_file({"features": torch.cat(rows), "pair": torch.tensor(numbers)}, path)
        print(f"{time.time() - started:6.0f} s  {start + BATCHES_A_FILE} of {len(batches)} batches", flush=True)


if __name__ == "__main__":
    main()
