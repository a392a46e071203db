/* Several plans as one, parts of plans, and what is counted and printed of them. */
#include "shell/folder.h"
#include "traffic/plan_filter.h"
#include "traffic/plan_print.h"
#include "traffic/plan_tally.h"
#include "traffic/samples.h"

#include <omosim/types.h>
#include <stdlib.h>
#include <string.h>

/* ---- merging --------------------------------------------------------------------------------- */

/* A plan of single steps of `sku`, at these times, of member `member`; -1 ends the list. */
static void write_plan(const char *path, const char *const *skus, int64_t epoch_us, uint64_t member,
                       uint32_t sku, const int64_t *at_us)
{
    const struct plan_about about = {.skus = skus, .epoch_us = epoch_us, .seed = 5};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanWriter) writer = plan_writer_open(path, &about, &error);

    folder_assert_fine(error);
    for (; *at_us >= 0; at_us++) {
        const omo_plan_journey journey = {.at_us = *at_us,
                                          .member = member,
                                          .place = OMO_PLAN_NONE,
                                          .channel = OMO_PLAN_NO_CHANNEL,
                                          .step_count = 1};
        const omo_plan_step step = {.at_us = *at_us,
                                    .sku = sku,
                                    .place = OMO_PLAN_NONE,
                                    .coupon = OMO_PLAN_NO_COUPON,
                                    .kind = STEP_browse};
        ck_assert(plan_write_journey(writer, &journey, &step, NULL, &error));
    }
    ck_assert(plan_writer_commit(writer, NULL, &error));
}

static PlanMerge *merge_of(const char *a, const char *b, int64_t shift_us)
{
    const char *const paths[] = {a, b, NULL};
    g_autoptr(GError) error = NULL;
    PlanMerge *merge = plan_merge_open(paths, shift_us, &error);

    folder_assert_fine(error);
    return merge;
}

/* "member:time:sku ..." of the whole stream. */
static char *stream_text(PlanMerge *merge)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    struct plan_visit visit;
    uint64_t number = 0;

    while (plan_merge_next(merge, &visit, &error)) {
        ck_assert_uint_eq(visit.number, ++number);
        g_string_append_printf(text, "%u:%d:%s ", (unsigned)visit.journey.member,
                               (int)visit.journey.at_us,
                               plan_merge_name(merge, PLAN_SKU, visit.steps[0].sku));
    }
    folder_assert_fine(error);
    return g_strdup(g_strchomp(text->str));
}

static const char *const skus_a[] = {"bread", "milk", NULL};
static const char *const skus_b[] = {"milk", "tea", NULL};

START_TEST(test_merged_by_time)
{
    write_plan("a.plan", skus_a, INT64_MIN, 1, 1, (const int64_t[]){1, 5, 5, 9, -1});
    write_plan("b.plan", skus_b, INT64_MIN, 2, 0, (const int64_t[]){0, 5, 10, -1});
    write_plan("c.plan", NULL, INT64_MIN, 3, 7, (const int64_t[]){5, -1});
    g_autoptr(PlanMerge) merge = merge_of("a.plan", "b.plan", 0);
    g_autofree char *text = stream_text(merge);
    ck_assert_str_eq(text, "2:0:milk 1:1:milk 1:5:milk 1:5:milk 2:5:milk 1:9:milk 2:10:milk");
    const char *const *names = plan_merge_about(merge)->skus;
    ck_assert_str_eq(names[0], "bread");
    ck_assert_str_eq(names[1], "milk");
    ck_assert_str_eq(names[2], "tea");
    ck_assert_ptr_null(names[3]);
    ck_assert_uint_eq(plan_merge_about(merge)->seed, 5);

    g_autoptr(PlanMerge) other = merge_of("b.plan", "c.plan", 3);
    g_autofree char *moved = stream_text(other);
    ck_assert_str_eq(moved, "2:3:milk 2:8:milk 3:8:7 2:13:milk");
    ck_assert_str_eq(plan_merge_about(other)->skus[2], "7"); /* past the end: its own name */

    const char *const one[] = {"c.plan", NULL};
    g_autoptr(PlanMerge) alone = plan_merge_open(one, -5, NULL);
    struct plan_visit visit;
    ck_assert(plan_merge_next(alone, &visit, NULL));
    ck_assert_uint_eq(visit.steps[0].sku, 7); /* a single plan keeps its numbers */
    ck_assert_int_eq(visit.steps[0].at_us, 0);
}
END_TEST

