"""Pairs of replies that a reward model learns from, of six kinds:
  helpful   human pairs of the helpful axis
  harmless  human pairs of the harmless axis
  both      a good reply against a harmful reply to some other prompt: better on both axes
  topic     a reply against a reply to some other prompt: better on the helpful axis
  extra     pairs of other sources than hh-rlhf, helpful axis
  rollouts  two of a policy's own replies, which no human compared

`both` and `topic` keep the heads from becoming each other's negative. Where teachers scored the replies of a pair, it
teaches both axes, by their probability; see `Teachers`.
"""

import math
import random
from dataclasses import dataclass

import numpy as np
import torch
from torch.utils.data import IterableDataset, get_worker_info

from dialogue import fold_of, read_jsonl
from reward_model import AXES

TEACHES = {"helpful": ("helpful",), "harmless": ("harmless",), "both": ("helpful", "harmless"), "topic": ("helpful",), "extra": ("helpful",), "rollouts": ()}
KINDS = tuple(TEACHES)
EXTRA = ("ultrafeedback_1200", "oasst_en100", "pandalm_human")
HUMAN_SHARE = 0.4  # of the target of a pair that people compared and teachers scored
BUCKET = 16  # batches among which pairs of like lengths are put together


def pairs_of_rollouts(rows):
    """Two unlike completions of one prompt each, as chosen and rejected in no order."""
    by_prompt = {}
    for row in rows:
        by_prompt.setdefault(row["prompt_dialogue"], []).append(row["completion"])
    for prompt, completions in by_prompt.items():
        written = list(dict.fromkeys(filter(None, completions)))
        for chosen, rejected in zip(written[::2], written[1::2]):
            yield {"prompt_dialogue": prompt, "chosen": chosen, "rejected": rejected}


def read_pairs(data, rollouts):
    """{kind: its pairs} of the kinds that are read from files."""
    read = lambda *names: [pair for name in names for pair in read_jsonl(f"{data}/{name}.jsonl.gz")]
    return {
        "helpful": read("hh_helpful_train"), "harmless": read("hh_harmless_train"), "extra": read(*EXTRA),
        "rollouts": list(pairs_of_rollouts(row for path in rollouts for row in read_jsonl(path))),
    }


class Teachers:
    """What teachers give as the probability that one reply is better than another, from their scores [teachers, 2] of each.

    A pair that people compared is judged by the one teacher that did not train on it, any other pair by all.
    """

    def __init__(self, path):
        stored = torch.load(path, weights_only=False)
        self.scores, self.number = stored["scores"].numpy(), {item: i for i, item in enumerate(stored["items"])}

    def probability(self, kind, prompt, chosen, rejected):
        """[2], in the order of AXES."""
        a, b = (self.scores[self.number[prompt, reply]] for reply in (chosen, rejected))
        difference = (a - b).mean(0) if kind == "rollouts" else (a - b)[fold_of(prompt, len(a))]
        return 1 / (1 + np.exp(-difference))


@dataclass(frozen=True)
class Batch:
    """inputs: of the model, the chosen replies [n], then the rejected ones. target, weight: float [n, 2]; lengths: the
    difference of the logarithms of the lengths, float [n]."""

    inputs: tuple
    target: torch.Tensor
    weight: torch.Tensor
    lengths: torch.Tensor

    def to(self, device):
        move = lambda tensor: tensor.to(device, non_blocking=True)
        return Batch(tuple(map(move, self.inputs)), *map(move, (self.target, self.weight, self.lengths)))


class Batches(IterableDataset):
    """Endless random batches of pairs.

    reader: `encode(prompt, reply)` -> (prompt ids, reply ids), and `collate` of a list of those -> inputs.
    fold: the (number, of how many) whose prompts are left out.
    """

    def __init__(self, reader, pairs, shares, size, seed, fold=None, teachers=None):
        keep = lambda pair: not fold or fold_of(pair["prompt_dialogue"], fold[1]) != fold[0]
        self.pairs = {kind: [pair for pair in found if keep(pair)] for kind, found in pairs.items()}
        self.pairs |= {"both": self.pairs["helpful"], "topic": self.pairs["helpful"] + self.pairs["harmless"]}
        self.shares = {kind: share for kind, share in shares.items() if self.pairs[kind]}
        self.reader, self.size, self.seed, self.teachers = reader, size, seed, teachers

    def __iter__(self):
        worker = get_worker_info()
        generator, queues, encoded = random.Random(f"{self.seed} {worker.id if worker else 0}"), {}, {}

        def encode(prompt, reply):
            if (prompt, reply) not in encoded:
                encoded[prompt, reply] = self.reader.encode(prompt, reply)
            return encoded[prompt, reply]

        while True:
            rows = []
            for kind in generator.choices(list(self.shares), list(self.shares.values()), k=BUCKET * self.size):
                rows.append(self._row(*self._next(kind, queues, generator), encode))
            rows.sort(key=lambda row: max(sum(map(len, row[0])), sum(map(len, row[1]))))
            batches = [rows[i : i + self.size] for i in range(0, len(rows), self.size)]
            generator.shuffle(batches)
            yield from map(self._batch, batches)

    def _next(self, kind, queues, generator):
        """(kind, prompt, chosen, rejected)"""
        if not queues.get(kind):
            queues[kind] = list(range(len(self.pairs[kind])))
            generator.shuffle(queues[kind])
        pair = self.pairs[kind][queues[kind].pop()]
        chosen, rejected = pair["chosen"], pair["rejected"]
        if kind == "both":
            rejected = generator.choice(self.pairs["harmless"])["rejected"]
        if kind == "topic":
            chosen = generator.choice([chosen, rejected])
            rejected = generator.choice(self.pairs[generator.choice(AXES)])["chosen"]
        return kind, pair["prompt_dialogue"], chosen, rejected

    def _row(self, kind, prompt, chosen, rejected, encode):
        """(encoded chosen, encoded rejected, target [2], weight [2])"""
        taught = np.array([axis in TEACHES[kind] for axis in AXES])
        target, weight = np.ones(len(AXES)), taught.astype(float)
        if self.teachers and kind not in ("both", "topic"):
            soft = self.teachers.probability(kind, prompt, chosen, rejected)
            target, weight = np.where(taught, HUMAN_SHARE + (1 - HUMAN_SHARE) * soft, soft), np.ones(len(AXES))
        return encode(prompt, chosen), encode(prompt, rejected), target, weight

    def _batch(self, rows):
        better, worse, target, weight = zip(*rows)
        lengths = [math.log(len(b[1]) + 1) - math.log(len(w[1]) + 1) for b, w in zip(better, worse)]
        floats = lambda values: torch.tensor(np.array(values), dtype=torch.float32, device="cpu")
        return Batch(self.reader.collate([*better, *worse]), floats(target), floats(weight), floats(lengths))
