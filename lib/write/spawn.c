/* spawn.c - a command run as a child: started, fed, heard, reaped */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/base/arena.h"
#include "lib/base/pipe.h"
#include "lib/base/signal.h"
#include "lib/time/time.h"
#include "lib/write/spawn.h"

enum { PIPE = 1024 * 1024 };	/* no pipe holds more */

/* A pipe that no other child gets, our end non-blocking. */
static int
open_pipe(int fd[2], int ours)
{
	if (pipe(fd) != 0)
		return errno;
	fcntl(fd[0], F_SETFD, FD_CLOEXEC);
	fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	fcntl(fd[ours], F_SETFL, O_NONBLOCK);
	return 0;
}

static void
shut(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* posix_spawnp with the descriptors in and out (-1: ours) as 0 and 1. */
static int
run(pid_t *pid, char *const *argv, char *const *env, int in, int out)
{
	posix_spawn_file_actions_t act;
	posix_spawnattr_t attr;
	int e;

	if ((e = posix_spawn_file_actions_init(&act)) != 0)
		return e;
	if ((e = posix_spawnattr_init(&attr)) != 0) {
		posix_spawn_file_actions_destroy(&act);
		return e;
	}
	posix_spawnattr_setflags(&attr,
	    POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
	posix_spawnattr_setsigdefault(&attr, signal_default_set());
	posix_spawnattr_setsigmask(&attr, signal_start_mask());
	e = posix_spawn_file_actions_adddup2(&act, in, STDIN_FILENO);
	if (e == 0 && out >= 0)
		e = posix_spawn_file_actions_adddup2(&act, out, STDOUT_FILENO);
	if (e == 0)
		e = posix_spawnp(pid, argv[0], &act, &attr, argv, env);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&act);
	return e;
}

int
spawn_start(struct spawn *s, char *const *argv, char *const *env, int file,
    size_t expect, bool hear, int64_t limit)
{
	int in[2] = { -1, -1 }, out[2] = { -1, -1 }, e = 0;

	*s = (struct spawn){ .in = -1, .out = -1, .deadline = INT64_MAX };
	if (file < 0)
		e = open_pipe(in, 1);
	if (e == 0 && file < 0)
		pipe_widen(in[1], expect);
	if (e == 0 && hear)
		e = open_pipe(out, 0);
	if (e == 0)
		e = run(&s->pid, argv, env, file < 0 ? in[0] : file, out[1]);
	shut(&in[0]);
	shut(&out[1]);
	s->in = in[1];
	s->out = out[0];
	if (e != 0) {
		s->pid = 0;
		shut(&s->in);
		shut(&s->out);
		return e;
	}
	signal_child(0, s->pid);
	if (limit > 0)
		s->deadline = time_after(time_mono(), limit);
	return 0;
}

size_t
spawn_feed(struct spawn *s, const char *p, size_t n)
{
	size_t fed = 0;
	ssize_t w;

	while (s->in >= 0 && fed < n) {
		w = write(s->in, p + fed, n - fed);
		if (w >= 0)
			fed += (size_t)w;
		else if (errno == EAGAIN)
			return fed;
		else if (errno != EINTR) {
			if (errno != EPIPE)	/* its own affair */
				s->error = errno;
			fed = n;
		}
	}
	shut(&s->in);
	return n;
}

void
spawn_hear(struct spawn *s, struct buf *b, size_t n)
{
	ssize_t r;

	while (s->out >= 0 && n > 0) {
		r = read(s->out, buf_room(b, n < 65536 ? n : 65536),
		    n < 65536 ? n : 65536);
		if (r > 0) {
			b->n += (size_t)r;
			n -= (size_t)r;
		} else if (r == 0) {
			shut(&s->out);
		} else if (errno == EAGAIN) {
			return;
		} else if (errno != EINTR) {
			s->error = errno;
			shut(&s->out);
		}
	}
}

/* Off the list that signals are passed to before its number can be another
   process's. */
bool
spawn_ended(struct spawn *s, struct buf *rest)
{
	siginfo_t info = { 0 };

	if (s->pid == 0)
		return true;
	if (waitid(P_PID, (id_t)s->pid, &info, WEXITED | WNOHANG | WNOWAIT) !=
	    0 ? errno != ECHILD : info.si_pid == 0)
		return false;
	signal_child(s->pid, 0);
	if (waitpid(s->pid, &s->status, 0) < 0)
		s->status = 0;	/* somebody else has waited for it */
	s->pid = 0;
	s->deadline = INT64_MAX;
	shut(&s->in);
	spawn_hear(s, rest, PIPE);
	shut(&s->out);
	return true;
}

void
spawn_hurry(struct spawn *s, int64_t mono)
{
	if (s->pid == 0 || mono < s->deadline)
		return;
	spawn_kill(s, s->late ? SIGKILL : SIGTERM);
	s->deadline = s->late ? INT64_MAX :
	    mono + (int64_t)SPAWN_GRACE * 1000000000;
	s->late = true;
}

void
spawn_kill(const struct spawn *s, int sig)
{
	if (s->pid > 0)
		kill(s->pid, sig);
}
