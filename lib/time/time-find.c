/* time-find.c - the first timestamp in a record */
#include "lib/time/time-inner.h"

enum { OTHER, WORD, DIGIT, NAME };	/* NAME may begin a month or weekday */

static const unsigned char class[256] = {
	['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT,
	['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT,
	['8'] = DIGIT, ['9'] = DIGIT,
	['A'] = NAME, ['D'] = NAME, ['F'] = NAME, ['J'] = NAME, ['M'] = NAME,
	['N'] = NAME, ['O'] = NAME, ['S'] = NAME, ['T'] = NAME, ['W'] = NAME,
	['a'] = NAME, ['d'] = NAME, ['f'] = NAME, ['j'] = NAME, ['m'] = NAME,
	['n'] = NAME, ['o'] = NAME, ['s'] = NAME, ['t'] = NAME, ['w'] = NAME,
	['B'] = WORD, ['C'] = WORD, ['E'] = WORD, ['G'] = WORD, ['H'] = WORD,
	['I'] = WORD, ['K'] = WORD, ['L'] = WORD, ['P'] = WORD, ['Q'] = WORD,
	['R'] = WORD, ['U'] = WORD, ['V'] = WORD, ['X'] = WORD, ['Y'] = WORD,
	['Z'] = WORD,
	['b'] = WORD, ['c'] = WORD, ['e'] = WORD, ['g'] = WORD, ['h'] = WORD,
	['i'] = WORD, ['k'] = WORD, ['l'] = WORD, ['p'] = WORD, ['q'] = WORD,
	['r'] = WORD, ['u'] = WORD, ['v'] = WORD, ['x'] = WORD, ['y'] = WORD,
	['z'] = WORD,
};

static inline int
class_of(char c)
{
	return class[(unsigned char)c];
}

/* Where the word at p ends. */
static const char *
word_end(const char *p, const char *end)
{
	while (p < end && class_of(*p) != OTHER)
		p++;
	return p;
}

static bool
capital(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* Whether what follows the remembered text may belong to a longer one: a
   fraction, an offset, a zone's name, a year. */
static bool
goes_on(const char *p, const char *end)
{
	if (p == end)
		return false;
	if (*p != ' ')
		return class_of(*p) != OTHER || *p == '+' || *p == '-' ||
		    *p == '.' || *p == ',' || *p == ':' || *p == '_';
	if (end - p < 4)
		return false;
	if (capital(p[1]))
		return capital(p[2]);
	return digit(p[1]) || ((p[1] == '+' || p[1] == '-') && digit(p[2]));
}

/* A number at p has no sign before it, and is no part of a longer number or
   name (blk_-6952295868487656571). */
static bool
begins_alone(struct slice rec, const char *p)
{
	if (p == rec.p)
		return true;
	return p[-1] != '+' && p[-1] != '-' && p[-1] != '_' &&
	    (p[-1] != '.' || p - rec.p == 1 || class_of(p[-2]) != DIGIT);
}

/* The epoch at p, which ends at stop, stands alone and has a size of its
   own. */
static bool
lone_epoch(struct slice rec, const char *p, const char *stop)
{
	const char *q = p;

	if (!begins_alone(rec, p) || (stop < rec.p + rec.n && *stop == '_'))
		return false;
	while (q < stop && digit(*q))
		q++;
	return q - p == 10 || q - p == 13 || q - p == 16 || q - p == 19;
}

/* Whether a timestamp may begin at p, of which 10 bytes are there: a name and
   a blank, "1/", "10/", "2024-", "2024/" or 8 digits. */
static bool
may_begin(const char *p)
{
	if (class_of(*p) == NAME)
		return p[3] == ' ';
	return p[2] == '/' || p[4] == '-' || p[1] == '/' || p[4] == '/' ||
	    digit(p[7]);
}

/* A timestamp that begins at p, and where it ends. */
static const char *
find_at(struct when *w, struct slice rec, const char *p)
{
	const char *end = rec.p + rec.n, *q;

	if (end - p < 10 || !may_begin(p))
		return NULL;
	q = when_scan(w, p, end);
	if (q == NULL || (q < end && class_of(*q) != OTHER))
		return NULL;
	if (w->epoch && !lone_epoch(rec, p, q))
		return NULL;
	return q;
}

static bool
find_known(struct time_reader *r, struct slice rec, int64_t *ns)
{
	const char *p = rec.p, *end = rec.p + rec.n, *q;
	struct when w, date;
	bool dated = false;

	for (; p < end; p = word_end(p + 1, end)) {
		while (class_of(*p) == OTHER)
			if (++p == end)
				goto out;
		if (class_of(*p) == WORD)
			continue;
		if (r->nlast != 0 && *p == r->last[0] && end - p >= r->nlast &&
		    begins_alone(rec, p) && !goes_on(p + r->nlast, end) &&
		    time_recall(r, p, ns))
			return true;
		if ((q = find_at(&w, rec, p)) == NULL)
			continue;
		if ((w.clocked || w.epoch) && time_settle(r, &w,
		    (struct slice){ p, (size_t)(q - p) }, ns))
			return true;
		if (!dated && !w.epoch && !w.clocked) {
			date = w;
			dated = true;
		}
	}
out:
	return dated && time_settle(r, &date, (struct slice){ rec.p, 0 }, ns);
}

/* Where the format matches first, from the start of a word or record. */
static bool
find_format(struct time_reader *r, struct slice rec, int64_t *ns)
{
	const char *p, *end = rec.p + rec.n, *q;
	struct when w;

	for (p = rec.p; p < end; p++) {
		if (p > rec.p && class_of(*p) != OTHER &&
		    class_of(p[-1]) != OTHER)
			continue;
		q = when_format(&w, r->format, p, end);
		if (q == NULL || q == p || (q < end && class_of(*q) != OTHER))
			continue;
		if (time_settle(r, &w, (struct slice){ p, 0 }, ns))
			return true;
	}
	return false;
}

bool
time_find(struct time_reader *r, struct slice rec, int64_t *ns)
{
	if (rec.n == 0)
		return false;
	return r->format == NULL ? find_known(r, rec, ns) :
	    find_format(r, rec, ns);
}
