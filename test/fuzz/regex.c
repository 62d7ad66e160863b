/*
 * regex.c - fuzzes the matcher: against regexec, against itself without a
 * literal to look for, and what every answer has to be
 */
#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/arena.h"
#include "lib/regex/regex.h"
#include "lib/scan/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { PATTERN_MAX = 40, SUBJECT_MAX = 400, ORACLE_MAX = 24, NM = 64 };

static struct regex *
compile(const char *p, size_t n, unsigned flags, struct arena *arena)
{
	const char *err = NULL;
	size_t at = 0;
	struct regex *re = regex_new((struct slice){ p, n }, flags, arena,
	    &err, &at);

	if (re == NULL && (err == NULL || at > n))
		abort();
	return re;
}

/*
 * Where regexec is right: not on anchors in repeated groups or beside newlines,
 * nor on \B; \d, \t and the like and (?: it does not know, and no escape in a
 * bracket; large intervals and repeats of repeats take it too long.  Of either
 * case, it takes [A-c] for [a-c].
 */
static bool
trusted(const char *p, unsigned flags)
{
	bool anchors = strpbrk(p, "^$") != NULL || strstr(p, "\\b") != NULL;
	const char *knows = strchr(p, '[') == NULL ? "wWsSb" : "";
	bool escape = false;

	if ((flags != 0 && strchr(p, '-') != NULL) ||
	    strstr(p, "\\B") != NULL || strstr(p, "(?") != NULL ||
	    strlen(p) > ORACLE_MAX)
		return false;
	for (; *p != '\0'; p++) {
		if (escape && isalnum((unsigned char)*p) &&
		    strchr(knows, *p) == NULL)
			return false;
		escape = *p == '\\' && !escape;
		if ((strchr("*+?}", *p) != NULL && p[1] != '\0' &&
		    strchr("*+?{", p[1]) != NULL) ||
		    (anchors && *p == ')' && p[1] != '\0' &&
		    strchr("*+?{", p[1]) != NULL) ||
		    (*p >= '5' && *p <= '9') || (*p >= '0' && *p <= '9' &&
		    p[1] >= '0' && p[1] <= '9'))
			return false;
	}
	return true;
}

static void
against_regexec(struct regex *re, const char *pattern, unsigned flags,
    const char *subject)
{
	regex_t rx;
	regmatch_t rm;
	struct slice m, s = slice_str(subject);
	bool hit;

	if (!trusted(pattern, flags) || s.n > ORACLE_MAX ||
	    memchr(subject, '\n', s.n) != NULL || regcomp(&rx, pattern,
	    REG_EXTENDED | (flags & REGEX_ICASE ? REG_ICASE : 0)) != 0)
		return;
	hit = regexec(&rx, subject, 1, &rm, 0) == 0;
	if (regex_find(re, s, 0, &m, 1) != hit ||
	    (hit && (m.p - s.p != rm.rm_so ||
	    m.p - s.p + (ptrdiff_t)m.n != rm.rm_eo)))
		abort();
	regfree(&rx);
}

/* Groups lie inside the match, and those of the engine alone are the same. */
static void
against_itself(struct regex *re, struct regex *engine, struct slice s)
{
	struct slice m[NM], w[NM + 1];
	size_t nm = regex_groups(re) + 1;
	bool hit = regex_test(re, s);

	for (size_t from = 0; from <= s.n; from += 7) {
		bool found = regex_find(re, s, from, m, nm);

		if ((from == 0 && found != hit) ||
		    regex_find(engine, s, from, w, nm + 1) != found)
			abort();
		for (size_t g = 0; found && g < nm; g++)
			if (m[g].p != NULL && (m[g].p < m[0].p ||
			    m[g].p + m[g].n > m[0].p + m[0].n))
				abort();
		for (size_t g = 0; found && g < nm; g++)
			if (m[g].p != w[g + 1].p || m[g].n != w[g + 1].n)
				abort();
	}
}

