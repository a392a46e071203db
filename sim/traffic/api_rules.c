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
    ApiMap *map = r->map;
    uint32_t found = api_variable_find(map, name);

    if (found != API_NONE) {
        if (g_array_index(map->variables, struct api_variable, found).session != session)
            diagnostic_add(r->list, at,
                           "'%s' is captured by log_in, for the session, and elsewhere, for the "
                           "journey: two names",
                           name);
        return;
    }
    if (map->variables->len == API_VARIABLES_MAX) {
        diagnostic_add(r->list, at, "more than %d captured variables", API_VARIABLES_MAX);
        return;
    }
    struct api_variable variable = {api_keep_text(map, name, strlen(name)), session};
    g_array_append_val(map->variables, variable);
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

static pcre2_code *api_rules_regex(struct api_reader *r, struct schema_value value)
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
static bool api_rules_subject(struct api_reader *r, struct schema_value item, bool regex,
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

static const char *const operator_keys[] = {"exists",  "is",       "is_not", "at_least",
                                            "at_most", "contains", "matches"};

static void api_rules_operator(struct api_reader *r, struct schema_value item,
                               enum api_operator operator, struct api_check * check)
{
    struct schema_value value = schema_get(item, operator_keys[operator]);
    const Node *node = schema_node(value);

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
        break;
    }
    const char *text = schema_as_text(value);
    char *end;
    if (strstr(text, "{{") != NULL)
        diagnostic_add(r->list, node_text_position(node, (size_t)(strstr(text, "{{") - text)),
                       "a check takes no template");
    check->text =
        (struct api_text){api_keep_text(r->map, text, strlen(text)), (uint32_t)strlen(text)};
    check->number = g_ascii_strtod(text, &end);
    check->is_number = *text != '\0' && *end == '\0' && !g_ascii_isspace(*text);
}

/* One item of `check` may hold several operators: as many checks. */
static void api_rules_check(struct api_reader *r, struct schema_value item, GArray *checks)
{
    struct api_subject subject = {0};
    uint32_t count = 0;
    bool on_body = !api_rules_subject(r, item, false, &subject);

    for (uint32_t i = 0; i < G_N_ELEMENTS(operator_keys); i++) {
        if (!schema_has(item, operator_keys[i]))
            continue;
        struct api_check check = {.subject = subject};
        api_rules_operator(r, item, (enum api_operator)i, &check);
        if (on_body && (i == API_AT_LEAST || i == API_AT_MOST))
            diagnostic_add(r->list, schema_position(schema_get(item, operator_keys[i])),
                           "%s needs json or header", operator_keys[i]);
        g_array_append_val(checks, check);
        count++;
    }
    if (count == 0)
        diagnostic_add(r->list, schema_position(item),
                       "a check says what it wants: is, is_not, exists, at_least, at_most, "
                       "contains or matches");
}

void api_rules_read(struct api_reader *r, struct schema_value request, struct api_rules *rules,
                    struct api_request *compiled)
{
    g_autoptr(GArray) checks = g_array_new(FALSE, TRUE, sizeof(struct api_check));
    g_autoptr(GArray) captures = g_array_new(FALSE, TRUE, sizeof(struct api_capture));
    struct schema_value named = schema_get(request, "capture");
    struct schema_value list = schema_get(request, "check");

    for (uint32_t i = 0; i < schema_count(named); i++) {
        struct schema_value item = schema_item(named, i);
        struct api_capture capture = {.variable =
                                          api_variable_find(r->map, schema_item_name(named, i))};
        if (!api_rules_subject(r, item, true, &capture.subject))
            diagnostic_add(r->list, schema_position(item),
                           "a capture says where: json, header or regex");
        compiled->wants_body |= capture.subject.wanted == API_NONE;
        g_array_append_val(captures, capture);
    }
    for (uint32_t i = 0; i < schema_count(list); i++)
        api_rules_check(r, schema_item(list, i), checks);
    for (guint i = 0; i < checks->len; i++)
        compiled->wants_body |=
            g_array_index(checks, struct api_check, i).subject.wanted == API_NONE;
    compiled->captures = captures->len > 0;
    rules->check_count = checks->len;
    rules->capture_count = captures->len;
    rules->checks = api_keep(r->map, checks->data, checks->len, sizeof(struct api_check));
    rules->captures = api_keep(r->map, captures->data, captures->len, sizeof(struct api_capture));
}
