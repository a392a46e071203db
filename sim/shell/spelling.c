/* Nearest spelling by edit distance.
 *
 * Optimal string alignment (Damerau-Levenshtein where no piece is edited twice) counts the four
 * slips people make: a letter too many, too few, another one, two swapped. Three rows of the matrix
 * are enough. O(length^2) per name and lists of some hundred names: nothing to speed up.
 *
 * A suggestion must be near: one slip per three characters, one at least. A far-fetched "did you
 * mean" is worse than none, and the list of valid names follows anyway when it is short.
 */
#include "shell/spelling.h"

#include <string.h>

#define SPELLING_LENGTH_MAX 64
#define SPELLING_LIST_COUNT_MAX 10
#define SPELLING_LIST_LENGTH_MAX 90

static uint32_t spelling_decode(const char *word, gunichar ret_word[SPELLING_LENGTH_MAX])
{
    uint32_t length = 0;
    while (*word != '\0') {
        gunichar c = g_utf8_get_char_validated(word, -1);
        if (length == SPELLING_LENGTH_MAX || c == (gunichar)-1 || c == (gunichar)-2)
            return UINT32_MAX;
        ret_word[length++] = c;
        word = g_utf8_next_char(word);
    }
    return length;
}

static uint32_t spelling_distance_decoded(const gunichar *a, uint32_t a_length, const gunichar *b,
                                          uint32_t b_length)
{
    uint32_t rows[3][SPELLING_LENGTH_MAX + 1];
    uint32_t *before = rows[0], *last = rows[1], *now = rows[2];

    for (uint32_t j = 0; j <= b_length; j++)
        last[j] = j;
    for (uint32_t i = 1; i <= a_length; i++) {
        now[0] = i;
        for (uint32_t j = 1; j <= b_length; j++) {
            uint32_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            best = MIN(best, MIN(last[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                best = MIN(best, before[j - 2] + 1);
            now[j] = best;
        }
        uint32_t *spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b_length];
}

uint32_t spelling_distance(const char *a, const char *b)
{
    gunichar a_word[SPELLING_LENGTH_MAX], b_word[SPELLING_LENGTH_MAX];
    uint32_t a_length = spelling_decode(a, a_word);
    uint32_t b_length = spelling_decode(b, b_word);

    if (a_length == UINT32_MAX || b_length == UINT32_MAX)
        return strcmp(a, b) == 0 ? 0 : UINT32_MAX;
    return spelling_distance_decoded(a_word, a_length, b_word, b_length);
}

/* Lower case, and one separator for all. */
static char *spelling_fold(const char *word)
{
    char *folded = g_utf8_strdown(word, -1);
    for (char *c = folded; *c != '\0'; c++)
        if (*c == '-' || *c == ' ')
            *c = '_';
    return folded;
}

const char *spelling_nearest(const char *word, const char *const *names)
{
    if (names == NULL || !g_utf8_validate(word, -1, NULL) || strlen(word) > 4 * SPELLING_LENGTH_MAX)
        return NULL;

    g_autofree char *folded = spelling_fold(word);
    uint32_t limit = MAX(1, (uint32_t)g_utf8_strlen(word, -1) / 3);
    const char *nearest = NULL;
    for (; *names != NULL; names++) {
        g_autofree char *name = spelling_fold(*names);
        uint32_t distance = spelling_distance(folded, name);
        /* A word of one or two letters is as near to any other of them. */
        if (distance > limit || distance >= (uint32_t)g_utf8_strlen(name, -1))
            continue;
        if (distance == 0)
            return *names;
        nearest = *names;
        limit = distance - 1;
    }
    return nearest;
}

static gboolean spelling_is_short(const char *const *names)
{
    size_t count = 0, length = 0;
    for (; *names != NULL; names++, count++)
        length += strlen(*names) + 2;
    return count > 0 && count <= SPELLING_LIST_COUNT_MAX && length <= SPELLING_LIST_LENGTH_MAX;
}

char *spelling_hint(const char *word, const char *const *names)
{
    GString *hint = g_string_new(NULL);
    const char *nearest = spelling_nearest(word, names);

    if (nearest != NULL)
        g_string_append_printf(hint, ", did you mean '%s'?", nearest);
    if (names != NULL && spelling_is_short(names)) {
        g_autofree char *list = g_strjoinv(", ", (char **)names);
        g_string_append_printf(hint, " (one of %s)", list);
    }
    return g_string_free(hint, FALSE);
}
