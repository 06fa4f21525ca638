"""The arithmetic of training and sampling: bfloat16 on a CPU that multiplies in it, else float32 (emulated bfloat16 is eight times slower)."""

import torch

DTYPE = torch.bfloat16 if torch.cpu.get_capabilities().get("avx512_bf16") else torch.float32


def autocast():
    return torch.autocast("cpu", dtype=DTYPE, enabled=DTYPE == torch.bfloat16)
