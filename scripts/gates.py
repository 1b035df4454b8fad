#!/usr/bin/env python3
"""Hold data/corpus to what it promises; exit 1 with the reasons where it does not.

  scripts/gates.py                 every gate; writes nothing
  scripts/gates.py --write         the same, and puts the report into data/README.md

Gates: schema; consistency with the codebook; near-duplicates (characters 5-grams, Jaccard above 0.6, outside groups); distance to every text kept
for evaluation (0.5, where they are present); surface against the target shares, per label; artefact probes by
cross-validation across writers; counts per label, stream, variety and rule. Needs the release binary (cargo build --release).
"""

import argparse
import csv
import json
import math
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from datasheet import LABELS, README, ROOT, SURFACE, percent, table  # noqa: E402

BEGIN, END = "<!-- gates:begin -->", "<!-- gates:end -->"

CORPUS = ROOT / "data" / "corpus"
HELD_OUT = ROOT / "data" / "test" / "written.csv"
EVALUATION = [ROOT.parent / "shared" / "eval" / name for name in ("real_dev.jsonl", "real_dev_targeting.jsonl")]
BINARY = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "franc-parler"

COLUMNS = ["id", "text", "parent", "label", "lever", "gain", "exchange", "hard", "rule", "readings", "stream", "platform", "variety", "writer", "group"]
PLATFORMS = "twitter facebook instagram tiktok youtube blog forum email sms dm linkedin consultation review other".split()
VARIETIES = "fr qc be ch af mg nb".split()

# What is promised.
LEAST_ROWS, LEAST_WRITERS = 10_000, 16
SHARES = {"outreach": (0.45, 0.56), "genuine_dialogue": (0.28, 0.38), "opportunistic_targeting": (0.12, 0.22)}
VARIETY_SHARES = {"qc": (0.25, 0.45), "fr": (0.30, 0.56)}
LEAST_OF_A_RULE = 20
NEAREST_REAL = 0.5

# Share of messages with each mark of the surface, over the whole corpus: from what writers were asked (real messages; see data/README.md)
# down to what a mix with e-mails, comments and customer service can have.
SURFACE_RANGE = {"link": (0.25, 0.65), "hashtag": (0.22, 0.60), "?": (0.08, 0.25), "!": (0.10, 0.30), "je": (0.20, 0.48), "vous": (0.10, 0.40), "nous": (0.12, 0.30), "leading mention": (0.04, 0.25)}
MEDIAN_LENGTH = (120, 220)
# No mark of the surface may all but give a label away: least and most share per label.
PER_LABEL = {"link": (0.08, 0.75), "hashtag": (0.06, 0.70), "!": (0.04, 0.45), "vous": (0.10, 0.70), "leading mention": (0.02, 0.60)}
PARENT_PER_LABEL = (0.03, 0.50)

# What a probe may reach across writers in macro-F1, where chance is 0.33. Length and the mere parent must say next to nothing. Function words
# are tu, vous, je, nous, qui, pourquoi…: what the codebook is about, so they may say more; all words together reach 0.90.
PROBES = {"length only": 0.40, "function words only": 0.73, "parent only": 0.45}

FUNCTION_WORDS = set(
    "à a ai au aux avec c ce ces cet cette d dans de des du elle elles en est et il ils j je l la le les leur leurs lui m ma mais me mes mon n ne nos notre "
    "nous on ou où par pas pour qu que qui s sa se ses si son sont sur t ta te tes toi ton tu un une vos votre vous y".split()
)


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Report:
    """What was found: lines for people, and what failed."""

    def __init__(self):
        self.parts, self.failures = [], []

    def gate(self, name, value, promise, holds):
        self.parts.append((name, value, promise, "holds" if holds else "**fails**"))
        if not holds:
            self.failures.append(f"{name}: {value}, promised {promise}")

    def within(self, name, value, bounds, show=lambda x: f"{100 * x:.0f} %"):
        low, high = bounds
        self.gate(name, show(value), f"{show(low)} to {show(high)}", low <= value <= high)


