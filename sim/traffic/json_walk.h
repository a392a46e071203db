/* Ways through a JSON tree: JSON pointers (RFC 6901) in which a step "*" stands for each element of
 * an array and each member of an object, and relative ones (draft-bhutton-relative-json-pointer):
 * "2/sku" goes two levels up, then down to sku; "1#" is the key or the index, in its holder, of what is
 * one level up; "0+1" is the next element.
 *
 * Unlike json_scan.h this needs the tree (jansson's). Any thread.
 */
#ifndef TRAFFIC_JSON_WALK_H
#define TRAFFIC_JSON_WALK_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define JSON_WALK_STEPS_MAX 32
#define JSON_PLACE_DEPTH_MAX (4 * JSON_WALK_STEPS_MAX)

struct json_walk_step {
    const char *key;
    uint32_t index; /* the key as an index, UINT32_MAX: it is none */
    bool each;
};

struct json_walk {
    struct json_walk_step step[JSON_WALK_STEPS_MAX];
    uint32_t count;
    uint32_t up;
    int32_t shift; /* of the index, after going up */
    bool name;     /* the key or index itself is meant */
    bool many;     /* has a "*" */
    char *keys;    /* the steps' */
};

/* Takes a text apart; relative pointers only when `relative`. NULL: it is none, with the byte at
 * fault in *ret_offset. Caller frees. */
struct json_walk *json_walk_new(const char *text, bool relative, size_t *ret_offset);
void json_walk_free(struct json_walk *walk);

struct json_spot { /* a value and where in its holder it stands */
    const json_t *value;
    const char *key; /* NULL: an element of an array, or the root */
    size_t index;
};

struct json_place { /* from the root to a value */
    struct json_spot spot[JSON_PLACE_DEPTH_MAX];
    uint32_t depth; /* at least 1 */
};

void json_place_begin(struct json_place *place, const json_t *root);
static inline const json_t *json_place_value(const struct json_place *place)
{
    return place->spot[place->depth - 1].value;
}
/* The JSON pointer of a place. Caller frees. */
char *json_place_text(const struct json_place *place);

/* What is visited: a place, which holds until the visit returns; with `name` meant, its last key or
 * index. FALSE ends the walk. */
typedef bool json_walk_visit(void *user, const struct json_place *place);
/* Visits all that the walk leads to from a place. FALSE: a visit ended it. */
bool json_walk_go(const struct json_walk *walk, const struct json_place *from,
                  json_walk_visit *visit, void *user);
/* How far the walk comes before its first "*": FALSE = something is missing there. */
bool json_walk_exists(const struct json_walk *walk, const struct json_place *from);

#endif
