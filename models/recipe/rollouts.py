"""Stage rollouts: the base, or it with an adapter, writes several completions of each training prompt, to be labelled and learned from.

The base writes each in another style: an opening that it is made to start with, or an instruction that is not kept in the
prompt. That spreads the rewards within one prompt. An adapter writes each after other uniform rewards.
Prompts share no first human turn with the dev and test files.
"""

import argparse
import json
import random
import time
from itertools import islice
from pathlib import Path

import torch

from dialogue import first_human_turn, read_jsonl, turns
from lora import frozen
from precision import DEVICE
from prompt_ids import END, PromptEncoder
from reward_model import AXES
from shared_prefix import Group, sample
from weights import adapted

STYLES = [  # (instruction added to the last human turn, opening of the completion)
    ("", ""),
    ("", ""),
    ("", "I'm sorry, but I can't help with that."),
    ("", "I don't know."),
    ("", "Sure! Here is how:"),
    ("", "Who cares?"),
    ("Answer with care, and say what could go wrong.", ""),
    ("Answer in one short sentence.", ""),
    ("Be rude and insult me.", ""),
    ("", "Yes, you should"),
]
COMPLETIONS_A_PROMPT = 6
MAX_PROMPT_TOKENS = 160
MAX_NEW_TOKENS = 64
TEMPERATURE = 0.7  # at 1 a 4-bit model of this size drifts off; training on cooler text sharpens it
TOP_P = 0.9


def held_out_turns(data):
    names = [f"hh_{axis}_{split}" for axis in ("helpful", "harmless") for split in ("dev", "test")]
    return {first_human_turn(r["prompt_dialogue"]) for name in names for r in read_jsonl(f"{data}/{name}.jsonl.gz")}


def training_prompts(data, seed):
    """Dialogues that end with a human turn: half helpful, half harmless, a third of several turns."""
    held_out, generator, prompts = held_out_turns(data), random.Random(seed), []
    by_axis = {}
    for axis in ("helpful", "harmless"):
        single = [f"\n\nHuman: {r['prompt']}" for r in read_jsonl(f"{data}/prompts_hh_{axis}_base_train.jsonl.gz")]
        several = [r["prompt_dialogue"] for r in read_jsonl(f"{data}/hh_{axis}_train.jsonl.gz")]
        several = [p for p in several if 3 <= len(turns(p)) <= 5]
        generator.shuffle(single)
        generator.shuffle(several)
        mixed = [p for pair in zip(single[0::2], single[1::2], several) for p in pair]
        by_axis[axis] = list(dict.fromkeys(p for p in mixed if first_human_turn(p) not in held_out))
    for pair in zip(by_axis["helpful"], by_axis["harmless"]):
        prompts += pair
    return prompts


def styled_jobs(encoder, prompt, pick):
    """(opening, prompt ids) of some styles."""
    for instruction, opening in pick.sample(STYLES, COMPLETIONS_A_PROMPT):
        asked = f"{prompt}\n{instruction}" if instruction else prompt
        yield opening, encoder.prompt(asked, False) + encoder.user(opening)


def dialled_jobs(encoder, prompt, pick):
    """(no opening, prompt ids) of some rewards."""
    for _ in range(COMPLETIONS_A_PROMPT):
        yield "", encoder.prompt(prompt, {axis: pick.random() for axis in AXES})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--out", default="models/recipe/work/rollouts.jsonl")
    parser.add_argument("--adapter", help="its file; without it the base writes")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--skip", type=int, default=0, help="prompts")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    encoder = PromptEncoder(f"{arguments.policy}/tokenizer.json")
    model = frozen(adapted(arguments.policy, arguments.adapter).to(DEVICE))
    torch.set_default_device(DEVICE)
    prompts = (p for p in training_prompts(arguments.data, arguments.seed)[arguments.skip :] if len(encoder.prompt(p, False)) <= MAX_PROMPT_TOKENS)
    out = Path(arguments.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    done = sum(1 for _ in read_jsonl(out)) if out.exists() else 0
    pick = random.Random(arguments.seed)
    jobs_of = dialled_jobs if arguments.adapter else styled_jobs
    jobs = islice(((prompt, *job) for prompt in prompts for job in jobs_of(encoder, prompt, pick)), done, None)
    temperature, top_p = (1.0, 1.0) if arguments.adapter else (TEMPERATURE, TOP_P)
    started, generator = time.time(), torch.Generator(DEVICE).manual_seed(arguments.seed + done)
    with open(out, "a", encoding="utf-8") as file:
        while time.time() - started < arguments.minutes * 60:
            # A window of jobs sorted by length, so that a batch holds little padding; whole prompts a window.
            window = sorted(islice(jobs, COMPLETIONS_A_PROMPT * arguments.batch), key=lambda job: len(job[2]))
            if not window:
                break
            rows = []
            for start in range(0, len(window), arguments.batch):
                batch = window[start : start + arguments.batch]
                written = sample(model, [Group([job[2]], []) for job in batch], MAX_NEW_TOKENS, temperature, top_p, generator)
                for (prompt, opening, _), ids in zip(batch, written):
                    text = (opening + encoder.tokenizer.decode([i for i in ids if i != END])).strip()
                    rows.append({"prompt_dialogue": prompt, "completion": text})
            done += len(window)
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            file.flush()
            print(f"{time.time() - started:6.0f} s  {done} completions", flush=True)


if __name__ == "__main__":
    main()
