/* Failing loudly, and telling a caller what was wrong with its arguments.
 *
 * There are two ways out of the core and no third. A bug -- a condition that can only be false when
 * our own code is wrong -- ends the process through core_fail: one line on stderr with file, line
 * and condition, then abort, so that a debugger or a core dump shows the stack as it was.
 * Continuing would only spread the damage into results that look plausible. An argument that makes
 * no sense is the caller's business: core_error writes text into the caller's omo_error and hands
 * the status through, so that a check reads `return core_error(...)` and nothing is printed or kept
 * by the library.
 *
 * core_fail is the only place in the core that writes to a stream. It formats into a buffer on the
 * stack and hands it over in one call, so that lines of several threads that fail together do not
 * mix, and it takes no memory: the heap may be what broke.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/core.h"

#define CORE_TEXT(x) #x
#define CORE_VERSION(major, minor, patch) CORE_TEXT(major) "." CORE_TEXT(minor) "." CORE_TEXT(patch)

const char *omo_version(void)
{
    return CORE_VERSION(OMO_VERSION_MAJOR, OMO_VERSION_MINOR, OMO_VERSION_PATCH);
}

_Noreturn void core_fail(const char *file, int line, const char *condition)
{
    char text[512];
    int length = snprintf(text, sizeof(text), "omosim: %s:%d: assertion failed: %s\n", file, line,
                          condition);

    /* A condition longer than the buffer loses its end, but not the end of the line. */
    if (length >= (int)sizeof(text))
        text[sizeof(text) - 2] = '\n';
    fputs(text, stderr);
    abort();
}

omo_status core_error_list(omo_error *ret_error, omo_status status, const char *format,
                           va_list arguments)
{
    OMO_ASSERT(status < 0);
    OMO_ASSERT(format != NULL);

    if (ret_error != NULL) {
        ret_error->status = status;
        vsnprintf(ret_error->text, sizeof(ret_error->text), format, arguments);
    }
    return status;
}

omo_status core_error(omo_error *ret_error, omo_status status, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    core_error_list(ret_error, status, format, arguments);
    va_end(arguments);
    return status;
}
