/*
 * micro-scan.c - how fast records, fields and groups are found, in memory
 *
 * Usage: micro-scan [LINES]	(of about 130 bytes; default 1000000)
 *
 * Prints nanoseconds a record and GB a second, the best of five, for each
 * variant that this machine has.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/base/hash.h"
#include "lib/scan/scan.h"

enum { VECTOR = 1024, BLOCK = 256 * 1024, TIMES = 5 };

static char *text;
static size_t size;
static uint64_t state = 1;
static volatile size_t sink;

static uint32_t
chance(uint32_t n)
{
	state = state * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)((state >> 33) % n);
}

static void
make_text(size_t lines)
{
	static const char path[] = "/a/rather/long/path/to/some/resource.html";
	static const int status[] = { 200, 200, 200, 304, 404, 500, 301, 206 };
	uint32_t host = 0;
	size_t i;

	text = malloc(lines * 180);
	if (text == NULL)
		exit(1);
	for (i = 0; i < lines; i++) {
		if (chance(100) < 65)
			host = chance(UINT32_MAX);
		size += (size_t)sprintf(text + size, "%u.%u.%u.%u - - "
		    "[22/Jan/2019:03:56:%02u +0330] \"GET %.*s HTTP/1.1\" %d "
		    "%u \"-\" \"Mozilla/5.0 (Linux; Android 6.0)\"\n",
		    host >> 24, host >> 16 & 255, host >> 8 & 255, host & 255,
		    (unsigned)(i / 100 % 60), (int)(4 + chance(37)), path,
		    status[chance(8)], chance(60000));
	}
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

enum what { RECORDS, BLANKS, FIELD9, FIELD1, QUOTE, GROUP9, GROUP1,
    NWHAT };

static const char *const names[NWHAT] = { "records", "+ all blanks",
    "+ column 9", "+ column 1", "+ column 5 by \"", "+ group by 9",
    "+ group by 1" };

static void
each_vector(enum what what, const struct slice *rec, size_t n, struct table *t)
{
	static struct slice col[VECTOR], field[64];
	static const struct scan_column c1 = { 1, col }, c5 = { 5, col },
	    c9 = { 9, col };
	static const struct scan_plan first = { SCAN_BLANKS, 0, &c1, 1 },
	    fifth = { SCAN_SEP, '"', &c5, 1 },
	    ninth = { SCAN_BLANKS, 0, &c9, 1 };
	static uint32_t idx[VECTOR];
	size_t i;

	switch (what) {
	case BLANKS:
		for (i = 0; i < n; i++)
			sink += scan_blanks(rec[i], field, 64, false);
		break;
	case FIELD9:
	case GROUP9:
		scan_columns(&ninth, rec, n);
		break;
	case FIELD1:
	case GROUP1:
		scan_columns(&first, rec, n);
		break;
	case QUOTE:
		scan_columns(&fifth, rec, n);
		break;
	default:
		break;
	}
	if (what == GROUP1 || what == GROUP9)
		table_find(t, col, n, 0, idx);
}

/* In blocks, as they would come from read(2). */
static size_t
pass(enum what what, struct table *t)
{
	static struct slice rec[VECTOR];
	size_t at = 0, k, n, used, records = 0;

	while (at < size) {
		n = size - at < BLOCK ? size - at : BLOCK;
		k = scan_records(text + at, n, '\n', rec, VECTOR, &used);
		each_vector(what, rec, k, t);
		records += k;
		at += used;
	}
	return records;
}

static void
measure(enum what what)
{
	double best = 1e9, start;
	struct table *t;
	size_t n = 0, groups = 0;
	int i;

	for (i = 0; i < TIMES; i++) {
		t = table_new(1);
		start = now();
		n = pass(what, t);
		start = now() - start;
		best = start < best ? start : best;
		groups = table_count(t);
		table_free(t);
	}
	printf("%-5s %-16s %7.2f ns %7.2f GB/s", scan_by->name, names[what],
	    best * 1e9 / (double)n, (double)size / best / 1e9);
	printf(groups > 0 ? " %8zu groups\n" : "\n", groups);
}

int
main(int argc, char **argv)
{
	static const char *const variants[] = { "swar", "sse2", "avx2",
	    "neon" };
	size_t i;
	int w;

	make_text(argc > 1 ? strtoul(argv[1], NULL, 10) : 1000000);
	for (i = 0; i < sizeof variants / sizeof variants[0]; i++) {
		setenv("MBATCH_SIMD", variants[i], 1);
		scan_init();
		if (strcmp(scan_by->name, variants[i]) != 0)
			continue;
		for (w = 0; w < NWHAT; w++)
			measure((enum what)w);
	}
	free(text);
	return 0;
}
