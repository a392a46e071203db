/* Recorded requests: the HTTP/1.1 messages that the steps of imported traffic carry as payload.
 *
 * A message is a request line with a path or an absolute URL, header lines, an empty line, and the
 * body, which is all the rest. Headers that belong to the connection over which it was recorded, or
 * that the sender works out anew, are never kept: hop-by-hop headers (RFC 9110, 7.6.1), those that
 * its Connection header names, Host, Content-Length, Expect, and the pseudo-headers of HTTP/2.
 */
#ifndef TRAFFIC_MESSAGE_H
#define TRAFFIC_MESSAGE_H

#include "traffic/plan.h"

/* ---- making --------------------------------------------------------------------------------- */

/* Errors are BAD_INPUT without a position: the caller knows it. */

/* Begins a message in `text`, which is emptied. A target is cut at its fragment; bytes that may not
 * stand in one are percent-encoded. */
gboolean message_begin(GString *text, const char *method, const char *target, GError **ret_error);
/* Adds a header, unless it is one that is not kept. `connection` is the value of the recorded
 * Connection header or NULL. */
gboolean message_add_header(GString *text, const char *name, const char *value,
                            const char *connection, GError **ret_error);
/* Adds the body, which may be empty. */
gboolean message_end(GString *text, const void *body, size_t body_size, GError **ret_error);

/* ---- reading --------------------------------------------------------------------------------- */

struct message_text { /* not terminated */
    const char *text;
    size_t size;
};

struct message {
    struct message_text method, target;
    struct message_text headers; /* lines, to be taken apart by message_next_header() */
    struct message_text body;
};

/* Takes a payload apart; false when it is not a message. Borrows. */
bool message_parse(const struct plan_payload *payload, struct message *ret_message);
/* The next header of `headers`, which is shortened; false at the end. */
bool message_next_header(struct message_text *headers, struct message_text *ret_name,
                         struct message_text *ret_value);
/* The value of a header, text NULL when there is none. */
struct message_text message_header(const struct message *message, const char *name);

#endif
