/* Lines of a mapped text file, and where on them something is wrong. */
#ifndef TRAFFIC_IMPORT_LINES_H
#define TRAFFIC_IMPORT_LINES_H

#include "shell/diagnostic.h"

#include <stdbool.h>

struct lines {
    const char *file; /* its name, interned */
    const char *begin, *at, *end;
    uint32_t number; /* of the current line, from 1 */
};

struct line {
    const char *text; /* without its line end */
    size_t size;
};

struct lines lines_begin(const char *path, GMappedFile *map);
/* The next line that is not blank; false at the end. */
bool lines_next(struct lines *lines, struct line *ret_line);
/* The line that begins `offset` bytes into the file. */
struct line lines_at(const struct lines *lines, uint64_t offset);
/* An error at a byte of the current line. Caller frees. */
GError *lines_error(const struct lines *lines, const struct line *line, const char *at,
                    const char *format, ...) G_GNUC_PRINTF(4, 5);

#endif
