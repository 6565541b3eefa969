"""Rooms of `read`: files, tables, headings, units, changes and checks, each finding with its place."""
