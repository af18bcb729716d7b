#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the schedule uk-tariff-2021 (or eu-tariff-2021) from the staged comparison of both tariffs.

    python3 datasets/uk-tariff-2021/make.py SHARED
    python3 datasets/eu-tariff-2021/make.py SHARED

SHARED is the directory that has data/tariff_other in it. Only the standard library is used. Written are layers.csv,
groups.csv (EU), measures/mfn.csv, descriptions.csv, unparsed.csv and datapackage.json beside the script that was called.
"""
import calendar
import collections
import csv
import datetime
import hashlib
import json
import os
import re
import sys

FILE = "data/tariff_other/uk_global_tariff_and_eu_cet_2021.csv"
UNIT = {"kg": "kg", "hl": "hl", "tonne": "t", "item": "no", "items": "no", "m": "m", "m2": "m2", "%vol/hl": "la"}
# words after a weight that leave it the weight of the goods as traded; others ask for a weight nobody reports
WEIGHT = ("net", "gross", "br", "eda", "netdrainedwt")
MONTH = {m: i for i, m in enumerate("JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(), 1)}
YEARS = range(2021, 2027)       # seasons are written out for these years
FIRST, END = "2021-01-01", "2027-01-01"
NEEDS = (("sacchar", "per 1 % of sucrose by weight"), ("lactic", "weight of lactic matter"),
         ("std", "standard quality of raw sugar"), ("netdry", "weight of dry matter"), ("mas", "weight of dry matter"),
         ("totalc", "weight of total alcohol"), ("EA", "agricultural component"), ("Entry", "entry price"),
         ("AD", "additional duty on sugar or flour"))


class Unsaid(Exception):
    pass


def number(s):
    s = s.replace(",", "")
    return s.rstrip("0").rstrip(".") if "." in s else s


def term(t):
    f = re.fullmatch(r"([\d.,]+)%", t)
    if f:
        return number(f.group(1)) + "%"
    f = re.fullmatch(r"([\d.,]+)(EUR|GBP)/([\d.,]*)(%vol/hl|kg|hl|tonne|items?|m2|m)(?:/?([A-Za-z].*))?", t)
    if not f or (f.group(5) and f.group(5) not in WEIGHT):
        raise Unsaid(t)
    n = number(f.group(3)) if f.group(3) else ""
    return "%s %s/%s%s" % (number(f.group(1)), f.group(2), n + " " if n not in ("", "1") else "", UNIT[f.group(4)])


def total(t):
    return " + ".join(term(x) for x in t.split("+"))


def rate(text):
    """A duty text without a season -> a rate expression."""
    t = text.replace("\u20ac", "EUR")
    for word, why in NEEDS:
        if word in "".join(t.split()):
            raise Unsaid(why)
    t = "".join(t.split())
    # the source dropped some percent signs before a specific part
    t = re.sub(r"^([\d.]+)(?=\+|MIN)", r"\1%", t)
    f = re.fullmatch(r"(.*?)(?:MIN(.*?))?(?:MAX(.*))?", t)
    r = total(f.group(1))
    if f.group(2):
        r = "max(%s, %s)" % (r, total(f.group(2)))
    if f.group(3):
        r = "min(%s, %s)" % (r, total(f.group(3)))
    return "Free" if r == "0%" else r


def day(text, month_of_end):
    f = re.fullmatch(r"(\d+)\s*([A-Z]*)", text.strip())
    return MONTH[(f.group(2) or month_of_end)[:3]], int(f.group(1))


def seasons(text):
    """[(rate text, [((month, day), (month, day)), ...])]; a last rate without dates is for the rest of the year."""
    out = []
    for f in re.finditer(r"\s*([^()]+?)\s*(?:\(([^)]*)\)|$),?", text):
        if not f.group(1).strip(" ,"):
            continue
        spans = []
        for s in (f.group(2) or "").split(","):
            if s.strip():
                a, b = s.split("-")
                b = b.strip()
                spans.append((day(a, b.split()[-1]), day(b, "")))
        out.append((f.group(1).strip(" ,"), spans))
    return out


def dated(text, unassessed):
    """A duty text -> [(from, until, rate)], and the reasons why some of it cannot be said."""
    reasons = []

    def say(t):
        try:
            return rate(t)
        except Unsaid as e:
            reasons.append(str(e))
            return unassessed

    if "(" not in text:
        return [(FIRST, "", say(text))], reasons
    parts = seasons(text)
    rates = [say(t) for t, _ in parts]
    rest = [r for r, (_, spans) in zip(rates, parts) if not spans]
    out = []
    for year in YEARS:
        days = {}
        for r, (_, spans) in zip(rates, parts):
            for (m1, d1), (m2, d2) in spans:
                d2 = min(d2, calendar.monthrange(year, m2)[1])
                a, b = datetime.date(year, m1, d1), datetime.date(year, m2, d2)
                runs = [(a, b)] if a <= b else [(a, datetime.date(year, 12, 31)), (datetime.date(year, 1, 1), b)]
                for x, y in runs:
                    while x <= y:
                        days[x] = r
                        x += datetime.timedelta(1)
        x = datetime.date(year, 1, 1)
        while x.year == year:
            r = days.get(x)
            if r is None:
                if rest:
                    r = rest[0]
                else:
                    r = unassessed
                    if "part of the year without a rate" not in reasons:
                        reasons.append("part of the year without a rate")
            if out and out[-1][2] == r and out[-1][1] == x.isoformat():
                out[-1] = (out[-1][0], (x + datetime.timedelta(1)).isoformat(), r)
            else:
                out.append((x.isoformat(), (x + datetime.timedelta(1)).isoformat(), r))
            x += datetime.timedelta(1)
    return out, reasons


def shorten(law):
    """Codes whose lines all bear the same duty become one: ten digits into eight, eight into six. A flow with the
    shorter code is then decided, and none is decided that the tariff leaves open."""
    for n in (8, 6):
        by = collections.defaultdict(list)
        for code in law:
            by[code[:n]].append(code)
        for p, codes in by.items():
            if len({tuple(law[c]) for c in codes}) == 1 and codes != [p]:
                v = law[codes[0]]
                for c in codes:
                    del law[c]
                law[p] = v
    return law


def make(shared, here, name, column, currency, title, importers, origins, citation):
    unassessed = "1 %s/mwh" % currency
    law, unparsed, kinds, slips = {}, [], collections.Counter(), 0
    with open(os.path.join(shared, FILE), encoding="utf-8-sig", newline="") as f:
        for r in csv.DictReader(f):
            text = " ".join(r[column].replace("\u00a0", " ").split())
            law[r["commodity"]], why = dated(text, unassessed)
            slips += bool(re.match(r"[\d.]+ (\+|MIN)", text))
            kinds["unsaid" if why else "season" if "(" in text else "free" if law[r["commodity"]][0][2] == "Free" else
                  "min or max" if "m" in law[r["commodity"]][0][2][:1] else "compound" if "+" in text else
                  "specific" if "/" in text else "ad valorem"] += 1
            if why:
                unparsed.append((r["commodity"], text, "; ".join(why)))
    lines = len(law)
    shorten(law)

    def write(path, rows):
        os.makedirs(os.path.dirname(os.path.join(here, path)), exist_ok=True)
        with open(os.path.join(here, path), "w", encoding="utf-8", newline="") as f:
            csv.writer(f, lineterminator="\n").writerows(rows)

    write("layers.csv", [("layer", "title", "kind", "authority", "select"),
                         ("mfn", title, "ordinary", "mfn", "specific")])
    rows = [("layer", "products", "origins", "importers", "from", "until", "rate", "citation")]
    for code in sorted(law):
        rows += [("mfn", code, origins, importers, a, b, r, citation) for a, b, r in law[code]]
    write("measures/mfn.csv", rows)
    write("unparsed.csv", [("hs", "text", "reason")] + unparsed)
    if importers == "@EU27":
        eu = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
        write("groups.csv", [("group", "member")] + [("EU27", x) for x in eu])
    with open(os.path.join(here, "../us-tariffs/descriptions.csv"), encoding="utf-8", newline="") as f:
        chapters = [r for r in csv.reader(f) if len(r[0]) == 2 and r[0] < "98"]
    write("descriptions.csv", [("hs", "description")] + chapters)
    resources = []
    for d, _, files in sorted(os.walk(here)):
        for x in sorted(files):
            path = os.path.relpath(os.path.join(d, x), here)
            if x.endswith(".csv"):
                with open(os.path.join(here, path), "rb") as f:
                    raw = f.read()
                resources.append({"name": path[:-4].replace("/", "-"), "path": path, "format": "csv",
                                  "mediatype": "text/csv", "encoding": "utf-8", "bytes": len(raw),
                                  "hash": "sha256:" + hashlib.sha256(raw).hexdigest()})
    package = {"profile": "data-package", "name": name, "title": title + ", as announced for 1 January 2021",
               "version": "1.0.0", "currency": currency,
               "nomenclature": "Combined Nomenclature 2020/2021 (HS 2017), eight and ten digits",
               "licenses": [{"name": "OGL-UK-3.0", "title": "Open Government Licence v3.0; Crown copyright",
                             "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"}],
               "sources": [{"title": "UK Global Tariff and EU Common External Tariff (uktrade/global-uk-tariff)",
                            "path": "https://github.com/uktrade/global-uk-tariff"}],
               "resources": resources}
    with open(os.path.join(here, "datapackage.json"), "w", encoding="utf-8") as f:
        json.dump(package, f, indent=1, ensure_ascii=False)
        f.write("\n")
    print("%d lines, %d rows, %d unsaid, %d without a percent sign: %s" %
          (lines, len(rows) - 1, len(unparsed), slips, dict(kinds)))


if __name__ == "__main__":
    make(sys.argv[1], os.path.dirname(os.path.abspath(__file__)), "uk-tariff-2021", "ukgt_duty_rate", "GBP",
         "UK Global Tariff", "GB", "* !GB", "UK Global Tariff 2021")
