"""Trains small byte-level BPE tokenizers and records what Hugging Face's library makes of texts.

    python tools/golden/tokenizer/record.py

writes src/test/resources/dev/stator/golden/tokenizer/: one folder with a tokenizer.json per kind,
expected.json beside it, and texts.json for all.
"""

import json
import pathlib
import platform
import random

import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from texts import MARKUP, PLAIN, PROSE, TEXTS, TRAINING

TARGET = pathlib.Path(__file__).parents[3] / "src/test/resources/dev/stator/golden/tokenizer"

SPACES = r"|\s*[\r\n]+|\s+(?!\S)|\s+"
CONTRACTION = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
PREFIX = r"[^\r\n\p{L}\p{N}]?"
UPPER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]"
LOWER = r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
SYMBOLS = r"| ?[^\s\p{L}\p{N}]+[\r\n]*"

LLAMA3 = CONTRACTION + "|" + PREFIX + r"\p{L}+|\p{N}{1,3}" + SYMBOLS + SPACES
QWEN2 = CONTRACTION + "|" + PREFIX + r"\p{L}+|\p{N}" + SYMBOLS + SPACES
QWEN35 = CONTRACTION + "|" + PREFIX + r"[\p{L}\p{M}]+|\p{N}| ?[^\s\p{L}\p{M}\p{N}]+[\r\n]*" + SPACES
O200K = (
    PREFIX + UPPER + "*" + LOWER + "+" + CONTRACTION + "?|"
    + PREFIX + UPPER + "+" + LOWER + "*" + CONTRACTION + "?|"
    + r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*" + SPACES
)
DEEPSEEK = [
    r"\p{N}{1,3}",
    "[一-龥぀-ゟ゠-ヿ]+",
    r"""[!"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+"""
    + r"| ?[\p{P}\p{S}]+[\r\n]*" + SPACES,
]


def splits(*patterns, behavior="isolated", invert=False):
    steps = [pre_tokenizers.Split(Regex(p), behavior, invert) for p in patterns]
    return pre_tokenizers.Sequence(steps + [pre_tokenizers.ByteLevel(False, use_regex=False)])


KINDS = {
    "gpt2": pre_tokenizers.ByteLevel(False),
    "llama3": splits(LLAMA3),
    "qwen2": splits(QWEN2),
    "qwen35": splits(QWEN35, behavior="removed", invert=True),
    "o200k": splits(O200K),
    "deepseek": splits(*DEEPSEEK),
    "smollm": pre_tokenizers.Sequence([pre_tokenizers.Digits(True), pre_tokenizers.ByteLevel(False)]),
}

SPECIAL = {
    "gpt2": ["<|endoftext|>"],
    "llama3": ["<|begin_of_text|>", "<|eot_id|>"],
    "deepseek": ["<｜begin▁of▁sentence｜>", "<｜User｜>", "<｜Assistant｜>"],
}


def added(content, **flags):
    token = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"content": content} | token | flags


def added_tokens(kind):
    tokens = [added(t) for t in SPECIAL.get(kind, ["<|endoftext|>", "<|im_start|>", "<|im_end|>"])]
    if kind == "gpt2":
        tokens[0]["normalized"] = True
    if kind == "qwen2":
        tokens += [
            added("<tool_call>", special=False),
            added("</tool_call>", special=False),
            added("<LS>", lstrip=True),
            added("<RS>", rstrip=True, special=False),
            added("WORD", single_word=True, special=False),
            added("cafe\u0301", normalized=True, special=False),
            added("<long", special=False),
            added("<longer>", special=False),
        ]
    return tokens


def train(kind):
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = KINDS[kind]
    tokenizer.decoder = decoders.ByteLevel()
    if kind.startswith("qwen"):
        tokenizer.normalizer = normalizers.NFC()
    if kind == "qwen35":
        tokenizer.normalizer = normalizers.Sequence([normalizers.NFC()])
    trainer = trainers.BpeTrainer(
        vocab_size=540, show_progress=False, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()
    )
    tokenizer.train_from_iterator(TRAINING, trainer)
    return json.loads(tokenizer.to_str())


