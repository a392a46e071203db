/* A search goes through one text of all names, folded and with line ends between them: ten thousand
 * names are some 60 kB, which memmem() passes in a few microseconds.
 */
#define _GNU_SOURCE
#include "backend/directory.h"

#include <string.h>

#include "shell/diagnostic.h"

struct directory {
    GArray *places, *products; /* in the order of their numbers, from 1 */
    GHashTable *place_by_name, *product_by_name;
    GString *names; /* "\ntea\nrice\n" */
    GArray *begins; /* uint32_t: where each name begins in it */
};

static void directory_fold(GString *names, const char *name)
{
    for (; *name != '\0'; name++)
        g_string_append_c(names, g_ascii_tolower(*name));
    g_string_append_c(names, '\n');
}

static bool read_places(struct directory *directory, struct store *store)
{
    const enum statement s = STATEMENT_place_all;

    store_bind(store, s, "");
    while (store_row(store, s)) {
        const struct directory_place place = {.id = store_int(store, s, 0),
                                              .name = g_strdup(store_text(store, s, 1)),
                                              .kind = g_strdup(store_text(store, s, 2)),
                                              .sells = store_int(store, s, 3) != 0,
                                              .pickup = store_int(store, s, 4) != 0,
                                              .ships = store_int(store, s, 5) != 0};
        g_array_append_val(directory->places, place);
        if (place.id != (int64_t)directory->places->len)
            return false;
    }
    for (guint i = 0; i < directory->places->len; i++) {
        struct directory_place *place =
            &g_array_index(directory->places, struct directory_place, i);
        g_hash_table_insert(directory->place_by_name, (char *)place->name, place);
    }
    return !store_failed(store);
}

static bool read_products(struct directory *directory, struct store *store)
{
    const enum statement s = STATEMENT_product_all;

    g_string_append_c(directory->names, '\n');
    store_bind(store, s, "");
    while (store_row(store, s)) {
        const struct directory_product product = {.id = store_int(store, s, 0),
                                                  .name = g_strdup(store_text(store, s, 1))};
        const uint32_t begin = (uint32_t)directory->names->len;
        g_array_append_val(directory->products, product);
        g_array_append_val(directory->begins, begin);
        directory_fold(directory->names, product.name);
        if (product.id != (int64_t)directory->products->len)
            return false;
    }
    for (guint i = 0; i < directory->products->len; i++) {
        struct directory_product *product =
            &g_array_index(directory->products, struct directory_product, i);
        g_hash_table_insert(directory->product_by_name, (char *)product->name, product);
    }
    return !store_failed(store);
}

struct directory *directory_new(struct store *store, GError **ret_error)
{
    struct directory *directory = g_new0(struct directory, 1);

    directory->places = g_array_new(FALSE, FALSE, sizeof(struct directory_place));
    directory->products = g_array_new(FALSE, FALSE, sizeof(struct directory_product));
    directory->begins = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    directory->place_by_name = g_hash_table_new(g_str_hash, g_str_equal);
    directory->product_by_name = g_hash_table_new(g_str_hash, g_str_equal);
    directory->names = g_string_new(NULL);
    if (read_places(directory, store) && read_products(directory, store))
        return directory;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_INPUT, "%s",
                store_failed(store) ? store_problem(store)
                                    : "places or products have gaps in their numbers");
    store_clear(store);
    directory_free(directory);
    return NULL;
}

void directory_free(struct directory *directory)
{
    if (directory == NULL)
        return;
    for (guint i = 0; i < directory->places->len; i++) {
        struct directory_place *place =
            &g_array_index(directory->places, struct directory_place, i);
        g_free((char *)place->name);
        g_free((char *)place->kind);
    }
    for (guint i = 0; i < directory->products->len; i++)
        g_free((char *)g_array_index(directory->products, struct directory_product, i).name);
    g_hash_table_unref(directory->place_by_name);
    g_hash_table_unref(directory->product_by_name);
    g_array_unref(directory->places);
    g_array_unref(directory->products);
    g_array_unref(directory->begins);
    g_string_free(directory->names, TRUE);
    g_free(directory);
}

const struct directory_place *directory_place(const struct directory *directory, const char *name)
{
    return g_hash_table_lookup(directory->place_by_name, name);
}

const struct directory_place *directory_place_of(const struct directory *directory, int64_t id)
{
    return id >= 1 && id <= (int64_t)directory->places->len
               ? &g_array_index(directory->places, struct directory_place, (guint)id - 1)
               : NULL;
}

const struct directory_product *directory_product(const struct directory *directory,
                                                  const char *name)
{
    return g_hash_table_lookup(directory->product_by_name, name);
}

const struct directory_product *directory_product_of(const struct directory *directory, int64_t id)
{
    return id >= 1 && id <= (int64_t)directory->products->len
               ? &g_array_index(directory->products, struct directory_product, (guint)id - 1)
               : NULL;
}

uint32_t directory_place_count(const struct directory *directory) { return directory->places->len; }

/* The last name that begins at or before an offset. */
static guint search_name_at(const struct directory *directory, size_t offset)
{
    guint low = 0, high = directory->begins->len;

    while (high - low > 1) {
        const guint middle = (low + high) / 2;
        if (g_array_index(directory->begins, uint32_t, middle) <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

void directory_search(const struct directory *directory, const char *text,
                      void (*found)(void *user, const struct directory_product *product),
                      void *user)
{
    g_autofree char *folded = g_ascii_strdown(text, -1);
    const size_t size = strlen(folded);
    const char *names = directory->names->str, *end = names + directory->names->len;

    if (size == 0 || strchr(folded, '\n') != NULL)
        return;
    for (const char *at = names; (at = memmem(at, (size_t)(end - at), folded, size)) != NULL;) {
        const guint i = search_name_at(directory, (size_t)(at - names));
        found(user, &g_array_index(directory->products, struct directory_product, i));
        at = memchr(at, '\n', (size_t)(end - at)); /* each name once */
    }
}
