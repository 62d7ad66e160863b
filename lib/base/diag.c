/* diag.c - what is told on standard error, in the manner of err(3) */
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/base/shown.h"

enum { LINE = 2048, REASON = 256, SHOWN = 64 };

static bool muted;
static uint64_t messages;
static bool stands;	/* a line stands there that goes first */

void
diag_status(const char *text)
{
	char line[LINE];
	int n = snprintf(line, sizeof line, "\r\033[K%s", text);

	if (!stands && *text == '\0')
		return;
	stands = *text != '\0';
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		return;		/* nobody is left to tell */
}

uint64_t
diag_told(void)
{
	return messages;
}

void
diag_mute(bool on)
{
	muted = on;
}

/* One write, so that lines of several processes don't mix.  Whatever was put
   into the text, it is one line, and harmless on a terminal. */
static void
tell(const char *fmt, va_list ap, const char *reason)
{
	static const char who[] = "mbatch: ";
	char text[LINE] = "", line[2 * LINE];
	size_t n = sizeof who - 1;
	int len;

	if (muted)
		return;
	messages++;
	len = vsnprintf(text, sizeof text, fmt, ap);
	if (len >= 0 && reason != NULL) {
		if (len > LINE - REASON)
			len = LINE - REASON;
		snprintf(text + len, sizeof text - (size_t)len, ": %s", reason);
	}
	diag_status("");
	memcpy(line, who, n);
	n += shown_put(line + n, sizeof line - n - 1, text, strlen(text));
	line[n++] = '\n';
	if (write(STDERR_FILENO, line, n) < 0)
		return;		/* nobody is left to tell */
}

int
diag_warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tell(fmt, ap, NULL);
	va_end(ap);
	return FAIL;
}

int
diag_errno(const char *fmt, ...)
{
	const char *reason = strerror(errno);
	va_list ap;

	va_start(ap, fmt);
	tell(fmt, ap, reason);
	va_end(ap);
	return FAIL;
}

/* One a process, as its end is. */
static struct {
	void (*run)(void *);
	void *arg;
} will;

void
diag_last_will(void (*run)(void *), void *arg)
{
	will.run = run;
	will.arg = arg;
}

static _Thread_local struct {
	void (*run)(void *, int, const char *);
	void *arg;
} heir;

void
diag_heir(void (*run)(void *, int, const char *), void *arg)
{
	heir.run = run;
	heir.arg = arg;
}

void
diag_die(int status, const char *fmt, ...)
{
	void (*last)(void *) = will.run;
	char why[LINE];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(why, sizeof why, fmt, ap);
	va_end(ap);
	if (heir.run != NULL)
		heir.run(heir.arg, status, why);
	muted = false;
	diag_warn("%s", why);
	will.run = NULL;
	if (last != NULL)
		last(will.arg);
	exit(status);
}

struct tally *
tally_new(struct diag *d, struct arena *a, const char *what)
{
	struct tally *t = arena_zero(a, sizeof *t);

	t->what = what;
	t->most = 1;
	t->turn = &d->turn;
	if (d->last == NULL)
		d->last = &d->tallies;
	*d->last = t;
	d->last = &t->next;
	return t;
}

struct tally *
tally_quiet(struct diag *d, struct arena *a, const char *what)
{
	struct tally *t = tally_new(d, a, what);

	t->quiet = true;
	return t;
}

void
tally_add(struct tally *t, uint64_t n, uint64_t num, const char *fmt, ...)
{
	bool held = false, wanted = t->n < t->most;
	char msg[LINE];
	struct slice s = { msg, 0 };
	va_list ap;
	int len;

	if (n == 0)
		return;
	wanted = wanted && t->kept == 0;
	if ((n == 1 && (num != 0 || t->turn->since != 0)) ||
	    (t->of != NULL && t->turn->gathers))
		held = turn_tally(t->turn, t, n, num, &wanted);
	if (wanted) {
		va_start(ap, fmt);
		len = vsnprintf(msg, LINE, fmt, ap);
		va_end(ap);
		s.n = len < LINE ? (size_t)len : LINE - 1;
	}
	if (held)
		turn_text(t->turn, msg, s.n);
	else
		tally_told(t, n, num, s);
}

void
tally_told(struct tally *t, uint64_t n, uint64_t num, struct slice msg)
{
	if (t->turn->to != NULL) {
		turn_keep(t->turn->to, t, n, num, msg);
		return;
	}
	if (t->of != NULL)
		t = t->of;
	if (t->n < t->most && msg.n > 0 && num == 0)
		diag_warn("%.*s", (int)msg.n, msg.p);
	else if (t->n < t->most && msg.n > 0)
		diag_warn("record %" PRIu64 ": %.*s", num, (int)msg.n, msg.p);
	t->n += n;
}

