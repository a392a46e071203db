/* The analysis behind the page's first sentence.
 *
 * The winner is the point with the best mean of the objective. Whether it really is better is
 * judged by the paired difference: all points met the same customers, so the difference varies far
 * less than either value, and its interval is the one that counts. The sentence names the
 * difference to point 0 (what the reader has today, by the habit of scenarios); when point 0 wins
 * itself, the difference to the second best.
 *
 * With many points the best mean is best partly by luck; the note says so rather than widening the
 * interval in silence.
 */
#include "report/finding.h"

#include <math.h>
#include <string.h>

#include "shell/diagnostic.h"

#define FINDING_MANY_POINTS 5

static gboolean read_is_better(double a, double b, int direction)
{
    return isfinite(a) && (!isfinite(b) || (direction < 0 ? a < b : a > b));
}

/* Means of the objective at all points; the best and second best into the finding. */
static gboolean read_rank(struct finding *finding, GArray *means, GError **ret_error)
{
    uint32_t count = results_point_count(finding->results);
    double best = (double)NAN, second = (double)NAN;

    for (uint32_t p = 0; p < count; p++) {
        omo_summary s;
        if (!results_summary(finding->results, p, (uint32_t)finding->objective, &s, ret_error))
            return FALSE;
        g_array_append_val(means, s.mean);
        if (read_is_better(s.mean, best, finding->direction)) {
            second = best;
            finding->runner = finding->winner;
            best = s.mean;
            finding->winner = p;
        } else if (read_is_better(s.mean, second, finding->direction)) {
            second = s.mean;
            finding->runner = p;
        }
    }
    if (!isfinite(best))
        finding->objective = -1;
    if (!isfinite(second))
        finding->runner = finding->winner;
    return TRUE;
}

/* All points when they fit, else point 0 and the best by the objective. */
static void read_shown(struct finding *finding, const GArray *means)
{
    uint32_t count = results_point_count(finding->results);
    g_autofree gboolean *taken = g_new0(gboolean, count);

    taken[0] = TRUE;
    for (uint32_t k = 1; k < MIN(count, FINDING_SHOWN_MAX); k++) {
        int64_t best = -1;
        for (uint32_t p = 1; p < count; p++)
            if (!taken[p] &&
                (best < 0 || (p < means->len && read_is_better(g_array_index(means, double, p),
                                                               g_array_index(means, double, best),
                                                               finding->direction))))
                best = p;
        taken[best] = TRUE;
    }
    for (uint32_t p = 0; p < count; p++)
        if (taken[p])
            finding->shown[finding->shown_count++] = p;
}

gboolean finding_read(Results *results, struct finding *ret_finding, GError **ret_error)
{
    const struct results_meta *meta = results_get_meta(results);
    g_autoptr(GArray) means = g_array_new(FALSE, TRUE, sizeof(double));
    struct finding finding = {.results = results, .direction = 1};

    if (results_point_count(results) == 0) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "the result holds no finished design point");
        return FALSE;
    }
    finding.objective = results_find_column(results, meta->objective);
    if (finding.objective >= 0) {
        int direction = results_get_column(results, (uint32_t)finding.objective)->direction;
        finding.direction = direction != 0 ? direction : 1;
        if (!read_rank(&finding, means, ret_error))
            return FALSE;
    }
    g_array_set_size(means, results_point_count(results));
    read_shown(&finding, means);
    finding.other = finding.winner != 0 ? finding.winner : finding.runner;
    if (finding.objective < 0)
        finding.other = results_point_count(results) - 1;
    *ret_finding = finding;
    return TRUE;
}

double finding_days(const struct finding *finding)
{
    const struct results_meta *meta = results_get_meta(finding->results);

    return (double)(meta->horizon_us - meta->warm_up_us) / (double)OMO_US_PER_DAY;
}

