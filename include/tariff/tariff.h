/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * libtariff: what tariffs charge on trade, exactly, and why.
 *
 * A *schedule* holds the law as rows of data; a *scenario* names flows, a
 * schedule, a date and changes; *running* it gives tables and report files;
 * *explaining* an entry tells how its duty came about.
 *
 * Conventions: the environment comes first and outputs last; outputs are NULL
 * on failure; every `_free(NULL)` is legal; a tariff_status tells the kind of a
 * failure and the diagnostics callback of the environment tells the rest.
 * Nothing prints, exits, or keeps state outside the handles.
 */
#ifndef TARIFF_TARIFF_H
#define TARIFF_TARIFF_H

#include <tariff/convert.h>
#include <tariff/batch.h>
#include <tariff/diag.h>
#include <tariff/env.h>
#include <tariff/explain.h>
#include <tariff/law.h>
#include <tariff/run.h>
#include <tariff/scenario.h>
#include <tariff/status.h>
#include <tariff/stream.h>
#include <tariff/value.h>
#include <tariff/verify.h>
#include <tariff/version.h>

#endif
