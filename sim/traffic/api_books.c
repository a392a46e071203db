/* Reading a service's books: which requests, what they look like, what their answers gave.
 *
 * A reading keeps what `begin` captured and the bytes of one message; the answers' rows go straight
 * into the books (api_books_rows.c). It notices when paging doesn't move: an answer that is the same,
 * byte by byte, as the page before, of a service that overlooks the offset, would never end.
 */
#include "traffic/api_books_private.h"

#include <string.h>

#define API_READING_ROOM (1u << 20) /* of a message */

struct api_reading {
    const ApiMap *map;
    struct api_text variable[API_VARIABLES_MAX]; /* owned */
    char *room;
    uint64_t page_hash; /* of the page before */
    bool first_page;
    struct api_paging paging; /* of the message before; texts owned */
};

/* ---- the map --------------------------------------------------------------------------------- */

bool api_has_books(const ApiMap *map) { return map->audit.books->len > 0; }

bool api_has_book(const ApiMap *map, enum book book) { return api_book_columns(map, book) != 0; }

static const struct api_book *api_book_at(const ApiMap *map, enum book book, uint32_t i)
{
    g_assert(book < BOOK_COUNT && i < map->audit.book_count[book]);
    return &g_array_index(map->audit.books, struct api_book, map->audit.book_first[book] + i);
}

uint32_t api_book_columns(const ApiMap *map, enum book book)
{
    const enum book read = book == BOOK_order_lines ? BOOK_orders : book;
    uint32_t columns = 0;

    for (uint32_t i = 0; i < map->audit.book_count[read]; i++) {
        const struct api_book *request = api_book_at(map, read, i);
        columns |= read == book ? request->row.columns : request->line.columns;
    }
    return columns;
}

uint32_t api_books_begin_count(const ApiMap *map) { return map->audit.begin->len; }

uint32_t api_book_request_count(const ApiMap *map, enum book book)
{
    return map->audit.book_count[book];
}

enum api_each api_book_each(const ApiMap *map, enum book book, uint32_t i)
{
    return api_book_at(map, book, i)->each;
}

/* ---- errors ---------------------------------------------------------------------------------- */

/* "api.yaml:40:9: POST /login WHAT". */
static void api_reading_fail(struct text_position at, const struct api_request *request,
                             const char *what, GError **ret_error)
{
    g_autofree char *path = api_template_text(request->path);

    diagnostic_set(ret_error, OMO_SHELL_ERROR_CANNOT_RUN, at, "%s %s%s%s", request->method, path,
                   *what == ':' ? "" : " ", what);
}

static gboolean api_reading_render(ApiReading *reading, const struct api_request *request,
                                   struct text_position at, const struct api_paging *paging,
                                   struct api_message *ret_message, GError **ret_error)
{
    const struct api_values values = {.variable = reading->variable, .paging = paging};
    const char *missing;

    switch (api_render_by(request, &values,
                          (struct api_room){reading->room, reading->room + API_READING_ROOM},
                          ret_message)) {
    case API_RENDERED:
        return TRUE;
    case API_TOO_LARGE:
        api_reading_fail(at, request, "is larger than 1 MiB", ret_error);
        return FALSE;
    case API_MISSING_VALUE:
        break;
    }
    missing = api_request_missing(request, reading->variable);
    g_autofree char *what = g_strdup_printf("cannot be sent: {{%s}} has no value",
                                            missing != NULL ? missing : "a name in its path");
    api_reading_fail(at, request, what, ret_error);
    return FALSE;
}

/* Judges an answer; FALSE with an error when it is not what was asked for. */
static gboolean api_reading_judge(ApiReading *reading, const struct api_request *request,
                                  const struct api_rules *rules, struct text_position at,
                                  const struct api_reply *reply, char *room, size_t room_size,
                                  struct api_text *captured, GError **ret_error)
{
    const enum api_verdict verdict =
        api_judge_by(reading->map, request, rules, reply, (struct api_room){room, room + room_size},
                     captured, NULL);

    if (verdict == API_OK)
        return TRUE;
    g_autofree char *excerpt = api_excerpt(reply);
    g_autofree char *what =
        g_strdup_printf("answered %u%s: %s", reply->status, api_verdict_text(verdict), excerpt);
    api_reading_fail(at, request, what, ret_error);
    return FALSE;
}

/* ---- the reading ----------------------------------------------------------------------------- */

ApiReading *api_reading_new(const ApiMap *map, GError **ret_error)
{
    if (!api_is_set(map->audit.unset, ret_error))
        return NULL;
    ApiReading *reading = g_new0(ApiReading, 1);
    reading->map = map;
    reading->room = g_malloc(API_READING_ROOM);
    return reading;
}

static void api_paging_clear(struct api_paging *paging)
{
    g_free((char *)paging->next);
    g_free((char *)paging->sku);
    g_free((char *)paging->place);
    g_free((char *)paging->member);
    g_free((char *)paging->coupon);
    *paging = (struct api_paging){0};
}

void api_reading_free(ApiReading *reading)
{
    if (reading == NULL)
        return;
    for (uint32_t v = 0; v < API_VARIABLES_MAX; v++)
        g_free((char *)reading->variable[v].text);
    api_paging_clear(&reading->paging);
    g_free(reading->room);
    g_free(reading);
}

