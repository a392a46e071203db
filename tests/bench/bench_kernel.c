/* bench_kernel: a whole model, the draws and the event list, each beside its peer.
 *
 * `mm1/...`: kernel_mm1.c; `draw/...`: kernel_draw.c; `hold/...`: kernel_hold.c. Times are
 * processor time, a row the median of BENCH_RUNS runs. `--quick` is shorter, `--json` prints one
 * object a row.
 */
#include "bench/kernel.h"

int main(int argc, char **argv)
{
    struct bench b;

    if (!bench_begin(&b, "kernel", argc, argv))
        return 2;
    return bench_end(&b, kernel_mm1(&b) && kernel_draw(&b) && kernel_hold(&b));
}
