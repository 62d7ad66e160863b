/* signal.c - signals as events of the poll loop */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "lib/base/diag.h"
#include "lib/base/signal.h"

/* What the handlers and the loop share: one a process, as signals are. */
static struct {
	int pipe[2];
	volatile sig_atomic_t end, flush, resized, tell;
	sigset_t mask, defaults;
	bool keeps_pipe;		/* SIGPIPE is ignored, but was not at
					   the start */
	int child_pipe[2];
	volatile pid_t child[SIGNAL_CHILDREN];	/* 0: free */
} state = { .pipe = { -1, -1 }, .child_pipe = { -1, -1 } };

static void
wake(int fd)
{
	int saved = errno;

	if (write(fd, "", 1) < 0) {
		/* The pipe is full, so the loop wakes anyway. */
	}
	errno = saved;
}

/* Of all signals that are caught. */
static void
on_signal(int sig)
{
	size_t i;

	switch (sig) {
	case SIGCHLD:
		wake(state.child_pipe[1]);
		return;
	case SIGUSR1:
		state.flush = 1;
		break;
	case SIGUSR2:
#ifdef SIGINFO
	case SIGINFO:
#endif
		state.tell = 1;
		break;
#ifdef SIGWINCH
	case SIGWINCH:
		state.resized = 1;
		break;
#endif
	default:
		for (i = 0; state.end != 0 && i < SIGNAL_CHILDREN; i++)
			if (state.child[i] > 0)
				kill(state.child[i], sig);
		if (state.end != 0)
			signal_die(sig);
		state.end = sig;
	}
	wake(state.pipe[1]);
}

/* Not one that is ignored, and not in children; whether it was set. */
static bool
handle(int sig, void (*handler)(int))
{
	struct sigaction old, sa = { .sa_handler = handler };

	if (sigaction(sig, NULL, &old) == 0 && old.sa_handler == SIG_IGN)
		return false;
	sigemptyset(&sa.sa_mask);
	sigaction(sig, &sa, NULL);
	sigaddset(&state.defaults, sig);
	return true;
}

static void
make_pipe(int fd[2])
{
	int i;

	if (pipe(fd) != 0)
		diag_die(EXIT_RUN, "pipe: %s", strerror(errno));
	for (i = 0; i < 2; i++) {
		fcntl(fd[i], F_SETFD, FD_CLOEXEC);
		fcntl(fd[i], F_SETFL, O_NONBLOCK);
	}
}

int
signal_init(void)
{
	static const int caught[] = {
		SIGTERM, SIGINT, SIGHUP, SIGALRM, SIGXCPU, SIGUSR1,
		SIGUSR2,
#ifdef SIGINFO
		SIGINFO,
#endif
#ifdef SIGWINCH
		SIGWINCH
#endif
	};
	size_t i;

	if (state.pipe[0] >= 0)
		return state.pipe[0];
	sigprocmask(SIG_BLOCK, NULL, &state.mask);
	sigemptyset(&state.defaults);
	make_pipe(state.pipe);
	for (i = 0; i < sizeof caught / sizeof *caught; i++)
		handle(caught[i], on_signal);
	handle(SIGXFSZ, SIG_IGN);
	return state.pipe[0];
}

static void
empty(int fd)
{
	char junk[64];

	while (read(fd, junk, sizeof junk) > 0)
		;
}

/* Set back only if it was set, else one that comes just now would be lost. */
static bool
take(volatile sig_atomic_t *came)
{
	if (*came == 0)
		return false;
	*came = 0;
	return true;
}

struct signals
signal_take(bool woken)
{
	struct signals s;

	if (woken)
		empty(state.pipe[0]);
	s.flush = take(&state.flush);
	s.resized = take(&state.resized);
	s.tell = take(&state.tell);
	s.end = state.end;
	return s;
}

int
signal_ended(void)
{
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
signal_keep_pipe(void)
{
	state.keeps_pipe = handle(SIGPIPE, SIG_IGN) || state.keeps_pipe;
}

int
signal_child_init(void)
{
	struct sigaction sa = { .sa_handler = on_signal,
	    .sa_flags = SA_RESTART | SA_NOCLDSTOP };
	sigset_t set;

	if (state.child_pipe[0] >= 0)
		return state.child_pipe[0];
	make_pipe(state.child_pipe);
	sigemptyset(&sa.sa_mask);
	sigaction(SIGCHLD, &sa, NULL);
	sigaddset(&state.defaults, SIGCHLD);
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
	return state.child_pipe[0];
}

void
signal_child_took(void)
{
	empty(state.child_pipe[0]);
}

void
signal_child(pid_t from, pid_t to)
{
	size_t i;

	for (i = 0; i < SIGNAL_CHILDREN; i++) {
		if (state.child[i] != from)
			continue;
		state.child[i] = to;
		return;
	}
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
	/* In a handler it acts only now. */
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

void
signal_pipe(void)
{
	struct sigaction old;

	if (!state.keeps_pipe && sigaction(SIGPIPE, NULL, &old) == 0 &&
	    old.sa_handler == SIG_IGN)
		return;
	signal_die(SIGPIPE);
}
