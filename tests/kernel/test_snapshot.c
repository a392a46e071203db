/* A saved kernel goes on as if it had never stopped; what is damaged, cut, foreign or forgotten is
 * noticed. */
#include <check.h>
#include <signal.h>
#include <stdlib.h>

#include "conformance/seed.h"

#include "kernel/snapshot.h"
#include "kernel/swarm.h"

#include <stdio.h>

#define NETWORKS 120

static uint64_t first_seed;

/* ---- saved kernels in memory ----------------------------------------------------------------- */

struct bytes {
    unsigned char *at;
    size_t size, read, limit; /* limit: of the writer; 0 = none */
};

static bool bytes_write(void *user, const void *bytes, size_t size)
{
    struct bytes *b = user;

    if (b->limit != 0 && b->size + size > b->limit)
        return false;
    unsigned char *grown = realloc(b->at, b->size + size);
    ck_assert_ptr_nonnull(grown);
    memcpy(grown + b->size, bytes, size);
    b->at = grown;
    b->size += size;
    return true;
}

static bool bytes_read(void *user, void *bytes, size_t size)
{
    struct bytes *b = user;

    if (size > b->size - b->read)
        return false;
    memcpy(bytes, b->at + b->read, size);
    b->read += size;
    return true;
}

static struct bytes saved_of(const omo_kernel *k)
{
    struct checkpoint_header header;
    struct bytes b = {0};
    omo_error error = {0};

    ck_assert_msg(omo_kernel_save(k, bytes_write, &b, &error) == OMO_OK, "%s", error.text);
    memcpy(&header, b.at, sizeof(header));
    ck_assert_uint_eq(header.size, b.size);
    return b;
}

static omo_status restore(struct bytes *b, omo_kernel *k, omo_error *ret_error)
{
    b->read = 0;
    return omo_kernel_restore(k, bytes_read, b, ret_error);
}

/* A network of its own with that kernel's state; what its handlers count goes along by hand. */
static void swarm_restore(struct swarm *s, const struct swarm *of, struct bytes *b)
{
    omo_error error = {0};

    swarm_make(s, of->seed, of->seed);
    ck_assert_msg(restore(b, s->k, &error) == OMO_OK, "seed %" PRIu64 ": %s", s->seed, error.text);
    ck_assert_uint_eq(b->read, b->size);
    s->ticks = of->ticks;
    s->timer = of->timer;
    for (uint32_t i = 0; i < s->station_count; i++) {
        s->spot[i] = of->spot[i];
        s->spot[i].swarm = s;
    }
    for (uint32_t i = 0; i < s->source_count; i++) {
        s->door[i] = of->door[i];
        s->door[i].swarm = s;
    }
}

static void same_results(const struct swarm *a, const struct swarm *b)
{
    static omo_station_report x, y;
    static omo_class_report p, q;

    if (omo_kernel_digest(a->k) != omo_kernel_digest(b->k))
        ck_abort_msg("seed %" PRIu64 ": another digest", a->seed);
    ck_assert_uint_eq(omo_kernel_event_count(a->k), omo_kernel_event_count(b->k));
    ck_assert_uint_eq(omo_kernel_stale_count(a->k), omo_kernel_stale_count(b->k));
    ck_assert_int_eq(omo_kernel_now_us(a->k), omo_kernel_now_us(b->k));
    ck_assert_uint_eq(a->ticks, b->ticks);
    for (uint32_t i = 0; i < a->station_count; i++) {
        ck_assert_int_eq(omo_kernel_station(a->k, (omo_station){i}, &x), OMO_OK);
        ck_assert_int_eq(omo_kernel_station(b->k, (omo_station){i}, &y), OMO_OK);
        ck_assert_mem_eq(&x, &y, sizeof(x));
    }
    for (uint32_t i = 0; i < a->source_count; i++) {
        ck_assert_int_eq(omo_kernel_source(a->k, (omo_source){i}, &p), OMO_OK);
        ck_assert_int_eq(omo_kernel_source(b->k, (omo_source){i}, &q), OMO_OK);
        ck_assert_mem_eq(&p, &q, sizeof(p));
    }
}

static void same_bytes(const struct bytes *a, const struct bytes *b)
{
    ck_assert_uint_eq(a->size, b->size);
    ck_assert_mem_eq(a->at, b->at, a->size);
}

/* ---- going on -------------------------------------------------------------------------------- */

