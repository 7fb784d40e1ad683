"""llama.cpp, through its low-level interface: with ``choosing`` the only home of ``llama_cpp``.

A wrong argument to llama.cpp aborts the process, so every bound is checked here before
a native call: a prompt's length, a batch's size, what is sampled. What documents and
people say is tokenised without special tokens; only the template's own marks with them.
One thread at a time may call what touches the context (``read``, ``pick``, ``keep``,
``bring``, ``test``); tokenising is for any thread.
"""

import ctypes
import logging
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np

from appliance.errors import BadRequest, Unavailable
from appliance.models import Prompt, Sampling, Turn, hardware, templates
from appliance.models.ask import Stop
from appliance.models.catalogue import Entry, Template
from appliance.models.choosing import Chain, Logits, check_grammar
from appliance.models.rows import Part, Reading, Rows, fillers
from appliance.models.slots import shared
from appliance.models.tuning import Tuning

LONGEST_TOKEN = 64  # characters: more than that per token of context is never tokenised
MOST_STOPS, LONGEST_STOP = 8, 100  # stop strings of one request, and their characters
TEST_TOKENS = 10
CELLS = 256  # llama.cpp rounds a sequence's cells up to so many
KEPT_FREE = 0.2  # of the memory that is left once one context is paid for
LARGEST_COPY = 512 << 20  # bytes of a sequence's state that are worth copying
FULL, ABORTED = 1, 2  # what llama_decode returns without cells, and when it was told to stop

# llama.cpp asks "stop?" after every node of the graph, a thousand times a token. Asked of
# Python that is a fight for its lock each time; strlen of the stop flag's bytes is the
# same answer from C: 0 while the first byte is 0, and 1 (true) once it was set.
_STRLEN = ctypes.cast(ctypes.CDLL(None).strlen, ctypes.c_void_p).value or 0

logging.getLogger("llama-cpp-python").setLevel(logging.ERROR)


