/* Small shops for tests of the platform, and a client of them. */
#ifndef TESTS_BACKEND_PLATFORM_CASE_H
#define TESTS_BACKEND_PLATFORM_CASE_H

#include "backend/backend_private.h"

#include <check.h>

#define PLATFORM_CARDS 1000 /* members with a card: 1 .. 1000 */

/* A folder of its own, which is entered and removed. */
void platform_begin(void);
void platform_end(void);

/* Opens shop.db in the folder, made with two places and three products when it is new, and starts
 * it. Address, path and document are given; the rest is the caller's. */
Backend *platform_start(struct backend_options options);
/* Seeds a new one: two places, three products. */
void platform_fill(Backend *backend);
/* Makes shop.db without starting it. */
void platform_make(void);

/* One request; `lines` are header lines with their ends. Returns the status; *ret_body (may be NULL)
 * is freed by the caller. */
int platform_ask(Backend *backend, const char *method, const char *path, const char *lines,
                 const char *body, char **ret_body);
/* The same, and that the answer has a text in it; problems must be whole. */
void platform_expect(Backend *backend, int status, const char *part, const char *method,
                     const char *path, const char *body);
/* A whole number from shop.db, by SQL. */
int64_t platform_count(const char *sql);
/* Until it is that number: what the service does by itself, in its own time. */
void platform_await(const char *sql, int64_t wanted);

int platform_run(const char *name, const TTest *const *tests, size_t test_count);

#endif
