/* Answers as texts: what a parser made of the bytes of a connection, so that two parsers, or one
 * parser fed in different pieces, can be held against each other. */
#ifndef TESTS_REPLAY_HTTP1_CASE_H
#define TESTS_REPLAY_HTTP1_CASE_H

#include <glib.h>
#include <stdbool.h>

/* Parses the bytes as answers one after the other, cut at the given places (ascending; may be
 * NULL), and ends the connection behind them. A text for each answer:
 *     200 keep-alive gzip 5s|Name=value|...|5:hello
 * and one for how it ended: "end" (between answers), "more" (inside one), "broken" or "too large".
 * Caller frees. `method_head`: they answer HEAD. */
GPtrArray *http1_case_list(const char *bytes, size_t size, const size_t *cuts, size_t cut_count,
                           bool method_head);
/* The same as one text, a line each. Caller frees. */
char *http1_case_read(const char *bytes, size_t size, const size_t *cuts, size_t cut_count,
                      bool method_head);

/* Holds that the result is the same when the bytes are cut at two places. What is wrong here ends the
 * program, so that a fuzzer notices it too. */
void http1_case_check_pair(const char *bytes, size_t size, size_t first, size_t second,
                           bool method_head);
/* Holds that the result does not depend on cuts: each single one, all of them, and some pairs; fewer
 * of them when the bytes are many. */
void http1_case_check_cuts(const char *bytes, size_t size, bool method_head);

#endif
