/*
 * await.c - waits until there is something in a file
 *
 *	await FILE	exits 0 then, 1 when the folder that it was started in
 *			is gone, 2 after LIMIT (120) seconds
 *
 * So that what waits in a test ends with the test, whoever ended that.
 */
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	struct timespec nap = { .tv_nsec = 5000000 };
	const char *limit = getenv("LIMIT");
	long i, turns = 200 * (limit != NULL ? atol(limit) : 120);
	char dir[PATH_MAX];
	struct stat st;

	if (argc != 2)
		errx(125, "usage: await FILE");
	if (getcwd(dir, sizeof dir) == NULL) {
		if (errno == ENOENT)
			return 1;
		err(125, ".");
	}
	for (i = 0; i < turns; i++) {
		if (stat(argv[1], &st) == 0 && st.st_size > 0)
			return 0;
		if (stat(dir, &st) == -1)
			return 1;
		nanosleep(&nap, NULL);
	}
	return 2;
}
