/* lock.c - one run at a time */
#include <errno.h>
#include <fcntl.h>
#include <time.h>

#include "lib/base/diag.h"
#include "lib/base/signal.h"
#include "lib/state/lock.h"
#include "lib/time/time.h"

enum { PAUSE = 20000000 };	/* ns between two looks */

int
lock_take(const char *name, int64_t wait)
{
	const struct timespec pause = { 0, PAUSE };
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int64_t began = time_mono();
	int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0666);

	if (fd < 0)
		return diag_errno("--state: %s", name);
	while (fcntl(fd, F_SETLK, &lock) != 0) {
		if (errno != EACCES && errno != EAGAIN)
			return diag_errno("--state: %s", name);
		if (time_mono() - began >= wait || signal_ended() != 0) {
			if (fcntl(fd, F_GETLK, &lock) != 0 ||
			    lock.l_type == F_UNLCK)
				lock.l_pid = 0;
			diag_warn("--state: another run holds %s (process %ld)",
			    name, (long)lock.l_pid);
			return DONE;
		}
		(void)nanosleep(&pause, NULL);
	}
	return OK;
}
