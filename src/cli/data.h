/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Where the command looks for the schedules, flows and scenarios that ship.
 */
#ifndef CLI_DATA_H
#define CLI_DATA_H

#include <stddef.h>
#include <tariff/env.h>

enum { CLI_PATH_ROOM = 4096 };

/**
 * Let `env` look in $TARIFF_DATA, then in what was installed with the command.
 * @return TARIFF_OK or TARIFF_E_NOMEM.
 */
tariff_status cli_find_data(tariff_env *env);

/** Where an operand is read from: a text in `buf`, or the operand. */
const char *cli_input(const tariff_env *env, const char *operand, char buf[CLI_PATH_ROOM]);

#endif
