/*
 * spawns.c - runs a command N times, one after the other, by posix_spawn: the
 * least that a process a batch can cost
 *
 *	spawns N CMD...		stdin and stdout are its own
 */
#define _GNU_SOURCE
#include <sys/wait.h>

#include <err.h>
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	int status, e;
	long n;
	pid_t pid;

	if (argc < 3)
		errx(125, "usage: spawns N CMD [ARG]...");
	for (n = atol(argv[1]); n > 0; n--) {
		e = posix_spawnp(&pid, argv[2], NULL, NULL, argv + 2, environ);
		if (e != 0) {
			errno = e;
			err(127, "%s", argv[2]);
		}
		if (waitpid(pid, &status, 0) != pid || status != 0)
			errx(1, "%s: failed", argv[2]);
	}
	return 0;
}
