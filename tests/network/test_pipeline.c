/* Shipments: lines come back in the order in which they were added, over any number of chunks, and
 * what has arrived is free again. */
#include <check.h>

#include "network/pipeline.h"

#define SHIPMENTS 4
#define CHUNKS 8

struct bench {
    uint32_t shipment_next[SHIPMENTS], shipment_generation[SHIPMENTS];
    uint32_t chunk_next[CHUNKS], chunk_generation[CHUNKS];
    struct shipment shipment[SHIPMENTS];
    struct pipeline_chunk chunk[CHUNKS];
    struct pipeline pipeline;
};

static struct pipeline *bench_init(struct bench *b)
{
    *b = (struct bench){0};
    b->pipeline = (struct pipeline){
        .shipments = {.name = "shipments",
                      .next = b->shipment_next,
                      .generation = b->shipment_generation,
                      .capacity = SHIPMENTS,
                      .free_first = OMO_NONE},
        .chunks = {.name = "chunks",
                   .next = b->chunk_next,
                   .generation = b->chunk_generation,
                   .capacity = CHUNKS,
                   .free_first = OMO_NONE},
        .shipment = b->shipment,
        .chunk = b->chunk,
    };
    return &b->pipeline;
}

/* Lines of a shipment as they stand, checked against position = 100 + i, quantity = 1 + i. */
static uint32_t lines_of(const struct pipeline *p, uint32_t shipment)
{
    uint32_t i = 0;

    for (uint32_t k = p->shipment[shipment].first; k != OMO_NONE; k = p->chunk[k].next)
        for (uint32_t line = 0; line < p->chunk[k].count; line++, i++) {
            ck_assert_uint_eq(p->chunk[k].line[line].position, 100 + i);
            ck_assert_int_eq(p->chunk[k].line[line].quantity, (int32_t)(1 + i));
        }
    return i;
}

static uint32_t ship(struct pipeline *p, uint32_t place, uint32_t lines)
{
    uint32_t shipment = pipeline_begin(p, place);

    for (uint32_t i = 0; i < lines; i++)
        pipeline_add(p, shipment, 100 + i, (int32_t)(1 + i));
    return shipment;
}

START_TEST(lines_fill_chunks)
{
    static const uint32_t lines[] = {0, 1, 31, 32, 62, 100};
    struct bench b;

    for (uint32_t i = 0; i < 6; i++) {
        struct pipeline *p = bench_init(&b);
        uint32_t shipment = ship(p, 5, lines[i]);
        ck_assert_uint_eq(p->shipment[shipment].place, 5);
        ck_assert_uint_eq(lines_of(p, shipment), lines[i]);
        ck_assert_int_eq(p->shipment[shipment].units, lines[i] * (lines[i] + 1) / 2);
        ck_assert_uint_eq(p->chunks.used, (lines[i] + 30) / 31);
        ck_assert_uint_eq(p->line_count, lines[i]);
        pipeline_end(p, shipment);
        ck_assert_uint_eq(p->chunks.used + p->shipments.used, 0);
        ck_assert_uint_eq(p->line_count, 0);
    }
}
END_TEST

START_TEST(shipments_end_in_any_order)
{
    struct bench b;
    struct pipeline *p = bench_init(&b);
    uint32_t a = ship(p, 1, 40), c = ship(p, 2, 3), d = ship(p, 3, 70);

    pipeline_end(p, a);
    ck_assert_uint_eq(lines_of(p, c), 3);
    ck_assert_uint_eq(lines_of(p, d), 70);
    uint32_t e = ship(p, 4, 90);
    ck_assert_uint_eq(lines_of(p, e), 90);
    ck_assert_uint_eq(lines_of(p, d), 70);
    ck_assert_uint_eq(p->shipments.generation[a], 1);
    pipeline_end(p, d);
    pipeline_end(p, c);
    pipeline_end(p, e);
    ck_assert_uint_eq(p->chunks.used + p->shipments.used, 0);
    ck_assert_uint_le(p->chunks.used_max, CHUNKS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pipeline");
    TCase *tcase = tcase_create("pipeline");
    SRunner *runner = srunner_create(suite);

    tcase_add_test(tcase, lines_fill_chunks);
    tcase_add_test(tcase, shipments_end_in_any_order);
    suite_add_tcase(suite, tcase);
    srunner_run_all(runner, CK_ENV);
    int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed == 0 ? 0 : 1;
}
