/* What a study writes into its result database. */
#ifndef CLI_STUDY_RESULTS_H
#define CLI_STUDY_RESULTS_H

#include "cli/study.h"
#include "results/results.h"

/* The command that makes the same result again: without threads and output files, which change
 * nothing in it. Caller frees. */
char *study_results_command_line(const char *command, const char *path,
                                 const struct options_study *options);

/* Starts the database of a study whose models are built. Caller ends with results_close(). */
Results *study_results_create(const Study *study, const char *path, const char *command_line,
                              const char *objective, GError **ret_error);

/* Saves a finished point of the study. */
gboolean study_results_add(Results *results, const Study *study, uint32_t point,
                           GError **ret_error);

#endif
