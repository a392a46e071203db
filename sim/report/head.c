/* Pictures are described where they are drawn: title, question, caption and queries stand in the
 * comment at the top of each .gp, so that a picture is one file that can be read, run and copied.
 *
 * The parser takes lines that begin with '#' up to the first other line. "# key: value" begins an
 * entry, "#   more" goes on with it; anything else in the comment is for people. Unknown keys are
 * errors, since a misspelt "caption" would otherwise just not appear.
 */
#include "report/head.h"

#include <string.h>

#include "shell/diagnostic.h"

static void query_free(void *item)
{
    struct head_query *query = item;

    g_free(query->name);
    g_free(query->sql);
    g_free(query);
}

void head_free(struct head *head)
{
    if (head == NULL)
        return;
    g_free(head->title);
    g_free(head->question);
    g_free(head->caption);
    g_free(head->kind);
    g_ptr_array_unref(head->data);
    g_free(head);
}

static gboolean read_contents(const char *path, char **ret_text, GError **ret_error)
{
    g_autoptr(GError) error = NULL;

    if (g_file_get_contents(path, ret_text, NULL, &error))
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", path,
                error->message);
    return FALSE;
}

GPtrArray *head_read_index(const char *path, GError **ret_error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GMatchInfo) match = NULL;
    g_autoptr(GRegex) row =
        g_regex_new("^PLOT\\(([a-z0-9_]+)\\)", G_REGEX_MULTILINE, (GRegexMatchFlags)0, NULL);
    g_autofree char *text = NULL;

    if (!read_contents(path, &text, ret_error))
        return NULL;
    g_regex_match(row, text, (GRegexMatchFlags)0, &match);
    for (; g_match_info_matches(match); g_match_info_next(match, NULL))
        g_ptr_array_add(names, g_match_info_fetch(match, 1));
    return g_steal_pointer(&names);
}

/* Stores a finished entry; FALSE when the key is none of ours. Takes value. */
static gboolean read_entry(struct head *head, const char *key, char *value)
{
    const struct {
        const char *key;
        char **text;
    } texts[] = {{"title", &head->title},
                 {"question", &head->question},
                 {"for", &head->kind},
                 {"caption", &head->caption}};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(key, texts[i].key) == 0 && *texts[i].text == NULL) {
            *texts[i].text = value;
            return TRUE;
        }
    if (g_str_has_prefix(key, "data ")) {
        struct head_query *query = g_new(struct head_query, 1);
        *query = (struct head_query){.name = g_strdup(key + 5), .sql = value};
        g_ptr_array_add(head->data, query);
        return TRUE;
    }
    head->keys = strcmp(key, "keys") == 0 && strcmp(value, "points") == 0;
    g_free(value);
    return head->keys;
}

struct head *head_read(const char *path, GError **ret_error)
{
    g_autoptr(GRegex) entry = g_regex_new("^# ([a-z]+(?: [a-z_]+)?): *(.*)$", (GRegexCompileFlags)0,
                                          (GRegexMatchFlags)0, NULL);
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    struct head *head;

    if (!read_contents(path, &text, ret_error))
        return NULL;
    head = g_new0(struct head, 1);
    head->data = g_ptr_array_new_with_free_func(query_free);
    lines = g_strsplit(text, "\n", -1);
    for (uint32_t i = 0; lines[i] != NULL && lines[i][0] == '#';) {
        g_autoptr(GMatchInfo) match = NULL;
        g_autofree char *key = NULL, *first = NULL;
        GString *value;
        uint32_t line = i + 1;

        if (!g_regex_match(entry, lines[i++], (GRegexMatchFlags)0, &match))
            continue;
        key = g_match_info_fetch(match, 1);
        first = g_match_info_fetch(match, 2);
        value = g_string_new(first);
        for (; lines[i] != NULL && g_str_has_prefix(lines[i], "#   "); i++)
            g_string_append_printf(value, "\n%s", lines[i] + 4);
        if (!read_entry(head, key, g_string_free(value, FALSE))) {
            diagnostic_set(ret_error, OMO_SHELL_ERROR_CANNOT_RUN, diagnostic_at(path, line, 0),
                           "unknown or repeated key '%s' in the head comment", key);
            head_free(head);
            return NULL;
        }
    }
    if (head->title == NULL || head->question == NULL || head->data->len == 0) {
        diagnostic_set(ret_error, OMO_SHELL_ERROR_CANNOT_RUN, diagnostic_at(path, 0, 0),
                       "the head comment lacks a title, a question or data");
        head_free(head);
        return NULL;
    }
    return head;
}