gboolean finding_unit(const struct finding *finding, uint32_t column, struct format_unit *ret_unit,
                      GError **ret_error)
{
    double largest = 0.0;

    for (uint32_t p = 0; p < results_point_count(finding->results); p++) {
        omo_summary s;
        if (!results_summary(finding->results, p, column, &s, ret_error))
            return FALSE;
        if (isfinite(s.mean))
            largest = MAX(largest, fabs(s.mean));
    }
    *ret_unit = format_unit_for(results_get_column(finding->results, column)->unit, largest);
    return TRUE;
}

int finding_verdict(omo_summary difference, int direction)
{
    if (!isfinite(difference.mean) || !isfinite(difference.half_width) ||
        fabs(difference.mean) <= difference.half_width || difference.mean == 0.0)
        return 0;
    return difference.mean > 0.0 ? direction : -direction;
}

/* ", over 28 days" or "". */
static char *answer_span(const struct finding *finding)
{
    double days = finding_days(finding);
    char number[32];

    if (days <= 0.0)
        return g_strdup("");
    g_ascii_formatd(number, sizeof number, "%.4g", days);
    return g_strdup_printf(" over %s day%s", number, days == 1.0 ? "" : "s");
}

static gboolean answer_is_profit(const struct finding *finding)
{
    return strcmp(results_get_column(finding->results, (uint32_t)finding->objective)->name,
                  "profit") == 0;
}

/* One point with a value: that value. */
static gboolean answer_alone(const struct finding *finding, char **ret_sentence, GError **ret_error)
{
    uint32_t column = (uint32_t)finding->objective;
    const char *label = results_get_point(finding->results, finding->winner)->label;
    g_autofree char *span = answer_span(finding);
    g_autofree char *name = format_name(results_get_column(finding->results, column)->name);
    g_autofree char *figure = NULL, *interval = NULL;
    struct format_unit unit;
    omo_summary s;

    if (!finding_unit(finding, column, &unit, ret_error) ||
        !results_summary(finding->results, finding->winner, column, &s, ret_error))
        return FALSE;
    figure = format_figure(s.mean, s.half_width, &unit, FORMAT_COMPACT);
    interval = isfinite(s.half_width)
                   ? format_half_width(s.mean, s.half_width, &unit, FORMAT_COMPACT)
                   : NULL;
    *ret_sentence = g_strdup_printf("%s: %s %s%s%s%s%s.", label, name, figure, span,
                                    interval != NULL ? " (95 % interval \u00b1" : "",
                                    interval != NULL ? interval : "", interval != NULL ? ")" : "");
    return TRUE;
}

/* Winner against another point, by the paired difference. */
static gboolean answer_pair(const struct finding *finding, uint32_t against, char **ret_sentence,
                            GError **ret_error)
{
    uint32_t column = (uint32_t)finding->objective;
    const char *a = results_get_point(finding->results, finding->winner)->label;
    const char *b = results_get_point(finding->results, against)->label;
    g_autofree char *span = answer_span(finding);
    g_autofree char *name = format_name(results_get_column(finding->results, column)->name);
    g_autofree char *figure = NULL, *interval = NULL, *share = NULL, *verb = NULL;
    struct format_unit unit;
    omo_summary d, base;
    double half_width;

    if (!finding_unit(finding, column, &unit, ret_error) ||
        !results_summary(finding->results, against, column, &base, ret_error) ||
        !results_paired(finding->results, finding->winner, against, column, &d, ret_error))
        return FALSE;
    half_width = d.half_width;
    g_strlcpy(unit.suffix, unit.difference, sizeof unit.suffix);
    figure = format_figure(fabs(d.mean), half_width, &unit, FORMAT_COMPACT);
    share = format_change(d.mean, base.mean);
    interval = isfinite(half_width) ? format_half_width(d.mean, half_width, &unit, FORMAT_COMPACT)
                                    : g_strdup("?");
    if (d.mean == 0.0) {
        *ret_sentence = g_strdup_printf("%s and %s have exactly the same %s.", a, b, name);
        return TRUE;
    }
    if (isfinite(half_width) && fabs(d.mean) <= half_width) {
        *ret_sentence = g_strdup_printf(
            "No significant difference: %s has %s %s %s than %s%s, within the error of \u00b1%s "
            "(paired, 95 %%).",
            a, figure, finding->direction > 0 ? "more" : "less", name, b, span, interval);
        return TRUE;
    }
    verb = answer_is_profit(finding)
               ? g_strdup_printf("earns %s more than %s", figure, b)
               : g_strdup_printf("has %s %s %s than %s", figure,
                                 finding->direction > 0 ? "more" : "less", name, b);
    *ret_sentence = g_strdup_printf("%s %s%s%s%s%s (\u00b1%s, paired, 95 %%).", a, verb,
                                    share[0] != '\0' ? " (" : "", share,
                                    share[0] != '\0' ? ")" : "", span, interval);
    if (!isfinite(half_width)) {
        g_free(*ret_sentence);
        *ret_sentence = g_strdup_printf("%s %s%s in the only replication.", a, verb, span);
    }
    return TRUE;
}

