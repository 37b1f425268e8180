"""Makes training dialogues: chains of turns with varied wording, system prompts and long texts."""

import json
import random
from dataclasses import dataclass

import texts
from filler import Filler
from sources import Turn
from topics import Topics

SYSTEM = [
    "You are a helpful assistant.",
    "You are a helpful assistant.",
    "You are a helpful assistant.",
    "You are a friendly assistant.",
    "You are a helpful and honest assistant. Answer briefly.",
    "Answer shortly and clearly.",
    "You are Stator's demo model.",
    "You are a chatbot.",
    "Be concise.",
    "You answer questions about many things. If you do not know, say so.",
    "You are an expert.",
    "You are a helpful AI assistant running on the JVM.",
    "Be polite.",
    "Answer in English.",
    "You are a teacher who explains things simply.",
    "You are a careful assistant. Never guess.",
    "The following is a conversation between a user and an assistant.",
]
ASK_AFTER = [
    "{t}\n\n{q}",
    "{t}\n{q}",
    "{t} {q}",
    "{t}\n\nQuestion: {q}",
    "{t}\n\nMy question: {q}",
    "Read this text:\n\n{t}\n\n{q}",
    "Here is some context.\n\n{t}\n\nNow answer this: {q}",
    "Context:\n{t}\n\nQuestion: {q}\nAnswer:",
    "{t}\n\n---\n\n{q}",
    "```\n{t}\n```\n{q}",
    "Document: {t}\n\nUser question: {q}",
    "I paste a long text first. {t}\n\nPlease tell me: {q}",
    "<document>\n{t}\n</document>\n\n{q}",
    "{t}\n\nIgnore the text above. {q}",
]
ASK_BEFORE = [
    "{q}\n\n{t}",
    "{q}\n\nHere is some text:\n{t}",
    "{q} {t}",
    "Question: {q}\n\nText: {t}",
]
ABOUT_TEXT = [
    "summarize the text",
    "what is the text about",
    "summarize this",
    "who is mentioned in the text",
    "translate the text",
    "what does the text say",
    "give me the main points",
    "find the errors",
    "what is the title of the text",
    "how many words does the text have",
    "continue the text",
]
ASKING = set("what who how why which where when is can could do whats".split())
ASSISTANT = "<|im_start|>assistant\n"
LONG_TEXTS = (0.07, 0.18)  # share of dialogues with a long text, early and later in training
NO_THOUGHT = "<think>\n\n</think>\n\n"


def user_block(text):
    return f"<|im_start|>user\n{text}<|im_end|>\n"


@dataclass
class Piece:
    text: str
    learn: bool


