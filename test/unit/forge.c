/* forge.c - keys that were made to have one hash, whatever the seed or, as
   sketches have it, with a seed that everybody knows */
#include "lib/base/hash.c"
#include "test/unit/check.h"

enum { WORDS = 9, MAX = 8 * WORDS, MANY = 256, KNOWN = 64 };

/* The two hashes; secret ones get a secret of the seed. */
struct way {
	const char *name;
	uint64_t seed;
	bool secret;
};

static const struct way way[] = {
	{ "fixed", 0, false },
	{ "fixed", 1, false },
	{ "distinct", 0x64697374696e6374, false },
	{ "fixed, odd", UINT64_C(0xfedcba9876543211), false },
	{ "secret", 0, true },
	{ "secret", 12345, true },
	{ "secret", UINT64_C(0xfedcba9876543210), true },
};

/* What an attacker may put in: of all seeds, and of this one. */
static uint64_t known[KNOWN];
static size_t nknown;

static uint64_t
hash(const struct way *w, const char *p, size_t n)
{
	struct secret k;

	if (!w->secret)
		return hash_bytes(p, n, w->seed);
	secret_make(&k, w->seed);
	return hash_secret(p, n, &k);
}

static void
know(uint64_t seed, bool secret)
{
	static const uint64_t k[] = { 0, K0, K1, K2, K3 };
	size_t i, j;

	nknown = 0;
	for (i = 0; i < 5; i++)
		for (j = i; j < 5; j++) {
			if (i > 0 && i == j)
				continue;
			known[nknown++] = k[i] ^ k[j];
			if (!secret)
				known[nknown++] = k[i] ^ k[j] ^ seed;
		}
	known[nknown++] = UINT64_MAX;
	known[nknown++] = UINT64_MAX / 3;
	known[nknown++] = UINT64_MAX / 5;
	known[nknown++] = UINT64_MAX / 15;
	known[nknown++] = 1;
	known[nknown++] = (uint64_t)1 << 32;
	known[nknown++] = (uint64_t)1 << 63;
	for (i = 0; !secret && i < 5; i++) {
		known[nknown++] = ~(k[i] ^ seed);
		known[nknown++] = (k[i] ^ seed) | 1;
	}
	CHECK(nknown <= KNOWN, "%zu", nknown);
}

static int
compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/* No two of MANY hashes may be equal; it would be chance in 1 of 10^14 runs. */
static void
check_apart(const struct way *w, uint64_t *h, const char *how, size_t n)
{
	size_t i;

	qsort(h, MANY, sizeof *h, compare);
	for (i = 1; i < MANY; i++)
		CHECK(h[i] != h[i - 1], "%s: %s, %zu bytes", w->name, how, n);
}

/* One word is known, and one other, or the bytes at the end, differ. */
static void
check_constants(const struct way *w, size_t n)
{
	uint64_t h[MANY];
	size_t at, other, k, i;
	char p[MAX] = { 0 };

	for (k = 0; k < nknown; k++)
		for (at = 0; at + 8 <= n; at += 8)
			for (other = 0; other < n; other += 8) {
				if (other == at)
					continue;
				memset(p, 'x', n);
				store_64(p + at, known[k]);
				for (i = 0; i < MANY; i++) {
					p[other] = (char)i;
					h[i] = hash(w, p, n);
				}
				check_apart(w, h, "a known word", n);
			}
}

/* Words that take each other's place, with any difference: of a and b, and of
   those behind them too (halves of 16 bytes). */
static void
check_swaps(const struct way *w, size_t n, size_t a, size_t b, bool halves)
{
	char p[MAX], q[MAX];
	size_t i, k, m;

	for (i = 0; i < n; i++)
		p[i] = (char)chance(256);
	for (k = 0; k < nknown; k++)
		for (m = 0; m < (halves ? nknown : 1); m++) {
			memcpy(q, p, n);
			store_64(q + a, load_64(p + b) ^ known[k]);
			store_64(q + b, load_64(p + a) ^ known[k]);
			if (halves) {
				store_64(q + a + 8,
				    load_64(p + b + 8) ^ known[m]);
				store_64(q + b + 8,
				    load_64(p + a + 8) ^ known[m]);
			}
			CHECK(hash(w, p, n) != hash(w, q, n),
			    "%s: words %zu and %zu of %zu bytes", w->name, a,
			    b, n);
		}
}

