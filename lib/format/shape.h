/* shape.h - how records are written: formats, shapes, and taking fields */
#ifndef MBATCH_SHAPE_H
#define MBATCH_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/slice.h"

struct field;
struct format;
struct scan_plan;
struct scan_reach;
struct time_reader;

enum {				/* flags of a column */
	COL_NUMBER = 1,		/* an aggregate's number: sorts as one */
	COL_TIME = 2,		/* RFC 3339 text */
	COL_FILLED = 4,		/* with nothing written it is absent, as with
				   COL_NUMBER, not the empty text */
	COL_GIVEN = 8,		/* of shape.given */
	COL_PART = 16,		/* of something that is taken apart for it and
				   its like alone */
	COL_LOOSE = 32,		/* where another one is set, read back as it was
				   but for what has a quote in front or a
				   backslash at its end */
	COL_LIST = 64,		/* an array in JSON: lib/format/list.h */
	COL_ZERO = 128		/* a count or a sum: of no records it is 0 */
};

struct column {
	struct slice name;	/* n 0: known by position only */
	int pos;		/* 1.. from the front, -1.. from the end; 0: by
				   name only (clf's vhost) */
	unsigned char flags;
};

/*
 * How to find a record's fields.  A name that is no column is a usage error
 * unless the format is FMT_NAMED, where each record has names of its own.
 * Closed: the columns are all there is, though a ragged record may have more
 * by position; not closed: columns beyond the named ones are known by position
 * only (text, clf, csv and tsv without a header).
 */
struct shape {
	const struct format *format;
	const char *sep;	/* text: fields end at exactly this; NULL: at
				   runs of blanks */
	size_t seplen;
	bool lines;		/* text: its newlines are blanks */
	const struct column *col;
	size_t ncol;
	bool closed;
	const struct slice *given;	/* FMT_NAMED: what operators called
					   members in order, each once; where
					   one is absent no record may show */
	size_t ngiven;
	bool only;		/* FMT_NAMED: there are no others */
	bool made;		/* made by an operator, not input's own */
	bool arrays;		/* json: not objects, but what collect makes */
};

/* A field of a record in order, as format->split finds it. */
struct cell {
	struct slice name;	/* p NULL: by position only */
	struct slice val;	/* p NULL: absent */
	bool raw;		/* val is a token of the shape's own format */
};

/* The cells of one record, until the next is split.  All zero is none. */
struct cells {
	struct cell *c;
	size_t n, cap;
	size_t front;		/* the first ones, which have no position */
	struct slice *field;	/* for formats */
	size_t fieldcap;
	struct arena names;	/* those that had to be unescaped */
};

void cells_free(struct cells *);

/* Why a record can't be read. */
struct bad {
	uint16_t i;		/* its place in the vector */
	size_t at;		/* byte offset in the record */
	const char *why;	/* static text: "unterminated string" */
};

enum { VEC_MAX = 1024 };	/* the most records of a vector */

enum {				/* how a field is wanted */
	WANT_RAW = 1,	/* the token as it stands: quotes, escapes and all */
	WANT_KEY = 2,	/* a key: the bucket applied, absent: the empty text */
	WANT_NUMBER = 4, /* may be a number without text: vec.number */
	WANT_VALUE = 8	/* what is but a word for it is absent: take.nulls */
};

/* Texts that stand for an absent value. */
struct nulls {
	const struct slice *word;
	size_t n;
	uint64_t lengths;	/* bit n % 64: one has n bytes */
};

struct want {			/* one field a stage asked for */
	const struct field *field;
	int pos;		/* 1.., -1..; 0: by name, or the whole record */
	bool whole;
	unsigned flags;		/* WANT_* */
	bool seen;		/* some record had it, */
	bool had;		/* one before the last run */
	bool filled;		/* nothing written is absent: COL_FILLED */
	bool lent;		/* only for a stage further down */
	bool text;		/* not all who ask are WANT_NUMBER */
	struct slice *col;	/* VEC_MAX values; p NULL: absent */
	struct want *first;	/* in take.scan: the first of this position, */
	size_t place;		/* and which of its columns */
	struct time_reader *reader;	/* of a bucket of time */
};

enum {				/* a record's names beside those wanted */
	KEYS_MORE = 1,	/* it has others, or one twice */
	KEYS_FEWER = 2,	/* it has not all */
	KEYS_ORDER = 4	/* they come in another order */
};

