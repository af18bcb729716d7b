/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TARIFF_VERSION_H
#define TARIFF_VERSION_H

#include <tariff/export.h>

TARIFF_BEGIN_DECLS

#define TARIFF_VERSION_MAJOR 0
#define TARIFF_VERSION_MINOR 1
#define TARIFF_VERSION_PATCH 0
#define TARIFF_VERSION_NUMBER(major, minor, patch) ((major) * 10000 + (minor) * 100 + (patch))
#define TARIFF_VERSION_AT_LEAST(major, minor, patch)                                       \
    (TARIFF_VERSION_NUMBER(TARIFF_VERSION_MAJOR, TARIFF_VERSION_MINOR, TARIFF_VERSION_PATCH) \
     >= TARIFF_VERSION_NUMBER(major, minor, patch))

/**
 * Version of the library at run time ("0.1.0"); may be newer than the header's.
 * Ownership: lives for ever; threads: any; failure: none.
 */
TARIFF_API const char *tariff_version(void);

TARIFF_END_DECLS

#endif
