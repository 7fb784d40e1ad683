"""Intake forms: the fields that an owner has whoever asks fill in, and what was filled in.

A form is data: its fields, the words that call for it and what is said before and after.
``answering.filling`` holds what was typed against it.
"""

from typing import Annotated, Literal

import msgspec

from appliance.errors import BadRequest
from appliance.folding import plain
from appliance.records import Record

Kind = Literal["text", "long", "email", "phone", "cpf", "date", "choice"]
Label = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Text = Annotated[str, msgspec.Meta(max_length=500)]
Words = Annotated[tuple[Label, ...], msgspec.Meta(max_length=20)]
MOST_FIELDS = 12


class FormField(Record, frozen=True, forbid_unknown_fields=True):
    """One question of a form; ``choices`` are those of the kind "choice"."""

    label: Label
    kind: Kind = "text"
    required: bool = False
    hint: Annotated[str, msgspec.Meta(max_length=200)] = ""
    choices: Annotated[tuple[Label, ...], msgspec.Meta(max_length=30)] = ()


class Form(Record, frozen=True, forbid_unknown_fields=True):
    """``title`` is what the form is called, and asking for it by its title or by one of its
    ``words`` opens it; ``said`` stands above it, ``thanks`` is said once it was sent. What was
    filled in goes by letter to ``mail_to`` and signed to ``webhook``, where they are given."""

    on: bool = False
    title: Annotated[str, msgspec.Meta(max_length=80)] = ""
    said: Text = ""
    words: Words = ()
    fields: Annotated[tuple[FormField, ...], msgspec.Meta(max_length=MOST_FIELDS)] = ()
    thanks: Text = ""
    mail_to: Annotated[str, msgspec.Meta(max_length=200)] = ""
    webhook: Annotated[str, msgspec.Meta(max_length=500)] = ""

    def check(self) -> None:
        """Raise ``BadRequest``: ``form_without_title`` and ``form_without_fields`` for one that
        is on, ``form_label_twice``, ``form_without_choices``."""
        if self.on and not self.title.strip():
            raise BadRequest("form_without_title")
        if self.on and not self.fields:
            raise BadRequest("form_without_fields")
        labels: set[str] = set()
        for field in self.fields:
            if plain(field.label) in labels:
                raise BadRequest("form_label_twice", label=field.label)
            if field.kind == "choice" and not field.choices:
                raise BadRequest("form_without_choices", label=field.label)
            labels.add(plain(field.label))


class Filled(Record, frozen=True):
    """What was answered to one field, in the order of the form."""

    label: str
    value: str
