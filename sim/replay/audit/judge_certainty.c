/* How certain it is that a request had its effect, and when.
 *
 * A record counts the sendings of a request that may have done something: with one, a refusal means
 * that nothing happened; with more, it may be the answer to the second, the first having been done.
 * An effect that is acknowledged lies between the first sending that may have had it and the answer;
 * one that is open lies anywhere from there on. Nothing that was sent to a process before it was
 * killed is done by it later.
 */
#include "replay/audit/judge.h"

#include <string.h>

#define BACK_US INT64_C(5000000) /* after a restart a service may take so long to be itself again */

enum answer_class { ANSWER_IS_OPEN, ANSWER_IS_OK, ANSWER_IS_REFUSED };

static uint8_t class_of(const char *outcome)
{
    if (strcmp(outcome, "ok") == 0)
        return ANSWER_IS_OK;
    return strcmp(outcome, "refused") == 0 ? ANSWER_IS_REFUSED : ANSWER_IS_OPEN;
}

/* Of each number that an outcome may have. */
static void read_classes(const History *history, uint8_t *ret_class)
{
    const char *name;

    memset(ret_class, ANSWER_IS_OPEN, UINT8_MAX + 1);
    for (uint32_t i = 0; i <= UINT8_MAX && (name = history_outcome_name(history, i)); i++)
        ret_class[i] = class_of(name);
}

static uint32_t sendings_of(const struct record_row *row)
{
    return (uint32_t)row->tries + row->resent;
}

uint32_t judge_sendings(const struct judge *judge, uint32_t row)
{
    return sendings_of(&judge->rows[row]);
}

static enum certainty certainty_of(const struct record_row *row, const uint8_t *class)
{
    const uint32_t sendings = sendings_of(row);

    if (class[row->outcome] == ANSWER_IS_OK)
        return CERTAINTY_DONE;
    if (class[row->outcome] == ANSWER_IS_REFUSED && sendings == 1)
        return CERTAINTY_NOT_DONE;
    return sendings == 0 ? CERTAINTY_NOT_DONE : CERTAINTY_OPEN;
}

bool audit_has_open(const History *history)
{
    uint8_t class[UINT8_MAX + 1];
    uint64_t count = 0;
    const struct record_row *rows = history_rows(history, &count);

    read_classes(history, class);
    for (uint64_t i = 0; i < count; i++)
        if (certainty_of(&rows[i], class) == CERTAINTY_OPEN)
            return true;
    return false;
}

int64_t judge_from_us(const struct judge *judge, uint32_t row)
{
    const struct record_row *r = &judge->rows[row];

    return judge_sendings(judge, row) > 1 || r->sent_us < 0 ? MIN(r->intended_us, r->done_us)
                                                            : r->sent_us;
}

bool judge_may_still(const struct judge *judge, uint32_t row)
{
    uint32_t count;
    const struct history_hook *hooks = history_hooks(judge->history, &count);
    const int64_t last_us = MAX(judge->rows[row].sent_us, judge->rows[row].intended_us);

    if (judge->input->is_still || judge->certainty[row] != CERTAINTY_OPEN)
        return false;
    for (uint32_t i = 0; i < count; i++)
        if (strcmp(hooks[i].what, "kill") == 0 && hooks[i].at_us > last_us)
            return false;
    return true;
}

/* The last telling of this kind. */
static const struct history_telling *find_telling(const struct judge *judge, uint32_t row,
                                                  enum telling what)
{
    for (uint32_t i = judge->telling_first[row + 1]; i > judge->telling_first[row]; i--) {
        const struct history_telling *told = &judge->tellings[i - 1];
        if (told->number == judge->rows[row].number && told->what < G_N_ELEMENTS(judge->what) &&
            judge->what[told->what] == what)
            return told;
    }
    return NULL;
}

bool judge_told(const struct judge *judge, uint32_t row, enum telling what, int64_t *ret_value)
{
    const struct history_telling *told = find_telling(judge, row, what);

    if (told != NULL)
        *ret_value = told->value;
    return told != NULL;
}

bool judge_told_text(const struct judge *judge, uint32_t row, enum telling what, uint32_t *ret_text)
{
    const struct history_telling *told = find_telling(judge, row, what);

    if (told == NULL || told->text == INTERN_NONE)
        return false;
    *ret_text = told->text;
    return true;
}

bool judge_was_down(const struct judge *judge, int64_t from_us, int64_t until_us)
{
    for (guint i = 0; i + 1 < judge->down->len; i += 2)
        if (until_us >= g_array_index(judge->down, int64_t, i) &&
            from_us <= g_array_index(judge->down, int64_t, i + 1))
            return true;
    return false;
}

/* From a kill until a while after the next restart, or to the end. */
static void read_hooks(struct judge *judge)
{
    uint32_t count;
    const struct history_hook *hooks = history_hooks(judge->history, &count);
    int64_t since_us = -1;

    judge->down = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(hooks[i].what, "kill") == 0) {
            since_us = since_us < 0 ? hooks[i].at_us : since_us;
        } else if (strcmp(hooks[i].what, "restart") == 0) {
            const int64_t until_us = hooks[i].at_us + BACK_US;
            since_us = since_us < 0 ? hooks[i].at_us : since_us;
            g_array_append_val(judge->down, since_us);
            g_array_append_val(judge->down, until_us);
            since_us = -1;
        }
    }
    if (since_us >= 0) {
        const int64_t until_us = JUDGE_NEVER;
        g_array_append_val(judge->down, since_us);
        g_array_append_val(judge->down, until_us);
    }
}

/* Names of outcomes and tellings are looked up once. */
static void read_names(struct judge *judge)
{
    const char *name;

    read_classes(judge->history, judge->answer_class);
    memset(judge->what, TELLING_COUNT, sizeof judge->what);
    for (uint32_t i = 0; i <= UINT8_MAX && (name = history_telling_name(judge->history, i)); i++)
        for (uint32_t what = 0; what < TELLING_COUNT; what++)
            if (strcmp(name, telling_name(what)) == 0)
                judge->what[i] = (uint8_t)what;
}

void judge_read_history(struct judge *judge)
{
    uint64_t told = 0;

    judge->rows = history_rows(judge->history, &judge->row_count);
    judge->tellings = history_tellings(judge->history, &judge->telling_count);
    judge->is_complete = history_complete(judge->history);
    read_names(judge);
    read_hooks(judge);
    judge->telling_first = g_new(uint32_t, judge->row_count + 1);
    judge->certainty = g_malloc(judge->row_count + 1);
    for (uint32_t row = 0; row < judge->row_count; row++) {
        while (told < judge->telling_count &&
               judge->tellings[told].number < judge->rows[row].number)
            told++; /* of no request */
        judge->telling_first[row] = (uint32_t)told;
        while (told < judge->telling_count &&
               judge->tellings[told].number == judge->rows[row].number)
            told++;
        judge->certainty[row] = (uint8_t)certainty_of(&judge->rows[row], judge->answer_class);
    }
    judge->telling_first[judge->row_count] = (uint32_t)told;
}
