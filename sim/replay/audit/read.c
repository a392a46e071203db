/* Reading a service's books: the map says what to ask for and what answers mean, this asks.
 *
 * One request after the other, page by page, book by book. A book that cannot be read whole keeps the
 * rows it got and says why; the next one is tried all the same. Only a service that does not answer
 * at all ends the reading: after FAILURES_MAX requests in a row that came to nothing, each of them
 * tried READ_TRIES times, what is left is marked as failed without asking again.
 *
 * A service may be in trouble while it is read: that is what it is tested for. So whatever may be
 * gone in a moment is waited for. Requests of books change nothing, whatever their method, and may be
 * sent again; those of `begin` (a log-in) as their method allows.
 */
#include "replay/audit/read.h"

#include "shell/diagnostic.h"

#define FAILURES_MAX 2
#define PAUSE_US 100000 /* before the second try, doubled each time */

struct reader {
    Fetch *fetch;
    const ApiMap *map;
    const struct audit_names *names;
    Intern *texts;
    Books *books;
    ApiReading *reading;
    audit_read_progress *progress;
    void *user;
    uint32_t failures; /* requests without an answer, in a row */
    uint32_t books_read;
    bool stopped;
};

/* ---- one request ----------------------------------------------------------------------------- */

static bool is_passing(uint32_t status) { return status == 429 || status >= 500; }

/* With patience. The reply of the last try, whatever its status. */
static gboolean reader_send(struct reader *r, struct api_message *message, bool may_repeat,
                            struct api_reply *ret_reply, GError **ret_error)
{
    gulong pause_us = PAUSE_US;

    message->idempotent |= may_repeat;
    for (int tries = 1;; tries++) {
        g_autoptr(GError) error = NULL;
        const gboolean sent = fetch_send(r->fetch, message, ret_reply, &error);
        if (sent && !is_passing(ret_reply->status)) {
            r->failures = 0;
            return TRUE;
        }
        if (tries == READ_TRIES || !message->idempotent) {
            r->failures = sent ? 0 : r->failures + 1;
            if (!sent)
                g_propagate_error(ret_error, g_steal_pointer(&error));
            return sent;
        }
        g_usleep(pause_us);
        pause_us *= 2;
    }
}

static gboolean reader_begin(struct reader *r, GError **ret_error)
{
    for (uint32_t i = 0; i < api_books_begin_count(r->map); i++) {
        struct api_message message;
        struct api_reply reply;
        if (!api_reading_begin_message(r->reading, i, &message, ret_error) ||
            !reader_send(r, &message, false, &reply, ret_error) ||
            !api_reading_begin_answer(r->reading, i, &reply, ret_error))
            return FALSE;
    }
    return TRUE;
}

/* ---- pages ----------------------------------------------------------------------------------- */

static gboolean set_stopped(struct reader *r, GError **ret_error)
{
    r->stopped = true;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                "the reading of the books was stopped");
    return FALSE;
}

/* All pages of one request. */
static gboolean reader_pages(struct reader *r, enum book book, uint32_t i, struct api_paging paging,
                             GError **ret_error)
{
    g_autofree char *next = NULL;
    bool more = true;

    for (; more; paging.page++) {
        struct api_message message;
        struct api_reply reply;
        uint64_t rows = 0;
        g_autofree char *before = g_steal_pointer(&next);
        paging.next = before;
        if (!api_reading_message(r->reading, book, i, &paging, &message, ret_error) ||
            !reader_send(r, &message, true, &reply, ret_error) ||
            !api_reading_answer(r->reading, book, i, &reply, r->texts, r->books, &rows, &more,
                                &next, ret_error))
            return FALSE;
        if (r->progress != NULL && !r->progress(r->user, book, books_row_count(r->books, book)))
            return set_stopped(r, ret_error);
        paging.offset += rows;
    }
    return TRUE;
}

/* ---- one reading for each name --------------------------------------------------------------- */

