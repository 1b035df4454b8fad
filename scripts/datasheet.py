#!/usr/bin/env python3
"""Rewrite the statistics of data/README.md from data/corpus/*.csv (--check: exit 1 if they are out of date)."""

import argparse
import csv
import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "data" / "README.md"
BEGIN, END = "<!-- stats:begin -->", "<!-- stats:end -->"

LABELS = ["outreach", "genuine_dialogue", "opportunistic_targeting"]
QUANTILES = [10, 25, 50, 75, 90]
SURFACE = [
    ("link", r"https?://|\bhttp\b|www\.|@url\b|\w\.example\b"),
    ("hashtag", r"#\w"),
    ("?", r"\?"),
    ("!", r"!"),
    ("je", r"\b(je|j|me|moi|mon|ma|mes)\b"),
    ("vous", r"\b(vous|votre|vos)\b"),
    ("nous", r"\b(nous|notre|nos)\b"),
    ("leading mention", r"^\.?@\w"),
]
# Measured once on the 61,210 real messages without labels, with the patterns above; the label mix on 854 labelled ones.
REAL_SURFACE = [61, 53, 10, 23, 26, 11, 21, 5]
REAL_LENGTHS = [83, 119, 172, 269, 297]
REAL_LABELS = [62, 34, 4]


def read_corpus():
    """The rows of every set, by set name."""
    corpus = {}
    for path in sorted((ROOT / "data" / "corpus").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            corpus[path.stem] = list(csv.DictReader(file))
    return corpus


def percent(part, whole):
    return f"{round(100 * part / whole)} %" if whole else "–"


def quantile(sorted_values, q):
    """Nearest-rank quantile, q in percent."""
    rank = -(-len(sorted_values) * q // 100)
    return sorted_values[max(rank, 1) - 1]


def label_counts(rows):
    return [sum(row["label"] == label for row in rows) for label in LABELS]


def share(rows, column):
    """Share of the rows whose column is neither empty nor 0."""
    return percent(sum(row[column] not in ("", "0") for row in rows), len(rows))


def table(header, lines):
    rule = ["---"] + ["---:"] * (len(header) - 1)
    return "\n".join("| " + " | ".join(map(str, cells)) + " |" for cells in [header, rule, *lines])


def sets_table(views):
    header = ["set", "writer", "streams", "rows", *LABELS, "lever", "gain", "exchange", "hard", "with parent", "in a group"]
    columns = ["lever", "gain", "exchange", "hard", "parent", "group"]
    lines = []
    for name, rows in views:
        writers = sorted({row["writer"] for row in rows}, key=lambda w: int(w[1:]))
        who = writers[0] if len(writers) == 1 else f"{len(writers)} of them"
        labels = [f"{n} ({percent(n, len(rows))})" for n in label_counts(rows)]
        n_streams = len({(row["writer"], row["stream"]) for row in rows})
        lines.append([name, who, n_streams, len(rows), *labels, *(share(rows, column) for column in columns)])
    real = [f"{p} %" for p in REAL_LABELS]
    lines.append(["*real life*", "", "", 854, *real, "8 %", "22 %", "", "", "", ""])
    return table(header, lines)


def lengths_table(views):
    lines = []
    for name, rows in views:
        sizes = sorted(len(row["text"]) for row in rows)
        lines.append([name, *(quantile(sizes, q) for q in QUANTILES), sizes[-1]])
    lines.append(["*real life*", *REAL_LENGTHS, ""])
    return table(["characters", *(f"{q} %" for q in QUANTILES), "longest"], lines)


def surface_table(views):
    lines = []
    for name, rows in views:
        counts = [sum(bool(re.search(pattern, row["text"], re.I)) for row in rows) for _, pattern in SURFACE]
        lines.append([name, *(percent(n, len(rows)) for n in counts)])
    lines.append(["*real life*", *(f"{p} %" for p in REAL_SURFACE)])
    return table(["share of messages with", *(name for name, _ in SURFACE)], lines)


def checksums():
    files = sorted([*(ROOT / "data").glob("*/*.csv"), *(ROOT / "data" / "vectors").glob("*")])
    digests = [[f"`{path.parent.name}/{path.name}`", f"`{hashlib.sha256(path.read_bytes()).hexdigest()}`"] for path in files]
    return table(["file", "sha256"], digests)


def statistics(corpus):
    everything = [row for rows in corpus.values() for row in rows]
    views = [*corpus.items(), ("all", everything)]
    by_label = [(label, [row for row in everything if row["label"] == label]) for label in LABELS]
    return "\n\n".join([
        "**Labels and attributes**", sets_table(views),
        "**Length of the text**", lengths_table(views + by_label),
        "**Surface**", surface_table(views + by_label),
        "**Checksums**", checksums(),
    ])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the section is out of date")
    check = parser.parse_args().check

    text = README.read_text(encoding="utf-8")
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        sys.exit(f"{README}: expected one {BEGIN} and one {END}")
    before, rest = text.split(BEGIN)
    after = rest.split(END)[1]
    fresh = f"{before}{BEGIN}\n\n{statistics(read_corpus())}\n\n{END}{after}"
    if fresh == text:
        return
    if check:
        sys.exit(f"{README}: statistics out of date; run scripts/datasheet.py")
    README.write_text(fresh, encoding="utf-8")


if __name__ == "__main__":
    main()
