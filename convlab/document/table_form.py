"""How a table of numbers is read: what a person chose, and what is found by itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from convlab.layers.parameters import choice, flag, whole

MOST_COLUMNS = 10_000
AUTO = 0
"""The column that is found by itself: the first one of numbers."""


class Separator(StrEnum):
    """What stands between two cells; the value is the name used in files."""

    AUTO = "auto"
    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"
    BLANK = "blank"  # any number of blanks and tabs
    BAR = "bar"
    NONE = "none"  # each line is one cell


class DecimalSign(StrEnum):
    """What stands before the fraction; the other sign may part groups of three digits."""

    AUTO = "auto"
    POINT = "point"
    COMMA = "comma"


class Gaps(StrEnum):
    """What becomes of cells that are empty, or say that there is no number."""

    REJECT = "reject"
    SKIP = "skip"
    ZERO = "zero"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class TableForm:
    """How a table is read.

    Attributes:
        separator: What stands between two cells.
        decimal: The decimal sign.
        column: Which one is taken, counted from 1; AUTO is the first one of numbers.
        has_heading: The first row is a heading although it holds numbers; one without is one
            anyway.
        gaps: What becomes of cells without a number.
    """

    separator: Separator = field(
        default=Separator.AUTO,
        metadata=choice(
            "Separator",
            (
                (Separator.AUTO, "found by itself"),
                (Separator.COMMA, "comma ,"),
                (Separator.SEMICOLON, "semicolon ;"),
                (Separator.TAB, "tab"),
                (Separator.BLANK, "blanks"),
                (Separator.BAR, "bar |"),
                (Separator.NONE, "none: one column"),
            ),
            "What stands between two cells of a row. <i>0,1</i> is two cells in one table and one "
            "number in another.",
        ),
    )
    decimal: DecimalSign = field(
        default=DecimalSign.AUTO,
        metadata=choice(
            "Decimal sign",
            (
                (DecimalSign.AUTO, "found by itself"),
                (DecimalSign.POINT, "point: 1,234.5"),
                (DecimalSign.COMMA, "comma: 1.234,5"),
            ),
            "What stands before the fraction of a number. The other sign, an apostrophe or a "
            "narrow blank parts thousands.",
        ),
    )
    column: int = field(
        default=AUTO,
        metadata=whole(
            "Column",
            AUTO,
            MOST_COLUMNS,
            "Which column becomes the signal, counted from 1; or click into it below.",
        ),
    )
    has_heading: bool = field(
        default=False,
        metadata=flag(
            "First row is a heading",
            "Leaves out the first row of numbers: years or wavelengths are headings too. A first "
            "row of words is one anyway.",
            title="Heading",
        ),
    )
    gaps: Gaps = field(
        default=Gaps.REJECT,
        metadata=choice(
            "Gaps",
            (
                (Gaps.REJECT, "are an error"),
                (Gaps.SKIP, "are left out"),
                (Gaps.ZERO, "become 0"),
                (Gaps.LINE, "are bridged by lines"),
            ),
            "What becomes of cells that are empty or say NaN or n/a. <i>Left out</i>: what follows "
            "moves up. <i>Bridged</i>: a straight line from the number before to the one after.",
        ),
    )


FOUND = TableForm()
"""Everything is found by itself."""