static const struct api_begin *api_begin_at(const ApiMap *map, uint32_t i)
{
    g_assert(i < map->audit.begin->len);
    return &g_array_index(map->audit.begin, struct api_begin, i);
}

gboolean api_reading_begin_message(ApiReading *reading, uint32_t i, struct api_message *ret_message,
                                   GError **ret_error)
{
    const struct api_begin *begin = api_begin_at(reading->map, i);

    return api_reading_render(reading, &begin->request, begin->at, NULL, ret_message, ret_error);
}

gboolean api_reading_begin_answer(ApiReading *reading, uint32_t i, const struct api_reply *reply,
                                  GError **ret_error)
{
    const struct api_begin *begin = api_begin_at(reading->map, i);
    struct api_text captured[API_VARIABLES_MAX] = {{NULL, 0}};
    const size_t room_size = 2 * (size_t)reply->body.size + API_READING_ROOM;
    g_autofree char *room = g_malloc(room_size);

    if (!api_reading_judge(reading, &begin->request, &begin->rules, begin->at, reply, room,
                           room_size, captured, ret_error))
        return FALSE;
    for (uint32_t v = 0; v < API_VARIABLES_MAX; v++) {
        if (captured[v].text == NULL)
            continue;
        g_free((char *)reading->variable[v].text);
        reading->variable[v] =
            (struct api_text){g_strndup(captured[v].text, captured[v].size), captured[v].size};
    }
    return TRUE;
}

gboolean api_reading_message(ApiReading *reading, enum book book, uint32_t i,
                             const struct api_paging *paging, struct api_message *ret_message,
                             GError **ret_error)
{
    const struct api_book *request = api_book_at(reading->map, book, i);

    api_paging_clear(&reading->paging);
    reading->paging = (struct api_paging){.offset = paging->offset,
                                          .page = paging->page,
                                          .next = g_strdup(paging->next),
                                          .sku = g_strdup(paging->sku),
                                          .place = g_strdup(paging->place),
                                          .member = g_strdup(paging->member),
                                          .coupon = g_strdup(paging->coupon)};
    reading->first_page =
        paging->offset == 0 && paging->page == 0 && (paging->next == NULL || *paging->next == '\0');
    return api_reading_render(reading, &request->request, request->at, &reading->paging,
                              ret_message, ret_error);
}

/* The text of {{next}}; NULL = this was the last page. Caller frees. */
static char *api_reading_next(ApiReading *reading, const struct api_book *request,
                              const struct api_reply *reply, struct api_room room)
{
    const struct api_found found = api_find(reading->map, &request->next, reply, &room);

    if (found.text.text == NULL || found.text.size == 0 || found.null || found.nested)
        return NULL;
    return g_strndup(found.text.text, found.text.size);
}

gboolean api_reading_answer(ApiReading *reading, enum book book, uint32_t i,
                            const struct api_reply *reply, Intern *texts, Books *books,
                            uint64_t *ret_rows, bool *ret_more, char **ret_next, GError **ret_error)
{
    const struct api_book *request = api_book_at(reading->map, book, i);
    const struct api_values values = {.variable = reading->variable, .paging = &reading->paging};
    const size_t room_size = 2 * (size_t)reply->body.size + API_READING_ROOM;
    g_autofree char *room = g_malloc(room_size);
    g_autoptr(GError) error = NULL;
    json_error_t wrong;
    uint64_t rows = 0;

    json_t *root = json_loadb(reply->body.text != NULL ? reply->body.text : "", reply->body.size,
                              JSON_DECODE_ANY, &wrong);
    if (root == NULL && reply->status < API_STATUS_MAX &&
        request->request.status[reply->status] == API_STATUS_EXPECTED) {
        g_autofree char *what =
            g_strdup_printf(": the answer is not JSON at line %d, column %d: %s", wrong.line,
                            wrong.column, wrong.text);
        api_reading_fail(request->at, &request->request, what, ret_error);
        return FALSE;
    }
    if (!api_reading_judge(reading, &request->request, &request->rules, request->at, reply, room,
                           room_size, reading->variable, ret_error)) {
        json_decref(root);
        return FALSE;
    }
    const uint64_t hash = api_hash(reply->body.text, reply->body.size);
    const gboolean same = !reading->first_page && hash == reading->page_hash;
    gboolean good = !same && api_rows_read(reading->map, book, request, &values, root, texts, books,
                                           &rows, &error);
    json_decref(root);
    if (!good) {
        g_autofree char *what = g_strdup_printf(
            ": %s", same
                        ? "a page is the same as the one before: does the service know {{offset}}, "
                          "{{page}} or {{next}} by another name?"
                        : error->message);
        api_reading_fail(request->at, &request->request, what, ret_error);
        return FALSE;
    }
    reading->page_hash = hash;
    char *next = request->has_next ? api_reading_next(reading, request, reply,
                                                      (struct api_room){room, room + room_size})
                                   : NULL;
    *ret_more = request->has_next ? next != NULL : request->pages && rows > 0;
    *ret_rows = rows;
    *ret_next = next;
    return TRUE;
}
