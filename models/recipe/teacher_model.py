"""A large reward model that teaches the shipped one: the policy's base, all of it trained, with two linear heads on the state
of the completion's end token beside the mean state of the completion."""

import torch
from torch import nn

from precision import DTYPE
from prompt_ids import END, PromptEncoder
from reward_model import AXES

PROMPT_TOKENS = 160
COMPLETION_TOKENS = 128


class TeacherModel(nn.Module):
    def __init__(self, llama):
        super().__init__()
        self.trunk = llama.model
        self.trunk.set_attn_implementation("sdpa")
        self.heads = nn.Linear(2 * llama.config.hidden_size, len(AXES))

    def forward(self, ids, start, end):
        """int64 [batch, length], padded on the right; the completion's first place and its end token's, int64 [batch] -> float [batch, 2]."""
        # Causal attention: what stands on the right of a completion is seen by nothing in it.
        states = self.trunk(inputs_embeds=self.trunk.embed_tokens(ids).to(DTYPE), use_cache=False).last_hidden_state
        at = torch.arange(ids.shape[1], device=ids.device)
        inside = ((at >= start[:, None]) & (at <= end[:, None])).unsqueeze(-1).to(states.dtype)
        mean = (states * inside).sum(1) / inside.sum(1)
        last = states[torch.arange(len(ids), device=ids.device), end]
        return self.heads(torch.cat([last, mean], dim=1).float())


class TeacherReader:
    """Texts -> the inputs of a TeacherModel: the policy's chat without rewards, the end of the prompt, the beginning of the completion."""

    def __init__(self, tokenizer_path):
        self.encoder = PromptEncoder(tokenizer_path)

    def encode(self, prompt_dialogue, completion):
        """(prompt ids, completion ids), both cut to what the model reads."""
        return self.encoder.prompt(prompt_dialogue, False)[-PROMPT_TOKENS:], [*self.encoder.user(completion.strip())[:COMPLETION_TOKENS], END]

    def collate(self, encoded):
        length = max(len(p) + len(c) for p, c in encoded)
        ids = [[*p, *c, *[END] * (length - len(p) - len(c))] for p, c in encoded]
        whole = lambda values: torch.tensor(values, device="cpu")
        return whole(ids), whole([len(p) for p, _ in encoded]), whole([len(p) + len(c) - 1 for p, c in encoded])
