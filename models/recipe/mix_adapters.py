"""Stage mix-adapters: weights between adapters, or beyond, that were trained on from one another.

Their weighted sum, A and B apart (Wortsman et al., 2022, arXiv:2109.01903: two of them, of weights that sum to 1), then all of B
times a factor (Zheng et al., 2024, arXiv:2404.16792).
"""

import argparse

from safetensors import safe_open
from safetensors.torch import save_file

from weights import read_adapter


def weighted(text):
    """ "FILE:WEIGHT" -> (FILE, WEIGHT)."""
    path, weight = text.rsplit(":", 1)
    return path, float(weight)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="+", type=weighted, metavar="FILE:WEIGHT", help="adapters of the same rank and layers")
    parser.add_argument("--factor", type=float, default=1.0, help="of all of B")
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    adapters = [(read_adapter(path)[0], weight) for path, weight in arguments.parts]
    scale = lambda name: arguments.factor if "lora_B" in name else 1.0
    mix = {name: (scale(name) * sum(weight * adapter[name] for adapter, weight in adapters)).half() for name in adapters[0][0]}
    with safe_open(arguments.parts[0][0], "pt") as file:
        metadata = file.metadata()
    save_file(mix, arguments.out, metadata=metadata)


if __name__ == "__main__":
    main()
