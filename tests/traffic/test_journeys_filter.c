/* A narrower filter gives exactly those journeys of the wider one that pass it, byte for byte; and
 * the same world gives the same plan. */
#include "traffic/journeys_case.h"

#include <string.h>

static const char *const week[] = {"run.days=6",
                                   "run.warm_up=0s",
                                   "demand.segments.members.visits=400/d",
                                   "traffic.return_share=30%",
                                   "traffic.cancel_share=10%",
                                   NULL};

static const char *const week_seed_2[] = {"run.days=6", "run.warm_up=0s",
                                          "demand.segments.members.visits=400/d", "run.seed=2",
                                          NULL};

static struct journeys_case *new_week(void) { return journeys_case_new("two_stores.yaml", week); }

static bool same_journey(const struct journeys_case *a, uint32_t i, const struct journeys_case *b,
                         uint32_t k)
{
    const omo_plan_journey *x = journeys_case_journey(a, i), *y = journeys_case_journey(b, k);

    return memcmp(x, y, sizeof *x) == 0 &&
           memcmp(journeys_case_step(a, i, 0), journeys_case_step(b, k, 0),
                  x->step_count * sizeof(omo_plan_step)) == 0;
}

/* `part` holds exactly the journeys of `whole` that are wanted. */
static void assert_part(const struct journeys_case *part, const struct journeys_case *whole,
                        const bool *wanted)
{
    uint32_t k = 0;

    for (uint32_t i = 0; i < whole->journeys->len; i++) {
        if (!wanted[i])
            continue;
        ck_assert_uint_lt(k, part->journeys->len);
        ck_assert_msg(same_journey(part, k, whole, i), "journey %u of the part, %u of the whole", k,
                      i);
        k++;
    }
    ck_assert_uint_eq(k, part->journeys->len);
    ck_assert_uint_gt(k, 50);
    ck_assert_uint_lt(k, whole->journeys->len);
}

/* Wanted are visits that pass, and tasks that pass for orders whose visit does. */
static bool *want(const struct journeys_case *c,
                  bool (*passes)(const omo_plan_journey *journey, const void *filter),
                  const void *filter)
{
    bool *wanted = g_new0(bool, c->journeys->len);
    g_autoptr(GHashTable) orders = g_hash_table_new(g_int64_hash, g_int64_equal);

    for (uint32_t i = 0; i < c->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(c, i);
        const bool visit = journeys_case_is_visit(c, i);
        wanted[i] = passes(j, filter) && (visit || g_hash_table_contains(orders, &j->order));
        if (wanted[i] && visit)
            g_hash_table_add(orders, (gpointer)&j->order);
    }
    return wanted;
}

START_TEST(test_same_bytes)
{
    g_autoptr(JourneysCase) a = new_week();
    g_autoptr(JourneysCase) b = new_week();
    g_autoptr(JourneysCase) other = journeys_case_new("two_stores.yaml", week_seed_2);

    journeys_case_run(a);
    journeys_case_run(b);
    journeys_case_run(other);
    ck_assert_uint_gt(a->journeys->len, 1000);
    ck_assert_uint_eq(a->journeys->len, b->journeys->len);
    ck_assert_uint_eq(a->steps->len, b->steps->len);
    ck_assert_mem_eq(a->journeys->data, b->journeys->data,
                     a->journeys->len * sizeof(omo_plan_journey));
    ck_assert_mem_eq(a->steps->data, b->steps->data, a->steps->len * sizeof(omo_plan_step));
    ck_assert(memcmp(a->steps->data, other->steps->data, 1000 * sizeof(omo_plan_step)) != 0);
}
END_TEST

static bool passes_channel(const omo_plan_journey *j, const void *channel)
{
    return j->channel == *(const uint8_t *)channel;
}

START_TEST(test_channel)
{
    for (uint8_t channel = 1; channel <= 3; channel++) {
        g_autoptr(JourneysCase) whole = new_week();
        g_autoptr(JourneysCase) part = new_week();
        journeys_case_run(whole);
        g_autofree bool *wanted = want(whole, passes_channel, &channel);
        memset(part->channel, 0, sizeof part->channel);
        part->channel[channel] = true;
        journeys_case_run(part);
        assert_part(part, whole, wanted);
    }
}
END_TEST

static bool passes_time(const omo_plan_journey *j, const void *options)
{
    const struct journeys_options *o = options;
    const int64_t day = j->at_us / OMO_US_PER_DAY, time_us = j->at_us % OMO_US_PER_DAY;

    if (o->from_us < o->to_us)
        return day >= o->first_day && day < o->first_day + o->day_count && time_us >= o->from_us &&
               time_us < o->to_us;
    return (time_us >= o->from_us && day >= o->first_day && day < o->first_day + o->day_count) ||
           (time_us < o->to_us && day > o->first_day && day <= o->first_day + o->day_count);
}

