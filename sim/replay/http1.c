/* The response parser.
 *
 * A load tool reads millions of small answers, nearly all of which come whole in one piece. So the
 * head is not fed through a state machine byte by byte: it is scanned in place, line by line, and
 * what it says is gathered in a `struct head` on the stack that counts only when the empty line has
 * been seen. When it has not, the bytes so far go to the side buffer and the scan begins anew with
 * the next piece. That is quadratic when a head drips in byte by byte, but bounded by HTTP1_HEAD_MAX
 * (0.6 s of processor time for 64 KiB in single bytes, nothing that one notices for a usual
 * head), and a fault is still found at the byte where it stands, however the bytes are cut: the
 * result never depends on the cuts.
 *
 * Texts are scanned eight bytes at a time for the first control character, which finds the end of
 * the line and rejects what must not be in it in one go (the well-known tests for a byte below n
 * in a word, Warren, Hacker's Delight, 6-1). Headers are shown to the sink in a second pass over the
 * lines, so that a sink sees each line of a whole head once, and nobody pays for it who wants none.
 *
 * Bodies are counted down or passed on; nothing is copied here. The framing of chunks is a small
 * state machine: their lines are too short for anything else to pay.
 *
 * Choices where RFC 9112 leaves one: bare LF ends a line of a head (2.2 allows it) but not a line of
 * the chunked coding; a response to HTTP/1.0 with Transfer-Encoding (6.1) and any transfer coding but
 * chunked are faults, for none was asked for; Content-Length twice with the same digits is accepted
 * (6.3), beside Transfer-Encoding it isn't; 101 is a fault, nobody asked to switch.
 */
#include "replay/http1.h"

#include <string.h>
#include <strings.h>

enum state {
    STATE_HEAD,
    STATE_BODY,       /* `left` bytes more */
    STATE_BODY_CLOSE, /* up to the end of the connection */
    STATE_CHUNK_SIZE,
    STATE_CHUNK_BLANK,
    STATE_CHUNK_EXTENSION,
    STATE_CHUNK_LF,
    STATE_CHUNK_DATA, /* `left` bytes more */
    STATE_CHUNK_END,
    STATE_CHUNK_END_LF,
    STATE_TRAILERS,
};

#define CHUNK_DIGITS_MAX 15 /* below 2^60 */
#define EXTENSION_MAX 4096

/* ---- lines ----------------------------------------------------------------------------------- */

struct head {
    size_t size;
    uint16_t status;
    bool minor_zero; /* HTTP/1.0 */
    bool close, keep_alive;
    bool transfer_encoding, gzip;
    bool says_timeout;
    uint32_t keep_alive_s;
    int64_t content_length; /* -1 = none */
};

/* tchar of RFC 9110, 5.6.2. */
static const bool is_token[256] = {
    ['!'] = true, ['#'] = true, ['$'] = true, ['%'] = true, ['&'] = true, ['\''] = true,
    ['*'] = true, ['+'] = true, ['-'] = true, ['.'] = true, ['^'] = true, ['_'] = true,
    ['`'] = true, ['|'] = true, ['~'] = true, ['0'] = true, ['1'] = true, ['2'] = true,
    ['3'] = true, ['4'] = true, ['5'] = true, ['6'] = true, ['7'] = true, ['8'] = true,
    ['9'] = true, ['A'] = true, ['B'] = true, ['C'] = true, ['D'] = true, ['E'] = true,
    ['F'] = true, ['G'] = true, ['H'] = true, ['I'] = true, ['J'] = true, ['K'] = true,
    ['L'] = true, ['M'] = true, ['N'] = true, ['O'] = true, ['P'] = true, ['Q'] = true,
    ['R'] = true, ['S'] = true, ['T'] = true, ['U'] = true, ['V'] = true, ['W'] = true,
    ['X'] = true, ['Y'] = true, ['Z'] = true, ['a'] = true, ['b'] = true, ['c'] = true,
    ['d'] = true, ['e'] = true, ['f'] = true, ['g'] = true, ['h'] = true, ['i'] = true,
    ['j'] = true, ['k'] = true, ['l'] = true, ['m'] = true, ['n'] = true, ['o'] = true,
    ['p'] = true, ['q'] = true, ['r'] = true, ['s'] = true, ['t'] = true, ['u'] = true,
    ['v'] = true, ['w'] = true, ['x'] = true, ['y'] = true, ['z'] = true,
};

