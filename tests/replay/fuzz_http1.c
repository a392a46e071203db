/* Fuzz target of the response parser, for libFuzzer (tests/README.md):
 *
 *     build/fuzz_http1 -max_len=4096 FOLDER tests/replay/corpus/http1
 *
 * The size says where the bytes are cut; the result must be the same as without cuts, and no byte
 * outside may be touched. The corpus runs in ctest by test_http1_corpus.c, without a fuzzer. */
#include "replay/http1_case.h"

#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    const char *text = (const char *)bytes;

    for (size_t i = 1; i <= 3; i++)
        http1_case_check_pair(text, size, size * i / 5, size * i / 5 + i * 7, i == 3);
    return 0;
}