/* Points other than `against` from which the winner can't be told; the best of them first. */
static gboolean note_ties(const struct finding *finding, uint32_t against, uint32_t *ret_count,
                          uint32_t *ret_first, GError **ret_error)
{
    uint32_t count = 0, first = 0;

    for (uint32_t p = 0; p < results_point_count(finding->results); p++) {
        omo_summary d;
        if (p == finding->winner || p == against)
            continue;
        if (!results_paired(finding->results, finding->winner, p, (uint32_t)finding->objective, &d,
                            ret_error))
            return FALSE;
        if (finding_verdict(d, finding->direction) <= 0 && d.count > 0) {
            if (count == 0 || p == finding->runner)
                first = p;
            count++;
        }
    }
    *ret_count = count;
    *ret_first = first;
    return TRUE;
}

/* How sure the winner is of the points that the sentence does not name. */
static gboolean answer_note(const struct finding *finding, uint32_t against, char **ret_note,
                            GError **ret_error)
{
    g_autoptr(GString) note = g_string_new(NULL);
    uint32_t count = results_point_count(finding->results), ties, first;
    omo_summary d;

    if (!results_paired(finding->results, finding->winner, against, (uint32_t)finding->objective,
                        &d, ret_error) ||
        !note_ties(finding, against, &ties, &first, ret_error))
        return FALSE;
    if (!isfinite(d.half_width))
        g_string_append(note, "With one replication there is no interval: the difference may be "
                              "luck. ");
    else if (ties > 0)
        g_string_append_printf(note, "It can't be told from %s%s. ",
                               results_get_point(finding->results, first)->label,
                               ties > 1 ? " and others" : "");
    else if (count > 2)
        g_string_append(note, "It is also better than every other point. ");
    if (count > FINDING_MANY_POINTS)
        g_string_append_printf(note,
                               "The best of %u points is best partly by luck; intervals hold for "
                               "one comparison at a time. ",
                               count);
    g_string_truncate(note, note->len > 0 ? note->len - 1 : 0);
    *ret_note = g_strdup(note->str);
    return TRUE;
}

gboolean finding_answer(const struct finding *finding, char **ret_sentence, char **ret_note,
                        GError **ret_error)
{
    uint32_t count = results_point_count(finding->results);
    uint32_t against;

    if (finding->objective < 0) {
        *ret_sentence =
            g_strdup_printf("%u design point%s, no value for the objective \u201c%s\u201d.", count,
                            count == 1 ? "" : "s", results_get_meta(finding->results)->objective);
        *ret_note = g_strdup("");
        return TRUE;
    }
    if (finding->runner == finding->winner) {
        *ret_note = g_strdup("");
        return answer_alone(finding, ret_sentence, ret_error);
    }
    against = finding->winner != 0 ? 0 : finding->runner;
    return answer_pair(finding, against, ret_sentence, ret_error) &&
           answer_note(finding, against, ret_note, ret_error);
}

char *finding_shown_json(const struct finding *finding)
{
    GString *text = g_string_new("[");

    for (uint32_t i = 0; i < finding->shown_count; i++)
        g_string_append_printf(text, "%s%u", i > 0 ? "," : "", finding->shown[i]);
    g_string_append_c(text, ']');
    return g_string_free(text, FALSE);
}