START_TEST(test_merged_by_the_clock)
{
    write_plan("a.plan", skus_a, 1000, 1, 0, (const int64_t[]){0, 50, -1});
    write_plan("b.plan", skus_a, 1020, 2, 0, (const int64_t[]){0, 40, -1});
    g_autoptr(PlanMerge) merge = merge_of("b.plan", "a.plan", 0);
    g_autofree char *text = stream_text(merge);
    ck_assert_str_eq(text, "1:0:bread 2:20:bread 1:50:bread 2:60:bread");
    ck_assert_int_eq(plan_merge_about(merge)->epoch_us, 1000);

    write_plan("c.plan", skus_a, INT64_MIN + 1, 2, 0, (const int64_t[]){0, -1});
    const char *const far[] = {"a.plan", "c.plan", NULL};
    g_autoptr(GError) error = NULL;
    ck_assert_ptr_null(plan_merge_open(far, 0, &error));
    folder_assert_error(error, "a.plan: would be moved by more than 285 years");
}
END_TEST

START_TEST(test_too_many_names)
{
    g_autoptr(GError) error = NULL;
    const char *channels[256] = {NULL};
    const char *const more[] = {"one more", NULL};
    char text[255][8];

    for (int i = 0; i < 255; i++) {
        g_snprintf(text[i], sizeof text[i], "c%d", i);
        channels[i] = text[i];
    }
    g_autoptr(PlanWriter) a =
        plan_writer_open("a.plan",
                         &(struct plan_about){.channels = channels, .epoch_us = INT64_MIN}, &error);
    ck_assert(plan_writer_commit(a, NULL, &error));
    g_autoptr(PlanWriter) b =
        plan_writer_open("b.plan", &(struct plan_about){.channels = more, .epoch_us = INT64_MIN},
                         &error);
    ck_assert(plan_writer_commit(b, NULL, &error));
    const char *const paths[] = {"a.plan", "b.plan", NULL};
    ck_assert_ptr_null(plan_merge_open(paths, 0, &error));
    folder_assert_error(error, "together the plans name more than 255 channels, which is all that "
                               "a plan holds");
}
END_TEST

/* A merge is not at its end before all files were whole. */
START_TEST(test_damage_is_noticed)
{
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    struct plan_visit visit;
    gsize size;

    samples_write("a.plan");
    ck_assert(g_file_get_contents("a.plan", &bytes, &size, NULL));
    bytes[size - 40] ^= 1; /* a byte of the last payload */
    ck_assert(g_file_set_contents("b.plan", bytes, (gssize)size, NULL));
    const char *const paths[] = {"b.plan", NULL};
    g_autoptr(PlanMerge) merge = plan_merge_open(paths, 0, &error);
    folder_assert_fine(error);
    while (plan_merge_next(merge, &visit, &error))
        ;
    folder_assert_error(error, "b.plan: damaged: the checksum of its records is wrong");
}
END_TEST

/* ---- filtering ------------------------------------------------------------------------------- */

/* Numbers of the journeys that pass, "1 3 "; or the error. */
static char *passing(const char *path, struct plan_filter_options options)
{
    const char *const paths[] = {path, NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanMerge) merge = plan_merge_open(paths, 0, &error);
    g_autoptr(GString) text = g_string_new(NULL);
    struct plan_visit visit;

    folder_assert_fine(error);
    g_autoptr(PlanFilter) filter = plan_filter_new(&options, merge, &error);
    if (filter == NULL) {
        ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE));
        return g_strdup(error->message);
    }
    while (plan_merge_next(merge, &visit, &error))
        if (plan_filter_match(filter, &visit))
            g_string_append_printf(text, "%u ", (unsigned)visit.number);
    folder_assert_fine(error);
    return g_strdup(text->str);
}

#define assert_passing(path, expected, ...)                                                        \
    do {                                                                                           \
        g_autofree char *found = passing(path, (struct plan_filter_options){__VA_ARGS__});         \
        ck_assert_str_eq(found, expected);                                                         \
    } while (0)

