/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_IO_DIGEST_H
#define TF_IO_DIGEST_H

#include "base/diag.h"

#define TF_SHA256_TEXT 65

/** A SHA-256 in the making: OpenSSL's EVP_MD_CTX. */
typedef struct evp_md_ctx_st tf_sha256;

/** NULL if memory ran out. */
tf_sha256 *tf_sha256_new(void);
void       tf_sha256_free(tf_sha256 *sha256);
void       tf_sha256_add(tf_sha256 *sha256, const void *bytes, size_t n);
/** In hexadecimal; nothing can be added after it. */
void       tf_sha256_end(tf_sha256 *sha256, char out[TF_SHA256_TEXT]);

/** SHA-256 of a file as it is stored, in hexadecimal. */
tariff_status tf_sha256_file(tariff_env *env, const char *path, char out[TF_SHA256_TEXT]);

#endif
