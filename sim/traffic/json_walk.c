/* Pointers over a tree that remembers the way it came.
 *
 * A tree of jansson's doesn't know its parents, and a relative pointer begins with them: so a place is
 * the whole way from the root. Going up shortens it, going down appends to it. A walk works on a copy
 * of the way (a few spots), since what it visits may begin walks of its own.
 */
#include "traffic/json_walk.h"

#include <string.h>

/* ---- reading --------------------------------------------------------------------------------- */

/* Decimal digits without leading zeros, as the draft and RFC 6901 want them. */
static bool json_walk_number(const char **at, uint32_t *ret_number)
{
    const char *first = *at;
    uint32_t number = 0;

    while (g_ascii_isdigit(**at) && *at - first < 9)
        number = number * 10 + (uint32_t)(*(*at)++ - '0');
    *ret_number = number;
    return *at > first && !g_ascii_isdigit(**at) && (*first != '0' || *at == first + 1);
}

/* A prefix such as 2, 0+1 or 1#. FALSE: bad, at `*at`. */
static bool json_walk_prefix(struct json_walk *walk, const char **at)
{
    uint32_t shift;

    if (!json_walk_number(at, &walk->up))
        return false;
    if (**at == '+' || **at == '-') {
        const bool back = *(*at)++ == '-';
        if (!json_walk_number(at, &shift) || shift == 0)
            return false;
        walk->shift = back ? -(int32_t)shift : (int32_t)shift;
    }
    if (**at == '#') {
        walk->name = true;
        (*at)++;
        return **at == '\0';
    }
    return **at == '\0' || **at == '/';
}

/* One step, `*at` behind its slash; the key goes to `*into`. */
static bool json_walk_step(struct json_walk_step *step, const char **at, char **into)
{
    const char *first = *at;

    step->key = *into;
    step->index = UINT32_MAX;
    for (; **at != '\0' && **at != '/'; (*at)++) {
        char c = **at;
        if (c == '~') {
            c = (*at)[1] == '0' ? '~' : (*at)[1] == '1' ? '/' : '\0';
            if (c == '\0')
                return false;
            (*at)++;
        }
        *(*into)++ = c;
    }
    *(*into)++ = '\0';
    step->each = *at - first == 1 && *first == '*';
    const char *digits = step->key;
    uint32_t index;
    if (json_walk_number(&digits, &index) && *digits == '\0')
        step->index = index;
    return true;
}

struct json_walk *json_walk_new(const char *text, bool relative, size_t *ret_offset)
{
    struct json_walk *walk = g_new0(struct json_walk, 1);
    const char *at = text;

    walk->keys = g_malloc(strlen(text) + 1);
    char *into = walk->keys;
    bool good = true;
    if (relative && g_ascii_isdigit(*at))
        good = json_walk_prefix(walk, &at);
    while (good && *at == '/') {
        good = walk->count < JSON_WALK_STEPS_MAX;
        if (good) {
            at++;
            good = json_walk_step(&walk->step[walk->count], &at, &into);
            walk->many |= walk->step[walk->count].each;
            walk->count++;
        }
    }
    if (good && *at == '\0')
        return walk;
    *ret_offset = (size_t)(at - text);
    json_walk_free(walk);
    return NULL;
}

void json_walk_free(struct json_walk *walk)
{
    if (walk == NULL)
        return;
    g_free(walk->keys);
    g_free(walk);
}

/* ---- places ---------------------------------------------------------------------------------- */

void json_place_begin(struct json_place *place, const json_t *root)
{
    place->depth = 1;
    place->spot[0] = (struct json_spot){.value = root};
}

char *json_place_text(const struct json_place *place)
{
    GString *text = g_string_new(NULL);

    for (uint32_t i = 1; i < place->depth; i++) {
        const struct json_spot *spot = &place->spot[i];
        g_string_append_c(text, '/');
        if (spot->key == NULL)
            g_string_append_printf(text, "%zu", spot->index);
        for (const char *c = spot->key; c != NULL && *c != '\0'; c++)
            if (*c == '~' || *c == '/')
                g_string_append(text, *c == '~' ? "~0" : "~1");
            else
                g_string_append_c(text, *c);
    }
    return g_string_free(text, FALSE);
}

