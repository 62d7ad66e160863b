/* saved.c - what a run leaves to the next one, as one text file */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/diag.h"
#include "lib/base/fd.h"
#include "lib/base/hash.h"
#include "lib/format/pack.h"
#include "lib/state/saved.h"

#define FIRST	"mbatch state "
#define VERSION_LINE	FIRST "2\n"

enum { SEED = 0x73746174 };

static void
both_off(struct both *b, off_t *at)
{
	uint64_t u = (uint64_t)*at;

	both_u64(b, &u);
	*at = (off_t)u;
	both_expect(b, *at >= 0);
}

static void
both_mark(struct both *b, struct mark *m)
{
	both_off(b, &m->at);
	both_u64(b, &m->head);
	both_u64(b, &m->tail);
	both_u64(b, &m->dev);
	both_u64(b, &m->ino);
}

static void
both_try(struct both *b, struct saved *s, struct arena *a)
{
	size_t i;

	both_i64(b, &s->now);
	both_u64(b, &s->dev);
	both_u64(b, &s->ino);
	both_off(b, &s->length);
	s->outside = both_text(b, s->outside);
	s->files = both_text(b, s->files);
	s->nparts = both_count(b, s->nparts);
	both_expect(b, s->nparts > 0);
	if (both_reads(b))
		s->part = arena_zero(a, (s->nparts + 1) * sizeof *s->part);
	for (i = 0; i < s->nparts && !both_bad(b); i++) {
		both_off(b, &s->part[i].from);
		both_mark(b, &s->part[i].end);
	}
}

/* The second line. */
static void
both_saved(struct both *b, struct saved *s, struct arena *a)
{
	s->command = both_text(b, s->command);
	both_bool(b, &s->begun);
	both_mark(b, &s->at);
	both_mark(b, &s->left);
	both_u64(b, &s->header);
	both_bool(b, &s->headed);
	s->columns = both_text(b, s->columns);
	both_u64(b, &s->batches);
	both_u64(b, &s->records);
	both_i64(b, &s->when);
	both_bool(b, &s->tried);
	if (s->tried)
		both_try(b, s, a);
}

void
saved_put(struct buf *b, struct saved *s)
{
	size_t from = b->n;
	uint64_t hash;

	buf_str(b, VERSION_LINE);
	both_saved(&(struct both){ .out = b }, s, NULL);
	buf_char(b, '\n');
	buf_slice(b, s->memory);
	hash = hash_bytes(b->p + from, b->n - from, SEED);
	buf_str(b, "end\t");
	pack_u64(b, hash);
	buf_char(b, '\n');
}

/* Whether the last line is the hash of all before it, which *text then is. */
static bool
is_whole(struct slice *text)
{
	static const char word[] = "end\t";
	struct unpack u = { .left = *text };
	size_t n = text->n;

	if (n == 0 || text->p[n - 1] != '\n')
		return false;
	for (n--; n > 0 && text->p[n - 1] != '\n'; n--)
		;
	if (text->n - n < sizeof word ||
	    memcmp(text->p + n, word, sizeof word - 1) != 0)
		return false;
	u.left.p += n + sizeof word - 1;
	u.left.n -= n + sizeof word - 1;
	text->n = n;
	return unpack_u64(&u) == hash_bytes(text->p, n, SEED) && !u.bad &&
	    slice_eq(u.left, SLICE("\n"));
}

const char *
saved_get(struct saved *s, struct slice text, struct arena *a)
{
	const size_t first = strlen(VERSION_LINE);
	const char *end;
	struct unpack u = { .arena = a };

	*s = (struct saved){ 0 };
	if (text.n < strlen(FIRST) ||
	    memcmp(text.p, FIRST, strlen(FIRST)) != 0)
		return "it is no state of mbatch";
	if (text.n < first || memcmp(text.p, VERSION_LINE, first) != 0)
		return "it was written by another version of mbatch";
	if (!is_whole(&text))
		return "it is damaged";
	u.left = (struct slice){ text.p + first, text.n - first };
	end = u.left.n == 0 ? NULL : memchr(u.left.p, '\n', u.left.n);
	if (end == NULL)
		return "it is damaged";
	s->memory = (struct slice){ end + 1,
	    (size_t)(text.p + text.n - end) - 1 };
	u.left.n = (size_t)(end - u.left.p);
	both_saved(&(struct both){ .in = &u }, s, a);
	return u.bad || u.left.n > 0 ? "it is damaged" : NULL;
}

int
saved_read(const char *name, struct slice *text, struct arena *a)
{
	struct buf b = { 0 };
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	int r;

	*text = (struct slice){ NULL, 0 };
	if (fd < 0 && errno == ENOENT)
		return OK;
	r = fd < 0 ? FAIL : fd_read_all(fd, &b);
	if (r != OK)
		diag_errno("--state %s", name);
	else
		*text = b.n == 0 ? SLICE("") : arena_copy(a, buf_text(&b));
	buf_free(&b);
	if (fd >= 0)
		close(fd);
	return r;
}

bool
saved_fd(const char *name)
{
	return strncmp(name, "/dev/fd/", 8) == 0;
}

/* What lies there is of a run that was killed, or a link laid by somebody. */
int
saved_temp(const char *name)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	int fd = open(name, flags, 0666);

	if (fd < 0 && errno == EEXIST && unlink(name) == 0)
		fd = open(name, flags, 0666);
	return fd;
}

int
saved_write(const char *name, struct slice text, struct arena *a)
{
	bool direct = saved_fd(name);
	char *real = direct ? NULL : realpath(name, NULL);
	const char *to = real == NULL ? name : arena_str(a, slice_str(real));
	const char *temp = direct ? to : arena_printf(a, "%s.tmp", to);
	int fd = direct ? open(temp, O_WRONLY | O_TRUNC | O_CLOEXEC) :
	    saved_temp(temp);
	int r = fd < 0 ? FAIL : fd_write(fd, text.p, text.n), error;

	free(real);
	if (r == OK && fsync(fd) != 0 && errno != EINVAL)
		r = FAIL;
	error = errno;
	if (fd >= 0 && fd_close(fd) != OK && r == OK) {
		error = errno;
		r = FAIL;
	}
	errno = error;
	if (r == OK && !direct && (rename(temp, to) != 0 ||
	    fd_sync_folder(to) != OK))
		r = FAIL;
	if (r == OK)
		return OK;
	diag_errno("--state: %s", temp);
	if (!direct)
		(void)unlink(temp);
	return FAIL;
}
