/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_IO_DIGEST_H
#define TF_IO_DIGEST_H

#include "base/diag.h"

#include <nettle/sha2.h>

#define TF_SHA256_TEXT 65

/** A SHA-256 in the making, by nettle's sha256_init() and sha256_update(). */
typedef struct sha256_ctx tf_sha256;

/** In hexadecimal; it begins anew then. */
void tf_sha256_end(tf_sha256 *sha256, char out[TF_SHA256_TEXT]);

/** SHA-256 of a file as it is stored, in hexadecimal. */
tariff_status tf_sha256_file(tariff_env *env, const char *path, char out[TF_SHA256_TEXT]);

#endif
