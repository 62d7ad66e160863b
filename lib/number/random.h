/* random.h - chance, repeatable from a seed */
#ifndef MBATCH_RANDOM_H
#define MBATCH_RANDOM_H

#include <stdint.h>

#define RANDOM_STEP UINT64_C(0x9e3779b97f4a7c15)

/* The next 64 random bits: SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t
random_next(uint64_t *state)
{
	uint64_t z = *state += RANDOM_STEP;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* Below n (which is above 0), each equally often. */
static inline uint64_t
random_below(uint64_t *state, uint64_t n)
{
	uint64_t x, limit = UINT64_MAX - UINT64_MAX % n;

	do
		x = random_next(state);
	while (x >= limit);
	return x % n;
}

#endif
