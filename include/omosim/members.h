/* The chain's members: which ids they have and how far these are one, how members come and go, and
 * the points that they hold.
 *
 * Without omo_model_set_members() everybody of a zone's population is a member from the start and
 * for ever, known in every online channel, and at the till where integration.members is merged.
 * Nobody takes memory before something about them changes, so a population may be 10^8.
 */
#ifndef OMOSIM_MEMBERS_H
#define OMOSIM_MEMBERS_H

#include <omosim/model.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Systems that give out ids. A channel belongs to one: walk-ins and the like to the till's, a
 * marketplace to the platform's, all other online channels to the chain's own. */
typedef enum omo_identity {
    OMO_ID_TILL, /* the card */
    OMO_ID_OWN,  /* app, mini-programme, web shop */
    OMO_ID_PLATFORM,
    OMO_ID_COUNT
} omo_identity;

/* How a member is recognised at a till. */
typedef enum omo_recognition {
    OMO_RECOGNISED_BARCODE, /* the mobile phone shows the member's barcode */
    OMO_RECOGNISED_PHONE,   /* the phone number is asked for */
    OMO_RECOGNISED_BINDING, /* a payment or messaging account that is bound to the id */
    OMO_RECOGNISED_COUNT
} omo_recognition;

typedef struct omo_member_options {
    size_t size;
    /* -- ids and their links -- */
    /* members who have an id of each system when they join; who draws none has the till's */
    uint32_t id_ppm[OMO_ID_COUNT];
    /* members whose ids are linked when they join; nobody's where integration.members is siloed,
     * and nobody's without consent */
    uint32_t linked_ppm;
    uint32_t consent_ppm; /* members who allow their ids to be linked */
    /* shares of their purchases at a till at which members identify themselves so; at most 1
     * together */
    uint32_t recognition_ppm[OMO_RECOGNISED_COUNT];
    /* [channel] buyers without an id of the channel's system who take one */
    uint32_t register_ppm[OMO_CHANNELS_MAX];
    uint32_t bind_ppm; /* recognised, unlinked members who link their ids at a purchase */
    /* -- growth: of each zone's member_count potential members -- */
    uint32_t start_ppm; /* members from the start */
    double growth_p;    /* Bass: innovation per growth_unit_us; p = q = 0: nobody joins so */
    double growth_q;    /* Bass: imitation */
    int64_t growth_unit_us;
    int64_t growth_step_us; /* time between draws of how many joined */
    /* -- lifetime: buy till you die, BG/NBD -- */
    double lifetime_r; /* shape of the gamma law of buying rates; 0 = all alike, nobody dies */
    double
        lifetime_alpha_us; /* its rate; 0 = as the segments' visits have it, else it must agree */
    double lifetime_a;     /* beta law of the probability to drop out after a purchase */
    double lifetime_b;     /* a = 0: nobody drops out */
    /* members who stay, each period; 10^6 = all. Not together with growth or registration */
    uint32_t retention_ppm;
    int64_t retention_period_us;
    uint32_t discount_ppm; /* margins are worth that much less each retention_period_us later */
    /* -- points -- */
    double points_earn;        /* points for each currency unit paid; 0 = none */
    int64_t point_microcents;  /* what a point is worth when it is spent */
    uint32_t points_spend_ppm; /* recognised purchases at which points are spent */
    uint32_t points_cover_ppm; /* of what is to be paid, at most */
    int64_t points_expiry_us;  /* all lapse so long after the last were earned; 0 = never */
    bool points_at_payment;    /* earned at payment, else when an order is complete */
} omo_member_options;

OMO_API omo_member_options omo_member_defaults(void);
/* Turns the members' ids, growth, lifetime and points on. */
OMO_API omo_status omo_model_set_members(omo_model *model, const omo_member_options *options,
                                         omo_error *ret_error);

#ifdef __cplusplus
}
#endif
#endif
