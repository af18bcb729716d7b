/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "run/unmade.h"

/* What the scenario wants of a report; NULL if nothing. */
static const char *lack(const tariff_scenario *scenario, int report)
{
    const tf_impact_spec *impact = &scenario->impact;
    if (report == TF_REPORT_SWEEP)
        return scenario->sweep.node ? NULL : "there is no 'sweep'";
    if (scenario->sweep.node)
        return "a sweep writes sweep.csv alone";
    if (report == TF_REPORT_TIMELINE)
        return scenario->dates.given ? NULL : "there are no 'dates'";
    if (report >= TF_FIRST_COMPARE && report <= TF_LAST_BURDEN_COMPARE)
        return scenario->baseline ? NULL : "there is no 'baseline'";
    if (report > TF_LAST_BURDEN_COMPARE && report <= TF_LAST_COMPARE)
        return "an impact is a change already; 'tariff compare' sets two of them side by side";
    if (report == TF_REPORT_SOLVE)
        return scenario->solve ? NULL : "there is no 'solve'";
    if (report < TF_REPORT_IMPACT)
        return NULL;
    if (!impact->node)
        return "there is no 'impact'";
    bool drawn = report == TF_REPORT_IMPACT_BANDS || report == TF_REPORT_IMPACT_SENSITIVITY;
    if (drawn && impact->draws == 0)
        return "'draws' of its impact is 0";
    return report == TF_REPORT_IMPACT_SENSITIVITY && impact->sensitivity == 0
               ? "'sensitivity' of its impact is 0"
               : NULL;
}

/* A point of a sweep has lost these keys, and is asked for on purpose. */
static bool is_of_all_points(int report)
{
    return report == TF_REPORT_SWEEP || report == TF_REPORT_SOLVE
           || (report >= TF_FIRST_COMPARE && report <= TF_LAST_BURDEN_COMPARE);
}

void tf_tell_unmade(tariff_env *env, const tariff_scenario *scenario,
                    const tariff_run_options *options)
{
    if (options->for_comparison)
        return;
    for (int i = 0; i < TF_REPORTS; i++) {
        const tf_node *node = scenario->reports.asked[i];
        const char    *why = node ? lack(scenario, i) : NULL;
        tf_place       place;
        char           excerpt[512];
        if (!why || (options->has_point && is_of_all_points(i)))
            continue;
        bool at_key = node->key && strcmp(node->key, tf_report_name((tf_report)i)) == 0;
        tf_doc_place(node, at_key, &place, excerpt, sizeof excerpt);
        tf_warning(env, &place, NULL, "the report '%s' is not made: %s",
                   tf_report_name((tf_report)i), why);
    }
}
