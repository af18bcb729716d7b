/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/topics.h"

#include <stddef.h>

static const char scenario[] =
    "A scenario is a YAML file: which flows, which law, which day, what is changed.\n"
    "\n"
    "  tariff: 1                      format version\n"
    "  name: my-scenario              names the directory of its reports\n"
    "  title: One line for people\n"
    "  citation: The legal source\n"
    "  flows:\n"
    "    file: flows.csv              or a data package directory, or a list of them\n"
    "    profile: census              for foreign headers; see 'tariff list profiles'\n"
    "    origin: IN                   for files without that column; importer likewise\n"
    "  schedule: law                  a directory or a CSV; a list is an overlay\n"
    "  date: 2025-08-27               or period, or period-average\n"
    "  as_of: 2025-08-01              the law as it was known on that day\n"
    "  where: {origins: [IN], products: \"61 62\"}\n"
    "  exchange: {EUR: 1.17}          for amounts in other currencies\n"
    "  changes:                       applied in order; all take products, origins,\n"
    "                                 importers, from and until\n"
    "    - add:     {layer: penalty, origins: IN, rate: 25%, yields_to: [steel]}\n"
    "    - set:     {layer: reciprocal, origins: IN, rate: 18%}\n"
    "    - shift:   {layer: reciprocal, by: +5%}\n"
    "    - scale:   {layer: reciprocal, by: 0.5}\n"
    "    - exempt:  {layer: [reciprocal, penalty], products: \"30 8517.13\"}\n"
    "    - suspend: {layer: penalty}\n"
    "  reports: [summary, {products: {digits: 6}}]\n"
    "\n"
    "set, shift and scale leave measures alone that charge nothing (Free, exempt), and\n"
    "never make a rate negative; in a layer that selects 'sum' they meet each measure.\n"
    "Paths are relative to the file. '--set changes[1].set.rate=20%' overrides any key.\n"
    "Quote * @ and !: they mean something to YAML.\n";

static const char schedule[] =
    "A schedule is a directory of CSV files (or a single measures file):\n"
    "\n"
    "  layers.csv            layer,title,kind,authority,select\n"
    "  measures.csv          layer,products,origins,importers,from,until,rate and, where\n"
    "  measures/*.csv        needed, base,when,rank,published,withdrawn,citation,id\n"
    "  yields.csv            layer,to,scope,from,until,citation\n"
    "  sets/NAME.csv         hs,from,until: the product set @NAME\n"
    "  groups.csv            group,member,from,until: the country group @NAME\n"
    "  parts/NAME.csv        hs,origin,importer,from,until,share: part of the value\n"
    "  claims/NAME.csv       the same: share of the trade that makes the claim\n"
    "  descriptions.csv      hs,description\n"
    "\n"
    "kind      ordinary, additional\n"
    "select    specific (default), highest, lowest, sum, first; what a measure would\n"
    "          charge is compared after the layer has given way\n"
    "products  * or codes, ranges 7206-7229 and @sets; ! takes away: * !@annex_ii\n"
    "origins   * or codes and @groups, ! likewise; importers the same\n"
    "from      first day in force; until: first day not in force (through: last day)\n"
    "base      parts that are charged (steel aluminium) or not (!us_content)\n"
    "when      usmca, !usmca, us_content>=20%; all of them\n"
    "rate      25% | Free | exempt | 1.5 USD/kg + 8% | 10 c/no | max(5%, 2 c/kg)\n"
    "          | to 15% [over layer ...] | 8.5% on battery\n"
    "scope     part (default): gives way on the parts that pay; line: on everything\n"
    "\n"
    "Units: kg, g (1/1000 kg), t (1000 kg), ct (0.2 g), lb (0.45359237 kg), kgc (clean kg);\n"
    "no, doz (12), gross (144); pr, dpr (12 pr); l, ml, hl (100 l), gal (3.785411784 l),\n"
    "bbl (158.987294928 l); la (litre of alcohol), pfl (proof litre, 0.5 la); m, cm; m2, cm2;\n"
    "m3, cm3; kwh, mwh. A specific duty without a quantity in its unit counts 0 and the\n"
    "flow is reported as unassessed.\n";

static const char flows[] =
    "Flows are CSV: UTF-8, a header, columns in any order.\n"
    "\n"
    "  hs             2, 4, 6, 8, 10 or 12 digits as text; dots and blanks are dropped\n"
    "  origin         ISO 3166-1: IN, IND or 356; XK for Kosovo\n"
    "  importer       the same; both may be set in the scenario instead\n"
    "  period         2024, 2024-07 or 2024-07-15\n"
    "  value          >= 0, up to four decimals\n"
    "  quantity,unit  for specific duties\n"
    "  claims,parts   what is known of this shipment: usmca; steel=0.4 us_content=0.25.\n"
    "                 They replace what the share tables say of these; !usmca: not made\n"
    "\n"
    ".gz and .zst files and standard input (-) are read as they are.\n";

static const char reports[] =
    "A run writes DIR/NAME/, whole or not at all:\n"
    "\n"
    "  summary.csv          the metrics, each with its unit; shares name what they divide by\n"
    "  layers.csv           what each layer covers and charges\n"
    "  products.csv         by chapter, or {products: {digits: 6}}\n"
    "  products_layers.csv  what each layer charges on each product\n"
    "  origins.csv, importers.csv\n"
    "  brackets.csv         value by additional rate, or {brackets: {step: 5%}}\n"
    "  lines.csv            every row of the input, in its order; only when asked for\n"
    "  manifest.json        what it was made from, with checksums\n"
    "\n"
    "A flow that pays an additional duty only where a claim is not made counts in\n"
    "affected_value with that share of the trade; one that pays on part of its value\n"
    "counts whole. In brackets.csv a line is counted in every bracket it falls into.\n"
    "unknown_part_value is the value on which a layer charges a part (base: steel) that\n"
    "no row of parts/ tells the share of.\n";

const topic topics[] = {
    { "scenario", "scenario files", scenario },
    { "schedule", "tariff schedules", schedule },
    { "flows", "trade flows", flows },
    { "reports", "report files", reports },
    { NULL, NULL, NULL },
};
