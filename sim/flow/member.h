/* What happens to members: who is one, who is recognised, what a purchase does to them, how they
 * come and go, and their points. Without omo_model_set_members() all of it is nothing but
 * member_known() and member_leave(). */
#ifndef OMO_FLOW_MEMBER_H
#define OMO_FLOW_MEMBER_H

#include "flow/world.h"

/* ---- member.c -------------------------------------------------------------------------------- */

/* Which person of the zone's population makes a visit, OMO_NONE: nobody of them. */
uint32_t member_draw(const struct omo_world *w, uint64_t order, uint32_t zone,
                     const struct segment *segment);
/* Sets member and prospect of a customer whose person was drawn. False when that member has left:
 * the visit does not happen. */
bool member_meet(struct omo_world *w, struct customer *customer, uint32_t person);
/* The system whose ids a channel goes by. */
omo_identity member_system(const struct channel *channel);
/* The wallet that a customer's purchase in a channel goes to: the system's own, or that of the
 * linked ids (OMO_ID_OWN); OMO_NONE when they are not recognised there. */
uint32_t member_wallet(const struct omo_world *w, const struct customer *customer,
                       uint32_t channel);
/* How a member is recognised at an order in a channel: an omo_recognition, OMO_RECOGNISED_COUNT =
 * signed in, OMO_NONE = not at all. */
uint32_t member_recognition(const struct omo_world *w, uint64_t order, uint32_t member,
                            uint32_t channel);
/* Whether a channel knows who the customer is, as the member that coupons were claimed by. The only
 * place that decides it. */
bool member_known(const struct omo_world *w, const struct customer *customer, uint32_t channel);
/* Whether the member can claim a coupon when looking into the chain's own online channels. */
bool member_claims(const struct omo_world *w, const struct customer *customer);
bool member_holds(const struct omo_world *w, uint32_t member, uint32_t coupon);
/* Whether a member's ids are linked, and whether there is one of a system. */
bool member_linked(const struct omo_world *w, uint32_t member);
bool member_consents(const struct omo_world *w, uint32_t member);
bool member_has_id(const struct omo_world *w, uint32_t member, omo_identity system);
uint32_t member_zone_of(const struct demand *d, uint32_t member);
/* A member leaves for good: a broken promise, or the last purchase. `about` says after what. Once
 * more does nothing. */
void member_leave(struct omo_world *w, struct feed_about about, uint32_t member);

/* ---- member_buy.c ---------------------------------------------------------------------------- */

/* The customer is about to pay cents: emits whether they are recognised. Returns what they pay of it
 * in points, which are spent by then. */
int64_t member_pay(struct omo_world *w, const struct customer *customer, struct feed_about about,
                   int64_t cents);
/* The customer has paid cents, `margin_cents` above the cost of the goods: registration, links,
 * what is known of the member, and whether it was the last purchase. Returns the member who bought
 * or became one by it, OMO_NONE when it was nobody's; *ret_recognised says whether the order earns
 * points. */
uint32_t member_bought(struct omo_world *w, const struct customer *customer,
                       struct feed_about about, int64_t cents, int64_t margin_cents,
                       bool *ret_recognised);

/* ---- member_growth.c ------------------------------------------------------------------------- */

/* Members from the start, and the events that recur. */
void member_open(struct omo_world *w);
void member_adopt(struct omo_world *w);
void member_retain(struct omo_world *w);
/* At the horizon: those who joined since the last step. */
void member_close(struct omo_world *w);
/* Members, by the counts of the zones. */
int64_t member_count(const struct omo_world *w);
/* What an entry of the table adds to the two prefixes of its zone: 1 for who registered ahead, -1
 * for who left before their turn. */
int32_t member_aside(const struct omo_world *w, const struct member *entry);
/* Whether one person of a zone has joined and not left. */
bool member_present(const struct omo_world *w, uint32_t zone, uint32_t member);

/* ---- points.c -------------------------------------------------------------------------------- */

uint32_t points_expiry_days(const omo_model *m);
/* An order is complete, or paid where points are earned at payment. */
void points_earn(struct omo_world *w, struct feed_about about, uint32_t member, int64_t cents);
/* Spends points on something that costs cents. Returns what they cover. */
int64_t points_spend(struct omo_world *w, struct feed_about about, uint32_t member, uint32_t wallet,
                     int64_t cents);
/* Money of a member's order was given back: takes back what it earned, from the wallet of the
 * order's channel, as far as the wallet holds so much. `member` is who bought it, OMO_NONE = nobody;
 * nothing happens where they were not recognised. */
void points_take_back(struct omo_world *w, struct feed_about about, uint32_t member, int64_t cents);
/* At midnight: points whose time is over lapse. */
void points_lapse(struct omo_world *w);
/* Points that a member holds, all wallets together. */
int64_t points_of(const struct omo_world *w, const struct member *member);

#endif
