#include "traffic/samples.h"
#include "traffic/steps.h"

#include <check.h>

static const char *const channels[] = {"app", "web", NULL};
static const char *const places[] = {"store \"one\"", "store two", NULL};
static const char *const skus[] = {"milk", "牛奶", "bread", NULL};
static const char *const coupons[] = {"ten_off", NULL};

const struct plan_about samples_about = {
    .scenario = "two_stores",
    .channels = channels,
    .places = places,
    .skus = skus,
    .coupons = coupons,
    .epoch_us = INT64_C(1700000000000000),
    .seed = 7,
    .digest = 1,
    .replication = 2,
};

static omo_plan_step make_step(int64_t at_us, enum step_kind kind)
{
    return (omo_plan_step){.at_us = at_us,
                           .sku = OMO_PLAN_NONE,
                           .place = OMO_PLAN_NONE,
                           .coupon = OMO_PLAN_NO_COUPON,
                           .kind = (uint8_t)kind};
}

static void must(gboolean done, GError *error)
{
    ck_assert_msg(done && error == NULL, "%s", error != NULL ? error->message : "failed");
}

void samples_write(const char *path)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanWriter) writer = plan_writer_open(path, &samples_about, &error);
    omo_plan_step visit[3] = {make_step(1000, STEP_log_in), make_step(2500000, STEP_add_to_cart),
                              make_step(2500000, STEP_check_out)};
    omo_plan_step pick = make_step(3600000000, STEP_pick_list);
    omo_plan_step recorded[2] = {make_step(3600000000, STEP_request),
                                 make_step(3600000001, STEP_request)};
    static const char get[] = "GET / HTTP/1.1\r\n\r\n";
    char post[200] = "POST /orders HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n";
    const struct plan_payload payloads[2] = {{get, sizeof get - 1}, {post, sizeof post}};

    must(writer != NULL, error);
    visit[1].sku = 1;
    visit[1].quantity = 3;
    visit[1].amount = -1250;
    visit[1].place = 1;
    visit[2].coupon = 0;
    visit[2].amount = 2500;
    memset(post + strlen(post), 'x', sizeof post - strlen(post));
    must(plan_write_journey(writer,
                            &(omo_plan_journey){.at_us = 1000,
                                                .member = 9,
                                                .order = UINT64_C(0x8000000000000001),
                                                .place = 1,
                                                .step_count = 3,
                                                .channel = 0},
                            visit, NULL, &error),
         error);
    must(plan_write_journey(writer,
                            &(omo_plan_journey){.at_us = 3600000000,
                                                .place = 0,
                                                .step_count = 1,
                                                .channel = OMO_PLAN_NO_CHANNEL},
                            &pick, NULL, &error),
         error);
    must(plan_write_journey(writer,
                            &(omo_plan_journey){.at_us = 3600000000,
                                                .member = 10,
                                                .place = OMO_PLAN_NONE,
                                                .step_count = 2,
                                                .channel = 1},
                            recorded, payloads, &error),
         error);
    plan_writer_set_digest(writer, 0xabcdef);
    must(plan_writer_commit(writer, NULL, &error), error);
}

void samples_write_many(const char *path, uint64_t count, uint32_t step_count)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanWriter) writer = plan_writer_open(path, &samples_about, &error);
    g_autofree omo_plan_step *steps = g_new(omo_plan_step, step_count);

    must(writer != NULL, error);
    for (uint64_t i = 0; i < count; i++) {
        const int64_t at_us = (int64_t)i * 1000;
        for (uint32_t s = 0; s < step_count; s++)
            steps[s] = make_step(at_us + s * 1000000, s == 0 ? STEP_log_in : STEP_browse);
        const omo_plan_journey journey = {.at_us = at_us,
                                          .member = 1 + i % 1000,
                                          .place = i % 2,
                                          .step_count = (uint16_t)step_count,
                                          .channel = i % 2};
        must(plan_write_journey(writer, &journey, steps, NULL, &error), error);
    }
    must(plan_writer_commit(writer, NULL, &error), error);
}
