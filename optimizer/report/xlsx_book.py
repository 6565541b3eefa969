"""A workbook as an analyst lays it out: texts that stay texts, formulas with their values, one look for all sheets.

A sheet is written from its top to its bottom, so that a long list can be streamed. Rows and columns count from 0, as
XlsxWriter counts them; formulas name cells as a spreadsheet does.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from string import Formatter
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len

from ...models.finding import Message
from . import numbers
from .layout import folded
from .numbers import Language, Style
from .words import catalogue, say

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

CREATED = datetime(2000, 1, 1, tzinfo=UTC)
"""In every workbook: the same plan is the same bytes."""
FONTS: Mapping[Language, str] = {"zh": "等线", "en": "Calibri"}
SIZE = 10
LINE = 14.5
"""Points of one line of text of that size."""
LONGEST_UNIT = 13
"""Characters of a unit that a heading shows in one line."""
WIDEST = 230
"""Characters across that one page holds and a reader can still read."""
DEEPEST = 8
"""Lines of a cell that are shown; the cell has all of them."""
INK, FAINT, GRID, CUT = "#1F2933", "#52606D", "#C5CED6", "#B42318"
HEADING, ASKED, DETAIL, TOTAL = "#D5E1EC", "#E9EFF5", "#E8E8E4", "#F2F5F8"
"""Fills: headings, those of what was asked for, those of what is not printed, and totals."""

DUST = 1e-9
"""Figures below this are what sums of binary fractions leave behind."""

GRIDLINES = {"visible": True, "line": {"color": GRID}}
"""Of a chart."""
Look = tuple[tuple[str, object], ...]
"""Properties of a format as XlsxWriter calls them, sorted: what a cell looks like."""
_NONCHARACTERS = re.compile("[\ufffe\uffff]")
"""What XML cannot hold and `words.clean` lets through."""


def look(base: Look = (), **properties: object) -> Look:
    """A look, or another one with some properties changed.

    >>> look(look(bold=True, border=1), border=0)
    (('bold', True), ('border', 0))
    """
    return tuple(sorted({**dict(base), **properties}.items()))


PLAIN = look()
CELL = look(border=1, border_color=GRID)
WORDS = look(CELL, text_wrap=True, indent=1)
HEAD = look(CELL, bold=True, text_wrap=True, align="center")
SUM = look(CELL, bold=True, bg_color=TOTAL)
NAME = look(SUM, text_wrap=True, indent=1)


@dataclass(frozen=True, slots=True)
class Figures:
    """How the figures of a column are shown: with so many decimals, as percentages or not, a 0 as a dash or not."""

    decimals: int = 0
    percent: bool = False
    dash: bool = True

    def places(self, value: float) -> int:
        """Decimals of one figure: more where it would be shown as a bare 0 and is none.

        >>> Figures(0).places(300.0), Figures(0).places(0.04), Figures(1, percent=True).places(0.5)
        (0, 2, 1)
        """
        shown = abs(value) * (100 if self.percent else 1)
        if shown < DUST or shown >= 0.5 * 10.0**-self.decimals:
            return self.decimals
        return numbers.decimals(float(f"{shown:.2g}"))

    def pattern(self, places: int, star: bool = False) -> str:
        """The number format; where nothing is starred stands the room of a star, so that digits stay under digits.

        >>> Figures(2).pattern(2, star=True)
        '#,##0.00\\\\*;-#,##0.00\\\\*;"–"_*'
        """
        body = "#,##0" + ("." + "0" * places if places else "") + ("%" if self.percent else "")
        tail = r"\*" if star else "_*"
        return f"{body}{tail};-{body}{tail}" + (f';"{numbers.NOTHING}"_*' if self.dash else "")

    def width(self, value: float) -> int:
        """Characters of a figure as it is shown."""
        return len(f"{value * (100 if self.percent else 1):,.{self.places(value)}f}") + self.percent


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula without its equals sign, and what it comes to."""

    text: str
    value: float | str


Content = str | int | float | Formula | None


def figures(how: Style) -> Figures:
    """The same decimals in a cell as in every other format."""
    return Figures(how.decimals, how.unit == "%")


def factor(how: Style) -> float:
    """What a figure is multiplied by before it stands in a cell: a percentage is a fraction there."""
    return how.factor / 100 if how.unit == "%" else how.factor


def times(number: float) -> str:
    """A factor at the end of a formula.

    >>> times(1.0), times(10000.0), times(1e-4)
    ('', '*10000', '*0.0001')
    """
    return "" if number == 1 else f"*{number:.15g}"


def told(words: Message, parts: Mapping[str, Formula], language: Language) -> Formula:
    """A sentence whose figures are formulas.

    >>> told(Message("all: {count}"), {"count": Formula("ROWS(A1:A3)", 3)}, "en")
    Formula(text='"all: "&ROWS(A1:A3)', value='all: 3')
    """
    template = catalogue(language).get(words.text, words.text)
    pieces = []
    for literal, name, _, _ in Formatter().parse(template):
        if literal:
            quoted = literal.replace('"', '""')
            pieces.append(f'"{quoted}"')
        if name is not None:
            pieces.append(parts[name].text)
    return Formula("&".join(pieces), template.format_map({name: part.value for name, part in parts.items()}))


