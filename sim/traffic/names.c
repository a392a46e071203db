/* A list and an index over it. The index's keys are the list's texts. */
#include "traffic/names.h"

struct names {
    GPtrArray *texts; /* char *, NULL last */
    GHashTable *numbers;
    uint32_t count_max;
};

Names *names_new(uint32_t count_max)
{
    Names *names = g_new0(Names, 1);

    names->texts = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(names->texts, NULL);
    names->numbers = g_hash_table_new(g_str_hash, g_str_equal);
    names->count_max = count_max;
    return names;
}

void names_free(Names *names)
{
    if (names == NULL)
        return;
    g_hash_table_unref(names->numbers);
    g_ptr_array_unref(names->texts);
    g_free(names);
}

uint32_t names_add(Names *names, const char *text)
{
    const uint32_t count = names_count(names);
    gpointer number;

    if (g_hash_table_lookup_extended(names->numbers, text, NULL, &number))
        return GPOINTER_TO_UINT(number);
    if (count == names->count_max)
        return NAMES_FULL;
    char *copy = g_strdup(text);
    names->texts->pdata[count] = copy;
    g_ptr_array_add(names->texts, NULL);
    g_hash_table_insert(names->numbers, copy, GUINT_TO_POINTER(count));
    return count;
}

uint32_t names_count(const Names *names) { return names->texts->len - 1; }

const char *const *names_list(const Names *names)
{
    return (const char *const *)names->texts->pdata;
}
