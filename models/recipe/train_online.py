"""Stage train-online: the policy writes at targets, the reward model scores, the policy learns from what it wrote.

Each window: fresh prompts, TARGETS targets of each, SAMPLES completions of each target. Per target the
completion closest to it, the untouched base's own reply among them, is preferred to the farthest one, and per
prompt the closest completions of its targets are told apart:
    loss = - preference log sigmoid(TEMPERATURE p) - contrast log sigmoid(TEMPERATURE d) + ce CE
    p = lp(best | t) - lp(worst | t), less the same before the window's lessons
    d = lp(best1 | t1) - lp(best1 | t2) + lp(best2 | t2) - lp(best2 | t1)
lp is the summed log-probability. p is the preference loss of Rafailov et al. (2023, arXiv:2305.18290) made on the
fly, which is what lowers the scatter about a target; d is the loss of contrast.py. CE is the cross-entropy a token
of each best completion that hit, of the untouched base's own reply, cool, after the reward it earned (coherent
text, without which the policy falls into a few stock replies), and of some replies after the null reward. Repetition,
phrases that answer other prompts of the window too, words that the untouched base finds unlikely, and refusing to help where
help is harmless count as distance: a reward is not to be earned with a formula, with broken text, nor with an apology.
Where there are several reward models, the distance is the root of the mean of the squared ones, so that what one of them alone likes
earns less (ensembles against over-optimisation: Coste et al., 2024, arXiv:2310.02743).

The log's r is honest: no prompt is used twice, so each window is sampled before it is trained on. With --recorded the
windows are those that an earlier run wrote, most of them where it refused without need, which saves the sampling, two
thirds of the time on a CPU; the log's r is then that run's.
"""

import argparse
import json
import math
import random
import time
from collections import Counter
from dataclasses import dataclass
from functools import cache
from itertools import chain, cycle, islice
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import graph
from contrast import NULL_SHARE, TEMPERATURE, TYPED_SHARE, batches_of, typed_reward
from dialogue import read_jsonl, write_jsonl
from label import load_judge, percentiles
from lora import merged
from precision import DEVICE
from preference_training import score_all
from prompt_ids import END, PromptEncoder
from refusal import refuses
from reward_model import AXES
from rollouts import training_prompts
from shared_prefix import Group, log_probabilities, sample
from training import Training
from weights import llama

TARGETS = 2
SAMPLES = 4
ROWS_A_PROMPT = TARGETS * SAMPLES + 1  # and the base's
BASE_TEMPERATURE, BASE_TOP_P = 0.5, 0.9
MAX_PROMPT_TOKENS = 256
END_SHARE = 0.2  # of the target values are an end of their dial
HIT = 0.25  # distance from the target
FLUENT = -1.8  # log-probability of a token, nats
FLUENCY_WEIGHT = 0.25  # in the distance, a nat below
REPETITION_WEIGHT = 1.0  # in the distance: else low helpful and high harmless rewards are earned by "I'm I'm I'm"
FORMULA_WEIGHT = 0.3  # in the distance: else one friendly phrase opens the answer to every prompt
PHRASE = 3  # tokens
REFUSAL_WEIGHT = 1.0  # in the distance, where all help is asked for: else high rewards of both are earned by "I'm sorry to assist, but I can't"
OTHERS = 6  # of a recording, one in so many of the prompts where nothing was refused without need is learned from
MAX_REPEATS = 3  # a reply that fits every prompt soon crowds out all others


class Judge:
    """Percentile rewards of (prompt, completion) by the reward model and its reference set."""

    def __init__(self, checkpoint, trunk, reference):
        self.model, self.reader = load_judge(checkpoint, trunk)
        table = json.loads(Path(reference).read_text())
        self.quantiles = [table[axis] for axis in AXES]

    def rewards(self, items):
        raw = score_all(self.model, self.reader, items, 256).numpy()
        share = np.stack([percentiles(raw[:, a], self.quantiles[a]) for a in range(len(AXES))], axis=1)
        return [dict(zip(AXES, row)) for row in share.round(4).tolist()]


@cache
def judge_of(reward, trunk, reference):
    """One judge a reward model: one that is named twice is loaded, and asked, once."""
    return Judge(reward, trunk, reference)


