/* The section `seed` of an API map, compiled and run.
 *
 * Its requests are made of the same parts as those of steps, but their templates have names of their
 * own: the values of what is being made (api_seed.h) and what this section captured. Both are kept as
 * variables, values first, so that nothing of the load engine's path knows about seeding.
 *
 * What an answer gives is copied: a capture lives until a later answer captures the same name, so a
 * place's number is there for all that is sent for that place. `keep` writes into the map's tables,
 * which is why a map that seeds is nobody else's meanwhile.
 */
#include "traffic/api_seed.h"

#include "traffic/api_private.h"

#include <string.h>

#define SEED_SCRATCH_SIZE ((size_t)1 << 20)

static const char *const stage_names[] = {"begin",  "place",  "sku", "position",
                                          "coupon", "member", "end", NULL};
static const char *const each_names[] = {"place", "sku", "coupon", "member", NULL};
static const enum api_seed_stage each_stages[] = {API_SEED_PLACE, API_SEED_SKU, API_SEED_COUPON,
                                                  API_SEED_MEMBER};

static const char *const value_names[] = {
#define VALUE(name, help) #name,
    API_SEED_VALUES(VALUE)
#undef VALUE
};

static const char *const value_helps[] = {
#define VALUE(name, help) help,
    API_SEED_VALUES(VALUE)
#undef VALUE
};

const char *api_seed_value_name(uint32_t value)
{
    return value < API_SEED_VALUE_COUNT ? value_names[value] : NULL;
}

const char *api_seed_value_help(uint32_t value)
{
    return value < API_SEED_VALUE_COUNT ? value_helps[value] : NULL;
}

/* ---- the map --------------------------------------------------------------------------------- */

struct api_seed_keep { /* an entry of a table, made of an answer */
    const struct api_table *table;
    const ApiTemplate *key, *value;
};

struct api_seed_request {
    struct api_request request;
    struct api_rules rules;
    struct text_position at;
    enum api_seed_stage each; /* API_SEED_BEGIN = once */
    const struct api_seed_keep *keeps;
    uint32_t keep_count;
};

struct api_seed {
    GArray *requests[API_SEED_STAGE_COUNT]; /* struct api_seed_request */
    GArray *variables;                      /* struct api_variable: values, then captures */
    GArray *unset;                          /* struct api_unset */
};

void api_seed_free(struct api_seed *seed)
{
    if (seed == NULL)
        return;
    for (uint32_t stage = 0; stage < API_SEED_STAGE_COUNT; stage++)
        g_array_unref(seed->requests[stage]);
    g_array_unref(seed->variables);
    g_array_unref(seed->unset);
    g_free(seed);
}

static struct api_seed *api_seed_new(void)
{
    struct api_seed *seed = g_new0(struct api_seed, 1);

    for (uint32_t stage = 0; stage < API_SEED_STAGE_COUNT; stage++)
        seed->requests[stage] = g_array_new(FALSE, TRUE, sizeof(struct api_seed_request));
    seed->variables = g_array_new(FALSE, TRUE, sizeof(struct api_variable));
    seed->unset = g_array_new(FALSE, TRUE, sizeof(struct api_unset));
    return seed;
}

static const struct api_seed_request *api_seed_request(const ApiMap *map, enum api_seed_stage stage,
                                                       uint32_t i)
{
    return &g_array_index(map->seed->requests[stage], struct api_seed_request, i);
}

bool api_has_seed(const ApiMap *map) { return map->seed != NULL; }

uint32_t api_seed_request_count(const ApiMap *map, enum api_seed_stage stage)
{
    return map->seed != NULL ? map->seed->requests[stage]->len : 0;
}

enum api_seed_stage api_seed_each(const ApiMap *map, enum api_seed_stage stage, uint32_t i)
{
    return api_seed_request(map, stage, i)->each;
}

/* ---- reading --------------------------------------------------------------------------------- */

