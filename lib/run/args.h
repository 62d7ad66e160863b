/* args.h - an operator's words on the command line */
#ifndef MBATCH_ARGS_H
#define MBATCH_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/format/field.h"

struct arena;
struct keys;
struct op;
struct options;

/*
 * The words after an operator's name, to the end of the command line; what is
 * not taken before the next `then` is an error of the chain's parser.  Every
 * function that returns FAIL or NULL with an error has told it, in the form
 * "mbatch: head: N must be a whole number, not 'x'" and the usage line.
 */
struct args {
	const struct op *op;
	const struct options *opt;
	struct arena *arena;		/* lives until the end of the run */
	char **word;			/* NULL-terminated */
	const char *bundle;		/* the rest of a bundle of flags */
	const char *val;		/* of the last flag, if it has one */
};

/*
 * Takes all flags, each into the member of conf that the operator's table has
 * for it; what isn't given is 0, or a count's default.  OK or FAIL.  Which of
 * them have a value is what the synopsis says: "[-v]", "[-n BINS]", "[--on-fail
 * FILE]".  `-` and a digit is not a flag.
 */
int args_flags(struct args *, void *conf);

/* A required word, whatever it says; what names it in the error. */
const char *args_need(struct args *, const char *what);
/* An optional word: NULL if there is none before then, by, over. */
const char *args_maybe(struct args *);
/* The next word without taking it; NULL at the end or at `then`. */
const char *args_peek(const struct args *);
/* Takes the keyword if it is the next word. */
bool args_keyword(struct args *, const char *keyword);

/* head's optional N, also as people type it: -5. */
int args_first(struct args *, uint64_t *n);
/* text as a whole number (units k M G of 1000); what names it. */
int args_count(struct args *, const char *what, const char *text, uint64_t *);
/* -s SEED, NULL if it isn't given: what goes by chance is the same again where
   that matters (--state) only with one. */
int args_seed(struct args *, const char *given, uint64_t *seed);
/* text as a duration (ns us ms s m h d, a bare number is seconds); a required
   word that is one, above 0. */
int args_duration(struct args *, const char *what, const char *text,
    int64_t *ns);
int args_span(struct args *, const char *what, int64_t *ns);
/* text with its \t \n \r \0 \\ \xHH read; unescape: NULL or what is wrong. */
int args_text(struct args *, const char *what, const char *text,
    struct slice *);
const char *args_unescape(const char *text, struct arena *, struct slice *);
/* Whether text is digits only. */
bool args_is_number(const char *text);

/* One reference, or a list joined by commas; buckets: "ts:1m" is one. */
int args_field(struct args *, const char *text, bool bucket, struct field *);
int args_fields(struct args *, const char *text, bool buckets, struct field **,
    size_t *n);
/* FIELDS, or `by FIELDS` as people type it; the whole record without. */
int args_keys(struct args *, struct keys *);
/* `by KEYS` if it is there; n = 0 if not. */
int args_by(struct args *, struct keys *);
/* `over N`, N from 1 on, or `over all` if it is there; else both stay. */
int args_over(struct args *, uint64_t *over, bool *all);

/* Tells that word, meant as a kind of thing, is none of the n names, which are
   listed, and the nearest of them; returns FAIL. */
int args_none(struct args *, const char *kind, struct slice word,
    const char *const *name, size_t n);

/* Tells what is wrong, and the operator's usage; returns FAIL. */
#define args_fail(a, ...)	op_fail((a)->op, __VA_ARGS__)

/* What an operator's synopsis has behind a flag of n bytes: " " and a value, or
   "]"; NULL: it hasn't that flag. */
const char *args_flag_tail(const struct op *, const char *flag, size_t n);

#endif
