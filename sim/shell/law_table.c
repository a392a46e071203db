/* Empirical tables: from text, lists or a CSV file to one shared object each.
 *
 * A law is read several times on its way into a model: checked, read, and once more for every design
 * point. Its table therefore has no single owner that could free it. Instead equal tables are the
 * same object in a dictionary keyed by their numbers; what is kept is bounded by the number of
 * different tables that scenarios of this process hold.
 */
#include "shell/law_table.h"
#include "shell/csv.h"
#include "shell/spelling.h"
#include "shell/units.h"

#include <string.h>

/* ---- the dictionary -------------------------------------------------------------------------- */

struct columns {
    GArray *value, *weight; /* of double, as many of one as of the other */
    guint weights_given;
};

static struct columns columns_new(void)
{
    return (struct columns){.value = g_array_new(FALSE, FALSE, sizeof(double)),
                            .weight = g_array_new(FALSE, FALSE, sizeof(double))};
}

static void columns_free(struct columns *c)
{
    g_array_unref(c->value);
    g_array_unref(c->weight);
}

/* The values' bytes and then the weights', as a key. Caller frees with g_bytes_unref(). */
static GBytes *columns_key(const struct columns *c)
{
    GByteArray *bytes = g_byte_array_new();

    g_byte_array_append(bytes, (const guint8 *)c->value->data,
                        c->value->len * (guint)sizeof(double));
    g_byte_array_append(bytes, (const guint8 *)c->weight->data,
                        c->weight->len * (guint)sizeof(double));
    return g_byte_array_free_to_bytes(bytes);
}

/* The law over the shared table of these columns. */
static gboolean columns_finish(const struct columns *c, omo_law *ret_law, GError **ret_error)
{
    static GMutex mutex;
    static GHashTable *tables;
    omo_error error = {0};

    if (c->weights_given != 0 && c->weights_given != c->value->len) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "empirical: %u of %u values have a weight; give all of them one or none",
                    c->weights_given, c->value->len);
        return FALSE;
    }
    g_autoptr(GBytes) key = columns_key(c);
    g_mutex_lock(&mutex);
    if (tables == NULL)
        tables = g_hash_table_new(g_bytes_hash, g_bytes_equal);
    omo_empirical *table = g_hash_table_lookup(tables, key);
    if (table == NULL) {
        table =
            omo_empirical_new((const double *)(const void *)c->value->data,
                              (const double *)(const void *)c->weight->data, c->value->len, &error);
        if (table != NULL)
            g_hash_table_insert(tables, g_bytes_ref(key), table);
    }
    g_mutex_unlock(&mutex);
    if (table == NULL) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "%s", error.text);
        return FALSE;
    }
    *ret_law = (omo_law){.kind = OMO_LAW_EMPIRICAL, .table = table};
    return TRUE;
}

/* ---- one row --------------------------------------------------------------------------------- */

static gboolean add_value(struct columns *c, const char *text, enum law_text_flavour flavour,
                          int64_t bare_us, GError **ret_error)
{
    double value;
    const double weight = 1.0;

    if (flavour == LAW_TEXT_TIME) {
        int64_t us;
        if (!units_parse_duration_us(text, bare_us, &us, ret_error))
            return FALSE;
        value = (double)us;
    } else if (!units_parse_number(text, &value, ret_error)) {
        return FALSE;
    }
    g_array_append_val(c->value, value);
    g_array_append_val(c->weight, weight);
    return TRUE;
}

/* Of the value number `i`. */
static gboolean set_weight(struct columns *c, guint i, const char *text, GError **ret_error)
{
    double weight;

    if (!units_parse_number(text, &weight, ret_error)) {
        g_prefix_error(ret_error, "weight: ");
        return FALSE;
    }
    g_array_index(c->weight, double, i) = weight;
    c->weights_given++;
    return TRUE;
}

/* "10min:0.5" or "10min". */
static gboolean add_pair(struct columns *c, char *word, enum law_text_flavour flavour,
                         int64_t bare_us, GError **ret_error)
{
    char *colon = strchr(word, ':');

    if (colon == NULL)
        return add_value(c, word, flavour, bare_us, ret_error);
    *colon = '\0';
    return add_value(c, g_strstrip(word), flavour, bare_us, ret_error) &&
           set_weight(c, c->value->len - 1, g_strstrip(colon + 1), ret_error);
}

/* ---- text ------------------------------------------------------------------------------------ */

static gboolean parse_pairs(const char *text, size_t at, enum law_text_flavour flavour,
                            int64_t bare_us, struct columns *c, size_t *ret_offset,
                            GError **ret_error)
{
    for (bool last = false; !last;) {
        const size_t length = strcspn(text + at, ",)");
        *ret_offset = at + strspn(text + at, " ");
        if (text[at + length] == '\0') {
            *ret_offset = strlen(text);
            g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                        "expected ')' at the end of the law");
            return FALSE;
        }
        last = text[at + length] == ')';
        g_autofree char *word = g_strstrip(g_strndup(text + at, length));
        if (!add_pair(c, word, flavour, bare_us, ret_error))
            return FALSE;
        at += length + 1;
    }
    *ret_offset = at + strspn(text + at, " ");
    if (text[*ret_offset] == '\0')
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                "nothing may follow the law, found '%s'", text + *ret_offset);
    return FALSE;
}

gboolean law_table_parse(const char *text, size_t at, enum law_text_flavour flavour,
                         int64_t bare_us, omo_law *ret_law, size_t *ret_offset, GError **ret_error)
{
    struct columns c = columns_new();
    gboolean done = parse_pairs(text, at, flavour, bare_us, &c, ret_offset, ret_error);

    if (done) {
        *ret_offset = at;
        done = columns_finish(&c, ret_law, ret_error);
    }
    columns_free(&c);
    return done;
}

