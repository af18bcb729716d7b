/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/gsim.h"

#include "model/ces.h"

#include <gsl/gsl_linalg.h>
#include <math.h>
#include <stdlib.h>

enum { MOST_ITERATIONS = 60, MOST_HALVINGS = 30, MOST_STEPS = 64 };
static const double TOLERANCE = 1e-12;

struct tf_gsim {
    size_t           room;
    gsl_matrix      *jacobian;
    gsl_vector      *right, *step;
    gsl_permutation *order;
    double *theta;    /**< n x n: share of r in the spending of v, before. */
    double *phi;      /**< n x n: share of v in the sales of r, before. */
    double *ln_tau;   /**< n x n */
    double *ln_buyer; /**< n x n */
    double *weight;   /**< n x n: theta at new prices. */
    double *sold;     /**< n x n: phi x quantity. */
    double *ln_price, *trial, *index, *spending, *sales; /**< n each. */
    bool   *fixed; /**< Price takers, and who sells nothing: their price stays. */
};

tariff_status tf_gsim_new(size_t n, tf_gsim **out)
{
    tf_gsim *g = calloc(1, sizeof *g);
    *out = NULL;
    if (!g || n == 0) {
        free(g);
        return TARIFF_E_NOMEM;
    }
    g->room = n;
    double *cells = calloc(6 * n * n + 5 * n, sizeof *cells);
    g->theta = cells;
    g->fixed = calloc(n, sizeof *g->fixed);
    g->jacobian = gsl_matrix_calloc(n, n);
    g->right = gsl_vector_calloc(n);
    g->step = gsl_vector_calloc(n);
    g->order = gsl_permutation_calloc(n);
    if (!cells || !g->fixed || !g->jacobian || !g->right || !g->step || !g->order) {
        tf_gsim_free(g);
        return TARIFF_E_NOMEM;
    }
    double **const matrices[] = { &g->theta, &g->phi, &g->ln_tau, &g->ln_buyer, &g->weight,
                                  &g->sold };
    double **const vectors[] = { &g->ln_price, &g->trial, &g->index, &g->spending, &g->sales };
    for (size_t i = 0; i < 6; i++, cells += n * n)
        *matrices[i] = cells;
    for (size_t i = 0; i < 5; i++, cells += n)
        *vectors[i] = cells;
    *out = g;
    return TARIFF_OK;
}

void tf_gsim_free(tf_gsim *g)
{
    if (!g)
        return;
    gsl_permutation_free(g->order);
    gsl_vector_free(g->step);
    gsl_vector_free(g->right);
    gsl_matrix_free(g->jacobian);
    free(g->fixed);
    free(g->theta);
    free(g);
}

/* Beginning */

static tf_solved check(const tf_world *w)
{
    size_t n = w->n;
    double all = 0;
    bool   changes = false;
    for (size_t i = 0; i < n; i++)
        if (!(w->demand[i] >= 0 && isfinite(w->demand[i]) && w->substitution[i] > 0
              && isfinite(w->substitution[i]) && w->supply[i] >= 0))
            return TF_BAD_PARAMETER;
    for (size_t i = 0; i < n * n; i++) {
        if (!(w->value[i] >= 0 && w->t0[i] >= 0 && w->t1[i] >= 0 && isfinite(w->value[i])
              && isfinite(w->t0[i]) && isfinite(w->t1[i])))
            return TF_BAD_PARAMETER;
        all += w->value[i];
        changes = changes || (w->value[i] > 0 && w->t0[i] != w->t1[i]);
    }
    if (all == 0)
        return TF_NO_TRADE;
    return changes ? TF_SOLVED : TF_UNTOUCHED;
}

static void leave_untouched(const tf_world *w, tf_world_response *out)
{
    for (size_t i = 0; i < w->n; i++) {
        out->price[i] = 1;
        out->consumer[i] = out->producer[i] = 0;
    }
    for (size_t i = 0; i < w->n * w->n; i++)
        out->quantity[i] = 1;
    out->residual = 0;
    out->iterations = 0;
}

