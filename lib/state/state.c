/* state.c - --state: a run goes on where the last one ended */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/diag.h"
#include "lib/base/fd.h"
#include "lib/base/hash.h"
#include "lib/format/pack.h"
#include "lib/read/input.h"
#include "lib/run/feed.h"
#include "lib/run/snapshot.h"
#include "lib/state/lock.h"
#include "lib/state/state.h"
#include "lib/write/files.h"
#include "lib/write/out.h"

#define EVERY	1000000000	/* ns between two states of a run */

enum { SEED = 0x68656164 };

/* Packed words as they may be typed. */
static const char *
show(struct slice command, struct arena *a)
{
	struct unpack u = { .left = command, .arena = a };
	const char *s = "mbatch";
	struct slice word;

	while (u.left.n > 0 && !u.bad) {
		word = unpack_text(&u);
		s = arena_printf(a, "%s %.*s", s, (int)word.n,
		    word.n == 0 ? "" : word.p);
	}
	return s;
}

/* What the last run left, which must have been one of this command. */
static int
read_last(struct state *s, struct slice command)
{
	const char *name = s->opt->file, *why;
	struct slice text;

	if (saved_read(name, &text, s->arena) != OK)
		return FAIL;
	if (text.p == NULL || s->opt->reset ||
	    (text.n == 0 && saved_fd(name)))
		return OK;
	why = saved_get(&s->last, text, s->arena);
	if (why == NULL && !slice_eq(s->last.command, command))
		why = arena_printf(s->arena, "it is of another command, %s",
		    show(s->last.command, s->arena));
	if (why == NULL && s->places != s->last.begun)
		why = s->places ? "it is of an input that had no positions" :
		    "it is of an input that had positions";
	if (why == NULL)
		return OK;
	return diag_warn("--state %s: %s; --state-reset begins anew", name,
	    why);
}

static int
wrong_output(const struct state *s, const char *why)
{
	diag_warn("--state: standard output must be a regular file that is "
	    "appended to (>> FILE) and may be read; %s.  For a command: mbatch "
	    "--state %s --state-to %s.new ... | CMD && mv %s.new %s", why,
	    s->opt->file, s->opt->file, s->opt->file, s->opt->file);
	return EXIT_USAGE;
}

/* Standard output can be compared with what is written again: it is locked, and
   open to be read as *fd, until the end.  A device keeps nothing. */
static int
check_output(const struct state *s, int *fd)
{
	int flags = fcntl(STDOUT_FILENO, F_GETFL);
	struct stat st, back;

	*fd = 0;
	if (fstat(STDOUT_FILENO, &st) != 0 || flags < 0 ||
	    (flags & O_ACCMODE) == O_RDONLY)
		return wrong_output(s, "it is none");
	if (S_ISCHR(st.st_mode) && !isatty(STDOUT_FILENO))
		return EXIT_OK;
	if (!S_ISREG(st.st_mode))
		return wrong_output(s, "this is none: nobody knows what its "
		    "reader has got");
	fd_lock(STDOUT_FILENO, F_WRLCK);
	if (fstat(STDOUT_FILENO, &st) != 0 || ((flags & O_APPEND) == 0 &&
	    lseek(STDOUT_FILENO, 0, SEEK_CUR) < st.st_size))
		return wrong_output(s, "this would overwrite what is there");
	*fd = (flags & O_ACCMODE) == O_RDWR ?
	    fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) :
	    open("/dev/fd/1", O_RDONLY | O_CLOEXEC);
	if (*fd < 0 || fstat(*fd, &back) != 0 || !fd_same(&back, &st))
		return wrong_output(s, "this can't be read");
	if (!s->last.tried)
		return EXIT_OK;
	if (s->last.dev == (uint64_t)st.st_dev &&
	    s->last.ino == (uint64_t)st.st_ino && st.st_size >= s->last.length)
		return EXIT_OK;
	if (s->opt->skip)
		return EXIT_OK;
	diag_warn("--state: standard output is not what a run that was killed "
	    "wrote to; --state-skip gives that run up");
	return EXIT_RUN;
}

