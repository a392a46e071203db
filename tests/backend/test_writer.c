/* The writer: calls share commits, refused ones leave nothing, those that wait come back, and when
 * the disk is full nobody is told that it was done. */
#include "backend/platform_case.h"
#include "backend/store_private.h"
#include "backend/writer.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#define CALLS_MAX 4000

static struct backend_shared shared;
static struct store *store;
static struct {
    GMutex lock;
    GCond wake;
    uint32_t answered, order[CALLS_MAX], status[CALLS_MAX];
    int64_t seen[CALLS_MAX]; /* members in the database, by a reader, when it was answered */
} told;
static uint32_t executed[2 * CALLS_MAX], executed_count;
static struct store *reader;

struct numbered { /* a job and its number */
    struct job job;
    uint32_t number;
    int parts;
};

static void answered(struct job *job)
{
    struct numbered *n = (struct numbered *)job;

    g_mutex_lock(&told.lock);
    told.order[told.answered++] = n->number;
    told.status[n->number] = job->call.status;
    if (reader != NULL) {
        g_autofree char *name = g_strdup_printf("m%u", n->number);
        store_bind(reader, STATEMENT_member_find, "t", name);
        told.seen[n->number] = store_row(reader, STATEMENT_member_find);
        store_settle(reader);
    }
    json_decref(job->call.answer);
    if (job->call.page != NULL)
        g_string_free(job->call.page, TRUE);
    g_free(job);
    g_cond_signal(&told.wake);
    g_mutex_unlock(&told.lock);
}

static void add_member(struct call *call, uint32_t number)
{
    g_autofree char *name = g_strdup_printf("m%u", number);

    store_run(call->store, STATEMENT_member_add_next, "it", INT64_C(1000000), name);
}

static void handle(struct call *call)
{
    struct numbered *n = (struct numbered *)call;

    executed[executed_count++] = n->number;
    if (n->parts > 1) {
        n->parts--;
        call_later(call, n->number % 2 == 0 ? 0 : 20000);
        return;
    }
    add_member(call, n->number);
    if (n->number % 5 == 4)
        call_refuse(call, 409, "no", "every fifth is refused");
    else
        call_answer(call, 201, json_object());
}

static const struct route route = {"POST", "/test", handle, ACCESS_OPEN, true};

static void push(struct writer *writer, uint32_t number, int parts)
{
    struct numbered *n = g_new0(struct numbered, 1);

    n->job.call.shared = &shared;
    n->job.call.faults = shared.faults;
    n->job.route = &route;
    n->job.again_us = -1;
    n->number = number;
    n->parts = parts;
    writer_push(writer, &n->job);
}

static void await(uint32_t count)
{
    g_mutex_lock(&told.lock);
    while (told.answered < count)
        g_cond_wait(&told.wake, &told.lock);
    g_mutex_unlock(&told.lock);
}

static struct writer *begin(const char *fault)
{
    const char *const faults[] = {fault, NULL};

    platform_make();
    memset(&told, 0, sizeof told);
    executed_count = 0;
    shared = (struct backend_shared){.faults = faults_new(fault != NULL ? faults : NULL, NULL),
                                     .began_us = g_get_monotonic_time(),
                                     .clock = g_get_real_time};
    store = store_open("shop.db", true, NULL);
    reader = store_open("shop.db", false, NULL);
    ck_assert(store != NULL && reader != NULL && shared.faults != NULL);
    return writer_start(store, &shared, answered);
}

static void end(struct writer *writer)
{
    writer_stop(writer);
    store_close(reader);
    store_close(store);
    faults_free(shared.faults);
    reader = NULL;
}

/* Bursts of calls: in order, on disk when they are answered, with far fewer commits. */
START_TEST(test_group)
{
    struct writer *writer = begin(NULL);

    for (uint32_t i = 0; i < CALLS_MAX; i++)
        push(writer, i, 1);
    await(CALLS_MAX);
    const struct writer_figures figures = writer_figures(writer);
    ck_assert_uint_eq(figures.call_count, CALLS_MAX);
    ck_assert_uint_ge(figures.commit_count, CALLS_MAX / WRITER_BATCH_MAX);
    ck_assert_uint_lt(figures.commit_count, CALLS_MAX / 10);
    for (uint32_t i = 0; i < CALLS_MAX; i++) {
        ck_assert_uint_eq(told.order[i], i);
        ck_assert_uint_eq(told.status[i], i % 5 == 4 ? 409 : 201);
        ck_assert_int_eq(told.seen[i], i % 5 == 4 ? 0 : 1);
    }
    end(writer);
    ck_assert_int_eq(platform_count("SELECT count(*) FROM member"), CALLS_MAX / 5 * 4);
}
END_TEST

/* Calls that ask for later: all others of their time come between their parts. */
START_TEST(test_later)
{
    enum { COUNT = 50 };
    struct writer *writer = begin(NULL);

    for (uint32_t i = 0; i < COUNT; i++)
        push(writer, i, 3);
    await(COUNT);
    ck_assert_uint_eq(executed_count, 3 * COUNT);
    for (uint32_t i = 0; i < COUNT; i++) {
        uint32_t first = 0, second = 0;
        while (executed[first] != i)
            first++;
        for (second = first + 1; executed[second] != i; second++) {
        }
        ck_assert_uint_gt(second, first + 1);
    }
    for (uint32_t i = 0; i < COUNT; i++) /* and those that wait when it ends are done */
        push(writer, COUNT + i, 2);
    end(writer);
    ck_assert_uint_eq(told.answered, 2 * COUNT);
    ck_assert_int_eq(platform_count("SELECT count(*) FROM member"), 2 * COUNT / 5 * 4);
}
END_TEST

/* The fault answers what nobody else can see yet; a stop saves it, a kill would not. */
START_TEST(test_early)
{
    struct writer *writer = begin("ack-before-commit");

    for (uint32_t i = 0; i < 4; i++) {
        push(writer, i, 1);
        await(i + 1);
        ck_assert_uint_eq(told.status[i], 201);
    }
    ck_assert_int_eq(told.seen[0], 0);
    for (int i = 0; i < 1000 && writer_figures(writer).commit_count == 0; i++)
        g_usleep(20000); /* about a second later it is */
    ck_assert_uint_ge(writer_figures(writer).commit_count, 1);
    push(writer, 5, 1);
    await(5);
    end(writer);
    ck_assert_int_eq(platform_count("SELECT count(*) FROM member"), 5);
}
END_TEST

/* The disk is full for a while. */
START_TEST(test_full)
{
    enum { COUNT = 3000 };
    struct rlimit before, limit;
    uint32_t good = 0, lost = 0;

    signal(SIGXFSZ, SIG_IGN);
    struct writer *writer = begin(NULL);
    ck_assert_int_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = 200000;
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
    for (uint32_t i = 0; i < COUNT; i++) {
        push(writer, i, 1);
        if (i % 8 == 7)
            await(i + 1);
    }
    await(COUNT);
    ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
    push(writer, COUNT, 1);
    await(COUNT + 1);
    ck_assert_uint_eq(told.status[COUNT], 201);
    for (uint32_t i = 0; i <= COUNT; i++) {
        good += told.status[i] == 201;
        lost += told.status[i] == 503;
        ck_assert_int_eq(told.seen[i], told.status[i] == 201 ? 1 : 0);
    }
    ck_assert_uint_gt(good, 10);
    ck_assert_uint_gt(lost, 10);
    end(writer);
    ck_assert_int_eq(platform_count("SELECT count(*) FROM member"), good);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_group, test_later, test_early, test_full};

    return platform_run("writer", tests, G_N_ELEMENTS(tests));
}
