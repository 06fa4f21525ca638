"""Stage train-policy: labelled completions -> a LoRA adapter that writes to a reward.

A first round on labelled completions of others (people, the base). The contrast weighs more than the
words, or the adapter never finds the reward; train-online, which follows, weighs the words again.
The base is frozen in bfloat16; LoRA on every linear layer of the upper layers.
"""

import argparse
import json
import math
import random
import time
from pathlib import Path

import numpy as np
import torch

import graph
from contrast import PAIRS_A_STEP, PairRows, batches_of, labelled_pairs, step_loss
from dialogue import read_jsonl
from lora import save_adapter, with_lora
from prompt_ids import PromptEncoder
from weights import llama

LEARNING_RATE = 8e-4


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--labelled", nargs="+", default=["models/recipe/work/labelled.jsonl"])
    parser.add_argument("--ce", type=float, default=0.3, help="weight of the cross-entropy")
    parser.add_argument("--contrast", type=float, default=3.3, help="weight of the contrast")
    parser.add_argument("--learning-rate", type=float, default=LEARNING_RATE)
    parser.add_argument("--out", default="models/recipe/work/main")
    parser.add_argument("--rank", type=int, default=graph.LORA_RANK)
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    out = Path(arguments.out)
    out.mkdir(parents=True, exist_ok=True)

    torch.manual_seed(arguments.seed)
    generator = random.Random(arguments.seed)
    encoder = PromptEncoder(f"{arguments.policy}/tokenizer.json")
    model = llama(arguments.policy)
    parameters = with_lora(model, arguments.rank)
    optimiser = torch.optim.AdamW(parameters, lr=arguments.learning_rate, weight_decay=0.0, betas=(0.9, 0.98))

    done, step = 0.0, 0
    checkpoint = out / "checkpoint.pt"
    if checkpoint.exists():
        state = torch.load(checkpoint)
        for parameter, saved in zip(parameters, state["parameters"]):
            parameter.data.copy_(saved)
        optimiser.load_state_dict(state["optimiser"])
        done, step = state["seconds"], state["step"]
        generator.seed(arguments.seed + step)

    def save():
        torch.save({"parameters": [p.data for p in parameters], "optimiser": optimiser.state_dict(), "seconds": done, "step": step}, checkpoint)
        save_adapter(model, arguments.rank, out / "adapter.safetensors")

    groups = (group for path in arguments.labelled for group in read_jsonl(path))
    source = labelled_pairs(groups, lambda prompt: len(encoder.prompt(prompt, False)), generator)
    budget, started, before, saved_at = arguments.minutes * 60, time.time(), done, time.time()
    log = []
    while done < budget:
        pairs = [PairRows.of(next(source), encoder, generator) for _ in range(8 * PAIRS_A_STEP)]
        for batch in batches_of(pairs, PAIRS_A_STEP, generator):
            rate = arguments.learning_rate * min(1.0, (step + 1) / 20) * max(0.03, 0.5 * (1 + math.cos(math.pi * min(1.0, done / budget))))
            for group in optimiser.param_groups:
                group["lr"] = rate
            loss, figures = step_loss(model, batch, arguments.ce, arguments.contrast)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            step += 1
            log.append((loss.item(), *figures))
            done = before + time.time() - started
            if done >= budget:
                break
        recent = np.mean(log[-40:], axis=0)
        print(f"{done:6.0f} s  step {step}  loss {recent[0]:.3f}  pairs told apart {recent[1]:.3f}  margin {recent[2]:.2f}  nll a token {recent[3]:.3f}", flush=True)
        if time.time() - saved_at > 240:
            save()
            saved_at = time.time()
    save()
    (out / "report.json").write_text(json.dumps({"seconds": done, "steps": step, "pairs": step * PAIRS_A_STEP, "last": log[-1]}))


if __name__ == "__main__":
    main()
