/* Stock reads are current: what was certainly sold before somebody asked is not promised any more.
 *
 * An answer may be as old as the map allows (`audit.stock_lag`), or as new as its last byte. So it may
 * count every unit that was there, less those sold before the question (and the lag), more those that
 * may have come back until the answer. Two sorted lists for each position, two searches for each
 * answer.
 */
#include "replay/audit/judge.h"

struct steps { /* units by time, running sums */
    GArray *at_us, *units;
};

struct reads {
    struct steps *sold, *back; /* by position; made when first asked for */
};

static void step(struct steps *steps, int64_t at_us, int64_t units)
{
    const int64_t sum =
        units +
        (steps->units->len > 0 ? g_array_index(steps->units, int64_t, steps->units->len - 1) : 0);

    g_array_append_val(steps->at_us, at_us);
    g_array_append_val(steps->units, sum);
}

/* Sum of all up to this moment, itself included. */
static int64_t sum_until(const struct steps *steps, int64_t at_us)
{
    guint low = 0, high = steps->at_us->len;

    while (low < high) {
        const guint middle = low + (high - low) / 2;
        if (g_array_index(steps->at_us, int64_t, middle) <= at_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low > 0 ? g_array_index(steps->units, int64_t, low - 1) : 0;
}

struct back {
    int64_t at_us, units;
};

static int compare(gconstpointer a, gconstpointer b)
{
    const struct back *one = a, *other = b;

    return one->at_us < other->at_us ? -1 : one->at_us > other->at_us;
}

static void make_steps(const struct judge *judge, const struct judge_position *position,
                       struct steps *sold, struct steps *back)
{
    g_autoptr(GArray) backs = g_array_new(FALSE, FALSE, sizeof(struct back));

    sold->at_us = g_array_new(FALSE, FALSE, sizeof(int64_t));
    sold->units = g_array_new(FALSE, FALSE, sizeof(int64_t));
    back->at_us = g_array_new(FALSE, FALSE, sizeof(int64_t));
    back->units = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (uint32_t i = 0; i < position->hold_count; i++) {
        const struct judge_hold *hold =
            &g_array_index(judge->holds, struct judge_hold, position->hold_first + i);
        const struct back until = {hold->until_us, hold->units};
        step(sold, hold->from_us, hold->units);
        if (hold->until_us != JUDGE_NEVER)
            g_array_append_val(backs, until);
    }
    for (uint32_t i = 0; i < position->release_count; i++) {
        const struct judge_release *release =
            &g_array_index(judge->releases, struct judge_release, position->release_first + i);
        const struct back until = {release->from_us, release->units};
        g_array_append_val(backs, until);
    }
    g_array_sort(backs, compare);
    for (guint i = 0; i < backs->len; i++)
        step(back, g_array_index(backs, struct back, i).at_us,
             g_array_index(backs, struct back, i).units);
}

static void judge_read(const struct judge *judge, const struct reads *reads, uint32_t row,
                       uint32_t at, int64_t told, struct audit_result *result)
{
    const struct judge_position *position = judge_position(judge, at);
    const struct record_row *r = &judge->rows[row];
    const int64_t since_us = judge_from_us(judge, row) - api_stock_lag_us(judge->input->map);

    if (reads->sold[at].at_us == NULL)
        make_steps(judge, position, &reads->sold[at], &reads->back[at]);
    const int64_t sold = sum_until(&reads->sold[at], since_us - 1);
    const int64_t back = sum_until(&reads->back[at], r->done_us);
    result->checked++;
    result->open += back > 0;
    const int64_t there = MAX(0, position->supply + back - sold);
    if (told <= there || !judge_violated(result, told - there))
        return;
    struct audit_finding *finding =
        judge_find(result, told - there, r->done_us, judge_position_text(judge, position),
                   g_strdup_printf("%" G_GINT64_FORMAT
                                   " units were promised when no more than %" G_GINT64_FORMAT
                                   " of %" G_GINT64_FORMAT " were left: %" G_GINT64_FORMAT
                                   " had been sold before the question",
                                   told, there, position->supply, sold));
    judge_show(judge, finding, row);
    for (uint32_t i = position->hold_count; i-- > 0;) {
        const struct judge_hold *hold =
            &g_array_index(judge->holds, struct judge_hold, position->hold_first + i);
        if (hold->from_us < since_us && hold->row != JUDGE_NONE)
            judge_show(judge, finding, hold->row);
    }
}

void stock_reads_current_judge(const struct judge *judge, struct audit_result *result)
{
    struct reads reads = {.sold = g_new0(struct steps, judge->positions->len + 1),
                          .back = g_new0(struct steps, judge->positions->len + 1)};
    int64_t told;

    if (!JUDGE_HAS(judge->after, stock, opening))
        judge_needs(result, judge->before, "before", BOOK_stock);
    for (uint32_t row = 0; row < judge->row_count; row++) {
        if (judge->rows[row].done_us < 0 || !judge_told(judge, row, TELLING_available, &told))
            continue;
        const uint32_t place =
            judge->has_places ? history_place(judge->history, judge->rows[row].place) : INTERN_NONE;
        const uint32_t at =
            judge_position_find(judge, place, history_sku(judge->history, judge->rows[row].sku));
        if (at != JUDGE_NONE && judge_position(judge, at)->supply != BOOKS_NO_NUMBER &&
            (place != INTERN_NONE || !judge->has_places || judge->stock_is_whole))
            judge_read(judge, &reads, row, at, told, result);
        else if (at != JUDGE_NONE && judge_position(judge, at)->hold_count > 0)
            judge_missing(result, "units that were there before the run, of positions sold from");
    }
    for (guint i = 0; i < judge->positions->len; i++) {
        if (reads.sold[i].at_us == NULL)
            continue;
        g_array_unref(reads.sold[i].at_us);
        g_array_unref(reads.sold[i].units);
        g_array_unref(reads.back[i].at_us);
        g_array_unref(reads.back[i].units);
    }
    g_free(reads.sold);
    g_free(reads.back);
}
