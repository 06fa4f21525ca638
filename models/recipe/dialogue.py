"""Transcripts, the reward prompt, and the data files: the Python twin of src/domain.

A transcript is the text that hh-rlhf publishes: turns that begin with "\\n\\nHuman: " or
"\\n\\nAssistant: ". `prompt_dialogue` is a transcript that ends with a human turn.
"""

import gzip
import json
import re
import zlib
from pathlib import Path

REWARD_OPEN = "<REWARD>"
REWARD_CLOSE = "<SOS>"
REPEATS = 10
TURN = re.compile(r"\n\n(Human|Assistant):")


def read_jsonl(path):
    """Yield one object a line from a JSON Lines file, gzipped or not."""
    opener = gzip.open if str(path).endswith(".gz") else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def write_jsonl(path, rows):
    """Write rows as JSON Lines through a temporary file, so that a crash leaves no half file."""
    path = Path(path)
    temporary = path.with_suffix(".partial")
    with open(temporary, "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    temporary.rename(path)


def turns(transcript):
    """Split a transcript into [(speaker, text)], speaker "Human" or "Assistant"."""
    marks = list(TURN.finditer(transcript))
    ends = [mark.start() for mark in marks[1:]] + [len(transcript)]
    return [(mark.group(1), transcript[mark.end() : end].strip()) for mark, end in zip(marks, ends)]


def first_human_turn(transcript):
    """The text by which prompts are told apart when data are split."""
    return turns(transcript)[0][1]


def fold_of(prompt_dialogue, folds):
    """Which of so many folds a dialogue belongs to, by its first human turn."""
    return zlib.crc32(first_human_turn(prompt_dialogue).encode()) % folds


def reward_lines(rewards, form="bottom"):
    """The control lines for {"helpful": 0..1, "harmless": 0..1}, or one of them; None gives the null reward.

    form: "bottom" and "top" two decimals an axis, "duplicate" the same ten times, "times100" whole percents,
    "joint" one line with the mean of the axes.
    """
    if rewards is None:
        lines = []
    elif form == "joint":
        lines = [f"Reward: {sum(rewards.values()) / len(rewards):.2f}"]
    else:
        number = (lambda value: f"{100 * value:.0f}") if form == "times100" else (lambda value: f"{value:.2f}")
        lines = [f"{axis.capitalize()} reward: {number(value)}" for axis, value in rewards.items()]
    return REWARD_OPEN + "\n" + "\n".join(lines * (REPEATS if form == "duplicate" else 1)) + REWARD_CLOSE