static bool is_control(unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }

/* First control character that is no tab, or `end`. */
static const char *skip_text(const char *at, const char *end)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);

    for (;;) {
        for (uint64_t word; end - at >= 8; at += 8) {
            memcpy(&word, at, 8);
            const uint64_t delete = word ^ ones * 0x7f;
            const uint64_t low = (word - ones * 0x20) & ~word;
            if (((low | ((delete - ones) & ~delete)) & ones * 0x80) != 0)
                break;
        }
        for (int i = 0; at < end && i < 8; i++, at++)
            if (is_control((unsigned char)*at))
                return at;
        if (at == end)
            return end;
    }
}

/* Goes over the rest of a line: *at ends behind it, *ret_end before its line end. */
static enum http1_result line_end(const char **at, const char *end, const char **ret_end)
{
    const char *p = skip_text(*at, end);

    *ret_end = p;
    if (p == end)
        return HTTP1_MORE;
    if (*p == '\r') {
        if (++p == end)
            return HTTP1_MORE;
    }
    if (*p != '\n')
        return HTTP1_BROKEN;
    *at = p + 1;
    return HTTP1_DONE;
}

/* `lower` is in lower case, letters and '-' only. */
static bool is_word(const char *text, size_t size, const char *lower, size_t lower_size)
{
    if (size != lower_size)
        return false;
    for (size_t i = 0; i < size; i++)
        if ((text[i] | 0x20) != lower[i])
            return false;
    return true;
}
#define IS_WORD(text, size, lower) is_word(text, size, lower, sizeof(lower) - 1)

static bool is_blank(char c) { return c == ' ' || c == '\t'; }

/* ---- what headers mean ----------------------------------------------------------------------- */

static bool read_length(const char *value, size_t size, int64_t *length)
{
    int64_t number = 0;

    if (size == 0 || size > 18) /* below 10^18: no overflow */
        return false;
    for (size_t i = 0; i < size; i++) {
        if (value[i] < '0' || value[i] > '9')
            return false;
        number = number * 10 + (value[i] - '0');
    }
    if (*length >= 0 && *length != number)
        return false;
    *length = number;
    return true;
}

static void read_connection(const char *value, size_t size, struct head *head)
{
    const char *const end = value + size;

    while (value < end) {
        const char *comma = memchr(value, ',', (size_t)(end - value));
        const char *stop = comma != NULL ? comma : end, *last = stop;
        while (value < last && is_blank(*value))
            value++;
        while (last > value && is_blank(last[-1]))
            last--;
        head->close |= IS_WORD(value, (size_t)(last - value), "close");
        head->keep_alive |= IS_WORD(value, (size_t)(last - value), "keep-alive");
        value = stop + 1;
    }
}

/* "timeout=5, max=100" (RFC 2068, 19.7.1.1). What is no such thing says nothing: it is advice. */
static void read_keep_alive(const char *value, size_t size, struct head *head)
{
    static const char name[] = "timeout=";
    const char *const end = value + size;

    for (const char *comma; value < end; value = comma + 1) {
        uint32_t seconds = 0, digits = 0;
        comma = memchr(value, ',', (size_t)(end - value));
        comma = comma != NULL ? comma : end;
        while (value < comma && is_blank(*value))
            value++;
        if ((size_t)(comma - value) < sizeof(name) ||
            strncasecmp(value, name, sizeof(name) - 1) != 0)
            continue;
        for (value += sizeof(name) - 1; value < comma && *value >= '0' && *value <= '9'; value++) {
            seconds = seconds * 10 + (uint32_t)(*value - '0');
            digits++;
        }
        if (digits == 0 || digits > 9)
            continue;
        head->says_timeout = true;
        head->keep_alive_s = seconds;
    }
}

