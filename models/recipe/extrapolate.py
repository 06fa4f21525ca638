"""Stage extrapolate: an adapter times a factor, further along the way from the base to what was trained.

Training that was stopped early points the right way and has not gone far enough: more of the same change of weights does
some of what more training would (Zheng et al., 2024, arXiv:2404.16792). Both matrices stay, B is multiplied.
"""

import argparse

from safetensors import safe_open
from safetensors.torch import save_file

FACTOR = 1.5


def extrapolated(tensors, factor):
    """{PEFT name: tensor} with every lora_B times `factor`, in the type that it has."""
    return {name: (tensor.float() * factor).to(tensor.dtype) if ".lora_B." in name else tensor for name, tensor in tensors.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--adapter", default="models/recipe/work/online/adapter.safetensors")
    parser.add_argument("--factor", type=float, default=FACTOR, help="1 is the adapter itself, 0 the base")
    parser.add_argument("--out", default="models/recipe/work/main.safetensors")
    arguments = parser.parse_args()
    with safe_open(arguments.adapter, "pt") as file:
        metadata, tensors = file.metadata(), {name: file.get_tensor(name) for name in file.keys()}
    save_file(extrapolated(tensors, arguments.factor), arguments.out, metadata=metadata)


if __name__ == "__main__":
    main()
