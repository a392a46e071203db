/* Nearest valid spelling of a word, for "did you mean". Pure functions, any thread. */
#ifndef SHELL_SPELLING_H
#define SHELL_SPELLING_H

#include <glib.h>
#include <stdint.h>

/* Damerau-Levenshtein distance (optimal string alignment) over characters; words over 64 characters
 * count as far. */
uint32_t spelling_distance(const char *a, const char *b);

/* The name nearest to `word`, or NULL when none is near: at most a third of its characters wrong
 * (one at least), or the same but for case, '-' and '_'. The first of equals wins. `names` ends
 * with NULL; borrows: the result is one of them. */
const char *spelling_nearest(const char *word, const char *const *names);

/* What to append to "unknown X 'word'": ", did you mean 'a'?" and, when the list is short, " (one
 * of a, b, c)". Caller frees with g_free(). */
char *spelling_hint(const char *word, const char *const *names);

#endif
