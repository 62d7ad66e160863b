/* gang.h - work in parts, by many threads, and its results in order */
#ifndef MBATCH_GANG_H
#define MBATCH_GANG_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

enum {
	GANG_AHEAD = 2		/* parts of a thread that are worked on or wait
				   to be taken */
};

/*
 * work does part k; take gets what came of it, in the order of parts, in the
 * caller's thread: OK, or how gang_run then ends.  Part k + threads *
 * GANG_AHEAD is begun only when k was taken.  NULL: nothing is.
 */
struct gang {
	size_t threads;
	size_t parts;
	void (*work)(void *arg, size_t k);
	int (*take)(void *arg, size_t k);
	void *arg;
};

/* Fewer than two threads, or none to be had: the caller does it all, part by
   part.  OK, or what take gave. */
int gang_run(const struct gang *);

/* A thread without signals, which are the main thread's, and with a small
   stack.  False: there is none to be had. */
bool gang_thread(pthread_t *, void *(*)(void *), void *arg);

#endif
