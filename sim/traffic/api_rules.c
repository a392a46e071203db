/* Captures and checks, from YAML to what api_judge() walks.
 *
 * A subject is where to look: a JSON pointer into the body, a header, or the whole body; a regular
 * expression narrows it. Pointers are taken apart and expressions compiled (by PCRE2, to machine
 * code where it can) once. Expressions see bytes, not characters: bodies need not be UTF-8.
 */
#include "traffic/api_private.h"

#include <string.h>

#define API_POINTER_STEPS_MAX 64

void api_rules_declare(struct api_reader *r, const char *name, struct text_position at,
                       bool session)
{
    uint32_t found = api_variable_find(r->variables, name);

    if (found != API_NONE) {
        g_array_index(r->variables, struct api_variable, found).session |= session;
        return;
    }
    if (r->variables->len == API_VARIABLES_MAX) {
        diagnostic_add(r->list, at, "more than %d captured variables", API_VARIABLES_MAX);
        return;
    }
    struct api_variable variable = {api_keep_text(r->map, name, strlen(name)), session};
    g_array_append_val(r->variables, variable);
}

static uint32_t api_rules_wanted(struct api_reader *r, struct schema_value header)
{
    g_autofree char *lower = g_ascii_strdown(schema_as_text(header), -1);
    GPtrArray *wanted = r->map->wanted;

    for (guint i = 0; i < wanted->len; i++)
        if (strcmp(g_ptr_array_index(wanted, i), lower) == 0)
            return i;
    if (wanted->len == API_WANTED_MAX) {
        diagnostic_add(r->list, schema_position(header),
                       "more than %d headers of answers are looked at", API_WANTED_MAX);
        return 0;
    }
    g_ptr_array_add(wanted, (gpointer)api_keep_text(r->map, lower, strlen(lower)));
    return wanted->len - 1;
}

pcre2_code *api_rules_regex(struct api_reader *r, struct schema_value value)
{
    const char *text = schema_as_text(value);
    PCRE2_SIZE offset;
    int code;
    pcre2_code *regex = pcre2_compile((PCRE2_SPTR)text, strlen(text), 0, &code, &offset, NULL);

    if (regex == NULL) {
        PCRE2_UCHAR message[256];
        pcre2_get_error_message(code, message, sizeof(message));
        diagnostic_add(r->list, node_text_position(schema_node(value), offset),
                       "bad regular expression: %s", (const char *)message);
        return NULL;
    }
    pcre2_jit_compile(regex, PCRE2_JIT_COMPLETE); /* where it cannot, the interpreter does it */
    g_ptr_array_add(r->map->regexes, regex);
    return regex;
}

static void api_rules_pointer(struct api_reader *r, struct schema_value value,
                              struct api_subject *subject)
{
    const char *text = schema_as_text(value);
    struct json_scan_step steps[API_POINTER_STEPS_MAX];
    size_t offset;
    char *keys = g_malloc(strlen(text) + 1);

    g_ptr_array_add(r->map->blocks, keys);
    int32_t count = json_scan_pointer(text, keys, steps, API_POINTER_STEPS_MAX, &offset);
    if (count < 0) {
        diagnostic_add(r->list, node_text_position(schema_node(value), offset),
                       "'%s' is no JSON pointer: \"\" or steps that begin with '/', such as "
                       "/items/0/id",
                       text);
        return;
    }
    subject->is_json = true;
    subject->step_count = (uint32_t)count;
    subject->steps = api_keep(r->map, steps, (uint32_t)count, sizeof(steps[0]));
}

/* FALSE when nothing says where to look. */
bool api_rules_subject(struct api_reader *r, struct schema_value item, bool regex,
                       struct api_subject *subject)
{
    struct schema_value json = schema_get(item, "json"), header = schema_get(item, "header");

    subject->wanted = API_NONE;
    if (schema_is_present(json) && schema_is_present(header))
        diagnostic_add(r->list, schema_position(header), "json and header at once");
    if (schema_is_present(header))
        subject->wanted = api_rules_wanted(r, header);
    else if (schema_is_present(json))
        api_rules_pointer(r, json, subject);
    if (regex && schema_has(item, "regex"))
        subject->regex = api_rules_regex(r, schema_get(item, "regex"));
    return schema_is_present(json) || schema_is_present(header) ||
           (regex && schema_has(item, "regex"));
}