/* FALSE = the head is broken. */
static bool read_header(const char *name, size_t name_size, const char *value, size_t size,
                        struct head *head)
{
    switch (name_size) {
    case sizeof("connection") - 1: /* and of keep-alive */
        if (IS_WORD(name, name_size, "connection"))
            read_connection(value, size, head);
        else if (IS_WORD(name, name_size, "keep-alive"))
            read_keep_alive(value, size, head);
        return true;
    case sizeof("content-length") - 1:
        return !IS_WORD(name, name_size, "content-length") ||
               read_length(value, size, &head->content_length);
    case sizeof("content-encoding") - 1:
        if (IS_WORD(name, name_size, "content-encoding"))
            head->gzip = IS_WORD(value, size, "gzip") || IS_WORD(value, size, "x-gzip");
        return true;
    case sizeof("transfer-encoding") - 1:
        if (!IS_WORD(name, name_size, "transfer-encoding"))
            return true;
        if (head->transfer_encoding || !IS_WORD(value, size, "chunked"))
            return false;
        head->transfer_encoding = true;
        return true;
    default:
        return true;
    }
}

/* ---- heads ----------------------------------------------------------------------------------- */

static enum http1_result read_status_line(const char **at, const char *end, struct head *head)
{
    static const char pattern[] = "HTTP/1.# ###";
    const char *p = *at, *line_stop;

    for (size_t i = 0; i < sizeof(pattern) - 1; i++) {
        if (p + i == end)
            return HTTP1_MORE;
        if (pattern[i] == '#' ? p[i] < '0' || p[i] > '9' : p[i] != pattern[i])
            return HTTP1_BROKEN;
    }
    head->minor_zero = p[7] == '0';
    head->status = (uint16_t)((p[9] - '0') * 100 + (p[10] - '0') * 10 + (p[11] - '0'));
    if (head->status < 100 || head->status > 599 || head->status == 101)
        return HTTP1_BROKEN;
    p += sizeof(pattern) - 1;
    if (p < end && *p != ' ' && *p != '\r' && *p != '\n')
        return HTTP1_BROKEN;
    *at = p;
    return line_end(at, end, &line_stop);
}

/* Header lines up to and with the empty one. Also reads trailers, whose meaning is then dropped. */
static enum http1_result read_fields(const char *at, const char *begin, const char *end,
                                     struct head *head)
{
    enum http1_result result;

    for (;;) {
        const char *name = at, *value, *value_end;
        while (at < end && is_token[(unsigned char)*at])
            at++;
        if (at == end)
            return HTTP1_MORE;
        if (at == name) { /* the empty line, unless it is a folded one or none at all */
            if (*at != '\r' && *at != '\n')
                return HTTP1_BROKEN;
            result = line_end(&at, end, &value_end);
            head->size = (size_t)(at - begin);
            return result;
        }
        if (*at != ':')
            return HTTP1_BROKEN;
        const size_t name_size = (size_t)(at - name);
        do
            at++;
        while (at < end && is_blank(*at));
        value = at;
        result = line_end(&at, end, &value_end);
        if (result != HTTP1_DONE)
            return result;
        while (value_end > value && is_blank(value_end[-1]))
            value_end--;
        if (!read_header(name, name_size, value, (size_t)(value_end - value), head))
            return HTTP1_BROKEN;
    }
}

static enum http1_result read_block(bool trailers, const char *bytes, size_t size,
                                    struct head *head)
{
    const char *at = bytes;

    *head = (struct head){.content_length = -1};
    if (!trailers) {
        const enum http1_result result = read_status_line(&at, bytes + size, head);
        if (result != HTTP1_DONE)
            return result;
    }
    return read_fields(at, bytes, bytes + size, head);
}