/* Saved at two times, with measures reset in between; the second is of the restored one. */
static void goes_on_once(uint64_t seed)
{
    static struct swarm whole, first, second;
    uint64_t state = seed;

    swarm_make(&whole, seed, seed);
    int64_t reset_us = seed_between(&state, 0, whole.until_us / 2);
    int64_t saved_us = seed_between(&state, 0, whole.until_us);
    int64_t again_us = seed_between(&state, saved_us, whole.until_us);
    swarm_run(&whole, reset_us);
    swarm_reset(&whole);
    if (saved_us > reset_us)
        swarm_run(&whole, saved_us);
    struct bytes one = saved_of(whole.k), same = saved_of(whole.k);
    same_bytes(&one, &same);
    swarm_restore(&first, &whole, &one);
    same_results(&whole, &first);
    struct bytes two = saved_of(first.k);
    same_bytes(&one, &two);
    int64_t next_us = again_us > omo_kernel_now_us(first.k) ? again_us : omo_kernel_now_us(first.k);
    swarm_run(&first, next_us);
    struct bytes three = saved_of(first.k);
    swarm_restore(&second, &first, &three);
    swarm_run(&whole, whole.until_us);
    swarm_run(&first, first.until_us);
    swarm_run(&second, second.until_us);
    same_results(&whole, &first);
    same_results(&whole, &second);
    ck_assert_ptr_null(swarm_check(&second));
    struct bytes end = saved_of(whole.k), other = saved_of(second.k);
    same_bytes(&end, &other);
    struct bytes *all[] = {&one, &same, &two, &three, &end, &other};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        free(all[i]->at);
    omo_kernel_free(whole.k);
    omo_kernel_free(first.k);
    omo_kernel_free(second.k);
}

START_TEST(goes_on_as_if_it_had_never_stopped)
{
    for (uint32_t i = 0; i < NETWORKS; i++)
        goes_on_once(first_seed + i);
}
END_TEST

/* ---- nothing is forgotten -------------------------------------------------------------------- */

/* What is not named is a hole before a member, shorter than its alignment and zero. */
static void is_named(const unsigned char *named, const unsigned char *bytes, size_t size,
                     const char *what)
{
    size_t hole = 0;

    for (size_t i = 0; i < size; i++) {
        hole = named[i] ? 0 : hole + 1;
        ck_assert_msg(hole < 16, "no line of snapshot.c names the member before byte %zu of %s", i,
                      what);
        ck_assert_msg(named[i] || bytes[i] == 0, "no line of snapshot.c names byte %zu of %s", i,
                      what);
    }
}

static void members_are_named(const struct snapshot_member *member, uint32_t count,
                              const void *object, size_t size, const char *what)
{
    static unsigned char named[65536];

    ck_assert_uint_le(size, sizeof(named));
    memset(named, 0, size);
    for (uint32_t i = 0; i < count; i++) {
        for (size_t b = 0; b < member[i].size; b++)
            ck_assert_msg(!named[member[i].at + b], "%s is named twice", member[i].name);
        memset(named + member[i].at, 1, member[i].size);
    }
    is_named(named, object, size, what);
}

struct named {
    const struct omo_kernel *k;
    unsigned char byte[sizeof(struct omo_kernel)];
    uint32_t columns;
};

static bool name_piece(void *user, const struct snapshot_piece *p)
{
    struct named *n = user;
    const unsigned char *at = p->pointer != NULL ? p->pointer : p->bytes;
    const unsigned char *first = (const unsigned char *)n->k;
    size_t size = p->pointer != NULL ? sizeof(void *) : p->element_size * p->count;

    if (at >= first && at < first + sizeof(*n->k))
        memset(n->byte + (at - first), 1, size);
    else
        ck_assert_ptr_nonnull(p->pointer); /* of a station or a source */
    if (p->pointer != NULL && p->bytes != NULL) {
        ck_assert_msg(arena_holds(&n->k->arena, p->bytes), "%s is no column", p->name);
        n->columns++;
    }
    ck_assert_msg(p->count <= p->capacity, "%s", p->name);
    return true;
}

