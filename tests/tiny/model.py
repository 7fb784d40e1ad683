"""The copyist's network and tokenizer, as small as llama.cpp's "llama" allows.

Rotary positions turn adjacent pairs, as llama.cpp's ``llama`` architecture has
them, so weights are written to GGUF without a permutation. The tokenizer's
pre-split (each digit alone, then GPT-2's pattern) is llama.cpp's ``smollm``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from torch import Tensor, nn
from torch.nn import functional

from tests.tiny.data import ASSISTANT, BOS, EOS, USER, Maker, question_text

SPECIALS = [BOS, EOS, USER, ASSISTANT]
BOS_ID, EOS_ID, USER_ID, ASSISTANT_ID = range(4)
VOCABULARY = 1024
CONTEXT = 1024
ROPE_BASE = 10000.0
EPSILON = 1e-5


class Shape(NamedTuple):
    """How large the network is."""

    layers: int = 6
    width: int = 128
    heads: int = 4
    inner: int = 256


def train_tokenizer(seed: int, pages: int = 8000) -> Tokenizer:
    """Byte-level BPE learnt from made-up pages; the same seed gives the same file."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIALS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    maker = Maker(seed)
    drawn = (maker.page(8) for _ in range(pages))
    texts = (
        page.sources + "".join(question_text(page.label, turn.question) for turn in page.turns)
        for page in drawn
    )
    tokenizer.train_from_iterator(texts, trainer)
    return tokenizer


def rotation(positions: Tensor, size: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines for positions (batch, time): (batch, 1, time, size / 2)."""
    rates = ROPE_BASE ** (-torch.arange(0, size, 2, dtype=torch.float32) / size)
    angles = positions[:, None, :, None].float() * rates
    return angles.cos(), angles.sin()


def rotate(heads: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    even, odd = heads[..., 0::2], heads[..., 1::2]
    turned = torch.stack((even * cosine - odd * sine, even * sine + odd * cosine), dim=-1)
    return turned.flatten(-2)


class Layer(nn.Module):
    """Attention and a gated feed-forward, each on a normalised input."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        width, inner = shape.width, shape.inner
        self.heads = shape.heads
        self.before_attention = nn.RMSNorm(width, eps=EPSILON)
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.before_inner = nn.RMSNorm(width, eps=EPSILON)
        self.gate = nn.Linear(width, inner, bias=False)
        self.up = nn.Linear(width, inner, bias=False)
        self.down = nn.Linear(inner, width, bias=False)

    def forward(
        self, hidden: Tensor, turn: tuple[Tensor, Tensor], mask: Tensor, watch: bool
    ) -> tuple[Tensor, Tensor | None]:
        batch, time, width = hidden.shape
        size = width // self.heads
        normal = self.before_attention(hidden)
        query, key, value = (
            part(normal).view(batch, time, self.heads, size).transpose(1, 2)
            for part in (self.query, self.key, self.value)
        )
        query, key = rotate(query, *turn), rotate(key, *turn)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        hidden = hidden + self.out(mixed.transpose(1, 2).reshape(batch, time, width))
        normal = self.before_inner(hidden)
        hidden = hidden + self.down(functional.silu(self.gate(normal)) * self.up(normal))
        if not watch:
            return hidden, None
        return hidden, query[:, 0] @ key[:, 0].transpose(1, 2) * size**-0.5 + mask[:, 0]


class Copyist(nn.Module):
    """Token ids in, the last layer's normalised state out; embeddings are tied."""

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(VOCABULARY, shape.width)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        self.last = nn.RMSNorm(shape.width, eps=EPSILON)
        for name, weight in self.named_parameters():
            if weight.ndim == 2:
                calm = 0.2 if name.endswith(("out.weight", "down.weight")) else 1.0
                spread = 0.02 if "embedding" in name else calm * weight.shape[1] ** -0.5
                nn.init.normal_(weight, std=spread)

    def forward(
        self, ids: Tensor, positions: Tensor, mask: Tensor, watched: Sequence[int] = ()
    ) -> tuple[Tensor, list[Tensor]]:
        """The states, and the first head's attention scores in the watched layers."""
        hidden = self.embedding(ids)
        turn = rotation(positions, self.shape.width // self.shape.heads)
        scores = []
        for number, layer in enumerate(self.layers):
            hidden, seen = layer(hidden, turn, mask, number in watched)
            if seen is not None:
                scores.append(seen)
        return self.last(hidden), scores

    def logits(self, states: Tensor) -> Tensor:
        return states @ self.embedding.weight.T
