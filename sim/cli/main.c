/* omosim: one program, many commands.
 *
 * main() finds the command, hands it its arguments and turns what comes back into an exit status:
 * 0 done, 1 a check failed, 2 bad usage or input, 3 could not run, 130 interrupted. Errors are
 * printed here and nowhere else.
 *
 * Standard output is part of the result. It is flushed and looked at before the program says that
 * all went well, so a full disk or a closed pipe is status 3 and never a cut table that looks
 * whole. A reader that has had enough (`omosim list kpis | head`) needs no message. When a standard
 * stream is closed from the start, /dev/null takes its number, opened the wrong way round: a
 * result database must not get descriptor 1, and writing must still fail.
 *
 * The locale stays "C": a decimal comma in a result would be another result.
 */
#include "cli/command.h"
#include "cli/interrupt.h"
#include "shell/diagnostic.h"
#include "shell/spelling.h"

#include <omosim/draws.h>
#include <omosim/types.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct command commands[] = {
#define COMMAND(name, help) {#name, help, command_##name},
#include "cli/commands.def"
#undef COMMAND
};

static void print_usage(FILE *stream)
{
    fputs(
        "usage: omosim COMMAND [OPTION...]\n\n"
        "Simulates a retail chain's stores, warehouses, members and channels, and sends what its\n"
        "customers would ask at live services.\n\n",
        stream);
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        fprintf(stream, "  %-9s %s\n", commands[i].name, commands[i].help);
    fputs("\n  omosim COMMAND --help   options and examples of a command\n"
          "  omosim --version        version of the program and its library\n\n"
          "Exit status: 0 done, 1 a check failed, 2 bad usage or input, 3 could not run,\n"
          "130 interrupted. Begin with: omosim run scenarios/two_stores.yaml, or\n"
          "omosim replay --target http://127.0.0.1:8080/ --rate 100\n",
          stream);
}

static const struct command *find_command(const char *name, GError **ret_error)
{
    const char *names[G_N_ELEMENTS(commands) + 1] = {NULL};

    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
        names[i] = commands[i].name;
    }
    g_autofree char *hint = spelling_hint(name, names);
    g_set_error(ret_error, OMO_SHELL_ERROR, OMO_SHELL_ERROR_BAD_USAGE, "unknown %s '%s'%s",
                name[0] == '-' ? "option" : "command", name, hint);
    return NULL;
}

/* `omosim help run` is `omosim run --help`. */
static enum command_status dispatch(int argc, char **argv, GError **ret_error)
{
    const char *name = argv[1];
    const bool help = strcmp(name, "help") == 0;

    if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0) {
        printf("omosim %s\n", omo_version());
        return COMMAND_DONE;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || (help && argc == 2)) {
        print_usage(stdout);
        return COMMAND_DONE;
    }
    if (help)
        name = argv[2];
    const struct command *command = find_command(name, ret_error);
    if (command == NULL)
        return COMMAND_ERROR;
    if (help) {
        char help_option[] = "--help";
        char *arguments[] = {argv[2], help_option, NULL};
        return command->run(2, arguments, ret_error);
    }
    return command->run(argc - 1, argv + 1, ret_error);
}

static void hold_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)!open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY);
}

/* Why standard output failed. stdio keeps no reason when a write failed long ago, so one more is
 * tried; the output is spoilt anyway. */
static int output_errno(void)
{
    errno = 0;
    if (write(STDOUT_FILENO, "\n", 1) < 0)
        return errno;
    return EIO;
}

/* TRUE when all that was written has arrived. */
static gboolean finish_output(gboolean quiet)
{
    const gboolean failed_before = ferror(stdout) != 0;

    if (fflush(stdout) == 0 && !failed_before)
        return TRUE;
    const int reason = output_errno();
    if (reason != EPIPE && !quiet)
        fprintf(stderr, "error: standard output: %s\n", g_strerror(reason));
    return FALSE;
}

int main(int argc, char **argv)
{
    g_autoptr(GError) error = NULL;

    hold_standard_streams();
    interrupt_install();
    if (g_getenv("OMO_SCALAR") != NULL) /* for comparisons: changes the time, no result */
        omo_draws_use_scalar(true);
    g_set_prgname("omosim");
    if (argc < 2) {
        print_usage(stderr);
        return COMMAND_BAD_INPUT;
    }
    enum command_status status = dispatch(argc, argv, &error);
    if (status == COMMAND_ERROR) {
        diagnostic_print(stderr, error);
        status = (enum command_status)diagnostic_exit_status(error);
    }
    if (!finish_output(status >= COMMAND_BAD_INPUT) && status < COMMAND_BAD_INPUT)
        status = COMMAND_CANNOT_RUN;
    return status;
}
