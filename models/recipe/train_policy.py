"""Stage train-policy: labelled completions -> a LoRA adapter that writes to a reward.

A first round on labelled completions of others (people, the base). The contrast weighs more than the
words, or the adapter never finds the reward; train-online, which follows, weighs the words again.
The base is frozen; LoRA on every linear layer of the upper layers.
"""

import argparse
import random

import numpy as np
import torch

import graph
from contrast import PAIRS_A_STEP, PairRows, batches_of, labelled_pairs, step_loss
from dialogue import read_jsonl
from precision import DEVICE
from prompt_ids import PromptEncoder
from training import Training
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

    torch.manual_seed(arguments.seed)
    generator = random.Random()
    encoder = PromptEncoder(f"{arguments.policy}/tokenizer.json")
    model = llama(arguments.policy)
    torch.set_default_device(DEVICE)
    training = Training(model, arguments.rank, arguments.out, arguments.learning_rate, arguments.minutes, warm_up_steps=20)
    training.resume()
    generator.seed(arguments.seed + training.step)

    groups = (group for path in arguments.labelled for group in read_jsonl(path))
    source = labelled_pairs(groups, lambda prompt: len(encoder.prompt(prompt, False)), generator)
    log = []
    while not training.over:
        pairs = [PairRows.of(next(source), encoder, generator) for _ in range(8 * PAIRS_A_STEP)]
        for batch in batches_of(pairs, PAIRS_A_STEP, generator):
            loss, figures = step_loss(model, batch, arguments.ce, arguments.contrast)
            training.update([loss])
            log.append((loss.item(), *figures))
            if training.over:
                break
        recent = np.mean(log[-40:], axis=0)
        print(f"{training.seconds:6.0f} s  step {training.step}  loss {recent[0]:.3f}  pairs told apart {recent[1]:.3f}  margin {recent[2]:.2f}  nll a token {recent[3]:.3f}", flush=True)
        training.save(older_than=240)
    training.save()


if __name__ == "__main__":
    main()
