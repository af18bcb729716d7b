/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "io/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

void tf_sha256_end(tf_sha256 *sha256, char out[TF_SHA256_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t           hash[SHA256_DIGEST_SIZE];
    sha256_digest(sha256, sizeof hash, hash);
    for (size_t i = 0; i < sizeof hash; i++) {
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
            sha256_update(sha256, (size_t)n, buf);
    }
    return TARIFF_OK;
}

tariff_status tf_sha256_file(tariff_env *env, const char *path, char out[TF_SHA256_TEXT])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return cannot_read(env, path);
    tf_sha256 sha256;
    sha256_init(&sha256);
    tariff_status status = add_all(env, path, fd, &sha256);
    if (status == TARIFF_OK)
        tf_sha256_end(&sha256, out);
    close(fd);
    return status;
}
