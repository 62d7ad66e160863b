/* check.h - what the unit tests share: a check, and chance */
#ifndef MBATCH_CHECK_H
#define MBATCH_CHECK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* CHECK(cond, format, ...) ends the test where cond is false. */
#define CHECK(cond, ...) do {						\
	if (!(cond)) {							\
		fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #cond); \
		fprintf(stderr, __VA_ARGS__);				\
		fputc('\n', stderr);					\
		exit(1);						\
	}								\
} while (0)

/* xorshift64* (Vigna 2016), the same in each run. */
static uint64_t state = 11;

static inline uint64_t
rnd(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * 0x2545f4914f6cdd1d;
}

/* n rounds of something by chance, or the share of them that a slow machine
   has time for (UNIT_SHARE: 10 is a tenth). */
static inline int
rounds(int n)
{
	const char *share = getenv("UNIT_SHARE");

	return share == NULL ? n : n / atoi(share);
}

/* Below n. */
static inline unsigned
chance(unsigned n)
{
	return (unsigned)(rnd() >> 33) % n;
}

#endif
