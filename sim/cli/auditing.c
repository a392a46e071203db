/* The flow of an audit.
 *
 * Before the run the record does not exist yet, so what is read then waits in memory, with texts of
 * its own; afterwards it is laid down in the record and comes back with the history's texts. From
 * there on `replay --audit` does what `omosim audit` does later: one way to judge, not two.
 *
 * A service may still work on what the run has left open when the run is over, and books that change
 * while they are read fit no history: the orders were read before it, the stock behind it. So after
 * a run with open outcomes, or when orders that nobody paid may expire meanwhile, the books are read
 * again until two readings agree (READINGS_MAX at most).
 * Books that stood still are judged without an allowance for that, and the record remembers it.
 */
#include "cli/auditing.h"

#include "cli/interrupt.h"
#include "replay/audit/tell.h"
#include "results/record_table.h"
#include "shell/diagnostic.h"
#include "shell/units.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define READINGS_MAX 5
#define NOTE_STILL "books_still" /* of the record: the books that are kept did not move */
#define SETTLE_US 1000000
#define DRAW_AFTER_US 2000000
#define REDRAW_US 200000

gboolean auditing_check_map(const ApiMap *map, const char *path, GError **ret_error)
{
    if (api_has_books(map))
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                path != NULL
                    ? "%s has no section 'audit', which says how to read the service's books"
                    : "an audit needs an API map whose section 'audit' says how to read the "
                      "service's books",
                path);
    return FALSE;
}

void auditing_clear(struct auditing *a)
{
    g_clear_pointer(&a->audit, audit_free);
    g_clear_pointer(&a->before, books_free);
    g_clear_pointer(&a->after, books_free);
    g_clear_pointer(&a->texts, intern_free);
    g_clear_pointer(&a->history, history_free);
    if (a->folder == NULL)
        return;
    static const char *const ends[] = {"run.db", "run.db-wal", "run.db-shm", "run.db-journal"};
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++) {
        g_autofree char *file = g_build_filename(a->folder, ends[i], NULL);
        g_unlink(file);
    }
    g_rmdir(a->folder);
    if (a->record != NULL)
        g_free((char *)(uintptr_t)a->record);
    g_clear_pointer(&a->folder, g_free);
}

gboolean auditing_make_record(struct auditing *a, GError **ret_error)
{
    a->folder = g_dir_make_tmp("omosim-XXXXXX", ret_error);
    if (a->folder == NULL)
        return FALSE;
    a->record = g_build_filename(a->folder, "run.db", NULL);
    return TRUE;
}

/* ---- the line on the terminal ---------------------------------------------------------------- */

struct line {
    bool draws, drawn;
    gint64 next_us;
};

static void line_begin(struct line *line)
{
    const char *terminal = getenv("TERM");

    *line = (struct line){.draws = isatty(STDERR_FILENO) && terminal != NULL &&
                                   strcmp(terminal, "dumb") != 0,
                          .next_us = g_get_monotonic_time() + DRAW_AFTER_US};
}

static gboolean line_update(void *user, enum book book, uint64_t rows)
{
    struct line *line = user;
    const gint64 now_us = g_get_monotonic_time();

    if (line->draws && now_us >= line->next_us) {
        g_autofree char *count = units_format_count((int64_t)rows);
        fprintf(stderr, "\r\033[Kreading the books: %s, %s rows", book_name(book), count);
        line->drawn = true;
        line->next_us = now_us + REDRAW_US;
    }
    return !interrupt_requested();
}

