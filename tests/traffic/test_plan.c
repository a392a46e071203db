/* Plans: what is written is read, and whatever is no whole plan is refused with its place. */
#include "shell/folder.h"
#include "traffic/plan.h"
#include "traffic/samples.h"
#include "traffic/steps.h"

#include <string.h>

START_TEST(test_round_trip)
{
    g_autoptr(GError) error = NULL;

    samples_write("a.plan");
    g_autoptr(Plan) plan = plan_open("a.plan", &error);
    folder_assert_fine(error);
    ck_assert_str_eq(plan_path(plan), "a.plan");
    ck_assert_uint_eq(plan_journey_count(plan), SAMPLES_JOURNEYS);
    ck_assert_uint_eq(plan_step_count(plan), SAMPLES_STEPS);
    ck_assert_uint_eq(plan_header(plan)->digest, 0xabcdef);
    ck_assert_uint_eq(plan_header(plan)->seed, 7);
    ck_assert_uint_eq(plan_header(plan)->replication, 2);
    ck_assert_int_eq(plan_header(plan)->epoch_us, INT64_C(1700000000000000));
    ck_assert_str_eq(json_string_value(json_object_get(plan_names(plan), "scenario")),
                     "two_stores");

    struct plan_cursor cursor = plan_begin(plan);
    const omo_plan_journey *journey = plan_next(plan, &cursor);
    ck_assert_uint_eq(journey->member, 9);
    ck_assert_uint_eq(journey->order, UINT64_C(0x8000000000000001));
    ck_assert_uint_eq(journey->tag, OMO_PLAN_JOURNEY);
    const omo_plan_step *step = plan_first_step(journey);
    ck_assert_uint_eq(plan_step_kind(plan, step->kind), STEP_log_in);
    ck_assert_uint_eq(plan_step_payload(step).size, 0);
    step = plan_next_step(step);
    ck_assert_int_eq(step->at_us, 2500000);
    ck_assert_int_eq(step->amount, -1250);
    ck_assert_uint_eq(step->quantity, 3);
    ck_assert_str_eq(plan_name(plan, PLAN_SKU, step->sku), "牛奶");
    ck_assert_str_eq(plan_name(plan, PLAN_PLACE, step->place), "store two");
    ck_assert_str_eq(plan_name(plan, PLAN_COUPON, step->coupon), "");
    ck_assert_uint_eq(plan_next(plan, &cursor)->channel, OMO_PLAN_NO_CHANNEL);
    journey = plan_next(plan, &cursor);
    step = plan_first_step(journey);
    ck_assert_uint_eq(step->payload, 1);
    ck_assert_mem_eq(plan_step_payload(step).bytes, "GET / HTTP/1.1\r\n\r\n", 18);
    step = plan_next_step(step);
    ck_assert_uint_eq(step->payload, 7);
    ck_assert_uint_eq(plan_step_payload(step).size, 200);
    ck_assert_int_eq(((const char *)plan_step_payload(step).bytes)[199], 'x');
    ck_assert_ptr_null(plan_next(plan, &cursor));
    ck_assert(!cursor.broken);

    struct plan_counts counts;
    ck_assert(plan_verify(plan, &counts, &error));
    ck_assert_uint_eq(counts.journeys, SAMPLES_JOURNEYS);
    ck_assert_uint_eq(counts.steps, SAMPLES_STEPS);
    ck_assert_uint_eq(counts.step_kind[STEP_request], 2);
    ck_assert_int_eq(counts.first_us, 1000);
    ck_assert_int_eq(counts.last_us, 3600000001);
}
END_TEST

/* ---- refused --------------------------------------------------------------------------------- */

static char *sample(size_t *ret_size)
{
    char *bytes = NULL;

    samples_write("a.plan");
    ck_assert(g_file_get_contents("a.plan", &bytes, ret_size, NULL));
    return bytes;
}

