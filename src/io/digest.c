/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <unistd.h>

static tariff_status digest_fd(tariff_env *env, const char *path, int fd, EVP_MD_CTX *context,
                               char out[TF_SHA256_TEXT])
{
    unsigned char buf[32 * 1024], hash[EVP_MAX_MD_SIZE];
    unsigned      length = 0;
    ssize_t       n;
    if (!EVP_DigestInit_ex(context, EVP_sha256(), NULL))
        return TARIFF_E_NOMEM;
    while ((n = read(fd, buf, sizeof buf)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            tf_place here = { .file = path };
            return tf_error(env, TARIFF_E_IO, &here, NULL, "cannot read: %s", strerror(errno));
        }
        EVP_DigestUpdate(context, buf, (size_t)n);
    }
    EVP_DigestFinal_ex(context, hash, &length);
    for (unsigned i = 0; i < length; i++)
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
    return TARIFF_OK;
}

tariff_status tf_sha256_file(tariff_env *env, const char *path, char out[TF_SHA256_TEXT])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        tf_place here = { .file = path };
        return tf_error(env, TARIFF_E_IO, &here, NULL, "cannot read: %s", strerror(errno));
    }
    EVP_MD_CTX   *context = EVP_MD_CTX_new();
    tariff_status status = context ? digest_fd(env, path, fd, context, out) : TARIFF_E_NOMEM;
    EVP_MD_CTX_free(context);
    close(fd);
    return status;
}