def schema(rows, report):
    wrong = []
    for row in rows:
        where = f"{row['file']} {row['id']}"
        if list(row)[: len(COLUMNS)] != COLUMNS:
            wrong.append(f"{row['file']}: columns {list(row)}")
            break
        for column in ("lever", "gain", "exchange", "hard"):
            if row[column] not in ("0", "1"):
                wrong.append(f"{where}: {column} is {row[column]!r}")
        if not row["rule"].isdigit() or int(row["rule"]) > 23:
            wrong.append(f"{where}: rule is {row['rule']!r}")
        if row["readings"] not in ("0", "1", "2"):
            wrong.append(f"{where}: readings is {row['readings']!r}")
        for column, known in (("label", LABELS), ("platform", PLATFORMS), ("variety", VARIETIES)):
            if row[column] not in known:
                wrong.append(f"{where}: {column} is {row[column]!r}")
        if not (row["text"].strip() and row["stream"] and row["writer"]):
            wrong.append(f"{where}: text, stream or writer is empty")
    report.gate("schema", f"{len(wrong)} faults", "none", not wrong)
    report.failures += wrong[:20]


def validation(report):
    """Schema, contradictions, consistency with the codebook, near-duplicates, held-out messages: by the program itself."""
    with tempfile.TemporaryDirectory() as folder:
        found = Path(folder) / "found.json"
        command = [BINARY, "validate", *sorted(CORPUS.glob("*.csv")), "--held-out", HELD_OUT, "--json", found, "--quiet"]
        subprocess.run(command, check=False, capture_output=True)
        found = json.loads(found.read_text())
    counts = Counter(finding["check"] for finding in found["faults"] + found["remarks"])
    report.gate("contradictions with the codebook, held-out messages, other faults", len(found["faults"]), "none", not found["faults"])
    repeats = counts["near_duplicate"] + counts["repeated"]
    report.gate("near-duplicates outside groups", repeats, "none", repeats == 0)
    for finding in found["faults"] + [f for f in found["remarks"] if f["check"] in ("near_duplicate", "repeated")]:
        report.failures.append(f"{finding['check']}: {', '.join(place['id'] for place in finding['messages'])} {finding['detail']}")


def grams(text):
    text = re.sub(r"\s+", " ", re.sub(r"https?://\S+|@\w+", "", text.lower())).strip()
    return {text[i : i + 5] for i in range(max(1, len(text) - 4))}


def distance_to_real(rows, report):
    present = [path for path in EVALUATION if path.exists()]
    if not present:
        report.gate("nearest evaluation text", "not present here, skipped", f"below {NEAREST_REAL}", True)
        return
    real = [grams(json.loads(line)["text"]) for path in present for line in path.open(encoding="utf-8")]
    holders = defaultdict(list)
    for number, found in enumerate(real):
        for gram in found:
            holders[gram].append(number)
    nearest, pair = 0.0, ""
    for row in rows:
        own = grams(row["text"])
        common = Counter(number for gram in own for number in holders.get(gram, ()))
        for number, shared in common.items():
            jaccard = shared / (len(own) + len(real[number]) - shared)
            if jaccard > nearest and len(own) >= 15:
                nearest, pair = jaccard, row["id"]
    report.gate("nearest evaluation text (Jaccard of 5-grams)", f"{nearest:.2f} ({pair})", f"below {NEAREST_REAL}", nearest < NEAREST_REAL)


def shares(rows, report):
    n = len(rows)
    report.gate("rows", n, f"at least {LEAST_ROWS}", n >= LEAST_ROWS)
    writers = {row["writer"] for row in rows}
    report.gate("writers", len(writers), f"at least {LEAST_WRITERS}", len(writers) >= LEAST_WRITERS)
    lacking = [w for w in writers if {row["label"] for row in rows if row["writer"] == w} != set(LABELS)]
    report.gate("writers without every label", len(lacking), "none", not lacking)
    for label, bounds in SHARES.items():
        report.within(f"share of {label}", sum(row["label"] == label for row in rows) / n, bounds)
    for variety, bounds in VARIETY_SHARES.items():
        report.within(f"share of variety {variety}", sum(row["variety"] == variety for row in rows) / n, bounds)
    grouped = Counter(row["group"] for row in rows if row["group"])
    report.within("rows in groups", sum(c for c in grouped.values() if c > 1) / n, (0.10, 0.25))
    report.within("rows read blind twice", sum(row["readings"] == "2" for row in rows) / n, (0.99, 1.0))
    rules = Counter(int(row["rule"]) for row in rows if row["readings"] != "0")
    rare = [rule for rule in range(1, 24) if rules[rule] < LEAST_OF_A_RULE and rule not in (2, 14, 20, 21, 23)]
    report.gate("rules decided by fewer than 20 rows (2, 14, 20, 21, 23 set apart)", ", ".join(map(str, rare)) or "none", "none", not rare)


