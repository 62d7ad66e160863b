/* sketch-text.h - states as printable text: numbers, bytes and a checksum */
#ifndef MBATCH_SKETCH_TEXT_H
#define MBATCH_SKETCH_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/slice.h"

/*
 * A text of the 64 characters A-Z a-z 0-9 - _.  A number is written five bits
 * a character, the lowest first, 32 added to all but the last: small ones take
 * one character.  The last six are a checksum of those before.
 */
void text_number(struct buf *, uint64_t);
/* The same where there is room for TEXT_NUMBER characters: its end. */
char *text_number_at(char *, uint64_t);
enum { TEXT_NUMBER = 13 };
void text_real(struct buf *, double);
void text_six(struct buf *, unsigned);	/* one character, below 64 */
void text_bytes(struct buf *, struct slice);	/* 4 characters for 3 bytes */
/* Ends the text that began at offset from. */
void text_close(struct buf *, size_t from);

struct text_reader {
	const char *p, *end;
	bool bad;	/* something was missing or malformed */
};

/* False: the checksum is not right. */
bool text_open(struct text_reader *, struct slice);
/* What can't be read sets bad, and is 0. */
uint64_t text_get_number(struct text_reader *);
double text_get_real(struct text_reader *);	/* infinite or NaN is bad */
unsigned text_get_six(struct text_reader *);
void text_get_bytes(struct text_reader *, char *out, size_t n);
/* A number and as many bytes, in the buffer alone. */
struct slice text_get_text(struct text_reader *, struct buf *);
/* Nothing was bad, nothing is left. */
bool text_done(const struct text_reader *);

/* PRE_load of a struct TYPE that holds nothing: load(s, reader) takes the text
   apart; where it is none, clear(s). */
#define TEXT_LOAD(pre, type, clear)					\
bool									\
pre##_load(struct type *s, struct slice text)				\
{									\
	struct text_reader r;						\
									\
	if (text_open(&r, text) && load(s, &r))				\
		return true;						\
	clear(s);							\
	return false;							\
}

#endif
