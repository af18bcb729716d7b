/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * The two forms of an explanation.
 */
#ifndef CLI_EXPLAIN_OUT_H
#define CLI_EXPLAIN_OUT_H

#include <tariff/tariff.h>

tariff_status explain_text(tariff_env *env, const tariff_law *law, const tariff_entry *entry);
tariff_status explain_json(tariff_env *env, const tariff_law *law, const tariff_entry *entry);

#endif