static const GArray *each_list(const struct audit_names *names, enum api_each each)
{
    switch (each) {
    case API_EACH_SKU:
        return names->skus;
    case API_EACH_PLACE:
        return names->places;
    case API_EACH_POSITION:
        return names->positions;
    case API_EACH_MEMBER:
        return names->members;
    case API_EACH_COUPON:
        return names->coupons;
    case API_EACH_ONCE:
        break;
    }
    return NULL;
}

static struct api_paging each_paging(const struct reader *r, enum api_each each, const GArray *list,
                                     guint at)
{
    const char *text = intern_text(r->texts, g_array_index(list, uint32_t, at));
    struct api_paging paging = {.offset = 0};

    switch (each) {
    case API_EACH_SKU:
        paging.sku = text;
        break;
    case API_EACH_PLACE:
        paging.place = text;
        break;
    case API_EACH_POSITION:
        paging.place = text;
        paging.sku = intern_text(r->texts, g_array_index(list, uint32_t, at + 1));
        break;
    case API_EACH_MEMBER:
        paging.member = text;
        break;
    case API_EACH_COUPON:
        paging.coupon = text;
        break;
    case API_EACH_ONCE:
        break;
    }
    return paging;
}

static gboolean reader_request(struct reader *r, enum book book, uint32_t i, GError **ret_error)
{
    const enum api_each each = api_book_each(r->map, book, i);
    const GArray *list = each_list(r->names, each);
    const guint stride = each == API_EACH_POSITION ? 2 : 1;

    if (list == NULL)
        return reader_pages(r, book, i, (struct api_paging){.offset = 0}, ret_error);
    for (guint at = 0; at < list->len; at += stride)
        if (!reader_pages(r, book, i, each_paging(r, each, list, at), ret_error))
            return FALSE;
    return TRUE;
}

/* ---- books ----------------------------------------------------------------------------------- */

static void reader_fail(struct reader *r, enum book book, const char *why)
{
    books_fail(r->books, book, why);
    if (book == BOOK_orders && api_book_columns(r->map, BOOK_order_lines) != 0)
        books_fail(r->books, BOOK_order_lines, why);
}

static gboolean reader_book(struct reader *r, enum book book, GError **ret_error)
{
    books_begin(r->books, book, api_book_columns(r->map, book));
    if (book == BOOK_orders && api_book_columns(r->map, BOOK_order_lines) != 0)
        books_begin(r->books, BOOK_order_lines, api_book_columns(r->map, BOOK_order_lines));
    for (uint32_t i = 0; i < api_book_request_count(r->map, book); i++)
        if (!reader_request(r, book, i, ret_error))
            return FALSE;
    return TRUE;
}

/* Books that are asked for; lines come with their orders. */
static bool is_asked_for(const ApiMap *map, enum book book)
{
    return book != BOOK_order_lines && api_has_book(map, book);
}

static gboolean reader_books(struct reader *r, GError **ret_error)
{
    g_autoptr(GError) first = NULL;

    for (enum book book = 0; book < BOOK_COUNT; book++) {
        g_autoptr(GError) error = NULL;
        if (!is_asked_for(r->map, book))
            continue;
        if (r->failures >= FAILURES_MAX || r->stopped) {
            reader_fail(r, book, first->message);
            continue;
        }
        if (reader_book(r, book, &error)) {
            r->books_read++;
            continue;
        }
        reader_fail(r, book, error->message);
        if (first == NULL)
            first = g_steal_pointer(&error);
    }
    if (first != NULL && (r->books_read == 0 || r->stopped)) {
        g_propagate_error(ret_error, g_steal_pointer(&first));
        return FALSE;
    }
    return TRUE;
}

gboolean audit_read_books(Fetch *fetch, const ApiMap *map, const struct audit_names *names,
                          Intern *texts, Books *books, audit_read_progress *progress, void *user,
                          GError **ret_error)
{
    g_autoptr(ApiReading) reading = api_reading_new(map, ret_error);
    struct reader r = {.fetch = fetch,
                       .map = map,
                       .names = names,
                       .texts = texts,
                       .books = books,
                       .reading = reading,
                       .progress = progress,
                       .user = user};

    return reading != NULL && reader_begin(&r, ret_error) && reader_books(&r, ret_error);
}
