"""Stage golden-heldout: test/golden/heldout-reward.json, PyTorch's raw scores of golden.py's inputs by the held-out judge.

Weights are the shipped 4-bit ones, de-quantised, and the trained heads; the arithmetic is float32.
"""

import argparse
import json
from pathlib import Path

from golden import INPUTS, transcript
from heldout_model import HeldoutJudge, encode
from prompt_ids import PromptEncoder
from reward_model import AXES


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--heads", default="models/recipe/work/heldout/heads.safetensors")
    parser.add_argument("--out", default="test/golden/heldout-reward.json")
    arguments = parser.parse_args()

    encoder, judge = PromptEncoder(f"{arguments.policy}/tokenizer.json"), HeldoutJudge(arguments.policy, arguments.heads)
    cases = []
    for texts, _, _, completion in INPUTS:
        prompt, written = encode(encoder, transcript(texts), completion)
        raw = judge.score(prompt, written).tolist()
        cases.append({"prompt_dialogue": transcript(texts), "completion": completion, "raw": dict(zip(AXES, (round(x, 5) for x in raw)))})
    Path(arguments.out).write_text(json.dumps({"made_by": "models/recipe/golden_heldout.py", "cases": cases}, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