/* Shows the header lines of a head that is known to be whole and good. */
static void show_headers(const char *bytes, size_t size, const struct http1_sink *sink)
{
    const char *const end = bytes + size;
    const char *at = (const char *)memchr(bytes, '\n', size) + 1;

    while (*at != '\r' && *at != '\n') {
        const char *colon = memchr(at, ':', (size_t)(end - at));
        const char *value = colon + 1;
        const char *newline = memchr(value, '\n', (size_t)(end - value));
        const char *stop = newline > value && newline[-1] == '\r' ? newline - 1 : newline;
        while (value < stop && is_blank(*value))
            value++;
        while (stop > value && is_blank(stop[-1]))
            stop--;
        sink->header(sink->user, at, (size_t)(colon - at), value, (size_t)(stop - value));
        at = newline + 1;
    }
}

/* What follows a good head. */
static enum http1_result begin_body(struct http1 *parser, const struct head *head)
{
    const bool bodiless = parser->head_only || head->status == 204 || head->status == 304;

    if (head->transfer_encoding && (head->content_length >= 0 || head->minor_zero))
        return HTTP1_BROKEN;
    if (head->status < 200)
        return HTTP1_MORE; /* an interim answer: the next head follows */
    parser->status = head->status;
    parser->gzip = head->gzip;
    parser->content_length = head->content_length;
    parser->keep_alive = !head->close && (!head->minor_zero || head->keep_alive);
    parser->says_timeout = head->says_timeout;
    parser->keep_alive_s = head->keep_alive_s;
    if (bodiless || head->content_length == 0)
        return HTTP1_DONE;
    if (head->transfer_encoding) {
        parser->state = STATE_CHUNK_SIZE;
    } else if (head->content_length > 0) {
        parser->state = STATE_BODY;
        parser->left = (uint64_t)head->content_length;
    } else {
        parser->state = STATE_BODY_CLOSE;
        parser->until_close = true;
        parser->keep_alive = false;
    }
    return HTTP1_MORE;
}

/* Takes bytes of a head or of trailers, in place or through the side buffer. */
static enum http1_result take_block(struct http1 *parser, const char **at, const char *end,
                                    const struct http1_sink *sink, char *(*buffer)(void *user))
{
    const bool trailers = parser->state == STATE_TRAILERS;
    const size_t limit = HTTP1_HEAD_MAX - (size_t)parser->head_bytes - parser->head_size;
    const size_t offered = (size_t)(end - *at) < limit ? (size_t)(end - *at) : limit;
    const size_t before = parser->head_size;
    const char *bytes = *at;
    struct head head;

    if (before > 0) {
        memcpy(parser->head + before, *at, offered);
        parser->head_size += (uint32_t)offered;
        bytes = parser->head;
    }
    enum http1_result result = read_block(trailers, bytes, before + offered, &head);
    if (result == HTTP1_BROKEN)
        return result;
    if (result == HTTP1_MORE) {
        if (offered == limit)
            return HTTP1_TOO_LARGE;
        if (before == 0) {
            parser->head = buffer(sink->user);
            if (parser->head == NULL)
                return HTTP1_TOO_LARGE;
            memcpy(parser->head, *at, offered);
            parser->head_size = (uint32_t)offered;
        }
        *at = end;
        return HTTP1_MORE;
    }
    *at += head.size - before;
    parser->head_size = 0;
    parser->head_bytes += head.size;
    if (trailers)
        return HTTP1_DONE;
    result = begin_body(parser, &head);
    if (result != HTTP1_BROKEN && head.status >= 200 && sink->header != NULL)
        show_headers(bytes, head.size, sink);
    return result;
}

/* ---- bodies ---------------------------------------------------------------------------------- */

static void pass(struct http1 *parser, const char **at, size_t size, bool whole,
                 const struct http1_sink *sink)
{
    parser->body_bytes += size;
    sink->body(sink->user, *at, size, whole);
    *at += size;
}

static enum http1_result take_body(struct http1 *parser, const char **at, const char *end,
                                   const struct http1_sink *sink)
{
    const size_t offered = (size_t)(end - *at);
    const bool enough = offered >= parser->left;
    const size_t size = enough ? (size_t)parser->left : offered;

    parser->left -= size;
    pass(parser, at, size, enough && parser->body_bytes == 0, sink);
    return enough ? HTTP1_DONE : HTTP1_MORE;
}

