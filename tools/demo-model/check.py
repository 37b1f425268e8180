"""Checks that `model.py` equals transformers' Qwen3 and that dialogues equal the chat template.

Usage: check.py FOLDER
"""

import sys

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from dialogues import ASSISTANT, NO_THOUGHT, tool, tool_system, user_block
from model import Qwen3


def check_model(folder):
    torch.manual_seed(3)
    theirs = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    ours = Qwen3()
    state = load_file(f"{folder}/model.safetensors")
    ours.load_state_dict({k.removeprefix("model."): v.float() for k, v in state.items()})
    ids = torch.randint(0, 2048, (2, 300))
    with torch.inference_mode():
        logits = theirs(ids[:, :-1]).logits
        expected = F.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="sum")
        total, count = ours(ids[:, :-1], ids[:, 1:])
    difference = abs(total - expected).item() / count
    assert difference < 1e-5, difference
    return difference


def check_template(folder):
    tokenizer = AutoTokenizer.from_pretrained(folder)

    def made(messages, **options):
        return tokenizer.apply_chat_template(messages, tokenize=False, **options)

    chat = [
        {"role": "system", "content": "Be polite."},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello!"},
        {"role": "user", "content": "Bye"},
    ]
    head = "<|im_start|>system\nBe polite.<|im_end|>\n" + user_block("Hi")
    head += f"{ASSISTANT}Hello!<|im_end|>\n"
    assert made(chat, add_generation_prompt=True) == head + user_block("Bye") + ASSISTANT
    thinking = made(chat, add_generation_prompt=True, enable_thinking=True)
    assert thinking == head + user_block("Bye /think") + ASSISTANT
    direct = made(chat, add_generation_prompt=True, enable_thinking=False)
    assert direct == head + user_block("Bye") + ASSISTANT + NO_THOUGHT
    tools = [tool("get_weather", "weather", "city")]
    system = f"<|im_start|>system\n{tool_system('Be polite.', tools)}<|im_end|>\n"
    assert made(chat[:2], tools=tools) == system + user_block("Hi")


if __name__ == "__main__":
    check_template(sys.argv[1])
    print(f"equal to transformers, loss differs by {check_model(sys.argv[1]):.1e}")
