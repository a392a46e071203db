/* Oracles that are worked out by a call of the library rather than by a simulation.
 *
 * Distances and nearest places are asked of the same functions that routing uses. Real data are
 * no part of the project (no licence to redistribute): they are looked for in $OMO_DATA, then in
 * shared/data beside the project's root, and a row without them is skipped. Quotients of published
 * figures test no code but the scenario's targets: that the numbers the calibration is held against
 * agree with one another.
 */
#include "cli/oracle.h"
#include "cli/study.h"
#include "scenario/scenario.h"
#include "shell/csv.h"
#include "shell/units.h"

#include <math.h>
#include <omosim/draws.h>
#include <string.h>

#define DATA_FILE "stores/starbucks_directory_2017.csv"
#define NEAREST_MAX 32

static void refuse(const struct oracle_row *row, const char *what, GError **ret_error)
{
    diagnostic_bad_input(ret_error, row->at, "expected %s, found '%s' and '%s'", what,
                         row->overrides, row->measure);
}

/* Exactly `count` numbers with blanks between them. */
static gboolean parse_numbers(const char *text, double *numbers, guint count)
{
    g_auto(GStrv) words = g_strsplit(text, " ", -1);

    if (g_strv_length(words) != count)
        return FALSE;
    for (guint i = 0; i < count; i++)
        if (!units_parse_number(words[i], &numbers[i], NULL))
            return FALSE;
    return TRUE;
}

static gboolean call_distance(struct oracle_row *row, GError **ret_error)
{
    double at[4];

    if (!parse_numbers(row->overrides, at, G_N_ELEMENTS(at))) {
        refuse(row, "four degrees", ret_error);
        return FALSE;
    }
    oracle_judge(row, omo_distance_km(at[0], at[1], at[2], at[3]), 0);
    return TRUE;
}

/* ---- nearest places -------------------------------------------------------------------------- */

char *oracle_find_data(const char *folder, const char *file)
{
    const char *data = g_getenv("OMO_DATA");
    g_autofree char *beside = g_build_filename(folder, "..", "..", "..", "shared", "data", NULL);
    g_autofree char *path = g_build_filename(data != NULL ? data : beside, file, NULL);

    if (!g_file_test(path, G_FILE_TEST_EXISTS))
        return NULL;
    return g_canonicalize_filename(path, NULL);
}

static omo_model *build_places(const char *scenario_file, const char *data, GError **ret_error)
{
    g_auto(GStrv) parts = g_strsplit(data, "\"", -1);
    g_autofree char *quoted = g_strjoinv("\\\"", parts);
    g_autofree char *set = g_strdup_printf("places.0.file=\"%s\"", quoted);
    const char *const sets[] = {set, NULL};
    g_autoptr(Scenario) scenario = scenario_read(scenario_file, sets, ret_error);

    return scenario != NULL ? scenario_build(scenario, scenario_default_point(scenario), ret_error)
                            : NULL;
}

static gboolean judge_nearest(struct oracle_row *row, const omo_model *model, GError **ret_error)
{
    omo_place place[NEAREST_MAX];
    double km[NEAREST_MAX];
    double at[2];
    double number;
    const bool id = g_str_has_prefix(row->measure, "id_");
    const bool within = g_str_has_prefix(row->measure, "within_");

    if (!parse_numbers(row->overrides, at, G_N_ELEMENTS(at)) ||
        (!id && !within && !g_str_has_prefix(row->measure, "km_"))) {
        refuse(row, "a point and id_K, km_K or within_Xkm", ret_error);
        return FALSE;
    }
    if (within) {
        double metres;
        if (!units_parse_distance_m(row->measure + strlen("within_"), &metres, ret_error))
            return FALSE;
        oracle_judge(row, omo_model_within(model, at[0], at[1], metres / 1000), 0);
        return TRUE;
    }
    if (!units_parse_number(row->measure + strlen("id_"), &number, ret_error))
        return FALSE;
    const uint32_t rank = (uint32_t)CLAMP(number, 1, NEAREST_MAX);
    if (omo_model_nearest(model, at[0], at[1], rank, 0, place, km) < rank)
        oracle_judge(row, NAN, 0);
    else if (id)
        oracle_judge_text(row, omo_model_place_id(model, place[rank - 1].index));
    else
        oracle_judge(row, km[rank - 1], 0);
    return TRUE;
}

