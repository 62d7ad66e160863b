/* runs.c - the runs of --partial, and whether all of them came: see runs.h */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "mbatch.h"
#include "lib/agg/agg.h"
#include "lib/agg/partial.h"
#include "lib/agg/runs.h"
#include "lib/agg/sketch-text.h"
#include "lib/base/hash.h"
#include "lib/format/bad.h"
#include "lib/run/chain.h"
#include "lib/time/time.h"

enum { HOST = 64, INPUT = 160 };

/* runs_standing */

static void
no_add(char *st, size_t stride, const struct agg_values *v)
{
}

static void
add_up(void *st, const void *newer)
{
	standing_add(st, *(const struct standing *)newer);
}

const struct agg_kind runs_standing = {
	.name = "standing",
	.size = sizeof(struct standing),
	.add = no_add,
	.merge = add_up
};

static void
host_name(char *host)
{
	if (gethostname(host, HOST) != 0 || host[0] == '\0')
		strcpy(host, "-");
	host[HOST - 1] = '\0';
}

/* Of the words of the stages [from, to). */
static uint64_t
hash_words(const struct chain *c, size_t from, size_t to)
{
	uint64_t hash = 0;
	char **w;

	for (; from < to; from++)
		for (w = c->stage[from].word; *w != NULL &&
		    strcmp(*w, "then") != 0; w++)
			hash = hash_bytes(*w, strlen(*w) + 1, hash);
	return hash;
}

void
runs_begin(struct runs *r, const struct chain *c, size_t k, uint64_t read)
{
	char host[HOST];

	r->hash[RUNS_BEFORE] = hash_words(c, 0, k);
	r->hash[RUNS_AGG] = hash_words(c, k, k + 1);
	r->hash[RUNS_READ] = read;
	if (r->name == NULL) {
		host_name(host);
		snprintf(r->own, sizeof r->own, "%s-%ld-%" PRIx64, host,
		    (long)getpid(), (uint64_t)time_now());
		r->name = r->own;
	}
	r->salt = hash_bytes(r->name, strlen(r->name), 0);
	r->seed = c->opt->seed;
	r->began = time_mono();
}

void
runs_free(struct runs *r)
{
	table_free(r->names);
	table_free(r->parts);
	table_free(r->marked);
	free(r->mark);
	buf_free(&r->ends);
	buf_free(&r->last);
	buf_free(&r->text);
	pieces_free(&r->pieces);
}

/* What a whole state stands for came. */
static void
count(struct runs *r, const struct line *l)
{
	struct standing s;

	if (line_standing(l, &s))
		standing_add(&r->came, s);
}

size_t
runs_states(struct runs *r, const struct slice *line, size_t n)
{
	struct line l;
	size_t i;

	for (i = 0; i < n; i++) {
		if (!line_kind(&l, line[i]))
			continue;
		if (memchr("eckw", l.kind, 4) != NULL)
			break;
		count(r, &l);
	}
	return i;
}

/* The run's chain and options are those of the others, and its chain ours. */
static void
check_chain(struct runs *r, struct slice name, const uint64_t *hash)
{
	const char *other = NULL;

	if (r->n == 0)
		memcpy(r->first, hash, sizeof r->first);
	if (hash[RUNS_BEFORE] != r->hash[RUNS_BEFORE])
		other = "ran another chain before the aggregate than --merge "
		    "is given";
	else if (hash[RUNS_AGG] != r->first[RUNS_AGG])
		other = "ran other words of the aggregate than the first run";
	else if (hash[RUNS_READ] != r->first[RUNS_READ])
		other = "read its records with other options than the first "
		    "run";
	if (other == NULL || r->wrong)
		return;
	r->wrong = true;
	diag_warn("--merge: states of different chains: run %s %s",
	    diag_quote(name.p, name.n), other);
}

/* Whether the key was not in the table, which it is then. */
static bool
is_new(struct runs *r, struct table **t, struct slice key)
{
	uint32_t before, i;

	if (*t == NULL)
		*t = table_new(r->seed);
	before = (uint32_t)table_count(*t);
	table_find(*t, &key, 1, 0, &i);
	return i == before;
}

/* One of its name came before. */
static void
check_name(struct runs *r, struct slice name)
{
	if (is_new(r, &r->names, name))
		return;
	diag_warn("--merge: run %s came twice", diag_quote(name.p, name.n));
	r->wrong = true;
}

/* What a run of --range read, K/N/SIZE of the file, was not read before, nor
   the file in parts of another number.  As it may lie elsewhere on each host,
   its size and what it is called in its folder tell it from others. */
