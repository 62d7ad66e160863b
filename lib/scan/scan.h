/* scan.h - finding terminators and separators, by SIMD where there is any */
#ifndef MBATCH_SCAN_H
#define MBATCH_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/slice.h"

struct arena;

/*
 * Chosen once at start from what the processor has; MBATCH_SIMD=none|swar|
 * sse2|avx2|neon in the environment overrides if it can run here (none is
 * swar: no SIMD), so that the tests run each.  Every variant gives the same
 * results.  Nothing is read beside the slices given but up to two bytes between
 * neighbours of a column.
 */
bool scan_init(void);		/* false: there is no such variant here */

/* What is written beyond the last of the places that are asked for. */
enum { SCAN_ROOM = 72 };

/*
 * A set of bytes, as has[], and as tables by halves of a byte for SIMD:
 * low[h][l] has bit k for the byte 128 * h + 16 * k + l.  Of a text s, behind
 * which up to hi can be read:
 *
 * scan_class: the first byte from i on that is in it; s.n if none.
 * scan_class_each: the same from each at[i] + skip on, with s.n below 4 GiB and
 * nothing to be read behind it.
 * scan_runs: the runs of bytes that are in it, from *from on, at most max, 1 or
 * more; how many.  *from becomes where the last one ends, s.n where fewer were
 * left.
 */
struct scan_class {
	unsigned char low[2][16];
	bool has[256];
};
void scan_class_add(struct scan_class *, unsigned char);

/*
 * scan_steps: steps through s, one after the other, from step k at at[k] on:
 * each takes as many bytes as there are that are not of its others, up to max,
 * and ends at at[k + 1].  The first that took less than min, n if none; at[]
 * tells how far it came.
 */
struct scan_step {
	size_t min, max;
	struct scan_class others;
};
struct scan_track {
	const struct scan_step *step;
	size_t n, *at;
};

/*
 * Two bytes of a text that is looked for: it can begin at q only if
 * (q[at[k]] | fold[k]) == byte[k] for both.
 *
 * scan_clues looks at the places p[from..n), 64 at a time, for those where one
 * of nc texts (1 or more) can begin.  It returns where the first 64 with such
 * places begin, which *m has a bit for each of; n, and *m 0, if there are none.
 * n is at least 64: where fewer are left, the last 64 begin before from.  Bytes
 * up to p[n - 1 + at[k]] are read.
 *
 * scan_places writes all such places from *from on to at, which has room for
 * max + SCAN_ROOM of them, and returns how many, until there are max or more;
 * *from becomes where the rest begins, n or more where that was all.  n is
 * below 4 GiB.
 */
struct scan_clue {
	size_t at[2];
	unsigned char byte[2], fold[2];
};

/*
 * How far behind a record's bytes can be read: 32 bytes from p on, where p lies
 * in the record or behind it, if scan_reaches() says so; it is false of what
 * lies elsewhere, and of NULL.
 */
struct scan_reach {
	uintptr_t last;
	size_t span;
};
enum { SCAN_REACH = 32 };
void scan_reach(const struct slice *rec, size_t n, struct scan_reach *);

static inline bool
scan_reaches(const struct scan_reach *r, const char *p)
{
	return r->last - (uintptr_t)p <= r->span;
}

/* scan_odd: odd[i] is 1 if some byte of v[i] is below c->below (1 to 128), is
   a or b or (high) beyond ASCII; else 0.  r[i] is the reach of a record where
   v[i] may lie. */
struct scan_odds {
	unsigned char below;
	char a, b;
	bool high;
};

/*
 * scan_columns: some fields of each of n records: c[k].col[i] is field c[k].pos
 * of record i, p NULL where there is none.  nc of them, at least 1, by
 * ascending position: what count by 9 needs, with no array of the fields
 * between.  Fields are between runs of blanks, in SCAN_LINES newlines among
 * them, between bytes that are sep, or (SCAN_CSV) between those outside quotes
 * (RFC 4180), with the quotes that they have: there c[0].col[i].n is
 * SCAN_UNSURE, and the record's other columns mean nothing, where the quotes up
 * to the last one's end are other than around whole fields and doubled in them:
 * one inside a field that does not begin with one, text behind a closing one,
 * one that is never closed.
 */
struct scan_column {
	size_t pos;		/* from 1 */
	struct slice *col;
};
enum scan_what { SCAN_BLANKS, SCAN_LINES, SCAN_SEP, SCAN_CSV };
struct scan_plan {
	enum scan_what what;
	char sep;
	const struct scan_column *c;
	size_t nc;
};
#define SCAN_UNSURE	SIZE_MAX

/*
 * scan_clf: where the columns of an access log's line end, if it is of the
 * usual form: host ident user [time] "request" status bytes, single blanks
 * between, a time of Apache's length, no quote but the request's and those
 * behind bytes.  Of what follows only the first more columns, up to 3, are
 * looked at: in quotes with none in them, or without any; there are two at
 * most, and where one is missing it ends where that before it does.  host 0:
 * the line is of another form, or too near to where what can be read ends.
 */
struct scan_clf {
	uint16_t host, ident, user, time, request, status, bytes;
	uint16_t referer, agent;
};

