/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/data.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

/* The file that this process runs; a root without /proc has the name that it was started by. */
static char *own_file(void)
{
    char *path = realpath("/proc/self/exe", NULL);
    if (!path && getauxval(AT_EXECFN) != 0)
        path = realpath((const char *)(uintptr_t)getauxval(AT_EXECFN), NULL);
    return path;
}

/* From the directory of the command, so that a prefix may be moved as a whole.  NULL, or freed by
 * the caller. */
static char *installed(void)
{
    char  path[2 * CLI_PATH_ROOM];
    char *self = own_file(), *slash = self ? strrchr(self, '/') : NULL;
    if (!slash)
        return NULL;
    *slash = '\0';
    int n = snprintf(path, sizeof path, "%s/%s", self, CLI_DATA_FROM_BIN);
    free(self);
    return n > 0 && (size_t)n < sizeof path ? realpath(path, NULL) : NULL;
}

tariff_status cli_find_data(tariff_env *env)
{
    const char *directories[2];
    size_t      n = 0;
    const char *asked = getenv("TARIFF_DATA");
    char       *shipped = installed();
    if (asked && *asked)
        directories[n++] = asked;
    if (shipped)
        directories[n++] = shipped;
    tariff_status status = tariff_env_set_data(env, directories, n);
    free(shipped);
    return status;
}

const char *cli_input(const tariff_env *env, const char *operand, char buf[CLI_PATH_ROOM])
{
    return tariff_env_find(env, operand, buf, CLI_PATH_ROOM) < CLI_PATH_ROOM ? buf : operand;
}
