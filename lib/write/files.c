/* files.c - many files written side by side, each named when it is whole */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/diag.h"
#include "lib/base/fd.h"
#include "lib/base/hash.h"
#include "lib/format/pack.h"
#include "lib/format/settings.h"
#include "lib/write/files.h"

enum { BASE = 200 };		/* bytes of a name that its first one keeps */

struct claim {
	const char *name;
	struct claim *next;
};

bool
files_claim(const struct options *opt, const char *name)
{
	struct claim *c;
	struct stat st;

	name = fd_bare(name);
	if (fd_standard(name) >= 0 ||
	    (stat(name, &st) == 0 && !S_ISREG(st.st_mode)))
		return true;
	for (c = opt->claims->names; c != NULL; c = c->next)
		if (strcmp(c->name, name) == 0)
			return false;
	c = arena_alloc(opt->arena, sizeof *c);
	*c = (struct claim){ name, opt->claims->names };
	opt->claims->names = c;
	return true;
}

void
files_init(struct files *fs, struct claims *claims, unsigned order,
    const char *who, bool append, uint64_t seed)
{
	*fs = (struct files){ .claims = claims, .next = claims->files,
	    .order = order, .who = who, .append = append,
	    .most = FILES_OPEN };
	claims->files = fs;
	fs->names = table_new(seed);
}

static int
fail(const struct files *fs, struct file *f, const char *name)
{
	diag_errno("%s: %s", fs->who, name);
	f->failed = true;
	return FAIL;
}

/* The same where nothing failed: what is wrong, behind the name. */
static int
refuse(const struct files *fs, struct file *f, const char *why)
{
	diag_warn("%s: %s%s", fs->who, f->name, why);
	f->failed = true;
	return FAIL;
}

static int
close_file(struct files *fs, struct file *f)
{
	size_t i, at = (size_t)(f - fs->file);
	int r;

	if (f->fd < 0)
		return OK;
	for (i = 0; fs->open[i] != at; i++)
		;
	fs->open[i] = fs->open[--fs->nopen];
	r = fs->claims->mark == NULL || f->failed ? 0 : fsync(f->fd);
	r = close(f->fd) == 0 ? r : -1;
	f->fd = -1;
	return r == 0 || f->failed ? OK : fail(fs, f, f->name);
}

/* --state: the place in had of the file of that name, which gets this length
   unless it has one. */
static size_t
note(struct claims *c, const char *name, off_t length)
{
	const struct slice s = slice_str(name);
	uint32_t at;

	if (c->begun == NULL)
		c->begun = table_new(c->seed);
	table_find(c->begun, &s, 1, 0, &at);
	MEM_RESERVE(c->had, c->hadcap, table_count(c->begun));
	if (at == c->noted)
		c->had[c->noted++] = (struct grown){ .length = length };
	return at;
}

void
claims_put(const struct claims *c, struct buf *b)
{
	size_t i;

	for (i = 0; i < c->noted; i++) {
		pack_text(b, table_key(c->begun, i));
		pack_u64(b, (uint64_t)c->had[i].length);
	}
}

void
claims_get(struct claims *c, struct slice packed)
{
	struct arena a = { 0 };
	struct unpack u = { .left = packed, .arena = &a };
	struct slice name;
	off_t length;
	size_t at;

	for (;;) {
		name = unpack_text(&u);
		length = (off_t)unpack_u64(&u);
		if (u.bad)
			break;		/* none is left */
		at = note(c, arena_str(&a, name), length);
		c->had[at].stands = (struct stands){ .fd = 1, .at = length };
	}
	c->told = c->noted;
	arena_free(&a);
}

void
claims_free(struct claims *c)
{
	if (c->begun != NULL)
		table_free(c->begun);
	free(c->had);
}

/* OK or FAIL (told). */
static int
tell_noted(struct claims *c)
{
	if (c->told == c->noted)
		return OK;
	if (c->tell(c->told_by, c) != OK)
		return FAIL;
	c->told = c->noted;
	return OK;
}

/* One more may be open: of those that are the least recently used closes. */
static int
make_room(struct files *fs)
{
	struct file *oldest, *f;
	size_t i;
	int r = OK;

	while (r == OK && fs->nopen >= fs->most) {
		oldest = &fs->file[fs->open[0]];
		for (i = 1; i < fs->nopen; i++) {
			f = &fs->file[fs->open[i]];
			if (f->used < oldest->used)
				oldest = f;
		}
		r = close_file(fs, oldest);
	}
	return r;
}

/* As fd_open.  Where there is no descriptor left half of the files are closed,
   so that others find some too. */
