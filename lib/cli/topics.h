/* topics.h - the pages of --help that are about no operator */
#ifndef MBATCH_TOPICS_H
#define MBATCH_TOPICS_H

#include <stddef.h>

struct topic {
	const char *name, *about;
	const char *text;	/* lines; what is indented by four is a command
				   that runs on test/data/access.log */
	const char *see;	/* operators and topics, with blanks between */
};

extern const struct topic topics[];
extern const size_t ntopics;

#endif
