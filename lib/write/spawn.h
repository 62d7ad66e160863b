/* spawn.h - a command run as a child: started, fed, heard, reaped */
#ifndef MBATCH_SPAWN_H
#define MBATCH_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct buf;

/*
 * A child.  Nothing here waits: what may block is done as far as it goes, and
 * the caller polls in and out beside signal_child_init()'s descriptor.
 */
struct spawn {
	pid_t pid;		/* 0: none, or it has ended */
	int in;			/* our end of its stdin, -1: none any more */
	int out;		/* our end of its stdout, -1: none any more */
	int status;		/* once ended, as waitpid has it */
	int64_t deadline;	/* when spawn_hurry() has something to do, by
				   the monotonic clock; INT64_MAX: never */
	bool late;		/* it ran longer than it might */
	int error;		/* of a write to its stdin or a read of its
				   stdout, 0: none */
};

enum { SPAWN_GRACE = 5 };	/* s between TERM and KILL */

/*
 * Runs argv[0] as found in PATH, without a shell, with mbatch's own mask and
 * dispositions of signals.  file: its stdin, -1: a pipe, best one that holds
 * expect bytes.  hear: its stdout is a pipe to us, else ours.  limit: ns it may
 * run, 0: for ever.  Returns 0 or the error's number.
 */
int spawn_start(struct spawn *, char *const *argv, char *const *env, int file,
    size_t expect, bool hear, int64_t limit);

/* Gives it what its stdin takes now; how much.  After the last byte, when it
   reads no more or that fails, in is closed and all counts as taken. */
size_t spawn_feed(struct spawn *, const char *p, size_t n);

/* Reads what it wrote, at most n bytes; at its end out is closed. */
void spawn_hear(struct spawn *, struct buf *, size_t n);

/* Whether it has ended: then both ends are closed, what its pipe held at that
   moment is in rest (not what others write to it later). */
bool spawn_ended(struct spawn *, struct buf *rest);

/* TERM to a child past its deadline, KILL after SPAWN_GRACE more. */
void spawn_hurry(struct spawn *, int64_t mono);

void spawn_kill(const struct spawn *, int sig);

#endif
