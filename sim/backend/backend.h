/* The reference commerce service: a small, real back end of a shop, HTTP and JSON outside, SQLite
 * inside. scenarios/api/reference.openapi.yaml is its contract, README has a page on it.
 *
 *     g_autoptr(Backend) backend = backend_open(&(struct backend_options){.path = "shop.db"}, &error);
 *     if (backend_is_new(backend)) backend_seed_... ; backend_seed_end()
 *     backend_start(backend, &error);   printf("%s\n", backend_url(backend));   ... backend_stop()
 *
 * What was answered with a status of the 200s is on disk: requests that write wait for the commit
 * that holds them, which many share (group commit), so `kill -9` at any moment loses nothing that
 * was acknowledged. Faults (faults.def) break that, and other promises, one by one and on purpose.
 */
#ifndef BACKEND_BACKEND_H
#define BACKEND_BACKEND_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct backend Backend;

struct backend_options {
    const char
        *path; /* of the database; made when it is not there; NULL = in memory, not durable */
    const char *address; /* "[HOST:]PORT" */
    uint32_t threads;    /* that read and parse, 0 = 2; one more writes */
    const char *const
        *faults; /* "oversell-race", "slow=0.1:500", ...; NULL-terminated; NULL = none */
    int64_t session_for_us, reserve_for_us; /* 0 = 30 min, 15 min */
    const char *openapi;    /* text of the document that /openapi.yaml gives; borrowed */
    int64_t (*clock)(void); /* us since 1970, for tests; NULL = the system's */
};

/* BAD_USAGE for a fault (nearest spelling), BAD_INPUT for a file that is another thing, CANNOT_RUN. */
Backend *backend_open(const struct backend_options *options, GError **ret_error);
void backend_free(Backend *backend);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Backend, backend_free)
/* Names and help of the faults, for `omosim list faults`; NULL past the end. */
const char *backend_fault_name(uint32_t i);
const char *backend_fault_help(uint32_t i);

/* ---- seeding: a new database, in this order, one transaction --------------------------------- */

bool backend_is_new(const Backend *backend);
/* What backend_seed_end() was told when the database was made; NULL = it is new. Borrowed. */
const char *backend_scenario(const Backend *backend);
struct backend_place {
    const char *id, *kind;
    double lat, lon;
    bool sells, pickup, ships; /* may be sold from on site, picked up from, shipped from */
};
struct backend_product {
    const char *id;
    int64_t price_cents;
};
struct backend_coupon {
    const char *id;                                   /* as plans name it */
    int64_t amount_cents, share_ppm, threshold_cents; /* off: the amount, or the share */
    int64_t budget;                                   /* redemptions in all; -1 = no limit */
    int64_t per_member;
};
gboolean backend_seed_place(Backend *backend, const struct backend_place *place,
                            GError **ret_error);
gboolean backend_seed_product(Backend *backend, const struct backend_product *product,
                              GError **ret_error);
/* `place` and `product` are numbers in the order of their seeding. */
gboolean backend_seed_stock(Backend *backend, uint32_t place, uint32_t product, int64_t units,
                            GError **ret_error);
gboolean backend_seed_coupon(Backend *backend, const struct backend_coupon *coupon,
                             GError **ret_error);
/* Members 1 .. count are known from their cards; others register. */
gboolean backend_seed_members(Backend *backend, uint64_t count, GError **ret_error);
gboolean backend_seed_end(Backend *backend, const char *scenario, GError **ret_error);

/* ---- running --------------------------------------------------------------------------------- */

gboolean backend_start(Backend *backend, GError **ret_error);
const char *backend_url(const Backend *backend);
/* Answers what has come, commits it, closes the database into one file. */
gboolean backend_stop(Backend *backend, GError **ret_error);
/* {"requests", "orders", ...} since the start, a JSON text. Caller frees. */
char *backend_summary(Backend *backend);

#endif
