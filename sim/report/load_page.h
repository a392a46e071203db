/* The page about a load run: verdict first, then the figures behind it, then the pictures.
 * All of it is asked of the result by SQL, with the functions figure() and change().
 */
#ifndef REPORT_LOAD_PAGE_H
#define REPORT_LOAD_PAGE_H

#include "results/results.h"

/* Everything. `results` from load_results_open() with `run_count` runs; `plots` and `audit_plots`
 * hold struct plot *. */
gboolean load_page_write(Results *results, uint32_t run_count, const GPtrArray *plots,
                         const GPtrArray *audit_plots, GString *html, GError **ret_error);

/* A table as a query: a row a line, headed by the columns' names. */
struct load_table {
    const char *heading;   /* of the section; NULL = none */
    const char *note;      /* below the heading; NULL = none */
    const char *fold;      /* the table is folded behind these words; NULL = open */
    uint32_t text_columns; /* bit i: column i is text, to the left */
    const char *sql;
    const struct results_parameter *parameters; /* of the query; NULL = none */
    uint32_t parameter_count;
};
/* Nothing when there are no rows. A cell that begins with a tick or a cross has its colour; in a cell
 * and in a column's name, what follows LOAD_SMALL stands small below the rest, its
 * lines one below the other. */
gboolean load_table_write(Results *results, const struct load_table *table, GString *html,
                          GError **ret_error);

#define LOAD_SMALL '\037'

/* The answer in one sentence, and what stands behind it. Caller frees. */
char *load_answer(Results *results, GError **ret_error);
char *load_answer_note(Results *results, GError **ret_error);

#endif
