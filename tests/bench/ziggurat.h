/* The fastest scalar exponentials, from a generator with a state: xoshiro256++ (Blackman and
 * Vigna, ACM TOMS 47, 2021) and the ziggurat (Marsaglia and Tsang, Journal of Statistical
 * Software 5, 2000) with 256 layers. Each file that includes this has a generator of its own;
 * ziggurat_make first.
 */
#ifndef TESTS_BENCH_ZIGGURAT_H
#define TESTS_BENCH_ZIGGURAT_H

#include <math.h>
#include <stdint.h>

static uint64_t xoshiro[4] = {UINT64_C(0x9e3779b97f4a7c15), UINT64_C(0xbf58476d1ce4e5b9),
                              UINT64_C(0x94d049bb133111eb), 1};

static inline uint64_t rotate(uint64_t x, int by) { return x << by | x >> (64 - by); }

static inline uint64_t xoshiro_next(void)
{
    uint64_t *s = xoshiro;
    uint64_t result = rotate(s[0] + s[3], 23) + s[0];
    uint64_t shifted = s[1] << 17;

    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

static inline double xoshiro_unit(void) { return ((double)(xoshiro_next() >> 11) + 0.5) * 0x1p-53; }

#define LAYERS 256
#define LAYER_EDGE 7.69711747013104972 /* of the lowest layer, for 256 */
#define LAYER_AREA 0.0039496598225815571993

static double layer_x[LAYERS + 1], layer_y[LAYERS + 1];

static inline void ziggurat_make(void)
{
    layer_x[0] = LAYER_AREA / exp(-LAYER_EDGE);
    layer_x[1] = LAYER_EDGE;
    layer_y[0] = 0;
    layer_y[1] = exp(-LAYER_EDGE);
    for (int i = 2; i < LAYERS; i++) {
        layer_y[i] = layer_y[i - 1] + LAYER_AREA / layer_x[i - 1];
        layer_x[i] = -log(layer_y[i]);
    }
    layer_x[LAYERS] = 0;
    layer_y[LAYERS] = 1;
}

static inline double ziggurat_exponential(void)
{
    double beyond = 0;

    for (;;) {
        uint64_t word = xoshiro_next();
        uint32_t layer = word & (LAYERS - 1);
        double x = (double)(word >> 11) * 0x1p-53 * layer_x[layer];

        if (x < layer_x[layer + 1])
            return beyond + x;
        if (layer == 0)
            beyond += LAYER_EDGE; /* the tail is the whole again */
        else if (layer_y[layer] + xoshiro_unit() * (layer_y[layer + 1] - layer_y[layer]) < exp(-x))
            return beyond + x;
    }
}

#endif
