/* What the invariants judge by: the history and the books, joined. Private to the audit.
 *
 * A judge is made once (judge_new()), read by each invariant in turn, and freed. Its tables, in the
 * order in which they are made:
 *
 *   deeds      the requests that do something (deeds.def), with how certain it is that they did
 *              (judge_certainty.c), by order
 *   orders     the orders that were asked for or stand in the books, under one roof: deeds of the
 *              history, rows of the books after the run (judge_orders.c)
 *   members    with their orders (judge_members.c)
 *   positions  a SKU at a place, and a SKU over all places: supply, units held, units that may have
 *              come back (judge_stock.c)
 *
 * Everything is in arrays that refer to each other by number. Texts are numbers of one Intern.
 * Memory: about 60 bytes a request beside the history.
 */
#ifndef REPLAY_AUDIT_JUDGE_H
#define REPLAY_AUDIT_JUDGE_H

#include "replay/audit/audit.h"

#include <stdbool.h>
#include <stdint.h>

#define JUDGE_NONE UINT32_MAX
#define JUDGE_NEVER INT64_MAX
#define JUDGE_BOOKS (INT64_MAX - 1) /* a time: known when the books were read, not before */

/* In the order of certainty: the best of several is their maximum. */
enum certainty { CERTAINTY_NOT_DONE, CERTAINTY_OPEN, CERTAINTY_DONE };

struct judge_deed {
    uint32_t row;   /* of the history */
    uint32_t order; /* JUDGE_NONE = nobody knows of which */
    uint8_t deed, certainty;
};

struct judge_order {
    uint32_t key, id; /* how the books may name it; INTERN_NONE = not known */
    uint32_t member;  /* of judge.members; JUDGE_NONE = not known */
    uint32_t pass;
    uint64_t number; /* the plan's; 0 = none */
    uint32_t deed_first, deed_count;
    uint32_t
        book; /* its first row of the books after the run; JUDGE_NONE = none. judge.book_next */
    uint32_t book_count;
    uint16_t asked;                       /* deeds that were asked for, a bit each */
    uint8_t certain[DEED_COUNT];          /* enum certainty; place_and_pay counts as both */
    bool is_old;                          /* stood in the books before the run */
    int64_t placed_from_us, placed_by_us; /* first sending, first acknowledgement; JUDGE_NEVER */
    int64_t cancelled_from_us;            /* first sending of a cancellation that may be done */
};

struct judge_member {
    uint32_t name;                       /* as the books name it */
    uint64_t number;                     /* the plan's; 0 = of the books alone */
    uint32_t order_first, order_count;   /* of judge.member_orders */
    uint32_t effect_first, effect_count; /* of judge.effects */
};

struct judge_effect {       /* on a member's points */
    int64_t from_us, by_us; /* not before; certain from then on, JUDGE_NEVER = open */
    int64_t amount;
    int64_t down, up; /* and of an open one: anything from amount - down to amount + up */
    uint32_t member, row;
};

struct judge_points { /* what a member's points may have changed by */
    int64_t certain, low, high;
    uint32_t open_count;
};

struct judge_hold { /* units that are certainly sold between two moments */
    int64_t from_us, until_us;
    uint32_t position, order;
    int64_t units;
    uint32_t row; /* what sold them, of the history; JUDGE_NONE */
};

struct judge_release { /* units that may have come (back) from a moment on */
    int64_t from_us;
    uint32_t position;
    int64_t units;
};

struct judge_level { /* a position as the book of stock has it; BOOKS_NO_NUMBER = not said */
    bool is_there;
    int64_t on_hand, reserved, available, opening;
};

struct judge_units {
    uint32_t place, sku;
    int64_t units;
};

struct judge_tally {   /* of a position; [0] before the run, [1] after it */
    int64_t taken[2];  /* units that orders took: all of standing ones, handed over ones else */
    int64_t open[2];   /* of standing orders, not handed over */
    int64_t unpaid[2]; /* of them, of orders that nobody paid for certain */
    int64_t may_be_gone[2]; /* of them, handed over perhaps: the column was not read */
    int64_t cancelled[2];   /* of cancelled orders */
    int64_t handed_over[2], returned[2], sold[2], reservations[2];
    int64_t moved[2], received[2];               /* by the ledger; of it, for no order and sale */
    int64_t told_sold, may_be_sold, may_be_back; /* by the history */
    bool is_astray;                              /* over all places: some row did not say where */
};

