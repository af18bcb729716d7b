/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Symbol visibility and the compiler attributes used anywhere in the project.
 */
#ifndef TARIFF_EXPORT_H
#define TARIFF_EXPORT_H

#if defined(__GNUC__)
#  define TARIFF_API __attribute__((visibility("default")))
#  define TARIFF_MUST_CHECK __attribute__((warn_unused_result))
#  define TARIFF_PRINTF(text, first) __attribute__((format(printf, text, first)))
#  define TARIFF_ALWAYS_INLINE inline __attribute__((always_inline))
#else
#  define TARIFF_API
#  define TARIFF_MUST_CHECK
#  define TARIFF_PRINTF(text, first)
#  define TARIFF_ALWAYS_INLINE inline
#endif

#ifdef __cplusplus
#  define TARIFF_BEGIN_DECLS extern "C" {
#  define TARIFF_END_DECLS   }
#else
#  define TARIFF_BEGIN_DECLS
#  define TARIFF_END_DECLS
#endif

#endif
