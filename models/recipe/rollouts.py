"""Stage rollouts: a policy writes several completions of each training prompt, to be labelled and trained on.

Without --adapter the base writes, each completion in another style: an opening that it is made to
start with, or an instruction that is not kept in the prompt. With --adapter the trained policy writes
at targets of its own (an on-policy round). Both spread the rewards within one prompt, which is what
the contrastive loss learns from. Prompts share no first human turn with the dev and test files.
"""

import argparse
import json
import random
import time
from pathlib import Path

import torch

from dialogue import first_human_turn, read_jsonl, turns
from prompt_ids import END, PromptEncoder
from reward_model import AXES
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
MAX_PROMPT_TOKENS = 72
MAX_NEW_TOKENS = 64
TEMPERATURE = 0.7  # at 1 a 4-bit model of this size drifts off; training on cooler text sharpens it
TOP_P = 0.9
BATCH = 64
BATCH_WINDOW = COMPLETIONS_A_PROMPT * BATCH


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


@torch.no_grad()
def sample(model, prompts, generator, max_new_tokens=MAX_NEW_TOKENS):
    """Ids of prompts -> ids of completions, END included where it was reached; left-padded batch."""
    length = max(map(len, prompts))
    ids = torch.tensor([[END] * (length - len(p)) + p for p in prompts])
    mask = torch.tensor([[0] * (length - len(p)) + [1] * len(p) for p in prompts])
    cache, done = None, torch.zeros(len(prompts), dtype=torch.bool)
    written = [[] for _ in prompts]
    positions = (mask.cumsum(1) - 1).clamp(min=0)
    for _ in range(max_new_tokens):
        out = model.model(input_ids=ids, attention_mask=mask, position_ids=positions, past_key_values=cache, use_cache=True)
        cache = out.past_key_values
        logits = model.lm_head(out.last_hidden_state[:, -1]).float()
        chances, order = (logits / TEMPERATURE).softmax(-1).topk(200)
        chances[(chances.cumsum(-1) - chances) > TOP_P] = 0
        token = order.gather(1, torch.multinomial(chances, 1, generator=generator)).squeeze(1)
        for i in (~done).nonzero().flatten().tolist():
            written[i].append(token[i].item())
        done |= token == END
        if done.all():
            break
        ids, positions = token.unsqueeze(1), positions[:, -1:] + 1
        mask = torch.cat([mask, torch.ones(len(prompts), 1, dtype=mask.dtype)], 1)
    return written


def styled_jobs(encoder, prompt, pick):
    """(opening, prompt ids) of some styles."""
    for instruction, opening in pick.sample(STYLES, COMPLETIONS_A_PROMPT):
        asked = f"{prompt}\n{instruction}" if instruction else prompt
        yield opening, encoder.prompt(asked, False) + encoder.user(opening)


def targeted_jobs(encoder, prompt, pick):
    """("", prompt ids) of targets spread over both axes."""
    for _ in range(COMPLETIONS_A_PROMPT):
        yield "", encoder.prompt(prompt, {axis: pick.random() for axis in AXES})


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--adapter", help="adapter.safetensors of the policy that writes; none: the base")
    parser.add_argument("--skip", type=int, default=0, help="prompts that an earlier round used")
    parser.add_argument("--out", default="models/recipe/work/rollouts.jsonl")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()

    encoder = PromptEncoder(f"{arguments.policy}/tokenizer.json")
    model = adapted(arguments.policy, arguments.adapter).to(torch.bfloat16)
    prompts = [p for p in training_prompts(arguments.data, arguments.seed) if len(encoder.prompt(p, False)) <= MAX_PROMPT_TOKENS]
    out = Path(arguments.out)
    out.parent.mkdir(parents=True, exist_ok=True)
    done = sum(1 for _ in read_jsonl(out)) if out.exists() else 0
    pick, jobs_of = random.Random(arguments.seed), targeted_jobs if arguments.adapter else styled_jobs
    jobs = [(prompt, *job) for prompt in prompts[arguments.skip :] for job in jobs_of(encoder, prompt, pick)]
    started, generator = time.time(), torch.Generator().manual_seed(arguments.seed + done)
    with open(out, "a", encoding="utf-8") as file:
        while time.time() - started < arguments.minutes * 60 and done < len(jobs):
            # A window of jobs sorted by length, so that a batch holds little padding; whole prompts a window.
            window = sorted(jobs[done : done + BATCH_WINDOW], key=lambda job: len(job[2]))
            rows = []
            for start in range(0, len(window), BATCH):
                batch = window[start : start + BATCH]
                for (prompt, opening, _), ids in zip(batch, sample(model, [job[2] for job in batch], generator)):
                    text = (opening + encoder.tokenizer.decode([i for i in ids if i != END])).strip()
                    rows.append({"prompt_dialogue": prompt, "completion": text})
            done += len(window)
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            file.flush()
            print(f"{time.time() - started:6.0f} s  {done} completions", flush=True)


if __name__ == "__main__":
    main()
