/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "scenario/impact.h"

#include "flows/package.h"
#include "scenario/extend.h"
#include "scenario/scenario.h"

#include <stdio.h>
#include <stdlib.h>

static const char *const models[] = { "armington", "smart", "passthrough", "gsim", NULL };
static const char *const forms[] = { "exact",      "ces_bounded", "ces",    "linear", "reduced",
                                     "structural", "printed",     NULL };

/* Which forms each model has; the first is its default. */
static const tf_impact_form forms_of[][4] = {
    [TF_MODEL_ARMINGTON] = { TF_FORM_EXACT, TF_FORM_EXACT, TF_FORM_EXACT, TF_FORM_EXACT },
    [TF_MODEL_SMART] = { TF_FORM_CES_BOUNDED, TF_FORM_CES, TF_FORM_LINEAR, TF_FORM_CES_BOUNDED },
    [TF_MODEL_PASSTHROUGH] = { TF_FORM_REDUCED, TF_FORM_STRUCTURAL, TF_FORM_REDUCED,
                               TF_FORM_REDUCED },
    [TF_MODEL_GSIM] = { TF_FORM_EXACT, TF_FORM_LINEAR, TF_FORM_PRINTED, TF_FORM_EXACT },
};

const char *tf_impact_model_name(tf_impact_model model)
{
    return models[model];
}

const char *tf_impact_form_name(tf_impact_form form)
{
    return forms[form];
}

unsigned tf_impact_uses(const tf_impact_spec *spec)
{
    switch (spec->model) {
    case TF_MODEL_SMART: return 1u << TF_SIGMA | 1u << TF_EPS | 1u << TF_SUPPLY;
    case TF_MODEL_PASSTHROUGH:
        return spec->form == TF_FORM_REDUCED ? 1u << TF_RHO | 1u << TF_ETA
                                             : 1u << TF_SUPPLY | 1u << TF_ETA;
    default: return 1u << TF_SIGMA | 1u << TF_ETA | 1u << TF_SUPPLY;
    }
}

/** What readers of single keys share. */
typedef struct reader {
    tariff_env     *env;
    tf_arena       *arena;
    const char     *path;
    tf_impact_spec *out;
    const tf_node  *form; /**< Judged when the model is known. */
} reader;

static tariff_status wrong(const reader *r, const tf_node *node, const char *hint,
                           const char *message)
{
    return tf_doc_error(r->env, node, false, TARIFF_E_VALUE, hint, "%s", message);
}

static tariff_status read_word(const reader *r, const tf_node *node, const char *const *words,
                               const char *what, int *out)
{
    char   hint[128];
    size_t n = (size_t)snprintf(hint, sizeof hint, "one of:");
    for (int i = 0; words[i] && node->kind == TF_SCALAR; i++)
        if (strcmp(node->text, words[i]) == 0) {
            *out = i;
            return TARIFF_OK;
        }
    for (int i = 0; words[i] && n < sizeof hint; i++)
        n += (size_t)snprintf(hint + n, sizeof hint - n, " %s", words[i]);
    return tf_doc_error(r->env, node, false, TARIFF_E_VALUE, hint, "unknown %s '%s'", what,
                        node->kind == TF_SCALAR ? node->text : "");
}

static tariff_status read_count(const reader *r, const tf_node *node, unsigned long long least,
                                unsigned long long most, unsigned long long *out)
{
    char *end = NULL;
    char  message[96];
    bool  digits = node->kind == TF_SCALAR && node->text[0] >= '0' && node->text[0] <= '9';
    if (digits && node->length < 20)
        *out = strtoull(node->text, &end, 10);
    if (digits && end && *end == '\0' && *out >= least && *out <= most)
        return TARIFF_OK;
    snprintf(message, sizeof message, "a whole number from %llu to %llu is expected", least, most);
    return wrong(r, node, NULL, message);
}

/* elasticities: FILE, DIRECTORY, or a list of them */

