/* Columns count characters, as everywhere: bytes that don't continue one. */
#include "traffic/import_lines.h"

#include <string.h>

struct lines lines_begin(const char *path, GMappedFile *map)
{
    const char *begin = g_mapped_file_get_contents(map); /* NULL when empty */
    const size_t size = g_mapped_file_get_length(map);
    struct lines lines = {.file = g_intern_string(path), .begin = begin, .at = begin};

    lines.end = begin != NULL ? begin + size : NULL;
    if (size >= 3 && memcmp(begin, "\xef\xbb\xbf", 3) == 0)
        lines.at += 3;
    return lines;
}

static struct line lines_cut(const char *at, const char *end)
{
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    struct line line = {at, (size_t)((stop != NULL ? stop : end) - at)};

    if (line.size > 0 && line.text[line.size - 1] == '\r')
        line.size--;
    return line;
}

static bool lines_is_blank(const struct line *line)
{
    size_t i = 0;

    while (i < line->size && (line->text[i] == ' ' || line->text[i] == '\t'))
        i++;
    return i == line->size;
}

bool lines_next(struct lines *lines, struct line *ret_line)
{
    while (lines->at < lines->end) {
        const char *stop = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
        *ret_line = lines_cut(lines->at, lines->end);
        lines->at = stop != NULL ? stop + 1 : lines->end;
        lines->number++;
        if (!lines_is_blank(ret_line))
            return true;
    }
    return false;
}

struct line lines_at(const struct lines *lines, uint64_t offset)
{
    return lines_cut(lines->begin + offset, lines->end);
}

GError *lines_error(const struct lines *lines, const struct line *line, const char *at,
                    const char *format, ...)
{
    uint32_t column = 1;
    GError *error = NULL;
    va_list arguments;

    for (const char *c = line->text; c < at; c++)
        column += ((guchar)*c & 0xc0) != 0x80;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    diagnostic_bad_input(&error, diagnostic_at(lines->file, lines->number, column), "%s", text);
    return error;
}
