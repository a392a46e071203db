/* What the files of the back end share: the parts that live as long as the service, a request on its
 * way (struct job), and the steps of that way. */
#ifndef BACKEND_PRIVATE_H
#define BACKEND_PRIVATE_H

#include "backend/backend.h"
#include "backend/call.h"
#include "backend/directory.h"
#include "backend/router.h"

#include <stdatomic.h>

#define BACKEND_SECRET_SIZE 32

/* Set before the service starts, read by all threads; counters apart. */
struct backend_shared {
    struct directory *directory;
    struct faults *faults;
    struct stale *stale;                 /* of the fault stale-stock; NULL = off */
    uint8_t secret[BACKEND_SECRET_SIZE]; /* of tokens; kept in the database */
    uint64_t member_count;               /* with cards: 1 .. member_count */
    int64_t session_for_us, reserve_for_us;
    int64_t (*clock)(void); /* us since 1970 */
    const char *openapi;
    int64_t began_us;                                            /* monotonic */
    _Atomic uint64_t request_count, refused_count, failed_count; /* answers: all, 4xx, 5xx */
};

/* One request. Handlers see its call alone. */
struct job {
    struct call call;
    const struct route *route;
    char *path; /* the segments' text */
    char member_name[CALL_ID_MAX + 1];
    int64_t again_us;         /* call_later() was asked for; -1 = was not */
    bool fails_afterwards;    /* of the fault `error` */
    int64_t slow_us;          /* of the fault `slow` */
    const char *header[2][2]; /* of the answer: static name, owned value */
    struct job *next;
    int64_t due_us; /* monotonic; of a call that waits */
};

struct job *job_new(struct backend_shared *shared, ServiceRequest *request);
/* Finds the route, checks who asks, reads the body. False: it is answered already. */
bool job_prepare(struct job *job);
/* Runs the handler. The call has been answered afterwards, or waits (again_us >= 0). */
void job_run(struct job *job);
/* Replaces the answer. */
void job_fail(struct job *job, uint32_t status, const char *error, const char *detail);
void job_header(struct job *job, const char *name, const char *value);
/* Sends the answer and frees the job. Any thread. */
void job_finish(struct job *job);

/* ---- steps ----------------------------------------------------------------------------------- */

/* Text of a token. Caller frees. */
char *session_make(const struct backend_shared *shared, int64_t member, const char *name,
                   int64_t until_us);
/* Whether it is one of ours and holds; `ret_name` has room for CALL_ID_MAX + 1 bytes. */
bool session_check(const struct backend_shared *shared, const char *token, int64_t now_us,
                   int64_t *ret_member, char *ret_name);

/* Who asks, as the route demands. False after answering 401. */
bool access_check(struct job *job);

/* 1..CALL_ID_MAX bytes of UTF-8 without control characters. */
bool call_name_is_good(const char *text);
/* A problem of RFC 9457 as text. Caller frees. */
char *problem_text(uint32_t status, const char *error, const char *detail);

#endif
