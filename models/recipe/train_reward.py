"""Stage train-reward: preference pairs -> a two-head reward model.

Loss per axis: Bradley-Terry, -log sigmoid(chosen - rejected), on the pairs that have that axis.
Six kinds of pairs:
  helpful   human pairs of the helpful axis
  harmless  human pairs of the harmless axis
  both      a good reply against a harmful reply to some other prompt: better on both axes
  topic     a reply against a reply to some other prompt: better on the helpful axis
  extra     pairs of other sources than hh-rlhf, helpful axis
  rollouts  two of the base policy's own replies, neither of them better: for the penalties alone
`both` and `topic` keep the heads from becoming each other's negative. Two penalties on the score
differences of a batch, both squared correlations, act on every pair: between the two heads
(heads_penalty) and between each head and the difference in length (length_penalty). A third one,
centre_penalty times the squared sum of a pair's scores, keeps scores centred within each prompt
(Eisenstein et al., 2023, arXiv:2312.09244): a policy cannot change its prompt, and what a score says of the prompt
alone only blurs the dial. It changes no comparison of two replies.

At the end each head is scaled so that its probabilities on the dev pairs are calibrated; percentiles do not change.
"""

import argparse
import json
import math
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from transformers import BertConfig

from dialogue import read_jsonl
from precision import autocast
from reward_graph import read_state
from reward_model import AXES, RewardModel, collate, encode, load_tokenizer

PAIRS_A_STEP = 32
SCALES = torch.linspace(0.2, 3, 281)  # of a head's scores
TEACHES = {"helpful": ("helpful",), "harmless": ("harmless",), "both": ("helpful", "harmless"), "topic": ("helpful",), "extra": ("helpful",), "rollouts": ()}
KINDS = tuple(TEACHES)


@dataclass(frozen=True)
class Phase:
    """What is trained on for some minutes; the learning rate falls by a cosine within the phase."""

    minutes: float
    learning_rate: float
    shares: tuple  # of the pairs, in the order of KINDS
    dropout: float  # of the hidden states
    heads_penalty: float
    length_penalty: float
    centre_penalty: float


# The helpful pairs are few and learned slowest: the third phase repeats them, with dropout against learning them
# by heart (without it the loss falls further and the accuracy on the dev file does not rise). The last one takes most of
# what the scores still said of the prompt out of them, and brings more of the harmless pairs.
PHASES = (
    Phase(30, 1.5e-4, (0.28, 0.40, 0.10, 0.08, 0.14, 0.0), 0.0, 0.15, 0.15, 0.0),
    Phase(15, 6.5e-5, (0.46, 0.24, 0.04, 0.04, 0.22, 0.0), 0.0, 0.04, 0.06, 0.02),
    Phase(14, 1.2e-4, (0.70, 0.22, 0.02, 0.02, 0.04, 0.0), 0.1, 0.02, 0.02, 0.02),
    Phase(30, 8e-5, (0.36, 0.36, 0.02, 0.04, 0.06, 0.16), 0.1, 0.03, 0.06, 0.15),
)


def phase_at(minutes):
    """(number of the phase, share of it that is done) after so many minutes; the last one stretches to any budget."""
    for number, phase in enumerate(PHASES[:-1]):
        if minutes < phase.minutes:
            return number, minutes / phase.minutes
        minutes -= phase.minutes
    return len(PHASES) - 1, min(1.0, minutes / PHASES[-1].minutes)


def pearson(x, y):
    x, y = x - x.mean(), y - y.mean()
    return (x * y).sum() / (x.norm() * y.norm() + 1e-6)


def pairs_of_rollouts(path):
    """Two unlike completions of one prompt each, as chosen and rejected in no order."""
    by_prompt = {}
    for row in read_jsonl(path):
        by_prompt.setdefault(row["prompt_dialogue"], []).append(row["completion"])
    for prompt, completions in by_prompt.items():
        written = list(dict.fromkeys(filter(None, completions)))
        for chosen, rejected in zip(written[::2], written[1::2]):
            yield {"prompt_dialogue": prompt, "chosen": chosen, "rejected": rejected}