START_TEST(a_forgotten_member_is_noticed)
{
    static struct swarm s;
    static struct named n;
    uint32_t count;

    for (uint32_t i = 0; i < 20; i++) {
        swarm_make(&s, first_seed + i, 1);
        swarm_run(&s, s.until_us / 2);
        memset(&n, 0, sizeof(n));
        n.k = s.k;
        ck_assert(snapshot_each(s.k, name_piece, &n));
        is_named(n.byte, (const unsigned char *)s.k, sizeof(*s.k), "the kernel");
        ck_assert_uint_eq(n.columns, arena_count(&s.k->arena));
        const struct snapshot_member *m = snapshot_station_members(&count);
        for (uint32_t j = 0; j < s.station_count; j++)
            members_are_named(m, count, &s.k->station[j], sizeof(struct station), "a station");
        m = snapshot_source_members(&count);
        for (uint32_t j = 0; j < s.source_count; j++)
            members_are_named(m, count, &s.k->source[j], sizeof(struct source), "a source");
        omo_kernel_free(s.k);
    }
}
END_TEST

/* A column more than the register knows ends the program rather than being lost. */
START_TEST(a_forgotten_column_is_noticed)
{
    static struct swarm s;

    swarm_make(&s, first_seed, 1);
    swarm_run(&s, s.until_us / 2);
    ck_assert_ptr_nonnull(arena_take(&s.k->arena, 10, sizeof(uint32_t)));
    snapshot_size(s.k);
}
END_TEST

/* ---- damage ---------------------------------------------------------------------------------- */

static void refused(struct bytes *b, uint64_t seed, const char *what)
{
    static struct swarm s;
    omo_error error = {0};

    swarm_make(&s, seed, seed);
    ck_assert_msg(restore(b, s.k, &error) == OMO_EINVAL, "%s was accepted", what);
    ck_assert_msg(error.status == OMO_EINVAL && strlen(error.text) > 10, "%s: %s", what,
                  error.text);
    omo_kernel_free(s.k);
}

static struct bytes damage_begin(uint64_t seed)
{
    static struct swarm s;

    swarm_make(&s, seed, seed);
    swarm_run(&s, s.until_us / 2);
    struct bytes b = saved_of(s.k);
    omo_kernel_free(s.k);
    return b;
}

START_TEST(every_section_is_guarded)
{
    struct bytes b = damage_begin(first_seed + 3);
    uint64_t state = first_seed;
    uint32_t sections = 0;

    for (size_t at = 0; at < sizeof(struct checkpoint_header); at += 3) {
        b.at[at] ^= 0x10;
        refused(&b, first_seed + 3, "a damaged header");
        b.at[at] ^= 0x10;
    }
    for (size_t at = sizeof(struct checkpoint_header); at < b.size; sections++) {
        struct checkpoint_section section;
        memcpy(&section, b.at + at, sizeof(section));
        size_t size = section.element_size * section.count, data = at + sizeof(section);
        size_t places[] = {at,      at + 32, at + 47,
                           at + 48, data,    data + (size_t)seed_between(&state, 0, (int64_t)size)};
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
            if (places[i] >= data + size)
                continue;
            b.at[places[i]] ^= 0x40;
            refused(&b, first_seed + 3, section.name);
            b.at[places[i]] ^= 0x40;
        }
        at = data + size + checkpoint_padding(size);
    }
    ck_assert_uint_gt(sections, 40);
    free(b.at);
}
END_TEST

START_TEST(cut_short_anywhere)
{
    struct bytes whole = damage_begin(first_seed + 4);
    uint64_t state = first_seed;

    for (int i = 0; i < 60; i++) {
        struct bytes cut = {.size = (size_t)seed_between(&state, 0, (int64_t)whole.size - 1)};
        cut.at = malloc(cut.size + 1);
        ck_assert_ptr_nonnull(cut.at);
        memcpy(cut.at, whole.at, cut.size);
        refused(&cut, first_seed + 4, "a part");
        free(cut.at);
    }
    free(whole.at);
}
END_TEST

START_TEST(a_state_that_does_not_add_up)
{
    static struct swarm s, t;
    omo_error error = {0};

    swarm_make(&s, first_seed, first_seed);
    swarm_run(&s, s.until_us / 2);
    s.k->station[0].inside++;
    struct bytes b = saved_of(s.k);
    swarm_make(&t, first_seed, first_seed);
    ck_assert_int_eq(restore(&b, t.k, &error), OMO_EAUDIT);
    ck_assert_int_eq(omo_kernel_status(t.k, NULL), OMO_EAUDIT);
    free(b.at);
    omo_kernel_free(s.k);
    omo_kernel_free(t.k);
}
END_TEST

/* ---- other models ---------------------------------------------------------------------------- */

struct floor {
    omo_kernel_options kernel;
    omo_station_options till, exit;
    omo_source_options door;
    uint32_t share_ppm;
    bool kind;
};

