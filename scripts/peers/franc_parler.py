"""franc-parler itself, through its binary: `train FILES -o MODEL`, then `classify --model MODEL`."""

import subprocess
import tempfile
from pathlib import Path

import numpy as np

from peer import REFERENCE, Peer, Unavailable
from rows import read_records, write_csv
from stopwatch import Stopwatch

ROOT = Path(__file__).resolve().parents[2]
BINARY = ROOT / "target" / "release" / "franc-parler"
VECTORS = ROOT / "data" / "vectors" / "real.safetensors"


class FrancParler(Peer):
    name = REFERENCE
    scores = "probability"

    def fit(self, rows, labels, files=None):
        if not BINARY.is_file():
            raise Unavailable(f"{BINARY.relative_to(ROOT)} is missing: cargo build --release")
        self._labels = labels
        self._folder = tempfile.TemporaryDirectory(prefix="franc-parler-")
        self._model = Path(self._folder.name) / "model"
        files = files or [self._training_file(rows)]
        _run("train", *files, "-o", self._model, "--vectors", VECTORS)

    def predict_proba(self, rows):
        return self.predict(rows)[1]

    def predict(self, rows):
        """The tool's own label, which need not be the most probable one."""
        records = self._classify(rows)[0]
        column = "pred_label" if "pred_label" in records[0] else "label"
        predicted = np.array([self._labels.index(record[column]) for record in records])
        return predicted, np.array([self._probabilities(record) for record in records])

    def time_prediction(self, rows):
        return self._classify(rows)[1]

    def facts(self):
        size = sum(path.stat().st_size for path in self._model.rglob("*") if path.is_file())
        return {"model_bytes": size, "version": _run("--version").strip()}

    def _probabilities(self, record):
        return [float(record[f"p_{label}"] or 0) for label in self._labels]

    def _training_file(self, rows):
        path = Path(self._folder.name) / "train.csv"
        columns = dict.fromkeys(column for row in rows for column in row.cells)
        write_csv(path, [row.cells for row in rows], list(columns))
        return path

    def _classify(self, rows):
        """Output records, and the `Stopwatch` of the process. The gold label is not handed over."""
        source, target = (Path(self._folder.name) / name for name in ("in.csv", "out.csv"))
        messages = [{"text": row.text, "parent": row.parent} for row in rows]
        write_csv(source, messages, ["text", "parent"])
        with Stopwatch() as watch:
            _run("classify", "--model", self._model, source, "-o", target, "--force")
        records = read_records(target) if target.is_file() else []
        if len(records) != len(rows):
            raise RuntimeError(f"franc-parler: {len(rows)} rows in, {len(records)} out")
        return records, watch


def _run(*arguments):
    command = [BINARY, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        shown = " ".join(str(part) for part in command)
        raise RuntimeError(f"{shown}: exit code {done.returncode}\n{done.stderr.strip()}")
    return done.stdout


PEERS = [FrancParler()]
