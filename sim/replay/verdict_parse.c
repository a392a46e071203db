/* The grammar of thresholds.
 *
 * The comparison is looked for first: it splits a text into words that name what is measured and words
 * that say a value and where it must hold. That way a slip in one half can't be taken for one in the
 * other. Every complaint names the column of the word that it is about.
 *
 * Steps may be written without their underscores or with dashes, in any case: people say "checkout".
 */
#include "replay/verdict_private.h"

#include "shell/diagnostic.h"
#include "shell/spelling.h"
#include "shell/units.h"

#include <string.h>

#define THRESHOLD_WORDS_MAX 6

/* A piece of the text. */
struct threshold_word {
    char *text;
    uint32_t column; /* from 1, in characters */
};

struct threshold_parser {
    const char *text, *source;
    struct threshold_word words[THRESHOLD_WORDS_MAX];
    uint32_t count;
    GError **ret_error;
};

static uint32_t threshold_column(const struct threshold_parser *p, const char *at)
{
    return (uint32_t)g_utf8_pointer_to_offset(p->text, at) + 1;
}

G_GNUC_PRINTF(3, 4)
static gboolean threshold_fail(const struct threshold_parser *p, uint32_t column,
                               const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *why = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(p->ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "%s '%s', column %u: %s",
                p->source, p->text, column, why);
    return FALSE;
}

static void threshold_clear_words(struct threshold_parser *p)
{
    for (uint32_t i = 0; i < p->count; i++)
        g_free(p->words[i].text);
    p->count = 0;
}

/* Splits [from, to) at blanks; words past THRESHOLD_WORDS_MAX, which are too many anyway, are
 * dropped. */
static void threshold_split(struct threshold_parser *p, const char *from, const char *to)
{
    threshold_clear_words(p);
    while (from < to) {
        const char *end = from;
        if (*from == ' ' || *from == '\t') {
            from++;
            continue;
        }
        while (end < to && *end != ' ' && *end != '\t')
            end++;
        if (p->count == THRESHOLD_WORDS_MAX)
            return;
        p->words[p->count++] = (struct threshold_word){.text = g_strndup(from, (gsize)(end - from)),
                                                       .column = threshold_column(p, from)};
        from = end;
    }
}

/* ---- left of the comparison ------------------------------------------------------------------- */

/* Lower case, letters, digits and points only: "Check-Out" and "check_out" become "checkout". */
static char *threshold_fold(const char *word)
{
    GString *folded = g_string_new(NULL);

    for (; *word != '\0'; word++)
        if (*word != '_' && *word != '-')
            g_string_append_c(folded, g_ascii_tolower(*word));
    return g_string_free(folded, FALSE);
}

static gboolean threshold_is(const char *word, const char *name)
{
    g_autofree char *a = threshold_fold(word), *b = threshold_fold(name);

    return strcmp(a, b) == 0;
}

static uint32_t threshold_find_step(const char *word)
{
    uint32_t step = 0;

    while (step < STEP_COUNT && !threshold_is(word, step_name(step)))
        step++;
    return step;
}

static uint32_t threshold_find_clock(const char *word)
{
    uint32_t clock = 0;

    while (clock < MEASURE_CLOCKS && strcmp(word, measure_clock_name(clock)) != 0)
        clock++;
    return clock;
}

/* "p99.9": TRUE with its parts per million; 0 of them when it is out of range. */
static gboolean threshold_is_quantile(const char *word, uint32_t *ret_share_ppm)
{
    int64_t ppm;

    if (word[0] != 'p' || !g_ascii_isdigit(word[1]) || strpbrk(word, "eE%") != NULL)
        return FALSE;
    g_autofree char *percent = g_strconcat(word + 1, "%", NULL);
    if (!units_parse_share_ppm(percent, &ppm, NULL))
        return FALSE;
    *ret_share_ppm = ppm > 0 && ppm < OMO_PPM ? (uint32_t)ppm : 0;
    return TRUE;
}

static const struct {
    const char *name;
    enum threshold_measure measure;
} threshold_measures[] = {
    {"max", THRESHOLD_MAX},       {"mean", THRESHOLD_MEAN},
    {"errors", THRESHOLD_ERRORS}, {"requests", THRESHOLD_REQUESTS},
    {"rate", THRESHOLD_RATE},     {"journeys_failed", THRESHOLD_JOURNEYS_FAILED},
};