/*
 * All the fields that one stage asked for, taken from a vector in one pass.
 * Values point into the records, or into scratch where they had to be
 * unescaped; both are valid until the next vector.
 */
struct take {
	const struct shape *shape;
	struct want *want;
	size_t n, cap;
	const struct slice **col;	/* col[k] = want[k].col */
	void *plan;			/* the format's own, made once */
	const struct scan_plan *scan;	/* the columns that a scan finds; NULL:
					   none */
	struct slice *field;		/* fields of one record, for formats */
	size_t fieldcap;
	size_t max;			/* the last position wanted */
	bool all;			/* a position from the end is */
	bool any;			/* there is more than whole records */
	struct arena scratch;
	struct bad bad[VEC_MAX];
	size_t nbad;
	unsigned char *keys;		/* FMT_NAMED, where all wants are top
					   names: of each record KEYS_*, or 0,
					   KEYS_MORE where the format doesn't
					   say; NULL: nobody asks */
	bool local;			/* buckets of time are in TZ */
	int64_t hint;			/* what a missing year is near: see
					   time_reader */
	const struct nulls *nulls;	/* of WANT_VALUE */
};

enum {				/* traits of a format */
	FMT_HEADER = 1,		/* its first record names the columns, unless
				   -N is given */
	FMT_NAMED = 2,		/* names are in each record: members are
				   changed and added by name */
	FMT_POSITIONS = 4,	/* positions mean something */
	FMT_OUTPUT = 8,		/* may follow -o */
	FMT_SIGN = 16,		/* an absent value has a sign of its own: an
				   empty token is a value */
	FMT_BLANKS = 32,	/* an empty line is no record */
	FMT_JSON = 64,		/* records are JSON, or may be: a name with dots
				   may lead into a member, a token be an array,
				   and a whole record is a token */
	FMT_OPEN = 128,		/* free text: without columns a record is one
				   value, and a token; -H gives it columns, and
				   where fields are put in front or taken out
				   it becomes text with a separator, -F's */
	FMT_FIXED = 256,	/* the columns are always the same: with others
				   in front a record becomes text, fields taken
				   out a made record of their values */
	FMT_SPARSE = 512,	/* FMT_NAMED: an absent value isn't written, so
				   no record may show a name: shape.given */
	FMT_SEPARATOR = 1024,	/* -F is its separator where it is read */
	FMT_SURE = 2048		/* a record of which some field was taken has
				   none that can't be read */
};

/*
 * A column on its way out: what is copied, in quotes where wrap is 1.  Values
 * lie in the records, as reach has them, or anywhere.
 */
struct texts {
	struct slice *v;
	unsigned char *wrap;
	const struct scan_reach *reach;
	size_t n;
	bool alone;		/* it is all that the records have */
	struct arena *arena;	/* of what had to be written anew */
	struct buf *row;	/* for any use */
};

enum line_end {			/* at the end of a line a record */
	LINE_WHOLE,	/* ends, */
	LINE_OPEN,	/* goes on, */
	LINE_WRONG	/* or can't be read */
};

/*
 * A format: lib/format/fmt-NAME.c and a line in formats.def.  Positions, names
 * and buckets are resolved before it is asked; it sees want.pos and
 * want.field.
 */
struct format {
	const char *name;	/* as typed after -i, -o */
	const char *help;
	unsigned traits;
	char quote;		/* what values may stand in, so that it can't
				   separate them; NUL: nothing */
	const char *no_nul;	/* a NUL is written as it is, which can't be
				   with -0: why; NULL: it is escaped */
	const struct field *time;	/* the records' own time; NULL: not
					   known */
	const struct format *members;	/* pick: what a record without names
					   becomes where members are added */

	const char *sep;	/* one byte, that separates fields where no
				   other does; NULL: blanks do, or nothing */
	const struct column *col;	/* those of all its shapes */
	size_t ncol;

	/* Where columns are by position: cuts a record into at most max raw
	   fields, in order; how many were found.  One that can't be read:
	   bad.why is set, bad.at its place. */
	size_t (*cut)(const struct shape *, struct slice rec,
	    struct slice *field, size_t max, struct bad *bad);

	/* FMT_HEADER: the columns named by the header record.  NULL, or why
	   it can't be read, with the offset in *at. */
	const char *(*header)(struct shape *, struct slice rec, struct arena *,
	    size_t *at);

	/* The format of this one record; NULL: this one. */
	const struct format *(*pick)(const struct shape *, struct slice rec);