static void json_place_copy(struct json_place *copy, const struct json_place *place)
{
    copy->depth = place->depth;
    memcpy(copy->spot, place->spot, place->depth * sizeof(place->spot[0]));
}

static bool json_place_push(struct json_place *place, const json_t *value, const char *key,
                            size_t index)
{
    if (value == NULL || place->depth == JSON_PLACE_DEPTH_MAX)
        return false;
    place->spot[place->depth++] = (struct json_spot){value, key, index};
    return true;
}

/* ---- walking --------------------------------------------------------------------------------- */

static bool json_walk_down(const struct json_walk *walk, uint32_t from, struct json_place *place,
                           json_walk_visit *visit, void *user);

static bool json_walk_each(const struct json_walk *walk, uint32_t from, struct json_place *place,
                           json_walk_visit *visit, void *user)
{
    const json_t *value = json_place_value(place);
    const char *key;
    json_t *member;
    bool go_on = true;

    if (json_is_array(value)) {
        for (size_t i = 0; go_on && i < json_array_size(value); i++)
            if (json_place_push(place, json_array_get(value, i), NULL, i)) {
                go_on = json_walk_down(walk, from + 1, place, visit, user);
                place->depth--;
            }
        return go_on;
    }
    json_object_foreach((json_t *)value, key, member)
    {
        if (go_on && json_place_push(place, member, key, 0)) {
            go_on = json_walk_down(walk, from + 1, place, visit, user);
            place->depth--;
        }
    }
    return go_on;
}

/* One step that is no "*". FALSE: there is no such element or member. */
static bool json_walk_enter(const struct json_walk_step *step, struct json_place *place)
{
    const json_t *value = json_place_value(place);

    if (json_is_array(value))
        return step->index != UINT32_MAX &&
               json_place_push(place, json_array_get(value, step->index), NULL, step->index);
    return json_place_push(place, json_object_get(value, step->key), step->key, 0);
}

static bool json_walk_down(const struct json_walk *walk, uint32_t from, struct json_place *place,
                           json_walk_visit *visit, void *user)
{
    const uint32_t depth = place->depth;
    bool there = true;

    while (there && from < walk->count && !walk->step[from].each)
        there = json_walk_enter(&walk->step[from++], place);
    bool go_on = true;
    if (there)
        go_on = from == walk->count ? visit(user, place)
                                    : json_walk_each(walk, from, place, visit, user);
    place->depth = depth;
    return go_on;
}

/* Up, and to the side. FALSE: that is outside of the tree. */
static bool json_walk_up(const struct json_walk *walk, struct json_place *place)
{
    if (walk->up >= place->depth)
        return false;
    place->depth -= walk->up;
    struct json_spot *spot = &place->spot[place->depth - 1];
    if (walk->shift == 0)
        return !walk->name || place->depth > 1;
    if (place->depth == 1 || spot->key != NULL ||
        (walk->shift < 0 && spot->index < (size_t)-walk->shift))
        return false;
    spot->index += (size_t)walk->shift;
    spot->value = json_array_get(place->spot[place->depth - 2].value, spot->index);
    return spot->value != NULL;
}

bool json_walk_go(const struct json_walk *walk, const struct json_place *from,
                  json_walk_visit *visit, void *user)
{
    struct json_place place;

    json_place_copy(&place, from);
    return !json_walk_up(walk, &place) || json_walk_down(walk, 0, &place, visit, user);
}

bool json_walk_exists(const struct json_walk *walk, const struct json_place *from)
{
    struct json_place place;
    bool there;

    json_place_copy(&place, from);
    there = json_walk_up(walk, &place);
    for (uint32_t i = 0; there && i < walk->count && !walk->step[i].each; i++)
        there = json_walk_enter(&walk->step[i], &place);
    return there;
}
