/* Signals.
 *
 * The handler only raises a flag; SA_RESETHAND gives the second signal its usual, deadly meaning,
 * so that a job that does not look at the flag can still be stopped from the keyboard. SA_RESTART
 * is set because no wait of ours has to end early: the work itself is what runs long.
 *
 * A pipe whose reader has gone and a file past its size limit would kill the process with half a
 * result written; ignored, both come back as errors of write(), which are reported like a full
 * disk.
 */
#include "cli/interrupt.h"

#include <signal.h>
#include <stddef.h>

static volatile sig_atomic_t requested;

static void on_signal(int signal_number)
{
    (void)signal_number;
    requested = 1;
}

void interrupt_install(void)
{
    struct sigaction stop = {.sa_handler = on_signal, .sa_flags = SA_RESETHAND | SA_RESTART};
    struct sigaction ignore = {.sa_handler = SIG_IGN};

    sigemptyset(&stop.sa_mask);
    sigemptyset(&ignore.sa_mask);
    sigaction(SIGINT, &stop, NULL);
    sigaction(SIGTERM, &stop, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGXFSZ, &ignore, NULL);
}

bool interrupt_requested(void) { return requested != 0; }