def lines(text: str, width: float) -> int:
    """Lines that a text takes in a column of so many characters."""
    room = max(2, int(0.95 * width - 1.0))
    return sum(1 if cell_len(part) <= room else len(folded(part, room)) for part in text.split("\n"))


def _worksheet() -> type[Worksheet]:
    """XlsxWriter's worksheet, but it does not look through every formula for functions newer than Excel 2010.

    None is used here, and that search takes a quarter of the time. It is no part of XlsxWriter's interface: where it
    is called otherwise one day, all that is lost is that quarter.
    """
    from xlsxwriter.worksheet import Worksheet

    class Plain(Worksheet):
        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            return formula.removeprefix("=")

    return Plain


class Book:
    """The workbook; `content` closes it."""

    def __init__(self, title: str, language: Language, *, streamed: bool = False) -> None:
        # Here and nowhere above: whoever wants no workbook need not wait for it.
        from xlsxwriter import Workbook

        self.language = language
        self._out = BytesIO()
        base = {"font_name": FONTS[language], "font_size": SIZE}
        options = {
            "in_memory": not streamed,
            "constant_memory": streamed,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_format_properties": base,
        }
        self._book: Workbook = Workbook(self._out, options)
        self._book.set_properties({"title": title, "created": CREATED})
        self._base = {**base, "font_color": INK, "valign": "vcenter"}
        self._formats: dict[object, Format] = {}

    def format(self, of: Look, shown: Figures | None = None, places: int = 0, star: bool = False) -> Format:
        """The format of a look, made once; `shown`: of figures, with so many decimals, with a star if assumed."""
        key = of, shown, places, star
        found = self._formats.get(key)
        if found is None:
            figured = {} if shown is None else {"num_format": shown.pattern(places, star), "align": "right"}
            found = self._formats[key] = self._book.add_format({**self._base, **dict(of), **figured})
        return found

    def mark(self, **properties: object) -> Format:
        """What a condition changes about the look of a cell."""
        return self._book.add_format(properties)

    def sheet(self, name: str) -> Sheet:
        return Sheet(self, self._book.add_worksheet(name, _worksheet()), name)

    def chart(self, kind: str, subtype: str | None = None) -> Chart:
        chart = self._book.add_chart({"type": kind, "subtype": subtype} if subtype else {"type": kind})
        assert chart is not None
        return chart

    def content(self) -> bytes:
        self._book.close()
        return self._out.getvalue()


