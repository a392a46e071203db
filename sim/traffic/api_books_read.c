/* The books of an API map, from YAML to what an answer is read by.
 *
 * Pointers are taken apart, tables turned round and expressions compiled once. Everything that a
 * wrong map can do to a reading that only shows in the numbers (a misspelt column, a needed column
 * that is left out, a table that has no reverse) is a finding here.
 */
#include "traffic/api_books_private.h"

#include <string.h>

/* ---- pieces ---------------------------------------------------------------------------------- */

static const struct json_walk *api_book_walk(struct api_reader *r, struct schema_value value,
                                             bool relative)
{
    const char *text = schema_as_text(value);
    size_t offset;
    struct json_walk *walk = json_walk_new(text, relative, &offset);

    if (walk == NULL) {
        diagnostic_add(r->list, node_text_position(schema_node(value), offset),
                       relative
                           ? "'%s' is no JSON pointer: \"\" or steps that begin with '/', such "
                             "as /items/0/id, with how many levels up before it: 2/sku"
                           : "'%s' is no JSON pointer: \"\" or steps that begin with '/', such "
                             "as /items/0/id",
                       text);
        return NULL;
    }
    g_ptr_array_add(r->map->walks, walk);
    return walk;
}

static const struct api_where *api_book_where(struct api_reader *r, struct schema_value list,
                                              uint32_t *ret_count)
{
    g_autoptr(GArray) wheres = g_array_new(FALSE, TRUE, sizeof(struct api_where));

    for (uint32_t i = 0; i < schema_count(list); i++) {
        struct schema_value item = schema_item(list, i);
        g_autoptr(GArray) checks = g_array_new(FALSE, TRUE, sizeof(struct api_check));
        static const struct api_subject nowhere = {.wanted = API_NONE};
        struct api_where where = {.walk = api_book_walk(r, schema_get(item, "json"), true)};
        where.check_count = api_rules_operators(r, item, &nowhere, false, checks);
        if (where.check_count == 0)
            diagnostic_add(r->list, schema_position(item),
                           "it says what it wants: is, is_not, one_of, exists, at_least, at_most, "
                           "contains or matches");
        where.checks = api_keep(r->map, checks->data, checks->len, sizeof(struct api_check));
        g_array_append_val(wheres, where);
    }
    *ret_count = wheres->len;
    return api_keep(r->map, wheres->data, wheres->len, sizeof(struct api_where));
}

/* Whether the item has one of the operators of checks, `is` beside json included; the first. */
static struct schema_value api_cell_operator(struct schema_value item)
{
    static const char *const keys[] = {"is",       "is_not",  "one_of",   "exists",
                                       "at_least", "at_most", "contains", "matches"};

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (schema_has(item, keys[i]))
            return schema_get(item, keys[i]);
    return (struct schema_value){0};
}

static void api_cell_checks(struct api_reader *r, struct schema_value item, struct api_cell *cell)
{
    static const struct api_subject nowhere = {.wanted = API_NONE};
    g_autoptr(GArray) checks = g_array_new(FALSE, TRUE, sizeof(struct api_check));
    struct schema_value first = api_cell_operator(item);

    if (!schema_is_present(first))
        return;
    if (cell->is->type != BOOK_FLAG) {
        diagnostic_add(r->list, schema_position(first),
                       "'%s' is %s: checks are for flags, constants without json, and `where` says "
                       "what counts",
                       cell->is->name, cell->is->type == BOOK_TEXT ? "a text" : "a number");
        return;
    }
    cell->check_count = api_rules_operators(r, item, &nowhere, false, checks);
    cell->checks = api_keep(r->map, checks->data, checks->len, sizeof(struct api_check));
}

static void api_cell_table(struct api_reader *r, struct schema_value item, struct api_cell *cell)
{
    struct schema_value table = schema_get(item, "table");

    if (!schema_is_present(table)) {
        if (schema_has(item, "reverse"))
            diagnostic_add(r->list, schema_position(schema_get(item, "reverse")),
                           "reverse goes with table");
        return;
    }
    cell->table = api_table_named(r, schema_as_text(table), schema_position(table));
    if (cell->table != NULL && schema_get_bool(item, "reverse"))
        cell->table = api_table_reversed(r, cell->table, schema_position(table));
}

