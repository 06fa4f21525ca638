"""Rows that share the beginning of their prompt: the beginning runs once, its KV cache serves every row."""

import os.path
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from transformers import DynamicCache

from precision import DTYPE, autocast
from prompt_ids import END


@dataclass(frozen=True)
class Group:
    """Token ids of one prompt's rows: prompts[i] may be followed by completions[i]."""

    prompts: list
    completions: list


class WorkingCache(DynamicCache):
    """Keys and values in the working precision: the attention reads them in it anyway."""

    def update(self, keys, values, *arguments, **named):
        return super().update(keys.to(DTYPE), values.to(DTYPE), *arguments, **named)


def prefill(model, groups):
    """Run the part that each group's prompts share.

    Returns (cache of one entry a row, its mask [rows, prefix], the tails of the prompts [rows]).
    """
    prefixes = [os.path.commonprefix(group.prompts)[: min(map(len, group.prompts)) - 1] for group in groups]
    length = max(map(len, prefixes))
    ids = torch.tensor([[END] * (length - len(p)) + p for p in prefixes])
    mask = torch.tensor([[0] * (length - len(p)) + [1] * len(p) for p in prefixes])
    positions = (mask.cumsum(1) - 1).clamp(min=0)
    cache = model.model(input_ids=ids, attention_mask=mask, position_ids=positions, past_key_values=WorkingCache(), use_cache=True).past_key_values
    row_of = torch.tensor([g for g, group in enumerate(groups) for _ in group.prompts])
    cache.reorder_cache(row_of)
    tails = [prompt[len(prefix) :] for group, prefix in zip(groups, prefixes) for prompt in group.prompts]
    return cache, mask[row_of], tails


def completion_states(model, groups):
    """Run every row: (last hidden states [rows, tail and completion, hidden], padded on the right; the tails of the prompts; the completions)."""
    completions = [completion for group in groups for completion in group.completions]
    with autocast():
        cache, mask, tails = prefill(model, groups)
        length = max(len(t) + len(c) for t, c in zip(tails, completions))
        ids = torch.tensor([t + c + [END] * (length - len(t) - len(c)) for t, c in zip(tails, completions)])
        positions = mask.sum(1, keepdim=True) + torch.arange(length)
        # What pads the right is never attended to by what stands left of it.
        mask = torch.cat([mask, torch.ones(len(ids), length, dtype=mask.dtype)], 1)
        states = model.model(input_ids=ids, attention_mask=mask, position_ids=positions, past_key_values=cache, use_cache=True).last_hidden_state
    return states, tails, completions


def log_probabilities(model, groups):
    """(summed log-probability of each completion [rows], lengths [rows]), rows in the order of the groups; keeps gradients."""
    states, tails, completions = completion_states(model, groups)
    row = torch.tensor([i for i, c in enumerate(completions) for _ in c])
    at = torch.tensor([len(t) + j - 1 for t, c in zip(tails, completions) for j in range(len(c))])
    labels = torch.tensor([token for c in completions for token in c])
    logits = F.linear(states[row, at].to(DTYPE), model.head_weight).float()
    logprob = -F.cross_entropy(logits, labels, reduction="none")
    return torch.zeros(len(completions)).index_add(0, row, logprob), torch.tensor([float(len(c)) for c in completions])


@torch.no_grad()
def sample(model, groups, max_new_tokens, temperature, top_p, generator):
    """The ids of a completion, END included where it was reached, for every prompt of the groups."""
    with autocast():
        cache, mask, tails = prefill(model, groups)
        width = max(map(len, tails))
        ids = torch.tensor([[END] * (width - len(t)) + t for t in tails])
        inside = torch.tensor([[0] * (width - len(t)) + [1] * len(t) for t in tails])
        mask = torch.cat([mask, inside], 1)
        positions = (mask.cumsum(1) - 1).clamp(min=0)[:, -width:]
        written, rows, done = [[] for _ in tails], torch.arange(len(tails)), torch.zeros(len(tails), dtype=torch.bool)
        for _ in range(max_new_tokens):
            states = model.model(input_ids=ids, attention_mask=mask, position_ids=positions, past_key_values=cache, use_cache=True).last_hidden_state
            logits = F.linear(states[:, -1].to(DTYPE), model.head_weight).float()
            token = pick(logits, temperature, top_p, generator)
            for row, value in zip(rows.tolist(), token.tolist()):
                written[row].append(value)
            done |= token == END
            going = (~done).nonzero().flatten()
            if not len(going):
                break
            if len(going) < 0.8 * len(rows):
                # The rows that are done leave the batch.
                cache.reorder_cache(going)
                rows, mask, positions, token, done = rows[going], mask[going], positions[going], token[going], done[going]
            ids, positions = token.unsqueeze(1), positions[:, -1:] + 1
            mask = torch.cat([mask, torch.ones(len(rows), 1, dtype=mask.dtype)], 1)
    return [ids[: ids.index(END) + 1] if END in ids else ids for ids in written]


def pick(logits, temperature, top_p, generator):
    """One token a row from the nucleus of the tempered softmax (Holtzman et al., 2020, arXiv:1904.09751)."""
    chances = (logits / temperature).softmax(-1)
    if top_p == 1:
        return drawn(chances, generator)
    chances, order = chances.topk(400)
    chances[(chances.cumsum(-1) - chances) > top_p] = 0
    return order.gather(1, drawn(chances, generator).unsqueeze(1)).squeeze(1)


def drawn(chances, generator):
    """An index a row, by the row's chances [rows, n], which need not add up to 1: `torch.multinomial` in an eighth of its time."""
    below = chances.cumsum(-1)
    at = torch.rand(len(chances), 1, generator=generator) * below[:, -1:]
    return torch.searchsorted(below, at, right=True).squeeze(1).clamp(max=chances.shape[1] - 1)
