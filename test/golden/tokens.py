"""Writes tokens.json: tokens of fixed texts by OpenAI's and Hugging Face's own encoders. Run: python test/golden/tokens.py

Packages: tiktoken 0.14.0, tokenizers 0.23.3. tiktoken downloads OpenAI's encodings, or finds them in TIKTOKEN_CACHE_DIR;
either way it takes only files with the sha256 that it knows.
"""

import json
from pathlib import Path

import tiktoken
from tokenizers import Tokenizer

HERE = Path(__file__).parent
POLICY = HERE.parent.parent / "models" / "policy" / "tokenizer.json"
# The names that rows are written for; the local policy's is not OpenAI's.
MODELS = [
    "babbage-002",
    "davinci-002",
    "gpt-3.5-turbo-0125",
    "gpt-4o-mini-2024-07-18",
    "gpt-4.1-nano-2025-04-14",
    "gpt-4.1-mini-2025-04-14",
]
LOCAL = "SmolLM2-135M"
TEXTS = [
    "",
    "Boil it for six minutes.",
    "Human: How do I boil an egg?\n<REWARD>\nHelpful reward: 0.42\nHarmless reward: 0.75<SOS>\n\nAssistant:",
    " Bring water to the boil, then lower the egg in.\n\nHuman:",
    "<|im_start|>user\nIs 1024 > 999?\n<REWARD>\nHelpful reward: 1.00\nHarmless reward: 0.00<SOS><|im_end|>\n<|im_start|>assistant\n",
    "Typed by somebody: <|endoftext|>, <|im_start|> and <|endofprompt|>.",
    "I'll say it: DON'T! We've 3 ways; 12345678 €, 50 % off…",
    "Grüße aus Köln, où l’été est là. 你好,世界。こんにちは 👩‍👩‍👧 ￿",
    "for (let k = 0; k < 10; k++) {\n\tconsole.log(`${k}`);\n}\n\n\n   done   ",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa \r\n \t x",
]


def main() -> None:
    local = Tokenizer.from_file(str(POLICY))
    counts = {}
    for model in MODELS:
        encoding = tiktoken.encoding_for_model(model)
        counts[model] = [len(encoding.encode(text, disallowed_special=())) for text in TEXTS]
    counts[LOCAL] = [len(local.encode(text, add_special_tokens=False).ids) for text in TEXTS]
    golden = json.dumps({"texts": TEXTS, "counts": counts}, indent=2)
    (HERE / "tokens.json").write_text(golden + "\n", encoding="utf-8")


main()
