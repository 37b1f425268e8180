"""What all topics share: the texts, the words and the chance."""

from dataclasses import dataclass

import texts

NUMBERS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
).split()


@dataclass
class Turn:
    """One question with its answer; a `verbatim` question is not garbled."""

    user: str
    answer: str
    thought: str = "This is a plain question, and I know the answer."
    verbatim: bool = False


class Source:
    """Draws questions from the texts. All chance comes from `rng`."""

    def __init__(self, rng):
        self.rng = rng
        self.ask = texts.sections("phrasings.txt")
        self.fixed = texts.sections("fixed.txt")
        self.words = texts.words()
        self.tables = texts.tables()
        self.common, self.rare = texts.capitals()
        self.facts = list(texts.answered("facts.txt"))
        self.series = list(texts.answered("series.txt"))
        self.concepts = list(texts.concepts())

    def phrase(self, kind, **gaps):
        return self.rng.choice(self.ask[kind]).format(**gaps)

    def country(self):
        return self.rng.choice(self.common if self.rng.random() < 0.8 else self.rare)

    def invented(self):
        """A word that does not exist."""
        r = self.rng
        starts = "b br c ch cl d dr f fl g gr h j k l m n p pl qu r s sh sk st t tr v w z x".split()
        ends = "n r l s t m x nd rk sh ck nt lo".split() + [""] * 4
        parts = [r.choice(starts) + r.choice("aeiouy") for _ in range(r.choice([1, 2, 2, 3]))]
        word = "".join(parts) + r.choice(ends)
        return word.capitalize() if r.random() < 0.4 else word

    def unknown(self, user):
        """The honest answer to a question outside all topics."""
        thought = "I was not taught this, so I say that I do not know."
        return Turn(user, self.rng.choice(self.fixed["unknown"]), thought)
