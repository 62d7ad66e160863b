"""Random tables, written by Python's csv module, as mbatch -i csv reads them.

usage: tables.py MBATCH PLUMB TABLES
"""
import csv
import io
import json
import os
import random
import subprocess
import sys

ALPHABETS = ('a b , " \n', 'a b c \n \r\n ,', 'a b c d e ; | \n "', 'a b',
             'a " \n')


def table():
    """The text of one, its separator, and its records."""
    columns = random.randint(1, 4)
    sep = random.choice(',,;|')
    letters = random.choice(ALPHABETS).split(' ') + [' ']
    names = ['f%d' % i for i in range(columns)]
    if random.random() < 0.3:
        names[0] = 'x\ny'
    text = io.StringIO(newline='')
    out = csv.writer(text, delimiter=sep, quoting=random.choice(
        (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)),
        lineterminator=random.choice(('\n', '\r\n')))
    out.writerow(names)
    for _ in range(random.randint(0, 40)):
        out.writerow([''.join(random.choice(letters) for _ in range(
            random.choice((0, 1, 3, 8, 30)))) for _ in range(columns)])
    text = text.getvalue()
    rows = list(csv.reader(io.StringIO(text, newline=''), delimiter=sep))
    if random.random() < 0.3:
        text = text.rstrip('\r\n')
        rows = list(csv.reader(io.StringIO(text, newline=''), delimiter=sep))
    return text, sep, [dict(zip(rows[0], row)) for row in rows[1:] if row]


def main():
    mbatch, plumb, tables = sys.argv[1], sys.argv[2], int(sys.argv[3])
    random.seed(1)
    for i in range(tables):
        text, sep, want = table()
        with open('table.csv', 'w', newline='') as f:
            f.write(text)
        for how, work in (((), '1:300'), ((), '2:300'), ((), '3:300'),
                          ((plumb, 'packet', '90'), '3:90'),
                          ((plumb, 'packet', '1'), '1:300')):
            with open('table.csv') as f:
                run = subprocess.run(
                    (*how, mbatch, '-i', 'csv', '-F', sep, '-o', 'json', '-n',
                     random.choice(('1', '3', '100'))),
                    stdin=f, capture_output=True, check=False,
                    env={**os.environ, 'MBATCH_WORK': work})
            got = [json.loads(line, parse_int=str, parse_float=str)
                   for line in run.stdout.decode().split('\n')[:-1]]
            if got != want or run.stderr or run.returncode != 0:
                sys.exit('table %d, %s %s:\n%r\n%r\n%r\n%s' % (
                    i, how, work, text, got, want, run.stderr.decode()))


main()
