"""llama.cpp, through its low-level interface: the only home of ``llama_cpp``.

A wrong argument to llama.cpp aborts the process, so every bound is checked here before
a native call: a prompt's length, a batch's size, what is sampled. What documents and
people say is tokenised without special tokens; only the template's own marks with them.
One thread at a time may call ``write`` and ``test``; tokenising is for any thread.
"""

import codecs
import ctypes
import logging
import math
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np

from appliance.errors import BadRequest, Unavailable
from appliance.models import Prompt, Sampling, templates
from appliance.models.catalogue import Entry, Template
from appliance.models.scheduler import Outcome, Stop

BATCH = 512  # tokens of a prompt between two looks at whether it is still wanted
PHYSICAL_BATCH = 256  # n_ubatch: fastest of those measured on CPUs
LONGEST_TOKEN = 64  # characters: more than that per token of context is never tokenised
TEST_TOKENS = 10
ABORTED = 2  # what llama_decode returns when its abort callback said so

# llama.cpp asks "stop?" after every node of the graph, a thousand times a token. Asked of
# Python that is a fight for its lock each time; strlen of the stop flag's bytes is the
# same answer from C: 0 while the first byte is 0, and 1 (true) once it was set.
_STRLEN = ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p).value or 0

logging.getLogger("llama-cpp-python").setLevel(logging.ERROR)


