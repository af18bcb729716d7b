#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the schedule in this directory from the staged public data.

    python3 datasets/us-tariffs/make.py SHARED [TARIFF]

SHARED is the directory that has data/tariff_us in it; TARIFF is the built command (build/release/src/cli/tariff), of
which `tariff convert hts` makes the rates of column 1 general and column 2. Everything this script writes (layers.csv, yields.csv,
measures/, sets/, groups.csv, parts/, claims/, descriptions.csv, unparsed.csv, datapackage.json and the overlay
directories beside this one) is derived from those files and from the tables below, which hold what the law says
and no file has: headings, rates, dates, countries, who displaces whom. Of Python only the standard library is used.
"""
import collections
import csv
import gzip
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TARIFF = os.path.join(HERE, "../../build/release/src/cli/tariff")
VERSION = "1.0.0"

# ---------------------------------------------------------------------------------------------------------------
# 1. Output collectors
# ---------------------------------------------------------------------------------------------------------------

COLUMNS = ["layer", "products", "origins", "importers", "from", "until", "rate", "base", "when", "rank",
           "published", "withdrawn", "citation"]
measures = collections.defaultdict(list)   # file name -> rows
sets = collections.OrderedDict()           # set name -> rows of (hs, from, until, published)
groups = []                                # (group, member, from, until)
parts = collections.OrderedDict()          # part -> rows of (hs, origin, importer, from, until, share)
claims = collections.OrderedDict()
unparsed = []


# Dates of entry at which the law changed
ALL_IN, DOUBLE = "2025-03-12", "2025-06-04"      # steel and aluminium: no country out, then 50 %
E1 = "2026-04-06"      # end of the first metals regime, start of the annexes
E2 = "2026-06-08"      # Proclamation 11032
END = "2026-02-24"     # of all duties under IEEPA (CSMS 67834313)

# The second clock: from which day an order was known, the day it was signed. Where the sources have no such day it is
# the day of effect (assumption 29). An order named by its date ("Proclamation of 2026-02-20") is known from that day.
KNOWN = {"EO 14193": "2025-02-01", "EO 14194": "2025-02-01", "EO 14195": "2025-02-01", "EO 14228": "2025-03-03",
         "EO 14231": "2025-03-06", "EO 14232": "2025-03-06", "EO 14257": "2025-04-02", "EO 14259": "2025-04-08",
         "EO 14266": "2025-04-09", "EO 14323": "2025-07-30", "EO 14324": "2025-07-30", "EO 14325": "2025-07-31",
         "EO 14326": "2025-07-31", "EO 14329": "2025-08-06", "EO 14345": "2025-09-16", "EO 14357": "2025-11-04",
         "EO 14389": "2026-02-20", "90 FR 59281": "2025-12-18", "FR 2026-14542": "2026-07-24",
         "Proc. 10895": "2025-02-10", "Proc. 10896": "2025-02-10", "Proc. 10908": "2025-03-26",
         "Proc. 10947": "2025-06-03", "Proc. 10962": "2025-07-30", "Proc. 10976": "2025-09-29",
         "Proc. 10984": E1, "Proc. 11032": E2, "Procs. 11046 to 11048": "2026-07-20",
         "Section 232 polysilicon derivatives": "2026-12-04"}
# (layer, end) -> the order that set the end: before it was known the law had no end on that day
ENDS = {("ieepa_fentanyl_cn", "2025-03-04"): "EO 14228", ("ieepa_fentanyl_cn", "2025-11-10"): "EO 14357",
        ("ieepa_fentanyl_ca_mx", "2025-08-01"): "EO 14325", ("russia_oil", "2026-02-07"): "order of 2026-02-06",
        ("reciprocal", "2025-05-14"): "order of 2025-05-12", ("reciprocal", "2025-08-29"): "EO 14324",
        ("mfn", "2025-08-29"): "EO 14324", ("s232_copper", E1): "Proc. 10984"}
for _layer in ("reciprocal", "ieepa_fentanyl_cn", "ieepa_fentanyl_ca_mx", "ieepa_brazil"):
    ENDS[_layer, END] = "EO 14389"
for _layer in ("s232_steel", "s232_steel_content", "s232_aluminium", "s232_aluminium_content"):
    ENDS[_layer, ALL_IN], ENDS[_layer, DOUBLE], ENDS[_layer, E1] = "Proc. 10896", "Proc. 10947", "Proc. 10984"
# Law older than the schedule's first day, or the tariff itself: known at any time
LONG_KNOWN = ("mfn", "column2", "special", "s201", "s301_china")


def known(cite):
    """The day on which the first order of 2025 or later that a citation names was known, or nothing."""
    found = [(cite.index(k), day) for k, day in KNOWN.items() if k in cite]
    found += [(x.start(), x[1]) for x in re.finditer(r"\bof (202[5-9]-\d\d-\d\d)", cite)]
    return min(found)[1] if found else ""


def m(file, layer, products, origins, rate, cite, frm="", until="", base="", when="", rank="", pub="", wd=""):
    """One measure row; the importer is always the United States. An end that a later order set makes a second row:
    the same law without the end, withdrawn on the day the order was known."""
    if file not in LONG_KNOWN:
        pub = pub or known(cite)
        if not pub and frm >= "2025-02-01":
            sys.exit("%s: nothing says when '%s' was known" % (layer, cite))
    measures[file].append([layer, products, origins, "US", frm, until, rate, base, when, rank, pub, wd, cite])
    if not wd and (layer, until) in ENDS:
        measures[file].append([layer, products, origins, "US", until, "", rate, base, when, rank, pub,
                               known(ENDS[layer, until]), cite])


def put(name, rows):
    seen, out = set(), []
    for r in rows:
        r = (r, "", "", "") if isinstance(r, str) else (tuple(r) + ("",))[:4]
        if r not in seen:
            seen.add(r)
            out.append(r)
    sets[name] = sorted(out)


def group(name, members, frm="", until=""):
    for x in members.split():
        groups.append((name, x, frm, until))


def digits(s):
    return re.sub(r"[^0-9]", "", s)


# ---------------------------------------------------------------------------------------------------------------
# 2. The columns of the HTS
# ---------------------------------------------------------------------------------------------------------------

# A line whose text the language cannot say is shipped with this rate: a quantity in megawatt-hours never comes with
# such goods, so the engine counts the flow as unassessed instead of charging zero in silence.
UNASSESSED = "1 c/mwh"


def hts(path, column, *options):
    """What `tariff convert hts` makes of a column of an edition (without chapter 99): measures, and texts that are no
    rate."""
    with tempfile.TemporaryDirectory() as d:
        out, texts = os.path.join(d, "measures.csv"), os.path.join(d, "unparsed.csv")
        subprocess.run([TARIFF, "convert", "hts", path, "--column", column, "--all", "--unparsed", texts, "-o", out]
                       + list(options), check=True, stderr=subprocess.DEVNULL)
        return ([r for r in rows(out) if not r["products"].startswith("99")],
                [r for r in rows(texts) if not r["hs"].startswith("99")])


def rates(path, column):
    """Code -> rate, and what no rate can say: code -> text."""
    out, texts = hts(path, column, "--marker", UNASSESSED)
    found = {r["products"]: r["rate"] for r in out}
    # a line of ten digits that is the only one of its eight is written at eight
    return found, {r["hs"] if r["hs"] in found else r["hs"][:8]: r["text"] for r in texts}


def special(path):
    """Code -> [(rate, symbol)] of column 1 special, and how many entries are no rate."""
    symbols = sorted(FTA) + sorted(PROGRAMMES)
    options = []
    for i, symbol in enumerate(symbols):      # a claim each, so that every symbol has its own rows
        options += ["--programme", "%s=p%d:*" % (symbol, i)]
    out, texts = hts(path, "special", *options)
    found = collections.defaultdict(list)
    for r in out:
        found[r["products"]].append((r["rate"], symbols[int(r["when"][1:])]))
    return found, len(texts)


# Column 1 special: the programme's symbol -> (claim, origins, from, until)
FTA = {"AU": "AU", "BH": "BH", "CL": "CL", "CO": "CO", "IL": "IL", "JO": "JO", "JP": "JP", "KR": "KR", "MA": "MA",
       "OM": "OM", "PA": "PA", "PE": "PE", "SG": "SG", "P": "CR DO GT HN NI SV"}
PROGRAMMES = {
    "S": ("usmca", "CA MX", "", "", "general note 11"),
    "D": ("agoa", "@agoa", "", "", "general note 16; lapsed 2025-09-30, renewed retroactively to 2026-12-31"),
    "E": ("cbera", "@cbera", "", "", "general note 7"),
    "R": ("cbtpa", "@cbtpa", "", "", "general note 17"),
    "A": ("gsp", "@gsp", "", "2021-01-01", "general note 4; lapsed after 2020-12-31"),
    "A*": ("gsp", "@gsp", "", "2021-01-01", "general note 4; lapsed after 2020-12-31"),
    "A+": ("gsp", "@gsp_ldc", "", "2021-01-01", "general note 4; lapsed after 2020-12-31"),
    "NP": ("nepal", "NP", "2016-12-30", "2026-01-01", "general note 4(e)"),
    "K": ("pharma_agreement", "*", "", "", "general note 13"),
    "C": ("civil_aircraft", "*", "", "", "general note 6"),
    "L": ("dyes", "*", "", "", "general note 14"),
    "B": ("apta", "CA", "", "", "general note 5"),
}


def ordinary(data):
    """MFN (column 1 general), column 1 special as claims, column 2."""
    editions = ("hts_2025_rev_20.csv.gz", "hts_2026_rev_10.csv.gz")
    (ga, general_texts), (gb, more_general) = (rates(data + e, "general") for e in editions)
    (oa, other_texts), (ob, more_other) = (rates(data + e, "other") for e in editions)
    stat = collections.Counter()
    for column, old, new, texts in (("general", ga, gb, (general_texts, more_general)),
                                    ("column 2", oa, ob, (other_texts, more_other))):
        stat[column, "lines"] = len(set(old) | set(new))
        unparsed.extend(sorted({(code, column, text) for t in texts for code, text in t.items()}))
    stat["unparsed"] = len(unparsed)
    for code in sorted(set(ga) | set(gb) | set(oa) | set(ob)):
        a, b = (ga.get(code), oa.get(code)), (gb.get(code), ob.get(code))
        spans = [(a, "", "")] if a == b else \
            [x for x in ((a, "", "2026-01-01" if any(b) else ""), (b, "2026-01-01", "")) if any(x[0])]
        for (general, other), frm, until in spans:
            if general:
                m("mfn", "mfn", code, "*", general, "HTS 2025 rev. 20: column 1 general", frm, until)
            if other and other != general:
                m("column2", "mfn", code, "@column2", other, "HTS 2025 rev. 20: column 2; general note 3(b)", frm, until)
    # Russia: in lieu of the column 2 rate
    russia = collections.defaultdict(set)
    with gzip.open(data + "hts_2025_rev_20.csv.gz", "rt", encoding="utf-8-sig", newline="") as f:
        for r in csv.DictReader(f):
            for h in re.findall(r"9903\.90\.0[89]", r["ch99_footnote_refs"]):
                if not digits(r["htsno"]).startswith("99"):
                    russia[h].add(digits(r["htsno"])[:8])
    put("russia_35", sorted(russia["9903.90.08"]))
    put("russia_70", sorted(russia["9903.90.09"]))
    m("column2", "mfn", "@russia_35", "RU", "35%", "Procs. 10420, 10523; 9903.90.08, in lieu of column 2", "2022-07-27")
    m("column2", "mfn", "@russia_70", "RU", "70%", "Proc. 10523; 9903.90.09, in lieu of column 2", "2023-04-01", rank="1")
    m("mfn", "mfn", "9999", "*", "Free", "19 U.S.C. 1321 (de minimis), until EO 14324", "", "2025-08-29")
    # special: the Free entries become one set for each list of agreements, the others rows of their own
    free = collections.defaultdict(list)
    numeric = []
    (sa, skipped), (sb, more_skipped) = (special(data + e) for e in editions)
    for code in sorted(set(ga) | set(gb) | set(oa) | set(ob)):
        old = sorted(sa.get(code, [])) if code in ga or code in oa else None
        new = sorted(sb.get(code, [])) if code in gb or code in ob else None
        spans = [(old, "", "")] if old == new else \
            [x for x in ((old, "", "2026-01-01"), (new, "2026-01-01", "")) if x[0] is not None]
        if all(x.get(code) == "Free" for x, y in ((ga, old), (gb, new)) if y is not None):
            continue        # free for everybody: the special column adds nothing
        for entries, frm, until in spans:
            fta = []
            for rate, p in entries:
                claim, who, since, end, _ = PROGRAMMES.get(p) or ("fta", FTA[p], "", "", "")
                if rate != "Free":
                    numeric.append((code, who, rate, claim, frm or since, until or end, p))
                elif p in FTA:
                    fta.append(p)
                elif not end or frm < end:      # not lapsed before it begins
                    free[p].append((code, frm, until))
            if fta:
                free[" ".join(sorted(fta))].append((code, frm, until))
    n = 0
    for key in sorted(k for k in free if k not in PROGRAMMES):
        n += 1
        put("free_fta_%02d" % n, free[key])
        who = " ".join(FTA[p] for p in key.split())
        gname = "fta_%02d" % n
        group(gname, who)
        m("special", "mfn", "@free_fta_%02d" % n, "@" + gname, "Free",
          "HTS 2025 rev. 20 and 2026 rev. 10: column 1 special (%s)" % key.replace(" ", ","), when="fta")
    for p in sorted(k for k in free if k in PROGRAMMES):
        claim, who, frm, until, note = PROGRAMMES[p]
        name = "free_" + {"A": "gsp", "A*": "gsp_star", "A+": "gsp_ldc"}.get(p, claim)
        put(name, free[p])
        # a country in two programmes, with both claims made: the better one
        m("special", "mfn", "@" + name, who, "Free", "HTS 2025 rev. 20: column 1 special (%s); %s" % (p, note),
          frm, until, when=claim, rank="1" if claim in ("gsp", "cbtpa") else "")
    for code, who, r, claim, frm, until, p in numeric:
        m("special", "mfn", code, who, r, "HTS 2025 rev. 20 and 2026 rev. 10: column 1 special (%s)" % p,
          frm, until, when=claim)
    return stat, skipped + more_skipped


# ---------------------------------------------------------------------------------------------------------------
# 3. Countries
# ---------------------------------------------------------------------------------------------------------------

EU = ("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK")
NAMES = {  # names as chapter 99 prints them
    "Afghanistan": "AF", "Algeria": "DZ", "Angola": "AO", "Bangladesh": "BD", "Bolivia": "BO",
    "Bosnia and Herzegovina": "BA", "Botswana": "BW", "Brazil": "BR", "Brunei": "BN", "Cambodia": "KH",
    "Cameroon": "CM", "Chad": "TD", "Costa Rica": "CR", "Côte D’Ivoire": "CI", "Côte d’Ivoire": "CI",
    "Côte d`Ivoire": "CI", "Democratic Republic of the Congo": "CD", "the Democratic Republic of the Congo": "CD",
    "Ecuador": "EC", "Equatorial Guinea": "GQ", "Falkland Islands": "FK", "Fiji": "FJ", "Ghana": "GH",
    "Guyana": "GY", "Iceland": "IS", "India": "IN", "Indonesia": "ID", "Iraq": "IQ", "Israel": "IL", "Japan": "JP",
    "Jordan": "JO", "Kazakhstan": "KZ", "Laos": "LA", "Lesotho": "LS", "Libya": "LY", "Liechtenstein": "LI",
    "Madagascar": "MG", "Malawi": "MW", "Malaysia": "MY", "Mauritius": "MU", "Moldova": "MD", "Mozambique": "MZ",
    "Myanmar (Burma)": "MM", "Namibia": "NA", "Nauru": "NR", "New Zealand": "NZ", "Nicaragua": "NI",
    "Nigeria": "NG", "North Macedonia": "MK", "Norway": "NO", "Pakistan": "PK", "Papua New Guinea": "PG",
    "the Philippines": "PH", "Philippines": "PH", "Serbia": "RS", "South Africa": "ZA", "South Korea": "KR",
    "Sri Lanka": "LK", "Switzerland": "CH", "Syria": "SY", "Taiwan": "TW", "Thailand": "TH",
    "Trinidad and Tobago": "TT", "Tunisia": "TN", "Turkey": "TR", "Türkiye": "TR", "Uganda": "UG",
    "United Kingdom": "GB", "the United Kingdom": "GB", "Vanuatu": "VU", "Venezuela": "VE", "Vietnam": "VN",
    "Zambia": "ZM", "Zimbabwe": "ZW", "the European Union": "@EU27", "European Union": "@EU27", "the member countries of the European Union": "@EU27"}


def countries():
    group("EU27", EU)
    group("column2", "CU KP")
    group("column2", "BY RU", "2022-04-09")
    group("cafta", "CR DO GT HN NI SV")
    group("usmca", "CA MX")
    group("china", "CN HK")
    group("china_hk_mo", "CN HK MO")
    group("swiss", "CH LI")
    group("agoa", "AO BJ BW CD CG CI CV DJ GH GM GW KE KM LR LS MG MR MU MW MZ NA NG RW SL SN ST SZ TD TG TZ ZA ZM")
    group("cbera", "AG AW BB BS BZ CW DM GD GY HT JM KN LC MS TT VC VG")
    group("cbtpa", "BB BZ CW GY HT JM LC TT")
    gsp = ("AL AM AO AR AZ BA BF BI BJ BO BR BT BW BZ CD CF CG CI CM CV DJ DM DZ EC EG ER ET FJ GA GD GE GH GM GN GW "
           "GY HT ID IQ JM JO KE KG KH KI KM KZ LB LC LK LR LS MD ME MG MH MK ML MM MN MR MS MU MV MW MZ NA NE NG NP "
           "PG PH PK PY RS RW SB SL SN SO SR ST SZ TD TG TH TL TN TO TV TZ UA UG UZ VC VU WS YE ZA ZM ZW")
    group("gsp", gsp + " SS XK AI CC CK CX EH FK HM IO NF NU PN PS SH TK VG WF")
    group("gsp", "IN", "", "2019-06-05")
    group("gsp", "TR", "", "2019-05-17")
    group("gsp_ldc", "AF AO BF BI BJ BT CD CF DJ ET GM GN GW HT KH KI KM LR MG ML MM MR MW MZ NE NP RW SB SL SN SO SS "
                     "ST TD TG TL TV TZ UG VU WS YE ZM")
    # 1974 Trade Act developing countries left out of the 2018 solar safeguard (note 18(b)); India until 2019-05-31
    group("s201_developing", gsp.replace(" PH", "").replace(" TH", ""))
    group("s201_developing", "TR", "", "2019-05-17")
    group("s201_developing", "IN", "", "2019-05-31")
    # section 301 forced-labour determinations (60 economies)
    group("fl_add10", "AR BD CA EC GB GT HN ID IN JO KH LK MX MY PK SV TT")
    group("fl_net125", "CH JP KR")
    group("fl_add125", "AE AO AU BH BR BS CL CN CO CR DO DZ EG GY HK IL IQ KW KZ LY MA NG NI NO NZ OM PE PH QA RU SA "
                       "SG TH TR UY VE VN ZA")
    group("annex1c_deal", EU + " AR CH EC GB GT JP KR LI SV TW")


# ---------------------------------------------------------------------------------------------------------------
# 4. Layers and who gives way to whom
# ---------------------------------------------------------------------------------------------------------------

LAYERS = [  # layer, title, kind, authority, select
    ("mfn", "Ordinary duty: column 1 general and special, column 2", "ordinary", "mfn", "specific"),
    ("s232_steel", "Section 232 steel, full value", "additional", "s232", "specific"),
    ("s232_steel_content", "Section 232 steel derivatives, value of the steel content", "additional", "s232",
     "specific"),
    ("s232_aluminium", "Section 232 aluminium, full value", "additional", "s232", "specific"),
    ("s232_aluminium_content", "Section 232 aluminium derivatives, value of the aluminium content", "additional",
     "s232", "specific"),
    ("s232_copper", "Section 232 copper, value of the copper content", "additional", "s232", "specific"),
    ("s232_metals", "Section 232 aluminium, steel and copper, annexes of April 2026, full value", "additional", "s232",
     "specific"),
    ("s232_autos", "Section 232 passenger vehicles and light trucks", "additional", "s232", "specific"),
    ("s232_auto_parts", "Section 232 automobile parts", "additional", "s232", "specific"),
    ("s232_mhd", "Section 232 medium and heavy vehicles, their parts, buses", "additional", "s232", "specific"),
    ("s232_wood", "Section 232 timber, upholstered furniture, kitchen cabinets", "additional", "s232", "specific"),
    ("s232_semi", "Section 232 semiconductors", "additional", "s232", "specific"),
    ("s232_pharma", "Section 232 patented pharmaceuticals", "additional", "s232", "specific"),
    ("s232_polysilicon", "Section 232 polysilicon derivatives", "additional", "s232", "specific"),
    ("s201_solar", "Section 201 safeguard on solar cells and modules", "additional", "s201", "specific"),
    ("s301_china", "Section 301 China", "additional", "s301", "highest"),
    ("ieepa_fentanyl_cn", "IEEPA fentanyl, China and Hong Kong", "additional", "ieepa_fentanyl", "specific"),
    ("ieepa_fentanyl_ca_mx", "IEEPA fentanyl and border, Canada and Mexico", "additional", "ieepa_fentanyl",
     "specific"),
    ("reciprocal", "IEEPA reciprocal", "additional", "ieepa_reciprocal", "specific"),
    ("russia_oil", "IEEPA India (Russian oil)", "additional", "ieepa_russia_oil", "specific"),
    ("ieepa_brazil", "IEEPA Brazil", "additional", "ieepa_brazil", "specific"),
    ("s122", "Section 122 temporary import surcharge", "additional", "s122", "specific"),
    ("s301_forced_labour", "Section 301 forced labour", "additional", "s301_forced_labour", "specific"),
    ("s301_brazil", "Section 301 Brazil", "additional", "s301_brazil", "specific"),
    ("s338_canada", "Section 338 Canada", "additional", "s338", "specific"),
]

METALS = ["s232_steel", "s232_steel_content", "s232_aluminium", "s232_aluminium_content"]
AUTOS = ["s232_autos", "s232_auto_parts", "s232_mhd"]
FROM_FENT, TO_FENT = "2025-03-04", "2025-06-04"


def yields():
    y = []
    for layer, cite in (("reciprocal", "EO 14257 sec. 3(b); 9903.01.33"), ("russia_oil", "EO 14329; 9903.01.87"),
                        ("ieepa_brazil", "EO 14323; 9903.01.83"),
                        ("s122", "Proclamation of 2026-02-20 cl. 4; 9903.03.06"),
                        ("s301_forced_labour", "U.S. note 52(f); 9903.05.90"),
                        ("s301_brazil", "U.S. note 50(a)(vi)")):
        y.append((layer, "authority:s232", "part", "", "", cite))
    y.append(("s338_canada", "authority:s232", "part", "", "2026-09-15",
              "U.S. note 51(c); 9903.03.15; from 2026-09-15 only the dairy list keeps it (Procs. 11064, 11065)"))
    for x in METALS:
        y.append((x, "ieepa_fentanyl_ca_mx", "line", FROM_FENT, TO_FENT,
                  "EO 14289 sec. 3; CSMS 65054270: the Canada and Mexico orders first"))
    for x in METALS:
        y.append(("ieepa_fentanyl_ca_mx", x, "part", TO_FENT, "", "Proc. 10947: steel and aluminium first"))
    y.append(("ieepa_fentanyl_ca_mx", "s232_copper", "part", "2025-08-01", "", "Proc. 10962 cl. 4"))
    for x in AUTOS + ["s232_wood", "s232_semi"]:
        y.append(("ieepa_fentanyl_ca_mx", x, "part", "", "", "EO 14289 sec. 3; U.S. note 2 to ch. 99 subch. III"))
    # only where the lists of both have a line in common (no vehicle is on a metals list, no part on the copper list),
    # and where the line is not already out through the parts of passenger vehicles, which go before heavy ones
    for x, to in (("s232_steel", "s232_auto_parts"), ("s232_steel_content", "s232_mhd"),
                  ("s232_aluminium", "s232_auto_parts"), ("s232_aluminium_content", "s232_auto_parts"),
                  ("s232_metals", "s232_auto_parts"), ("s232_metals", "s232_mhd")):
        y.append((x, to, "part", "", "", "EO 14289 sec. 3: vehicles and parts before metals"))
    y.append(("s232_mhd", "s232_auto_parts", "part", "", "", "U.S. note 38(i): parts already under note 33(g)"))
    for x in ("s232_aluminium", "s232_aluminium_content", "s232_metals"):
        y.append((x, "s232_semi", "part", "", "", "U.S. note 39(a)"))
    return y


# ---------------------------------------------------------------------------------------------------------------
# 5. Section 232
# ---------------------------------------------------------------------------------------------------------------


AUTOS_HS = ("870322 870323 870324 870331 870332 870333 870340 870350 870360 870370 870380 870390 87042101 "
            "87043101 87044100 87045100")
MHD_HS = ("87012100 87012200 87012300 87012400 87012900 87041010 87041050 87042211 87042251 87042301 87043201 "
          "87044200 87044300 87045200 87046000 87049001 87054000 8705900080 87060003 8706000520 8706000575 87060025 "
          "87060050 87091100 87091900")
SOFTWOOD = ("44031100 44032101 44032201 44032301 44032401 44032501 44032601 44039901 44061100 44069100 44071100 "
            "44071200 44071300 44071400 44071900")
UPHOLSTERED = "9401614011 9401614031 9401616011 9401616031"
CABINETS = "9403409060 9403608093 9403910080"


def rows(path):
    with open(path, encoding="utf-8-sig", newline="") as f:
        return list(csv.DictReader(l for l in f if not l.startswith("#")))


def iso(d):
    return "" if d in ("", "NA", None) else d


def section232(data):
    f = "s232"
    chap = rows(data + "s232_metal_chapter_products.csv")
    exact = rows(data + "s232_derivatives_exact.csv")
    for metal, eng in (("steel", "steel"), ("aluminum", "aluminium")):
        mill = [r["hts_prefix"] for r in chap if r["metal_type"] == metal and r["kind"] == "mill"]
        old = [r["hts_prefix"] for r in chap if r["metal_type"] == metal and r["kind"] == "derivative"
               and not iso(r["effective_date"])]
        # what a later notice added to a list is known from its day of effect
        added = lambda r: (r["hts_prefix"], r["effective_date"], "",
                           r["effective_date"] if r["effective_date"] > ALL_IN else "")
        full = [added(r) for r in chap
                if r["metal_type"] == metal and r["kind"] == "derivative" and iso(r["effective_date"])]
        full += [added(r) for r in exact if r["metal"] == metal and r["basis"] == "in_chapter"]
        content = [added(r) for r in exact
                   if r["metal"] == metal and r["basis"] == "content" and not r["hts_prefix"].startswith("00")]
        put("s232_%s_mill" % eng, mill)
        put("s232_%s_deriv_2020" % eng, old)
        put("s232_%s_deriv" % eng, full)
        put("s232_%s_content" % eng, content)

    st, al = "@s232_steel_mill", "@s232_aluminium_mill"
    sd0, ad0 = "@s232_steel_deriv_2020", "@s232_aluminium_deriv_2020"
    sd, ad = "@s232_steel_deriv", "@s232_aluminium_deriv"
    sc, ac = "@s232_steel_content", "@s232_aluminium_content"
    # steel
    L = "s232_steel"
    m(f, L, st, "*", "25%", "Proc. 9705; 9903.80.01", "2018-03-23", ALL_IN)
    m(f, L, sd0, "*", "25%", "Proc. 9980; 9903.80.03", "2020-02-08", ALL_IN)
    for who, a, b, c in (
            ("CA MX", "2018-03-23", "2018-06-01", "Proc. 9705"), ("CA MX", "2019-05-20", ALL_IN, "Procs. 9893, 9894"),
            ("@EU27", "2018-03-23", "2018-06-01", "Proc. 9711"), ("@EU27", "2022-01-01", ALL_IN, "Proc. 10328"),
            ("GB", "2018-03-23", "2018-06-01", "Proc. 9711"), ("GB", "2022-06-01", ALL_IN, "Proc. 10406"),
            ("JP", "2022-04-01", ALL_IN, "Proc. 10356"), ("UA", "2022-06-01", ALL_IN, "Proc. 10403"),
            ("AR AU BR KR", "2018-03-23", ALL_IN, "Procs. 9711, 9740, 9759")):
        m(f, L, st, who, "exempt", c + "; 9903.80.01", a, b)
        if b == ALL_IN:
            m(f, L, sd0, who, "exempt", c + "; 9903.80.03", max(a, "2020-02-08"), b)
    m(f, L, st, "TR", "50%", "Proc. 9772", "2018-08-13", "2019-05-21")
    m(f, L, st + " " + sd, "*", "25%", "Proc. 10896; 9903.81.87, .89, .90", ALL_IN, DOUBLE)
    m(f, L, st + " " + sd, "*", "50%", "Proc. 10947; 9903.81.87, .89, .90", DOUBLE, E1)
    m(f, L, st + " " + sd, "GB", "25%", "Proc. 10947; 9903.81.94, .96, .97", DOUBLE, E1)
    m(f, L, sd, "*", "exempt", "Proc. 10896; 9903.81.92: processed from steel melted and poured in the United States", ALL_IN, E1,
      when="steel_us_melted", rank="9")
    L = "s232_steel_content"
    m(f, L, sc, "*", "25%", "Proc. 10896; 9903.81.91", ALL_IN, DOUBLE, base="steel")
    m(f, L, sc, "*", "50%", "Proc. 10947; 9903.81.91", DOUBLE, E1, base="steel")
    m(f, L, sc, "GB", "25%", "Proc. 10947; 9903.81.98", DOUBLE, E1, base="steel")
    m(f, L, sc, "*", "exempt", "Proc. 10896; 9903.81.92: processed from steel melted and poured in the United States", ALL_IN, E1,
      when="steel_us_melted", rank="9")
    # aluminium
    L = "s232_aluminium"
    m(f, L, al, "*", "10%", "Proc. 9704; 9903.85.01", "2018-03-23", ALL_IN)
    m(f, L, ad0, "*", "10%", "Proc. 9980; 9903.85.03", "2020-02-08", ALL_IN)
    for who, a, b, c in (
            ("CA MX", "2018-03-23", "2018-06-01", "Proc. 9704"), ("CA MX", "2019-05-20", ALL_IN, "Procs. 9893, 9894"),
            ("@EU27", "2018-03-23", "2018-06-01", "Proc. 9710"), ("@EU27", "2022-01-01", ALL_IN, "Proc. 10327"),
            ("GB", "2018-03-23", "2018-06-01", "Proc. 9710"), ("GB", "2022-06-01", ALL_IN, "Proc. 10405"),
            ("AR AU", "2018-03-23", ALL_IN, "Procs. 9710, 9739, 9758")):
        m(f, L, al, who, "exempt", c + "; 9903.85.01", a, b)
        if b == ALL_IN:
            m(f, L, ad0, who, "exempt", c + "; 9903.85.03", max(a, "2020-02-08"), b)
    m(f, L, al + " " + ad0 + " " + ad, "*", "25%", "Proc. 10895; 9903.85.02, .04, .07", ALL_IN, DOUBLE)
    m(f, L, al + " " + ad0 + " " + ad, "*", "50%", "Proc. 10947; 9903.85.02, .04, .07", DOUBLE, E1)
    m(f, L, al + " " + ad0 + " " + ad, "GB", "25%", "Proc. 10947; 9903.85.12, .13, .14", DOUBLE, E1)
    m(f, L, al + " " + ad0, "RU", "200%", "Proc. 10522; 9903.85.67, .68", "2023-03-10", ALL_IN)
    m(f, L, " ".join((al, ad0, ad, ac)), "RU", "200%", "Proc. 10522; 9903.85.67, .68, kept by Proc. 10895", ALL_IN, E1)
    m(f, L, ad, "* !RU", "exempt", "Proc. 10895; 9903.85.09: processed from aluminium smelted and cast in the United States", ALL_IN,
      E1, when="aluminium_us_cast", rank="9")
    L = "s232_aluminium_content"
    m(f, L, ac, "* !RU", "25%", "Proc. 10895; 9903.85.08", ALL_IN, DOUBLE, base="aluminium")
    m(f, L, ac, "* !RU", "50%", "Proc. 10947; 9903.85.08", DOUBLE, E1, base="aluminium")
    m(f, L, ac, "GB", "25%", "Proc. 10947; 9903.85.15", DOUBLE, E1, base="aluminium")
    m(f, L, ac, "* !RU", "exempt", "Proc. 10895; 9903.85.09: processed from aluminium smelted and cast in the United States", ALL_IN,
      E1, when="aluminium_us_cast", rank="9")
    # copper
    put("s232_copper", [r["hts10"] for r in rows(data + "s232_copper_products.csv")])
    m(f, "s232_copper", "@s232_copper", "*", "50%", "Proc. 10962; 9903.78.01", "2025-08-01", E1, base="copper")

    # the annexes of 2026
    ann = collections.defaultdict(list)
    for r in rows(data + "s232_annex_products.csv"):
        # the staged list calls some lines of chapter 76 steel: inside the metal chapters the chapter decides
        metal = {"72": "steel", "73": "steel", "74": "copper", "76": "aluminium"}.get(
            r["hts_prefix"][:2], r["metal_type"].replace("aluminum", "aluminium"))
        ann[r["hts_prefix"]].append((r["effective_date"], r["annex"], metal))
    asets = collections.defaultdict(list)
    for code, v in ann.items():
        starts = sorted({d for d, _, _ in v})
        for i, d in enumerate(starts):
            until = starts[i + 1] if i + 1 < len(starts) else ""
            entries = {(a, me) for dd, a, me in v if dd == d}
            metals = {me for _, me in entries}
            a = sorted(x for x, _ in entries)[0]
            me = "aluminium" if "aluminium" in metals else sorted(metals)[0]
            asets[a, me].append((code, d, until))
    for (a, me), v in sorted(asets.items()):
        put("s232_annex%s_%s" % (a, me), v)
    A = lambda *k: " ".join("@s232_annex%s_%s" % x for x in k if x in asets)
    one = [("1a", "aluminium"), ("1a", "steel"), ("1a", "copper")]
    b = [("1b", "aluminium"), ("1b", "steel"), ("1b", "copper")]
    c3 = [("3", "aluminium"), ("3", "steel")]
    c1 = [("1c", "aluminium"), ("1c", "steel"), ("1c", "copper")]
    two = [("2", "aluminium"), ("2", "steel")]
    L, P1, P2 = "s232_metals", "Proc. 10984", "Proc. 11032"
    alu = A(("1a", "aluminium"), ("1b", "aluminium"), ("3", "aluminium"))
    m(f, L, A(*one), "*", "50%", P1 + "; 9903.82.02", E1)
    m(f, L, A(*b), "*", "25%", P1 + "; 9903.82.09", E1)
    m(f, L, A(*c3), "*", "to 15%", P1 + "; 9903.82.10, .11 (Annex III), through 2027", E1, "2028-01-01")
    m(f, L, A(*c3), "@column2", "25%", P1 + "; 9903.82.12", E1, "2028-01-01")
    m(f, L, A(*c3), "*", "25%", P1 + "; 9903.82.09 after Annex III ends", "2028-01-01")
    m(f, L, A(*c1), "*", "25%", P2 + "; 9903.82.09 list (xi)", E2)
    m(f, L, A(*c1), "@annex1c_deal", "to 15%", P2 + "; 9903.82.22, through 2027", E2, "2028-01-01")
    m(f, L, A(*c1), "CA MX", "25%", P2 + "; 9903.82.20: on the non-United States content", E2, "2028-01-01",
      base="!us_content", when="usmca")
    m(f, L, A(*two), "*", "exempt", P1 + ", Annex II: removed from scope", E1)
    m(f, L, A(("1a", "aluminium"), ("1a", "steel")), "GB", "25%", P1 + "; 9903.82.04", E1, when="uk_metal")
    m(f, L, A(("1b", "aluminium"), ("1b", "steel")), "GB", "15%", P1 + "; 9903.82.05", E1, when="uk_metal")
    m(f, L, A(*b), "* !RU", "10%", P1 + "; 9903.82.06", E1, when="us_metal", rank="2")
    m(f, L, A(*c1), "* !RU", "10%", P2 + "; 9903.82.06", E2, when="us_metal", rank="2")
    m(f, L, A(*c3), "* !@column2", "to 10%", P1 + "; 9903.82.07, .08", E1, "2028-01-01", when="us_metal", rank="2")
    m(f, L, " ".join(A(x) + "" for x in b + c3 + c1 if A(x)) + " !73 !76", "*", "exempt",
      P1 + "; 9903.82.03: the metal is under 15 percent of the weight", E1, when="metal_under_15", rank="9")
    for k, r in ((("1a", "aluminium"), "25%"), (("1b", "aluminium"), "12.5%")):
        m(f, L, A(k), "* !RU", r, "Proclamation of 2026-07-20: approved onshoring, half the rate", "2026-07-20",
          when="aluminium_onshoring", rank="3")
    m(f, L, alu, "RU", "200%", "Proc. 10522; 9903.85.67, .68, kept by " + P1, E1, rank="5")

    # vehicles and parts
    L, c = "s232_autos", "Proc. 10908; "
    m(f, L, AUTOS_HS, "*", "25%", c + "9903.94.01", "2025-04-03")
    m(f, L, AUTOS_HS, "CA MX", "25%", c + "9903.94.03: value of the non-United States content", "2025-04-03",
      base="!us_content", when="usmca")
    deals(f, L, AUTOS_HS, {"GB": ("7.5%", "2025-06-30", "9903.94.31, inside the quota of 100,000"),
                           "JP": "9903.94.40, .41", "EU": "9903.94.50, .51", "KR": "9903.94.60, .61"})
    put("s232_auto_parts", [x for x in lines(data + "s232_auto_parts.txt") if x != "8471"])
    L = "s232_auto_parts"
    m(f, L, "@s232_auto_parts", "*", "25%", c + "9903.94.05", "2025-05-03")
    m(f, L, "@s232_auto_parts", "CA MX", "exempt", c + "9903.94.06", "2025-05-03", when="usmca", rank="9")
    deals(f, L, "@s232_auto_parts", {"GB": ("to 10%", "2025-06-30", "9903.94.32"), "JP": "9903.94.42, .43",
                                     "EU": "9903.94.52, .53", "KR": "9903.94.62, .63", "TW": "9903.94.66, .67"})
    L, c = "s232_mhd", "Proclamation of 2025-10-17 on medium and heavy vehicles; "
    put("s232_mhd_parts", lines(data + "s232_mhd_parts.txt"))
    m(f, L, MHD_HS, "*", "25%", c + "9903.74.01", "2025-11-01", rank="1")
    m(f, L, MHD_HS, "CA MX", "25%", c + "9903.74.03: value of the non-United States content", "2025-11-01",
      base="!us_content", when="usmca", rank="1")
    m(f, L, "8702", "*", "10%", c + "9903.74.02", "2025-11-01", rank="1")
    m(f, L, "@s232_mhd_parts", "*", "25%", c + "9903.74.08", "2025-11-01")
    m(f, L, "@s232_mhd_parts", "CA MX", "exempt", c + "U.S. note 38(j)", "2025-11-01", when="usmca")
    # wood
    L, c = "s232_wood", "Proc. 10976; "
    m(f, L, SOFTWOOD, "*", "10%", c + "9903.76.01", "2025-10-14")
    for prod, head, later in ((UPHOLSTERED, "9903.76.02", "30%"), (CABINETS, "9903.76.03", "50%")):
        m(f, L, prod, "*", "25%", c + head, "2025-10-14", "2026-01-01")
        m(f, L, prod, "*", later, c + head + ": the first rise", "2026-01-01", "2027-01-01", pub="2025-09-29",
          wd="2025-12-31")
        m(f, L, prod, "*", "25%", "Proclamation of 2025-12-31 (rise postponed); " + head, "2026-01-01", "2027-01-01",
          pub="2025-12-31")
        m(f, L, prod, "*", later, c + head + "; rise postponed to 2027-01-01", "2027-01-01")
    furn = UPHOLSTERED + " " + CABINETS
    m(f, L, furn, "GB", "10%", c + "9903.76.20, on top of column 1", "2025-10-14")
    m(f, L, furn, "JP", "to 15%", c + "9903.76.21", "2025-10-14")
    m(f, L, furn, "@EU27", "to 15%", c + "9903.76.22", "2025-10-14")
    m(f, L, furn, "KR", "to 15%", "9903.76.23; notice of 2025-12-04", "2025-11-14", pub="2025-12-04")
    m(f, L, furn, "TW", "to 15%", "9903.76.24; notice of 2026-05-28", "2026-05-01", pub="2026-05-28")
    m(f, L, furn, "*", "exempt", c + "9903.76.04: in these lines but not such an article", "2025-10-14",
      when="wood_other", rank="9")
    # semiconductors
    put("s232_semi", [r["hts10"] for r in rows(data + "s232_semi_products.csv")])
    m(f, "s232_semi", "@s232_semi", "*", "25%", "Proclamation of 2026-01-14; 9903.79.01 (technical gate)",
      "2026-01-15", when="semi_gate")
    # pharmaceuticals, polysilicon
    L, c = "s232_pharma", "Proclamation of 2026-04-02 on pharmaceuticals"
    put("s232_pharma", [r["hts10"] for r in rows(data + "s232_pharma_products.csv")])
    p, d = "@s232_pharma", "2026-09-29"
    m(f, L, p, "*", "100%", c, d, when="pharma_patented")
    for who in ("JP", "@EU27", "KR", "CH LI"):
        m(f, L, p, who, "to 15%", c, d, when="pharma_patented")
    m(f, L, p, "GB", "10%", c, d, when="pharma_patented")
    m(f, L, p, "*", "20%", c + ": approved onshoring plan", d,
      when="pharma_patented pharma_onshoring")
    L, c, d = "s232_polysilicon", "Section 232 polysilicon derivatives; 9903.45.30 to .32", "2026-12-04"
    p = "3818000020 3818000040 3818000045 3818000050 3818000091 8541420010 8541420080 8541430010 8541430080"
    m(f, L, p, "*", "15%", c, d)
    for who in ("JP", "@EU27", "KR", "TW", "CH LI"):
        m(f, L, p, who, "to 15%", c, d)
    m(f, L, p, "GB", "10%", c, d)


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [l.strip() for l in f if l.strip()]


def deals(f, layer, products, d):
    for who, v in d.items():
        if who == "GB":
            m(f, layer, products, "GB", v[0], "Proc. of 2025-06-16 (90 FR 27851); " + v[2], v[1], pub="2025-06-16")
        elif who == "JP":
            m(f, layer, products, "JP", "to 15%", "EO 14345; " + v, "2025-09-16")
        elif who == "EU":
            m(f, layer, products, "@EU27", "to 15%", "EO 14346 notice of 2025-09-25, back to August; " + v,
              "2025-08-01", pub="2025-09-25")
        elif who == "KR":
            m(f, layer, products, "KR", "to 15%", "Notice of 2025-12-04, back to November; " + v, "2025-11-01",
              pub="2025-12-04")
        elif who == "TW":
            m(f, layer, products, "TW", "to 15%", "Notice of 2026-05-28, back to May; " + v, "2026-05-01",
              pub="2026-05-28")


# ---------------------------------------------------------------------------------------------------------------
# 6. Sections 201 and 301 (China)
# ---------------------------------------------------------------------------------------------------------------

def section201():
    f, L, c = "s201", "s201_solar", "Proc. 9693, Proc. 10339; U.S. note 18(f); 9903.45.25"
    mods = "85414300"
    for y, r in zip(range(2018, 2026), ("30%", "25%", "20%", "18%", "14.75%", "14.5%", "14.25%", "14%")):
        m(f, L, mods, "* !@s201_developing !CA", r, c, "%d-02-07" % y, "%d-02-07" % (y + 1))
    m(f, L, mods, "CA", "30%", c, "2018-02-07", "2019-02-07")
    for y, r in zip(range(2019, 2022), ("25%", "20%", "18%")):
        m(f, L, mods, "CA", r, c, "%d-02-07" % y, "%d-02-07" % (y + 1) if y < 2021 else "2022-02-04")
    m(f, L, "8541430080", "*", "exempt", "U.S. note 18(g): crystalline silicon only; this line is the other modules",
      "2022-01-01", "2026-02-07")
    m(f, L, mods, "*", "exempt", "9903.45.29: bifacial modules", "2019-06-13", "2024-06-26", when="bifacial", rank="9")


S301 = [  # list, heading, rate, from, until
    ("1", "9903.88.01", "25%", "2018-07-06", ""), ("2", "9903.88.02", "25%", "2018-08-23", ""),
    ("3", "9903.88.03", "10%", "2018-09-24", "2019-05-10"), ("3", "9903.88.03", "25%", "2019-05-10", ""),
    ("3_addl", "9903.88.04", "10%", "2018-09-24", "2019-05-10"), ("3_addl", "9903.88.04", "25%", "2019-05-10", ""),
    ("4A", "9903.88.15", "15%", "2019-09-01", "2020-02-14"), ("4A", "9903.88.15", "7.5%", "2020-02-14", ""),
    ("biden_25", "9903.91.01", "25%", "2024-09-27", ""), ("biden_50", "9903.91.02", "50%", "2024-09-27", ""),
    ("biden_100", "9903.91.03", "100%", "2024-09-27", ""), ("biden_25_jan25", "9903.91.11", "25%", "2025-01-01", ""),
    ("biden_50_jan25", "9903.91.05", "50%", "2025-01-01", ""),
    ("biden_jan26", "9903.91.06", "25%", "2026-01-01", ""), ("biden_jan26", "9903.91.07", "50%", "2026-01-01", ""),
    ("biden_jan26", "9903.91.08", "100%", "2026-01-01", ""), ("cranes_301", "9903.92.10", "25%", "2024-09-27", ""),
    ("note31_chassis", "9903.91.12", "100%", "2026-11-10", ""),
    ("note31_cranes", "9903.91.14", "100%", "2026-11-10", "")]
EXCL = ("2024-06-15", "2026-11-10")


def section301(data):
    f, L = "s301_china", "s301_china"
    bylist = collections.defaultdict(list)
    for r in rows(data + "s301_product_lists.csv"):
        bylist[r["list"], r["ch99_code"]].append(r["hts8"])
    name = {}
    masks = "6307909842 6307909844 6307909850 6307909870 6307909875"
    for (lst, head), v in sorted(bylist.items()):
        name[lst, head] = "s301_" + head[5:].replace(".", "_")
        if head == "9903.91.07":      # face masks: the staged list cuts them to eight digits
            v = masks.split()
        if lst != "note31_chassis":      # cut to eight digits as well; written in its measures
            put(name[lst, head], [x for x in v if not x.startswith("98")])
    # what the staged lists, which are those of today, no longer have: rates that a later list superseded
    for codes, rate, a, b, cite in (
            ("8507600010", "25%", "2024-09-27", "2026-01-01", "9903.91.01: batteries of electric vehicles"),
            ("85076000", "15%", "2019-09-01", "2020-02-14", "9903.88.15; footnote of 8507.60.00"),
            ("85076000", "7.5%", "2020-02-14", "2026-01-01", "9903.88.15; footnote of 8507.60.00"),
            (masks, "25%", "2024-09-27", "2026-01-01", "9903.91.01; footnote of 6307.90.98"),
            ("40151210", "15%", "2019-09-01", "2020-02-14", "9903.88.15, before 9903.91.05"),
            ("40151210", "7.5%", "2020-02-14", "2025-01-01", "9903.88.15, before 9903.91.05"),
            ("40151210", "50%", "2025-01-01", "2026-01-01", "9903.91.05; footnote of 4015.12.10"),
            ("85414200 85414300", "25%", "2018-08-23", "2024-09-27", "9903.88.02, before 9903.91.02"),
            ("@s301_91_03 !9018", "25%", "2018-07-06", "2024-09-27",
             "9903.88.01, before 9903.91.03"),
            ("@s301_91_05", "25%", "2018-08-23", "2025-01-01", "9903.88.01 and .02, before 9903.91.05")):
        m(f, L, codes, "CN", rate, cite, a, b)
    for lst, head, rate, a, b in S301:
        s = "@" + name[lst, head]
        if lst == "biden_100":
            s += " !9018310080"
        if lst == "note31_chassis":
            s = "8716390090 87169030 87169050"
        pub = "2025-11-10" if head in ("9903.91.12", "9903.91.14") else ""
        # an exclusion takes the goods out of every list, so no row may match where it is claimed
        spans = [(max(a, EXCL[0]), EXCL[1], "!s301_exclusion")]
        if a < EXCL[0]:
            spans.append((a, EXCL[0], ""))
        spans.append((max(a, EXCL[1]), "", ""))
        for x, y, w in sorted(spans):
            if b and (y == "" or y > b):
                y = b
            if y and x >= y:
                continue
            if head in ("9903.88.03", "9903.88.04") and x == "2019-05-10":
                m(f, L, s, "CN", "10%", "9903.88.09: exported before 2019-05-10", x, "2019-06-15", when="in_transit")
                m(f, L, s, "CN", rate, head, x, "2019-06-15", when="!in_transit")
                x = "2019-06-15"
            m(f, L, s, "CN", rate, head, x, y, when=w, pub=pub)
    m(f, L, "9018310080", "CN", "100%", "9903.91.03; enteral syringes of this line were out until then (9903.91.10)",
      "2026-01-01")
    m(f, L, "@s301_88_16", "CN", "15%", "9903.88.16 (list 4B), suspended before it began", "2019-12-15",
      pub="2019-08-20", wd="2019-12-13")
    for head in ("9903.91.12", "9903.91.14"):
        s = "8716390090 87169030 87169050" if head.endswith("12") else "@s301_91_14"
        m(f, L, s, "CN", "100%", head + ": first start", "2025-11-09", pub="2025-10-16", wd="2025-11-10")


# ---------------------------------------------------------------------------------------------------------------
# 7. IEEPA
# ---------------------------------------------------------------------------------------------------------------

CH98 = "98 !98020040 !98020050 !98020060 !98020080"
REPAIR = "98020040 98020050 98020060 98020080"
END_CITE = "; ended by EO 14389"


def chapter99_countries(data, lo, hi):
    out = {}
    with gzip.open(data + "hts_chapter99_history.csv.gz", "rt", encoding="utf-8", newline="") as f:
        for r in csv.DictReader(f):
            h = r["htsno"]
            if not lo <= h <= hi or h in out:
                continue
            d = " ".join(r["description"].split())
            x = re.search(r"articles the product of (.*?)(?:,? as provided|, with an ad valorem|, that are entered)", d)
            rate = re.search(r"(\d+)%", r["general"])
            out[h] = (x.group(1) if x else d, rate.group(1) + "%" if rate else None)
    return out


def names(text):
    return [NAMES[n.strip()] for n in re.split(r", or |, | or ", text)]


def repairs(f, layer, who, rate, cite, frm, end=""):
    m(f, layer, REPAIR, who, rate, cite + ": value of the work abroad, or less the American content", frm, end,
      base="!us_content", rank="1")


def exemptions(f, layer, who, order, cite, frm, end="", repair="", rank="9"):
    """Exemptions that every country order has in the same words; cite has the places of the three."""
    note, donations, informational = (order + "; " + x for x in cite)
    m(f, layer, CH98, who, "exempt", note + ": chapter 98 other than 9802.00.40, .50, .60 and .80", frm, end, rank=rank)
    if repair:
        repairs(f, layer, who, repair, note, frm, end)
    m(f, layer, "*", who, "exempt", donations + ": donations", frm, end, when="donation", rank=rank)
    m(f, layer, "*", who, "exempt", informational + ": informational materials", frm, end, when="informational",
      rank=rank)


def reciprocal(data):
    f, L = "reciprocal", "reciprocal"
    rest = "* !CA !MX !@column2"
    decl = "2025-04-02"

    def both(prod, who, rate, cite, frm, until="", pub="", wd="", rank=""):
        for base, when in (("", ""), ("!us_content", "us_content>=20%")):
            m(f, L, prod, who, rate, cite + ("; 9903.01.34" if when else ""), frm, until, base, when, rank, pub, wd)
        # chapter 98: the value of the work abroad, or less the American content, whatever its share
        m(f, L, REPAIR, who, rate, cite + "; U.S. note 2(v), chapter 98", frm, until, "!us_content", "", "", pub, wd)

    both("*", rest, "10%", "EO 14257; 9903.01.25", "2025-04-05", END, pub=decl)
    # the country rates of 9 April, suspended after one day
    april = chapter99_countries(data, "9903.01.43", "9903.01.76")
    n = 0
    for h, (text, rate) in sorted(april.items()):
        if h == "9903.01.63":
            continue
        who = names(text)
        n += len(who)
        for w in who:
            both("*", w, rate, "EO 14257 Annex I; " + h, "2025-04-09", "2025-04-10", pub=decl)
            both("*", w, rate, "EO 14257 Annex I; %s; suspended by EO 14266" % h, "2025-04-10", pub=decl,
                 wd="2025-04-09")
    both("*", "@china_hk_mo", "34%", "EO 14257 Annex I; 9903.01.63; replaced by EO 14259", "2025-04-09", pub=decl,
         wd="2025-04-08")
    both("*", "@china_hk_mo", "84%", "EO 14259; 9903.01.63", "2025-04-09", "2025-04-10", pub="2025-04-08")
    both("*", "@china_hk_mo", "84%", "EO 14259; 9903.01.63; replaced by EO 14266", "2025-04-10", pub="2025-04-08",
         wd="2025-04-09")
    both("*", "@china_hk_mo", "125%", "EO 14266; 9903.01.63", "2025-04-10", "2025-05-14")
    # 7 August
    aug, first = "2025-08-07", "2025-07-31"
    floors = {"9903.02.19", "9903.02.20"}
    for h, (text, rate) in sorted(chapter99_countries(data, "9903.02.02", "9903.02.71").items()):
        if h in floors:
            continue
        for w in names(text):
            cite = "EO 14326 Annex I; " + h
            if w == "JP":
                both("*", w, rate, cite + "; replaced back to its start by EO 14345", aug, "", pub=first,
                     wd="2025-09-16")
            elif w in ("KR", "CH", "LI"):
                seen = "2025-12-04" if w == "KR" else "2025-12-18"
                both("*", w, rate, cite, aug, "2025-11-14", pub=first)
                both("*", w, rate, cite + "; replaced by the deal", "2025-11-14", pub=first, wd=seen)
            else:
                both("*", w, rate, cite, aug, END, pub=first)
    both("*", "@EU27", "to 15%", "EO 14326 sec. 2(c); 9903.02.19, .20", aug, END, pub=first)
    both("*", "JP", "to 15%", "EO 14345; 9903.02.72, .73", aug, END, pub="2025-09-16")
    both("*", "KR", "to 15%", "Notice of 2025-12-04; 9903.02.79, .80", "2025-11-14", END, pub="2025-12-04")
    for w, h in (("CH", "9903.02.82, .83"), ("LI", "9903.02.87, .88")):
        both("*", w, "to 15%", "90 FR 59281; " + h, "2025-11-14", END, pub="2025-12-18")
    # in lieu: transshipment, goods in transit
    m(f, L, "*", rest, "40%", "EO 14326 sec. 3; 9903.02.01: transshipped", aug, END, when="transshipped", rank="4")
    m(f, L, "*", rest, "10%", "EO 14326 sec. 3(d): loaded before 2025-08-07", aug, "2025-10-05", when="in_transit",
      rank="5", pub=first)
    m(f, L, "*", rest, "exempt", "EO 14257; 9903.01.28: loaded before 2025-04-05", "2025-04-05", "2025-05-27", when="in_transit",
      rank="9", pub=decl)
    # exemptions
    with open(data + "alt/one_annex_ii_apr2_2025.json", encoding="utf-8") as file:
        first_list = {digits(x) for x in json.load(file)["codes"]}
    ex = []
    for r in rows(data + "annex2_reciprocal_exempt.csv"):
        code, since, pub = digits(r["hts_prefix"]), r["from"], ""
        if since == "2025-04-05" and code not in first_list:
            pub = "2025-04-11"      # memorandum on electronics, back to the start
        elif since == "2025-11-13":
            pub = "2025-11-14"      # EO of that day on farm goods, back to the day before
        elif since > "2025-04-05":
            pub = since
        ex.append((code, since, "" if r["until"] == END else r["until"], pub))
    put("annex_ii", ex)
    m(f, L, "@annex_ii", "*", "exempt", "Annex II of EO 14257 as amended; U.S. note 2(v)(iii)(a); 9903.01.32",
      "2025-04-05", rank="9")
    exemptions(f, L, "*", "EO 14257", ("U.S. note 2(v)", "9903.01.30", "9903.01.31"), "2025-04-05")
    # entries under the de minimis amount, which statistics show as an estimate under 9999.95
    m(f, L, "9999", "* !CN !HK", "exempt", "EO 14257 sec. 3(h); 19 U.S.C. 1321, until EO 14324", "2025-04-05",
      "2025-08-29", rank="9")
    m(f, L, "9999", "CN HK", "exempt", "EO 14257 sec. 3(h); 19 U.S.C. 1321, until EO 14256", "2025-04-05",
      "2025-05-02", rank="9")
    floor_lists(data)
    for who, frm, pub, cite in (("GB", "2025-06-30", "2025-06-16", "9903.96.01"),
                                ("JP", "2025-09-16", "", "EO 14345; 9903.96.02"),
                                ("@EU27", "2025-09-01", "2025-09-25", "9903.02.76"),
                                ("KR", "2025-11-14", "2025-12-04", "9903.02.81"),
                                ("CH LI", "2025-11-14", "2025-12-18", "9903.02.85, .90")):
        m(f, L, "@civil_aircraft", who, "exempt", cite, frm, when="civil_aircraft", rank="9", pub=pub)
    m(f, L, "@deal_eu", "@EU27", "exempt", "9903.02.74, .75: aligned partner list", "2025-09-01", rank="9",
      pub="2025-09-25")
    m(f, L, "@deal_swiss", "CH LI", "exempt", "9903.02.84, .89: aligned partner list", "2025-11-14", rank="9",
      pub="2025-12-18")
    m(f, L, "@deal_pharma", "@EU27", "exempt", "9903.02.77: non-patented, for pharmaceutical use", "2025-09-01",
      when="generic_pharma", rank="9", pub="2025-09-25")
    m(f, L, "@deal_pharma", "CH LI", "exempt", "9903.02.86, .91: non-patented, for pharmaceutical use", "2025-11-14",
      when="generic_pharma", rank="9", pub="2025-12-18")
    return n


def floor_lists(data):
    by = collections.defaultdict(set)
    for r in rows(data + "floor_exempt_products.csv"):
        by[r["category"], r["country_group"]].add(r["hts8"])
    put("civil_aircraft", sorted(by["civil_aircraft", "eu"] & by["civil_aircraft", "korea"]))
    put("deal_eu", sorted(by["ptaap", "eu"] | by["particular", "eu"]))
    put("deal_swiss", sorted(by["ptaap", "swiss"]))
    put("deal_pharma", sorted(by["pharma", "eu"] | by["pharma", "swiss"]))


def fentanyl(data):
    f = "ieepa_orders"
    L, cn = "ieepa_fentanyl_cn", "@china"
    for rate, order, head, a, b in (("10%", "EO 14195", "9903.01.20", "2025-02-04", "2025-03-04"),
                                    ("20%", "EO 14228", "9903.01.24", "2025-03-04", "2025-11-10"),
                                    ("10%", "EO 14357", "9903.01.24", "2025-11-10", END)):
        m(f, L, "*", cn, rate, order + "; " + head, a, b)
        repairs(f, L, cn, rate, order + "; U.S. note 2(s)", a, b)
    m(f, L, "*", cn, "exempt", "EO 14195; 9903.01.23: loaded before 2025-02-01", "2025-02-04", "2025-03-07",
      when="in_transit", rank="9")
    exemptions(f, L, cn, "EO 14195", ("U.S. note 2(s)", "9903.01.21", "9903.01.22"), "2025-02-04")
    L = "ieepa_fentanyl_ca_mx"
    cat = collections.defaultdict(list)
    for r in rows(data + "fentanyl_carveout_products.csv"):
        cat[r["category"]].append(r["hts8"])
    put("energy_ca", cat["energy_ca"])
    put("potash", cat["potash_ca"] + cat["potash_mx"])
    ca = "2025-02-01"
    m(f, L, "*", "CA", "25%", "EO 14193; 9903.01.10; start put off from 2025-02-04", "2025-02-04", pub=ca, wd="2025-02-03")
    m(f, L, "*", "MX", "25%", "EO 14194; 9903.01.01; start put off from 2025-02-04", "2025-02-04", pub=ca, wd="2025-02-03")
    put_off = "2025-02-03"      # EO 14197, EO 14198
    m(f, L, "*", "CA", "25%", "EO 14193, EO 14197; 9903.01.10", "2025-03-04", "2025-08-01", pub=put_off)
    m(f, L, "*", "CA", "35%", "EO 14325; 9903.01.10", "2025-08-01", END)
    m(f, L, "*", "MX", "25%", "EO 14194, EO 14198; 9903.01.01", "2025-03-04", END, pub=put_off)
    m(f, L, "@energy_ca", "CA", "10%", "EO 14193; 9903.01.13", "2025-03-04", END, rank="1")
    m(f, L, "@potash", "CA", "10%", "EO 14231; 9903.01.15", "2025-03-07", END, rank="2")
    m(f, L, "@potash", "MX", "10%", "EO 14232; 9903.01.05", "2025-03-07", END, rank="2")
    m(f, L, "*", "CA", "40%", "EO 14325; 9903.01.16: transshipped", "2025-08-01", END, when="transshipped", rank="4")
    m(f, L, "*", "CA", "exempt", "EO 14231; 9903.01.14", "2025-03-07", when="usmca", rank="9")
    m(f, L, "*", "MX", "exempt", "EO 14232; 9903.01.04", "2025-03-07", when="usmca", rank="9")
    exemptions(f, L, "CA", "EO 14193", ("U.S. note 2(j)", "9903.01.11", "9903.01.12"), "2025-03-04")
    exemptions(f, L, "MX", "EO 14194", ("U.S. note 2(a)", "9903.01.02", "9903.01.03"), "2025-03-04")
    repairs(f, L, "CA", "25%", "EO 14193; U.S. note 2(j)", "2025-03-04", "2025-08-01")
    repairs(f, L, "CA", "35%", "EO 14325; U.S. note 2(j)", "2025-08-01", END)
    repairs(f, L, "MX", "25%", "EO 14194; U.S. note 2(a)", "2025-03-04", END)
    # India, Russian oil
    L = "russia_oil"
    m(f, L, "*", "IN", "25%", "EO 14329; 9903.01.84", "2025-08-27", "2026-02-07")
    m(f, L, "@annex_ii", "IN", "exempt", "EO 14329; U.S. note 2(z)(ii); 9903.01.86: the whole of note 2(v)(iii)",
      "2025-08-27", rank="9")
    m(f, L, "*", "IN", "exempt", "EO 14329; 9903.01.85: loaded before 2025-08-27", "2025-08-27", "2025-09-17",
      when="in_transit", rank="9")
    exemptions(f, L, "IN", "EO 14329", ("U.S. note 2(z)", "9903.01.88", "9903.01.89"), "2025-08-27")
    repairs(f, L, "IN", "25%", "EO 14329; U.S. note 2(z)", "2025-08-27", "2026-02-07")
    m(f, L, "9999", "IN", "exempt", "EO 14329; 19 U.S.C. 1321, until EO 14324", "2025-08-27", "2025-08-29", rank="9")
    # Brazil
    L = "ieepa_brazil"
    m(f, L, "*", "BR", "40%", "EO 14323; 9903.01.77", "2025-08-06", END)
    br = [(digits(r["hts10"]), r["effective_date_start"], iso(r["effective_date_end"]),
           "2025-11-20" if r["effective_date_start"] == "2025-11-13" else "")       # the order on farm goods
          for r in rows(data + "country_eo_exempt_products.csv")
          if r["ch99_code"] == "9903.01.77" and not digits(r["hts10"]).startswith("99")]
    # the aircraft lines of the order's annex are conditional on use (9903.01.82)
    air = {x[0] for x in sets["civil_aircraft"]}
    put("brazil_exempt", [x for x in br if x[0] not in air and not x[0].startswith("98")])
    put("brazil_aircraft", [x for x in br if x[0] in air])
    m(f, L, "@brazil_exempt", "BR", "exempt", "EO 14323 Annex I and the order of 2025-11-20; 9903.01.81, .90",
      "2025-08-06", rank="9")
    m(f, L, "@brazil_aircraft", "BR", "exempt", "EO 14323; 9903.01.82", "2025-08-06", when="civil_aircraft", rank="9")
    m(f, L, "*", "BR", "exempt", "EO 14323; 9903.01.78: loaded before 2025-08-06", "2025-08-06", "2025-10-05",
      when="in_transit", rank="9")
    exemptions(f, L, "BR", "EO 14323", ("U.S. note 2(x)", "9903.01.79", "9903.01.80"), "2025-08-06")
    repairs(f, L, "BR", "40%", "EO 14323; U.S. note 2(x)", "2025-08-06", END)


# ---------------------------------------------------------------------------------------------------------------
# 8. 2026: section 122, 301 (forced labour, Brazil), 338
# ---------------------------------------------------------------------------------------------------------------

def actions2026(data):
    f, L = "actions_2026", "s122"
    air = {x[0] for x in sets["civil_aircraft"]}
    a, b = "2026-02-24", "2026-07-24"
    ex = [r["hts8"] for r in rows(data + "s122_exempt_products.csv")]
    put("s122_exempt", [x for x in ex if x not in air])
    c = "Proclamation of 2026-02-20; "
    m(f, L, "*", "*", "10%", c + "9903.03.01", a, b, pub="2026-02-20")
    m(f, L, "@s122_exempt", "*", "exempt", c + "9903.03.03, .04", a, b, rank="9")
    m(f, L, "@civil_aircraft", "*", "exempt", c + "9903.03.05", a, b, when="civil_aircraft", rank="9")
    m(f, L, "*", "CA MX", "exempt", c + "9903.03.07, .08", a, b, when="usmca", rank="9")
    m(f, L, "50-63", "@cafta", "exempt", c + "9903.03.09", a, b, when="fta", rank="9")
    m(f, L, "*", "*", "exempt", c + "9903.03.02: loaded before 2026-02-24", a, "2026-02-28", when="in_transit",
      rank="9")
    exemptions(f, L, "*", c[:-2], ("U.S. note 2(aa)", "9903.03.10", "9903.03.11"), a, b, repair="10%")
    # 301 forced labour
    L, a = "s301_forced_labour", "2026-07-24"
    order = "Memorandum of 2026-07-23"
    c = order + "; U.S. note 52; 9903.05.20 to .84"
    m(f, L, "*", "@fl_add10", "10%", c, a)
    m(f, L, "*", "@EU27", "to 10%", c + " (net of column 1)", a)
    m(f, L, "*", "TW", "to 10%", c + " (net of column 1)", a)
    m(f, L, "*", "@fl_net125", "to 12.5%", c + " (net of column 1)", a)
    m(f, L, "*", "@fl_add125", "12.5%", c, a)
    ex = [r["hts8"] for r in rows(data + "s301fl_exempt_products.csv")]
    put("fl_exempt", [x for x in ex if x not in air])
    m(f, L, "@fl_exempt", "*", "exempt", order + "; U.S. note 52(b): product annex", a, rank="9")
    m(f, L, "@civil_aircraft", "*", "exempt", order + "; U.S. note 52: civil aircraft", a, when="civil_aircraft", rank="9")
    m(f, L, "*", "CA MX", "exempt", order + "; U.S. note 52: goods of the USMCA", a, when="usmca", rank="9")
    m(f, L, "50-63", "@cafta", "exempt", order + "; U.S. note 52: textiles of the CAFTA-DR", a, when="fta", rank="9")
    exemptions(f, L, "*", order, ("U.S. note 52", "U.S. note 52", "U.S. note 52"), a)
    for who, rate in (("@fl_add10", "10%"), ("@EU27", "to 10%"), ("TW", "to 10%"), ("@fl_net125", "to 12.5%"),
                      ("@fl_add125", "12.5%")):
        repairs(f, L, who, rate, order + "; U.S. note 52", a)
    # 301 Brazil
    L, order = "s301_brazil", "FR 2026-14542"
    m(f, L, "*", "BR", "25%", order + "; U.S. note 50; 9903.05.01", a)
    ex = [r["hts8"] for r in rows(data + "s301_brazil_exempt_products.csv")]
    put("s301_brazil_exempt", [x for x in ex if x not in air])
    m(f, L, "@s301_brazil_exempt", "BR", "exempt", order + "; U.S. note 50: product lists", a, rank="9")
    m(f, L, "@civil_aircraft", "BR", "exempt", order + "; U.S. note 50: civil aircraft", a, when="civil_aircraft", rank="9")
    exemptions(f, L, "BR", order, ("U.S. note 50", "U.S. note 50", "U.S. note 50"), a, repair="25%")
    # 338 Canada: signed for 19 August, moved to 22 August the day before
    L = "s338_canada"
    put(L, [(r["hs"], r["from"], r["until"]) for r in rows(os.path.join(HERE, "s338-canada.csv"))])
    order = "Procs. 11046 to 11048"
    c = order + "; U.S. note 51; 9903.03.12 to .14"
    for prod, when in (("@s338_canada", ""), ("*", "s338_listed")):
        m(f, L, prod, "CA", "50%", c + "; first start", "2026-08-19", pub="2026-07-20", wd="2026-08-18", when=when)
        m(f, L, prod, "CA", "50%", c + "; start moved by Proc. 11056", "2026-08-22", pub="2026-08-18", when=when)
    m(f, L, "@civil_aircraft", "CA", "exempt", order + "; U.S. note 51(d); 9903.03.16", "2026-08-19", when="civil_aircraft",
      rank="9")
    m(f, L, CH98, "CA", "exempt", order + "; U.S. note 51: chapter 98 other than 9802.00.40, .50, .60 and .80", "2026-08-19",
      rank="9")


# ---------------------------------------------------------------------------------------------------------------
# 9. Estimates: parts and claims
# ---------------------------------------------------------------------------------------------------------------

def dec(x, n=6):
    s = ("%.*f" % (n, float(x))).rstrip("0").rstrip(".")
    return s or "0"


def compress(pairs, levels=(8, 6, 4, 2)):
    """Rows (hs10, share) -> the fewest prefixes that give every listed code the same share: an eight-digit row where
    all its ten-digit codes agree, and so on up to chapters. Lossless for the codes listed."""
    table = dict(pairs)
    for n in levels:
        by = collections.defaultdict(list)
        for k in table:
            if len(k) > n:
                by[k[:n]].append(k)
        for p, ks in by.items():
            if p in table:
                continue
            if len({table[k] for k in ks}) == 1:
                v = table[ks[0]]
                for k in ks:
                    del table[k]
                table[p] = v
    return table


def prune(table, full):
    """Make `table` (after compress) right for every code in `full`: add rows where a prefix gives another share."""
    out = dict(table)
    for k, v in full.items():
        got = "0"
        for n in (2, 4, 6, 8, 10):
            got = out.get(k[:n], got)
        if got != v:
            out[k] = v
    return out


def estimates(data, countries_file):
    metal = {}
    with gzip.open(data + "metal_content_shares_bea_hs10.csv.gz", "rt", newline="") as f:
        for r in csv.DictReader(f):
            # the input-output estimate puts some shares above the whole value (up to 1.8): a part is at most all of it
            metal[r["hs10"]] = tuple(str(min(1.0, float(r[c])))
                                     for c in ("steel_share", "aluminum_share", "copper_share"))
    overlays = {"flat50": {}, "none": {}, "full": {}}
    for i, (part, lst) in enumerate((("steel", "s232_steel_content"), ("aluminium", "s232_aluminium_content"),
                                     ("copper", "s232_copper"))):
        pre = sorted({x[0] for x in sets[lst]})
        cover = tuple(pre)
        full = {k: dec(v[i]) for k, v in metal.items() if k.startswith(cover)}
        table = prune(compress(full, (8,)), full)
        # a code on a list that the input-output file does not have: the mean of its neighbours under the same heading
        out = [(k, "*", "US", "", "", v) for k, v in sorted(table.items())]
        for p in pre:
            if not any(k.startswith(p) for k in full):
                near = [float(v[i]) for k, v in metal.items() if k.startswith(p[:8])] or \
                       [float(v[i]) for k, v in metal.items() if k.startswith(p[:6])] or \
                       [float(v[i]) for k, v in metal.items() if k.startswith(p[:4])]
                if near:
                    out.append((p, "*", "US", "", "", dec(sum(near) / len(near))))
        parts[part] = sorted(out)
        for name, share in (("flat50", "0.5"), ("none", "0"), ("full", "1")):
            overlays[name][part] = [(p, "*", "US", "", "", share) for p in pre]
        if part != "copper":
            # on both lists (or under a code of the other): a quarter each
            other = [x[0] for x in sets["s232_aluminium_content" if part == "steel" else "s232_steel_content"]]
            t = {p: "0.25" if p.startswith(tuple(other)) else "0.5" for p in pre}
            for q in other:
                if q not in t and q.startswith(tuple(pre)):
                    t[q] = "0.25"
            overlays["flat50"][part] = [(p, "*", "US", "", "", s) for p, s in sorted(t.items())]
    parts["us_content"] = [(h, "*", "US", "", "", "0.9") for h in ("98020040", "98020050", "98020060")]
    for name, share in (("case", "0.35"), ("strap", "0.2"), ("battery", "0.05"), ("movement", "0.4")):
        parts[name] = [("9101", "*", "US", "", "", share), ("9102", "*", "US", "", "", share)]
    for name in ("apparatus", "lead", "rifle", "sight"):
        parts[name] = []

    own = {"rCD": "CD", "KV": "XK"}      # the Census file's own codes, of the Congo (Kinshasa) and Kosovo
    cty = {r["cty_code"]: own.get(r["iso2"], r["iso2"]) for r in rows(countries_file) if r["iso2"]}
    claims["usmca"] = usmca(data, cty, "2024")
    overlays["usmca-2025"] = {"usmca": usmca(data, cty, "2025")}
    overlays["usmca-none"] = {"usmca": []}

    pref = collections.defaultdict(dict)
    for r in rows(data + "mfn_exemption_shares.csv"):
        if r["cty_code"] in cty:
            pref[cty[r["cty_code"]]][r["hs2"]] = min(1.0, max(0.0, float(r["exemption_share"])))
    fta = set("AU BH CL CO IL JO JP KR MA OM PA PE SG CR DO GT HN NI SV".split())
    ag = {g[1] for g in groups if g[0] == "agoa"}
    cb = {g[1] for g in groups if g[0] == "cbera"}
    for claim, who in (("fta", fta), ("agoa", ag), ("cbera", cb)):
        claims[claim] = [(h, o, "US", "", "", dec(v, 4)) for o in sorted(who) for h, v in sorted(pref[o].items())
                         if float(dec(v, 4)) > 0]
    share = {}
    for r in rows(data + "s301_exclusion_claim_shares.csv"):
        v = min(1.0, max(0.0, float(r["claim_share"])))
        share[r["hts10"]] = max(share.get(r["hts10"], 0.0), v)
    claims["s301_exclusion"] = [(h, "CN", "US", EXCL[0], EXCL[1], dec(v, 4)) for h, v in sorted(share.items()) if v > 0.00005]
    claims["semi_gate"] = [(r["hts10"], "*", "US", "", "", r["qualifying_share"])
                           for r in rows(data + "semi_qualifying_shares.csv") if r["qualifying_share"] != "0"]
    claims["civil_aircraft"] = [(h, "*", "US", "", "", "1") for h in
                                "841111 841112 841121 841122 841191 8802 8805 8807 94011040 94011080".split()]
    claims["informational"] = [(h, "*", "US", "", "", "1") for h in "3705 3706 49 9701 9702 9703".split()]
    claims["s338_listed"] = [("*", "CA", "US", "2026-08-19", "", "0.04")]
    claims["uk_metal"] = [("*", "GB", "US", "", "", "1")]
    pat = [("*", "0.48"), ("@EU27", "0.2"), ("GB", "0.2"), ("JP", "0.2"), ("IE", "0.04"), ("CH", "0.04"),
           ("BE", "0.04"), ("IN", "0.03"), ("CN", "0.03")]
    claims["pharma_patented"] = [(h, o, "US", "", "", s) for h in ("29", "30", "35", "38") for o, s in pat]
    for name in ("cbtpa", "gsp", "nepal", "pharma_agreement", "dyes", "apta", "in_transit", "transshipped", "donation",
                 "wood_other", "bifacial", "us_metal", "metal_under_15", "pharma_onshoring",
                 "generic_pharma", "steel_us_melted", "aluminium_us_cast",
                 "aluminium_onshoring"):
        claims[name] = []
    return overlays


def usmca(data, cty, year):
    by = collections.defaultdict(dict)
    with gzip.open(data + "usmca_product_shares_%s.csv.gz" % year, "rt", newline="") as f:
        for r in csv.DictReader(f):
            by[cty[r["cty_code"]]][r["hts10"]] = dec(r["usmca_share"], 4)
    out = []
    for who in ("CA", "MX"):
        t = prune(compress(by[who]), by[who])
        out += [(k, who, "US", "", "", v) for k, v in sorted(t.items())]
    return drop_zero(out)


def drop_zero(out):
    """A zero row is needed only below a longer prefix that is not zero."""
    keep, nonzero = [], {(r[0], r[1]) for r in out if r[5] != "0"}
    for r in out:
        if r[5] != "0" or any((r[0][:n], r[1]) in nonzero for n in range(2, len(r[0]), 2)):
            keep.append(r)
    return keep


# ---------------------------------------------------------------------------------------------------------------
# 10. Writing
# ---------------------------------------------------------------------------------------------------------------

def write(path, header, out):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path + ".tmp", "w", encoding="utf-8", newline="") as f:
        w = csv.writer(f, lineterminator="\n")
        w.writerow(header)
        w.writerows(out)
    os.replace(path + ".tmp", path)


def describe(data, shared):
    out = []
    for r in rows(shared + "/data/trade/us_imports_from_india_2024_hs2.csv"):
        t = " ".join(r["title"].split())
        out.append((r["hs2"], t[:1].upper() + t[1:].lower() if t.isupper() else t))
    stack = {}
    with gzip.open(data + "hts_2025_rev_20.csv.gz", "rt", encoding="utf-8-sig", newline="") as f:
        for r in csv.DictReader(f):
            no, ind = digits(r["htsno"]), int(r["indent"] or 0)
            text = " ".join(re.sub(r"<[^>]*>", "", r["description"]).split()).rstrip(":")
            stack = {k: v for k, v in stack.items() if k < ind}
            stack[ind] = text
            if len(no) == 4 and not no.startswith("99"):
                out.append((no, text[:90]))
            elif len(no) == 6 and not no.startswith("99"):
                above = [stack[k] for k in sorted(stack) if k < ind]
                if text.lower().startswith("other") and above:
                    text = above[-1] + ": " + text
                out.append((no, text[:80]))
    best = collections.OrderedDict()
    for h, t in sorted(out):
        best.setdefault(h, t)
    return list(best.items())


def sha(path):
    with open(path, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def package(root, name, title, description, sources, licence):
    res = []
    for d, dirs, files in os.walk(root):
        dirs.sort()
        for x in sorted(files):
            p = os.path.join(d, x)
            rel = os.path.relpath(p, root).replace(os.sep, "/")
            if x.endswith(".csv"):
                res.append({"name": re.sub(r"[^a-z0-9._-]", "-", rel[:-4].replace("/", "-").lower()), "path": rel,
                            "format": "csv", "mediatype": "text/csv", "encoding": "utf-8", "bytes": os.path.getsize(p),
                            "hash": "sha256:" + sha(p)})
    pkg = {"profile": "data-package", "name": name, "title": title, "version": VERSION, "description": description,
           "licenses": licence, "sources": sources, "resources": res}
    with open(os.path.join(root, "datapackage.json"), "w", encoding="utf-8") as f:
        json.dump(pkg, f, indent=1, ensure_ascii=False)
        f.write("\n")


SOURCES = [
    {"title": "Harmonized Tariff Schedule of the United States, 2025 revision 20 and 2026 revision 10 (USITC)",
     "path": "https://hts.usitc.gov/"},
    {"title": "Federal Register: executive orders, proclamations and notices cited row by row",
     "path": "https://www.federalregister.gov/"},
    {"title": "Product lists and dates: tariff-rate-tracker (MIT)",
     "path": "https://github.com/arifshehab/tariff-rate-tracker"},
    {"title": "Metal content shares: input-output estimate of the Budget Lab at Yale from BEA accounts",
     "path": "https://github.com/Budget-Lab-Yale/Tariff-ETRs"},
    {"title": "USMCA claim shares 2024: USITC DataWeb", "path": "https://dataweb.usitc.gov/"}]
LICENCE = [{"name": "CC0-1.0", "title": "Law and official statistics of the United States: public domain; the "
            "estimates follow their sources (MIT where stated)", "path": "https://creativecommons.org/publicdomain/zero/1.0/"}]


def main():
    global TARIFF
    shared = sys.argv[1].rstrip("/")
    if len(sys.argv) > 2:
        TARIFF = sys.argv[2]
    data = shared + "/data/tariff_us/"
    countries()
    stat, skipped = ordinary(data)
    section232(data)
    section201()
    section301(data)
    n = reciprocal(data)
    fentanyl(data)
    actions2026(data)
    overlays = estimates(data, shared + "/data/trade/census_countries.csv")
    for d in ("measures", "sets", "parts", "claims"):
        full = os.path.join(HERE, d)
        if os.path.isdir(full):
            for x in os.listdir(full):
                if x.endswith(".csv"):
                    os.remove(os.path.join(full, x))
    P = lambda *a: os.path.join(HERE, *a)
    write(P("layers.csv"), ["layer", "title", "kind", "authority", "select"], LAYERS)
    write(P("yields.csv"), ["layer", "to", "scope", "from", "until", "citation"], yields())
    for name, out in measures.items():
        write(P("measures", name + ".csv"), COLUMNS, out)
    for name, out in sets.items():
        if any(x[3] for x in out):
            write(P("sets", name + ".csv"), ["hs", "from", "until", "published"], out)
        elif any(x[1] or x[2] for x in out):
            write(P("sets", name + ".csv"), ["hs", "from", "until"], [x[:3] for x in out])
        else:
            write(P("sets", name + ".csv"), ["hs"], [x[:1] for x in out])
    write(P("groups.csv"), ["group", "member", "from", "until"], groups)
    head = ["hs", "origin", "importer", "from", "until", "share"]
    for name, out in parts.items():
        write(P("parts", name + ".csv"), head, out)
    for name, out in claims.items():
        write(P("claims", name + ".csv"), head, out)
    write(P("descriptions.csv"), ["hs", "description"], describe(data, shared))
    write(P("unparsed.csv"), ["hs", "column", "text"], sorted(unparsed))
    package(HERE, "us-tariffs", "United States tariff law, 2018 to 2026",
            "Layers, measures, product sets, country groups, shares and claims, as described in README.md.", SOURCES, LICENCE)
    words = {"flat50": "half of the value of every article on a metal content list is the metal",
             "none": "no part of the value of an article on a metal content list is the metal",
             "full": "the whole value of every article on a metal content list is the metal"}
    words["usmca-2025"] = "the claim for the USMCA is made as often as in 2025, after the duties on Canada and Mexico"
    words["usmca-none"] = "nobody makes the claim for the USMCA"
    for name, tables in overlays.items():
        full = "us-tariffs-" + ("metal-" + name if name in ("flat50", "none", "full") else name)
        root = os.path.join(os.path.dirname(HERE), full)
        for table, out in tables.items():
            write(os.path.join(root, "claims" if table == "usmca" else "parts", table + ".csv"), head, out)
        what = "metal tables" if table != "usmca" else "table of USMCA claims"
        with open(os.path.join(root, "README.md"), "w", encoding="utf-8") as f:
            f.write("# %s\n\nAn overlay of `us-tariffs` that replaces its %s: %s. An assumption, not law; see the numbered\n"
                    "list in `../us-tariffs/README.md`. Use it as the second entry of a scenario's `schedule` list:\n\n"
                    "    schedule: [../datasets/us-tariffs, ../datasets/%s]\n\nWritten by `../us-tariffs/make.py`.\n"
                    % (full, what, words[name], full))
        package(root, full, "United States tariffs, alternative: " + name, words[name] + ".",
                SOURCES[-1:] if name == "usmca-2025" else SOURCES[:1], LICENCE)
    rowsn = sum(len(v) for v in measures.values())
    print("measures", rowsn, {k: len(v) for k, v in measures.items()})
    print("sets", len(sets), sum(len(v) for v in sets.values()), "april rates", n)
    print("claims", len(claims), {k: len(v) for k, v in claims.items()}, "parts", {k: len(v) for k, v in parts.items()})
    print("rate lines", dict(stat), "special texts not expressed", skipped)


if __name__ == "__main__":
    main()
