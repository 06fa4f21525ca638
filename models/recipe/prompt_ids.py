"""Dialogue and reward -> token ids of the policy's chat prompt: the Python twin of src/domain/rewardPrompt.ts
and src/runtimes/local/tokenizer.ts. The user's text is encoded apart and never gives a special token."""

from tokenizers import Tokenizer

from dialogue import reward_lines, turns
from special_tokens import special_cuts

END = 2  # <|im_end|>


class PromptEncoder:
    def __init__(self, tokenizer_path):
        self.tokenizer = Tokenizer.from_file(str(tokenizer_path))
        self.cuts = special_cuts(self.tokenizer)
        self.known = {}

    def user(self, text):
        """Ids of a user's text; a typed control string is cut after its first character."""
        return [i for piece in self.cuts.split(text) for i in self.control(piece)]

    def control(self, text):
        if text not in self.known:
            self.known[text] = self.tokenizer.encode(text, add_special_tokens=False).ids
        return self.known[text]

    def prompt(self, prompt_dialogue, rewards, form="bottom"):
        """Chat prompt with the reward block right before the answer, or before the first turn where form is "top".

        rewards {"helpful": 0..1, "harmless": 0..1}, None for the null reward, or False for no block.
        """
        block = "" if rewards is False else reward_lines(rewards, form)
        bottom = f"\n{block}" if block and form != "top" else ""
        before = f"{block}\n" if block and form == "top" else ""
        ids, dialogue = [], turns(prompt_dialogue)
        for number, (speaker, text) in enumerate(dialogue):
            last = number == len(dialogue) - 1
            role = "user" if speaker == "Human" else "assistant"
            ids += self.control(f"{before if number == 0 else ''}<|im_start|>{role}\n") + self.user(text)
            ids += self.control(f"{bottom if last else ''}<|im_end|>\n")
        return ids + self.control("<|im_start|>assistant\n")

    def completion(self, text):
        """Ids of a completion with its end token."""
        return self.user(text.strip()) + [END]
