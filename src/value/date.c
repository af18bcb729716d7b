/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "value/date.h"

/* Days of the proleptic Gregorian calendar, counted in 400-year eras that begin
 * on 1 March (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms"). */
static int32_t days_of(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int era = y / 400;
    int of_era = y - era * 400;
    int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static void civil_of(int32_t days, int *year, int *month, int *day)
{
    int z = days + 719468;
    int era = z / 146097;
    int of_era = z - era * 146097;
    int y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = of_era - (365 * y + y / 4 - y / 100);
    int m = (5 * of_year + 2) / 153;
    *day = of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = y + era * 400 + (*month <= 2);
}

static int month_length(int year, int month)
{
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : lengths[month - 1];
}

static inline int digits(const char *text, size_t n, unsigned *wrong)
{
    int number = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned digit = (unsigned char)text[i] - (unsigned)'0';
        *wrong |= digit > 9;
        number = number * 10 + (int)digit;
    }
    return number;
}

/* Mostly all of it is there, and right. */
static bool parse_whole(const char *text, int parts[3])
{
    unsigned wrong = text[4] != '-' || text[7] != '-';
    parts[0] = digits(text, 4, &wrong);
    parts[1] = digits(text + 5, 2, &wrong);
    parts[2] = digits(text + 8, 2, &wrong);
    return !wrong;
}

/* "2024-07-15" and its first parts; `fields` is how many were there. */
static bool parse_fields(const char *text, size_t length, int parts[3], int *fields)
{
    static const size_t ends[] = { 4, 7, 10 };
    size_t              i = 0;
    *fields = 3;
    if (length == 10 && parse_whole(text, parts))
        return true;
    for (*fields = 0; *fields < 3; ++*fields) {
        int n = 0;
        if (i == length)
            break;
        if (*fields > 0 && text[i++] != '-')
            return false;
        for (; i < ends[*fields]; i++) {
            if (i >= length || text[i] < '0' || text[i] > '9')
                return false;
            n = n * 10 + (text[i] - '0');
        }
        parts[*fields] = n;
    }
    return *fields > 0 && i == length;
}

static tariff_status check_fields(const char *text, size_t length, const int parts[3], int fields,
                                  tf_why *why)
{
    if (parts[0] < 1600)
        return tf_because(why, TARIFF_E_VALUE, 0, NULL, "the year of '%.*s' is before 1600",
                          (int)length, text);
    if (fields > 1 && (parts[1] < 1 || parts[1] > 12))
        return tf_because(why, TARIFF_E_VALUE, 5, "dates are year-month-day, such as 2025-08-27",
                          "there is no month %02d in '%.*s'", parts[1], (int)length, text);
    if (fields > 2 && (parts[2] < 1 || parts[2] > month_length(parts[0], parts[1])))
        return tf_because(why, TARIFF_E_VALUE, 8, NULL, "'%.*s' is not a day of the calendar",
                          (int)length, text);
    return TARIFF_OK;
}

tariff_status tf_parse_date(const char *text, size_t length, tariff_date *out, tf_why *why)
{
    int parts[3], fields;
    if (!parse_fields(text, length, parts, &fields) || fields != 3)
        return tf_because(why, TARIFF_E_VALUE, 0, "dates are year-month-day, such as 2025-08-27",
                          "'%.*s' is not a date", (int)length, text);
    TF_TRY(check_fields(text, length, parts, fields, why));
    out->days = days_of(parts[0], parts[1], parts[2]);
    return TARIFF_OK;
}

tariff_status tf_parse_period(const char *text, size_t length, tariff_span *out, tf_why *why)
{
    int parts[3] = { 0, 1, 1 }, fields;
    if (!parse_fields(text, length, parts, &fields))
        return tf_because(why, TARIFF_E_VALUE, 0, "a period is 2024, 2024-07 or 2024-07-15",
                          "'%.*s' is not a period", (int)length, text);
    TF_TRY(check_fields(text, length, parts, fields, why));
    int year = parts[0], month = fields > 1 ? parts[1] : 1, day = fields > 2 ? parts[2] : 1;
    out->from.days = days_of(year, month, day);
    if (fields == 1)
        out->until.days = days_of(year + 1, 1, 1);
    else if (fields == 2)
        out->until.days = out->from.days + month_length(year, month);
    else
        out->until.days = out->from.days + 1;
    return TARIFF_OK;
}

/* The last `width` digits of n, and what follows them. */
static char *put_digits(char *out, int n, int width, char after)
{
    for (int i = width; i-- > 0; n /= 10)
        out[i] = (char)('0' + n % 10);
    out[width] = after;
    return out + width + 1;
}

/* "2025-08-27", or its first `fields` parts. */
static void format_fields(tariff_date date, int fields, char buf[16])
{
    int year, month, day;
    civil_of(date.days, &year, &month, &day);
    buf = put_digits(buf, year, 4, fields > 1 ? '-' : '\0');
    if (fields > 1)
        buf = put_digits(buf, month, 2, fields > 2 ? '-' : '\0');
    if (fields > 2)
        put_digits(buf, day, 2, '\0');
}

void tf_format_period(tariff_span period, char buf[16])
{
    int32_t days = period.until.days - period.from.days;
    format_fields(period.from, days > 31 ? 1 : days > 1 ? 2 : 3, buf);
}

tariff_status tariff_date_parse(const char *text, size_t length, tariff_date *out)
{
    return tf_parse_date(text, length, out, NULL);
}

void tariff_date_format(tariff_date date, char buf[16])
{
    buf[0] = '\0';
    if (date.days != TARIFF_DATE_MIN && date.days != TARIFF_DATE_MAX)
        format_fields(date, 3, buf);
}
