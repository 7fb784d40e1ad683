"""The turns of a conversation that is kept elsewhere: told by its asker, stored nowhere here.

What an asker says the assistant once answered counts as the conversation's context and as
nothing more: it is searched with and read by the model, and never cited. Its sentences
count as cited ones, because a follow-up leans on no others.
"""

from appliance.answering.draft import without_marks
from appliance.answering.prompts import Exchange
from appliance.answering.steps import refusal
from appliance.conversations import Message
from appliance.index.sentences import sentences
from appliance.records import Answer, Assistant, Sentence, Took, new_id, timestamp


def message(assistant: Assistant, conversation: str, exchange: Exchange) -> Message:
    """An exchange with the assistant as a message of the conversation; without an answer
    where there was none, and the assistant's own refusal is none either."""
    number = new_id()
    told = "" if exchange.answer.strip() == refusal(assistant).strip() else exchange.answer
    return Message(
        id=number,
        conversation=conversation,
        question=exchange.question,
        state="answered" if told else "failed",
        answer=_answer(number, conversation, told) if told else None,
        good=None,
        reason=None,
        comment=None,
        collections=(),
        created_at=timestamp(),
    )


def _answer(number: str, conversation: str, told: str) -> Answer:
    text = without_marks(told)
    return Answer(
        message=number,
        conversation=conversation,
        state="answered",
        mode="generate",
        answer=text,
        sentences=tuple(
            Sentence(text=text[start:end], start=start, end=end, supported=True, citations=(1,))
            for start, end in sentences(text)
        ),
        citations=(),
        passages=(),
        took=Took(passages_ms=0, first_token_ms=0, total_ms=0, queue_ms=0, tokens=0),
    )
