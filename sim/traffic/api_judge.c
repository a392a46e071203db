/* What an answer is worth: its status, its captures, what it tells, its checks.
 *
 * A listed status decides first, then `refused_if`: a refusal is not checked, since what it holds is
 * not what was asked for. Captures are taken before checks so that a journey that goes on after a
 * failed check has all that the answer gave; so is what the answer tells, as an audit wants to know
 * of a stock below 0 that a check refuses. Where both go wrong, the check is what is reported.
 *
 * Values are used where they stand in the answer. Only a JSON string with escapes in it is copied,
 * to the scratch memory, which a decoded string always fits as long as the answer does. A match of
 * a regular expression needs a little memory for its groups and comes out of the same scratch:
 * PCRE2 asks an allocator, and ours moves an offset.
 *
 * Texts are compared as bytes; numbers as numbers when both sides are (5 is 5.0), but digits that
 * are the same are the same even where a double could not tell.
 */
#define _GNU_SOURCE /* memmem */
#include "traffic/api_private.h"

#include <string.h>

/* ---- regular expressions --------------------------------------------------------------------- */

static void *api_room_take(PCRE2_SIZE size, void *data)
{
    struct api_room *room = data;
    uintptr_t at = ((uintptr_t)room->at + 15) & ~(uintptr_t)15;

    if (at > (uintptr_t)room->end || (uintptr_t)room->end - at < size)
        return NULL;
    room->at = (char *)at + size; /* NOLINT(performance-no-int-to-ptr) */
    return (void *)at;            /* NOLINT(performance-no-int-to-ptr) */
}

static void api_room_give_back(void *memory, void *data)
{
    (void)memory;
    (void)data;
}

bool api_match(const ApiMap *map, const pcre2_code *regex, const struct api_text *text,
               struct api_room *room, struct api_text *ret_part)
{
    struct api_room rest = *room;
    pcre2_general_context *memory =
        pcre2_general_context_create(api_room_take, api_room_give_back, &rest);
    pcre2_match_data *match = memory != NULL ? pcre2_match_data_create(2, memory) : NULL;

    if (match == NULL)
        return false;
    int count =
        pcre2_match(regex, (PCRE2_SPTR)text->text, text->size, 0, 0, match, map->match_context);
    if (count < 0)
        return false;
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(match);
    uint32_t group = count == 1 ? 0 : 1; /* 0: more groups than two, which are not asked for */
    if (at[2 * group] == PCRE2_UNSET || at[2 * group + 1] < at[2 * group])
        return false;
    *ret_part = (struct api_text){text->text + at[2 * group],
                                  (uint32_t)(at[2 * group + 1] - at[2 * group])};
    return true;
}

/* ---- subjects -------------------------------------------------------------------------------- */

static bool api_find_json(const struct api_subject *subject, const struct api_text *body,
                          struct api_room *room, struct api_found *ret_found)
{
    struct json_scan_value value;
    enum json_scan result =
        json_scan_find(body->text, body->size, subject->steps, subject->step_count, &value);

    ret_found->broken = result == JSON_SCAN_BROKEN;
    if (result != JSON_SCAN_FOUND)
        return false;
    ret_found->null = value.kind == JSON_SCAN_NULL;
    ret_found->number = value.kind == JSON_SCAN_NUMBER;
    ret_found->nested = value.kind == JSON_SCAN_OBJECT || value.kind == JSON_SCAN_ARRAY;
    ret_found->text = (struct api_text){value.text, (uint32_t)value.size};
    if (value.kind == JSON_SCAN_STRING && value.escaped) {
        if ((size_t)(room->end - room->at) < value.size)
            return false;
        ret_found->text.text = room->at;
        ret_found->text.size = (uint32_t)json_scan_decode(&value, room->at);
        room->at += ret_found->text.size;
    }
    return true;
}

struct api_found api_find(const ApiMap *map, const struct api_subject *subject,
                          const struct api_reply *reply, struct api_room *room)
{
    struct api_found found = {.text = reply->body};

    if (subject->wanted != API_NONE) {
        found.text = reply->wanted[subject->wanted];
        found.number = true; /* for all we know */
    } else if (found.text.text != NULL && subject->is_json &&
               !api_find_json(subject, &reply->body, room, &found)) {
        found.text.text = NULL;
    }
    if (found.text.text != NULL && subject->regex != NULL &&
        !api_match(map, subject->regex, &found.text, room, &found.text))
        found.text.text = NULL;
    return found;
}

/* ---- checks ---------------------------------------------------------------------------------- */

#define API_NUMBER_TEXT_MAX 64

static bool api_number(const struct api_text *text, double *ret_number)
{
    char digits[API_NUMBER_TEXT_MAX];
    char *end;

    if (text->size == 0 || text->size >= sizeof(digits) || g_ascii_isspace(*text->text))
        return false;
    memcpy(digits, text->text, text->size);
    digits[text->size] = '\0';
    *ret_number = g_ascii_strtod(digits, &end);
    return *end == '\0';
}

static bool api_is_whole(const struct api_text *text)
{
    for (uint32_t i = 0; i < text->size; i++)
        if (!g_ascii_isdigit(text->text[i]) && (i > 0 || text->text[i] != '-'))
            return false;
    return true;
}

