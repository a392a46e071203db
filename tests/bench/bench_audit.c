/* bench_audit: what it takes to judge the record of a run.
 *
 * A record of a million requests is written as a run would (one in fifty times out), with books that
 * keep all promises but one in a thousand. Measured are the reading of the record and the audit, in
 * seconds of processor time and in memory. `--quick` takes a tenth of the requests.
 */
#include "bench/bench.h"
#include "replay/audit/audit.h"
#include "replay/outcome.h"
#include "results/record.h"
#include "shell/diagnostic.h"

#include <glib/gstdio.h>
#include <omosim/plan.h>
#include <string.h>
#include <sys/resource.h>

#define REQUESTS 1000000
#define ORDER_REQUESTS 8
#define PLACES 100
#define SKUS 1000
#define MEMBERS 100000

static const char map_text[] = "api: 1\n"
                               "name: bench\n"
                               "steps:\n"
                               "  browse: {path: '/{{sku}}'}\n"
                               "  check_stock: {path: '/{{sku}}/{{place}}'}\n"
                               "  add_to_cart: {path: '/a/{{sku}}'}\n"
                               "  apply_coupon: {path: '/r/{{coupon}}'}\n"
                               "  check_out: {path: '/o/{{order}}'}\n"
                               "  pay: {path: '/p/{{order}}'}\n"
                               "  cancel: {path: '/c/{{order}}'}\n"
                               "  points: {path: '/points/{{member}}'}\n"
                               "audit:\n"
                               "  answers_within: 1s\n"
                               "  books:\n"
                               "    stock: {path: /stock, rows: '', row: {sku: /sku}}\n";

struct bench_order {
    uint64_t order, member;
    uint32_t place, sku, number; /* number: of its first request */
    bool is_open, is_cancelled;
};

static struct bench_order order_of(uint64_t i)
{
    return (struct bench_order){.order = i + 1,
                                .member = 1 + i * 2654435761u % MEMBERS,
                                .place = (uint32_t)(i * 40503u % PLACES),
                                .sku = (uint32_t)(i * 69069u % SKUS),
                                .is_open = i % 50 == 7,
                                .is_cancelled = i % 10 == 3};
}

/* ---- the record ------------------------------------------------------------------------------ */

static const enum step_kind steps[ORDER_REQUESTS] = {STEP_browse,      STEP_check_stock,
                                                     STEP_add_to_cart, STEP_apply_coupon,
                                                     STEP_check_out,   STEP_pay,
                                                     STEP_cancel,      STEP_points};

static bool tell(Recorder *recorder, uint64_t number, enum telling what, int64_t value)
{
    const struct record_telling telling = {.number = number, .what = (uint8_t)what, .value = value};

    return recorder_tell(recorder, 0, &telling);
}

static bool write_request(Recorder *recorder, const ApiMap *map, const struct bench_order *o,
                          uint64_t i, uint32_t k)
{
    uint32_t count;
    const uint64_t number = i * ORDER_REQUESTS + k;
    const int64_t at_us = (int64_t)number * 50;
    const bool is_read = k == 6 && !o->is_cancelled;
    const enum step_kind step = is_read ? STEP_browse : steps[k];
    const bool fails = o->is_open && (step == STEP_check_out || step == STEP_pay);
    const struct record_row row = {.number = number,
                                   .journey = i,
                                   .member = o->member,
                                   .order = o->order,
                                   .intended_us = at_us,
                                   .sent_us = at_us,
                                   .done_us = at_us + 20,
                                   .sku = k < 3 || is_read ? o->sku : OMO_PLAN_NONE,
                                   .place = o->place,
                                   .request = api_step_requests(map, step, &count),
                                   .quantity = 1,
                                   .coupon = OMO_PLAN_NO_COUPON,
                                   .status = fails ? 0 : 200,
                                   .step = (uint8_t)step,
                                   .outcome = fails ? OUTCOME_timeout : OUTCOME_ok,
                                   .tries = 1};
    bool good = recorder_add(recorder, 0, &row);

    if (step == STEP_browse)
        good &= tell(recorder, number, TELLING_price, 500);
    if (step == STEP_check_stock)
        good &= tell(recorder, number, TELLING_available, 10);
    if (step == STEP_check_out && !fails)
        good &= tell(recorder, number, TELLING_total, 500);
    if (step == STEP_pay && !fails)
        good &= tell(recorder, number, TELLING_points_earned, 5);
    if (step == STEP_cancel)
        good &= tell(recorder, number, TELLING_points_spent, o->is_open ? 0 : 5);
    return good;
}