/* Where a number of a position must lie. */
struct judge_range {
    bool is_known;
    int64_t before, low, high, actual;
};

struct judge_position {
    uint32_t place, sku;                   /* place INTERN_NONE = over all places */
    struct judge_level before, after;      /* over all places: their sums */
    int64_t supply;                        /* when the run began; BOOKS_NO_NUMBER = not known */
    uint32_t hold_first, hold_count;       /* of judge.holds, by from_us */
    uint32_t release_first, release_count; /* of judge.releases, by from_us */
    /* Units that open outcomes may move while the books are read; over all places also those of
     * which nobody knows the place. */
    int64_t open_units, open_anywhere;
    bool has_open; /* an outcome that touches it is open */
};

struct judge {
    const struct audit_input *input;
    History *history;
    Intern *texts;
    const Books *before, *after;
    const struct record_row *rows;
    uint64_t row_count;
    const struct history_telling *tellings;
    uint64_t telling_count;
    uint32_t *telling_first;             /* [row_count + 1] */
    uint8_t *certainty;                  /* [row_count] */
    uint8_t answer_class[UINT8_MAX + 1]; /* by number of outcome: judge_certainty.c */
    uint8_t what[256]; /* enum telling by the record's number; TELLING_COUNT = unknown */
    bool is_complete;  /* the record is */
    uint32_t deeds_known, deeds_asked; /* of the map's requests, of the record's; a bit each */
    GArray *down; /* int64_t from, until: the service was killed and not back */

    enum deed *deed_of; /* [request_count]: of the map's requests */
    uint32_t request_count;
    struct judge_deed *deeds;
    uint32_t deed_count;
    GArray *orders;               /* struct judge_order */
    GArray *members;              /* struct judge_member */
    GHashTable *member_of;        /* name -> member + 1 */
    GHashTable *member_of_number; /* the plan's -> member + 1 */
    uint32_t *member_orders;
    bool is_every_key_known; /* of all orders that were placed, or may have been */
    bool is_repeat;          /* some of them were in the books before the run: nothing is certain */
    uint32_t *book_order;    /* [rows of orders after]: of judge.orders; JUDGE_NONE = nobody's */
    uint32_t *book_next;     /* [the same]: next row of the same order */
    bool *book_is_old;       /* [the same] */
    uint32_t *line_first;    /* [the same + 1]: its lines */
    GHashTable *order_of;    /* key -> order + 1 */
    GHashTable *id_of;       /* id -> order + 1 */
    GHashTable *old_keys, *old_ids;     /* of the books before: -> row + 1 */
    GHashTable *row_of_key, *row_of_id; /* of the books after: -> row + 1 */

    GArray *effects;           /* struct judge_effect, by member, then by from_us */
    GHashTable *points_row;    /* member's name -> row of points before + 1 */
    GHashTable *moved_members; /* names: judge_points_moved() */
    bool tells_points;         /* some answer told points earned or spent */

    GArray *positions; /* struct judge_position */
    GHashTable *position_of;
    GArray *holds, *releases;
    struct judge_tally *tallies; /* by position */
    bool has_places;             /* the stock book names places */
    bool stock_is_whole;         /* positions that it lacks have no units */
    bool has_unknown_open;       /* an order of unknown contents may come true at any time */
};

struct judge *judge_new(const struct audit_input *input, GError **ret_error);
void judge_free(struct judge *judge);

/* ---- the history ----------------------------------------------------------------------------- */

/* The earliest moment at which a request can have had its effect. */
int64_t judge_from_us(const struct judge *judge, uint32_t row);
/* Whether an open outcome may still come true while the books are read: nothing was killed since. */
bool judge_may_still(const struct judge *judge, uint32_t row);
/* How often its effect may have happened at most, once for each sending. */
uint32_t judge_sendings(const struct judge *judge, uint32_t row);
/* What its answer told; false = nothing of this kind. The last one counts. */
bool judge_told(const struct judge *judge, uint32_t row, enum telling what, int64_t *ret_value);
bool judge_told_text(const struct judge *judge, uint32_t row, enum telling what,
                     uint32_t *ret_text);
