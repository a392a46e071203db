/* The audit's frame: the registry of invariants, and one result for each.
 *
 * What they judge by is joined once (judge.h), then each invariant looks at it by itself, in the
 * order of invariants.def. None sees what another found: an oversold unit may well show in the orders,
 * in the stock and in the money, and each of them says so in its own terms.
 */
#include "replay/audit/audit_private.h"
#include "replay/audit/judge.h"
#include "shell/diagnostic.h"

#include <string.h>

struct invariant {
    const char *name, *title, *text;
    void (*judge)(const struct judge *judge, struct audit_result *result);
};

static const struct invariant invariants[] = {
#define INVARIANT(name, title, text) {#name, title, text, name##_judge},
#include "replay/audit/invariants.def"
#undef INVARIANT
};

const char *audit_verdict_name(enum audit_verdict verdict)
{
    static const char *const name[] = {"holds", "violated", "cannot tell"};

    return name[verdict];
}

const char *audit_invariant_name(enum audit_invariant invariant)
{
    return invariants[invariant].name;
}

const char *audit_invariant_title(enum audit_invariant invariant)
{
    return invariants[invariant].title;
}

const char *audit_invariant_text(enum audit_invariant invariant)
{
    return invariants[invariant].text;
}

/* ---- what is judged by ----------------------------------------------------------------------- */

/* The numbers of the record's requests must mean what they mean in this map. */
static gboolean check_map(const struct audit_input *input, GError **ret_error)
{
    const uint32_t count = api_request_count(input->map);

    for (uint32_t i = 0;; i++) {
        const char *recorded = history_request_name(input->history, i);
        const char *mapped = i < count ? api_request(input->map, i)->name : NULL;
        if (recorded == NULL && (mapped == NULL || i == 0))
            return TRUE; /* a record without names is believed */
        if (recorded != NULL && mapped != NULL && strcmp(recorded, mapped) == 0)
            continue;
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "it was recorded with an API map whose request %u was %s%s%s, '%s' has %s%s%s "
                    "there: audit it with the map of its run",
                    i, recorded != NULL ? "'" : "", recorded != NULL ? recorded : "none",
                    recorded != NULL ? "'" : "", api_name(input->map), mapped != NULL ? "'" : "",
                    mapped != NULL ? mapped : "none", mapped != NULL ? "'" : "");
        return FALSE;
    }
}

struct judge *judge_new(const struct audit_input *input, GError **ret_error)
{
    struct judge *judge;

    if (!check_map(input, ret_error))
        return NULL;
    judge = g_new0(struct judge, 1);
    judge->input = input;
    judge->history = input->history;
    judge->texts = history_texts(input->history);
    judge->before = input->before;
    judge->after = input->after;
    judge_read_history(judge);
    judge_make_orders(judge);
    judge_make_members(judge);
    judge_make_points(judge);
    judge_make_stock(judge);
    judge_make_tallies(judge);
    return judge;
}

static void unref_table(GHashTable *table)
{
    if (table != NULL)
        g_hash_table_unref(table);
}

static void unref_array(GArray *array)
{
    if (array != NULL)
        g_array_unref(array);
}

void judge_free(struct judge *judge)
{
    if (judge == NULL)
        return;
    g_free(judge->telling_first);
    g_free(judge->certainty);
    g_free(judge->deeds);
    g_free(judge->deed_of);
    g_free(judge->tallies);
    g_free(judge->member_orders);
    g_free(judge->book_order);
    g_free(judge->book_next);
    g_free(judge->book_is_old);
    g_free(judge->line_first);
    unref_array(judge->down);
    unref_array(judge->orders);
    unref_array(judge->members);
    unref_array(judge->effects);
    unref_array(judge->positions);
    unref_array(judge->holds);
    unref_array(judge->releases);
    unref_table(judge->member_of);
    unref_table(judge->member_of_number);
    unref_table(judge->points_row);
    unref_table(judge->moved_members);
    unref_table(judge->order_of);
    unref_table(judge->id_of);
    unref_table(judge->old_keys);
    unref_table(judge->old_ids);
    unref_table(judge->row_of_key);
    unref_table(judge->row_of_id);
    unref_table(judge->position_of);
    g_free(judge);
}

/* ---- the audit ------------------------------------------------------------------------------- */

