/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_TOPICS_H
#define CLI_TOPICS_H

/** A text of `tariff help`. */
typedef struct topic {
    const char *name, *summary, *text;
} topic;

/** Ends with a NULL name. */
extern const topic topics[];

#endif
