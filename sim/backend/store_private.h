/* What the platform needs of a store beside what handlers do. */
#ifndef BACKEND_STORE_PRIVATE_H
#define BACKEND_STORE_PRIVATE_H

#include "backend/store.h"

/* Resets what a call has left under way. */
void store_settle(struct store *store);
bool store_in_transaction(const struct store *store);
/* Whether it failed because nothing can be written. */
bool store_is_full(const struct store *store);
/* Pages in the log after this connection's last commit. */
uint32_t store_log_pages(const struct store *store);
/* Moves the log into the database: as far as readers let it, or `whole`, then the log is emptied. */
void store_fold(struct store *store, bool whole);
/* "PATH: ..." of a connection's last error. FALSE. */
gboolean store_set_error(struct sqlite3 *sqlite, const char *path, GError **ret_error);

#endif
