/* window.c - event-time windows: records by their own time, and a watermark */
#include <stdlib.h>

#include "lib/format/pack.h"
#include "lib/read/batcher.h"
#include "lib/run/chain.h"
#include "lib/run/store.h"
#include "lib/run/window.h"

#define MINUTE	INT64_C(60000000000)

struct window {
	struct batch batch;		/* opened, closed are its bounds */
	struct instance *head;
	bool shares;			/* it is others', too */
	struct store store;		/* what head handed on while older
					   windows were open */
	uint16_t from, to;		/* the vector's first and last record
					   that belong to it */
	size_t n;			/* how many do */
	struct window *next;		/* spare */
};

void
windows_init(struct windows *w, const struct time_grid *grid, int64_t late,
    bool live, const struct options *opt)
{
	memset(w, 0, sizeof *w);
	w->grid = *grid;
	w->late = late;
	w->live = live;
	w->local = opt->local;
	w->sparse = opt->part;
	windows_forget(w);
	w->overdue = tally_new(opt->diag, opt->arena, "records came after "
	    "their window had closed and count in the oldest open one");
	w->skipped = tally_new(opt->diag, opt->arena,
	    "empty windows were skipped");
}

void
windows_bind(struct windows *w, struct chain *c, struct instance *tail)
{
	w->chain = c;
	w->tail = tail;
	w->turn = &c->opt->diag->turn;
}

static void
free_window(struct window *win)
{
	if (!win->shares)
		instance_free(win->head);
	store_fini(&win->store);
	free(win);
}

static void
free_spare(struct window **spare)
{
	struct window *win;

	while ((win = *spare) != NULL) {
		*spare = win->next;
		free_window(win);
	}
}

void
windows_forget(struct windows *w)
{
	while (w->at < w->n)
		free_window(w->open[w->at++]);
	free_spare(&w->spare);
	w->at = w->n = 0;
	w->last = NULL;
	w->seen = w->begun = false;
	w->latest = w->number = 0;
	w->empty = 0;
	w->newest = w->next = 0;
	w->mark = INT64_MIN;
	w->oldest = (struct time_span){ INT64_MIN, INT64_MIN + 1 };
}

void
windows_free(struct windows *w)
{
	windows_forget(w);
	free(w->open);
}

bool
windows_passed(struct windows *w, int64_t mark)
{
	if (mark < w->oldest.to || w->oldest.to == INT64_MAX)
		return false;
	w->mark = mark;
	return true;
}

size_t
windows_cut(struct windows *w, const int64_t *ns, size_t n, int64_t mono,
    int64_t clock, bool *close)
{
	int64_t near = w->grid.width > MINUTE ? w->grid.width : MINUTE;
	bool newer = false;
	size_t i;

	*close = false;
	for (i = 0; i < n; i++) {
		if (w->seen && ns[i] < w->newest)
			continue;
		w->seen = newer = true;
		w->newest = ns[i];
		if (w->late != LATE_ALL && ns[i] >= w->oldest.to &&
		    windows_passed(w, time_less(ns[i], w->late))) {
			*close = true;
			break;
		}
	}
	if (newer) {
		w->mono = mono;
		w->fresh = time_less(clock, w->newest) <= near &&
		    time_less(w->newest, clock) <= near;
	}
	return i;
}

/* One that is not in use, new if need be. */
static struct window *
take_window(struct windows *w, int64_t start)
{
	struct window *win = w->spare;

	if (win == NULL) {
		win = mem_zero(sizeof *win);
		win->shares = w->shared != NULL;
		win->head = win->shares ? w->shared : instance_new(w->chain,
		    w->chain->from, w->chain->head, w->tail);
	} else {
		w->spare = win->next;
		win->head = win->shares ? w->shared : win->head;
	}
	win->batch = (struct batch){ .window = true, .opened = start,
	    .closed = time_next(start, &w->grid, w->local),
	    .from = INT64_MAX, .to = INT64_MIN };
	win->n = 0;
	return win;
}

