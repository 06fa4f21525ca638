"""Stage export: trained checkpoints -> the files that are shipped, and models/manifest.json.

Graphs are rewritten from graph.py, reward_graph.py and heldout_graph.py; the base shards and the tokenizer stay as
`prepare` made them. Run again after any of them changes.
"""

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import torch
from safetensors import safe_open
from transformers import BertConfig

import graph
from evaluate import HELDOUT
from heldout_graph import heldout_graph, read_heads
from heldout_model import Heads
from reward_graph import reward_graph
from reward_model import AXES
from sum_adapters import SUMS
from train_study import EXAMPLES, RUNS
from weights import write_graph, write_model

DEFAULT_ADAPTER = "main"
OWN_LICENCE = POLICY_LICENCE = "Apache-2.0"
GRAPH_SOURCE = "models/recipe/graph.py"
TOKENIZER_SOURCE = "SmolLM2's tokenizer, two tokens renamed by models/recipe/prepare.py"
POLICY_SOURCE = "SmolLM2-135M-Instruct (HuggingFaceTB), 4-bit by models/recipe/prepare.py"
JUDGE_SOURCE = "all-MiniLM-L6-v2 trunk, trained by models/recipe/train_reward.py"
HELDOUT_SOURCE = "lower layers of the policy's base; heads trained by models/recipe/train_heldout.py"
ROUND_SOURCE = "LoRA trained by models/recipe/train_policy.py"
ADAPTER_SOURCE = f"{ROUND_SOURCE} and train_online.py, then mixed with others of its line by mix_adapters.py"
STUDY_SOURCE = "LoRA trained by models/recipe/train_study.py"
SUM_SOURCE = "LoRA summed by models/recipe/sum_adapters.py from those of train_online.py and train_study.py"
HELPFUL_SOURCE = f"{SUM_SOURCE}, then trained by train_online.py and mixed with weights on that way by mix_adapters.py"
STUDY_SOURCES = {**dict.fromkeys(SUMS, SUM_SOURCE), "helpful-only": HELPFUL_SOURCE}
BOTTOM = f"size-{EXAMPLES}"
STUDY_RUNS = {name: run for run in RUNS for name in run.marks.values()}


def entry(models, path, **facts):
    data = (models / path).read_bytes()
    return {"path": path, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest(), **facts}


def export_judge(checkpoint, trunk, folder):
    folder.mkdir(parents=True, exist_ok=True)
    state = torch.load(checkpoint)["model"]
    model = reward_graph(state, BertConfig.from_json_file(f"{trunk}/config.json"))
    (folder / "reward.onnx").write_bytes(model.SerializeToString())
    tokenizer = json.loads(Path(f"{trunk}/tokenizer.json").read_text(encoding="utf-8"))
    tokenizer.update(padding=None, truncation=None)
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def export_heldout(trained, folder):
    """Writes the graphs and the reference of the held-out judge; its heads and reference stay where nothing was trained."""
    folder.mkdir(exist_ok=True)
    if (trained / "heads.safetensors").exists():
        heads = Heads.read(trained / "heads.safetensors")
        shutil.copyfile(trained / "reference.json", folder / "reference.json")
    else:
        heads = read_heads(folder / "heldout-nbits.onnx")
    for kind in graph.KINDS:
        write_model(folder / f"heldout-{kind}", *heldout_graph(kind, heads))


def heldout_entry(models, policy, metrics):
    """The held-out judge's part of the manifest. Its figures are called as the judge's, and end in -heldout."""
    path = lambda kind, ending: f"heldout/heldout-{kind}.{ending}"
    layout = json.loads((models / path("int8", "layout.json")).read_text())
    own = {name.removesuffix("-heldout"): found for name, found in metrics.items() if name.endswith("-heldout")}
    return {
        "licence": POLICY_LICENCE, "source": HELDOUT_SOURCE,
        "graphs": {kind: entry(models, path(kind, "onnx"), layout=entry(models, path(kind, "layout.json"))) for kind in graph.KINDS},
        "base": [file for file in policy["base"]["files"] if holds(models / file["path"], layout)],
        "tokenizer": policy["tokenizer"],
        "reference": entry(models, "heldout/reference.json"),
        "metrics": judge_metrics(own),
    }


def holds(shard, layout):
    """Whether a graph takes any tensor from this file."""
    wanted = {tensor["make"]["from"] for tensor in layout["base"]["tensors"]}
    with safe_open(shard, "pt") as file:
        return any({name, name.rsplit(".", 1)[0]} & wanted for name in file.keys())


def listed_at(path):
    """Where an adapter stands in the manifest, and so in the page: the default first, those of the studies last, as they were trained."""
    name = path.stem
    return (name != DEFAULT_ADAPTER, list(STUDY_RUNS).index(name) if name in STUDY_RUNS else -1, name)


def adapter_entry(models, path, **facts):
    """What its prompts hold, and where it is from."""
    run = STUDY_RUNS.get(path.stem)
    trained = (
        {"source": STUDY_SOURCES.get(path.stem, STUDY_SOURCE), "format": run.form if run.axes else "none", "axes": list(run.axes)} if run
        else {"source": ROUND_SOURCE if path.stem.startswith("round-") else ADAPTER_SOURCE, "format": "bottom", "axes": list(AXES)}
    )
    return entry(models, f"policy/adapters/{path.name}", licence=POLICY_LICENCE, **trained, **facts)