/*
 * Where tokens are: offsets into a record, ascending, written to at, which has
 * room for rec.n + SCAN_ROOM of them; how many there are.  A record is shorter
 * than 4 GiB.  Up to hi may be read (at least to the record's end): where 64
 * bytes more are readable the last block needs no copy.
 *
 * scan_json: the quotes that begin and end strings, and { } [ ] outside
 * them.  Two kinds of errors are found on the way: text.escapes: there are
 * backslashes; control, escape: the offset of the first control character in
 * a string, of the first character after a backslash that makes no escape of
 * RFC 8259; rec.n if none.
 * scan_pairs: blanks (space, tab), = and ".
 */
struct scan_json {
	bool escapes;
	size_t control, escape;
};
/* Memory for the tokens of any of n records. */
uint32_t *scan_room(const struct slice *rec, size_t n, struct arena *);

/*
 * scan_stops: where strings may end, a bit for each of n bytes, the first one
 * the lowest of the first byte of bits: quotes, backslashes and control
 * characters, and whatever lies behind p[n - 1].  Up to hi may be read; bits
 * has room for SCAN_BITS(n).
 */
#define SCAN_BITS(n)	((n) / 64 * 8 + 24)

/*
 * The functions, of each kind of processor.
 *
 * records: cuts p[0..n) at term, at most max records into rec, without
 * terminators.  *used is how many bytes they took, terminators counted; bytes
 * after the last terminator are left.  Returns how many records.
 *
 * ends: where the first max of term are in p[0..n), fewer than 4 GiB: offsets
 * written to at, which has room for max + SCAN_ROOM; how many there are.
 *
 * blanks: fields of one record as awk sees them: runs of blanks (space, tab;
 * lines: newline) separate, leading and trailing ones are nothing.  Fills
 * field[0..max-1], returns how many were found, at most max.
 *
 * sep: fields that end at exactly sep (of 1 or more bytes); an empty record has
 * one empty field.
 *
 * closed: how many of n lines, side by side, have a quote of which the last
 * stands behind a byte that is neither a quote nor by: such a one opens no
 * field and is not one of two.
 */
struct scan_variant {
	const char *name;
	size_t (*records)(const char *p, size_t n, char term,
	    struct slice *rec, size_t max, size_t *used);
	size_t (*ends)(const char *p, size_t n, char term, uint32_t *at,
	    size_t max);
	size_t (*blanks)(struct slice rec, struct slice *field, size_t max,
	    bool lines);
	size_t (*sep)(struct slice rec, const char *sep, size_t seplen,
	    struct slice *field, size_t max);
	size_t (*closed)(const struct slice *line, size_t n, char by);
	size_t (*class)(struct slice s, size_t i, const char *hi,
	    const struct scan_class *);
	void (*class_each)(struct slice s, const uint32_t *at, size_t n,
	    size_t skip, const struct scan_class *, uint32_t *end);
	size_t (*runs)(struct slice s, const char *hi,
	    const struct scan_class *, size_t *from, struct slice *run,
	    size_t max);
	size_t (*steps)(const struct scan_track *, size_t k, struct slice s,
	    const char *hi);
	size_t (*clues)(const char *p, size_t from, size_t n,
	    const struct scan_clue *c, size_t nc, uint64_t *m);
	size_t (*places)(const char *p, size_t *from, size_t n,
	    const struct scan_clue *c, size_t nc, uint32_t *at, size_t max);
	void (*odd)(const struct slice *v, size_t n, const struct scan_reach *r,
	    const struct scan_odds *c, unsigned char *odd);
	void (*columns)(const struct scan_plan *, const struct slice *rec,
	    size_t n);
	void (*clf)(const struct slice *rec, size_t n, size_t more,
	    struct scan_clf *);
	size_t (*json)(struct slice rec, const char *hi, uint32_t *at,
	    struct scan_json *);
	size_t (*pairs)(struct slice rec, const char *hi, uint32_t *at);
	void (*stops)(const char *p, size_t n, const char *hi, char *bits);
};

/* Those not built for this machine have no symbol. */
extern const struct scan_variant scan_swar, scan_sse2, scan_avx2, scan_neon;
extern const struct scan_variant *scan_by;	/* the one that was chosen */

#define scan_records(...)	scan_by->records(__VA_ARGS__)
#define scan_ends(...)		scan_by->ends(__VA_ARGS__)
#define scan_blanks(...)	scan_by->blanks(__VA_ARGS__)
#define scan_sep(...)		scan_by->sep(__VA_ARGS__)
#define scan_closed(...)	scan_by->closed(__VA_ARGS__)
#define scan_class(...)		scan_by->class(__VA_ARGS__)
#define scan_class_each(...)	scan_by->class_each(__VA_ARGS__)
#define scan_runs(...)		scan_by->runs(__VA_ARGS__)
#define scan_steps(...)		scan_by->steps(__VA_ARGS__)
#define scan_clues(...)		scan_by->clues(__VA_ARGS__)
#define scan_places(...)	scan_by->places(__VA_ARGS__)
#define scan_odd(...)		scan_by->odd(__VA_ARGS__)
#define scan_columns(...)	scan_by->columns(__VA_ARGS__)
#define scan_clf(...)		scan_by->clf(__VA_ARGS__)
#define scan_json(...)		scan_by->json(__VA_ARGS__)
#define scan_pairs(...)		scan_by->pairs(__VA_ARGS__)
#define scan_stops(...)		scan_by->stops(__VA_ARGS__)

/* The end of the run of records from i on that lie side by side: hi for all
   of them. */
const char *scan_run(const struct slice *rec, size_t i, size_t n, size_t *next);

#endif
