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


class RewardReader:
    """Texts -> the inputs of a RewardModel; folder: of the trunk's tokenizer."""

    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.cuts = special_cuts(self.tokenizer)

    def _ids(self, text):
        # Special tokens are read out of any text, so one that somebody typed is cut.
        return [i for piece in self.cuts.split(text) for i in self.tokenizer.encode(piece, add_special_tokens=False).ids]

    def encode(self, prompt_dialogue, completion):
        """(prompt ids, completion ids), both cut to what the model reads."""
        return self._ids(prompt_text(prompt_dialogue))[-PROMPT_TOKENS:], self._ids(completion.strip())[:COMPLETION_TOKENS]

    def collate(self, encoded):
        """[(prompt ids, completion ids)] -> the three int64 inputs of the model, padded on the right."""
        rows = [([CLS, *p, SEP], [*c, SEP]) for p, c in encoded]
        length = max(len(p) + len(c) for p, c in rows)
        padded = lambda first, second: [[*a, *b, *[0] * (length - len(a) - len(b))] for a, b in zip(first, second)]
        prompts, completions = zip(*rows)
        ones, zeros = [[1] * len(c) for c in completions], [[0] * len(p) for p in prompts]
        whole = lambda values: torch.tensor(values, device="cpu")
        return whole(padded(prompts, completions)), whole(padded([[1] * len(p) for p in prompts], ones)), whole(padded(zeros, ones))


def prompt_text(prompt_dialogue):
    """A dialogue as the judge reads it: speakers as plain words, one turn a line."""
    return "\n".join(f"{speaker}: {text}" for speaker, text in turns(prompt_dialogue))
