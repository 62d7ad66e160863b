/* stamp - what is known of the batch, as columns in front */
#include "mbatch.h"
#include "lib/number/number.h"
#include "lib/run/args.h"
#include "lib/run/store.h"

enum column_is { NUMBER, TIME, RECORDS, BYTES, REASON, KEY, COLUMNS };

static const struct {
	const char *word;
	struct slice name;
	unsigned char flags;
} columns[COLUMNS] = {
	[NUMBER] = { "batch", { "batch", 5 }, COL_NUMBER },
	[TIME] = { "time", { "batch_time", 10 }, COL_TIME },
	[RECORDS] = { "records", { "batch_records", 13 }, COL_NUMBER },
	[BYTES] = { "bytes", { "batch_bytes", 11 }, COL_NUMBER },
	[REASON] = { "reason", { "batch_reason", 12 }, 0 },
	[KEY] = { "key", { "batch_key", 9 }, 0 }
};

static const char *
column_word(size_t i)
{
	return i < COLUMNS ? columns[i].word : NULL;
}

struct conf {
	enum column_is column[COLUMNS];
	size_t n;
	bool local;
};

static int
add_column(struct conf *c, struct args *a, struct slice word)
{
	const char *names[COLUMNS];
	size_t i;

	for (i = 0; i < COLUMNS; i++) {
		names[i] = columns[i].word;
		if ((slice_eq(word, slice_str(names[i])) ||
		    slice_eq(word, columns[i].name)) && c->n < COLUMNS) {
			if (i == KEY && !a->opt->keyed)
				return args_fail(a, "key: batches have one "
				    "with -k or -p");
			c->column[c->n++] = (enum column_is)i;
			return OK;
		}
	}
	if (c->n == COLUMNS)
		return args_fail(a, "there are only %d columns", COLUMNS);
	return args_none(a, "column", word, names, COLUMNS);
}

/* A time by the clock can't be had again. */
static int
check_time(const struct conf *c, struct args *a)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->column[i] == TIME && a->opt->kept && a->opt->regular &&
		    !a->opt->event_time)
			return args_fail(a, "with --state a batch has no time "
			    "but that of -w and -T; stamp batch,records,bytes,"
			    "reason is the rest");
	return OK;
}

static int
parse(struct op *op, void *vc, struct args *a)
{
	struct conf *c = vc;
	const char *w = args_maybe(a);
	struct slice *word;
	size_t i, n = a->opt->keyed ? COLUMNS : KEY;

	c->local = a->opt->local;
	for (i = 0; w == NULL && i < n; i++)
		c->column[c->n++] = (enum column_is)i;
	if (w == NULL)
		return check_time(c, a);
	word = field_list(slice_str(w), &n, a->arena);
	for (i = 0; i < n; i++)
		if (add_column(c, a, word[i]) != OK)
			return FAIL;
	return check_time(c, a);
}

static int
bind(void *vc, struct bind *b)
{
	struct conf *c = vc;
	struct slice name[COLUMNS];
	unsigned char flags[COLUMNS];
	size_t i;

	for (i = 0; i < c->n; i++) {
		name[i] = columns[c->column[i]].name;
		flags[i] = columns[c->column[i]].flags;
	}
	bind_edit(b, name, flags, c->n, true);
	return OK;
}

/* What is written at all is written to room. */
static struct slice
column(char *room, enum column_is column, const struct batch *b, bool local)
{
	switch (column) {
	case NUMBER:
		return (struct slice){ room, number_put_u64(room, b->number) };
	case TIME:
		return (struct slice){ room, batch_put_time(room, b, local) };
	case RECORDS:
		return (struct slice){ room, number_put_u64(room, b->records) };
	case BYTES:
		return (struct slice){ room, number_put_u64(room, b->bytes) };
	case KEY:
		return b->key;
	default:
		return slice_str(reason_name(b->reason));
	}
}

static int
flush(void *vs, const void *vc, const struct batch *b, struct emit *e)
{
	const struct conf *c = vc;
	const struct store *k = vs;
	char text[COLUMNS][NUMBER_MAX];
	struct slice val[COLUMNS], rec;
	struct vec one = { .n = 1, .rec = &rec };
	size_t i;
	int r = OK;

	for (i = 0; i < c->n; i++)
		val[i] = column(text[i], c->column[i], b, c->local);
	for (i = 0; i < k->n && r == OK; i++) {
		rec = store_get(k, i);
		one.num = &k->rec[i].num;
		r = emit_edit(e, &one, 0, val, NULL, c->n);
	}
	return r;
}

const struct op op_stamp = {
	.name = "stamp",
	.args = "[COLUMNS]",
	.makes = "changed",
	.help = "what is known of the batch, as columns in front",
	.example = "-n 4 cut 1,9 then stamp batch,reason",
	.shows = "1\trecords\t192.0.2.10\t200\n"
	    "1\trecords\t192.0.2.10\t200\n"
	    "1\trecords\t198.51.100.7\t302\n"
	    "...\n",
	.see = "count windows",
	.holds = "the batch",
	.word = column_word,
	.traits = OP_HOLD | OP_FRAME,
	.conf_size = sizeof(struct conf),
	.state_size = sizeof(struct store),
	.parse = parse,
	.bind = bind,
	.flush = flush,
	STORE_HOOKS
};