static bool
check_part(struct runs *r, struct slice name, struct slice part,
    struct slice path)
{
	struct slice key, s = part, file = { NULL, 0 };
	struct buf *b = &r->text;
	uint64_t k, n, size;
	bool bad = false, first;

	if (slice_eq(part, SLICE("-")))
		return true;
	k = line_number(&s, '/', &bad);
	n = line_number(&s, '/', &bad);
	key = s;
	size = line_number(&s, ' ', &bad);
	if (bad || k == 0 || k > n)
		return false;
	while (path.n > 0)
		file = line_word(&path, '/');
	b->n = 0;
	buf_slice(b, part);
	buf_char(b, ' ');
	buf_slice(b, file);
	key = (struct slice){ b->p + (key.p - part.p),
	    b->n - (size_t)(key.p - part.p) };
	if (size == 0)
		return true;
	first = is_new(r, &r->parts, buf_text(b));
	if (first && (k > 1 || is_new(r, &r->parts, key)))
		return true;
	diag_warn("--merge: run %s read part %" PRIu64 " of %" PRIu64 " of %s, "
	    "which %s", diag_quote(name.p, name.n), k, n,
	    diag_quote(file.p, file.n), first ? "others read in parts of "
	    "another number" : "another one read, too");
	r->wrong = true;
	return true;
}

/* How far a run came, and when it said so. */
struct run_mark {
	int64_t time;			/* INT64_MAX: it has ended */
	int64_t heard;
	bool idle;			/* it is left out, which was told */
};

static void
set_mark(struct runs *r, struct slice name, int64_t time)
{
	struct run_mark *m;
	uint32_t i;

	if (!r->live)
		return;
	if (r->marked == NULL)
		r->marked = table_new(r->seed);
	table_find(r->marked, &name, 1, 0, &i);
	if (i == r->marks) {
		r->mark = mem_reserve(r->mark, &r->markcap, i + 1,
		    sizeof *r->mark);
		r->mark[r->marks++] = (struct run_mark){ .time = INT64_MIN };
	}
	m = &r->mark[i];
	m->heard = time_mono();
	m->idle = false;
	if (time > m->time)
		m->time = time;
}

static bool
take_mark(struct runs *r, struct slice s)
{
	struct slice name = line_word(&s, ' ');
	int64_t time;

	if (name.n == 0 || !number_int(&time, s))
		return false;
	set_mark(r, name, time);
	return true;
}

void
runs_mark(const struct options *o, int64_t time, struct buf *out)
{
	size_t from = out->n;

	buf_str(out, "\t" PARTIAL_VERSION " w ");
	line_name(out, slice_str(o->runs->name));
	buf_char(out, ' ');
	out->n += number_put_i64(buf_room(out, NUMBER_MAX), time);
	buf_char(out, ' ');
	text_close(out, from);
	buf_char(out, o->term);
}

/* A run that said nothing for long enough. */
static void
leave_out(struct runs *r, size_t i)
{
	struct slice name = table_key(r->marked, i);

	if (!r->mark[i].idle)
		diag_warn("--idle: nothing came of run %s; windows close "
		    "without it", diag_quote(name.p, name.n));
	r->mark[i].idle = r->early = true;
}

bool
runs_passed(struct runs *r, int64_t mono, int64_t *mark)
{
	int64_t least = INT64_MAX, most = INT64_MIN;
	size_t i;

	if (!r->live || r->marks == 0)
		return false;
	if (r->marks < r->want) {
		if (r->idle == 0 || time_less(mono, r->began) < r->idle)
			return false;
		if (!r->early)
			diag_warn("--idle: of %" PRIu64 " runs %zu came; "
			    "windows close without the others", r->want,
			    r->marks);
		r->early = true;
	}
	for (i = 0; i < r->marks; i++) {
		const struct run_mark *m = &r->mark[i];

		if (m->time != INT64_MAX && m->time > most)
			most = m->time;
		if (r->idle > 0 && m->time != INT64_MAX &&
		    time_less(mono, m->heard) >= r->idle)
			leave_out(r, i);
		else if (m->time < least)
			least = m->time;
	}
	*mark = least == INT64_MAX ? most : least;
	return *mark != INT64_MIN;
}

int64_t
runs_deadline(const struct runs *r)
{
	int64_t first = INT64_MAX;
	size_t i;

	if (!r->live || r->idle == 0)
		return INT64_MAX;
	if (r->marks > 0 && r->marks < r->want && !r->early)
		first = time_after(r->began, r->idle);
	for (i = 0; i < r->marks; i++)
		if (!r->mark[i].idle && r->mark[i].time != INT64_MAX &&
		    time_after(r->mark[i].heard, r->idle) < first)
			first = time_after(r->mark[i].heard, r->idle);
	return first;
}

