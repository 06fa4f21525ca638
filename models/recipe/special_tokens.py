"""Special tokens act only where the program wrote them: the Python twin of cutAtSpecialTokens in src/domain/controlText.ts."""

import re


def special_cuts(tokenizer):
    """A pattern that splits a text after the first character of every special token typed in it.

    Encoded apart, the pieces give no special token.
    """
    specials = [token.content for token in tokenizer.get_added_tokens_decoder().values()]
    return re.compile("|".join(f"(?<={re.escape(s[0])})(?={re.escape(s[1:])})" for s in specials))