static int
open_name(struct files *fs, const char *name, int flags)
{
	int fd;

	while ((fd = fd_open(name, flags)) < 0 &&
	    (errno == EMFILE || errno == ENFILE) && fs->nopen > 0) {
		fs->most = (fs->nopen + 1) / 2;
		if (make_room(fs) != OK)
			return -1;
	}
	return fd;
}

/* Whether the temporary name still is that of the file which was made; else
   ESTALE. */
static bool
is_made(const struct file *f, const struct stat *st)
{
	if (st->st_dev == f->dev && st->st_ino == f->ino)
		return true;
	errno = ESTALE;
	return false;
}

/* Another operator is making a file of that name, and the later one of the two
   does not add: told at once, but both go on, as at the end only one will get
   the name and the other stays under its first one. */
static void
tell_other(const struct files *fs, const struct file *f)
{
	const struct slice name = slice_str(f->name);
	const struct files *o;
	uint32_t at;

	for (o = fs->claims->files; o != NULL; o = o->next) {
		if (o->order == fs->order || table_count(o->names) == 0 ||
		    (o->order > fs->order ? o : fs)->append)
			continue;
		table_find(o->names, &name, 1, 1, &at);	/* adds none */
		if (at == TABLE_FULL || o->file[at].temp == NULL)
			continue;
		diag_warn("%s: %s %s makes %s, too; -a %sadds to it", fs->who,
		    o->order > fs->order ? "a later" : "an earlier", o->who,
		    f->name, o->order > fs->order ? "there " : "");
	}
}

/* The first name, in the same folder: a new one, or that which a run that is
   repeated had, too. */
static void
name_temp(struct files *fs, struct file *f)
{
	const char *slash = strrchr(f->name, '/');
	size_t dir = slash == NULL ? 0 : (size_t)(slash - f->name) + 1;
	size_t size = dir + BASE + 64;

	if (f->temp == NULL)
		f->temp = mem_alloc(size);
	if (fs->claims->mark != NULL)
		snprintf(f->temp, size, "%.*s.%.*s.%s-%u", (int)dir, f->name,
		    BASE, f->name + dir, fs->claims->mark, fs->order);
	else
		snprintf(f->temp, size, "%.*s.%.*s.%ld-%lu", (int)dir, f->name,
		    BASE, f->name + dir, (long)getpid(), fs->made++);
}

/* What a run that was killed left. */
static void
drop_temp(struct files *fs, struct file *f)
{
	name_temp(fs, f);
	(void)unlink(f->temp);
	free(f->temp);
	f->temp = NULL;
}

/* Opens under the first name, where nothing is yet. */
static int
make_temp(struct files *fs, struct file *f)
{
	struct stat st;
	int tries;

	tell_other(fs, f);
	if (fs->claims->mark != NULL)
		drop_temp(fs, f);
	for (tries = 0; tries < 100; tries++) {
		name_temp(fs, f);
		f->fd = open_name(fs, f->temp, O_CREAT | O_EXCL | O_APPEND);
		if (f->fd >= 0 || errno != EEXIST)
			break;
	}
	if (f->fd >= 0 && fstat(f->fd, &st) == 0) {
		f->dev = st.st_dev;
		f->ino = st.st_ino;
		return OK;
	}
	free(f->temp);
	f->temp = NULL;
	return fail(fs, f, f->name);
}

/* --state: how long the file, which has size bytes, was before: OK, or FAIL
   (told).  What a run that is repeated added, this one compares. */
static int
know(struct files *fs, struct file *f, off_t size)
{
	struct claims *c = fs->claims;
	size_t at = note(c, f->name, size);
	struct grown *h = &c->had[at];

	if (size < h->length) {
		diag_warn("%s: %s has %jd bytes, and had %jd before what a run "
		    "that was killed wrote%s", fs->who, f->name,
		    (intmax_t)size, (intmax_t)h->length, c->skip ? "" :
		    "; --state-skip goes on");
		f->failed = !c->skip;
		if (f->failed)
			return FAIL;
		*h = (struct grown){ .length = size };
	}
	if (c->again && h->length == 0)
		drop_temp(fs, f);
	f->headed = (h->stands.fd > 0 ? h->stands.at : size) > 0;
	f->had = at + 1;
	return OK;
}

/* Its place in had, TABLE_FULL: none. */
static uint32_t
find_noted(const struct claims *c, const struct file *f)
{
	const struct slice name = slice_str(f->name);
	uint32_t at = TABLE_FULL;

	if (c->begun != NULL)
		table_look(c->begun, &name, 1, &at);
	return at;
}

