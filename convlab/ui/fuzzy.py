"""How well a few typed letters fit a text: in order, best at the beginnings of words."""

from __future__ import annotations

WORD_START, RUN, GAP = 8.0, 6.0, 0.1


def fit(typed: str, text: str) -> float | None:
    """Return how well letters fit a text, larger is better; None if it does not have them in order.

    Blanks part what is typed into words that may stand in any order.

    >>> fit("kl", "Kernel lab") > fit("kl", "Walk later")
    True
    >>> fit("xyz", "Kernel lab") is None
    True
    """
    text = text.casefold()
    scores = [_fit_word(word, text) for word in typed.casefold().split()]
    found = [score for score in scores if score is not None]
    return sum(found) - 0.01 * len(text) if len(found) == len(scores) else None


def _fit_word(word: str, text: str) -> float | None:
    """Fit a word as a whole if it can be, at the beginning of one best, else letter by letter."""
    start = f" {text}".find(f" {word}")
    whole = start if start >= 0 else text.find(word)
    if whole >= 0:
        return len(word) * RUN + WORD_START * (1 + _starts_word(text, whole)) - GAP * whole
    score, place = 0.0, -1
    for letter in word:
        here = _next_place(letter, text, place + 1)
        if here < 0:
            return None
        is_run = place >= 0 and here == place + 1
        score += RUN if is_run else WORD_START * _starts_word(text, here)
        score -= GAP * (here - place - 1)
        place = here
    return score


def _next_place(letter: str, text: str, start: int) -> int:
    """Return where a letter comes next; the beginning of a word comes before its middle."""
    here = text.find(letter, start)
    at_word = text.find(f" {letter}", start)
    is_best = here < 0 or here == start or at_word < 0 or _starts_word(text, here)
    return here if is_best else at_word + 1


def _starts_word(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()