/* Where a window that begins at start is among the open ones, or belongs. */
static size_t
place(const struct windows *w, int64_t start)
{
	size_t lo = w->at, hi = w->n, mid;

	if (lo < hi && w->open[hi - 1]->batch.opened < start)
		return hi;
	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (w->open[mid]->batch.opened < start)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

/* Puts a new window at place i of the open ones. */
static struct window *
open_window(struct windows *w, size_t i, int64_t start)
{
	if (w->at > w->n / 2) {
		memmove(w->open, w->open + w->at,
		    (w->n - w->at) * sizeof *w->open);
		i -= w->at;
		w->n -= w->at;
		w->at = 0;
	}
	w->open = mem_reserve(w->open, &w->cap, w->n + 1, sizeof *w->open);
	memmove(w->open + i + 1, w->open + i, (w->n - i) * sizeof *w->open);
	w->n++;
	w->open[i] = take_window(w, start);
	if (w->begun && start < w->next)
		w->next = start;
	return w->open[i];
}

static bool
holds(const struct window *win, int64_t ns)
{
	return ns >= win->batch.opened && ns < win->batch.closed;
}

/* The window that begins at start, a new one if need be. */
static struct window *
at_start(struct windows *w, int64_t start)
{
	size_t i = place(w, start);

	w->last = i < w->n && w->open[i]->batch.opened == start ? w->open[i] :
	    open_window(w, i, start);
	return w->last;
}

/* The window for a record of this time, by its number. */
static struct window *
find_window(struct windows *w, int64_t ns, uint64_t num)
{
	char text[TIME_MAX + 1];
	int64_t start;

	if (w->last != NULL && holds(w->last, ns))
		return w->last;
	if (ns >= w->oldest.from) {
		start = time_floor(ns, &w->grid, w->local);
	} else {
		text[time_put(text, ns, w->local)] = '\0';
		tally_add(w->overdue, 1, num, "its time, %s, is before the "
		    "windows still open; it counts in the oldest of them "
		    "(--late keeps them open longer)", text);
		start = w->oldest.from;
	}
	return at_start(w, start);
}

/* What the window's head handed on goes to the tail, as record since comes. */
static int
let_go(struct windows *w, struct window *win, uint64_t since)
{
	int r;

	w->turn->since = since;
	w->tail->batch = &win->batch;
	win->head->store = NULL;
	r = instance_push_store(w->tail, &win->store);
	w->turn->since = 0;
	return r;
}

/* The vector's records that are win's: side by side, or gathered. */
static struct vec
gather(struct windows *w, const struct window *win, const struct vec *v)
{
	struct vec part = { .n = win->n };
	size_t i, at = win->from;

	if (win->to - win->from + 1u == win->n) {
		part.rec = v->rec + win->from;
		part.num = v->num + win->from;
		part.contig = v->contig;
		return part;
	}
	for (i = 0; i < win->n; i++, at = w->link[at]) {
		w->room.rec[i] = v->rec[at];
		w->room.num[i] = v->num[at];
	}
	part.rec = w->room.rec;
	part.num = w->room.num;
	return part;
}

/* The records of the vector up to number upto. */
static void
count_records(struct batch *b, struct vec *v, uint64_t upto)
{
	size_t i;

	v->n = nums_upto(v->num, v->n, upto);
	if (v->n == 0)
		return;
	if (b->records == 0)
		b->first = v->num[0];
	b->records += v->n;
	b->last = v->num[v->n - 1];
	if (v->contig) {
		b->bytes += (uint64_t)(v->rec[v->n - 1].p - v->rec->p) +
		    v->rec[v->n - 1].n + 1;
		return;
	}
	for (i = 0; i < v->n; i++)
		b->bytes += v->rec[i].n + 1;
}

/* Records come to a window, the first of this number.  What the oldest hands on
   goes to the tail at once: no older window can open any more. */
static int
begin_push(struct windows *w, struct window *win, uint64_t num)
{
	win->head->batch = &win->batch;
	if (w->late == LATE_ALL || w->hold ||
	    win->batch.opened > w->oldest.from) {
		win->head->store = &win->store;
		return OK;
	}
	win->batch.number = w->number + 1;
	return let_go(w, win, num);
}

/* Its part of the vector. */
static int
push_window(struct windows *w, struct window *win, const struct vec *v)
{
	uint64_t num = v->num[win->from], last = TURN_ALL;
	struct vec all, part;
	int r, status;

	if (begin_push(w, win, num) != OK)
		return FAIL;
	if (turn_ends(w->turn, num, &last, &status))
		return OK;
	all = part = gather(w, win, v);
	win->n = 0;
	r = instance_push(win->head, &part);
	(void)turn_ends(w->turn, TURN_ALL, &last, &status);
	count_records(&win->batch, &all, last);
	return r == FAIL ? FAIL : OK;
}

int
windows_push(struct windows *w, const struct vec *v, const int64_t *ns)
{
	struct window *win;
	size_t i, j, n = 0;

	for (i = 0; i < v->n; i = j) {
		win = find_window(w, ns[i], v->num[i]);
		if (win->n == 0) {
			w->touched[n++] = win;
			win->from = (uint16_t)i;
		} else {
			w->link[win->to] = (uint16_t)i;
		}
		for (j = i + 1; j < v->n && holds(win, ns[j]); j++)
			w->link[j - 1] = (uint16_t)j;
		win->to = (uint16_t)(j - 1);
		win->n += j - i;
		batch_times(&win->batch, ns + i, j - i);
	}
	for (i = 0; i < n; i++)
		if (push_window(w, w->touched[i], v) != OK)
			return FAIL;
	w->latest = v->num[v->n - 1];
	return OK;
}

void
windows_follow(struct windows *w, const struct windows *other)
{
	w->seen = other->seen;
	w->newest = other->newest;
	w->mark = other->mark;
	w->oldest = other->oldest;
}

void
windows_leave(struct windows *w, struct window_list *l)
{
	size_t n = w->n - w->at;
	struct window *win;

	l->v = mem_reserve(l->v, &l->cap, n, sizeof *l->v);
	if (n > 0)
		memcpy(l->v, w->open + w->at, n * sizeof *l->v);
	l->n = n;
	w->at = w->n = 0;
	w->last = NULL;
	while ((win = l->spare) != NULL) {
		l->spare = win->next;
		win->next = w->spare;
		w->spare = win;
	}
}

/* What they have is another's; their room is used again. */
static void
clear(struct window_list *l)
{
	struct window *win;

	while (l->n > 0) {
		win = l->v[--l->n];
		if (!win->shares) {
			free_window(win);
			continue;
		}
		store_reset(&win->store);
		win->next = l->spare;
		l->spare = win;
	}
}

void
window_list_free(struct window_list *l)
{
	clear(l);
	free_spare(&l->spare);
	free(l->v);
}

/* What is known of the records of another window, whose numbers go on behind
   base. */
static void
add_batch(struct batch *b, const struct batch *other, uint64_t base)
{
	if (other->from < b->from)
		b->from = other->from;
	if (other->to > b->to)
		b->to = other->to;
	if (other->records == 0)
		return;
	if (b->records == 0)
		b->first = base + other->first;
	b->records += other->records;
	b->bytes += other->bytes;
	b->last = base + other->last;
}

/* The records that another window's stages before k handed on. */
static int
push_stored(struct windows *w, struct window *win, const struct window *other,
    uint64_t base, size_t k)
{
	struct vec v;
	size_t i = 0;
	int r = begin_push(w, win, base + other->batch.first);

	while (i < other->store.n && r != FAIL) {
		i = store_take(&other->store, i, base, &w->room, &v);
		turn_part(w->turn);
		r = instance_push_at(win->head, k, &v);
	}
	return r == FAIL ? FAIL : OK;
}

int
windows_take(struct windows *w, struct window_list *l, uint64_t base, size_t k,
    bool join)
{
	const struct stage *s = join ? &w->chain->stage[k] : NULL;
	struct window *win, *other;
	size_t i;
	int r = OK;

	for (i = 0; i < l->n && r == OK; i++) {
		other = l->v[i];
		win = at_start(w, other->batch.opened);
		if (join)
			s->op.join(win->head->st[k], s->conf,
			    other->head->st[k], base);
		else
			r = push_stored(w, win, other, base, k);
		add_batch(&win->batch, &other->batch, base);
	}
	clear(l);
	return r;
}

const struct instance *
windows_any(const struct windows *w, const struct batch **b)
{
	if (w->at == w->n)
		return NULL;
	*b = &w->open[w->at]->batch;
	return w->open[w->at]->head;
}

/* From where on windows stay open. */
static int64_t
open_from(const struct windows *w)
{
	return w->ending ? INT64_MAX : w->oldest.from;
}

/* The next window that is due, NULL if none is.  After too many empty ones in a
   row that is the next one with records. */
static struct window *
next_due(struct windows *w)
{
	const struct batch *first = w->at < w->n ? &w->open[w->at]->batch :
	    NULL;
	int64_t to = open_from(w);
	uint64_t n;

	if (w->flushing > 0) {
		w->flushing--;
		return w->open[w->at++];
	}
	if (first == NULL && (!w->begun || w->ending))
		return NULL;
	if (!w->begun || (w->sparse && first != NULL))
		w->next = first->opened;
	if (w->sparse && first == NULL)
		return NULL;
	if (w->next < to && w->empty >= WINDOWS_EMPTY &&
	    (first == NULL || first->opened != w->next)) {
		if (first != NULL && first->opened < to)
			to = first->opened;
		n = ((uint64_t)to - (uint64_t)w->next) /
		    (uint64_t)w->grid.width;
		tally_add(w->skipped, n == 0 ? 1 : n, 0, "more than %d windows "
		    "in a row are empty; further ones are skipped",
		    WINDOWS_EMPTY);
		w->next = to;
	}
	if (w->next >= open_from(w))
		return NULL;
	if (first != NULL && first->opened == w->next)
		return w->open[w->at++];
	return take_window(w, w->next);
}

void
windows_move(struct windows *w)
{
	if (w->mark < w->oldest.to)
		return;
	w->oldest.from = time_floor(w->mark, &w->grid, w->local);
	w->oldest.to = time_next(w->mark, &w->grid, w->local);
}

int
windows_close(struct windows *w, const struct batch **b)
{
	bool flush = w->flushing > 0;
	struct window *win;
	struct batch *wb;

	*b = NULL;
	windows_move(w);
	win = next_due(w);
	if (win == NULL)
		return OK;
	wb = &win->batch;
	if (!w->begun || !flush)
		w->next = flush ? wb->opened : wb->closed;
	w->begun = true;
	w->empty = wb->records > 0 ? 0 : w->empty + 1;
	wb->number = ++w->number;
	wb->span = wb->records > 0 ? time_less(wb->to, wb->from) : 0;
	wb->reason = flush ? BY_FLUSH : w->ending && (w->chain->stop != 0 ||
	    wb->closed > w->newest) ? w->end_reason : BY_WINDOW;
	w->last = NULL;
	win->next = w->spare;
	w->spare = win;
	turn_begin(w->turn);
	if (let_go(w, win, 0) != OK || chain_settle(w->chain, w->latest) ==
	    FAIL || instance_flush(win->head, wb) != OK)
		return FAIL;
	*b = wb;
	return OK;
}

int64_t
windows_deadline(const struct windows *w)
{
	bool any = w->at < w->n;

	if (!w->live || !w->fresh || w->late == LATE_ALL ||
	    (!any && (!w->begun || w->empty >= WINDOWS_EMPTY)))
		return INT64_MAX;
	return time_less(w->mono, time_less(time_less(w->newest, w->late),
	    w->oldest.to));
}

bool
windows_silent(struct windows *w, int64_t mono)
{
	if (windows_deadline(w) > mono)
		return false;
	return windows_passed(w, time_less(time_less(w->newest, w->late),
	    w->mono - mono));
}

void
windows_flush(struct windows *w)
{
	w->flushing = w->n - w->at;
}

void
windows_end(struct windows *w, enum reason why)
{
	w->ending = true;
	w->end_reason = why;
}

void
windows_both(struct windows *w, struct both *b)
{
	int64_t width = w->grid.width, shift = w->grid.shift;
	uint64_t empty = w->empty, months = (uint64_t)w->grid.months;

	both_i64(b, &width);
	both_i64(b, &shift);
	both_u64(b, &months);
	both_bool(b, &w->seen);
	both_i64(b, &w->newest);
	both_u64(b, &w->latest);
	both_i64(b, &w->mark);
	both_i64(b, &w->oldest.from);
	both_i64(b, &w->oldest.to);
	both_bool(b, &w->begun);
	both_i64(b, &w->next);
	both_u64(b, &w->number);
	both_u64(b, &empty);
	both_expect(b, width == w->grid.width && shift == w->grid.shift &&
	    months == (uint64_t)w->grid.months &&
	    w->oldest.from < w->oldest.to && empty <= WINDOWS_EMPTY);
	w->empty = (unsigned)empty;
}

/* The next window that is read is a newer one; NULL: it is bad. */
static struct window *
read_window(struct windows *w, int64_t start)
{
	if (time_floor(start, &w->grid, w->local) != start || (w->n > w->at &&
	    w->open[w->n - 1]->batch.opened >= start))
		return NULL;
	return open_window(w, w->n, start);
}

struct instance *
window_both(struct windows *w, size_t i, struct both *b)
{
	struct window *win = both_reads(b) ? NULL : w->open[w->at + i];
	int64_t start = win == NULL ? 0 : win->batch.opened;
	struct batch *is;

	both_i64(b, &start);
	if (both_reads(b) && !both_bad(b))
		win = read_window(w, start);
	if (win == NULL)
		return NULL;
	is = &win->batch;
	both_u64(b, &is->records);
	both_u64(b, &is->bytes);
	both_u64(b, &is->first);
	both_u64(b, &is->last);
	both_i64(b, &is->from);
	both_i64(b, &is->to);
	store_both(&win->store, b);
	return win->head;
}