static size_t names_size(const char *bytes)
{
    return ((const omo_plan_header *)(const void *)bytes)->names_size;
}

/* Opening these bytes fails with exactly this text. */
static void assert_refused(const char *bytes, size_t size, const char *expected)
{
    g_autoptr(GError) error = NULL;

    ck_assert(g_file_set_contents("b.plan", bytes, (gssize)size, NULL));
    g_autoptr(Plan) plan = plan_open("b.plan", &error);
    ck_assert_ptr_null(plan);
    folder_assert_error(error, expected);
}

START_TEST(test_not_a_plan)
{
    g_autoptr(GError) error = NULL;
    size_t size;
    g_autofree char *bytes = sample(&size);

    assert_refused("", 0, "b.plan: is empty: not a traffic plan");
    assert_refused("{\"log\":{}}", 10,
                   "b.plan: not a traffic plan (omosim import makes one of other formats)");
    assert_refused(bytes, 5, "b.plan: cut within its header (byte 5)");
    assert_refused(bytes, 63, "b.plan: cut within its header (byte 63)");
    assert_refused(bytes, 70, "b.plan: cut within its names (byte 70)");
    ck_assert_ptr_null(plan_open("nowhere.plan", &error));
    folder_assert_error(error, "nowhere.plan: No such file or directory");
    ck_assert_ptr_null(plan_open(".", &error));
    folder_assert_error(error, ".: a plan is read in place and must be a regular file");
    bytes[7] = 9;
    assert_refused(bytes, size, "b.plan: a traffic plan of format 9; this version reads format 1");
}
END_TEST

START_TEST(test_bad_header)
{
    size_t size;
    g_autofree char *bytes = sample(&size);
    omo_plan_header *header = (void *)bytes;
    const uint64_t good = header->names_size;

    header->zero[4] = 1;
    assert_refused(bytes, size, "b.plan: damaged: its header ends with bytes that must be zero");
    header->zero[4] = 0;
    header->names_size = 33;
    assert_refused(bytes, size, "b.plan: damaged: its names cannot have 33 bytes");
    header->names_size = UINT64_MAX - 31;
    assert_refused(bytes, size,
                   "b.plan: damaged: its names cannot have 18446744073709551584 bytes");
    header->names_size = good;
    bytes[64] = '[';
    g_autoptr(GError) error = NULL;
    ck_assert(g_file_set_contents("b.plan", bytes, (gssize)size, NULL));
    ck_assert_ptr_null(plan_open("b.plan", &error));
    ck_assert(g_str_has_prefix(error->message, "b.plan: damaged: its names are no JSON: "));
}
END_TEST

/* Replaces the names of the sample. */
static char *with_names(const char *names, size_t *ret_size)
{
    g_autofree char *bytes = sample(ret_size);
    const size_t old = names_size(bytes);
    const size_t padded = (strlen(names) + 31) / 32 * 32;
    char *made = g_malloc(*ret_size - old + padded);

    memcpy(made, bytes, 64);
    ((omo_plan_header *)(void *)made)->names_size = padded;
    memset(made + 64, ' ', padded);
    memcpy(made + 64, names, strlen(names));
    memcpy(made + 64 + padded, bytes + 64 + old, *ret_size - 64 - old);
    *ret_size += padded - old;
    return made;
}

