/* The tables are written as the audit writes them, through results/record_table.h. */
#include "report/audit_sample.h"

#include <check.h>

#include "results/record.h"
#include "results/record_table.h"

#define SECOND INT64_C(1000000)

static void write_requests(const char *path, bool killed)
{
    Recorder *recorder = recorder_open(path, 1, NULL, NULL);
    uint64_t count;

    ck_assert_ptr_nonnull(recorder);
    recorder_note(recorder, "plan", "flash.plan");
    recorder_note(recorder, "api", "reference");
    recorder_note(recorder, "target", "http://127.0.0.1:8080");
    recorder_note(recorder, "started", "2026-11-22T08:00:00Z");
    for (int64_t i = 0; i < 1000; i++) {
        const int64_t at_us = i * SECOND / 50;
        const bool down = killed && at_us >= 8 * SECOND && at_us < 9 * SECOND;
        const struct record_row row = {.number = (uint64_t)i + 1,
                                       .intended_us = at_us,
                                       .sent_us = at_us,
                                       .done_us = at_us + 2000,
                                       .status = down            ? 0
                                                 : i % 100 == 99 ? 503
                                                                 : 200,
                                       .tries = 1};
        ck_assert(recorder_add(recorder, 0, &row));
    }
    if (killed) {
        recorder_hook(recorder, 8 * SECOND, "kill", "process 4711");
        recorder_hook(recorder, 9 * SECOND, "restart", "omosim backend --db <shop.db>");
    }
    ck_assert(recorder_close(recorder, &count, NULL));
    ck_assert_uint_eq(count, 1000);
}

/* Rows of `count` cells each; of a number column the text is NULL. */
static void write_table(const char *path, const char *name, const struct record_column *columns,
                        uint32_t column_count, const struct record_cell *cells, uint32_t row_count)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(RecordTable) table = record_table_write(path, name, columns, column_count, &error);

    ck_assert_msg(table != NULL, "%s", error != NULL ? error->message : "");
    for (uint32_t i = 0; i < row_count; i++)
        ck_assert(record_table_add(table, cells + i * column_count, &error));
    ck_assert(record_table_commit(table, &error));
}

#define TEXT(t)                                                                                    \
    {                                                                                              \
        .text = (t)                                                                                \
    }
#define NUMBER(n)                                                                                  \
    {                                                                                              \
        .number = (n)                                                                              \
    }

static void write_verdicts(const char *path, bool violated)
{
    static const struct record_column columns[] = {{"invariant", true},   {"title", true},
                                                   {"text", true},        {"verdict", true},
                                                   {"checked", false},    {"open", false},
                                                   {"violations", false}, {"amount", false},
                                                   {"missing", true}};
    const struct record_cell rows[] = {TEXT("orders_kept"),
                                       TEXT("acknowledged orders exist"),
                                       TEXT("each order stands in the books"),
                                       TEXT(violated ? "violated" : "holds"),
                                       NUMBER(612),
                                       NUMBER(4),
                                       NUMBER(violated ? 3 : 0),
                                       NUMBER(3),
                                       TEXT(""),
                                       TEXT("units_sold_once"),
                                       TEXT("no unit sold twice"),
                                       TEXT("never more than there were"),
                                       TEXT(violated ? "violated" : "holds"),
                                       NUMBER(120),
                                       NUMBER(2),
                                       NUMBER(violated ? 1 : 0),
                                       NUMBER(9),
                                       TEXT(""),
                                       TEXT("points_balance"),
                                       TEXT("points add up"),
                                       TEXT("balance = earned - spent"),
                                       TEXT("cannot tell"),
                                       NUMBER(0),
                                       NUMBER(0),
                                       NUMBER(0),
                                       NUMBER(0),
                                       TEXT("no book 'points' after the run"),
                                       TEXT("money_adds_up"),
                                       TEXT("money adds up"),
                                       TEXT("what was received"),
                                       TEXT("holds"),
                                       NUMBER(612),
                                       NUMBER(4),
                                       NUMBER(0),
                                       NUMBER(0),
                                       TEXT("")};

    write_table(path, "audit", columns, G_N_ELEMENTS(columns), rows, 4);
}

