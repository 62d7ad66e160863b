/*
 * limit.c - runs a command as a login shell would, and not for ever
 *
 *	limit SECONDS CMD...	SIGALRM ends it then
 *
 * Every signal has its default and none is blocked, whatever nohup, a shell's
 * `&` or a service manager left behind.  It becomes the command: it has its
 * process id, and its status.
 */
#include <err.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	sigset_t none;
	int sig;

	if (argc < 3)
		errx(125, "usage: limit SECONDS CMD [ARG]...");
	for (sig = 1; sig < 32; sig++)
		signal(sig, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	alarm((unsigned)strtoul(argv[1], NULL, 10));
	execvp(argv[2], argv + 2);
	err(127, "%s", argv[2]);
}
