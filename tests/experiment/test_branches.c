/* Checkpoints of an experiment come in the order of its tasks; experiments start from them and give
 * the same results; stopping and misuse wake everybody. */
#include "experiment/textbook.h"

#include <omosim/checkpoint.h>
#include <stdlib.h>
#include <string.h>

#define REPLICATIONS 6
#define POINTS 2
#define TASKS (POINTS * REPLICATIONS)
#define AT_US (30 * OMO_US_PER_DAY + OMO_US_PER_HOUR / 2)

struct bytes {
    unsigned char *data;
    size_t size, at;
};

/* Saved worlds by task. */
struct shelf {
    struct bytes world[TASKS];
    uint32_t taken;
    uint32_t fail_at; /* the task whose checkpoint is refused */
    bool in_order, never_two;
    int inside;
    int wrong; /* what on_start does wrong */
    const omo_model *model[POINTS];
};

static bool bytes_write(void *user, const void *data, size_t size)
{
    struct bytes *b = user;

    b->data = realloc(b->data, b->size + size);
    memcpy(b->data + b->size, data, size);
    b->size += size;
    return true;
}

static bool bytes_read(void *user, void *data, size_t size)
{
    struct bytes *b = user;

    if (size > b->size - b->at)
        return false;
    memcpy(data, b->data + b->at, size);
    b->at += size;
    return true;
}

static bool shelf_put(void *user, uint32_t point, uint32_t replication, const omo_world *world)
{
    struct shelf *s = user;
    uint32_t task = point * REPLICATIONS + replication;

    s->never_two = s->never_two && __atomic_add_fetch(&s->inside, 1, __ATOMIC_SEQ_CST) == 1;
    s->in_order = s->in_order && task == s->taken && omo_world_now_us(world) == AT_US;
    s->taken++;
    bool ok =
        task != s->fail_at && omo_world_save(world, bytes_write, &s->world[task], NULL) == OMO_OK;
    __atomic_sub_fetch(&s->inside, 1, __ATOMIC_SEQ_CST);
    return ok;
}

static omo_world *shelf_take(void *user, uint32_t point, uint32_t replication, omo_error *ret_error)
{
    struct shelf *s = user;
    uint32_t task = point * REPLICATIONS + replication;

    if (task == 3 && s->wrong == 1)
        return NULL; /* without saying why */
    if (task == 3 && s->wrong == 2)
        task = 4; /* another replication */
    if (task == 3 && s->wrong == 3)
        point = 1 - point; /* another model */
    struct bytes b = s->world[task];
    b.at = 0;
    return omo_world_restore(s->model[point], bytes_read, &b, ret_error);
}

static void shelf_free(struct shelf *s)
{
    for (uint32_t i = 0; i < TASKS; i++)
        free(s->world[i].data);
}

static omo_model *queue(double service_hours)
{
    return textbook_queue(2, 0.8, textbook_exponential(service_hours * (double)OMO_US_PER_HOUR),
                          2000.0);
}

static omo_experiment *experiment_of(struct shelf *s, uint32_t threads, bool save, bool start)
{
    omo_experiment_options o = omo_experiment_defaults();

    o.replications = REPLICATIONS;
    o.threads = threads;
    o.user = s;
    o.checkpoint_us = AT_US;
    o.on_checkpoint = save ? shelf_put : NULL;
    o.on_start = start ? shelf_take : NULL;
    omo_experiment *e = omo_experiment_new(&o, NULL);
    for (uint32_t i = 0; i < POINTS; i++)
        ck_assert_int_eq(omo_experiment_add_point(e, i == 0 ? "a" : "b", s->model[i], NULL),
                         OMO_OK);
    return e;
}

static void shelf_begin(struct shelf *s)
{
    *s = (struct shelf){.fail_at = UINT32_MAX, .in_order = true, .never_two = true};
    s->model[0] = queue(1.0);
    s->model[1] = queue(1.5);
}

static void shelf_end(struct shelf *s)
{
    for (uint32_t i = 0; i < POINTS; i++)
        omo_model_free((omo_model *)s->model[i]);
    shelf_free(s);
}

static void same(const omo_experiment *a, const omo_experiment *b)
{
    for (uint32_t point = 0; point < POINTS; point++) {
        const omo_model *m = omo_experiment_point_model(a, point);
        ck_assert_uint_eq(omo_experiment_point_digest(a, point),
                          omo_experiment_point_digest(b, point));
        for (uint32_t r = 0; r < REPLICATIONS; r++) {
            ck_assert_uint_eq(omo_experiment_event_count(a, point, r),
                              omo_experiment_event_count(b, point, r));
            ck_assert_uint_eq(omo_experiment_fact_count(a, point, r),
                              omo_experiment_fact_count(b, point, r));
            for (uint32_t i = 0; i < omo_model_kpi_count(m); i++) {
                double x = omo_experiment_value(a, point, r, i);
                double y = omo_experiment_value(b, point, r, i);
                ck_assert(memcmp(&x, &y, sizeof(x)) == 0 || (x != x && y != y));
            }
        }
    }
}

