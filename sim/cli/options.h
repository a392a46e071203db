/* Command lines: GOption with help that we print ourselves, positional arguments that are counted,
 * and near spellings of options that do not exist. The options of simulating commands stand here
 * too, because `run` and `compare` share them. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* What help says of a command beside its options. */
struct options_page {
    const char *usage;    /* "run [OPTION...] SCENARIO" */
    const char *summary;  /* sentences before the options */
    const char *examples; /* lines after them, two blanks before each */
    int positional_min, positional_max;
};

enum options_outcome {
    OPTIONS_GO,    /* argv[1] .. argv[argc - 1] are the positional arguments */
    OPTIONS_SHOWN, /* help went to standard output; the command is done */
    OPTIONS_ERROR  /* BAD_USAGE is set */
};

/* Takes the options out of argv (argc and argv are changed, strings stay borrowed). `entries` ends
 * with an empty one; --help and -h are added. */
enum options_outcome options_parse(const struct options_page *page, const GOptionEntry *entries,
                                   int *argc, char ***argv, GError **ret_error);

/* Sets BAD_USAGE with a text and returns FALSE. */
gboolean options_bad_usage(GError **ret_error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* A list "a,b" cut at commas, empty items dropped. NULL gives an empty list. Caller frees with
 * g_strfreev(). */
char **options_split(const char *list);

/* ---- simulating commands --------------------------------------------------------------------- */

/* Set by GOption; freed with options_study_clear(). Texts are checked by options_study_check(). */
struct options_study {
    char *seed_text, *replications_text, *threads_text;
    char *point;                             /* --point */
    char *points;                            /* --points, compare */
    char *objective;                         /* --objective, compare */
    char **sets;                             /* --set, NULL-terminated or NULL */
    char **varies;                           /* --vary, compare and sweep */
    char *sample_text;                       /* --sample, sweep */
    char *factorial;                         /* --factorial, sweep: names, "" = all */
    char *out, *report;                      /* --out, --report */
    char *kpis;                              /* --kpis */
    char *checkpoint_at, *checkpoint, *from; /* run: cli/checkpoint.h */
    gboolean json;

    bool has_seed; /* else the scenario's */
    uint64_t seed;
    uint32_t replications; /* 0: the scenario's */
    uint32_t threads;      /* 0: one for each processor */
    uint32_t sample;       /* points of a sample; 0: all of the grid */
};

#define OPTIONS_REPLICATIONS_MAX 1000000
#define OPTIONS_THREADS_MAX 1024
#define OPTIONS_SAMPLE_MAX 10000

/* Frees what the strings hold; the struct stays the caller's. */
void options_study_clear(struct options_study *options);

/* Turns the texts into numbers. */
gboolean options_study_check(struct options_study *options, GError **ret_error);

/* Rows of a GOptionEntry array for `o`, a struct options_study. */
#define OPTIONS_MANY(o)                                                                            \
    {                                                                                              \
        "seed", 's', 0, G_OPTION_ARG_FILENAME, &(o).seed_text, "Seed instead of the scenario's",   \
        "N"},                                                                                      \
        {"replications",                                                                           \
         'n',                                                                                      \
         0,                                                                                        \
         G_OPTION_ARG_FILENAME,                                                                    \
         &(o).replications_text,                                                                   \
         "Replications of each point",                                                             \
         "N"},                                                                                     \
    {                                                                                              \
        "threads", 't', 0, G_OPTION_ARG_FILENAME, &(o).threads_text,                               \
            "Threads; the result does not depend on them (default: one for each processor)", "N"   \
    }
#define OPTIONS_STUDY(o)                                                                           \
    OPTIONS_MANY(o), {"set",       0,                                                              \
                      0,           G_OPTION_ARG_FILENAME_ARRAY,                                    \
                      &(o).sets,   "Override a value of the scenario; may be repeated",            \
                      "PATH=VALUE"},                                                               \
        {"point",    'p',                                                                          \
         0,          G_OPTION_ARG_FILENAME,                                                        \
         &(o).point, "Design point to run (default: the one marked default)",                      \
         "NAME"},                                                                                  \
        {"out",    'o', 0, G_OPTION_ARG_FILENAME, &(o).out, "Write the result database (SQLite)",  \
         "FILE.db"},                                                                               \
        {"report",   'r', 0, G_OPTION_ARG_FILENAME, &(o).report, "Write the report as a web page", \
         "FILE.html"},                                                                             \
        {"kpis",                                                                                   \
         'k',                                                                                      \
         0,                                                                                        \
         G_OPTION_ARG_FILENAME,                                                                    \
         &(o).kpis,                                                                                \
         "KPIs to show: groups, names, or all",                                                    \
         "GROUP|NAME,..."},                                                                        \
    {                                                                                              \
        "json", 'j', 0, G_OPTION_ARG_NONE, &(o).json, "Machine output on standard output", NULL    \
    }

#endif
