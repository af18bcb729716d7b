/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Build tool: writes the country tables of country_table.h as C.
 *
 *     make_country_table iso_3166-1.json schedule_c.csv > country_table.c
 *
 * The names and codes come from Debian's iso-codes; XK (Kosovo) is added, a
 * user-assigned code that trade statistics use.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 300 };

typedef struct row {
    const char *alpha2, *alpha3, *name;
    int         numeric;
} row;

static row    rows[MOST];
static size_t row_count;

static int by_alpha2(const void *a, const void *b)
{
    return strcmp(((const row *)a)->alpha2, ((const row *)b)->alpha2);
}

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static int read_iso(const char *path)
{
    json_error_t error;
    json_t      *root = json_load_file(path, 0, &error);
    if (!root) {
        fprintf(stderr, "%s:%d: %s\n", path, error.line, error.text);
        return 0;
    }
    size_t  i;
    json_t *entry;
    json_array_foreach(json_object_get(root, "3166-1"), i, entry)
    {
        const char *common = text_of(entry, "common_name");
        row         r = { text_of(entry, "alpha_2"), text_of(entry, "alpha_3"),
                          common ? common : text_of(entry, "name"),
                          atoi(text_of(entry, "numeric")) };
        rows[row_count++] = r;
    }
    rows[row_count++] = (row){ "XK", "XKX", "Kosovo", 0 };
    qsort(rows, row_count, sizeof rows[0], by_alpha2);
    return 1;
}

static int id_of(const char *alpha2)
{
    for (size_t i = 0; i < row_count; i++)
        if (strcmp(rows[i].alpha2, alpha2) == 0)
            return (int)i;
    return -1;
}

/* Codes to look up by: letters as a number with the base 26, as country.c reads them. */

typedef struct coded {
    int code, id;
} coded;

static int by_code(const void *a, const void *b)
{
    return ((const coded *)a)->code - ((const coded *)b)->code;
}

static int letters(const char *text)
{
    int n = 0;
    for (; *text; text++)
        n = n * 26 + (*text - 'A');
    return n;
}

static int alpha2_of(const row *r)
{
    return letters(r->alpha2);
}

static int alpha3_of(const row *r)
{
    return letters(r->alpha3);
}

static int numeric_of(const row *r)
{
    return r->numeric;
}

static void write_codes(const char *name, int (*code_of)(const row *r))
{
    coded  codes[MOST] = { { 0, 0 } };
    size_t n = 0;
    for (size_t i = 0; i < row_count; i++)
        if (code_of(&rows[i]) || code_of != numeric_of) /* no number: no code */
            codes[n++] = (coded){ code_of(&rows[i]), (int)i };
    qsort(codes, n, sizeof codes[0], by_code);
    printf("const tf_country_code %s[] = {\n", name);
    for (size_t i = 0; i < n; i++)
        printf("    { %d, %d },\n", codes[i].code, codes[i].id);
    printf("};\nconst unsigned %s_count = %zu;\n\n", name, n);
}

static int write_schedule_c(const char *path)
{
    char  line[256];
    FILE *file = fopen(path, "r");
    int   ok = file != NULL;
    puts("const tf_country_code tf_schedule_c[] = {");
    while (file && fgets(line, sizeof line, file)) {
        int  code;
        char alpha2[3];
        if (sscanf(line, "%d,%2s", &code, alpha2) != 2)
            continue; /* header and comments */
        if (id_of(alpha2) < 0) {
            fprintf(stderr, "%s: unknown country in '%s'\n", path, line);
            ok = 0;
        }
        printf("    { %d, %d },\n", code, id_of(alpha2));
    }
    puts("};\nconst unsigned tf_schedule_c_count = sizeof tf_schedule_c / sizeof tf_schedule_c[0];");
    if (file)
        fclose(file);
    return ok;
}

int main(int argc, char **argv)
{
    if (argc != 3 || !read_iso(argv[1]))
        return 1;
    puts("/* Made by make_country_table. */\n#include \"value/country_table.h\"\n");
    puts("const tf_country_row tf_country_rows[] = {");
    for (size_t i = 0; i < row_count; i++)
        printf("    { \"%s\", \"%s\", %d, \"%s\" },\n", rows[i].alpha2, rows[i].alpha3,
               rows[i].numeric, rows[i].name);
    printf("};\nconst unsigned tf_country_row_count = %zu;\n\n", row_count);
    write_codes("tf_country_alpha2s", alpha2_of);
    write_codes("tf_country_alpha3s", alpha3_of);
    write_codes("tf_country_numerics", numeric_of);
    return write_schedule_c(argv[2]) && fflush(stdout) == 0 ? 0 : 1;
}
