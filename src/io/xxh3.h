/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * XXH3 over much text: with the widest registers that the processor has, where
 * the library can choose.
 */
#ifndef TF_IO_XXH3_H
#define TF_IO_XXH3_H

#ifdef TARIFF_XXHASH_CHOOSES
#include <xxh_x86dispatch.h>
#else
#include <xxhash.h>
#endif

#endif