static void api_seed_read_keeps(struct api_reader *r, struct schema_value keep,
                                struct api_seed_request *request)
{
    g_autoptr(GArray) keeps = g_array_new(FALSE, TRUE, sizeof(struct api_seed_keep));

    for (uint32_t i = 0; i < schema_count(keep); i++) {
        struct schema_value item = schema_item(keep, i);
        const char *name = schema_item_name(keep, i);
        struct api_seed_keep entry = {api_table_named(r, name, schema_item_name_position(keep, i)),
                                      api_template_read(r, schema_node(schema_get(item, "key")),
                                                        API_RAW, false),
                                      api_template_read(r, schema_node(schema_get(item, "value")),
                                                        API_RAW, false)};
        if (entry.table != NULL && entry.key != NULL && entry.value != NULL)
            g_array_append_val(keeps, entry);
    }
    request->keep_count = keeps->len;
    request->keeps = api_keep(r->map, keeps->data, keeps->len, sizeof(struct api_seed_keep));
}

static void api_seed_read_request(struct api_reader *r, struct schema_value section,
                                  struct schema_value item, enum api_seed_stage stage)
{
    struct api_seed_request request = {.at = schema_position(item), .each = API_SEED_BEGIN};
    const uint32_t each = schema_get_enum(item, "each");

    request.request.name = stage_names[stage];
    api_request_read(r, schema_get(section, "headers"), item, &request.request, &request.rules);
    api_rules_read(r, section, item, &request.rules, &request.request);
    request.rules.refusals =
        api_rules_checks(r, schema_get(item, "refused_if"), &request.rules.refusal_count,
                         &request.request.wants_body);
    api_seed_read_keeps(r, schema_get(item, "keep"), &request);
    if (each != UINT32_MAX)
        request.each = each_stages[each];
    if (each != UINT32_MAX && (stage == API_SEED_POSITION || request.each == stage))
        diagnostic_add(r->list, schema_position(schema_get(item, "each")),
                       "the requests of '%s' know %s as it is: each: %s is for other stages",
                       stage_names[stage], each_names[each], each_names[each]);
    g_array_append_val(r->map->seed->requests[stage], request);
}

static void api_seed_read_captures(struct api_reader *r, struct schema_value capture)
{
    bool good = true;

    for (uint32_t c = 0; c < schema_count(capture); c++) {
        const char *name = schema_item_name(capture, c);
        if (api_variable_find(r->variables, name) >= API_SEED_VALUE_COUNT)
            continue;
        diagnostic_add(r->list, schema_item_name_position(capture, c),
                       "'%s' is a value of what is seeded: another name", name);
        good = false;
    }
    if (good)
        api_read_captures(r, capture, false);
}

void api_seed_read(struct api_reader *r, struct schema_value section)
{
    if (!schema_is_present(section))
        return;
    struct api_seed *seed = r->map->seed = api_seed_new();
    struct api_reader own = {r->map, r->list, API_SCOPE_BEGIN, seed->variables};
    const guint unset_first = r->map->audit.unset->len;

    for (uint32_t value = 0; value < API_SEED_VALUE_COUNT; value++)
        api_rules_declare(&own, value_names[value], schema_position(section), false);
    for (uint32_t stage = 0; stage < API_SEED_STAGE_COUNT; stage++) {
        struct schema_value list = schema_get(section, stage_names[stage]);
        for (uint32_t i = 0; i < schema_count(list); i++)
            api_seed_read_captures(&own, schema_get(schema_item(list, i), "capture"));
    }
    api_request_header_names(&own, schema_get(section, "headers"));
    for (uint32_t stage = 0; stage < API_SEED_STAGE_COUNT; stage++) {
        struct schema_value list = schema_get(section, stage_names[stage]);
        for (uint32_t i = 0; i < schema_count(list); i++)
            api_seed_read_request(&own, section, schema_item(list, i), stage);
    }
    /* What is not set is a matter of this section alone. */
    GArray *unset = r->map->audit.unset;
    for (guint i = unset_first; i < unset->len; i++)
        g_array_append_val(seed->unset, g_array_index(unset, struct api_unset, i));
    g_array_set_size(unset, unset_first);
}

