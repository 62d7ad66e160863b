/* saved.c - what a run leaves to the next one, as one text file */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/diag.h"
#include "lib/base/fd.h"
#include "lib/base/hash.h"
#include "lib/format/pack.h"
#include "lib/state/saved.h"

#define FIRST	"mbatch state "
#define VERSION_LINE	FIRST "1\n"

enum { SEED = 0x73746174 };

void
saved_put(struct buf *b, const struct saved *s)
{
	size_t i, from = b->n;
	uint64_t hash;

	buf_str(b, VERSION_LINE "of\t");
	pack_text(b, s->command);
	buf_str(b, "\nat\t");
	pack_u64(b, s->begun);
	mark_put(b, &s->at);
	mark_put(b, &s->left);
	pack_u64(b, s->header);
	buf_str(b, "\nout\t");
	pack_u64(b, s->headed);
	pack_text(b, s->columns);
	pack_u64(b, s->batches);
	pack_u64(b, s->records);
	pack_i64(b, s->when);
	buf_str(b, "\ntry\t");
	pack_u64(b, s->tried ? s->nparts : 0);
	if (s->tried) {
		pack_i64(b, s->now);
		pack_u64(b, s->dev);
		pack_u64(b, s->ino);
		pack_u64(b, (uint64_t)s->length);
	}
	for (i = 0; s->tried && i < s->nparts; i++) {
		pack_u64(b, (uint64_t)s->part[i].from);
		mark_put(b, &s->part[i].end);
	}
	buf_str(b, "\nmemory\t");
	pack_u64(b, s->memory.n);
	buf_char(b, '\n');
	buf_slice(b, s->memory);
	hash = hash_bytes(b->p + from, b->n - from, SEED);
	buf_str(b, "end\t");
	pack_u64(b, hash);
	buf_char(b, '\n');
}

/* The line that comes next, without its first word and the tab behind it. */
static struct unpack
line(struct slice *text, const char *word, struct arena *a)
{
	struct unpack u = { .left = *text, .arena = a };
	const char *end = text->n == 0 ? NULL : memchr(text->p, '\n', text->n);
	size_t n = strlen(word);

	if (end == NULL || text->n <= n || memcmp(text->p, word, n) != 0 ||
	    text->p[n] != '\t') {
		u.left.n = 0;
		u.bad = true;
		return u;
	}
	u.left.n = (size_t)(end - text->p);
	text->n -= u.left.n + 1;
	text->p = end + 1;
	u.left.p += n + 1;
	u.left.n -= n + 1;
	return u;
}

static bool
get_try(struct saved *s, struct slice *text, struct arena *a)
{
	struct unpack u = line(text, "try", a);
	uint64_t n = unpack_u64(&u);
	size_t i;

	if (u.bad || n > u.left.n)
		return false;
	s->tried = n > 0;
	s->nparts = (size_t)n;
	if (!s->tried)
		return true;
	s->now = unpack_i64(&u);
	s->dev = unpack_u64(&u);
	s->ino = unpack_u64(&u);
	s->length = (off_t)unpack_u64(&u);
	s->part = arena_zero(a, s->nparts * sizeof *s->part);
	for (i = 0; i < s->nparts; i++) {
		s->part[i].from = (off_t)unpack_u64(&u);
		s->part[i].end = mark_get(&u);
	}
	return !u.bad && u.left.n == 0;
}

/* Whether the last line is the hash of all before it, which *text then is. */
static bool
is_whole(struct slice *text)
{
	struct slice last;
	struct unpack u;
	size_t n = text->n;

	if (n == 0 || text->p[n - 1] != '\n')
		return false;
	for (n--; n > 0 && text->p[n - 1] != '\n'; n--)
		;
	last = (struct slice){ text->p + n, text->n - n };
	u = line(&last, "end", NULL);
	text->n = n;
	return unpack_u64(&u) == hash_bytes(text->p, n, SEED) && !u.bad &&
	    u.left.n == 0;
}

const char *
saved_get(struct saved *s, struct slice text, struct arena *a)
{
	const size_t first = strlen(VERSION_LINE);
	const char *damaged = "it is damaged";
	struct unpack u;

	*s = (struct saved){ 0 };
	if (text.n < strlen(FIRST) ||
	    memcmp(text.p, FIRST, strlen(FIRST)) != 0)
		return "it is no state of mbatch";
	if (text.n < first || memcmp(text.p, VERSION_LINE, first) != 0)
		return "it was written by another version of mbatch";
	if (!is_whole(&text))
		return damaged;
	text.p += first;
	text.n -= first;
	u = line(&text, "of", a);
	s->command = unpack_text(&u);
	if (u.bad)
		return damaged;
	u = line(&text, "at", a);
	s->begun = unpack_u64(&u) != 0;
	s->at = mark_get(&u);
	s->left = mark_get(&u);
	s->header = unpack_u64(&u);
	if (u.bad)
		return damaged;
	u = line(&text, "out", a);
	s->headed = unpack_u64(&u) != 0;
	s->columns = unpack_text(&u);
	s->batches = unpack_u64(&u);
	s->records = unpack_u64(&u);
	s->when = unpack_i64(&u);
	if (u.bad || !get_try(s, &text, a))
		return damaged;
	u = line(&text, "memory", a);
	s->memory = text;
	return unpack_u64(&u) != text.n || u.bad ? damaged : NULL;
}

int
saved_read(const char *name, struct slice *text, struct arena *a)
{
	struct buf b = { 0 };
	int fd = open(name, O_RDONLY | O_CLOEXEC);
	ssize_t n = 1;

	*text = (struct slice){ NULL, 0 };
	if (fd < 0 && errno == ENOENT)
		return OK;
	while (fd >= 0 && n > 0) {
		n = read(fd, buf_room(&b, 4096), 4096);
		b.n += n > 0 ? (size_t)n : 0;
		if (n < 0 && errno == EINTR)
			n = 1;
	}
	if (fd < 0 || n < 0)
		diag_errno("--state %s", name);
	else
		*text = b.n == 0 ? SLICE("") :
		    arena_copy(a, (struct slice){ b.p, b.n });
	buf_free(&b);
	if (fd >= 0)
		close(fd);
	return fd < 0 || n < 0 ? FAIL : OK;
}

bool
saved_fd(const char *name)
{
	return strncmp(name, "/dev/fd/", 8) == 0;
}

int
saved_write(const char *name, struct slice text, struct arena *a)
{
	bool direct = saved_fd(name);
	char *real = direct ? NULL : realpath(name, NULL);
	const char *to = real == NULL ? name : arena_str(a, slice_str(real));
	const char *temp = direct ? to : arena_printf(a, "%s.tmp", to);
	int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
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
