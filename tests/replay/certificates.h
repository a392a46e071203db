/* Certificates for tests, made when they run: a certificate authority and what it signs, as PEM
 * files in a new folder. */
#ifndef TESTS_REPLAY_CERTIFICATES_H
#define TESTS_REPLAY_CERTIFICATES_H

struct certificates {
    char *folder;
    char *ca;              /* the authority's certificate */
    char *good, *good_key; /* localhost, 127.0.0.1, ::1 */
    char *expired, *expired_key;
    char *future, *future_key; /* not valid yet */
    char *other, *other_key;   /* of other.example, *.wild.example */
    char *own, *own_key;       /* localhost, signed by itself */
    char *client, *client_key; /* for clients */
    char *locked_key;          /* the client's, with a password */
};

/* Stops the test when it can't. */
struct certificates *certificates_new(void);
/* Removes the files. */
void certificates_free(struct certificates *certificates);

#endif
