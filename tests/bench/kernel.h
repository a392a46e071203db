/* The parts of bench_kernel, each a file: they add their rows and return whether all went well. */
#ifndef TESTS_BENCH_KERNEL_H
#define TESTS_BENCH_KERNEL_H

#include "bench/bench.h"

bool kernel_hold(struct bench *b);
bool kernel_draw(struct bench *b);
bool kernel_mm1(struct bench *b);

#endif