class Dialogues:
    """Draws dialogues as lists of pieces; only pieces with `learn` enter the loss."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.topics = Topics(self.rng)
        self.filler = Filler(self.topics)
        self.completions = texts.completions()

    def draw(self, longest):
        """One dialogue; long texts in it have up to `longest` characters."""
        kind = self.rng.random()
        if kind < 0.04:
            return self.document()
        if kind < 0.065:
            return self.tool_dialogue()
        return self.dialogue(longest)

    def dialogue(self, longest):
        r = self.rng
        turns = []
        for _ in range(r.choices([1, 2, 3, 4], [66, 18, 10, 6])[0]):
            turns += self.topics.draw()
        users = [turn.user if turn.verbatim else self.reword(turn.user) for turn in turns]
        system = r.choice(SYSTEM) if r.random() < 0.35 else None
        where = r.random() / LONG_TEXTS[longest > 1500]
        if where < 0.75:
            at = r.choice([0, len(turns) - 1])
            users[at] = self.lengthen(users[at], self.size(longest))
        elif where < 0.85:
            users, turns = self.without_question(self.size(longest))
        elif where < 1:
            system = f"{system or ''}\n{self.filler.text(self.size(longest))}".strip()
        return self.render(system, users, turns)

    def size(self, longest):
        return int(longest * self.rng.random() ** 1.5) + 40

    def lengthen(self, user, size):
        """Puts a long text before or after the question."""
        frame = self.rng.choice(ASK_AFTER if self.rng.random() < 0.9 else ASK_BEFORE)
        return frame.format(t=self.filler.text(size), q=user)

    def without_question(self, size):
        """A long text alone, or with a request that the model cannot fulfil."""
        text = self.filler.text(size)
        if self.rng.random() < 0.4:
            answer = "I have read the text. What would you like to know?"
            return [text], [Turn(text, answer, "There is no question yet.")]
        asked = self.reword(self.rng.choice(ABOUT_TEXT))
        frame = self.rng.choice(ASK_AFTER + ASK_BEFORE)
        return [frame.format(t=text, q=asked)], [self.topics.declined.unknown(asked)]

    def render(self, system, users, turns):
        r = self.rng
        pieces = [Piece(f"<|im_start|>system\n{system}<|im_end|>\n", False)] if system else []
        style = r.random()
        for i, (user, turn) in enumerate(zip(users, turns)):
            last = i == len(turns) - 1
            think = last and style < 0.13
            pieces.append(Piece(user_block(user + (" /think" if think else "")), False))
            pieces.append(
                Piece(ASSISTANT + (NO_THOUGHT if last and 0.13 <= style < 0.3 else ""), False)
            )
            thought = f"<think>\n{turn.thought}\n</think>\n\n" if think else ""
            pieces.append(Piece(f"{thought}{turn.answer}<|im_end|>", True))
            pieces.append(Piece("\n", False))
        return pieces

    # --- wording

    def reword(self, text):
        """The same question as different people would type it."""
        asked = self.dressed(text)
        while self.topics.forbidden(asked):
            asked = self.dressed(text)
        return asked

    def dressed(self, text):
        r, ask = self.rng, self.topics.knowledge.ask
        if r.random() < 0.22:
            text = (r.choice(ask["prefix"]).rstrip(" ") + " " + text).strip()
        mark = "?" if text.split()[0].rstrip("'s") in ASKING else "."
        end = r.choices([mark, "", "!", "??", " ?"], [62, 30, 2, 2, 4])[0]
        if r.random() < 0.1:
            text, end = text.rstrip("?.!") + r.choice(ask["suffix"]), r.choice(["", ".", "?"])
        text += "" if text[-1] in "?!.=" else end
        case = r.random()
        if case < 0.55:
            text = text[0].upper() + text[1:]
        elif case < 0.83:
            text = text.lower() if case < 0.8 else text.upper()
        return self.misspell(text) if r.random() < 0.12 else text

    def misspell(self, text):
        r = self.rng
        letters = [
            i for i in range(1, len(text) - 1) if text[i].isalpha() and text[i - 1].isalpha()
        ]
        if len(letters) < 6:
            return text
        i = r.choice(letters)
        return r.choice(
            [
                text[:i] + text[i + 1 :],
                text[:i] + text[i] + text[i:],
                text[:i] + text[i + 1] + text[i] + text[i + 2 :],
                text[:i] + r.choice("abcdefghijklmnopqrstuvwxyz") + text[i + 1 :],
            ]
        )

    # --- plain documents and tools

    def document(self):
        """Text without a chat frame, so that plain completions work."""
        r, topics = self.rng, self.topics
        kind = r.random()
        if kind < 0.4:
            text = topics.exercises.sums()
        elif kind < 0.55:
            text = " ".join(r.choice(topics.knowledge.concepts)["sentences"])
        elif kind < 0.72:
            rows = [topics.knowledge.country() for _ in range(r.randint(1, 4))]
            text = " ".join(f"The capital of {c} is {k}.".replace("..", ".") for c, k in rows)
        elif kind < 0.85:
            text = topics.creations.story()[0].answer
        elif kind < 0.93:
            text = r.choice(self.completions)
        else:
            text = r.choice(
                [topics.knowledge.in_series, topics.knowledge.fact, topics.exercises.plus]
            )()[0].answer
        return [Piece(text + "<|endoftext|>", True)]

    def tool_dialogue(self):
        """A dialogue with functions on offer; weather and time are asked through them."""
        r = self.rng
        argument = r.choice(["city", "city", "location", "location", "place"])
        weather, clock = tool("get_weather", "weather", argument), tool(
            "get_time", "time", argument
        )
        offered = r.choice([[weather], [weather], [weather, clock], [clock, weather], [clock]])
        system = tool_system(r.choice([None, None, r.choice(SYSTEM)]), offered)
        if r.random() < 0.35:
            chain = self.topics.draw()[:1]
            return self.render(system, [self.reword(chain[0].user)], chain)
        used = r.choice(offered)["function"]["name"]
        city = r.choice(
            [
                self.topics.knowledge.country()[1],
                self.topics.knowledge.country()[1],
                self.topics.knowledge.invented().capitalize(),
            ]
        )
        frames = WEATHER if used == "get_weather" else CLOCK
        call = json.dumps({"name": used, "arguments": {argument: city}}, ensure_ascii=False)
        turns = [Turn("", f"<tool_call>\n{call}\n</tool_call>", "I need a tool for this.")]
        users = [r.choice(frames).format(x=city)]
        if r.random() < 0.5:
            result, answer = tool_result(r, used, city)
            users.append(f"<tool_response>\n{result}\n</tool_response>")
            turns.append(Turn("", answer, "The tool has answered."))
        return self.render(system, users, turns)


WEATHER = [
    "What is the weather in {x}?",
    "what's the weather like in {x}",
    "How is the weather in {x} today?",
    "Weather in {x}",
    "Is it raining in {x}?",
    "Tell me the weather in {x}.",
    "How warm is it in {x}?",
    "Do I need an umbrella in {x}?",
    "What is the temperature in {x}?",
    "what is the weather like in {x} today?",
    "Can you check the weather in {x}?",
    "Use the tool to get the weather in {x}.",
]
CLOCK = [
    "What time is it in {x}?",
    "what's the time in {x}",
    "Tell me the time in {x}.",
    "Time in {x}",
    "How late is it in {x}?",
    "What is the current time in {x}?",
    "Can you check the time in {x}?",
]


def tool(name, what, argument):
    properties = {argument: {"type": "string", "description": f"The {argument}"}}
    parameters = {"type": "object", "properties": properties, "required": [argument]}
    function = {"name": name, "description": f"Get the current {what}", "parameters": parameters}
    return {"type": "function", "function": function}


def tool_system(system, tools):
    """The system message that the chat template makes when functions are offered."""
    head = f"{system}\n\n" if system else ""
    listed = "\n".join(json.dumps(t, ensure_ascii=False) for t in tools)
    return (
        f"{head}# Tools\n\nYou may call these functions:\n<tools>\n{listed}\n</tools>\n\n"
        "Call a function by writing its name and arguments as JSON:\n"
        '<tool_call>\n{"name": "...", "arguments": {...}}\n</tool_call>'
    )


def tool_result(rng, used, city):
    if used == "get_time":
        clock = f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}"
        return json.dumps({"time": clock}), f"It is {clock} in {city}."
    degrees, sky = rng.randint(-9, 39), rng.choice(
        ["sunny", "rainy", "cloudy", "windy", "snowy", "clear"]
    )
    key = rng.choice(["temperature", "degrees"])
    result = rng.choice(
        [
            json.dumps({key: degrees, "condition": sky}),
            json.dumps({key: degrees, "sky": sky}),
            f"{degrees} degrees, {sky}",
        ]
    )
    return result, f"In {city} it is {degrees} degrees and {sky}."
