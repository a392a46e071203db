/* What the corpus of requests and the fuzzer share: a shop, and one connection a time to it. */
#ifndef TESTS_BACKEND_REQUEST_CHEW_H
#define TESTS_BACKEND_REQUEST_CHEW_H

#include <stdbool.h>
#include <stddef.h>

#define REQUEST_CHEW_TOKEN "@TOKEN@" /* stands for a token of member 1 */

/* Starts the shop in the folder; once. */
void request_chew_begin(void);
void request_chew_end(void);
/* Sends bytes, closes, reads to the end. The status of the first answer; 0 = there was none. An answer
 * that is none, or a status of 500 and above, is an assertion. */
int request_chew(const char *bytes, size_t size);
/* Whether the books agree with their ledgers; after request_chew_end(). */
bool request_chew_books_agree(void);

#endif
