/* What the tests of reading books share. */
#include "traffic/books_case.h"

#include "shell/folder.h"

#include <string.h>

void books_case_open_map(struct books_case *c, const char *map)
{
    g_autoptr(GError) error = NULL;

    memset(c, 0, sizeof(*c));
    folder_write("map.yaml", map);
    c->map = api_read("map.yaml", NULL, &error);
    folder_assert_fine(error);
    c->reading = api_reading_new(c->map, &error);
    folder_assert_fine(error);
    c->texts = intern_new();
    c->books = books_new();
}

void books_case_open(struct books_case *c, const char *head, const char *audit)
{
    g_autofree char *map =
        g_strdup_printf("api: 1\nsteps: {browse: {path: /}}\n%saudit:\n%s", head, audit);

    books_case_open_map(c, map);
    for (uint32_t b = 0; b < BOOK_COUNT; b++)
        if (api_has_book(c->map, (enum book)b))
            books_begin(c->books, (enum book)b, api_book_columns(c->map, (enum book)b));
}

void books_case_close(struct books_case *c)
{
    g_free(c->next);
    books_free(c->books);
    intern_free(c->texts);
    api_reading_free(c->reading);
    api_free(c->map);
}

char *books_case_page(struct books_case *c, enum book book, const struct api_paging *paging,
                      const char *body)
{
    static const struct api_text none[API_WANTED_MAX];
    const struct api_paging first = {0};
    const struct api_reply reply = {200, {body, (uint32_t)strlen(body)}, none};
    g_autoptr(GError) error = NULL;

    g_clear_pointer(&c->next, g_free);
    if (!api_reading_message(c->reading, book, 0, paging != NULL ? paging : &first, &c->message,
                             &error) ||
        !api_reading_answer(c->reading, book, 0, &reply, c->texts, c->books, &c->rows, &c->more,
                            &c->next, &error)) {
        ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
        return g_strdup(error->message);
    }
    folder_assert_fine(error);
    return NULL;
}

void books_case_read(struct books_case *c, enum book book, const char *body)
{
    g_autofree char *error = books_case_page(c, book, NULL, body);

    ck_assert_msg(error == NULL, "%s", error);
}

char *books_case_row(const struct books_case *c, enum book book, uint32_t row)
{
    GString *text = g_string_new(NULL);
    uint32_t count;
    const struct book_column *columns = book_columns(book, &count);

    ck_assert_uint_lt(row, books_row_count(c->books, book));
    for (uint32_t i = 0; i < count; i++) {
        const union book_value value = books_column(c->books, book, i)[row];
        const bool is_text = columns[i].type == BOOK_TEXT;
        if (is_text ? value.text == BOOKS_NO_TEXT : value.number == BOOKS_NO_NUMBER)
            continue;
        g_string_append_printf(text, "%s%s=", text->len > 0 ? " " : "", columns[i].name);
        if (is_text)
            g_string_append(text, intern_text(c->texts, value.text));
        else
            g_string_append_printf(text, "%" G_GINT64_FORMAT, value.number);
    }
    return g_string_free(text, FALSE);
}
