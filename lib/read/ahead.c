/* ahead.c - a large file read and cut ahead by a second thread */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/gang.h"
#include "lib/base/processors.h"
#include "lib/read/ahead.h"
#include "lib/scan/scan.h"

/*
 * The blocks lie in a ring.  Waking a thread takes as long as reading a block
 * or two, so the reader goes on once half of the ring is free and not for each
 * block, and who waits for a block that is being read takes to reading too.
 * Blocks begin at a page: a copy whose target lies a few bytes further into its
 * page than the source was measured to take four times as long.
 */
enum {
	RING = 8,
	WAKE = RING / 2,
	STRIDE = AHEAD_ROOM + AHEAD_BLOCK,
	PAGE = 4096,
	ENDS = AHEAD_BLOCK / 32		/* more only if records are short */
};

struct slot {
	struct ahead_block block;
	bool full;			/* it was read */
	uint32_t end[ENDS + SCAN_ROOM];
};

struct ahead {
	int fd;
	char term;
	off_t from;			/* where block 0 begins */
	off_t end;			/* no byte from here on is read */
	pthread_t thread;
	char *ring;			/* the first page in mem */
	size_t taken;			/* blocks that ahead_next gave */
	off_t to;			/* where the latest of them ends */
	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t filled, freed;
	size_t begun, spare;		/* blocks so far: that somebody reads or
					   read, that nobody needs any more */
	bool idle;			/* the reader waits for room */
	bool stop;
	struct slot slot[RING];
	char mem[RING * STRIDE + PAGE];
};

static bool
has_room(const struct ahead *a)
{
	return a->begun - a->spare < RING;
}

static off_t
offset_of(const struct ahead *a, size_t i)
{
	return a->from + (off_t)i * AHEAD_BLOCK;
}

/* Reads block i into its slot.  Interrupted it has failed, so that the signal
   is looked at; then the caller reads on by itself. */
static void
fill(const struct ahead *a, struct slot *s, size_t i)
{
	struct ahead_block *b = &s->block;
	off_t at = offset_of(a, i), left = a->end - at;
	size_t most = left < AHEAD_BLOCK ? left < 0 ? 0 : (size_t)left :
	    AHEAD_BLOCK;

	b->p = a->ring + i % RING * STRIDE + AHEAD_ROOM;
	b->n = pread(a->fd, b->p, most, at);
	b->error = errno;
	b->end = s->end;
	b->nends = b->n <= 0 ? 0 :
	    scan_ends(b->p, (size_t)b->n, a->term, s->end, ENDS);
	b->all = b->nends < ENDS;
}

/* Reads the next block that nobody has begun.  The lock is held, but not
   while reading. */
static void
read_block(struct ahead *a)
{
	size_t i = a->begun++;
	struct slot *s = &a->slot[i % RING];

	s->full = false;
	pthread_mutex_unlock(&a->lock);
	fill(a, s, i);
	pthread_mutex_lock(&a->lock);
	s->full = true;
}

/* The second thread: reads as long as there is room. */
static void *
reader(void *arg)
{
	struct ahead *a = arg;

	pthread_mutex_lock(&a->lock);
	while (!a->stop) {
		if (has_room(a)) {
			read_block(a);
			pthread_cond_signal(&a->filled);
			continue;
		}
		a->idle = true;
		while (a->idle)
			pthread_cond_wait(&a->freed, &a->lock);
	}
	pthread_mutex_unlock(&a->lock);
	return NULL;
}

static void
release(struct ahead *a)
{
	pthread_mutex_destroy(&a->lock);
	pthread_cond_destroy(&a->filled);
	pthread_cond_destroy(&a->freed);
	free(a);
}

struct ahead *
ahead_new(int fd, char term, off_t to)
{
	off_t from = lseek(fd, 0, SEEK_CUR);
	struct ahead *a;

	if (from < 0 || processors() < 2 || (a = calloc(1, sizeof *a)) == NULL)
		return NULL;
	a->fd = fd;
	a->term = term;
	a->from = a->to = from;
	a->end = to;
	a->ring = a->mem + (-(uintptr_t)a->mem & (PAGE - 1));
	pthread_mutex_init(&a->lock, NULL);
	pthread_cond_init(&a->filled, NULL);
	pthread_cond_init(&a->freed, NULL);
	if (gang_thread(&a->thread, reader, a))
		return a;
	release(a);
	return NULL;
}

static void
wake_reader(struct ahead *a)
{
	a->idle = false;
	pthread_cond_signal(&a->freed);
}

void
ahead_free(struct ahead *a)
{
	if (a == NULL)
		return;
	pthread_mutex_lock(&a->lock);
	a->stop = true;
	wake_reader(a);
	pthread_mutex_unlock(&a->lock);
	pthread_join(a->thread, NULL);
	(void)lseek(a->fd, a->to, SEEK_SET);
	release(a);
}

const struct ahead_block *
ahead_next(struct ahead *a)
{
	size_t i = a->taken++;
	struct slot *s = &a->slot[i % RING];

	pthread_mutex_lock(&a->lock);
	a->spare = i > 0 ? i - 1 : 0;
	if (a->idle && a->begun - a->spare <= RING - WAKE)
		wake_reader(a);
	while (a->begun <= i || !s->full) {
		if (has_room(a))
			read_block(a);
		else
			pthread_cond_wait(&a->filled, &a->lock);
	}
	pthread_mutex_unlock(&a->lock);
	a->to = offset_of(a, i) + (s->block.n < 0 ? 0 : s->block.n);
	return &s->block;
}
