/* time-find.c - the first timestamp in a record */
#include "lib/base/words.h"
#include "lib/time/time-inner.h"

enum { OTHER, WORD, DIGIT, NAME };	/* NAME may begin a month, a weekday,
					   a level before a date */

static const unsigned char class[256] = {
	['0'] = DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT, DIGIT,
	DIGIT,
	['A'] = NAME, WORD, WORD, NAME, NAME, NAME, WORD, WORD, NAME, NAME,
	WORD, WORD, NAME, NAME, NAME, WORD, WORD, WORD, NAME, NAME, WORD, WORD,
	NAME, WORD, WORD, WORD,
	['a'] = NAME, WORD, WORD, NAME, WORD, NAME, WORD, WORD, WORD, NAME,
	WORD, WORD, NAME, NAME, NAME, WORD, WORD, WORD, NAME, NAME, WORD, WORD,
	NAME, WORD, WORD, WORD
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

/* Whether what follows the remembered text, n bytes behind its end, may belong
   to a longer one: an offset, AM, a zone's name, a year. */
static bool
goes_on(const struct time_reader *r, const char *p, const char *end, int n)
{
	struct when w = { .local = r->local };

	if (n < 0)
		return false;
	if (class_of(p[n]) == DIGIT)
		return n == 1 && is_blank(*p);
	if (class_of(p[n]) == OTHER || (end - p > n + 1 &&
	    (lower(p[n]) == 'a' || lower(p[n]) == 'p') &&
	    (lower(p[n + 1]) == 'm' || p[n + 1] == '.')))
		return true;
	if (!r->local && !is_upper(p[n]) && p[n] != 'u' && p[n] != 'g' &&
	    p[n] != 't')
		return false;			/* utc gmt tz= */
	return zone_scan(&w, p, end) != NULL || w.broken;
}

/* Whether the remembered text is over at p.  The bytes behind it are often the
   same (a level, a host's name): a word and two more tell, unless more words
   may make a name (W. Europe Standard Time). */
static inline bool
ends_at(struct time_reader *r, const char *p, const char *end)
{
	bool known = end - p >= 16, upper;
	char text[16] = { 0 };
	int n;

	if (p == end)
		return true;
	if (class_of(*p) != OTHER || *p == '+' || *p == ',' || *p == '-' ||
	    *p == '.' || *p == '/' || *p == ':' || *p == '\xc2' ||
	    *p == '\xe2')
		return false;
	if (r->whole)
		return true;
	if (known && r->counts[0] != 0 &&
	    (((load_64(p) ^ r->behind[0]) & r->counts[0]) |
	    ((load_64(p + 8) ^ r->behind[1]) & r->counts[1])) == 0)
		return true;
	n = zone_gap(p, end);
	if (goes_on(r, p, end, n))
		return false;
	if (!known || n < 0 || !is_letter(p[n]))
		return true;
	upper = is_upper(p[n]);
	while (n < 15 && is_letter(p[n]))
		n++;
	if (n == 15 || (upper && (p[n] == '.' || (p[n] == ' ' &&
	    is_upper(p[n + 1])))))
		return true;
	memset(text, 0xff, (size_t)n + 2);
	memcpy(r->behind, p, sizeof r->behind);
	memcpy(r->counts, text, sizeof r->counts);
	return true;
}

/* What stands at p is no part of a name or path (log.2024-11-12T10:00:00Z). */
static bool
stands_alone(struct slice rec, const char *p)
{
	if (p - rec.p < 2)
		return true;
	return class_of(p[-2]) == OTHER || (p[-1] != '.' && p[-1] != '-' &&
	    p[-1] != '_' && p[-1] != '/');
}

/* Whether a timestamp may begin at p, of which 10 bytes are there: a name and
   a blank, comma or point, or a whole one; a level and digits; "1/", "10/",
   "1 N", "10-1", "10.11.", "2024-", "2024 N", "081109 " or 8 digits. */
static bool
may_begin(const char *p)
{
	if (class_of(*p) != DIGIT)
		return p[3] == ' ' || p[3] == ',' || p[3] == '.' ||
		    is_upper(*p);
	if (!is_digit(p[1]) || !is_digit(p[2])) {
		p += 1 + is_digit(p[1]);
		return *p == '/' || (*p == '-' && class_of(p[1]) != OTHER) ||
		    (*p == ' ' && class_of(p[1]) == NAME) ||
		    (*p == '.' && p[3] == '.');
	}
	if (!is_digit(p[3]) || !is_digit(p[4]))
		return p[4] == '-' || p[4] == '/' || p[4] == '.' ||
		    (p[4] == ' ' && class_of(p[5]) == NAME);
	return is_digit(p[7]) || p[6] == ' ';
}

/* DATE: one alone.  SECOND: what may be a time but gives way to any other:
   digits that may be an identifier, a time in a name. */
enum found { NONE, DATE, SECOND, FIRST, BROKEN };

/* An epoch between p and stop: one with no sign before it, no part of a longer
   number or name (blk_-6952295868487656571), and of a size of its own. */
static enum found
found_epoch(struct slice rec, const char *p, const char *stop)
{
	size_t n = 0;

	if (p > rec.p && (p[-1] == '+' || p[-1] == '-' || p[-1] == '_' ||
	    (p[-1] == '.' && p - rec.p > 1 && class_of(p[-2]) == DIGIT)))
		return NONE;
	if (stop < rec.p + rec.n && *stop == '_')
		return NONE;
	while (p + n < stop && is_digit(p[n]))
		n++;
	return n == 19 ? SECOND : n == 10 || n == 13 || n == 16 ? FIRST : NONE;
}

/* What begins at p, and where it ends. */
static enum found
find_at(struct when *w, struct slice rec, const char *p, const char **stop,
    bool local)
{
	const char *end = rec.p + rec.n, *q;
	bool tai;

	if (end - p < 10 || !may_begin(p))
		return NONE;
	tai = *p == '4' && p > rec.p && p[-1] == '@';
	*stop = q = when_scan(w, p - tai, end, local);
	if (q == NULL)
		return w->broken && stands_alone(rec, p) ? BROKEN : NONE;
	if (w->bare || (q < end && class_of(*q) != OTHER))
		return NONE;
	if (w->epoch)
		return tai ? FIRST : found_epoch(rec, p, q);
	return !w->clocked ? DATE : stands_alone(rec, p) ? FIRST : SECOND;
}

bool
time_clocked(struct slice rec)
{
	const char *p = rec.p, *end = rec.p + rec.n, *q;
	int m;

	for (; (p = memchr(p, ':', (size_t)(end - p))) != NULL; p++) {
		if (end - p < 3 || (m = digits2(p + 1)) < 0 || m > 59 ||
		    (end - p > 3 && is_digit(p[3])))
			continue;
		for (q = p; q > rec.p && p - q < 3 && is_digit(q[-1]); q--)
			;
		if (q == p || p - q > 2 || (p - q == 2 && digits2(q) > 24))
			continue;
		if (q == rec.p || (class_of(q[-1]) == OTHER && q[-1] != '.' &&
		    q[-1] != ':'))
			return true;
	}
	return false;
}

static bool
find_known(struct time_reader *r, struct slice rec, int64_t *ns)
{
	const char *p = rec.p, *end = rec.p + rec.n, *q = NULL;
	enum found best = NONE, now;
	struct when w, kept = { 0 };

	for (; p < end; p = word_end(p + 1, end)) {
		while (class_of(*p) == OTHER)
			if (++p == end)
				goto out;
		if (class_of(*p) == WORD)
			continue;
		if (r->nlast != 0 && *p == r->last[0] && end - p >= r->nlast &&
		    stands_alone(rec, p) && ends_at(r, p + r->nlast, end) &&
		    time_recall(r, p, ns))
			return true;
		now = find_at(&w, rec, p, &q, r->local);
		if (now == BROKEN)
			return false;
		if (now == FIRST && time_settle(r, &w,
		    (struct slice){ p, (size_t)(q - p) }, ns))
			return true;
		if (now != FIRST && now > best) {
			best = now;
			kept = w;
		}
	}
out:
	return best != NONE && (best != DATE || !time_clocked(rec)) &&
	    time_settle(r, &kept, (struct slice){ rec.p, 0 }, ns);
}

bool
time_begin(struct time_reader *r, struct slice text, struct slice rec,
    int64_t *ns)
{
	const char *p = text.p, *stop = p + text.n, *end = rec.p + rec.n, *q;
	struct when w;

	if (text.n == 0 || stop < rec.p || stop > end)
		return time_read_in(r, text, rec, ns);
	if (r->format != NULL) {
		q = when_format(&w, r->format, p, end, r->local);
		return q != NULL && q >= stop &&
		    (q == end || class_of(*q) == OTHER) &&
		    time_settle(r, &w, (struct slice){ p, 0 }, ns);
	}
	p += text.n > 1 && *p == '[';
	q = p + r->nlast;
	if (r->nlast != 0 && q >= stop && q <= end && ends_at(r, q, end) &&
	    time_recall(r, p, ns))
		return true;
	q = when_scan(&w, p, end, r->local);
	if (q == NULL || (q < stop && (q + 1 < stop || *q != ']')) ||
	    (q < end && class_of(*q) != OTHER))
		return false;
	if (!w.clocked && !w.epoch)
		return (!r->hours || !time_clocked(rec)) &&
		    time_settle(r, &w, (struct slice){ p, 0 }, ns);
	return time_settle(r, &w, (struct slice){ p, (size_t)(q - p) }, ns);
}

bool
time_find(struct time_reader *r, struct slice rec, int64_t *ns)
{
	const char *p, *end = rec.p + rec.n, *q;
	struct when w;

	if (rec.n == 0)
		return false;
	if (r->format == NULL)
		return find_known(r, rec, ns);
	for (p = rec.p; p < end; p++) {
		if (p > rec.p && class_of(*p) != OTHER &&
		    class_of(p[-1]) != OTHER)
			continue;
		q = when_format(&w, r->format, p, end, r->local);
		if (q != NULL && q > p && (q == end || class_of(*q) == OTHER) &&
		    time_settle(r, &w, (struct slice){ p, 0 }, ns))
			return true;
	}
	return false;
}
