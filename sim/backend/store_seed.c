/* A chain of 780 shops has 1.6 million positions. Rows of 16 bytes in the order of their numbers,
 * appended to one table by a prepared statement that takes eight at a time, take about 0.3 s; any
 * index, journal or flush on the way would double that. Members with cards are a number, not rows.
 */
#include "backend/store_seed.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <sys/random.h>
#include <unistd.h>

#include "backend/backend_private.h"
#include "backend/schema.h"
#include "backend/store_private.h"
#include "shell/diagnostic.h"

enum row { ROW_PLACE, ROW_PRODUCT, ROW_POSITION, ROW_POSITIONS, ROW_COUPON, ROW_META, ROW_COUNT };

#define SEED_POSITIONS 8 /* that go into the table in one statement */

/* Last year's price list, which the fault price-skew charges: a twentieth less, and never the same. */
#define OLD_PRICE "CASE WHEN ?2 = 0 THEN 1 ELSE ?2 - max(1, ?2 / 20) END"

static const char *const row_sql[] = {
    [ROW_PLACE] = "INSERT INTO place VALUES (NULL, ?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    [ROW_PRODUCT] = "INSERT INTO product VALUES (NULL, ?1, ?2, " OLD_PRICE ")",
    [ROW_POSITION] = "INSERT INTO position VALUES (?1, ?2, 0, ?2, 0)",
    [ROW_POSITIONS] =
        "INSERT INTO position VALUES (?1, ?2, 0, ?2, 0), (?3, ?4, 0, ?4, 0), (?5, ?6, 0, ?6, 0),"
        " (?7, ?8, 0, ?8, 0), (?9, ?10, 0, ?10, 0), (?11, ?12, 0, ?12, 0), (?13, ?14, 0, ?14, 0),"
        " (?15, ?16, 0, ?16, 0)",
    [ROW_COUPON] = SCHEMA_SEED_COUPON,
    [ROW_META] = "INSERT INTO meta VALUES (?1, ?2)",
};

struct store_seed {
    char *path, *making;
    sqlite3 *sqlite;
    sqlite3_stmt *row[ROW_COUNT];
    struct {
        int64_t id, units;
    } position[SEED_POSITIONS]; /* that wait to be written together */
    uint32_t position_count;
};

static gboolean seed_fail(struct store_seed *seed, GError **ret_error)
{
    return store_set_error(seed->sqlite, seed->path, ret_error);
}

static gboolean seed_step(struct store_seed *seed, enum row row, GError **ret_error)
{
    const int code = sqlite3_step(seed->row[row]);

    sqlite3_reset(seed->row[row]);
    return code == SQLITE_DONE ? TRUE : seed_fail(seed, ret_error);
}

struct store_seed *store_seed_new(const char *path, GError **ret_error)
{
    struct store_seed *seed = g_new0(struct store_seed, 1);
    g_autofree char *begin = g_strdup_printf(
        "PRAGMA application_id = %d; PRAGMA user_version = %d; PRAGMA journal_mode = OFF;"
        "PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; BEGIN;",
        SCHEMA_APPLICATION, SCHEMA_VERSION);

    seed->path = g_strdup(path);
    seed->making = g_strconcat(path, ".new", NULL);
    g_unlink(seed->making); /* of somebody who was killed */
    bool good = sqlite3_open_v2(seed->making, &seed->sqlite,
                                SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                                NULL) == SQLITE_OK &&
                sqlite3_exec(seed->sqlite, begin, NULL, NULL, NULL) == SQLITE_OK &&
                sqlite3_exec(seed->sqlite, schema_sql, NULL, NULL, NULL) == SQLITE_OK;
    for (uint32_t i = 0; good && i < ROW_COUNT; i++)
        good = sqlite3_prepare_v2(seed->sqlite, row_sql[i], -1, &seed->row[i], NULL) == SQLITE_OK;
    if (good)
        return seed;
    seed_fail(seed, ret_error);
    store_seed_free(seed);
    return NULL;
}

void store_seed_free(struct store_seed *seed)
{
    if (seed == NULL)
        return;
    for (uint32_t i = 0; i < ROW_COUNT; i++)
        sqlite3_finalize(seed->row[i]);
    sqlite3_close_v2(seed->sqlite);
    g_unlink(seed->making); /* gone already when it was ended */
    g_free(seed->path);
    g_free(seed->making);
    g_free(seed);
}

gboolean store_seed_place(struct store_seed *seed, const struct backend_place *place,
                          GError **ret_error)
{
    sqlite3_stmt *row = seed->row[ROW_PLACE];

    sqlite3_bind_text(row, 1, place->id, -1, SQLITE_STATIC);
    sqlite3_bind_text(row, 2, place->kind, -1, SQLITE_STATIC);
    sqlite3_bind_double(row, 3, place->lat);
    sqlite3_bind_double(row, 4, place->lon);
    sqlite3_bind_int(row, 5, place->sells);
    sqlite3_bind_int(row, 6, place->pickup);
    sqlite3_bind_int(row, 7, place->ships);
    return seed_step(seed, ROW_PLACE, ret_error);
}

