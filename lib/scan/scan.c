/* scan.c - which way to scan: chosen once, then called through a pointer */
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/scan/scan-run.h"
#include "lib/scan/scan-variant.h"
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
static const struct scan_variant *chosen = &LAST;

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
		chosen = variants[i];
		if (want != NULL && strcmp(want, variants[i]->name) == 0)
			return true;
	}
	return want == NULL;
}

const char *
scan_name(void)
{
	return chosen->name;
}

size_t
scan_records(const char *p, size_t n, char term, struct slice *rec, size_t max,
    size_t *used)
{
	return chosen->records(p, n, term, rec, max, used);
}

size_t
scan_ends(const char *p, size_t n, char term, uint32_t *at, size_t max)
{
	return chosen->ends(p, n, term, at, max);
}

size_t
scan_blanks(struct slice rec, struct slice *field, size_t max, bool lines)
{
	return chosen->blanks(rec, field, max, lines);
}

size_t
scan_sep(struct slice rec, const char *sep, size_t seplen, struct slice *field,
    size_t max)
{
	return chosen->sep(rec, sep, seplen, field, max);
}

size_t
scan_find3(const char *p, size_t n, char a, char b, char c)
{
	return chosen->find3(p, n, a, b, c);
}

size_t
scan_closed(const struct slice *line, size_t n, char by)
{
	return chosen->closed(line, n, by);
}

void
scan_class_add(struct scan_class *c, unsigned char b)
{
	c->has[b] = true;
	c->low[b >> 7][b & 15] |= (unsigned char)(1 << (b >> 4 & 7));
}

size_t
scan_class(struct slice s, size_t i, const char *hi,
    const struct scan_class *c)
{
	return chosen->class(s, i, hi, c);
}

size_t
scan_runs(struct slice s, const char *hi, const struct scan_class *c,
    size_t *from, struct slice *run, size_t max)
{
	return chosen->runs(s, hi, c, from, run, max);
}

size_t
scan_steps(const struct scan_track *t, size_t k, struct slice s,
    const char *hi)
{
	return chosen->steps(t, k, s, hi);
}

size_t
scan_clues(const char *p, size_t from, size_t n, const struct scan_clue *c,
    size_t nc, uint64_t *m)
{
	return chosen->clues(p, from, n, c, nc, m);
}

size_t
scan_places(const char *p, size_t *from, size_t n, const struct scan_clue *c,
    size_t nc, uint32_t *at, size_t max)
{
	return chosen->places(p, from, n, c, nc, at, max);
}

void
scan_columns(const struct scan_plan *p, const struct slice *rec, size_t n)
{
	switch (p->what) {
	case SCAN_BLANKS:
		chosen->blank_columns(rec, n, p->c, p->nc);
		break;
	case SCAN_LINES:
		chosen->line_columns(rec, n, p->c, p->nc);
		break;
	case SCAN_SEP:
		chosen->sep_columns(rec, n, p->sep, p->c, p->nc);
		break;
	case SCAN_CSV:
		chosen->csv_columns(rec, n, p->sep, p->c, p->nc);
		break;
	}
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

void
scan_odd(const struct slice *v, size_t n, const struct scan_reach *r,
    const struct scan_odds *c, unsigned char *odd)
{
	chosen->odd(v, n, r, c, odd);
}

void
scan_clf(const struct slice *rec, size_t n, size_t more, struct scan_clf *out)
{
	chosen->clf(rec, n, more, out);
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

size_t
scan_json(struct slice rec, const char *hi, uint32_t *at, struct scan_json *j)
{
	return chosen->json(rec, hi, at, j);
}

size_t
scan_pairs(struct slice rec, const char *hi, uint32_t *at)
{
	return chosen->pairs(rec, hi, at);
}

void
scan_stops(const char *p, size_t n, const char *hi, char *bits)
{
	chosen->stops(p, n, hi, bits);
}

const char *
scan_run(const struct slice *rec, size_t i, size_t n, size_t *next)
{
	*next = run_end(rec, i, n);
	return end_of(rec[*next - 1]);
}