static void set_shares(tf_gsim *g, const tf_world *w)
{
    size_t n = w->n;
    for (size_t i = 0; i < n; i++)
        g->spending[i] = g->sales[i] = 0;
    for (size_t v = 0; v < n; v++)
        for (size_t r = 0; r < n; r++) {
            g->spending[v] += w->value[v * n + r] * (1 + w->t0[v * n + r]);
            g->sales[r] += w->value[v * n + r];
        }
    for (size_t v = 0; v < n; v++)
        for (size_t r = 0; r < n; r++) {
            size_t at = v * n + r;
            double gross = w->value[at] * (1 + w->t0[at]);
            g->theta[at] = g->spending[v] > 0 ? gross / g->spending[v] : 0;
            g->phi[at] = g->sales[r] > 0 ? w->value[at] / g->sales[r] : 0;
        }
    tf_ln_tau(n * n, w->t0, w->t1, g->ln_tau);
    for (size_t r = 0; r < n; r++)
        g->fixed[r] = isinf(w->supply[r]) || g->sales[r] == 0;
}

static tf_solved begin(tf_gsim *g, const tf_world *w, tf_world_response *out)
{
    tf_solved how = w->n <= g->room ? check(w) : TF_BAD_PARAMETER;
    leave_untouched(w, out);
    if (how == TF_SOLVED)
        set_shares(g, w);
    /* A producer who cannot answer sells to buyers who do not: no price is theirs. */
    for (size_t r = 0; how == TF_SOLVED && r < w->n; r++) {
        bool answers = w->supply[r] > 0;
        for (size_t v = 0; v < w->n; v++)
            answers = answers || (g->phi[v * w->n + r] > 0 && w->demand[v] > 0);
        if (g->sales[r] > 0 && !answers)
            return TF_UNDETERMINED;
    }
    return how;
}

/* Solve jacobian x = right into step.  GSL's own check of a singular matrix would abort. */
static bool solve_linear(tf_gsim *g, size_t n)
{
    int             sign;
    gsl_matrix_view a = gsl_matrix_submatrix(g->jacobian, 0, 0, n, n);
    gsl_vector_view b = gsl_vector_subvector(g->right, 0, n);
    gsl_vector_view x = gsl_vector_subvector(g->step, 0, n);
    gsl_permutation p = { n, g->order->data };
    for (size_t r = 0; r < n; r++)
        for (size_t s = 0; s < n; s++)
            if (!isfinite(gsl_matrix_get(&a.matrix, r, s)))
                return false;
    gsl_linalg_LU_decomp(&a.matrix, &p, &sign);
    for (size_t r = 0; r < n; r++)
        if (gsl_matrix_get(&a.matrix, r, r) == 0)
            return false;
    gsl_linalg_LU_solve(&a.matrix, &p, &b.vector, &x.vector);
    for (size_t r = 0; r < n; r++)
        if (!isfinite(gsl_vector_get(&x.vector, r)))
            return false;
    return true;
}

/* Exact */

static void set_quantities(tf_gsim *g, const tf_world *w, const double *ln_price, double part)
{
    size_t n = w->n;
    for (size_t v = 0; v < n; v++) {
        double *ln_buyer = g->ln_buyer + v * n;
        double  sigma = w->substitution[v], shift = sigma - w->demand[v];
        if (g->spending[v] == 0)
            continue;
        for (size_t r = 0; r < n; r++)
            ln_buyer[r] = ln_price[r] + part * g->ln_tau[v * n + r];
        g->index[v] = tf_ces_index(n, g->theta + v * n, ln_buyer, sigma, g->weight + v * n);
        for (size_t r = 0; r < n; r++)
            g->sold[v * n + r] = g->phi[v * n + r] * exp(shift * g->index[v] - sigma * ln_buyer[r]);
    }
}

