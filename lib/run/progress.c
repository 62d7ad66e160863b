/* progress.c - how far the run is, told while it goes on */
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/diag.h"
#include "lib/run/progress.h"
#include "lib/time/time.h"
#include "lib/write/width.h"

#define SECOND INT64_C(1000000000)

enum { LINE = 160 };

void
progress_init(struct progress *p, const struct input *in,
    const struct feed *f, bool asked)
{
	struct stat st;

	*p = (struct progress){ .in = in, .feed = f, .began = time_mono(),
	    .first = f->bytes };
	p->shown = asked && width_moves() && isatty(STDERR_FILENO) &&
	    !isatty(STDOUT_FILENO);
	p->next = p->began + SECOND;
	if (!in->regular || fstat(in->fd, &st) != 0)
		return;
	p->from = input_offset(in);
	p->to = st.st_size < in->to ? st.st_size : in->to;
}

/* In the unit that leaves at least one digit before the point. */
static void
put_bytes(char *out, size_t size, double n)
{
	static const char unit[] = "KMGTP";
	int i = -1;

	while (n >= 1000 && i < 4) {
		n /= 1024;
		i++;
	}
	if (i < 0)
		snprintf(out, size, "%.0f B", n);
	else
		snprintf(out, size, n < 9.95 ? "%.1f %ciB" : "%.0f %ciB", n,
		    unit[i]);
}

static void
put_time(char *out, size_t size, double s)
{
	if (s < 100)
		snprintf(out, size, "%.0f s", s);
	else if (s < 6000)
		snprintf(out, size, "%.0f min", s / 60);
	else
		snprintf(out, size, "%.1f h", s / 3600);
}

static void
put_line(const struct progress *p, off_t at, char *out, size_t size)
{
	const struct feed *f = p->feed;
	char done[32], rate[32], all[32], left[32];
	double s = (double)(time_mono() - p->began) / 1e9, n;
	int len;

	if (at < 0 && p->to > p->from)
		at = input_offset(p->in);
	n = p->to > p->from ? (double)(at - p->from) :
	    (double)(f->bytes - p->first);
	put_bytes(done, sizeof done, n);
	put_bytes(rate, sizeof rate, s > 0 ? n / s : 0);
	len = snprintf(out, size, "%s, %s/s", done, rate);
	if (p->to > p->from && n > 0) {
		put_bytes(all, sizeof all, (double)(p->to - p->from));
		put_time(left, sizeof left, s * (double)(p->to - at) / n);
		len = snprintf(out, size, "%s of %s (%.0f %%), %s/s, %s left",
		    done, all, 100 * n / (double)(p->to - p->from), rate,
		    left);
	}
	snprintf(out + len, size - (size_t)len, "; %" PRIu64 " record%s, "
	    "%" PRIu64 " batch%s", f->records, diag_plural(f->records, "s"),
	    f->batches, diag_plural(f->batches, "es"));
}

void
progress_look(struct progress *p, off_t at)
{
	size_t columns, lines;
	char line[LINE];
	int64_t mono;

	if (!p->shown || (mono = time_mono()) < p->next)
		return;
	put_line(p, at, line, sizeof line);
	width_screen(STDERR_FILENO, &columns, &lines);
	if (columns > 3 && columns < sizeof line)
		line[columns - 3] = '\0';	/* and ^C */
	diag_status(line);
	p->next = mono + SECOND;
}

void
progress_tell(const struct progress *p)
{
	char line[LINE];

	put_line(p, -1, line, sizeof line);
	diag_warn("%s", line);
}

void
progress_end(struct progress *p)
{
	if (p->shown)
		diag_status("");
	p->shown = false;
}