/* A constant: nothing else says anything. */
static void api_cell_constant(struct api_reader *r, struct schema_value item, struct api_cell *cell)
{
    static const char *const others[] = {"regex",   "times",    "table",  "where",
                                         "is_not",  "one_of",   "exists", "at_least",
                                         "at_most", "contains", "matches"};

    for (size_t i = 0; i < G_N_ELEMENTS(others); i++)
        if (schema_has(item, others[i])) {
            diagnostic_add(r->list, schema_position(schema_get(item, others[i])),
                           "%s needs json: where the value stands", others[i]);
            return;
        }
    if (schema_has(item, "is"))
        cell->constant = api_template_read(r, schema_node(schema_get(item, "is")), API_RAW, false);
    else
        diagnostic_add(r->list, schema_position(item), "it says where: json, or is: a constant");
}

static void api_cell_read(struct api_reader *r, struct schema_value item, struct api_cell *cell)
{
    cell->times = DECIMAL_ONE;
    if (!schema_has(item, "json")) {
        api_cell_constant(r, item, cell);
        return;
    }
    cell->walk = api_book_walk(r, schema_get(item, "json"), true);
    if (schema_has(item, "regex"))
        cell->regex = api_rules_regex(r, schema_get(item, "regex"));
    cell->times = api_rules_times(r, item);
    if (schema_has(item, "times") && cell->is->type != BOOK_NUMBER)
        diagnostic_add(r->list, schema_position(schema_get(item, "times")),
                       "'%s' is %s: times is for numbers", cell->is->name,
                       cell->is->type == BOOK_TEXT ? "a text" : "a flag");
    api_cell_table(r, item, cell);
    cell->where = api_book_where(r, schema_get(item, "where"), &cell->where_count);
    api_cell_checks(r, item, cell);
}

static void api_cells_unknown(struct api_reader *r, struct text_position at, const char *name,
                              const struct book_column *columns, uint32_t count)
{
    const char *names[BOOKS_COLUMNS_MAX + 1] = {NULL};

    for (uint32_t i = 0; i < count; i++)
        names[i] = columns[i].name;
    diagnostic_add_unknown(r->list, at, "column", name, names);
}

static struct api_cells api_cells_read(struct api_reader *r, struct schema_value named,
                                       enum book book)
{
    g_autoptr(GArray) cells = g_array_new(FALSE, TRUE, sizeof(struct api_cell));
    uint32_t count, mask = 0;
    const struct book_column *columns = book_columns(book, &count);

    for (uint32_t i = 0; i < schema_count(named); i++) {
        const char *name = schema_item_name(named, i);
        struct api_cell cell = {.column = book_column_find(book, name)};
        if (cell.column == G_MAXUINT32) {
            api_cells_unknown(r, schema_item_name_position(named, i), name, columns, count);
            continue;
        }
        cell.is = &columns[cell.column];
        mask |= UINT32_C(1) << cell.column;
        api_cell_read(r, schema_item(named, i), &cell);
        g_array_append_val(cells, cell);
    }
    for (uint32_t c = 0; c < count; c++)
        if (columns[c].needed && (mask >> c & 1) == 0)
            diagnostic_add(r->list, schema_position(named), "the book '%s' needs the column '%s'",
                           book_name(book), columns[c].name);
    return (struct api_cells){api_keep(r->map, cells->data, cells->len, sizeof(struct api_cell)),
                              cells->len, mask};
}

/* ---- requests -------------------------------------------------------------------------------- */

/* Which of the paging values a template names. */
static void api_book_paging(const ApiTemplate *template, struct api_book *book)
{
    for (uint32_t i = 0; template != NULL && i < template->piece_count; i++) {
        const uint32_t source = template->pieces[i].source;
        book->pages |= source == API_SOURCE_offset || source == API_SOURCE_page ||
                       source == API_SOURCE_page_number;
        book->names_next |= source == API_SOURCE_next;
    }
}

static void api_book_next(struct api_reader *r, struct schema_value item, struct api_book *book)
{
    struct schema_value next = schema_get(item, "next");

    api_book_paging(book->request.path, book);
    api_book_paging(book->request.body, book);
    for (uint32_t i = 0; i < book->request.header_count; i++)
        api_book_paging(book->request.headers[i].value, book);
    book->has_next = schema_is_present(next);
    if (book->has_next && !api_rules_subject(r, next, true, &book->next))
        diagnostic_add(r->list, schema_position(next), "it says where: json, header or regex");
    if (book->has_next && !book->names_next)
        diagnostic_add(r->list, schema_position(next),
                       "the next page is asked for with {{next}}, in the path or the body");
    if (!book->has_next && book->names_next)
        diagnostic_add(r->list, schema_position(item),
                       "{{next}} needs `next`: where an answer has it");
}