static bool name_columns(Recorder *recorder, GError **ret_error)
{
    const char *outcomes[OUTCOME_COUNT + 1] = {NULL}, *tellings[TELLING_COUNT + 1] = {NULL};

    for (uint32_t i = 0; i < OUTCOME_COUNT; i++)
        outcomes[i] = outcome_name(i);
    for (uint32_t i = 0; i < TELLING_COUNT; i++)
        tellings[i] = telling_name(i);
    return recorder_name(recorder, "outcome", outcomes, ret_error) &&
           recorder_name(recorder, "telling", tellings, ret_error) &&
           recorder_name(recorder, "step", step_names(), ret_error);
}

static bool write_record(const char *path, const ApiMap *map, uint64_t orders, GError **ret_error)
{
    const char *requests[64] = {NULL};
    uint64_t count;

    for (uint32_t i = 0; i < api_request_count(map); i++)
        requests[i] = api_request(map, i)->name;
    g_autoptr(Recorder) recorder = recorder_open(path, 1, requests, ret_error);
    if (recorder == NULL || !name_columns(recorder, ret_error))
        return false;
    for (uint64_t i = 0; i < orders; i++) {
        const struct bench_order o = order_of(i);
        for (uint32_t k = 0; k < ORDER_REQUESTS; k++)
            if (!write_request(recorder, map, &o, i, k))
                break;
        while ((i + 1) * ORDER_REQUESTS > recorder_saved(recorder) + RECORD_RING_ROWS / 4)
            g_usleep(1000);
    }
    return recorder_close(g_steal_pointer(&recorder), &count, ret_error);
}

/* ---- the books ------------------------------------------------------------------------------- */

#define SET_TEXT(book, column, value) cells[BOOKS_COLUMN(book, column)].text = (value)
#define SET(book, column, value) cells[BOOKS_COLUMN(book, column)].number = (value)

static void empty(enum book book, union book_value *cells)
{
    uint32_t count;
    const struct book_column *columns = book_columns(book, &count);

    for (uint32_t i = 0; i < count; i++) {
        if (columns[i].type == BOOK_TEXT)
            cells[i].text = BOOKS_NO_TEXT;
        else
            cells[i].number = BOOKS_NO_NUMBER;
    }
}

static void write_stock(Books *books, Intern *texts, const int64_t *units)
{
    union book_value cells[BOOKS_COLUMNS_MAX];

    books_begin(books, BOOK_stock,
                1u << BOOKS_COLUMN(stock, place) | 1u << BOOKS_COLUMN(stock, sku) |
                    1u << BOOKS_COLUMN(stock, available));
    for (uint32_t i = 0; i < PLACES * SKUS; i++) {
        empty(BOOK_stock, cells);
        SET_TEXT(stock, place, intern_put_number(texts, i / SKUS));
        SET_TEXT(stock, sku, intern_put_number(texts, i % SKUS));
        SET(stock, available, 1000000 - (units != NULL ? units[i] : 0));
        books_add(books, BOOK_stock, cells);
    }
}

static void write_points(Books *books, Intern *texts, const int64_t *points)
{
    union book_value cells[BOOKS_COLUMNS_MAX];

    books_begin(books, BOOK_points,
                1u << BOOKS_COLUMN(points, member) | 1u << BOOKS_COLUMN(points, balance));
    for (uint32_t i = 0; i < MEMBERS; i++) {
        empty(BOOK_points, cells);
        SET_TEXT(points, member, intern_put_number(texts, i + 1));
        SET(points, balance, points != NULL ? points[i + 1] : 0);
        books_add(books, BOOK_points, cells);
    }
}

static void begin_orders(Books *books)
{
    books_begin(books, BOOK_orders,
                1u << BOOKS_COLUMN(orders, order) | 1u << BOOKS_COLUMN(orders, total) |
                    1u << BOOKS_COLUMN(orders, paid) | 1u << BOOKS_COLUMN(orders, cancelled));
    books_begin(books, BOOK_order_lines,
                1u << BOOKS_COLUMN(order_lines, place) | 1u << BOOKS_COLUMN(order_lines, sku) |
                    1u << BOOKS_COLUMN(order_lines, quantity) |
                    1u << BOOKS_COLUMN(order_lines, price));
}