/* ---- life of a seeding ----------------------------------------------------------------------- */

struct api_seeding {
    ApiMap *map;
    char **texts;              /* [variables]: owned, NULL = not known */
    struct api_text *variable; /* the same, for templates */
    struct api_text *captured; /* of one answer */
    char *scratch;
    json_t *tables;
};

ApiSeeding *api_seeding_new(ApiMap *map, GError **ret_error)
{
    if (map->seed == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "the API map '%s' has no section `seed`", map->name);
        return NULL;
    }
    if (!api_is_set(map->seed->unset, ret_error))
        return NULL;
    const guint count = map->seed->variables->len;
    ApiSeeding *s = g_new0(ApiSeeding, 1);
    s->map = map;
    s->texts = g_new0(char *, count);
    s->variable = g_new0(struct api_text, count);
    s->captured = g_new0(struct api_text, count);
    s->scratch = g_malloc(SEED_SCRATCH_SIZE);
    s->tables = json_object();
    return s;
}

void api_seeding_free(ApiSeeding *s)
{
    if (s == NULL)
        return;
    for (guint i = 0; i < s->map->seed->variables->len; i++)
        g_free(s->texts[i]);
    g_free(s->texts);
    g_free(s->variable);
    g_free(s->captured);
    g_free(s->scratch);
    json_decref(s->tables);
    g_free(s);
}

static void api_seeding_put(ApiSeeding *s, uint32_t variable, char *text)
{
    g_free(s->texts[variable]);
    s->texts[variable] = text;
    s->variable[variable] = (struct api_text){text, (uint32_t)strlen(text)};
}

void api_seeding_set(ApiSeeding *s, enum api_seed_value value, const char *text)
{
    api_seeding_put(s, value, g_strdup(text));
}

void api_seeding_set_number(ApiSeeding *s, enum api_seed_value value, int64_t number)
{
    api_seeding_put(s, value, g_strdup_printf("%" G_GINT64_FORMAT, number));
}

json_t *api_seeding_tables(const ApiSeeding *s) { return json_deep_copy(s->tables); }

/* ---- messages -------------------------------------------------------------------------------- */

/* "POST /variants for SKU sku_0004": what is going on, for errors. Caller frees. */
static char *api_seeding_where(const ApiSeeding *s, enum api_seed_stage stage,
                               const struct api_seed_request *request, const struct api_text *path)
{
    static const enum api_seed_value named[API_SEED_STAGE_COUNT] =
        {[API_SEED_PLACE] = API_SEED_VALUE_place,   [API_SEED_SKU] = API_SEED_VALUE_sku,
         [API_SEED_POSITION] = API_SEED_VALUE_sku,  [API_SEED_COUPON] = API_SEED_VALUE_coupon,
         [API_SEED_MEMBER] = API_SEED_VALUE_member, [API_SEED_END] = API_SEED_VALUE_place};
    GString *text = g_string_new(NULL);

    g_string_append_printf(text, "%s %.*s", request->request.method,
                           path != NULL ? (int)path->size : 0, path != NULL ? path->text : "");
    if (stage == API_SEED_BEGIN || stage == API_SEED_END)
        g_string_append_printf(text, " (%s)", stage_names[stage]);
    else
        g_string_append_printf(text, " for %s %s", stage_names[stage], s->texts[named[stage]]);
    if (stage == API_SEED_POSITION || (request->each == API_SEED_PLACE && stage != API_SEED_PLACE))
        g_string_append_printf(text, " at %s", s->texts[API_SEED_VALUE_place]);
    return g_string_free(text, FALSE);
}

