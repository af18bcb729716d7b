/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/idle_shares.h"

static const tf_node *name_of(const tf_node *item, bool is_part)
{
    return tf_doc_get(tf_doc_get(item, "share"), is_part ? "part" : "claim");
}

static const char *bare(const tf_node *name)
{
    return *name->text == '@' ? name->text + 1 : name->text;
}

tariff_status tf_share_look_open(tariff_env *env, const tariff_law *law, const tf_node *changes,
                                 const tf_node *item, tf_share_look *out)
{
    const tf_book *book = &law->book;
    size_t         earlier = 0;
    memset(out, 0, sizeof *out);
    out->law = law;
    out->is_part = name_of(item, true) != NULL;
    const char *name = bare(name_of(item, out->is_part));
    for (const tf_node *other = changes->first; other != item; other = other->next) {
        const tf_node *node = name_of(other, out->is_part);
        earlier += node && strcmp(bare(node), name) == 0;
    }
    out->number = tf_names_find(out->is_part ? &book->part_names : &book->claim_names, name,
                                strlen(name));
    out->before = *(out->is_part ? book->parts.at[out->number] : book->claims.at[out->number]);
    out->nano = out->before.overrides.at[earlier].nano;
    out->before.overrides.n = earlier;
    return tf_programs_new(env, law, TF_ALL_LAYERS, &out->programs);
}

void tf_share_look_close(tf_share_look *look)
{
    tf_programs_free(look->programs);
}

tariff_status tf_share_look_at(tf_share_look *look, const tf_cell *cell)
{
    int64_t           nano;
    const tf_program *program;
    bool known = tf_shares_find(&look->before, &look->law->book.scopes, cell->hs, cell->origin,
                                cell->importer, cell->day, &nano);
    if (known && nano == look->nano)
        return TARIFF_OK;
    look->differs = true;
    TF_TRY(tf_program_find(look->programs, cell, &program));
    look->acts = look->acts
                 || ((look->is_part ? program->parts : program->claims) >> look->number & 1);
    return TARIFF_OK;
}