class LlamaModel:
    """A GGUF in memory with one context of several sequences.

    Each of the ``slots`` sequences holds up to ``context`` tokens, all together ``cells``;
    ``batch`` tokens are read at once at the most. There are as many slots as the tuning
    wants and the memory allows. ``forgets`` says whether a sequence can be cut back to any
    length (a recurrent model's cannot). ``halt`` stops a ``read`` under way, from any thread.
    ``plain`` leaves the processor's extra buffer types (AMX, repacking) out.
    """

    def __init__(
        self, entry: Entry, file: Path, *, tuning: Tuning | None = None, plain: bool = False
    ) -> None:
        """Raises ``Unavailable``: ``model_unreadable``, ``model_template`` when the file
        lacks the marks of the entry's template, ``model_no_memory``."""
        self.name = entry.name
        self.halt = Stop()
        self._model: Any = None
        self._context: Any = None
        self._template = entry.template or Template(user_open="", user_close="", answer_close="")
        self._pieces: dict[int, bytes | None] = {}
        tuning = tuning or Tuning()
        spare_mb = hardware.memory().available_mb - entry.ram_mb
        llama_cpp.llama_backend_init()
        self._model = _load(file, plain=plain)
        self._vocabulary = llama_cpp.llama_model_get_vocab(self._model)
        self._tokens_known = llama_cpp.llama_vocab_n_tokens(self._vocabulary)
        self._check_marks(file)
        trained = llama_cpp.llama_model_n_ctx_train(self._model)
        self.context = min(entry.context, trained)
        row_of_cells = -(-self.context // CELLS) * CELLS
        contexts = _affordable(self._model, row_of_cells, spare_mb, max(1, tuning.slots))
        self.slots = tuning.slots if tuning.unified else contexts
        self.cells = contexts * row_of_cells
        # A token of each answer, and something of a prompt beside them.
        self.batch = max(tuning.batch, 2 * self.slots)
        self._context = self._open_context(tuning)
        self._memory = llama_cpp.llama_get_memory(self._context)
        # A sequence's state is laid out by these; another build may do it in another way.
        self.flags = f"{llama_cpp.__version__} {tuning.flash_attention} {tuning.unified}"
        self._unified = tuning.unified
        self.forgets = not (
            llama_cpp.llama_model_is_recurrent(self._model)
            or llama_cpp.llama_model_is_hybrid(self._model)
        )
        self._fills = self.forgets and not tuning.unified
        self._lengths = [0] * self.slots
        self._rows = Rows(self.batch + self.slots, self.slots)
        self._batch = _batch_of(self._rows)

    def _check_marks(self, file: Path) -> None:
        for mark in templates.marks(self._template):
            if self._tokenise(mark, control=True) == self._tokenise(mark, control=False):
                raise Unavailable("model_template", name=self.name, file=file.name, mark=mark)

    def _open_context(self, tuning: Tuning) -> Any:
        parameters = llama_cpp.llama_context_default_params()
        parameters.n_ctx = self.cells
        parameters.n_batch = self.batch + self.slots
        parameters.n_ubatch = max(1, tuning.physical_batch)
        parameters.n_seq_max = self.slots
        parameters.n_threads = parameters.n_threads_batch = hardware.threads(tuning.threads)
        parameters.flash_attn_type = (
            llama_cpp.LLAMA_FLASH_ATTN_TYPE_ENABLED
            if tuning.flash_attention
            else llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
        )
        parameters.kv_unified = tuning.unified
        context = llama_cpp.llama_init_from_model(self._model, parameters)
        if not context:
            raise Unavailable("model_no_memory", name=self.name)
        llama_cpp.llama_set_abort_callback(
            context, llama_cpp.ggml_abort_callback(_STRLEN), ctypes.addressof(self.halt.flag)
        )
        return context

    def text_tokens(self, text: str) -> list[int]:
        """The tokens of a text that is data: never a special token among them."""
        return self._tokenise(text, control=False)

    def prompt_tokens(self, prompt: Prompt, sampling: Sampling) -> list[int]:
        """The prompt as the model reads it, with room left for the answer.

        Raises ``BadRequest``: ``bad_sampling``, ``bad_prompt``, the refusals of a grammar,
        and ``prompt_too_long`` with ``tokens`` and ``limit``.
        """
        self._check_sampling(sampling)
        limit = self.context - sampling.max_tokens
        spans = templates.lay_out(self._template, prompt)
        length = sum(len(span.text) for span in spans)
        if length > LONGEST_TOKEN * self.context:
            # Not worth tokenising: so many characters cannot fit.
            raise BadRequest("prompt_too_long", tokens=length // LONGEST_TOKEN, limit=limit)
        tokens = self._spans_tokens(spans)
        if not tokens or len(tokens) > limit:
            raise BadRequest("prompt_too_long", tokens=len(tokens), limit=limit)
        return tokens

    def prefix(self, prompt: Prompt, tokens: Sequence[int]) -> int:
        """How many of the prompt's ``tokens`` every prompt with these instructions begins
        with: what it has in common with one that asks nothing."""
        nothing = Prompt(system=prompt.system, turns=(Turn(role="user", text=""),))
        return shared(tokens, self._spans_tokens(templates.lay_out(self._template, nothing)))

    def _spans_tokens(self, spans: Sequence[templates.Span]) -> list[int]:
        return [
            token for span in spans for token in self._tokenise(span.text, control=span.control)
        ]

    def _check_sampling(self, sampling: Sampling) -> None:
        right = (
            1 <= sampling.max_tokens < self.context
            and math.isfinite(sampling.temperature)
            and 0 <= sampling.temperature <= 5
            and 1 <= sampling.top_k <= 1000
            and 0 <= sampling.seed < 2**32
            and len(sampling.stop) <= MOST_STOPS
            and all(1 <= len(stop) <= LONGEST_STOP for stop in sampling.stop)
        )
        if not right:
            raise BadRequest("bad_sampling", most=self.context - 1)
        if sampling.grammar:
            check_grammar(self._vocabulary, sampling.grammar)

    def read(self, parts: Sequence[Part]) -> Reading:
        """Read tokens into their sequences, each part right behind what its sequence holds.

        "full" when there are no cells for them and "stopped" when ``halt`` was set: then
        every sequence holds what it held before. Afterwards ``pick`` takes the rows whose
        logits were wanted. Raises ``Unavailable`` (``engine_failed``).
        """
        self._check_parts(parts)
        idle = fillers(parts, self._lengths, self.context) if self._fills else []
        laid = sorted([*parts, *idle], key=_by_slot) if idle else parts
        self._batch.n_tokens = self._rows.lay(laid)
        status = llama_cpp.llama_decode(self._context, self._batch)
        if status == 0:
            for part in parts:
                self._lengths[part.slot] += len(part.tokens)
        for part in laid if status else idle:
            # Some of the batch may have got in: back to what is known.
            self.keep(part.slot, part.start)
        if status in (0, FULL, ABORTED):
            return "read" if status == 0 else "full" if status == FULL else "stopped"
        raise Unavailable("engine_failed", name=self.name)

    def _check_parts(self, parts: Sequence[Part]) -> None:
        """What llama.cpp would abort over: a wrong place, a batch too large, no order."""
        before, total = -1, 0
        for part in parts:
            count = len(part.tokens)
            if not (
                before < part.slot < self.slots
                and part.start == self._lengths[part.slot]
                and 0 <= part.logits <= count
                and 0 < count <= self.context - part.start
            ):
                raise Unavailable("engine_failed", name=self.name)
            before, total = part.slot, total + count
        if not 0 < total <= self.batch:
            raise Unavailable("engine_failed", name=self.name)

    def chain(self, sampling: Sampling) -> Chain:
        """How the tokens of one answer are chosen; ``close`` it after the answer.

        Raises ``BadRequest`` (``refused_grammar``)."""
        logits = Logits(self._context, self._rows, self._tokens_known)
        return Chain(logits, sampling, self._vocabulary)

    def keep(self, slot: int, length: int) -> int:
        """Forget all but the first ``length`` tokens of a sequence; gives what is left:
        so many, or none where the model cannot forget a part."""
        if not llama_cpp.llama_memory_seq_rm(self._memory, slot, length, -1):
            llama_cpp.llama_memory_seq_rm(self._memory, slot, -1, -1)
            length = 0
        self._lengths[slot] = length
        return length

    def bring(self, donor: int, slot: int, length: int) -> int:
        """Copy the first ``length`` tokens of one sequence to another, whose own are
        forgotten; gives how many are there now: so many, or none when it cannot be done."""
        if donor == slot or not 0 < length <= self._lengths[donor]:
            raise Unavailable("engine_failed", name=self.name)
        self.keep(slot, 0)
        if self._unified:
            llama_cpp.llama_memory_seq_cp(self._memory, donor, slot, 0, length)
            self._lengths[slot] = length
            return length
        # A part of a split cache cannot be copied in place (llama.cpp aborts).
        state = self.state(donor)
        return self.restore(slot, state, self._lengths[donor], length) if state else 0

    def state(self, slot: int) -> bytearray | None:
        """What a sequence holds, as bytes; None when that is too much to copy."""
        size = llama_cpp.llama_state_seq_get_size(self._context, slot)
        if not 0 < size <= LARGEST_COPY:
            return None
        state = bytearray(size)
        room = (ctypes.c_uint8 * size).from_buffer(state)
        written = llama_cpp.llama_state_seq_get_data(self._context, room, size, slot)
        return state if written == size else None

    def restore(self, slot: int, state: bytearray, holds: int, length: int) -> int:
        """Put the first ``length`` tokens of a state that ``holds`` so many into a sequence;
        gives how many are there now: so many, or none when there are no cells for them.

        The bytes must be what ``state`` gave, of the same file and flags: llama.cpp
        aborts over any others.
        """
        room = (ctypes.c_uint8 * len(state)).from_buffer(state)
        if not llama_cpp.llama_state_seq_set_data(self._context, room, len(state), slot):
            return self.keep(slot, 0)
        self._lengths[slot] = holds
        return self.keep(slot, min(length, holds))

    def piece(self, token: int) -> bytes | None:
        """The bytes of a token, none for a special one; None where the answer ends."""
        try:
            return self._pieces[token]
        except KeyError:
            known = self._pieces[token] = self._spell(token)
            return known

    def _spell(self, token: int) -> bytes | None:
        if llama_cpp.llama_vocab_is_eog(self._vocabulary, token):
            return None
        room = ctypes.create_string_buffer(256)
        length = llama_cpp.llama_token_to_piece(self._vocabulary, token, room, 256, 0, False)
        if length < 0:
            room = ctypes.create_string_buffer(-length)
            length = llama_cpp.llama_token_to_piece(
                self._vocabulary, token, room, -length, 0, False
            )
        return room.raw[: max(0, length)]

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
        tokens = list(range(min(8, self._tokens_known, self.batch)))
        wanted = Logits(self._context, self._rows, self._tokens_known)
        for _ in range(TEST_TOKENS):
            part = Part(0, self._lengths[0], tokens, logits=1)
            self.read([part])
            logits = wanted.of(part.row)
            if not np.isfinite(logits).all() or float(np.ptp(logits)) == 0.0:
                raise Unavailable("model_nonsense", name=self.name)
            tokens = [int(logits.argmax())]
        self.keep(0, 0)

    def close(self) -> None:
        """Give the memory back. Never while another method runs: that is a crash. Whoever
        shares the model lets go of it instead, and the last one frees it."""
        context, model = self._context, self._model
        self._context = self._model = None
        if context:
            llama_cpp.llama_free(context)
        if model:
            llama_cpp.llama_model_free(model)

    def __del__(self) -> None:
        self.close()


def _load(file: Path, *, plain: bool) -> Any:
    parameters = llama_cpp.llama_model_default_params()
    parameters.n_gpu_layers = 0
    if plain:
        parameters.use_extra_bufts = False
    model = llama_cpp.llama_model_load_from_file(bytes(file), parameters)
    if not model:
        raise Unavailable("model_unreadable", file=file.name)
    return model


def _affordable(model: Any, tokens: int, spare_mb: int, most: int) -> int:
    """For how many contexts of so many tokens there is memory. llama.cpp takes it all at
    once and fills it with zeros; what the first one costs is in the entry's ``ram_mb``."""
    heads = max(1, llama_cpp.llama_model_n_head(model))
    width = llama_cpp.llama_model_n_embd(model) // heads * llama_cpp.llama_model_n_head_kv(model)
    each = 2 * 2 * width * llama_cpp.llama_model_n_layer(model) * tokens  # keys, values; f16
    more = int((1 - KEPT_FREE) * max(0, spare_mb << 20)) // max(1, each)
    return int(min(most, 1 + more))


def _batch_of(rows: Rows) -> Any:
    """The rows' memory as the structure that llama_decode takes."""
    batch = llama_cpp.llama_batch()
    for name in ("token", "pos", "n_seq_id", "seq_id", "logits"):
        where: Any = getattr(rows, name).ctypes.data
        setattr(batch, name, ctypes.cast(where, type(getattr(batch, name))))
    return batch


def _by_slot(part: Part) -> int:
    return part.slot
