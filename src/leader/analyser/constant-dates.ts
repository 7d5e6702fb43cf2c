/**
 * Date arithmetic on constants, done while binding: `date '1994-01-01' + interval '1 year'` must be a constant, or a
 * comparison with it could not skip row groups. Month arithmetic clips to the end of the month.
 */
import type { BoundExpr, IntervalValue } from '../../expressions/bound.ts';
import { DATE, TIMESTAMP } from '../../types/sql-type.ts';
import { DAY_MICROS, civilFromDays, daysFromCivil, splitMicros } from '../../types/datetime-text.ts';
import { constant } from './coerce.ts';

function addMonths(days: number, months: number): number {
  const { year, month, day } = civilFromDays(days);
  const total = year * 12 + (month - 1) + months;
  const [y, m] = [Math.floor(total / 12), (((total % 12) + 12) % 12) + 1];
  const next = m === 12 ? daysFromCivil(y + 1, 1, 1) : daysFromCivil(y, m + 1, 1);
  return Math.min(daysFromCivil(y, m, day), next - 1);
}

/** A constant date or timestamp plus an interval: a timestamp. Undefined for anything that is not constant. */
export function plusInterval(e: BoundExpr, interval: IntervalValue): BoundExpr | undefined {
  if (e.kind !== 'const' || e.value === null || (e.type.name !== 'date' && e.type.name !== 'timestamp'))
    return undefined;
  const micros = e.type.name === 'date' ? BigInt(e.value as number) * DAY_MICROS : (e.value as bigint);
  const { days, rest } = splitMicros(micros);
  const moved = addMonths(days, interval.months) + interval.days;
  return constant(TIMESTAMP, BigInt(moved) * DAY_MICROS + rest + interval.micros);
}

/** A constant date plus a constant number of days. */
export function plusDays(e: BoundExpr, days: BoundExpr): BoundExpr | undefined {
  if (e.kind !== 'const' || days.kind !== 'const' || e.value === null || days.value === null) return undefined;
  return constant(DATE, (e.value as number) + (days.value as number));
}
