/*
 * plumb.c - runs a command with a standard input or output of a given kind
 *
 *	plumb packet N CMD...	stdin is a pipe whose every read gives N bytes
 *	plumb socket CMD...	stdin is a stream socket
 *	plumb nonblock CMD...	stdin is a pipe with O_NONBLOCK set
 *	plumb tty CMD...	stdin is a terminal, ended by its EOF character
 *	plumb failing CMD...	stdin is a terminal's other side: where the end
 *				would be reading fails (EIO, on Linux)
 *	plumb writes CMD...	stdout is watched: the length of each write(2)
 *				is printed in its place, a line each
 *	plumb outsocket CMD...	stdout is a stream socket
 *	plumb outnonblock CMD... stdout is a pipe with O_NONBLOCK, read slowly
 *	plumb outtty CMD...	stdout is a terminal of 80 columns, or of the
 *				size in PLUMB_SIZE: ROWSxCOLS
 *
 * What plumb itself reads on stdin goes to the command, what the command
 * writes comes out of stdout.  Exits as the command did (128+n for a signal),
 * with 77 where there are no terminals.
 */
#define _GNU_SOURCE
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* Ends what is read of a terminal: with the last of its writers gone, what was
   written may be lost. */
enum { TTY_END = 0xff };

static char buf[1 << 20];

static void
write_all(int fd, const char *p, size_t n)
{
	ssize_t w;

	while (n > 0) {
		w = write(fd, p, n);
		if (w == -1) {
			if (errno == EPIPE)
				return;
			err(125, "write");
		}
		p += w;
		n -= (size_t)w;
	}
}

/* Copies at most piece bytes at a time until the end of from. */
static void
copy(int from, int to, size_t piece)
{
	ssize_t n, off;
	size_t k;

	while ((n = read(from, buf, sizeof buf)) > 0)
		for (off = 0; off < n; off += (ssize_t)k) {
			k = (size_t)(n - off);
			if (k > piece)
				k = piece;
			write_all(to, buf + off, k);
		}
}

static void
open_tty(int fd[2])
{
	struct winsize size = { .ws_row = 24, .ws_col = 80 };
	const char *other = getenv("PLUMB_SIZE");
	struct termios t;

	if (other != NULL && sscanf(other, "%hux%hu", &size.ws_row,
	    &size.ws_col) != 2)
		errx(125, "PLUMB_SIZE is no ROWSxCOLS");

	fd[1] = posix_openpt(O_RDWR | O_NOCTTY);
	if (fd[1] == -1 || grantpt(fd[1]) == -1 || unlockpt(fd[1]) == -1)
		err(77, "posix_openpt");
	fd[0] = open(ptsname(fd[1]), O_RDWR | O_NOCTTY);
	if (fd[0] == -1 || tcgetattr(fd[0], &t) == -1)
		err(77, "ptsname");
	t.c_lflag &= ~(tcflag_t)ECHO;
	t.c_oflag &= ~(tcflag_t)OPOST;
	tcsetattr(fd[0], TCSANOW, &t);
	ioctl(fd[0], TIOCSWINSZ, &size);
}

/* fd[0] is the end to read from, fd[1] the end to write to. */
static void
open_pair(const char *kind, int fd[2])
{
	int r = 0, tmp;

	if (strcmp(kind, "packet") == 0)
		r = pipe2(fd, O_DIRECT);
	else if (strcmp(kind, "writes") == 0)
		r = socketpair(AF_UNIX, SOCK_SEQPACKET, 0, fd);
	else if (strcmp(kind, "socket") == 0 || strcmp(kind, "outsocket") == 0)
		r = socketpair(AF_UNIX, SOCK_STREAM, 0, fd);
	else if (strcmp(kind, "tty") == 0 || strcmp(kind, "outtty") == 0 ||
	    strcmp(kind, "failing") == 0)
		open_tty(fd);
	else if (strcmp(kind, "nonblock") == 0 ||
	    strcmp(kind, "outnonblock") == 0)
		r = pipe(fd);
	else
		errx(125, "no such kind: %s", kind);
	if (r == -1)
		err(125, "%s", kind);
	if (strcmp(kind, "nonblock") == 0)
		fcntl(fd[0], F_SETFL, O_NONBLOCK);
	if (strcmp(kind, "outnonblock") == 0)
		fcntl(fd[1], F_SETFL, O_NONBLOCK);
	if (strcmp(kind, "outtty") == 0 || strcmp(kind, "failing") == 0) {
		tmp = fd[0];
		fd[0] = fd[1];
		fd[1] = tmp;
	}
}

