"""llama.cpp with nothing around it: the fastest loop that its low-level interface allows.

No line, no fairness, no cancelling, no text: the shared prefix is read once and copied,
each prompt is read in whole batches, and then all sequences write side by side, the
likeliest token each. More people than slots are served in waves. This is what the
appliance's scheduler is measured against.
"""

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np

from appliance.models.tuning import Tuning
from benchmarks.asking import SHARED, Heard, Question

CONTEXT = 2048  # tokens of one sequence


class Raw:
    """A model, a context and a batch. Called by one thread."""

    def __init__(self, file: Path, tuning: Tuning) -> None:
        llama_cpp.llama_backend_init()
        parameters = llama_cpp.llama_model_default_params()
        parameters.n_gpu_layers = 0
        self._model = llama_cpp.llama_model_load_from_file(bytes(file), parameters)
        self._words = llama_cpp.llama_vocab_n_tokens(llama_cpp.llama_model_get_vocab(self._model))
        self._tuning = tuning
        self._context = llama_cpp.llama_init_from_model(self._model, self._parameters())
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(tuning.batch, 0, 1)

    def _parameters(self) -> Any:
        tuning = self._tuning
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = CONTEXT * tuning.slots
        parameters.n_batch = tuning.batch
        parameters.n_ubatch = tuning.physical_batch
        parameters.n_seq_max = tuning.slots
        parameters.n_threads = parameters.n_threads_batch = tuning.threads
        parameters.flash_attn_type = (
            llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED
            if tuning.flash_attention
            else llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
        )
        parameters.kv_unified = tuning.unified
        return parameters

    def answer(self, asked: Sequence[Question]) -> list[Heard]:
        """Serve all, in waves of as many as there are slots."""
        slots = self._tuning.slots
        heard = []
        for first in range(0, len(asked), slots):
            heard += self._wave(asked[first : first + slots])
        return heard

    def _wave(self, asked: Sequence[Question]) -> list[Heard]:
        llama_cpp.llama_memory_clear(self._memory, True)
        prompts = [question.tokens for question in asked]
        heard = [Heard() for _ in asked]
        self._read(0, prompts[0][:SHARED], 0)
        for slot in range(1, len(asked)):
            llama_cpp.llama_memory_seq_cp(self._memory, 0, slot, -1, -1)
        tokens = []
        for slot, prompt in enumerate(prompts):
            self._read(slot, prompt[SHARED:], SHARED)
            tokens.append(self._likeliest(self._batch.n_tokens - 1))
            heard[slot].token()
        for step in range(1, max(question.written for question in asked)):
            rows = [
                (slot, tokens[slot], len(prompts[slot]) + step - 1) for slot in range(len(asked))
            ]
            self._decode(rows, every=True)
            for slot in range(len(asked)):
                tokens[slot] = self._likeliest(slot)
                heard[slot].token()
        return heard

    def prefill(self, asked: Question) -> float:
        """Seconds from a prompt whose shared beginning was read to its first token."""
        llama_cpp.llama_memory_clear(self._memory, True)
        self._read(0, asked.tokens[:SHARED], 0)
        self._likeliest(self._batch.n_tokens - 1)  # waits for the end of the reading
        began = time.monotonic()
        self._read(0, asked.tokens[SHARED:], SHARED)
        self._likeliest(self._batch.n_tokens - 1)
        return time.monotonic() - began

    def _read(self, slot: int, tokens: Sequence[int], start: int) -> None:
        most = self._tuning.batch
        for first in range(0, len(tokens), most):
            part = tokens[first : first + most]
            self._decode(
                [(slot, token, start + first + place) for place, token in enumerate(part)],
                every=False,
            )

    def _decode(self, rows: Sequence[tuple[int, int, int]], *, every: bool) -> None:
        """Decode (sequence, token, place) rows; logits of each, or of the last."""
        batch = self._batch
        batch.n_tokens = len(rows)
        for row, (slot, token, place) in enumerate(rows):
            batch.token[row] = token
            batch.pos[row] = place
            batch.n_seq_id[row] = 1
            batch.seq_id[row][0] = slot
            batch.logits[row] = every or row == len(rows) - 1
        status = llama_cpp.llama_decode(self._context, batch)
        assert status == 0, f"llama_decode gave {status}"

    def _likeliest(self, row: int) -> int:
        where = llama_cpp.llama_get_logits_ith(self._context, row)
        return int(np.ctypeslib.as_array(where, (self._words,)).argmax())

    def close(self) -> None:
        """Give the memory back."""
        llama_cpp.llama_batch_free(self._batch)
        llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)


@contextmanager
def opened(file: Path, tuning: Tuning) -> Iterator[Any]:
    """``answer`` of a raw loop that is closed at the end."""
    with closing(Raw(file, tuning)) as raw:
        yield raw.answer
