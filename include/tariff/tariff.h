/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * libtariff: what tariffs charge on trade, exactly, and why.
 *
 * A *schedule* holds the law as rows of data; a *scenario* names flows, a
 * schedule, a date and changes; *running* it gives tables and report files;
 * *explaining* an entry tells how its duty came about, *assessing* entries or
 * columns of them what they bear.
 *
 * What is big is a handle, made by one call and freed by another; once made,
 * schedules, laws, scenarios and results never change and are read by any
 * number of threads, each with an environment of its own.  What is small is a
 * value, whose layout never changes (value.h).  Structs that cross the border
 * begin with `size`, set by their _INIT macro, and grow at their end: programs
 * built against an older header go on working.
 *
 * Conventions: the environment comes first and outputs last; outputs are NULL
 * on failure; every `_free(NULL)` is legal; a tariff_status tells the kind of a
 * failure and the diagnostics callback of the environment tells the rest.
 * Nothing prints, exits, or keeps state outside the handles.
 *
 * What may still change is declared only where TARIFF_EXPERIMENTAL is defined
 * before these headers are included (source.h, base.h).  A program that defines it may
 * have to be changed, and compiled again, for the next minor version; one that
 * does not, only for the next major one.  Structs that lead there are known
 * without it, and not what is in them.
 */
#ifndef TARIFF_TARIFF_H
#define TARIFF_TARIFF_H

#include <tariff/assess.h>
#include <tariff/base.h>
#include <tariff/batch.h>
#include <tariff/convert.h>
#include <tariff/diag.h>
#include <tariff/env.h>
#include <tariff/explain.h>
#include <tariff/law.h>
#include <tariff/run.h>
#include <tariff/scenario.h>
#include <tariff/source.h>
#include <tariff/status.h>
#include <tariff/stream.h>
#include <tariff/value.h>
#include <tariff/verify.h>
#include <tariff/version.h>

#endif
