/* fd.h - descriptors written to whole, and files opened to write */
#ifndef MBATCH_FD_H
#define MBATCH_FD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* All of it, through short writes and EAGAIN; OK or FAIL with errno. */
int fd_write(int fd, const char *p, size_t n);
/* OK or FAIL with errno; a call that is interrupted has closed it, too. */
int fd_close(int fd);
/* What was made or renamed in the folder of that name's file is safe on the
   disk: OK or FAIL with errno.  One that may not be read is left. */
int fd_sync_folder(const char *name);
/* n bytes of a file from at on, fewer only at its end: how many; -1 with errno
   if it can't be read. */
ssize_t fd_read_at(int fd, char *p, size_t n, off_t at);
/* Appends what is left of it: OK, or FAIL with errno. */
struct buf;
int fd_read_all(int fd, struct buf *);
/* The file from, from offset at to its end, to the descriptor to. */
int fd_copy(int from, uint64_t at, int to);

/* The name without what says that it is here. */
const char *fd_bare(const char *name);

/*
 * A file to write to, opened with these flags beside O_WRONLY and O_CLOEXEC:
 * the descriptor, or -1 with errno.  /dev/stdout and /dev/stderr are our own
 * descriptors, wherever they lead: a file opened once more would be written to
 * from its start.
 */
int fd_open(const char *name, int flags);
/* Which of these two it is, -1: neither. */
int fd_standard(const char *name);

/* Keeps out other runs that lock the file, which is waited for (F_WRLCK), or no
   longer (F_UNLCK).  Where there are no locks it is done without.  Closing any
   descriptor of that file unlocks it. */
void fd_lock(int fd, short type);

struct stat;
/* Whether both are of one file. */
bool fd_same(const struct stat *, const struct stat *);
/* Whether it is the file, a regular one, that standard input is. */
bool fd_is_input(const struct stat *);
/* Whether what is written to the descriptor would be read from standard input
   again: the same file, and further on. */
bool fd_feeds_input(int fd);

#endif