class PairSource:
    """Endless shuffled pairs of each kind; `next(kind)` gives ((prompt, chosen), (prompt, rejected)) encoded."""

    def __init__(self, data, rollouts, tokenizer, seed):
        self.tokenizer, self.random = tokenizer, random.Random(seed)
        read = lambda name: list(read_jsonl(f"{data}/{name}.jsonl.gz"))
        self.rollouts = list(pairs_of_rollouts(rollouts))
        self.helpful = read("hh_helpful_train")
        self.extra = read("ultrafeedback_1200") + read("oasst_en100") + read("pandalm_human")
        self.harmless = read("hh_harmless_train")
        self.queues = {kind: [] for kind in KINDS}

    def _fill(self, kind):
        both_axes = self.helpful + self.harmless
        return {"helpful": self.helpful, "harmless": self.harmless, "both": self.helpful, "topic": both_axes, "extra": self.extra, "rollouts": self.rollouts}[kind]

    def next(self, kind):
        if not self.queues[kind]:
            self.queues[kind] = list(self._fill(kind))
            self.random.shuffle(self.queues[kind])
        pair = self.queues[kind].pop()
        rejected = rejected_by_humans = pair["rejected"]
        if kind == "both":
            rejected = self.random.choice(self.harmless)["rejected"]
        if kind == "topic":
            rejected = self.random.choice(self.helpful + self.harmless)["chosen"]
        chosen = self.random.choice([pair["chosen"], rejected_by_humans]) if kind == "topic" else pair["chosen"]
        prompt = pair["prompt_dialogue"]
        return kind, encode(self.tokenizer, prompt, chosen), encode(self.tokenizer, prompt, rejected)

    def bucket(self, steps, shares):
        """`steps` batches of PAIRS_A_STEP pairs, each of like lengths, in random order."""
        kinds = self.random.choices(KINDS, shares, k=steps * PAIRS_A_STEP)
        pairs = [self.next(kind) for kind in kinds]
        pairs.sort(key=lambda p: max(len(p[1][0]) + len(p[1][1]), len(p[2][0]) + len(p[2][1])))
        batches = [pairs[i : i + PAIRS_A_STEP] for i in range(0, len(pairs), PAIRS_A_STEP)]
        self.random.shuffle(batches)
        return batches


def set_dropout(model, share):
    """Dropout of the hidden states; the attention keeps none, which is slow on a CPU."""
    for name, module in model.named_modules():
        if name.endswith(("output.dropout", "embeddings.dropout")):
            module.p = share


def loss_of(model, batch, phase):
    inputs = collate([p[1] for p in batch] + [p[2] for p in batch])
    with autocast():
        scores = model(*inputs)
    difference = scores[: len(batch)] - scores[len(batch) :]
    kinds = [p[0] for p in batch]
    length = torch.tensor([math.log(len(p[1][1]) + 1) - math.log(len(p[2][1]) + 1) for p in batch])
    loss = difference.new_zeros(())
    for axis, name in enumerate(AXES):
        rows = [i for i, kind in enumerate(kinds) if name in TEACHES[kind]]
        if rows:
            loss = loss - F.logsigmoid(difference[rows, axis]).sum() / len(batch)
    loss = loss + phase.heads_penalty * pearson(difference[:, 0], difference[:, 1]) ** 2
    loss = loss + phase.centre_penalty * ((scores[: len(batch)] + scores[len(batch) :]) ** 2).mean()
    for axis in range(len(AXES)):
        loss = loss + phase.length_penalty / 2 * pearson(difference[:, axis], length) ** 2
    return loss


@torch.no_grad()
def score_all(model, encoded, batch=64):
    """Scores [n, 2] of (prompt ids, completion ids), batched by length, in the order given."""
    model.eval()
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i][0]) + len(encoded[i][1]))
    scores = torch.zeros(len(encoded), len(AXES))
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        with autocast():
            scores[rows] = model(*collate([encoded[i] for i in rows])).float()
    return scores


def scored_pairs(model, tokenizer, data, split):
    """{axis: (scores [2 n, 2] of the chosen replies of its file, then of the rejected ones; their encoded texts)}."""
    found = {}
    for name in AXES:
        pairs = list(read_jsonl(f"{data}/hh_{name}_{split}.jsonl.gz"))
        encoded = [encode(tokenizer, p["prompt_dialogue"], p[side]) for side in ("chosen", "rejected") for p in pairs]
        found[name] = score_all(model, encoded), encoded
    return found


