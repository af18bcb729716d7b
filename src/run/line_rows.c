/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/line_rows.h"

#include "run/stream.h"

#include <stdio.h>

bool tf_line_rows_can(const tariff_scenario *scenario)
{
    for (size_t i = 0; i < scenario->flows.n; i++)
        if (strcmp(scenario->flows.at[i].path, "-") == 0
            || !tf_is_file(scenario->flows.at[i].path))
            return false;
    return true;
}

/* What is remarked of rows was told when they were read first; only errors are left. */
typedef struct listener {
    tariff_diag_fn on_diag;
    void          *user;
} listener;

static void pass_errors(void *user, const tariff_diag *diag)
{
    const listener *to = user;
    if (to->on_diag && diag->severity == TARIFF_ERROR)
        to->on_diag(to->user, diag);
}

static bool is_as_it_was(const tf_csv *csv, const tf_input *input)
{
    tf_fingerprint print = tf_csv_fingerprint(csv);
    return print.bytes == input->print.bytes && print.xxh3_high == input->print.xxh3_high
           && print.xxh3_low == input->print.xxh3_low;
}

static tariff_status write_file(tf_stream *s, const tf_flows_spec *spec, const tf_input *input)
{
    TF_TRY(tf_flows_open(s->env, spec, &s->flows));
    s->csv = tf_flows_csv(s->flows);
    tariff_status status = tf_stream_rate(s);
    if (status == TARIFF_OK && !is_as_it_was(s->csv, input)) {
        tf_place here = { .file = spec->path };
        status = tf_error(s->env, TARIFF_E_IO, &here, NULL, "the file changed while it was read");
    }
    tf_flows_close(s->flows);
    return status;
}

static tariff_status write_files(tf_stream *s, const tf_dataset *dataset)
{
    const tariff_scenario *scenario = s->lines->scenario;
    tariff_status          status = TARIFF_OK;
    listener               to = { s->env->on_diag, s->env->on_diag_user };
    size_t                 warnings = s->env->warnings;
    tf_begin(s->env);
    tariff_env_on_diag(s->env, pass_errors, &to);
    for (size_t i = 0; i < scenario->flows.n && status == TARIFF_OK; i++)
        status = write_file(s, &scenario->flows.at[i], &dataset->inputs.at[i]);
    tariff_env_on_diag(s->env, to.on_diag, to.user);
    s->env->warnings = warnings;
    return status;
}

void tf_line_job_init(tf_line_job *job, const tf_rows *rows, tariff_env *env,
                      const tf_heading *heading, bool spreadsheet, unsigned threads)
{
    static const tariff_stream_options defaults = TARIFF_STREAM_OPTIONS_INIT;
    memset(job, 0, sizeof *job);
    job->out = rows->lines;
    job->options = defaults;
    job->options.threads = threads;
    job->lines.scenario = rows->scenario;
    job->lines.where = rows->where;
    /* Names of scenarios and dates need no quotes. */
    job->lines.heading_length = (size_t)snprintf(job->lines.heading, sizeof job->lines.heading,
                                                 "%s,%s,", heading->scenario, heading->date);
    job->stream = (tf_stream){ .env = env,
                               .law = rows->with.law,
                               .options = &job->options,
                               .lines = &job->lines,
                               .rated = { true, false, spreadsheet ? "\r\n" : "\n" },
                               .warned_unit = true,
                               .warned_origin = true,
                               .warned_importer = true };
}

tariff_status tf_line_job_begin(tf_line_job *job)
{
    return tf_line_blocks_new(&job->stream, tf_lines_output(job->out), &job->blocks);
}

void tf_line_job_end(tf_line_job *job)
{
    tf_line_blocks_free(job->blocks);
    job->blocks = NULL;
}

tariff_status tf_line_job_finish(tf_line_job *job, const tf_dataset *dataset)
{
    tf_stream *s = &job->stream;
    if (job->blocks && tf_line_blocks_files(job->blocks) == job->lines.scenario->flows.n)
        return TARIFF_OK;
    if (job->blocks)
        TF_TRY(tf_lines_restart(job->out));
    TF_TRY(tf_sink_to(tf_lines_output(job->out), &s->sink));
    tariff_status status = write_files(s, dataset);
    tf_sink_close(s->sink);
    return status;
}
