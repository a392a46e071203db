/* A new database in the making: a file beside the one that it will be, filled without a journal and
 * without waiting for the disk, then flushed and renamed. Killed before that, it leaves no shop. */
#ifndef BACKEND_SEED_H
#define BACKEND_SEED_H

#include "backend/backend.h"

struct seed;

struct seed *seed_new(const char *path, GError **ret_error);
/* Removes what was not ended. */
void seed_free(struct seed *seed);
gboolean seed_place(struct seed *seed, const struct backend_place *place, GError **ret_error);
gboolean seed_product(struct seed *seed, const struct backend_product *product, GError **ret_error);
gboolean seed_stock(struct seed *seed, uint32_t place, uint32_t product, int64_t units,
                    GError **ret_error);
gboolean seed_coupon(struct seed *seed, const struct backend_coupon *coupon, GError **ret_error);
gboolean seed_members(struct seed *seed, uint64_t count, GError **ret_error);
gboolean seed_end(struct seed *seed, const char *scenario, GError **ret_error);

#endif