static void api_book_lines(struct api_reader *r, struct schema_value item, enum book kind,
                           struct api_book *book)
{
    struct schema_value lines = schema_get(item, "lines"), line = schema_get(item, "line");

    if (schema_is_present(lines) != schema_is_present(line))
        diagnostic_add(r->list, schema_position(schema_is_present(lines) ? lines : line),
                       "lines and line go together");
    if (schema_is_present(lines) && kind != BOOK_orders)
        diagnostic_add(r->list, schema_position(lines), "lines are those of orders");
    if (!schema_is_present(lines) || !schema_is_present(line) || kind != BOOK_orders)
        return;
    book->lines = api_book_walk(r, lines, true);
    book->line = api_cells_read(r, line, BOOK_order_lines);
}

static void api_book_read(struct api_reader *r, struct schema_value audit, struct schema_value item,
                          enum book kind)
{
    struct api_book book = {.at = schema_position(item)};

    api_request_read(r, schema_get(audit, "headers"), item, &book.request, &book.rules);
    if (!schema_has(item, "idempotent"))
        book.request.idempotent = true; /* it only reads */
    book.request.wants_body = true;
    book.rules.checks = api_rules_checks(r, schema_get(item, "check"), &book.rules.check_count,
                                         &book.request.wants_body);
    book.each = (enum api_each)schema_get_enum(item, "each");
    book.rows = api_book_walk(r, schema_get(item, "rows"), false);
    book.where = api_book_where(r, schema_get(item, "where"), &book.where_count);
    book.row = api_cells_read(r, schema_get(item, "row"), kind);
    const uint32_t names =
        UINT32_C(1) << BOOKS_COLUMN(orders, order) | UINT32_C(1) << BOOKS_COLUMN(orders, id);
    if (kind == BOOK_orders && (book.row.columns & names) == 0)
        diagnostic_add(r->list, schema_position(schema_get(item, "row")),
                       "the book 'orders' needs the column 'order' or 'id'");
    api_book_lines(r, item, kind, &book);
    api_book_next(r, item, &book);
    g_array_append_val(r->map->audit.books, book);
}

void api_books_read(struct api_reader *r, struct schema_value audit)
{
    struct schema_value begin = schema_get(audit, "begin"), books = schema_get(audit, "books");
    struct api_audit *a = &r->map->audit;

    r->variables = a->variables;
    r->scope = API_SCOPE_BEGIN;
    api_request_header_names(r, schema_get(audit, "headers"));
    for (uint32_t i = 0; i < schema_count(begin); i++)
        api_read_captures(r, schema_get(schema_item(begin, i), "capture"), false);
    for (uint32_t i = 0; i < schema_count(begin); i++) {
        struct schema_value item = schema_item(begin, i);
        struct api_begin request = {.at = schema_position(item)};
        api_request_read(r, schema_get(audit, "headers"), item, &request.request, &request.rules);
        api_rules_read(r, (struct schema_value){0}, item, &request.rules, &request.request);
        g_array_append_val(a->begin, request);
    }
    r->scope = API_SCOPE_BOOKS;
    for (uint32_t b = 0; b < schema_count(books); b++) {
        const char *name = schema_item_name(books, b);
        struct schema_value requests = schema_item(books, b);
        enum book kind = book_find(name);
        if (kind == BOOK_order_lines)
            diagnostic_add(r->list, schema_item_name_position(books, b),
                           "lines are read with their orders: `lines` and `line` of orders");
        else if (kind == BOOK_COUNT)
            diagnostic_add_unknown(r->list, schema_item_name_position(books, b), "book", name,
                                   book_names());
        if (kind == BOOK_COUNT || kind == BOOK_order_lines)
            continue;
        a->book_first[kind] = a->books->len;
        a->book_count[kind] = schema_count(requests);
        for (uint32_t i = 0; i < schema_count(requests); i++)
            api_book_read(r, audit, schema_item(requests, i), kind);
    }
}
