/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "convert/describe.h"

#include "base/ascii.h"
#include "convert/duty.h"

/* The bytes of a tag such as <i> or </sup> that begins here, or 0. */
static size_t tag_length(const char *s, size_t left)
{
    enum { LONGEST = 12 };
    size_t n = left > 1 && s[1] == '/' ? 2 : 1;
    if (s[0] != '<' || left < 3 || !tf_is_alpha(s[n]))
        return 0;
    while (n < left && n < LONGEST && s[n] != '>')
        n++;
    return n < left && s[n] == '>' ? n + 1 : 0;
}

static size_t drop_tags(char *text, size_t length)
{
    size_t n = 0;
    for (size_t i = 0; i < length;) {
        size_t tag = tag_length(text + i, length - i);
        if (tag == 0)
            text[n++] = text[i++];
        i += tag;
    }
    text[n] = '\0';
    return n;
}

static bool is_other(const char *text)
{
    return (text[0] == 'O' || text[0] == 'o') && strncmp(text + 1, "ther", 4) == 0
           && !tf_is_alpha(text[5]);
}

const char *tf_describe(tf_describer *describer, tf_arena *arena, unsigned indent,
                        const char *text, size_t length)
{
    if (!tf_vec_reserve(arena, &describer->level[indent].at, &describer->level[indent].room,
                        length + 1, 1))
        return NULL;
    char  *own = describer->level[indent].at;
    size_t n = tf_one_line(text, length, own, describer->level[indent].room);
    n = drop_tags(own, n == SIZE_MAX ? 0 : n);
    while (n && (own[n - 1] == ':' || own[n - 1] == ' '))
        own[--n] = '\0';
    describer->level[indent].n = n;
    for (unsigned i = indent + 1; i < TF_INDENTS; i++)
        describer->level[i].n = 0;
    /* Above what is called "other", down to the first text that says more. */
    unsigned first = indent;
    while (first > 0 && (describer->level[first].n == 0 || is_other(describer->level[first].at)))
        first--;
    describer->whole.n = 0;
    for (unsigned i = first; i <= indent; i++) {
        size_t part = describer->level[i].n, old = describer->whole.n;
        if (part == 0)
            continue;
        if (!tf_vec_reserve(arena, &describer->whole.at, &describer->whole.room, old + part + 3,
                            1))
            return NULL;
        if (old) {
            memcpy(describer->whole.at + old, ": ", 2);
            old += 2;
        }
        memcpy(describer->whole.at + old, describer->level[i].at, part + 1);
        describer->whole.n = old + part;
    }
    return describer->whole.n ? describer->whole.at : "";
}