void
diag_join(struct diag *worker, const struct diag *run)
{
	struct tally *t, *same, *before;
	struct tally *of;

	for (t = worker->tallies; t != NULL; t = t->next) {
		before = NULL;
		for (same = worker->tallies; same != t; same = same->next)
			if (strcmp(same->what, t->what) == 0)
				before = same;
		of = before == NULL ? run->tallies : before->of->next;
		while (of != NULL && strcmp(of->what, t->what) != 0)
			of = of->next;
		if (of == NULL)
			abort();	/* it is made of the same words */
		t->of = of;
	}
}

void
diag_hold(struct diag *worker)
{
	struct tally *t;
	uint64_t n;
	bool text;

	for (t = worker->tallies; t != NULL; t = t->next) {
		n = t->n;
		t->n = 0;
		if (n > 0 && t->turn->to != NULL)
			tally_told(t, n, 0, (struct slice){ NULL, 0 });
		else if (n > 0)
			turn_tally(t->turn, t, n, 0, &text);
		t->kept = 0;
	}
}

void
diag_totals(const struct diag *d)
{
	const struct tally *t;

	for (t = d->tallies; t != NULL; t = t->next)
		if (t->n > 1 && !t->quiet)
			diag_warn("%" PRIu64 " %s", t->n, t->what);
}

void
diag_quiet(const struct diag *d)
{
	const struct tally *t;

	for (t = d->tallies; t != NULL; t = t->next)
		if (t->quiet)
			diag_warn("%" PRIu64 " record%s %s", t->n,
			    diag_plural(t->n, "s"), t->what);
}

const char *
diag_plural(uint64_t n, const char *ending)
{
	return n == 1 ? "" : ending;
}

enum {
	WORD = 32,		/* longer words are not compared */
	PART = 4		/* shorter ones are found in many */
};

static bool
differ(char a, char b)
{
	return tolower((unsigned char)a) != tolower((unsigned char)b);
}

/* Optimal string alignment: insertions, deletions, changes and swaps of
   neighbours each cost one (Damerau 1964, restricted); case costs nothing. */
static unsigned
distance(const char *a, size_t na, const char *b, size_t nb)
{
	unsigned d[WORD + 1][WORD + 1], least, change;
	size_t i, j;

	for (i = 0; i <= na; i++)
		d[i][0] = (unsigned)i;
	for (j = 0; j <= nb; j++)
		d[0][j] = (unsigned)j;
	for (i = 1; i <= na; i++) {
		for (j = 1; j <= nb; j++) {
			least = d[i - 1][j] < d[i][j - 1] ? d[i - 1][j] + 1 :
			    d[i][j - 1] + 1;
			change = d[i - 1][j - 1] + differ(a[i - 1], b[j - 1]);
			least = change < least ? change : least;
			if (i > 1 && j > 1 && !differ(a[i - 1], b[j - 2]) &&
			    !differ(a[i - 2], b[j - 1]) &&
			    least > d[i - 2][j - 2] + 1)
				least = d[i - 2][j - 2] + 1;
			d[i][j] = least;
		}
	}
	return d[na][nb];
}

/* The only name that contains word, or is a part of it. */
static const char *
only_part(const char *word, const char *const *name, size_t n)
{
	const char *found = NULL;
	size_t i;

	for (i = 0; i < n; i++) {
		if (strlen(name[i]) < PART || (strstr(name[i], word) == NULL &&
		    strstr(word, name[i]) == NULL))
			continue;
		if (found != NULL)
			return NULL;
		found = name[i];
	}
	return found;
}

const char *
diag_nearest(const char *word, const char *const *name, size_t n)
{
	size_t nw = strlen(word), len, i;
	unsigned best, d;
	const char *found = NULL;

	if (nw == 0 || nw > WORD)
		return NULL;
	best = nw < 2 ? 0 : nw < 3 ? 1 : (unsigned)(nw + 2) / 3;
	for (i = 0; i < n; i++) {
		len = strlen(name[i]);
		if (len > WORD)
			continue;
		d = distance(word, nw, name[i], len);
		if (d < best || (d == best && found == NULL)) {
			best = d;
			found = name[i];
		}
	}
	return found != NULL || nw < PART ? found : only_part(word, name, n);
}

const char *
diag_quote(const char *p, size_t n)
{
	static _Thread_local char turn[4][SHOWN * SHOWN_HEX + 8];
	static _Thread_local unsigned next;
	char *out = turn[next++ % 4], *o = out;
	size_t some = n;

	if (n > SHOWN)		/* whole characters */
		for (some = SHOWN; some > SHOWN - 4 &&
		    ((unsigned char)p[some] & 0xc0) == 0x80; some--)
			;
	*o++ = '\'';
	o += shown_put(o, SHOWN * SHOWN_HEX, p, some);
	if (some < n) {
		memcpy(o, "...", 3);
		o += 3;
	}
	*o++ = '\'';
	*o = '\0';
	return out;
}