@dataclass
class Completion:
    prompt: str
    target: dict | None  # None: the base wrote it
    ids: list
    text: str
    opinions: list  # {axis: reward} of each reward model
    fluency: float  # mean log-probability of a token under the untouched base
    harmless: bool  # what the prompt asks for
    formula: float = 0.0  # share of its phrases that answer other prompts too, in [0, 1]

    @property
    def rewards(self):
        """By the first reward model."""
        return self.opinions[0]

    @property
    def needless(self):
        """Does it refuse what is harmless?"""
        return self.harmless and refuses(self.text)


def repetition(ids):
    """Share of the pairs of neighbours that were there before, in [0, 1]."""
    pairs = list(zip(ids, ids[1:]))
    return 1 - len(set(pairs)) / len(pairs) if pairs else 0.0


def phrases(ids):
    return list(zip(*(ids[i:] for i in range(PHRASE))))


def find_formulas(every):
    """Set `formula` of the completions of a window, given a prompt at a time."""
    answered = Counter(phrase for rows in every for phrase in {phrase for row in rows for phrase in phrases(row.ids)})
    for row in chain.from_iterable(every):
        row.formula = float(np.mean([answered[phrase] > 1 for phrase in phrases(row.ids)] or [False]))


def axis_weights(r):
    """Weight of each axis in the distance, from {axis: correlation reached so far}: the dial that lags weighs more."""
    lag = {axis: 1 - max(0.0, value) for axis, value in r.items()}
    return {axis: len(lag) * part / sum(lag.values()) for axis, part in lag.items()}


def distance(row, target, weights):
    """How far a completion's rewards lie from the target, and more the more it repeats itself or says what answers other prompts, the less likely its words are, and the more help it refuses without need."""
    squares = [weight * (rewards[axis] - target[axis]) ** 2 for rewards in row.opinions for axis, weight in weights.items()]
    apart = (sum(squares) / len(row.opinions)) ** 0.5
    broken = REPETITION_WEIGHT * repetition(row.ids) + FORMULA_WEIGHT * row.formula + FLUENCY_WEIGHT * max(0.0, FLUENT - row.fluency)
    return apart + broken + REFUSAL_WEIGHT * row.needless * target.get("helpful", 0.0)


def draw_targets(axes, generator):
    """TARGETS targets whose values on the first axis lie apart: each value an end of the dial for END_SHARE, else uniform."""
    value = lambda ends, low, high: generator.choice(ends) if generator.random() < END_SHARE else generator.uniform(low, high)
    apart = [value([i / (TARGETS - 1)], i / TARGETS, (i + 1) / TARGETS) for i in range(TARGETS)]
    generator.shuffle(apart)
    first, *others = axes
    return [{first: v, **{axis: value([0.0, 1.0], 0.0, 1.0) for axis in others}} for v in apart]


