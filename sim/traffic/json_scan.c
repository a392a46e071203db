/* A JSON scanner that walks and checks, and keeps nothing.
 *
 * An answer of a service is looked at for one or two values; a tree of it would cost an allocation
 * a node. The scanner goes through the text with one state, an offset, and skips values that the
 * pointer does not lead to. What it skips is nested to any depth, so it remembers for each level
 * one bit, object or array, in place of a recursion that a hostile answer could exhaust.
 *
 * Strings are most of the bytes. Their loop looks up one table, where ordinary ASCII stands for "go
 * on"; all else (the end, an escape, a control character, the first byte of a longer character) is
 * rare and takes the slow way. UTF-8 is validated as in RFC 3629: no overlong forms, no surrogates,
 * nothing above U+10FFFF. An escaped surrogate must have its partner, and \u0000 is refused, since
 * no name or identity holds one and jansson, which the tests compare with, refuses it too.
 */
#include "traffic/json_scan.h"

#include <string.h>

struct json_cursor {
    const char *at, *end;
};

/* ---- strings --------------------------------------------------------------------------------- */

static int32_t json_scan_hex(const char *digits)
{
    int32_t code = 0;

    for (uint32_t i = 0; i < 4; i++) {
        char c = digits[i];
        int32_t digit = c >= '0' && c <= '9'   ? c - '0'
                        : c >= 'a' && c <= 'f' ? c - 'a' + 10
                        : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                               : -1;
        if (digit < 0)
            return -1;
        code = code * 16 + digit;
    }
    return code;
}

/* The cursor stands behind a backslash. */
static bool json_scan_escape(struct json_cursor *c)
{
    if (c->at == c->end)
        return false;
    char letter = *c->at++;
    if (letter != 'u')
        return letter != '\0' && strchr("\"\\/bfnrt", letter) != NULL;
    if (c->end - c->at < 4)
        return false;
    int32_t code = json_scan_hex(c->at);
    c->at += 4;
    if (code <= 0 || (code >= 0xDC00 && code <= 0xDFFF))
        return false;
    if (code < 0xD800 || code > 0xDBFF)
        return true;
    if (c->end - c->at < 6 || c->at[0] != '\\' || c->at[1] != 'u')
        return false;
    code = json_scan_hex(c->at + 2);
    c->at += 6;
    return code >= 0xDC00 && code <= 0xDFFF;
}

/* The cursor stands on the first byte, not ASCII, of a character. */
static bool json_scan_utf8(struct json_cursor *c)
{
    const unsigned char *b = (const unsigned char *)c->at;
    ptrdiff_t left = c->end - c->at;
    unsigned char low = 0x80, high = 0xBF; /* of the second byte */
    ptrdiff_t size;

    if (b[0] >= 0xC2 && b[0] <= 0xDF) {
        size = 2;
    } else if (b[0] >= 0xE0 && b[0] <= 0xEF) {
        size = 3;
        low = b[0] == 0xE0 ? 0xA0 : low;
        high = b[0] == 0xED ? 0x9F : high;
    } else if (b[0] >= 0xF0 && b[0] <= 0xF4) {
        size = 4;
        low = b[0] == 0xF0 ? 0x90 : low;
        high = b[0] == 0xF4 ? 0x8F : high;
    } else {
        return false;
    }
    if (left < size || b[1] < low || b[1] > high)
        return false;
    for (ptrdiff_t i = 2; i < size; i++)
        if (b[i] < 0x80 || b[i] > 0xBF)
            return false;
    c->at += size;
    return true;
}

/* Bytes that a string goes over without a look: ASCII but controls, quote and backslash. */
static const bool plain[256] = {
#define PLAIN_8 true, true, true, true, true, true, true, true
    [0x20] = true, true,    false,   true,    true,  true, true, true, /* space ! " # */
    PLAIN_8,       PLAIN_8, PLAIN_8,                                   /* 0x28 .. 0x3F */
    PLAIN_8,       PLAIN_8, PLAIN_8,                                   /* 0x40 .. 0x57 */
    true,          true,    true,    true,    false, true, true, true, /* X Y Z [ \ ] ^ _ */
    PLAIN_8,       PLAIN_8, PLAIN_8, PLAIN_8,                          /* 0x60 .. 0x7F */
#undef PLAIN_8
};

