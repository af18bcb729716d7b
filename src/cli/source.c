/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/source.h"

#include <string.h>
#include <sys/stat.h>

static bool is_directory(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

bool cli_is_schedule(const char *path)
{
    const char *dot = strstr(path, ".csv");
    return is_directory(path) || (dot && (dot[4] == '\0' || dot[4] == '.'));
}

bool cli_options_fit(const cli_command *command, const cli_line *line, const char *path)
{
    bool schedule = cli_is_schedule(path);
    if (schedule && cli_has(line, "set"))
        cli_usage_error(command, "--set overrides a key of a scenario; '%s' is a schedule", path);
    else if (!schedule && (cli_has(line, "currency") || cli_has(line, "exchange")))
        cli_usage_error(command, "--currency and --exchange go with a schedule; a scenario "
                                 "says it itself: --set exchange.GBP=1.25");
    else if (!schedule && (cli_has(line, "overlay") || cli_has(line, "as-of")))
        cli_usage_error(command, "--overlay and --as-of go with a schedule; a scenario says it "
                                 "itself: --set as_of=2025-08-01");
    else
        return true;
    return false;
}

static tariff_status open_schedule(tariff_env *env, const cli_line *line, const char *path,
                                   const tariff_law_options *wanted, cli_source *out)
{
    const char   *paths[CLI_GIVEN_MAX + 1] = { path };
    size_t        count = 1 + cli_values(line, "overlay", paths + 1, CLI_GIVEN_MAX);
    tariff_status status = tariff_schedule_load(env, paths, count, &out->schedule);
    if (status != TARIFF_OK)
        return status;
    cli_tell_schedule(path, out->schedule);
    return tariff_law_compile(env, out->schedule, wanted, &out->law);
}

static tariff_status open_scenario(tariff_env *env, const cli_line *line, const char *path,
                                   cli_source *out)
{
    const char   *overrides[CLI_GIVEN_MAX];
    size_t        count = cli_values(line, "set", overrides, CLI_GIVEN_MAX);
    tariff_status status = tariff_scenario_load(env, path, overrides, count, &out->scenario);
    return status == TARIFF_OK ? tariff_scenario_compile(env, out->scenario, &out->law) : status;
}

tariff_status cli_open_source(tariff_env *env, const cli_line *line, const char *path,
                              const tariff_law_options *wanted, cli_source *out)
{
    memset(out, 0, sizeof *out);
    return cli_is_schedule(path) ? open_schedule(env, line, path, wanted, out)
                                 : open_scenario(env, line, path, out);
}

void cli_free_source(cli_source *source)
{
    tariff_law_free(source->law);
    tariff_schedule_free(source->schedule);
    tariff_scenario_free(source->scenario);
}
