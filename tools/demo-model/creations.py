"""Lists, jokes, poems, stories and greetings of a given length."""

import texts
from sources import NUMBERS, Source, Turn


class Creations(Source):
    """What the model can make up."""

    def __init__(self, rng):
        super().__init__(rng)
        self.circles = list(texts.circles())
        self.creative = texts.creative()
        self.tales = texts.sections("tales.txt")

    def circle(self):
        r = self.rng
        names, things = r.choice(self.circles)
        n = r.choices(range(1, 8), [2, 3, 8, 4, 5, 2, 1])[0]
        n = min(n, len(things))
        name = names[-1] if n == 1 else r.choice(names)
        at = r.randrange(len(things))
        shown = r.choice([str(n), NUMBERS[n], NUMBERS[n]])
        thought = f"I need {NUMBERS[n]} {names[0]}."
        chain = [Turn(self.phrase("name", n=shown, x=name), listing(things, at, n), thought)]
        if r.random() < 0.15 and n <= 3:
            user = r.choice(
                [
                    "{n} more",
                    "{n} more please",
                    "name {n} more",
                    "and {n} more",
                    "give me {n} others",
                ]
            )
            chain.append(Turn(user.format(n=shown), listing(things, at + n, n), thought))
        return chain

    def creation(self):
        r = self.rng
        kinds = ["joke"] * 8 + ["haiku"] * 4 + ["poem"] * 3 + list(self.creative)
        kind = r.choice(kinds)
        made = self.creative[kind]
        at = r.randrange(len(made))
        user = self.phrase(kind, x=self.subject())
        chain = [Turn(user, made[at], f"The user wants a {kind}. I know one.")]
        while len(made) > 1 and r.random() < 0.25 and len(chain) < 4:
            at = (at + 1) % len(made)
            chain.append(Turn(self.phrase("again"), made[at], "The user wants another one."))
        return chain

    def subject(self):
        r = self.rng
        if r.random() < 0.15:
            return self.invented().lower()
        noun = r.choice(self.words["noun"])
        return f"{r.choice(self.words['adjective'])} {noun}" if r.random() < 0.3 else noun

    def story(self):
        r = self.rng
        if r.random() < 0.12:
            noun = r.choice(["fox", "robot", "dragon", "boat"])
            return [Turn(self.phrase("anystory"), self.tale("tale", noun), "I tell a short story.")]
        noun = self.subject()
        hero = with_article(noun)
        shown = r.choice([hero, hero, f"the {noun}", noun, f"{noun}s"])
        if r.random() < 0.12:
            text = self.tale("tale", noun) + "\n\n" + self.tale("sequel", noun)
            return [Turn(self.phrase("longstory", x=shown), text, f"A long story about {hero}.")]
        text = self.tale("tale", noun)
        return [Turn(self.phrase("story", x=shown), text, f"A short story about {hero}.")]

    def tale(self, kind, noun):
        return self.rng.choice(self.tales[kind]).format(n=noun, a=with_article(noun))

    def hello(self):
        r = self.rng
        if r.random() < 0.15:
            n = r.randint(1, len(self.fixed["bye"]))
            user = self.phrase("bye", n=r.choice([n, NUMBERS[n]]))
            return [
                Turn(user, self.fixed["bye"][n - 1], f"I need a goodbye of {NUMBERS[n]} words.")
            ]
        n = r.choices(range(1, 8), [1, 2, 3, 2, 8, 2, 1])[0]
        user = self.phrase("hello", n=r.choice([n, NUMBERS[n], NUMBERS[n]]))
        return [Turn(user, self.fixed["hello"][n - 1], f"I need a hello of {NUMBERS[n]} words.")]


def listing(things, at, n):
    drawn = [things[(at + i) % len(things)] for i in range(n)]
    text = drawn[0] if n == 1 else f"{', '.join(drawn[:-1])} and {drawn[-1]}"
    return text[0].upper() + text[1:] + "."


def with_article(noun):
    return ("an " if noun[0] in "aeiou" else "a ") + noun
