/* number.h - numbers in text, always in the C locale */
#ifndef MBATCH_NUMBER_H
#define MBATCH_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "lib/base/slice.h"

/*
 * Decimal text: [+-]digits[.digits][e[+-]digits], whole slice, no blanks, no
 * hex, no inf or nan; ".5" and "5." too.  Text whose digits fit 64 bits is
 * exact: value = mant * 10^-scale; otherwise exact is false and real is the
 * nearest double.  Beyond a double's range is not a number.
 */
struct number {
	int64_t mant;
	int scale;		/* 0: an integer; 0 to 18 */
	bool exact;
	double real;		/* always set */
};

/* False: not a number. */
bool number_parse(struct number *, struct slice);
/* The same when only the double is wanted. */
bool number_real(double *, struct slice);
/* Reads n values up to the first that is absent or not a number; how many were
   read.  A value that is a part of rec[i] may be read in words that reach
   beyond it, but not beyond rec[i]. */
size_t number_parse_many(struct number *, const struct slice *val,
    const struct slice *rec, size_t n);
/* <0, 0, >0: exactly if both are exact, else as doubles. */
int number_cmp(const struct number *, const struct number *);
/* Two numbers' texts, exactly, whatever their length; O(digits). */
int number_text_cmp(struct slice, struct slice);
/* An integer and nothing else. */
bool number_int(int64_t *, struct slice);
/* JSON's number grammar (RFC 8259, 6): where the one at p ends, NULL: there is
   none; and whether the text is one. */
const char *number_json_end(const char *p, const char *end);
bool number_is_json(struct slice);

enum { NUMBER_MAX = 48 };	/* bytes that hold any number written below */
/*
 * Written to out, not NUL-terminated; the length.  mant * 10^-scale is in full,
 * without zeros at the end of its fraction.  Doubles have the fewest digits
 * that read back as them, from 1e21 on and below 1e-5 with an exponent; never
 * "-0".
 */
size_t number_put_u64(char *out, uint64_t);
size_t number_put_i64(char *out, int64_t);
size_t number_put_decimal(char *out, int64_t mant, int scale);
size_t number_put_real(char *out, double);
/* One that such text reads as. */
size_t number_put(char *out, const struct number *);
/* Likewise n digits * 10^-scale, any number of them: n + scale + 2 bytes. */
size_t number_put_point(char *out, const char *digit, size_t n, size_t scale);

/* 10^0 to 10^19; as signed numbers, to 10^18. */
extern const uint64_t number_ten[20];

static inline int64_t
number_power(int k)
{
	return (int64_t)number_ten[k];
}

static inline struct number
number_whole(int64_t n)
{
	return (struct number){ n, 0, true, (double)n };
}

/* The largest integer not above a / b; b is above 0. */
static inline int64_t
number_floor(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Doubles as integers of the same order; -0 is 0. */
static inline int64_t
number_key(double x)
{
	int64_t i;

	x += 0.0;
	memcpy(&i, &x, sizeof i);
	return i < 0 ? i ^ INT64_MAX : i;
}

static inline double
number_of_key(int64_t i)
{
	double x;

	i = i < 0 ? i ^ INT64_MAX : i;
	memcpy(&x, &i, sizeof x);
	return x;
}

static inline uint64_t
number_magnitude(int64_t i)
{
	return i < 0 ? 0 - (uint64_t)i : (uint64_t)i;
}

/* Options' units.  NULL or what is wrong.  size: k M G T are powers of 1024;
   count: of 1000; duration: ns us ms s m h d, bare = seconds, combined
   (1h30m); the result in ns.  All take fractions and round down.  What no 64
   bits hold is number_too_large. */
extern const char number_too_large[];
const char *number_size(uint64_t *, const char *);
const char *number_count(uint64_t *, const char *);
const char *number_duration(int64_t *, struct slice);

#endif