/* Nothing has the name. */
static int
open_new(struct files *fs, struct file *f)
{
	uint32_t at = find_noted(fs->claims, f);

	if (at != TABLE_FULL) {
		if (know(fs, f, 0) != OK)
			return FAIL;
		fs->claims->had[at].stands.fd = 0;
	}
	f->headed = false;
	return make_temp(fs, f);
}

static int
open_first(struct files *fs, struct file *f)
{
	struct stat st;
	bool file;

	f->headed = false;
	f->head = 0;
	if (fs->claims->owns != NULL &&
	    fs->claims->owns(fs->claims->told_by, f->name))
		return refuse(fs, f, ": that is a file of --state");
	if (stat(f->name, &st) != 0) {
		if (errno != ENOENT)
			return fail(fs, f, f->name);
		if (lstat(f->name, &st) != 0)
			return open_new(fs, f);
		errno = EEXIST;		/* a link to nothing */
		return fail(fs, f, f->name);
	}
	file = S_ISREG(st.st_mode) && fd_standard(f->name) < 0;
	if (file && fs->once && fs->claims->again)
		return make_temp(fs, f);
	if (file && !fs->append && !f->made &&
	    find_noted(fs->claims, f) == TABLE_FULL &&
	    (fs->once || !fs->claims->resumed))
		return refuse(fs, f, " is there already; -a adds to it");
	if (fd_is_input(&st))
		return refuse(fs, f, ": that is the input file");
	f->headed = file && st.st_size > 0;
	if (file && fs->claims->mark != NULL && know(fs, f, st.st_size) != OK)
		return FAIL;
	f->fd = open_name(fs, f->name, O_APPEND);
	return f->fd < 0 ? fail(fs, f, f->name) : OK;
}

/* Opens it for the first time, or again, to go on. */
static int
open_file(struct files *fs, struct file *f)
{
	const char *name = f->temp != NULL ? f->temp : f->name;
	size_t at = (size_t)(f - fs->file);
	struct stat st;

	if (f->fd >= 0)
		return OK;
	if (make_room(fs) != OK)
		return FAIL;
	if (!f->begun) {	/* with its place, so that none is forgotten */
		MEM_RESERVE(fs->begun, fs->beguncap, fs->nbegun + 1);
		if (open_first(fs, f) != OK)
			return FAIL;
		fs->begun[fs->nbegun++] = at;
		f->begun = true;
	} else if ((f->fd = open_name(fs, name, O_APPEND)) < 0) {
		return fail(fs, f, name);
	} else if (f->temp != NULL &&
	    (fstat(f->fd, &st) != 0 || !is_made(f, &st))) {
		fail(fs, f, name);
		close(f->fd);
		f->fd = -1;
		return FAIL;
	}
	fs->open[fs->nopen++] = at;
	return OK;
}

struct file *
files_get(struct files *fs, struct slice name)
{
	struct file *f;
	uint32_t at;

	table_find(fs->names, &name, 1, 0, &at);
	if (at == fs->n) {
		MEM_RESERVE(fs->file, fs->cap, fs->n + 1);
		f = &fs->file[fs->n++];
		*f = (struct file){ .fd = -1 };
		f->name = mem_zero(name.n + 1);
		memcpy(f->name, name.p, name.n);
	}
	f = &fs->file[at];
	f->used = ++fs->clock;
	if (f->failed || (!f->begun && open_file(fs, f) != OK))
		return NULL;
	return f;
}

void
files_touch(struct files *fs, struct file *f)
{
	if (!f->waits) {
		MEM_RESERVE(fs->dirty, fs->dirtycap, fs->ndirty + 1);
		fs->dirty[fs->ndirty++] = (size_t)(f - fs->file);
		f->waits = true;
	}
	f->whole = f->buf.n;
}

