/* The owner's side of a pool in tests: sends exchanges, keeps what became of each. */
#ifndef TESTS_REPLAY_CUSTOMER_H
#define TESTS_REPLAY_CUSTOMER_H

#include "replay/pool.h"

#define CUSTOMER_EXCHANGES 256

struct customer_end { /* of one exchange */
    bool ended, failed;
    enum outcome outcome; /* when it failed */
    uint32_t status;
    uint32_t order; /* ends are numbered from 1 */
    char *body;     /* owned, terminated; NULL when none came */
    uint32_t body_size;
    uint64_t body_bytes, head_bytes;
    bool gzip, resent;
    char *wanted; /* owned: "value|-|value|", '-' = the header wasn't there */
};

struct customer {
    uv_loop_t loop;
    struct pool *pool;
    struct target *target;
    struct exchange_events events;
    struct exchange exchange[CUSTOMER_EXCHANGES];
    struct customer_end end[CUSTOMER_EXCHANGES];
    uint32_t end_count;
    /* What is sent; "GET /" unless set. */
    struct api_message message;
    bool refuses; /* to render */
    uint32_t render_count;
    /* Called behind each end; may be NULL. */
    void (*after)(struct customer *customer, uint32_t which);
    uint64_t user;
};

/* Options that a test may then change. */
struct pool_options customer_options(void);
void customer_open(struct customer *customer, const char *url, const struct pool_options *options);
/* The same with an API map, whose wanted headers are noted. Borrows it. */
void customer_open_map(struct customer *customer, const char *url,
                       const struct pool_options *options, const ApiMap *map);
void customer_close(struct customer *customer);
/* Asks for exchange `which`, its body wanted. */
void customer_ask(struct customer *customer, uint32_t which);
/* Forgets how an exchange ended, so that it can be asked for again. */
void customer_forget(struct customer *customer, uint32_t which);
/* An `after`: asks for the next exchange while there are fewer than customer->user. */
void customer_ask_next(struct customer *customer, uint32_t which);
/* Exchange `which` ended with the answer of peer_serve_well(). */
void customer_assert_fine(const struct customer *customer, uint32_t which);
/* Runs the loop until `count` exchanges have ended, at most 20 s. */
void customer_run(struct customer *customer, uint32_t count);
/* Runs the loop for that long. */
void customer_run_ms(struct customer *customer, uint32_t ms);

#endif
