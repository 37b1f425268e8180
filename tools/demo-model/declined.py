"""Questions that the model must decline."""

import texts
from sources import Source

COMMON_WORDS = set(
    "what which where when does have that this name list tell from with many much into called come "
    "your know they there long first world the".split()
)


class Declined(Source):
    """What the model does not know, and says so."""

    def __init__(self, rng):
        super().__init__(rng)
        self.frames, self.whole = texts.offtopic()
        known = {w for c in self.concepts for name in c["names"] for w in name.lower().split()}
        known |= {w for w, _ in self.tables["colour"] + self.tables["sound"]}
        self.strange = [w for w in self.words["noun"] if w not in known]

    def off(self):
        if self.rng.random() < 0.12:
            return [self.unknown(self.rng.choice(self.whole))]
        if self.rng.random() < 0.2:
            kind = self.rng.choices(["explain", "short", "long"], [80, 12, 8])[0]
            return [self.unknown(self.phrase(kind, x=self.strange_thing()))]
        return [self.unknown(self.fill(self.rng.choice(self.frames)))]

    def strange_thing(self):
        r = self.rng
        noun = r.choice(self.strange)
        return r.choice(
            [
                r.choice(self.words["topic"]),
                r.choice(self.words["topic"]),
                f"a {noun}",
                f"the {noun}",
                f"the {r.choice(self.words['adjective'])} {noun}",
                f"{noun} {r.choice(self.strange)}",
                self.invented(),
                f"a {self.invented()}",
                f"{self.invented()} {self.invented()}",
                f"{noun}s",
                f"the {noun} of {self.invented()}",
            ]
        )

    def fill(self, frame):
        r = self.rng

        def country():
            return r.choice(self.common + self.rare)[0]

        return frame.format(
            n=r.choice(self.strange),
            m=r.choice(self.strange),
            a=r.choice(self.words["adjective"]),
            b=r.choice(self.words["adjective"]),
            t=r.choice(self.words["topic"]),
            u=r.choice(self.words["topic"]),
            p=r.choice(self.words["person"] + [self.invented().capitalize()]),
            q=r.choice(self.words["person"]),
            w=self.invented(),
            c=country(),
            d=country(),
            r=r.choice(self.words["region"]),
            v=r.choice(self.words["verb"]),
            y=r.randint(1800, 2026),
            k=r.randint(130, 9999),
            j=r.randint(130, 9999),
        )

    def near_miss(self):
        """A known question with its main word replaced."""
        asked, _ = self.rng.choice(self.facts + self.series)
        words = self.rng.choice(asked).split()
        places = [i for i, w in enumerate(words) if len(w) > 3 and w not in COMMON_WORDS]
        if not places:
            return self.off()
        for i in places:
            words[i] = self.rng.choice([self.rng.choice(self.strange), self.invented()])
        return [self.unknown(" ".join(words))]