static tariff_status add_file(const reader *r, const tf_node *node, char *path,
                              const char *looked, bool published)
{
    tf_place place = { 0 };
    char     excerpt[256];
    tf_doc_place(node, false, &place, excerpt, sizeof excerpt);
    if (place.excerpt) {
        place.excerpt = tf_arena_text(r->arena, excerpt, strlen(excerpt));
        TF_NEED(place.excerpt);
    }
    place.looked = looked;
    return TF_PUSH(r->arena, &r->out->paths, path) && TF_PUSH(r->arena, &r->out->places, place)
                   && TF_PUSH(r->arena, &r->out->published, published)
               ? TARIFF_OK
               : TARIFF_E_NOMEM;
}

static tariff_status add_elasticities(const reader *r, const tf_node *node)
{
    tf_package package;
    tf_place   place;
    char       excerpt[256];
    if (node->kind != TF_SCALAR)
        return wrong(r, node, "elasticities: ../datasets/elasticities", "a file is expected");
    char *path = tf_scenario_path(r->env, r->arena, r->path, node);
    TF_NEED(path);
    if (!tf_is_directory(path))
        return add_file(r, node, path, tf_path_looked(r->env, r->arena, path, node->text),
                        false);
    tf_doc_place(node, false, &place, excerpt, sizeof excerpt);
    TF_TRY(tf_package_read(r->env, r->arena, path, &place, &package));
    for (size_t i = 0; i < package.files.n; i++)
        TF_TRY(add_file(r, node, package.files.at[i], NULL, true));
    return TARIFF_OK;
}

static tariff_status read_elasticities(const reader *r, const tf_node *node)
{
    if (node->kind != TF_LIST)
        return add_elasticities(r, node);
    for (const tf_node *item = node->first; item; item = item->next)
        TF_TRY(add_elasticities(r, item));
    return TARIFF_OK;
}

/* defaults: {sigma: 3.8, sigma_p95: 5.1, supply: inf} */

/* Which parameter a key is about: its name, or NAME_p95, NAME_lo, NAME_hi. */
static int parameter_of(const char *key, int *which)
{
    static const char *const ends[] = { "", "_p95", "_lo", "_hi" };
    for (int p = 0; p < TF_PARAMETERS; p++) {
        const char *name = tf_parameter_name((tf_parameter)p);
        size_t      n = strlen(name);
        for (int i = 0; strncmp(key, name, n) == 0 && i < 4; i++)
            if (strcmp(key + n, ends[i]) == 0) {
                *which = i;
                return p;
            }
    }
    return -1;
}

static tariff_status read_default(const reader *r, tf_parameter p, const tf_node *const *nodes)
{
    tf_why              why;
    int                 which;
    const tf_node      *some = NULL;
    const char         *texts[4];
    for (int i = 0; i < 4; i++) {
        texts[i] = nodes[i] ? nodes[i]->text : NULL;
        some = some ? some : nodes[i];
    }
    if (!some)
        return TARIFF_OK;
    tf_spread_texts given = { texts[0], texts[1], texts[2], texts[3] };
    r->out->has_default[p] = true;
    if (tf_parse_spread(p, &given, tf_parameter_ratio(p), &r->out->defaults[p], &which, &why)
        == TARIFF_OK)
        return TARIFF_OK;
    return tf_doc_because(r->env, nodes[which] ? nodes[which] : some, &why);
}

static tariff_status read_defaults(const reader *r, const tf_node *node)
{
    const tf_node *nodes[TF_PARAMETERS][4] = { { NULL } };
    if (node->kind != TF_MAP)
        return wrong(r, node, "defaults: {sigma: 3.8, sigma_p95: 5.1}", "'defaults' is a mapping");
    for (const tf_node *child = node->first; child; child = child->next) {
        int which, p = parameter_of(child->key, &which);
        if (p < 0)
            return tf_doc_error(r->env, child, true, TARIFF_E_SCHEMA,
                                "sigma, eta, eps, supply, rho, home; with _p95, or _lo and _hi",
                                "unknown elasticity '%s'", child->key);
        if (child->kind != TF_SCALAR)
            return wrong(r, child, NULL, "a number is expected");
        nodes[p][which] = child;
    }
    for (int p = 0; p < TF_PARAMETERS; p++)
        TF_TRY(read_default(r, (tf_parameter)p, nodes[p]));
    return TARIFF_OK;
}

/* All keys */

static const char *const keys[] = { "model", "form",  "horizon", "elasticities", "defaults",
                                    "digits", "draws", "shifts", "seed", "groups",
                                    "sensitivity", NULL };

