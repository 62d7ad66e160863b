/* scan.c - which way to scan: chosen once, then called through a pointer */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/scan/scan-run.h"
#include "lib/scan/scan.h"

#ifdef __x86_64__
#include <cpuid.h>
#endif

/* Where room counts (SCAN_SMALL), not the portable one beside one that each
   processor of the kind has. */
#if defined(SCAN_SMALL) && defined(__SSE2__)
#define LAST	scan_sse2
#elif defined(SCAN_SMALL) && defined(__aarch64__) && !defined(__AARCH64EB__)
#define LAST	scan_neon
#else
#define LAST	scan_swar
#endif

/* Best first; the last is always usable. */
static const struct scan_variant *const variants[] = {
#ifdef __x86_64__
	&scan_avx2,
#endif
#if defined(__SSE2__) && !defined(SCAN_SMALL)
	&scan_sse2,
#endif
#if defined(__aarch64__) && !defined(__AARCH64EB__) && !defined(SCAN_SMALL)
	&scan_neon,
#endif
	&LAST
};

enum { NVARIANT = sizeof variants / sizeof variants[0] };

/* Until scan_init. */
const struct scan_variant *scan_by = &LAST;

#ifdef __x86_64__
/* The instructions of scan-avx2.c, and a system that keeps their registers
   (bits 1 and 2 of what xgetbv gives).  The compiler's own way to ask takes
   5 KiB of the program. */
static bool
has_avx2(void)
{
	const unsigned one = bit_OSXSAVE | bit_AVX | bit_PCLMUL | bit_POPCNT;
	const unsigned seven = bit_AVX2 | bit_BMI | bit_BMI2;
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || (c & one) != one)
		return false;
	__asm__("xgetbv" : "=a" (a), "=d" (d) : "c" (0));
	return (a & 6) == 6 && __get_cpuid_count(7, 0, &a, &b, &c, &d) &&
	    (b & seven) == seven;
}
#endif

static bool
usable(const struct scan_variant *v)
{
#ifdef __x86_64__
	if (v == &scan_avx2)
		return has_avx2();
#endif
	return v != NULL;
}

bool
scan_init(void)
{
	const char *want = getenv("MBATCH_SIMD");
	size_t i;

	if (want != NULL && *want == '\0')
		want = NULL;
	if (want != NULL && strcmp(want, "none") == 0)
		want = "swar";
	for (i = NVARIANT; i-- > 0;) {
		if (!usable(variants[i]))
			continue;
		scan_by = variants[i];
		if (want != NULL && strcmp(want, variants[i]->name) == 0)
			return true;
	}
	return want == NULL;
}

void
scan_class_add(struct scan_class *c, unsigned char b)
{
	c->has[b] = true;
	c->low[b >> 7][b & 15] |= (unsigned char)(1 << (b >> 4 & 7));
}

void
scan_reach(const struct slice *rec, size_t n, struct scan_reach *r)
{
	const char *hi;
	size_t i, left, next;

	for (i = 0; i < n;)
		for (hi = scan_run(rec, i, n, &next); i < next; i++) {
			left = (size_t)((uintptr_t)hi - (uintptr_t)rec[i].p);
			r[i] = (struct scan_reach){ 1, 0 };
			if (left >= SCAN_REACH)
				r[i] = (struct scan_reach){
				    (uintptr_t)hi - SCAN_REACH,
				    left - SCAN_REACH };
		}
}

uint32_t *
scan_room(const struct slice *rec, size_t n, struct arena *a)
{
	size_t i, max = 0;

	for (i = 0; i < n; i++)
		if (rec[i].n > max)
			max = rec[i].n;
	return arena_alloc(a, (max + SCAN_ROOM) * sizeof(uint32_t));
}

const char *
scan_run(const struct slice *rec, size_t i, size_t n, size_t *next)
{
	*next = run_end(rec, i, n);
	return end_of(rec[*next - 1]);
}