static bool api_is_same(const struct api_found *found, const struct api_choice *choice)
{
    double number;

    if (found->text.size == choice->text.size &&
        memcmp(found->text.text, choice->text.text, choice->text.size) == 0)
        return true;
    if (!found->number || !choice->is_number ||
        (api_is_whole(&found->text) && api_is_whole(&choice->text)))
        return false;
    return api_number(&found->text, &number) && number == choice->number;
}

static bool api_is_one_of(const struct api_found *found, const struct api_check *check)
{
    for (uint32_t i = 0; i < check->choice_count; i++)
        if (api_is_same(found, &check->choices[i]))
            return true;
    return false;
}

static bool api_contains(const struct api_text *text, const struct api_text *part)
{
    return part->size == 0 || memmem(text->text, text->size, part->text, part->size) != NULL;
}

bool api_check_holds(const ApiMap *map, const struct api_check *check,
                     const struct api_found *found, struct api_room room)
{
    struct api_text part;
    double number;

    if (found->broken)
        return false;
    if (check->operator== API_EXISTS)
        return (found->text.text != NULL) == check->wanted;
    if (found->text.text == NULL)
        return false;
    switch (check->operator) {
    case API_IS:
    case API_ONE_OF:
        return api_is_one_of(found, check);
    case API_IS_NOT:
        return !api_is_one_of(found, check);
    case API_AT_LEAST:
        return found->number && api_number(&found->text, &number) && number >= check->number;
    case API_AT_MOST:
        return found->number && api_number(&found->text, &number) && number <= check->number;
    case API_CONTAINS:
        return api_contains(&found->text, &check->choices->text);
    case API_MATCHES:
        return api_match(map, check->regex, &found->text, &room, &part);
    case API_EXISTS:
        break;
    }
    return false;
}

static bool api_holds(const ApiMap *map, const struct api_check *check,
                      const struct api_reply *reply, struct api_room room)
{
    const struct api_found found = api_find(map, &check->subject, reply, &room);

    return api_check_holds(map, check, &found, room);
}

/* Whether all checks of one item of `refused_if` hold. */
static bool api_is_refused(const ApiMap *map, const struct api_rules *rules,
                           const struct api_reply *reply, struct api_room room)
{
    for (uint32_t i = 0; i < rules->refusal_count; i++) {
        bool all = true;
        for (;; i++) {
            all = all && api_holds(map, &rules->refusals[i], reply, room);
            if (!rules->refusals[i].and_next)
                break;
        }
        if (all)
            return true;
    }
    return false;
}

/* ---- judging --------------------------------------------------------------------------------- */

/* FALSE: one that must be there is not. Of a refusal those are taken that may be missing. */
static bool api_capture_all(const ApiMap *map, const struct api_rules *rules, bool refused,
                            const struct api_reply *reply, struct api_room *room,
                            struct api_text *captured)
{
    bool good = true;

    for (uint32_t i = 0; i < rules->capture_count; i++) {
        const struct api_capture *capture = &rules->captures[i];
        if (refused && !capture->optional)
            continue;
        struct api_found found = api_find(map, &capture->subject, reply, room);
        if (found.text.text != NULL && !found.null)
            captured[capture->variable] = found.text;
        else
            good &= capture->optional;
    }
    return good;
}

static void api_tell_all(const ApiMap *map, const struct api_rules *rules,
                         const struct api_reply *reply, struct api_room *room,
                         struct api_told *ret_told)
{
    for (uint32_t i = 0; i < rules->tell_count; i++) {
        const struct api_tell *tell = &rules->tells[i];
        const struct api_found found = api_find(map, &tell->subject, reply, room);
        struct api_telling telling = {.what = tell->what, .text = found.text};
        struct decimal number;
        if (found.text.text == NULL || found.text.size == 0 || found.null || found.nested)
            continue;
        if (!telling_is_text(tell->what) &&
            (!decimal_read(found.text.text, found.text.size, &number) ||
             !decimal_product(number, tell->times, &telling.number)))
            continue;
        ret_told->telling[ret_told->count++] = telling;
    }
}

enum api_verdict api_judge(const ApiMap *map, uint32_t request, const struct api_reply *reply,
                           char *scratch, size_t scratch_size, struct api_text *captured,
                           struct api_told *ret_told)
{
    return api_judge_by(map, api_request(map, request),
                        &g_array_index(map->rules, struct api_rules, request), reply,
                        (struct api_room){scratch, scratch + scratch_size}, captured, ret_told);
}

enum api_verdict api_judge_by(const ApiMap *map, const struct api_request *request,
                              const struct api_rules *rules, const struct api_reply *reply,
                              struct api_room room, struct api_text *captured,
                              struct api_told *ret_told)
{
    bool refused = false;

    if (ret_told != NULL)
        ret_told->count = 0;
    switch (reply->status < API_STATUS_MAX ? request->status[reply->status] : API_STATUS_BAD) {
    case API_STATUS_EXPECTED:
        refused = api_is_refused(map, rules, reply, room);
        break;
    case API_STATUS_REFUSED:
        refused = true;
        break;
    case API_STATUS_RENEW:
        return API_RENEW;
    default:
        return API_BAD_STATUS;
    }
    const bool whole = api_capture_all(map, rules, refused, reply, &room, captured);
    if (ret_told != NULL)
        api_tell_all(map, rules, reply, &room, ret_told);
    if (refused)
        return API_REFUSED;
    for (uint32_t i = 0; i < rules->check_count; i++)
        if (!api_holds(map, &rules->checks[i], reply, room))
            return API_FAILED_CHECK;
    return whole ? API_OK : API_MISSING_CAPTURE;
}
