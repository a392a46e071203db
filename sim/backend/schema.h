/* Tables of the back end's database. Money is cents, times are microseconds since 1970, units are
 * whole. A name is what clients say in paths and bodies; numbers are ours alone.
 *
 * Places and products are known once the database is seeded, and never change their names. Members
 * 1 .. meta.members have cards and need no row before they log in. */
#ifndef BACKEND_SCHEMA_H
#define BACKEND_SCHEMA_H

#include "backend/schema_shop.h"

#define SCHEMA_APPLICATION 0x6f6d6f62 /* "omob": PRAGMA application_id */
#define SCHEMA_VERSION 1              /* PRAGMA user_version */
#define SCHEMA_MEMBER_FIRST (INT64_C(1) << 40) /* rows of members without a card begin here */

/* How a coupon is seeded: name, amount, share, threshold, budget, per member. */
#define SCHEMA_SEED_COUPON                                                                         \
    "INSERT INTO coupon(name, amount_cents, share_ppm, threshold_cents, budget, per_member)"       \
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"

static const char schema_sql[] =
    /* ---- platform */
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value) WITHOUT ROWID;"
    "CREATE TABLE place(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, kind TEXT NOT NULL,"
    " lat REAL NOT NULL, lon REAL NOT NULL, sells INTEGER NOT NULL, pickup INTEGER NOT NULL,"
    " ships INTEGER NOT NULL);"
    "CREATE TABLE product(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " price_cents INTEGER NOT NULL, old_price_cents INTEGER NOT NULL);"
    /* id = place << 32 | product. What may be promised is on_hand - reserved. */
    "CREATE TABLE position(id INTEGER PRIMARY KEY, on_hand INTEGER NOT NULL,"
    " reserved INTEGER NOT NULL CHECK(reserved >= 0), opening INTEGER NOT NULL,"
    " moved INTEGER NOT NULL DEFAULT 0);" /* whether anything ever happened to it */
    "CREATE TABLE member(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE,"
    " points INTEGER NOT NULL DEFAULT 0);"
    SCHEMA_SHOP;

#endif
