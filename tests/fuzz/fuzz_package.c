/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * A data package: the input is several files, each after a line "== NAME", such
 * as flows/datapackage.json.  Nothing outside of the package is read.
 */
#include "fuzz/fuzz.h"

#include "flows/package.h"

static bool is_inside(const char *path)
{
    char *real = realpath(path, NULL);
    bool  inside = !real;
    if (real) {
        char *folder = realpath("flows", NULL);
        size_t n = folder ? strlen(folder) : 0;
        inside = folder && strncmp(real, folder, n) == 0 && real[n] == '/';
        free(folder);
    }
    free(real);
    return inside;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static fuzz_log log;
    tf_arena        arena;
    tf_package      package;
    uint64_t        rows;
    fuzz_begin();
    fuzz_write_files((const char *)data, size);
    fuzz_write("outside.csv", "hs,origin,importer,value\n", 25);
    tariff_env *env = fuzz_env(&log);
    tf_arena_init(&arena, &env->allocator);
    if (fuzz_check(env, tf_package_read(env, &arena, "flows", NULL, &package)) == TARIFF_OK)
        for (size_t i = 0; i < package.files.n; i++)
            fuzz_require(is_inside(package.files.at[i]));
    tf_arena_free(&arena);
    tariff_env_free(env);
    env = fuzz_env(&log);
    (void)fuzz_check(env, tariff_flows_check(env, "flows", &rows));
    tariff_env_free(env);
    return 0;
}