static void nothing(omo_kernel *k, void *user, uint32_t subject)
{
    (void)k;
    (void)user;
    (void)subject;
}

static struct floor floor_new(void)
{
    struct floor f = {
        .kernel = omo_kernel_defaults(),
        .till = omo_station_defaults("till"),
        .exit = omo_station_defaults("exit"),
        .door = omo_source_defaults("door"),
        .share_ppm = OMO_PPM / 2,
    };

    f.till.service = (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = 900};
    f.exit.service = (omo_law){.kind = OMO_LAW_CONSTANT, .a = 100};
    f.door.interval = (omo_law){.kind = OMO_LAW_EXPONENTIAL, .a = 1000};
    return f;
}

static omo_kernel *floor_kernel(struct floor *f)
{
    omo_kernel *k = omo_kernel_new(&f->kernel, NULL);

    f->door.to = omo_kernel_add_station(k, &f->till);
    omo_station exit = omo_kernel_add_station(k, &f->exit);
    omo_kernel_route(k, f->door.to, OMO_DONE, exit, f->share_ppm);
    omo_kernel_add_source(k, &f->door);
    if (f->kind)
        omo_kernel_add_kind(k, "other", nothing, NULL);
    ck_assert_int_eq(omo_kernel_status(k, NULL), OMO_OK);
    return k;
}

static void other_seed(struct floor *f) { f->kernel.seed = 7; }
static void other_replication(struct floor *f) { f->kernel.replication = 1; }
static void other_kind(struct floor *f) { f->kind = true; }
static void other_name(struct floor *f) { f->till.name = "desk"; }
static void other_source(struct floor *f) { f->door.name = "gate"; }
static void other_servers(struct floor *f) { f->till.servers = 2; }
static void other_breaks(struct floor *f)
{
    f->till.breaks = true;
    f->till.up = f->till.down = f->till.service;
}
static void other_discipline(struct floor *f) { f->till.discipline = OMO_SHORTEST; }
static void other_room(struct floor *f) { f->till.room = 5; }
static void other_wave(struct floor *f) { f->exit.wave_us = 5000; }
static void other_threshold(struct floor *f) { f->till.wait_over_us = 100; }
static void other_arrivals(struct floor *f) { f->door.interval.a = 1100; }
static void other_end(struct floor *f) { f->door.until_us = 1000000000; }

static const struct {
    void (*change)(struct floor *f);
    const char *text;
} misfit[] = {
    {other_seed, "seed: 1 there, 7 here"},
    {other_replication, "replication: 0 there, 1 here"},
    {other_kind, "kinds of events: 0 there, 1 here"},
    {other_name, "names of stations and sources"},
    {other_source, "names of stations and sources"},
    {other_servers, "servers, shifts and crews"},
    {other_breaks, "servers, shifts and crews"},
    {other_discipline, "disciplines, rooms"},
    {other_room, "disciplines, rooms"},
    {other_wave, "disciplines, rooms"},
    {other_threshold, "thresholds and periods"},
    {other_arrivals, "arrivals of sources"},
    {other_end, "arrivals of sources"},
};

START_TEST(another_model_is_refused)
{
    struct floor f = floor_new(), g = floor_new();
    omo_kernel *k = floor_kernel(&f);
    omo_error error = {0};

    ck_assert_int_eq(omo_kernel_run(k, 100000, NULL), OMO_OK);
    struct bytes b = saved_of(k);
    misfit[_i].change(&g);
    omo_kernel *other = floor_kernel(&g);
    ck_assert_int_eq(restore(&b, other, &error), OMO_EINVAL);
    ck_assert_msg(strstr(error.text, misfit[_i].text) != NULL, "%s", error.text);
    ck_assert_int_eq(omo_kernel_status(other, NULL), OMO_OK); /* and it runs by itself */
    ck_assert_int_eq(omo_kernel_run(other, 100000, NULL), OMO_OK);
    free(b.at);
    omo_kernel_free(k);
    omo_kernel_free(other);
}
END_TEST

