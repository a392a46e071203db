/* libFuzzer's entry: the bytes are what a client sends. How to build and run it is in tests/README.md;
 * corpus/ has requests to begin with. */
#include "backend/platform_case.h"
#include "backend/request_chew.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void finish(void)
{
    request_chew_end();
    g_assert(request_chew_books_agree());
    platform_end();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static bool begun;

    if (!begun) {
        begun = true;
        platform_begin();
        request_chew_begin();
        atexit(finish);
    }
    (void)request_chew((const char *)bytes, size);
    return 0;
}