START_TEST(test_bad_names)
{
    static const char *const cases[][2] = {
        {"[1]", "b.plan: damaged: its names are not an object"},
        {"{\"skus\": 7}", "b.plan: damaged: 'skus' of its names is not a list"},
        {"{\"places\": [\"a\", 1]}", "b.plan: damaged: places[1] of its names is not a text"},
        {"{\"steps\": {}}", "b.plan: damaged: 'steps' of its names is not a list"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        size_t size;
        g_autofree char *bytes = with_names(cases[i][0], &size);
        assert_refused(bytes, size, cases[i][1]);
    }
}
END_TEST

/* A number past the end of its list stands for itself; kinds of steps go by their names. */
START_TEST(test_other_names)
{
    g_autoptr(GError) error = NULL;
    size_t size;
    g_autofree char *bytes =
        with_names("{\"channels\": [\"x\"], \"steps\": [\"pay\", \"warp\"]}", &size);

    ck_assert(g_file_set_contents("b.plan", bytes, (gssize)size, NULL));
    g_autoptr(Plan) plan = plan_open("b.plan", &error);
    folder_assert_fine(error);
    ck_assert_uint_eq(plan_step_kind(plan, 0), STEP_pay);
    ck_assert_uint_eq(plan_step_kind(plan, 1), STEP_COUNT);
    ck_assert_uint_eq(plan_step_kind(plan, 2), 2);
    ck_assert_uint_eq(plan_step_kind(plan, 255), STEP_COUNT);
    ck_assert_str_eq(plan_name(plan, PLAN_CHANNEL, 0), "x");
    ck_assert_str_eq(plan_name(plan, PLAN_CHANNEL, 1), "1");
    ck_assert_str_eq(plan_name(plan, PLAN_CHANNEL, OMO_PLAN_NO_CHANNEL), "");
    ck_assert_str_eq(plan_name(plan, PLAN_SKU, 4294967294u), "4294967294");
    ck_assert_str_eq(plan_name(plan, PLAN_COUPON, OMO_PLAN_NO_COUPON), "");
    const char *first = plan_name(plan, PLAN_SKU, 7);
    for (uint32_t i = 1; i < PLAN_NUMBERS_KEPT; i++)
        (void)plan_name(plan, PLAN_SKU, i);
    ck_assert_str_eq(first, "7");
    ck_assert_uint_eq(plan_name_count(plan, PLAN_CHANNEL), 1);
    ck_assert_uint_eq(plan_name_count(plan, PLAN_SKU), 0);
}
END_TEST

START_TEST(test_cut)
{
    size_t size;
    g_autofree char *bytes = sample(&size);
    const size_t begin = 64 + names_size(bytes);
    g_autoptr(GString) longer = g_string_new_len(bytes, (gssize)size);
    g_autofree char *expected = NULL;

    g_autofree char *nothing = g_strdup_printf("b.plan: cut after 0 journeys (byte %zu)", begin);
    assert_refused(bytes, begin, nothing);
    g_autofree char *one = g_strdup_printf("b.plan: cut after 1 journeys (byte %zu)", begin + 128);
    assert_refused(bytes, begin + 128, one);
    g_autofree char *two = g_strdup_printf("b.plan: cut after 2 journeys (byte %zu)", begin + 300);
    ck_assert_uint_lt(begin + 300, 1000);
    assert_refused(bytes, begin + 300, two);
    g_string_append_len(longer, "more", 4);
    expected = g_strdup_printf("b.plan: has 4 bytes too many behind its end (byte %zu), after 3 "
                               "journeys",
                               size - 32);
    assert_refused(longer->str, longer->len, expected);
    g_autofree char *damaged =
        g_strdup_printf("b.plan: damaged after 1 journeys (byte %zu)", begin + 128);
    bytes[begin + 128 + 31] = 7; /* the second journey's tag */
    assert_refused(bytes, size - 32, damaged);
}
END_TEST

START_TEST(test_damaged)
{
    g_autoptr(GError) error = NULL;
    size_t size;
    g_autofree char *bytes = sample(&size);
    const size_t begin = 64 + names_size(bytes);
    omo_plan_trailer *trailer = (void *)(bytes + size - 32);

    trailer->journey_count = 7;
    assert_refused(bytes, size,
                   "b.plan: damaged: 7 journeys of 6 steps are not in 544 bytes of "
                   "records");
    trailer->journey_count = 2;
    ck_assert(g_file_set_contents("b.plan", bytes, (gssize)size, NULL));
    g_autoptr(Plan) counted = plan_open("b.plan", &error);
    folder_assert_fine(error);
    ck_assert(!plan_verify(counted, NULL, &error));
    folder_assert_error(error, "b.plan: damaged: its trailer counts other journeys than there are");
    trailer->journey_count = 3;

    bytes[begin + 8] ^= 1; /* the member: only the checksum can know */
    ck_assert(g_file_set_contents("b.plan", bytes, (gssize)size, NULL));
    g_autoptr(Plan) summed = plan_open("b.plan", &error);
    folder_assert_fine(error);
    ck_assert(!plan_verify(summed, NULL, &error));
    folder_assert_error(error, "b.plan: damaged: the checksum of its records is wrong");

    bytes[begin + 128 + 31] = 7; /* the second journey's tag */
    ck_assert(g_file_set_contents("b.plan", bytes, (gssize)size, NULL));
    g_autoptr(Plan) broken = plan_open("b.plan", &error);
    folder_assert_fine(error);
    struct plan_cursor cursor = plan_begin(broken);
    ck_assert_ptr_nonnull(plan_next(broken, &cursor));
    ck_assert_ptr_null(plan_next(broken, &cursor));
    ck_assert(cursor.broken);
    ck_assert_ptr_null(plan_next(broken, &cursor));
    plan_set_broken_error(broken, &cursor, &error);
    g_autofree char *expected =
        g_strdup_printf("b.plan: damaged: no whole journey at byte %zu", begin + 128);
    folder_assert_error(error, expected);
}
END_TEST

/* ---- writing --------------------------------------------------------------------------------- */

START_TEST(test_payload_sizes)
{
    static const size_t sizes[] = {1, 27, 28, 29, 60, 61, 1000, OMO_PLAN_PAYLOAD_MAX};
    g_autoptr(GError) error = NULL;
    g_autofree uint8_t *bytes = g_malloc(OMO_PLAN_PAYLOAD_MAX);
    g_autoptr(PlanWriter) writer = plan_writer_open("p.plan", &samples_about, &error);
    omo_plan_step step = {.kind = STEP_request};
    omo_plan_journey journey = {.step_count = 1};

    for (size_t i = 0; i < OMO_PLAN_PAYLOAD_MAX; i++)
        bytes[i] = (uint8_t)(i * 7 + 1);
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        const struct plan_payload payload = {bytes + i, sizes[i] - (sizes[i] > 1000 ? i : 0)};
        ck_assert(plan_write_journey(writer, &journey, &step, &payload, &error));
    }
    ck_assert(plan_writer_commit(writer, NULL, &error));
    g_autoptr(Plan) plan = plan_open("p.plan", &error);
    folder_assert_fine(error);
    ck_assert(plan_verify(plan, NULL, &error));
    struct plan_cursor cursor = plan_begin(plan);
    for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
        const size_t size = sizes[i] - (sizes[i] > 1000 ? i : 0);
        const struct plan_payload payload =
            plan_step_payload(plan_first_step(plan_next(plan, &cursor)));
        ck_assert_uint_eq(payload.size, size);
        ck_assert_int_eq(memcmp(payload.bytes, bytes + i, size), 0);
    }
}
END_TEST

