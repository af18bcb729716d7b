/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/data.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* From the directory of the command, so that a prefix may be moved as a whole. */
static bool installed(char *buf, size_t size)
{
    struct stat info;
    char        self[CLI_PATH_ROOM], path[2 * CLI_PATH_ROOM];
    ssize_t     n = readlink("/proc/self/exe", self, sizeof self - 1);
    if (n <= 0)
        return false;
    self[n] = '\0';
    char *slash = strrchr(self, '/');
    if (!slash)
        return false;
    *slash = '\0';
    snprintf(path, sizeof path, "%s/%s", self, CLI_DATA_FROM_BIN);
    char *real = realpath(path, NULL);
    if (!real)
        return false;
    bool fits = strlen(real) < size && stat(real, &info) == 0 && S_ISDIR(info.st_mode);
    if (fits)
        strcpy(buf, real);
    free(real);
    return fits;
}

tariff_status cli_find_data(tariff_env *env)
{
    char        prefix[CLI_PATH_ROOM];
    const char *directories[2];
    size_t      n = 0;
    const char *asked = getenv("TARIFF_DATA");
    if (asked && *asked)
        directories[n++] = asked;
    if (installed(prefix, sizeof prefix))
        directories[n++] = prefix;
    return tariff_env_set_data(env, directories, n);
}

const char *cli_input(const tariff_env *env, const char *operand, char buf[CLI_PATH_ROOM])
{
    return tariff_env_find(env, operand, buf, CLI_PATH_ROOM) < CLI_PATH_ROOM ? buf : operand;
}