START_TEST(test_filters)
{
    samples_write("a.plan"); /* time 0 is 22:13:20 */
    assert_passing("a.plan", "1 2 3 ", .from = NULL);
    assert_passing("a.plan", "1 ", .channels = "app");
    assert_passing("a.plan", "1 3 ", .channels = "web, app");
    assert_passing("a.plan", "2 ", .places = "store \"one\"");
    assert_passing("a.plan", "1 ", .places = "store two");
    assert_passing("a.plan", "1 2 ", .steps = "pick_list,check_out");
    assert_passing("a.plan", "3 ", .member = "10");
    assert_passing("a.plan", "2 3 ", .journeys = "2:7");
    assert_passing("a.plan", "2 3 ", .from = "1h");
    assert_passing("a.plan", "1 ", .to = "1h");
    assert_passing("a.plan", "1 ", .from = "22:00", .to = "23:00");
    assert_passing("a.plan", "2 3 ", .from = "23:13:20");
    assert_passing("a.plan", "2 3 ", .from = "23:00", .to = "01:00");
    assert_passing("a.plan", "", .from = "08:00", .to = "22:00");
    assert_passing("a.plan", "1 2 3 ", .sample = "100%");
    assert_passing("a.plan", "", .sample = "0");
}
END_TEST

START_TEST(test_bad_filters)
{
    samples_write("a.plan");
    assert_passing("a.plan",
                   "--channel: the plan names no 'ap', did you mean 'app'? (one of app, web)",
                   .channels = "ap");
    assert_passing("a.plan", "--step: unknown kind of step 'chekout', did you mean 'check_out'?",
                   .steps = "chekout");
    assert_passing("a.plan", "--member: expected a member's number, found 'x'", .member = "x");
    assert_passing("a.plan",
                   "--journeys: expected FIRST:COUNT, both from 1 on, such as 1:100, found '0:1'",
                   .journeys = "0:1");
    assert_passing("a.plan", "--sample: expected a share from 0% to 100%, found '2'",
                   .sample = "2");
    assert_passing("a.plan", "--to: 1h is not after 2h", .from = "2h", .to = "1h");
    assert_passing("a.plan",
                   "--to: --from and --to are both times of day or both times since time 0",
                   .from = "2h", .to = "18:00");
    assert_passing("a.plan",
                   "--from: expected a time of day such as 06:30, found '25:00' (or since time 0: "
                   "18h, 1d6h)",
                   .from = "25:00");
}
END_TEST

/* Members stay whole, and a small sample lies within a large one. */
START_TEST(test_sample)
{
    const char *const paths[] = {"m.plan", NULL};
    g_autoptr(GError) error = NULL;
    uint32_t kept[1001] = {0}, kept_more[1001] = {0}, members = 0;
    struct plan_visit visit;

    samples_write_many("m.plan", 5000, 2); /* five journeys of each of 1,000 members */
    g_autoptr(PlanMerge) merge = plan_merge_open(paths, 0, &error);
    g_autoptr(PlanFilter) tenth =
        plan_filter_new(&(struct plan_filter_options){.sample = "10%", .seed = 1}, merge, &error);
    g_autoptr(PlanFilter) fifth =
        plan_filter_new(&(struct plan_filter_options){.sample = "20%", .seed = 1}, merge, &error);
    while (plan_merge_next(merge, &visit, &error)) {
        kept[visit.journey.member] += plan_filter_match(tenth, &visit);
        kept_more[visit.journey.member] += plan_filter_match(fifth, &visit);
    }
    for (uint32_t i = 1; i <= 1000; i++) {
        ck_assert(kept[i] == 0 || kept[i] == 5);
        ck_assert_uint_ge(kept_more[i], kept[i]);
        members += kept[i] == 5;
    }
    ck_assert_uint_gt(members, 60); /* 100 +- 9.5, the seed is fixed */
    ck_assert_uint_lt(members, 140);
}
END_TEST

/* ---- counting and printing ------------------------------------------------------------------- */