/* The try that was found can't be done again, or is to be given up. */
static int
give_up(struct state *s, const char *why)
{
	if (!s->opt->skip)
		return diag_warn("--state: a run was killed, and %s, so that "
		    "it can't be repeated; --state-skip gives it up", why);
	diag_warn("--state-skip: standard output from byte %jd on may be of a "
	    "run that was killed and is given up",
	    (intmax_t)s->last.length);
	s->again = s->last.tried = s->next.tried = false;
	s->next.files = (struct slice){ NULL, 0 };
	s->gave_up = true;
	return OK;
}

/* What a try needed that is no longer as it was; NULL: nothing. */
static const char *
find_other(const struct state *s, struct slice outside)
{
	struct unpack now = { .left = outside, .arena = s->arena };
	struct unpack then = { .left = s->last.outside, .arena = s->arena };
	struct slice name;

	while (now.left.n > 0) {
		name = unpack_text(&now);
		(void)unpack_text(&then);
		if (unpack_u64(&now) != unpack_u64(&then))
			return arena_printf(s->arena, "%.*s is no longer what "
			    "it was", (int)name.n, name.p);
	}
	return NULL;
}

/* What is to be read, of which files. */
static int
find_parts(struct state *s, struct slice outside)
{
	struct parts *p = &s->parts;
	const char *other = s->again ? find_other(s, outside) : NULL;
	uint64_t hash;

	if (s->again && other == NULL && !parts_again(p, &s->last))
		other = "what it read is no longer there";
	if (other != NULL && give_up(s, other) != OK)
		return FAIL;
	if (!s->again && !s->last.begun && s->opt->end) {
		if (parts_end(p) != OK)
			return FAIL;
	} else if (!s->again && parts_after(p, &s->last, s->opt->skip) != OK) {
		return FAIL;
	}
	hash = p->header.p == NULL ? 0 :
	    hash_bytes(p->header.p, p->header.n, SEED) | 1;
	if (hash != 0 && s->last.header != 0 && hash != s->last.header)
		return diag_warn("--state: the header is another one than "
		    "before: %s", diag_quote(p->header.p, p->header.n));
	s->next.header = hash == 0 ? s->last.header : hash;
	s->idle = !s->again && parts_bytes(p) == 0;
	return OK;
}

/* Where others may still write, a record that goes on with further lines is
   whole once they are there. */
static int
begin_part(const struct state *s, struct input *in)
{
	const struct part *p = s->here;
	bool keeps = p->of->name == NULL || p->to < p->of->size;

	if (input_part(in, p->of->fd, p->from, p->to, keeps))
		return OK;
	return diag_errno("standard input");
}

static int
begin_places(struct state *s, struct input *in, struct slice outside,
    bool headed, bool blanks)
{
	const struct state_options *o = s->opt;
	int64_t when = time_now();

	s->parts = (struct parts){ .term = in->term, .headed = headed,
	    .blanks = blanks, .arena = s->arena };
	s->again = s->last.tried;
	if (parts_open(&s->parts, in->fd, o->rotated, o->nrotated) != OK ||
	    find_parts(s, outside) != OK)
		return EXIT_RUN;
	if (!s->again)
		s->next.when = when;
	s->here = s->parts.part;
	s->resumed = s->here->from > 0;
	in->mtime = s->again ? s->last.now : in->mtime;
	s->next.now = in->mtime;
	s->next.outside = outside;
	return begin_part(s, in) == OK ? EXIT_OK : EXIT_RUN;
}

