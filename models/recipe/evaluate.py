"""Stage evaluate: the figures of the model cards, from the shipped files through the project's own command line.

Writes models/metrics.json: for every figure the command that made it and what it printed. The prompts
are those of the hh-rlhf test files, half helpful and half harmless, which no training used; the
file of prompts itself is not shipped.
"""

import argparse
import json
import random
import shlex
import subprocess
from pathlib import Path

from dialogue import first_human_turn, read_jsonl, write_jsonl

PROMPTS_AN_AXIS = 250
HELDOUT = "smollm2"
STUDY_TOKENS = 48  # a completion, as in the recorded studies
BEST_OF_ROWS = 60


def dial(line):
    """What the project's own command line prints for these arguments. Raises CalledProcessError where it fails."""
    command = ["npm", "run", "-s", "dial", "--", *shlex.split(line)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def test_prompts(data, split, seed):
    """Dialogues of unlike first human turns, half of each axis, shuffled."""
    chosen = []
    for axis in ("helpful", "harmless"):
        by_turn = {first_human_turn(r["prompt_dialogue"]): r["prompt_dialogue"] for r in read_jsonl(f"{data}/hh_{axis}_{split}.jsonl.gz")}
        prompts = sorted(by_turn.values())
        random.Random(seed).shuffle(prompts)
        chosen += prompts[:PROMPTS_AN_AXIS]
    random.Random(seed).shuffle(chosen)
    return chosen


def commands(models, data, prompts, work, n):
    """{figure: arguments of the command line}."""
    manifest = json.loads(Path(models, "manifest.json").read_text())
    accuracy = {
        f"accuracy-{axis}{of_part}{of_judge}": f"accuracy --pairs {data}/hh_{axis}_{part}.jsonl.gz --axis {axis}{judge}"
        for of_judge, judge in (("", ""), ("-heldout", f" --judge {HELDOUT}"))
        for of_part, part in (("", "test"), ("-dev", "dev"))
        for axis in ("helpful", "harmless")
    }
    main = manifest["defaults"]["adapter"]
    match = lambda name, rest, adapter=main, rows=n: f"match --prompts {prompts} --n {rows} --adapter {adapter} --seed 1 --out {work}/{name}.jsonl {rest}"
    matches = {
        "match-in-range": "--targets in-range",
        "match-uniform": "--targets uniform",
        "match-in-range-shuffled": "--targets in-range --shuffled",
    }
    adapters = manifest["policy"]["adapters"]
    by_file = {entry["path"]: name for name, entry in reversed(adapters.items())}  # its first name
    one_dial = lambda entry: len(entry["axes"]) == 1 or entry["format"] == "joint"
    targets = lambda entry: "uniform" if one_dial(entry) else "in-range"
    studies = {
        f"study-{name}": (f"--targets {targets(adapters[name])} --max-tokens {STUDY_TOKENS}", name)
        for name in adapters if name in by_file.values() and name != main
    }
    return {
        **accuracy,
        **{name: match(name, rest) for name, rest in matches.items()},
        "best-of-16": match("best-of-16", "--targets in-range --best-of 16", rows=min(n, BEST_OF_ROWS)),
        **{name: match(name, *rest) for name, rest in studies.items()},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--models", default="models")
    parser.add_argument("--split", default="test", help="of the prompts")
    parser.add_argument("--work", default="models/recipe/work/evaluate", help="prompts and runs; an interrupted run is taken up again")
    parser.add_argument("--out", default="models/metrics.json")
    parser.add_argument("--n", type=int, default=500)
    parser.add_argument("--only", nargs="*", help="names of the figures to make again")
    arguments = parser.parse_args()
    work = Path(arguments.work)
    work.mkdir(parents=True, exist_ok=True)
    prompts = work / "prompts.jsonl"
    write_jsonl(prompts, ({"prompt_dialogue": p} for p in test_prompts(arguments.data, arguments.split, 1)))

    out = Path(arguments.out)
    metrics = json.loads(out.read_text()) if out.exists() else {}
    for name, line in commands(arguments.models, arguments.data, prompts, work, arguments.n).items():
        if arguments.only and name not in arguments.only:
            continue
        printed = dial(line)
        metrics[name] = {"command": f"npm run -s dial -- {line}", "result": json.loads(printed)}
        out.write_text(json.dumps(metrics, indent=2) + "\n")
        print(name, printed, flush=True)


if __name__ == "__main__":
    main()