/* Laws and routes are the branch's own; a smaller pool is enough. */
START_TEST(a_branch_goes_by_its_own_model)
{
    struct floor f = floor_new(), g = floor_new();
    omo_kernel *k = floor_kernel(&f);
    omo_station_report at_base, at_branch;

    ck_assert_int_eq(omo_kernel_run(k, 1000000, NULL), OMO_OK);
    struct bytes b = saved_of(k);
    g.till.service.a = 300;
    g.share_ppm = 0;
    g.kernel.job_max = 10000;
    omo_kernel *branch = floor_kernel(&g);
    ck_assert_int_eq(restore(&b, branch, NULL), OMO_OK);
    omo_kernel_reset_measures(k);
    omo_kernel_reset_measures(branch);
    ck_assert_int_eq(omo_kernel_run(k, 3000000, NULL), OMO_OK);
    ck_assert_int_eq(omo_kernel_run(branch, 3000000, NULL), OMO_OK);
    omo_kernel_station(k, (omo_station){0}, &at_base);
    omo_kernel_station(branch, (omo_station){0}, &at_branch);
    ck_assert_uint_eq(at_base.arrived, at_branch.arrived);
    ck_assert_double_lt(at_branch.busy_mean, at_base.busy_mean / 2);
    omo_kernel_station(branch, (omo_station){1}, &at_branch);
    ck_assert_uint_le(at_branch.arrived, 1);
    free(b.at);
    omo_kernel_free(k);
    omo_kernel_free(branch);
}
END_TEST

START_TEST(a_pool_that_is_too_small)
{
    struct floor f = floor_new(), g = floor_new();
    omo_error error = {0};

    f.till.service.a = g.till.service.a = 5000;
    omo_kernel *k = floor_kernel(&f);
    ck_assert_int_eq(omo_kernel_run(k, 100000, NULL), OMO_OK);
    struct bytes b = saved_of(k);
    g.kernel.job_max = 3;
    omo_kernel *small = floor_kernel(&g);
    ck_assert_int_eq(restore(&b, small, &error), OMO_EINVAL);
    ck_assert_msg(strstr(error.text, "room for 3") != NULL, "%s", error.text);
    ck_assert_int_eq(omo_kernel_run(small, 100000, NULL), OMO_EINVAL); /* of no use now */
    free(b.at);
    omo_kernel_free(k);
    omo_kernel_free(small);
}
END_TEST

START_TEST(bad_arguments)
{
    struct floor f = floor_new();
    omo_kernel *k = floor_kernel(&f), *fresh = floor_kernel(&f);
    struct bytes small = {.limit = 1000}, none = {0};

    ck_assert_int_eq(omo_kernel_save(NULL, bytes_write, &none, NULL), OMO_EINVAL);
    ck_assert_int_eq(omo_kernel_save(k, NULL, &none, NULL), OMO_EINVAL);
    ck_assert_int_eq(omo_kernel_save(k, bytes_write, &none, NULL), OMO_EINVAL); /* not run yet */
    ck_assert_int_eq(omo_kernel_run(k, 100000, NULL), OMO_OK);
    ck_assert_int_eq(omo_kernel_save(k, bytes_write, &small, NULL), OMO_ECANCELLED);
    struct bytes b = saved_of(k);
    ck_assert_int_eq(omo_kernel_restore(NULL, bytes_read, &b, NULL), OMO_EINVAL);
    ck_assert_int_eq(omo_kernel_restore(fresh, NULL, &b, NULL), OMO_EINVAL);
    ck_assert_int_eq(restore(&b, k, NULL), OMO_EINVAL);         /* has run */
    ck_assert_int_eq(restore(&none, fresh, NULL), OMO_EINVAL);  /* nothing there */
    ck_assert_int_eq(restore(&small, fresh, NULL), OMO_EINVAL); /* cut short, and nobody asks why */
    free(b.at);
    free(small.at);
    omo_kernel_free(k);
    omo_kernel_free(fresh);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kernel snapshot");
    TCase *tcase = tcase_create("snapshot");
    SRunner *runner = srunner_create(suite);

    first_seed = seed_take();
    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, goes_on_as_if_it_had_never_stopped);
    tcase_add_test(tcase, a_forgotten_member_is_noticed);
    if (srunner_fork_status(runner) == CK_FORK)
        tcase_add_test_raise_signal(tcase, a_forgotten_column_is_noticed, SIGABRT);
    tcase_add_test(tcase, every_section_is_guarded);
    tcase_add_test(tcase, cut_short_anywhere);
    tcase_add_test(tcase, a_state_that_does_not_add_up);
    tcase_add_loop_test(tcase, another_model_is_refused, 0,
                        (int)(sizeof(misfit) / sizeof(misfit[0])));
    tcase_add_test(tcase, a_branch_goes_by_its_own_model);
    tcase_add_test(tcase, a_pool_that_is_too_small);
    tcase_add_test(tcase, bad_arguments);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
