/* How a service's books are read: the section `audit` of an API map.
 *
 *     audit:
 *       order: "{{order}}"        how the books name an order; may name what its journey captured
 *       member: "{{member}}"      how they name a member
 *       begin:                    requests sent first, such as a log-in of the staff; their captures
 *         - {method: POST, path: /admin/sessions, body: '{"password": "{{env.SHOP_PASSWORD}}"}',
 *            capture: {admin: {json: /token}}}
 *       headers: {Authorization: "Bearer {{admin}}"}       of all requests of this section
 *       books:
 *         stock:
 *           path: /stock?limit=500&offset={{offset}}
 *           rows: /positions                    JSON pointer; "*" stands for each element of an array
 *           where: [{json: /kind, is: sellable}]            rows that a check fails are passed over
 *           row:
 *             place: /place                     JSON pointer from the row
 *             sku: 2/sku                        and from what holds it: relative JSON pointer, as many
 *                                               levels up (elements and arrays each count)
 *             on_hand: {json: /amount, times: 100}           number x 100, rounded
 *             place: {is: online}               a constant
 *             cancelled: {json: /state, one_of: [Cancelled, Refused]}            a FLAG
 *             order: {json: /note, regex: 'ref=(\S+)'}
 *             sku: {json: /variantId, table: variants, reverse: true}            through a table
 *         orders:
 *           ...
 *           lines: /items                       each row's own lines, pointer from the row
 *           line: {sku: /sku, quantity: /quantity}           pointers from the line
 *           next: {json: /next}                 {{next}} of the next request; not there or empty: done
 *           each: sku                           one reading for each of the plan: sku, place, position,
 *                                               member, coupon; {{sku}} and so on name it
 *       stock_lag: 0s             how old an `available` may be at most when it is told
 *       answers_within: 1s        what takes longer is a slow answer
 *
 * A cell is a pointer or {json: pointer} with regex, table, times; a "*" in it: the sum of the
 * numbers (0 of an empty list), the first text, any flag. `where` in a cell says which of them count.
 * A flag is what its checks say (is, is_not, one_of, exists ...), else whether it is neither false, 0,
 * null nor "". "2#" is the key or index, two levels up, of what stands there. A text that its table
 * does not have stays as it is. A constant may name what `each` gives: sku: {is: "{{sku}}"}.
 *
 * Paging: with {{offset}} (rows so far), {{page}} (from 0) or {{page_number}} (from 1) in the path or
 * the body the request is sent again until it gives no rows; with `next`, as long as it gives one.
 * What is counted are the elements of the first list on the way to the rows. A book may be a list of
 * requests, whose rows are put together. {{env.NAME}} is a variable of the environment: secrets do
 * not belong in files; one that is not set is an error when the section is used.
 */
#ifndef TRAFFIC_API_BOOKS_H
#define TRAFFIC_API_BOOKS_H

#include "traffic/api.h"
#include "traffic/books.h"

#include <jansson.h>

enum api_each {
    API_EACH_ONCE,
    API_EACH_SKU,
    API_EACH_PLACE,
    API_EACH_POSITION,
    API_EACH_MEMBER,
    API_EACH_COUPON
};

struct api_paging { /* what one page's request is made of */
    uint64_t offset, page;
    const char *next; /* NULL or "" on the first page */
    /* of `each`; NULL = none */
    const char *sku, *place, *member, *coupon;
};

/* Whether the map has an `audit` section with at least one book. */
bool api_has_books(const ApiMap *map);
bool api_has_book(const ApiMap *map, enum book book);
/* Columns that are read of it, a bit each; of order_lines too. */
uint32_t api_book_columns(const ApiMap *map, enum book book);

/* Requests of `begin`, in their order, and of a book: indices for api_books_render(). */
uint32_t api_books_begin_count(const ApiMap *map);
uint32_t api_book_request_count(const ApiMap *map, enum book book);
enum api_each api_book_each(const ApiMap *map, enum book book, uint32_t i);

/* State of one reading: what `begin` captured, and memory for messages. One thread. */
typedef struct api_reading ApiReading;
/* CANNOT_RUN, naming the place in the map, when an {{env.NAME}} is not set. Borrows the map. */
ApiReading *api_reading_new(const ApiMap *map, GError **ret_error);
void api_reading_free(ApiReading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ApiReading, api_reading_free)

/* Messages; borrowed until the next call. FALSE, CANNOT_RUN: a value is missing. */
gboolean api_reading_begin_message(ApiReading *reading, uint32_t i, struct api_message *ret_message,
                                   GError **ret_error);
/* Judges its answer and keeps what it captured. CANNOT_RUN "api.yaml:40:9: POST /login answered
 * 401: {...}". */
gboolean api_reading_begin_answer(ApiReading *reading, uint32_t i, const struct api_reply *reply,
                                  GError **ret_error);
gboolean api_reading_message(ApiReading *reading, enum book book, uint32_t i,
                             const struct api_paging *paging, struct api_message *ret_message,
                             GError **ret_error);
/* Reads one page into the books (and order_lines with orders). *ret_rows is by how much the offset
 * moves on: elements of the first list on the way to the rows, before `where`; *ret_next (caller
 * frees) is what the next page is asked with, NULL = none. *ret_more: send again with the offset and
 * page moved on. CANNOT_RUN: the status is not expected, the body is no JSON, a needed column is
 * missing in a row: "api.yaml:52:7: GET /stock: /positions/3 has no sku". */
gboolean api_reading_answer(ApiReading *reading, enum book book, uint32_t i,
                            const struct api_reply *reply, Intern *texts, Books *books,
                            uint64_t *ret_rows, bool *ret_more, char **ret_next,
                            GError **ret_error);

/* How the books name a member of the plan (`audit.member`, default its number). FALSE: too long. */
bool api_member_key(const ApiMap *map, uint64_t member, char *text, size_t text_size);
int64_t api_stock_lag_us(const ApiMap *map);
/* 0 = not said. */
int64_t api_answers_within_us(const ApiMap *map);

#endif
