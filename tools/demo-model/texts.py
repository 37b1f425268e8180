"""Reads the text files in `text/`: all sentences the demo model is taught."""

from pathlib import Path

FOLDER = Path(__file__).parent / "text"


def lines(name):
    for line in (FOLDER / name).read_text("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.rstrip()


def sections(name):
    """Lines below each `[section]` header."""
    found, current = {}, None
    for line in lines(name):
        if line.startswith("["):
            current = found.setdefault(line.strip("[]"), [])
        elif line:
            current.append(line)
    return found


def paragraphs(name):
    block = []
    for line in [*lines(name), ""]:
        if line:
            block.append(line)
        elif block:
            yield block
            block = []


def concepts():
    """Dictionaries with names, questions and three sentences."""
    for block in paragraphs("concepts.txt"):
        questions = [line[2:] for line in block if line.startswith("? ")]
        sentences = [line for line in block[1:] if not line.startswith("? ")]
        assert len(sentences) == 3, block[0]
        yield {"names": block[0].split("; "), "questions": questions, "sentences": sentences}


def answered(name):
    """Pairs of (ways to ask, answers)."""
    for block in paragraphs(name):
        asked = [line[2:] for line in block if line.startswith("? ")]
        answers = [line[2:] for line in block if line.startswith("= ")]
        assert asked and answers, block
        yield asked, answers


def capitals():
    """Two lists of (country, capital): the frequent ones and the rest."""
    return [[tuple(line.split(": ")) for line in block] for block in paragraphs("capitals.txt")]


def circles():
    """Pairs of (names of a kind, things of that kind)."""
    for line in lines("lists.txt"):
        names, things = line.split(": ")
        yield names.split("|"), things.split(", ")


def creative():
    return {
        kind: "\n".join(text).split("\n--\n") for kind, text in sections("creative.txt").items()
    }


def tables():
    found = sections("tables.txt")
    pairs = {
        k: [tuple(line.split(": ")) for line in found[k]] for k in ("opposite", "colour", "sound")
    }
    pairs["translate"] = [line.split("|") for line in found["translate"]]
    return pairs


def words():
    """Word lists by kind; topics, places and other phrases are separated by `|`."""
    found = {}
    for kind, rows in sections("words.txt").items():
        phrases = kind in ("topic", "place", "region")
        found[kind] = [w for row in rows for w in (row.split("|") if phrases else row.split())]
    return found


def offtopic():
    """Two lists: frames with gaps, and whole questions."""
    rows = [line for line in lines("offtopic.txt") if line]
    frames = [row for row in rows if not row.startswith("* ")]
    return frames, [row[2:] for row in rows if row.startswith("* ")]


def completions():
    """Plain texts as they are continued without a chat frame."""
    return [line for line in lines("completions.txt") if line]


def held_out():
    """Questions that are never trained on."""
    return [question for section, question, _ in evaluation() if section != "usual"]


def evaluation():
    """Triples of (section, question, accepted substrings)."""
    for section, rows in sections("evaluation.txt").items():
        for row in rows:
            question, _, accepted = row.partition(" => ")
            yield section, question, [part.strip() for part in accepted.split("|") if part]
