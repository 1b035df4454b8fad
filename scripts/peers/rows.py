"""Reading: labelled rows from CSV, TSV or JSONL files. The only module that opens data files."""

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path

CODEBOOK_LABELS = ["outreach", "opportunistic_targeting", "genuine_dialogue"]


class InputError(Exception):
    """A file that cannot be used; the message says where and what to do."""


@dataclass(frozen=True)
class Row:
    """One message. `cells` keeps every column as read, so that a peer may be given them all."""

    id: str
    text: str
    parent: str
    label: str
    writer: str
    group: str
    cells: dict = field(repr=False)


def read_rows(paths):
    """All rows of `paths`, in order."""
    return [row for path in paths for row in _read_file(Path(path))]


def label_list(rows):
    """The labels in the codebook's order when they are the codebook's, else sorted."""
    found = {row.label for row in rows}
    return CODEBOOK_LABELS if found <= set(CODEBOOK_LABELS) else sorted(found)


def read_records(path):
    """The records of a file as dictionaries of strings (empty for null or missing)."""
    path = Path(path)
    if not path.is_file():
        raise InputError(f"{path}: no such file")
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix in (".jsonl", ".ndjson"):
            records = [json.loads(line) for line in file if line.strip()]
        else:
            records = list(csv.DictReader(file, delimiter="\t" if path.suffix == ".tsv" else ","))
    return [{name: _cell(value) for name, value in record.items()} for record in records]


def write_csv(path, records, columns):
    """Writes `columns` of `records`; a missing cell is left empty."""
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(records)


def _cell(value):
    return "" if value is None else str(value)


def _read_file(path):
    records = read_records(path)
    for name in ("text", "label"):
        if records and name not in records[0]:
            raise InputError(f'{path}: no column "{name}", found {", ".join(records[0])}')
    return [_row(record, path, number) for number, record in enumerate(records, start=1)]


def _row(record, path, number):
    # A row without a group is its own group; a row without a writer was written by its file.
    own = f"{path.name}:{number}"
    return Row(
        id=record.get("id") or own,
        text=record["text"],
        parent=record.get("parent", ""),
        label=record["label"],
        writer=record.get("writer") or record.get("source") or path.stem,
        group=record.get("group") or own,
        cells=record,
    )
