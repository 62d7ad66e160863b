/*
 * gen.c - an access log for measuring, the same each time
 *
 *	gen [--combined | --json | --nested | --csv | --logfmt | --routes]
 *	    [-s SEED] [-d SECONDS] MEGABYTES
 *
 * Writes about so many MB of records, one a line: by default the common log
 * format of some 130 bytes.  The other forms hold the same records (nested:
 * json of objects in objects; routes: csv with one of 1000 routes as the path,
 * and no quotes).  -d: each comes with a delay of less than that, so that times
 * are out of order.  Of the addresses about two thirds are seen once (2.6
 * million in 4 million lines); statuses, methods and paths are as uneven as in
 * life.
 */
#define _XOPEN_SOURCE 700
#include <err.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum form { COMMON, COMBINED, JSON, NESTED, CSV, LOGFMT, ROUTES };

struct hit {
	char host[16];
	time_t time;
	const char *method;
	char path[96], route[24];
	int status, ms;
	long bytes;
	const char *agent;
};

static const char *const agents[] = {
	"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 "
	    "Firefox/128.0",
	"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36",
	"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X)",
	"Mozilla/5.0 (compatible; bot/2.1; +http://www.example.com/bot.html)",
	"curl/8.5.0", "-"
};

static const char *const sections[] = {
	"item", "cart", "search", "static/js", "static/css", "images", "api/v1",
	"user", "blog", "feed"
};

static uint64_t state;

/* xorshift64* (Vigna 2016): 0 to n - 1. */
static uint32_t
below(uint32_t n)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (uint32_t)((((state * 0x2545F4914F6CDD1D) >> 32) * n) >> 32);
}

static int
next_status(void)
{
	uint32_t r = below(1000);

	return r < 860 ? 200 : r < 920 ? 304 : r < 950 ? 302 : r < 985 ? 404 :
	    r < 997 ? 500 : 503;
}

/* Addresses: a third from 50000 that come again, else one of 2^32 / 16. */
static void
next_host(char *out, size_t size)
{
	uint32_t a = below(3) == 0 ? below(50000) * 83 + 0x0a000000 :
	    below(1u << 28) * 13 + 0x14000000;

	snprintf(out, size, "%u.%u.%u.%u", a >> 24, a >> 16 & 255,
	    a >> 8 & 255, a & 255);
}

static void
next_hit(struct hit *h, time_t *now, uint32_t delay)
{
	uint32_t r = below(100), item = below(100) * below(100);
	const char *section = sections[below(10)];

	next_host(h->host, sizeof h->host);
	*now += below(4) == 0;
	h->time = *now - (delay == 0 ? 0 : (time_t)below(delay));
	h->method = r < 90 ? "GET" : r < 98 ? "POST" : "HEAD";
	h->status = next_status();
	snprintf(h->path, sizeof h->path,
	    "/%s/%u?lang=en-US&ref=%08x%08x&page=%u", section, item,
	    below(1u << 31), below(1u << 31), below(20));
	snprintf(h->route, sizeof h->route, "/%s/%u", section, item % 100);
	h->bytes = h->status == 304 ? 0 : (long)(below(300) * below(300));
	h->ms = (int)(exp(below(1000) / 1000.0 * 7) + below(10));
	h->agent = agents[below(100) < 70 ? below(3) : below(6)];
}

static int
put_log(const struct hit *h, enum form form)
{
	static char when[64];
	static time_t last;
	int n;

	if (h->time != last)
		strftime(when, sizeof when, "%d/%b/%Y:%H:%M:%S +0000",
		    gmtime(&h->time));
	last = h->time;
	n = printf("%s - - [%s] \"%s %s HTTP/1.1\" %d %ld", h->host, when,
	    h->method, h->path, h->status, h->bytes);
	if (form == COMBINED)
		n += printf(" \"http://www.example.com/\" \"%s\"\n", h->agent);
	else
		n += printf(" %d.%03d\n", h->ms / 1000, h->ms % 1000);
	return n;
}

static int
put_named(const struct hit *h, enum form form)
{
	static const char *const shape[] = {
		[JSON] = "{\"time\":\"%s\",\"host\":\"%s\",\"method\":\"%s\","
		    "\"path\":\"%s\",\"status\":%d,\"bytes\":%ld,"
		    "\"latency\":%d,\"agent\":\"%s\"}\n",
		[NESTED] = "{\"time\":\"%s\",\"host\":\"%s\",\"request\":{"
		    "\"method\":\"%s\",\"path\":\"%s\"},\"response\":{"
		    "\"status\":%d,\"bytes\":%ld,\"latency\":%d},"
		    "\"agent\":\"%s\"}\n",
		[CSV] = "%s,%s,%s,\"%s\",%d,%ld,%d,\"%s\"\n",
		[LOGFMT] = "time=%s host=%s method=%s path=\"%s\" status=%d "
		    "bytes=%ld latency=%d agent=\"%s\"\n",
		[ROUTES] = "%s,%s,%s,%s,%d,%ld,%d,%s\n"
	};
	char when[64];

	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", gmtime(&h->time));
	return printf(shape[form], when, h->host, h->method,
	    form == ROUTES ? h->route : h->path, h->status, h->bytes, h->ms,
	    h->agent);
}

static enum form
read_form(const char *word)
{
	static const char *const names[] = { [COMMON] = "--common",
	    [COMBINED] = "--combined", [JSON] = "--json", [CSV] = "--csv",
	    [NESTED] = "--nested", [LOGFMT] = "--logfmt",
	    [ROUTES] = "--routes" };
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(word, names[i]) == 0)
			return (enum form)i;
	errx(2, "no such form: %s", word);
}

int
main(int argc, char **argv)
{
	enum form form = COMMON;
	struct hit h;
	time_t now = 1759740000;
	double left;
	uint64_t seed = 1;
	uint32_t delay = 0;
	int c;

	for (; argc > 2 && strncmp(argv[1], "--", 2) == 0; argc--, argv++)
		form = read_form(argv[1]);
	while ((c = getopt(argc, argv, "d:s:")) != -1)
		switch (c) {
		case 'd':
			delay = (uint32_t)strtoul(optarg, NULL, 10);
			break;
		case 's':
			seed = strtoull(optarg, NULL, 10);
			break;
		default:
			return 2;
		}
	if (optind + 1 != argc)
		errx(2, "usage: gen [--FORM] [-s SEED] [-d SECONDS] MEGABYTES");
	state = seed * 0x9E3779B97F4A7C15 + 1;
	left = strtod(argv[optind], NULL) * 1e6;
	if (form == CSV || form == ROUTES)
		puts("time,host,method,path,status,bytes,latency,agent");
	while (left > 0) {
		next_hit(&h, &now, delay);
		left -= form == COMMON || form == COMBINED ?
		    put_log(&h, form) : put_named(&h, form);
	}
	if (fflush(stdout) != 0)
		err(1, "stdout");
	return 0;
}
