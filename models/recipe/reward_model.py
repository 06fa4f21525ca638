"""The two-head reward model: one encoder pass gives a helpful and a harmless score.

Input: BERT's sentence pair, `[CLS] prompt [SEP] completion [SEP]`, the prompt's last
PROMPT_TOKENS tokens and the completion's first COMPLETION_TOKENS tokens.
Pooling: the [CLS] state beside the mean state of the completion; one linear layer to two scores.
"""

import torch
from torch import nn
from tokenizers import Tokenizer
from transformers import BertConfig, BertModel

from dialogue import turns
from special_tokens import special_cuts

AXES = ("helpful", "harmless")
PROMPT_TOKENS = 96
COMPLETION_TOKENS = 160
CLS, SEP = 101, 102


class RewardModel(nn.Module):
    def __init__(self, config: BertConfig):
        super().__init__()
        self.trunk = BertModel(config, add_pooling_layer=False)
        self.heads = nn.Linear(2 * config.hidden_size, len(AXES))

    def forward(self, input_ids, attention_mask, token_type_ids):
        """int64 [batch, length] three times -> scores, float [batch, 2] in the order of AXES."""
        states = self.trunk(input_ids, attention_mask, token_type_ids).last_hidden_state
        inside = (token_type_ids * attention_mask).unsqueeze(-1).to(states.dtype)
        mean = (states * inside).sum(1) / inside.sum(1)
        return self.heads(torch.cat([states[:, 0], mean], dim=1).float())


def load_tokenizer(folder):
    tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def prompt_text(prompt_dialogue):
    """A dialogue as the judge reads it: speakers as plain words, one turn a line."""
    return "\n".join(f"{speaker}: {text}" for speaker, text in turns(prompt_dialogue))


def encode(tokenizer, prompt_dialogue, completion):
    """(prompt ids, completion ids), both cut to what the model reads."""
    cuts = special_cuts(tokenizer)

    def ids(text):
        # Special tokens are read out of any text, so one that somebody typed is cut.
        pieces = cuts.split(text)
        return [i for piece in pieces for i in tokenizer.encode(piece, add_special_tokens=False).ids]

    return ids(prompt_text(prompt_dialogue))[-PROMPT_TOKENS:], ids(completion.strip())[:COMPLETION_TOKENS]


def collate(encoded):
    """[(prompt ids, completion ids)] -> the three int64 inputs of the model, padded on the right."""
    rows = [([CLS, *p, SEP], [*c, SEP]) for p, c in encoded]
    length = max(len(p) + len(c) for p, c in rows)
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    mask = torch.zeros_like(ids)
    kind = torch.zeros_like(ids)
    for i, (p, c) in enumerate(rows):
        ids[i, : len(p) + len(c)] = torch.tensor(p + c)
        mask[i, : len(p) + len(c)] = 1
        kind[i, len(p) : len(p) + len(c)] = 1
    return ids, mask, kind
