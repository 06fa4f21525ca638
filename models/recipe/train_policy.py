"""Stage train-policy: labelled completions -> a LoRA adapter that writes to a reward.

The contrastive reward loss. For two completions A and B of one prompt with rewards rA and rB:
    ce (CE(A | rA) + CE(B | rB)) / 2 - contrast log sigmoid(TEMPERATURE * d)
    d = lp(A | rA) - lp(A | rA') + lp(B | rB) - lp(B | rB')
lp is the summed log-probability of the completion, CE its mean a token. The wrong reward rA' takes
B's value on both axes or on one axis alone, where the two differ by more than MIN_GAP; so the policy
learns each dial apart. A first round weighs the contrast high (--contrast 3.3 --ce 0.3), or the
adapter never finds the reward; a second round, with the policy's own completions among the data,
weighs the words again. NULL_SHARE of the pairs add CE(A | null reward), which guidance needs.

The base is frozen in bfloat16; LoRA on every linear layer of the upper layers.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from torch import nn

import graph
from dialogue import read_jsonl, reward_lines
from prompt_ids import PromptEncoder
from reward_model import AXES
from weights import PATHS, PEFT, llama

PAIRS_A_STEP = 6
LEARNING_RATE = 8e-4
TEMPERATURE = 0.3
MIN_GAP = 0.45
MAX_PROMPT_TOKENS = 72
MAX_COMPLETION_TOKENS = 40
NULL_SHARE = 0.1
TYPED_SHARE = 0.03
FIRST_LAYER = 10
ALPHA = 32


class LoraLinear(nn.Module):
    """base(x) + (x A^T) B^T alpha / r; A and B are float32 parameters."""

    def __init__(self, base, rank):
        super().__init__()
        self.weight = base.weight
        self.scale = ALPHA / rank
        self.lora_A = nn.Parameter(torch.randn(rank, base.in_features) / math.sqrt(base.in_features))
        self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x):
        return F.linear(x, self.weight) + F.linear(F.linear(x, self.lora_A), self.lora_B) * self.scale


def with_lora(model, rank):
    """Freeze the linear layers in bfloat16 (norms and residuals stay float32) and put LoRA on its upper layers."""
    model.requires_grad_(False)
    for layer in model.model.layers:
        for path in PATHS.values():
            layer.get_submodule(path).to(torch.bfloat16)
    parameters = []
    for layer in model.model.layers[FIRST_LAYER:]:
        for path in PATHS.values():
            parent, name = path.split(".")
            lora = LoraLinear(layer.get_submodule(path), rank)
            setattr(layer.get_submodule(parent), name, lora)
            parameters += [lora.lora_A, lora.lora_B]
    return parameters


def adapter_tensors(model):
    tensors = {}
    for i, layer in enumerate(model.model.layers):
        for path in PATHS.values():
            module = layer.get_submodule(path)
            if isinstance(module, LoraLinear):
                for part in "AB":
                    tensors[PEFT.format(layer=i, module=path, part=part)] = getattr(module, f"lora_{part}").detach().half().contiguous()
    return tensors


def save_adapter(model, rank, path):
    save_file(adapter_tensors(model), path, metadata={"r": str(rank), "lora_alpha": str(ALPHA), "format": "pt"})


def pairs_of(groups, prompt_tokens, generator):
    """Endless (prompt, A, B, wrong rewards of A, wrong rewards of B): kinds of gap in equal shares."""
    kinds = {"helpful": [], "harmless": [], "opposed": [], "aligned": []}
    for group in groups:
        completions = group["completions"]
        if prompt_tokens(group["prompt_dialogue"]) > MAX_PROMPT_TOKENS:
            continue
        for i, a in enumerate(completions):
            for b in completions[:i]:
                gap = [a["rewards"][axis] - b["rewards"][axis] for axis in AXES]
                wide = [abs(g) >= MIN_GAP for g in gap]
                if not any(wide):
                    continue
                kind = AXES[wide.index(True)] if sum(wide) == 1 else "aligned" if gap[0] * gap[1] > 0 else "opposed"
                kinds[kind].append((group["prompt_dialogue"], a, b, wide))
    print("pairs by gap:", {kind: len(pairs) for kind, pairs in kinds.items()}, flush=True)
    queues = {kind: [] for kind in kinds}
    while True:
        for kind, pairs in kinds.items():
            if not pairs:
                continue
            if not queues[kind]:
                queues[kind] = pairs[:]
                generator.shuffle(queues[kind])
            prompt, a, b, wide = queues[kind].pop()
            swapped = generator.choice([[0, 1]] + [[i] for i in (0, 1) if wide[i]])
            wrong = lambda own, other: {axis: (other if i in swapped else own)["rewards"][axis] for i, axis in enumerate(AXES)}
            yield prompt, a, b, wrong(a, b), wrong(b, a)


def typed_reward(prompt, generator):
    """A user's message that holds reward lines of its own, which must not act."""
    lines = reward_lines({axis: generator.random() for axis in AXES})
    return f"{prompt}\n{lines}" if generator.random() < 0.5 else f"{prompt} {lines.splitlines()[1]}"


