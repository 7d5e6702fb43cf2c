/**
 * When two answers are the same: numbers by value (trailing zeros of decimals and a billionth of a double do not
 * count), strings without their trailing blanks, rows as a multiset unless the query orders them. Both failing counts as
 * the same. What we refuse with 0A000 is counted apart, not compared.
 */
import type { Answer } from './engines.ts';

const NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;

function cell(value: string | null, type: string | undefined): string {
  if (value === null) return 'NULL';
  if (type === 'bool') return value === 't' || value === 'true' ? 't' : 'f';
  if (type === 'flt' && NUMBER.test(value)) return Number(value).toString();
  if ((type === 'dec' || type === 'int' || type === 'big') && NUMBER.test(value) && !/[eE]/.test(value)) {
    const plain = value.includes('.') ? value.replace(/0+$/, '').replace(/\.$/, '') : value;
    return plain === '-0' ? '0' : plain;
  }
  // jsonb prints blanks behind its separators.
  return type === 'json' ? value.replace(/([:,]) /g, '$1') : value.trimEnd();
}

export function lines(answer: Answer, types: readonly string[], ordered: boolean): readonly string[] {
  if (answer.kind === 'error') return [`error ${answer.sqlstate}: ${answer.message}`];
  const rows = answer.rows.map((r) => r.map((v, i) => cell(v, types[i])).join('|'));
  return ordered ? rows : rows.sort();
}

const BILLIONTH = 1e-9;
const isNear = (x: number, y: number): boolean =>
  x === y || Math.abs(x - y) <= BILLIONTH * Math.max(1, Math.abs(x), Math.abs(y));

/** A row with its doubles apart, so that nearly equal ones do not decide the rows' order. */
interface Split {
  readonly text: string;
  readonly doubles: readonly number[];
}
function split(row: readonly (string | null)[], types: readonly string[]): Split {
  const isDouble = row.map((v, i) => types[i] === 'flt' && v !== null && NUMBER.test(v));
  return {
    text: row.map((v, i) => (isDouble[i] ? '#' : cell(v, types[i]))).join('|'),
    doubles: row.filter((_, i) => isDouble[i]).map(Number),
  };
}
function inOrder(a: Split, b: Split): number {
  if (a.text !== b.text) return a.text < b.text ? -1 : 1;
  const at = a.doubles.findIndex((v, i) => v !== b.doubles[i]);
  return at < 0 ? 0 : a.doubles[at]! - b.doubles[at]!;
}
function sameRows(ours: Answer, oracle: Answer, types: readonly string[], ordered: boolean): boolean {
  const rowsOf = (answer: Answer): readonly Split[] => {
    const rows = answer.kind === 'error' ? [] : answer.rows.map((r) => split(r, types));
    return ordered ? rows : rows.sort(inOrder);
  };
  const [a, b] = [rowsOf(ours), rowsOf(oracle)];
  return (
    a.length === b.length &&
    a.every(({ text, doubles }, i) => text === b[i]!.text && doubles.every((v, k) => isNear(v, b[i]!.doubles[k]!)))
  );
}

export type Verdict = 'same' | 'different' | 'unsupported' | 'oracle-cannot';

export function judge(ours: Answer, oracle: Answer, types: readonly string[], ordered: boolean): Verdict {
  if (ours.kind === 'error' && ours.sqlstate === '0A000') return 'unsupported';
  if (oracle.kind === 'error' && (oracle.sqlstate === '0A000' || oracle.sqlstate === '57014')) return 'oracle-cannot';
  if (ours.kind === 'error' && oracle.kind === 'error') return ours.sqlstate === 'XX000' ? 'different' : 'same';
  if (ours.kind === 'error' || oracle.kind === 'error') return 'different';
  return sameRows(ours, oracle, types, ordered) ? 'same' : 'different';
}
