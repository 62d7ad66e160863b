/* signal.h - signals as events of the poll loop */
#ifndef MBATCH_SIGNAL_H
#define MBATCH_SIGNAL_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

/*
 * TERM, INT and HUP ask for the end, as do ALRM and XCPU, by which somebody set
 * a limit; USR1 asks for a flush, USR2 how far the run is; each makes the self
 * pipe readable.  A second one that asks for the end is immediate.  Signals
 * ignored at the start stay ignored.  XFSZ is ignored, so that a file at its
 * limit is a write that fails, as on a full disk.  Remembers mask and
 * dispositions, for children.  Returns the pipe's reading end; ends the program
 * if it can't.  Once is enough.
 */
int signal_init(void);

/* Takes what came: the signal that asked for the end (0: none so far), and what
   else did since the last call.  woken: the pipe is readable. */
struct signals {
	int end;
	bool flush;		/* USR1 */
	bool resized;		/* WINCH */
	bool tell;		/* USR2, or INFO where there is one */
};
struct signals signal_take(bool woken);

/* The signal that asked for the end, 0: none so far. */
int signal_ended(void);

/* What a child starts with, as posix_spawn's attributes: the signals to set
   back to their defaults, the mask that there was. */
const sigset_t *signal_default_set(void);
const sigset_t *signal_start_mask(void);

/*
 * For operators that run commands or have files to finish: from now on writing
 * where nobody reads fails with EPIPE and kills no more.  signal_pipe() and
 * the children's dispositions stay as they were.
 */
void signal_keep_pipe(void);

/*
 * From now on the descriptor returned is readable after a child ended, until
 * signal_child_took().  (A SIGCHLD that was ignored at the start is not in the
 * children: POSIX leaves that open, and their end could not be waited for.)
 */
int signal_child_init(void);
void signal_child_took(void);

/* Children that the second TERM, INT or HUP is passed on to: at most
   SIGNAL_CHILDREN at a time.  One takes another's place; 0 is none. */
enum { SIGNAL_CHILDREN = 512 };
void signal_child(pid_t from, pid_t to);

/* Dies by sig as if it had never been caught; returns only if sig is blocked
   or ignored. */
void signal_die(int sig);

/* As signal_die(SIGPIPE); where SIGPIPE was ignored at the start, returns. */
void signal_pipe(void);

#endif
