#!/usr/bin/env python3
"""Where the model is wrong, by rule of the codebook: rows of writers it has not heard. Prints Markdown (--write puts it into docs/quality.md).

Four models, each learnt without a quarter of the writers, score those; needs the release binary and about a minute.
"""

import csv
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from curves import BINARY, QUALITY, corpus, train, write  # noqa: E402

BEGIN, END = "<!-- errors:begin -->", "<!-- errors:end -->"
SHORT = {"outreach": "outreach", "genuine_dialogue": "dialogue", "opportunistic_targeting": "targeting"}


def scored(rows):
    writers = sorted({row["writer"] for row in rows})
    for part in range(4):
        held_out = set(writers[part::4])
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            model = train(folder, [row for row in rows if row["writer"] not in held_out])
            test = write(folder / "test.csv", [row for row in rows if row["writer"] in held_out])
            done = subprocess.run([BINARY, "classify", test, "--model", model, "--quiet"], check=True, capture_output=True, text=True)
            yield from csv.DictReader(done.stdout.splitlines(keepends=True))


def main():
    right, wrong, ways = Counter(), Counter(), {}
    for row in scored(corpus()):
        rule = int(row["rule"])
        if row["label"] == row["pred_label"]:
            right[rule] += 1
        else:
            wrong[rule] += 1
            ways.setdefault(rule, Counter())[f"{SHORT[row['label']]} → {SHORT[row['pred_label']]}"] += 1
    lines = ["| rule | rows | wrong | most often |", "|--:|--:|--:|---|"]
    for rule in sorted(right | wrong):
        n = right[rule] + wrong[rule]
        most = ", ".join(f"{way} ({count})" for way, count in ways.get(rule, Counter()).most_common(2))
        lines.append(f"| {rule or 'plain'} | {n} | {100 * wrong[rule] / n:.0f} % | {most} |")
    text = "\n".join(lines)
    print(text)
    if sys.argv[1:] == ["--write"]:
        before, rest = QUALITY.read_text(encoding="utf-8").split(BEGIN)
        QUALITY.write_text(f"{before}{BEGIN}\n{text}\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
