/* A saved world goes on as if it had never stopped; what is damaged, cut or forgotten is
 * noticed. */
#include "flow/saved.h"
#include "flow/swarm.h"

#include "flow/columns.h"

#define ROUNDS 40 /* random models */

static uint64_t first_seed;

/* Everything that a reader of results sees. */
static void same_results(omo_world *a, omo_world *b)
{
    ck_assert_uint_eq(omo_world_digest(a), omo_world_digest(b));
    ck_assert_uint_eq(omo_world_fact_count(a), omo_world_fact_count(b));
    ck_assert_uint_eq(omo_world_event_count(a), omo_world_event_count(b));
    ck_assert_uint_eq(a->calendar.stale, b->calendar.stale);
    for (uint32_t i = 0; i < omo_model_kpi_count(a->model); i++) {
        double x = omo_world_kpi(a, i), y = omo_world_kpi(b, i);
        ck_assert_msg(memcmp(&x, &y, sizeof(x)) == 0 || (x != x && y != y), "%s: %.17g and %.17g",
                      omo_model_kpi_name(a->model, i, NULL, NULL), x, y);
    }
    struct column_list of_a, of_b; /* the report's detail, to the last cell */
    columns_list(a, &of_a);
    columns_list(b, &of_b);
    for (uint32_t i = 0; i < of_a.count; i++) {
        const struct column *x = &of_a.column[i], *y = &of_b.column[i];
        if (x->bytes == NULL || strncmp(x->name, "detail.", 7) != 0 || !column_saved(x))
            continue;
        ck_assert_uint_eq(x->count, y->count);
        ck_assert_mem_eq(x->bytes, y->bytes, x->element_size * x->count);
    }
}

static omo_world *round_world(const omo_model *m, uint64_t seed, bool detail, int64_t until_us)
{
    omo_error error = {0};
    omo_world *w = omo_world_new(m, seed, 0, &error);

    ck_assert_msg(w != NULL, "%s", error.text);
    if (detail)
        ck_assert_int_eq(omo_world_keep_detail(w, &error), OMO_OK);
    if (until_us >= 0)
        ck_assert_msg(omo_world_run(w, until_us, &error) == OMO_OK, "%s", error.text);
    return w;
}

/* Negative: before anything has run. Else any instant, and now and then midnight or the warm-up. */
static int64_t round_time(const omo_model *m, uint64_t *state)
{
    int64_t at_us = seed_between(state, 0, m->run.horizon_us - 1);

    switch (seed_between(state, 0, 7)) {
    case 0:
        return -1;
    case 1:
        return at_us / OMO_US_PER_DAY * OMO_US_PER_DAY;
    case 2:
        return core_min_i64(m->run.warm_up_us, m->run.horizon_us - 1);
    default:
        return at_us;
    }
}

START_TEST(goes_on_as_if_it_had_never_stopped)
{
    uint64_t seed = first_seed + (uint64_t)_i, state = seed;
    omo_model *m = swarm_model(seed);
    bool detail = _i % 2 == 0;
    omo_error error = {0};
    omo_world *whole = round_world(m, seed, detail, INT64_MAX);

    for (int time = 0; time < 3; time++) {
        int64_t at_us = round_time(m, &state);
        omo_world *stopped = round_world(m, seed, detail, at_us);
        struct saved saved = saved_of(stopped);
        omo_world *restored = saved_restore(&saved, m, &error);
        ck_assert_msg(restored != NULL, "OMO_SEED=%" PRIu64 ": %s", seed, error.text);
        ck_assert_uint_eq(saved.at, saved.size);
        ck_assert_int_eq(omo_world_now_us(restored), omo_world_now_us(stopped));
        ck_assert_uint_eq(omo_world_digest(restored), omo_world_digest(stopped));
        ck_assert_uint_eq(omo_world_size(restored), omo_world_size(stopped));
        struct saved again = saved_of(restored);
        ck_assert_uint_eq(again.size, saved.size);
        ck_assert_mem_eq(again.bytes, saved.bytes, saved.size);
        ck_assert_int_eq(omo_world_run(restored, INT64_MAX, &error), OMO_OK);
        ck_assert_int_eq(omo_world_run(stopped, INT64_MAX, &error), OMO_OK);
        same_results(whole, restored);
        same_results(whole, stopped);
        saved_free(&saved);
        saved_free(&again);
        omo_world_free(stopped);
        omo_world_free(restored);
    }
    omo_world_free(whole);
    omo_model_free(m);
}
END_TEST