/* All that can be measured, for hints. */
static const char **threshold_measure_names(void)
{
    static const char *const quantiles[] = {"p50", "p75", "p90", "p95", "p99", "p99.9", "p99.99"};
    GPtrArray *names = g_ptr_array_new();

    for (size_t i = 0; i < G_N_ELEMENTS(quantiles); i++)
        g_ptr_array_add(names, (gpointer)quantiles[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(threshold_measures); i++)
        g_ptr_array_add(names, (gpointer)threshold_measures[i].name);
    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        g_ptr_array_add(names, (gpointer)outcome_name(i));
    g_ptr_array_add(names, NULL);
    return (const char **)g_ptr_array_free(names, FALSE);
}

static gboolean threshold_parse_measure(const struct threshold_parser *p,
                                        const struct threshold_word *word,
                                        struct threshold *threshold)
{
    if (threshold_is_quantile(word->text, &threshold->share_ppm)) {
        threshold->measure = THRESHOLD_QUANTILE;
        if (threshold->share_ppm == 0)
            return threshold_fail(p, word->column,
                                  "expected a quantile between p0 and p100, found '%s' (the "
                                  "largest value is max)",
                                  word->text);
        return TRUE;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(threshold_measures); i++)
        if (threshold_is(word->text, threshold_measures[i].name)) {
            threshold->measure = threshold_measures[i].measure;
            return TRUE;
        }
    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        if (threshold_is(word->text, outcome_name(i))) {
            threshold->measure = THRESHOLD_OUTCOME;
            threshold->outcome = i;
            return TRUE;
        }
    if (threshold_find_step(word->text) < STEP_COUNT ||
        threshold_find_clock(word->text) < MEASURE_CLOCKS)
        return threshold_fail(p, word->column, "'%s' needs a measure behind it, such as '%s p99'",
                              word->text, word->text);
    g_autofree const char **names = threshold_measure_names();
    const char *nearest = spelling_nearest(word->text, names);
    if (nearest != NULL)
        return threshold_fail(p, word->column, "unknown measure '%s', did you mean '%s'?",
                              word->text, nearest);
    return threshold_fail(p, word->column,
                          "unknown measure '%s': expected p50 .. p99.999, max, mean, errors, "
                          "requests, rate, journeys_failed or an outcome such as timeout",
                          word->text);
}

/* A word before the measure: a step or a clock. */
static gboolean threshold_parse_qualifier(const struct threshold_parser *p,
                                          const struct threshold_word *word, uint32_t *ret_step,
                                          uint32_t *ret_clock)
{
    const char *names[STEP_COUNT + MEASURE_CLOCKS + 1] = {NULL};
    uint32_t step = threshold_find_step(word->text), clock = threshold_find_clock(word->text);

    if (step < STEP_COUNT && *ret_step == STEP_COUNT) {
        *ret_step = step;
        return TRUE;
    }
    if (clock < MEASURE_CLOCKS && *ret_clock == MEASURE_CLOCKS) {
        *ret_clock = clock;
        return TRUE;
    }
    if (step < STEP_COUNT || clock < MEASURE_CLOCKS)
        return threshold_fail(p, word->column, "a second %s, '%s', where one is enough",
                              step < STEP_COUNT ? "step" : "clock", word->text);
    for (uint32_t i = 0; i < STEP_COUNT; i++)
        names[i] = step_name(i);
    for (uint32_t i = 0; i < MEASURE_CLOCKS; i++)
        names[STEP_COUNT + i] = measure_clock_name(i);
    g_autofree char *hint = spelling_hint(word->text, names);
    return threshold_fail(p, word->column, "unknown step '%s'%s", word->text, hint);
}

static gboolean threshold_parse_left(struct threshold_parser *p, const char *comparison,
                                     struct threshold *threshold)
{
    uint32_t step = STEP_COUNT, clock = MEASURE_CLOCKS;

    threshold_split(p, p->text, comparison);
    if (p->count > 3)
        return threshold_fail(p, p->words[3].column,
                              "expected a comparison after a step and a measure, found '%s'",
                              p->words[3].text);
    if (p->count == 0)
        return threshold_fail(p, threshold_column(p, comparison),
                              "expected a measure such as p99 or errors before '%c'", *comparison);
    for (uint32_t i = 0; i + 1 < p->count; i++)
        if (!threshold_parse_qualifier(p, &p->words[i], &step, &clock))
            return FALSE;
    if (!threshold_parse_measure(p, &p->words[p->count - 1], threshold))
        return FALSE;
    if (clock < MEASURE_CLOCKS && !threshold_is_time(threshold))
        return threshold_fail(p, p->words[0].column,
                              "'%s' goes with p50 .. p99.999, max and mean, not with '%s'",
                              measure_clock_name(clock), p->words[p->count - 1].text);
    if (step < STEP_COUNT && threshold->measure == THRESHOLD_JOURNEYS_FAILED)
        return threshold_fail(p, p->words[0].column, "journeys have no step: leave '%s' out",
                              p->words[0].text);
    threshold->row = step; /* STEP_COUNT is MEASURE_TOTAL */
    threshold->clock = clock == MEASURE_CLOCKS ? MEASURE_RESPONSE : clock;
    return TRUE;
}

/* ---- right of the comparison ------------------------------------------------------------------ */

static gboolean threshold_parse_time(const struct threshold_parser *p,
                                     const struct threshold_word *word, int64_t *ret_ns)
{
    int64_t us;

    if (!units_parse_duration_us(word->text, 0, &us, NULL) || us > MEASURE_VALUE_MAX / 1000)
        return threshold_fail(p, word->column, "expected a time such as 250ms or 1.5s, found '%s'",
                              word->text);
    *ret_ns = us * 1000;
    return TRUE;
}

static gboolean threshold_parse_value(const struct threshold_parser *p,
                                      const struct threshold_word *word,
                                      struct threshold *threshold)
{
    int64_t whole;

    if (threshold_is_time(threshold)) {
        if (!threshold_parse_time(p, word, &whole))
            return FALSE;
        threshold->limit = (double)whole;
    } else if (threshold->measure == THRESHOLD_REQUESTS) {
        if (!units_parse_whole(word->text, &whole, NULL) || whole < 0)
            return threshold_fail(p, word->column,
                                  "expected a number of requests such as 1000, found '%s'",
                                  word->text);
        threshold->limit = (double)whole;
    } else if (threshold->measure == THRESHOLD_RATE) {
        if (!units_parse_rate(word->text, OMO_US_PER_SECOND, OMO_US_PER_SECOND, &threshold->limit,
                              NULL))
            return threshold_fail(p, word->column, "expected a rate such as 950/s, found '%s'",
                                  word->text);
    } else {
        if (!units_parse_share_ppm(word->text, &whole, NULL) || whole < 0 || whole > OMO_PPM)
            return threshold_fail(p, word->column,
                                  "expected a share such as 0.1%% or 0.001, found '%s'",
                                  word->text);
        threshold->limit = (double)whole / OMO_PPM;
    }
    return TRUE;
}

static gboolean threshold_parse_scope(const struct threshold_parser *p, struct threshold *threshold)
{
    static const char *const names[] = {"stage", "over", NULL};
    const struct threshold_word *word = &p->words[1], *value = &p->words[2];
    int64_t stage;

    if (p->count == 1)
        return TRUE;
    if (strcmp(word->text, "stage") == 0)
        threshold->scope = THRESHOLD_STAGE;
    else if (strcmp(word->text, "over") == 0)
        threshold->scope = THRESHOLD_OVER;
    else {
        const char *nearest = spelling_nearest(word->text, names);
        return threshold_fail(p, word->column,
                              "expected 'stage 2', 'over 10s' or nothing, found '%s'%s%s%s",
                              word->text, nearest == NULL ? "" : ", did you mean '",
                              nearest == NULL ? "" : nearest, nearest == NULL ? "" : "'?");
    }
    if (p->count == 2)
        return threshold_fail(p, word->column, "expected %s behind '%s'",
                              threshold->scope == THRESHOLD_STAGE ? "its number"
                                                                  : "a time such as 10s",
                              word->text);
    if (threshold->measure == THRESHOLD_JOURNEYS_FAILED)
        return threshold_fail(p, word->column,
                              "journeys are counted over the whole run: leave '%s %s' out",
                              word->text, value->text);
    if (threshold->scope == THRESHOLD_STAGE) {
        if (!units_parse_whole(value->text, &stage, NULL) || stage < 1 || stage > 10000)
            return threshold_fail(p, value->column,
                                  "expected the number of a stage, from 1, found '%s'",
                                  value->text);
        threshold->stage = (uint32_t)stage;
        return TRUE;
    }
    if (!threshold_parse_time(p, value, &threshold->over_ns))
        return FALSE;
    if (threshold->over_ns == 0)
        return threshold_fail(p, value->column, "a window is longer than 0");
    return TRUE;
}

/* "250 ms" is one word. */
static void threshold_join_units(struct threshold_parser *p)
{
    for (uint32_t i = 0; i + 1 < p->count; i++) {
        struct threshold_word *number = &p->words[i], *unit = &p->words[i + 1];
        int64_t us;
        if (strspn(number->text, "0123456789.") != strlen(number->text) ||
            (*unit->text != '%' && *unit->text != '/' &&
             !units_parse_time_unit_us(unit->text, &us, NULL)))
            continue;
        char *joined = g_strconcat(number->text, unit->text, NULL);
        g_free(number->text);
        g_free(unit->text);
        number->text = joined;
        for (uint32_t j = i + 1; j + 1 < p->count; j++)
            p->words[j] = p->words[j + 1];
        p->count--;
    }
}

static gboolean threshold_parse_right(struct threshold_parser *p, const char *comparison,
                                      struct threshold *threshold)
{
    const char *from = comparison + (comparison[1] == '=' ? 2 : 1);

    threshold->comparison =
        (*comparison == '<' ? THRESHOLD_LT : THRESHOLD_GT) + (comparison[1] == '=');
    threshold_split(p, from, p->text + strlen(p->text));
    threshold_join_units(p);
    if (p->count > 3)
        return threshold_fail(p, p->words[3].column, "unexpected '%s' at the end",
                              p->words[3].text);
    if (p->count == 0)
        return threshold_fail(p, threshold_column(p, comparison), "expected a value behind '%.*s'",
                              (int)(from - comparison), comparison);
    return threshold_parse_value(p, &p->words[0], threshold) && threshold_parse_scope(p, threshold);
}

struct threshold *threshold_parse(const char *text, const char *source, GError **ret_error)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    struct threshold_parser parser = {.text = valid, .source = source, .ret_error = ret_error};
    struct threshold *threshold = g_new0(struct threshold, 1);
    const char *comparison = strpbrk(valid, "<>=");
    gboolean fine = FALSE;

    threshold->text = g_strstrip(g_strdup(valid));
    threshold->source = source;
    if (*threshold->text == '\0')
        threshold_fail(&parser, 1, "expected a threshold such as 'p99<250ms'");
    else if (comparison == NULL)
        threshold_fail(&parser, (uint32_t)g_utf8_strlen(valid, -1) + 1,
                       "expected <, <=, > or >= and a value");
    else if (*comparison == '=')
        threshold_fail(&parser, threshold_column(&parser, comparison),
                       "expected <, <=, > or >=, found '='");
    else
        fine = threshold_parse_left(&parser, comparison, threshold) &&
               threshold_parse_right(&parser, comparison, threshold);
    threshold_clear_words(&parser);
    if (fine)
        return threshold;
    threshold_free(threshold);
    return NULL;
}

void threshold_free(struct threshold *threshold)
{
    if (threshold == NULL)
        return;
    g_free(threshold->text);
    g_free(threshold);
}

const char *threshold_text(const struct threshold *threshold) { return threshold->text; }

gboolean threshold_check_stage(const struct threshold *threshold, uint32_t stage_count,
                               GError **ret_error)
{
    if (threshold->scope != THRESHOLD_STAGE || threshold->stage <= stage_count)
        return TRUE;
    if (stage_count == 0)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "%s '%s': the run has no stages", threshold->source, threshold->text);
    else
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                    "%s '%s': the run has only %u stage%s", threshold->source, threshold->text,
                    stage_count, stage_count == 1 ? "" : "s");
    return FALSE;
}
