/* Oracles: the table and the judgement.
 *
 * A row passes on two conditions: the estimate is within four standard errors of the expected
 * value, and the standard error is so small that an error of the stated size could not hide behind
 * it. The second is what keeps a short run from passing on noise. An estimate without any spread
 * (each order of one line is one parcel) has z 0 when it is right and infinity when it is not.
 */
#include "cli/oracle.h"
#include "shell/csv.h"
#include "shell/spelling.h"
#include "shell/units.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define Z_MAX 4.0
#define SIGMA_SHARE_MAX 0.003
#define EXACT_DEFAULT 1e-9
#define ROUNDING 1e-9 /* of expected values written with nine decimals, relative */

static const char *const column_names[] = {"oracle",   "group",     "kind",
                                           "scenario", "overrides", "measure",
                                           "expected", "tolerance", "unit"};
enum { ORACLE, GROUP, KIND, SCENARIO, OVERRIDES, MEASURE, EXPECTED, TOLERANCE, UNIT, COLUMN_COUNT };

static const char *const kind_names[] = {"simulated", "distance", "nearest", "figures",
                                         "words",     "imported", "fitted",  NULL};

static void free_row(void *data)
{
    struct oracle_row *row = data;

    g_free(row->oracle);
    g_free(row->group);
    g_strfreev(row->groups);
    g_free(row->scenario);
    g_free(row->overrides);
    g_free(row->measure);
    g_free(row->expected_text);
    g_free(row->unit);
    g_free(row->got_text);
    g_free(row);
}

/* "exact:1e-6" */
static gboolean parse_after(const char *text, const char *prefix, double *ret_number)
{
    return g_str_has_prefix(text, prefix) &&
           units_parse_number(text + strlen(prefix), ret_number, NULL) && *ret_number > 0;
}

static gboolean parse_tolerance(struct oracle_row *row, const char *text)
{
    g_autofree char *percent =
        g_str_has_suffix(text, "%") ? g_strndup(text, strlen(text) - 1) : NULL;

    if (strcmp(text, "3se") == 0) {
        row->tolerance = ORACLE_SIGMAS;
        return TRUE;
    }
    if (strcmp(text, "exact") == 0) {
        row->tolerance = ORACLE_EXACT;
        row->tolerance_size = EXACT_DEFAULT;
        return TRUE;
    }
    if (parse_after(text, "exact:", &row->tolerance_size)) {
        row->tolerance = ORACLE_EXACT;
        return TRUE;
    }
    if (parse_after(text, "within:", &row->tolerance_size)) {
        row->tolerance = ORACLE_WITHIN;
        return TRUE;
    }
    if (percent == NULL || !parse_after(percent, "", &row->tolerance_size))
        return FALSE;
    row->tolerance = ORACLE_RELATIVE;
    row->tolerance_size /= 100;
    return TRUE;
}

static gboolean read_row(const Csv *csv, const uint32_t *column, struct oracle_row *row,
                         GError **ret_error)
{
    const char *kind = csv_text(csv, column[KIND]);
    int kind_index = 0;

    row->oracle = g_strdup(csv_text(csv, column[ORACLE]));
    row->group = g_strdup(csv_text(csv, column[GROUP]));
    row->groups = g_strsplit(row->group, " ", -1);
    row->scenario = g_strdup(csv_text(csv, column[SCENARIO]));
    row->overrides = g_strdup(csv_text(csv, column[OVERRIDES]));
    row->measure = g_strdup(csv_text(csv, column[MEASURE]));
    row->expected_text = g_strdup(csv_text(csv, column[EXPECTED]));
    row->unit = g_strdup(csv_text(csv, column[UNIT]));
    row->at = csv_position(csv, column[MEASURE]);
    while (kind_names[kind_index] != NULL && strcmp(kind_names[kind_index], kind) != 0)
        kind_index++;
    if (kind_names[kind_index] == NULL) {
        g_autofree char *hint = spelling_hint(kind, kind_names);
        diagnostic_bad_input(ret_error, csv_position(csv, column[KIND]), "unknown kind '%s'%s",
                             kind, hint);
        return FALSE;
    }
    row->kind = (enum oracle_kind)kind_index;
    if (!parse_tolerance(row, csv_text(csv, column[TOLERANCE]))) {
        diagnostic_bad_input(ret_error, csv_position(csv, column[TOLERANCE]),
                             "expected a tolerance such as 1%%, 3se, exact, exact:1e-6 or "
                             "within:1e-5, found '%s'",
                             csv_text(csv, column[TOLERANCE]));
        return FALSE;
    }
    if (!units_parse_number(row->expected_text, &row->expected, NULL))
        row->expected = NAN;
    if (isnan(row->expected) && row->kind != ORACLE_NEAREST && row->kind != ORACLE_WORDS)
        return csv_get_number(csv, column[EXPECTED], &row->expected, ret_error);
    return TRUE;
}