START_TEST(test_window)
{
    static const struct {
        int64_t first, count, from_h, to_h;
    } windows[] = {{0, 1, 0, 24}, {2, 3, 0, 24}, {1, 4, 18, 22}, {1, 3, 21, 2}, {5, 1, 8, 20}};

    for (size_t i = 0; i < G_N_ELEMENTS(windows); i++) {
        g_autoptr(JourneysCase) whole = new_week();
        g_autoptr(JourneysCase) part = new_week();
        journeys_case_run(whole);
        part->options.first_day = windows[i].first;
        part->options.day_count = windows[i].count;
        part->options.from_us = windows[i].from_h * OMO_US_PER_HOUR;
        part->options.to_us = windows[i].to_h * OMO_US_PER_HOUR;
        g_autofree bool *wanted = want(whole, passes_time, &part->options);
        journeys_case_run(part);
        assert_part(part, whole, wanted);
    }
}
END_TEST

START_TEST(test_clerks)
{
    g_autoptr(JourneysCase) whole = new_week();
    g_autoptr(JourneysCase) part = new_week();
    g_autofree bool *wanted = NULL;

    journeys_case_run(whole);
    wanted = g_new0(bool, whole->journeys->len);
    for (uint32_t i = 0; i < whole->journeys->len; i++)
        wanted[i] = journeys_case_is_visit(whole, i);
    part->options.clerks = false;
    journeys_case_run(part);
    assert_part(part, whole, wanted);
}
END_TEST

/* Visits of orders that a place has part in, tasks at that place. */
START_TEST(test_place)
{
    g_autoptr(JourneysCase) whole = new_week();
    g_autoptr(JourneysCase) part = new_week();
    g_autoptr(GHashTable) has_part = g_hash_table_new(g_int64_hash, g_int64_equal);
    const uint32_t reserved = journeys_case_fact("RESERVED"), west = 1;
    const bool places[4] = {[1] = true};
    g_autofree bool *wanted = NULL;
    uint32_t elsewhere = 0;

    ck_assert_str_eq(omo_model_place_id(whole->model, west), "west");
    journeys_case_run(whole);
    for (guint i = 0; i < whole->facts->len; i++) {
        const omo_fact *f = &g_array_index(whole->facts, omo_fact, i);
        if (omo_fact_kind(f) == reserved && f->place == west)
            g_hash_table_add(has_part, (gpointer)&f->order);
    }
    wanted = g_new0(bool, whole->journeys->len);
    for (uint32_t i = 0; i < whole->journeys->len; i++) {
        const omo_plan_journey *j = journeys_case_journey(whole, i);
        const bool visit = journeys_case_is_visit(whole, i);
        wanted[i] = j->place == west || (visit && g_hash_table_contains(has_part, &j->order));
        elsewhere += wanted[i] && j->place != west;
    }
    ck_assert_uint_gt(elsewhere, 0); /* split orders */
    part->options.place = places;
    journeys_case_run(part);
    assert_part(part, whole, wanted);
}
END_TEST

/* What waits is what half an hour brings, not what the run has brought. */
START_TEST(test_memory)
{
    static const char *const long_run[] = {"run.days=60", "run.warm_up=0s",
                                           "demand.segments.members.visits=400/d",
                                           "traffic.return_share=0", NULL};
    g_autoptr(JourneysCase) few = journeys_case_new("two_stores.yaml", long_run);
    g_autoptr(JourneysCase) many = journeys_case_new("two_stores.yaml", long_run);

    few->options.day_count = 6;
    journeys_case_run(few);
    journeys_case_run(many);
    ck_assert_uint_gt(many->journeys->len, 8 * few->journeys->len);
    ck_assert_uint_gt(few->counts.waiting_max, 10);
    ck_assert_uint_le(many->counts.waiting_max, 2 * few->counts.waiting_max);
}
END_TEST

static gboolean refuse(void *user, const omo_plan_journey *journey, const omo_plan_step *steps,
                       GError **ret_error)
{
    uint32_t *left = user;

    (void)journey;
    (void)steps;
    ck_assert_uint_ne(*left, UINT32_MAX); /* never called again */
    if ((*left)-- > 0)
        return TRUE;
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "full");
    return FALSE;
}

/* A sink that fails is not called again, and its error comes out at the end. */
START_TEST(test_failing_sink)
{
    g_autoptr(JourneysCase) c = new_week();
    g_autoptr(GError) error = NULL;
    uint32_t left = 100;

    c->world = omo_world_new(c->model, 1, 0, NULL);
    g_autoptr(Journeys) journeys = journeys_new(c->world, c->model, &c->options, refuse, &left);
    omo_world_set_reader(c->world, journeys_read, journeys);
    ck_assert_int_eq(omo_world_run(c->world, INT64_MAX, NULL), OMO_OK);
    ck_assert(journeys_failed(journeys));
    ck_assert(!journeys_finish(journeys, NULL, &error));
    ck_assert_str_eq(error->message, "full");
    omo_world_set_reader(c->world, NULL, NULL);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_same_bytes, test_channel, test_window,      test_clerks,
                                  test_place,      test_memory,  test_failing_sink};
    return folder_run("journeys_filter", tests, G_N_ELEMENTS(tests));
}
