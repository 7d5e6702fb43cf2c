/**
 * Precision and scale of decimal operations over columns of every pair of a table of types, by the documented rules written
 * down here a second time, and the values of such operations on slices against exact integers.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client } from 'pg';
import { startOwn } from '../clients/cluster.ts';

type Decimal = readonly [precision: number, scale: number];
const TYPES: readonly Decimal[] = [
  [1, 0],
  [4, 2],
  [5, 5],
  [10, 0],
  [18, 6],
  [19, 0],
  [25, 10],
  [30, 2],
  [38, 0],
  [38, 20],
  [38, 37],
];
const DIGITS_MAX = 38;
const SCALE_KEPT = 4;

/** Digits in front of the point and behind it. */
const RULES: Readonly<Record<string, (p1: number, s1: number, p2: number, s2: number) => Decimal>> = {
  '+': (p1, s1, p2, s2) => [1 + Math.max(p1 - s1, p2 - s2), Math.max(s1, s2)],
  '-': (p1, s1, p2, s2) => [1 + Math.max(p1 - s1, p2 - s2), Math.max(s1, s2)],
  '*': (p1, s1, p2, s2) => [p1 - s1 + p2 - s2 + 1, s1 + s2],
  '%': (p1, s1, p2, s2) => [Math.max(p1 - s1, p2 - s2), Math.max(s1, s2)],
  '/': (p1, s1, p2, s2) => [p1 - s1 + s2, Math.max(SCALE_KEPT, s1 + p2 - s2 + 1)],
};
/** Where both do not fit, digits behind the point go first, down to the fourth. */
function resultOf(op: string, [p1, s1]: Decimal, [p2, s2]: Decimal): Decimal {
  const [whole, scale] = RULES[op]!(p1, s1, p2, s2);
  if (whole + scale <= DIGITS_MAX) return [whole + scale, scale];
  return [DIGITS_MAX, Math.max(DIGITS_MAX - whole, Math.min(SCALE_KEPT, scale))];
}

/** Values of the last places: 7 for the column on the left, -3 for the one on the right. */
const LEFT = 7n;
const RIGHT = -3n;
const power = (n: number): bigint => 10n ** BigInt(n);
function textOf(value: bigint, scale: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return value < 0n ? `-${text}` : text;
}
/** The exact result at a scale; undefined where the type has no room for its last digits. */
function valueOf(op: string, s1: number, s2: number, scale: number): bigint | undefined {
  const s = Math.max(s1, s2);
  const [x, y] = [LEFT * power(s - s1), RIGHT * power(s - s2)];
  // Division gives no more digits than the type has, and cuts the rest.
  if (op === '/') return (x * power(scale)) / y;
  const [value, has] = op === '*' ? [LEFT * RIGHT, s1 + s2] : [op === '+' ? x + y : op === '-' ? x - y : x % y, s];
  return has <= scale ? value * power(scale - has) : undefined;
}

let client: Client;
let close: () => Promise<void>;
beforeAll(async () => {
  const cluster = await startOwn({ slices: 2, memory: true });
  client = new Client({ host: '127.0.0.1', port: cluster.port, user: 'awsuser', database: 'dev', password: 'x' });
  await client.connect();
  close = () => cluster.close();
  const columns = TYPES.flatMap(([p, s]) => [`l${p}_${s} decimal(${p},${s})`, `r${p}_${s} decimal(${p},${s})`]);
  const values = TYPES.flatMap(([, s]) => [textOf(LEFT, s), textOf(RIGHT, s)]);
  await client.query(`create table d (${columns.join(', ')})`);
  await client.query(`insert into d values (${values.join(', ')})`);
}, 120_000);
afterAll(async () => {
  await client?.end();
  await close?.();
});

test.for(Object.keys(RULES))('precision, scale and values of %s', { timeout: 120_000 }, async (op) => {
  const wrong: string[] = [];
  for (const left of TYPES) {
    const sides = TYPES.map((right) => {
      const [precision, scale] = resultOf(op, left, right);
      const sql = `l${left.join('_')} ${op} r${right.join('_')}`;
      const value = valueOf(op, left[1], right[1], scale);
      return { sql, precision, scale, value, fits: value === undefined || -value < power(DIGITS_MAX) };
    });
    const all = sides.map((side) => side.sql).join(', ');
    const { fields } = await client.query(`select ${all} from d where false`);
    sides.forEach(({ sql, precision, scale }, i) => {
      const modifier = fields[i]!.dataTypeModifier - 4;
      if (modifier !== ((precision << 16) | scale))
        wrong.push(`${sql}: (${precision},${scale}), got (${modifier >> 16},${modifier & 0xffff})`);
    });
    const fitting = sides.filter((side) => side.fits);
    const text = `select ${fitting.map((side) => side.sql).join(', ')} from d`;
    const { rows } = await client.query<unknown[]>({ text, rowMode: 'array' });
    fitting.forEach(({ sql, scale, value }, i) => {
      if (value !== undefined && rows[0]![i] !== textOf(value, scale))
        wrong.push(`${sql}: ${textOf(value, scale)}, got ${String(rows[0]![i])}`);
    });
    for (const { sql } of sides.filter((side) => !side.fits))
      await expect(client.query(`select ${sql} from d`), sql).rejects.toThrow('overflow');
  }
  expect(wrong).toEqual([]);
});