def log_probabilities(model, rows):
    """[(prompt ids, completion ids)] -> (summed log-probability of each completion [n], lengths [n])."""
    length = max(len(p) + len(c) for p, c in rows)
    ids = torch.tensor([p + c + [0] * (length - len(p) - len(c)) for p, c in rows])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = model.model(input_ids=ids, use_cache=False).last_hidden_state
    row = torch.tensor([i for i, (_, c) in enumerate(rows) for _ in c])
    position = torch.tensor([len(p) + t - 1 for p, c in rows for t in range(len(c))])
    labels = torch.tensor([token for _, c in rows for token in c])
    logits = F.linear(states[row, position].to(torch.bfloat16), model.head_weight).float()
    logprob = -F.cross_entropy(logits, labels, reduction="none")
    lengths = torch.tensor([len(c) for _, c in rows], dtype=torch.float32)
    return torch.zeros(len(rows)).index_add(0, row, logprob), lengths


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--labelled", nargs="+", default=["models/recipe/work/labelled.jsonl"])
    parser.add_argument("--start", help="checkpoint.pt of an earlier round whose adapter this one begins with")
    parser.add_argument("--ce", type=float, default=1.0, help="weight of the cross-entropy")
    parser.add_argument("--contrast", type=float, default=1.0, help="weight of the contrast")
    parser.add_argument("--learning-rate", type=float, default=LEARNING_RATE)
    parser.add_argument("--out", default="models/recipe/work/main")
    parser.add_argument("--rank", type=int, default=graph.LORA_RANK)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)

    torch.manual_seed(arguments.seed)
    generator = random.Random(arguments.seed)
    encoder = PromptEncoder(f"{arguments.policy}/tokenizer.json")
    model = llama(arguments.policy)
    model.head_weight = model.lm_head.weight.to(torch.bfloat16)
    parameters = with_lora(model, arguments.rank)
    optimiser = torch.optim.AdamW(parameters, lr=LEARNING_RATE, weight_decay=0.0, betas=(0.9, 0.98))

    done, step = 0.0, 0
    checkpoint = out / "checkpoint.pt"
    started_from = checkpoint if checkpoint.exists() else arguments.start
    if started_from:
        state = torch.load(started_from)
        for parameter, saved in zip(parameters, state["parameters"]):
            parameter.data.copy_(saved)
    if checkpoint.exists():
        optimiser.load_state_dict(state["optimiser"])
        done, step = state["seconds"], state["step"]
        generator.seed(arguments.seed + step)

    def save():
        torch.save({"parameters": [p.data for p in parameters], "optimiser": optimiser.state_dict(), "seconds": done, "step": step}, checkpoint)
        save_adapter(model, arguments.rank, out / "adapter.safetensors")

    def rows_of(pair):
        prompt, a, b, wrong_a, wrong_b = pair
        if generator.random() < TYPED_SHARE:
            prompt = typed_reward(prompt, generator)
        rows = []
        for completion, wrong in ((a, wrong_a), (b, wrong_b)):
            ids = encoder.completion(completion["text"])[:MAX_COMPLETION_TOKENS]
            for rewards in (completion["rewards"], wrong):
                rows.append((encoder.prompt(prompt, rewards), ids))
        if generator.random() < NULL_SHARE:
            rows.append((encoder.prompt(prompt, None), encoder.completion(a["text"])[:MAX_COMPLETION_TOKENS]))
        return rows

    groups = [group for path in arguments.labelled for group in read_jsonl(path)]
    source = pairs_of(groups, lambda prompt: len(encoder.prompt(prompt, False)), generator)
    budget, started, before, saved_at = arguments.minutes * 60, time.time(), done, time.time()
    log = []
    while done < budget:
        pairs = sorted((rows_of(next(source)) for _ in range(8 * PAIRS_A_STEP)), key=lambda rows: max(len(p) + len(c) for p, c in rows))
        batches = [pairs[i : i + PAIRS_A_STEP] for i in range(0, len(pairs), PAIRS_A_STEP)]
        generator.shuffle(batches)
        for batch in batches:
            rate = arguments.learning_rate * min(1.0, (step + 1) / 20) * max(0.03, 0.5 * (1 + math.cos(math.pi * min(1.0, done / budget))))
            for group in optimiser.param_groups:
                group["lr"] = rate
            logprob, lengths = log_probabilities(model, [row for rows in batch for row in rows])
            mean, at, losses, margins = logprob / lengths, 0, [], []
            for rows in batch:
                margin = logprob[at] - logprob[at + 1] + logprob[at + 2] - logprob[at + 3]
                learned = [at, at + 2, *range(at + 4, at + len(rows))]
                losses.append(-arguments.ce * mean[learned].mean() - arguments.contrast * F.logsigmoid(TEMPERATURE * margin))
                margins.append(margin.item())
                at += len(rows)
            loss = torch.stack(losses).mean()
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            step += 1
            log.append((loss.item(), np.mean([m > 0 for m in margins]), np.mean(margins), -mean.detach().mean().item()))
            done = before + time.time() - started
            if done >= budget:
                break
        recent = np.mean(log[-40:], axis=0)
        print(f"{done:6.0f} s  step {step}  loss {recent[0]:.3f}  pairs told apart {recent[1]:.3f}  margin {recent[2]:.2f}  nll a token {recent[3]:.3f}", flush=True)
        if time.time() - saved_at > 240:
            save()
            saved_at = time.time()
    save()
    (out / "report.json").write_text(json.dumps({"seconds": done, "steps": step, "pairs": step * PAIRS_A_STEP, "last": log[-1]}))


if __name__ == "__main__":
    main()
