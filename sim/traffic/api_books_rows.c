/* Rows of a service's books out of its answers.
 *
 * An answer is a tree; `rows` leads to its rows, and each cell of a row has a walk of its own that
 * begins there and may go up, since what a row belongs to often stands around it. What a walk leads to
 * becomes a text, a whole number or a flag: numbers exactly, in decimal, whether JSON has them as
 * numbers or as texts; reals by the shortest text that reads back to the same double, which is the one
 * that the service wrote unless it wrote more than 17 digits.
 *
 * A needed cell that is not there, a number that is none and a text that is an object are errors of
 * the reading: books that were read wrongly would be worse than books that were not read. What is
 * null, or a cell that need not be there, is nothing.
 */
#include "traffic/api_books_private.h"

#include "shell/json.h"

#include <string.h>

#define API_ROW_ROOM 4096
#define API_TEXT_MAX 40 /* of what errors show */

/* What cells are filled with, and where it goes wrong. */
struct api_rows {
    const ApiMap *map;
    enum book book;
    const struct api_book *request;
    const struct api_values *values;
    Intern *texts;
    Books *books;
    uint32_t order; /* row of orders that lines belong to */
    GError **ret_error;
    bool failed;
};

static bool api_rows_fail(struct api_rows *rows, const struct json_place *place, const char *format,
                          ...) G_GNUC_PRINTF(3, 4);

/* FALSE, as walks end with it. */
static bool api_rows_fail(struct api_rows *rows, const struct json_place *place, const char *format,
                          ...)
{
    g_autofree char *where = json_place_text(place);
    va_list arguments;

    if (rows->failed)
        return false;
    rows->failed = true;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error(rows->ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s %s",
                *where != '\0' ? where : "the answer", what);
    return false;
}

/* ---- values ---------------------------------------------------------------------------------- */

/* A JSON value as a text; `number` has room for one. */
static struct api_found api_rows_found(const json_t *value, char *number, size_t number_size)
{
    struct api_found found = {.text = {number, 0}};

