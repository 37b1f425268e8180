"""Long texts of many kinds, such as people paste in front of a question."""

import json

import texts

LETTERS = [(33, 126), (0xC0, 0x24F), (0x400, 0x44F), (0x4E00, 0x4EFF)]


class Filler:
    def __init__(self, topics):
        self.topics, self.rng = topics, topics.rng
        self.words, self.invented = topics.knowledge.words, topics.knowledge.invented
        self.frames = texts.sections("filler.txt")
        self.taught = [s for c in topics.knowledge.concepts for s in c["sentences"]]
        self.taught += [a for _, answers in topics.knowledge.facts for a in answers]
        self.kinds = [self.prose] * 5 + [self.notes, self.repeated, self.log, self.strange]
        self.kinds += [self.quiz, self.records, self.code, self.noise, self.mixed, self.mixed]

    def text(self, length):
        """Text of about `length` characters."""
        make = self.rng.choice(self.kinds)
        if make == self.repeated:
            unit = make() + self.rng.choice([" ", " ", "\n"])
            return (unit * (length // len(unit) + 1)).strip()
        joiner = self.rng.choice([" ", " ", " ", "\n", "\n\n"])
        parts, size = [], 0
        while size < length:
            parts.append(make())
            size += len(parts[-1]) + len(joiner)
        return joiner.join(parts)

    def fill(self, kind):
        r, w = self.rng, self.words
        nouns, adjectives, persons = (w[k] for k in ("noun", "adjective", "person"))
        return r.choice(self.frames[kind]).format(
            n=r.choice(nouns),
            m=r.choice(nouns),
            o=r.choice(nouns),
            a=r.choice(adjectives),
            b=r.choice(adjectives),
            p=r.choice(persons),
            q=r.choice(persons),
            v=r.choice(w["verb"]),
            x=r.choice(w["place"]),
            t=r.choice(w["topic"]),
            i=r.randint(2, 400),
            y=r.randint(1500, 2026),
        )

    def prose(self):
        return self.fill("prose")

    def code(self):
        return self.fill("code") + "\n"

    def notes(self):
        return self.rng.choice(self.taught)

    def repeated(self):
        return self.rng.choice([self.prose, self.notes, self.word, self.strange])()

    def word(self):
        return self.rng.choice(self.words["noun"])

    def log(self):
        r = self.rng
        day = f"2026-{r.randint(1, 12):02}-{r.randint(1, 28):02}"
        time = f"{day}T{r.randint(0, 23):02}:{r.randint(0, 59):02}:{r.randint(0, 59):02}"
        level, verb = r.choice(["INFO", "WARN", "ERROR", "DEBUG"]), r.choice(self.words["verb"])
        thread = f"{self.word()}-{r.randint(1, 16)}"
        return f"{time} {level} [{thread}] {verb} {self.invented()} in {r.randint(1, 900)} ms\n"

    def strange(self):
        words = [self.invented() for _ in range(self.rng.randint(4, 14))]
        return " ".join(words).capitalize() + "."

    def quiz(self):
        turn = self.topics.draw()[0]
        frame = self.rng.choice(["Q: {}\nA: {}\n", "{} {}", "User: {}\nBot: {}\n"])
        return frame.format(turn.user, turn.answer)

    def records(self):
        r = self.rng
        row = {"id": r.randint(1, 9999), "name": r.choice(self.words["person"])}
        row[self.word()] = r.choice(self.words["adjective"])
        return r.choice([json.dumps(row), ",".join(map(str, row.values()))]) + "\n"

    def noise(self):
        r = self.rng
        kind = r.randrange(3)
        if kind == 0:
            return f"{r.getrandbits(32):08x}-{r.getrandbits(16):04x}"
        if kind == 1:
            return " ".join(str(r.randint(0, 999)) for _ in range(8))
        return "".join(chr(r.randint(*r.choice(LETTERS))) for _ in range(6))

    def mixed(self):
        return self.rng.choice(self.kinds[:-2])()