/* A file that is no state's is never replaced by one, nor waited for. */
static int
check_name(const char *option, const char *name, const char *other)
{
	struct stat st, is;
	const char *what = NULL;
	int fd;

	if (name == NULL || saved_fd(name))
		return EXIT_OK;
	if (stat(name, &st) != 0) {
		if (errno != ENOENT || lstat(name, &st) != 0)
			return EXIT_OK;
		what = "a link to nothing";
	} else if (!S_ISREG(st.st_mode)) {
		what = "no regular file";
	}
	for (fd = STDIN_FILENO; fd <= STDOUT_FILENO; fd++)
		if (fstat(fd, &is) == 0 && fd_same(&is, &st))
			what = fd == STDIN_FILENO ? "standard input" :
			    "standard output";
	if (other != NULL && stat(other, &is) == 0 && fd_same(&is, &st))
		what = "the file of --state too";
	if (what == NULL)
		return EXIT_OK;
	diag_warn("--%s %s: it is %s", option, name, what);
	return EXIT_USAGE;
}

/* NEW is not there any more, and can be written. */
static int
clear_new(const char *name, struct arena *a)
{
	const char *temp = arena_printf(a, "%s.tmp", name);
	int fd;

	if (unlink(name) != 0 && errno != ENOENT) {
		diag_errno("--state-to %s", name);
		return EXIT_RUN;
	}
	fd = saved_temp(temp);
	if (fd < 0) {
		diag_errno("--state-to: %s", temp);
		return EXIT_RUN;
	}
	close(fd);
	(void)unlink(temp);
	return EXIT_OK;
}

/* What tells the state from any other. */
static const char *
make_mark(const char *file, struct arena *a)
{
	char host[256] = "", folder[PATH_MAX] = "";
	const char *all;

	(void)gethostname(host, sizeof host - 1);
	if (*file == '/' || getcwd(folder, sizeof folder) == NULL)
		*folder = '\0';
	all = arena_printf(a, "%s:%s/%s", host, folder, file);
	return arena_printf(a, "%016" PRIx64, hash_bytes(all, strlen(all),
	    SEED));
}

/* Files that only the state may write to, to the end by NULL. */
static const char **
list_own(const struct state_options *o, struct arena *a)
{
	static const char *const ends[] = { "", ".lock", ".tmp" };
	const char *const names[] = { o->file, o->to };
	const char **own = arena_zero(a, 7 * sizeof *own);
	size_t i, n = 0;

	for (i = 0; i < 6; i++)
		if (names[i / 3] != NULL && !saved_fd(names[i / 3]))
			own[n++] = arena_printf(a, "%s%s", names[i / 3],
			    ends[i % 3]);
	return own;
}

bool
state_owns(void *vs, const char *name)
{
	const struct state *s = vs;
	const char *const *own;
	struct stat st, is;
	bool there = stat(name, &st) == 0;

	for (own = s->own; *own != NULL; own++)
		if (strcmp(fd_bare(*own), fd_bare(name)) == 0 || (there &&
		    stat(*own, &is) == 0 && fd_same(&is, &st)))
			return true;
	return false;
}

int
state_look(struct state *s, const struct state_options *o,
    struct slice command, bool places, struct arena *a)
{
	int r;

	*s = (struct state){ .opt = o, .arena = a, .places = places };
	r = read_last(s, command);
	s->places = false;
	return r;
}

int
state_begin(struct state *s, const struct state_options *o,
    struct slice command, struct slice outside, struct input *in, bool headed,
    bool blanks, bool sink, struct arena *a)
{
	int r, fd = 0;

	*s = (struct state){ .opt = o, .arena = a, .on = true,
	    .places = in->regular && !saved_fd(o->file) };
	if ((r = check_name("state", o->file, NULL)) != EXIT_OK ||
	    (r = check_name("state-to", o->to, o->file)) != EXIT_OK)
		return r;
	r = saved_fd(o->file) ? OK : lock_take(arena_printf(a, "%s.lock",
	    o->file), o->wait);
	if (r != OK)
		return r == DONE ? EXIT_HELD : EXIT_RUN;
	if (o->to != NULL && !saved_fd(o->to) &&
	    (r = clear_new(o->to, a)) != EXIT_OK)
		return r;
	if (read_last(s, command) != OK)
		return EXIT_RUN;
	s->next = s->last;
	s->next.command = command;
	s->sink = sink;
	s->mark = make_mark(o->file, a);
	s->own = list_own(o, a);
	if (!s->places)
		return EXIT_OK;
	if (o->to == NULL && !sink && (r = check_output(s, &fd)) != EXIT_OK)
		return r;
	s->back = fd;
	return begin_places(s, in, outside, headed, blanks);
}