START_TEST(test_without_commit)
{
    g_autoptr(GError) error = NULL;
    PlanWriter *writer = plan_writer_open("w.plan", &samples_about, &error);

    folder_assert_fine(error);
    plan_writer_free(writer);
    g_autoptr(GDir) folder = g_dir_open(".", 0, NULL);
    ck_assert_ptr_null(g_dir_read_name(folder));
    ck_assert_ptr_null(plan_writer_open("no/such/folder.plan", &samples_about, &error));
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
}
END_TEST

/* A full disk ends the writing at the first buffer, not at the end of a long run. */
START_TEST(test_full_disk)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(PlanWriter) writer = plan_writer_open("/dev/full", &samples_about, &error);
    const omo_plan_step step = {.kind = STEP_browse};
    const omo_plan_journey journey = {.step_count = 1};
    uint32_t written = 0;

    folder_assert_fine(error);
    while (written < 100000 && plan_write_journey(writer, &journey, &step, NULL, &error))
        written++;
    ck_assert_uint_lt(written, 50000);
    ck_assert(g_error_matches(error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN));
    ck_assert_str_eq(error->message, "/dev/full: No space left on device");
}
END_TEST

/* ---- long plans ------------------------------------------------------------------------------ */

#define LONG_JOURNEYS 150000

