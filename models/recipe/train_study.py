"""Stage train-study: the small adapters that the studies compare, each from the untouched base.

A run takes its examples in one order at a level learning rate and writes an adapter at each of its marks: the adapter
of fewer examples is the same training, stopped earlier. An example is a completion that train-online wrote and the
reward model labelled; two of one prompt make a pair, no completion is in two pairs. Adapters that are there already are
not trained again.
"""

import argparse
import math
import random
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from contrast import MAX_COMPLETION_TOKENS, MAX_PROMPT_TOKENS, Pair, PairRows, batches_of, gap, step_loss
from dialogue import read_jsonl
from lora import save_adapter
from precision import DEVICE
from prompt_ids import PromptEncoder
from reward_model import AXES
from shared_prefix import Group, log_probabilities
from training import Training
from weights import llama

RANK = 4
LEARNING_RATE = 1e-3
CE, CONTRAST = 0.3, 3.3  # weights, as in train-policy
WARM_UP_STEPS = 10
PAIRS_A_STEP, PAIRS_A_STEP_LATER = 4, 16  # up to so many examples, and beyond
LATER = 2000
GAP = 0.4  # between the rewards of a pair, on an axis that it teaches
BLOCK = 64  # pairs, or completions, among which those of like lengths make a batch
STEPS_A_LINE = 25


@dataclass(frozen=True)
class Run:
    """One training.

    marks: {examples seen: name of the adapter written then}.
    loss: "contrast", or "plain": the cross-entropy of each completion after its own reward, the published recipe.
    form: of the reward block, see dialogue.py. axes: those that the prompt gives; none for no block.
    source: completions of "rollouts", the "best" of each prompt, or those "chosen" in hh-rlhf.
    examples: how many there are, to be seen again and again; None for as many as the last mark.
    """

    marks: dict
    loss: str = "contrast"
    form: str = "bottom"
    axes: tuple = AXES
    source: str = "rollouts"
    examples: int | None = None

    @property
    def seen(self):
        return max(self.marks)


SIZES = (500, 1000, 2000, 5000, 10_000, 20_000)
EXAMPLES = 2000
EPOCHS = (2, 4)  # one is the adapter of that many examples
RUNS = [
    Run({n: f"size-{n}" for n in SIZES}),
    Run({EXAMPLES: "helpful-only"}, axes=("helpful",)),
    Run({EXAMPLES: "cloning"}, loss="plain", axes=(), source="chosen"),
    Run({EXAMPLES: "format-top"}, form="top"),
    Run({EXAMPLES: "format-times100"}, form="times100"),
    Run({EXAMPLES: "format-duplicate"}, form="duplicate"),
    Run({EXAMPLES: "format-none"}, loss="plain", axes=()),
    Run({n: f"plain-{n}" for n in SIZES}, loss="plain"),
    Run({EXAMPLES * n: f"epochs-{n}" for n in EPOCHS}, examples=EXAMPLES),
    Run({500: "joint"}, form="joint"),
    Run({EXAMPLES: "best-of-data"}, loss="plain", axes=(), source="best"),
    Run({EXAMPLES: "harmless-only"}, axes=("harmless",)),
]


def labelled_rollouts(path):
    """Groups of a prompt's unlike completions."""
    groups = {}
    for row in read_jsonl(path):
        if row["text"]:
            groups.setdefault(row["prompt"], {})[row["text"]] = row["rewards"]
    return [{"prompt_dialogue": prompt, "completions": [{"text": t, "rewards": r} for t, r in texts.items()]} for prompt, texts in groups.items()]


def wide_axes(run, a, b):
    """The axes on which a pair can teach this run's dials."""
    if run.form == "joint":
        return AXES if abs(sum(a["rewards"].values()) - sum(b["rewards"].values())) / len(AXES) >= GAP else ()
    return [axis for axis in run.axes or AXES if gap(a, b, axis) >= GAP]


def pair_for(run, prompt, a, b):
    pair = Pair.along(wide_axes(run, a, b), prompt, a, b)
    given = lambda target: {axis: target[axis] for axis in run.axes}
    return Pair(prompt, a, b, given(pair.target_a), given(pair.target_b))


def disjoint_pairs(groups, run):
    """Pairs of a prompt's completions, the widest gaps first, no completion twice."""
    for group in groups:
        left = group["completions"]
        while len(left) > 1:
            choices = [(a, b) for i, a in enumerate(left) for b in left[:i] if wide_axes(run, a, b)]
            if not choices:
                break
            a, b = max(choices, key=lambda pair: sum(gap(*pair, axis) for axis in wide_axes(run, *pair)))
            left = [c for c in left if c is not a and c is not b]
            yield pair_for(run, group["prompt_dialogue"], a, b)


