/* The position that was oversold most, told over time: what a picture of it is drawn of. The finding
 * names it and the worst moment; here is every moment, as units_sold_once sweeps over them, with
 * units that may have come back counted as there again.
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

/* Changes of a position, by time. */
static GArray *list_changes(const struct judge *judge, const struct judge_position *position)
{
    const int64_t end_us = run_end_us(judge);
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(struct audit_level));
    struct audit_level first = {.there = position->supply};
    int64_t received = 0;

    for (uint32_t i = 0; i < position->release_count; i++) {
        const struct judge_release *release =
            &g_array_index(judge->releases, struct judge_release, position->release_first + i);
        const struct audit_level change = {.at_us = MIN(release->from_us, end_us),
                                           .there = release->units};
        if (release->from_us == INT64_MIN) /* nobody knows when it came */
            received += release->units;
        else
            g_array_append_val(changes, change);
    }
    for (uint32_t i = 0; i < position->hold_count; i++) {
        const struct judge_hold *hold =
            &g_array_index(judge->holds, struct judge_hold, position->hold_first + i);
        const struct audit_level taken = {.at_us = MIN(hold->from_us, end_us), .sold = hold->units},
                                 given = {.at_us = MIN(hold->until_us, end_us),
                                          .sold = -hold->units};
        g_array_append_val(changes, taken);
        if (hold->until_us != JUDGE_NEVER)
            g_array_append_val(changes, given);
    }
    g_array_sort(changes, compare);
    first.there += MAX(received, 0);
    g_array_prepend_val(changes, first);
    return changes;
}

/* Levels of changes; all of one moment at once. */
static GArray *sum_up(const GArray *changes)
{
    const guint every = changes->len / LEVELS_MAX + 1;
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(struct audit_level));
    struct audit_level level = {.at_us = 0};
    bool over = false;

    for (guint i = 0; i < changes->len; i++) {
        const struct audit_level *change = &g_array_index(changes, struct audit_level, i);
        level.at_us = MAX(change->at_us, 0);
        level.sold += change->sold;
        level.there += change->there;
        if (i + 1 < changes->len && change[1].at_us == change->at_us)
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
    g_autoptr(GArray) changes = list_changes(judge, position);
    ret_levels->subject = g_strdup(worst->subject);
    ret_levels->rows = sum_up(changes);
}
