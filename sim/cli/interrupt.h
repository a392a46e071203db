/* SIGINT and SIGTERM as a request to stop: long work looks at interrupt_requested() now and then,
 * keeps what is finished and ends with status 130. The second signal kills at once. */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

/* Called once, by main(). Also ignores SIGPIPE and SIGXFSZ, so that writes fail with an error. */
void interrupt_install(void);
/* From any thread. */
bool interrupt_requested(void);

#endif
