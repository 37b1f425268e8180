"""Trains the byte-level BPE tokenizer and writes `tokenizer.json` and `tokenizer_config.json`."""

import json
import sys
from pathlib import Path

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    normalizers,
    pre_tokenizers,
    trainers,
)

from dialogues import Dialogues

SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
MARKERS = [
    "<think>",
    "</think>",
    "<tool_call>",
    "</tool_call>",
    "<tool_response>",
    "</tool_response>",
]
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
VOCABULARY = 2048
SAMPLES = 40_000


def corpus(seed):
    dialogues = Dialogues(seed)
    for _ in range(SAMPLES):
        for piece in dialogues.draw(600):
            text = piece.text
            for marker in SPECIAL + MARKERS:
                text = text.replace(marker, "\n")
            yield text


def train(seed):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.NFC()
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), "isolated", invert=False),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel(add_prefix_space=False, use_regex=False)
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIAL + MARKERS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(corpus(seed), trainer)
    return tokenizer


def write(tokenizer, folder):
    tokenizer.save(str(folder / "tokenizer.json"))
    path = folder / "tokenizer.json"
    data = json.loads(path.read_text("utf-8"))
    for token in data["added_tokens"]:
        token["special"] = token["content"] in SPECIAL
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", "utf-8")
    template = (Path(__file__).parent / "chat_template.jinja").read_text("utf-8").strip()
    config = {
        "add_bos_token": False,
        "add_prefix_space": False,
        "added_tokens_decoder": {
            str(token["id"]): {key: token[key] for key in ADDED} for token in data["added_tokens"]
        },
        "additional_special_tokens": SPECIAL[1:],
        "bos_token": None,
        "chat_template": template,
        "clean_up_tokenization_spaces": False,
        "eos_token": "<|im_end|>",
        "errors": "replace",
        "model_max_length": 2048,
        "pad_token": "<|endoftext|>",
        "split_special_tokens": False,
        "tokenizer_class": "Qwen2Tokenizer",
        "unk_token": None,
    }
    text = json.dumps(config, ensure_ascii=False, indent=2) + "\n"
    (folder / "tokenizer_config.json").write_text(text, "utf-8")


ADDED = ["content", "lstrip", "normalized", "rstrip", "single_word", "special"]

if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    write(train(seed=1), target)
