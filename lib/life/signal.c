/* signal.c - signals as events of the poll loop */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/life/diag.h"
#include "lib/life/signal.h"

/* What the handlers and the loop share: there is one set of signals a
   process, so there is one of these. */
static struct {
	int pipe[2];
	volatile sig_atomic_t end, flush;
	sigset_t mask, defaults;
} state = { .pipe = { -1, -1 } };

static void
wake(void)
{
	int saved = errno;

	if (write(state.pipe[1], "", 1) < 0) {
		/* full: the loop will wake anyway */
	}
	errno = saved;
}

static void
on_end(int sig)
{
	if (state.end != 0)
		signal_die(sig);
	state.end = sig;
	wake();
}

static void
on_flush(int sig)
{
	(void)sig;
	state.flush = 1;
	wake();
}

static void
catch(int sig, void (*handler)(int))
{
	struct sigaction old, sa = { .sa_handler = handler };

	if (sigaction(sig, NULL, &old) == 0 && old.sa_handler == SIG_IGN)
		return;
	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
	sigaddset(&state.defaults, sig);
}

int
signal_init(void)
{
	int i;

	sigprocmask(SIG_BLOCK, NULL, &state.mask);
	sigemptyset(&state.defaults);
	if (pipe(state.pipe) != 0) {
		diag_errno("pipe");
		_exit(EXIT_RUN);
	}
	for (i = 0; i < 2; i++) {
		fcntl(state.pipe[i], F_SETFD, FD_CLOEXEC);
		fcntl(state.pipe[i], F_SETFL, O_NONBLOCK);
	}
	catch(SIGTERM, on_end);
	catch(SIGINT, on_end);
	catch(SIGHUP, on_end);
	catch(SIGUSR1, on_flush);
	return state.pipe[0];
}

int
signal_take(bool *flush)
{
	char junk[64];

	while (read(state.pipe[0], junk, sizeof junk) > 0)
		;
	*flush = state.flush != 0;
	state.flush = 0;
	return state.end;
}

const sigset_t *
signal_default_set(void)
{
	return &state.defaults;
}

const sigset_t *
signal_start_mask(void)
{
	return &state.mask;
}

void
signal_die(int sig)
{
	struct sigaction sa = { .sa_handler = SIG_DFL };
	sigset_t set;

	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	raise(sig);
	sigprocmask(SIG_UNBLOCK, &set, NULL);	/* in a handler: now it acts */
}

void
signal_pipe(void)
{
	struct sigaction old;

	if (sigaction(SIGPIPE, NULL, &old) == 0 && old.sa_handler == SIG_IGN)
		return;
	signal_die(SIGPIPE);
}
