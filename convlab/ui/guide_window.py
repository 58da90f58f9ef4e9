"""The guide in the program: its text and pictures, a list of its sections, and a search."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QUrl
from PySide6.QtGui import (
    QDesktopServices,
    QImage,
    QKeyEvent,
    QKeySequence,
    QShortcut,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from convlab.paths import guide
from convlab.ui.screen_fit import fit_to_screen
from convlab.ui.theme import STRONG, px
from convlab.ui.widgets.forms import as_panel, describe, filled, quiet_label

SIZE = 1060, 760  # [px]
CONTENTS_WIDTH = 260  # [px]
TEXT_WIDTH = 700  # of a picture at most [px]
HEADING = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True, eq=False)
class GuideRead:
    """What the guide's files hold.

    Attributes:
        text: Markdown.
        pictures: By their names in the text.
    """

    text: str
    pictures: dict[str, QImage]


def read_guide(width: int) -> GuideRead:
    """Read the guide, its pictures no wider than that [px].

    Raises:
        OSError: It is not there.
    """
    file = guide()
    pictures = {
        f"pictures/{path.name}": _narrowed(QImage(str(path)), width)
        for path in sorted((file.parent / "pictures").glob("*.png"))
    }
    return GuideRead(file.read_text(encoding="utf-8"), pictures)


def _narrowed(picture: QImage, width: int) -> QImage:
    smooth = Qt.TransformationMode.SmoothTransformation
    return picture if picture.width() <= width else picture.scaledToWidth(width, smooth)


class _Browser(QTextBrowser):
    """Shows pictures that were read before: nothing is read while it paints."""

    def __init__(self) -> None:
        super().__init__()
        self.pictures: dict[str, QImage] = {}
        self.setOpenLinks(False)

    def loadResource(self, kind: int, name: QUrl | str) -> object:
        return self.pictures.get(QUrl(name).path())


def _take_own_weight(document: QTextDocument) -> None:
    """Write what is strong in the weight that the typeface has: others are smeared."""
    strong, block = [], document.begin()
    while block.isValid():
        pieces = block.begin()
        while not pieces.atEnd():
            piece = pieces.fragment()
            if piece.charFormat().fontWeight() > STRONG:
                strong.append((piece.position(), piece.length()))
            pieces += 1
        block = block.next()
    weight, cursor = QTextCharFormat(), QTextCursor(document)
    weight.setFontWeight(STRONG)
    for position, length in strong:
        cursor.setPosition(position)
        cursor.setPosition(position + length, QTextCursor.MoveMode.KeepAnchor)
        cursor.mergeCharFormat(weight)


class GuideWindow(QWidget):
    """Lies beside the program's window. Esc closes it, Ctrl+F searches.

    Args:
        parent: The program's window.
        read: The guide.
    """

    def __init__(self, parent: QWidget, read: GuideRead) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("guide_window")
        self.setWindowTitle("ConvLab: the guide")
        as_panel(self)
        self.browser = describe(_Browser(), "guide_text", "Guide", "")
        self.browser.setToolTip("")
        self.browser.pictures = {
            name: _for_screen(picture, parent.devicePixelRatioF())
            for name, picture in read.pictures.items()
        }
        self.contents = describe(QListWidget(), "guide_contents", "Sections", "Go to a section.")
        self.contents.setToolTip("")
        self.search = describe(
            QLineEdit(),
            "guide_search",
            "Search",
            "Enter finds the next place, Shift+Enter the last.",
        )
        self.search.setPlaceholderText("Search the guide")
        self.search.setClearButtonEnabled(True)
        self._found = quiet_label(name="guide_found")
        self._arrange()
        self.browser.setMarkdown(read.text)
        _take_own_weight(self.browser.document())
        self._list_sections()
        self.contents.currentItemChanged.connect(self._on_section_chosen)
        self.contents.itemClicked.connect(self._on_section_chosen)
        self.search.textEdited.connect(self._on_search_edited)
        self.search.installEventFilter(self)
        self.browser.anchorClicked.connect(self._on_link)
        QShortcut(QKeySequence.StandardKey.Find, self, self.search.setFocus)
        QShortcut(QKeySequence(Qt.Key.Key_Escape), self, self.close)
        self.resize(px(SIZE[0]), px(SIZE[1]))

    def _arrange(self) -> None:
        side = filled(QVBoxLayout(), self.search, self._found, (self.contents, 1), spacing=6)
        self.search.setMaximumWidth(CONTENTS_WIDTH)
        self.contents.setFixedWidth(CONTENTS_WIDTH)
        filled(QHBoxLayout(self), side, (self.browser, 1), margins=(12, 12, 12, 12), spacing=12)

    def _headings(self) -> list[QTextBlock]:
        block, found = self.browser.document().begin(), []
        while block.isValid():
            if block.blockFormat().headingLevel() > 1:
                found.append(block)
            block = block.next()
        return found

    def _list_sections(self) -> None:
        for block in self._headings():
            indent = "    " * (block.blockFormat().headingLevel() - 2)
            item = QListWidgetItem(indent + block.text())
            item.setData(HEADING, block.text())
            if not indent:
                font = item.font()
                font.setWeight(STRONG)
                item.setFont(font)
            self.contents.addItem(item)

    # ---- going somewhere ----

    def go_to(self, heading: str) -> None:
        """Show a section; an unknown one is no reason to move."""
        for row in range(self.contents.count()):
            if self.contents.item(row).data(HEADING) == heading:
                self.contents.setCurrentRow(row)
                self._show(heading)

    @property
    def section(self) -> str:
        """The section shown."""
        item = self.contents.currentItem()
        return "" if item is None else str(item.data(HEADING))

    def _on_section_chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self._show(str(item.data(HEADING)))

    def _show(self, heading: str) -> None:
        block = next((each for each in self._headings() if each.text() == heading), None)
        if block is None:
            return
        self.browser.setTextCursor(QTextCursor(block))
        top = self.browser.document().documentLayout().blockBoundingRect(block).top()
        self.browser.verticalScrollBar().setValue(round(top) - px(6))

    def _on_link(self, url: QUrl) -> None:
        if url.scheme() in ("http", "https"):
            QDesktopServices.openUrl(url)

    # ---- searching ----

    def _on_search_edited(self, text: str) -> None:
        cursor = self.browser.textCursor()
        cursor.setPosition(cursor.selectionStart())
        self.browser.setTextCursor(cursor)
        self._find(text)

    def _find(self, text: str, backward: bool = False) -> None:
        flags = QTextDocument.FindFlag.FindBackward if backward else QTextDocument.FindFlag(0)
        is_found = not text or self.browser.find(text, flags)
        if not is_found:  # begin again at the other end
            end = QTextCursor.MoveOperation.End if backward else QTextCursor.MoveOperation.Start
            self.browser.moveCursor(end)
            is_found = self.browser.find(text, flags)
        self._found.setText("" if is_found else "Not in the guide.")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_enter = isinstance(event, QKeyEvent) and event.key() in (
            Qt.Key.Key_Return,
            Qt.Key.Key_Enter,
        )
        if is_enter and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            backward = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._find(self.search.text(), backward)
            return True
        return False

    def open_at(self, heading: str) -> None:
        """Come to the front, at a section."""
        self.show()
        fit_to_screen(self)
        self.raise_()
        self.activateWindow()
        self.go_to(heading)
        self.browser.setFocus()


def _for_screen(picture: QImage, ratio: float) -> QImage:
    picture.setDevicePixelRatio(ratio)
    return picture
