/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARIFF_DIAG_H
#define TARIFF_DIAG_H

#include <stddef.h>
#include <stdint.h>
#include <tariff/status.h>

TARIFF_BEGIN_DECLS

typedef enum tariff_severity {
    TARIFF_NOTE = 0,
    TARIFF_WARNING = 1,
    TARIFF_ERROR = 2
} tariff_severity;

/**
 * One message about one place.  A loader reports all it finds, up to
 * tariff_limits.max_errors, rather than the first.
 *
 * All pointers are valid during the callback only; copy what you keep.
 * The struct grows at its end: read a field only if it lies within `size`.
 */
typedef struct tariff_diag {
    size_t          size;
    tariff_severity severity;
    tariff_status   status;
    const char     *message; /**< One sentence, UTF-8, no newline. */
    const char     *hint;    /**< How to mend it, or NULL. */
    const char     *file;    /**< As the caller named it, "-" for standard input, or NULL. */
    uint32_t        line;    /**< From 1; 0 if the message is about no line. */
    uint32_t        column;  /**< From 1, in bytes; 0 if unknown. */
    const char     *field;   /**< CSV column or key path ("changes[1].rate"), or NULL. */
    const char     *excerpt; /**< The line itself, or NULL. */
} tariff_diag;

/** Receives diagnostics, on the thread that runs the operation. */
typedef void (*tariff_diag_fn)(void *user, const tariff_diag *diag);

/**
 * Write a diagnostic as compilers do: `file:line:column: error: message`, the
 * line with a caret, the hint.  Control characters of the input are shown as
 * escapes, so that a hostile file cannot drive a terminal.
 *
 * @return the length needed, without the final NUL, as snprintf() does.
 * Ownership: `buf` is the caller's; threads: any; failure: none: a text that
 * does not fit is cut.
 */
TARIFF_API size_t tariff_diag_format(const tariff_diag *diag, char *buf, size_t size);

/**
 * Write a text of the input as tariff_diag_format() shows it; returns as it does.
 * Ownership: `buf` is the caller's; threads: any; failure: none: a text that
 * does not fit is cut.
 */
TARIFF_API size_t tariff_text_show(const char *text, char *buf, size_t size);

TARIFF_END_DECLS

#endif
