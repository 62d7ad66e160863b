/* time-grid.c - how long windows are, and where they begin */
#include <string.h>

#include "lib/time/time-inner.h"

#define WEEK	(7 * DAY * NS)
#define MONDAY	(4 * DAY * NS)	/* the first one, 1970-01-05 */

const char time_grid_units[] =
    "weeks are 1w, months 1mo, 2mo, 3mo, 4mo or 6mo, years 1y";

/* How many months the unit at the end of a length has, 0: a week, below 0: it
   is one of durations.  What stands before it remains. */
static int
take_unit(struct slice *s)
{
	static const struct {
		struct slice name;
		int months;
	} unit[] = {
		{ { "w", 1 }, 0 }, { { "week", 4 }, 0 }, { { "mo", 2 }, 1 },
		{ { "month", 5 }, 1 }, { { "months", 6 }, 1 },
		{ { "y", 1 }, 12 }, { { "year", 4 }, 12 }
	};
	struct slice name = { s->p + s->n, 0 };
	size_t i;

	while (name.n < s->n && is_letter(name.p[-1])) {
		name.p--;
		name.n++;
	}
	for (i = 0; i < sizeof unit / sizeof *unit; i++)
		if (slice_eq(name, unit[i].name)) {
			s->n -= name.n;
			return unit[i].months;
		}
	return -1;
}

const char *
time_grid_parse(struct time_grid *g, struct slice s)
{
	const char *at = s.n == 0 ? NULL : memchr(s.p, '@', s.n), *why;
	struct slice length = s, behind = { NULL, 0 };
	int64_t shift = 0, most, n;
	int months;

	*g = (struct time_grid){ 0 };
	if (at != NULL) {
		length.n = (size_t)(at - s.p);
		behind = (struct slice){ at + 1, s.n - length.n - 1 };
	}
	months = take_unit(&length);
	if (months < 0) {
		why = number_duration(&g->width, length);
		if (why != NULL && strncmp(why, "the units ", 10) == 0)
			why = "the units are ns, us, ms, s, m, h, d, w, mo and "
			    "y";
	} else if (!number_int(&n, length) || n < 1 || n > 12 ||
	    (months == 0 ? n > 1 : 12 % (n * months) != 0)) {
		why = time_grid_units;
	} else {
		why = NULL;
		g->months = (int)n * months;
		g->width = months == 0 ? WEEK : g->months * 31 * DAY * NS;
		g->shift = months == 0 ? MONDAY : 0;
	}
	if (why != NULL || at == NULL)
		return why;
	why = number_duration(&shift, behind);
	if (why != NULL)
		return why;
	most = g->months > 0 ? 28 * DAY * NS : g->width;
	if (shift >= most)
		return g->months > 0 ? "behind the @ is less than 28d" :
		    "behind the @ is less than before it";
	if (g->months > 0 && shift % NS != 0)
		return "months begin at a whole second";
	g->shift = (g->shift + shift) % most;
	return NULL;
}

bool
time_grid_thursdays(const struct time_grid *g)
{
	return g->width > 0 && g->months == 0 && g->shift == 0 &&
	    g->width % WEEK == 0;
}

size_t
time_grid_put(char *out, const struct time_grid *g)
{
	size_t n = g->months > 0 ? number_put_u64(out, (uint64_t)g->months) :
	    number_put_u64(out, (uint64_t)g->width);

	if (g->months > 0) {
		memcpy(out + n, "mo", 2);
		n += 2;
	}
	if (g->shift > 0) {
		out[n++] = '+';
		n += number_put_u64(out + n, (uint64_t)g->shift);
	}
	return n;
}