    if (json_is_string(value)) {
        found.text =
            (struct api_text){json_string_value(value), (uint32_t)json_string_length(value)};
        found.number = true; /* for all we know */
    } else if (json_is_integer(value)) {
        g_snprintf(number, (gulong)number_size, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        found.number = true;
    } else if (json_is_real(value)) {
        g_autofree char *shortest = json_format_number(json_real_value(value));
        g_strlcpy(number, shortest, number_size);
        found.number = true;
    } else if (json_is_boolean(value)) {
        g_strlcpy(number, json_is_true(value) ? "true" : "false", number_size);
    } else if (json_is_null(value)) {
        g_strlcpy(number, "null", number_size);
        found.null = true;
    } else {
        found.nested = true;
    }
    if (found.text.text == number && !found.nested)
        found.text.size = (uint32_t)strlen(number);
    return found;
}

struct api_visit_where {
    const ApiMap *map;
    const struct api_where *where;
    uint32_t seen;
    bool holds;
};

static bool api_checks_hold(const ApiMap *map, const struct api_check *checks, uint32_t count,
                            const struct api_found *found)
{
    char room[API_ROW_ROOM];

    for (uint32_t i = 0; i < count; i++)
        if (!api_check_holds(map, &checks[i], found, (struct api_room){room, room + sizeof(room)}))
            return false;
    return true;
}

static bool api_visit_where(void *user, const struct json_place *place)
{
    struct api_visit_where *v = user;
    char number[64];
    const struct api_found found = api_rows_found(json_place_value(place), number, sizeof(number));

    v->seen++;
    v->holds = api_checks_hold(v->map, v->where->checks, v->where->check_count, &found);
    return !v->holds;
}

/* Whether all of them hold at a place; each for any of what its pointer leads to. */
static bool api_rows_where(const ApiMap *map, const struct api_where *where, uint32_t count,
                           const struct json_place *place)
{
    for (uint32_t i = 0; i < count; i++) {
        struct api_visit_where v = {.map = map, .where = &where[i]};
        json_walk_go(where[i].walk, place, api_visit_where, &v);
        const struct api_found nothing = {.number = false};
        if (v.seen == 0)
            v.holds = api_checks_hold(map, where[i].checks, where[i].check_count, &nothing);
        if (!v.holds)
            return false;
    }
    return true;
}

/* ---- cells ----------------------------------------------------------------------------------- */

struct api_visit_cell {
    struct api_rows *rows;
    const struct api_cell *cell;
    union book_value value;
    uint32_t seen;
};

static void api_cell_clear(const struct api_cell *cell, union book_value *ret_value)
{
    if (cell->is->type == BOOK_TEXT)
        ret_value->text = BOOKS_NO_TEXT;
    else
        ret_value->number = BOOKS_NO_NUMBER;
}

static bool api_is_true(const struct api_text *text)
{
    static const char *const no[] = {"", "false", "0", "null"};

    for (size_t i = 0; i < G_N_ELEMENTS(no); i++)
        if (text->size == strlen(no[i]) && memcmp(text->text, no[i], text->size) == 0)
            return false;
    return true;
}

/* A text becomes the cell's value. FALSE: it is no number, or too large. */
static bool api_cell_take(struct api_visit_cell *v, struct api_text text)
{
    struct decimal number;
    int64_t whole;

    switch (v->cell->is->type) {
    case BOOK_TEXT:
        v->value.text = intern_put(v->rows->texts, text.text, text.size);
        return true;
    case BOOK_FLAG:
        v->value.number = v->value.number == 1 || api_is_true(&text);
        return true;
    case BOOK_NUMBER:
        break;
    }
    if (!decimal_read(text.text, text.size, &number) ||
        !decimal_product(number, v->cell->times, &whole))
        return false;
    if (v->value.number == BOOKS_NO_NUMBER)
        v->value.number = 0;
    return !__builtin_add_overflow(v->value.number, whole, &v->value.number);
}

/* The cell's own checks: a flag. */
static void api_cell_check(struct api_visit_cell *v, const struct api_found *found)
{
    const bool holds = api_checks_hold(v->rows->map, v->cell->checks, v->cell->check_count, found);

    v->value.number = v->value.number == 1 || holds;
}

static bool api_visit_cell(void *user, const struct json_place *place)
{
    struct api_visit_cell *v = user;
    const struct api_cell *cell = v->cell;
    char number[64], room[API_ROW_ROOM];
    struct api_room scratch = {room, room + sizeof(room)};
    struct api_found found;

    if (!api_rows_where(v->rows->map, cell->where, cell->where_count, place))
        return true;
    if (cell->walk->name) {
        const struct json_spot *spot = &place->spot[place->depth - 1];
        g_snprintf(number, sizeof(number), "%zu", spot->index);
        const char *name = spot->key != NULL ? spot->key : number;
        found = (struct api_found){.text = {name, (uint32_t)strlen(name)}, .number = true};
    } else {
        found = api_rows_found(json_place_value(place), number, sizeof(number));
    }
    if (cell->regex != NULL && found.text.text != NULL &&
        !api_match(v->rows->map, cell->regex, &found.text, &scratch, &found.text))
        return true;
    if (cell->check_count > 0) {
        v->seen++;
        api_cell_check(v, &found);
        return true;
    }
    if (found.null && cell->is->type != BOOK_FLAG)
        return true;
    if (found.nested)
        return api_rows_fail(v->rows, place, "is no value but an object or a list");
    if (cell->table != NULL) {
        const struct api_text *entry =
            api_table_find(cell->table, found.text.text, found.text.size);
        found.text = entry != NULL ? *entry : found.text;
    }
    v->seen++;
    if (!api_cell_take(v, found.text))
        return api_rows_fail(v->rows, place, "is '%.*s': expected a number up to 2^63",
                             (int)MIN(found.text.size, API_TEXT_MAX), found.text.text);
    return cell->is->type != BOOK_TEXT; /* the first one counts */
}

/* A constant. FALSE: a value in it is missing, or it is no number. */
static bool api_cell_constant(struct api_visit_cell *v)
{
    char room[API_ROW_ROOM];
    struct api_room scratch = {room, room + sizeof(room)};
    struct api_text text;

    return api_template_render(v->cell->constant, v->rows->values, &scratch, &text) ==
               API_RENDERED &&
           api_cell_take(v, text);
}

static bool api_rows_cell(struct api_rows *rows, const struct api_cell *cell,
                          const struct json_place *place, union book_value *ret_value)
{
    struct api_visit_cell v = {.rows = rows, .cell = cell};

    api_cell_clear(cell, &v.value);
    if (cell->constant != NULL) {
        if (!api_cell_constant(&v))
            return api_rows_fail(rows, place, "has no %s: its constant has no value",
                                 cell->is->name);
    } else {
        json_walk_go(cell->walk, place, api_visit_cell, &v);
        if (rows->failed)
            return false;
    }
    if (v.seen == 0 && cell->check_count > 0) {
        const struct api_found nothing = {.number = false};
        api_cell_check(&v, &nothing);
    }
    if (cell->is->type == BOOK_NUMBER && v.value.number == BOOKS_NO_NUMBER && cell->walk != NULL &&
        cell->walk->many && json_walk_exists(cell->walk, place))
        v.value.number = 0; /* the sum of an empty list */
    const bool missing = cell->is->type == BOOK_TEXT ? v.value.text == BOOKS_NO_TEXT
                                                     : v.value.number == BOOKS_NO_NUMBER;
    if (missing && cell->is->needed)
        return api_rows_fail(rows, place, "has no %s", cell->is->name);
    *ret_value = v.value;
    return true;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool api_rows_cells(struct api_rows *rows, enum book book, const struct api_cells *cells,
                           const struct json_place *place, union book_value *ret_values)
{
    uint32_t count;
    const struct book_column *columns = book_columns(book, &count);

    for (uint32_t c = 0; c < count; c++)
        if (columns[c].type == BOOK_TEXT)
            ret_values[c] = (union book_value){.text = BOOKS_NO_TEXT};
        else
            ret_values[c] = (union book_value){.number = BOOKS_NO_NUMBER};
    for (uint32_t i = 0; i < cells->count; i++)
        if (!api_rows_cell(rows, &cells->cell[i], place, &ret_values[cells->cell[i].column]))
            return false;
    return true;
}

/* Calls `each` for a place, or for the elements of the list that stands there. */
static bool api_rows_each(const struct json_place *place, json_walk_visit *each, void *user)
{
    static const struct json_walk elements = {.step = {{.each = true}}, .count = 1, .many = true};

    if (json_is_array(json_place_value(place)))
        return json_walk_go(&elements, place, each, user);
    return json_is_null(json_place_value(place)) || each(user, place);
}

static bool api_visit_line(void *user, const struct json_place *place)
{
    struct api_rows *rows = user;
    union book_value values[BOOKS_COLUMNS_MAX];

    if (!api_rows_cells(rows, BOOK_order_lines, &rows->request->line, place, values))
        return false;
    books_add_line(rows->books, rows->order, values);
    return true;
}

static bool api_visit_lines(void *user, const struct json_place *place)
{
    return api_rows_each(place, api_visit_line, user);
}

static bool api_visit_row(void *user, const struct json_place *place)
{
    struct api_rows *rows = user;
    const struct api_book *request = rows->request;
    union book_value values[BOOKS_COLUMNS_MAX];

    if (!api_rows_where(rows->map, request->where, request->where_count, place))
        return true;
    if (!api_rows_cells(rows, rows->book, &request->row, place, values))
        return false;
    if (rows->book == BOOK_orders && values[BOOKS_COLUMN(orders, order)].text == BOOKS_NO_TEXT &&
        values[BOOKS_COLUMN(orders, id)].text == BOOKS_NO_TEXT)
        return api_rows_fail(rows, place, "has neither order nor id");
    rows->order = books_add(rows->books, rows->book, values);
    if (request->lines == NULL)
        return true;
    if (!json_walk_exists(request->lines, place))
        return api_rows_fail(rows, place, "has no lines");
    return json_walk_go(request->lines, place, api_visit_lines, rows);
}

static bool api_visit_rows(void *user, const struct json_place *place)
{
    return api_rows_each(place, api_visit_row, user);
}

static bool api_visit_count(void *user, const struct json_place *place)
{
    (void)place;
    ++*(uint64_t *)user;
    return true;
}

static bool api_visit_counts(void *user, const struct json_place *place)
{
    return api_rows_each(place, api_visit_count, user);
}

/* What paging counts: elements of the first list on the way. A page of orders none of which has a
 * payment is not the last page of payments. */
static uint64_t api_rows_count(const struct json_walk *walk, const struct json_place *place)
{
    struct json_walk outer = *walk;
    uint64_t count = 0;

    for (outer.count = 0; outer.count < walk->count && !walk->step[outer.count].each;)
        outer.count++;
    json_walk_go(&outer, place, api_visit_counts, &count);
    return count;
}

gboolean api_rows_read(const ApiMap *map, enum book book, const struct api_book *request,
                       const struct api_values *values, const json_t *root, Intern *texts,
                       Books *books, uint64_t *ret_rows, GError **ret_error)
{
    struct api_rows rows = {.map = map,
                            .book = book,
                            .request = request,
                            .values = values,
                            .texts = texts,
                            .books = books,
                            .ret_error = ret_error};
    struct json_place place;

    json_place_begin(&place, root);
    if (!json_walk_exists(request->rows, &place)) {
        api_rows_fail(&rows, &place, "has nothing where its rows should be");
        return FALSE;
    }
    json_walk_go(request->rows, &place, api_visit_rows, &rows);
    *ret_rows = api_rows_count(request->rows, &place);
    return !rows.failed;
}