/* F_r = ln(sum_v phi_rv q_rv) - Ex_r ln p_r into `right`, with its sign turned; the largest. */
static double set_residual(tf_gsim *g, const tf_world *w, const double *ln_price, double part)
{
    size_t n = w->n;
    double most = 0;
    set_quantities(g, w, ln_price, part);
    for (size_t r = 0; r < n; r++) {
        double sum = 0;
        for (size_t v = 0; v < n; v++)
            sum += g->phi[v * n + r] > 0 ? g->sold[v * n + r] : 0;
        double f = g->fixed[r] ? 0 : log(sum) - w->supply[r] * ln_price[r];
        gsl_vector_set(g->right, r, -f);
        if (!(fabs(f) <= most))
            most = fabs(f); /* a NaN stays */
    }
    return most;
}

static void set_jacobian(tf_gsim *g, const tf_world *w)
{
    size_t n = w->n;
    gsl_matrix_set_zero(g->jacobian);
    for (size_t r = 0; r < n; r++) {
        double sum = 0;
        double *row = gsl_matrix_ptr(g->jacobian, r, 0);
        if (g->fixed[r]) {
            row[r] = 1;
            continue;
        }
        for (size_t v = 0; v < n; v++) {
            double sold = g->phi[v * n + r] > 0 ? g->sold[v * n + r] : 0;
            double shift = w->substitution[v] - w->demand[v];
            sum += sold;
            if (sold == 0)
                continue;
            row[r] -= sold * w->substitution[v];
            for (size_t s = 0; s < n; s++)
                row[s] += g->fixed[s] ? 0 : sold * shift * g->weight[v * n + s];
        }
        for (size_t s = 0; s < n; s++)
            row[s] /= sum;
        row[r] -= w->supply[r];
    }
}

/* Damped: a step that does not reduce the residual is halved. */
static bool newton(tf_gsim *g, const tf_world *w, double part, tf_world_response *out)
{
    size_t n = w->n;
    double residual = set_residual(g, w, g->ln_price, part);
    for (unsigned i = 0; i < MOST_ITERATIONS && residual > TOLERANCE; i++) {
        double damping = 1, after = INFINITY;
        set_jacobian(g, w);
        if (!isfinite(residual) || !solve_linear(g, n))
            return false;
        out->iterations++;
        for (unsigned k = 0; k < MOST_HALVINGS; k++, damping /= 2) {
            for (size_t r = 0; r < n; r++)
                g->trial[r] = g->ln_price[r] + damping * gsl_vector_get(g->step, r);
            after = set_residual(g, w, g->trial, part);
            if (after < residual)
                break;
        }
        if (!(after < residual))
            break;
        residual = after;
        for (size_t r = 0; r < n; r++)
            g->ln_price[r] = g->trial[r];
    }
    out->residual = residual;
    return residual <= TOLERANCE;
}

/* From no change to the whole change, in steps that are halved where one fails. */
static bool continue_to(tf_gsim *g, const tf_world *w, tf_world_response *out)
{
    double at = 0, step = 0.25;
    for (size_t r = 0; r < w->n; r++)
        g->ln_price[r] = 0;
    for (unsigned i = 0; i < MOST_STEPS && at < 1; i++) {
        double to = fmin(1, at + step);
        for (size_t r = 0; r < w->n; r++)
            out->price[r] = g->ln_price[r];
        if (newton(g, w, to, out)) {
            at = to;
            continue;
        }
        step /= 2;
        for (size_t r = 0; r < w->n; r++)
            g->ln_price[r] = out->price[r];
    }
    return at == 1;
}

static void fill_exact(tf_gsim *g, const tf_world *w, tf_world_response *out)
{
    size_t n = w->n;
    set_quantities(g, w, g->ln_price, 1);
    for (size_t r = 0; r < n; r++) {
        out->price[r] = exp(g->ln_price[r]);
        out->producer[r] = tf_producer_surplus(g->sales[r], g->ln_price[r], w->supply[r]);
    }
    for (size_t v = 0; v < n; v++) {
        double sigma = w->substitution[v];
        out->consumer[v] = g->spending[v] > 0
                               ? tf_consumer_surplus(g->spending[v], w->demand[v], g->index[v])
                               : 0;
        for (size_t r = 0; r < n; r++)
            out->quantity[v * n + r] = w->value[v * n + r] > 0
                                           ? exp((sigma - w->demand[v]) * g->index[v]
                                                 - sigma * g->ln_buyer[v * n + r])
                                           : 1;
    }
}