def surface(rows, report):
    patterns = {name: re.compile(pattern, re.I) for name, pattern in SURFACE}
    share = lambda part, name: sum(bool(patterns[name].search(row["text"])) for row in part) / len(part)
    sizes = sorted(len(row["text"]) for row in rows)
    report.within("median length, characters", sizes[len(sizes) // 2], MEDIAN_LENGTH, str)
    for name, bounds in SURFACE_RANGE.items():
        report.within(f"with {name}", share(rows, name), bounds)
    for label in LABELS:
        part = [row for row in rows if row["label"] == label]
        for name, bounds in PER_LABEL.items():
            report.within(f"{label} with {name}", share(part, name), bounds)
        report.within(f"{label} with a parent", sum(bool(row["parent"]) for row in part) / len(part), PARENT_PER_LABEL)


def probe(rows, view):
    """Macro-F1 across writers of a model that sees only a view of each message."""
    with tempfile.TemporaryDirectory() as folder:
        data, figures = Path(folder) / "view.csv", Path(folder) / "figures.json"
        with data.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["text", "label", "source"])
            writer.writerows([view(row), row["label"], row["writer"]] for row in rows)
        settings = ["pipeline.features.cues=false", "pipeline.features.context=false", "pipeline.features.subwords=false", "augment.copies=0", "fit.c=0.01"]
        command = [BINARY, "train", data, "--text-col", "text", "-o", Path(folder) / "model", "--json", figures, "--quiet", *(part for s in settings for part in ("--set", s))]
        subprocess.run(command, check=True)
        return json.loads(figures.read_text())["macro_f1"]["value"]


def length_only(row):
    return f"longueur{int(2 * math.log2(len(row['text']) + 1))}"


def function_words_only(row):
    return " ".join(word for word in re.findall(r"[^\W\d_]+", row["text"].lower()) if word in FUNCTION_WORDS) or "rien"


def parent_only(row):
    return row["parent"] or "rien"


def probes(rows, report):
    for (name, most), view in zip(PROBES.items(), (length_only, function_words_only, parent_only)):
        value = probe(rows, view)
        report.gate(f"probe: {name}, macro-F1 across writers", f"{value:.2f}", f"at most {most} (chance 0.33)", value <= most)


def counts(rows):
    def by(column, order=None):
        names = order or sorted({row[column] for row in rows}, key=str)
        lines = []
        for name in names:
            part = [row for row in rows if row[column] == name]
            if part:
                lines.append([name, len(part), *(percent(sum(row["label"] == label for row in part), len(part)) for label in LABELS)])
        return table([column, "rows", *LABELS], lines)

    return "\n\n".join(["**Varieties**", by("variety", VARIETIES), "**Platforms**", by("platform", PLATFORMS), "**Rules that decided** (0: plain)", by("rule", [str(n) for n in range(24)]), "**Blind readings**", by("readings", ["0", "1", "2"])])


def put(text):
    readme = README.read_text(encoding="utf-8")
    if readme.count(BEGIN) != 1 or readme.count(END) != 1:
        sys.exit(f"{README}: expected one {BEGIN} and one {END}")
    before, rest = readme.split(BEGIN)
    README.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the report into data/README.md")
    arguments = parser.parse_args()
    rows = [{**row, "file": path.name} for path in sorted(CORPUS.glob("*.csv")) for row in rows_of(path)]
    report = Report()
    schema(rows, report)
    validation(report)
    distance_to_real(rows, report)
    shares(rows, report)
    surface(rows, report)
    probes(rows, report)
    text = table(["gate", "found", "promised", ""], report.parts) + "\n\n" + counts(rows)
    if arguments.write:
        put(text)
    for name, value, promise, verdict in report.parts:
        print(f"{verdict.strip('*'):5}  {name}: {value} (promised {promise})")
    if report.failures:
        sys.exit("gates: " + "\n       ".join(report.failures))


if __name__ == "__main__":
    main()
