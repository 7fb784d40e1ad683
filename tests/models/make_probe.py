"""Makes ``models/probe.gguf``: random weights in Q8_0, small enough to lie in git.

The probe decodes it in a throw-away child to see whether this build of llama.cpp
survives this processor, so its matrices are large enough for the kernels that crash
(AMX wants rows and columns in multiples of 32). Its vocabulary holds the marks of
Mistral, which the tests of prompt injection use. Run: python -m tests.models.make_probe
"""

from pathlib import Path

import gguf
import numpy as np

PROBE = Path(__file__).parents[2] / "models" / "probe.gguf"
WIDTH, HEADS, LAYERS, FEED, CONTEXT, SEED = 64, 2, 2, 128, 512, 7
MARKS = ("<s>", "</s>", "[INST]", "[/INST]")
LETTERS = "▁abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.,:;!?[]/<>|_-"


def vocabulary() -> tuple[list[bytes], list[float], list[int]]:
    """Pieces, scores and kinds of a SentencePiece vocabulary: marks, bytes, letters."""
    kinds = gguf.TokenType
    rows = [("<unk>", 0.0, kinds.UNKNOWN)]
    rows += [(mark, 0.0, kinds.CONTROL) for mark in MARKS]
    rows += [(f"<0x{byte:02X}>", 0.0, kinds.BYTE) for byte in range(256)]
    rows += [(letter, -float(place), kinds.NORMAL) for place, letter in enumerate(LETTERS)]
    while len(rows) % 32:
        rows.append((f"<unused{len(rows)}>", 0.0, kinds.UNUSED))
    return (
        [piece.encode() for piece, _, _ in rows],
        [score for _, score, _ in rows],
        [int(kind) for _, _, kind in rows],
    )


def tensors(
    words: int, *, weights: str = "random", layers: int = LAYERS, endless: bool = False
) -> dict[str, np.ndarray]:
    """The weights by name; ``weights`` may be "nan" for a model that loads and is broken.

    ``endless`` takes the end out of the model's mouth: a row of zeros gives it the logit
    0, in the middle of all the random ones, and the best forty are sampled from.
    """
    dice = np.random.default_rng(SEED)

    def matrix(rows: int, columns: int) -> np.ndarray:
        if weights == "nan":
            return np.full((rows, columns), np.nan, dtype=np.float32)
        return (dice.standard_normal((rows, columns)) / np.sqrt(columns)).astype(np.float32)

    ones = np.ones(WIDTH, dtype=np.float32)
    embedding, output = matrix(words, WIDTH), matrix(words, WIDTH)
    if endless:
        output[MARKS.index("</s>") + 1] = 0
    named = {
        "token_embd.weight": embedding,
        "output.weight": output,
        "output_norm.weight": ones,
    }
    for layer in range(layers):
        block = f"blk.{layer}."
        named |= {block + "attn_norm.weight": ones, block + "ffn_norm.weight": ones}
        named |= {block + f"attn_{part}.weight": matrix(WIDTH, WIDTH) for part in "qkv"}
        named |= {
            block + "attn_output.weight": matrix(WIDTH, WIDTH),
            block + "ffn_gate.weight": matrix(FEED, WIDTH),
            block + "ffn_up.weight": matrix(FEED, WIDTH),
            block + "ffn_down.weight": matrix(WIDTH, FEED),
        }
    return named


def make(
    file: Path,
    *,
    weights: str = "random",
    context: int = CONTEXT,
    layers: int = LAYERS,
    endless: bool = False,
    epsilon: float = 1e-5,
    chat_template: str = "",
) -> Path:
    """Write the model; the same arguments give the same bytes. Layers make it slow.

    With an ``epsilon`` below 0 it loads, and llama.cpp aborts at the first decode.
    ``chat_template`` is what the file says of how its prompts are laid out."""
    pieces, scores, kinds = vocabulary()
    writer = gguf.GGUFWriter(file, "llama")
    writer.add_name("Balcao probe (random weights)")
    writer.add_license("MIT")
    writer.add_context_length(context)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(FEED)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(epsilon)
    writer.add_vocab_size(len(pieces))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(pieces)
    writer.add_token_scores(scores)
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(False)
    if chat_template:
        writer.add_chat_template(chat_template)
    named = tensors(len(pieces), weights=weights, layers=layers, endless=endless)
    for name, tensor in named.items():
        if tensor.ndim == 1 or weights == "nan":
            writer.add_tensor(name, tensor)
            continue
        kind = gguf.GGMLQuantizationType.Q8_0
        writer.add_tensor(name, gguf.quants.quantize(tensor, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


def misaligned(file: Path, alignment: int) -> Path:
    """Write the probe with the claim that its tensors lie at multiples of so many bytes."""
    probe = PROBE.read_bytes()
    name = b"general.alignment"
    entry = len(name).to_bytes(8, "little") + name
    entry += int(gguf.GGUFValueType.UINT32).to_bytes(4, "little") + alignment.to_bytes(4, "little")
    count = int.from_bytes(probe[16:24], "little") + 1  # behind the magic, version and tensors
    file.write_bytes(probe[:16] + count.to_bytes(8, "little") + entry + probe[24:])
    return file


if __name__ == "__main__":
    make(PROBE)
