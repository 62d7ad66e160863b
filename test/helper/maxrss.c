/*
 * maxrss.c - runs a command and writes its largest resident size, in KiB, to
 * a file
 *
 *	maxrss FILE CMD...	exits as CMD did (128+n for a signal)
 *
 * Without huge pages: the kernel gives them as it has them, 2 MiB at a touch.
 */
#define _GNU_SOURCE
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct rusage use;
	int status;
	pid_t pid;
	FILE *f;

	if (argc < 3)
		errx(125, "usage: maxrss FILE CMD [ARG]...");
	prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
	pid = fork();
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		err(127, "%s", argv[2]);
	}
	if (pid == -1 || wait4(pid, &status, 0, &use) == -1)
		err(125, "%s", argv[2]);
	f = fopen(argv[1], "w");
	if (f == NULL || fprintf(f, "%ld\n", use.ru_maxrss) < 0 || fclose(f))
		err(125, "%s", argv[1]);
	return WIFEXITED(status) ? WEXITSTATUS(status) :
	    128 + WTERMSIG(status);
}