START_TEST(test_tally)
{
    const char *const paths[] = {"a.plan", NULL};
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanTally) tally = plan_tally_new();
    struct plan_visit visit;

    samples_write("a.plan");
    g_autoptr(PlanMerge) merge = plan_merge_open(paths, 0, &error);
    ck_assert_uint_eq(plan_tally_totals(tally)->journeys, 0);
    while (plan_merge_next(merge, &visit, &error))
        plan_tally_add(tally, &visit);
    const struct plan_totals *totals = plan_tally_totals(tally);
    ck_assert_uint_eq(totals->journeys, 3);
    ck_assert_uint_eq(totals->steps, 6);
    ck_assert_uint_eq(totals->step_kind[STEP_request], 2);
    ck_assert_uint_eq(totals->channel[0], 1);
    ck_assert_uint_eq(totals->channel[OMO_PLAN_NO_CHANNEL], 1);
    ck_assert_uint_eq(totals->payload_size, 218);
    ck_assert_uint_eq(totals->peak_steps, 3);
    ck_assert_int_eq(totals->peak_us, 0); /* the first of two equal ones */
}
END_TEST

/* The ring of minutes against all minutes at once. */
START_TEST(test_busiest_minute)
{
    g_autoptr(PlanTally) tally = plan_tally_new();
    static uint32_t minutes[20000];
    uint32_t state = 1;
    int64_t at_us = -30 * OMO_US_PER_MINUTE;

    for (uint64_t i = 0; i < 20000; i++) {
        omo_plan_step steps[2] = {{.at_us = at_us}, {.at_us = at_us}};
        state = state * 1664525u + 1013904223u;
        at_us += state >> 8; /* up to 17 s */
        steps[0].at_us = at_us;
        steps[1].at_us = at_us + (int64_t)(state % 5000) * OMO_US_PER_MINUTE;
        const struct plan_visit visit = {.journey = {.at_us = at_us, .step_count = 2},
                                         .steps = steps};
        plan_tally_add(tally, &visit);
        for (int s = 0; s < 2; s++)
            minutes[(steps[s].at_us + 30 * OMO_US_PER_MINUTE) / OMO_US_PER_MINUTE]++;
    }
    uint32_t peak = 0;
    for (uint32_t m = 1; m < G_N_ELEMENTS(minutes); m++)
        peak = minutes[m] > minutes[peak] ? m : peak;
    ck_assert_uint_eq(plan_tally_totals(tally)->peak_steps, minutes[peak]);
    ck_assert_int_eq(plan_tally_totals(tally)->peak_us, ((int64_t)peak - 30) * OMO_US_PER_MINUTE);
}
END_TEST

START_TEST(test_printed)
{
    const char *const paths[] = {"a.plan", NULL};
    g_autoptr(GError) error = NULL;
    g_autofree char *text = NULL;
    FILE *stream = fopen("text", "w");
    char time[PLAN_TIME_SIZE];
    struct plan_visit visit;
    uint64_t lines = 0;

    samples_write("a.plan");
    g_autoptr(PlanMerge) merge = plan_merge_open(paths, 0, &error);
    while (plan_merge_next(merge, &visit, &error))
        lines += plan_print_visit(merge, &visit, 5 - lines, stream);
    fclose(stream);
    ck_assert_uint_eq(lines, 5);
    ck_assert(g_file_get_contents("text", &text, NULL, NULL));
    g_auto(GStrv) row = g_strsplit(text, "\n", -1);
    ck_assert_uint_eq(g_strv_length(row), 6);
    ck_assert_ptr_nonnull(strstr(row[1], "2023-11-14 22:13:22.500000"));
    ck_assert_ptr_nonnull(strstr(row[1], "牛奶"));
    ck_assert_ptr_nonnull(strstr(row[1], " -12.50"));
    ck_assert_ptr_nonnull(strstr(row[2], "ten_off"));
    ck_assert(g_str_has_suffix(row[4], "  GET / HTTP/1.1"));
    write_plan("b.plan", NULL, INT64_MIN, 1, 0, (const int64_t[]){1, -1});
    const char *const other[] = {"b.plan", NULL};
    g_autoptr(PlanMerge) bare = plan_merge_open(other, 0, &error);
    ck_assert_str_eq(plan_print_time(bare, 93784000005, time), "1d 02:03:04.000005");
    ck_assert_str_eq(plan_print_time(bare, -1, time), "-0d 00:00:00.000001");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_merged_by_time, test_merged_by_the_clock,
                                  test_too_many_names, test_damage_is_noticed,
                                  test_filters,        test_bad_filters,
                                  test_sample,         test_tally,
                                  test_busiest_minute, test_printed};
    return folder_run("plan_merge", tests, G_N_ELEMENTS(tests));
}
