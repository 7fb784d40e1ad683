"""Write a checkpoint as the GGUF file that llama.cpp loads.

``python -m tests.tiny.export build/copyist tests/tiny/copyist.gguf`` takes the
newest checkpoint. Half precision is kept: at 2.3 MB the file is small enough, so
nothing is rounded further.
"""

import json
import sys
from pathlib import Path

import gguf
import numpy as np
import torch

from tests.tiny.model import BOS_ID, CONTEXT, EOS_ID, EPSILON, ROPE_BASE, SPECIALS, Shape

CHAT_TEMPLATE = "{{ bos_token }}<|user|>{{ messages[-1]['content'] }}<|assistant|>"

NAMES = {
    "before_attention": "attn_norm",
    "query": "attn_q",
    "key": "attn_k",
    "value": "attn_v",
    "out": "attn_output",
    "before_inner": "ffn_norm",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
}


def gguf_name(name: str) -> str:
    """llama.cpp's name of one of our weights."""
    if name == "embedding.weight":
        return "token_embd.weight"
    if name == "last.weight":
        return "output_norm.weight"
    _, number, part, _ = name.split(".")
    return f"blk.{number}.{NAMES[part]}.weight"


def _describe(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_name("Balcao copyist (test model)")
    writer.add_description(
        "Copies the sentence that answers a question from the sources above it. "
        "Made for Balcao's automatic tests, from invented texts; it is not an assistant."
    )
    writer.add_author("Balcao")
    writer.add_license("MIT")
    writer.add_languages(["pt", "es", "en"])
    writer.add_tags(["test"])
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.inner)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_rope_freq_base(ROPE_BASE)
    writer.add_layer_norm_rms_eps(EPSILON)


def _tokens(writer: gguf.GGUFWriter, tokenizer: Path) -> None:
    bpe = json.loads(tokenizer.read_text(encoding="utf-8"))["model"]
    tokens = sorted(bpe["vocab"], key=bpe["vocab"].get)
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    writer.add_vocab_size(len(tokens))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("smollm")
    writer.add_token_list(tokens)
    writer.add_token_types([control if token in SPECIALS else normal for token in tokens])
    writer.add_token_merges([" ".join(pair) for pair in bpe["merges"]])
    writer.add_bos_token_id(BOS_ID)
    writer.add_eos_token_id(EOS_ID)
    writer.add_add_bos_token(True)
    writer.add_add_eos_token(False)
    writer.add_chat_template(CHAT_TEMPLATE)


def export(work: Path, target: Path) -> int:
    """Write ``target`` from the checkpoint in ``work``; its size in bytes comes back."""
    state = torch.load(work / "checkpoint.pt", weights_only=True)
    fresh = target.with_suffix(".fresh")
    writer = gguf.GGUFWriter(fresh, "llama")
    _describe(writer, Shape(*state["shape"]))
    _tokens(writer, work / "tokenizer.json")
    for name, weight in state["model"].items():
        kind = np.float16 if weight.ndim == 2 else np.float32
        writer.add_tensor(gguf_name(name), weight.numpy().astype(kind))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    fresh.replace(target)
    return target.stat().st_size


if __name__ == "__main__":
    size = export(Path(sys.argv[1]), Path(sys.argv[2]))
    sys.stdout.write(f"{sys.argv[2]}: {size:,} bytes\n")
