/* The linker puts these functions in the place of those that read a record, so a case needs no file and
 * no service: a swarm of thousands takes seconds. What is recorded and read back is tested elsewhere
 * (tests/results/test_history.c, test_worker_record.c). */
#include "replay/audit_case.h"

#include "shell/diagnostic.h"

#include <check.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the history, read from memory ----------------------------------------------------------- */

bool __wrap_history_complete(const History *history);
Intern *__wrap_history_texts(History *history);
const struct record_row *__wrap_history_rows(const History *history, uint64_t *ret_count);
const struct history_telling *__wrap_history_tellings(const History *history, uint64_t *ret_count);
const struct history_hook *__wrap_history_hooks(const History *history, uint32_t *ret_count);
uint32_t __wrap_history_place(const History *history, uint32_t place);
uint32_t __wrap_history_sku(const History *history, uint32_t sku);
uint32_t __wrap_history_coupon(const History *history, uint32_t coupon);
const char *__wrap_history_request_name(const History *history, uint32_t request);
const char *__wrap_history_outcome_name(const History *history, uint32_t outcome);
const char *__wrap_history_telling_name(const History *history, uint32_t what);

static const struct audit_case *case_of(const History *history)
{
    return (const struct audit_case *)(const void *)history;
}

bool __wrap_history_complete(const History *history) { return !case_of(history)->is_incomplete; }

Intern *__wrap_history_texts(History *history) { return case_of(history)->texts; }

const struct record_row *__wrap_history_rows(const History *history, uint64_t *ret_count)
{
    *ret_count = case_of(history)->rows->len;
    return (const struct record_row *)(const void *)case_of(history)->rows->data;
}

const struct history_telling *__wrap_history_tellings(const History *history, uint64_t *ret_count)
{
    *ret_count = case_of(history)->tellings->len;
    return (const struct history_telling *)(const void *)case_of(history)->tellings->data;
}

const struct history_hook *__wrap_history_hooks(const History *history, uint32_t *ret_count)
{
    *ret_count = case_of(history)->hooks->len;
    return (const struct history_hook *)(const void *)case_of(history)->hooks->data;
}

static uint32_t name_of(const History *history, char letter, uint32_t number)
{
    char text[16];

    ((struct audit_case *)(void *)(uintptr_t)(const void *)history)->looks++;
    g_snprintf(text, sizeof text, "%c%u", letter, number);
    return intern_put(case_of(history)->texts, text, -1);
}

uint32_t __wrap_history_place(const History *history, uint32_t place)
{
    return place == OMO_PLAN_NONE ? INTERN_NONE : name_of(history, 'P', place);
}

uint32_t __wrap_history_sku(const History *history, uint32_t sku)
{
    return sku == OMO_PLAN_NONE ? INTERN_NONE : name_of(history, 'S', sku);
}

uint32_t __wrap_history_coupon(const History *history, uint32_t coupon)
{
    return coupon == OMO_PLAN_NO_COUPON ? INTERN_NONE : name_of(history, 'C', coupon);
}

const char *__wrap_history_request_name(const History *history, uint32_t request)
{
    const ApiMap *map = case_of(history)->map;

    return request < api_request_count(map) ? api_request(map, request)->name : NULL;
}

const char *__wrap_history_outcome_name(const History *history, uint32_t outcome)
{
    return history != NULL && outcome < OUTCOME_COUNT ? outcome_name(outcome) : NULL;
}

const char *__wrap_history_telling_name(const History *history, uint32_t what)
{
    return history != NULL ? telling_name(what) : NULL;
}

/* ---- making it ------------------------------------------------------------------------------- */

