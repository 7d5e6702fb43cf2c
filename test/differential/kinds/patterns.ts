/** to_char of timestamps and both kinds of interval by random patterns. */
import type { Prng } from '../../../src/common/prng.ts';
import type { Kind } from '../kind.ts';
import { column } from '../schema.ts';
import { node } from '../tree.ts';

const NUMBERS = 'YYYY YYY YY Y Y,YYY CC Q MM RM rm W WW DDD DD HH24 HH HH12 MI SS MS US SSSS AM am P.M.'.split(' ');
/** An interval has none of these, or only a number that means nothing. */
const DATES = 'Month MONTH month Mon MON mon Day DAY day Dy DY D ID BC b.c. A.D. IYYY IYY IY I IW IDDD J'.split(' ');
const SEPARATORS = ['-', ' ', ':', '/', ', ', '.', '"of Year"', '-TH '];

function pattern(random: Prng, fields: readonly string[]): string {
  const field = (): string => {
    const name = random.pick(fields);
    // A month's name would swallow the suffix.
    const suffix = /^mon|"/i.test(name) ? '' : random.pick(['', '', '', 'th', 'TH']);
    return random.pick(['', '', 'FM']) + name + suffix + random.pick(SEPARATORS);
  };
  return Array.from({ length: random.int(1, 5) }, field).join('');
}

const two = (n: number): string => String(n).padStart(2, '0');
function row(random: Prng, k: number): string[] {
  const time = `${two(random.int(0, 23))}:${two(random.int(0, 59))}:${two(random.int(0, 59))}.${random.int(0, 999_999)}`;
  const year = String(random.pick([random.int(1, 3000), random.int(1990, 2040)])).padStart(4, '0');
  const day = `${year}-${two(random.int(1, 12))}-${two(random.int(1, 28))}`;
  const months = random.pick([random.int(-40, 40), random.int(-200_000, 200_000)]);
  const sign = random.pick(['', '-']);
  const days = random.pick([0, 1, 9, 40, random.int(0, 5000)]);
  const span = `${days === 0 ? '' : `${sign}${days} days `}${sign}${time}`;
  return [String(k), `'${day} ${time}${random.pick(['', '', '', ' BC'])}'`, `'${months} months'`, `'${span}'`];
}

const COLUMNS = [
  column('k', 'int', 'int'),
  column('t', 'timestamp', 'ts'),
  column('m', 'interval year to month', 'str', 'interval'),
  column('d', 'interval day to second', 'str', 'interval'),
];

export const patterns: Kind = {
  name: 'patterns',
  about: 'patterns of to_char',
  tables: (random) => [
    { name: 'moments', columns: COLUMNS, rows: Array.from({ length: 60 }, (_, k) => row(random, k)) },
  ],
  queries: (random) => () => {
    const calls = [
      ['t', [...NUMBERS, ...DATES]],
      ['m', NUMBERS],
      ['d', NUMBERS],
    ] as const;
    const texts = calls.flatMap(([name, fields]) => [
      ', ',
      node('str', `to_char(${name}, '${pattern(random, fields)}')`),
    ]);
    return {
      tree: node('query', 'select k', ...texts, ' from moments'),
      types: ['int', 'str', 'str', 'str'],
      ordered: false,
    };
  },
};