def finish(kind, document):
    """Gives the document the traits that real files of this kind have and training does not."""
    model = document["model"]
    if kind == "gpt2":
        del model["type"]
        model["merges"] = [" ".join(pair) for pair in model["merges"]]
        document["truncation"] = {"direction": "Right", "max_length": 8, "strategy": "LongestFirst", "stride": 0}
    if kind == "llama3":
        model["ignore_merges"] = True
        for word in ["Ġsmörgåsbord", "Blocks", "123", "İstanbul"]:
            model["vocab"][word.replace("ö", "Ã¶").replace("å", "Ã¥").replace("İ", "Ä°")] = len(model["vocab"])
    tokens = added_tokens(kind)
    for token in tokens:
        token["id"] = len(model["vocab"]) + tokens.index(token)
    document["added_tokens"] = [{"id": t.pop("id")} | t for t in tokens]
    if kind in ("llama3", "deepseek"):
        document["post_processor"] = frame(document["added_tokens"][0])
    if kind == "deepseek":
        document["post_processor"] = document["post_processor"]["processors"][1]
    return document


def frame(bos):
    special = {"SpecialToken": {"id": bos["content"], "type_id": 0}}
    sequence = {"Sequence": {"id": "A", "type_id": 0}}
    template = {
        "type": "TemplateProcessing",
        "single": [special, sequence],
        "pair": [special, sequence, {"Sequence": {"id": "B", "type_id": 1}}],
        "special_tokens": {
            bos["content"]: {"id": bos["content"], "ids": [bos["id"]], "tokens": [bos["content"]]}
        },
    }
    offsets = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": False, "use_regex": True}
    return {"type": "Sequence", "processors": [offsets, template]}


def decoded(tokenizer, seed):
    """Random ids, so that bytes rarely form whole characters; some ids have no token.

    Normalized tokens are left out: versions of the library differ in how they spell them.
    """
    chance = random.Random(seed)
    size = tokenizer.get_vocab_size()
    normalized = [i for i, t in tokenizer.get_added_tokens_decoder().items() if t.normalized]
    known = [i for i in range(size + 3) if i not in normalized]
    cases = []
    for _ in range(40):
        ids = [chance.choice([chance.randrange(256), chance.choice(known)]) for _ in range(12)]
        cases.append({
            "ids": ids,
            "text": tokenizer.decode(ids, skip_special_tokens=False),
            "withoutSpecial": tokenizer.decode(ids, skip_special_tokens=True),
        })
    return cases


def sentencepiece():
    """Byte-pair encoding of characters with bytes as the last resort, as in Llama 2."""
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]
    )
    tokenizer.decoder = decoders.Sequence([
        decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)
    ])
    names = ["<unk>", "<s>", "</s>"] + [f"<0x{b:02X}>" for b in range(256)]
    trainer = trainers.BpeTrainer(
        vocab_size=450, show_progress=False, special_tokens=names, limit_alphabet=60
    )
    words = PROSE.replace("\n", " ").split(" ")
    tokenizer.train_from_iterator(["▁" + word for word in words], trainer)
    document = json.loads(tokenizer.to_str())
    document["added_tokens"] = document["added_tokens"][:3]
    return document


def wordpiece():
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    trainer = trainers.WordPieceTrainer(
        vocab_size=300, show_progress=False, special_tokens=["[UNK]", "[CLS]", "[SEP]"]
    )
    tokenizer.train_from_iterator([PROSE], trainer)
    return json.loads(tokenizer.to_str())


def write(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


def record(kind, document, texts):
    write(TARGET / kind / "tokenizer.json", document)
    tokenizer = Tokenizer.from_file(str(TARGET / kind / "tokenizer.json"))
    tokenizer.no_truncation()
    write(TARGET / kind / "expected.json", {
        "recordedWith": f"tokenizers {tokenizers.__version__}, Python {platform.python_version()}",
        "encoded": [tokenizer.encode(t, add_special_tokens=False).ids for t in texts],
        "framed": tokenizer.encode("Hello", add_special_tokens=True).ids,
        "decoded": decoded(tokenizer, 7),
    })


def main():
    write(TARGET / "texts.json", {"all": TEXTS + MARKUP, "plain": PLAIN})
    for kind in KINDS:
        record(kind, finish(kind, train(kind)), TEXTS + MARKUP)
    record("sentencepiece", sentencepiece(), PLAIN)
    record("wordpiece", wordpiece(), PLAIN)


main()