void
state_end(struct state *s)
{
	parts_close(&s->parts);
	buf_free(&s->memory);
}

const char *
state_resume(const struct state *s, struct feed *f, struct out *o)
{
	const struct saved *l = &s->last;

	if (!s->on)
		return NULL;
	f->records = l->records;
	f->batches = l->batches;
	f->batcher.cur.number = l->batches + 1;
	f->windows.number = l->batches;
	if (l->headed && !encode_resume(&o->encode, l->columns, s->arena))
		return "its columns are none";
	return l->memory.n == 0 ? NULL : chain_restore(f, l->memory);
}

/* Writes the next state, and forgets the try that was in it. */
static int
write_next(struct state *s)
{
	struct buf b = { 0 };
	int r;

	if (!s->places)
		s->next.when = time_now();
	saved_put(&b, &s->next);
	r = saved_write(s->next.tried || s->opt->to == NULL ? s->opt->file :
	    s->opt->to, buf_text(&b), s->arena);
	buf_free(&b);
	s->next.tried = false;
	return r;
}

int
state_try(struct state *s, struct out *o)
{
	const struct parts *p = &s->parts;
	struct saved *t = &s->next;
	struct stat st;
	size_t i;

	if (!s->places || s->idle || s->opt->to != NULL)
		return OK;
	s->kept = time_mono();
	if (s->again && s->sink)
		diag_warn("--state: a run that failed or was killed is "
		    "repeated: batches from %" PRIu64 " on may have come to "
		    "their commands before", s->last.batches + 1);
	if (s->again) {
		o->stands = (struct stands){ .fd = s->back,
		    .at = s->last.length };
		s->tried = *t;
		t->tried = false;
		return OK;
	}
	if (fstat(STDOUT_FILENO, &st) != 0)
		return diag_errno("standard output");
	t->tried = true;
	t->dev = (uint64_t)st.st_dev;
	t->ino = (uint64_t)st.st_ino;
	t->length = s->back == 0 ? 0 : st.st_size;
	t->nparts = p->n;
	t->part = arena_zero(s->arena, p->n * sizeof *t->part);
	for (i = 0; i < p->n; i++) {
		t->part[i].from = p->part[i].from;
		if (mark_make(&t->part[i].end, p->part[i].of->fd,
		    p->part[i].to) != OK)
			return diag_errno("standard input");
	}
	/* A state that has a try has a position, if only the start. */
	if (!t->begun && mark_make(&t->at, p->part[0].of->fd, 0) != OK)
		return FAIL;
	t->begun = true;
	s->tried = *t;
	return write_next(s);
}

int
state_files(void *vs, const struct claims *c)
{
	struct state *s = vs;
	struct saved next = s->next;
	struct buf b = { 0 };
	int r;

	claims_put(c, &b);
	s->next = s->tried;
	s->next.files = buf_text(&b);
	r = write_next(s);
	s->next = next;
	buf_free(&b);
	return r;
}

static int
tell_cut(off_t to)
{
	return diag_warn("standard input was cut to %jd bytes while it was "
	    "read", (intmax_t)to);
}

int
state_next(struct state *s, struct input *in)
{
	struct parts *p = &s->parts;

	if (!s->places)
		return DONE;
	if (in->at < s->here->to)
		return tell_cut(in->at);
	if (p->at + 1 == p->n)
		return DONE;
	s->here = &p->part[++p->at];
	return begin_part(s, in);
}