class LlamaModel:
    """A GGUF in memory with one context; ``context`` is its size in tokens.

    ``plain`` leaves the processor's extra buffer types (AMX, repacking) out.
    """

    def __init__(self, entry: Entry, file: Path, *, threads: int, plain: bool = False) -> None:
        """Raises ``Unavailable``: ``model_unreadable``, ``model_template`` when the file
        lacks the marks of the entry's template, ``model_no_memory``."""
        self.name = entry.name
        self._template = entry.template or Template(user_open="", user_close="", answer_close="")
        self._past: list[int] = []
        self._pieces: dict[int, bytes] = {}
        llama_cpp.llama_backend_init()
        self._model = _load(file, plain=plain)
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self._tokens_known = llama_cpp.llama_vocab_n_tokens(self._vocabulary)
        trained = llama_cpp.llama_model_n_ctx_train(self._model)
        self.context = min(entry.context, trained)
        self._check_marks(file)
        self._context = self._open_context(threads)
        self._memory = llama_cpp.llama_get_memory(self._context)
        self._batch = llama_cpp.llama_batch_init(BATCH, 0, 1)

    def _check_marks(self, file: Path) -> None:
        for mark in templates.marks(self._template):
            if self._tokenise(mark, control=True) == self._tokenise(mark, control=False):
                raise Unavailable("model_template", name=self.name, file=file.name, mark=mark)

    def _open_context(self, threads: int) -> Any:
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = self.context
        parameters.n_batch = BATCH
        parameters.n_ubatch = PHYSICAL_BATCH
        parameters.n_seq_max = 1
        parameters.n_threads = parameters.n_threads_batch = max(1, threads)
        # Flash attention and the unified cache decode two to three times slower on CPUs.
        parameters.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
        parameters.kv_unified = False
        context = llama_cpp.llama_init_from_model(self._model, parameters)
        if not context:
            raise Unavailable("model_no_memory", name=self.name)
        return context

    def text_tokens(self, text: str) -> list[int]:
        """The tokens of a text that is data: never a special token among them."""
        return self._tokenise(text, control=False)

    def prompt_tokens(self, prompt: Prompt, sampling: Sampling) -> list[int]:
        """The prompt as the model reads it, with room left for the answer.

        Raises ``BadRequest``: ``bad_sampling``, ``bad_prompt``, and ``prompt_too_long``
        with ``tokens`` and ``limit``.
        """
        self._check_sampling(sampling)
        limit = self.context - sampling.max_tokens
        spans = templates.lay_out(self._template, prompt)
        length = sum(len(span.text) for span in spans)
        if length > LONGEST_TOKEN * self.context:
            # Not worth tokenising: so many characters cannot fit.
            raise BadRequest("prompt_too_long", tokens=length // LONGEST_TOKEN, limit=limit)
        tokens = [
            token for span in spans for token in self._tokenise(span.text, control=span.control)
        ]
        if not tokens or len(tokens) > limit:
            raise BadRequest("prompt_too_long", tokens=len(tokens), limit=limit)
        return tokens

    def _check_sampling(self, sampling: Sampling) -> None:
        right = (
            1 <= sampling.max_tokens < self.context
            and math.isfinite(sampling.temperature)
            and 0 <= sampling.temperature <= 5
            and 1 <= sampling.top_k <= 1000
            and 0 <= sampling.seed < 2**32
        )
        if not right:
            raise BadRequest("bad_sampling", most=self.context - 1)

    def write(
        self, tokens: Sequence[int], sampling: Sampling, outcome: Outcome, stop: Stop
    ) -> Iterator[str]:
        """Pieces of the answer, whole characters each; ``outcome`` is kept up to date.

        ``tokens`` must come from ``prompt_tokens`` for the same ``sampling``. What the
        prompt has in common with the one before is not read again.
        """
        outcome.prompt_tokens = len(tokens)
        llama_cpp.llama_set_abort_callback(
            self._context, llama_cpp.ggml_abort_callback(_STRLEN), ctypes.addressof(stop.flag)
        )
        with closing(_Chain(sampling)) as chain:
            if self._read(tokens, outcome, stop):
                yield from self._speak(chain, sampling.max_tokens, outcome, stop)

    def _read(self, tokens: Sequence[int], outcome: Outcome, stop: Stop) -> bool:
        """Bring the prompt into the context; False when it was stopped on the way."""
        start = self._keep(tokens)
        outcome.reused_tokens = start
        for first in range(start, len(tokens), BATCH):
            if stop or not self._decode(tokens[first : first + BATCH], stop):
                return False
        return True

    def _keep(self, tokens: Sequence[int]) -> int:
        """Forget all but what the prompt begins with, and give its length.

        The last token is always read again: its logits are where the answer starts.
        """
        common = 0
        for before, now in zip(self._past, tokens[:-1], strict=False):
            if before != now:
                break
            common += 1
        if not llama_cpp.llama_memory_seq_rm(self._memory, 0, common, -1):
            # A recurrent model cannot forget a part.
            llama_cpp.llama_memory_clear(self._memory, True)
            common = 0
        del self._past[common:]
        return common

    def _decode(self, tokens: Sequence[int], stop: Stop) -> bool:
        """Read up to ``BATCH`` tokens after those in the context; logits of the last.

        False when it was aborted. Raises ``Unavailable`` (``engine_failed``).
        """
        if len(tokens) > BATCH or len(self._past) + len(tokens) > self.context:
            raise Unavailable("engine_failed", name=self.name)
        batch = self._batch
        batch.n_tokens = len(tokens)
        for place, token in enumerate(tokens):
            batch.token[place] = token
            batch.pos[place] = len(self._past) + place
            batch.n_seq_id[place] = 1
            batch.seq_id[place][0] = 0
            batch.logits[place] = place == len(tokens) - 1
        status = llama_cpp.llama_decode(self._context, batch)
        if status == 0:
            self._past.extend(tokens)
            return True
        # Some of the batch may have got in: back to what is known.
        if not llama_cpp.llama_memory_seq_rm(self._memory, 0, len(self._past), -1):
            llama_cpp.llama_memory_clear(self._memory, True)
            self._past.clear()
        if status == ABORTED and stop:
            return False
        raise Unavailable("engine_failed", name=self.name)

    def _speak(self, chain: "_Chain", most: int, outcome: Outcome, stop: Stop) -> Iterator[str]:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        begun = False
        for _ in range(most):
            if stop:
                return
            token = chain.sample(self._context)
            if llama_cpp.llama_vocab_is_eog(self._vocabulary, token):
                outcome.ending = "end"
                break
            outcome.tokens += 1
            text = decoder.decode(self._piece(token))
            # The space that some tokenisers put in front of an answer is not part of it.
            text = text if begun else text.lstrip()
            if text:
                begun = True
                yield text
            if outcome.tokens < most and not self._decode([token], stop):
                return
        else:
            outcome.ending = "length"
        if rest := decoder.decode(b"", final=True):
            yield rest

    def _piece(self, token: int) -> bytes:
        """The bytes of a token; none for a special one."""
        known = self._pieces.get(token)
        if known is None:
            room = ctypes.create_string_buffer(256)
            length = llama_cpp.llama_token_to_piece(self._vocabulary, token, room, 256, 0, False)
            if length < 0:
                room = ctypes.create_string_buffer(-length)
                length = llama_cpp.llama_token_to_piece(
                    self._vocabulary, token, room, -length, 0, False
                )
            known = self._pieces[token] = room.raw[: max(0, length)]
        return known

    def _tokenise(self, text: str, *, control: bool) -> list[int]:
        data = text.encode("utf-8", "replace")
        if not data:
            return []
        # At most one token a byte, and the space a tokeniser may put in front.
        most = len(data) + 8
        room = (llama_cpp.llama_token * most)()
        count = llama_cpp.llama_tokenize(
            self._vocabulary, data, len(data), room, most, False, control
        )
        if count < 0:
            raise BadRequest("bad_request", reason="tokens")
        return room[:count]

    def test(self) -> None:
        """Decode ten tokens and look at the logits: weights of NaN load without a word.

        Raises ``Unavailable`` (``model_nonsense``, ``engine_failed``).
        """
        stop = Stop()
        llama_cpp.llama_set_abort_callback(
            self._context, llama_cpp.ggml_abort_callback(_STRLEN), ctypes.addressof(stop.flag)
        )
        count = min(8, self._tokens_known)
        tokens = list(range(count))
        for _ in range(TEST_TOKENS):
            self._decode(tokens, stop)
            logits = np.ctypeslib.as_array(
                llama_cpp.llama_get_logits_ith(self._context, -1), (self._tokens_known,)
            )
            if not np.isfinite(logits).all() or float(np.ptp(logits)) == 0.0:
                raise Unavailable("model_nonsense", name=self.name)
            tokens = [int(logits.argmax())]
        self._keep([0])
        llama_cpp.llama_memory_clear(self._memory, True)
        self._past.clear()

    def close(self) -> None:
        """Give the memory back. Never while ``write`` runs: that is a crash."""
        llama_cpp.llama_batch_free(self._batch)
        llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)


