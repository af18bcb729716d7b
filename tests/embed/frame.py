#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A data frame through a scenario, and back: frame.py LIBRARY SCENARIO IMPORTER < flows.csv

The rows are columns of the standard library's arrays (those of NumPy, pandas or Arrow are passed in
the same way, by address); the library reads them where they are, in batches, and hands back what
each row bears. Reports come as tables. No file is written.
"""
import csv
import ctypes
import sys
from array import array
from decimal import Decimal

BATCH = 4000  # all rows may be one batch; a cursor has many


class Diag(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("severity", ctypes.c_int), ("status", ctypes.c_int)]


class Columns(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t)] + [
        (name, ctypes.c_void_p)
        for name in ("hs", "origin", "importer", "date", "value", "quantity", "unit", "claims",
                     "parts", "until")]


class Burdens(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t)] + [
        (name, ctypes.c_void_p) for name in ("duty", "ordinary", "additional", "rate", "flags")]


NEXT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(Columns),
                        ctypes.POINTER(ctypes.c_size_t))
PUT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_uint64, ctypes.c_size_t,
                       ctypes.POINTER(Burdens))
ON_DIAG = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Diag))


class Source(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("name", ctypes.c_char_p), ("origin", ctypes.c_uint16),
                ("importer", ctypes.c_uint16), ("next", NEXT), ("user", ctypes.c_void_p)]


class Sink(ctypes.Structure):
    _fields_ = [("size", ctypes.c_size_t), ("put", PUT), ("user", ctypes.c_void_p)]


class Options(ctypes.Structure):
    _fields_ = ([("size", ctypes.c_size_t), ("directory", ctypes.c_char_p)]
                + [(name, ctypes.c_bool)
                   for name in ("spreadsheet", "require_detail", "require_quantity", "hash",
                                "for_comparison", "has_point")]
                + [("point", ctypes.c_uint64), ("threads", ctypes.c_uint),
                   ("source", ctypes.POINTER(Source)), ("sink", ctypes.POINTER(Sink))])


NO_COUNTRY = 0xFFFF


class Frame:
    """Columns of one length: what the library asks for, and what it tells of each row."""

    def __init__(self, hs, origin, value):
        self.columns = {"hs": hs, "origin": origin, "value": value}
        self.rows, self.given = len(value), 0
        self.duty = array("q")

    def next(self, user, columns, count):
        n = min(BATCH, self.rows - self.given)
        for name, column in self.columns.items():
            start, _ = column.buffer_info()
            setattr(columns.contents, name, start + self.given * column.itemsize)
        self.given += n
        count[0] = n
        return 0

    def put(self, user, first, count, burdens):
        duty = ctypes.cast(burdens.contents.duty, ctypes.POINTER(ctypes.c_int64))
        self.duty.extend(duty[:count])
        return 0


class Tariff:
    def __init__(self, library):
        self.lib = lib = ctypes.CDLL(library)
        lib.tariff_diag_format.restype = lib.tariff_table_rows.restype = ctypes.c_size_t
        lib.tariff_table_columns.restype = ctypes.c_size_t
        lib.tariff_result_table.restype = ctypes.c_void_p
        for name in ("header", "cell"):
            getattr(lib, f"tariff_table_{name}").restype = ctypes.c_char_p
        for name in ("env", "scenario", "result"):
            getattr(lib, f"tariff_{name}_free").argtypes = [ctypes.c_void_p]
            getattr(lib, f"tariff_{name}_free").restype = None
        self.words = []
        self.on_diag = ON_DIAG(self._keep)  # as long as the library may call it
        self.env = ctypes.c_void_p()
        self._check(lib.tariff_env_new(None, ctypes.byref(self.env)))
        lib.tariff_env_on_diag(self.env, self.on_diag, None)

    def close(self):
        self.lib.tariff_env_free(self.env)

    def _keep(self, user, diag):
        text = ctypes.create_string_buffer(4096)
        self.lib.tariff_diag_format(diag, text, ctypes.c_size_t(len(text)))
        self.words.append(text.value.decode())

    def _check(self, status):
        if status:
            raise ValueError("\n".join(self.words) or f"status {status}")

    def column(self, kind, ctype, code, texts):
        """Each different text is parsed once, as a factor or a category is."""
        known, parse = {}, getattr(self.lib, f"tariff_{kind}_parse")
        for text in set(texts):
            out, raw = ctype(), text.encode()
            if parse(raw, ctypes.c_size_t(len(raw)), ctypes.byref(out)):
                raise ValueError(f"not a {kind}: {text!r}")
            known[text] = out.value
        return array(code, [known[text] for text in texts])

    def table(self, result, name):
        """A report as a list of rows, each a dictionary."""
        table = ctypes.c_void_p(self.lib.tariff_result_table(result, name.encode()))
        size = ctypes.c_size_t
        heads = [self.lib.tariff_table_header(table, size(k)).decode()
                 for k in range(self.lib.tariff_table_columns(table))]
        return [{head: self.lib.tariff_table_cell(table, size(i), size(k)).decode()
                 for k, head in enumerate(heads)}
                for i in range(self.lib.tariff_table_rows(table))]

    def run(self, path, frame, importer):
        """The summary of a scenario over a frame, whose rows are told what they bear."""
        scenario, result = ctypes.c_void_p(), ctypes.c_void_p()
        source = Source(ctypes.sizeof(Source), b"frame", NO_COUNTRY, importer, NEXT(frame.next))
        sink = Sink(ctypes.sizeof(Sink), PUT(frame.put))
        options = Options(size=ctypes.sizeof(Options), source=ctypes.pointer(source),
                          sink=ctypes.pointer(sink))
        try:
            self._check(self.lib.tariff_scenario_load(self.env, path.encode(), None,
                                                      ctypes.c_size_t(0), ctypes.byref(scenario)))
            self._check(self.lib.tariff_run(self.env, scenario, ctypes.byref(options),
                                            ctypes.byref(result)))
            return {row["metric"]: row["value"] for row in self.table(result, "summary")}
        finally:
            self.lib.tariff_result_free(result)
            self.lib.tariff_scenario_free(scenario)


def main(library, scenario, importer):
    rows = list(csv.DictReader(sys.stdin))
    tariff = Tariff(library)
    frame = Frame(tariff.column("hs", ctypes.c_uint64, "Q", [row["hs"] for row in rows]),
                  tariff.column("country", ctypes.c_uint16, "H", [row["origin"] for row in rows]),
                  array("q", [int(Decimal(row["value"]) * 10000) for row in rows]))
    where, = tariff.column("country", ctypes.c_uint16, "H", [importer])
    summary = tariff.run(scenario, frame, where)
    tariff.close()
    told = Decimal(sum(frame.duty)).scaleb(-4)
    assert abs(told - Decimal(summary["total_duty"])) <= Decimal("0.00005") * len(rows) + 1
    print(f"{len(frame.duty)} rows, duty {summary['total_duty']}")


if __name__ == "__main__":
    main(*sys.argv[1:])
