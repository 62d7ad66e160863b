/* files.h - many files written side by side, each named when it is whole */
#ifndef MBATCH_FILES_H
#define MBATCH_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/base/arena.h"
#include "lib/write/stands.h"

enum { FILES_OPEN = 64 };	/* descriptors in use at a time, fewer if there
				   are no more */

/*
 * A file is made as .NAME.PID-K beside NAME and gets its name by link(2), so
 * that no other file is ever replaced; where there are no links, by rename(2)
 * after looking.  If another one has the name by then it is added to, if files
 * may be.  What is no regular file is written to as it stands.
 */
struct file {
	char *name;
	char *temp;		/* its name until it is whole, NULL: none */
	dev_t dev;		/* which file that must lead to */
	ino_t ino;
	int fd;			/* -1: not open now */
	bool begun;		/* opened since files_finish: opened again to
				   append */
	bool made;		/* this run gave it its name: may be added to */
	size_t had;		/* --state: where its length is in claims.had,
				   plus 1; 0: nowhere */
	bool headed;		/* it has its header line */
	size_t head;		/* bytes of it at the file's start, if that was
				   made since files_finish */
	bool failed;		/* told: nothing more is written to it */
	bool waits;		/* is in dirty */
	uint64_t used;		/* when it was used last */
	struct buf buf;		/* not yet written */
	size_t whole;		/* bytes of buf up to files_touch: only these
				   are written */
};

/* How long a file was before this run, and what another one wrote behind that:
   fd above 0 where that is to be opened and compared. */
struct grown {
	off_t length;
	struct stands stands;
};

/* What all operators of a chain write: names as they were typed, and files. */
struct claims {
	struct claim *names;
	struct files *files;
	unsigned writers;	/* operators */

	/* --state: before the first byte in a file that is there already, and
	   before a new one gets its name, its length then is written down.  A
	   run that finds that adds what does not stand behind it yet. */
	const char *mark;	/* in the place of PID, so that a run finds what
				   one before began; files are safe on the disk
				   once they have their name.  NULL: no state */
	bool resumed;		/* earlier runs may have made what is there */
	bool again;		/* one that was killed may have */
	bool skip;		/* goes on where that can't be repeated */
	uint64_t seed;		/* of tables */
	struct table *begun;	/* by name */
	struct grown *had;	/* those lengths */
	size_t hadcap, noted;
	size_t told;		/* so many are written down */
	int (*tell)(void *told_by, const struct claims *);	/* the others */
	bool (*owns)(void *told_by, const char *);	/* files of the state's
							   own, NULL: none */
	void *told_by;
};

struct files {
	struct claims *claims;
	struct files *next;	/* of those */
	unsigned order;		/* their operator's among those of the chain */
	const char *who;	/* whom messages are from */
	bool append;		/* a file that is there may be added to */
	bool once;		/* no name comes in two batches: what a run that
				   is repeated finds of it is a beginning of its
				   own, and need not be written down */
	struct table *names;	/* of the files, by index */
	struct file *file;
	size_t n, cap;
	size_t *dirty, ndirty, dirtycap;	/* those with bytes in buf */
	size_t *begun, nbegun, beguncap;	/* those to be finished */
	size_t open[FILES_OPEN], nopen;
	size_t most;		/* that are open */
	uint64_t clock;
	unsigned long made;
};

/* What claims.tell is to write down of them, packed; and what an earlier run
   has. */
void claims_put(const struct claims *, struct buf *);
void claims_get(struct claims *, struct slice packed);
void claims_free(struct claims *);

struct options;
/* An operator will make files of this name, as it was typed, until the end of
   the run: false if an earlier one will, unless it leads to what several may
   write to, as it is no regular file. */
bool files_claim(const struct options *, const char *name);

/* order grows along the chain; no two operators have the same one. */
void files_init(struct files *, struct claims *, unsigned order,
    const char *who, bool append, uint64_t seed);
void files_free(struct files *);

/* The file of that name, which is opened if it is new: NULL if it can't be
   (told).  Valid until the next call. */
struct file *files_get(struct files *, struct slice name);
/* Something was put into its buf, and is whole. */
void files_touch(struct files *, struct file *);
/* Writes what waits: OK or FAIL (told). */
int files_write(struct files *);
/* All files are whole: written, closed, named.  Their names are remembered, as
   what comes for them later is added to them; forget: not.  Goes on after an
   error.  OK or FAIL (told). */
int files_finish(struct files *, bool forget);

#endif