static const char usual_map[] = "api: 1\n"
                                "name: judged\n"
                                "steps:\n"
                                "  browse: {path: '/{{sku}}'}\n"
                                "  check_stock: {path: '/{{sku}}/{{place}}'}\n"
                                "  add_to_cart: {path: '/a/{{sku}}'}\n"
                                "  apply_coupon: {path: '/r/{{coupon}}'}\n"
                                "  check_out: {path: '/o/{{order}}'}\n"
                                "  pay: {path: '/p/{{order}}'}\n"
                                "  cancel: {path: '/c/{{order}}'}\n"
                                "  points: {path: '/points/{{member}}'}\n"
                                "  collect: {path: '/h/{{order}}'}\n"
                                "  take_back: {path: '/b/{{order}}'}\n"
                                "  till: {path: '/t/{{order}}'}\n"
                                "audit:\n"
                                "  answers_within: 1s\n"
                                "  books:\n"
                                "    stock: {path: /stock, rows: '', row: {sku: /sku}}\n";

ApiMap *audit_case_map(const char *text)
{
    g_autofree char *directory = g_dir_make_tmp("omosim-test-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "api.yaml", NULL);
    g_autoptr(GError) error = NULL;

    ck_assert(g_file_set_contents(path, text != NULL ? text : usual_map, -1, NULL));
    ApiMap *map = api_read(path, NULL, &error);
    ck_assert_msg(map != NULL, "%s", error != NULL ? error->message : "");
    g_unlink(path);
    g_rmdir(directory);
    return map;
}

void audit_case_begin(struct audit_case *c, ApiMap *map)
{
    *c = (struct audit_case){.map = map,
                             .texts = intern_new(),
                             .rows = g_array_new(FALSE, FALSE, sizeof(struct record_row)),
                             .tellings = g_array_new(FALSE, FALSE, sizeof(struct history_telling)),
                             .hooks = g_array_new(FALSE, FALSE, sizeof(struct history_hook)),
                             .before = books_new(),
                             .after = books_new()};
}

void audit_case_end(struct audit_case *c)
{
    audit_free(c->audit);
    books_free(c->before);
    books_free(c->after);
    g_array_unref(c->rows);
    g_array_unref(c->tellings);
    g_array_unref(c->hooks);
    intern_free(c->texts);
}

static uint32_t number_of(const char *name, uint32_t none)
{
    return name == NULL ? none : (uint32_t)strtoul(name + 1, NULL, 10);
}

uint64_t audit_case_ask(struct audit_case *c, const struct ask *ask)
{
    uint32_t count;
    const bool was_sent = ask->outcome != OUTCOME_missing_value &&
                          ask->outcome != OUTCOME_connect_error && ask->outcome != OUTCOME_shed;
    const struct record_row row = {.number = c->rows->len,
                                   .journey = ask->journey != 0 ? ask->journey : ask->order,
                                   .member = ask->member,
                                   .order = ask->order,
                                   .intended_us = (ask->due != 0 ? ask->due : ask->sent) * 1000,
                                   .sent_us = was_sent ? ask->sent * 1000 : -1,
                                   .done_us = (ask->done != 0 ? ask->done : ask->sent + 10) * 1000,
                                   .sku = number_of(ask->sku, OMO_PLAN_NONE),
                                   .place = number_of(ask->place, OMO_PLAN_NONE),
                                   .request = api_step_requests(c->map, ask->step, &count),
                                   .quantity = ask->quantity,
                                   .coupon = (uint16_t)number_of(ask->coupon, OMO_PLAN_NO_COUPON),
                                   .status = ask->status != 0                  ? ask->status
                                             : ask->outcome == OUTCOME_ok      ? 200
                                             : ask->outcome == OUTCOME_refused ? 409
                                                                               : 0,
                                   .step = (uint8_t)ask->step,
                                   .outcome = (uint8_t)ask->outcome,
                                   .tries = ask->tries != 0 ? ask->tries : was_sent,
                                   .resent = ask->resent,
                                   .pass = ask->pass};

    ck_assert_uint_gt(count, 0);
    g_array_append_val(c->rows, row);
    return row.number;
}

/* Sorted by request: a later telling of an earlier one is put where it belongs. */
static void put_telling(struct audit_case *c, const struct history_telling *telling)
{
    guint at = c->tellings->len;

    while (at > 0 &&
           g_array_index(c->tellings, struct history_telling, at - 1).number > telling->number)
        at--;
    g_array_insert_vals(c->tellings, at, telling, 1);
}

void audit_case_tell(struct audit_case *c, uint64_t number, enum telling what, int64_t value)
{
    put_telling(c, &(struct history_telling){.number = number, .what = what, .value = value});
}

void audit_case_tell_text(struct audit_case *c, uint64_t number, enum telling what,
                          const char *text)
{
    put_telling(c, &(struct history_telling){.number = number,
                                             .what = what,
                                             .text = intern_put(c->texts, text, -1)});
}

void audit_case_hook(struct audit_case *c, int64_t at_ms, const char *what)
{
    const struct history_hook hook = {at_ms * 1000, what, ""};

    g_array_append_val(c->hooks, hook);
}

/* ---- books ----------------------------------------------------------------------------------- */

static uint32_t read_row(struct audit_case *c, enum book book, char *line, union book_value *values,
                         bool *ret_is_empty)
{
    uint32_t count, mask = 0;
    const struct book_column *columns = book_columns(book, &count);
    char *state, *word;

    *ret_is_empty = true;
    for (uint32_t i = 0; i < count; i++) {
        if (columns[i].type == BOOK_TEXT)
            values[i].text = BOOKS_NO_TEXT;
        else
            values[i].number = BOOKS_NO_NUMBER;
    }
    for (word = strtok_r(line, " ", &state); word != NULL; word = strtok_r(NULL, " ", &state)) {
        char *value = strchr(word, '=');
        ck_assert_ptr_nonnull(value);
        *value++ = '\0';
        const uint32_t column = book_column_find(book, word);
        ck_assert_msg(column != G_MAXUINT32, "no column %s", word);
        mask |= 1u << column;
        *ret_is_empty &= *value == '\0';
        if (*value == '\0')
            continue;
        if (columns[column].type == BOOK_TEXT)
            values[column].text = intern_put(c->texts, value, -1);
        else
            values[column].number = strtoll(value, NULL, 10);
    }
    return mask;
}

void audit_case_book(struct audit_case *c, Books *books, enum book book, const char *lines)
{
    g_auto(GStrv) line = g_strsplit(lines, "\n", -1);

    for (uint32_t i = 0; line[i] != NULL; i++) {
        union book_value values[BOOKS_COLUMNS_MAX] = {0};
        bool is_empty;
        const uint32_t mask = read_row(c, book, g_strstrip(line[i]), values, &is_empty);
        if (i == 0 && (!books_has(books, book) || is_empty))
            books_begin(books, book, mask);
        if (is_empty)
            continue;
        if (book == BOOK_order_lines)
            books_add_line(books, books_row_count(books, BOOK_orders) - 1, values);
        else
            books_add(books, book, values);
    }
}

/* ---- judging --------------------------------------------------------------------------------- */

void audit_case_run(struct audit_case *c)
{
    g_autoptr(GError) error = NULL;
    const struct audit_input input = {.history = (History *)(void *)c,
                                      .before = c->before,
                                      .after = c->after,
                                      .map = c->map,
                                      .is_still = c->is_still};

    audit_free(c->audit);
    c->audit = audit_run(&input, &error);
    ck_assert_msg(c->audit != NULL, "%s", error != NULL ? error->message : "");
}

const struct audit_result *audit_case_result(struct audit_case *c, enum audit_invariant invariant)
{
    if (c->audit == NULL)
        audit_case_run(c);
    return audit_result(c->audit, invariant);
}

char *audit_case_text(struct audit_case *c, enum audit_invariant invariant)
{
    const struct audit_result *result = audit_case_result(c, invariant);
    GString *text = g_string_new(NULL);

    for (guint i = 0; i < result->findings->len; i++) {
        const struct audit_finding *finding = result->findings->pdata[i];
        g_string_append_printf(text, "%s: %s\n", finding->subject, finding->text);
        for (guint k = 0; k < finding->requests->len; k++)
            g_string_append_printf(text, "  %s\n",
                                   g_array_index(finding->requests, struct audit_request, k).text);
    }
    for (guint i = 0; i < result->missing->len; i++)
        g_string_append_printf(text, "missing: %s\n", (char *)result->missing->pdata[i]);
    return g_string_free(text, FALSE);
}