gboolean store_seed_product(struct store_seed *seed, const struct backend_product *product,
                            GError **ret_error)
{
    sqlite3_bind_text(seed->row[ROW_PRODUCT], 1, product->id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(seed->row[ROW_PRODUCT], 2, product->price_cents);
    return seed_step(seed, ROW_PRODUCT, ret_error);
}

/* Writes those that wait: a full set at once, what is left at the end one by one. */
static gboolean stock_flush(struct store_seed *seed, GError **ret_error)
{
    const bool full = seed->position_count == SEED_POSITIONS;
    const enum row row = full ? ROW_POSITIONS : ROW_POSITION;

    for (uint32_t i = 0; i < seed->position_count; i++) {
        const int parameter = full ? 2 * (int)i + 1 : 1;
        sqlite3_bind_int64(seed->row[row], parameter, seed->position[i].id);
        sqlite3_bind_int64(seed->row[row], parameter + 1, seed->position[i].units);
        if ((!full || i + 1 == SEED_POSITIONS) && !seed_step(seed, row, ret_error))
            return FALSE;
    }
    seed->position_count = 0;
    return TRUE;
}

gboolean store_seed_stock(struct store_seed *seed, uint32_t place, uint32_t product, int64_t units,
                          GError **ret_error)
{
    seed->position[seed->position_count].id = ((int64_t)place + 1) << 32 | ((int64_t)product + 1);
    seed->position[seed->position_count++].units = units;
    return seed->position_count < SEED_POSITIONS || stock_flush(seed, ret_error);
}

gboolean store_seed_coupon(struct store_seed *seed, const struct backend_coupon *coupon,
                           GError **ret_error)
{
    sqlite3_stmt *row = seed->row[ROW_COUPON];

    sqlite3_bind_text(row, 1, coupon->id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(row, 2, coupon->amount_cents);
    sqlite3_bind_int64(row, 3, coupon->share_ppm);
    sqlite3_bind_int64(row, 4, coupon->threshold_cents);
    sqlite3_bind_int64(row, 5, coupon->budget);
    sqlite3_bind_int64(row, 6, coupon->per_member);
    return seed_step(seed, ROW_COUPON, ret_error);
}

static void meta_key(struct store_seed *seed, const char *key)
{
    sqlite3_bind_text(seed->row[ROW_META], 1, key, -1, SQLITE_STATIC);
}

gboolean store_seed_members(struct store_seed *seed, uint64_t count, GError **ret_error)
{
    meta_key(seed, "members");
    sqlite3_bind_int64(seed->row[ROW_META], 2, (sqlite3_int64)count);
    return seed_step(seed, ROW_META, ret_error);
}

/* The secret that signs tokens. */
static gboolean end_secret(struct store_seed *seed, GError **ret_error)
{
    unsigned char secret[BACKEND_SECRET_SIZE];
    char text[2 * BACKEND_SECRET_SIZE + 1];

    if (getrandom(secret, sizeof secret, 0) != sizeof secret) {
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN,
                    "no random numbers from the system: %s", g_strerror(errno));
        return FALSE;
    }
    for (size_t i = 0; i < sizeof secret; i++)
        g_snprintf(text + 2 * i, 3, "%02x", secret[i]);
    meta_key(seed, "secret");
    sqlite3_bind_text(seed->row[ROW_META], 2, text, -1, SQLITE_STATIC);
    return seed_step(seed, ROW_META, ret_error);
}

/* To the disk, then to its name, then the name to the disk. */
static gboolean end_rename(struct store_seed *seed, GError **ret_error)
{
    g_autofree char *folder = g_path_get_dirname(seed->path);
    int fd = open(seed->making, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fsync(fd) == 0 && g_rename(seed->making, seed->path) == 0;

    if (!good)
        g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_CANNOT_RUN, "%s: %s", seed->path,
                    g_strerror(errno));
    if (fd >= 0)
        close(fd);
    fd = good ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    return good;
}

gboolean store_seed_end(struct store_seed *seed, const char *scenario, GError **ret_error)
{
    if (!stock_flush(seed, ret_error))
        return FALSE;
    meta_key(seed, "scenario");
    sqlite3_bind_text(seed->row[ROW_META], 2, scenario, -1, SQLITE_STATIC);
    if (!seed_step(seed, ROW_META, ret_error) || !end_secret(seed, ret_error))
        return FALSE;
    if (sqlite3_exec(seed->sqlite, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        return seed_fail(seed, ret_error);
    for (uint32_t i = 0; i < ROW_COUNT; i++)
        sqlite3_finalize(g_steal_pointer(&seed->row[i]));
    sqlite3_close_v2(g_steal_pointer(&seed->sqlite));
    return end_rename(seed, ret_error);
}