static void line_end(struct line *line)
{
    if (line->drawn)
        fputs("\r\033[K", stderr);
    line->drawn = false;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void tell_problems(const Books *books, const char *when)
{
    for (enum book book = 0; book < BOOK_COUNT; book++)
        if (book != BOOK_order_lines && books_problem(books, book) != NULL)
            fprintf(stderr, "warning: the book '%s' could not be read whole %s the run: %s\n",
                    book_name(book), when, books_problem(books, book));
}

static Books *read_books(const struct auditing *a, const struct audit_names *names, Intern *texts,
                         GError **ret_error)
{
    g_autoptr(Fetch) fetch = fetch_new(a->target, a->map, a->timeout_ns, ret_error);
    g_autoptr(Books) books = books_new();
    struct line line;

    if (fetch == NULL)
        return NULL;
    line_begin(&line);
    const gboolean read =
        audit_read_books(fetch, a->map, names, texts, books, line_update, &line, ret_error);
    line_end(&line);
    return read ? g_steal_pointer(&books) : NULL;
}

gboolean auditing_read_before(struct auditing *a, const Plan *plan, int64_t from_us, int64_t to_us,
                              GError **ret_error)
{
    a->texts = intern_new();
    g_autoptr(AuditNames) names = audit_names_of_plan(plan, a->map, from_us, to_us, a->texts);

    a->before = read_books(a, names, a->texts, ret_error);
    if (a->before == NULL) {
        g_prefix_error(ret_error, "the books before the run: ");
        return FALSE;
    }
    tell_problems(a->before, "before");
    return TRUE;
}

gboolean auditing_keep_before(struct auditing *a, GError **ret_error)
{
    if (a->before == NULL)
        return TRUE;
    const gboolean kept = audit_save_books(a->before, a->texts, a->record, "before", ret_error);

    g_clear_pointer(&a->before, books_free);
    g_clear_pointer(&a->texts, intern_free);
    return kept;
}

/* ---- reading until nothing moves ------------------------------------------------------------- */

static bool same_book(const Books *a, const Books *b, enum book book)
{
    uint32_t count = 0;
    const uint32_t rows = books_row_count(a, book);

    book_columns(book, &count);
    if (rows != books_row_count(b, book) || books_has(a, book) != books_has(b, book))
        return false;
    for (uint32_t column = 0; column < count; column++) {
        const union book_value *x = books_column(a, book, column),
                               *y = books_column(b, book, column);
        const bool text = book_columns(book, &count)[column].type == BOOK_TEXT;
        for (uint32_t row = 0; row < rows; row++)
            if (text ? x[row].text != y[row].text : x[row].number != y[row].number)
                return false;
    }
    return true;
}

static bool same_books(const Books *a, const Books *b)
{
    for (enum book book = 0; book < BOOK_COUNT; book++)
        if (!same_book(a, b, book))
            return false;
    return true;
}

/* Orders that nobody paid may expire while the books are read. */
static bool has_unpaid(const Books *books)
{
    const bool tells = books_has_column(books, BOOK_orders, BOOKS_COLUMN(orders, settled)) &&
                       books_has_column(books, BOOK_orders, BOOKS_COLUMN(orders, cancelled));

    for (uint32_t row = 0; tells && row < books_row_count(books, BOOK_orders); row++)
        if (books_column(books, BOOK_orders, BOOKS_COLUMN(orders, settled))[row].number == 0 &&
            books_column(books, BOOK_orders, BOOKS_COLUMN(orders, cancelled))[row].number == 0)
            return true;
    return false;
}

static gboolean read_after(struct auditing *a, const Books *before, gboolean fresh,
                           GError **ret_error)
{
    g_autoptr(AuditNames) names = audit_names_of_history(a->history, before);
    bool settles = audit_has_open(a->history);

    for (int reading = 1;; reading++) {
        if (settles && (fresh || reading > 1))
            g_usleep(SETTLE_US);
        g_autoptr(Books) books = read_books(a, names, history_texts(a->history), ret_error);
        if (books == NULL) {
            g_prefix_error(ret_error, "the books after the run: ");
            return FALSE;
        }
        settles |= has_unpaid(books);
        a->is_still = !settles || (a->after != NULL && same_books(a->after, books));
        books_free(a->after);
        a->after = g_steal_pointer(&books);
        if (a->is_still)
            break;
        if (reading == READINGS_MAX) {
            fputs("warning: the books still change after the run, somebody else is at them\n",
                  stderr);
            break;
        }
    }
    tell_problems(a->after, "after");
    return audit_save_books(a->after, history_texts(a->history), a->record, "after", ret_error) &&
           record_note_later(a->record,
                             (const char *const[]){NOTE_STILL, a->is_still ? "1" : "0", NULL},
                             ret_error);
}

/* ---- judging --------------------------------------------------------------------------------- */

/* Whether anything was read at all. */
static bool has_any(const Books *books)
{
    for (enum book book = 0; book < BOOK_COUNT; book++)
        if (books_has(books, book) || books_problem(books, book) != NULL)
            return true;
    return false;
}

static gboolean load_after(struct auditing *a, GError **ret_error)
{
    a->after = audit_load_books(a->record, "after", history_texts(a->history), ret_error);
    if (a->after == NULL)
        return FALSE;
    a->is_still = g_strcmp0(history_note(a->history, NOTE_STILL), "1") == 0;
    if (has_any(a->after))
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE,
                "%s has no books of an earlier audit: --target URL reads those of the service",
                a->record);
    return FALSE;
}

gboolean auditing_judge(struct auditing *a, gboolean fresh, GError **ret_error)
{
    g_clear_pointer(&a->before, books_free);
    a->history = history_open(a->record, ret_error);
    if (a->history == NULL)
        return FALSE;
    a->before = audit_load_books(a->record, "before", history_texts(a->history), ret_error);
    if (a->before == NULL || !(a->target != NULL ? read_after(a, a->before, fresh, ret_error)
                                                 : load_after(a, ret_error)))
        return FALSE;
    const struct audit_input input = {.history = a->history,
                                      .before = a->before,
                                      .after = a->after,
                                      .map = a->map,
                                      .is_still = a->is_still};
    a->audit = audit_run(&input, ret_error);
    return a->audit != NULL && audit_save(a->audit, a->record, ret_error);
}