def contrast_rows(groups, run, encoder, generator):
    return [PairRows.of(pair, encoder, generator, run.form) for pair in shuffled(disjoint_pairs(groups, run), generator)]


def plain_rows(groups, run, encoder, generator):
    """A completion a PairRows, after its own reward, or after none."""
    if run.source == "rollouts":
        found = shuffled(disjoint_pairs(groups, run), generator)
        items = [(pair.prompt, completion) for pair in found for completion in (pair.a, pair.b)]
    else:
        best = lambda group: max(group["completions"], key=lambda c: math.prod(c["rewards"].values()))
        items = shuffled(((group["prompt_dialogue"], best(group)) for group in groups), generator)
    asked = lambda completion: {axis: completion["rewards"][axis] for axis in run.axes} or False
    one = lambda prompt, completion: Group([encoder.prompt(prompt, asked(completion), run.form)], [encoder.completion(completion["text"])[:MAX_COMPLETION_TOKENS]])
    return [PairRows(one(*item), [0]) for item in items]


def shuffled(items, generator):
    items = list(items)
    generator.shuffle(items)
    return items


def chosen_replies(data, generator):
    """The chosen reply of each pair of hh-rlhf's training files, half an axis, as groups of one completion without rewards."""
    for axis in AXES:
        rows = shuffled(read_jsonl(f"{data}/hh_{axis}_train.jsonl.gz"), generator)[: 2 * EXAMPLES]
        yield from ({"prompt_dialogue": row["prompt_dialogue"], "completions": [{"text": row["chosen"], "rewards": {}}]} for row in rows)


def plain_loss(model, batch):
    """(mean negative log-probability a token, (the same,))."""
    logprob, lengths = log_probabilities(model, [rows.group for rows in batch])
    loss = -logprob.sum() / lengths.sum()
    return loss, (loss.item(),)


def train(run, groups, encoder, arguments):
    generator = random.Random(arguments.seed)
    model = llama(arguments.policy)
    torch.set_default_device(DEVICE)
    torch.manual_seed(arguments.seed)  # after the base, whose building draws from this device's generator in all runs but the first
    training = Training(model, RANK, arguments.out, arguments.learning_rate, math.inf, WARM_UP_STEPS)
    groups = chosen_replies(arguments.data, generator) if run.source == "chosen" else groups
    groups = [group for group in groups if len(encoder.prompt(group["prompt_dialogue"], False)) <= MAX_PROMPT_TOKENS]
    contrast = run.loss == "contrast"
    each = 2 if contrast else 1  # examples in a PairRows
    rows = (contrast_rows if contrast else plain_rows)(groups, run, encoder, generator)
    wanted = run.examples or run.seen
    if len(rows) * each < wanted:
        raise SystemExit(f"{list(run.marks.values())}: only {len(rows) * each} examples of {wanted}: train-online has to write more")
    rows, seen, log = rows[: wanted // each], 0, []
    while seen < run.seen:
        blocks = [rows[i : i + BLOCK] for i in range(0, len(rows), BLOCK)]
        pairs = lambda block: PAIRS_A_STEP if seen + len(block) * each <= LATER else PAIRS_A_STEP_LATER
        for batch in (batch for block in blocks for batch in batches_of(block, 2 * pairs(block) // each, generator)):
            loss, figures = step_loss(model, batch, CE, CONTRAST) if contrast else plain_loss(model, batch)
            training.update([loss])
            log.append(figures)
            before, seen = seen, seen + len(batch) * each
            if training.step % STEPS_A_LINE == 0:
                print(f"{training.seconds:6.0f} s  examples {seen}  " + "  ".join(f"{f:.3f}" for f in np.mean(log[-2 * STEPS_A_LINE :], axis=0)), flush=True)
            for mark, name in run.marks.items():
                if before < mark <= seen:
                    save_adapter(model, RANK, training.out / f"{name}.safetensors")
            if seen >= run.seen:
                break


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--rollouts", default="models/recipe/work/online/rollouts.jsonl", help="made by train-online")
    parser.add_argument("--out", default="models/recipe/work/study")
    parser.add_argument("--only", nargs="*", metavar="ADAPTER", help="runs that write these; two processes of one thread train faster than one of two")
    parser.add_argument("--learning-rate", type=float, default=LEARNING_RATE)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    encoder = PromptEncoder(f"{arguments.policy}/tokenizer.json")
    groups = labelled_rollouts(arguments.rollouts)
    for run in RUNS:
        if arguments.only and not set(arguments.only) & set(run.marks.values()):
            continue
        if all((Path(arguments.out) / f"{name}.safetensors").exists() for name in run.marks.values()):
            continue
        print(run, flush=True)
        train(run, groups, encoder, arguments)


if __name__ == "__main__":
    main()