static void write_findings(const char *path)
{
    static const struct record_column columns[] = {{"invariant", true}, {"rank", false},
                                                   {"subject", true},   {"text", true},
                                                   {"at_us", false},    {"amount", false},
                                                   {"requests", true}};
    const struct record_cell rows[] = {
        TEXT("orders_kept"),
        NUMBER(1),
        TEXT("order 21"),
        TEXT("confirmed, and not in the books"),
        NUMBER(7900000),
        NUMBER(1),
        TEXT("check_out of order 21: acknowledged, 201"),
        TEXT("orders_kept"),
        NUMBER(2),
        TEXT("order 22"),
        TEXT("confirmed, and not in the books"),
        NUMBER(7950000),
        NUMBER(1),
        TEXT("check_out of order 22: acknowledged, 201"),
        TEXT("orders_kept"),
        NUMBER(3),
        TEXT("order <23>"),
        TEXT("confirmed, and not in the books"),
        NUMBER(RECORD_NO_NUMBER),
        NUMBER(1),
        TEXT(""),
        TEXT("units_sold_once"),
        NUMBER(1),
        TEXT("SKU sku_1 at north_gate"),
        TEXT("33 units sold, 24 were there: 9 sold twice, from 12.500 s on"),
        NUMBER(12500000),
        NUMBER(9),
        TEXT("check_out of order 31: acknowledged, 201\ncheck_out of order 32: acknowledged, 201")};

    write_table(path, "audit_finding", columns, G_N_ELEMENTS(columns), rows, 4);
}

static void write_levels(const char *path)
{
    static const struct record_column columns[] = {{"subject", true},
                                                   {"at_us", false},
                                                   {"sold", false},
                                                   {"there", false}};
    struct record_cell rows[40 * G_N_ELEMENTS(columns)];

    for (int64_t i = 0; i < 40; i++) {
        struct record_cell *row = rows + (size_t)i * G_N_ELEMENTS(columns);
        row[0] = (struct record_cell){.text = "SKU sku_1 at north_gate"};
        row[1] = (struct record_cell){.number = i * SECOND / 2};
        row[2] = (struct record_cell){.number = MIN(i, 34) - (i > 36 ? i - 36 : 0)};
        row[3] = (struct record_cell){.number = 24 + (i > 30)};
    }
    write_table(path, "audit_level", columns, G_N_ELEMENTS(columns), rows, 40);
}

static void write_facts(const char *path)
{
    static const struct record_column columns[] = {{"key", true}, {"value", true}};
    const struct record_cell rows[] = {TEXT("requests"),
                                       TEXT("1000"),
                                       TEXT("done"),
                                       TEXT("940"),
                                       TEXT("not_done"),
                                       TEXT("10"),
                                       TEXT("open"),
                                       TEXT("50"),
                                       TEXT("orders_asked"),
                                       TEXT("700"),
                                       TEXT("orders_done"),
                                       TEXT("612"),
                                       TEXT("orders_in_books"),
                                       TEXT("609"),
                                       TEXT("note"),
                                       TEXT("the service was killed meanwhile"),
                                       TEXT("note"),
                                       TEXT("nobody else changed the books")};

    write_table(path, "audit_fact", columns, G_N_ELEMENTS(columns), rows, 9);
}

void audit_sample_write(const char *path, enum audit_sample sample)
{
    write_requests(path, sample == AUDIT_SAMPLE_VIOLATED);
    if (sample == AUDIT_SAMPLE_NONE)
        return;
    write_verdicts(path, sample == AUDIT_SAMPLE_VIOLATED);
    write_facts(path);
    if (sample == AUDIT_SAMPLE_VIOLATED) {
        write_findings(path);
        write_levels(path);
    }
}
