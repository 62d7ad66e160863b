/*
 * screen.c - what a terminal of ROWS x COLS shows after the bytes of stdin
 *
 * Knows what --live writes: CR, LF, cursor up, erase to the end of line and of
 * screen, bold, whose characters are shown between < and >.  Lines that
 * scrolled off the top come first, then a line of -, then the screen without
 * blanks at the ends of its lines and without its last empty lines.
 */
#include <err.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 400 };

static char cell[MOST][MOST];
static bool bold[MOST][MOST];
static int rows, cols, y, x;
static bool is_bold;

static void
erase(int row, int from)
{
	memset(cell[row] + from, ' ', (size_t)(cols - from));
	memset(bold[row] + from, false, (size_t)(cols - from));
}

static void
show(int row)
{
	int i, n = cols;

	while (n > 0 && cell[row][n - 1] == ' ')
		n--;
	for (i = 0; i < n; i++) {
		if (bold[row][i] && (i == 0 || !bold[row][i - 1]))
			putchar('<');
		putchar(cell[row][i]);
		if (bold[row][i] && (i == n - 1 || !bold[row][i + 1]))
			putchar('>');
	}
	putchar('\n');
}

static void
line_feed(void)
{
	if (++y < rows)
		return;
	y = rows - 1;
	show(0);
	memmove(cell, cell + 1, (size_t)y * sizeof *cell);
	memmove(bold, bold + 1, (size_t)y * sizeof *bold);
	erase(y, 0);
}

static void
sequence(void)
{
	int c, n = 0, i;

	if (getchar() != '[')
		errx(125, "an escape that is no sequence");
	while ((c = getchar()) >= '0' && c <= '9')
		n = n * 10 + c - '0';
	switch (c) {
	case 'A':
		if (n > y)
			errx(125, "%d lines up from line %d", n, y);
		y -= n;
		break;
	case 'K':
		erase(y, x);
		break;
	case 'J':
		erase(y, x);
		for (i = y + 1; i < rows; i++)
			erase(i, 0);
		break;
	case 'm':
		is_bold = n == 1;
		break;
	default:
		errx(125, "an unknown sequence: %c", c);
	}
}

int
main(int argc, char **argv)
{
	int c;

	if (argc != 3 || (rows = atoi(argv[1])) < 1 || rows > MOST ||
	    (cols = atoi(argv[2])) < 1 || cols > MOST)
		errx(125, "usage: screen ROWS COLS");
	for (y = 0; y < rows; y++)
		erase(y, 0);
	y = 0;
	while ((c = getchar()) != EOF) {
		if (c == '\r') {
			x = 0;
		} else if (c == '\n') {
			line_feed();
		} else if (c == '\033') {
			sequence();
		} else {
			if (x == cols)
				errx(125, "line %d is too long", y);
			bold[y][x] = is_bold;
			cell[y][x++] = (char)c;
		}
	}
	puts("-");
	while (rows > 0 && strspn(cell[rows - 1], " ") >= (size_t)cols)
		rows--;
	for (y = 0; y < rows; y++)
		show(y);
	return 0;
}