/* Whether the service was down between two moments. */
bool judge_was_down(const struct judge *judge, int64_t from_us, int64_t until_us);
void judge_read_history(struct judge *judge);

/* ---- orders ---------------------------------------------------------------------------------- */

static inline struct judge_order *judge_order(const struct judge *judge, uint32_t order)
{
    return &g_array_index(judge->orders, struct judge_order, order);
}
static inline enum certainty judge_certain(const struct judge_order *order, enum deed deed)
{
    return (enum certainty)order->certain[deed];
}
/* Whether the deed was asked for, and not refused. */
static inline bool judge_may(const struct judge_order *order, enum deed deed)
{
    return order->certain[deed] != CERTAINTY_NOT_DONE;
}
static inline bool judge_knows(const struct judge *judge, enum deed deed)
{
    return (judge->deeds_known >> deed & 1) != 0;
}
enum deed judge_deed_of(const struct judge *judge, uint32_t row);
void judge_make_orders(struct judge *judge);
/* Whether the books would show the order if it existed: they name orders as the history does. */
bool judge_order_is_known(const struct judge *judge, const struct judge_order *order);
/* Units of the SKU that its cart certainly held when it was placed, and may have held. */
void judge_order_cart(const struct judge *judge, const struct judge_order *order, uint32_t sku,
                      int64_t *ret_low, int64_t *ret_high);
/* Whether a row of the books carries a key that the history would know if it were the run's. */
bool judge_row_is_named(const struct judge *judge, uint32_t row);
/* Judges what has no name in common by counting. */
enum judge_pool { JUDGE_POOL_LOST, JUDGE_POOL_TWICE, JUDGE_POOL_UNASKED };
void judge_pools(const struct judge *judge, struct audit_result *result, enum judge_pool which);
static inline bool judge_asked(const struct judge *judge, enum deed deed)
{
    return (judge->deeds_asked >> deed & 1) != 0;
}
void judge_make_members(struct judge *judge);
/* Member of that name of the books, or JUDGE_NONE. */
uint32_t judge_member_find(const struct judge *judge, uint32_t name);
/* Member that a request was sent for, or JUDGE_NONE. */
uint32_t judge_member_of_row(const struct judge *judge, uint32_t row);
/* "21-4", or how the books call it. */
char *judge_order_text(const struct judge *judge, const struct judge_order *order);
char *judge_book_order_text(const struct judge *judge, uint32_t book_row);
/* "SKU sku_0004 at store_0012", by the plan. */
char *judge_sku_text(const struct judge *judge, const struct record_row *row);
char *judge_member_text(const struct judge *judge, const struct judge_order *order);

/* ---- points ---------------------------------------------------------------------------------- */

void judge_make_points(struct judge *judge);
/* Whether a change of the member's points can be explained: by all that was certain before `since`
 * and a choice of what began until `until`. */
bool judge_points_explain(const struct judge *judge, const struct judge_member *member,
                          int64_t since_us, int64_t until_us, int64_t change,
                          struct judge_points *ret_points);
/* Whether the service may have moved the member's points by itself: an order from before the run was
 * given up meanwhile. */
bool judge_points_moved(const struct judge *judge, uint32_t name);
/* The member's row of points before the run, or JUDGE_NONE. */
uint32_t judge_points_row(const struct judge *judge, uint32_t name);

/* ---- books ----------------------------------------------------------------------------------- */

