/* Sessions of one worker's members: who is logged in, until when, with which values.
 *
 * A bounded table keyed by member, least recently used ones give way. A session that a journey
 * holds stays; the table has room for at least as many sessions as journeys can be in flight, so
 * there is always one to be had. One thread, nothing allocated after sessions_init().
 */
#ifndef REPLAY_SESSIONS_H
#define REPLAY_SESSIONS_H

#include "replay/values.h"

#define SESSION_NONE UINT32_MAX

enum session_state { SESSION_CLOSED, SESSION_OPENING, SESSION_OPEN };

struct session {
    uint64_t member;
    int64_t valid_until_ns; /* of an open one; since the run began, real time */
    uint32_t values;
    uint32_t chain;         /* next with the same hash */
    uint32_t older, newer;  /* by last use, of those that nobody holds */
    uint32_t first_waiting; /* journeys that wait for the log-in under way, in a list */
    uint32_t last_waiting;  /* (the worker's) */
    uint32_t holders;       /* journeys in flight that use it */
    uint16_t epoch;         /* counts log-ins */
    uint8_t state;
    uint8_t spare;
};

struct sessions {
    struct session *session;
    uint32_t *bucket;
    uint32_t capacity, bucket_mask, used;
    uint32_t oldest, newest;
    struct values *values; /* borrowed */
    uint64_t lost;         /* open ones that were pushed out */
};

bool sessions_init(struct sessions *sessions, uint32_t capacity, struct values *values);
void sessions_clear(struct sessions *sessions);
/* The member's session, made (closed) if need be, and held. `now_ns` decides whether one that is
 * pushed out was still open. */
uint32_t sessions_hold(struct sessions *sessions, uint64_t member, int64_t now_ns);
void sessions_release(struct sessions *sessions, uint32_t session);
uint64_t sessions_memory(const struct sessions *sessions);

#endif
