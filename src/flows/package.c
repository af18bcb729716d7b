/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "flows/package.h"

static const char *text_of(const tf_node *map, const char *key)
{
    const tf_node *node = tf_doc_get(map, key);
    return node && node->kind == TF_SCALAR ? node->text : "";
}

/* `title`, or else `name`, of the first item of a list. */
static const char *first_title(const tf_node *root, const char *key)
{
    const tf_node *list = tf_doc_get(root, key);
    if (!list || list->kind != TF_LIST || !list->first)
        return "";
    const char *title = text_of(list->first, "title");
    return *title ? title : text_of(list->first, "name");
}

/* Frictionless: POSIX paths, relative, never upwards. */
static bool stays_inside(const char *path)
{
    if (path[0] == '/' || path[0] == '\0')
        return false;
    for (const char *p = path; p; p = strchr(p, '/')) {
        p += *p == '/';
        if (p[0] == '.' && p[1] == '.' && (p[2] == '/' || p[2] == '\0'))
            return false;
    }
    return strstr(path, "://") == NULL;
}

static bool is_csv(const char *path)
{
    const char *dot = strstr(path, ".csv");
    return dot && (strcmp(dot, ".csv") == 0 || strcmp(dot, ".csv.gz") == 0
                   || strcmp(dot, ".csv.zst") == 0);
}

static tariff_status add_resource(tariff_env *env, tf_arena *arena, const char *directory,
                                  const tf_node *resource, tf_package *out)
{
    const tf_node *path = tf_doc_get(resource, "path");
    if (!path || path->kind != TF_SCALAR)
        return tf_doc_error(env, resource, false, TARIFF_E_SCHEMA, NULL,
                            "a resource without a path");
    if (!stays_inside(path->text))
        return tf_doc_error(env, path, false, TARIFF_E_VALUE,
                            "resources lie in the package's own directory",
                            "the path '%s' leaves the data package", path->text);
    if (!is_csv(path->text))
        return TARIFF_OK;
    char *file = tf_path_in(arena, directory, path->text);
    if (file && !tf_path_is_inside(directory, file))
        return tf_doc_error(env, path, false, TARIFF_E_VALUE,
                            "resources lie in the package's own directory",
                            "the path '%s' is a link that leaves the data package", path->text);
    return file && TF_PUSH(arena, &out->files, file) ? TARIFF_OK : TARIFF_E_NOMEM;
}

tariff_status tf_package_read(tariff_env *env, tf_arena *arena, const char *directory,
                              const tf_place *place, tf_package *out)
{
    tf_node *root;
    char    *path = tf_path_in(arena, directory, "datapackage.json");
    memset(out, 0, sizeof *out);
    TF_NEED(path);
    if (!tf_is_file(path))
        return tf_error(env, TARIFF_E_REFERENCE, place,
                        "name a CSV file, or a directory with a datapackage.json",
                        "the directory '%s' is no data package", directory);
    TF_TRY(tf_doc_read(env, arena, path, place, &root));
    const tf_node *resources = tf_doc_get(root, "resources");
    if (!resources || resources->kind != TF_LIST)
        return tf_doc_error(env, root, false, TARIFF_E_SCHEMA, NULL,
                            "a data package without a list of resources");
    for (const tf_node *resource = resources->first; resource; resource = resource->next)
        TF_TRY(add_resource(env, arena, directory, resource, out));
    if (out->files.n == 0)
        return tf_doc_error(env, resources, true, TARIFF_E_SCHEMA, NULL,
                            "a data package without a CSV resource");
    out->path = path;
    out->name = text_of(root, "name");
    out->currency = text_of(root, "currency");
    out->valuation = text_of(root, "valuation");
    out->nomenclature = text_of(root, "nomenclature");
    out->source = first_title(root, "sources");
    out->licence = first_title(root, "licenses");
    return TARIFF_OK;
}