class _Chain:
    """How the next token is chosen: one chain in C, top-k first (35 µs a token; with
    the whole vocabulary 221)."""

    def __init__(self, sampling: Sampling) -> None:
        self._chain = llama_cpp.llama_sampler_chain_init(
            llama_cpp.llama_sampler_chain_default_params()
        )
        for sampler in _samplers(sampling):
            llama_cpp.llama_sampler_chain_add(self._chain, sampler)

    def sample(self, context: Any) -> int:
        """The next token, from the logits of the last one decoded."""
        return int(llama_cpp.llama_sampler_sample(self._chain, context, -1))

    def close(self) -> None:
        """Free the chain and the samplers it owns."""
        llama_cpp.llama_sampler_free(self._chain)


def _samplers(sampling: Sampling) -> Iterator[Any]:
    if sampling.temperature == 0:
        yield llama_cpp.llama_sampler_init_greedy()
        return
    yield llama_cpp.llama_sampler_init_top_k(sampling.top_k)
    yield llama_cpp.llama_sampler_init_temp(sampling.temperature)
    yield llama_cpp.llama_sampler_init_dist(sampling.seed)


def _load(file: Path, *, plain: bool) -> Any:
    parameters = llama_cpp.llama_model_default_params()
    parameters.n_gpu_layers = 0
    if plain:
        parameters.use_extra_bufts = False
    model = llama_cpp.llama_model_load_from_file(bytes(file), parameters)
    if not model:
        raise Unavailable("model_unreadable", file=file.name)
    return model
