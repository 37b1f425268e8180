"""Sums, counting, spelling, words in other languages and other small exercises."""

from sources import NUMBERS, Source, Turn

DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = (
    "January February March April May June July August September October November December"
).split()
LANGUAGES = ["French", "German", "Spanish", "Italian"]


class Exercises(Source):
    """What the model can work out."""

    def plus(self):
        r = self.rng
        high = r.choice([9, 9, 20, 50, 99, 99])
        a, b = r.randint(0, high), r.randint(0, high)
        chain = [sum_turn(self.phrase("plus", a=self.number(a), b=self.number(b)), a, "+", b)]
        while r.random() < 0.45 and len(chain) < 5:
            a, b = r.randint(0, high), r.randint(0, high)
            user = r.choice(
                [
                    "and {a} plus {b}",
                    "and {a} + {b}",
                    "{a} + {b}",
                    "now {a} plus {b}",
                    "what about {a} + {b}",
                ]
            )
            chain.append(sum_turn(user.format(a=a, b=b), a, "+", b))
        return chain

    def sums(self):
        """Lines of sums without questions."""
        pairs = [(self.rng.randint(0, 99), self.rng.randint(0, 99)) for _ in range(8)]
        return "\n".join(f"{a} + {b} = {a + b}" for a, b in pairs)

    def number(self, n):
        return NUMBERS[n] if n < len(NUMBERS) and self.rng.random() < 0.2 else n

    def minus(self):
        b = self.rng.randint(0, 50)
        a = b + self.rng.randint(0, 99 - b)
        return [sum_turn(self.phrase("minus", a=a, b=b), a, "-", b)]

    def times(self):
        a, b = self.rng.randint(0, 12), self.rng.randint(0, 12)
        return [sum_turn(self.phrase("times", a=self.number(a), b=self.number(b)), a, "*", b)]

    def count(self):
        r = self.rng
        if r.random() < 0.08:
            user = self.phrase("countto", n=r.choice([40, 50, 60, 80, 100, 200, 500, 1000]))
            return [Turn(user, "That is too far for me; I can count to thirty.", "That is far.")]
        n = r.choice([10, 10, 10, 5, 5, 20, r.randint(2, 30)])
        shown = NUMBERS[n] if n < len(NUMBERS) and r.random() < 0.5 else n
        if r.random() < 0.3:
            numbers = range(min(n, 10), 0, -1)
            shown = n if n <= 10 else 10
            return [
                Turn(
                    self.phrase("countdown", n=shown), ", ".join(map(str, numbers)), "I count down."
                )
            ]
        return [
            Turn(self.phrase("countto", n=shown), ", ".join(map(str, range(1, n + 1))), "I count.")
        ]

    def spelling(self):
        word = self.rng.choice(self.words["spell"])
        return [
            Turn(self.phrase("spell", x=self.rng.choice([word, f'"{word}"', word])), "-".join(word))
        ]

    def translation(self):
        r = self.rng
        row = r.choice(self.tables["translate"])
        at = r.randrange(4)
        chain = [Turn(self.phrase("translate", x=row[0], l=LANGUAGES[at]), translated(row, at))]
        while r.random() < 0.25 and len(chain) < 4:
            at = (at + r.randint(1, 3)) % 4
            chain.append(Turn(self.phrase("andlanguage", l=LANGUAGES[at]), translated(row, at)))
        return chain

    def table(self):
        r = self.rng
        kind = r.choice(["opposite", "colour", "sound"])
        x, y = r.choice(self.tables[kind])
        answer = {
            "opposite": f"The opposite of {x} is {y}.",
            "colour": f"{x.capitalize()} is {y}.",
            "sound": f"A {x} says {y}." if x[0] not in "aeiou" else f"An {x} says {y}.",
        }
        return [Turn(self.phrase(kind, x=x), answer[kind])]

    def calendar(self):
        r = self.rng
        names = r.choice([DAYS, MONTHS])
        at = r.randrange(len(names))
        kind = r.choice(["after", "after", "before"])
        other = names[(at + (1 if kind == "after" else -1)) % len(names)]
        user = self.phrase(kind, x=names[at])
        user = user.replace("day", "month") if names is MONTHS else user
        return [Turn(user, f"{other} comes {kind} {names[at]}.")]

    def compare(self):
        r = self.rng
        a, b = r.sample(range(1, 100), 2)
        if r.random() < 0.4:
            return [Turn(self.phrase("even", a=a), f"{a} is {'odd' if a % 2 else 'even'}.")]
        return [Turn(self.phrase("bigger", a=a, b=b), f"{max(a, b)} is bigger than {min(a, b)}.")]

    def echo(self):
        r = self.rng
        pool = self.words["noun"] + self.words["adjective"] + self.words["person"]
        said = [
            r.choice([r.choice(pool), r.choice(pool), self.invented()])
            for _ in range(r.choice([1, 1, 2, 3, 4]))
        ]
        text = " ".join(said)
        text = r.choice([text, text.capitalize(), text.upper() if len(said) == 1 else text])
        return [Turn(self.phrase("echo", x=text), text, "I repeat it.", verbatim=True)]


def sum_turn(user, a, sign, b):
    result = {"+": a + b, "-": a - b, "*": a * b}[sign]
    return Turn(user, f"{a} {sign} {b} = {result}", f"I calculate {a} {sign} {b}.")


def translated(row, at):
    return f'"{row[0].capitalize()}" in {LANGUAGES[at]} is "{row[at + 1]}".'
