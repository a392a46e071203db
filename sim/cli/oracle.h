/* Oracles: what the simulator must say, as rows of a table, and the judgement of what it said.
 *
 * The table is scenarios/oracles/oracles.csv, one row for each measure:
 *
 *   oracle      name of the oracle; rows of one name stand together
 *   group       kernel, queue, inventory, omnichannel, spatial, choice, arrivals, cases, data,
 *               members; one or several with blanks between them
 *   kind        simulated: mean of KPI column `measure` over the replications of `scenario`
 *               distance: great-circle distance between the two points in `overrides`
 *               nearest: places of `scenario` around the point in `overrides`; `measure` is id_K or
 *                        km_K (the K-th nearest), or within_Xkm
 *               figures: quotient of figures of a table; `overrides` is a/b/c of its figure names
 *               words: one block of the generator; `overrides` is its counter's four words and its
 *                      key's two, in hexadecimal, `measure` a name for them
 *               imported: figure `measure` of real data, as `omosim fit demand` reads them;
 *                         `scenario` is their files, relative to the data, | between them
 *               fitted: as simulated, of the scenario that `omosim fit demand` makes of such files
 *   scenario    file, relative to the table, else see kind
 *   overrides   settings path=value, blanks or semicolons between them; else see kind
 *   measure     KPI column, else see kind
 *   expected    number; for an id the text, alternatives (ties) separated by |; four words
 *   tolerance   how near and how sure:
 *               N%: |z| <= 4 and standard error <= N % / 3 of the expected value
 *               3se: |z| <= 4 and standard error <= 0.3 % of the expected value
 *               exact, exact:R, within:A: equal, to R relative (1e-9 without it), to A absolute
 *   unit        of the expected value, for the reader
 *
 * Rows with the same scenario and overrides are simulated together. A real-data row whose data are
 * not there is skipped, by name, and fails nothing.
 */
#ifndef CLI_ORACLE_H
#define CLI_ORACLE_H

#include "cli/options.h"
#include "shell/diagnostic.h"

#include <stdbool.h>

enum oracle_kind {
    ORACLE_SIMULATED,
    ORACLE_DISTANCE,
    ORACLE_NEAREST,
    ORACLE_FIGURES,
    ORACLE_WORDS,
    ORACLE_IMPORTED,
    ORACLE_FITTED
};

enum oracle_tolerance { ORACLE_RELATIVE, ORACLE_SIGMAS, ORACLE_EXACT, ORACLE_WITHIN };

enum oracle_verdict {
    ORACLE_PENDING,
    ORACLE_PASSED,
    ORACLE_OFF,    /* the value is wrong */
    ORACLE_UNSURE, /* the standard error is too large to say */
    ORACLE_BROKEN, /* it could not be worked out */
    ORACLE_SKIPPED /* data that are not part of the project are missing */
};

struct oracle_row {
    char *oracle, *group, *scenario, *overrides, *measure, *expected_text, *unit;
    char **groups; /* the words of `group` */
    enum oracle_kind kind;
    enum oracle_tolerance tolerance;
    double tolerance_size; /* of relative and within: 0.01 for 1% */
    double expected;       /* NaN for a text */
    struct text_position at;
    bool selected;

    enum oracle_verdict verdict;
    double got, standard_error, z;
    char *got_text; /* of a text, else NULL */
};

/* Reads the table: an array of struct oracle_row (caller frees with g_ptr_array_unref()). */
GPtrArray *oracle_read(const char *path, GError **ret_error);

/* Selects the rows whose oracle or group is among `names` (all rows when it is empty). An unknown
 * name is BAD_USAGE with the nearest spelling. */
gboolean oracle_select(GPtrArray *rows, char **names, GError **ret_error);

/* Sets z and the verdict of a number with its standard error (0 for exact kinds), or of a text. */
void oracle_judge(struct oracle_row *row, double got, double standard_error);
void oracle_judge_text(struct oracle_row *row, const char *got);

/* "pass", "fail", "fail (SE)", "error", "skipped". */
const char *oracle_verdict_name(enum oracle_verdict verdict);

/* Where a file of the real data is, or NULL: in $OMO_DATA, else in shared/data beside the project's
 * root, which is two above `folder`, the table's directory. Caller frees. */
char *oracle_find_data(const char *folder, const char *file);
void oracle_skip(struct oracle_row *row);

/* A figure of real data. */
gboolean oracle_import(struct oracle_row *row, const char *folder, GError **ret_error);
/* Makes the scenario of a fitted row in a new folder: its path, or NULL with the error set, or without
 * one when the data are missing. Caller frees with oracle_remove_scenario(). */
char *oracle_fit_scenario(const struct oracle_row *row, const char *folder, GError **ret_error);
void oracle_remove_scenario(char *path);

/* Works out a row that is not simulated. `folder` is the table's directory. */
gboolean oracle_call(struct oracle_row *row, const char *folder, GError **ret_error);

#endif
