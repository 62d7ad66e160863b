/* join.c - records made of several lines */

#include "lib/format/shape.h"
#include "lib/read/join.h"
#include "lib/regex/regex.h"
#include "lib/scan/scan.h"

#define INDENTED "^([ \\t]|\\r?$)"

const char *
join_known(const char *name)
{
	static const char *const known[][2] = {
		{ "indent", INDENTED },
		{ "java", INDENTED "|^(Caused by|Suppressed): |"
		    "^\\.\\.\\. [0-9]+ |^[[:alnum:]_$]+(\\.[[:alnum:]_$]+)+"
		    "(: |\\r?$)" },
		{ "python", INDENTED "|^Traceback \\(most|^During handling of |"
		    "^The above exception |^[[:alpha:]_][[:alnum:]_.]*(Error|"
		    "Exception|Exit|Interrupt|Warning|Group)(:|\\r?$)" },
		{ "go", INDENTED "|^goroutine [0-9]+ |^created by |"
		    "^\\[signal |^exit status |^[^ \\t:=]+\\.[^ \\t:=]*\\(.*\\)"
		    "\\r?$" }
	};
	size_t i;

	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(name, known[i][0]) == 0)
			return known[i][1];
	return NULL;
}

bool
join_begins(const struct join *j, struct slice line)
{
	return line.n > j->max || regex_test(j->first, line) != j->others;
}

struct slice
join_end(const struct join *j, const char *end, struct joining *at)
{
	const char *p = at->begun, *q = end;

	if (j->first == NULL)
		q = memchr(p, '\n', (size_t)(end - p));
	if (q == NULL)
		q = end;
	at->begun = NULL;
	at->next = q + 1;
	return (struct slice){ p, (size_t)(q - p) };
}

size_t
join_before_open(const struct join *j, const char *p, size_t n)
{
	const struct format *f = j->shape->format;
	struct slice line[VEC_MAX];
	size_t at, i, k, used;

	if (n == 0 || memchr(p, f->quote, n) == NULL)
		return n;
	for (at = 0; at < n; at += used) {
		k = scan_records(p + at, n - at, '\n', line, VEC_MAX, &used);
		if ((i = f->open(j->shape, line, k)) < k)
			return (size_t)(line[i].p - p);
	}
	return n;
}

static size_t
join_quoted(const struct join *j, struct slice *rec, size_t n,
    struct joining *at)
{
	const struct format *f = j->shape->format;
	enum line_end how;
	const char *end;
	size_t i = 0, k = 0, some;

	for (;; i++) {
		if (at->begun == NULL) {
			some = f->open(j->shape, rec + i, n - i);
			if (k < i)
				memmove(rec + k, rec + i, some * sizeof *rec);
			k += some;
			if ((i += some) == n)
				return k;
			at->begun = rec[i++].p;
		}
		for (how = LINE_OPEN; i < n; i++)
			if ((how = f->within(j->shape, rec[i])) != LINE_OPEN)
				break;
		end = i < n ? rec[i].p + rec[i].n :
		    rec[n - 1].p + rec[n - 1].n + 1;
		if (how == LINE_WRONG || (size_t)(end - at->begun) > j->max) {
			rec[k] = join_end(j, end, at);
			return k + 1;
		}
		if (i == n)
			return k;
		rec[k++] = (struct slice){ at->begun,
			(size_t)(end - at->begun) };
		at->begun = NULL;
	}
}

static size_t
join_first(const struct join *j, struct slice *rec, size_t n,
    struct joining *at)
{
	uint16_t first[VEC_MAX];
	size_t i, k = 0, next = 0;
	size_t nfirst = regex_select(j->first, rec, n, true, j->others, first);
	const char *p;

	for (i = 0; i < n; i++) {
		if (next < nfirst && first[next] == i)
			next++;
		else if (rec[i].n <= j->max && (at->begun != NULL || at->drop))
			continue;
		p = rec[i].p;
		if (at->begun != NULL)
			rec[k++] = (struct slice){ at->begun,
				(size_t)(p - at->begun) - 1 };
		at->begun = p;
		at->drop = false;
	}
	return k;
}

size_t
join_lines(const struct join *j, struct slice *line, size_t n,
    struct joining *at)
{
	at->next = line[n - 1].p + line[n - 1].n + 1;
	return j->first != NULL ? join_first(j, line, n, at) :
	    join_quoted(j, line, n, at);
}
