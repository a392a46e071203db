/* `queueing`: a network of queues without goods, for the library's kernel.
 *
 * Stations may name each other in any order, the library wants branches before their fork: stations
 * are added in the order of the file, those whose branches are still to come after them. Routes and
 * sources follow when all stations stand.
 *
 * Skills are words in a file and bits in the library. They are numbered as crews mention them; the
 * last bit belongs to every crew and stands for "any crew will do", which is what a source means
 * that names no skill.
 */
#include "scenario/build_queueing.h"

#include "shell/units.h"

#include <string.h>

/* ---- names ----------------------------------------------------------------------------------- */

int64_t build_queueing_find(struct build_queueing *q, const char *name, struct text_position at)
{
    guint number = GPOINTER_TO_UINT(g_hash_table_lookup(q->numbers, name));

    if (number == 0)
        diagnostic_add_unknown(q->b->list, at, "station", name,
                               (const char *const *)q->names->pdata);
    return (int64_t)number - 1;
}

uint32_t build_queueing_skill_bit(struct build_queueing *q, const char *name)
{
    uint32_t i = 0;

    while (i + 1 < q->skills->len && strcmp(g_ptr_array_index(q->skills, i), name) != 0)
        i++;
    if (i + 1 == q->skills->len)
        g_ptr_array_insert(q->skills, (int)i, (gpointer)name);
    return i;
}

/* All skills that crews mention, in the order of the file. */
static void build_queueing_skills(struct build_queueing *q)
{
    g_ptr_array_add(q->skills, NULL);
    for (uint32_t i = 0; i < schema_count(q->stations); i++) {
        struct schema_value crews = schema_get(schema_item(q->stations, i), "crews");
        for (uint32_t c = 0; c < schema_count(crews); c++) {
            struct schema_value skills = schema_get(schema_item(crews, c), "skills");
            for (uint32_t s = 0; s < schema_count(skills); s++)
                if (build_queueing_skill_bit(q, schema_as_text(schema_item(skills, s))) ==
                    SKILL_ANY) {
                    diagnostic_add(q->b->list, schema_position(schema_item(skills, s)),
                                   "there are more than %d skills", SKILL_ANY);
                    return;
                }
        }
    }
}

const char *build_queueing_either(struct build *b, struct schema_value mapping,
                                  const char *const *keys, uint32_t count, const char *what)
{
    const char *found = NULL;

    for (uint32_t i = 0; i < count; i++) {
        if (!schema_has(mapping, keys[i]))
            continue;
        if (found != NULL) {
            diagnostic_add(b->list, schema_position(schema_get(mapping, keys[i])),
                           "there is '%s' already: keep one", found);
            return NULL;
        }
        found = keys[i];
    }
    if (found == NULL)
        diagnostic_add(b->list, schema_position(mapping), "%s", what);
    return found;
}

/* ---- routes ---------------------------------------------------------------------------------- */

static void build_queueing_route(struct build_queueing *q, uint32_t from, omo_outcome outcome,
                                 const char *to, struct text_position at, uint32_t share_ppm)
{
    int64_t number = build_queueing_find(q, to, at);
    omo_error error = {0};

    if (number < 0 || !q->added[from] || !q->added[number])
        return;
    if (omo_model_add_route(q->b->model, q->station[from], outcome, q->station[number], share_ppm,
                            &error) != OMO_OK)
        build_refused(q->b, at, &error);
}

/* A station's name, or a mapping from names to shares. */
static void build_queueing_routes(struct build_queueing *q, uint32_t from, const char *key,
                                  omo_outcome outcome)
{
    struct schema_value value = schema_get(schema_item(q->stations, from), key);
    const Node *node = schema_node(value);

    if (node == NULL)
        return;
    if (node_kind(node) == NODE_SEQUENCE || node_is_empty(node)) {
        diagnostic_add(q->b->list, node_position(node),
                       "%s: expected a station or shares such as {pack: 80%%}, found %s", key,
                       node_is_empty(node) ? "nothing" : node_kind_name(node));
        return;
    }
    if (node_kind(node) == NODE_SCALAR) {
        build_queueing_route(q, from, outcome, node_text(node), node_position(node), OMO_PPM);
        return;
    }
    for (uint32_t i = 0; i < node_count(node); i++) {
        const Node *share = node_child(node, i);
        g_autoptr(GError) error = NULL;
        int64_t ppm = 0;
        if (node_is_null(share))
            continue;
        if (node_text(share) == NULL || !units_parse_share_ppm(node_text(share), &ppm, &error) ||
            ppm < 0 || ppm > OMO_PPM) {
            g_autofree char *found = node_to_text(share, 40);
            diagnostic_add(q->b->list, node_position(share),
                           "%s.%s: expected a share of 0 to 1 such as 0.12 or 12%%, found '%s'",
                           key, node_key(node, i), found);
            continue;
        }
        build_queueing_route(q, from, outcome, node_key(node, i), node_key_position(node, i),
                             (uint32_t)ppm);
    }
}

/* ---- the block ------------------------------------------------------------------------------- */

void build_queueing(struct build *b)
{
    struct schema_value block = schema_get(b->top, "queueing");
    struct build_queueing q = {
        .b = b,
        .sources = schema_get(block, "sources"),
        .stations = schema_get(block, "stations"),
        .numbers = g_hash_table_new(g_str_hash, g_str_equal),
        .names = g_ptr_array_new(),
        .skills = g_ptr_array_new(),
    };
    uint32_t count = schema_count(q.stations);
    struct schema_value memory = schema_get(schema_get(b->top, "run"), "memory_max");

    if (schema_is_present(memory))
        diagnostic_add(b->list, schema_position(memory),
                       "run.memory_max is for chains: a queueing network has no such limit");
    q.added = g_new0(bool, count + 1);
    q.failed = g_new0(bool, count + 1);
    q.station = g_new0(omo_station, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        g_hash_table_insert(q.numbers, (gpointer)schema_item_name(q.stations, i),
                            GUINT_TO_POINTER(i + 1));
        g_ptr_array_add(q.names, (gpointer)schema_item_name(q.stations, i));
    }
    g_ptr_array_add(q.names, NULL);
    build_queueing_skills(&q);
    build_queueing_stations(&q);
    for (uint32_t i = 0; i < count; i++) {
        build_queueing_routes(&q, i, "next", OMO_DONE);
        build_queueing_routes(&q, i, "on_reneged", OMO_RENEGED);
        build_queueing_routes(&q, i, "on_refused", OMO_REFUSED);
    }
    build_queueing_sources(&q);
    g_hash_table_unref(q.numbers);
    g_ptr_array_unref(q.names);
    g_ptr_array_unref(q.skills);
    g_free(q.added);
    g_free(q.failed);
    g_free(q.station);
}
