"""What the process that tries networks and its parent say to each other; nothing is pickled.

Parent to child: a ``Request`` (of a graph followed by its parts). Child to parent: ``Ready``,
once; then for each request any number of ``Step`` and ``Needs``, and ``Opened``, followed by the
parts of its form, or ``Failed``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from multiprocessing.connection import Connection
from typing import TypeAlias

import msgspec
import numpy as np

from convlab.engine.arrays import AnyArray, frozen
from convlab.io.graph_form import NetworkForm, Part, pieces
from convlab.networks.trial import Stage

PIECE = 1 << 20  # of a part, sent at once [bytes]
LONGEST = 320 << 20  # of a form, with all notes of its file [bytes]
MOST_BYTES = 2 << 30  # of all parts


_LINE = 64  # arrays begin with a line of the processor's cache [bytes]


def plain_room(nbytes: int) -> AnyArray:
    """Return uint8 ``(nbytes,)`` of any numbers."""
    return np.empty(nbytes, np.uint8)


class Request(msgspec.Struct, frozen=True, tag=True):
    """A file to be opened and tried.

    Attributes:
        path: As the system's bytes.
        size: (rows, columns) of the picture, where the file leaves them open.
        own_only: Every node needs a layer of ours, and no session is made.
    """

    path: bytes
    size: tuple[int, int] | None
    own_only: bool


class TrialRequest(msgspec.Struct, frozen=True, tag=True):
    """A network to be tried, which was read elsewhere; its parts follow."""

    form: NetworkForm


class Ready(msgspec.Struct, frozen=True, tag=True):
    """All that it needs is imported; it waits."""


class Step(msgspec.Struct, frozen=True, tag=True):
    """A Progress."""

    stage: Stage
    done: int
    total: int
    node: str
    operation: str


class Needs(msgspec.Struct, frozen=True, tag=True):
    """What the child may use from now on.

    Attributes:
        nbytes: Of the file and what belongs to it; they say how long it may take.
        memory: Beyond what the process takes without a network [bytes].
    """

    nbytes: int
    memory: int


class Opened(msgspec.Struct, frozen=True, tag=True):
    """It was read and run; its parts follow.

    Attributes:
        form: The network; None if it was read elsewhere.
        runs_whole: All nodes run in one session.
    """

    form: NetworkForm | None
    runs_whole: bool


class Failed(msgspec.Struct, frozen=True, tag=True):
    """It cannot be opened.

    Attributes:
        text: One message with its remedy; "" where the memory did not suffice.
    """

    text: str


Message: TypeAlias = Request | TrialRequest | Ready | Step | Needs | Opened | Failed
_decoder = msgspec.msgpack.Decoder(Message)


def send(pipe: Connection, message: Message, parts: Sequence[Part] = ()) -> None:
    """Send a message, and what follows it."""
    pipe.send_bytes(msgspec.msgpack.encode(message))
    for part in parts:
        for piece in pieces(part, PIECE):
            pipe.send_bytes(piece)


def receive(pipe: Connection) -> Message:
    """Return the next message.

    Raises:
        EOFError, OSError: The other side is gone, or what it says is longer than any message.
        ValueError: It is none.
    """
    return _decoder.decode(pipe.recv_bytes(LONGEST))


def receive_parts(
    pipe: Connection, form: NetworkForm, room: Callable[[int], AnyArray] = plain_room
) -> list[Part]:
    """Return what follows a form.

    Args:
        pipe: Where it comes from.
        form: The form.
        room: Returns so many bytes, uint8, in which arrays are put.

    Raises:
        EOFError, OSError: The other side is gone.
        ValueError: It would be too much, or is not what was said.
    """
    starts = [0, *accumulate(-(-each.nbytes // _LINE) * _LINE for each in form.parts)]
    if starts[-1] > MOST_BYTES:
        raise ValueError("too much would follow")
    whole, found = room(starts[-1]), []
    for each, start in zip(form.parts, starts, strict=False):
        data = whole[start : start + each.nbytes]
        at = 0
        while at < each.nbytes:
            at += pipe.recv_bytes_into(data[at : at + PIECE])
        found.append(each.made(data))
    frozen(whole)  # or layers would copy what they are given
    return found
