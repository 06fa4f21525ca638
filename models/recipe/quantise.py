"""4-bit block quantisation as ONNX Runtime's MatMulNBits stores it.

A weight [N, K] is cut into blocks of 32 columns: w = scale * (q - zero), q and zero in 0..15.
https://github.com/microsoft/onnxruntime/blob/main/docs/ContribOperators.md (MatMulNBits)
"""

import torch

BLOCK = 32


def pack_nibbles(values):
    """uint8 [..., 2n] of 0..15 -> uint8 [..., n], the even one in the low nibble."""
    return values[..., 0::2] | (values[..., 1::2] << 4)


def unpack_nibbles(packed):
    return torch.stack([packed & 15, packed >> 4], dim=-1).flatten(-2)


def quantise(weight):
    """float [N, K] -> {"packed": uint8 [N, K/32, 16], "scales": float16 [N, K/32], "zeros": uint8 [N, K/64]}.

    Per block the scale and zero point of least squared error out of a search over shrunken ranges.
    """
    n, k = weight.shape
    blocks = weight.float().reshape(n, k // BLOCK, BLOCK)
    low = blocks.amin(-1, keepdim=True).clamp(max=0)
    high = blocks.amax(-1, keepdim=True).clamp(min=0)
    best_error = torch.full_like(low, float("inf"))
    best = [torch.ones_like(low), torch.zeros_like(low), torch.zeros_like(blocks)]
    for shrink in torch.linspace(0.7, 1.05, 15):
        scale = ((high - low) * shrink / 15).clamp(min=1e-7).half().float()
        for zero in {0: (-low * shrink / scale).round(), 1: (15 - high * shrink / scale).round()}.values():
            zero = zero.clamp(0, 15)
            q = (blocks / scale + zero).round().clamp(0, 15)
            error = ((scale * (q - zero) - blocks) ** 2).sum(-1, keepdim=True)
            better = error < best_error
            best_error = torch.where(better, error, best_error)
            best = [torch.where(better, new, old) for new, old in zip((scale, zero, q), best)]
    scale, zero, q = best
    return {
        "packed": pack_nibbles(q.to(torch.uint8)),
        "scales": scale.squeeze(-1).half(),
        "zeros": pack_nibbles(zero.squeeze(-1).to(torch.uint8)),
    }


def dequantise(packed, scales, zeros):
    """The inverse of `quantise`: float32 [N, K]."""
    q = unpack_nibbles(packed).float()
    return ((q - unpack_nibbles(zeros).float().unsqueeze(-1)) * scales.float().unsqueeze(-1)).flatten(-2)
