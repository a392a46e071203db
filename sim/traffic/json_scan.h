/* One value out of a JSON text (RFC 8259) by a JSON pointer (RFC 6901), without building a tree.
 *
 * The text is walked from its start to the end of the value, once, and what is walked is validated:
 * a text that is broken before that point is JSON_SCAN_BROKEN, one that is broken behind it may
 * pass. Strings are UTF-8; escapes stay as they are until json_scan_decode(). Of equal keys the
 * first counts. Nothing is allocated; any thread.
 */
#ifndef TRAFFIC_JSON_SCAN_H
#define TRAFFIC_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JSON_SCAN_DEPTH_MAX 1024

enum json_scan { JSON_SCAN_FOUND, JSON_SCAN_ABSENT, JSON_SCAN_BROKEN };

enum json_scan_kind {
    JSON_SCAN_NULL,
    JSON_SCAN_FALSE,
    JSON_SCAN_TRUE,
    JSON_SCAN_NUMBER,
    JSON_SCAN_STRING,
    JSON_SCAN_ARRAY,
    JSON_SCAN_OBJECT
};

/* A step of a pointer: a key, and the index that it is in an array. */
struct json_scan_step {
    const char *key;
    uint32_t size;
    uint32_t index; /* UINT32_MAX: not one */
};

struct json_scan_value {
    enum json_scan_kind kind;
    bool escaped;     /* a string with escapes in it */
    const char *text; /* in the text; a string without its quotes */
    size_t size;
};

/* Takes a pointer ("/a/0/b~1c", "" is the whole text) apart. `keys` holds the unescaped keys, at
 * least strlen(pointer) + 1 bytes, and outlives the steps. -1 when it is no pointer or has more than
 * `step_max` steps, with the byte at fault in *ret_offset. */
int32_t json_scan_pointer(const char *pointer, char *keys, struct json_scan_step *ret_steps,
                          uint32_t step_max, size_t *ret_offset);

enum json_scan json_scan_find(const char *text, size_t size, const struct json_scan_step *steps,
                              uint32_t step_count, struct json_scan_value *ret_value);

/* Whether the whole text is one valid value. */
bool json_scan_is_valid(const char *text, size_t size);

/* A string's content with escapes resolved, into `into` of at least `size` bytes: it never grows.
 * Returns its size. The value is one that json_scan_find() returned. */
size_t json_scan_decode(const struct json_scan_value *value, char *into);

#endif
