"""Stage mean-adapter: weights on the way from one adapter to another that was trained on from it (Wortsman et al., 2022, arXiv:2109.01903)."""

import argparse

from safetensors import safe_open
from safetensors.torch import save_file

from weights import read_adapter


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("start")
    parser.add_argument("end", help="of the same rank and layers")
    parser.add_argument("--share", type=float, default=0.5, help="of the way, 0 to 1")
    parser.add_argument("--out", required=True)
    arguments = parser.parse_args()
    (start, _), (end, _) = read_adapter(arguments.start), read_adapter(arguments.end)
    mean = {name: start[name].lerp(end[name], arguments.share).half() for name in start}
    with safe_open(arguments.start, "pt") as file:
        metadata = file.metadata()
    save_file(mean, arguments.out, metadata=metadata)


if __name__ == "__main__":
    main()
