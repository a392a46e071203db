/* One map, one plan with one step, and what comes of them: for the tests of API maps. */
#ifndef TESTS_TRAFFIC_API_CASE_H
#define TESTS_TRAFFIC_API_CASE_H

#include "traffic/api.h"

#define API_CASE_ROOM 8192

struct api_case {
    ApiMap *map;
    Plan *plan;
    struct api_values values; /* of the plan's first step */
    struct api_text variable[API_VARIABLES_MAX];
    struct api_text captured[API_VARIABLES_MAX];
    char room[API_CASE_ROOM];
    struct api_message message;
};

/* Writes plan and map into the folder of the test and reads them. The step is an add_to_cart of 3
 * `tea"1`, member 42, order 7001, at `北京 1`, 1,500 cents in all, coupon `10%&off`, channel `app`.
 */
void api_case_open(struct api_case *c, const char *map);
void api_case_close(struct api_case *c);
/* A map of one step, browse, whose request is these lines (each indented by its own). */
void api_case_open_request(struct api_case *c, const char *request);

/* Renders the map's first request. */
enum api_render api_case_render(struct api_case *c);
/* The path, body or header of the message as a string. Caller frees. */
char *api_case_text(struct api_text text);
/* NULL when the message has no such header. Caller frees. */
char *api_case_header(const struct api_message *message, const char *name);
/* Judges an answer of the map's first request without headers. */
enum api_verdict api_case_judge(struct api_case *c, uint32_t status, const char *body);
/* Captured text of a variable, NULL when it is not set. Caller frees. */
char *api_case_captured(const struct api_case *c, const char *name);
/* The map is refused with exactly these findings. */
void api_case_refused(const char *map, const char *findings);

/* The text, which is freed, is there and is this one. */
#define assert_text(expected, text)                                                                \
    do {                                                                                           \
        g_autofree char *got = (text);                                                             \
        ck_assert_ptr_nonnull(got);                                                                \
        ck_assert_str_eq(got, expected);                                                           \
    } while (0)

#endif
