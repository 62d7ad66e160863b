/* time.c - reading, writing and cutting times */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "lib/time/time.h"
#include "test/unit/check.h"

/* Windows of that width. */
#define GRID(w)	(&(struct time_grid){ .width = (w) })

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

/* What a reader of its own makes of the text by a format. */
static bool
parse(const char *format, const char *text, int64_t *ns)
{
	struct time_reader r = { .format = format };

	return time_read(&r, slice_str(text), ns);
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
	{ "20241112143908.25", "2024-11-12T14:39:08.250Z" },
	{ "20241112143908250", "2024-11-12T14:39:08.250Z" },
	{ "20241112143908.25Z", "2024-11-12T14:39:08.250Z" },
	{ "20241112_14x", NULL },
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
	{ "1678-01-01T00:00:00Z", "1678-01-01T00:00:00Z" },
	{ "2261-12-31T23:59:59.999999999Z", "2261-12-31T23:59:59.999999999Z" },
	{ "10/Oct/2000:13:55:36 -0700", "2000-10-10T20:55:36Z" },
	{ "[10/Oct/2000:13:55:36 -0700]", "2000-10-10T20:55:36Z" },
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
	{ "9214646399", "2261-12-31T23:59:59Z" },
	{ "9214646399999999999", "2261-12-31T23:59:59.999999999Z" },
	{ "-9214560000", "1678-01-01T00:00:00Z" },

	{ "", NULL }, { " ", NULL }, { "-", NULL }, { "[]", NULL },
	{ "abc", NULL }, { "2024", "1970-01-01T00:33:44Z" },
	{ "2024-11", NULL }, { "2024-11-12T", NULL }, { "2024-11-1", NULL },
	{ "2024-13-12", NULL }, { "2024-00-12", NULL }, { "2024-11-31", NULL },
	{ "2023-02-29", NULL }, { "1900-02-29", NULL }, { "2024-11/12", NULL },
	{ "2024-11-12T14", NULL }, { "2024-11-12T24:00:00.5", NULL },
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
	{ "9214646400", NULL }, { "9223372036.854775807", NULL },
	{ "9223372036854775807", NULL }, { "9214646400000000000", NULL },
	{ "-9214560000.000000001", NULL }, { "-9223372036", NULL },
	{ "99999999999", NULL }, { "1.2.3", NULL }, { "1.", NULL },
	{ "--1", NULL }, { "+1", NULL }, { "0x10", NULL },
	{ "1677-12-31T23:59:59.999999999Z", NULL },
	{ "2262-01-01T00:00:00Z", NULL }, { "[10/Oct/2000:13:55:36", NULL },
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
		return (int64_t)(rnd() % 18429206400u) - INT64_C(9214560000);
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

	for (i = rounds(50000); i > 0; i--) {
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
			if (!parse(format[k], text, &ns))
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

	for (i = rounds(80000); i > 0; i--) {
		x = rnd_sec() * NS;
		if (i % 2 != 0)
			x += (int64_t)(rnd() % NS);
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
		"2024-11-12T14:39:08.123456789123+01:00",
		"2019-12-04\t21:02:31", "Nov 19, 2021 9:15:05 AM",
		"2025-04-24 19:51:57:317 +0200", "I1126 10:11:12.123456",
		"Fri, 19 Nov 2021 09:15:05 GMT", "20171223-22:15:29:606",
		"2021 Nov 19 09:15:05 EST", "20211119091505"
	};
	static const char byte[] = "0123456789:. ,-+Z6AM\t/";
	size_t k, i;

	for (k = 0; k < sizeof start / sizeof *start; k++) {
		struct time_reader r = { .newest_hint = HINT };
		char text[64];

		snprintf(text, sizeof text, "%s", start[k]);
		for (i = rounds(50000); i > 0; i--) {
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
	{ "<34>Jun 10 06:55:46 2004 x", "2004-06-10T06:55:46Z" },
	{ "2015-07-29 17:41:44,747 - INFO  [x]", "2015-07-29T17:41:44.747Z" },
	{ "{\"a\":1,\"time\":1731391316698,\"x\":2}",
	    "2024-11-12T06:01:56.698Z" },
	{ "time=\"2024-11-12T14:39:08+09:00\" level=warning",
	    "2024-11-12T05:39:08Z" },
	{ "ts=1731391316.5 x", "2024-11-12T06:01:56.500Z" },
	{ "1731391316698123", "2024-11-12T06:01:56.698123Z" },
	{ "x 1731391316698123456,", "2024-11-12T06:01:56.698123456Z" },
	{ "at 2024-11-12 14:39:08-14:45:00", "2024-11-12T14:39:08Z" },
	{ "at 2024-11-12 14:39:08 -1 items", "2024-11-12T14:39:08Z" },
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

/* The forms that logs have; NULL: told, not read in part. */
static const struct find logs[] = {
	/* journald: short, -precise, -iso, -full, -unix, -monotonic */
	{ "Nov 19 09:15:05 host sshd[1]: x", "2004-11-19T09:15:05Z" },
	{ "Nov 19 09:15:05.123456 host sshd[1]: x",
	    "2004-11-19T09:15:05.123456Z" },
	{ "2021-11-19T09:15:05+0100 host x", "2021-11-19T08:15:05Z" },
	{ "2021-11-19T09:15:05.123456+0100 host x",
	    "2021-11-19T08:15:05.123456Z" },
	{ "2021-11-19T09:15:05+01:00 host x", "2021-11-19T08:15:05Z" },
	{ "Fri 2021-11-19 09:15:05 UTC host x", "2021-11-19T09:15:05Z" },
	{ "Fri 2021-11-19 09:15:05 EST host x", "2021-11-19T14:15:05Z" },
	{ "Fri 2021-11-19 09:15:05 CET host x", NULL },
	{ "Fri Nov 19 09:15:05 2021 x", "2021-11-19T09:15:05Z" },
	{ "Fri Nov 19 09:15:05 XYZT 2021 x", NULL },
	{ "Fri 2021-11-19 09:15:05.123456 UTC [s=1]",
	    "2021-11-19T09:15:05.123456Z" },
	{ "1637313305.123456 host x", "2021-11-19T09:15:05.123456Z" },
	{ "[    5.123456] host kernel: x", NULL },
	{ "__REALTIME_TIMESTAMP=1637313305123456",
	    "2021-11-19T09:15:05.123456Z" },
	/* syslog: RFC 3164, 5424, with years */
	{ "<34>Oct 11 22:14:15 mymachine su: x", "2004-10-11T22:14:15Z" },
	{ "<34>Oct  1 22:14:15 mymachine su: x", "2004-10-01T22:14:15Z" },
	{ "<165>1 2003-10-11T22:14:15.003Z host app - - x",
	    "2003-10-11T22:14:15.003Z" },
	{ "<165>1 2003-08-24T05:14:15.000003-07:00 h x",
	    "2003-08-24T12:14:15.000003Z" },
	{ "Oct 11 2003 22:14:15 host x", "2003-10-11T22:14:15Z" },
	{ "Oct 11 22:14:15 2003 host x", "2003-10-11T22:14:15Z" },
	/* Cisco IOS, IOS-XR, ASA, NX-OS; Juniper */
	{ "45: *Mar  1 18:46:11.123: %SYS-5-CONFIG_I: x",
	    "2005-03-01T18:46:11.123Z" },
	{ "*Nov 19 2003 09:15:05.123 UTC: %SYS-5: x",
	    "2003-11-19T09:15:05.123Z" },
	{ ".Nov 19 09:15:05.123 EST: %SYS-5: x", "2004-11-19T14:15:05.123Z" },
	{ "Nov 19 09:15:05.123 CET: %SYS-5: x", NULL },
	{ "RP/0/RSP0/CPU0:Nov 19 09:15:05.123 : ifmgr[2]: x",
	    "2004-11-19T09:15:05.123Z" },
	{ "Nov 19 2021 09:15:05: %ASA-6-302013: x", "2021-11-19T09:15:05Z" },
	{ "Nov 19 2021 09:15:05 fw : %ASA-6-302013: x",
	    "2021-11-19T09:15:05Z" },
	{ "2021 Nov 19 09:15:05 sw1 %ETHPORT-5: x", "2021-11-19T09:15:05Z" },
	{ "2021 Nov  9 09:15:05.123 UTC: %ETHPORT-5: x",
	    "2021-11-09T09:15:05.123Z" },
	{ "Nov 19 09:15:05.123 2021  r1 mgd[1]: x",
	    "2021-11-19T09:15:05.123Z" },
	{ "09:15:05.123 UTC Fri Nov 19 2021", NULL },
	/* log4j, logback, Spring, java.util.logging, Tomcat, GC */
	{ "2021-11-19 09:15:05,123 [main] INFO  x",
	    "2021-11-19T09:15:05.123Z" },
	{ "2021-11-19T09:15:05,123 INFO x", "2021-11-19T09:15:05.123Z" },
	{ "20211119T091505,123 INFO x", "2021-11-19T09:15:05.123Z" },
	{ "20211119 091505 INFO x", NULL },
	{ "19 Nov 2021 09:15:05,123 INFO x", "2021-11-19T09:15:05.123Z" },
	{ "09:15:05,123 [main] INFO x", NULL },
	{ "2021-11-19 09:15:05.123  INFO 1 --- [main] x",
	    "2021-11-19T09:15:05.123Z" },
	{ "2021-11-19 09:15:05.123 ERROR x", "2021-11-19T09:15:05.123Z" },
	{ "2021-11-19T09:15:05.123+01:00  INFO 1 --- x",
	    "2021-11-19T08:15:05.123Z" },
	{ "2021-11-19T09:15:05.123-07 x", "2021-11-19T16:15:05.123Z" },
	{ "2021-11-19T09:15:05+01:00[Europe/Berlin] x",
	    "2021-11-19T08:15:05Z" },
	{ "2021-11-19 09:15:05 Europe/Berlin x", NULL },
	{ "2021-11-19 09:15:05 Etc/UTC x", "2021-11-19T09:15:05Z" },
	{ "Nov 19, 2021 9:15:05 AM org.x.Y z", "2021-11-19T09:15:05Z" },
	{ "Nov 19, 2021 12:15:05 AM org.x.Y z", "2021-11-19T00:15:05Z" },
	{ "Nov 19, 2021 9:15:05 PM org.x.Y z", "2021-11-19T21:15:05Z" },
	{ "Nov 19, 2021 9:15:05\xe2\x80\xafPM org.x.Y z",
	    "2021-11-19T21:15:05Z" },
	{ "19-Nov-2021 09:15:05.123 INFO [main] x",
	    "2021-11-19T09:15:05.123Z" },
	{ "2016-12-19T16:31:46.725+0100: 1.595: [GC",
	    "2016-12-19T15:31:46.725Z" },
	{ "2016-12-19T16:31:46.725+01:00: 1.595: [GC",
	    "2016-12-19T15:31:46.725Z" },
	{ "[2021-11-19T09:15:05.123+0100][0.123s][info][gc] x",
	    "2021-11-19T08:15:05.123Z" },
	{ "[0.123s][info][gc] x", NULL },
	{ "[otel.javaagent 2025-04-24 19:51:57:317 +0200] x",
	    "2025-04-24T17:51:57.317Z" },
	/* Python, Celery, loguru, Ruby, Rails, PHP */
	{ "2021-11-19 09:15:05,123 - x - INFO - y",
	    "2021-11-19T09:15:05.123Z" },
	{ "[2021-11-19 09:15:05,123: INFO/MainProcess] x",
	    "2021-11-19T09:15:05.123Z" },
	{ "2021-11-19 09:15:05.123 | INFO     | x",
	    "2021-11-19T09:15:05.123Z" },
	{ "I, [2021-11-19T09:15:05.123456 #1]  INFO -- : x",
	    "2021-11-19T09:15:05.123456Z" },
	{ "Started GET \"/\" for ::1 at 2021-11-19 09:15:05 +0100",
	    "2021-11-19T08:15:05Z" },
	{ "[19-Nov-2021 09:15:05 UTC] PHP Warning: x", "2021-11-19T09:15:05Z" },
	{ "[19-Nov-2021 09:15:05 Europe/Berlin] PHP Warning: x", NULL },
	/* Go: log, time.String, zap, GIN; klog, glog; Docker, Kubernetes */
	{ "2021/11/19 09:15:05 x", "2021-11-19T09:15:05Z" },
	{ "2021/11/19 09:15:05.123456 main.go:1: x",
	    "2021-11-19T09:15:05.123456Z" },
	{ "2021-11-19 09:15:05.123456789 +0100 CET m=+0.01",
	    "2021-11-19T08:15:05.123456789Z" },
	{ "2021-11-19 09:15:05.123 +0000 UTC x", "2021-11-19T09:15:05.123Z" },
	{ "2021-11-19T09:15:05.123+0100\tINFO\tx", "2021-11-19T08:15:05.123Z" },
	{ "{\"level\":\"info\",\"ts\":1637313305.123456,\"msg\":\"x\"}",
	    "2021-11-19T09:15:05.123456Z" },
	{ "[GIN] 2024/11/12 - 15:19:06 | 200 |", "2024-11-12T15:19:06Z" },
	{ "2024-11-12_14-39-08 x", NULL }, { "2024-11-12-143908", NULL },
	{ "2024-11-12 14.39.08 x", NULL }, { "2024-11-12, 14h39", NULL },
	{ "2024-11-12 10.10.0.1 x", "2024-11-12T00:00:00Z" },
	{ "2024-11-12-1 x", "2024-11-12T00:00:00Z" },
	{ "/a-2024-11-12_14-39.log 2024-11-13 10:00:00 x",
	    "2024-11-13T10:00:00Z" },
	{ "I1126 10:11:12.123456    1234 file.go:12] x",
	    "2004-11-26T10:11:12.123456Z" },
	{ "E0126 10:11:12.123456    1999 file.go:12] x",
	    "2005-01-26T10:11:12.123456Z" },
	{ "W20211126 10:11:12.123456  1234 file.cc:12] x",
	    "2021-11-26T10:11:12.123456Z" },
	{ "2021-11-19T09:15:05.123456789Z stdout F x",
	    "2021-11-19T09:15:05.123456789Z" },
	/* PostgreSQL, MySQL, MariaDB, MongoDB, Redis */
	{ "2021-11-19 09:15:05.123 UTC [1234] LOG:  x",
	    "2021-11-19T09:15:05.123Z" },
	{ "2021-11-19 09:15:05.123 CET [1234] LOG:  x", NULL },
	{ "2021-11-19 09:15:05.123 +03 [1234] LOG:  x",
	    "2021-11-19T06:15:05.123Z" },
	{ "2021-11-19 09:15:05.123 IST [1234] LOG:  x", NULL },
	{ "2021-11-19T09:15:05.123456Z 8 [Note] x",
	    "2021-11-19T09:15:05.123456Z" },
	{ "2021-11-19 09:15:05 1234 [Note] x", "2021-11-19T09:15:05Z" },
	{ "2021-11-19  9:15:05 0 [Note] x", "2021-11-19T09:15:05Z" },
	{ "211119  9:15:05 [Note] x", NULL },
	{ "211119 19:15:05 [Note] x", NULL },
	{ "2021-11-19T09:15:05.123+0100 I NETWORK  [x]",
	    "2021-11-19T08:15:05.123Z" },
	{ "{\"t\":{\"$date\":\"2021-11-19T09:15:05.123+01:00\"}}",
	    "2021-11-19T08:15:05.123Z" },
	{ "Fri Nov 19 09:15:05.123 [conn1] x", "2004-11-19T09:15:05.123Z" },
	{ "1:M 19 Nov 2021 09:15:05.123 * Ready", "2021-11-19T09:15:05.123Z" },
	{ "1:M 19 Nov 09:15:05.123 * Ready", "2004-11-19T09:15:05.123Z" },
	/* nginx, Apache, IIS, squid, HAProxy */
	{ "192.0.2.1 - - [19/Nov/2021:09:15:05 +0100] \"GET",
	    "2021-11-19T08:15:05Z" },
	{ "2021/11/19 09:15:05 [error] 1#0: *1 x", "2021-11-19T09:15:05Z" },
	{ "[Fri Nov 19 09:15:05.123456 2021] [core:error] x",
	    "2021-11-19T09:15:05.123456Z" },
	{ "[Fri Nov 19 09:15:05 2021] [error] x", "2021-11-19T09:15:05Z" },
	{ "10/Oct/2000:13:55:36 -0700: x", "2000-10-10T20:55:36Z" },
	{ "2021-11-19 09:15:05 W3SVC1 GET / - 80", "2021-11-19T09:15:05Z" },
	{ "1637313305.123    345 192.0.2.1 TCP_MISS/200",
	    "2021-11-19T09:15:05.123Z" },
	{ "2021/11/19 09:15:05 kid1| Starting", "2021-11-19T09:15:05Z" },
	{ "2021/11/19 09:15:05| Starting", "2021-11-19T09:15:05Z" },
	{ "192.0.2.1:33317 [06/Feb/2009:12:14:14.655] http-in",
	    "2009-02-06T12:14:14.655Z" },
	/* AWS: CloudFront, ELB, S3, VPC */
	{ "2019-12-04\t21:02:31\tLAX1\t392", "2019-12-04T21:02:31Z" },
	{ "http 2018-07-02T22:23:00.186641Z app/x 192.0.2.1:2817",
	    "2018-07-02T22:23:00.186641Z" },
	{ "79a5 bucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3",
	    "2019-02-06T00:00:38Z" },
	{ "2 123456789010 eni-1 192.0.2.1 6 20 1418530010 1418530070",
	    "2014-12-14T04:06:50Z" },
	/* Windows; Android; macOS */
	{ "11/19/2021 9:15:05 AM x", NULL },
	{ "11/19/2021 9:15:05 AM id=1637313305", NULL },
	{ "19/11/2021 09:15:05 x", NULL },
	{ "19.11.2021 09:15:05 x", NULL },
	{ "2021-11-19 9:15:05 PM x", "2021-11-19T21:15:05Z" },
	{ "2021-11-19T09:15:05.1234567Z x", "2021-11-19T09:15:05.123456700Z" },
	{ "11-19 09:15:05.123  1234  1234 I Tag: x", NULL },
	{ "2021-11-19 09:15:05.123  1234  1234 I Tag: x",
	    "2021-11-19T09:15:05.123Z" },
	{ "2021-11-19 09:15:05.123456+0100  0x12 Default",
	    "2021-11-19T08:15:05.123456Z" },
	{ "2021-11-19 09:15:05+01 host installd[1]: x",
	    "2021-11-19T08:15:05Z" },
	{ "Fri Nov 19 09:15:05.123 <kernel> x", "2004-11-19T09:15:05.123Z" },
	{ "November 19, 2021 at 9:15:05 PM x", "2021-11-19T21:15:05Z" },
	/* git; mail and HTTP; date(1) in some locales */
	{ "Date:   Sat Apr 27 03:33:07 2013 +0200", "2013-04-27T01:33:07Z" },
	{ "2013-04-27 03:33:07 +0200", "2013-04-27T01:33:07Z" },
	{ "2013-04-27T03:33:07+02:00", "2013-04-27T01:33:07Z" },
	{ "Sat, 27 Apr 2013 03:33:07 +0200", "2013-04-27T01:33:07Z" },
	{ "Sat, 27 Apr 2013 03:33:07 +0200 (CEST)", "2013-04-27T01:33:07Z" },
	{ "1367026387 +0200", "2013-04-27T01:33:07Z" },
	{ "Sun, 06 Nov 1994 08:49:37 GMT", "1994-11-06T08:49:37Z" },
	{ "Sunday, 06-Nov-94 08:49:37 GMT", "1994-11-06T08:49:37Z" },
	{ "Friday, 19-Nov-21 08:49:37 GMT", "2021-11-19T08:49:37Z" },
	{ "06-Nov-94 08:49:37 GMT", NULL },
	{ "Sun Nov  6 08:49:37 1994", "1994-11-06T08:49:37Z" },
	{ "Fri Nov 19 09:15:05 UTC 2021", "2021-11-19T09:15:05Z" },
	{ "Fri Nov 19 09:15:05 CET 2021", NULL },
	{ "Fri Nov 19 09:15:05 PM UTC 2021", "2021-11-19T21:15:05Z" },
	{ "Fri 19 Nov 2021 09:15:05 AM UTC", "2021-11-19T09:15:05Z" },
	{ "Fri 19 Nov 09:15:05 UTC 2021", "2021-11-19T09:15:05Z" },
	{ "Friday 19 November 2021 09:15:05 AM IST", NULL },
	{ "Friday, November 19, 2021 9:15:05 p.m.", "2021-11-19T21:15:05Z" },
	{ "Fri Nov 19 2021 09:15:05 GMT+0100 (Central European Standard Time)",
	    "2021-11-19T08:15:05Z" },
	{ "Fri Nov 19 09:15:05 2021 +0100", "2021-11-19T08:15:05Z" },
	{ "2021-11-19 09:15:05 GMT+02:00 x", "2021-11-19T07:15:05Z" },
	{ "2021-11-19 09:15:05 UTC-5 x", "2021-11-19T14:15:05Z" },
	/* svlogd, tai64n */
	{ "2021-11-19_09:15:05.12345 x", "2021-11-19T09:15:05.123450Z" },
	{ "2021-11-19T09:15:05.12345 x", "2021-11-19T09:15:05.123450Z" },
	{ "@4000000061976b231a2b3c4d x", "2021-11-19T09:15:05.439041101Z" },
	{ "@4000000061976b23ffffffff x", NULL },
	/* Hadoop and others of LogHub */
	{ "081109 203615 148 INFO dfs.DataNode: x", NULL },
	{ "2015-10-18 18:01:47,978 INFO [main] x", "2015-10-18T18:01:47.978Z" },
	{ "17/06/09 20:10:40 INFO x", NULL },
	{ "20171223-22:15:29:606|Step_LSC|x", "2017-12-23T22:15:29.606Z" },
	{ "20171224-0:7:20:444|Step_LSC|x", NULL },
	{ "- 1117838570 2005.06.03 R02 2005-06-03-15.42.50.675872 x",
	    "2005-06-03T22:42:50Z" },
	{ "2005-06-03-15.42.50.675872 R02", "2005-06-03T15:42:50.675872Z" },
	{ "- 1131566461 2005.11.09 dn228 Nov 9 12:01:01 dn228/dn228",
	    "2005-11-09T20:01:01Z" },
	{ "nova.log.1.2017-05-16_13:53:08 2017-05-16 00:00:00.008 25746",
	    "2017-05-16T00:00:00.008Z" },
	{ "[07.26 12:59:04] chrome.exe - x", NULL },
	/* whatever stands between date and time */
	{ "2019-12-04  21:02:31 x", "2019-12-04T21:02:31Z" },
	{ "2019-12-04,21:02:31,x", "2019-12-04T21:02:31Z" },
	{ "2019-12-04;21:02:31;x", "2019-12-04T21:02:31Z" },
	{ "2019-12-04|21:02:31|x", "2019-12-04T21:02:31Z" },
	{ "2019-12-04-21:02:31 x", "2019-12-04T21:02:31Z" },
	{ "2019-12-04:21:02:31 x", "2019-12-04T21:02:31Z" },
	{ "\"2019-12-04\",\"21:02:31\"", "2019-12-04T21:02:31Z" },
	{ "2019-12-04, 9:02 x", "2019-12-04T09:02:00Z" },
	{ "20191204-210231 x", "2019-12-04T21:02:31Z" },
	{ "2019-12-04 24:00:00 x", "2019-12-05T00:00:00Z" },
	{ "2019/1/4 9:02:31 x", "2019-01-04T09:02:31Z" },
	{ "2019.12.04 21:02:31 x", "2019-12-04T21:02:31Z" },
	{ "2019 Dec 4, 21:02:31 x", "2019-12-04T21:02:31Z" },
	/* never midnight, never UTC, never half of it */
	{ "2019-12-04 at 3 PM", NULL },
	{ "2019-12-04 3 PM", NULL },
	{ "{\"day\":\"2019-12-04\",\"at\":\"21:02:31\"}", NULL },
	{ "21:02:31 2019-12-04", NULL },
	{ "2019-12-04 25:00:00", NULL },
	{ "2019-12-04 12:60:00", NULL },
	{ "2019-12-04 12:30:61", NULL },
	{ "2019-12-04 24:00:01", NULL },
	{ "2019-12-04 12:30:5", NULL },
	{ "2019-12-04 12:30:15:2", NULL },
	{ "2019-12-04T12:30:15.5.6", NULL },
	{ "2019-12-04 12:30:15 13 PM", "2019-12-04T12:30:15Z" },
	{ "2019-12-04 13:30:15 PM", NULL },
	{ "2019-12-04 0:30:15 PM", NULL },
	{ "2019-12-04 12:30:15+5", NULL },
	{ "2019-12-04 12:30:15+25:00", NULL },
	{ "2019-12-04 12:30:15 BST 1637313305", NULL },
	{ "2019-12-04 12:30:15 JST", NULL },
	{ "2019-12-04 12:30:15 GMT+123", NULL },
	{ "2019-12-04T12:30:15x 1637313305", NULL },
	{ "2019-13-04 12:30:15 1637313305", NULL },
	{ "12 Nov 19 09:15:05", NULL },
	/* offsets and zones behind whatever stands between */
	{ "2024-11-12T14:39:08  +01:00 x", "2024-11-12T13:39:08Z" },
	{ "2024-11-12 14:39:08   +0100 x", "2024-11-12T13:39:08Z" },
	{ "2024-11-12\t14:39:08\t+0100\tx", "2024-11-12T13:39:08Z" },
	{ "2024-11-12 14:39:08.123  -0500  INFO x",
	    "2024-11-12T19:39:08.123Z" },
	{ "2024-11-12 14:39:08\xc2\xa0+0100 x", "2024-11-12T13:39:08Z" },
	{ "2024-11-12T14:39:08\xe2\x88\x92""05:00 x", "2024-11-12T19:39:08Z" },
	{ "2024-11-12 14:39:08 \xe2\x88\x92""0500 x", "2024-11-12T19:39:08Z" },
	{ "2024-11-12T14:39:08%2B01:00 x", "2024-11-12T13:39:08Z" },
	{ "2024-11-12T14:39:08-8:00 x", "2024-11-12T22:39:08Z" },
	{ "2024-11-12 14:39:08 -8:00 x", "2024-11-12T22:39:08Z" },
	{ "2024-11-12T14:39:08+5:30 x", "2024-11-12T09:09:08Z" },
	{ "2024-11-12 14:39:08,+0100,x", "2024-11-12T13:39:08Z" },
	{ "\"2024-11-12\",\"14:39:08\",\"+0100\",x", "2024-11-12T13:39:08Z" },
	{ "2024-11-12 14:39:08|+0100|x", "2024-11-12T13:39:08Z" },
	{ "2024-11-12 14:39:08 [+0100] x", "2024-11-12T13:39:08Z" },
	{ "[2024-11-12 14:39:08] -0800 x", "2024-11-12T22:39:08Z" },
	{ "2024-11-12_14:39:08_+0100 x", "2024-11-12T13:39:08Z" },
	{ "2024-11-12 14:39:08 [UTC] x", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08 [EST] x", "2024-11-12T19:39:08Z" },
	{ "2024-11-12 14:39:08 (UTC+1) x", "2024-11-12T13:39:08Z" },
	{ "2024-11-12 14:39:08 [UTC+01:00] x", "2024-11-12T13:39:08Z" },
	{ "2024-11-12 14:39:08 UTC +01:00 x", "2024-11-12T13:39:08Z" },
	{ "2024-11-12 14:39:08 UTC\xe2\x88\x92""5 x", "2024-11-12T19:39:08Z" },
	{ "2024-11-12 14:39:08 tz=\"+0100\" x", "2024-11-12T13:39:08Z" },
	{ "mar 12 nov 2024, 14:39:08, UTC", "2024-11-12T14:39:08Z" },
	{ "Nov 12 14:39:08  +0100 host x", "2004-11-12T13:39:08Z" },
	{ "Nov 12 14:39:08, 2003 x", "2003-11-12T14:39:08Z" },
	{ "2024-11-12 02:39:08  PM x", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 2:39:08 P.M. x", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 2:39:08 p. m. x", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 2:39:08\xc2\xa0p.\xc2\xa0m. x", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08 [CET] x", NULL },
	{ "2024-11-12 14:39:08 {CET} x", NULL },
	{ "2024-11-12 14:39:08<CET> x", NULL },
	{ "2024-11-12 14:39:08(CET) x", NULL },
	{ "2024-11-12 14:39:08, CET x", NULL },
	{ "mar 12 nov 2024, 14:39:08, CET", NULL },
	{ "\"2024-11-12 14:39:08\",\"CET\",x", NULL },
	{ "[2024-11-12 14:39:08] [CET] x", NULL },
	{ "2024-11-12 14:39:08 | CET | x", NULL },
	{ "2024-11-12 14:39:08_CET x", NULL },
	{ "2024-11-12 14:39:08\xc2\xa0""CET x", NULL },
	{ "2024-11-12T14:39:08[Asia/Tokyo] x", NULL },
	{ "2024-11-12 14:39:08 (Pacific Standard Time) x", NULL },
	{ "2024-11-12 14:39:08 W. Europe Standard Time x", NULL },
	{ "2024-11-12 14:39:08 PST8PDT x", NULL },
	{ "2024-11-12 14:39:08 CET-1CEST x", NULL },
	{ "2024-11-12 14:39:08 EST+5 x", NULL },
	{ "2024-11-12 14:39:08 PST/PDT x", NULL },
	{ "2024-11-12T14:39:08Z+1 x", NULL },
	{ "2024-11-12T14:39:08Z+01:00 x", NULL },
	{ "2024-11-12 14:39:08 tz=CET x", NULL },
	{ "2024-11-12T14:39:08-800 x", NULL },
	{ "2024-11-12 14:39:08 -800 x", NULL },
	{ "2024-11-12 14:39:08 +25:00 x", NULL },
	{ "2024-11-12T14:39:08\xe2\x80\x93""05:00 x", NULL },
	{ "2024-11-12 9:00-9:30 x", NULL },
	{ "2024-11-12 09:00-17:30 x", NULL },
	/* times of day that may be something else */
	{ "2024-11-12 1439 x", NULL }, { "2024-11-12 143908 x", NULL },
	{ "2024-11-12 14 39 08 x", NULL }, { "2024-11-12 1200Z x", NULL },
	{ "2024-11-12 143908.123 x", NULL }, { "2024-11-12 12Z x", NULL },
	{ "2024-11-12,143908123,x", NULL }, { "2024-11-12 | 1439 | x", NULL },
	/* what only looks like more of it */
	{ "2024-11-12 9999 x", "2024-11-12T00:00:00Z" },
	{ "2024-11-12 12 30 x", "2024-11-12T00:00:00Z" },
	{ "2024-11-12 12 30 451 x", "2024-11-12T00:00:00Z" },
	{ "2024-11-12 1024x768", "2024-11-12T00:00:00Z" },
	{ "2024-11-12,1637313305,x", "2021-11-19T09:15:05Z" },
	{ "2024-11-12 14:39:08 -12.5 C", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08 -1730 x", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08,-1200,5", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08  -12  x", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08 -801 x", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08      CET x", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08 [MST-1-x] x", NULL },
	{ "2024-11-12 14:39:08 [MST-worker] x", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08 Host Daemon x", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08Z-2024-11-12T15:00:00Z", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08Z-15:00:00Z", "2024-11-12T14:39:08Z" },
	{ "2024-11-12 14:39:08 - 15:00 x", "2024-11-12T14:39:08Z" },
	{ "2019-12-04 12:30:15 GET /", "2019-12-04T12:30:15Z" },
	{ "2019-12-04 13:30:15 am Montag", "2019-12-04T13:30:15Z" },
	{ "2019-12-04 12:30:15-12:31:00 x", "2019-12-04T12:30:15Z" },
	{ "2019-12-04 12:30:15. x", "2019-12-04T12:30:15Z" },
	{ "2019-12-04 12:30:15 -1234567 x", "2019-12-04T12:30:15Z" },
	{ "2019-12-04 x 10.0.0.1:22", "2019-12-04T00:00:00Z" },
	{ "2019-12-04 x [::1:22]", "2019-12-04T00:00:00Z" },
	{ "10.1.22.3:8080 2019-12-04 12:30:15", "2019-12-04T12:30:15Z" },
	/* identifiers beside times */
	{ "{\"id\":\"3006516524087886121\",\"time\":1731391316698}",
	    "2024-11-12T06:01:56.698Z" },
	{ "{\"id\":3006516524087886121,\"time\":\"2024-11-12T06:01:56Z\"}",
	    "2024-11-12T06:01:56Z" },
	{ "{\"ts\":1731391316698123456,\"id\":3006516524087886121}",
	    "2024-11-12T06:01:56.698123456Z" },
	{ "x = 9223372036854775807", NULL },
	{ "/var/log/x-2019-12-04T12:30:15.log 1637313305",
	    "2021-11-19T09:15:05Z" },
	{ "/var/log/x-2019-12-04T12:30:15.log", "2019-12-04T12:30:15Z" },
};

/* Forwards, backwards and repeatedly with one reader, and with one for each. */
static void
test_find(const struct find *table, size_t n)
{
	struct time_reader all = { .newest_hint = HINT };
	size_t i, turn;

	for (i = 0; i < 2 * n; i++) {
		const struct find *f = &table[i < n ? i : 2 * n - 1 - i];
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
		" +01", "a", ": x", " GMT.", " 5", "\"", ".x", " AM", " am x",
		" p.m.", "\xe2\x80\xafPM", " EST x", " CET", " (CET) x", " (x)",
		" INFO x y z", " LabSZ sshd", " Pacific ocean",
		" Pacific/Apia", " US/x and", " Us and them", "\t+0100 x",
		"\tx\ty\tz", ":317 x", ":31", " 2021 x", " Z", " z", " utc",
		" +0100 (CET) x", " GMT+1 x", "-14:45:00", "-5", "] \"GET /",
		"  +0100 x", "   -05:0", "    -1234", "    +012", "    +0123",
		"  PM", "   P.M.", " \xc2\xa0PM", " \xc2\xa0+0100 x",
		(" \xe2\x88\x92" "0500 x"), "%2B01:00", "%2Bx", " [CET] x",
		" [INFO] x", "] [INFO] x", "] [UTC+1] x", ", CET",
		" | EST | x",
		"  AEST12", " [MST-worker", " [MST-1", " Japan Standard Time",
		" Japan Sea", " W. Europe Standard Time", " W. Europe", "Z+1",
		"Z-5", "[EST", " tz=CET", " tz=UTC", " tzdata x", ", 2003 x",
		" (x", "     CET", " UTC +01:00", " PST8PDT", " PST8",
		" EST/EDT", "\",\"EST\"", "\",\"x\""
	};
	struct time_reader r = { 0 };
	int i;

	for (i = rounds(60000); i > 0; i--) {
		struct time_reader new = { 0 };
		char rec[80];
		int64_t a = 0, b = 0;
		bool ok;

		snprintf(rec, sizeof rec, "x 2024-11-12 14:39:%02d%s",
		    (int)(rnd() % 60),
		    tail[rnd() % (sizeof tail / sizeof *tail)]);
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
	if (!parse("%Y-%m-%dT%H:%M:%S%z", text, &ns))
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
		for (i = 0; i < rounds(20000); i++) {
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
	r = (struct time_reader){ .local = true, .format = "%F %T" };
	if (!time_read(&r, SLICE("2024-11-03 01:30:00"), &ns))
		fail("ambiguous", "parse", 0, 1);
	same("ambiguous", "parse", ns, INT64_C(1730611800) * NS);
}

/* With TZ's clock its two names are offsets, at any time of the year. */
static void
test_names(void)
{
	static const struct local log[] = {
		{ "2024-11-03 01:30:00 EDT", "2024-11-03T05:30:00Z" },
		{ "2024-11-03 01:30:00 EST", "2024-11-03T06:30:00Z" },
		{ "2024-07-03 01:30:00 CET", NULL },
		{ "2024-07-03 01:30:00 GMT", "2024-07-03T01:30:00Z" },
	};
	static const struct local other[] = {
		{ "2024-07-03 01:30:00 BST", "2024-07-03T00:30:00Z" },
		{ "2024-01-03 01:30:00 BST", "2024-01-03T00:30:00Z" },
		{ "2024-07-03 01:30:00 GMT", "2024-07-03T01:30:00Z" },
		{ "2024-07-03 01:30:00", "2024-07-03T00:30:00Z" },
		{ "Wed Jul  3 01:30:00 BST 2024", "2024-07-03T00:30:00Z" },
		{ "Jul  3 01:30:00 IST", NULL },
	};
	struct time_reader r = { .local = true };
	const struct local *l;
	char out[TIME_MAX + 1];
	int64_t ns;
	size_t i;
	bool ok;

	set_zone("EST5EDT,M3.2.0,M11.1.0");
	for (i = 0; i < 10; i++) {
		if (i == 4)
			set_zone("GMT0BST,M3.5.0/1,M10.5.0");
		l = i < 4 ? &log[i] : &other[i - 4];
		ok = time_read(&r, slice_str(l->text), &ns);
		same("names", l->text, ok, l->want != NULL);
		if (!ok)
			continue;
		out[time_put(out, ns, false)] = '\0';
		same_text(l->text, out, l->want);
	}
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
	int64_t n = time_next(t, GRID(width), true), before = f - NS;

	same(zone, "floor", f <= t, 1);
	same(zone, "again", time_floor(f, GRID(width), true), f);
	same(zone, "now", time_floor(t, GRID(width), true), f);
	same(zone, "next", n > t, 1);
	same(zone, "next", time_floor(n, GRID(width), true), n);
	same(zone, "end", time_floor(n - 1, GRID(width), true), f);
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
		struct slice b = time_bucket(&r, t, GRID(width));
		char want[TIME_MAX + 1], got[TIME_MAX + 1];

		want[time_put(want, time_floor(t, GRID(width), true),
		    true)] = '\0';
		memcpy(got, b.p, b.n);
		got[b.n] = '\0';
		same_text("bucket", got, want);
	}
}

/* What windows promise, in steps of an hour and more over two years. */
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
		int64_t step = (width[w] < 21600 ? 4020 : 15420) * NS;
		int64_t end = t + rounds(63072000) * NS;
		struct time_span span = { 0 };

		for (; t < end; t += step) {
			f = time_span_floor(&span, t, GRID(width[w] * NS),
			    true);
			if (f != last)
				check_window(zones[z], t, f, width[w] * NS);
			last = f;
		}
	}
}

/* Weeks, months and years, and what begins later: in order, without gaps, and
   each by the wall clock unless its start was skipped. */
static void
test_grids(size_t z)
{
	static const char *const text[] = {
		"1w", "1w@1d6h", "1mo", "2mo", "3mo@12h", "4mo", "6mo@14d",
		"1y", "1d@6h", "6h@90m"
	};
	struct time_grid g;
	int64_t t, n, end;
	size_t i;

	set_zone(zones[z]);
	for (i = 0; i < sizeof text / sizeof *text; i++) {
		if (time_grid_parse(&g, slice_str(text[i])) != NULL)
			fail("grid", text[i], 0, 1);
		t = time_floor(INT64_C(1700000000) * NS, &g, true);
		end = t + 400 * 86400 * NS;
		for (; t < end; t = n) {
			n = time_next(t, &g, true);
			same(text[i], "after", n > t, 1);
			same(text[i], "start", time_floor(t, &g, true), t);
			same(text[i], "within", time_floor(t + (n - t) / 2, &g,
			    true), t);
			same(text[i], "end", time_floor(n - 1, &g, true), t);
			same(text[i], "next", time_next(n - 1, &g, true), n);
			same(text[i], "length", n - t <= g.width +
			    7200 * NS, 1);
			if (time_floor(wall_clock(t / NS) * NS, &g, false) !=
			    wall_clock(t / NS) * NS)
				same(text[i], "change", wall_clock(t / NS - 1) +
				    1 < wall_clock(t / NS), 1);
		}
	}
}

static void
test_grid_utc(void)
{
	static const struct {
		const char *grid;
		int64_t t, from, to;
	} table[] = {
		{ "1w", -1, -259200, 345600 },	/* 1969-12-29 */
		{ "1w", 345600, 345600, 950400 },
		{ "1w@1d", 431999, -172800, 432000 },
		{ "1mo", 1709251199, 1706745600, 1709251200 },	/* 2024-02 */
		{ "1mo", 1677628799, 1675209600, 1677628800 },	/* 2023-02 */
		{ "1mo", -1, -2678400, 0 },
		{ "1mo@14d", 1, -1468800, 1209600 },
		{ "2mo", 1709251199, 1704067200, 1709251200 },
		{ "3mo", -1, -7948800, 0 },
		{ "4mo", 1735689599, 1725148800, 1735689600 },
		{ "6mo", 1720000000, 1719792000, 1735689600 },
		{ "1y", 1735689599, 1704067200, 1735689600 },
		{ "1y", -2208988801, -2240524800, -2208988800 },
		{ "1d@6h", 21599, -64800, 21600 },
		{ "1d@6h", 21600, 21600, 108000 },
		{ "1h30m@1h", 0, -1800, 3600 },
		{ "1day", -1, -86400, 0 }, { "12months", -1, -31536000, 0 }
	};
	static const char *const wrong[] = {
		"2w", "w", "5mo", "0mo", "2y", "1y1mo", "1mo2d", "1.5mo",
		"1d@", "1d@1d", "1d@x", "1mo@28d", "1w@7d", "@1h", "0@1h",
		"1mo@0.5s", "24mo", "-1mo", "w1mo", "1d@-1h", "1d@1h@1h", ""
	};
	struct time_grid g;
	size_t i;

	for (i = 0; i < sizeof table / sizeof *table; i++) {
		if (time_grid_parse(&g, slice_str(table[i].grid)) != NULL)
			fail("grid", table[i].grid, 0, 1);
		same("floor", table[i].grid, time_floor(table[i].t * NS, &g,
		    false), table[i].from * NS);
		same("next", table[i].grid, time_next(table[i].t * NS, &g,
		    false), table[i].to * NS);
		same("least", table[i].grid, time_floor(INT64_MIN, &g, false),
		    INT64_MIN);
		same("most", table[i].grid, time_next(INT64_MAX, &g, false),
		    INT64_MAX);
	}
	for (i = 0; i < sizeof wrong / sizeof *wrong; i++)
		if (time_grid_parse(&g, slice_str(wrong[i])) == NULL)
			fail("wrong", wrong[i], 0, 1);
}

/* The days of a year by their length. */
static void
test_days(void)
{
	int64_t day = 86400 * NS, t, n;
	int i, kind[3] = { 0 };

	set_zone("CET-1CEST,M3.5.0,M10.5.0/3");
	t = time_floor(INT64_C(1704067200) * NS, GRID(day), true);
	same("days", "start", t, INT64_C(1704063600) * NS);
	for (i = 0; i < 366; i++, t = n) {
		n = time_next(t, GRID(day), true);
		kind[(n - t) / (3600 * NS) - 23]++;
	}
	same("days", "end", t, INT64_C(1735686000) * NS);
	same("days", "23 h", kind[0], 1);
	same("days", "24 h", kind[1], 364);
	same("days", "25 h", kind[2], 1);
	set_zone("CST5CDT,M3.2.0/0,M11.1.0/1");
	t = INT64_C(1710046800) * NS;	/* 2024-03-10: 00:00 is skipped */
	same("days", "skipped", time_floor(t + 5, GRID(day), true), t);
	same("days", "before", time_floor(t - 1, GRID(day), true), t - day);
	t = INT64_C(1730606400) * NS;	/* 2024-11-03: the first 00:00 */
	same("days", "put back", time_floor(t + 3600 * NS, GRID(day), true), t);
	same("days", "25 h", time_next(t, GRID(day), true), t + 25 * 3600 * NS);
	same("days", "hours", time_floor(t + 3600 * NS, GRID(3600 * NS), true),
	    t + 3600 * NS);
}

static void
test_floor_utc(void)
{
	same("floor", "0", time_floor(0, GRID(10), false), 0);
	same("floor", "9", time_floor(9, GRID(10), false), 0);
	same("floor", "10", time_floor(10, GRID(10), false), 10);
	same("floor", "-1", time_floor(-1, GRID(10), false), -10);
	same("floor", "-10", time_floor(-10, GRID(10), false), -10);
	same("floor", "least", time_floor(INT64_MIN, GRID(10), false),
	    INT64_MIN);
	same("floor", "least", time_floor(INT64_MIN, GRID(3600 * NS), true),
	    INT64_MIN);
	same("floor", "no width", time_floor(5, GRID(0), false), 5);
	same("next", "-1", time_next(-1, GRID(10), false), 0);
	same("next", "0", time_next(0, GRID(10), false), 10);
	same("next", "least", time_next(INT64_MIN, GRID(10), false),
	    INT64_MIN + 8);
	same("next", "most", time_next(INT64_MAX, GRID(10), false), INT64_MAX);
	same("next", "most", time_next(INT64_MAX, GRID(3600 * NS), true),
	    INT64_MAX);
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
	{ "%H:%M:%S.%f", "00:00:01.5", "2005-07-01T00:00:01.500Z" },
	{ "%H:%M", "13:00", "2005-07-01T13:00:00Z" },
	{ "%H:%M:%S", "13:00:01", "2005-06-30T13:00:01Z" },
	{ "%I %p %z", "3 pm +02:00", "2005-07-01T13:00:00Z" },
	{ "%R %z", "00:30 +12:00", "2005-07-01T12:30:00Z" },
	{ "%a %R", "Fri 12:30", "2005-07-01T12:30:00Z" },
	{ "%a %R", "Fri 14:30", "2005-06-24T14:30:00Z" },
	{ "%u %H", "6 12", "2005-06-25T12:00:00Z" },
	{ "%w %H", "0 12", "2005-06-26T12:00:00Z" },
	{ "%A", "thursday", "2005-06-30T00:00:00Z" },
	{ "%j", "183", "2005-07-02T00:00:00Z" },
	{ "%j %R", "183 12:01", "2004-07-01T12:01:00Z" },
	{ "%j", "366", "2004-12-31T00:00:00Z" },
	{ "%j %z", "184 +14", "2005-07-02T10:00:00Z" },
	{ "%d %T", "01 12:00:00", "2005-07-01T12:00:00Z" },
	{ "%d %T", "02 12:00:01", "2005-06-02T12:00:01Z" },
	{ "%d", "31", "2005-05-31T00:00:00Z" },
	{ "%j", "367", NULL }, { "%j", "0", NULL },
	{ "%Y %j", "2024 366", "2024-12-31T00:00:00Z" },
	{ "%Y", "2024", "2024-01-01T00:00:00Z" },
	{ "%C%y-%m", "1999-07", "1999-07-01T00:00:00Z" },
	{ "%y", "68", "2068-01-01T00:00:00Z" },
	{ "%y", "69", "1969-01-01T00:00:00Z" },
	{ "%Ey-%Om", "69-07", "1969-07-01T00:00:00Z" },
	{ "%e/%b", " 5/Oct", "2004-10-05T00:00:00Z" },
	{ "%b %d", "Feb 29", "2004-02-29T00:00:00Z" },
	{ "%FT%T%z", "2024-12-24T18:30:00+0100", "2024-12-24T17:30:00Z" },
	{ "%FT%T%z", "2024-12-24T18:30:00+01", "2024-12-24T17:30:00Z" },
	{ "%FT%T%z", "2024-12-24T18:30:00Z", "2024-12-24T18:30:00Z" },
	{ "%FT%T%z:", "2024-12-24T18:30:00+0100:", "2024-12-24T17:30:00Z" },
	{ "%FT%T%z:", "2024-12-24T18:30:00+01:00:", "2024-12-24T17:30:00Z" },
	{ "%FT%T%z:", "2024-12-24T18:30:00+01:", "2024-12-24T17:30:00Z" },
	{ "%F %T %Z", "2024-12-24 18:30:00 EST", "2024-12-24T23:30:00Z" },
	{ "%Y%%%n%m", "2024% \t7", "2024-07-01T00:00:00Z" },
	{ "%Y-%m-%d", "2024-2-3", "2024-02-03T00:00:00Z" },
	{ "%c", "Sun Dec  4 04:47:44 2005", "2005-12-04T04:47:44Z" },
	{ "%Y %j", "2023 366", NULL }, { "%F", "2023-02-29", NULL },
	{ "%F", "2024-12-24 ", NULL }, { "%F %Z", "2024-12-24 CET", NULL },
	{ "%F", "2024-12-2x", NULL }, { "%F", "", NULL }, { "%p", "xm", NULL },
	{ "%H", "24", NULL }, { "%S", "61", NULL }, { "%z", "+1", NULL },
	{ "%s", "99999999999", NULL }, { "%Q", "1", NULL }, { "%", "", NULL },
	{ "%b", "Foo", NULL }, { "%a", "Mo", NULL },
};

/* Neither a date nor an hour is there to begin with. */
static const char *const undated[] = {
	"", "x", "%M:%S", "%S.%f", "%p", "%z", "%%H", "%N", "%n%t"
};

static void
test_parse(void)
{
	size_t i;

	for (i = 0; i < sizeof parses / sizeof *parses; i++) {
		const struct parse *p = &parses[i];
		struct time_reader r = { .format = p->format,
		    .newest_hint = HINT }, one = r;
		char out[TIME_MAX + 1];
		int64_t ns, again;
		bool ok = time_read(&one, slice_str(p->text), &ns);

		same(p->format, p->text, ok, p->want != NULL);
		if (!ok)
			continue;
		out[time_put(out, ns, false)] = '\0';
		same_text(p->text, out, p->want);
		same(p->format, p->text, time_read(&r, slice_str(p->text),
		    &again), 1);
		same(p->format, p->text, again, ns);
		time_read(&r, slice_str(p->text), &again);
		same(p->format, p->text, again, ns);
	}
	same("format error", "good", time_format_error("%F%%%Ey") == NULL, 1);
	same("format error", "%Q", time_format_error("%Q") != NULL, 1);
	same("format error", "%", time_format_error("x%") != NULL, 1);
	for (i = 0; i < sizeof undated / sizeof *undated; i++)
		same("format error", undated[i],
		    time_format_error(undated[i]) != NULL, 1);
	for (i = 0; i < sizeof parses / sizeof *parses; i++)
		if (parses[i].want != NULL)
			same("format error", parses[i].format,
			    time_format_error(parses[i].format) == NULL, 1);
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
	test_find(finds, sizeof finds / sizeof *finds);
	test_find(logs, sizeof logs / sizeof *logs);
	test_find_longer();
	test_find_format();
	test_floor_utc();
	test_grid_utc();
	test_parse();
	test_local();
	test_ambiguous();
	test_names();
	test_yearless_local();
	test_yearless_now();
	test_bucket();
	for (z = 0; z < ZONES; z++) {
		test_windows(z);
		test_grids(z);
	}
	test_days();
	test_format();
	test_round_trip();
	return 0;
}
