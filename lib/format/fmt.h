/* fmt.h - what the formats share: fields by position, cells */
#ifndef MBATCH_FMT_H
#define MBATCH_FMT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/format/shape.h"
#include "lib/scan/scan.h"

#define FORMAT(name)	extern const struct format format_##name;
#include "lib/format/formats.def"
#undef FORMAT

/* format.take where format.cut is: cuts each record as far as is wanted and
   decodes what isn't wanted raw. */
void take_cut(struct take *, const struct slice *rec, size_t n);
/* The same for record i alone; t->field has room for t->max. */
void take_cut_at(struct take *, const struct slice *rec, size_t i);

/* What auto shares with text: its format.plan, take and cut; format.decode of
   what stands as it is. */
void text_plan(struct take *, struct arena *);
void text_take(struct take *, const struct slice *rec, size_t n);
size_t text_cut(const struct shape *, struct slice rec, struct slice *field,
    size_t max, struct bad *);
struct slice text_decode(struct slice raw, struct arena *);

/* format.split: all that cut finds, named by the shape's columns, the missing
   ones among these absent. */
const char *split_cut(const struct shape *, struct slice rec, struct cells *,
    size_t *at);

/* What formats share whose columns are between separators: format.put, where
   tokens that lie side by side as they are written are copied at once, lead,
   and ready of values that are as they stand but for odd ones.  texts_put:
   value i as format.value writes it. */
void put_row(struct buf *, const struct shape *, const struct cell *, size_t n);
void lead_sep(struct buf *, const struct shape *, struct slice name, size_t i);
void texts_put(struct texts *, size_t i, const struct shape *);
void texts_ready(struct texts *, const struct shape *,
    const struct scan_odds *);

/* Whether nothing written in the column is an absent value, not empty text. */
bool column_filled(const struct shape *, const struct column *);

/* A want for the column as it is read: by its place, or its name. */
size_t take_column(struct take *, const struct shape *in,
    const struct column *, int pos, unsigned flags, struct arena *);

/* Record i can't be read: its columns become absent.  Ascending by i. */
void take_bad(struct take *, size_t i, size_t at, const char *why);
/* Sets want k of record i, and that it was seen. */
void take_set(struct take *, size_t k, size_t i, struct slice val);

struct cell *cells_add(struct cells *, struct slice name, struct slice val,
    bool raw);
void cells_some(struct cells *, const struct cell *, size_t n);
/* A cell's name, or its position's digits written to out (24 bytes). */
struct slice cell_name(const struct cell *, size_t i, char *out);

/* Leaves one of the cells that share a name, at the place of the first: the
   last's value or the first's; those of value other stay, but as text
   without a name where there is one of another value. */
void cells_unique(struct cells *, bool last, const char *other);
/* NULL, or why the cells can't be a record: one, or its name, would end it. */
const char *cells_end(const struct cells *, const struct format *, char term);

/* The column of that name among n, tried at place i first; n: none. */
size_t columns_find(const struct column *, size_t n, struct slice name,
    size_t i);
/* Which of the columns have a name that an earlier one has; how many. */
size_t columns_again(const struct column *, size_t n, bool *again);
/* What the column at a place is called where it needs a name that no other
   has: its position, behind as many _ as that takes. */
struct slice place_name(const struct column *, size_t n, size_t place,
    struct arena *);
/* The columns, each of those counted from the front called as no other is. */
const struct column *columns_unique(const struct column *, size_t n,
    struct arena *);

/* format.header for a record whose fields cut finds: closed, by these names;
   an empty one is none, a byte order mark is passed over. */
const char *header_cut(struct shape *, struct slice rec, struct arena *,
    size_t *at);

/* format.head: the columns' names as a record. */
void put_head(struct buf *, const struct shape *);
/* format.same where there is nothing that can't be written, or that separates
   fields where no quotes do; format.sure where nothing can be wrong. */
bool same_always(const struct shape *, struct slice);
bool same_apart(const struct shape *, struct slice);
/* Whether it is true of any value. */
bool same_any(const struct shape *);
bool sure_always(const struct shape *, struct slice rec);
/* The quote that closes the one at p, where one behind a backslash does not;
   NULL: none does. */
const char *quote_end(const char *p, const char *end);
/* The record without carriage returns at its end. */
struct slice strip_cr(struct slice);
/* Without carriage returns and blanks at its end. */
struct slice strip_blanks(struct slice);
/* The record without a UTF-8 byte order mark. */
struct slice skip_bom(struct slice);

/*
 * What auto shares with json and logfmt: a plan for the wants by name, begun
 * for each vector, then record by record, or (json) for records i to n - 1,
 * which lie side by side; bytes up to hi may be read.
 */
struct json_plan;
struct json_plan *json_plan(struct take *, struct arena *);
void json_start(struct take *, struct json_plan *, const struct slice *rec,
    size_t n);
void json_take(struct take *, struct json_plan *, const struct slice *rec,
    size_t i, size_t n, const char *hi);
struct pairs_plan;
struct pairs_plan *pairs_plan(struct take *, struct arena *);
void pairs_start(struct take *, struct pairs_plan *, const struct slice *rec,
    size_t n);
/* lax: a quote that is never closed is a character as any other, and a word
   alone is a key only where some key has a value. */
void pairs_take(struct take *, struct pairs_plan *, const struct slice *rec,
    size_t i, const char *hi, bool lax);
/* Whether all of a record is key=value. */
bool pairs_only(struct slice rec);
/* logfmt as auto reads and changes it, lax. */
extern const struct format format_pairs;

#endif
