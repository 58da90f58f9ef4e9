from __future__ import annotations

import json
from dataclasses import dataclass, field

import msgspec
import pytest

from convlab.io.attachments import Attachments
from convlab.io.project_form import declared_part
from convlab.layers.parameters import whole


@dataclass(frozen=True)
class Blank:
    size: int = field(default=3, metadata=whole("Size", 1, 9, "How many."))
    step: int = field(default=1, metadata=whole("Step", 1, 4, "How far."))


@dataclass(frozen=True)
class Undeclared:
    size: int = field(default=3, metadata=whole("Size", 1, 9, "How many."))
    word: str = ""


def test_the_form_of_a_new_part_follows_from_what_its_fields_declare() -> None:
    part = declared_part("blank", Blank)
    project = msgspec.defstruct("Project", list(part.types.items()))
    written = msgspec.json.encode(project(**part.write(Blank(5), Attachments())))
    assert json.loads(written) == {"blank": {"size": 5, "step": 1}}
    assert part.read(msgspec.json.decode(written, type=project), {}, Attachments()) == Blank(5)
    older = msgspec.json.decode(b'{"blank": {"size": 5}}', type=project)
    assert part.read(older, {}, Attachments()) == Blank(5)
    for bad in (b'{"blank": {"size": 10}}', b'{"blank": {"size": 5, "more": 1}}'):
        with pytest.raises(msgspec.ValidationError):
            msgspec.json.decode(bad, type=project)


def test_a_field_that_declares_nothing_needs_a_type() -> None:
    with pytest.raises(ValueError, match=r"Undeclared\.word declares nothing: give its type"):
        declared_part("undeclared", Undeclared)
