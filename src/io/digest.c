/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <unistd.h>

tf_sha256 *tf_sha256_new(void)
{
    tf_sha256 *sha256 = EVP_MD_CTX_new();
    if (sha256 && EVP_DigestInit_ex(sha256, EVP_sha256(), NULL))
        return sha256;
    EVP_MD_CTX_free(sha256);
    return NULL;
}

void tf_sha256_free(tf_sha256 *sha256)
{
    EVP_MD_CTX_free(sha256);
}

void tf_sha256_add(tf_sha256 *sha256, const void *bytes, size_t n)
{
    EVP_DigestUpdate(sha256, bytes, n);
}

void tf_sha256_end(tf_sha256 *sha256, char out[TF_SHA256_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char     hash[EVP_MAX_MD_SIZE];
    EVP_DigestFinal_ex(sha256, hash, NULL);
    for (size_t i = 0; i < (TF_SHA256_TEXT - 1) / 2; i++) {
        out[2 * i] = digits[hash[i] >> 4];
        out[2 * i + 1] = digits[hash[i] & 15];
    }
    out[TF_SHA256_TEXT - 1] = '\0';
}

static tariff_status cannot_read(tariff_env *env, const char *path)
{
    tf_place here = { .file = path };
    return tf_error(env, TARIFF_E_IO, &here, NULL, "cannot read: %s", strerror(errno));
}

static tariff_status add_all(tariff_env *env, const char *path, int fd, tf_sha256 *sha256)
{
    unsigned char buf[32 * 1024];
    ssize_t       n;
    while ((n = read(fd, buf, sizeof buf)) != 0) {
        if (n < 0 && errno != EINTR)
            return cannot_read(env, path);
        if (n > 0)
            tf_sha256_add(sha256, buf, (size_t)n);
    }
    return TARIFF_OK;
}

tariff_status tf_sha256_file(tariff_env *env, const char *path, char out[TF_SHA256_TEXT])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cannot_read(env, path);
    tf_sha256    *sha256 = tf_sha256_new();
    tariff_status status = sha256 ? add_all(env, path, fd, sha256) : TARIFF_E_NOMEM;
    if (status == TARIFF_OK)
        tf_sha256_end(sha256, out);
    tf_sha256_free(sha256);
    close(fd);
    return status;
}