void
state_remember(struct state *s, struct feed *f)
{
	s->memory.n = 0;
	chain_snapshot(f, &s->memory);
	s->next.memory = buf_text(&s->memory);
	s->next.records = f->records;
	s->next.batches = f->batches;
}

/* The part that the mark before it is of, NULL if it is none. */
static const struct part *
left_behind(const struct state *s, const struct part *part)
{
	size_t i;

	for (i = 1; i < s->parts.n; i++)
		if (s->parts.part[i].of == part->of)
			return &s->parts.part[i - 1];
	return NULL;
}

/* The state at the end of this part. */
static int
commit(struct state *s, const struct out *o, const struct part *part)
{
	bool late = s->parts.late && part->of == s->parts.part->of;
	const struct part *left = late ? part : left_behind(s, part);
	struct buf columns = { 0 };
	struct stat st;

	/* Behind what came late the position is the one that it was. */
	if ((!late && mark_make(&s->next.at, part->of->fd, part->to) != OK) ||
	    (left != NULL && left->of->name != NULL &&
	    mark_make(&s->next.left, left->of->fd, left->to) != OK)) {
		if (errno == ESPIPE && fstat(part->of->fd, &st) == 0)
			return tell_cut(st.st_size);
		return diag_errno("--state: what was read");
	}
	s->next.begun = true;
	if (encode_headed(&o->encode)) {
		s->next.headed = true;
		encode_save(&o->encode, &columns);
		s->next.columns = arena_copy(s->arena, buf_text(&columns));
		buf_free(&columns);
	}
	return write_next(s);
}

int
state_commit(struct state *s, const struct out *o, off_t at)
{
	struct part part;

	if (!s->places)
		return write_next(s);
	part = at < 0 ? s->parts.part[s->parts.n - 1] : *s->here;
	if (at >= 0)
		part.to = at;
	if (s->idle && !s->gave_up && s->opt->to == NULL && s->last.begun &&
	    mark_same(&s->last.at, part.of->fd) &&
	    s->last.at.at == part.to)
		return OK;
	return commit(s, o, &part);
}

/* Whether the next run can begin within what this one was to read: it remembers
   nothing, and has not written what it can't pass over any more. */
static bool
divides(const struct state *s, const struct feed *f)
{
	const struct chain *c = f->chain;
	size_t k;

	if (!s->places || (s->again && !s->sink) || s->opt->to != NULL ||
	    f->opt->event_time || f->opt->claims->names != NULL)
		return false;
	for (k = c->from; k < c->n; k++)
		if ((c->stage[k].op.traits & OP_ACROSS) != 0)
			return false;
	return true;
}

static int
commit_cut(struct state *s, const struct out *o)
{
	s->next.memory.n = 0;
	s->next.records = s->records;
	s->next.batches = s->batches;
	return commit(s, o, &s->cut_in);
}

int
state_keep(struct state *s, const struct feed *f, const struct out *o)
{
	if (!s->cut || !divides(s, f) || (!s->sink &&
	    (s->batches != f->batches || s->written != o->bytes)))
		return OK;
	return commit_cut(s, o);
}

/* Now and then what commands were given is not given once more to others, if
   the run is killed: what is left of the try is all that is repeated. */
int
state_cut(struct state *s, off_t at, const struct feed *f, const struct out *o)
{
	struct saved *t = &s->next;
	int64_t mono;

	if (!s->places)
		return OK;
	s->cut = true;
	s->cut_in = *s->here;
	s->cut_in.to = at;
	s->batches = f->cut_batches;
	s->records = f->cut_records;
	s->written = o->bytes;
	if (!s->sink || (mono = time_mono()) - s->kept < EVERY ||
	    !divides(s, f))
		return OK;
	s->kept = mono;
	t->part += s->parts.at + t->nparts - s->parts.n;
	t->nparts = s->parts.n - s->parts.at;
	t->part->from = at;
	t->tried = true;
	return commit_cut(s, o);
}
