/* libFuzzer's entry: the first byte says as what the rest is read, a plan or a format of recorded
 * traffic. How to build and run it is in tests/README.md. */
#define _GNU_SOURCE
#include "traffic/chew.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    const uint32_t format = bytes[0] % (FORMAT_COUNT + 1);
    const int file = memfd_create("fuzz", MFD_CLOEXEC);
    char path[40], plan_path[40];

    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    snprintf(plan_path, sizeof plan_path, "/dev/shm/omosim-fuzz-%d.plan", (int)getpid());
    if (write(file, bytes + 1, size - 1) == (ssize_t)(size - 1)) {
        if (format == FORMAT_COUNT)
            (void)chew_plan(path);
        else
            (void)chew_import((enum traffic_format)format, path, plan_path);
    }
    close(file);
    unlink(plan_path);
    return 0;
}
