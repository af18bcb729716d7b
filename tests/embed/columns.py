#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Columns in, duties out, through ctypes alone: columns.py LIBRARY SCHEDULE IMPORTER DAY < flows.csv

The columns are arrays of the standard library; those of NumPy or Arrow are passed in the same way,
by address. Texts become integers once for each different text, not once for each row.
"""
import csv
import ctypes
import sys
from array import array
from decimal import Decimal


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


ON_DIAG = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.POINTER(Diag))


class Tariff:
    """A schedule, compiled."""

    def __init__(self, library, schedule):
        self.lib = lib = ctypes.CDLL(library)
        lib.tariff_diag_format.restype = ctypes.c_size_t
        lib.tariff_version.restype = lib.tariff_status_name.restype = ctypes.c_char_p
        for name in ("env", "schedule", "law", "assessor"):
            getattr(lib, f"tariff_{name}_free").argtypes = [ctypes.c_void_p]
            getattr(lib, f"tariff_{name}_free").restype = None
        self.env, self.schedule = ctypes.c_void_p(), ctypes.c_void_p()
        self.law, self.assessor = ctypes.c_void_p(), ctypes.c_void_p()
        self.words = []
        self.on_diag = ON_DIAG(self._keep)  # as long as the library may call it
        self._check(lib.tariff_env_new(None, ctypes.byref(self.env)))
        lib.tariff_env_on_diag(self.env, self.on_diag, None)
        paths = (ctypes.c_char_p * 1)(schedule.encode())
        self._check(lib.tariff_schedule_load(self.env, paths, ctypes.c_size_t(1),
                                             ctypes.byref(self.schedule)))
        self._check(lib.tariff_law_compile(self.env, self.schedule, None, ctypes.byref(self.law)))
        self._check(lib.tariff_assessor_new(self.env, self.law, ctypes.byref(self.assessor)))

    def close(self):
        for name in ("assessor", "law", "schedule", "env"):
            getattr(self.lib, f"tariff_{name}_free")(getattr(self, name))
            setattr(self, name, ctypes.c_void_p())

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.close()

    def _keep(self, user, diag):
        text = ctypes.create_string_buffer(4096)
        self.lib.tariff_diag_format(diag, text, ctypes.c_size_t(len(text)))
        self.words.append(text.value.decode())

    def _check(self, status):
        if status:
            name = self.lib.tariff_status_name(status).decode()
            raise ValueError("\n".join(self.words) or name)

    def parse(self, kind, ctype, text):
        """One value: hs, country, date, money or unit."""
        out, raw = ctype(), text.encode()
        parse = getattr(self.lib, f"tariff_{kind}_parse")
        if parse(raw, ctypes.c_size_t(len(raw)), ctypes.byref(out)):
            raise ValueError(f"not a {kind}: {text!r}")
        return out.value

    def column(self, kind, ctype, code, texts):
        known = {text: self.parse(kind, ctype, text) for text in set(texts)}
        return array(code, [known[text] for text in texts])

    def duties(self, hs, origin, importer, date, value):
        """The duty of each row, exact to a hundredth of a cent, as integers of 1e-4."""
        count = len(value)
        columns = {
            "hs": self.column("hs", ctypes.c_uint64, "Q", hs),
            "origin": self.column("country", ctypes.c_uint16, "H", origin),
            "importer": self.column("country", ctypes.c_uint16, "H", importer),
            "date": self.column("date", ctypes.c_int32, "i", date),
            "value": array("q", [int(Decimal(text) * 10000) for text in value]),
        }
        duty, flags = array("q", bytes(8 * count)), array("B", bytes(count))
        done = ctypes.c_size_t()
        address = lambda column: column.buffer_info()[0]
        given = Columns(size=ctypes.sizeof(Columns),
                        **{name: address(column) for name, column in columns.items()})
        wanted = Burdens(size=ctypes.sizeof(Burdens), duty=address(duty), flags=address(flags))
        self._check(self.lib.tariff_assess_columns(self.assessor, ctypes.byref(given),
                                                   ctypes.c_size_t(count), ctypes.byref(wanted),
                                                   ctypes.byref(done)))
        assert done.value == count
        return duty, flags


def main(library, schedule, importer, day):
    rows = list(csv.DictReader(sys.stdin))
    with Tariff(library, schedule) as tariff:
        duty, _ = tariff.duties([row["hs"] for row in rows], [row["origin"] for row in rows],
                                [importer] * len(rows), [day] * len(rows),
                                [row["value"] for row in rows])
    print(f"{len(rows)} rows, duty {Decimal(sum(duty)).scaleb(-4):.2f}")


if __name__ == "__main__":
    main(*sys.argv[1:])
