/* spread.c - workers that take each other's parts: what has no turn in a run */
#include <semaphore.h>

#include "lib/run/work-inner.h"
#include "test/unit/check.h"

enum { PARTS = 2 };

static struct crew c;
static struct worker worker[2];
static struct piece piece[2];
static sem_t began, left;
static unsigned taken[2];

/* The second worker is still at the first one's part 1 when a third one dies,
   and the first one leaves. */
static void
take(void *st, const void *conf, size_t k, void *from)
{
	CHECK((st == &worker[1]) == (k == 1), "part %zu", k);
	taken[from == &worker[1]]++;
	if (k == 1) {
		sem_post(&began);
		sem_wait(&left);
	} else if (from == st) {
		sem_wait(&began);
	} else {
		pthread_mutex_lock(&c.lock);
		c.dies = 1;
		piece_wake(&c);
		pthread_mutex_unlock(&c.lock);
	}
}

static void *
work(void *arg)
{
	struct worker *w = arg;

	spread_take(w);
	pthread_mutex_lock(&c.lock);
	w->piece = NULL;
	pthread_mutex_unlock(&c.lock);
	sem_post(&left);
	return NULL;
}

int
main(void)
{
	const struct op_parts parts = { .take = take };
	struct stage stage = { .op = { .parts = &parts } };
	struct take_turn turn[PARTS] = { { 0 } };
	struct instance inst[2];
	void *st[2];
	size_t i;

	c = (struct crew){ .to = 1, .n = 2, .started = 2, .worker = worker,
	    .parts = PARTS, .take = turn, .dead = UINT64_MAX };
	pthread_mutex_init(&c.lock, NULL);
	sem_init(&began, 0, 0);
	sem_init(&left, 0, 0);
	for (i = 0; i < 2; i++) {
		st[i] = &worker[i];
		inst[i] = (struct instance){ .st = &st[i] };
		piece[i].seq = i;
		worker[i] = (struct worker){ .crew = &c, .piece = &piece[i],
		    .chain = { .stage = &stage, .n = 1 }, .inst = &inst[i] };
		pthread_cond_init(&worker[i].turn, NULL);
	}
	pthread_mutex_lock(&c.lock);
	for (i = 0; i < 2; i++)
		CHECK(pthread_create(&worker[i].thread, NULL, work,
		    &worker[i]) == 0, "no thread");
	pthread_mutex_unlock(&c.lock);
	for (i = 0; i < 2; i++)
		pthread_join(worker[i].thread, NULL);
	CHECK(taken[0] == 2 && taken[1] == 1, "%u, %u", taken[0], taken[1]);
	return 0;
}