/* All matches, one by one and a few at once. */
static void
walk(struct regex *re, struct slice s)
{
	struct regex_walk one = { 0 }, few = { 0 };
	struct slice a, b[3], m;
	size_t i, n, last = SIZE_MAX, from = 0;

	while ((n = regex_all(re, s, &few, b, 3, 1)) > 0)
		for (i = 0; i < n; i++) {
			if (regex_all(re, s, &one, &a, 1, 1) != 1 ||
			    a.p != b[i].p || a.n != b[i].n)
				abort();
			do {
				if (from > s.n ||
				    !regex_find(re, s, from, &m, 1))
					abort();
				from = (size_t)(m.p - s.p) + m.n;
				if (m.n == 0 && from++ == last)
					m.p = NULL;	/* right behind one */
				while (m.n == 0 && from < s.n && ((unsigned
				    char)s.p[from] & 0xc0) == 0x80)
					from++;
			} while (m.p == NULL);
			if (m.p != a.p || m.n != a.n)
				abort();
			last = (size_t)(m.p - s.p) + m.n;
		}
	if (regex_all(re, s, &one, &a, 1, 1) != 0)
		abort();
}

/* The subject's lines at once and one by one. */
static void
select_lines(struct regex *re, struct slice s)
{
	struct slice rec[64];
	struct slice col[NM][64], *to[NM], one[NM];
	uint16_t idx[64], in[64];
	size_t group[NM], used, n, k, w = 0, nm = regex_groups(re) + 1;

	n = scan_records(s.p, s.n, '\n', rec, 64, &used);
	if (n == 0)
		return;
	k = regex_select(re, rec, n, true, false, idx);
	for (size_t i = 0; i < n; i++)
		if (regex_test(re, rec[i]) && (w >= k || idx[w++] != i))
			abort();
	if (w != k)
		abort();
	for (size_t g = 0; g < nm; g++) {
		group[g] = g;
		to[g] = col[g];
	}
	if (regex_columns(re, rec, n, true, group, nm, to, in) != k ||
	    memcmp(in, idx, k * sizeof *in) != 0)
		abort();
	for (w = 0; w < k; w++) {
		if (!regex_find(re, rec[idx[w]], 0, one, nm))
			abort();
		for (size_t g = 0; g < nm; g++)
			if (col[g][w].p != one[g].p || col[g][w].n != one[g].n)
				abort();
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	const uint8_t *cut = memchr(data, '\n', n);
	char pattern[PATTERN_MAX + 1], plain[PATTERN_MAX + 16], *subject;
	struct arena arena = { 0 };
	struct regex *re, *engine;
	unsigned flags;
	size_t np, ns, lead;

	scan_init();
	if (cut == NULL || cut == data || n > PATTERN_MAX + SUBJECT_MAX)
		return 0;
	flags = data[0] & REGEX_ICASE;
	np = (size_t)(cut - data) - 1;
	if (np > PATTERN_MAX)
		return 0;
	memcpy(pattern, data + 1, np);
	pattern[np] = '\0';
	ns = n - np - 2;
	subject = malloc(ns + 1);
	memcpy(subject, cut + 1, ns);
	subject[ns] = '\0';
	re = compile(pattern, np, flags, &arena);
	if (re != NULL && regex_groups(re) < NM) {
		lead = strncmp(pattern, "(?i)", 4) == 0 ? 4 : 0;
		memcpy(plain, pattern, lead);
		plain[lead] = '(';
		memcpy(plain + lead + 1, pattern + lead, np - lead);
		memcpy(plain + 1 + np, ")|x^x", 5);
		engine = compile(plain, np + 6, flags, &arena);
		if (engine == NULL)
			abort();
		against_itself(re, engine, (struct slice){ subject, ns });
		select_lines(re, (struct slice){ subject, ns });
		walk(re, (struct slice){ subject, ns });
		if (strlen(pattern) == np && strlen(subject) == ns)
			against_regexec(re, pattern, flags, subject);
		regex_free(engine);
	}
	regex_free(re);
	arena_free(&arena);
	free(subject);
	return 0;
}
