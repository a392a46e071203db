/* The names of places and products, which never change: read once, then shared by all threads. */
#ifndef BACKEND_DIRECTORY_H
#define BACKEND_DIRECTORY_H

#include "backend/store.h"

struct directory;

struct directory_place {
    int64_t id;
    const char *name, *kind;
    bool sells, pickup, ships;
};
struct directory_product {
    int64_t id;
    const char *name;
};

struct directory *directory_new(struct store *store, GError **ret_error);
void directory_free(struct directory *directory);

/* NULL = there is none of that name, or number. */
const struct directory_place *directory_place(const struct directory *directory, const char *name);
const struct directory_place *directory_place_of(const struct directory *directory, int64_t id);
const struct directory_product *directory_product(const struct directory *directory,
                                                  const char *name);
const struct directory_product *directory_product_of(const struct directory *directory, int64_t id);
/* Numbers are 1 .. count. */
uint32_t directory_place_count(const struct directory *directory);

/* Calls `found` for each product whose name has the text in it (case of ASCII aside), in the order of
 * their numbers. */
void directory_search(const struct directory *directory, const char *text,
                      void (*found)(void *user, const struct directory_product *product),
                      void *user);

#endif