static const char *const operator_keys[] = {"exists",  "is",       "is_not",  "at_least",
                                            "at_most", "contains", "matches", "one_of"};

static struct api_choice api_rules_choice(struct api_reader *r, struct schema_value value)
{
    const Node *node = schema_node(value);
    const char *text = schema_as_text(value);
    const char *braces = strstr(text, "{{");
    struct api_choice choice;
    char *end;

    if (braces != NULL)
        diagnostic_add(r->list, node_text_position(node, (size_t)(braces - text)),
                       "a check takes no template");
    choice.text =
        (struct api_text){api_keep_text(r->map, text, strlen(text)), (uint32_t)strlen(text)};
    choice.number = g_ascii_strtod(text, &end);
    choice.is_number = *text != '\0' && *end == '\0' && !g_ascii_isspace(*text);
    return choice;
}

static void api_rules_operator(struct api_reader *r, struct schema_value item,
                               enum api_operator operator, struct api_check * check)
{
    struct schema_value value = schema_get(item, operator_keys[operator]);
    g_autoptr(GArray) choices = g_array_new(FALSE, TRUE, sizeof(struct api_choice));

    check->operator= operator;
    switch (operator) {
    case API_EXISTS:
        check->wanted = schema_as_bool(value);
        return;
    case API_AT_LEAST:
    case API_AT_MOST:
        check->number = schema_as_number(value);
        return;
    case API_MATCHES:
        check->regex = api_rules_regex(r, value);
        return;
    case API_IS:
    case API_IS_NOT:
    case API_CONTAINS:
    case API_ONE_OF:
        break;
    }
    for (uint32_t i = 0; i < (operator== API_ONE_OF ? schema_count(value) : 1); i++) {
        struct api_choice choice =
            api_rules_choice(r, operator== API_ONE_OF ? schema_item(value, i) : value);
        g_array_append_val(choices, choice);
    }
    check->choice_count = choices->len;
    check->choices = api_keep(r->map, choices->data, choices->len, sizeof(struct api_choice));
}

uint32_t api_rules_operators(struct api_reader *r, struct schema_value item,
                             const struct api_subject *subject, bool on_body, GArray *checks)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < G_N_ELEMENTS(operator_keys); i++) {
        if (!schema_has(item, operator_keys[i]))
            continue;
        struct api_check check = {.subject = *subject};
        api_rules_operator(r, item, (enum api_operator)i, &check);
        if (on_body && (i == API_AT_LEAST || i == API_AT_MOST))
            diagnostic_add(r->list, schema_position(schema_get(item, operator_keys[i])),
                           "%s needs json or header", operator_keys[i]);
        if (count++ > 0)
            g_array_index(checks, struct api_check, checks->len - 1).and_next = true;
        g_array_append_val(checks, check);
    }
    return count;
}

/* One item may hold several operators: as many checks, all of which must hold. */
static void api_rules_check(struct api_reader *r, struct schema_value item, GArray *checks)
{
    struct api_subject subject = {0};
    bool on_body = !api_rules_subject(r, item, false, &subject);

    if (api_rules_operators(r, item, &subject, on_body, checks) == 0)
        diagnostic_add(r->list, schema_position(item),
                       "a check says what it wants: is, is_not, one_of, exists, at_least, "
                       "at_most, contains or matches");
}

static void api_rules_capture(struct api_reader *r, struct schema_value named, bool of_map,
                              GArray *captures)
{
    for (uint32_t i = 0; i < schema_count(named); i++) {
        struct schema_value item = schema_item(named, i);
        struct api_capture capture = {
            .variable = api_variable_find(r->variables, schema_item_name(named, i)),
            .optional = of_map || schema_get_bool(item, "optional"),
        };
        bool known = false; /* a request's own capture wins over the map's */
        for (guint c = 0; c < captures->len; c++)
            known |= g_array_index(captures, struct api_capture, c).variable == capture.variable;
        if (known)
            continue;
        if (!api_rules_subject(r, item, true, &capture.subject))
            diagnostic_add(r->list, schema_position(item),
                           "a capture says where: json, header or regex");
        g_array_append_val(captures, capture);
    }
}