static void take_chunk_data(struct http1 *parser, const char **at, const char *end,
                            const struct http1_sink *sink)
{
    static const char last[] = "\r\n0\r\n\r\n";
    const size_t offered = (size_t)(end - *at);
    const bool enough = offered >= parser->left;
    const size_t size = enough ? (size_t)parser->left : offered;
    /* A small answer is one chunk with the last one right behind it. */
    const bool whole = enough && parser->body_bytes == 0 && offered - size >= sizeof(last) - 1 &&
                       memcmp(*at + size, last, sizeof(last) - 1) == 0;

    parser->left -= size;
    pass(parser, at, size, whole, sink);
    if (enough)
        parser->state = STATE_CHUNK_END;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* What may stand behind a chunk's size: blanks, then an extension or the line's end. */
static bool end_chunk_size(struct http1 *parser, char c)
{
    parser->state = is_blank(c) ? STATE_CHUNK_BLANK
                    : c == ';'  ? STATE_CHUNK_EXTENSION
                                : STATE_CHUNK_LF;
    return is_blank(c) ? ++parser->extension_size <= EXTENSION_MAX : c == ';' || c == '\r';
}

/* One byte of the lines around chunks. FALSE = broken. */
static bool take_chunk_byte(struct http1 *parser, char c)
{
    const int digit = hex_digit(c);

    switch (parser->state) {
    case STATE_CHUNK_SIZE:
        if (digit >= 0 && parser->chunk_digits < CHUNK_DIGITS_MAX) {
            parser->left = parser->left << 4 | (uint64_t)digit;
            parser->chunk_digits++;
            return true;
        }
        parser->extension_size = 0;
        return parser->chunk_digits > 0 && end_chunk_size(parser, c);
    case STATE_CHUNK_BLANK:
        return end_chunk_size(parser, c);
    case STATE_CHUNK_EXTENSION:
        if (c == '\r')
            parser->state = STATE_CHUNK_LF;
        return c == '\r' ||
               (!is_control((unsigned char)c) && ++parser->extension_size <= EXTENSION_MAX);
    case STATE_CHUNK_LF:
        parser->state = parser->left > 0 ? STATE_CHUNK_DATA : STATE_TRAILERS;
        return c == '\n';
    case STATE_CHUNK_END:
        parser->state = STATE_CHUNK_END_LF;
        return c == '\r';
    default:
        parser->state = STATE_CHUNK_SIZE;
        parser->chunk_digits = 0;
        parser->left = 0;
        return c == '\n';
    }
}

/* ---- the parser ------------------------------------------------------------------------------ */

void http1_begin(struct http1 *parser, bool head_only)
{
    *parser = (struct http1){.keep_alive = true,
                             .head_only = head_only,
                             .content_length = -1,
                             .head = parser->head};
}

enum http1_result http1_take(struct http1 *parser, const char *bytes, size_t size,
                             const struct http1_sink *sink, char *(*buffer)(void *user),
                             size_t *ret_used)
{
    const char *at = bytes, *const end = bytes + size;
    enum http1_result result = HTTP1_MORE;

    while (at < end && result == HTTP1_MORE) {
        switch (parser->state) {
        case STATE_HEAD:
        case STATE_TRAILERS:
            result = take_block(parser, &at, end, sink, buffer);
            break;
        case STATE_BODY:
            result = take_body(parser, &at, end, sink);
            break;
        case STATE_BODY_CLOSE:
            pass(parser, &at, (size_t)(end - at), false, sink);
            break;
        case STATE_CHUNK_DATA:
            take_chunk_data(parser, &at, end, sink);
            break;
        default:
            if (!take_chunk_byte(parser, *at++))
                result = HTTP1_BROKEN;
        }
    }
    *ret_used = (size_t)(at - bytes);
    return result;
}

bool http1_end(struct http1 *parser) { return parser->state == STATE_BODY_CLOSE; }

bool http1_is_fresh(const struct http1 *parser)
{
    return parser->state == STATE_HEAD && parser->head_size == 0 && parser->head_bytes == 0;
}
