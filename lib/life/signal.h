/* signal.h - signals as events of the poll loop */
#ifndef MBATCH_SIGNAL_H
#define MBATCH_SIGNAL_H

#include <signal.h>
#include <stdbool.h>

/*
 * TERM, INT and HUP ask for the end, USR1 for a flush; each makes the self
 * pipe readable.  A second one that asks for the end is immediate.  Signals
 * ignored at the start stay ignored.  Remembers mask and dispositions, for
 * children.  Returns the pipe's reading end; ends the program if it can't.
 */
int signal_init(void);

/* Takes what came: the signal that asked for the end (0: none so far), and
   whether a flush was asked for since the last call. */
int signal_take(bool *flush);

/* In a child before exec, or as posix_spawn's attributes: what there was. */
const sigset_t *signal_default_set(void);
const sigset_t *signal_start_mask(void);

/* Dies by sig as if it had never been caught; returns only if sig is blocked
   or ignored. */
void signal_die(int sig);

/* As signal_die(SIGPIPE); where SIGPIPE is ignored, returns. */
void signal_pipe(void);

#endif
