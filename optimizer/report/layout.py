"""Columns and paragraphs of plain text, measured in cells: a Chinese character takes two."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from rich.cells import cell_len, set_cell_size

GAP = 1
"""Cells between two columns."""
CLOSING = frozenset("，。；：、！？）》」』”’,.;:!?)]}%")
"""What must not begin a line."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a text table. `place` is where it stands; `unit` None: the table has no line of units."""

    head: str
    unit: str | None
    cells: Sequence[str]
    place: int
    right: bool = True
    least: int = 1
    most: int = 11
    marks: Sequence[bool] = field(default=())
    """which cells carry a star"""

    @property
    def starred(self) -> bool:
        return any(self.marks)

    def texts(self) -> list[str]:
        """The cells with their stars; figures stay under each other."""
        if not self.starred:
            return list(self.cells)
        return [cell + ("*" if mark else " ") for cell, mark in zip(self.cells, self.marks, strict=True)]

    def width(self) -> int:
        """Cells it needs, a long heading folded in two."""
        head = max(map(cell_len, halves(self.head, self.most)))
        longest = max((cell_len(text) for text in self.texts()), default=0)
        return max(self.least, min(self.most, max(head, cell_len(self.unit or ""), longest)))


def halves(head: str, most: int) -> list[str]:
    """A heading in at most two lines of `most` cells."""
    if cell_len(head) <= most:
        return [head]
    first, *rest = folded(head, most)
    return [first, cut("".join(rest) if not first.isascii() else " ".join(part.strip() for part in rest), most)]


def across(columns: Iterable[Column], width: int) -> Iterator[Column]:
    """Those columns for which there is room, tried in the order given, then in their places."""
    taken: list[Column] = []
    room = width
    for column in columns:
        needs = (column.least if not column.right and column.least > 1 else column.width()) + GAP
        if needs <= room:
            taken.append(column)
            room -= needs
    yield from sorted(taken, key=lambda column: column.place)


def laid_out(columns: Sequence[Column], width: int) -> tuple[list[str], list[str]]:
    """(lines of the heading, lines of the body), none wider than `width`."""
    widths = [column.width() for column in columns]
    widest = max(range(len(columns)), key=lambda i: (not columns[i].right, widths[i]))
    over = sum(widths) + GAP * len(columns) - width
    if over > 0:
        widths[widest] = max(1, widths[widest] - over)
    heads = [halves(column.head, max(width, 2)) for column, width in zip(columns, widths, strict=True)]
    deep = max(map(len, heads))
    stacked = [[*[""] * (deep - len(head)), *head] for head in heads]
    if any(column.unit for column in columns):
        stacked = [[*head, column.unit or ""] for head, column in zip(stacked, columns, strict=True)]
    return _rows(columns, widths, stacked), _rows(columns, widths, [column.texts() for column in columns])


def _rows(columns: Sequence[Column], widths: Sequence[int], cells: Sequence[Sequence[str]]) -> list[str]:
    lines = []
    for row in zip(*cells, strict=True):
        texts = [
            padded(cut(text, width), width, right=column.right)
            for text, width, column in zip(row, widths, columns, strict=True)
        ]
        lines.append((" " * GAP).join(texts).rstrip())
    return lines


def padded(text: str, width: int, *, right: bool = False) -> str:
    """A text at the left edge, or the right one, of so many cells."""
    space = " " * (width - cell_len(text))
    return space + text if right else text + space


def cut(text: str, width: int) -> str:
    """A text of at most so many cells, with an ellipsis where something is left out.

    >>> cut("京鲁造船舾装码头", 9), cut("short", 9)
    ('京鲁造船…', 'short')
    """
    return text if cell_len(text) <= width else set_cell_size(text, width - 1).rstrip() + "…"


def folded(text: str, width: int, indent: str = "") -> list[str]:
    """A paragraph in lines of at most so many cells; later lines are indented twice as far.

    Lines break at plain spaces and after any Chinese character, never before a closing mark.

    >>> folded("用地共800亩，超出可供量。", 12)
    ['用地共800', '亩，超出可供', '量。']
    """
    lines, line = [], indent
    for piece in _pieces(text):
        if cell_len(line) + cell_len(piece.rstrip(" ")) > width and line.strip():
            lines.append(line.rstrip(" "))
            line, piece = indent * 2, piece.lstrip(" ")
        while cell_len(line) + cell_len(piece.rstrip(" ")) > width:  # one word, longer than a line
            head = set_cell_size(piece, width - cell_len(line)).rstrip(" ")
            lines.append(line + head)
            line, piece = indent * 2, piece[max(1, len(head)) :]
        line += piece
    return [*lines, line.rstrip(" ")] if line.strip() or not lines else lines


def _pieces(text: str) -> Iterator[str]:
    """What may not be parted: words with the spaces after them, single Chinese characters with closing marks."""
    piece = ""
    for i, letter in enumerate(text):
        following = text[i + 1] if i + 1 < len(text) else ""
        piece += letter
        breaks = letter == " " and following != " "
        breaks |= (
            (_wide(letter) or _wide(following))
            and letter not in "（《“("
            and following not in CLOSING
            and following != " "
        )
        if breaks:
            yield piece
            piece = ""
    if piece:
        yield piece


def _wide(letter: str) -> bool:
    return bool(letter) and cell_len(letter) == 2