static void
feed(const char *kind, int fd, size_t piece)
{
	copy(STDIN_FILENO, fd, piece);
	if (strcmp(kind, "tty") == 0)
		write_all(fd, "\004\004", 2);	/* VEOF; twice amid a line */
	else
		close(fd);
}

static void
drain_tty(int fd)
{
	char *end = NULL;
	ssize_t n;

	while (end == NULL) {
		n = read(fd, buf, sizeof buf);
		if (n <= 0)
			err(125, "terminal");
		end = memchr(buf, TTY_END, (size_t)n);
		write_all(STDOUT_FILENO, buf,
		    end != NULL ? (size_t)(end - buf) : (size_t)n);
	}
}

static void
drain(const char *kind, int fd)
{
	struct timespec nap = { .tv_nsec = 1000000 };
	ssize_t n;

	if (strcmp(kind, "writes") == 0)
		while ((n = read(fd, buf, sizeof buf)) > 0)
			printf("%zd\n", n);
	else if (strcmp(kind, "outnonblock") == 0)
		while ((n = read(fd, buf, 40000)) > 0) {
			write_all(STDOUT_FILENO, buf, (size_t)n);
			nanosleep(&nap, NULL);
		}
	else
		copy(fd, STDOUT_FILENO, sizeof buf);
}

static pid_t
start(char **argv, int fd[2], bool out)
{
	pid_t pid = fork();

	if (pid == -1)
		err(125, "fork");
	if (pid == 0) {
		dup2(fd[out], out);
		close(fd[0]);
		close(fd[1]);
		execvp(argv[0], argv);
		err(127, "%s", argv[0]);
	}
	return pid;
}

static int
wait_status(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) == -1)
		err(125, "waitpid");
	return status;
}

/* Passes on what there is to read or to write until the command's end. */
static int
follow(const char *kind, pid_t pid, int fd[2], bool out, size_t piece)
{
	close(fd[out]);
	if (out) {
		close(STDIN_FILENO);
		drain(kind, fd[0]);
	} else {
		signal(SIGPIPE, SIG_IGN);
		feed(kind, fd[1], piece);
	}
	return wait_status(pid);
}

/* The same of a terminal, read beside until what is written behind it all. */
static int
follow_tty(pid_t pid, int fd[2])
{
	static const char end = (char)TTY_END;
	pid_t reader;
	int status;

	close(STDIN_FILENO);
	reader = fork();
	if (reader == -1)
		err(125, "fork");
	if (reader == 0) {
		close(fd[1]);
		drain_tty(fd[0]);
		_exit(0);
	}
	close(fd[0]);
	status = wait_status(pid);
	write_all(fd[1], &end, 1);
	wait_status(reader);
	return status;
}

int
main(int argc, char **argv)
{
	const char *kind;
	size_t piece = sizeof buf;
	bool out;
	int fd[2], status;
	pid_t pid;

	if (argc < 3)
		errx(125, "usage: plumb KIND [N] CMD [ARG]...");
	kind = argv[1];
	argv += 2;
	if (strcmp(kind, "packet") == 0)
		piece = strtoul(*argv++, NULL, 10);
	out = strncmp(kind, "out", 3) == 0 || strcmp(kind, "writes") == 0;
	open_pair(kind, fd);
	pid = start(argv, fd, out);
	if (strcmp(kind, "outtty") == 0)
		status = follow_tty(pid, fd);
	else
		status = follow(kind, pid, fd, out, piece);
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
}
