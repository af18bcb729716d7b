/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/diag.h"

#include "base/utf8.h"

#include <stdio.h>

/* Memory may have run out because it was not to be used: that is the hint. */
static const char *limit_of_memory(const tariff_env *env, const tf_place *place, char *buf,
                                   size_t size)
{
    tariff_memory memory = TARIFF_MEMORY_INIT;
    tariff_env_memory(env, &memory);
    if (!memory.refused)
        return NULL;
    if (memory.reading && !(place && place->line))
        snprintf(buf, size, "more than %zu bytes, the limit of memory; '%s' was being read",
                 memory.limit, memory.reading);
    else
        snprintf(buf, size, "more than %zu bytes, the limit of memory", memory.limit);
    tf_budget_told(env->account.budget);
    return buf;
}

static void emit(tariff_env *env, tariff_severity severity, tariff_status status,
                 const tf_place *place, const char *hint, const char *format, va_list args)
{
    char message[1024], limit[TF_READING_TEXT + 96];
    vsnprintf(message, sizeof message, format, args);
    if (status == TARIFF_E_NOMEM)
        hint = limit_of_memory(env, place, limit, sizeof limit);
    tariff_diag diag = { .size = sizeof diag,
                         .severity = severity,
                         .status = status,
                         .message = message,
                         .hint = hint && *hint ? hint : NULL };
    if (place) {
        diag.file = place->file;
        diag.line = place->line;
        diag.column = place->column;
        diag.field = place->field;
        diag.excerpt = place->excerpt;
    }
    tf_forward(env, &diag);
}

tf_hush tf_hush_begin(tariff_env *env)
{
    tf_hush hush = { env->on_diag, env->on_diag_user, env->errors, env->warnings,
                     env->first_error };
    env->on_diag = NULL;
    return hush;
}

void tf_hush_end(tariff_env *env, const tf_hush *hush)
{
    env->on_diag = hush->on_diag;
    env->on_diag_user = hush->on_diag_user;
    env->errors = hush->errors;
    env->warnings = hush->warnings;
    env->first_error = hush->first_error;
}

void tf_forward(tariff_env *env, const tariff_diag *diag)
{
    if (diag->severity == TARIFF_ERROR) {
        if (env->errors == env->errors_at_begin)
            env->first_error = diag->status;
        env->errors++;
    } else if (diag->severity == TARIFF_WARNING) {
        env->warnings++;
    }
    if (env->on_diag)
        env->on_diag(env->on_diag_user, diag);
}

tariff_status tf_because(tf_why *why, tariff_status status, size_t at, const char *hint,
                         const char *format, ...)
{
    if (why) {
        va_list args;
        why->status = status;
        why->at = at;
        va_start(args, format);
        vsnprintf(why->message, sizeof why->message, format, args);
        va_end(args);
        snprintf(why->hint, sizeof why->hint, "%s", hint ? hint : "");
    }
    return status;
}

tariff_status tf_no_memory(tf_why *why)
{
    return tf_because(why, TARIFF_E_NOMEM, 0, NULL, "out of memory");
}

tariff_status tf_error(tariff_env *env, tariff_status status, const tf_place *place,
                       const char *hint, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    emit(env, TARIFF_ERROR, status, place, hint, format, args);
    va_end(args);
    return status;
}

void tf_warning(tariff_env *env, const tf_place *place, const char *hint, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    emit(env, TARIFF_WARNING, TARIFF_OK, place, hint, format, args);
    va_end(args);
}

void tf_note(tariff_env *env, const tf_place *place, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    emit(env, TARIFF_NOTE, TARIFF_OK, place, NULL, format, args);
    va_end(args);
}

void tf_begin(tariff_env *env)
{
    env->errors_at_begin = env->errors;
    env->first_error = TARIFF_OK;
}

bool tf_may_go_on(const tariff_env *env)
{
    return env->errors - env->errors_at_begin < env->limits.max_errors;
}

tariff_status tf_end(const tariff_env *env)
{
    return env->errors == env->errors_at_begin ? TARIFF_OK : env->first_error;
}

/* Formatting */

typedef struct text_out {
    char  *buf;
    size_t size, n;
} text_out;

static void put(text_out *out, char c)
{
    if (out->n + 1 < out->size)
        out->buf[out->n] = c;
    out->n++;
}

/* A byte that may not reach a terminal as it is: of a control character (also U+0080 to U+009F,
 * c2 80 to c2 9f, of which both bytes come here in turn) or of no character at all. */
