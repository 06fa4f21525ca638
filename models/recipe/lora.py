"""LoRA on the linear layers of the policy (Hu et al., 2021, arXiv:2106.09685), written and read in PEFT's naming."""

import math
from contextlib import contextmanager

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import nn

import grouped_attention
from precision import DTYPE
from weights import PATHS, PEFT

ALPHA = 32
FIRST_LAYER = 10


class LoraLinear(nn.Module):
    """base(x) + (x A^T) B^T alpha / r; A and B are float32 parameters. `merged`, where set, is their sum."""

    def __init__(self, base, rank):
        super().__init__()
        self.weight, self.merged = base.weight, None
        self.scale = ALPHA / rank
        self.lora_A = nn.Parameter(torch.randn(rank, base.in_features) / math.sqrt(base.in_features))
        self.lora_B = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, x):
        if self.merged is not None:
            return F.linear(x, self.merged)
        return F.linear(x, self.weight) + F.linear(F.linear(x, self.lora_A), self.lora_B) * self.scale


def lora_layers(model):
    """{PEFT module name without its part: LoraLinear}."""
    found = {}
    for i, layer in enumerate(model.model.layers):
        for path in PATHS.values():
            module = layer.get_submodule(path)
            if isinstance(module, LoraLinear):
                found[i, path] = module
    return found


def frozen(model):
    """The model without gradients, its linear layers and head in the working precision; norms and residuals stay float32."""
    model.requires_grad_(False)
    model.set_attn_implementation(grouped_attention.NAME)
    model.head_weight = model.lm_head.weight.to(DTYPE)
    for layer in model.model.layers:
        for path in PATHS.values():
            layer.get_submodule(path).to(DTYPE)
    return model


def with_lora(model, rank):
    """Freeze the model, put LoRA on its upper layers and return the parameters to train."""
    parameters = []
    for layer in frozen(model).model.layers[FIRST_LAYER:]:
        for path in PATHS.values():
            parent, name = path.split(".")
            lora = LoraLinear(layer.get_submodule(path), rank)
            setattr(layer.get_submodule(parent), name, lora)
            parameters += [lora.lora_A, lora.lora_B]
    return parameters


@contextmanager
def merged(model, adapter=True):
    """While it lasts, every LoRA is added into its layer's weight, or left out: for sampling, which needs no gradient."""
    layers = lora_layers(model).values()
    with torch.no_grad():
        for lora in layers:
            lora.merged = (lora.weight.float() + lora.scale * lora.lora_B @ lora.lora_A).to(DTYPE) if adapter else lora.weight.data
    try:
        yield
    finally:
        for lora in layers:
            lora.merged = None


def save_adapter(model, rank, path):
    save_factors({place: (lora.lora_A.detach(), lora.lora_B.detach()) for place, lora in lora_layers(model).items()}, rank, path)


def save_factors(factors, rank, path):
    """Write {(layer, module): (A [rank, in], B [out, rank])}, whose product alpha / rank scales, in float16."""
    tensors = {
        PEFT.format(layer=layer, module=module, part=part): value.half().contiguous()
        for (layer, module), pair in factors.items()
        for part, value in zip("AB", pair)
    }
    save_file(tensors, path, metadata={"r": str(rank), "lora_alpha": str(ALPHA), "format": "pt"})


def load_adapter(model, path):
    """Take over the LoRA of a file that `save_adapter` wrote, of the same rank and layers."""
    saved = load_file(path)
    for (i, module), lora in lora_layers(model).items():
        for part in "AB":
            getattr(lora, f"lora_{part}").data.copy_(saved[PEFT.format(layer=i, module=module, part=part)])
