/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Any bytes as a file that may be compressed: it is read to its end or to an
 * error, whatever the size of the reader's buffer, and its fingerprint is that of the bytes.
 */
#include "fuzz/fuzz.h"

#include "io/source.h"

#include <xxhash.h>

static char buf[1 << 16];

/* Hash of what came out, of at most 8 MiB of it. */
static tariff_status read_all(size_t size, tf_sum sum, uint64_t *hash, tf_fingerprint *print)
{
    fuzz_log      log;
    tf_source    *source;
    size_t        got, all = 0;
    tariff_env   *env = fuzz_env(&log);
    XXH3_state_t *state = XXH3_createState();
    fuzz_require(state);
    XXH3_64bits_reset(state);
    fuzz_require(tf_source_open(env, "packed", NULL, sum, &source) == TARIFF_OK);
    tariff_status status;
    do {
        status = tf_source_read(source, buf, size, &got);
        if (status == TARIFF_OK)
            XXH3_64bits_update(state, buf, got);
        all += got;
    } while (status == TARIFF_OK && got > 0 && all < 8u << 20);
    *hash = XXH3_64bits_digest(state);
    if (sum == TF_SUM_XXH3)
        *print = tf_source_fingerprint(source);
    else {
        char text[TF_SHA256_TEXT];
        tf_source_sha256(source, text);
    }
    tf_source_close(source);
    XXH3_freeState(state);
    fuzz_require(status == TARIFF_OK || tariff_env_errors(env) == 1);
    tariff_env_free(env);
    return all < 8u << 20 ? status : TARIFF_E_LIMIT;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint64_t       whole, small;
    tf_fingerprint print = { 0 }, ignored;
    fuzz_begin();
    fuzz_write("packed", data, size);
    tariff_status status = read_all(sizeof buf, TF_SUM_XXH3, &whole, &print);
    if (status == TARIFF_E_LIMIT)
        return 0;
    fuzz_require(read_all(size % 61 + 3, TF_SUM_SHA256, &small, &ignored) == status);
    if (status == TARIFF_OK) {
        XXH128_hash_t hash = XXH3_128bits(data, size);
        fuzz_require(whole == small);
        fuzz_require(print.bytes == size && print.xxh3_high == hash.high64
                     && print.xxh3_low == hash.low64);
    }
    return 0;
}