/* Linear */

static bool solve_published(tf_gsim *g, const tf_world *w)
{
    size_t n = w->n;
    gsl_matrix_set_zero(g->jacobian);
    for (size_t r = 0; r < n; r++) {
        double *row = gsl_matrix_ptr(g->jacobian, r, 0), right = 0;
        if (g->fixed[r]) {
            row[r] = 1;
            gsl_vector_set(g->right, r, 0);
            continue;
        }
        row[r] = w->supply[r];
        for (size_t v = 0; v < n; v++) {
            double phi = g->phi[v * n + r], shift = w->substitution[v] - w->demand[v];
            for (size_t s = 0; phi > 0 && s < n; s++) {
                double response =
                    phi * (shift * g->theta[v * n + s] - (s == r ? w->substitution[v] : 0));
                right += response * expm1(g->ln_tau[v * n + s]);
                row[s] -= g->fixed[s] ? 0 : response;
            }
        }
        gsl_vector_set(g->right, r, right);
    }
    return solve_linear(g, n);
}

static bool fill_linear(tf_gsim *g, const tf_world *w, bool compat, tf_world_response *out)
{
    size_t n = w->n;
    bool   good = true;
    for (size_t r = 0; r < n; r++) {
        double p = gsl_vector_get(g->step, r);
        double half = isinf(w->supply[r]) ? 0 : w->supply[r] * p / 2;
        out->price[r] = 1 + p;
        out->producer[r] = g->sales[r] * p * (1 + half);
        good = good && p > -1;
    }
    for (size_t v = 0; v < n; v++) {
        double shift = w->substitution[v] - w->demand[v], mean = 0, composite = 0;
        for (size_t s = 0; s < n; s++) {
            double tau = exp(g->ln_tau[v * n + s]), p = gsl_vector_get(g->step, s);
            mean += g->theta[v * n + s] * (p + tau - 1);
            composite += g->theta[v * n + s] * ((1 + p) * tau - 1);
        }
        for (size_t r = 0; r < n; r++) {
            double x = gsl_vector_get(g->step, r) + expm1(g->ln_tau[v * n + r]);
            double q = 1 - w->substitution[v] * x + shift * mean;
            bool   traded = w->value[v * n + r] > 0;
            out->quantity[v * n + r] = traded ? q : 1;
            good = good && (q >= 0 || !traded);
        }
        double curve = -0.5 * w->demand[v] * composite * composite;
        out->consumer[v] = compat ? g->spending[v] * (curve * (composite < 0 ? -1 : 1) - composite)
                                  : -g->spending[v] * (composite + curve);
    }
    return good;
}

tf_solved tf_gsim_linear(tf_gsim *g, const tf_world *world, bool compat, tf_world_response *out)
{
    tf_solved how = begin(g, world, out);
    if (how != TF_SOLVED)
        return how;
    if (!solve_published(g, world))
        return TF_UNDETERMINED;
    return fill_linear(g, world, compat, out) ? TF_SOLVED : TF_BELOW_ZERO;
}

tf_solved tf_gsim_exact(tf_gsim *g, const tf_world *world, tf_world_response *out)
{
    tf_solved how = begin(g, world, out);
    if (how != TF_SOLVED)
        return how;
    bool started = solve_published(g, world);
    for (size_t r = 0; r < world->n; r++) {
        double p = started ? gsl_vector_get(g->step, r) : 0;
        g->ln_price[r] = p > -0.9 ? log1p(p) : 0;
    }
    if (!newton(g, world, 1, out) && !continue_to(g, world, out))
        return TF_NO_CONVERGENCE;
    fill_exact(g, world, out);
    return TF_SOLVED;
}