@dataclass(eq=False)
class Sheet:
    """One sheet; `row` is the next one that is free."""

    book: Book
    paper: Worksheet
    name: str
    row: int = 0
    _widths: dict[int, float] = field(default_factory=dict)

    @property
    def language(self) -> Language:
        return self.book.language

    def at(self, row: int, col: int, *, fixed: bool = False) -> str:
        """A cell as a formula of this sheet names it."""
        from xlsxwriter.utility import xl_rowcol_to_cell

        return str(xl_rowcol_to_cell(row, col, row_abs=fixed, col_abs=fixed))

    def span(self, first: int, last: int, col: int) -> str:
        """The cells of a column from one row to another, fixed."""
        return f"{self.at(first, col, fixed=True)}:{self.at(last, col, fixed=True)}"

    def from_elsewhere(self, row: int, col: int) -> str:
        """A cell as a formula of another sheet names it."""
        return f"'{self.name}'!{self.at(row, col, fixed=True)}"

    def set_widths(self, widths: Iterable[float], start: int = 0) -> None:
        """Widths of columns in characters, from the column `start` on."""
        for col, width in enumerate(widths, start):
            self._widths[col] = width
            self.paper.set_column(col, col, width)

    def set_height(self, row: int, deep: int, size: int = SIZE) -> None:
        """Height of a row of so many lines."""
        self.paper.set_row(row, LINE * size / SIZE * min(max(1, deep), DEEPEST) + 3)

    def put(
        self,
        row: int,
        col: int,
        content: Content,
        of: Look = PLAIN,
        shown: Figures | None = None,
        *,
        star: bool = False,
    ) -> None:
        """One cell. Figures and formulas are shown as `shown` says; a text in their column stands at the right, too."""
        if content is None:
            self.paper.write_blank(row, col, None, self.book.format(of))
        elif isinstance(content, str):
            text = _NONCHARACTERS.sub(" ", content)
            self.paper.write_string(row, col, text, self.book.format(of, shown, shown.decimals if shown else 0))
        elif isinstance(content, Formula):
            value = content.value
            if shown is not None:
                places = shown.decimals if isinstance(value, str) else shown.places(value)
                form = self.book.format(of, shown, places, star)
            else:
                form = self.book.format(of)
            self.paper.write_formula(row, col, f"={content.text}", form, value)
        else:
            how = shown or Figures()
            self.paper.write_number(row, col, content, self.book.format(of, how, how.places(content), star))

    def title(self, text: str) -> None:
        """The heading of the sheet."""
        self.put(self.row, 0, text, look(bold=True, font_size=14))
        self.paper.set_row(self.row, 24)
        self.row += 1

    def section(self, text: str) -> None:
        """A heading within the sheet, after a blank row."""
        self.row += 1
        self.put(self.row, 0, text, look(bold=True, font_size=12))
        self.paper.set_row(self.row, 20)
        self.row += 1

    def note(self, text: str, last: int | None = None) -> None:
        """A remark, over the columns up to `last` where it may need more than a line."""
        self._said(text, last, look(font_color=FAINT, font_size=SIZE - 1), SIZE - 1)

    def paragraph(self, text: str, last: int, size: int = SIZE, *, bold: bool = False) -> None:
        """Sentences over the columns up to `last`."""
        self._said(text, last, look(font_size=size, bold=bold), size)

    def _said(self, text: str, last: int | None, of: Look, size: int) -> None:
        if last is None:
            self.put(self.row, 0, text, of)
        else:
            self.merge(self.row, 0, last, text, look(of, text_wrap=True))
            width = sum(self._widths.get(col, 8.43) for col in range(last + 1))
            self.set_height(self.row, lines(text, width * SIZE / size), size)
        self.row += 1

    def merge(self, row: int, first: int, last: int, text: str, of: Look) -> None:
        """A text over several columns of one row."""
        if last > first:
            self.paper.merge_range(row, first, row, last, "", self.book.format(of))
        self.put(row, first, text, of)

    def heads(self, names: Sequence[str], fills: Sequence[str] = (), joined: int | None = None) -> None:
        """The headings of a table, as high as the longest of them needs; the one at `joined` reaches to the end."""
        for col, name in enumerate(names):
            fill = fills[col] if fills else HEADING
            self.put(self.row, col, name, look(HEAD, bg_color=fill))
        if joined is not None:
            self.merge(self.row, joined, len(names) - 1, names[joined], look(HEAD, bg_color=HEADING))
        self.set_height(self.row, max(lines(name, self._widths.get(col, 8.43)) for col, name in enumerate(names)))
        self.row += 1

    def print_setup(self, columns: int, *, head: int | None = None, high: int = 0) -> None:
        """A4 landscape, as wide as the page, headings on every page. `high`: pages that all of it must fit on."""
        self._paper(1, high)
        self.paper.print_area(0, 0, max(0, self.row - 1), columns - 1)
        if head is not None:
            self.paper.repeat_rows(head)

    def print_list(self, columns: int, head: int, fixed: int, title: str, note: str) -> None:
        """A4 landscape for a list under its headings, as wide as the page, or as two where it could not be read.

        The first `fixed` columns stand on both then; the title is above every page and the note below.
        """
        pages = 2 if sum(self._widths.get(col, 8.43) for col in range(columns)) > WIDEST else 1
        self._paper(pages, 0)
        self.paper.print_area(head, 0, max(head, self.row - 1), columns - 1)
        self.paper.repeat_rows(head)
        if pages > 1:
            self.paper.repeat_columns(0, fixed - 1)
        self.paper.set_header(f'&L&"-,Bold"&12 {_plain(title)}', {"margin": 0.3})
        self._footer(f"&C&8 {_plain(note)}")
        self.paper.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.6)

    def _paper(self, pages: int, high: int) -> None:
        self.paper.set_landscape()
        self.paper.set_paper(9)
        self.paper.fit_to_pages(pages, high)
        self.paper.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.paper.center_horizontally()
        self.paper.hide_gridlines(2)
        self._footer()

    def _footer(self, middle: str = "") -> None:
        said = say(Message("page {page} of {pages}"), self.language, page="&P", pages="&N")
        self.paper.set_footer(f"&L&8 {self.name}{middle}&R&8 {said}")


def _plain(text: str) -> str:
    """A text in the head of a page, where & begins a command."""
    return text.replace("&", "&&")


def head(name: str, unit: str) -> str:
    """A heading with its unit in a line of its own.

    >>> head("用地申请量", "亩"), head("index", "")
    ('用地申请量\\n(亩)', 'index')
    """
    return f"{name}\n({unit})" if unit else name


def wide(name: str, values: Iterable[float | str | None], shown: Figures, least: float = 6.0) -> float:
    """A width that holds these figures, the star that may follow, and the unit and the longest word of the heading."""
    longest = max((shown.width(v) for v in values if isinstance(v, int | float)), default=0)
    word = max((len(part) for part in name.split() if part.isascii()), default=0)
    unit = min(LONGEST_UNIT, cell_len(name.rpartition("\n")[2])) if "\n" in name else 0
    return max(least, longest * 1.05 + 2.2, word * 1.15 + 1.8, unit * 1.05 + 1.2)


def total(values: Iterable[Any]) -> float:
    """The sum of the figures among the values, whatever their order."""
    found = math.fsum(value for value in values if isinstance(value, int | float))
    return int(found) if found.is_integer() and abs(found) < 1e15 else found
