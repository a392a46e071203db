/* Command lines.
 *
 * GOption prints help to standard output by itself and leaves with exit(0); then nobody looks at
 * whether the text arrived, so its help is off and ours prints the same text. It also knows no near
 * spellings: on an unknown option the arguments are gone through once more and the first long
 * option that is in no table gets a hint.
 *
 * Numbers are taken as texts and parsed here, because GOption's own whole numbers wrap at 32 bits
 * and its messages name neither range nor what was found. Texts use G_OPTION_ARG_FILENAME: the
 * other kind is converted from the locale, which fails for any Chinese file name under LC_ALL=C.
 */
#include "cli/options.h"
#include "shell/diagnostic.h"
#include "shell/spelling.h"

#include <stdio.h>
#include <string.h>

gboolean options_bad_usage(GError **ret_error, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, text);
    return FALSE;
}

/* The first long option of argv that `names` lacks, without dashes and value; NULL when there is
 * none. Caller frees. */
static char *find_unknown(int argc, char **argv, const char *const *names)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (!g_str_has_prefix(argv[i], "--"))
            continue;
        g_autofree char *name = g_strndup(argv[i] + 2, strcspn(argv[i] + 2, "="));
        if (!g_strv_contains(names, name))
            return g_steal_pointer(&name);
    }
    return NULL;
}

static void explain(const struct options_page *page, const GOptionEntry *entries, int argc,
                    char **argv, const GError *reason, GError **ret_error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new();

    for (const GOptionEntry *entry = entries; entry->long_name != NULL; entry++)
        g_ptr_array_add(names, (void *)entry->long_name);
    g_ptr_array_add(names, (void *)"help");
    g_ptr_array_add(names, NULL);

    g_autofree char *unknown = find_unknown(argc, argv, (const char *const *)names->pdata);
    if (!g_error_matches(reason, G_OPTION_ERROR, G_OPTION_ERROR_UNKNOWN_OPTION) ||
        unknown == NULL) {
        options_bad_usage(ret_error, "%s (omosim %s)", reason->message, page->usage);
        return;
    }
    const char *nearest = spelling_nearest(unknown, (const char *const *)names->pdata);
    if (nearest != NULL)
        options_bad_usage(ret_error, "unknown option '--%s', did you mean '--%s'?", unknown,
                          nearest);
    else
        options_bad_usage(ret_error, "unknown option '--%s' (omosim %s)", unknown, page->usage);
}

enum options_outcome options_parse(const struct options_page *page, const GOptionEntry *entries,
                                   int *argc, char ***argv, GError **ret_error)
{
    gboolean help = FALSE;
    const GOptionEntry help_entries[] = {
        {"help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this text", NULL},
        {NULL, 0, 0, 0, NULL, NULL, NULL},
    };
    const int argc_before = *argc;
    g_autofree char **argv_before = g_memdup2(*argv, ((size_t)*argc + 1) * sizeof(char *));
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_autoptr(GError) reason = NULL;

    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, entries, NULL);
    g_option_context_add_main_entries(context, help_entries, NULL);
    if (!g_option_context_parse(context, argc, argv, &reason)) {
        explain(page, entries, argc_before, argv_before, reason, ret_error);
        return OPTIONS_ERROR;
    }
    if (help) {
        g_autofree char *text = g_option_context_get_help(context, TRUE, NULL);
        const char *options = strstr(text, "\n\n"); /* after GOption's own "Usage:" */
        printf("usage: omosim %s\n\n%s%sExamples:\n%s", page->usage, page->summary,
               options != NULL ? options + 1 : "\n", page->examples);
        return OPTIONS_SHOWN;
    }
    if (*argc > 1 && strcmp((*argv)[1], "--") == 0) {
        memmove(*argv + 1, *argv + 2, (size_t)(*argc - 1) * sizeof(char *));
        (*argc)--;
    }
    if (*argc - 1 < page->positional_min || *argc - 1 > page->positional_max) {
        options_bad_usage(ret_error, "%s: omosim %s",
                          *argc - 1 < page->positional_min ? "an argument is missing"
                                                           : "too many arguments",
                          page->usage);
        return OPTIONS_ERROR;
    }
    return OPTIONS_GO;
}

char **options_split(const char *list)
{
    g_autoptr(GStrvBuilder) items = g_strv_builder_new();
    g_auto(GStrv) parts = g_strsplit(list != NULL ? list : "", ",", -1);

    for (char **part = parts; *part != NULL; part++)
        if (*g_strstrip(*part) != '\0')
            g_strv_builder_add(items, *part);
    return g_strv_builder_end(items);
}

void options_study_clear(struct options_study *options)
{
    g_free(options->seed_text);
    g_free(options->replications_text);
    g_free(options->threads_text);
    g_free(options->point);
    g_free(options->points);
    g_free(options->objective);
    g_strfreev(options->sets);
    g_strfreev(options->varies);
    g_free(options->sample_text);
    g_free(options->factorial);
    g_free(options->out);
    g_free(options->report);
    g_free(options->kpis);
    g_free(options->checkpoint_at);
    g_free(options->checkpoint);
    g_free(options->from);
    *options = (struct options_study){.json = FALSE};
}

static gboolean parse_whole(const char *option, const char *text, uint64_t low, uint64_t high,
                            uint64_t *ret_value, GError **ret_error)
{
    if (g_ascii_string_to_unsigned(text, 10, low, high, ret_value, NULL))
        return TRUE;
    options_bad_usage(ret_error,
                      "--%s: expected a whole number from %" G_GUINT64_FORMAT
                      " to %" G_GUINT64_FORMAT ", found '%s'",
                      option, low, high, text);
    return FALSE;
}

gboolean options_study_check(struct options_study *options, GError **ret_error)
{
    uint64_t replications = 0;
    uint64_t threads = 0;
    uint64_t sample = 0;

    if (options->seed_text != NULL) {
        if (!parse_whole("seed", options->seed_text, 0, G_MAXINT64, &options->seed, ret_error))
            return FALSE;
        options->has_seed = true;
    }
    if (options->replications_text != NULL &&
        !parse_whole("replications", options->replications_text, 1, OPTIONS_REPLICATIONS_MAX,
                     &replications, ret_error))
        return FALSE;
    if (options->threads_text != NULL &&
        !parse_whole("threads", options->threads_text, 0, OPTIONS_THREADS_MAX, &threads, ret_error))
        return FALSE;
    if (options->sample_text != NULL &&
        !parse_whole("sample", options->sample_text, 1, OPTIONS_SAMPLE_MAX, &sample, ret_error))
        return FALSE;
    options->sample = (uint32_t)sample;
    options->replications = (uint32_t)replications;
    options->threads = (uint32_t)threads;
    return TRUE;
}
