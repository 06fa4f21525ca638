"""Training of a two-head reward model on pairs of replies, and its figures.

Loss: the cross-entropy of the pairwise probability, sigmoid(score of the chosen - score of the rejected) (Bradley-Terry),
an axis each. Three penalties on a batch: the squared correlation of the differences of the two heads (heads), of each
head's and the difference in length (length), and the squared sum of a pair's scores (centre), which keeps scores centred
within each prompt (Eisenstein et al., 2023, arXiv:2312.09244): a policy cannot change its prompt, and what a score says of
the prompt alone only blurs the dial. It changes no comparison of two replies.
"""

import time
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch.utils.data import DataLoader

from dialogue import read_jsonl
from precision import DEVICE, autocast
from reward_model import AXES
from schedule import rate_share

SCALES = torch.linspace(0.2, 3, 281)  # of a head's scores
WARM_UP_STEPS = 50
STEPS_A_LINE = 200


@dataclass(frozen=True)
class Penalties:
    heads: float
    length: float
    centre: float


def pearson(x, y):
    x, y = x - x.mean(), y - y.mean()
    return (x * y).sum() / (x.norm() * y.norm() + 1e-6)


def loss_of(model, batch, penalties):
    with autocast():
        scores = model(*batch.inputs)
    chosen, rejected = scores.chunk(2)
    difference = chosen - rejected
    loss = F.binary_cross_entropy_with_logits(difference, batch.target, batch.weight, reduction="sum") / len(chosen)
    loss = loss + penalties.heads * pearson(difference[:, 0], difference[:, 1]) ** 2
    loss = loss + penalties.centre * ((chosen + rejected) ** 2).mean()
    for axis in range(len(AXES)):
        loss = loss + penalties.length / len(AXES) * pearson(difference[:, axis], batch.lengths) ** 2
    return loss


def train(model, batches, learning_rate, minutes, penalties, workers):
    """Adam on endless `batches` for so many minutes: linear warm-up, then a cosine. Returns the steps taken.

    workers: processes that encode the texts; 0 for this one.
    """
    model.train()
    optimiser = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=learning_rate, weight_decay=0.01)
    loader = DataLoader(batches, batch_size=None, num_workers=workers, pin_memory=DEVICE.type == "cuda", prefetch_factor=8 if workers else None)
    started, recent, done = time.time(), [], 0.0
    for step, batch in enumerate(loader):
        for group in optimiser.param_groups:
            group["lr"] = learning_rate * rate_share(step, WARM_UP_STEPS, done)
        loss = loss_of(model, batch.to(DEVICE), penalties)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        recent.append(loss.detach())
        if (step + 1) % STEPS_A_LINE == 0:
            print(f"{time.time() - started:6.0f} s  step {step + 1}  loss {torch.stack(recent).mean():.4f}", flush=True)
            recent = []
        done = (time.time() - started) / (minutes * 60)
        if done >= 1:
            return step + 1


def score_all(model, reader, items, batch=64):
    """Scores [n, 2] of (prompt dialogue, reply), in the order given."""
    return score_encoded(model, reader, [reader.encode(*item) for item in items], batch)


@torch.no_grad()
def score_encoded(model, reader, encoded, batch=64):
    """Scores [n, 2] of (prompt ids, completion ids), batched by length, in the order given."""
    model.eval()
    order = sorted(range(len(encoded)), key=lambda i: len(encoded[i][0]) + len(encoded[i][1]))
    scores = torch.zeros(len(encoded), len(AXES), device="cpu")
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        with autocast():
            scores[torch.tensor(rows, device="cpu")] = model(*(t.to(DEVICE) for t in reader.collate([encoded[i] for i in rows]))).float().cpu()
    return scores


def scored_pairs(model, reader, pairs):
    """(scores [2 n, 2] of the chosen replies of these pairs, then of the rejected ones; their lengths in tokens [2 n])."""
    items = [(pair["prompt_dialogue"], pair[side]) for side in ("chosen", "rejected") for pair in pairs]
    return score_all(model, reader, items), torch.tensor([float(len(reader.encode(*item)[1])) for item in items])


def scored_file(model, reader, data, split):
    """{axis: scored pairs of its hh-rlhf file}."""
    return {axis: scored_pairs(model, reader, list(read_jsonl(f"{data}/hh_{axis}_{split}.jsonl.gz"))) for axis in AXES}


def likeliest_scale(margins, scales):
    """(the one of `scales` that makes sigmoid(scale * margin) likeliest, its mean negative log-likelihood), of margins [n]."""
    losses = F.softplus(-scales[:, None] * margins).mean(1)
    return scales[losses.argmin()].item(), losses.min().item()


def calibrate(model, scored):
    """Scales each head so that its pairwise probabilities fit its scored pairs: the least log loss of SCALES."""
    for axis, name in enumerate(AXES):
        scores, _ = scored[name]
        difference = (scores[: len(scores) // 2] - scores[len(scores) // 2 :])[:, axis]
        scale, _ = likeliest_scale(difference, SCALES)
        with torch.no_grad():
            model.heads.weight[axis] *= scale
            model.heads.bias[axis] *= scale


def evaluate(scored):
    """Figures of scored pairs; none of them depends on the scale of a head."""
    report, every, every_length = {}, [], []
    for axis, name in enumerate(AXES):
        scores, length = scored[name]
        n = len(scores) // 2
        difference = scores[:n] - scores[n:]
        report[name] = {
            "n": n,
            "accuracy": (difference[:, axis] > 0).float().mean().item(),
            "cross_axis_accuracy": (difference[:, 1 - axis] > 0).float().mean().item(),
            "heads_within_prompt_r": pearson(difference[:, 0], difference[:, 1]).item(),
            "within_prompt_variance_share": ((difference**2).mean(0) / 2 / scores.var(0))[axis].item(),
            "length_within_prompt_r": [pearson(difference[:, a], length[:n] - length[n:]).item() for a in (0, 1)],
        }
        every.append(scores)
        every_length.append(length)
    scores, length = torch.cat(every), torch.cat(every_length)
    report["heads_r"] = pearson(scores[:, 0], scores[:, 1]).item()
    report["length_r"] = [pearson(scores[:, a], length).item() for a in (0, 1)]
    return report
