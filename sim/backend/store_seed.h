/* A new database in the making: a file beside the one that it will be, filled without a journal and
 * without waiting for the disk, then flushed and renamed. Killed before that, it leaves no shop. */
#ifndef BACKEND_STORE_SEED_H
#define BACKEND_STORE_SEED_H

#include "backend/backend.h"

struct store_seed;

struct store_seed *store_seed_new(const char *path, GError **ret_error);
/* Removes what was not ended. */
void store_seed_free(struct store_seed *seed);
gboolean store_seed_place(struct store_seed *seed, const struct backend_place *place,
                          GError **ret_error);
gboolean store_seed_product(struct store_seed *seed, const struct backend_product *product,
                            GError **ret_error);
gboolean store_seed_stock(struct store_seed *seed, uint32_t place, uint32_t product, int64_t units,
                          GError **ret_error);
gboolean store_seed_coupon(struct store_seed *seed, const struct backend_coupon *coupon,
                           GError **ret_error);
gboolean store_seed_members(struct store_seed *seed, uint64_t count, GError **ret_error);
gboolean store_seed_end(struct store_seed *seed, const char *scenario, GError **ret_error);

#endif
