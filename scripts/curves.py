#!/usr/bin/env python3
"""How quality grows: with rows, with writers, and with a user's own labels. Prints Markdown (--write puts it into docs/quality.md).

- by rows and by writers: models of parts of data/corpus, each scored on the writers kept out (three draws).
- own labels: for writers held out in turn, the base learnt from all others is refined (`train --base`) with 25, 50, 100 and 200 rows
  of that writer, whole groups at a time, and scored on that writer's other rows (two draws).

Needs the release binary. Takes about five minutes on two cores.
"""

import argparse
import csv
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUALITY = ROOT / "docs" / "quality.md"
BEGIN, END = "<!-- curves:begin -->", "<!-- curves:end -->"
BINARY = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "franc-parler"
HELD_OUT_WRITERS = 5
OWN_LABELS = [25, 50, 100, 200]


def corpus():
    rows = []
    for path in sorted((ROOT / "data" / "corpus").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return rows


def write(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path


def train(folder, rows, *extra):
    model = folder / "model"
    subprocess.run([BINARY, "train", write(folder / "train.csv", rows), "-o", model, "--force", "--quiet", *extra], check=True)
    return model


def macro_f1(folder, model, rows):
    figures = folder / "figures.json"
    command = [BINARY, "evaluate", write(folder / "test.csv", rows), "--model", model, "--json", figures, "--force", "--quiet", "--resamples", "0"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return json.loads(figures.read_text())["macro_f1"]["value"]


def by_rows_and_writers(folder, rows):
    lines = []
    writers = sorted({row["writer"] for row in rows})
    for draw in range(3):
        order = random.Random(draw).sample(writers, len(writers))
        test = [row for row in rows if row["writer"] in order[:HELD_OUT_WRITERS]]
        pool = [row for row in rows if row["writer"] not in order[:HELD_OUT_WRITERS]]
        shuffled = random.Random(draw).sample(pool, len(pool))
        for n in (500, 1000, 2000, 4000, len(pool)):
            lines.append(("rows", n if n < len(pool) else "all", draw, macro_f1(folder, train(folder, shuffled[:n]), test)))
        for n in (2, 4, 8, len(order) - HELD_OUT_WRITERS):
            some = [row for row in pool if row["writer"] in order[HELD_OUT_WRITERS : HELD_OUT_WRITERS + n]]
            size = min(len(some), 1000)
            lines.append(("writers, 1,000 rows in all", n, draw, macro_f1(folder, train(folder, random.Random(draw).sample(some, size)), test)))
    return lines


def own_labels(folder, rows):
    """(writer, draw, labels, base, refined) for each."""
    lines = []
    by_writer = {w: [row for row in rows if row["writer"] == w] for w in sorted({row["writer"] for row in rows})}
    for writer in random.Random(5).sample([w for w, part in by_writer.items() if len(part) > 450], 6):
        base = train(folder, [row for row in rows if row["writer"] != writer]).rename(folder / f"base-{writer}")
        for draw in range(2):
            units = {}
            for index, row in enumerate(by_writer[writer]):
                units.setdefault(row["group"] or f"row {index}", []).append(row)
            order = [row for unit in random.Random(draw).sample(list(units.values()), len(units)) for row in unit]
            test = order[max(OWN_LABELS) + 5 :]
            before = macro_f1(folder, base, test)
            for n in OWN_LABELS:
                refined = train(folder, order[:n], "--base", base)
                lines.append((writer, draw, n, before, macro_f1(folder, refined, test)))
    return lines


def tables(rows):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        grown, own = by_rows_and_writers(folder, rows), own_labels(folder, rows)
    text = ["| learnt from | macro-F1 on five writers kept out, mean of three draws |", "|---|--:|"]
    for kind, n in dict.fromkeys((kind, n) for kind, n, _, _ in grown):
        text.append(f"| {n} {kind} | {statistics.mean(f for k, m, _, f in grown if (k, m) == (kind, n)):.3f} |")
    text += ["", "| own labels | base | refined | gain | worst case | never touched |", "|--:|--:|--:|--:|--:|--:|"]
    for n in OWN_LABELS:
        part = [(before, after) for _, _, m, before, after in own if m == n]
        gains = [after - before for before, after in part]
        mean = statistics.mean
        text.append(f"| {n} | {mean(b for b, _ in part):.3f} | {mean(a for _, a in part):.3f} | {mean(gains):+.3f} | {min(gains):+.3f} | {sum(g == 0 for g in gains)} of {len(gains)} |")
    return "\n".join(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/quality.md")
    write_it = parser.parse_args().write
    fresh = tables(corpus())
    print(fresh)
    if write_it:
        text = QUALITY.read_text(encoding="utf-8")
        if text.count(BEGIN) != 1 or text.count(END) != 1:
            sys.exit(f"{QUALITY}: expected one {BEGIN} and one {END}")
        before, rest = text.split(BEGIN)
        QUALITY.write_text(f"{before}{BEGIN}\n{fresh}\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
