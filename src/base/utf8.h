/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TF_BASE_UTF8_H
#define TF_BASE_UTF8_H

#include <stddef.h>

/** Length of the longest valid UTF-8 beginning of a text. */
size_t tf_utf8_valid(const char *text, size_t length);

#endif