static bool
take_end(struct runs *r, const struct options *o, struct slice line,
    struct slice s)
{
	struct slice name = line_word(&s, ' '), why, part, rest;
	struct slice path = { NULL, 0 };
	struct run_totals all;
	uint64_t hash[RUNS_HASHES];
	struct standing told;
	bool bad = false;
	size_t i;

	for (i = 0; i < RUNS_HASHES; i++)
		hash[i] = line_number(&s, i + 1 < RUNS_HASHES ? '.' : ' ',
		    &bad);
	told.lines = line_number(&s, '.', &bad);
	told.sum = line_number(&s, ' ', &bad);
	all.records = line_number(&s, ' ', &bad);
	all.bytes = line_number(&s, ' ', &bad);
	all.bad = line_number(&s, ' ', &bad);
	why = line_word(&s, ' ');
	part = line_word(&s, ' ');
	for (rest = s; rest.n > 0;)
		path = line_word(&rest, ' ');
	if (bad || name.n == 0 || s.n == 0)
		return false;
	check_name(r, name);
	if (!check_part(r, name, part, path))
		return false;
	set_mark(r, name, INT64_MAX);
	check_chain(r, name, hash);
	if (!slice_eq(why, SLICE("eof"))) {
		r->wrong = true;
		diag_warn("--merge: run %s did not see all of its input: "
		    "%.*s (version, host, input: %.*s)",
		    diag_quote(name.p, name.n), (int)why.n, why.p, (int)s.n,
		    s.p);
	}
	standing_add(&r->told, told);
	r->n = table_count(r->names);
	r->all.records += all.records;
	r->all.bytes += all.bytes;
	r->all.bad += all.bad;
	buf_slice(&r->ends, line);
	buf_char(&r->ends, o->term);
	return true;
}

bool
runs_take(struct runs *r, const struct options *o, struct slice line,
    struct slice *whole)
{
	struct line l;

	*whole = (struct slice){ NULL, 0 };
	if (!line_kind(&l, line) || !line_check(&l))
		return false;
	if (l.kind == 'e')
		return take_end(r, o, line, l.words);
	if (l.kind == 'w')
		return take_mark(r, l.words);
	if (!pieces_take(&r->pieces, &l, o, r->max, whole))
		return false;
	if (whole->n > 0 && line_kind(&l, *whole))
		count(r, &l);
	return true;
}

/* What the lines go by: the field of -k, or all keys. */
static struct slice
sort_key(const struct runs *r, struct slice key)
{
	int64_t i, n = r->key != NULL && r->key->kind == FIELD_POS ?
	    r->key->pos : 0;
	struct slice field = key;

	for (i = 0; i < n; i++)
		field = line_word(&key, '\t');
	return field;
}

size_t
runs_ascending(struct runs *r, const struct slice *line, size_t n)
{
	struct slice key, last;
	struct line l;
	size_t i;
	int order;

	if (r->key == NULL && !r->sorted)
		return n;
	for (i = 0; i < n; i++) {
		if (!line_kind(&l, line[i]) || l.kind == 'e' || l.kind == 'w')
			continue;
		key = sort_key(r, l.key);
		last = buf_text(&r->last);
		order = r->last.p == NULL ? 1 : slice_cmp(key, last);
		if (order < 0)
			break;
		if (order == 0)
			continue;
		r->last.n = 0;
		(void)buf_room(&r->last, 1);
		buf_slice(&r->last, key);
	}
	return i;
}

/* What standard input is, where the system says. */
static void
put_input(struct buf *b)
{
	char path[INPUT];
	ssize_t n = readlink("/proc/self/fd/0", path, sizeof path);

	if (n > 0)
		line_name(b, (struct slice){ path, (size_t)n });
	else
		buf_char(b, '-');
}

