/*
 * micro-formats.c - how fast a field is taken from each format
 *
 * micro-formats [MIB [FROM]]: in memory, the best of five turns, in GB/s and ns
 * a record; beside it how fast the records alone are found.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "mbatch.h"
#include "lib/format/fmt.h"
#include "lib/scan/scan.h"

struct sample {
	const char *format, *field, *header, *line;
};

/* %d: a number that changes from record to record. */
static const struct sample samples[] = {
	{ "text", "9", NULL, "83.149.9.216 - - [17/May/2015:10:05:03 +0000] "
	    "\"GET /images/%d.png HTTP/1.1\" 200 203023 \"-\" "
	    "\"Mozilla/5.0\"" },
	{ "tsv", "c", "a\tb\tc\td", "%d\tsome text\tvalue\tmore text here" },
	{ "csv", "c", "a,b,c,d", "%d,some text,value,more text here" },
	{ "csv", "c", "a,b,c,d", "%d,\"some, text\",value,more text here" },
	{ "json", "level", NULL, "{\"time\":\"2024-11-12T14:39:08.%d+09:00\","
	    "\"level\":\"info\",\"service\":\"checkout\",\"status\":200,"
	    "\"path\":\"/api/v1/products/4711\",\"user\":{\"id\":42,"
	    "\"name\":\"somebody\"},\"ms\":12.75,\"ok\":true}" },
	{ "json", "user.name", NULL, "{\"time\": \"2024-11-12T14:39:08.%d\", "
	    "\"level\": \"info\", \"service\": \"checkout\", \"status\": 200, "
	    "\"path\": \"/api/v1/products/4711\", \"user\": {\"id\": 42, "
	    "\"name\": \"somebody\"}, \"ms\": 12.75, \"ok\": true}" },
	{ "json", "level", NULL, "{\"msg\":\"a \\\"quoted\\\" word, \\u00e9 "
	    "and C:\\\\dir\\\\%d\",\"level\":\"info\",\"n\":[1,2,3,4]}" },
	{ "logfmt", "level", NULL, "time=\"2024-11-12T14:39:08+09:00\" "
	    "level=info msg=\"API request processed\" endpoint=/api/products "
	    "method=PUT request_id=skafc8rpf7msjg0l ms=%d status=401" },
	{ "logfmt", "status", NULL, "time=\"2024-11-12T14:39:08+09:00\" "
	    "level=info msg=\"API request processed\" endpoint=/api/products "
	    "method=PUT request_id=skafc8rpf7msjg0l ms=%d status=401" },
	{ "clf", "status", NULL, "83.149.9.216 - - [17/May/2015:10:05:03 "
	    "+0000] \"GET /images/%d.png HTTP/1.1\" 200 203023 "
	    "\"http://example.com/\" \"Mozilla/5.0 (Macintosh; Intel Mac OS X "
	    "10_9_1) AppleWebKit/537.36\"" },
	{ "clf", "path", NULL, "83.149.9.216 - - [17/May/2015:10:05:03 "
	    "+0000] \"GET /images/%d.png HTTP/1.1\" 200 203023 "
	    "\"http://example.com/\" \"Mozilla/5.0 (Macintosh; Intel Mac OS X "
	    "10_9_1) AppleWebKit/537.36\"" }
};

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
fill(struct buf *b, const char *line, size_t size)
{
	const char *mark = strstr(line, "%d");
	unsigned i = 0;
	int n;

	b->n = 0;
	while (b->n < size) {
		buf_add(b, line, (size_t)(mark - line));
		n = snprintf(buf_room(b, 16), 16, "%u", i++ * 7919 % 100003);
		b->n += (size_t)n;
		buf_str(b, mark + 2);
		buf_char(b, '\n');
	}
}

/* One turn through the buffer; t NULL: records only. */
static size_t
turn(const struct buf *b, struct take *t)
{
	static struct slice rec[VEC_MAX];
	size_t at = 0, n, used, total = 0;

	while (at < b->n) {
		n = b->n - at < 262144 ? b->n - at : 262144;
		n = scan_records(b->p + at, n, '\n', rec, VEC_MAX, &used);
		at += used;
		total += n;
		if (t == NULL)
			continue;
		take_run(t, rec, n);
		if (t->nbad > 0 || t->col[0][n - 1].p == NULL) {
			fprintf(stderr, "micro-formats: field not found\n");
			exit(1);
		}
	}
	return total;
}

static double
best(const struct buf *b, struct take *t, size_t *records)
{
	double t0, least = 1e9;
	int i;

	for (i = 0; i < 5; i++) {
		t0 = now();
		*records = turn(b, t);
		t0 = now() - t0;
		least = t0 < least ? t0 : least;
	}
	return least;
}

static void
measure(const struct sample *s, size_t size)
{
	struct arena a = { 0 };
	struct shape shape;
	struct take t = { .shape = &shape };
	const struct column *col;
	struct buf b = { 0 };
	struct field f;
	double all, alone;
	size_t n, at;

	shape_init(&shape, format_find(s->format), NULL, 0);
	if (s->header != NULL)
		shape.format->header(&shape, slice_str(s->header), &a, &at);
	field_parse(&f, slice_str(s->field), true, &a);
	col = shape_column(&shape, f.name);
	take_want(&t, &f, col == NULL ? 0 : col->pos, 0);
	take_plan(&t, &a);
	fill(&b, s->line, size);
	alone = best(&b, NULL, &n);
	all = best(&b, &t, &n);
	printf("%-7s %-10s %6.2f GB/s %6.1f ns a record of %zu bytes "
	    "(found: %.2f GB/s)\n", s->format, s->field,
	    (double)b.n / all / 1e9, all / (double)n * 1e9, b.n / n,
	    (double)b.n / alone / 1e9);
	buf_free(&b);
	take_free(&t);
	arena_free(&a);
}

int
main(int argc, char **argv)
{
	size_t i, mib = argc > 1 ? strtoul(argv[1], NULL, 10) : 32;

	scan_init();
	printf("%s\n", scan_by->name);
	for (i = argc > 2 ? strtoul(argv[2], NULL, 10) : 0;
	    i < sizeof samples / sizeof samples[0]; i++)
		measure(&samples[i], mib << 20);
	return 0;
}
