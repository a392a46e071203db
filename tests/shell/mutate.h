/* Texts changed at random, from a seed: cut off, a byte taken out, a piece put in. */
#ifndef TESTS_SHELL_MUTATE_H
#define TESTS_SHELL_MUTATE_H

#include <glib.h>
#include <stdint.h>

/* A copy with so many changes. Caller frees. */
static inline GString *mutate(const char *text, gsize size, const char *const *pieces,
                              guint piece_count, int changes, uint32_t *state)
{
    GString *mutated = g_string_new_len(text, (gssize)size);

    for (int i = 0; i < changes; i++) {
        *state = *state * 1664525u + 1013904223u;
        const gsize at = mutated->len == 0 ? 0 : (*state >> 8) % mutated->len;
        switch (*state >> 30) {
        case 0:
            g_string_truncate(mutated, at);
            break;
        case 1:
            g_string_erase(mutated, (gssize)at, mutated->len > at ? 1 : 0);
            break;
        default:
            g_string_insert(mutated, (gssize)at, pieces[(*state >> 4) % piece_count]);
        }
    }
    return mutated;
}

#endif