struct decimal api_rules_times(struct api_reader *r, struct schema_value item)
{
    struct schema_value times = schema_get(item, "times");
    struct decimal factor = DECIMAL_ONE;

    if (!schema_is_present(times))
        return factor;
    const char *text = schema_as_text(times);
    if (!decimal_read(text, strlen(text), &factor) || factor.digits == 0)
        diagnostic_add(r->list, schema_position(times),
                       "expected a factor such as 100 or 0.01, found '%s'", text);
    return factor;
}

static void api_rules_tell(struct api_reader *r, struct schema_value named, GArray *tells)
{
    for (uint32_t i = 0; i < schema_count(named); i++) {
        struct schema_value item = schema_item(named, i);
        struct text_position at = schema_item_name_position(named, i);
        const char *name = schema_item_name(named, i);
        uint32_t what = 0;
        while (what < TELLING_COUNT && strcmp(telling_name(what), name) != 0)
            what++;
        if (what == TELLING_COUNT)
            diagnostic_add_unknown(r->list, at, "telling", name, telling_names());
        if (what == TELLING_key)
            diagnostic_add(r->list, at, "the key is what audit.order renders: no answer tells it");
        struct api_tell tell = {.what = (uint8_t)what, .times = api_rules_times(r, item)};
        if (telling_is_text(what) && schema_has(item, "times"))
            diagnostic_add(r->list, schema_position(schema_get(item, "times")),
                           "'%s' is a text: times is for numbers", name);
        if (!api_rules_subject(r, item, true, &tell.subject))
            diagnostic_add(r->list, schema_position(item),
                           "what is told says where: json, header or regex");
        g_array_append_val(tells, tell);
    }
}

const struct api_check *api_rules_checks(struct api_reader *r, struct schema_value list,
                                         uint32_t *ret_count, bool *wants_body)
{
    g_autoptr(GArray) checks = g_array_new(FALSE, TRUE, sizeof(struct api_check));

    for (uint32_t i = 0; i < schema_count(list); i++)
        api_rules_check(r, schema_item(list, i), checks);
    for (guint i = 0; i < checks->len; i++)
        *wants_body |= g_array_index(checks, struct api_check, i).subject.wanted == API_NONE;
    *ret_count = checks->len;
    return api_keep(r->map, checks->data, checks->len, sizeof(struct api_check));
}

void api_rules_read(struct api_reader *r, struct schema_value top, struct schema_value request,
                    struct api_rules *rules, struct api_request *compiled)
{
    g_autoptr(GArray) captures = g_array_new(FALSE, TRUE, sizeof(struct api_capture));
    g_autoptr(GArray) tells = g_array_new(FALSE, TRUE, sizeof(struct api_tell));

    api_rules_capture(r, schema_get(request, "capture"), false, captures);
    if (r->scope == API_SCOPE_STEP) {
        api_rules_capture(r, schema_get(top, "capture"), true, captures);
        api_rules_tell(r, schema_get(request, "tells"), tells);
        rules->refusals = api_rules_checks(r, schema_get(request, "refused_if"),
                                           &rules->refusal_count, &compiled->wants_body);
    }
    for (guint i = 0; i < captures->len; i++)
        compiled->wants_body |=
            g_array_index(captures, struct api_capture, i).subject.wanted == API_NONE;
    for (guint i = 0; i < tells->len; i++)
        compiled->wants_body |= g_array_index(tells, struct api_tell, i).subject.wanted == API_NONE;
    compiled->captures = captures->len > 0;
    rules->checks = api_rules_checks(r, schema_get(request, "check"), &rules->check_count,
                                     &compiled->wants_body);
    compiled->refusals = rules->refusal_count > 0;
    rules->capture_count = captures->len;
    rules->captures = api_keep(r->map, captures->data, captures->len, sizeof(struct api_capture));
    rules->tell_count = tells->len;
    rules->tells = api_keep(r->map, tells->data, tells->len, sizeof(struct api_tell));
}