static gboolean call_nearest(struct oracle_row *row, const char *folder, GError **ret_error)
{
    g_autofree char *data = oracle_find_data(folder, DATA_FILE);
    g_autofree char *file = g_build_filename(folder, row->scenario, NULL);

    if (data == NULL) {
        oracle_skip(row);
        return TRUE;
    }
    omo_model *model = build_places(file, data, ret_error);
    if (model == NULL)
        return FALSE;
    const gboolean judged = judge_nearest(row, model, ret_error);
    omo_model_free(model);
    return judged;
}

/* ---- figures --------------------------------------------------------------------------------- */

/* A number, or the value of a figure in the table. */
static gboolean find_figure(const char *path, const char *name, double *ret_value,
                            GError **ret_error)
{
    g_autoptr(Csv) csv = csv_open(path, ret_error);
    uint32_t figure;
    uint32_t value;

    if (csv == NULL || !csv_column(csv, "figure", &figure, ret_error) ||
        !csv_column(csv, "value", &value, ret_error))
        return FALSE;
    if (units_parse_number(name, ret_value, NULL))
        return TRUE;
    g_autoptr(GError) row_error = NULL;
    while (csv_next(csv, &row_error))
        if (strcmp(csv_text(csv, figure), name) == 0)
            return csv_get_number(csv, value, ret_value, ret_error);
    if (row_error != NULL)
        g_propagate_error(ret_error, g_steal_pointer(&row_error));
    else
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "%s: there is no figure '%s'", path, name);
    return FALSE;
}

static gboolean call_figures(struct oracle_row *row, const char *folder, GError **ret_error)
{
    g_autofree char *path = g_build_filename(folder, row->scenario, NULL);
    g_auto(GStrv) names = g_strsplit(row->overrides, "/", -1);
    double quotient = NAN;

    for (guint i = 0; names[i] != NULL; i++) {
        double value;
        if (!find_figure(path, names[i], &value, ret_error))
            return FALSE;
        quotient = i == 0 ? value : quotient / value;
    }
    oracle_judge(row, quotient, 0);
    return TRUE;
}

/* ---- words of the generator ------------------------------------------------------------------ */

/* Exactly `count` words of 32 bits in hexadecimal, blanks between them. */
static gboolean parse_words(const char *text, uint32_t *words, guint count)
{
    g_auto(GStrv) texts = g_strsplit(text, " ", -1);

    if (g_strv_length(texts) != count)
        return FALSE;
    for (guint i = 0; i < count; i++) {
        guint64 word;
        if (!g_ascii_string_to_unsigned(texts[i], 16, 0, UINT32_MAX, &word, NULL))
            return FALSE;
        words[i] = (uint32_t)word;
    }
    return TRUE;
}

static gboolean call_words(struct oracle_row *row, GError **ret_error)
{
    uint32_t word[4 + 2];
    uint32_t got[4];

    if (!parse_words(row->overrides, word, G_N_ELEMENTS(word))) {
        refuse(row, "four words of a counter and two of a key in hexadecimal", ret_error);
        return FALSE;
    }
    omo_draw_words(word, word + 4, got);
    g_autofree char *text = g_strdup_printf("%08x %08x %08x %08x", got[0], got[1], got[2], got[3]);
    oracle_judge_text(row, text);
    return TRUE;
}

gboolean oracle_call(struct oracle_row *row, const char *folder, GError **ret_error)
{
    switch (row->kind) {
    case ORACLE_DISTANCE:
        return call_distance(row, ret_error);
    case ORACLE_NEAREST:
        return call_nearest(row, folder, ret_error);
    case ORACLE_FIGURES:
        return call_figures(row, folder, ret_error);
    case ORACLE_WORDS:
        return call_words(row, ret_error);
    case ORACLE_IMPORTED:
        return oracle_import(row, folder, ret_error);
    case ORACLE_SIMULATED:
    case ORACLE_FITTED:
        break;
    }
    g_assert_not_reached();
}
