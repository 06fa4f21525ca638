"""Grouped-query attention without copies of the keys: the query heads that share a key head become its query positions."""

import torch
import torch.nn.functional as F
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.masking_utils import sdpa_mask

NAME = "grouped"


def grouped_attention(module, query, key, value, attention_mask, scaling, **_):
    """query [batch, heads, length, size], key and value [batch, key heads, positions, size] -> [batch, length, heads, size]."""
    batch, heads, length, size = query.shape
    shared = heads // key.shape[1]
    if attention_mask is None:
        positions = key.shape[2]
        attention_mask = torch.ones(length, positions, dtype=torch.bool).tril(positions - length)[None, None]
    mask = attention_mask[..., : key.shape[2]].repeat(1, 1, shared, 1)
    out = F.scaled_dot_product_attention(query.reshape(batch, -1, shared * length, size), key, value, attn_mask=mask, scale=scaling)
    return out.reshape(batch, heads, length, size).transpose(1, 2), None


AttentionInterface.register(NAME, grouped_attention)
AttentionMaskInterface.register(NAME, sdpa_mask)
