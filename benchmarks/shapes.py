"""Models with random weights in the shapes of real ones: speed does not depend on the values.

Matrices are Q4_0 blocks drawn at random, which takes seconds where quantising would take
minutes. The vocabulary is that of the tests' probe, filled up to the real one's size: each
letter is a token, and only letters are ever written, so that a text of so many letters is
a prompt of so many tokens and every token written is one that is heard.
"""

from pathlib import Path

import gguf
import msgspec
import numpy as np

from tests.models.make_probe import LETTERS, MARKS, vocabulary

BLOCK, BLOCK_BYTES = 32, 18  # of Q4_0: a scale in f16, then 32 weights of 4 bits
SEED = 11
FIRST_LETTER = 1 + len(MARKS) + 256 + 1  # behind <unk>, the marks, the bytes and the space


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """The dimensions of a Llama-like model."""

    name: str
    width: int
    heads: int
    kv_heads: int
    layers: int
    feed: int
    words: int
    context: int = 2048


SHAPES = {
    shape.name: shape
    for shape in (
        Shape(name="tiny", width=64, heads=2, kv_heads=2, layers=2, feed=128, words=384),
        Shape(name="0.5b", width=896, heads=14, kv_heads=2, layers=24, feed=4864, words=151936),
        Shape(name="1.1b", width=2048, heads=32, kv_heads=4, layers=22, feed=5632, words=32000),
        Shape(name="7b", width=4096, heads=32, kv_heads=8, layers=32, feed=14336, words=32768),
    )
}


def made(shape: Shape, folder: Path) -> Path:
    """The file of a shape in ``folder``; written there unless it is there already."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"random-{shape.name}-q4_0.gguf"
    if not file.exists():
        fresh = file.with_suffix(".part")
        write(shape, fresh)
        fresh.replace(file)
    return file


def write(shape: Shape, file: Path) -> None:
    """Write the model; the same shape gives the same bytes."""
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_name(f"Random weights, {shape.name}")
    writer.add_license("MIT")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.kv_heads)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(shape.words)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_0)
    _add_vocabulary(writer, shape.words)
    _add_tensors(writer, shape)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_vocabulary(writer: gguf.GGUFWriter, words: int) -> None:
    pieces, scores, kinds = vocabulary()
    missing = range(len(pieces), words)
    writer.add_tokenizer_model("llama")
    writer.add_token_list(pieces + [f"<unused{number}>".encode() for number in missing])
    writer.add_token_scores(scores + [0.0] * len(missing))
    writer.add_token_types(kinds + [int(gguf.TokenType.UNUSED)] * len(missing))
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(False)


def _add_tensors(writer: gguf.GGUFWriter, shape: Shape) -> None:
    dice = np.random.default_rng(SEED)
    narrow = shape.width // shape.heads * shape.kv_heads

    def matrix(name: str, rows: int, columns: int, spoken: slice = slice(None)) -> None:
        """Random weights; rows outside ``spoken`` are zeros."""
        data = dice.integers(
            0, 256, (rows, columns // BLOCK, BLOCK_BYTES), dtype=np.uint8, endpoint=False
        )
        # Weights are (0..15) - 8 times the scale: of variance 1 / columns at this one.
        scales = np.zeros(rows, dtype=np.float16)
        scales[spoken] = 1 / (4.6 * np.sqrt(columns))
        data[:, :, :2] = scales.view(np.uint8).reshape(rows, 1, 2)
        writer.add_tensor(
            name,
            data.reshape(rows, -1),
            raw_dtype=gguf.GGMLQuantizationType.Q4_0,
        )

    def ones(name: str) -> None:
        writer.add_tensor(name, np.ones(shape.width, dtype=np.float32))

    matrix("token_embd.weight", shape.words, shape.width)
    letters = slice(FIRST_LETTER, FIRST_LETTER + len(LETTERS) - 1)
    matrix("output.weight", shape.words, shape.width, letters)
    ones("output_norm.weight")
    for layer in range(shape.layers):
        block = f"blk.{layer}."
        ones(block + "attn_norm.weight")
        ones(block + "ffn_norm.weight")
        matrix(block + "attn_q.weight", shape.width, shape.width)
        matrix(block + "attn_k.weight", narrow, shape.width)
        matrix(block + "attn_v.weight", narrow, shape.width)
        matrix(block + "attn_output.weight", shape.width, shape.width)
        matrix(block + "ffn_gate.weight", shape.feed, shape.width)
        matrix(block + "ffn_up.weight", shape.feed, shape.width)
        matrix(block + "ffn_down.weight", shape.width, shape.feed)
