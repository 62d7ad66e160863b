/* input - large files, which a thread reads ahead, give their records too */
#include <poll.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/read/ahead.h"
#include "lib/read/input.h"
#include "lib/scan/scan.h"
#include "test/unit/check.h"

enum { LARGE = AHEAD_FROM + 9 * AHEAD_BLOCK, MAX = 64 };

static char *text;		/* what the file holds */
static size_t size;
static int fd;

/* Most records are short; some do not fit before a block or in one. */
static size_t
record_size(void)
{
	uint64_t r = rnd();

	if (r % 5000 == 0)
		return AHEAD_BLOCK + rnd() % (3 * AHEAD_BLOCK);
	if (r % 1000 == 0)
		return rnd() % (2 * AHEAD_ROOM);
	return r % 100;
}

static void
make_text(size_t n)
{
	size_t i = 0, end;

	size = n;
	while (i < n) {
		end = i + record_size();
		for (; i < end && i < n; i++)
			text[i] = i % 31 == 0 ? '"' : (char)('a' + i % 23);
		if (i < n)
			text[i++] = '\n';
	}
}

static void
append(const char *p, size_t n)
{
	ssize_t k;

	while (n > 0) {
		k = write(fd, p, n);
		CHECK(k > 0, "cannot write to a temporary file");
		p += k;
		n -= (size_t)k;
	}
}

static void
open_text(struct input *in, size_t max_record)
{
	FILE *f = tmpfile();

	CHECK(f != NULL, "no temporary file");
	fd = dup(fileno(f));
	fclose(f);
	append(text, size);
	lseek(fd, 0, SEEK_SET);
	input_init(in, fd, '\n', max_record);
}

/* Where the record at at ends. */
static size_t
end_of_record(size_t at)
{
	const char *p = memchr(text + at, '\n', size - at);

	return p == NULL ? size : (size_t)(p - text);
}

/* Compares the records that are there with the text from at, where those that
   are too long are passed over; returns where the next one begins. */
static size_t
take(struct input *in, size_t at)
{
	struct slice rec[MAX];
	size_t i, n;

	while ((n = input_records(in, rec, MAX)) > 0 || in->too_long) {
		if (n == 0)
			input_skip(in);
		for (i = 0; i < n; i++) {
			CHECK(at <= size, "more than was written");
			while (end_of_record(at) - at > in->max_record)
				at = end_of_record(at) + 1;
			CHECK(rec[i].n == end_of_record(at) - at &&
			    memcmp(rec[i].p, text + at, rec[i].n) == 0,
			    "the record at %zu", at);
			at += rec[i].n + 1;
		}
	}
	return at;
}

static void
test_whole(size_t n, size_t max_record)
{
	struct input in;
	size_t at = 0;

	make_text(n);
	open_text(&in, max_record);
	while (input_fill(&in) == INPUT_MORE)
		at = take(&in, at);
	at = take(&in, at);
	while (at < size && end_of_record(at) - at > max_record)
		at = end_of_record(at) + 1;
	CHECK(at >= size && in.eof, "%zu of %zu bytes", at, size);
	input_free(&in);
	CHECK(lseek(fd, 0, SEEK_CUR) == (off_t)size, "not at the end");
	close(fd);
}

/* What is written while the file is read belongs to it, here when so many
   blocks were taken: if these are all, its end may have been read ahead. */
static void
test_growing(size_t blocks)
{
	struct input in;
	size_t at = 0, more = 5 * AHEAD_BLOCK + 17;

	make_text(LARGE + more);
	size = LARGE;
	open_text(&in, size);
	while (input_fill(&in) == INPUT_MORE) {
		at = take(&in, at);
		if (--blocks != 0)
			continue;
		(void)poll(NULL, 0, 2);		/* ms */
		CHECK(pwrite(fd, text + size, more, (off_t)size) ==
		    (ssize_t)more, "cannot append");
		size += more;
	}
	at = take(&in, at);
	CHECK(at >= size, "%zu of %zu bytes", at, size);
	input_free(&in);
	close(fd);
}

/* A file cut while it is read ends there, or where it ended when that was
   read. */
static void
test_cut(void)
{
	struct input in;
	size_t at = 0;

	make_text(LARGE);
	open_text(&in, size);
	while (input_fill(&in) == INPUT_MORE) {
		at = take(&in, at);
		if (at > LARGE / 4)
			CHECK(ftruncate(fd, LARGE / 2) == 0, "cannot cut");
	}
	CHECK(at <= size, "%zu of %zu bytes", at, size);
	input_free(&in);
	close(fd);
}

/* Reading that ends early leaves the file where it stopped. */
static void
test_early(void)
{
	struct input in;
	off_t pos;
	int i;

	make_text(LARGE);
	open_text(&in, size);
	for (i = 0; i < 9; i++)
		CHECK(input_fill(&in) == INPUT_MORE, "no block %d", i);
	input_free(&in);
	pos = lseek(fd, 0, SEEK_CUR);
	CHECK(pos == 9 * AHEAD_BLOCK, "at %lld", (long long)pos);
	close(fd);
}

/* A thread that is ahead by the whole ring waits, and is woken or stopped. */
static void
test_slow_taker(void)
{
	struct ahead *a;
	struct input in;
	const struct ahead_block *b;
	size_t i;

	make_text(LARGE);
	open_text(&in, size);
	a = ahead_new(fd, '\n', INT64_MAX);
	for (i = 0; a != NULL && i < LARGE / AHEAD_BLOCK; i++) {
		b = ahead_next(a);
		CHECK(b->n == AHEAD_BLOCK, "block %zu", i);
		CHECK(memcmp(b->p, text + i * AHEAD_BLOCK, AHEAD_BLOCK) == 0,
		    "block %zu", i);
		if (i % 16 == 0)
			(void)poll(NULL, 0, 2);	/* ms */
	}
	ahead_free(a);
	input_free(&in);
	close(fd);
}

int
main(void)
{
	int i;

	scan_init();
	text = mem_alloc(2 * LARGE);
	test_whole(AHEAD_FROM / 2, LARGE);
	for (i = 0; i < 5; i++)
		test_whole(LARGE + rnd() % AHEAD_BLOCK, 2 * LARGE);
	test_whole(LARGE, LARGE);
	test_whole(LARGE, 80);
	test_whole(LARGE, AHEAD_ROOM);
	test_growing(LARGE / AHEAD_BLOCK / 2);
	test_growing(LARGE / AHEAD_BLOCK);
	test_cut();
	test_early();
	test_slow_taker();
	free(text);
	return 0;
}