static gboolean api_seeding_cannot_render(const ApiSeeding *s, enum api_seed_stage stage,
                                          const struct api_seed_request *request,
                                          enum api_render result, GError **ret_error)
{
    g_autofree char *where = api_seeding_where(s, stage, request, NULL);
    const char *name = api_request_missing(&request->request, s->variable);

    if (result == API_TOO_LARGE)
        diagnostic_set(ret_error, OMO_SHELL_ERROR_CANNOT_RUN, request->at,
                       "%s: the request is longer than %zu bytes", where, SEED_SCRATCH_SIZE);
    else
        diagnostic_set(ret_error, OMO_SHELL_ERROR_CANNOT_RUN, request->at,
                       "%s: no value for {{%s}}%s", where, name != NULL ? name : "...",
                       name != NULL ? ", or none in its table" : "");
    return FALSE;
}

gboolean api_seeding_message(ApiSeeding *s, enum api_seed_stage stage, uint32_t i,
                             struct api_message *ret_message, GError **ret_error)
{
    const struct api_seed_request *request = api_seed_request(s->map, stage, i);
    const struct api_values values = {.variable = s->variable};
    const struct api_room room = {s->scratch, s->scratch + SEED_SCRATCH_SIZE};
    const enum api_render result = api_render_by(&request->request, &values, room, ret_message);

    return result == API_RENDERED ||
           api_seeding_cannot_render(s, stage, request, result, ret_error);
}

/* ---- answers --------------------------------------------------------------------------------- */

static void api_seeding_keep(ApiSeeding *s, const struct api_seed_keep *keep)
{
    const struct api_values values = {.variable = s->variable};
    struct api_room room = {s->scratch, s->scratch + SEED_SCRATCH_SIZE};
    struct api_text key, value;

    if (api_template_render(keep->key, &values, &room, &key) != API_RENDERED ||
        api_template_render(keep->value, &values, &room, &value) != API_RENDERED)
        return;
    g_autofree char *key_text = g_strndup(key.text, key.size);
    g_autofree char *value_text = g_strndup(value.text, value.size);
    json_t *object = json_object_get(s->tables, keep->table->name);
    if (object == NULL) {
        object = json_object();
        json_object_set_new(s->tables, keep->table->name, object);
    }
    json_object_set_new(object, key_text, json_string(value_text));
    api_table_fill(s->map, keep->table->name, key_text, value_text);
}

gboolean api_seeding_answer(ApiSeeding *s, enum api_seed_stage stage, uint32_t i,
                            const struct api_reply *reply, GError **ret_error)
{
    const struct api_seed_request *request = api_seed_request(s->map, stage, i);
    const guint count = s->map->seed->variables->len;
    const struct api_room room = {s->scratch, s->scratch + SEED_SCRATCH_SIZE};

    memset(s->captured, 0, count * sizeof(s->captured[0]));
    const enum api_verdict verdict =
        api_judge_by(s->map, &request->request, &request->rules, reply, room, s->captured, NULL);
    if (verdict == API_REFUSED)
        return TRUE;
    if (verdict != API_OK) {
        const ApiTemplate *path = request->request.path;
        const struct api_text shown = {path->pieces->text, path->pieces->text_size};
        g_autofree char *where = api_seeding_where(s, stage, request, &shown);
        g_autofree char *body = api_excerpt(reply);
        diagnostic_set(ret_error, OMO_SHELL_ERROR_CANNOT_RUN, request->at, "%s answered %u%s: %s",
                       where, reply->status, api_verdict_text(verdict), body);
        return FALSE;
    }
    for (guint v = API_SEED_VALUE_COUNT; v < count; v++)
        if (s->captured[v].text != NULL)
            api_seeding_put(s, v, g_strndup(s->captured[v].text, s->captured[v].size));
    for (uint32_t k = 0; k < request->keep_count; k++)
        api_seeding_keep(s, &request->keeps[k]);
    return TRUE;
}
