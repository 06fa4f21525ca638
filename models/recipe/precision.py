"""The device and the arithmetic of training and sampling: bfloat16 on a GPU and on a CPU that multiplies in it, else float32
(emulated bfloat16 is eight times slower)."""

import torch

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
DTYPE = torch.bfloat16 if DEVICE.type == "cuda" or torch.cpu.get_capabilities().get("avx512_bf16") else torch.float32
if DEVICE.type == "cuda":
    # Its attention gives up where memory is short; the other kernels do not.
    torch.backends.cuda.enable_cudnn_sdp(False)


def autocast():
    return torch.autocast(DEVICE.type, dtype=DTYPE, enabled=DTYPE == torch.bfloat16)