/* ---- mapping --------------------------------------------------------------------------------- */

/* A list of scalars under `key`; NULL with the error set when it is anything else. */
static const Node *find_list(const Node *mapping, const char *key, struct text_position *at,
                             GError **ret_error)
{
    const Node *list = node_get(mapping, key);
    bool good = node_kind(list) == NODE_SEQUENCE;

    *at = node_position(list);
    for (uint32_t i = 0; good && i < node_count(list); i++)
        if (node_kind(node_child(list, i)) != NODE_SCALAR) {
            *at = node_position(node_child(list, i));
            good = false;
        }
    if (good)
        return list;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                "law 'empirical' needs a list of numbers as '%s', such as [1, 2, 5]", key);
    return NULL;
}

static gboolean read_lists(const Node *mapping, enum law_text_flavour flavour, int64_t bare_us,
                           struct columns *c, struct text_position *at, GError **ret_error)
{
    const Node *values = find_list(mapping, "values", at, ret_error);

    for (uint32_t i = 0; values != NULL && i < node_count(values); i++) {
        *at = node_position(node_child(values, i));
        if (!add_value(c, node_text(node_child(values, i)), flavour, bare_us, ret_error))
            return FALSE;
    }
    if (values == NULL || node_get(mapping, "weights") == NULL)
        return values != NULL;
    const Node *weights = find_list(mapping, "weights", at, ret_error);
    if (weights == NULL)
        return FALSE;
    if (node_count(weights) != c->value->len) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "law 'empirical' has %u values and %u weights", c->value->len,
                    node_count(weights));
        return FALSE;
    }
    for (uint32_t i = 0; i < node_count(weights); i++) {
        *at = node_position(node_child(weights, i));
        if (!set_weight(c, i, node_text(node_child(weights, i)), ret_error))
            return FALSE;
    }
    return TRUE;
}

/* Relative to the scenario's file. */
static gboolean read_file(const Node *name, enum law_text_flavour flavour, int64_t bare_us,
                          struct columns *c, GError **ret_error)
{
    const struct text_position at = node_position(name);
    g_autofree char *folder = g_path_get_dirname(at.file != NULL ? at.file : "");
    g_autofree char *path = g_path_is_absolute(node_text(name))
                                ? g_strdup(node_text(name))
                                : g_build_filename(folder, node_text(name), NULL);
    g_autoptr(Csv) csv = csv_open(path, ret_error);
    g_autoptr(GError) row_error = NULL;
    uint32_t value;

    if (csv == NULL || !csv_column(csv, "value", &value, ret_error))
        return FALSE;
    const int64_t weight = csv_column_find(csv, "weight");
    while (csv_next(csv, &row_error)) {
        const struct text_position row = csv_position(csv, value);
        if (!add_value(c, csv_text(csv, value), flavour, bare_us, ret_error) ||
            (weight >= 0 &&
             !set_weight(c, c->value->len - 1, csv_text(csv, (uint32_t)weight), ret_error))) {
            g_prefix_error(ret_error, "%s:%u: ", row.file, row.line);
            return FALSE;
        }
    }
    if (row_error == NULL)
        return TRUE;
    g_propagate_error(ret_error, g_steal_pointer(&row_error));
    return FALSE;
}

static gboolean read_columns(const Node *mapping, enum law_text_flavour flavour, int64_t bare_us,
                             struct columns *c, struct text_position *at, GError **ret_error)
{
    static const char *const keys[] = {"law", "values", "weights", "file", NULL};
    const Node *file = node_get(mapping, "file");

    for (uint32_t i = 0; i < node_count(mapping); i++) {
        const char *key = node_key(mapping, i);
        if (g_strv_contains(keys, key))
            continue;
        g_autofree char *hint = spelling_hint(key, keys);
        *at = node_key_position(mapping, i);
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
                    "law 'empirical' has no parameter '%s'%s", key, hint);
        return FALSE;
    }
    *at = node_position(file != NULL ? file : mapping);
    if ((file == NULL) == (node_get(mapping, "values") == NULL) ||
        (file != NULL &&
         (node_kind(file) != NODE_SCALAR || node_get(mapping, "weights") != NULL))) {
        g_set_error(
            ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT,
            "law 'empirical' needs either 'values', with 'weights' or without, or a 'file'");
        return FALSE;
    }
    return file != NULL ? read_file(file, flavour, bare_us, c, ret_error)
                        : read_lists(mapping, flavour, bare_us, c, at, ret_error);
}

gboolean law_table_read(const Node *mapping, enum law_text_flavour flavour, int64_t bare_us,
                        omo_law *ret_law, struct text_position *ret_at, GError **ret_error)
{
    struct columns c = columns_new();
    const gboolean done = read_columns(mapping, flavour, bare_us, &c, ret_at, ret_error) &&
                          columns_finish(&c, ret_law, ret_error);

    columns_free(&c);
    return done;
}

/* ---- back to text ---------------------------------------------------------------------------- */

void law_table_format(const omo_empirical *table, enum law_text_flavour flavour, GString *text)
{
    char number[G_ASCII_DTOSTR_BUF_SIZE];

    for (uint32_t i = 0; i < omo_empirical_count(table); i++) {
        const double value = omo_empirical_value(table, i);
        g_string_append(text, i == 0 ? "" : ", ");
        if (flavour == LAW_TEXT_TIME) {
            g_autofree char *duration = units_format_duration((int64_t)value);
            g_string_append(text, duration);
        } else {
            g_string_append(text, g_ascii_formatd(number, sizeof number, "%.15g", value));
        }
        g_string_append_printf(text, ":%s",
                               g_ascii_formatd(number, sizeof number, "%.15g",
                                               omo_empirical_share(table, i)));
    }
}