	/* Prepares take.plan for the wants that are there. */
	void (*plan)(struct take *, struct arena *);

	/* Fills want[k].col[0..n-1] for n records, at least 1; one that can't
	   be read is added to take.bad (ascending), its columns set absent. */
	void (*take)(struct take *, const struct slice *rec, size_t n);

	/* All fields of one record in order, raw where they are tokens.  NULL,
	   or why it can't be read, with the offset in *at. */
	const char *(*split)(const struct shape *, struct slice rec,
	    struct cells *, size_t *at);

	/* Whether the record can be read to its end, as far as a look at its
	   bytes tells.  NULL: that tells nothing. */
	bool (*sure)(const struct shape *, struct slice rec);

	/* A record may go on behind a newline: the first of n lines, side by
	   side, each the first of a record, at whose end it does, n if none;
	   and how it stands at the end of a line that it goes on with.
	   NULL: it never does. */
	size_t (*open)(const struct shape *, const struct slice *line,
	    size_t n);
	enum line_end (*within)(const struct shape *, struct slice line);

	/* Whether a value, not absent, that is set in a record of the shape is
	   read back as it is.  NULL: not known of all. */
	bool (*same)(const struct shape *, struct slice);

	/* A raw token's value (unescaped into the arena where needed); p NULL:
	   absent. */
	struct slice (*decode)(struct slice raw, struct arena *);

	/* Appends the record made of these cells, without terminator; raw
	   cells are tokens of this format. */
	void (*put)(struct buf *, const struct shape *, const struct cell *,
	    size_t n);

	/* Appends one value that is no token, as put and ready do. */
	void (*value)(struct buf *, const struct shape *, struct slice);

	/* The name that a member called so is written as, in the arena; NULL:
	   any name can be written. */
	struct slice (*key)(struct slice name, struct arena *);

	/* The same column by column, where FMT_NAMED has names: what stands
	   before the value of column i, values (p NULL: absent) as they are
	   written, and what ends the record.  NULL: only as a whole. */
	void (*lead)(struct buf *, const struct shape *, struct slice name,
	    size_t i);
	void (*ready)(const struct shape *, struct texts *);
	const char *end;

	/* FMT_HEADER: appends the header line, without terminator. */
	void (*head)(struct buf *, const struct shape *);
};

/* All formats in the order of formats.def; format_find: NULL if none. */
extern const struct format *const formats[];
extern const size_t nformats;
const struct format *format_find(const char *name);
/* The format of this one record: auto's choice by its looks (json where it
   starts with a brace, logfmt where all of it is key=value, else text), the
   shape's own otherwise.  Records are split, decoded and put by it. */
const struct format *format_of(const struct shape *, struct slice rec);

/* Records of this format when nothing is known but the options; FMT_HEADER:
   before the header was read. */
void shape_init(struct shape *, const struct format *, const char *sep,
    size_t seplen);
/* The made shape: format tsv, closed, these names. */
void shape_made(struct shape *, const struct slice *name,
    const unsigned char *flags, size_t n, struct arena *);
/* Whether a time in the field may go on behind it: blanks make the fields. */
bool shape_spreads(const struct shape *, const struct field *);
/* The column of that name, or NULL. */
const struct column *shape_column(const struct shape *, struct slice name);
/* The column that a field is by name or position, or NULL. */
const struct column *shape_field(const struct shape *, const struct field *);

/* Registers a want; the same field and flags give the same index.  More than
   TAKE_MOST end the run: each is VEC_MAX values of memory. */
enum { TAKE_MOST = 65536 };
size_t take_want(struct take *, const struct field *, int pos, unsigned flags);
/* Makes the plan once all is wanted. */
void take_plan(struct take *, struct arena *);
/* Takes the fields of n records (1 to VEC_MAX): values, then buckets. */
void take_run(struct take *, const struct slice *rec, size_t n);
/* What is left to do once the values of a want are there: a key's bucket. */
void take_finish(struct take *, struct want *, const struct slice *rec,
    size_t n);
/* Of the records of the last run only the first n count: a name that no other
   had was not seen.  The columns are as after that. */
void take_counted(struct take *, const struct slice *rec, size_t n);
/* Tells of the names that no record had, of the first batch or (end) of all;
   who asked for them. */
void take_unseen(const struct take *, const char *who, bool end);
bool take_seen(const struct take *);		/* there are none */
void take_free(struct take *);

#endif
