/* Where a server listens, and which names may be used to speak to it. */
#ifndef SHELL_SERVE_ADDRESS_H
#define SHELL_SERVE_ADDRESS_H

#include <glib.h>
#include <stdint.h>

/* Opens a listening socket at "[HOST:]PORT" (host 127.0.0.1 when there is none). Sets the host as it
 * was given, without brackets, and the port in use; caller frees the host and closes the socket.
 * -1 on failure. */
int serve_address_listen(const char *address, char **ret_host, uint16_t *ret_port,
                         GError **ret_error);
/* Whether a Host header is one that a reader of our URL would send: localhost, an address in
 * digits, or the host that we were told to listen at. */
gboolean serve_address_fits(const char *header, const char *host);

#endif