static void count_history(Audit *audit, const struct judge *judge)
{
    struct audit_counts *counts = &audit->counts;

    counts->requests = judge->row_count;
    for (uint64_t row = 0; row < judge->row_count; row++) {
        counts->done += judge->certainty[row] == CERTAINTY_DONE;
        counts->not_done += judge->certainty[row] == CERTAINTY_NOT_DONE;
        counts->open += judge->certainty[row] == CERTAINTY_OPEN;
    }
    for (guint i = 0; i < judge->orders->len; i++) {
        const struct judge_order *order = judge_order(judge, i);
        if ((order->asked >> DEED_place & 1) == 0)
            continue;
        counts->orders_asked++;
        counts->orders_done += judge_certain(order, DEED_place) == CERTAINTY_DONE;
        counts->orders_open += judge_certain(order, DEED_place) == CERTAINTY_OPEN;
    }
    for (uint32_t row = 0; row < books_row_count(judge->after, BOOK_orders); row++)
        counts->orders_in_books += !judge->book_is_old[row];
}

static void add_note(Audit *audit, const char *text)
{
    g_ptr_array_add(audit->notes, g_strdup(text));
}

static void note_what_is_there(Audit *audit, const struct judge *judge)
{
    bool before = false, after = false;

    for (uint32_t book = 0; book < BOOK_COUNT; book++) {
        before |= books_has(judge->before, book);
        after |= books_has(judge->after, book);
    }
    if (!judge->is_complete)
        add_note(audit, "the record is not complete: requests may be missing in it");
    if (judge->is_repeat)
        add_note(audit, "the books before the run have orders of this plan: it was sent before, so "
                        "that no answer is certain to be of this run; --pass N makes new orders");
    if (!before)
        add_note(audit, "books before the run were not read");
    if (!after)
        add_note(audit, "books after the run were not read");
    if (judge->down->len > 0)
        add_note(audit,
                 "the service was killed or started again meanwhile: until 5 s after a restart "
                 "no error and no waiting counts");
    add_note(audit, "assumed: nobody but the run changed the books between the two readings");
    g_ptr_array_add(audit->notes, NULL);
}

static enum audit_verdict verdict_of(const struct audit_result *result)
{
    if (result->violations > 0)
        return AUDIT_VIOLATED;
    return result->checked == 0 && result->missing->len > 0 ? AUDIT_CANNOT_TELL : AUDIT_HOLDS;
}

Audit *audit_run(const struct audit_input *input, GError **ret_error)
{
    struct judge *judge = judge_new(input, ret_error);
    Audit *audit;

    if (judge == NULL)
        return NULL;
    audit = g_new0(Audit, 1);
    audit->notes = g_ptr_array_new_with_free_func(g_free);
    count_history(audit, judge);
    note_what_is_there(audit, judge);
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        struct audit_result *result = &audit->results[i];
        result->findings = judge_findings_new();
        result->missing = g_ptr_array_new_with_free_func(g_free);
        invariants[i].judge(judge, result);
        if (judge->is_repeat && result->checked == 0)
            judge_missing(result, "no answer is certain to be of this run");
        result->verdict = verdict_of(result);
    }
    judge_levels(judge, &audit->results[AUDIT_units_sold_once], &audit->levels);
    judge_free(judge);
    return audit;
}

void audit_free(Audit *audit)
{
    if (audit == NULL)
        return;
    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        g_ptr_array_unref(audit->results[i].findings);
        g_ptr_array_unref(audit->results[i].missing);
    }
    g_ptr_array_unref(audit->notes);
    g_free(audit->levels.subject);
    unref_array(audit->levels.rows);
    g_free(audit);
}

const struct audit_result *audit_result(const Audit *audit, enum audit_invariant invariant)
{
    return &audit->results[invariant];
}

const struct audit_counts *audit_counts(const Audit *audit) { return &audit->counts; }
const struct audit_levels *audit_levels(const Audit *audit) { return &audit->levels; }

enum audit_verdict audit_verdict(const Audit *audit)
{
    enum audit_verdict worst = AUDIT_CANNOT_TELL;

    for (uint32_t i = 0; i < AUDIT_INVARIANT_COUNT; i++) {
        if (audit->results[i].verdict == AUDIT_VIOLATED)
            return AUDIT_VIOLATED;
        if (audit->results[i].verdict == AUDIT_HOLDS)
            worst = AUDIT_HOLDS;
    }
    return worst;
}

const char *const *audit_notes(const Audit *audit)
{
    return (const char *const *)audit->notes->pdata;
}
