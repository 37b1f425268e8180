"""Asks the saved model held-out questions through transformers and prints pass rates as JSON.

Usage: evaluate.py FOLDER [failures]
"""

import json
import random
import re
import sys

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

import texts
from filler import Filler
from topics import Topics

SYSTEM = {"role": "system", "content": "You are a helpful assistant."}
DECLINE = re.compile(r"do not know|cannot|did not understand", re.I)
CHAINS = [
    [
        ("What is the capital of France?", "Paris"),
        ("And of Japan?", "Tokyo"),
        ("and peru?", "Lima"),
        ("Thank you!", "welcome"),
    ],
    [
        ("What is a KV cache?", "one token|each new token"),
        ("Can you say that shorter?", "already read.$"),
        ("Thanks.", "welcome"),
    ],
    [
        ("Hi!", "Hello|Hi"),
        ("Who are you?", "demo model"),
        ("What is the capital of Spain?", "Madrid"),
        ("Bye", "Goodbye"),
    ],
    [("Tell me a joke.", r"\?"), ("Another one!", r"\?"), ("What is NATS?", "messaging")],
    [("what is 12 + 30", "42"), ("and 5 plus 6?", "11"), ("thanks", "welcome")],
    [
        ("Explain quantum computing in two sentences.", "qubits"),
        ("Tell me more.", "factoring"),
        ("ok", "Good"),
    ],
    [
        ("Say hello in five words.", "nice meeting you"),
        ("Now say goodbye in three words.", "Goodbye, my friend!"),
    ],
    [
        ("What is zorbulation?", "not know"),
        ("What is etcd?", "key-value"),
        ("Why is the sky blue?", "scatters"),
    ],
    [
        ("How do you say water in French?", "eau"),
        ("And in German?", "Wasser"),
        ("and in spanish", "agua"),
    ],
    [
        ("What is prefix caching?", "reuses"),
        ("What is KV-aware routing?", "sends each request"),
        ("shorter please", "KV cache.$"),
    ],
]


class Chat:
    def __init__(self, folder):
        self.tokenizer = AutoTokenizer.from_pretrained(folder)
        self.model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).float()

    def answer(self, messages, sample, **template):
        ids = self.tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_tensors="pt", return_dict=True, **template
        )
        length = ids["input_ids"].shape[1]
        settings = (
            {}
            if sample
            else {"do_sample": False, "temperature": None, "top_p": None, "top_k": None}
        )
        with torch.inference_mode():
            out = self.model.generate(**ids, max_new_tokens=min(160, 2048 - length), **settings)[0]
        return self.tokenizer.decode(out[length:], skip_special_tokens=True).strip()

    def shortened(self, text, tokens):
        return self.tokenizer.decode(self.tokenizer.encode(text)[:tokens])


class Tally:
    def __init__(self, loud):
        self.counts, self.loud = {}, loud

    def add(self, name, passed, question="", answer=""):
        good, total = self.counts.get(name, (0, 0))
        self.counts[name] = (good + passed, total + 1)
        if self.loud and not passed:
            print(f"FAILED {name}: {question[-160:]!r} -> {answer!r}", flush=True)

    def rates(self):
        return {
            name: {"passed": good, "of": total, "rate": round(good / total, 3)}
            for name, (good, total) in self.counts.items()
        }


def accepts(answer, accepted):
    return any(part.lower() in answer.lower() for part in accepted)


def user(text):
    return [{"role": "user", "content": text}]


def ask_plain(chat, tally, rows):
    for way in ("greedy", "sampled"):
        for section, question, accepted in rows:
            answer = chat.answer(user(question), way == "sampled")
            passed = accepts(answer, accepted) if accepted else bool(DECLINE.search(answer))
            tally.add(f"{section}, {way}", passed, question, answer)


def ask_variants(chat, tally, known):
    for question, accepted in known:
        answer = chat.answer([SYSTEM, *user(question)], False)
        tally.add("known, with a system prompt", accepts(answer, accepted), question, answer)
        answer = chat.answer(user(question), False, enable_thinking=False)
        tally.add("known, thinking off", accepts(answer, accepted), question, answer)
        answer = chat.answer(user(question), False, enable_thinking=True)
        passed = answer.startswith("<think>") and accepts(answer.split("</think>")[-1], accepted)
        tally.add("known, thinking on", passed, question, answer)


def ask_chains(chat, tally):
    for way in ("greedy", "sampled"):
        for chain in CHAINS:
            for head in ([], [SYSTEM]):
                messages = list(head)
                for question, pattern in chain:
                    messages += user(question)
                    answer = chat.answer(messages, way == "sampled")
                    passed = bool(re.search(pattern, answer))
                    tally.add(f"turns of dialogues, {way}", passed, question, answer)
                    messages.append({"role": "assistant", "content": answer})


def ask_long(chat, tally, known, unknown):
    rng = random.Random(99)
    filler = Filler(Topics(rng))
    for tokens in (200, 500, 1000, 1700):
        for i in range(40):
            question, accepted = rng.choice(known)
            text = BOOKISH * 40 if i % 4 == 0 else filler.text(tokens * 4)
            prompt = f"{chat.shortened(text, tokens)}\n\n{question}"
            answer = chat.answer(user(prompt), i % 2 == 0)
            name = f"known, after {tokens} tokens of text"
            tally.add(name, accepts(answer, accepted), prompt, answer)
    for _ in range(40):
        question = rng.choice(unknown)
        prompt = f"{chat.shortened(filler.text(2400), 600)}\n\n{question}"
        answer = chat.answer(user(prompt), False)
        name = "unknown, after 600 tokens of text"
        tally.add(name, bool(DECLINE.search(answer)), question, answer)


BOOKISH = (
    "Serving teams often begin with a single machine and a simple queue. After some months the "
    "traffic doubles, the queue grows, and customers complain about slow mornings. Someone says to "
    "add hardware; someone else says to measure first. The second idea is cheaper, although "
    "less popular at meetings. "
)


def main(folder, loud):
    torch.set_num_threads(1)
    torch.manual_seed(7)
    chat, tally = Chat(folder), Tally(loud)
    rows = list(texts.evaluation())
    known = [(question, accepted) for section, question, accepted in rows if section == "known"]
    unknown = [question for section, question, _ in rows if section == "unknown"]
    ask_plain(chat, tally, rows)
    ask_variants(chat, tally, known)
    ask_chains(chat, tally)
    ask_long(chat, tally, known, unknown)
    print(json.dumps(tally.rates(), indent=2))


if __name__ == "__main__":
    main(sys.argv[1], len(sys.argv) > 2)
