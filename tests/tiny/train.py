"""Teach the copyist, and write a checkpoint every few minutes.

``python -m tests.tiny.train --out build/copyist --steps 4000`` starts, or goes
on from the newest checkpoint there. One page carries several questions, each
seeing the sources and not the other questions, so the sources are read once.
One attention head in each layer but the first is shown where to look (``hints``),
so that such heads need not be found by chance.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from tests.tiny.data import Maker, Page, question_text
from tests.tiny.model import (
    ASSISTANT_ID,
    BOS_ID,
    EOS_ID,
    USER_ID,
    Copyist,
    Shape,
    train_tokenizer,
)

SEED = 20260
HELD_OUT = 10_000_000  # seeds from here on are never trained on
POOL = 192  # pages drawn at a time, then sorted by length
TOKENS = 5000  # in a batch, padding included
NEVER = -1e9
FIRST = 8.0  # weight of an answer's first token: the choice of a sentence


class Row(NamedTuple):
    """One page as numbers. ``targets`` are (position, next id, weight, pointer, first, last)."""

    ids: list[int]
    positions: list[int]
    blocks: list[int]
    targets: list[tuple[int, int, float, int, int, int]]
    answers: list[int]  # which turn each target belongs to
    echoes: list[tuple[int, int, int, int]]  # words asked that the answer has, like targets
    starts: list[tuple[int, int]]  # a token of a sentence, and the sentence's first token


class Batch(NamedTuple):
    ids: Tensor
    positions: Tensor
    mask: Tensor
    row: Tensor
    column: Tensor
    target: Tensor
    weight: Tensor
    pointer: Tensor
    first: Tensor
    last: Tensor
    answer: Tensor
    echo: Tensor  # rows of (line, position, first, last, answer)
    start: Tensor  # rows of (line, position, first)


def numbers(page: Page, tokenizer: Tokenizer) -> Row:
    """Write a page as ids: the sources once, then every question with its answer."""
    coded = tokenizer.encode(page.sources, add_special_tokens=False)
    ids = [BOS_ID, USER_ID, *coded.ids]
    positions, blocks = list(range(len(ids))), [0] * len(ids)
    prefix, targets, answers, echoes, starts = len(ids), [], [], [], []
    for number, turn in enumerate(page.turns, start=1):
        inside = [
            spot + 2
            for spot, (start, end) in enumerate(coded.offsets)
            if start < turn.end and end > turn.start
        ]
        asked = tokenizer.encode(question_text(page.label, turn.question)).ids
        answer = [ids[spot] for spot in inside]
        block = [*asked, ASSISTANT_ID, *answer]
        start = len(ids) + len(asked)
        for step, wanted in enumerate([*answer, EOS_ID]):
            heavy = (FIRST, 5.0, 3.0, 2.0)[step] if step < 4 else 1.0
            if step > 3 and tokenizer.id_to_token(wanted).isdigit():
                heavy = 2.0
            pointer = inside[step] if step < len(inside) else -1
            targets.append((start + step, wanted, heavy, pointer, inside[0], inside[-1]))
            answers.append(number)
        echoes += [
            (len(ids) + spot, inside[0], inside[-1], number)
            for spot, each in enumerate(asked)
            if each in answer
        ]
        starts += [(spot, inside[0]) for spot in inside]
        ids += block
        positions += range(prefix, prefix + len(block))
        blocks += [number] * len(block)
    return Row(ids, positions, blocks, targets, answers, echoes, starts)


def gather(rows: list[Row]) -> Batch:
    """Pad rows into tensors with a mask that keeps questions apart."""
    longest = max(len(row.ids) for row in rows)
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    positions = torch.zeros_like(ids)
    blocks = torch.full_like(ids, -1)
    for line, row in enumerate(rows):
        ids[line, : len(row.ids)] = torch.tensor(row.ids)
        positions[line, : len(row.ids)] = torch.tensor(row.positions)
        blocks[line, : len(row.ids)] = torch.tensor(row.blocks)
    allowed = (blocks[:, None, :] == 0) | (blocks[:, None, :] == blocks[:, :, None])
    allowed &= torch.ones(longest, longest, dtype=torch.bool).tril()
    mask = torch.zeros(allowed.shape).masked_fill_(~allowed, NEVER)[:, None]
    flat = [target for row in rows for target in row.targets]
    column, wanted, weight, pointer, first, last = (
        torch.tensor(part) for part in zip(*flat, strict=True)
    )
    line = torch.tensor([number for number, row in enumerate(rows) for _ in row.targets])
    answer = torch.tensor(
        [number * 8 + each for number, row in enumerate(rows) for each in row.answers]
    )
    echo = torch.tensor([(number, *each) for number, row in enumerate(rows) for each in row.echoes])
    echo[:, 4] += echo[:, 0] * 8
    start = torch.tensor(
        [(number, *each) for number, row in enumerate(rows) for each in row.starts]
    )
    return Batch(
        ids,
        positions,
        mask,
        line,
        column,
        wanted,
        weight,
        pointer,
        first,
        last,
        answer,
        echo,
        start,
    )


def batches(tokenizer: Tokenizer, seed: int, progress: float) -> Iterator[Batch]:
    """One pool of pages in batches of like length; longer pages as progress nears 1."""
    maker, dice = Maker(seed), random.Random(seed)
    most = 3 + round(7 * min(1.0, max(0.0, progress - 0.2) / 0.6))
    pages = (maker.page(dice.randint(2, most)) for _ in range(POOL))
    rows = sorted(
        (numbers(page, tokenizer) for page in pages if page.turns), key=lambda row: len(row.ids)
    )
    groups: list[list[Row]] = [[]]
    for row in rows:
        if (len(groups[-1]) + 1) * len(row.ids) > TOKENS:
            groups.append([])
        groups[-1].append(row)
    dice.shuffle(groups)
    for group in groups:
        if group:
            yield gather(group)


def orthogonal(matrices: Tensor) -> Tensor:
    """Newton-Schulz, five steps, on a stack (Muon, Jordan 2024)."""
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.transpose(1, 2) if tall else matrices
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(5):
        square = x @ x.transpose(1, 2)
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x.transpose(1, 2) if tall else x


class Muon:
    """Momentum, made orthogonal, for the matrices; one stack per shape."""

    def __init__(self, weights: list[torch.nn.Parameter]) -> None:
        self.stacks: dict[torch.Size, list[torch.nn.Parameter]] = {}
        for weight in weights:
            self.stacks.setdefault(weight.shape, []).append(weight)
        self.momentum = {
            shape: torch.zeros(len(stack), *shape) for shape, stack in self.stacks.items()
        }

    @torch.no_grad()
    def step(self, rate: float) -> None:
        for shape, stack in self.stacks.items():
            slope = torch.stack([weight.grad for weight in stack if weight.grad is not None])
            speed = self.momentum[shape].lerp_(slope, 0.05)
            change = orthogonal(slope.lerp(speed, 0.95)) * max(1, shape[0] / shape[1]) ** 0.5
            for weight, move in zip(stack, change, strict=True):
                weight.mul_(1 - rate * 0.01).sub_(move, alpha=rate)


def hints(batch: Batch, scores: list[Tensor]) -> Tensor:
    """Where one head of each layer from the second on should look: five losses.

    A sentence's tokens at its first token; a word asked at the same word in the
    right sentence; the answer at such words asked; then at the right sentence;
    then at the token to copy. It is how a person would do it, said layer by layer.
    """
    places = torch.arange(batch.ids.shape[1])
    weight = batch.weight / batch.weight.sum()

    line, place, first = batch.start.unbind(1)
    start = -scores[0][line, place].log_softmax(-1).gather(1, first[:, None]).mean()

    line, place, first, last, whose = batch.echo.unbind(1)
    alike = (places >= first[:, None]) & (places <= last[:, None])
    alike &= batch.ids[line] == batch.ids[line, place][:, None]
    seen = scores[1][line, place].log_softmax(-1)
    echo = -seen.masked_fill(~alike, NEVER).logsumexp(-1).mean()

    asked = torch.zeros(8 * len(batch.ids) + 8, len(places), dtype=torch.bool)
    asked[whose, place] = True
    asked = asked[batch.answer]
    seen = scores[2][batch.row, batch.column].log_softmax(-1)
    found = seen.masked_fill(~asked, NEVER).logsumexp(-1)
    collect = -(found * weight * asked.any(-1)).sum()

    inside = (places >= batch.first[:, None]) & (places <= batch.last[:, None])
    seen = scores[3][batch.row, batch.column].log_softmax(-1)
    look = -(seen.masked_fill(~inside, NEVER).logsumexp(-1) * weight).sum()

    has = batch.pointer >= 0
    seen = scores[4][batch.row, batch.column].log_softmax(-1)
    pointed = seen.gather(1, batch.pointer.clamp(min=0)[:, None])[:, 0]
    copy = -(pointed * weight * has).sum()
    return torch.stack((start, echo, collect, look, copy))


def losses(model: Copyist, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Loss of the copied tokens, the five hints, and which tokens came out right."""
    deep = model.shape.layers
    states, scores = model(batch.ids, batch.positions, batch.mask, range(deep - 5, deep))
    logits = model.logits(states[batch.row, batch.column])
    each = functional.cross_entropy(logits, batch.target, reduction="none")
    copied = (each * batch.weight).sum() / batch.weight.sum()
    return copied, hints(batch, scores), logits.argmax(-1) == batch.target


