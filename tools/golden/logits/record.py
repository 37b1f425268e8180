"""Records golden logits of tiny random models from Hugging Face transformers.

    python tools/golden/logits/record.py src/test/resources/dev/stator/golden/logits

Each case becomes a folder as `save_pretrained` writes it (config.json, generation_config.json, one or more
safetensors files) plus `golden.json` (prompts, which positions were kept, greedy continuation) and `logits.f32`
(the kept logits of all prompts one after the other, float32, little-endian). The models are loaded back from the
folder and run in float32 on one thread, so what is recorded is what the files say.
"""

import json
import math
import pathlib
import shutil
import sys

import numpy
import safetensors
import torch
import transformers
from transformers import LlamaConfig, LlamaForCausalLM, Qwen3Config, Qwen3ForCausalLM

KEPT_POSITIONS = 4
GREEDY_TOKENS = 12
PROMPT_LENGTHS = (5, 33, 83)
# A greedy step counts only when the best logit leads by this share of their root mean square, so that
# an implementation with bf16 KV still picks the same token. A continuation also has to be lively and free of
# the end token, so that it says something.
LEAD = 0.05
DISTINCT_TOKENS = 7
BOS, EOS = 1, 2

SMALL = dict(hidden_size=64, max_position_embeddings=512)
LLAMA3 = dict(
    rope_type="llama3",
    factor=4.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=32,
)

CASES = {
    "qwen3-tied-gqa2-f32": dict(
        family="qwen3", dtype="float32", seed=11, tie=True, heads=(4, 2), head_dim=32, layers=2, ffn=96, vocab=300
    ),
    "qwen3-untied-gqa4-bf16-sharded": dict(
        family="qwen3", dtype="bfloat16", seed=12, tie=False, heads=(4, 1), head_dim=32, layers=3, ffn=160, vocab=333,
        shard="100KB",
    ),
    "qwen3-tied-gqa1-f16": dict(
        family="qwen3", dtype="float16", seed=13, tie=True, heads=(2, 2), head_dim=48, layers=2, ffn=128, vocab=384
    ),
    "llama-untied-gqa1-f32": dict(
        family="llama", dtype="float32", seed=14, tie=False, heads=(2, 2), head_dim=16, layers=2, ffn=96, vocab=320,
        eps=1e-3,
    ),
    "llama-tied-gqa4-bf16": dict(
        family="llama", dtype="bfloat16", seed=15, tie=True, heads=(8, 2), head_dim=16, layers=3, ffn=128, vocab=512
    ),
    "llama-tied-gqa2-f32-rope3": dict(
        family="llama", dtype="float32", seed=16, tie=True, heads=(4, 2), head_dim=32, layers=2, ffn=112, vocab=305,
        rope=LLAMA3, legacy=True,
    ),
}


def config_of(case):
    heads, kv_heads = case["heads"]
    theta = 1e6 if case["family"] == "qwen3" else 5e5
    shape = dict(
        SMALL,
        vocab_size=case["vocab"],
        intermediate_size=case["ffn"],
        num_hidden_layers=case["layers"],
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        head_dim=case["head_dim"],
        tie_word_embeddings=case["tie"],
        rms_norm_eps=case.get("eps", 1e-6),
        rope_parameters=dict(case.get("rope", {"rope_type": "default"}), rope_theta=theta),
        bos_token_id=BOS,
        eos_token_id=EOS,
        pad_token_id=None,
    )
    return (Qwen3Config if case["family"] == "qwen3" else LlamaConfig)(**shape)


def draw(model, seed):
    """Weights under which every part matters: attention is peaked, norms differ from one."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        if "norm" in name:
            value = 1 + 0.2 * noise
        elif "embed_tokens" in name:
            value = 0.05 * noise
        elif "q_proj" in name or "k_proj" in name:
            value = 1.5 * noise / math.sqrt(parameter.shape[1])
        else:
            value = noise / math.sqrt(parameter.shape[1])
        parameter.data.copy_(value)


def write_legacy_config(folder):
    """Rewrites `rope_parameters` as the `rope_theta` and `rope_scaling` of transformers 4."""
    path = folder / "config.json"
    config = json.loads(path.read_text())
    scaling = config.pop("rope_parameters")
    config["rope_theta"] = scaling.pop("rope_theta")
    config["rope_scaling"] = scaling
    config["torch_dtype"] = config.pop("dtype")
    path.write_text(json.dumps(config, indent=2) + "\n")


def save(case, folder):
    config = config_of(case)
    model = (Qwen3ForCausalLM if case["family"] == "qwen3" else LlamaForCausalLM)(config)
    draw(model, case["seed"])
    model = model.to(getattr(torch, case["dtype"]))
    model.save_pretrained(folder, max_shard_size=case.get("shard", "10MB"))
    if case.get("legacy"):
        write_legacy_config(folder)


def greedy(model, ids):
    """The continuation and the smallest lead of its steps; no cache, the sequence is run anew each time."""
    ids, worst = list(ids), math.inf
    for _ in range(GREEDY_TOKENS):
        logits = model(torch.tensor([ids]), use_cache=False).logits[0, -1]
        best, second = torch.topk(logits, 2).values.tolist()
        worst = min(worst, (best - second) / logits.pow(2).mean().sqrt().item())
        ids.append(int(torch.argmax(logits)))
    return ids[-GREEDY_TOKENS:], worst


def prompt(model, length, vocab, generator):
    """The first random prompt whose greedy continuation is clear at every step and lively."""
    while True:
        ids = torch.randint(0, vocab, (length,), generator=generator).tolist()
        continuation, lead = greedy(model, ids)
        if lead >= LEAD and len(set(continuation)) >= DISTINCT_TOKENS and EOS not in continuation:
            return ids, continuation


def record(name, case, root):
    folder = root / name
    shutil.rmtree(folder, ignore_errors=True)
    save(case, folder)
    model = transformers.AutoModelForCausalLM.from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager"
    ).eval()
    generator = torch.Generator().manual_seed(case["seed"])
    prompts, kept = [], []
    for length in PROMPT_LENGTHS:
        ids, continuation = prompt(model, length, case["vocab"], generator)
        logits = model(torch.tensor([ids]), use_cache=False).logits[0, -KEPT_POSITIONS:]
        kept.append(logits.numpy().astype("<f4"))
        prompts.append({"ids": ids, "positions": KEPT_POSITIONS, "greedy": continuation})
    (folder / "logits.f32").write_bytes(numpy.concatenate(kept).tobytes())
    (folder / "golden.json").write_text(json.dumps({"prompts": prompts}) + "\n")
    print(name, sum(f.stat().st_size for f in folder.iterdir()), [p["greedy"] for p in prompts])


def main():
    root = pathlib.Path(sys.argv[1])
    root.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    with torch.no_grad():
        for name, case in CASES.items():
            record(name, case, root)
    versions = {
        "recorded by": "tools/golden/logits/record.py",
        "python": sys.version.split()[0],
        "torch": torch.__version__,
        "transformers": transformers.__version__,
        "safetensors": safetensors.__version__,
        "numpy": numpy.__version__,
        "arithmetic": "float32, one CPU thread, attn_implementation eager",
    }
    (root / "provenance.json").write_text(json.dumps(versions, indent=2) + "\n")


main()