static void write_order(Books *books, Intern *texts, const struct bench_order *o)
{
    union book_value cells[BOOKS_COLUMNS_MAX];

    empty(BOOK_orders, cells);
    SET_TEXT(orders, order, intern_put_number(texts, o->order));
    SET(orders, total, 500);
    SET(orders, paid, o->is_cancelled ? 0 : 500);
    SET(orders, cancelled, o->is_cancelled);
    const uint32_t row = books_add(books, BOOK_orders, cells);
    empty(BOOK_order_lines, cells);
    SET_TEXT(order_lines, place, intern_put_number(texts, o->place));
    SET_TEXT(order_lines, sku, intern_put_number(texts, o->sku));
    SET(order_lines, quantity, 1);
    SET(order_lines, price, 500);
    books_add_line(books, row, cells);
}

static void write_books(Books *before, Books *after, Intern *texts, uint64_t orders)
{
    int64_t *units = g_new0(int64_t, PLACES * SKUS), *points = g_new0(int64_t, MEMBERS + 1);

    write_stock(before, texts, NULL);
    write_points(before, texts, NULL);
    begin_orders(before);
    begin_orders(after);
    for (uint64_t i = 0; i < orders; i++) {
        const struct bench_order o = order_of(i);
        if (i % 1000 == 999)
            continue; /* lost */
        write_order(after, texts, &o);
        units[o.place * SKUS + o.sku] += !o.is_cancelled;
        points[o.member] += o.is_open || o.is_cancelled ? 0 : 5;
    }
    write_stock(after, texts, units);
    write_points(after, texts, points);
    g_free(units);
    g_free(points);
}

/* ---- measuring ------------------------------------------------------------------------------- */

static double peak_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)usage.ru_maxrss / 1024.0;
}

static bool judge(struct bench *bench, const char *path, const ApiMap *map, uint64_t orders,
                  GError **ret_error)
{
    double read_s[BENCH_RUNS], audit_s[BENCH_RUNS];
    const double before_mib = peak_mib();
    const uint32_t runs = bench->quick ? 3 : BENCH_RUNS;
    double peak = 0.0;
    uint64_t violations = 0;

    for (uint32_t run = 0; run < runs; run++) {
        double began_s = bench_processor_s();
        g_autoptr(History) history = history_open(path, ret_error);
        if (history == NULL)
            return false;
        read_s[run] = bench_processor_s() - began_s;
        g_autoptr(Books) before = books_new();
        g_autoptr(Books) after = books_new();
        write_books(before, after, history_texts(history), orders);
        const struct audit_input input = {.history = history,
                                          .before = before,
                                          .after = after,
                                          .map = map};
        began_s = bench_processor_s();
        g_autoptr(Audit) audit = audit_run(&input, ret_error);
        audit_s[run] = bench_processor_s() - began_s;
        if (audit == NULL)
            return false;
        peak = run == 0 ? peak_mib() - before_mib : peak;
        violations = audit_result(audit, AUDIT_orders_kept)->violations;
    }
    bench_row(bench, "record read", bench_median(read_s, runs), "s", NULL, 0);
    bench_row(bench, "audit", bench_median(audit_s, runs), "s", NULL, 0);
    bench_row(bench, "memory of record, books and audit", peak, "MiB", NULL, 0);
    bench_row(bench, "lost orders found", (double)violations, "orders", NULL, 0);
    return violations >= orders / 1000 - orders / 1000 / 25;
}

int main(int argc, char **argv)
{
    g_autofree char *directory = g_dir_make_tmp("omosim-bench-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(directory, "record.db", NULL);
    g_autofree char *map_path = g_build_filename(directory, "api.yaml", NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(ApiMap) map = NULL;
    struct bench bench;

    if (!bench_begin(&bench, "audit", argc, argv))
        return 2;
    const uint64_t orders = (bench.quick ? REQUESTS / 10 : REQUESTS) / ORDER_REQUESTS;
    bool good = g_file_set_contents(map_path, map_text, -1, &error) &&
                (map = api_read(map_path, NULL, &error)) != NULL &&
                write_record(path, map, orders, &error) && judge(&bench, path, map, orders, &error);
    if (error != NULL)
        diagnostic_print(stderr, error);
    g_unlink(path);
    g_unlink(map_path);
    g_rmdir(directory);
    return bench_end(&bench, good);
}
