/* The contract of a command, and the registry of them.
 *
 * A command is one file, command_NAME.c, and one line in commands.def. It gets its own arguments
 * (argv[0] is the command's name), writes its result to standard output and messages to standard
 * error, and returns an exit status; or it sets the error and returns COMMAND_ERROR, and main()
 * prints the error once and takes the status from its code (2 bad usage or input, 3 could not run).
 * Nothing on standard output depends on the clock or on the number of threads.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include <glib.h>

enum command_status {
    COMMAND_ERROR = -1, /* the error is set */
    COMMAND_DONE = 0,
    COMMAND_FAILED = 1, /* a threshold, oracle, audit or comparison failed */
    COMMAND_BAD_INPUT = 2,
    COMMAND_CANNOT_RUN = 3,
    COMMAND_INTERRUPTED = 130
};

struct command {
    const char *name;
    const char *help;
    enum command_status (*run)(int argc, char **argv, GError **ret_error);
};

#define COMMAND(name, help)                                                                        \
    enum command_status command_##name(int argc, char **argv, GError **ret_error);
#include "cli/commands.def"
#undef COMMAND

#endif