static bool is_unsafe(const char *text, size_t valid)
{
    unsigned char c = (unsigned char)text[0];
    return valid == 0 || (c & 0xc0) == 0x80 || (c < 0x20 && c != '\t') || c == 0x7f
           || (c == 0xc2 && (unsigned char)text[1] < 0xa0);
}

static size_t character_length(unsigned char c)
{
    return c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
}

/* Input is shown with what is unsafe escaped; tabs stay, they are harmless. */
static void put_shown(text_out *out, const char *text)
{
    static const char hex[] = "0123456789abcdef";
    size_t            length = strlen(text), valid = tf_utf8_valid(text, length);
    for (size_t i = 0; i < length;) {
        if (i > valid)
            valid = i + tf_utf8_valid(text + i, length - i);
        unsigned char c = (unsigned char)text[i];
        if (!is_unsafe(text + i, valid - i)) {
            for (size_t n = character_length(c); n > 0; n--)
                put(out, text[i++]);
            continue;
        }
        put(out, '\\');
        put(out, 'x');
        put(out, hex[c >> 4]);
        put(out, hex[c & 15]);
        i++;
    }
}

/* As many blanks as the text before the caret is wide; a tab stays a tab. */
static void put_blanks(text_out *out, const char *text, size_t length)
{
    size_t valid = tf_utf8_valid(text, length);
    for (size_t i = 0; i < length;) {
        if (i > valid)
            valid = i + tf_utf8_valid(text + i, length - i);
        bool unsafe = is_unsafe(text + i, valid - i);
        for (int n = unsafe ? 4 : 1; n > 0; n--)
            put(out, text[i] == '\t' ? '\t' : ' ');
        i += unsafe ? 1 : character_length((unsigned char)text[i]);
    }
}

size_t tariff_text_show(const char *text, char *buf, size_t size)
{
    text_out out = { buf, size, 0 };
    put_shown(&out, text);
    if (size)
        buf[out.n < size ? out.n : size - 1] = '\0';
    return out.n;
}

static void put_number(text_out *out, uint32_t n)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%u", n);
    put_shown(out, digits);
}

enum { EXCERPT_WIDTH = 160, EXCERPT_BEFORE = 60 };

/* A long line is cut to a window around the column. */
static void put_excerpt(text_out *out, const tariff_diag *diag)
{
    char   window[EXCERPT_WIDTH + 1];
    size_t length = strlen(diag->excerpt), start = 0;
    size_t column = diag->column ? diag->column - 1 : 0;
    while (length && (diag->excerpt[length - 1] == '\n' || diag->excerpt[length - 1] == '\r'))
        length--;
    if (column > length)
        column = length;
    if (length > EXCERPT_WIDTH && column > EXCERPT_BEFORE)
        start = column - EXCERPT_BEFORE;
    /* Never begin inside a UTF-8 sequence. */
    while (start > 0 && ((unsigned char)diag->excerpt[start] & 0xC0) == 0x80)
        start--;
    size_t shown = length - start;
    if (shown > EXCERPT_WIDTH)
        shown = EXCERPT_WIDTH;
    while (shown > 0 && start + shown < length
           && ((unsigned char)diag->excerpt[start + shown] & 0xC0) == 0x80)
        shown--;
    memcpy(window, diag->excerpt + start, shown);
    window[shown] = '\0';
    put(out, '\n');
    for (int i = 0; i < 4; i++)
        put(out, ' ');
    put_shown(out, window);
    if (!diag->column)
        return;
    put(out, '\n');
    for (int i = 0; i < 4; i++)
        put(out, ' ');
    put_blanks(out, window, column < start + shown ? column - start : shown);
    put(out, '^');
}

size_t tariff_diag_format(const tariff_diag *diag, char *buf, size_t size)
{
    static const char *const words[] = { "note", "warning", "error" };
    text_out                 out = { buf, size, 0 };
    if (diag->file) {
        put_shown(&out, diag->file);
        put(&out, ':');
        if (diag->line) {
            put_number(&out, diag->line);
            put(&out, ':');
            if (diag->column) {
                put_number(&out, diag->column);
                put(&out, ':');
            }
        }
        put(&out, ' ');
    }
    put_shown(&out, words[diag->severity]);
    put_shown(&out, ": ");
    put_shown(&out, diag->message);
    if (diag->excerpt && *diag->excerpt)
        put_excerpt(&out, diag);
    if (diag->hint) {
        put(&out, '\n');
        put_shown(&out, "    hint: ");
        put_shown(&out, diag->hint);
    }
    if (size)
        buf[out.n < size ? out.n : size - 1] = '\0';
    return out.n;
}
