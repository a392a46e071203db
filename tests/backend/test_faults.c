/* Faults: what is said of bad ones, and that their dice hit as often as they should, spread evenly. */
#include "backend/faults.h"
#include "backend/platform_case.h"

#include <string.h>

static struct faults *faults_of(const char *text)
{
    const char *const texts[] = {text, NULL};
    GError *error = NULL;
    struct faults *faults = faults_new(text != NULL ? texts : NULL, &error);

    ck_assert_msg(faults != NULL, "%s", faults == NULL ? error->message : "");
    return faults;
}

START_TEST(test_bad)
{
    static const struct {
        const char *text, *part;
    } bad[] = {
        {"oversel-race", "did you mean 'oversell-race'"},
        {"", "unknown fault ''"},
        {"oversell-race=1", "takes no value"},
        {"stale-stock", "needs a value"},
        {"stale-stock=15", "expected a duration"},
        {"error=1.5", "between 0 and 1"},
        {"error=-0.1", "expected a share"},
        {"error=x", "expected a share"},
        {"slow=0.1", "SHARE:MILLISECONDS"},
        {"slow=0.1:x", "expected a duration"},
        {"stall=2s", "LENGTH@PERIOD"},
        {"stall=2s@1s", "below its period"},
    };

    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        const char *const texts[] = {"oversell-race", bad[i].text, NULL};
        g_autoptr(GError) error = NULL;
        ck_assert_ptr_null(faults_new(texts, &error));
        ck_assert_msg(strstr(error->message, bad[i].part) != NULL, "%s", error->message);
    }
}
END_TEST

START_TEST(test_none)
{
    struct faults *faults = faults_of(NULL);

    for (int i = 0; i < 1000; i++) {
        ck_assert_int_eq(faults_next_error(faults), FAULTS_NO_ERROR);
        ck_assert_int_eq(faults_next_slow_us(faults), 0);
        ck_assert_int_eq(faults_stall_us(faults, i * 100000), 0);
    }
    for (enum fault i = 0; i < FAULT_COUNT; i++)
        ck_assert(!faults_has(faults, i) && *faults_name(i) != '\0' && *faults_help(i) != '\0');
    faults_free(faults);
}
END_TEST

/* Of each hundred requests in a row about as many are hit as the share says. */
START_TEST(test_shares)
{
    static const struct {
        const char *text;
        int share;
    } cases[] = {{"error=0", 0}, {"error=0.05", 5}, {"error=50%", 50}, {"error=1", 100}};

    for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
        struct faults *faults = faults_of(cases[c].text);
        int hits[3] = {0};
        for (int block = 0; block < 100; block++) {
            int here = 0;
            for (int i = 0; i < 100; i++) {
                const enum faults_error error = faults_next_error(faults);
                hits[error]++;
                here += error != FAULTS_NO_ERROR;
            }
            ck_assert_int_le(abs(here - cases[c].share), 3);
        }
        ck_assert_int_le(abs(hits[FAULTS_ERROR_BEFORE] - hits[FAULTS_ERROR_AFTER]), 20);
        faults_free(faults);
    }
}
END_TEST

/* Requests that fail are slow about as often as all others. */
START_TEST(test_apart)
{
    const char *const texts[] = {"error=0.1", "slow=0.1:900", NULL};
    struct faults *faults = faults_new(texts, NULL);
    int both = 0;

    for (int i = 0; i < 10000; i++) {
        const bool fails = faults_next_error(faults) != FAULTS_NO_ERROR;
        const bool is_slow = faults_next_slow_us(faults) != 0;
        both += fails && is_slow;
    }
    ck_assert_int_gt(both, 80);
    ck_assert_int_lt(both, 120);
    faults_free(faults);
}
END_TEST

START_TEST(test_times)
{
    struct faults *slow = faults_of("slow=1:1500"), *stall = faults_of("stall=2s@60s"),
                  *stale = faults_of("stale-stock=15min");

    ck_assert_int_eq(faults_next_slow_us(slow), 1500000);
    ck_assert_int_eq(faults_us(stale, FAULT_stale_stock), INT64_C(900000000));
    ck_assert_int_eq(faults_us(slow, FAULT_stale_stock), 0);
    ck_assert_int_eq(faults_stall_us(stall, 0), 0);
    ck_assert_int_eq(faults_stall_us(stall, 28999999), 0);
    ck_assert_int_eq(faults_stall_us(stall, 29000000), 2000000);
    ck_assert_int_eq(faults_stall_us(stall, 30500000), 500000);
    ck_assert_int_eq(faults_stall_us(stall, 31000000), 0);
    ck_assert_int_eq(faults_stall_us(stall, 90000000), 1000000);
    faults_free(slow);
    faults_free(stall);
    faults_free(stale);
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {test_bad, test_none, test_shares, test_apart, test_times};

    return platform_run("faults", tests, G_N_ELEMENTS(tests));
}