static tariff_status read_key(reader *r, const tf_node *node)
{
    static const char *const horizons[] = { "long", "short", NULL };
    static const char *const groups[] = { "all", "hs2", NULL };
    tf_impact_spec          *out = r->out;
    unsigned long long       n = 0;
    int                      word = 0;
    switch (tf_key_index(node, keys)) {
    case 0:
        TF_TRY(read_word(r, node, models, "model", &word));
        out->model = (tf_impact_model)word;
        return TARIFF_OK;
    case 1: r->form = node; return TARIFF_OK;
    case 2:
        TF_TRY(read_word(r, node, horizons, "horizon", &word));
        out->horizon = (tf_horizon)word;
        return TARIFF_OK;
    case 3: return read_elasticities(r, node);
    case 4: return read_defaults(r, node);
    case 5:
        TF_TRY(read_count(r, node, 2, 12, &n));
        out->digits = (unsigned)n;
        return n % 2 ? wrong(r, node, "2, 4, 6, 8, 10 or 12", "this is no number of digits")
                     : TARIFF_OK;
    case 6:
        TF_TRY(read_count(r, node, 0, 1 << 20, &n));
        out->draws = (size_t)n;
        return TARIFF_OK;
    case 7:
        TF_TRY(read_count(r, node, 0, 1024, &n));
        out->shifts = (size_t)n;
        return TARIFF_OK;
    case 8:
        TF_TRY(read_count(r, node, 0, UINT32_MAX, &n));
        out->seed = n;
        return TARIFF_OK;
    case 9:
        TF_TRY(read_word(r, node, groups, "grouping", &word));
        out->by_chapter = word == 1;
        return TARIFF_OK;
    case 10:
        TF_TRY(read_count(r, node, 0, 1 << 20, &n));
        out->sensitivity = (size_t)n;
        return TARIFF_OK;
    default: return tf_unknown_key(r->env, node, keys);
    }
}

static tariff_status read_form(const reader *r)
{
    const char *allowed[5] = { NULL };
    int         which = 0;
    r->out->form = forms_of[r->out->model][0];
    if (!r->form)
        return TARIFF_OK;
    for (int i = 0, n = 0; i < 4; i++)
        if (i == 0 || forms_of[r->out->model][i] != forms_of[r->out->model][0])
            allowed[n++] = forms[forms_of[r->out->model][i]];
    TF_TRY(read_word(r, r->form, allowed, "form of this model", &which));
    r->out->form = forms_of[r->out->model][which];
    return TARIFF_OK;
}

static tariff_status check_draws(const reader *r, const tf_node *node)
{
    const tf_node *shifts = tf_doc_get(node, "shifts");
    tf_impact_spec *out = r->out;
    bool fits = out->shifts == 0 || out->draws % out->shifts == 0;
    if (!fits && !shifts)
        out->shifts = 0; /* few draws: the sequence as it is */
    else if (!fits)
        return wrong(r, shifts, "such as draws: 4096, shifts: 16",
                     "the draws are not a multiple of the shifts");
    if (!tf_doc_get(node, "sensitivity"))
        out->sensitivity = out->draws / 4;
    return TARIFF_OK;
}

tariff_status tf_impact_read(tariff_env *env, tf_arena *arena, const char *scenario_path,
                             const tf_node *node, tf_impact_spec *out)
{
    reader r = { env, arena, scenario_path, out, NULL };
    memset(out, 0, sizeof *out);
    out->digits = 6;
    out->draws = 4096;
    out->shifts = 16;
    out->seed = 1;
    if (node->kind != TF_MAP)
        return tf_doc_error(env, node, false, TARIFF_E_SCHEMA,
                            "impact: {model: armington, horizon: long}", "'impact' is a mapping");
    for (const tf_node *child = node->first; child; child = child->next)
        TF_TRY(read_key(&r, child));
    if (!tf_doc_get(node, "model"))
        return tf_doc_error(env, node, false, TARIFF_E_SCHEMA,
                            "model: armington, smart, passthrough or gsim",
                            "'impact' names no model");
    TF_TRY(read_form(&r));
    TF_TRY(check_draws(&r, node));
    out->node = node;
    return TARIFF_OK;
}
