"""What a screen reader finds in the real window."""

from __future__ import annotations

from convlab.document.document import Lab
from tests.e2e.accessible import described, elements, name_of, needs_name
from tests.e2e.driver import Driver


def test_every_element_of_all_labs_and_pages_has_a_name(step: Driver) -> None:
    for lab in Lab:
        step.window.go_to(lab)
    unnamed = [
        described(element)
        for element in elements(step.window)
        if needs_name(element) and not name_of(element).strip()
    ]
    assert not unnamed, f"{len(unnamed)} without a name:\n" + "\n".join(unnamed)
