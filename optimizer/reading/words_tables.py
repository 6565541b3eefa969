"""What findings about lists as offices keep them say (see words): severity, what, why, what to do."""

TABLES: dict[str, tuple[str, str, str, str]] = {
    # columns with types
    "parquet-extra": (
        "error",
        "{file} cannot be read by what is installed",
        "tables of this kind need pyarrow, which does not come with landalloc by itself",
        'install it with: pip install "landalloc[parquet]"',
    ),
    "parquet-broken": (
        "error",
        "{file} is no readable Parquet file: {problem}",
        "it is damaged, or something else under this name",
        "write it again",
    ),
    "parquet-type": (
        "error",
        "{name} holds {kind}",
        "a column holds numbers, texts, yes and no, or dates; in zones and assumed also lists of names",
        "write it as one of them, or leave it out with columns: null",
    ),
    "parquet-setting": (
        "warning",
        "sheet, header and skip say nothing about {file}",
        "the columns of a Parquet file have names, and every row of it is a project",
        "leave them out",
    ),
    # sheets, headings
    "sheet-chosen": (
        "warning",
        "of {file} the sheet {sheet} is read; hidden or blank: {others}",
        "it is the only one that is seen and holds anything",
        "name another one with sheet: if that is meant",
    ),
    "not-rows": ("error", "{text} is no row and no range of rows", "rows are counted from 1", "write 3, or 3-4"),
    "header-missing": (
        "error",
        "{file} has nothing in the rows {text}",
        "header: says in which rows the headings stand",
        "write the row as the file counts it, 3 or 3-4; or leave header out, and it is looked for",
    ),
    "header-doubtful": (
        "error",
        "several rows could be the headings: {rows}",
        "each of them holds names that were declared",
        "say which with header: (3, or 3-4 if merged), and leave the rows of another list out with skip:",
    ),
    "rows-above": (
        "warning",
        "rows above the headings are not read, {count}: {cells}",
        "they are taken for titles",
        "say with header: in which row the headings stand if this is wrong",
    ),
    "headings-taken": (
        "warning",
        "headings taken for: {headings}",
        "they are not the names that were declared, but can only mean these (– : numbers rows, not read)",
        "write them under columns if anything else is meant",
    ),
    "heading-doubtful": (
        "error",
        "several headings could be {key}: {headings}",
        "each has the name in a part of it, and only one could count",
        "say under columns which is, by its whole heading (upper/lower: {key}), and null for those that are not read",
    ),
    "column-doubtful": (
        "error",
        "{name} stands in several headings: {headings}",
        "it cannot be told which is meant",
        "write the whole heading under columns: upper/lower",
    ),
    "unit-line": (
        "warning",
        "the units named in {cell} are taken: {used}",
        "these columns name no unit themselves",
        "write the unit into the heading, or under columns (heading: key (unit)), if another is meant",
    ),
    "unit-doubtful": (
        "error",
        "{heading} could be in any of {units}, as {cell} says",
        "figures in the wrong unit would be wrong by its factor",
        "say which under columns: heading: key (unit)",
    ),
    # rows
    "rows-repeated": (
        "warning",
        "the headings stand here once more, not read: {cells}",
        "they are repeated for printing",
        "list under skip exactly the rows that are no projects if this is wrong",
    ),
    "rows-numbers": (
        "warning",
        "a row that numbers the columns is not read: {cells}",
        "it stands right below the headings and only counts",
        "write skip: [] if it is a project",
    ),
    "rows-empty": (
        "warning",
        "rows with a number and nothing else are not read, {count}: {cells}",
        "they are the blank end of a form",
        "fill them in, or delete them",
    ),
    "rows-total": (
        "warning",
        "rows of totals are not read, {count}: {cells}",
        "what they add up would be counted twice",
        "list under skip exactly the rows that are no projects if this is wrong",
    ),
    "total-differs": (
        "warning",
        "{name}: the list says {stated} in all, its projects add up to {summed}",
        "a row may be missing, hidden, or counted twice",
        "compare the list with its source",
    ),
    "rows-section": (
        "warning",
        "rows that head a section are not read, {count}: {cells}",
        "they are no projects",
        "write section: ATTRIBUTE under columns to give their names to the projects below them",
    ),
    "rows-section-used": (
        "warning",
        "rows that head a section are no projects, {count}: {cells}",
        "the projects below take their names, as columns says",
        "list under skip exactly the rows that are no projects if this is wrong",
    ),
    "rows-note": (
        "warning",
        "notes are not read, {count}: {cells}",
        "they hold no project",
        "list under skip exactly the rows that are no projects if this is wrong",
    ),
    "rows-skipped": (
        "warning",
        "rows left out, {count}: {cells}",
        "skip says so",
        "take them out of skip if they are projects",
    ),
    "row-doubtful": (
        "error",
        "rows that could be projects or not, {count}: {cells}",
        "as a heading, sum or note they would be counted as projects; as projects they would be missing",
        "list under skip exactly the rows that are no projects, as [合计, 5-7]; skip: [] if every row is one",
    ),
    "skip-nothing": (
        "error",
        "no row below the headings is {text}",
        "skip names the rows that are no projects, by their number or how they begin",
        "mend it, or take it out",
    ),
    "rows-hidden": (
        "warning",
        "hidden rows are read, {count}: {cells}",
        "a filter hides rows without taking them off the list",
        "delete them, or list them under skip with all others that are no projects, if they do not apply",
    ),
    "columns-hidden": (
        "warning",
        "hidden columns are read, {count}: {names}",
        "they have headings that were declared",
        "set them to null under columns if they are out of date",
    ),
    # cells
    "merged-down": (
        "warning",
        "merged cells are read for each of their rows, {count}: {cells}",
        "their text stands for all projects beside them",
        "unmerge and fill them if this is wrong",
    ),
    "table-merged": (
        "error",
        "cells are merged: {cells}",
        "it cannot be told whether each project has the figure or name, or all of them together",
        "unmerge them and fill each cell; or leave the column out with null under columns, or the rows with skip",
    ),
    "cells-about": (
        "warning",
        "{name}: cells that are not exact are read as the figure they name, assumed, {count}: {cells}",
        "a plan can only count with a figure",
        "write the figure itself when it is known",
    ),
    "cells-range-high": (
        "warning",
        "{name}: ranges are read by their upper end, assumed, {count}: {cells}",
        "what a project takes is better overrated than missing later",
        "write the figure itself when it is known",
    ),
    "cells-range-low": (
        "warning",
        "{name}: ranges are read by their lower end, assumed, {count}: {cells}",
        "what a project brings is better underrated than promised",
        "write the figure itself when it is known",
    ),
    "cells-none": (
        "warning",
        "{name}: signs for nothing are read as blank, {count}: {cells}",
        "they hold no figure",
        "write 0 where there is none, and the figure where it is only not known yet",
    ),
    "cells-times": (
        "warning",
        "{name}: a bare 万 or 亿 is taken with the unit of the column, {count}: {cells}",
        "1.5亿 in a column of 万元 can only be 1.5 亿元",
        "write the figure with its unit if anything else is meant",
    ),
    "cells-text": (
        "warning",
        "{name}: figures are stored as text, {count}: {cells}",
        "they are read, but sums in the workbook itself pass over them",
        "turn them into numbers in the workbook, and compare its totals",
    ),
}
