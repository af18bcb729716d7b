/* SPDX-License-Identifier: GPL-3.0-or-later */
/** @file
 * Numbers, codes, countries, days and units: what is read and written is read
 * again as the same, and what is refused says why and leaves the outcome alone.
 */
#include "fuzz/fuzz.h"

#include "value/country.h"
#include "value/date.h"
#include "value/decimal.h"
#include "value/hs.h"
#include "value/unit.h"

static bool explained(tariff_status status, const tf_why *why, size_t n)
{
    if (status != TARIFF_OK)
        fuzz_require(why->status == status && why->at <= n && *why->message);
    return status == TARIFF_OK;
}

static void check_numbers(const char *text, size_t n)
{
    char        buf[TF_DECIMAL_TEXT];
    tf_why      why;
    tariff_rate rate, again;
    int64_t     value, same;
    for (unsigned places = 0; places <= 9; places++) {
        if (!explained(tf_parse_decimal(text, n, places, "value", &value, &why), &why, n))
            continue;
        fuzz_require(value >= 0);
        size_t length = tf_format_fixed(value, places, 0, buf);
        fuzz_require(tf_parse_decimal(buf, length, places, "value", &same, &why) == TARIFF_OK
                     && same == value);
    }
    if (explained(tf_parse_percent(text, n, &rate, &why), &why, n)) {
        size_t length = tf_format_percent(rate.nano, 9, buf);
        fuzz_require(tf_parse_percent(buf, length, &again, &why) == TARIFF_OK
                     && again.nano == rate.nano);
    }
    if (explained(tf_parse_share(text, n, &rate, &why), &why, n))
        fuzz_require(rate.nano >= 0 && rate.nano <= 1000000000);
}

static void check_codes(const char *text, size_t n)
{
    char           buf[16];
    tf_why         why;
    tariff_hs      code, again = { 0 };
    tariff_country country, same;
    tariff_unit    unit, other;
    if (explained(tf_hs_parse(text, n, &code, &why), &why, n)) {
        size_t length = tariff_hs_format(code, buf);
        fuzz_require(length == tariff_hs_digits(code) && length >= 2 && length <= 12);
        fuzz_require(tariff_hs_parse(buf, length, &again) == TARIFF_OK && again.key == code.key);
        fuzz_require(tariff_hs_covers(tariff_hs_truncate(code, 2), code));
    }
    for (int list = 0; list < 3; list++)
        if (explained(tf_parse_country((tf_country_list)list, text, n, &country, &why), &why, n)) {
            const char *name = tariff_country_alpha2(country);
            fuzz_require(country.id < tariff_country_count());
            fuzz_require(tariff_country_parse(name, strlen(name), &same) == TARIFF_OK
                         && same.id == country.id);
        }
    if (explained(tf_parse_unit(text, n, &unit, &why), &why, n)) {
        const char *name = tariff_unit_name(unit);
        fuzz_require(tariff_unit_parse(name, strlen(name), &other) == TARIFF_OK
                     && other.id == unit.id);
    }
}

static void check_days(const char *text, size_t n)
{
    char        buf[16];
    tf_why      why;
    tariff_date date, again;
    tariff_span span;
    if (explained(tf_parse_date(text, n, &date, &why), &why, n)) {
        tariff_date_format(date, buf);
        fuzz_require(tariff_date_parse(buf, strlen(buf), &again) == TARIFF_OK
                     && again.days == date.days);
    }
    if (explained(tf_parse_period(text, n, &span, &why), &why, n))
        fuzz_require(span.from.days < span.until.days);
}

/* What is shown and guessed of a text of any length. */
static void check_text(const char *text, size_t n)
{
    char word[512], shown[4096];
    snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : sizeof word - 1), text);
    tariff_country guess = tariff_country_guess(word);
    fuzz_require(guess.id == TARIFF_COUNTRY_NONE || guess.id < tariff_country_count());
    size_t length = tariff_text_show(word, shown, sizeof shown);
    fuzz_require(length < sizeof shown && strlen(shown) == length);
    for (size_t i = 0; i < length; i++)
        fuzz_require((unsigned char)shown[i] >= 0x20 || shown[i] == '\n' || shown[i] == '\t');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_numbers((const char *)data, size);
    check_codes((const char *)data, size);
    check_days((const char *)data, size);
    check_text((const char *)data, size);
    return 0;
}