def rounded(value):
    return [round(v, 3) for v in value] if isinstance(value, list) else round(value, 3)


def judge_metrics(metrics):
    """Accuracy on held-out pairs, out of what evaluate.py measured."""
    return {
        axis: {key: rounded(metrics[f"accuracy-{axis}"]["result"][key]) for key in ("n", "accuracy", "ci", "longer", "ece")}
        for axis in AXES if f"accuracy-{axis}" in metrics
    }


def match_metrics(result, outcomes=AXES):
    """Match of target and actual reward, an outcome each that was asked for: an axis, or "joint", the mean of both."""
    keys = ("n", "r", "ci", "slope", "r_given_length", "heldout_r")
    return {name: {key: rounded(result[name][key]) for key in keys if result[name].get(key) is not None} for name in outcomes if result[name]["n"]}


def policy_metrics(metrics, adapter):
    """A set of targets each, out of what evaluate.py measured."""
    if adapter == DEFAULT_ADAPTER:
        return {name.removeprefix("match-"): match_metrics(found["result"]) for name, found in metrics.items() if name.startswith("match-") or name == "best-of-16"}
    found = metrics.get(f"study-{adapter}")
    if not found:
        return {}
    run = STUDY_RUNS.get(adapter)  # none of a round
    outcomes = ("joint",) if run and run.form == "joint" else AXES
    return {"uniform" if "--targets uniform" in found["command"] else "in-range": match_metrics(found["result"], outcomes)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--models", default="models")
    parser.add_argument("--trunk", required=True, help="folder of the MiniLM config and tokenizer")
    parser.add_argument("--reward", default="models/recipe/work/reward/reward.pt")
    parser.add_argument("--reference", default="models/recipe/work/reference.json", help="made by label.py")
    parser.add_argument("--adapter", action="append", default=[], metavar="NAME=FILE", help="a trained adapter")
    parser.add_argument("--study", nargs="+", default=[], help="folders of the adapters that train-study and sum-adapters wrote; a later one's take the place of an earlier one's")
    parser.add_argument("--heldout", default="models/recipe/work/heldout", help="what train_heldout.py made; without it its heads stay as they are")
    arguments = parser.parse_args()
    models = Path(arguments.models)

    layouts = {}
    for kind in ("nbits", "int8"):
        write_graph(kind, models / "policy")
        layouts[kind] = entry(models, f"policy/policy-{kind}.layout.json")
    export_judge(arguments.reward, arguments.trunk, models / "reward")
    shutil.copyfile(arguments.reference, models / "reward" / "reference.json")
    (models / "policy" / "adapters").mkdir(exist_ok=True)
    trained = [(path.stem, path) for folder in arguments.study for path in sorted(Path(folder).glob("*.safetensors"))]
    for name, file in [*trained, *(item.split("=", 1) for item in arguments.adapter)]:
        shutil.copyfile(file, models / "policy" / "adapters" / f"{name}.safetensors")

    measured = models / "metrics.json"
    metrics = json.loads(measured.read_text()) if measured.exists() else {}
    adapters = {
        path.stem: adapter_entry(models, path, metrics=policy_metrics(metrics, path.stem))
        for path in sorted((models / "policy" / "adapters").glob("*.safetensors"), key=listed_at)
    }
    if BOTTOM in adapters:
        # As many examples as the adapters of the other forms and epochs have, in the common form, seen once.
        adapters["format-bottom"] = adapters["epochs-1"] = adapters[BOTTOM]
    manifest = {
        "version": 1,
        "policy": {
            "name": "SmolLM2-135M",
            "context": graph.CONTEXT,
            "base": {
                "licence": POLICY_LICENCE, "source": POLICY_SOURCE,
                "files": [entry(models, f"policy/{p.name}") for p in sorted((models / "policy").glob("base-*.safetensors"))],
            },
            "graphs": {
                kind: entry(models, f"policy/policy-{kind}.onnx", licence=OWN_LICENCE, source=GRAPH_SOURCE, layout=layouts[kind])
                for kind in layouts
            },
            "tokenizer": entry(models, "policy/tokenizer.json", licence=POLICY_LICENCE, source=TOKENIZER_SOURCE),
            "adapters": adapters,
        },
        "judges": {
            "minilm": {
                "licence": "Apache-2.0", "source": JUDGE_SOURCE,
                "graph": entry(models, "reward/reward.onnx"),
                "tokenizer": entry(models, "reward/tokenizer.json"),
                "reference": entry(models, "reward/reference.json"),
                "metrics": judge_metrics(metrics),
            },
        },
        "defaults": {"adapter": DEFAULT_ADAPTER, "judge": "minilm"},
    }
    export_heldout(Path(arguments.heldout), models / "heldout")
    manifest["judges"][HELDOUT] = heldout_entry(models, manifest["policy"], metrics)
    (models / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
