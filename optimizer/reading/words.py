"""What the reader's findings say, by code: what is wrong, why it matters, what to do.

The texts are templates and the keys of the catalogue of translations; what stands in braces is filled in by the
reader. Here are those about files and their form; those about meaning stand in words_checks.
"""

from __future__ import annotations

from dataclasses import dataclass

from .words_checks import CHECKS
from .words_decisions import DECISIONS
from .words_judgements import JUDGEMENTS
from .words_tables import TABLES

DID_YOU_MEAN = "did you mean {meant}? Else: {remedy}"
"""Before the remedy of a misspelt name, which is a message of its own."""


@dataclass(frozen=True, slots=True)
class Words:
    """The three sentences of a finding, and whether it is only a warning."""

    what: str
    why: str
    remedy: str
    warning: bool = False


_FORM = {
    # files
    "file-missing": (
        "there is no file {file}",
        "it is looked for in the scenario's own folder",
        "put the file there, or mend its name",
    ),
    "file-outside": (
        "{file} lies outside the scenario's folder",
        "a scenario reads only what lies beside it, so that it can be passed on and checked by others",
        "copy the file beside the scenario and name it without a path",
    ),
    "file-unreadable": (
        "{file} cannot be read: {problem}",
        "without it the scenario is not complete",
        "close it where it is open, and see whether you may read it",
    ),
    "file-large": (
        "{file} is larger than {most} MB",
        "reading it would take all memory and time",
        "keep candidates in a table beside the scenario, and only the columns that are used",
    ),
    "not-utf8": (
        "the scenario is not UTF-8 text",
        "in another encoding names and units would be garbled",
        "save it as UTF-8 in your editor",
    ),
    "not-a-scenario": (
        "the file is no scenario: it is empty or no mapping of keys",
        "a scenario begins with keys such as name, measures, projects and criteria",
        "start from an example: landalloc init",
    ),
    # YAML
    "yaml": (
        "the file is not valid YAML: {problem}",
        "nothing after this point can be read",
        "look for a missing space after a colon, a bracket or quote that is not closed, or a tab before a key",
    ),
    "yaml-depth": (
        "nested more than {most} levels deep",
        "no scenario means anything so deep",
        "look for brackets that are not closed",
    ),
    "yaml-aliases": (
        "the aliases stand for more than {most} values",
        "written out they would fill the memory",
        "write the values out, or keep them in a table",
    ),
    "yaml-anchor": (
        "*{name} has no &{name} before it",
        "an alias repeats what was given that name earlier",
        "put &{name} before the value that is to be repeated, or quote the text if it only begins with *",
    ),
    "yaml-documents": (
        "a second document begins here",
        "a file holds one scenario",
        "take the line --- out, or put the second scenario into a file of its own",
    ),
    "yaml-tag": (
        "the tag {tag} is not taken",
        "tags can make programs run; a scenario is data only",
        "take the tag out, or quote the text if it only begins with !",
    ),
    "yaml-key": (
        "a key must be a text",
        "a list or mapping cannot name anything",
        "quote the key, or look for a bracket too many",
    ),
    "yaml-merge": (
        "<< merges mappings only",
        "there is nothing to merge from a text",
        "let << point to a mapping: <<: *name",
    ),
    "duplicate-key": (
        "{name} stands here a second time; first at {first}",
        "only one of the two could count",
        "take one of them out, or give it another name",
    ),
    # form
    "unknown-key": (
        "{name} is no key here",
        "a key that means nothing would be passed over in silence",
        "keys here: {known}",
    ),
    "missing-key": (
        "{key} is missing",
        "without it this entry means nothing",
        "add {key}",
    ),
    "empty": ("{key} is empty", "without it this entry cannot be named", "give it a text"),
    "too-few": ("{key} has too few entries", "with fewer it means nothing", "add what is missing, or take it out"),
    "not-text": ("{key} is no text", "a name or a sentence belongs here", "write one text, in quotes if need be"),
    "not-a-mapping": (
        "{key} is no mapping of keys to values",
        "what belongs here has named parts",
        "write key: value, one to a line, or {{key: value}}",
    ),
    "not-a-list": (
        "{key} is no list",
        "several entries belong here",
        "write one entry to a line after a dash, or [a, b]",
    ),
    "not-a-number": (
        "{text} is not a number",
        "a figure belongs here",
        "write a number, with its unit if you like (600 or 600 亩); mark an estimate as assumed",
    ),
    "figure-missing": (
        "{path} has no figure yet",
        "without it nobody can say what fits",
        "fill it in, with its unit if you like (600 or 600 亩); take the line out where nothing limits it",
    ),
    "not-finite": (
        "{text} is not a finite number",
        "nothing can be added up with it",
        "write the figure itself; leave the limit out where there is none",
    ),
    "too-large": (
        "{text} is too large",
        "no real amount is beyond 1e15, and sums with it would lose whole units",
        "mend the figure or its unit",
    ),
    "not-a-unit": (
        "{text} is not a unit",
        "amounts could not be converted",
        'write units such as mu, 亿元/year, 万元/mu/year, or "1" for a pure number',
    ),
    "wrong-unit": (
        "{unit} cannot be read as {wanted}",
        "the two measure different things",
        "write the figure in {wanted}, or a plain number",
    ),
    "not-whole": ("{text} is not a whole number", "it counts things", "write a whole number from 1"),
    "not-yes-no": ("{text} is neither yes nor no", "{key} holds or does not", "write true or false"),
    "not-one-of": ("{text} is not possible for {key}", "only these are known: {choices}", "write one of {choices}"),
    "out-of-range": ("{text} is not {limit}", "outside that {key} means nothing", "write a number {limit}"),
    "wrong-value": ("{key} cannot be used: {problem}", "it does not have the form that belongs here", "mend {key}"),
    "rule-kind": (
        "the rule has no body, or more than one",
        "the body tells its kind",
        "give it exactly one of {kinds}",
    ),
    # tables
    "table-ending": (
        "{file} is neither .csv, .xlsx nor .parquet",
        "other kinds of tables ({ending}) are not read",
        "save it as an Excel workbook (.xlsx) or as CSV",
    ),
    "table-empty": ("{file} is empty", "there is nothing to choose from", "fill it: headings first, then a row each"),
    "table-large": ("{file} is too large", "reading it would fill the memory", "keep only the columns that are used"),
    "table-workbook": (
        "{file} is a workbook, though it is called .csv",
        "its bytes are no text",
        "name it .xlsx, or save it as CSV",
    ),
    "table-text": (
        "{file} is neither UTF-8 nor GB18030 text",
        "in another encoding names would be garbled",
        "save it as CSV UTF-8",
    ),
    "table-csv": (
        "the table cannot be read from here on: {problem}",
        "the cells cannot be told apart",
        'look for a quote that is not closed; write " inside quotes as ""',
    ),
    "table-broken": (
        "{file} is no readable workbook: {problem}",
        "a .xlsx file is an archive, and this one is damaged or something else",
        "open it in Excel and save it again as .xlsx",
    ),
    "table-locked": (
        "{file} is protected by a password, or an old .xls",
        "its contents cannot be read",
        "take the password off, and save it as .xlsx",
    ),
    "table-sheets": (
        "{file} has several sheets: {sheets}",
        "it is not said which holds the table",
        "add sheet: with the name of one",
    ),
    "unknown-sheet": ("{file} has no sheet {name}", "the table cannot be found", "sheets: {known}"),
    "table-stretched": (
        "{file} reaches to cell {cell}",
        "a figure that far out would fill the memory with blanks",
        "delete the rows and columns beyond the table",
    ),
    "formula-empty": (
        "formulas without a value: {cells}",
        "the workbook was saved before they were computed, so there is no figure to read",
        "open it in Excel, let it compute, and save it; or paste the values",
    ),
    "formula-error": ("formulas end in an error: {cells}", "there is no figure to read", "mend the formulas, and save"),
    "table-ragged": (
        "this row has {cells} cells, the headings {headings}",
        "figures would fall under the wrong heading",
        "put texts with commas in quotes, and as many cells in each row as there are headings",
    ),
    "unknown-column": ("{file} has no column {name}", "there is nothing to read for it", "columns: {known}"),
    "unknown-heading": (
        "the heading {name} is no measure, attribute or key of projects",
        "what it holds would be passed over in silence",
        "declare it, say which key it is under columns, or write `{name}: null` there to leave it out; known: {known}",
    ),
    "heading-twice": (
        "{name} means the same as {first}",
        "only one of the two columns could count",
        "take one out, or set it to null under columns",
    ),
    "heading-ambiguous": (
        "several measures have the title {name}",
        "it cannot be told which is meant",
        "use the measure's key as heading, or name it under columns",
    ),
    "no-id-column": (
        "no column names the projects",
        "every project needs an id, or a title to serve as one",
        "give one column the heading id or title, or name it under columns",
    ),
    "blank-error": ("{name} is blank", "the measure says blank: error", "write the figure, 0 if it is none"),
    "code-missing": ("a limit without a code", "nobody could be held to it", "write the code in the first column"),
    "code-twice": (
        "{name} has two limits: {first} and {second}",
        "it cannot be told which counts",
        "keep one of them, or use longer codes to tell them apart",
    ),
    "code-range": (
        "{name} is no range of codes",
        "both ends need as many digits, the smaller first",
        "write a range like 34-38",
    ),
    # projects
    "no-projects": (
        "there are no projects",
        "there is nothing to choose from",
        "list them under projects, or name a table there: {{table: candidates.csv}}",
    ),
    "unknown-project-key": (
        "{name} is no measure, attribute or key of projects",
        "what it holds would be passed over in silence",
        "declare it under measures or attributes; known: {known}",
    ),
    "project-id": ("a project without a name", "plans and rules speak of projects by id", "give it an id or a title"),
    "duplicate-project": (
        "a second project {name}; first at {first}",
        "plans and rules could not tell them apart",
        "give one of them another id",
    ),
    # paths
    "path": (
        "{text} is no path",
        "a path is names joined by dots",
        'write it like supply.energy or projects."a.b".land',
    ),
    "unknown-path": ("there is no {name} to change", "the change would have no effect", "known here: {known}"),
    "path-project": ("projects are changed one by one", "the path names no project", "write projects.ID.KEY=VALUE"),
    "path-value": (
        "a mapping is no value for one cell",
        "one figure or text is set at a time",
        "name the key in the path",
    ),
    "rule-off": ("a rule can only be switched off", "its limits are set key by key", "write rules.{name}=off"),
    "unknown-case": ("there is no case {name}", "cases are declared in the scenario", "cases: {known}"),
}

WORDS: dict[str, Words] = {code: Words(*words) for code, words in _FORM.items()}
"""Code of a finding -> its words."""
WORDS |= {
    code: Words(what, why, do, severity == "warning")
    for code, (severity, what, why, do) in (CHECKS | TABLES | JUDGEMENTS | DECISIONS).items()
}