/* The cursor stands behind the opening quote, and then behind the closing one. */
static bool json_scan_string(struct json_cursor *c, struct json_scan_value *ret_value)
{
    ret_value->kind = JSON_SCAN_STRING;
    ret_value->text = c->at;
    ret_value->escaped = false;
    for (;;) {
        const char *at = c->at;
        while (at < c->end && plain[(unsigned char)*at])
            at++;
        c->at = at;
        if (at == c->end)
            return false;
        if (*at == '"') {
            ret_value->size = (size_t)(at - ret_value->text);
            c->at++;
            return true;
        }
        if (*at == '\\') {
            ret_value->escaped = true;
            c->at++;
            if (!json_scan_escape(c))
                return false;
        } else if (!json_scan_utf8(c)) {
            return false;
        }
    }
}

static size_t json_scan_put_utf8(uint32_t code, char *into)
{
    unsigned char *b = (unsigned char *)into;

    if (code < 0x80) {
        b[0] = (unsigned char)code;
        return 1;
    }
    if (code < 0x800) {
        b[0] = (unsigned char)(0xC0 | code >> 6);
        b[1] = (unsigned char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        b[0] = (unsigned char)(0xE0 | code >> 12);
        b[1] = (unsigned char)(0x80 | (code >> 6 & 0x3F));
        b[2] = (unsigned char)(0x80 | (code & 0x3F));
        return 3;
    }
    b[0] = (unsigned char)(0xF0 | code >> 18);
    b[1] = (unsigned char)(0x80 | (code >> 12 & 0x3F));
    b[2] = (unsigned char)(0x80 | (code >> 6 & 0x3F));
    b[3] = (unsigned char)(0x80 | (code & 0x3F));
    return 4;
}

size_t json_scan_decode(const struct json_scan_value *value, char *into)
{
    static const char letters[] = "\"\\/bfnrt", meanings[] = "\"\\/\b\f\n\r\t";
    const char *at = value->text, *end = value->text + value->size;
    size_t size = 0;

    while (at < end) {
        if (*at != '\\') {
            into[size++] = *at++;
            continue;
        }
        if (at[1] != 'u') {
            into[size++] = meanings[strchr(letters, at[1]) - letters];
            at += 2;
            continue;
        }
        uint32_t code = (uint32_t)json_scan_hex(at + 2);
        at += 6;
        if (code >= 0xD800 && code <= 0xDBFF) {
            code = 0x10000 + ((code - 0xD800) << 10) + (uint32_t)json_scan_hex(at + 2) - 0xDC00;
            at += 6;
        }
        size += json_scan_put_utf8(code, into + size);
    }
    return size;
}

/* ---- other values ---------------------------------------------------------------------------- */

static void json_scan_blanks(struct json_cursor *c)
{
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\n' || *c->at == '\r' || *c->at == '\t'))
        c->at++;
}

static bool json_scan_is(struct json_cursor *c, char wanted)
{
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static bool json_scan_digits(struct json_cursor *c)
{
    const char *first = c->at;

    while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
        c->at++;
    return c->at > first;
}

static bool json_scan_number(struct json_cursor *c)
{
    json_scan_is(c, '-');
    if (!json_scan_is(c, '0') && !json_scan_digits(c))
        return false;
    if (json_scan_is(c, '.') && !json_scan_digits(c))
        return false;
    if (json_scan_is(c, 'e') || json_scan_is(c, 'E')) {
        if (!json_scan_is(c, '+'))
            json_scan_is(c, '-');
        return json_scan_digits(c);
    }
    return true;
}

static bool json_scan_word(struct json_cursor *c, const char *word, size_t size)
{
    if ((size_t)(c->end - c->at) < size || memcmp(c->at, word, size) != 0)
        return false;
    c->at += size;
    return true;
}

/* Anything that is not nested. */
static bool json_scan_scalar(struct json_cursor *c, struct json_scan_value *ret_value)
{
    bool good;

    if (c->at == c->end)
        return false;
    ret_value->text = c->at;
    ret_value->escaped = false;
    switch (*c->at) {
    case '"':
        c->at++;
        return json_scan_string(c, ret_value);
    case 't':
        ret_value->kind = JSON_SCAN_TRUE;
        good = json_scan_word(c, "true", 4);
        break;
    case 'f':
        ret_value->kind = JSON_SCAN_FALSE;
        good = json_scan_word(c, "false", 5);
        break;
    case 'n':
        ret_value->kind = JSON_SCAN_NULL;
        good = json_scan_word(c, "null", 4);
        break;
    default:
        ret_value->kind = JSON_SCAN_NUMBER;
        good = json_scan_number(c);
        break;
    }
    ret_value->size = (size_t)(c->at - ret_value->text);
    return good;
}

/* The cursor stands on a key, and then on the value behind its colon. */
static bool json_scan_key(struct json_cursor *c, struct json_scan_value *ret_key)
{
    if (!json_scan_is(c, '"') || !json_scan_string(c, ret_key))
        return false;
    json_scan_blanks(c);
    if (!json_scan_is(c, ':'))
        return false;
    json_scan_blanks(c);
    return true;
}

/* ---- nesting --------------------------------------------------------------------------------- */

/* Levels that are open: bit set = object. */
struct json_levels {
    uint64_t object[JSON_SCAN_DEPTH_MAX / 64];
    uint32_t count;
};

static bool json_scan_open(struct json_levels *levels, bool object)
{
    if (levels->count == JSON_SCAN_DEPTH_MAX)
        return false;
    uint64_t bit = (uint64_t)1 << (levels->count % 64);
    uint64_t *word = &levels->object[levels->count / 64];
    if (levels->count % 64 == 0)
        *word = 0;
    *word = object ? *word | bit : *word & ~bit;
    levels->count++;
    return true;
}

static bool json_scan_in_object(const struct json_levels *levels)
{
    uint32_t top = levels->count - 1;
    return (levels->object[top / 64] >> (top % 64) & 1) != 0;
}

/* Closes what ends here; then the cursor stands on the next value, or the outermost has ended. */
static bool json_scan_after(struct json_cursor *c, struct json_levels *levels)
{
    struct json_scan_value key;

    while (levels->count > 0) {
        bool object = json_scan_in_object(levels);
        json_scan_blanks(c);
        if (json_scan_is(c, ',')) {
            json_scan_blanks(c);
            return !object || json_scan_key(c, &key);
        }
        if (!json_scan_is(c, object ? '}' : ']'))
            return false;
        levels->count--;
    }
    return true;
}

/* Any value; the cursor stands on it, and then behind it. */
static bool json_scan_value(struct json_cursor *c, struct json_scan_value *ret_value)
{
    struct json_levels levels;
    struct json_scan_value inner;

    if (c->at == c->end || (*c->at != '{' && *c->at != '['))
        return json_scan_scalar(c, ret_value);
    ret_value->kind = *c->at == '{' ? JSON_SCAN_OBJECT : JSON_SCAN_ARRAY;
    ret_value->text = c->at;
    ret_value->escaped = false;
    levels.count = 0;
    do {
        bool object = json_scan_is(c, '{');
        if (!object && !json_scan_is(c, '[')) {
            if (!json_scan_scalar(c, &inner) || !json_scan_after(c, &levels))
                return false;
            continue;
        }
        if (!json_scan_open(&levels, object))
            return false;
        json_scan_blanks(c);
        if (json_scan_is(c, object ? '}' : ']')) {
            levels.count--;
            if (!json_scan_after(c, &levels))
                return false;
        } else if (object && !json_scan_key(c, &inner)) {
            return false;
        }
    } while (levels.count > 0);
    ret_value->size = (size_t)(c->at - ret_value->text);
    return true;
}

/* ---- pointers -------------------------------------------------------------------------------- */

/* Canonical decimal digits only: "01" is a key, never an index. */
static uint32_t json_scan_index(const char *key, uint32_t size)
{
    uint64_t index = 0;

    if (size == 0 || size > 9 || (key[0] == '0' && size > 1))
        return UINT32_MAX;
    for (uint32_t i = 0; i < size; i++) {
        if (key[i] < '0' || key[i] > '9')
            return UINT32_MAX;
        index = index * 10 + (uint64_t)(key[i] - '0');
    }
    return (uint32_t)index;
}

int32_t json_scan_pointer(const char *pointer, char *keys, struct json_scan_step *ret_steps,
                          uint32_t step_max, size_t *ret_offset)
{
    uint32_t count = 0;
    size_t i = 0;

    *ret_offset = 0;
    if (*pointer != '\0' && *pointer != '/')
        return -1;
    while (pointer[i] == '/') {
        struct json_scan_step *step = &ret_steps[count];
        *ret_offset = i;
        if (count++ == step_max)
            return -1;
        step->key = keys;
        for (i++; pointer[i] != '\0' && pointer[i] != '/'; i++) {
            char c = pointer[i];
            if (c == '~') {
                *ret_offset = i++;
                if (pointer[i] != '0' && pointer[i] != '1')
                    return -1;
                c = pointer[i] == '0' ? '~' : '/';
            }
            *keys++ = c;
        }
        step->size = (uint32_t)(keys - step->key);
        step->index = json_scan_index(step->key, step->size);
    }
    return (int32_t)count;
}

static bool json_scan_same(const struct json_scan_value *key, const struct json_scan_step *step)
{
    char decoded[256];

    if (!key->escaped)
        return key->size == step->size && memcmp(key->text, step->key, step->size) == 0;
    /* A key written with escapes in more than this many bytes is nobody's: 42 characters at worst. */
    if (key->size > sizeof(decoded))
        return false;
    size_t size = json_scan_decode(key, decoded);
    return size == step->size && memcmp(decoded, step->key, size) == 0;
}

/* The cursor stands behind the bracket, and when found on the value of the step. */
static enum json_scan json_scan_enter(struct json_cursor *c, bool object,
                                      const struct json_scan_step *step)
{
    struct json_scan_value skipped;
    char close = object ? '}' : ']';

    json_scan_blanks(c);
    if (json_scan_is(c, close))
        return JSON_SCAN_ABSENT;
    for (uint32_t i = 0;; i++) {
        bool here = !object && i == step->index;
        if (object) {
            if (!json_scan_key(c, &skipped))
                return JSON_SCAN_BROKEN;
            here = json_scan_same(&skipped, step);
        }
        if (here)
            return JSON_SCAN_FOUND;
        if (!json_scan_value(c, &skipped))
            return JSON_SCAN_BROKEN;
        json_scan_blanks(c);
        if (json_scan_is(c, close))
            return JSON_SCAN_ABSENT;
        if (!json_scan_is(c, ','))
            return JSON_SCAN_BROKEN;
        json_scan_blanks(c);
    }
}

enum json_scan json_scan_find(const char *text, size_t size, const struct json_scan_step *steps,
                              uint32_t step_count, struct json_scan_value *ret_value)
{
    struct json_cursor c = {text, text + size};
    struct json_scan_value value;

    json_scan_blanks(&c);
    for (uint32_t i = 0; i < step_count; i++) {
        bool object = json_scan_is(&c, '{');
        if (!object && !json_scan_is(&c, '['))
            return json_scan_scalar(&c, &value) ? JSON_SCAN_ABSENT : JSON_SCAN_BROKEN;
        enum json_scan found = json_scan_enter(&c, object, &steps[i]);
        if (found != JSON_SCAN_FOUND)
            return found;
    }
    if (!json_scan_value(&c, &value))
        return JSON_SCAN_BROKEN;
    *ret_value = value;
    return JSON_SCAN_FOUND;
}

bool json_scan_is_valid(const char *text, size_t size)
{
    struct json_cursor c = {text, text + size};
    struct json_scan_value value;

    json_scan_blanks(&c);
    if (!json_scan_value(&c, &value))
        return false;
    json_scan_blanks(&c);
    return c.at == c.end;
}
