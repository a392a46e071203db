/* What an API map is made of, and looking things up in it.
 *
 * The compiled map is arrays and texts that api_read() lays down and nobody changes: threads share
 * it without a lock. Requests of one step stand together, so a step is an index and a count.
 */
#include "traffic/api_books_private.h"

#include <string.h>

static void api_free_regex(gpointer regex) { pcre2_code_free(regex); }

static void api_free_walk(gpointer walk) { json_walk_free(walk); }

/* Steps before one that a hostile pattern may take: over this it counts as no match. */
#define API_MATCH_LIMIT 1000000

ApiMap *api_new(void)
{
    ApiMap *map = g_new0(ApiMap, 1);

    api_template_prepare();
    map->texts = g_string_chunk_new(4096);
    map->blocks = g_ptr_array_new_with_free_func(g_free);
    map->regexes = g_ptr_array_new_with_free_func(api_free_regex);
    map->match_context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(map->match_context, API_MATCH_LIMIT);
    map->thresholds = g_ptr_array_new_with_free_func(g_free);
    map->secret_headers = g_ptr_array_new_with_free_func(g_free);
    map->requests = g_array_new(FALSE, TRUE, sizeof(struct api_request));
    map->rules = g_array_new(FALSE, TRUE, sizeof(struct api_rules));
    map->variables = g_array_new(FALSE, TRUE, sizeof(struct api_variable));
    map->wanted = g_ptr_array_new();
    map->tables = g_ptr_array_new();
    map->walks = g_ptr_array_new_with_free_func(api_free_walk);
    map->audit.begin = g_array_new(FALSE, TRUE, sizeof(struct api_begin));
    map->audit.books = g_array_new(FALSE, TRUE, sizeof(struct api_book));
    map->audit.unset = g_array_new(FALSE, TRUE, sizeof(struct api_unset));
    map->audit.variables = g_array_new(FALSE, TRUE, sizeof(struct api_variable));
    return map;
}

void api_free(ApiMap *map)
{
    if (map == NULL)
        return;
    node_free(map->root);
    api_seed_free(map->seed);
    g_free(map->name);
    g_ptr_array_unref(map->thresholds);
    g_ptr_array_unref(map->secret_headers);
    g_array_unref(map->requests);
    g_array_unref(map->rules);
    g_array_unref(map->variables);
    g_ptr_array_unref(map->wanted);
    g_ptr_array_unref(map->tables);
    g_ptr_array_unref(map->walks);
    g_array_unref(map->audit.begin);
    g_array_unref(map->audit.books);
    g_array_unref(map->audit.unset);
    g_array_unref(map->audit.variables);
    g_ptr_array_unref(map->regexes);
    pcre2_match_context_free(map->match_context);
    g_ptr_array_unref(map->blocks);
    g_string_chunk_free(map->texts);
    g_free(map);
}

const void *api_keep(ApiMap *map, const void *elements, uint32_t count, size_t size)
{
    if (count == 0)
        return NULL;
    void *kept = g_memdup2(elements, count * size);
    g_ptr_array_add(map->blocks, kept);
    return kept;
}

const char *api_keep_text(ApiMap *map, const char *text, size_t size)
{
    return g_string_chunk_insert_len(map->texts, text, (gssize)size);
}

void api_add_recorded(ApiMap *map)
{
    struct api_request request = {
        .name = step_name(STEP_request),
        .step = STEP_request,
        .on_failure = API_CONTINUE,
    };
    struct api_rules rules = {.recorded = true};

    for (uint32_t status = 100; status < 400; status++)
        request.status[status] = API_STATUS_EXPECTED;
    map->step_first[STEP_request] = map->requests->len;
    map->step_requests[STEP_request] = 1;
    g_array_append_val(map->requests, request);
    g_array_append_val(map->rules, rules);
}

ApiMap *api_new_raw(void)
{
    ApiMap *map = api_new();

    map->name = g_strdup("recorded requests");
    g_ptr_array_add(map->thresholds, NULL);
    api_add_recorded(map);
    return map;
}

const char *api_name(const ApiMap *map) { return map->name; }

const char *const *api_thresholds(const ApiMap *map)
{
    return (const char *const *)map->thresholds->pdata;
}

bool api_header_is_secret(const ApiMap *map, const char *name)
{
    static const char *const always[] = {"authorization", "proxy-authorization", "cookie",
                                         "set-cookie",    "x-api-key",           "x-auth-token"};

    for (size_t i = 0; i < G_N_ELEMENTS(always); i++)
        if (g_ascii_strcasecmp(name, always[i]) == 0)
            return true;
    for (guint i = 0; i < map->secret_headers->len; i++)
        if (g_ascii_strcasecmp(name, g_ptr_array_index(map->secret_headers, i)) == 0)
            return true;
    return false;
}

uint32_t api_step_requests(const ApiMap *map, uint32_t step, uint32_t *ret_count)
{
    *ret_count = step < STEP_COUNT ? map->step_requests[step] : 0;
    return step < STEP_COUNT ? map->step_first[step] : 0;
}

uint32_t api_request_count(const ApiMap *map) { return map->requests->len; }

const struct api_request *api_request(const ApiMap *map, uint32_t request)
{
    return &g_array_index(map->requests, struct api_request, request);
}

enum deed api_deed(const ApiMap *map, uint32_t request)
{
    return g_array_index(map->rules, struct api_rules, request).deed;
}

uint32_t api_tells(const ApiMap *map, uint32_t request)
{
    const struct api_rules *rules = &g_array_index(map->rules, struct api_rules, request);
    uint32_t tells = 0;

    for (uint32_t i = 0; i < rules->tell_count; i++)
        tells |= UINT32_C(1) << rules->tells[i].what;
    return tells;
}

int64_t api_connection_idle_us(const ApiMap *map) { return map->connection_idle_us; }

int64_t api_session_valid_for_us(const ApiMap *map) { return map->session_valid_for_us; }

uint32_t api_variable_count(const ApiMap *map) { return map->variables->len; }

const char *api_variable_name(const ApiMap *map, uint32_t variable)
{
    return g_array_index(map->variables, struct api_variable, variable).name;
}

bool api_variable_is_session(const ApiMap *map, uint32_t variable)
{
    return g_array_index(map->variables, struct api_variable, variable).session;
}

uint32_t api_wanted_count(const ApiMap *map) { return map->wanted->len; }

const char *api_wanted_name(const ApiMap *map, uint32_t wanted)
{
    return g_ptr_array_index(map->wanted, wanted);
}
