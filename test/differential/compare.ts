/**
 * When two answers are the same: numbers by value (trailing zeros of decimals and the last digits of doubles do not
 * count), strings without their trailing blanks, rows as a multiset unless the query orders them. Both failing counts as
 * the same. What we refuse with 0A000 is counted apart, not compared.
 */
import type { Answer } from './engines.ts';

const NUMBER = /^-?\d+(\.\d+)?([eE][-+]?\d+)?$/;

function cell(value: string | null, type: string | undefined): string {
  if (value === null) return 'NULL';
  if (type === 'bool') return value === 't' || value === 'true' ? 't' : 'f';
  if (type === 'flt' && NUMBER.test(value)) return Number(Number(value).toPrecision(11)).toString();
  if ((type === 'dec' || type === 'int' || type === 'big') && NUMBER.test(value) && !/[eE]/.test(value)) {
    const plain = value.includes('.') ? value.replace(/0+$/, '').replace(/\.$/, '') : value;
    return plain === '-0' ? '0' : plain;
  }
  return value.trimEnd();
}

export function lines(answer: Answer, types: readonly string[], ordered: boolean): readonly string[] {
  if (answer.kind === 'error') return [`error ${answer.sqlstate}: ${answer.message}`];
  const rows = answer.rows.map((r) => r.map((v, i) => cell(v, types[i])).join('|'));
  return ordered ? rows : rows.sort();
}

export type Verdict = 'same' | 'different' | 'unsupported' | 'oracle-cannot';

export function judge(ours: Answer, oracle: Answer, types: readonly string[], ordered: boolean): Verdict {
  if (ours.kind === 'error' && ours.sqlstate === '0A000') return 'unsupported';
  if (oracle.kind === 'error' && (oracle.sqlstate === '0A000' || oracle.sqlstate === '57014')) return 'oracle-cannot';
  if (ours.kind === 'error' && oracle.kind === 'error') return ours.sqlstate === 'XX000' ? 'different' : 'same';
  if (ours.kind === 'error' || oracle.kind === 'error') return 'different';
  const [a, b] = [lines(ours, types, ordered), lines(oracle, types, ordered)];
  return a.length === b.length && a.every((x, i) => x === b[i]) ? 'same' : 'different';
}