/* What stands there already is left out.  OK, or FAIL with errno. */
static int
write_file(const struct files *fs, struct file *f)
{
	struct stands *s = f->had == 0 ? NULL :
	    &fs->claims->had[f->had - 1].stands;
	size_t there = 0;
	int fd;

	if (s != NULL && s->fd > 0) {
		fd = open(f->name, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return FAIL;
		s->fd = fd;
		s->name = f->name;
		there = stands_skip(s, f->buf.p, f->whole);
		(void)close(fd);
	}
	return fd_write(f->fd, f->buf.p + there, f->whole - there);
}

int
files_write(struct files *fs)
{
	struct file *f;
	size_t i;
	int r = tell_noted(fs->claims), w = r;

	for (i = 0; i < fs->ndirty; i++) {
		f = &fs->file[fs->dirty[i]];
		if (f->failed || w == FAIL || open_file(fs, f) != OK)
			r = FAIL;
		else if (write_file(fs, f) != OK)
			r = fail(fs, f, f->name);
		f->waits = false;
		f->buf.n = f->whole = 0;
	}
	fs->ndirty = 0;
	return r;
}

/* Whether all of the one file is what the other one begins with. */
static bool
begins(int one, int other)
{
	char a[4096], b[4096];
	off_t at = 0;
	ssize_t n;

	while ((n = fd_read_at(one, a, sizeof a, at)) > 0) {
		if (fd_read_at(other, b, (size_t)n, at) != n ||
		    memcmp(a, b, (size_t)n) != 0)
			return false;
		at += n;
	}
	return n == 0;
}

/* What was written goes behind what is in the file of its name by now; of one
   that is written once, where that is its beginning, the rest.  0, or -1 with
   errno. */
static int
add_to_other(const struct files *fs, const struct file *f)
{
	struct stat st;
	int r = FAIL, from = open(f->temp, O_RDONLY | O_CLOEXEC);
	int is = fs->once ? open(f->name, O_RDONLY | O_CLOEXEC) : -1;
	int to = fd_open(f->name, O_APPEND);

	if (fs->once && !begins(is, from))
		errno = EEXIST;
	else if (from >= 0 && to >= 0 && fstat(to, &st) == 0)
		r = fd_copy(from, fs->once ? (uint64_t)st.st_size :
		    st.st_size > 0 ? f->head : 0, to);
	if (r == OK && fs->claims->mark != NULL && fsync(to) != 0)
		r = FAIL;
	r |= to >= 0 && close(to) != 0 ? FAIL : OK;
	(void)(is >= 0 && close(is));
	(void)(from >= 0 && close(from));
	return r == OK ? unlink(f->temp) : -1;
}

/* Its name, unless something else has it by now: 0, or -1 with errno.  It may
   have it where memory ended in here. */
static int
give_name(const struct files *fs, const struct file *f)
{
	struct stat st;

	if (lstat(f->temp, &st) != 0 || !is_made(f, &st))
		return -1;
	if (link(f->temp, f->name) == 0 || (errno == EEXIST &&
	    lstat(f->name, &st) == 0 && is_made(f, &st))) {
		if (fs->claims->mark != NULL)
			(void)fd_sync_folder(f->name);
		return unlink(f->temp);
	}
	if (errno != EEXIST && lstat(f->name, &st) != 0)
		return rename(f->temp, f->name);
	if (fs->append || (fs->once && fs->claims->again))
		return add_to_other(fs, f);
	errno = EEXIST;
	return -1;
}

static void
forget_all(struct files *fs)
{
	size_t i;

	for (i = 0; i < fs->n; i++) {
		free(fs->file[i].name);
		buf_free(&fs->file[i].buf);
	}
	fs->n = 0;
	table_reset(fs->names);
}

int
files_finish(struct files *fs, bool forget)
{
	struct claims *c = fs->claims;
	struct file *f;
	size_t i;
	int r = files_write(fs), told;

	for (i = 0; i < fs->nbegun && c->mark != NULL && !fs->once; i++)
		if (fs->file[fs->begun[i]].temp != NULL)
			(void)note(c, fs->file[fs->begun[i]].name, 0);
	if ((told = tell_noted(c)) != OK)
		r = FAIL;
	for (i = 0; i < fs->nbegun; i++) {
		f = &fs->file[fs->begun[i]];
		if (close_file(fs, f) != OK)
			r = FAIL;
		if (f->temp != NULL) {
			f->failed |= told != OK;
			f->made = !f->failed && give_name(fs, f) == 0;
			if (f->failed)
				diag_warn("%s: %s is not whole; what there is "
				    "of it is left in %s", fs->who, f->name,
				    f->temp);
			else if (!f->made)
				diag_errno("%s: what is meant for %s is left "
				    "in %s", fs->who, f->name, f->temp);
			if (!f->made)
				r = FAIL;
			free(f->temp);
			f->temp = NULL;
		}
		buf_free(&f->buf);
		f->whole = 0;
		f->begun = false;
	}
	fs->nbegun = 0;
	if (forget)
		forget_all(fs);
	return r;
}

void
files_free(struct files *fs)
{
	struct files **at = &fs->claims->files;

	while (*at != fs)
		at = &(*at)->next;
	*at = fs->next;
	forget_all(fs);
	table_free(fs->names);
	free(fs->file);
	free(fs->dirty);
	free(fs->begun);
}
