/* json.h - JSON text: checking it, walking through it, strings */
#ifndef MBATCH_JSON_H
#define MBATCH_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/arena.h"
#include "lib/base/slice.h"

struct shape;

/*
 * A text being walked through.  Everything passed is checked against RFC 8259
 * (but for bytes over 0x7f, which pass as they are, and a byte order mark in
 * front, which is ignored as its section 8.1 allows); the first error stays in
 * why and bad, and every call after it fails.  Depth is bounded by memory only.
 */
struct json {
	const char *p;
	size_t n;
	const uint32_t *at;	/* where the tokens are: scan_json */
	size_t ntok, k;		/* how many; the next one */
	size_t pos;		/* what was passed so far */
	bool escapes;		/* the text has backslashes */
	const char *why;	/* what is wrong, static text */
	size_t bad;		/* byte offset of it */
	struct arena *arena;	/* for texts deeper than most */
};

/* Starts on a text, of which bytes up to hi may be read; room: scan_room() of
   it. */
void json_open(struct json *, struct slice, const char *hi, uint32_t *room,
    struct arena *);
/* Refuses the text; false.  Of several errors the one nearest to the front
   stays. */
bool json_fail(struct json *, size_t at, const char *why);
/* After the value: nothing but blanks may follow.  False: why and bad are set;
   they may be so by a string anywhere in the text. */
bool json_close(struct json *);

/* The first byte of the value that comes next; '\0' if there is none. */
char json_peek(struct json *);
/* Passes the next value, checked: its text. */
bool json_skip(struct json *, struct slice *raw);

/*
 * Into an object or array whose first byte was peeked, then member by member:
 *
 *	json_enter(j);
 *	while (json_member(j, &key, &first))
 *		json_skip(j, &raw) or anything else that passes the value;
 *
 * key is the text between the quotes; for an array use json_element.
 */
void json_enter(struct json *);
bool json_member(struct json *, struct slice *key, bool *first);
bool json_element(struct json *, bool *first);
/* The next member whose key's length n has bit n % 64 of lengths; others are
   passed, but those with escapes. */
bool json_next(struct json *, uint64_t lengths, struct slice *key, bool *first);

/*
 * A value's plain text: a string without quotes and escapes (into the arena
 * where it has any), null absent, all else as it stands.  A surrogate without
 * its partner becomes U+FFFD.
 */
struct slice json_decode(struct slice raw, struct arena *);
/* The text between a string's quotes without its escapes; what is none of
   RFC 8259's stays as it is. */
struct slice json_unescape(struct slice, struct arena *);

/* How many bytes what stands at p, behind a backslash, has; 0: it makes no
   escape. */
size_t json_escape(const char *p, const char *end);

/* Appends c's escape if it needs one in a string; whether it does. */
bool json_put_escape(struct buf *, char c);
/* Whether text is UTF-8, so that a JSON string can hold it. */
bool json_holds(const struct shape *, struct slice);
/* Appends text as a JSON string.  Bytes that are not UTF-8 become U+FFFD. */
void json_put_string(struct buf *, struct slice);
/* How many bytes of the text, from the front on, stand for themselves in a
   string: all but controls, quotes, backslashes and what is no UTF-8. */
size_t json_plain(struct slice);
/* Whether plain text is a number as a value. */
bool json_is_number(struct slice);
/* Appends plain text as a value: null, a number where it reads as one, else a
   string. */
void json_put_value(struct buf *, struct slice);

/* The text without the blanks around it. */
struct slice json_trim(struct slice);
/* Any one value, blanks around it: NULL, or what is wrong and where. */
const char *json_check(struct slice, size_t *at);

#endif
