/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <tariff/status.h>
#include <tariff/version.h>

#define TEXT_(x) #x
#define TEXT(x) TEXT_(x)

const char *tariff_version(void)
{
    return TEXT(TARIFF_VERSION_MAJOR) "." TEXT(TARIFF_VERSION_MINOR) "." TEXT(TARIFF_VERSION_PATCH);
}

const char *tariff_status_name(tariff_status status)
{
    switch (status) {
    case TARIFF_OK: return "ok";
    case TARIFF_E_NOMEM: return "out of memory";
    case TARIFF_E_ARG: return "argument";
    case TARIFF_E_IO: return "input/output";
    case TARIFF_E_LIMIT: return "limit";
    case TARIFF_E_CANCELLED: return "cancelled";
    case TARIFF_E_SYNTAX: return "syntax";
    case TARIFF_E_SCHEMA: return "schema";
    case TARIFF_E_VALUE: return "value";
    case TARIFF_E_REFERENCE: return "reference";
    case TARIFF_E_CONFLICT: return "conflict";
    case TARIFF_E_OVERFLOW: return "overflow";
    case TARIFF_E_CONVERGENCE: return "convergence";
    }
    return "unknown";
}

int tariff_status_is_input(tariff_status status)
{
    return (status >= TARIFF_E_SYNTAX && status != TARIFF_E_CONVERGENCE)
           || status == TARIFF_E_LIMIT;
}
