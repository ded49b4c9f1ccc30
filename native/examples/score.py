#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Scores the rows of a CSV with a model of tables, and prints the strangest ones first.

usage: score.py LIBRARY MODEL CSV, for example:
    score.py /opt/vae4j/lib/libvae4j.so runs/claims docs/examples/claims.csv
"""
import csv
import ctypes
import os
import signal
import sys

ABI = 1  # VAE4J_MODEL_ABI
COLUMNS = 9  # VAE4J_COLUMNS


class RowScore(ctypes.Structure):
    """vae4j_row_score"""

    _fields_ = [
        (name, ctypes.c_double)
        for name in ("score", "error", "p_value", "latent", "log_likelihood")
    ]


def load(path):
    """The library, whose functions get the types of vae4j_model.h."""
    library = ctypes.CDLL(path)
    pointer, text, size = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int64
    library.vae4j_last_error.restype = text
    library.vae4j_model_open.argtypes = [
        ctypes.c_int, text, ctypes.c_int, text, ctypes.POINTER(pointer)]
    library.vae4j_model_close.argtypes = [pointer]
    library.vae4j_model_size.argtypes = [pointer, ctypes.c_int, ctypes.POINTER(size)]
    library.vae4j_model_column.argtypes = [pointer, size, ctypes.POINTER(text)]
    library.vae4j_model_score_row.argtypes = [
        pointer, ctypes.POINTER(text), size, size, size, ctypes.POINTER(RowScore)]
    return library


def read(path, names):
    """The rows of a CSV, which must have the columns of the model."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.DictReader(file)
        missing = [name for name in names if name not in (reader.fieldnames or [])]
        if missing:
            raise ValueError(f"without the columns of the model: {', '.join(missing)}")
        rows = []
        for row in reader:
            if None in row or None in row.values():
                raise ValueError(
                    f"line {reader.line_num}: expected {len(reader.fieldnames)} cells")
            rows.append(row)
    if not rows:
        raise ValueError("expected rows after the header, given none")
    return rows


def main(library_path, model_path, csv_path):
    try:
        library = load(library_path)
    except (OSError, AttributeError) as error:
        raise SystemExit(f"cannot load libvae4j: {error}") from None
    except UnicodeDecodeError:  # in the loader's message, which has the name
        raise SystemExit(f"cannot load libvae4j: {library_path}") from None

    def check(status):
        if status != 0:
            raise SystemExit(library.vae4j_last_error().decode(errors="replace"))

    model = ctypes.c_void_p()
    check(library.vae4j_model_open(ABI, os.fsencode(model_path), 0, None, ctypes.byref(model)))
    count = ctypes.c_int64()
    check(library.vae4j_model_size(model, COLUMNS, ctypes.byref(count)))
    names = []
    for i in range(count.value):
        name = ctypes.c_char_p()
        check(library.vae4j_model_column(model, i, ctypes.byref(name)))
        names.append(name.value.decode(errors="replace"))

    try:
        rows = read(csv_path, names)
    except (OSError, ValueError, csv.Error) as error:
        raise SystemExit(f"{csv_path}: {error}") from None
    cells = [row[name].encode() or None for row in rows for name in names]
    scores = (RowScore * len(rows))()
    check(library.vae4j_model_score_row(
        model, (ctypes.c_char_p * len(cells))(*cells), len(rows), 0, 0, scores))
    check(library.vae4j_model_close(model))

    strangest = sorted(zip(scores, rows), key=lambda pair: -pair[0].score)[:5]
    try:
        # Standard output, closed here so that an error in writing is seen.
        with open(1, "w", errors="backslashreplace", closefd=False) as out:
            for score, row in strangest:
                cells = ",".join(row.values())
                print(f"{score.score:10.4f} p {score.p_value:.4f}  {cells}", file=out)
    except OSError as error:
        raise SystemExit(f"standard output: {error}") from None


if __name__ == "__main__":
    # Ctrl-C and a closed pipe end the program at once, also within a call of the library.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    if len(sys.argv) != 4:
        print(__doc__, file=sys.stderr)
        sys.exit(2)
    main(*sys.argv[1:])