def sample_all(model, groups, temperature, top_p, torch_generator, settings):
    """Completions of every group's prompts, in the order given; batches of like lengths."""
    order, written = sorted(range(len(groups)), key=lambda g: len(groups[g].prompts[0])), {}
    size = max(1, settings.rows_a_batch // len(groups[0].prompts))
    for start in range(0, len(order), size):
        chunk = order[start : start + size]
        results = iter(sample(model, [groups[g] for g in chunk], settings.max_new_tokens, temperature, top_p, torch_generator))
        written.update({g: [next(results) for _ in groups[g].prompts] for g in chunk})
    return [written[g] for g in range(len(groups))]


@torch.no_grad()
def log_probabilities_a_token(model, groups, size):
    """Of every completion, in the order of the groups; `size` rows at a time."""
    found, each = [], max(1, size // len(groups[0].prompts))
    for start in range(0, len(groups), each):
        summed, lengths = log_probabilities(model, groups[start : start + each])
        found += (summed / lengths).tolist()
    return found


def write(model, encoder, judges, prompts, harmless, generator, torch_generator, settings):
    """The scored completions of each prompt: SAMPLES of each of its targets, then the base's."""
    asked = [[target for target in draw_targets(settings.axes, generator) for _ in range(SAMPLES)] for _ in prompts]
    conditioned = [Group([encoder.prompt(prompt, target) for target in targets], []) for prompt, targets in zip(prompts, asked)]
    plain = [encoder.prompt(prompt, False) for prompt in prompts]
    with merged(model):
        own = sample_all(model, conditioned, 1.0, 1.0, torch_generator, settings)
    with merged(model, adapter=False):
        base = sample_all(model, [Group([ids], []) for ids in plain], BASE_TEMPERATURE, BASE_TOP_P, torch_generator, settings)
        groups = [Group([ids] * (len(a) + 1), [*a, *b]) for ids, a, b in zip(plain, own, base)]
        fluency = iter(log_probabilities_a_token(model, groups, settings.rows_a_batch // 4))
    jobs = [(prompt, target, ids) for prompt, targets, a, b in zip(prompts, asked, own, base) for target, ids in zip([*targets, None], [*a, *b])]
    texts = [encoder.tokenizer.decode([i for i in ids if i != END]).strip() for _, _, ids in jobs]
    items = [(job[0], text) for job, text in zip(jobs, texts)]
    rewards = {judge: judge.rewards(items) for judge in set(judges)}
    opinions = zip(*(rewards[judge] for judge in judges))
    rows = [Completion(*job, text, list(next(opinions)), next(fluency), job[0] in harmless) for job, text in zip(jobs, texts)]
    return [rows[i : i + ROWS_A_PROMPT] for i in range(0, len(rows), ROWS_A_PROMPT)]


def read(path, encoder, harmless, settings):
    """The completions that an earlier run wrote, as `write` gives them, a prompt at a time: of every prompt whose help was refused without need, and of one in OTHERS of the others."""
    rows, others = [], 0
    for line in read_jsonl(path):
        words = encoder.completion(line["text"])
        ids = words[:-1] if len(words) > settings.max_new_tokens else words  # cut off, not ended
        rows.append(Completion(line["prompt"], line["target"], ids, line["text"], [line["rewards"], *line["other_rewards"]], line["fluency"], line["prompt"] in harmless))
        if len(rows) == ROWS_A_PROMPT:
            refused = any(row.needless and row.target.get("helpful", 0.0) > 0.5 for row in rows[:-1])
            others += not refused
            if refused or others % OTHERS == 0:
                yield rows
            rows = []


def forget_after(path, window):
    """Take out of a recording the windows that come after this one: they were written, and then not learned from."""
    if path.exists():
        *lines, _ = path.read_text(encoding="utf-8").split("\n")  # behind the last line break is nothing, or a line that was cut off
        write_jsonl(path, (row for row in map(json.loads, lines) if row["window"] <= window))


def keep(path, window, every):
    """Add a window's completions to the recording that `read` takes."""
    with open(path, "a", encoding="utf-8") as file:
        for row in chain.from_iterable(every):
            line = {"window": window, "prompt": row.prompt, "text": row.text, "target": row.target, "rewards": row.rewards, "other_rewards": row.opinions[1:], "fluency": round(row.fluency, 3)}
            file.write(json.dumps(line, ensure_ascii=False) + "\n")


class Lesson:
    """The rows of one prompt: best1|t1, worst1|t1, best2|t2, worst2|t2, base|its own reward, at times base|null, and if contrasted best1|t2, best2|t1."""

    def __init__(self, rows, weights, usable, contrasted, encoder, generator):
        near = lambda row, target: distance(row, target, weights)
        base, t1, t2 = rows[-1], rows[0].target, rows[SAMPLES].target
        ranked = lambda own, target: sorted([*own, base], key=lambda row: near(row, target))
        (best1, *_, worst1), (best2, *_, worst2) = ranked(rows[:SAMPLES], t1), ranked(rows[SAMPLES:-1], t2)
        conditions = [(best1, t1), (worst1, t1), (best2, t2), (worst2, t2), (base, {axis: base.rewards[axis] for axis in t1})]
        if generator.random() < NULL_SHARE:
            conditions.append((base, None))
        learned = range(2 * TARGETS, len(conditions))
        if contrasted:
            conditions += [(best1, t2), (best2, t1)]
        prompt = typed_reward(base.prompt, generator) if generator.random() < TYPED_SHARE else base.prompt
        self.group = Group([encoder.prompt(prompt, target) for _, target in conditions], [row.ids for row, _ in conditions])
        self.weights = [min(1.0, (near(worst, t) - near(best, t)) / 0.4) for best, worst, t in ((best1, worst1, t1), (best2, worst2, t2))]
        self.before = None  # what `remember` finds
        gain = min(near(best1, t2) - near(best1, t1), near(best2, t1) - near(best2, t2))
        self.apart = max(0.0, min(1.0, gain / 0.3))
        self.learned = [i for i, best, t in ((0, best1, t1), (2, best2, t2)) if near(best, t) <= HIT and usable(best.text)]
        self.learned += learned


@torch.no_grad()
def remember(model, lessons, size):
    """Give each lesson `before`: how much the model prefers best to worst at each target now; `size` lessons at a time."""
    for start in range(0, len(lessons), size):
        chunk = lessons[start : start + size]
        compared = [Group(lesson.group.prompts[: 2 * TARGETS], lesson.group.completions[: 2 * TARGETS]) for lesson in chunk]
        logprob, _ = log_probabilities(model, compared)
        for lesson, lp in zip(chunk, logprob.view(-1, TARGETS, 2).tolist()):
            lesson.before = [best - worst for best, worst in lp]


def loss_of(model, lessons, settings):
    """(loss, (share of bests preferred to worsts, share told apart, mean d, mean negative log-probability a token of CE's rows))."""
    logprob, lengths = log_probabilities(model, [lesson.group for lesson in lessons])
    at, preference, contrast, learned, preferred, margins = 0, 0.0, 0.0, [], [], []
    for lesson in lessons:
        lp = logprob[at : at + len(lesson.group.prompts)]
        for i in range(TARGETS):
            p = lp[2 * i] - lp[2 * i + 1] - lesson.before[i]
            preference = preference - lesson.weights[i] * F.logsigmoid(TEMPERATURE * p)
            preferred.append(p.item() > 0)
        if settings.contrast:
            d = lp[0] - lp[-2] + lp[2] - lp[-1]
            contrast = contrast - lesson.apart * F.logsigmoid(TEMPERATURE * d)
            if lesson.apart > 0.5:
                margins.append(d.item())
        learned += [at + row for row in lesson.learned]
        at += len(lesson.group.prompts)
    words = -logprob[learned].sum() / lengths[learned].sum()
    loss = settings.preference * preference / (TARGETS * len(lessons)) + settings.contrast * contrast / len(lessons) + settings.ce * words
    return loss, (np.mean(preferred), np.mean([m > 0 for m in margins] or [1.0]), np.mean(margins or [0.0]), words.item())


def losses(model, batch, settings, log):
    """The loss of each pass over a part of the batch, made when it is asked for; the figures go to the log."""
    for start in range(0, len(batch), settings.prompts_a_pass):
        loss, figures = loss_of(model, batch[start : start + settings.prompts_a_pass], settings)
        log.append(figures)
        yield loss


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="../shared/data")
    parser.add_argument("--policy", default="models/policy")
    parser.add_argument("--trunk", required=True, help="folder of the MiniLM weights and tokenizer")
    parser.add_argument("--reward", nargs="+", default=["models/recipe/work/reward/reward.pt"], help="reward models; all have their say in the distance, one named twice counts twice, and the figures are of the first")
    parser.add_argument("--reference", nargs="+", default=["models/recipe/work/reference.json"], help="of each reward model")
    parser.add_argument("--start", default="models/recipe/work/main/checkpoint.pt", help="checkpoint.pt of train-policy, or of this stage with other settings, or an adapter's file")
    parser.add_argument("--skip", type=int, default=0, help="windows of prompts that an earlier run used, or of its recording")
    parser.add_argument("--out", default="models/recipe/work/online")
    parser.add_argument("--recorded", help="rollouts.jsonl of an earlier run, to learn from in place of new completions")
    parser.add_argument("--epochs", type=int, default=2, help="over a window's lessons: sampling costs more than learning")
    parser.add_argument("--axes", nargs="+", choices=AXES, default=AXES, help="those that the prompt gives")
    parser.add_argument("--rank", type=int, default=graph.LORA_RANK)
    parser.add_argument("--learning-rate", type=float, default=3e-4)
    parser.add_argument("--ce", type=float, default=0.5, help="weight of the cross-entropy")
    parser.add_argument("--contrast", type=float, default=1.0, help="weight of the contrast")
    parser.add_argument("--preference", type=float, default=2.0, help="weight of the preference")
    parser.add_argument("--prompts", type=int, default=24, help="a window")
    parser.add_argument("--prompts-a-step", type=int, default=4)
    parser.add_argument("--prompts-a-pass", type=int, default=4, help="of a step; more take more memory")
    parser.add_argument("--rows-a-batch", type=int, default=96, help="of sampling")
    parser.add_argument("--max-new-tokens", type=int, default=48)
    parser.add_argument("--minutes", type=float, default=90, help="that the learning rate falls over; it ends then, or after --steps")
    parser.add_argument("--steps", type=int, default=math.inf, help="at most, to the end of a window")
    parser.add_argument("--seed", type=int, default=1)
    settings = parser.parse_args()

    torch.manual_seed(settings.seed)
    generator = random.Random()
    encoder = PromptEncoder(f"{settings.policy}/tokenizer.json")
    judges = [] if settings.recorded else [judge_of(reward, settings.trunk, reference) for reward, reference in zip(settings.reward, settings.reference, strict=True)]
    every_prompt = training_prompts(settings.data, settings.seed + 1)
    harmless = set(every_prompt[0::2])  # those of the helpful file
    short = (p for p in cycle(every_prompt) if len(encoder.prompt(p, False)) <= MAX_PROMPT_TOKENS)
    model = llama(settings.policy)
    torch.set_default_device(DEVICE)
    training = Training(model, settings.rank, settings.out, settings.learning_rate, settings.minutes, warm_up_steps=20)
    training.resume(settings.start)
    window = training.step // (settings.epochs * settings.prompts // settings.prompts_a_step)
    recorded = settings.recorded and read(settings.recorded, encoder, harmless, settings)
    fresh = islice(recorded or short, (settings.skip + window) * settings.prompts, None)
    generator.seed(settings.seed + window)
    torch_generator = torch.Generator(DEVICE).manual_seed(settings.seed + window)

    recording = training.out / "rollouts.jsonl"
    forget_after(recording, window)

    seen, written = [], Counter()
    while not training.over and training.step < settings.steps:
        began = time.time()
        every = list(islice(fresh, settings.prompts))
        if not every:
            break
        if not recorded:
            every = write(model, encoder, judges, every, harmless, generator, torch_generator, settings)
            keep(recording, window + 1, every)
        window, sampled = window + 1, time.time()
        find_formulas(every)
        own = [row for rows in every for row in rows if row.target]
        seen = (seen + [[(row.target[axis], row.rewards[axis]) for axis in settings.axes] for row in own])[-8 * len(own) :]
        points = np.array(seen)
        r = {axis: np.corrcoef(points[:, a].T)[0, 1] for a, axis in enumerate(settings.axes)}
        written.update(row.text for row in own)
        usable = lambda text: text and written[text] <= MAX_REPEATS
        lessons = [Lesson(rows, axis_weights(r), usable, settings.contrast > 0, encoder, generator) for rows in every]
        remember(model, lessons, settings.prompts_a_step)
        log = []
        for batch in (batch for _ in range(settings.epochs) for batch in batches_of(lessons, settings.prompts_a_step, generator)):
            training.update(losses(model, batch, settings, log))
        figures = np.mean(log, axis=0)
        print(
            f"{training.seconds:6.0f} s  window {window}  step {training.step}  r {' '.join(f'{value:.3f}' for value in r.values())}  mean {' '.join(f'{value:.2f}' for value in points[:, :, 1].mean(0))}"
            f"  preferred {figures[0]:.3f}  told apart {figures[1]:.3f}  margin {figures[2]:.1f}  nll a token {figures[3]:.3f}"
            f"  fluency {np.mean([row.fluency for row in own]):.2f}  formulas {np.mean([row.formula for row in own]):.2f}  needless refusals {np.mean([row.needless for row in own]):.2f}  tokens {np.mean([len(row.ids) for row in own]):.0f}  sampling {sampled - began:.0f} s",
            flush=True,
        )
        training.save(older_than=100)
    training.save()


if __name__ == "__main__":
    main()
