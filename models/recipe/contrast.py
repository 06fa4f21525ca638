"""The contrastive reward loss on pairs of completions of one prompt.

Completions A and B, and a target for each:
    loss = - contrast log sigmoid(TEMPERATURE d) + ce CE
    d = lp(A | tA) - lp(A | tB) + lp(B | tB) - lp(B | tA)
lp is the summed log-probability of the completion. Regrouped, d holds for either target how much the policy
prefers the completion that earns it (Rafailov et al., 2023, arXiv:2305.18290); the reference policy cancels.
Targets differ on one axis alone, or on both where both rewards do: so each dial is learned apart, else the
easier one (harmless) drowns the other. CE is the cross-entropy a token of A and B after targets that are
nearly their own rewards, and of A after the null reward for NULL_SHARE of the pairs, which guidance needs.
"""

from dataclasses import dataclass

import torch
import torch.nn.functional as F

from dialogue import reward_lines
from reward_model import AXES
from shared_prefix import Group, log_probabilities

PAIRS_A_STEP = 6
TEMPERATURE = 0.3
MIN_GAP = 0.3
OWN = 0.15
MAX_PROMPT_TOKENS = 160
MAX_COMPLETION_TOKENS = 64
NULL_SHARE = 0.1
TYPED_SHARE = 0.03


def gap(a, b, axis):
    return abs(a["rewards"][axis] - b["rewards"][axis])


@dataclass(frozen=True)
class Pair:
    """Two completions {text, rewards} of a prompt and the targets that they earn."""

    prompt: str
    a: dict
    b: dict
    target_a: dict
    target_b: dict

    @classmethod
    def along(cls, axes, prompt, a, b):
        """Targets that differ on these axes; on another one both have the mean of the two."""
        target = lambda own: {axis: own["rewards"][axis] if axis in axes else (a["rewards"][axis] + b["rewards"][axis]) / 2 for axis in AXES}
        return cls(prompt, a, b, target(a), target(b))


def labelled_pairs(groups, prompt_tokens, generator):
    """Endless pairs of the labelled prompts: kinds of gap in equal shares."""
    kinds = {"helpful": [], "harmless": [], "helpful and harmless": []}
    for group in groups:
        completions = group["completions"]
        if prompt_tokens(group["prompt_dialogue"]) > MAX_PROMPT_TOKENS:
            continue
        for i, a in enumerate(completions):
            for b in completions[:i]:
                wide = [axis for axis in AXES if gap(a, b, axis) >= MIN_GAP]
                if wide:
                    pair = Pair.along(wide, group["prompt_dialogue"], a, b)
                    kinds[" and ".join(wide)].append(pair)
    print("pairs by gap:", {kind: len(pairs) for kind, pairs in kinds.items()}, flush=True)
    queues = {kind: [] for kind in kinds}
    while True:
        for kind, pairs in kinds.items():
            if not pairs:
                continue
            if not queues[kind]:
                queues[kind] = pairs[:]
                generator.shuffle(queues[kind])
            yield queues[kind].pop()


def typed_reward(prompt, generator):
    """A user's message that holds reward lines of its own, which must not act."""
    lines = reward_lines({axis: generator.random() for axis in AXES})
    return f"{prompt}\n{lines}" if generator.random() < 0.5 else f"{prompt} {lines.splitlines()[1]}"


@dataclass(frozen=True)
class PairRows:
    """The token ids of a pair: A after tA and tB, B after tB and tA, and at times A after the null reward; `learned` are the rows that CE takes."""

    group: Group
    learned: list

    @classmethod
    def of(cls, pair, encoder, generator, form="bottom"):
        prompt = typed_reward(pair.prompt, generator) if generator.random() < TYPED_SHARE else pair.prompt
        rows = [(pair.a, pair.target_a), (pair.a, pair.target_b), (pair.b, pair.target_b), (pair.b, pair.target_a)]
        learned = [i for i in (0, 2) if all(abs(rows[i][0]["rewards"][axis] - value) <= OWN for axis, value in rows[i][1].items())]
        if generator.random() < NULL_SHARE:
            learned.append(len(rows))
            rows.append((pair.a, None))
        ids = [encoder.completion(completion["text"])[:MAX_COMPLETION_TOKENS] for completion, _ in rows]
        return cls(Group([encoder.prompt(prompt, target, form) for _, target in rows], ids), learned)


def batches_of(items, size, generator):
    """Items that have a `group`, in random batches of `size` with little padding: a completion counts once a row, a prompt once."""
    cost = lambda group: len(group.prompts) * max(map(len, group.completions)) + len(group.prompts[0])
    items = sorted(items, key=lambda item: cost(item.group))
    batches = [items[i : i + size] for i in range(0, len(items), size)]
    generator.shuffle(batches)
    return batches


def step_loss(model, batch, ce, contrast):
    """(loss of a batch of pairs, (share of pairs told apart, mean margin, mean negative log-probability a token))."""
    logprob, lengths = log_probabilities(model, [rows.group for rows in batch])
    at, margins, learned = 0, [], []
    for rows in batch:
        margins.append(logprob[at] - logprob[at + 1] + logprob[at + 2] - logprob[at + 3])
        learned += [at + row for row in rows.learned]
        at += len(rows.group.prompts)
    margins = torch.stack(margins)
    loss = -contrast * F.logsigmoid(TEMPERATURE * margins).mean()
    if learned:
        loss = loss - ce * logprob[learned].sum() / lengths[learned].sum()
    told = (margins > 0).float().mean().item()
    return loss, (told, margins.detach().mean().item(), (-logprob.detach().sum() / lengths.sum()).item())
