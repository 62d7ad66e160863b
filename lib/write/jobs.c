/* jobs.c - commands fed side by side, what they write in their turn */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "lib/base/signal.h"
#include "lib/time/time.h"
#include "lib/write/jobs.h"

enum {
	EARLY = 1024 * 1024,	/* of a child's output before its turn */
	MS = 1000000
};

void
jobs_init(struct jobs *k, char *const *argv, size_t most, bool hear,
    int64_t limit)
{
	*k = (struct jobs){ .argv = argv, .most = most, .hear = hear,
	    .limit = limit };
	k->last = &k->first;
	k->fd = mem_alloc((2 + 2 * most) * sizeof *k->fd);
	signal_keep_pipe();
	k->child_fd = signal_child_init();
}

static void
free_list(struct job *j)
{
	struct job *next;

	for (; j != NULL; j = next) {
		next = j->next;
		spool_free(&j->spool);
		buf_free(&j->heard);
		free(j);
	}
}

void
jobs_free(struct jobs *k)
{
	free_list(k->first);
	free_list(k->spare);
	free(k->fd);
}

struct job *
jobs_open(struct jobs *k)
{
	struct job *j = k->spare;

	if (j != NULL) {
		k->spare = j->next;
	} else {
		j = mem_zero(sizeof *j);
		j->spool = SPOOL_EMPTY;
	}
	*j = (struct job){ .spool = j->spool, .heard = j->heard };
	return j;
}

void
jobs_drop(struct jobs *k, struct job *j)
{
	spool_reset(&j->spool);
	j->heard.n = 0;
	j->next = k->spare;
	k->spare = j;
}

static void
put_in_line(struct jobs *k, struct job *j)
{
	*k->last = j;
	k->last = &j->next;
}

void
jobs_serve(struct jobs *k)
{
	struct job *j;

	signal_child_took();
	for (j = k->first; j != NULL; j = j->next) {
		if (j->is != JOB_RUNS)
			continue;
		spawn_hurry(&j->child, time_mono());
		if (j->child.in >= 0)
			j->fed += spawn_feed(&j->child, j->spool.mem.n == 0 ?
			    "" : j->spool.mem.p + j->fed,
			    j->spool.mem.n - j->fed);
		if (j == k->first)
			spawn_hear(&j->child, &j->heard, EARLY);
		else if (j->heard.n < EARLY)
			spawn_hear(&j->child, &j->heard, EARLY - j->heard.n);
		if (spawn_ended(&j->child, &j->heard)) {
			j->is = JOB_ENDED;
			k->running--;
		}
	}
}

int
jobs_run(struct jobs *k, struct job *j, char *const *env)
{
	if (k->running >= k->most || k->waiting >= k->most)
		return DONE;
	if (env == NULL) {
		j->is = JOB_ENDED;
		put_in_line(k, j);
		return OK;
	}
	if (spool_settle(&j->spool, true) != OK) {
		jobs_drop(k, j);
		return FAIL;
	}
	j->error = spawn_start(&j->child, k->argv, env, j->spool.reader,
	    k->hear ? 0 : j->spool.mem.n, k->hear, k->limit);
	if (k->running > 0 && (j->error == EAGAIN || j->error == EMFILE ||
	    j->error == ENFILE || j->error == ENOMEM))
		return DONE;	/* another command's end may help */
	put_in_line(k, j);
	if (j->error != 0) {
		j->is = JOB_ENDED;
		return OK;
	}
	k->running++;
	jobs_serve(k);
	return OK;
}

/* The end of a child, what it reads and writes, its time. */
size_t
jobs_watch(const struct jobs *k, struct pollfd *fd, size_t max, int64_t *wake)
{
	const struct job *j;
	size_t n = 0;

	if (k->running == 0)
		return 0;
	fd[n++] = (struct pollfd){ .fd = k->child_fd, .events = POLLIN };
	for (j = k->first; j != NULL && n + 2 <= max; j = j->next) {
		if (j->is != JOB_RUNS)
			continue;
		if (j->child.in >= 0)
			fd[n++] = (struct pollfd){ .fd = j->child.in,
			    .events = POLLOUT };
		if (j->child.out >= 0 &&
		    (j == k->first || j->heard.n < EARLY))
			fd[n++] = (struct pollfd){ .fd = j->child.out,
			    .events = POLLIN };
		if (j->child.deadline < *wake)
			*wake = j->child.deadline;
	}
	return n;
}

int
jobs_wait(struct jobs *k, int out)
{
	int64_t wake = INT64_MAX, left;
	size_t n;
	int ms = -1;

	k->fd[0] = (struct pollfd){ .fd = out };
	n = 1 + jobs_watch(k, k->fd + 1, 1 + 2 * k->most, &wake);
	if (wake != INT64_MAX) {
		left = (wake - time_mono() + MS - 1) / MS;
		ms = left < 0 ? 0 : left > 1000000 ? 1000000 : (int)left;
	}
	if (poll(k->fd, n, ms) < 0) {
		if (errno == EINTR)
			return OK;
		return diag_errno("poll");
	}
	if ((k->fd[0].revents & (POLLERR | POLLHUP)) != 0)
		return DONE;
	jobs_serve(k);
	return OK;
}

struct job *
jobs_ended(struct jobs *k)
{
	struct job *j = k->first;

	while (j != NULL && j->is != JOB_ENDED)
		j = j->next;
	if (j != NULL) {
		j->is = JOB_OVER;
		k->waiting++;
	}
	return j;
}

/* Those that are over and have nothing to be written leave, out of turn too. */
struct buf *
jobs_turn(struct jobs *k)
{
	struct job **at = &k->first, *j;

	while ((j = *at) != NULL) {
		if (j->is != JOB_OVER || j->heard.n > 0) {
			at = &j->next;
			continue;
		}
		*at = j->next;
		k->waiting--;
		jobs_drop(k, j);
	}
	k->last = at;
	return k->first != NULL && k->first->heard.n > 0 ? &k->first->heard :
	    NULL;
}

void
jobs_kill(const struct jobs *k, int sig)
{
	const struct job *j;

	for (j = k->first; j != NULL; j = j->next)
		spawn_kill(&j->child, sig);
}
