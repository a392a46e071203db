/* A history and books made by hand for the audit, in memory: the history_...() functions of programs
 * that are linked for it (tests/CMakeLists.txt) read from here. */
#ifndef TESTS_REPLAY_AUDIT_CASE_H
#define TESTS_REPLAY_AUDIT_CASE_H

#include "replay/audit/audit.h"
#include "replay/outcome.h"

#include <omosim/plan.h>

struct audit_case {
    ApiMap *map; /* borrowed: audit_case_map() */
    Intern *texts;
    GArray *rows;     /* struct record_row */
    GArray *tellings; /* struct history_telling */
    GArray *hooks;    /* struct history_hook */
    bool is_incomplete, is_still;
    uint64_t looks; /* how often a name of the history was looked up */
    Books *before, *after;
    Audit *audit;
};

struct ask { /* a request; what is left out is none */
    enum step_kind step;
    enum outcome outcome; /* 0 = ok */
    uint64_t order, member, journey;
    const char *place, *sku, *coupon; /* "P1", "S2", "C3": the numbers of the plan */
    uint16_t quantity, status;
    uint32_t pass;
    int64_t due, sent, done; /* ms; due 0 = sent, done 0 = sent + 10 */
    uint8_t tries;           /* 0 = 1, of requests that were sent */
    uint8_t resent;
};

/* The map of all cases, made once and freed at the end; `text` NULL = the usual one. */
ApiMap *audit_case_map(const char *text);

void audit_case_begin(struct audit_case *c, ApiMap *map);
void audit_case_end(struct audit_case *c);
/* The request's number. Numbers grow. */
uint64_t audit_case_ask(struct audit_case *c, const struct ask *ask);
#define ASK(c, ...) audit_case_ask(c, &(struct ask){__VA_ARGS__})
void audit_case_tell(struct audit_case *c, uint64_t number, enum telling what, int64_t value);
void audit_case_tell_text(struct audit_case *c, uint64_t number, enum telling what,
                          const char *text);
void audit_case_hook(struct audit_case *c, int64_t at_ms, const char *what);

/* Rows of books, a line each: "place=P1 sku=S1 on_hand=5". Columns are those of the first line; a book
 * without rows is begun with a line of columns alone: "place= sku= on_hand=". Lines of an order come
 * as book order_lines behind its row. */
void audit_case_book(struct audit_case *c, Books *books, enum book book, const char *lines);
void audit_case_run(struct audit_case *c);
const struct audit_result *audit_case_result(struct audit_case *c, enum audit_invariant invariant);
/* The findings of an invariant with their evidence, line by line. Caller frees. */
char *audit_case_text(struct audit_case *c, enum audit_invariant invariant);

#endif
