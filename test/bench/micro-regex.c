/*
 * micro-regex.c - how fast records are selected and groups are found
 *
 * Usage: micro-regex FILE [PATTERN]	(an access log, for the patterns here)
 *
 * Prints GB a second and the number of records, the best of three, for
 * regex_select over vectors and regex_find with all groups.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lib/base/arena.h"
#include "lib/regex/regex.h"
#include "lib/scan/scan.h"

enum { VECTOR = 1024, TIMES = 3 };

static struct buf text;

static double
now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void
read_all(const char *name)
{
	FILE *f = fopen(name, "rb");
	size_t got;

	if (f == NULL) {
		perror(name);
		exit(1);
	}
	while ((got = fread(buf_room(&text, 1 << 20), 1, 1 << 20, f)) > 0)
		text.n += got;
	fclose(f);
}

/* One pass over the text; how many records matched. */
static size_t
pass(struct regex *re, bool groups)
{
	static struct slice rec[VECTOR], m[64];
	static uint16_t idx[VECTOR];
	size_t nm = regex_groups(re) + 1, k = 0, n, used;

	for (size_t at = 0; at < text.n; at += used) {
		n = scan_records(text.p + at, text.n - at, '\n', rec, VECTOR,
		    &used);
		if (n == 0)
			break;
		if (!groups)
			k += regex_select(re, rec, n, true, false, idx);
		for (size_t i = 0; groups && i < n; i++)
			k += regex_find(re, rec[i], 0, m, nm < 64 ? nm : 64);
	}
	return k;
}

static void
measure(const char *pattern, unsigned flags)
{
	struct arena arena = { 0 };
	const char *err;
	size_t at, k = 0;
	struct regex *re = regex_new(slice_str(pattern), flags, &arena, &err,
	    &at);

	if (re == NULL) {
		fprintf(stderr, "%s: %s\n", pattern, err);
		exit(1);
	}
	printf("%-36s%s", pattern, flags != 0 ? " -i" : "   ");
	for (int groups = 0; groups < 2; groups++) {
		double best = 1e9, t;

		for (int i = 0; i < TIMES; i++) {
			t = now();
			k = pass(re, groups);
			t = now() - t;
			best = t < best ? t : best;
		}
		printf("  %s %6.2f GB/s", groups ? "find" : "select",
		    (double)text.n / best / 1e9);
	}
	printf("  %zu\n", k);
	regex_free(re);
	arena_free(&arena);
}

int
main(int argc, char **argv)
{
	static const char *const pattern[] = { "zzzz", "/wp-login", "GET",
	    "Googlebot", "^10\\.", " 404 ", " (404|500|503) ", "404|500|503",
	    "[0-9]{3} [0-9]{5}", "\\bPOST\\b", "a.*b.*c.*d", "[a-z]+@[a-z]+",
	    "\"([A-Z]+) ([^ ]*) HTTP", "^([^ ]+) .* \"(.*)\" ([0-9]+)",
	    "(.*)-(.*)", "([0-9]+)\\.([0-9]+)\\." };

	if (argc < 2) {
		fputs("usage: micro-regex FILE [PATTERN]\n", stderr);
		return 2;
	}
	scan_init();
	read_all(argv[1]);
	for (size_t i = 0; argc == 2 && i < sizeof pattern / sizeof *pattern;
	    i++)
		measure(pattern[i], 0);
	if (argc == 2)
		measure("googlebot", REGEX_ICASE);
	else
		measure(argv[2], 0);
	return 0;
}
