"""Trains the demo model on one core and writes `model.safetensors` with its configuration.

Usage: train.py FOLDER [million tokens [minutes [checkpoint [done]]]]. FOLDER already holds
`tokenizer.json`. The nearer limit ends the training and sets the pace of its schedule. With a share
already done, training goes on from the checkpoint.
"""

import json
import math
import random
import sys
import time
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

from dialogues import Dialogues
from model import CONFIG, Qwen3

SEED = 20260101
BATCH_TOKENS = 2048
POOL = 4096
# Until this share of the budget: longest dialogue in tokens, longest filler in characters.
STAGES = [
    (0.75, 512, 1200),
    (0.9, 1024, 2800),
    (1.0, 2048, 5600),
]
USUAL_TARGETS = 800
GENERATION = {
    "bos_token_id": 0,
    "do_sample": True,
    "eos_token_id": [2, 0],
    "pad_token_id": 0,
    "temperature": 0.7,
    "top_k": 20,
    "top_p": 0.9,
}


class Batches:
    """Endless batches of equally long dialogues; each row starts with its own first token."""

    def __init__(self, tokenizer, seed):
        self.tokenizer = tokenizer
        self.dialogues = Dialogues(seed)
        self.rng = random.Random(seed)
        self.ready = []

    def encode(self, pieces):
        ids, learned = [], []
        for piece, coded in zip(pieces, self.tokenizer.encode_batch([p.text for p in pieces])):
            ids += coded.ids
            learned += [piece.learn] * len(coded.ids)
        return ids, [i if learn else -100 for i, learn in zip(ids, learned)]

    def fill(self, longest, filler):
        rows = [self.encode(self.dialogues.draw(filler)) for _ in range(POOL)]
        rows = sorted(
            (row for row in rows if len(row[0]) <= longest + 1), key=lambda row: len(row[0])
        )
        group, groups = [], []
        for row in rows:
            if group and len(row[0]) * (len(group) + 1) > BATCH_TOKENS:
                groups.append(group)
                group = []
            group.append(row)
        self.ready = [tensors(g) for g in [*groups, group]]
        self.rng.shuffle(self.ready)

    def next(self, sizes):
        if not self.ready:
            self.fill(*sizes)
        return self.ready.pop()


def tensors(rows):
    """Inputs and targets, padded on the right, where causal attention never looks."""
    width = max(len(ids) for ids, _ in rows) - 1
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    targets = torch.full((len(rows), width), -100)
    for i, (row, wanted) in enumerate(rows):
        ids[i, : len(row) - 1] = torch.tensor(row[:-1])
        targets[i, : len(row) - 1] = torch.tensor(wanted[1:])
    return ids, targets


class Muon(torch.optim.Optimizer):
    """Momentum whose update is made nearly orthogonal by five Newton-Schulz steps."""

    def __init__(self, parameters, lr):
        super().__init__(parameters, {"lr": lr})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for p in group["params"]:
                momentum = self.state[p].setdefault("momentum", torch.zeros_like(p))
                momentum.lerp_(p.grad, 0.05)
                update = orthogonal(p.grad.lerp(momentum, 0.95))
                p.mul_(1 - group["lr"] * 0.02)
                p.add_(update, alpha=-group["lr"] * max(1, p.shape[0] / p.shape[1]) ** 0.5)


def orthogonal(g):
    wide = g.T if g.shape[0] > g.shape[1] else g
    x = wide / (wide.norm() + 1e-7)
    for _ in range(5):
        a = x @ x.T
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x.T if g.shape[0] > g.shape[1] else x


def optimizers(model):
    matrices = [p for n, p in model.named_parameters() if p.dim() == 2 and "embed" not in n]
    others = [p for n, p in model.named_parameters() if p.dim() < 2 or "embed" in n]
    return [
        Muon(matrices, lr=0.02),
        torch.optim.AdamW(others, lr=0.003, betas=(0.9, 0.98), weight_decay=0.0),
    ]


def schedule(done):
    """Learning rate factor at a share of the budget: short warm-up, plateau, long cosine."""
    if done < 0.01:
        return done / 0.01
    if done < 0.3:
        return 1.0
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * (done - 0.3) / 0.7))


def save(model, folder):
    state = {
        f"model.{k}": v.detach().to(torch.bfloat16).contiguous()
        for k, v in model.state_dict().items()
    }
    save_file(state, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text(json.dumps(CONFIG, indent=2) + "\n")
    (folder / "generation_config.json").write_text(json.dumps(GENERATION, indent=2) + "\n")


def train(folder, budget, limit, checkpoint, share):
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    model = Qwen3()
    if share > 0:
        model.load_state_dict(torch.load(checkpoint))
    steppers = optimizers(model)
    starting = [group["lr"] for o in steppers for group in o.param_groups]
    batches = Batches(Tokenizer.from_file(str(folder / "tokenizer.json")), SEED + int(1000 * share))
    done, step, began, saved, shown, smooth = 0, 0, time.time(), time.time(), 0, None
    while (progress := share + (1 - share) * max(done / budget, (time.time() - began) / limit)) < 1:
        ids, targets = batches.next(next(s[1:] for s in STAGES if progress < s[0]))
        total, count = model(ids, targets)
        (total / USUAL_TARGETS).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 2.0)
        for o, lr in zip(steppers, starting):
            o.param_groups[0]["lr"] = lr * schedule(progress)
            o.step()
            o.zero_grad()
        done, step = done + ids.numel(), step + 1
        loss = total.item() / count
        smooth = loss if smooth is None else 0.98 * smooth + 0.02 * loss
        if time.time() - shown > 20:
            shown = time.time()
            print(
                f"{step} {done / 1e6:.2f}M loss {smooth:.4f} {done / (shown - began):.0f} tok/s",
                flush=True,
            )
        if time.time() - saved > 240:
            saved = time.time()
            torch.save(model.state_dict(), checkpoint)
    save(model, folder)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    million = float(sys.argv[2]) if len(sys.argv) > 2 else 8
    minutes = float(sys.argv[3]) if len(sys.argv) > 3 else 1000
    saved_at = sys.argv[4] if len(sys.argv) > 4 else target / "checkpoint.pt"
    share = float(sys.argv[5]) if len(sys.argv) > 5 else 0.0
    train(target, million * 1e6, minutes * 60, saved_at, share)
