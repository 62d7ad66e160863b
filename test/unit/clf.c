/*
 * clf.c - lines of the usual form are read as the slow way reads them
 *
 * Lines of access logs, changed at each byte, side by side: the first nine
 * columns alone are what they are when a column beyond them is asked for too,
 * which needs each line to be cut.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mbatch.h"
#include "lib/format/fmt.h"
#include "lib/scan/scan.h"

enum { COLUMNS = 9, BEYOND = 12 };

#define TIME	"[10/Oct/2000:13:55:36 -0700]"

static const char *const lines[] = {
	("10.47.125.225 - - " TIME " \"GET /user/5313?lang=en-US"
	    "&ref=5a5758d52135b606 HTTP/1.1\" 200 52608 0.006"),
	"::1 - frank " TIME " \"GET /a HTTP/1.0\" 304 -",
	"h - - " TIME " \"-\" 408 0 \"-\" \"-\"",
	("2001:db8:1234:5678:9abc:def0:1234:5678 - - " TIME
	    " \"POST /[1]/x]\" 500 77 \"http://a/\""),
	"h - - " TIME " \"quit\" 400\r",
};

static const char changes[] = " \t\"\\[]-\rx";

static const char *const ways[] = { "none", "sse2", "avx2", "neon" };

static char text[VEC_MAX * 256];
static struct slice rec[VEC_MAX];
static size_t n, used;

static struct field field[COLUMNS + 1];

static struct slice *
add(const char *line)
{
	rec[n].p = text + used;
	rec[n].n = strlen(line);
	memcpy(text + used, line, rec[n].n);
	used += rec[n].n;
	text[used++] = '\n';
	return &rec[n++];
}

static void
begin(struct take *t, const struct shape *s, size_t wants, unsigned flags,
    struct arena *a)
{
	size_t k;

	*t = (struct take){ .shape = s };
	for (k = 0; k < wants; k++) {
		field[k].kind = FIELD_POS;
		field[k].pos = k < COLUMNS ? (int)k + 1 : BEYOND;
		field[k].text = "";
		take_want(t, &field[k], 0, flags);
	}
	take_plan(t, a);
	take_run(t, rec, n);
}

static bool
same(struct slice a, struct slice b)
{
	return (a.p == NULL) == (b.p == NULL) && slice_eq(a, b);
}

static void
compare(const struct take *t, const struct take *slow)
{
	size_t i, k;

	if (t->nbad != slow->nbad)
		exit(1);
	for (i = 0; i < t->nbad; i++)
		if (t->bad[i].i != slow->bad[i].i ||
		    t->bad[i].at != slow->bad[i].at ||
		    t->bad[i].why != slow->bad[i].why)
			exit(1);
	for (i = 0; i < n; i++)
		for (k = 0; k < COLUMNS; k++) {
			if (same(t->col[k][i], slow->col[k][i]))
				continue;
			fprintf(stderr, "clf.c: %s: column %zu of %.*s\n",
			    scan_by->name, k + 1, (int)rec[i].n, rec[i].p);
			exit(1);
		}
}

static void
check_all(void)
{
	struct arena a = { 0 };
	struct take t, slow;
	struct shape s;
	unsigned flags;

	shape_init(&s, format_find("clf"), NULL, 0);
	for (flags = 0; flags <= WANT_RAW; flags += WANT_RAW) {
		begin(&t, &s, COLUMNS, flags, &a);
		begin(&slow, &s, COLUMNS + 1, flags, &a);
		compare(&t, &slow);
		take_free(&t);
		take_free(&slow);
	}
	arena_free(&a);
	n = used = 0;
}

/* Each byte of a line by each of the changes, then without it. */
static void
change(const char *line)
{
	struct slice *r;
	const char *c;
	size_t i;

	for (i = 0; line[i] != '\0'; i++) {
		for (c = changes; *c != '\0'; c++)
			text[add(line)->p - text + (ptrdiff_t)i] = *c;
		r = add(line);
		r->n = i;
		if (n + sizeof changes >= VEC_MAX)
			check_all();
	}
	check_all();
}

int
main(void)
{
	size_t i, k;

	for (i = 0; i < sizeof ways / sizeof ways[0]; i++) {
		setenv("MBATCH_SIMD", ways[i], 1);
		scan_init();
		for (k = 0; k < sizeof lines / sizeof lines[0]; k++)
			change(lines[k]);
	}
	return 0;
}
