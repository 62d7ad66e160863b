/* time.c - times read with and without a past; what is written is read back */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/time/time.h"

/* Windows of that width. */
#define GRID(w)	(&(struct time_grid){ .width = (w) })

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

#define HINT	INT64_C(1120219200000000000)

static void
must(bool ok)
{
	if (!ok)
		abort();
}

static void
round_trip(int64_t ns)
{
	struct time_reader utc = { 0 }, local = { .local = true };
	char text[TIME_MAX];
	int64_t back;
	size_t n;

	n = time_put(text, ns, false);
	must(n <= sizeof text);
	must(time_read(&utc, (struct slice){ text, n }, &back) && back == ns);
	must(time_find(&utc, (struct slice){ text, n }, &back) && back == ns);
	n = time_put(text, ns, true);
	must(n <= sizeof text);
	must(time_read(&local, (struct slice){ text, n }, &back) &&
	    back == ns);
}

static void
windows(int64_t ns, bool local)
{
	static const int64_t width[] = { 1, 7, 1000000000, 60000000000,
	    3600000000000, 86400000000000 };
	size_t i;

	for (i = 0; i < sizeof width / sizeof *width; i++) {
		int64_t f = time_floor(ns, GRID(width[i]), local);
		int64_t n = time_next(ns, GRID(width[i]), local);

		must(f <= ns && (n > ns || n == INT64_MAX));
		must(f == INT64_MIN ||
		    time_floor(f, GRID(width[i]), local) == f);
		must(n == INT64_MAX ||
		    time_floor(n, GRID(width[i]), local) == n);
	}
}

/* The line, in memory of its own size. */
static void
line(struct time_reader *read, struct time_reader *find, const uint8_t *p,
    size_t n)
{
	struct time_reader a = { .format = read->format, .newest_hint = HINT };
	struct time_reader b = a, c = { .local = true, .newest_hint = HINT };
	char *text = malloc(n == 0 ? 1 : n);
	struct slice s = { text, n };
	int64_t x = 0, y = 0;
	bool ok;

	if (n > 0)
		memcpy(text, p, n);
	ok = time_read(&a, s, &x);
	must(time_read(read, s, &y) == ok && x == y);
	if (ok) {
		round_trip(x);
		windows(x, false);
		windows(x, true);
	}
	x = y = 0;
	ok = time_find(&b, s, &x);
	must(time_find(find, s, &y) == ok && x == y);
	time_read(&c, s, &x);
	time_find(&c, s, &x);
	free(text);
}

/* The first byte tells whether the first line is a format. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct time_reader read = { .newest_hint = HINT }, find = read;
	struct time_reader own = { .local = true };
	const uint8_t *end = data + n, *nl;
	char *format = NULL, out[64];
	int64_t ns;

	setenv("TZ", "CST5CDT,M3.2.0/0,M11.1.0/1", 1);
	tzset();
	if (n > 0 && *data++ == '%') {
		nl = memchr(data, '\n', (size_t)(end - data));
		nl = nl == NULL ? end : nl;
		format = calloc(1, (size_t)(nl - data) + 1);
		memcpy(format, data, (size_t)(nl - data));
		read.format = find.format = own.format = format;
		data = nl + (nl < end);
		time_format_error(format);
		if (time_format(out, sizeof out, format, HINT, true) > 0)
			time_read(&own, slice_str(out), &ns);
	}
	while (data < end) {
		nl = memchr(data, '\n', (size_t)(end - data));
		nl = nl == NULL ? end : nl;
		line(&read, &find, data, (size_t)(nl - data));
		data = nl + (nl < end);
	}
	free(format);
	return 0;
}