void
runs_end(struct runs *r, const struct options *o, const char *why,
    const struct run_totals *all, struct buf *out)
{
	bool good = strcmp(why, "eof") == 0;
	char host[HOST];
	size_t from, cut;

	if (o->merge && good) {
		pieces_rest(&r->pieces, out);
		buf_add(out, r->ends.p, r->ends.n);
		return;
	}
	from = out->n;
	buf_str(out, "\t" PARTIAL_VERSION " e ");
	line_name(out, slice_str(r->name));
	buf_char(out, ' ');
	line_put(out, r->hash[RUNS_BEFORE], '.');
	line_put(out, r->hash[RUNS_AGG], '.');
	line_put(out, r->hash[RUNS_READ], ' ');
	line_put(out, o->merge ? 0 : r->came.lines, '.');
	line_put(out, o->merge ? 0 : r->came.sum, ' ');
	line_put(out, o->merge ? 0 : all->records, ' ');
	line_put(out, o->merge ? 0 : all->bytes, ' ');
	line_put(out, o->merge ? 0 : all->bad, ' ');
	buf_str(out, why);
	buf_char(out, ' ');
	if (r->part.n > 0) {
		line_put(out, r->part.k, '/');
		line_put(out, r->part.n, '/');
		line_put(out, r->part.size, ' ');
	} else {
		buf_str(out, "- ");
	}
	buf_str(out, VERSION " ");
	host_name(host);
	line_name(out, slice_str(host));
	buf_char(out, ' ');
	cut = out->n;
	put_input(out);
	if (out->n - from > PIECES_LINE - 7) {	/* a blank and the check */
		out->n = cut;
		buf_char(out, '-');
	}
	buf_char(out, ' ');
	text_close(out, from);
	buf_char(out, o->term);
}

/* Of each file that was read in parts, all came: behind each the next. */
static void
check_parts(struct runs *r)
{
	size_t i, all = r->parts == NULL ? 0 : table_count(r->parts);
	struct slice s, next;
	uint64_t k, n;
	uint32_t found;
	bool bad = false;

	for (i = 0; i < all && !r->wrong; i++) {
		s = table_key(r->parts, i);
		if (memchr(s.p, '/', s.n) == NULL)
			continue;		/* the file */
		k = line_number(&s, '/', &bad);
		next = s;
		n = line_number(&s, '/', &bad);
		r->text.n = 0;
		line_put(&r->text, k % n + 1, '/');
		buf_slice(&r->text, next);
		next = buf_text(&r->text);
		table_look(r->parts, &next, 1, &found);
		if (found != TABLE_FULL)
			continue;
		line_word(&s, ' ');
		diag_warn("--merge: part %" PRIu64 " of %" PRIu64 " of %s is "
		    "missing, or the file grew from run to run", k % n + 1, n,
		    diag_quote(s.p, s.n));
		r->wrong = true;
	}
}

/* The states that came are those that the runs say they wrote. */
static void
check_sums(struct runs *r)
{
	uint64_t came = r->came.lines, told = r->told.lines;

	if (r->pieces.left > 0)
		diag_warn("--merge: %zu long state%s came in part only",
		    r->pieces.left, diag_plural(r->pieces.left, "s"));
	else if (r->n == 0 && came == 0 && r->want == 0)
		diag_warn("--merge: nothing came: no state, and no run's end "
		    "line");
	else if (came > told)
		diag_warn("--merge: %" PRIu64 " line%s of states came, and %"
		    PRIu64 " run%s ended that wrote %" PRIu64 ": some came "
		    "twice, or a run is missing its end", came,
		    diag_plural(came, "s"), r->n, diag_plural(r->n, "s"),
		    told);
	else if (came < told)
		diag_warn("--merge: %" PRIu64 " of the %" PRIu64 " lines of "
		    "states that %" PRIu64 " run%s wrote came: the others are "
		    "missing (--part: another --merge has them)", came, told,
		    r->n, diag_plural(r->n, "s"));
	else if (r->came.sum != r->told.sum)
		diag_warn("--merge: the lines of states that came are others "
		    "than those that the runs wrote");
	else
		return;
	r->wrong = true;
}

/* Names of the runs that came, as many as a message bears. */
static const char *
list_runs(const struct runs *r, struct arena *a)
{
	const char *list = "";
	struct slice name;
	size_t i;

	for (i = 0; i < r->n && i < 8; i++) {
		name = table_key(r->names, i);
		list = arena_printf(a, "%s%s%s", list, i == 0 ? ": " : ", ",
		    diag_quote(name.p, name.n));
	}
	return i < r->n ? arena_printf(a, "%s, ...", list) : list;
}

int
runs_check(struct runs *r, const struct options *o)
{
	if (r->want > 0 && r->n != r->want) {
		diag_warn("--runs %" PRIu64 ": %" PRIu64 " came%s", r->want,
		    r->n, list_runs(r, o->arena));
		r->wrong = true;
	} else if (!r->wrong && (o->part ? r->pieces.left > 0 && !o->partial :
	    !o->partial || r->want > 0)) {
		check_sums(r);
	}
	if (!o->part && !o->partial && !r->wrong)
		check_parts(r);
	return r->wrong && o->bad->what == BAD_FAIL ? FAIL : OK;
}
