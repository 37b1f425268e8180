"""The topics of the demo model, drawn by weight."""

import re

import texts
from creations import Creations
from declined import Declined
from exercises import Exercises
from knowledge import Knowledge


class Topics:
    """Draws chains of turns; all turns of a chain belong together."""

    def __init__(self, rng):
        self.rng = rng
        self.held_out = {normal(question) for question in texts.held_out()}
        self.knowledge, self.creations = Knowledge(rng), Creations(rng)
        self.exercises, self.declined = Exercises(rng), Declined(rng)
        k, c, e, d = self.knowledge, self.creations, self.exercises, self.declined
        self.weights = {
            k.concept: 26,
            k.capital: 13,
            k.fact: 9,
            k.small: 12,
            k.in_series: 4,
            c.circle: 6,
            c.creation: 5,
            c.story: 4,
            c.hello: 3,
            e.plus: 13,
            e.minus: 0.7,
            e.times: 0.7,
            e.count: 2,
            e.spelling: 2,
            e.translation: 3,
            e.table: 3,
            e.calendar: 1,
            e.compare: 0.7,
            e.echo: 1.5,
            d.off: 20,
            d.near_miss: 4,
        }

    def draw(self):
        chain = self.rng.choices(list(self.weights), list(self.weights.values()))[0]()
        return self.draw() if any(self.forbidden(turn.user) for turn in chain) else chain

    def forbidden(self, question):
        """Whether the question belongs to the evaluation."""
        return normal(question) in self.held_out


def normal(text):
    """The form in which two questions count as the same."""
    return re.sub(r"[^\w+*/-]+", " ", text.lower()).strip()
