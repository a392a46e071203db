/* What the tests of API maps share. */
#include "traffic/api_case.h"

#include "shell/folder.h"

#include <string.h>

static void api_case_write_plan(void)
{
    static const char *const channels[] = {"web", "app", NULL};
    static const char *const places[] = {"北京 1", NULL};
    static const char *const skus[] = {"plain", "tea\"1", NULL};
    static const char *const coupons[] = {"10%&off", NULL};
    const struct plan_about about = {.scenario = "case",
                                     .channels = channels,
                                     .places = places,
                                     .skus = skus,
                                     .coupons = coupons,
                                     .epoch_us = INT64_MIN};
    const omo_plan_journey journey = {.member = 42,
                                      .order = 7001,
                                      .place = 0,
                                      .step_count = 1,
                                      .channel = 1};
    const omo_plan_step step = {.amount = 1500,
                                .sku = 1,
                                .place = OMO_PLAN_NONE,
                                .quantity = 3,
                                .coupon = 0,
                                .kind = STEP_add_to_cart};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanWriter) writer = plan_writer_open("case.plan", &about, &error);

    folder_assert_fine(error);
    ck_assert(plan_write_journey(writer, &journey, &step, NULL, &error));
    ck_assert(plan_writer_commit(writer, NULL, &error));
}

void api_case_open(struct api_case *c, const char *map)
{
    g_autoptr(GError) error = NULL;

    memset(c, 0, sizeof(*c));
    api_case_write_plan();
    folder_write("map.yaml", map);
    c->plan = plan_open("case.plan", &error);
    folder_assert_fine(error);
    c->map = api_read("map.yaml", NULL, &error);
    folder_assert_fine(error);
    struct plan_cursor cursor = plan_begin(c->plan);
    const omo_plan_journey *journey = plan_next(c->plan, &cursor);
    c->values = (struct api_values){.plan = c->plan,
                                    .journey = journey,
                                    .step = plan_first_step(journey),
                                    .number = 17,
                                    .now_ms = 1700000000123,
                                    .variable = c->variable};
}

void api_case_open_request(struct api_case *c, const char *request)
{
    g_autofree char *map = g_strdup_printf("api: 1\nsteps:\n  browse:\n%s", request);

    api_case_open(c, map);
}

void api_case_close(struct api_case *c)
{
    api_free(c->map);
    plan_free(c->plan);
}

enum api_render api_case_render(struct api_case *c)
{
    return api_render(c->map, 0, &c->values, c->room, sizeof(c->room), &c->message);
}

char *api_case_text(struct api_text text)
{
    return text.text == NULL ? NULL : g_strndup(text.text, text.size);
}

char *api_case_header(const struct api_message *message, const char *name)
{
    for (uint32_t i = 0; i < message->header_count; i++) {
        g_autofree char *found = api_case_text(message->header[i].name);
        if (g_ascii_strcasecmp(found, name) == 0)
            return api_case_text(message->header[i].value);
    }
    return NULL;
}

enum api_verdict api_case_judge(struct api_case *c, uint32_t status, const char *body)
{
    static const struct api_text none[API_WANTED_MAX];
    const struct api_reply reply = {status,
                                    {body, body != NULL ? (uint32_t)strlen(body) : 0},
                                    none};

    memset(c->captured, 0, sizeof(c->captured));
    return api_judge(c->map, 0, &reply, c->room, sizeof(c->room), c->captured, NULL);
}

char *api_case_captured(const struct api_case *c, const char *name)
{
    for (uint32_t i = 0; i < api_variable_count(c->map); i++)
        if (strcmp(api_variable_name(c->map, i), name) == 0)
            return api_case_text(c->captured[i]);
    return NULL;
}

void api_case_refused(const char *map, const char *findings)
{
    g_autoptr(GError) error = NULL;

    folder_write("map.yaml", map);
    g_autoptr(ApiMap) read = api_read("map.yaml", NULL, &error);
    ck_assert_ptr_null(read);
    folder_assert_error(error, findings);
}