/* The same difference in two words. */
static void
check_differences(const struct way *w, size_t n, size_t a, size_t b)
{
	char p[MAX], q[MAX];
	uint64_t by;
	size_t i, k;

	for (i = 0; i < n; i++)
		p[i] = (char)chance(256);
	for (k = 1; k < nknown + 64; k++) {
		by = k < nknown ? known[k] : (uint64_t)1 << (k - nknown);
		memcpy(q, p, n);
		store_64(q + a, load_64(p + a) ^ by);
		store_64(q + b, load_64(p + b) ^ by);
		CHECK(by == 0 || hash(w, p, n) != hash(w, q, n),
		    "%s: a difference at %zu and %zu of %zu bytes", w->name,
		    a, b, n);
	}
}

static void
check_pairs(const struct way *w, size_t n)
{
	size_t a, b;

	for (a = 0; a + 16 <= n; a += 8)
		for (b = a + 8; b + 8 <= n; b += 8) {
			check_differences(w, n, a, b);
			check_swaps(w, n, a, b, false);
			if (b >= a + 16 && b + 16 <= n)
				check_swaps(w, n, a, b, true);
		}
}

/* Nothing but one byte, n times: each length is a key of its own. */
static void
check_lengths(const struct way *w, int c)
{
	uint64_t h[MANY];
	char p[MANY];
	size_t n;

	memset(p, c, sizeof p);
	for (n = 0; n < MANY; n++)
		h[n] = hash(w, p, n);
	check_apart(w, h, "lengths", MANY);
}

/* Flipping any bit of a key must flip each of the hash's about as often as
   not. */
static void
check_avalanche(const struct way *w, size_t n)
{
	enum { TRIALS = 400 };
	unsigned flips[64], bit, k, trial;
	uint64_t diff;
	char p[MAX];
	size_t i;

	for (bit = 0; bit < 8 * n; bit++) {
		memset(flips, 0, sizeof flips);
		for (trial = 0; trial < TRIALS; trial++) {
			for (i = 0; i < n; i++)
				p[i] = (char)chance(256);
			diff = hash(w, p, n);
			p[bit / 8] ^= (char)(1 << bit % 8);
			diff ^= hash(w, p, n);
			for (k = 0; k < 64; k++)
				flips[k] += diff >> k & 1;
		}
		for (k = 0; k < 64; k++)
			CHECK(flips[k] > TRIALS / 4 &&
			    flips[k] < TRIALS * 3 / 4,
			    "%s: bit %u of %zu bytes flips bit %u %u times of "
			    "%u", w->name, bit, n, k, flips[k], TRIALS);
	}
}

/* Numbers in text, as keys are: 256 buckets by any 8 bits (chi-square of 255
   degrees of freedom: mean 255, deviation 22.6). */
static void
check_spread(const struct way *w, const char *form)
{
	enum { KEYS = 16384 };
	unsigned *count = calloc(8 * 256, sizeof *count), i, k;
	double chi, d;
	uint64_t h;
	char p[MAX];
	size_t n;

	for (i = 0; i < KEYS; i++) {
		n = (size_t)snprintf(p, sizeof p, form, i);
		h = hash(w, p, n);
		for (k = 0; k < 8; k++)
			count[k * 256 + (h >> 8 * k & 255)]++;
	}
	for (k = 0; k < 8; k++) {
		for (chi = 0, i = 0; i < 256; i++) {
			d = count[k * 256 + i] - KEYS / 256.0;
			chi += d * d / (KEYS / 256.0);
		}
		CHECK(chi > 120 && chi < 390, "%s: %s: byte %u: %g", w->name,
		    form, k, chi);
	}
	free(count);
}

int
main(void)
{
	static const char *const form[] = { "%u", "%08u", "%012u", "k%u.html",
		"/a/long/path/of/%u/index.html", "10.0.%u.7",
		"%032u", "%040u........................" };
	size_t i, k, n;

	for (i = 0; i < sizeof way / sizeof way[0]; i++) {
		know(way[i].seed, way[i].secret);
		for (n = 8; n <= MAX; n += n < 20 ? 2 : 6)
			check_constants(&way[i], n);
		for (n = 16; n <= MAX; n += n < 24 ? 1 : 8)
			check_pairs(&way[i], n);
		check_lengths(&way[i], 0);
		check_lengths(&way[i], 'a');
		for (n = 1; n <= MAX; n += n < 20 ? 1 : 13)
			check_avalanche(&way[i], n);
		for (k = 0; k < sizeof form / sizeof form[0]; k++)
			check_spread(&way[i], form[k]);
	}
	return 0;
}