@torch.no_grad()
def score(model: Copyist, tokenizer: Tokenizer, seed: int = HELD_OUT) -> tuple[float, float]:
    """On unseen pages: answers exact to the last token, and answers begun rightly."""
    whole = begun = count = 0
    for batch in islice(batches(tokenizer, seed, 1.0), 6):
        right = losses(model, batch)[2]
        for answer in batch.answer.unique():
            mine = right[batch.answer == answer]
            whole += int(mine.all())
            begun += int(mine[:3].all())
            count += 1
    return whole / count, begun / count


def rate_at(step: int, steps: int) -> float:
    """Warm up, hold, then fall to nearly nothing over the last three fifths."""
    return min(1.0, (step + 1) / 50, max(0.02, (steps - step) / (steps * 0.6)))


def newest(out: Path) -> dict[str, object] | None:
    path = out / "checkpoint.pt"
    return torch.load(path, weights_only=True) if path.exists() else None


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def train(out: Path, steps: int, shape: Shape, threads: int, every: int, rate: float) -> None:
    torch.set_num_threads(threads)
    torch.manual_seed(SEED)
    out.mkdir(parents=True, exist_ok=True)
    vocabulary = out / "tokenizer.json"
    if not vocabulary.exists():
        train_tokenizer(SEED).save(str(vocabulary))
    tokenizer = Tokenizer.from_file(str(vocabulary))
    model = Copyist(shape)
    matrices = [
        w for name, w in model.named_parameters() if w.ndim == 2 and "embedding" not in name
    ]
    others = [w for name, w in model.named_parameters() if w.ndim == 1 or "embedding" in name]
    muon = Muon(matrices)
    adam = torch.optim.AdamW(others, betas=(0.9, 0.98), weight_decay=0.0)
    step, pool, spent = 0, 0, 0.0
    if saved := newest(out):
        model.load_state_dict(saved["model"])
        adam.load_state_dict(saved["adam"])
        muon.momentum = saved["muon"]
        step, pool, spent = saved["step"], saved["pool"], saved["spent"]
    began, told = time.monotonic() - spent, step
    sums = torch.zeros(7)
    while step < steps:
        pool += 1
        for batch in batches(tokenizer, SEED + pool, step / steps):
            copied, hinted, right = losses(model, batch)
            model.zero_grad(set_to_none=True)
            (copied + 0.2 * hinted.sum()).backward()
            torch.nn.utils.clip_grad_norm_(others, 1.0)
            now = rate_at(step, steps)
            for group in adam.param_groups:
                group["lr"] = 1.5e-3 * now
            adam.step()
            muon.step(rate * now)
            step += 1
            begun = right[batch.weight == FIRST].float().mean()
            sums += torch.stack((copied, begun, *hinted)).detach()
            if step % 25 == 0:
                mean = [round(value, 3) for value in (sums / (step - told)).tolist()]
                told, sums = step, torch.zeros(7)
                spent = (time.monotonic() - began) / 60
                say(f"{step} {spent:.1f} min: copied {mean[0]} begun {mean[1]} hints {mean[2:]}")
            if step % every == 0 or step == steps:
                whole, begun = score(model, tokenizer)
                say(f"== {step}: unseen exact {whole:.3f}, begun rightly {begun:.3f}")
                state = {
                    "model": model.state_dict(),
                    "adam": adam.state_dict(),
                    "muon": muon.momentum,
                    "step": step,
                    "pool": pool,
                    "spent": time.monotonic() - began,
                    "shape": tuple(shape),
                }
                torch.save(state, out / "fresh.pt")
                (out / "fresh.pt").replace(out / "checkpoint.pt")
            if step >= steps:
                break


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--out", type=Path, required=True)
    asked.add_argument("--steps", type=int, default=4000)
    asked.add_argument("--threads", type=int, default=1)
    asked.add_argument("--every", type=int, default=150)
    asked.add_argument("--rate", type=float, default=0.01)
    given = asked.parse_args()
    train(given.out, given.steps, Shape(), given.threads, given.every, given.rate)


if __name__ == "__main__":
    main()