START_TEST(in_order_and_the_same)
{
    uint32_t threads = (uint32_t)_i + 1;
    struct shelf s;

    shelf_begin(&s);
    omo_experiment *whole = experiment_of(&s, 1, false, false);
    omo_experiment *saving = experiment_of(&s, threads, true, false);
    omo_experiment *going_on = experiment_of(&s, threads, false, true);
    ck_assert_int_eq(omo_experiment_run(whole, NULL), OMO_OK);
    ck_assert_int_eq(omo_experiment_run(saving, NULL), OMO_OK);
    ck_assert_uint_eq(s.taken, TASKS);
    ck_assert(s.in_order);
    ck_assert(s.never_two);
    same(whole, saving);
    ck_assert_int_eq(omo_experiment_run(going_on, NULL), OMO_OK);
    same(whole, going_on);
    omo_experiment_free(whole);
    omo_experiment_free(saving);
    omo_experiment_free(going_on);
    shelf_end(&s);
}
END_TEST

START_TEST(a_refused_checkpoint_stops_all)
{
    for (uint32_t fail_at = 0; fail_at < TASKS; fail_at += 3)
        for (uint32_t threads = 1; threads <= 4; threads++) {
            struct shelf s;
            omo_error error = {0};
            shelf_begin(&s);
            s.fail_at = fail_at;
            omo_experiment *e = experiment_of(&s, threads, true, false);
            ck_assert_int_eq(omo_experiment_run(e, &error), OMO_ECANCELLED);
            ck_assert_int_eq(error.status, OMO_ECANCELLED);
            ck_assert_uint_eq(s.taken, fail_at + 1);
            ck_assert(s.in_order);
            omo_experiment_free(e);
            shelf_end(&s);
        }
}
END_TEST

START_TEST(bad_starts)
{
    static const char *const text[] = {"without a world", "of another one", "another model"};
    struct shelf s;
    omo_error error = {0};

    shelf_begin(&s);
    omo_experiment *e = experiment_of(&s, 2, true, false);
    ck_assert_int_eq(omo_experiment_run(e, NULL), OMO_OK);
    omo_experiment_free(e);
    s.wrong = _i + 1;
    if (s.wrong == 3) { /* a model that is refused by the world itself */
        omo_model_free((omo_model *)s.model[1]);
        s.model[1] = textbook_queue(3, 0.8, textbook_exponential((double)OMO_US_PER_HOUR), 2000.0);
        struct bytes b = s.world[REPLICATIONS];
        ck_assert_ptr_null(omo_world_restore(s.model[1], bytes_read, &b, &error));
        ck_assert_ptr_nonnull(strstr(error.text, text[_i]));
    }
    e = experiment_of(&s, 2, false, true);
    ck_assert_int_eq(omo_experiment_run(e, &error), OMO_EINVAL);
    ck_assert_msg(strstr(error.text, text[_i]) != NULL, "%s", error.text);
    omo_experiment_free(e);
    shelf_end(&s);
}
END_TEST

/* A checkpoint outside of the run, and detail that the saved world does not have. */
START_TEST(bad_times)
{
    struct shelf s;
    omo_error error = {0};
    omo_experiment_options o = omo_experiment_defaults();

    shelf_begin(&s);
    omo_experiment *e = experiment_of(&s, 2, true, false);
    ck_assert_int_eq(omo_experiment_run(e, NULL), OMO_OK);
    omo_experiment_free(e);
    o.replications = 3;
    o.threads = 3;
    o.user = &s;
    for (int i = 0; i < 3; i++) {
        struct shelf none = {.fail_at = UINT32_MAX};
        o.on_checkpoint = i < 2 ? shelf_put : NULL;
        o.on_start = i > 0 ? shelf_take : NULL;
        o.user = i > 0 ? &s : &none;
        o.checkpoint_us = i == 0 ? INT64_MAX : AT_US - 1;
        o.keep_detail = i == 2;
        e = omo_experiment_new(&o, NULL);
        ck_assert_int_eq(omo_experiment_add_point(e, "a", s.model[0], NULL), OMO_OK);
        error = (omo_error){0};
        ck_assert_int_eq(omo_experiment_run(e, &error), OMO_EINVAL);
        ck_assert_msg(strstr(error.text, i < 2 ? "a checkpoint at day" : "detail") != NULL, "%s",
                      error.text);
        omo_experiment_free(e);
    }
    shelf_end(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("branches");
    TCase *tcase = tcase_create("branches");
    SRunner *runner = srunner_create(suite);

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, in_order_and_the_same, 0, 4);
    tcase_add_test(tcase, a_refused_checkpoint_stops_all);
    tcase_add_loop_test(tcase, bad_starts, 0, 3);
    tcase_add_test(tcase, bad_times);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
