/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_IO_DIGEST_H
#define TF_IO_DIGEST_H

#include "base/diag.h"

#define TF_SHA256_TEXT 65

/** SHA-256 of a file as it is stored, in hexadecimal. */
tariff_status tf_sha256_file(tariff_env *env, const char *path, char out[TF_SHA256_TEXT]);

#endif