def calibrate(model, scored):
    """Scales each head so that its pairwise probabilities fit its scored pairs: the least log loss of SCALES."""
    for axis, name in enumerate(AXES):
        scores, _ = scored[name]
        difference = (scores[: len(scores) // 2] - scores[len(scores) // 2 :])[:, axis]
        losses = F.softplus(-SCALES[:, None] * difference).mean(1)
        scale = SCALES[losses.argmin()]
        with torch.no_grad():
            model.heads.weight[axis] *= scale
            model.heads.bias[axis] *= scale


def evaluate(scored):
    """Figures of scored pairs; none of them depends on the scale of a head."""
    report, every, lengths = {}, [], []
    for axis, name in enumerate(AXES):
        scores, encoded = scored[name]
        n = len(scores) // 2
        difference = scores[:n] - scores[n:]
        length = torch.tensor([float(len(c)) for _, c in encoded])
        report[name] = {
            "n": n,
            "accuracy": (difference[:, axis] > 0).float().mean().item(),
            "cross_axis_accuracy": (difference[:, 1 - axis] > 0).float().mean().item(),
            "heads_within_prompt_r": pearson(difference[:, 0], difference[:, 1]).item(),
            "within_prompt_variance_share": ((difference**2).mean(0) / 2 / scores.var(0))[axis].item(),
            "length_within_prompt_r": [pearson(difference[:, a], length[:n] - length[n:]).item() for a in (0, 1)],
        }
        every.append(scores)
        lengths.append(length)
    scores, length = torch.cat(every), torch.cat(lengths)
    report["heads_r"] = pearson(scores[:, 0], scores[:, 1]).item()
    report["length_r"] = [pearson(scores[:, a], length).item() for a in (0, 1)]
    return report


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--trunk", required=True, help="folder of the MiniLM weights and tokenizer")
    parser.add_argument("--rollouts", default="models/recipe/work/rollouts.jsonl", help="the base's own completions")
    parser.add_argument("--start", help="a shipped reward.onnx: the last phase goes on from it, without the earlier ones")
    parser.add_argument("--out", default="models/recipe/work/reward")
    parser.add_argument("--minutes", type=float, default=sum(phase.minutes for phase in PHASES))
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)

    torch.manual_seed(arguments.seed)
    tokenizer = load_tokenizer(arguments.trunk)
    # Without dropout in it, plain attention in bfloat16 is the fastest on a CPU.
    config = BertConfig.from_json_file(f"{arguments.trunk}/config.json")
    config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
    config._attn_implementation = "eager"
    model = RewardModel(config)
    trunk = {k: v for k, v in load_file(f"{arguments.trunk}/model.safetensors").items() if "pooler" not in k and "position_ids" not in k}
    model.trunk.load_state_dict(trunk)
    model.trunk.embeddings.requires_grad_(False)
    source = PairSource(arguments.data, arguments.rollouts, tokenizer, arguments.seed)
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=PHASES[0].learning_rate, weight_decay=0.01)

    done, step, pairs, begun, phase_step = 0.0, 0, 0, 0, 0
    if arguments.start:
        model.load_state_dict(read_state(arguments.start, config))
        begun = len(PHASES) - 1
        done = sum(phase.minutes for phase in PHASES[:begun]) * 60
        set_dropout(model, PHASES[begun].dropout)
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        model.load_state_dict(state["model"])
        optimiser.load_state_dict(state["optimiser"])
        done, step, pairs, phase_step = state["seconds"], state["step"], state["pairs"], state["phase_step"]
        begun = phase_at(done / 60)[0]
        set_dropout(model, PHASES[begun].dropout)
        source.random.seed(arguments.seed + step)
    budget, started, before, saved, recent = arguments.minutes * 60, time.time(), done, time.time(), []

    def save():
        torch.save({"model": model.state_dict(), "optimiser": optimiser.state_dict(), "seconds": done, "step": step, "pairs": pairs, "phase_step": phase_step}, checkpoint)

    while done < budget:
        number, _ = phase_at(done / 60)
        phase = PHASES[number]
        if number != begun:
            begun, phase_step = number, 0
            optimiser.state.clear()
            set_dropout(model, phase.dropout)
        for batch in source.bucket(16, phase.shares):
            progress = phase_at(done / 60)[1]
            rate = phase.learning_rate * min(1.0, (phase_step + 1) / 40) * (0.5 * (1 + math.cos(math.pi * progress)) * 0.97 + 0.03)
            for group in optimiser.param_groups:
                group["lr"] = rate
            model.train()
            loss = loss_of(model, batch, phase)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            step, phase_step, pairs = step + 1, phase_step + 1, pairs + len(batch)
            recent.append(loss.item())
            done = before + time.time() - started
            if done >= budget or phase_at(done / 60)[0] > number:
                break
        print(f"{done:6.0f} s  step {step}  pairs {pairs}  loss {sum(recent[-32:]) / len(recent[-32:]):.4f}", flush=True)
        if time.time() - saved > 240:
            save()
            saved = time.time()
    save()
    scored = scored_pairs(model, tokenizer, arguments.data, "dev")
    calibrate(model, scored)
    torch.save({"model": model.state_dict()}, out / "reward.pt")
    report = {"seconds": done, "steps": step, "pairs": pairs, "dev": evaluate(scored)}
    (out / "report.json").write_text(json.dumps(report, indent=2))
    print(json.dumps(report["dev"], indent=2))


if __name__ == "__main__":
    main()
