"""Explanations, facts, capitals and small talk."""

import texts
from sources import Source, Turn


class Knowledge(Source):
    """What the model can say about the world and about itself."""

    def __init__(self, rng):
        super().__init__(rng)
        self.often = self.concepts[:24]
        self.smalltalk = list(texts.answered("smalltalk.txt"))

    def concept(self):
        r = self.rng
        subject = r.choice(self.often if r.random() < 0.4 else self.concepts)
        first, second, third = subject["sentences"]
        bare = subject["names"][0]
        thought = f"The user asks about {bare}. I know this, so I explain it in few words."
        name = r.choice(subject["names"])
        if r.random() < 0.25 and "(" not in name:
            name = name.upper() if r.random() < 0.15 else name.capitalize()
        kind = r.choices(["explain", "short", "long"], [80, 13, 7])[0]
        if kind == "explain" and subject["questions"] and r.random() < 0.4:
            user = r.choice(subject["questions"])
        else:
            user = self.phrase(kind, x=name)
        answer = {
            "explain": f"{first} {second}",
            "short": first,
            "long": f"{first} {second} {third}",
        }
        chain = [Turn(user, answer[kind], thought)]
        if kind == "explain" and r.random() < 0.3:
            chain.append(Turn(self.phrase("shorter"), first, "I shall say it shorter."))
        if kind != "long" and r.random() < 0.25:
            chain.append(Turn(self.phrase("more"), third, f"The user wants more about {bare}."))
        if r.random() < 0.1:
            other = r.choice(self.concepts)
            follow = r.choice(["and what is {x}", "and {x}", "what about {x}", "and {x}?"])
            chain.append(
                Turn(follow.format(x=r.choice(other["names"])), " ".join(other["sentences"][:2]))
            )
        return chain

    def fact(self):
        asked, answers = self.rng.choice(self.facts)
        return [Turn(self.rng.choice(asked), self.rng.choice(answers))]

    def in_series(self):
        asked, answers = self.rng.choice(self.series)
        return [Turn(self.rng.choice(asked), answers[0], "I list them in order.")]

    def small(self):
        groups = self.smalltalk[:7] if self.rng.random() < 0.4 else self.smalltalk
        asked, answers = self.rng.choice(groups)
        return [
            Turn(self.rng.choice(asked), self.rng.choice(answers), "I answer in a friendly way.")
        ]

    def capital(self):
        r = self.rng
        country, city = self.country()
        full = f"The capital of {country} is {city}."
        thought = f"The user asks for the capital of {country}. It is {city}."
        kind = r.choices(
            ["capital", "nowhere", "oneword", "reverse", "right", "wrong"], [76, 9, 5, 4, 3, 3]
        )[0]
        if kind == "nowhere":
            place = r.choice([r.choice(self.words["region"]), self.invented().capitalize()])
            return [self.unknown(self.phrase("capital", x=place))]
        if kind == "oneword":
            return [Turn(self.phrase(kind, x=country), city, thought)]
        if kind == "reverse":
            country, city = r.choice(self.common)
            full = f"{city} is the capital of {country}."
            return [Turn(self.phrase(kind, x=city), full.replace("D.C. is", "D.C., is"), thought)]
        if kind == "right":
            return [
                Turn(
                    f"is {city} the capital of {country}",
                    f"Yes, the capital of {country} is {city}.",
                    thought,
                )
            ]
        if kind == "wrong":
            other = self.country()[1]
            other = r.choice([other, self.invented()]) if other != city else self.invented()
            return [
                Turn(
                    f"is {other} the capital of {country}",
                    f"No, the capital of {country} is {city}.",
                    thought,
                )
            ]
        shown = country.removeprefix("the ") if r.random() < 0.5 else country
        chain = [Turn(self.phrase("capital", x=shown), full.replace("..", "."), thought)]
        while r.random() < 0.35 and len(chain) < 4:
            country, city = self.country()
            answer = f"The capital of {country} is {city}.".replace("..", ".")
            thought = f"Now the user asks for the capital of {country}. It is {city}."
            chain.append(Turn(self.phrase("andcapital", x=country), answer, thought))
        return chain
