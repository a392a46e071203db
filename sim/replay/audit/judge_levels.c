/* Units of a position over time: the changes that units_sold_once.c sweeps over, and the levels of
 * the position that was oversold most, which a picture is drawn of. The finding names it and the worst
 * moment; here is every moment, with units that may have come back counted as there again.
 *
 * What only the books told stands at the end of the run. A position that sells for hours has more
 * moments than a picture has columns: of more than LEVELS_MAX every n-th is kept, and each at which
 * too many became enough or enough too many.
 */
#include "replay/audit/judge.h"

#include <string.h>

#define LEVELS_MAX 2000

static int compare(gconstpointer a, gconstpointer b)
{
    const struct audit_level *one = a, *other = b;

    return one->at_us < other->at_us ? -1 : one->at_us > other->at_us;
}

static const struct judge_position *find_position(const struct judge *judge, const char *subject)
{
    for (guint i = 0; i < judge->positions->len; i++) {
        const struct judge_position *position = judge_position(judge, i);
        g_autofree char *text = judge_position_text(judge, position);
        if (position->supply != BOOKS_NO_NUMBER && strcmp(text, subject) == 0)
            return position;
    }
    return NULL;
}

static int64_t run_end_us(const struct judge *judge)
{
    int64_t end_us = 0;

    for (uint64_t row = 0; row < judge->row_count; row++)
        end_us = MAX(end_us, MAX(judge->rows[row].sent_us, judge->rows[row].done_us));
    return end_us;
}

void judge_changes(const struct judge *judge, const struct judge_position *position,
                   GArray *ret_changes)
{
    struct audit_level first = {.at_us = INT64_MIN, .there = position->supply};
    int64_t received = 0;

    g_array_set_size(ret_changes, 1);
    for (uint32_t i = 0; i < position->release_count; i++) {
        const struct judge_release *release =
            &g_array_index(judge->releases, struct judge_release, position->release_first + i);
        const struct audit_level change = {.at_us = release->from_us, .there = release->units};
        if (release->from_us == INT64_MIN) /* nobody knows when it came */
            received += release->units;
        else
            g_array_append_val(ret_changes, change);
    }
    for (uint32_t i = 0; i < position->hold_count; i++) {
        const struct judge_hold *hold =
            &g_array_index(judge->holds, struct judge_hold, position->hold_first + i);
        const struct audit_level taken = {.at_us = hold->from_us, .sold = hold->units},
                                 given = {.at_us = hold->until_us, .sold = -hold->units};
        g_array_append_val(ret_changes, taken);
        if (hold->until_us != JUDGE_NEVER)
            g_array_append_val(ret_changes, given);
    }
    first.there += MAX(received, 0);
    g_array_index(ret_changes, struct audit_level, 0) = first;
    g_array_sort(ret_changes, compare);
}

/* Levels of changes; all of one moment at once, and what is known from the books alone when the run
 * ended. */
static GArray *sum_up(const GArray *changes, int64_t end_us)
{
    const guint every = changes->len / LEVELS_MAX + 1;
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct audit_level));
    struct audit_level level = {.at_us = 0};
    bool over = false;

    for (guint i = 0; i < changes->len; i++) {
        const struct audit_level *change = &g_array_index(changes, struct audit_level, i);
        level.at_us = CLAMP(change->at_us, 0, end_us);
        level.sold += change->sold;
        level.there += change->there;
        if (i + 1 < changes->len && CLAMP(change[1].at_us, 0, end_us) == level.at_us)
            continue;
        if (i % every == 0 || i + 1 == changes->len || (level.sold > level.there) != over)
            g_array_append_val(rows, level);
        over = level.sold > level.there;
    }
    return rows;
}

void judge_levels(const struct judge *judge, const struct audit_result *units,
                  struct audit_levels *ret_levels)
{
    const struct audit_finding *worst =
        units->findings->len > 0 ? g_ptr_array_index(units->findings, 0) : NULL;
    const struct judge_position *position =
        worst != NULL ? find_position(judge, worst->subject) : NULL;

    if (position == NULL)
        return;
    g_autoptr(GArray) changes = g_array_new(FALSE, FALSE, sizeof(struct audit_level));
    judge_changes(judge, position, changes);
    ret_levels->subject = g_strdup(worst->subject);
    ret_levels->rows = sum_up(changes, run_end_us(judge));
}
