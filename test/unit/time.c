/* time.c - reading, writing and cutting times */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/time/time.h"
#include "test/unit/check.h"

/* Tables of formats are tried one by one. */
#pragma GCC diagnostic ignored "-Wformat-nonliteral"

#define NS	INT64_C(1000000000)

static void
fail(const char *what, const char *text, int64_t got, int64_t want)
{
	fprintf(stderr, "%s: %s: got %lld, want %lld\n", what, text,
	    (long long)got, (long long)want);
	exit(1);
}

struct form {
	const char *text;
	const char *want;	/* as time_put writes it; NULL: no time */
};

static const struct form forms[] = {
	{ "2024-11-12T14:39:08Z", "2024-11-12T14:39:08Z" },
	{ "2024-11-12t14:39:08z", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08", "2024-11-12T14:39:08Z" },
	{ "2024-11-12T14:39", "2024-11-12T14:39:00Z" },
	{ "2024-11-12T14:39Z", "2024-11-12T14:39:00Z" },
	{ "2024-11-12T14:39+01:00", "2024-11-12T13:39:00Z" },
	{ "2024-11-12", "2024-11-12T00:00:00Z" },
	{ "2024/11/12 14:39:08", "2024-11-12T14:39:08Z" },
	{ "  2024-11-12 14:39:08\t\r", "2024-11-12T14:39:08Z" },
	{ "[2024-11-12 14:39:08]", "2024-11-12T14:39:08Z" },
	{ "2024-11-12T14:39:08+09:00", "2024-11-12T05:39:08Z" },
	{ "2024-11-12T14:39:08-0930", "2024-11-13T00:09:08Z" },
	{ "2024-11-12T14:39:08+09", "2024-11-12T05:39:08Z" },
	{ "2024-11-12T14:39:08-00:00", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08 +0900", "2024-11-12T05:39:08Z" },
	{ "2024-11-12 14:39:08 +09:00", "2024-11-12T05:39:08Z" },
	{ "2024-11-12 14:39:08 UTC", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08 GMT", "2024-11-12T14:39:08Z" },
	{ "2024-11-12T14:39:08.5Z", "2024-11-12T14:39:08.500Z" },
	{ "2024-11-12T14:39:08,123", "2024-11-12T14:39:08.123Z" },
	{ "2024-11-12T14:39:08.000001+01:00", "2024-11-12T13:39:08.000001Z" },
	{ "2024-11-12T14:39:08.123456789Z", "2024-11-12T14:39:08.123456789Z" },
	{ "2024-11-12T14:39:08.1234567899999Z",
	    "2024-11-12T14:39:08.123456789Z" },
	{ "2015-07-29 17:41:44,747", "2015-07-29T17:41:44.747Z" },
	{ "20241112T143908Z", "2024-11-12T14:39:08Z" },
	{ "20241112T143908.25-0500", "2024-11-12T19:39:08.250Z" },
	{ "2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z" },
	{ "2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z" },
	{ "1969-12-31T23:59:59.5Z", "1969-12-31T23:59:59.500Z" },
	{ "1900-01-01T00:00:00Z", "1900-01-01T00:00:00Z" },
	{ "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z" },
	{ "2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00.500Z" },
	{ "1677-09-21T00:12:43.145224192Z", "1677-09-21T00:12:43.145224192Z" },
	{ "2262-04-11T23:47:16.854775807Z", "2262-04-11T23:47:16.854775807Z" },
	{ "10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36Z" },
	{ "[10/Oct/2000:13:55:36 -0700]", "2000-10-10T20:55:36Z" },
	{ "[10/Oct/2000:13:55:36", "2000-10-10T13:55:36Z" },
	{ "1/oct/2000:13:55:36", "2000-10-01T13:55:36Z" },
	{ "10/Oct/2000:13:55:36.25 +0000", "2000-10-10T13:55:36.250Z" },
	{ "Sun Dec 04 04:47:44 2005", "2005-12-04T04:47:44Z" },
	{ "Sun Dec  4 04:47:44 2005", "2005-12-04T04:47:44Z" },
	{ "Sun Dec 4 04:47:44 2005", "2005-12-04T04:47:44Z" },
	{ "Sun Dec  4 04:47:44 UTC 2005", "2005-12-04T04:47:44Z" },
	{ "Sun Dec  4 04:47:44 GMT 2005", "2005-12-04T04:47:44Z" },
	{ "[Sun Dec 04 04:47:44.123456 2005]", "2005-12-04T04:47:44.123456Z" },
	{ "Oct 10 13:55:36", "2004-10-10T13:55:36Z" },
	{ "Oct  1 13:55:36", "2004-10-01T13:55:36Z" },
	{ "oct 1 13:55:36.5", "2004-10-01T13:55:36.500Z" },
	{ "Feb 29 12:00:00", "2004-02-29T12:00:00Z" },
	{ "Jul  1 11:59:59", "2005-07-01T11:59:59Z" },
	{ "Jul  2 12:00:00", "2005-07-02T12:00:00Z" },
	{ "Jul  2 12:00:01", "2004-07-02T12:00:01Z" },
	{ "Jul  2 12:00:00", "2005-07-02T12:00:00Z" },
	{ "Sun Jul  3 12:00:01", "2004-07-03T12:00:01Z" },
	{ "0", "1970-01-01T00:00:00Z" },
	{ "-1", "1969-12-31T23:59:59Z" },
	{ "-1.5", "1969-12-31T23:59:58.500Z" },
	{ "1731391316", "2024-11-12T06:01:56Z" },
	{ "1731391316.698", "2024-11-12T06:01:56.698Z" },
	{ "1731391316698", "2024-11-12T06:01:56.698Z" },
	{ "1731391316698.5", "2024-11-12T06:01:56.698500Z" },
	{ "1731391316698123", "2024-11-12T06:01:56.698123Z" },
	{ "1731391316698123456", "2024-11-12T06:01:56.698123456Z" },
	{ "9223372036", "2262-04-11T23:47:16Z" },
	{ "9223372036.854775807", "2262-04-11T23:47:16.854775807Z" },
	{ "9223372036854775807", "2262-04-11T23:47:16.854775807Z" },

	{ "", NULL }, { " ", NULL }, { "-", NULL }, { "[]", NULL },
	{ "abc", NULL }, { "2024", "1970-01-01T00:33:44Z" },
	{ "2024-11", NULL }, { "2024-11-12T", NULL }, { "2024-11-1", NULL },
	{ "2024-13-12", NULL }, { "2024-00-12", NULL }, { "2024-11-31", NULL },
	{ "2023-02-29", NULL }, { "1900-02-29", NULL }, { "2024-11/12", NULL },
	{ "2024-11-12T14", NULL }, { "2024-11-12T24:00:00", NULL },
	{ "2024-11-12T14:60:00", NULL }, { "2024-11-12T14:39:61", NULL },
	{ "2024-11-12T14:39:0", NULL }, { "2024-11-12T14:39:08.", NULL },
	{ "2024-11-12T14:39:08+1", NULL }, { "2024-11-12T14:39:08+24", NULL },
	{ "2024-11-12T14:39:08+0960", NULL },
	{ "2024-11-12T14:39:08+09:0", NULL },
	{ "2024-11-12T14:39:08X", NULL }, { "2024-11-12T14:39:08ZZ", NULL },
	{ "2024-11-12T14:39:08Z x", NULL },
	{ "2024-11-12 14:39:08 CET", NULL },
	{ "20241112T1439", NULL }, { "20241312T143908", NULL },
	{ "10/Oct/2000", NULL }, { "10/Foo/2000:13:55:36", NULL },
	{ "31/Feb/2000:13:55:36", NULL },
	{ "10/Oct/2000:13:55:36 -07x0", NULL },
	{ "Sun Dec 04 04:47:44 CET 2005", NULL },
	{ "Sun Dec 04 04:47 2005x", NULL }, { "Dec 4", NULL },
	{ "Foo Dec 04 04:47:44 2005", NULL }, { "Feb 30 12:00:00", NULL },
	{ "12345678901234567890", NULL }, { "9223372036854775808", NULL },
	{ "9223372037", NULL }, { "9223372036.854775808", NULL },
	{ "99999999999", NULL }, { "1.2.3", NULL }, { "1.", NULL },
	{ "--1", NULL }, { "+1", NULL }, { "0x10", NULL },
	{ "1677-09-21T00:12:43.145224191Z", NULL },
	{ "2262-04-11T23:47:16.854775808Z", NULL },
	{ "0000-01-01", NULL }, { "9999-12-31", NULL },
};

/* 2005-07-01T12:00:00Z */
#define HINT	(INT64_C(1120219200) * NS)

/* Each twice with one reader, and once with a reader that has seen all
   before. */
static void
test_forms(void)
{
	struct time_reader all = { .newest_hint = HINT };
	size_t i, turn;

	for (i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct time_reader one = { .newest_hint = HINT };
		const struct form *f = &forms[i];

		for (turn = 0; turn < 3; turn++) {
			char out[TIME_MAX + 1];
			int64_t ns = 0;
			bool ok = time_read(turn < 2 ? &one : &all,
			    slice_str(f->text), &ns);

			if (ok != (f->want != NULL))
				fail("read", f->text, ok, !ok);
			if (!ok)
				continue;
			out[time_put(out, ns, false)] = '\0';
			if (strcmp(out, f->want) != 0) {
				fprintf(stderr, "read: %s: got %s, want %s\n",
				    f->text, out, f->want);
				exit(1);
			}
		}
	}
}

/* Seconds within the range, most of them of our days. */
static int64_t
rnd_sec(void)
{
	uint64_t r = rnd();

	if (r % 4 == 0)
		return (int64_t)(rnd() % 18446744072u) - INT64_C(9223372036);
	return INT64_C(1400000000) + (int64_t)(rnd() % 400000000u);
}

static void
same(const char *what, const char *text, int64_t got, int64_t want)
{
	if (got != want)
		fail(what, text, got, want);
}

static void
same_text(const char *what, const char *got, const char *want)
{
	if (strcmp(got, want) != 0) {
		fprintf(stderr, "%s: got %s, want %s\n", what, got, want);
		exit(1);
	}
}

/* The system's calendar and strftime against ours. */
static void
test_calendar(void)
{
	static const char *const format[] = {
		"%Y-%m-%dT%H:%M:%SZ", "%Y/%m/%d %H:%M:%S", "%Y%m%dT%H%M%SZ",
		"%d/%b/%Y:%H:%M:%S +0000", "[%d/%b/%Y:%H:%M:%S +0000]",
		"%a %b %d %H:%M:%S %Y", "%a %b %e %H:%M:%S UTC %Y", "%s"
	};
	struct time_reader r[sizeof format / sizeof *format] = { { 0 } };
	size_t i, k;

	for (i = 0; i < 100000; i++) {
		int64_t sec = rnd_sec(), ns;
		time_t t = (time_t)sec;
		char text[80], put[TIME_MAX + 1];
		struct tm tm;

		gmtime_r(&t, &tm);
		strftime(text, sizeof text, format[0], &tm);
		put[time_put(put, sec * NS, false)] = '\0';
		same_text("put", put, text);
		for (k = 0; k + 1 < sizeof format / sizeof *format; k++) {
			strftime(text, sizeof text, format[k], &tm);
			if (!time_read(&r[k], slice_str(text), &ns))
				fail("calendar", text, 0, 1);
			same("calendar", text, ns, sec * NS);
			if (!time_parse(format[k], slice_str(text), false, &ns))
				fail("parse", text, 0, 1);
			same("parse", text, ns, sec * NS);
			if (time_format(put, sizeof put, format[k], sec * NS,
			    false) == 0)
				fail("format", text, 0, 1);
			same_text("format", put, text);
		}
	}
}

/* What is written is read back, to the ns. */
static void
test_round_trip(void)
{
	struct time_reader r = { 0 };
	char text[TIME_MAX + 1];
	int64_t x, ns;
	int i;

	for (i = 0; i < 200000; i++) {
		x = i % 2 ? (int64_t)rnd() : rnd_sec() * NS;
		if (i % 8 == 2)
			x += (int64_t)(rnd() % 1000) * 1000000;
		text[time_put(text, x, i % 3 == 0)] = '\0';
		if (!time_read(&r, slice_str(text), &ns))
			fail("round trip", text, 0, 1);
		same("round trip", text, ns, x);
	}
}

/* A reader with a past gives what one without gives: texts that differ from
   the last one in one byte, some of them no times any more. */
static void
test_memory(void)
{
	static const char *const start[] = {
		"10/Oct/2000:13:55:36 -0700", "2024-11-12T14:39:08.123Z",
		"Sun Dec 04 04:47:44 2005", "Oct 10 13:55:36",
		"2015-07-29 17:41:44,747", "2024-11-12 14:39",
		"20241112T143908", "[10/Oct/2000:13:55:36 -0700]",
		"2024-11-12T14:39:08.123456789123+01:00"
	};
	static const char byte[] = "0123456789:. ,-+Z6";
	size_t k, i;

	for (k = 0; k < sizeof start / sizeof *start; k++) {
		struct time_reader r = { .newest_hint = HINT };
		char text[64];

		snprintf(text, sizeof text, "%s", start[k]);
		for (i = 0; i < 50000; i++) {
			struct time_reader new = { .newest_hint = HINT };
			size_t at = rnd() % strlen(text);
			char was = text[at];
			int64_t a = 0, b = 0;
			bool old_ok, new_ok;

			text[at] = byte[rnd() % (sizeof byte - 1)];
			old_ok = time_read(&r, slice_str(text), &a);
			new_ok = time_read(&new, slice_str(text), &b);
			same("memory", text, old_ok, new_ok);
			same("memory", text, a, b);
			if (!new_ok)
				text[at] = was;
		}
	}
}

/* Many at once are as one by one, up to each that is none. */
static void
test_many(void)
{
	enum { MANY = 3000, SIZE = 32 };
	static char text[MANY][SIZE];
	static struct slice at[MANY];
	static int64_t ns[MANY];
	struct time_reader r = { 0 };
	size_t i, k, end;
	int64_t b;

	for (i = 0; i < MANY; i++) {
		if (i / 500 % 2 != 0)
			snprintf(text[i], SIZE, "10/Oct/2000:13:55:%02d -0700",
			    (int)(rnd() % 60));
		else
			snprintf(text[i], SIZE, "2024-11-12T14:39:%02d.%03d",
			    (int)(rnd() % 60), (int)(rnd() % 1000));
		if (rnd() % 50 == 0)
			text[i][rnd() % strlen(text[i])] ^= (char)(rnd() % 8);
		at[i] = slice_str(text[i]);
	}
	for (i = 0; i < MANY; i = end + 1) {
		end = i + time_read_all(&r, at + i, MANY - i, ns + i);
		if (end > MANY)
			fail("many", "how many", (int64_t)end, MANY);
		for (k = i; k < MANY && k <= end; k++) {
			struct time_reader new = { 0 };

			same("many", text[k], time_read(&new, at[k], &b),
			    k < end);
			if (k < end)
				same("many", text[k], ns[k], b);
		}
	}
}

struct find {
	const char *rec;
	const char *want;
};

static const struct find finds[] = {
	{ "83.149.9.216 - - [17/May/2015:10:05:03 +0000] \"GET /2014-01-01/ "
	    "HTTP/1.1\" 200 1234567890", "2015-05-17T10:05:03Z" },
	{ "[Sun Dec 04 04:47:44 2005] [notice] workerEnv.init() ok",
	    "2005-12-04T04:47:44Z" },
	{ "Jun 10 06:55:46 LabSZ sshd[24200]: reverse",
	    "2005-06-10T06:55:46Z" },
	{ "<34>Jun 10 06:55:46 2004 x", "2005-06-10T06:55:46Z" },
	{ "2015-07-29 17:41:44,747 - INFO  [x]", "2015-07-29T17:41:44.747Z" },
	{ "{\"a\":1,\"time\":1731391316698,\"x\":2}",
	    "2024-11-12T06:01:56.698Z" },
	{ "time=\"2024-11-12T14:39:08+09:00\" level=warning",
	    "2024-11-12T05:39:08Z" },
	{ "ts=1731391316.5 x", "2024-11-12T06:01:56.500Z" },
	{ "1731391316698123", "2024-11-12T06:01:56.698123Z" },
	{ "x 1731391316698123456,", "2024-11-12T06:01:56.698123456Z" },
	{ "at 2024-11-12 14:39:08-14:45:00", "2024-11-12T14:39:08Z" },
	{ "at 2024-11-12 14:39:08 -10 items", "2024-11-12T14:39:08Z" },
	{ "at 2024-11-12 14:39: late", "2024-11-12T14:39:00Z" },
	{ "on 2024-11-12, at noon", "2024-11-12T00:00:00Z" },
	{ "v 2023-01-01 2024-11-12T14:39:08Z", "2024-11-12T14:39:08Z" },
	{ "Sunday, Sun Dec  4 04:47:44 UTC 2005: x", "2005-12-04T04:47:44Z" },
	{ "Sun Dec  4 04:47:44 CET 2005", NULL },
	{ "", NULL }, { "nothing here", NULL }, { "   ", NULL },
	{ "x2024-11-12T14:39:08Z", NULL }, { "2024-11-12T14:39:08Zx", NULL },
	{ "123456789", NULL }, { "12345678901", NULL },
	{ "a1731391316", NULL }, { "1731391316a", NULL },
	{ "1731391316", "2024-11-12T06:01:56Z" },
	{ "blk_1731391316 x", NULL }, { "-1731391316", NULL },
	{ "id-1731391316", NULL }, { "1731391316_2", NULL },
	{ "blk_-6952295868487656571 1731391316", "2024-11-12T06:01:56Z" },
	{ "+1731391316", NULL }, { "0.1731391316", NULL },
	{ "10.11.12.13", NULL }, { "99/99/9999", NULL },
	{ "Dec 10", NULL }, { "Mon", NULL }, { "12:30:00", NULL },
};

/* Forwards, backwards and repeatedly with one reader, and with one for each. */
static void
test_find(void)
{
	struct time_reader all = { .newest_hint = HINT };
	size_t n = sizeof finds / sizeof *finds, i, turn;

	for (i = 0; i < 2 * n; i++) {
		const struct find *f = &finds[i < n ? i : 2 * n - 1 - i];
		struct time_reader one = { .newest_hint = HINT };

		for (turn = 0; turn < 3; turn++) {
			char out[TIME_MAX + 1];
			int64_t ns = 0;
			bool ok = time_find(turn == 0 ? &one : &all,
			    slice_str(f->rec), &ns);

			same("find", f->rec, ok, f->want != NULL);
			if (!ok)
				continue;
			out[time_put(out, ns, false)] = '\0';
			same_text(f->rec, out, f->want);
		}
	}
}

/* What was found before must not hide what follows the same text now. */
static void
test_find_longer(void)
{
	static const char *const tail[] = {
		" x", ".5 x", ",25", "Z", "+01:00", " -0100 y", " UTC", "",
		" +01", "a", ": x", " GMT.", " 5", "\"", ".x"
	};
	struct time_reader r = { 0 };
	int i;

	for (i = 0; i < 20000; i++) {
		struct time_reader new = { 0 };
		char rec[80];
		int64_t a = 0, b = 0;
		bool ok;

		snprintf(rec, sizeof rec, "x 2024-11-12 14:39:%02d%s",
		    (int)(rnd() % 60), tail[rnd() % 15]);
		ok = time_find(&new, slice_str(rec), &a);
		same("find longer", rec, time_find(&r, slice_str(rec), &b), ok);
		same("find longer", rec, b, a);
	}
}

static void
test_find_format(void)
{
	struct time_reader r = { .format = "%y%m%d %H%M%S" };
	const char *rec = "081109 203615 148 INFO dfs.DataNode: x";
	int64_t ns;

	if (!time_find(&r, slice_str(rec), &ns))
		fail("find format", rec, 0, 1);
	same("find format", rec, ns, INT64_C(1226262975) * NS);
	rec = "x [081109 203616] 148";
	if (!time_find(&r, slice_str(rec), &ns))
		fail("find format", rec, 0, 1);
	same("find format", rec, ns, INT64_C(1226262976) * NS);
	if (time_find(&r, SLICE("x081109 203616 081309 203616"), &ns))
		fail("find format", "none", 1, 0);
}

static const char *const zones[] = {
	"UTC0", "CET-1CEST,M3.5.0,M10.5.0/3", "EST5EDT,M3.2.0,M11.1.0",
	"CST5CDT,M3.2.0/0,M11.1.0/1",			/* at midnight */
	"LHST-10:30LHDT-11,M10.1.0,M4.1.0",		/* by half an hour */
	"NZST-12NZDT,M9.5.0,M4.1.0/3", "NPT-5:45",
	"IST-2IDT,M3.4.4/26,M10.5.0",
	"BRT3BRST,M10.3.0/0,M2.3.0/0"
};
enum { ZONES = sizeof zones / sizeof *zones };

static void
set_zone(const char *tz)
{
	setenv("TZ", tz, 1);
	tzset();
}

static int64_t
wall_clock(int64_t sec)
{
	time_t t = (time_t)sec;
	char text[40];
	struct tm tm;
	int64_t ns;

	localtime_r(&t, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	if (!time_parse("%Y-%m-%dT%H:%M:%S%z", slice_str(text), false, &ns))
		fail("wall clock", text, 0, 1);
	return ns / NS;
}

/* Any time, shown by TZ's clock and read again with it as the newest time, is
   itself: both passes of an hour that comes twice. */
static void
test_local(void)
{
	size_t z;
	int i;

	for (z = 0; z < ZONES; z++) {
		struct time_reader r = { .local = true }, o = { .local = true };

		set_zone(zones[z]);
		for (i = 0; i < 20000; i++) {
			int64_t sec = INT64_C(1727000000) + i * INT64_C(1801);
			int64_t ns, back, off = wall_clock(sec) - sec;
			char text[40], put[TIME_MAX + 1];

			time_format(text, sizeof text, "%d/%b/%Y:%H:%M:%S",
			    sec * NS, true);
			r.newest = sec * NS;
			r.seen = true;
			if (!time_read(&r, slice_str(text), &ns))
				fail("local", text, 0, 1);
			same(zones[z], text, ns, sec * NS);
			if (time_read(&o, slice_str(text), &back))
				same(zones[z], text, wall_clock(back / NS) -
				    wall_clock(sec), 0);
			put[time_put(put, ns, true)] = '\0';
			if (!time_read(&o, slice_str(put), &back))
				fail("local", put, 0, 1);
			same(zones[z], put, back, ns);
			time_format(text, sizeof text, "%z", ns, true);
			off /= 60;
			same(zones[z], text, strtol(text, NULL, 10),
			    off / 60 * 100 + off % 60);
		}
	}
}

struct local {
	const char *text, *want;
};

/* A log over a night on which the clock is put back: the hour twice, and once
   more by its first pass when no time was seen. */
static void
test_ambiguous(void)
{
	static const struct local log[] = {
		{ "2024-11-03 00:59:59", "2024-11-03T04:59:59Z" },
		{ "2024-11-03 01:00:00", "2024-11-03T05:00:00Z" },
		{ "2024-11-03 01:30:00", "2024-11-03T05:30:00Z" },
		{ "2024-11-03 01:59:59", "2024-11-03T05:59:59Z" },
		{ "2024-11-03 01:00:00", "2024-11-03T06:00:00Z" },
		{ "2024-11-03 01:30:00", "2024-11-03T06:30:00Z" },
		{ "2024-11-03 01:59:59", "2024-11-03T06:59:59Z" },
		{ "2024-11-03 02:00:00", "2024-11-03T07:00:00Z" },
		{ "2024-03-10 01:59:59", "2024-03-10T06:59:59Z" },
		{ "2024-03-10 02:30:00", "2024-03-10T07:30:00Z" },
		{ "2024-03-10 03:00:00", "2024-03-10T07:00:00Z" },
		{ "2024-03-10 03:00:00+00:00", "2024-03-10T03:00:00Z" },
	};
	struct time_reader r = { .local = true };
	char out[TIME_MAX + 1];
	int64_t ns;
	size_t i;

	set_zone("EST5EDT,M3.2.0,M11.1.0");
	for (i = 0; i < sizeof log / sizeof *log; i++) {
		if (!time_read(&r, slice_str(log[i].text), &ns))
			fail("ambiguous", log[i].text, 0, 1);
		out[time_put(out, ns, false)] = '\0';
		same_text(log[i].text, out, log[i].want);
	}
	if (!time_parse("%F %T", SLICE("2024-11-03 01:30:00"), true, &ns))
		fail("ambiguous", "parse", 0, 1);
	same("ambiguous", "parse", ns, INT64_C(1730611800) * NS);
}

/* Missing years by TZ's clock: at most a day after the hint. */
static void
test_yearless_local(void)
{
	struct time_reader r = { .local = true };
	int64_t ns;

	set_zone("EST5EDT,M3.2.0,M11.1.0");
	r.newest_hint = INT64_C(1735707600) * NS;	/* 2025-01-01 00:00 */
	if (!time_read(&r, SLICE("Jan  2 00:00:00"), &ns))
		fail("yearless", "local", 0, 1);
	same("yearless", "a day after", ns, INT64_C(1735794000) * NS);
	if (!time_read(&r, SLICE("Jan  2 00:00:01"), &ns))
		fail("yearless", "local", 0, 1);
	same("yearless", "more", ns, INT64_C(1704171601) * NS);
	r.newest_hint = INT64_C(4133894400) * NS;	/* 2100-12-31 */
	if (!time_read(&r, SLICE("Feb 29 00:00:00"), &ns))
		fail("yearless", "2100", 0, 1);
	same("yearless", "2096", ns, INT64_C(3981330000) * NS);
}

/* The window of t, whose start is f. */
static void
check_window(const char *zone, int64_t t, int64_t f, int64_t width)
{
	int64_t n = time_next(t, width, true), before = f - NS;

	same(zone, "floor", f <= t, 1);
	same(zone, "again", time_floor(f, width, true), f);
	same(zone, "now", time_floor(t, width, true), f);
	same(zone, "next", n > t, 1);
	same(zone, "next", time_floor(n, width, true), n);
	same(zone, "end", time_floor(n - 1, width, true), f);
	/* By the wall clock, unless the start was skipped. */
	if (wall_clock(f / NS) % (width / NS) != 0)
		same(zone, "change", wall_clock(before / NS) + 1 <
		    wall_clock(f / NS), 1);
}

/* Without a hint the clock is one: no time is more than a day ahead of it, nor
   more than a year (8 for a leap day) behind. */
static void
test_yearless_now(void)
{
	static const char *const text[] = {
		"Jan  1 00:00:00", "May  5 05:05:05", "Dec 31 23:59:59"
	};
	struct time_reader r = { 0 };
	int64_t ns, ahead;
	size_t i;

	for (i = 0; i < 3; i++) {
		if (!time_read(&r, slice_str(text[i]), &ns))
			fail("clock", text[i], 0, 1);
		ahead = ns - time_now();
		same("clock", text[i], ahead <= 86400 * NS, 1);
		same("clock", text[i], ahead > -366 * 86400 * NS, 1);
	}
}

static void
test_bucket(void)
{
	struct time_reader r = { .local = true };
	int64_t t = INT64_C(1730500000) * NS;
	int i;

	set_zone("EST5EDT,M3.2.0,M11.1.0");
	for (i = 0; i < 2000; i++, t += 301 * NS) {
		int64_t width = 3600 * NS;
		struct slice b = time_bucket(&r, t, width);
		char want[TIME_MAX + 1], got[TIME_MAX + 1];

		want[time_put(want, time_floor(t, width, true), true)] = '\0';
		memcpy(got, b.p, b.n);
		got[b.n] = '\0';
		same_text("bucket", got, want);
	}
}

/* What windows promise, in steps of 7 minutes over two years. */
static void
test_windows(size_t z)
{
	static const int64_t width[] = {
		60, 900, 1800, 2700, 3600, 5400, 7200, 21600, 86400, 604800
	};
	size_t w;

	set_zone(zones[z]);
	for (w = 0; w < sizeof width / sizeof *width; w++) {
		int64_t t = INT64_C(1700000000) * NS, last = INT64_MIN, f;
		int64_t step = (width[w] < 21600 ? 1380 : 5340) * NS;
		int64_t end = t + 63072000 * NS;
		struct time_span span = { 0 };

		for (; t < end; t += step) {
			f = time_span_floor(&span, t, width[w] * NS, true);
			if (f != last)
				check_window(zones[z], t, f, width[w] * NS);
			last = f;
		}
	}
}

/* The days of a year by their length. */
static void
test_days(void)
{
	int64_t day = 86400 * NS, t, n;
	int i, kind[3] = { 0 };

	set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	t = time_floor(INT64_C(1704067200) * NS, day, true);
	same("days", "start", t, INT64_C(1704063600) * NS);
	for (i = 0; i < 366; i++, t = n) {
		n = time_next(t, day, true);
		kind[(n - t) / (3600 * NS) - 23]++;
	}
	same("days", "end", t, INT64_C(1735686000) * NS);
	same("days", "23 h", kind[0], 1);
	same("days", "24 h", kind[1], 364);
	same("days", "25 h", kind[2], 1);
	set_zone("CST5CDT,M3.2.0/0,M11.1.0/1");
	t = INT64_C(1710046800) * NS;	/* 2024-03-10: 00:00 is skipped */
	same("days", "skipped", time_floor(t + 5, day, true), t);
	same("days", "before", time_floor(t - 1, day, true), t - day);
	t = INT64_C(1730606400) * NS;	/* 2024-11-03: the first 00:00 */
	same("days", "put back", time_floor(t + 3600 * NS, day, true), t);
	same("days", "25 h", time_next(t, day, true), t + 25 * 3600 * NS);
	same("days", "hours", time_floor(t + 3600 * NS, 3600 * NS, true),
	    t + 3600 * NS);
}

static void
test_floor_utc(void)
{
	same("floor", "0", time_floor(0, 10, false), 0);
	same("floor", "9", time_floor(9, 10, false), 0);
	same("floor", "10", time_floor(10, 10, false), 10);
	same("floor", "-1", time_floor(-1, 10, false), -10);
	same("floor", "-10", time_floor(-10, 10, false), -10);
	same("floor", "least", time_floor(INT64_MIN, 10, false), INT64_MIN);
	same("floor", "least", time_floor(INT64_MIN, 3600 * NS, true),
	    INT64_MIN);
	same("floor", "no width", time_floor(5, 0, false), 5);
	same("next", "-1", time_next(-1, 10, false), 0);
	same("next", "0", time_next(0, 10, false), 10);
	same("next", "least", time_next(INT64_MIN, 10, false), INT64_MIN + 8);
	same("next", "most", time_next(INT64_MAX, 10, false), INT64_MAX);
	same("next", "most", time_next(INT64_MAX, 3600 * NS, true), INT64_MAX);
}

struct parse {
	const char *format, *text, *want;
};

static const struct parse parses[] = {
	{ "%y%m%d %H%M%S", "081109 203615", "2008-11-09T20:36:15Z" },
	{ "%d.%m.%Y %H:%M", "24.12.2024 18:30", "2024-12-24T18:30:00Z" },
	{ "%Y-%m-%d %I:%M:%S %p", "2024-12-24 12:30:00 am",
	    "2024-12-24T00:30:00Z" },
	{ "%D %r", "12/24/24 11:30:00 PM", "2024-12-24T23:30:00Z" },
	{ "%B %d, %Y", "december 24, 2024", "2024-12-24T00:00:00Z" },
	{ "%A %d %b %Y %R", "Tuesday 24 December 2024 18:30",
	    "2024-12-24T18:30:00Z" },
	{ "%FT%T%z", "2024-12-24T18:30:00+01:00", "2024-12-24T17:30:00Z" },
	{ "%F %T %z", "2024-12-24 18:30:00 -0130", "2024-12-24T20:00:00Z" },
	{ "%a, %d %b %Y %T %Z", "Tue, 24 Dec 2024 18:30:00 GMT",
	    "2024-12-24T18:30:00Z" },
	{ "%s", "-5", "1969-12-31T23:59:55Z" },
	{ "%s.%N", "1731391316.698", "2024-11-12T06:01:56.698Z" },
	{ "%H:%M:%S.%f", "00:00:01.5", "1970-01-01T00:00:01.500Z" },
	{ "%Y %j", "2024 366", "2024-12-31T00:00:00Z" },
	{ "%Y", "2024", "2024-01-01T00:00:00Z" },
	{ "%C%y-%m", "1999-07", "1999-07-01T00:00:00Z" },
	{ "%y", "68", "2068-01-01T00:00:00Z" },
	{ "%y", "69", "1969-01-01T00:00:00Z" },
	{ "%e/%b", " 5/Oct", "1970-10-05T00:00:00Z" },
	{ "%Y%%%n%m", "2024% \t7", "2024-07-01T00:00:00Z" },
	{ "%Y-%m-%d", "2024-2-3", "2024-02-03T00:00:00Z" },
	{ "%c", "Sun Dec  4 04:47:44 2005", "2005-12-04T04:47:44Z" },
	{ "%Y %j", "2023 366", NULL }, { "%F", "2023-02-29", NULL },
	{ "%b %d", "Feb 29", NULL }, { "%F", "2024-12-24 ", NULL },
	{ "%F", "2024-12-2x", NULL }, { "%F", "", NULL }, { "%p", "xm", NULL },
	{ "%H", "24", NULL }, { "%S", "61", NULL }, { "%z", "+1", NULL },
	{ "%s", "99999999999", NULL }, { "%Q", "1", NULL }, { "%", "", NULL },
	{ "%b", "Foo", NULL }, { "%a", "Mo", NULL },
};

static void
test_parse(void)
{
	size_t i;

	for (i = 0; i < sizeof parses / sizeof *parses; i++) {
		const struct parse *p = &parses[i];
		struct time_reader r = { .format = p->format,
		    .newest_hint = 2 * 86400 * NS };
		char out[TIME_MAX + 1];
		int64_t ns, again;
		bool ok = time_parse(p->format, slice_str(p->text), false, &ns);

		same(p->format, p->text, ok, p->want != NULL);
		if (!ok)
			continue;
		out[time_put(out, ns, false)] = '\0';
		same_text(p->text, out, p->want);
		if (strcmp(p->format, "%e/%b") == 0)
			continue;		/* the reader finds a year */
		same(p->format, p->text, time_read(&r, slice_str(p->text),
		    &again), 1);
		same(p->format, p->text, again, ns);
		time_read(&r, slice_str(p->text), &again);
		same(p->format, p->text, again, ns);
	}
	same("format error", "good", time_format_error("%F%%%Ey") == NULL, 1);
	same("format error", "%Q", time_format_error("%Q") != NULL, 1);
	same("format error", "%", time_format_error("x%") != NULL, 1);
}

static void
test_format(void)
{
	int64_t ns = INT64_C(1731391316698123456);
	char out[64];

	set_zone("EST5EDT,M3.2.0,M11.1.0");
	time_format(out, sizeof out, "%s %z %Z %f %N %%", ns, false);
	same_text("format", out,
	    "1731391316 +0000 UTC 698123 698123456 %");
	time_format(out, sizeof out, "%F %T %s %z %Z", ns, true);
	same_text("format", out, "2024-11-12 01:01:56 1731391316 -0500 EST");
	time_format(out, sizeof out, "%F %T %s", -ns, false);
	same_text("format", out, "1915-02-19 17:58:03 -1731391317");
	same("format", "cap", (int64_t)time_format(out, 10, "%F", ns, false),
	    0);
	same("format", "cap", (int64_t)time_format(out, 11, "%F", ns, false),
	    10);
	same("format", "end", (int64_t)time_format(out, 11, "a%", ns, false),
	    0);
}

int
main(void)
{
	size_t z;

	set_zone("UTC0");
	test_forms();
	test_calendar();
	test_memory();
	test_many();
	test_find();
	test_find_longer();
	test_find_format();
	test_floor_utc();
	test_parse();
	test_local();
	test_ambiguous();
	test_yearless_local();
	test_yearless_now();
	test_bucket();
	for (z = 0; z < ZONES; z++)
		test_windows(z);
	test_days();
	test_format();
	test_round_trip();
	return 0;
}