/* Addresses and the contents of holes would show here. */
START_TEST(equal_worlds_give_equal_bytes)
{
    uint64_t seed = first_seed + (uint64_t)_i;
    omo_model *m = swarm_model(seed), *twin = swarm_model(seed);
    int64_t at_us = m->run.horizon_us / 2;
    omo_world *a = round_world(m, seed, true, at_us), *b = round_world(twin, seed, true, at_us / 3);
    struct saved x, y;

    ck_assert_int_eq(omo_world_run(b, at_us, NULL), OMO_OK);
    x = saved_of(a);
    y = saved_of(b);
    ck_assert_uint_eq(x.size, y.size);
    ck_assert_mem_eq(x.bytes, y.bytes, x.size);
    saved_free(&x);
    saved_free(&y);
    omo_world_free(a);
    omo_world_free(b);
    omo_model_free(m);
    omo_model_free(twin);
}
END_TEST

/* A stop on the way to another: a checkpoint of a continued world is as good. */
START_TEST(many_stops)
{
    uint64_t seed = first_seed + 1000 + (uint64_t)_i, state = seed;
    omo_model *m = swarm_model(seed);
    omo_world *whole = round_world(m, seed, true, INT64_MAX), *w = round_world(m, seed, true, -1);

    for (int64_t at_us = 0; at_us < m->run.horizon_us;
         at_us += seed_between(&state, 1, 3 * OMO_US_PER_DAY)) {
        ck_assert_int_eq(omo_world_run(w, at_us, NULL), OMO_OK);
        struct saved saved = saved_of(w);
        omo_world_free(w);
        w = saved_restore(&saved, m, NULL);
        ck_assert_ptr_nonnull(w);
        saved_free(&saved);
    }
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    same_results(whole, w);
    omo_world_free(whole);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* ---- nothing is forgotten -------------------------------------------------------------------- */

START_TEST(a_forgotten_column_is_noticed)
{
    omo_model *m = swarm_model(first_seed);
    omo_world *w = round_world(m, 1, true, OMO_US_PER_DAY / 2);
    struct column_list list;

    columns_list(w, &list);
    ck_assert(columns_whole(w, &list));
    ck_assert_ptr_nonnull(arena_take(&w->arena, 10, sizeof(uint32_t)));
    ck_assert(!columns_whole(w, &list));
    omo_world_free(w);
    w = round_world(m, 1, true, OMO_US_PER_DAY / 2);
    columns_list(w, &list);
    for (uint32_t i = 0; i < list.count; i++) {
        struct column_list less = list;
        bool block = (list.column[i].kind == COLUMN_STATE || list.column[i].kind == COLUMN_SCRATCH);
        memmove(&less.column[i], &less.column[i + 1],
                (list.count - i - 1) * sizeof(less.column[0]));
        less.count--;
        ck_assert_int_eq(columns_whole(w, &less), !block || list.column[i].bytes == NULL);
    }
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* Each byte of the struct belongs to a part, a link or a pointer to a column; what is left over are
 * holes before a member, which stay zero. */
START_TEST(a_forgotten_member_is_noticed)
{
    static unsigned char named[sizeof(omo_world)];
    uint64_t seed = first_seed + (uint64_t)_i;
    omo_model *m = swarm_model(seed);
    omo_world *w = round_world(m, seed, true, m->run.horizon_us / 2);
    const unsigned char *bytes = (const unsigned char *)w;
    struct column_list list;
    size_t hole = 0;

    memset(named, 0, sizeof(named));
    columns_list(w, &list);
    for (uint32_t i = 0; i < list.count; i++) {
        const struct column *c = &list.column[i];
        bool inside = c->kind == COLUMN_PART || c->kind == COLUMN_LINK;
        const unsigned char *at = inside ? c->bytes : (const void *)c->pointer;
        size_t size = inside ? c->element_size * c->count : sizeof(void *);
        ck_assert(at >= bytes && at + size <= bytes + sizeof(*w));
        memset(named + (at - bytes), 1, size);
    }
    for (size_t i = 0; i < sizeof(*w); i++) {
        hole = named[i] ? 0 : hole + 1;
        ck_assert_msg(hole < 16, "no line of columns.c names the member before byte %zu", i);
        ck_assert_msg(named[i] || bytes[i] == 0, "no line of columns.c names byte %zu", i);
    }
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

/* The restored struct is the saved one, but for links that are addresses. */
START_TEST(every_member_comes_back)
{
    uint64_t seed = first_seed + (uint64_t)_i;
    omo_model *m = swarm_model(seed);
    omo_world *w = round_world(m, seed, true, m->run.horizon_us / 2);
    struct saved saved = saved_of(w);
    omo_world *r = saved_restore(&saved, m, NULL);
    struct column_list of_w, of_r;

    ck_assert_ptr_nonnull(r);
    columns_list(w, &of_w);
    columns_list(r, &of_r);
    ck_assert_uint_eq(of_w.count, of_r.count);
    for (uint32_t i = 0; i < of_w.count; i++) {
        const struct column *a = &of_w.column[i], *b = &of_r.column[i];
        ck_assert_str_eq(a->name, b->name);
        ck_assert_int_eq(a->bytes == NULL, b->bytes == NULL);
        ck_assert_uint_eq(a->count, b->count);
        ck_assert_uint_eq(a->capacity, b->capacity);
        if (column_saved(a))
            ck_assert_mem_eq(a->bytes, b->bytes, a->element_size * a->count);
    }
    saved_free(&saved);
    omo_world_free(w);
    omo_world_free(r);
    omo_model_free(m);
}
END_TEST

/* ---- damage ---------------------------------------------------------------------------------- */

static void refused(struct saved *s, const omo_model *m, const char *what)
{
    omo_error error = {0};

    ck_assert_msg(saved_restore(s, m, &error) == NULL, "%s was accepted", what);
    ck_assert_msg(error.status == OMO_EINVAL, "%s: %d %s", what, (int)error.status, error.text);
    ck_assert_msg(strlen(error.text) > 10, "%s: %s", what, error.text);
}

static struct saved damage_begin(omo_model **ret_model)
{
    *ret_model = swarm_model(first_seed + 3);
    omo_world *w = round_world(*ret_model, 1, true, (*ret_model)->run.horizon_us / 2);
    struct saved saved = saved_of(w);

    omo_world_free(w);
    return saved;
}

START_TEST(every_section_is_guarded)
{
    omo_model *m;
    struct saved s = damage_begin(&m);
    uint64_t state = first_seed;
    uint32_t sections = 0;

    for (size_t at = 0; at < sizeof(struct checkpoint_header); at++) {
        s.bytes[at] ^= 0x10;
        refused(&s, m, "a damaged header");
        s.bytes[at] ^= 0x10;
    }
    for (size_t at = sizeof(struct checkpoint_header); at < s.size; sections++) {
        struct checkpoint_section section;
        char name[64];
        memcpy(&section, s.bytes + at, sizeof(section));
        size_t size = section.element_size * section.count, data = at + sizeof(section);
        ck_assert_uint_lt(size, s.size);
        size_t places[] = {at,
                           at + 32,
                           at + 40,
                           at + 47,
                           at + 48,
                           data,
                           data + size - 1,
                           data + (size_t)seed_between(&state, 0, (int64_t)size)};
        snprintf(name, sizeof(name), "a damaged %s", section.name);
        for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
            if (places[i] >= data + size || (size == 0 && places[i] >= data))
                continue;
            s.bytes[places[i]] ^= 0x40;
            refused(&s, m, name);
            s.bytes[places[i]] ^= 0x40;
        }
        at = data + size + checkpoint_padding(size);
    }
    ck_assert_uint_gt(sections, 80);
    omo_world *w = saved_restore(&s, m, NULL); /* and mended it is good again */
    ck_assert_ptr_nonnull(w);
    omo_world_free(w);
    saved_free(&s);
    omo_model_free(m);
}
END_TEST

START_TEST(cut_short_anywhere)
{
    omo_model *m;
    struct saved s = damage_begin(&m);
    uint64_t state = first_seed;
    size_t whole = s.size;

    for (int i = 0; i < 200; i++) {
        /* A block of its own, so that the sanitizer sees each step beyond it. */
        struct saved cut = {.size =
                                i == 0 ? 0 : (size_t)seed_between(&state, 1, (int64_t)whole - 1)};
        cut.bytes = malloc(cut.size + 1);
        ck_assert_ptr_nonnull(cut.bytes);
        memcpy(cut.bytes, s.bytes, cut.size);
        refused(&cut, m, "a part");
        free(cut.bytes);
    }
    memset(s.bytes, 0, s.size);
    refused(&s, m, "a zeroed file");
    saved_free(&s);
    omo_model_free(m);
}
END_TEST

/* Header fields that only their own words explain; the checksum is right. */
START_TEST(of_another_kind)
{
    static const char *const text[] = {"no saved world", "format 2", "byte order", "omosim 9.9.9"};
    omo_model *m;
    struct saved s = damage_begin(&m);
    struct checkpoint_header *h = (struct checkpoint_header *)s.bytes;
    omo_error error = {0};

    switch (_i) {
    case 0:
        h->magic[0] = 'O';
        break;
    case 1:
        h->format = 2;
        break;
    case 2:
        h->order = UINT32_C(0x04030201);
        break;
    default:
        memcpy(h->version, "9.9.9", sizeof("9.9.9"));
        break;
    }
    h->checksum = checkpoint_header_sum(h);
    ck_assert_ptr_null(saved_restore(&s, m, &error));
    ck_assert_int_eq(error.status, OMO_EINVAL);
    ck_assert_msg(strstr(error.text, text[_i]) != NULL, "%s", error.text);
    saved_free(&s);
    omo_model_free(m);
}
END_TEST

/* Right bytes, wrong sums: a state that does not add up is refused although no checksum says so. */
START_TEST(a_state_that_does_not_add_up)
{
    omo_model *m = swarm_model(first_seed + 3);
    omo_world *w = round_world(m, 1, false, m->run.horizon_us / 2);
    omo_error error = {0};

    w->stock.available[0]++;
    struct saved s = saved_of(w);
    ck_assert_ptr_null(saved_restore(&s, m, &error));
    ck_assert_int_eq(error.status, OMO_EAUDIT);
    ck_assert_msg(strncmp(error.text, "units free", 10) == 0, "%s", error.text);
    saved_free(&s);
    omo_world_free(w);
    omo_model_free(m);
}
END_TEST

START_TEST(bad_arguments)
{
    omo_model *m = swarm_model(first_seed), *open = omo_model_new();
    omo_world *w = round_world(m, 1, false, OMO_US_PER_DAY);
    struct saved s = {.limit = 1000}, good = saved_of(w);
    omo_checkpoint checkpoint;

    ck_assert_int_eq(omo_world_save(w, saved_write, &s, NULL), OMO_ECANCELLED);
    ck_assert_int_eq(omo_world_save(NULL, saved_write, &s, NULL), OMO_EINVAL);
    ck_assert_int_eq(omo_world_save(w, NULL, &s, NULL), OMO_EINVAL);
    ck_assert_ptr_null(omo_world_restore(NULL, saved_read, &good, NULL));
    ck_assert_ptr_null(saved_restore(&s, m, NULL)); /* cut short, and nobody asks why */
    ck_assert_ptr_null(omo_world_restore(open, saved_read, &good, NULL));
    ck_assert_ptr_null(omo_world_restore(m, NULL, &good, NULL));
    ck_assert_int_eq(omo_checkpoint_read(NULL, NULL, &good, NULL, NULL), OMO_EINVAL);
    ck_assert_int_eq(omo_checkpoint_read(NULL, saved_read, &good, &checkpoint, NULL), OMO_OK);
    ck_assert_uint_eq(checkpoint.size, good.size);
    ck_assert_int_eq(checkpoint.now_us, OMO_US_PER_DAY);
    ck_assert_int_eq(checkpoint.horizon_us, m->run.horizon_us);
    ck_assert_uint_eq(checkpoint.seed, 1);
    ck_assert_uint_eq(checkpoint.replication, 0);
    ck_assert(!checkpoint.has_detail);
    ck_assert_int_eq(omo_world_run(w, INT64_MAX, NULL), OMO_OK);
    ck_assert_int_eq(omo_world_save(w, saved_write, &s, NULL), OMO_EINVAL); /* finished */
    saved_free(&s);
    saved_free(&good);
    omo_world_free(w);
    omo_model_free(m);
    omo_model_free(open);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("checkpoint");
    TCase *tcase = tcase_create("checkpoint");
    SRunner *runner = srunner_create(suite);

    first_seed = seed_take();
    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, goes_on_as_if_it_had_never_stopped, 0, ROUNDS);
    tcase_add_loop_test(tcase, equal_worlds_give_equal_bytes, 0, 10);
    tcase_add_loop_test(tcase, many_stops, 0, 10);
    tcase_add_test(tcase, a_forgotten_column_is_noticed);
    tcase_add_loop_test(tcase, a_forgotten_member_is_noticed, 0, 10);
    tcase_add_loop_test(tcase, every_member_comes_back, 0, 10);
    tcase_add_test(tcase, every_section_is_guarded);
    tcase_add_test(tcase, cut_short_anywhere);
    tcase_add_loop_test(tcase, of_another_kind, 0, 4);
    tcase_add_test(tcase, a_state_that_does_not_add_up);
    tcase_add_test(tcase, bad_arguments);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