GPtrArray *oracle_read(const char *path, GError **ret_error)
{
    g_autoptr(Csv) csv = csv_open(path, ret_error);
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(free_row);
    g_autoptr(GError) row_error = NULL;
    uint32_t column[COLUMN_COUNT];

    if (csv == NULL)
        return NULL;
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        if (!csv_column(csv, column_names[i], &column[i], ret_error))
            return NULL;
    while (csv_next(csv, &row_error)) {
        struct oracle_row *row = g_new0(struct oracle_row, 1);
        g_ptr_array_add(rows, row);
        if (!read_row(csv, column, row, ret_error))
            return NULL;
    }
    if (row_error != NULL) {
        g_propagate_error(ret_error, g_steal_pointer(&row_error));
        return NULL;
    }
    return g_steal_pointer(&rows);
}

static gboolean select_name(GPtrArray *rows, const char *name)
{
    gboolean found = FALSE;

    for (guint i = 0; i < rows->len; i++) {
        struct oracle_row *row = g_ptr_array_index(rows, i);
        if (strcmp(row->oracle, name) == 0 ||
            g_strv_contains((const char *const *)row->groups, name)) {
            row->selected = true;
            found = TRUE;
        }
    }
    return found;
}

static void set_unknown_name(GPtrArray *rows, const char *name, GError **ret_error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (guint i = 0; i < rows->len; i++) {
        const struct oracle_row *row = g_ptr_array_index(rows, i);
        if (!g_ptr_array_find_with_equal_func(names, row->oracle, g_str_equal, NULL))
            g_ptr_array_add(names, row->oracle);
        for (char **group = row->groups; *group != NULL; group++)
            if (!g_ptr_array_find_with_equal_func(names, *group, g_str_equal, NULL))
                g_ptr_array_add(names, *group);
    }
    g_ptr_array_add(names, NULL);
    const char *nearest = spelling_nearest(name, (const char *const *)names->pdata);
    g_autofree char *known = g_strjoinv(", ", (char **)names->pdata);
    if (nearest != NULL)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "unknown oracle or group '%s', did you mean '%s'?", name, nearest);
    else
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "unknown oracle or group '%s' (one of %s)", name, known);
}

gboolean oracle_select(GPtrArray *rows, char **names, GError **ret_error)
{
    for (char **name = names; *name != NULL; name++)
        if (!select_name(rows, *name)) {
            set_unknown_name(rows, *name, ret_error);
            return FALSE;
        }
    for (guint i = 0; i < rows->len && *names == NULL; i++)
        ((struct oracle_row *)g_ptr_array_index(rows, i))->selected = true;
    return TRUE;
}

static bool is_near(const struct oracle_row *row)
{
    const double size = row->tolerance == ORACLE_WITHIN ? row->tolerance_size
                                                        : row->tolerance_size * fabs(row->expected);

    return fabs(row->got - row->expected) <= size;
}

static double standard_error_max(const struct oracle_row *row)
{
    return fabs(row->expected) *
           (row->tolerance == ORACLE_SIGMAS ? SIGMA_SHARE_MAX : row->tolerance_size / 3);
}

void oracle_judge(struct oracle_row *row, double got, double standard_error)
{
    const double off = got - row->expected;

    row->got = got;
    row->standard_error = standard_error;
    if (standard_error > 0)
        row->z = off / standard_error;
    else
        row->z = fabs(off) <= ROUNDING * fabs(row->expected) ? 0 : copysign(INFINITY, off);
    if (row->tolerance == ORACLE_EXACT || row->tolerance == ORACLE_WITHIN)
        row->verdict = is_near(row) ? ORACLE_PASSED : ORACLE_OFF;
    else if (!(fabs(row->z) <= Z_MAX))
        row->verdict = ORACLE_OFF;
    else
        row->verdict = standard_error <= standard_error_max(row) ? ORACLE_PASSED : ORACLE_UNSURE;
}

void oracle_judge_text(struct oracle_row *row, const char *got)
{
    g_auto(GStrv) alternatives = g_strsplit(row->expected_text, "|", -1);

    g_free(row->got_text);
    row->got_text = g_strdup(got);
    row->got = row->standard_error = row->z = NAN;
    row->verdict =
        g_strv_contains((const char *const *)alternatives, got) ? ORACLE_PASSED : ORACLE_OFF;
}

void oracle_skip(struct oracle_row *row)
{
    row->verdict = ORACLE_SKIPPED;
    row->got = row->standard_error = row->z = NAN;
}

const char *oracle_verdict_name(enum oracle_verdict verdict)
{
    switch (verdict) {
    case ORACLE_PENDING:
        return "not run";
    case ORACLE_PASSED:
        return "pass";
    case ORACLE_OFF:
        return "fail";
    case ORACLE_UNSURE:
        return "fail (SE)";
    case ORACLE_BROKEN:
        return "error";
    case ORACLE_SKIPPED:
        return "skipped";
    }
    return "";
}
