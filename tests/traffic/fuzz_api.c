/* libFuzzer's entry: the first byte says whether the rest is an API map or the JSON of an answer. How
 * to build and run it is in tests/README.md; corpus_api/ has maps to begin with. */
#define _GNU_SOURCE
#include "traffic/api_chew.h"

#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    if (bytes[0] % 2 == 0) {
        (void)api_chew_json((const char *)bytes + 1, size - 1);
        return 0;
    }
    const int file = memfd_create("fuzz", MFD_CLOEXEC);
    char path[40];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    if (write(file, bytes + 1, size - 1) == (ssize_t)(size - 1))
        (void)api_chew_map(path);
    close(file);
    return 0;
}
