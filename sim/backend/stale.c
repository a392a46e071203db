/* A map from position to units and time; it grows with the positions that are asked for. */
#include "backend/stale.h"

#include <glib.h>

struct stale {
    GMutex lock;
    GHashTable *entries; /* int64_t position to struct entry */
    int64_t age_us;
};

struct entry {
    int64_t position, units, at_us;
};

struct stale *stale_new(int64_t age_us)
{
    struct stale *stale = g_new0(struct stale, 1);

    g_mutex_init(&stale->lock);
    stale->entries = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    stale->age_us = age_us;
    return stale;
}

void stale_free(struct stale *stale)
{
    if (stale == NULL)
        return;
    g_hash_table_unref(stale->entries);
    g_mutex_clear(&stale->lock);
    g_free(stale);
}

bool stale_get(struct stale *stale, int64_t position, int64_t *ret_units)
{
    const struct entry *entry;
    bool found = false;

    if (stale == NULL)
        return false;
    g_mutex_lock(&stale->lock);
    entry = g_hash_table_lookup(stale->entries, &position);
    if (entry != NULL && g_get_monotonic_time() - entry->at_us < stale->age_us) {
        *ret_units = entry->units;
        found = true;
    }
    g_mutex_unlock(&stale->lock);
    return found;
}

void stale_put(struct stale *stale, int64_t position, int64_t units)
{
    struct entry *entry;

    if (stale == NULL)
        return;
    entry = g_new0(struct entry, 1);
    *entry = (struct entry){position, units, g_get_monotonic_time()};
    g_mutex_lock(&stale->lock);
    g_hash_table_replace(stale->entries, &entry->position, entry);
    g_mutex_unlock(&stale->lock);
}
