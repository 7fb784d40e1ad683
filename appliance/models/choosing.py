"""How the next token of one answer is chosen, through llama.cpp's samplers.

The likeliest is taken where it lies; with a temperature one chain in C chooses, top-k first
(35 µs a token; with the whole vocabulary 221). A grammar is asked about the token that would
be chosen (7 µs), then about the likeliest few (59 µs), and only if none of them fits about
all (21 ms). llama.cpp ends the process when a grammar is made to accept a token that does
not fit, so only one that it let through is ever given to it.
"""

import ctypes
from collections.abc import Iterator
from typing import Any

import llama_cpp
import numpy as np

from appliance.errors import BadRequest, Unavailable
from appliance.models import Sampling, grammars
from appliance.models.rows import Rows

# llama.cpp's own struct of a candidate: which token, its logit, its probability.
CANDIDATE = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])


class Logits:
    """The logits of the last batch, where they lie in llama.cpp's memory."""

    def __init__(self, context: Any, rows: Rows, tokens_known: int) -> None:
        self.context = context
        self._wanted = rows.logits
        self._tokens_known = tokens_known

    def of(self, row: int) -> Any:
        """A row's logits, until the next batch. Raises ``Unavailable`` (``engine_failed``)
        for a row that did not want them: llama.cpp would abort."""
        where = None
        if row >= 0 and self._wanted[row]:
            where = llama_cpp.llama_get_logits_ith(self.context, row)
        if not where:
            raise Unavailable("engine_failed", name="logits")
        return np.ctypeslib.as_array(where, (self._tokens_known,))


class Chain:
    """How the tokens of one answer are chosen; ``close`` frees what C holds for it.

    Making one raises ``BadRequest`` (``refused_grammar``) when llama.cpp cannot read the
    grammar; ``check_grammar`` has to have let it through before.
    """

    def __init__(self, logits: Logits, sampling: Sampling, vocabulary: Any) -> None:
        self._logits = logits
        self._top_k = sampling.top_k
        self._grammar = _grammar(vocabulary, sampling.grammar) if sampling.grammar else None
        self._chain: Any = None
        if sampling.temperature > 0:
            self._chain = llama_cpp.llama_sampler_chain_init(
                llama_cpp.llama_sampler_chain_default_params()
            )
            for sampler in _samplers(sampling):
                llama_cpp.llama_sampler_chain_add(self._chain, sampler)

    @property
    def greedy(self) -> bool:
        """Whether the likeliest token is always chosen, of those that fit."""
        return self._chain is None

    def pick(self, row: int) -> int:
        """The next token, from the logits of a row of the last batch that wanted them.

        Raises ``BadRequest`` (``grammar_ended``) when no token of the model fits the grammar.
        """
        logits = self._logits.of(row)
        if self._grammar is not None:
            return self._fitting(logits)
        if self._chain is None:
            # Over the logits where they lie: the chain would first list the vocabulary.
            return int(logits.argmax())
        return int(llama_cpp.llama_sampler_sample(self._chain, self._logits.context, row))

    def _fitting(self, logits: Any) -> int:
        for most in (1, self._top_k, len(logits)) if self.greedy else (self._top_k, len(logits)):
            candidates = _likeliest(logits, most)
            _apply(self._grammar, candidates)
            fitting = candidates[np.isfinite(candidates["logit"])]
            if len(fitting):
                token = self._chosen(fitting)
                llama_cpp.llama_sampler_accept(self._grammar, token)
                return token
        raise BadRequest("grammar_ended")

    def _chosen(self, candidates: Any) -> int:
        if self._chain is None:
            return int(candidates["id"][candidates["logit"].argmax()])
        array = _apply(self._chain, candidates)
        return int(array.data[array.selected].id)

    def close(self) -> None:
        """Free the samplers. Callable any number of times."""
        for sampler in (self._chain, self._grammar):
            if sampler is not None:
                llama_cpp.llama_sampler_free(sampler)
        self._chain = self._grammar = None


def check_grammar(vocabulary: Any, grammar: str) -> None:
    """Whether answers can be written by this grammar: ours reads it first, then llama.cpp.

    Raises as ``grammars.check`` does, and ``BadRequest`` (``refused_grammar``).
    """
    grammars.check(grammar)
    llama_cpp.llama_sampler_free(_grammar(vocabulary, grammar))


def _grammar(vocabulary: Any, grammar: str) -> Any:
    root = grammars.ROOT.encode()
    sampler = llama_cpp.llama_sampler_init_grammar(vocabulary, grammar.encode(), root)
    if not sampler:
        raise BadRequest("refused_grammar")
    return sampler


def _samplers(sampling: Sampling) -> Iterator[Any]:
    yield llama_cpp.llama_sampler_init_top_k(sampling.top_k)
    yield llama_cpp.llama_sampler_init_temp(sampling.temperature)
    yield llama_cpp.llama_sampler_init_dist(sampling.seed)


def _likeliest(logits: Any, most: int) -> Any:
    """The likeliest tokens as candidates, in no order."""
    if most == 1:
        tokens = np.array([logits.argmax()])
    elif most < len(logits):
        tokens = np.argpartition(logits, -most)[-most:]
    else:
        tokens = np.arange(len(logits))
    candidates = np.zeros(len(tokens), CANDIDATE)
    candidates["id"], candidates["logit"] = tokens, logits[tokens]
    return candidates


def _apply(sampler: Any, candidates: Any) -> Any:
    """Let a sampler work on candidates, in their place; gives llama.cpp's view of them."""
    array = llama_cpp.llama_token_data_array(
        data=candidates.ctypes.data_as(ctypes.POINTER(llama_cpp.llama_token_data)),
        size=len(candidates),
        selected=-1,
        sorted=False,
    )
    llama_cpp.llama_sampler_apply(sampler, ctypes.byref(array))
    return array