/* BOOKS_NO_NUMBER, BOOKS_NO_TEXT where the column was not read. */
int64_t judge_number(const Books *books, enum book book, uint32_t column, uint32_t row);
uint32_t judge_text(const Books *books, enum book book, uint32_t column, uint32_t row);
static inline bool judge_flag(const Books *books, enum book book, uint32_t column, uint32_t row)
{
    return judge_number(books, book, column, row) == 1;
}
#define JUDGE_NUMBER(books, book, column, row)                                                     \
    judge_number(books, BOOK_##book, BOOKS_COLUMN(book, column), row)
#define JUDGE_TEXT(books, book, column, row)                                                       \
    judge_text(books, BOOK_##book, BOOKS_COLUMN(book, column), row)
#define JUDGE_FLAG(books, book, column, row)                                                       \
    judge_flag(books, BOOK_##book, BOOKS_COLUMN(book, column), row)
#define JUDGE_HAS(books, book, column)                                                             \
    books_has_column(books, BOOK_##book, BOOKS_COLUMN(book, column))

/* The order that a row of a book names by key or id: of judge.orders, or JUDGE_NONE. */
uint32_t judge_named_order(const struct judge *judge, uint32_t name);
/* The same in the book of orders after the run: its first row, or JUDGE_NONE. */
uint32_t judge_named_row(const struct judge *judge, uint32_t name);
uint32_t judge_order_of_book_row(const struct judge *judge, uint32_t row);
/* Whether the books before the run don't say that the order of this row was cancelled. */
bool judge_row_stood(const struct judge *judge, uint32_t row);
bool judge_book_row_is_old(const struct judge *judge, uint32_t row);
void judge_index_books(struct judge *judge);

/* ---- stock ----------------------------------------------------------------------------------- */

static inline struct judge_position *judge_position(const struct judge *judge, uint32_t position)
{
    return &g_array_index(judge->positions, struct judge_position, position);
}
void judge_make_stock(struct judge *judge);
void judge_make_holds(struct judge *judge); /* a part of it */
uint32_t judge_position_put(struct judge *judge, uint32_t place, uint32_t sku);
/* Units that an order takes, by what the books say, else by what its cart may have held; and what
 * was sold under its name at tills. Appends struct judge_units. */
void judge_order_units(const struct judge *judge, const struct judge_order *order,
                       GArray *ret_units);
/* What open outcomes may have changed between two looks at the books. */
int64_t judge_slack(const struct judge *judge, const struct judge_position *position);
/* Whether a standing order that was acknowledged keeps its units until somebody cancels it: those
 * that nobody paid may expire. */
bool judge_order_is_firm(const struct judge *judge, const struct judge_order *order);
/* Whether the books after the run say that this order is not cancelled. Without that column it may
 * be. */
bool judge_row_stands(const struct judge *judge, uint32_t row);
/* From when on an order of the books certainly held what it took: its acknowledgement; JUDGE_BOOKS
 * when it stands and may have been cancelled and ordered again in between. */
int64_t judge_standing_from_us(const struct judge *judge, uint32_t order, bool is_cancelled);
/* Whether a request to place it was, or may have been, done after a cancellation was sent. */
bool judge_is_placed_again(const struct judge *judge, const struct judge_order *order);
/* Position of a place and SKU, or JUDGE_NONE. */
uint32_t judge_position_find(const struct judge *judge, uint32_t place, uint32_t sku);
/* Judges each place of a SKU; then the SKU over all places, unless one of its places was told of:
 * `check` returns whether it was. */
typedef bool judge_position_check(const struct judge *judge, uint32_t position, const void *user,
                                  struct audit_result *result);
void judge_each_position(const struct judge *judge, judge_position_check *check, const void *user,
                         struct audit_result *result);
/* "SKU sku_0004 at store_0012". */
char *judge_position_text(const struct judge *judge, const struct judge_position *position);

void judge_make_tallies(struct judge *judge);
/* Whether units on hand, reserved and available go together as they did before the run; else what
 * they differed by. */
bool judge_columns_agree(const struct judge_position *position, int64_t *ret_before,
                         int64_t *ret_after);
struct judge_range judge_left(const struct judge *judge, const struct judge_position *position);
struct judge_range judge_on_hand(const struct judge *judge, const struct judge_position *position);
struct judge_range judge_reserved(const struct judge *judge, const struct judge_position *position);
struct judge_range judge_reservations(const struct judge *judge,
                                      const struct judge_position *position);
/* Names requests of a position's orders that are cancelled, or of all. */
void judge_show_cancelled(const struct judge *judge, const struct judge_position *position,
                          struct audit_finding *finding);
void judge_show_position(const struct judge *judge, const struct judge_position *position,
                         struct audit_finding *finding);
/* Whether some open request of the order may come true while the books are read. */
bool judge_order_may_still(const struct judge *judge, const struct judge_order *order);
/* Payments by row of the orders after the run; behind the last one those of no order. NULL = they
 * were not read. Caller frees. */
int64_t *judge_payments(const struct judge *judge);

/* ---- coupons --------------------------------------------------------------------------------- */

struct judge_coupon_hold { /* a coupon that is certainly redeemed between two moments */
    int64_t from_us, until_us;
    uint32_t coupon, member; /* texts; member INTERN_NONE = counted for all of them */
    uint32_t order;          /* JUDGE_NONE = nobody asked for it */
};
struct judge_coupon_peak { /* the most of one moment */
    int64_t redeemed, at_us;
    int64_t from_us; /* the first moment of which it was more than the limit; JUDGE_NEVER */
};
/* All of them, by coupon, member and time. Caller frees. */
GArray *judge_coupon_holds(const struct judge *judge);
const struct judge_coupon_hold *judge_coupon_holds_of(const GArray *holds, uint32_t coupon,
                                                      uint32_t member, guint *ret_count);
struct judge_coupon_peak judge_coupon_peak(const struct judge_coupon_hold *holds, guint count,
                                           int64_t limit);
/* The coupon that an order carries as its customer was told, where the books can't say; or
 * INTERN_NONE. */
uint32_t judge_coupon_told(const struct judge *judge, const struct judge_order *order);
/* Name of the member whose order it is, or INTERN_NONE. */
uint32_t judge_order_member(const struct judge *judge, uint32_t order);
/* Coupon of a row of the orders after the run, INTERN_NONE = none; and whose it is. */
uint32_t judge_row_coupon(const struct judge *judge, uint32_t row, uint32_t *ret_member);

/* ---- findings -------------------------------------------------------------------------------- */

/* Counts a violation of so much; whether it is among the worst so far, so that its text is worth
 * making and handing to judge_find(). */
bool judge_violated(struct audit_result *result, int64_t amount);
/* Puts in a finding; takes both texts. */
struct audit_finding *judge_find(struct audit_result *result, int64_t amount, int64_t at_us,
                                 char *subject, char *text);
GPtrArray *judge_findings_new(void);
/* Names a request as evidence. */
void judge_show(const struct judge *judge, struct audit_finding *finding, uint32_t row);
/* Names all requests of an order that did something, or may have. */
void judge_show_order(const struct judge *judge, struct audit_finding *finding,
                      const struct judge_order *order);
/* What was not there to tell by; told once. */
void judge_missing(struct audit_result *result, const char *format, ...) G_GNUC_PRINTF(2, 3);
/* Whether a book was read whole; notes it as missing when not. */
bool judge_needs(struct audit_result *result, const Books *books, const char *moment,
                 enum book book);
/* Notes it when the books don't tell which orders are cancelled. */
void judge_needs_cancelled(const struct judge *judge, struct audit_result *result);
/* Seconds since the run began, "14.203 s". */
char *judge_time_text(int64_t at_us);

/* Changes of a position, struct audit_level by time: first what was there, then units that were
 * certainly sold or not any more, and those that may have come back. Replaces what the array held. */
void judge_changes(const struct judge *judge, const struct judge_position *position,
                   GArray *ret_changes);
/* The position of the worst finding of units_sold_once over time; nothing when there is none. */
void judge_levels(const struct judge *judge, const struct audit_result *units,
                  struct audit_levels *ret_levels);

/* ---- invariants ------------------------------------------------------------------------------ */

#define INVARIANT(name, title, text)                                                               \
    void name##_judge(const struct judge *judge, struct audit_result *result);
#include "replay/audit/invariants.def"
#undef INVARIANT

/* ---- numbers --------------------------------------------------------------------------------- */

/* Keys of two numbers in GHashTables. */
static inline gpointer judge_pair(uint32_t a, uint32_t b)
{
    return GSIZE_TO_POINTER((gsize)((uint64_t)a << 32 | b));
}
guint judge_pair_hash(gconstpointer pair);

#endif
