import sys

from pytestqt.qtbot import QtBot

from convlab.runtime.preloading import Preloader


def test_modules_are_there_when_it_is_said(qtbot: QtBot) -> None:
    rare = "colorsys"
    sys.modules.pop(rare, None)
    preloader = Preloader([rare])
    with qtbot.waitSignal(preloader.loaded):
        preloader.start()
    assert rare in sys.modules
    preloader.stop()


def test_a_second_start_changes_nothing(qtbot: QtBot) -> None:
    preloader = Preloader(["colorsys"])
    told: list[bool] = []
    preloader.loaded.connect(lambda: told.append(True))
    preloader.start()
    preloader.start()
    qtbot.waitUntil(lambda: bool(told))
    preloader.stop()
    assert told == [True]


def test_nothing_is_imported_after_a_stop() -> None:
    sys.modules.pop("colorsys", None)
    preloader = Preloader(["colorsys"])
    preloader.stop()
    preloader.start()
    preloader.stop()
    assert preloader.is_stopped
    assert "colorsys" not in sys.modules
