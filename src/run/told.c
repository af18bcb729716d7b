/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/told.h"

void tf_told_init(tf_told *told, tariff_env *env, const tariff_sink *sink)
{
    static const tariff_burdens none = TARIFF_BURDENS_INIT;
    memset(told, 0, sizeof *told);
    told->env = env;
    told->sink = sink;
    told->columns = none;
}

void tf_told_free(tf_told *told)
{
    tf_free(told->env, told->memory, told->bytes);
}

tariff_status tf_told_reserve(tf_told *told, size_t rows)
{
    enum { WIDTH = 3 * sizeof(tariff_money) + sizeof(tariff_rate) + sizeof(uint8_t) };
    if (rows <= told->room)
        return TARIFF_OK;
    if (rows > SIZE_MAX / WIDTH)
        return TARIFF_E_NOMEM;
    char *memory = tf_alloc(told->env, rows * WIDTH);
    TF_NEED(memory);
    tf_free(told->env, told->memory, told->bytes);
    told->memory = memory;
    told->bytes = rows * WIDTH;
    told->room = rows;
    told->columns.duty = (tariff_money *)(void *)memory;
    told->columns.ordinary = told->columns.duty + rows;
    told->columns.additional = told->columns.ordinary + rows;
    told->columns.rate = (tariff_rate *)(void *)(told->columns.additional + rows);
    told->columns.flags = (uint8_t *)(told->columns.rate + rows);
    return TARIFF_OK;
}

tariff_status tf_told_set(tf_told *told, size_t row, const tariff_law *law,
                          const tf_burden *burden, int64_t value)
{
    tariff_burden out = TARIFF_BURDEN_INIT;
    if (burden)
        TF_TRY(tf_burden_tell(law, burden, value, &out));
    else
        out.flags = TARIFF_BURDEN_OUTSIDE;
    tf_burdens_put(&told->columns, row, &out);
    return TARIFF_OK;
}

tariff_status tf_told_put(tf_told *told, size_t count)
{
    if (count == 0)
        return TARIFF_OK;
    TF_TRY(told->sink->put(told->sink->user, told->first, count, &told->columns));
    told->first += count;
    return TARIFF_OK;
}