struct walker {
    const Plan *plan;
    uint64_t steps;
};

static gpointer walk(gpointer data)
{
    struct walker *walker = data;
    struct plan_cursor cursor = plan_begin(walker->plan);
    const omo_plan_journey *journey;
    uint64_t count = 0;

    while ((journey = plan_next(walker->plan, &cursor)) != NULL) {
        const omo_plan_step *step = plan_first_step(journey);
        for (uint32_t i = 0; i < journey->step_count; i++, step = plan_next_step(step))
            walker->steps += step->kind <= STEP_browse;
        if (++count % 10000 == 0)
            plan_forget(walker->plan, cursor.at);
    }
    ck_assert(!cursor.broken);
    return NULL;
}

/* Threads walk at once, each forgetting what lies behind it, and none loses anything. */
START_TEST(test_threads)
{
    g_autoptr(GError) error = NULL;
    struct walker walkers[3];
    GThread *threads[3];

    samples_write_many("long.plan", LONG_JOURNEYS, 7);
    g_autoptr(Plan) plan = plan_open("long.plan", &error);
    folder_assert_fine(error);
    for (int i = 0; i < 3; i++) {
        walkers[i] = (struct walker){plan, 0};
        threads[i] = g_thread_new("walker", walk, &walkers[i]);
    }
    for (int i = 0; i < 3; i++)
        g_thread_join(threads[i]);
    for (int i = 0; i < 3; i++)
        ck_assert_uint_eq(walkers[i].steps, LONG_JOURNEYS * UINT64_C(7));
}
END_TEST

/* Pages of the file in this process, in bytes. */
static uint64_t mapped_size(const char *name)
{
    g_autofree char *text = NULL;
    uint64_t kib = 0;

    ck_assert(g_file_get_contents("/proc/self/smaps", &text, NULL, NULL));
    const char *at = strstr(text, name);
    ck_assert_ptr_nonnull(at);
    at = strstr(at, "\nRss:");
    ck_assert_int_eq(sscanf(at, "\nRss: %" G_GUINT64_FORMAT, &kib), 1);
    return kib << 10;
}

START_TEST(test_memory_is_flat)
{
    g_autoptr(GError) error = NULL;
    const omo_plan_journey *journey;
    uint64_t count = 0, size_max = 0;

    samples_write_many("long.plan", LONG_JOURNEYS, 7); /* 38 MB */
    g_autoptr(Plan) plan = plan_open("long.plan", &error);
    folder_assert_fine(error);
    struct plan_cursor cursor = plan_begin(plan);
    while ((journey = plan_next(plan, &cursor)) != NULL)
        if (++count % 10000 == 0) {
            size_max = MAX(size_max, mapped_size("/long.plan"));
            plan_forget(plan, cursor.at);
        }
    ck_assert_uint_eq(count, LONG_JOURNEYS);
    ck_assert_msg(size_max < 6000000, "%" G_GUINT64_FORMAT " bytes", size_max);
    cursor = plan_begin(plan);
    ck_assert_int_eq(plan_next(plan, &cursor)->at_us, 0); /* what was forgotten is still there */
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_round_trip, test_not_a_plan,    test_bad_header,
                                  test_bad_names,  test_other_names,   test_cut,
                                  test_damaged,    test_payload_sizes, test_without_commit,
                                  test_full_disk,  test_threads,       test_memory_is_flat};
    return folder_run("plan", tests, G_N_ELEMENTS(tests));
}
