/* Any bytes at all as an API map, and as the JSON of an answer: refused with an error that can be
 * shown, or used, and nothing else may happen. For the tests of the corpus and for the fuzzer. */
#ifndef TESTS_TRAFFIC_API_CHEW_H
#define TESTS_TRAFFIC_API_CHEW_H

#include <stdbool.h>
#include <stddef.h>

/* Whether the file is a map; it is rendered, told and judged by. */
bool api_chew_map(const char *path);
/* Whether the bytes are JSON; values are looked for in any case. */
bool api_chew_json(const char *bytes, size_t size);

#endif
