/* gang.c - work in parts, by many threads, and its results in order */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/diag.h"
#include "lib/base/gang.h"

enum { STACK = 1024 * 1024 };

struct group {
	const struct gang *gang;
	pthread_mutex_t lock;		/* of all below */
	pthread_cond_t room, ready;
	bool *done;			/* parts in work, by k % ahead */
	size_t ahead;
	size_t given, taken;
	size_t running;
	bool stop;
	int dies;			/* one can't go on, nor can the run, */
	char why[256];			/* for this reason */
};

bool
gang_thread(pthread_t *t, void *(*run)(void *), void *arg)
{
	pthread_attr_t attr;
	sigset_t all, old;
	bool runs;

	if (pthread_attr_init(&attr) != 0)
		return false;
	(void)pthread_attr_setstacksize(&attr, STACK);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &old);
	runs = pthread_create(t, &attr, run, arg) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	pthread_attr_destroy(&attr);
	return runs;
}

/* It holds no lock: the end is left to the caller's thread. */
static void
give_up(void *vg, int status, const char *why)
{
	struct group *g = vg;

	pthread_mutex_lock(&g->lock);
	if (g->dies == 0)
		snprintf(g->why, sizeof g->why, "%s", why);
	g->dies = g->dies != 0 ? g->dies : status;
	pthread_cond_signal(&g->ready);
	pthread_mutex_unlock(&g->lock);
	for (;;)
		pause();
}

static void *
work(void *arg)
{
	struct group *g = arg;
	const struct gang *w = g->gang;
	size_t k;

	diag_heir(give_up, g);
	pthread_mutex_lock(&g->lock);
	for (;;) {
		while (!g->stop && g->given < w->parts &&
		    g->given - g->taken >= g->ahead)
			pthread_cond_wait(&g->room, &g->lock);
		if (g->stop || g->given == w->parts)
			break;
		k = g->given++;
		pthread_mutex_unlock(&g->lock);
		w->work(w->arg, k);
		pthread_mutex_lock(&g->lock);
		g->done[k % g->ahead] = true;
		if (k == g->taken)
			pthread_cond_signal(&g->ready);
	}
	g->running--;
	pthread_cond_signal(&g->ready);
	pthread_mutex_unlock(&g->lock);
	return NULL;
}

static int
take(const struct gang *w, size_t k)
{
	return w->take == NULL ? 0 : w->take(w->arg, k);
}

/* Each part as it is done, until all are or no more is wanted. */
static int
take_all(struct group *g)
{
	const struct gang *w = g->gang;
	bool *done;
	int r = 0;

	pthread_mutex_lock(&g->lock);
	while (g->taken < w->parts && r == 0 && g->dies == 0) {
		done = &g->done[g->taken % g->ahead];
		if (!*done) {
			pthread_cond_wait(&g->ready, &g->lock);
			continue;
		}
		*done = false;
		pthread_mutex_unlock(&g->lock);
		r = take(w, g->taken);
		pthread_mutex_lock(&g->lock);
		g->taken++;
		pthread_cond_signal(&g->room);
	}
	g->stop = true;
	pthread_cond_broadcast(&g->room);
	while (g->running > 0 && g->dies == 0)
		pthread_cond_wait(&g->ready, &g->lock);
	pthread_mutex_unlock(&g->lock);
	if (g->dies != 0)
		diag_die(g->dies, "%s", g->why);
	return r;
}

static int
run_alone(const struct gang *w)
{
	size_t k;
	int r = 0;

	for (k = 0; k < w->parts && r == 0; k++) {
		w->work(w->arg, k);
		r = take(w, k);
	}
	return r;
}

int
gang_run(const struct gang *w)
{
	struct group g;
	pthread_t *thread;
	size_t i, n = 0;
	int r;

	if (w->threads < 2 || w->parts < 2)
		return run_alone(w);
	g = (struct group){ .gang = w };
	g.ahead = w->threads * GANG_AHEAD;
	g.done = mem_zero(g.ahead * sizeof *g.done);
	thread = mem_alloc(w->threads * sizeof *thread);
	pthread_mutex_init(&g.lock, NULL);
	pthread_cond_init(&g.room, NULL);
	pthread_cond_init(&g.ready, NULL);
	pthread_mutex_lock(&g.lock);
	while (n < w->threads && gang_thread(&thread[n], work, &g))
		n++;
	g.running = n;
	pthread_mutex_unlock(&g.lock);
	r = n == 0 ? run_alone(w) : take_all(&g);
	for (i = 0; i < n; i++)
		pthread_join(thread[i], NULL);
	pthread_cond_destroy(&g.ready);
	pthread_cond_destroy(&g.room);
	pthread_mutex_destroy(&g.lock);
	free(thread);
	free(g.done);
	return r;
}
