/**
 * Transition tables of time zones (layout in wasm/memory-map.ts) for kernels of every thread. The source is Intl, which
 * carries the tz database: offsets are sampled and each change is located to the second by bisection. A zone that changes
 * its clocks for ever does so by a rule, one weekday on or after one day of the year; the rule is read off 28 years and
 * written out for one cycle of the calendar (400 years), which repeats. A table takes some thirty milliseconds to make;
 * ZONE_TABLES_MAX of them are kept.
 */
import { assert } from '../common/assert.ts';
import { ZONE_TABLES_MAX } from '../common/limits.ts';
import { parseOffset } from './timezone.ts';

const MS_2000 = 946_684_800_000;
const DAY_MS = 86_400_000;
const MINIMUM = -0x8000000000000000n;
/** Days between two samples from a year on: shorter than any offset of the time lasted (six days is the least). */
const STEPS: readonly (readonly [number, number])[] = [
  [1830, 120],
  [1880, 14],
  [1940, 5],
  [1946, 14],
  [1999, 5],
  [2005, 14],
];
/** Years in which a rule is expected, and for how long a zone without one is sampled. */
const YEAR_RULED = 2038;
const YEAR_SAMPLED = 2090;
const DENSE_STEP = 6;
const RULE_STEP = 20;
const RULE_YEARS = 28;
const CYCLE_YEARS = 400;

interface Entry {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Seconds east. */
  readonly offset: number;
}
type OffsetAt = (ms: number) => number;

const tables = new Map<string, Uint8Array>();

/** The table of a canonical zone (timezone.ts). */
export function zoneTable(zone: string): Uint8Array {
  const known = tables.get(zone);
  if (known !== undefined) {
    tables.delete(zone);
    tables.set(zone, known);
    return known;
  }
  const table = build(zone);
  if (tables.size >= ZONE_TABLES_MAX) tables.delete(tables.keys().next().value as string);
  tables.set(zone, table);
  return table;
}

function build(zone: string): Uint8Array {
  const fixed = zone === 'UTC' ? 0 : parseOffset(zone);
  if (fixed !== undefined) return encode(fixed, [], false);
  const offsetAt = offsets(zone);
  const entries = STEPS.flatMap(([year, days], i) =>
    changes(offsetAt, yearStart(year), yearStart(STEPS[i + 1]?.[0] ?? YEAR_RULED), days),
  );
  const rules = rulesOf(changes(offsetAt, yearStart(YEAR_SAMPLED), yearStart(YEAR_SAMPLED + RULE_YEARS), RULE_STEP));
  const early = occurrences(rules, YEAR_RULED, YEAR_SAMPLED);
  const isRuled = early.every((e) => offsetAt(e.at) === e.offset && offsetAt(e.at - 1000) !== e.offset);
  const between =
    isRuled && (early.length > 0 || isConstant(offsetAt))
      ? early
      : changes(offsetAt, yearStart(YEAR_RULED), yearStart(YEAR_SAMPLED), DENSE_STEP);
  // One more year than a cycle: the last entry repeats what came 400 years before it.
  const later = occurrences(rules, YEAR_SAMPLED, YEAR_SAMPLED + CYCLE_YEARS + 2);
  return encode(offsetAt(yearStart(STEPS[0]![0])), [...entries, ...between, ...later], later.length > 0);
}
const yearStart = (year: number): number => Date.UTC(year, 0, 1);

/** No change in the years a rule is expected in: a zone without a rule that changes at all is sampled densely. */
function isConstant(offsetAt: OffsetAt): boolean {
  const start = yearStart(YEAR_RULED);
  const offset = offsetAt(start);
  for (let at = start; at < yearStart(YEAR_SAMPLED); at += RULE_STEP * DAY_MS)
    if (offsetAt(at) !== offset) return false;
  return true;
}

/** Seconds east of a zone at an instant, from "1/1/2000, GMT-04:56:02". */
function offsets(zone: string): OffsetAt {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const parsed = new Map<string, number>();
  return (ms) => {
    const text = format.format(ms);
    const name = text.slice(text.indexOf('GMT') + 3);
    let offset = parsed.get(name);
    if (offset === undefined) {
      offset = name === '' ? 0 : parseOffset(name);
      assert(offset !== undefined, `offset ${name} of zone ${zone}`);
      parsed.set(name, offset);
    }
    return offset;
  };
}

const QUARTER_MS = 900_000;
/** The instant in (low, high] at which the offset is no longer `offset`; most changes are at a quarter of an hour. */
function changeIn(offsetAt: OffsetAt, offset: number, low: number, high: number): number {
  let [before, after] = [low, high];
  for (const unit of [QUARTER_MS, 1000]) {
    while (after - before > unit) {
      const middle = before + Math.max(1, Math.floor((after - before) / 2 / unit)) * unit;
      if (offsetAt(middle) === offset) before = middle;
      else after = middle;
    }
    if (offsetAt(after - 1000) === offset) return after;
  }
  return after;
}

/** Every change of the offset in (from, to], each to the second; samples are `days` apart. */
function changes(offsetAt: OffsetAt, from: number, to: number, days: number): Entry[] {
  const step = days * DAY_MS;
  const found: Entry[] = [];
  let offset = offsetAt(from);
  for (let at = from; at < to; at += step) {
    const next = Math.min(at + step, to);
    let low = at;
    for (let there = offsetAt(next); there !== offset;) {
      const high = changeIn(offsetAt, offset, low, next);
      offset = offsetAt(high);
      found.push({ at: high, offset });
      low = high;
    }
  }
  return found;
}

/** What a change of the rule looks like every year: the first such weekday on or after month and day, at a time of day. */
interface Rule {
  readonly offset: number;
  readonly weekday: number;
  readonly timeMs: number;
  readonly month: number;
  readonly day: number;
}

function rulesOf(seen: readonly Entry[]): readonly Rule[] {
  const rules = new Map<string, Rule>();
  for (const { at, offset } of seen) {
    const date = new Date(at);
    const timeMs = at - Math.floor(at / DAY_MS) * DAY_MS;
    const [weekday, month, day] = [date.getUTCDay(), date.getUTCMonth(), date.getUTCDate()];
    const key = `${offset} ${weekday} ${timeMs}`;
    const known = rules.get(key);
    const earlier = known === undefined || month * 31 + day < known.month * 31 + known.day;
    if (earlier) rules.set(key, { offset, weekday, timeMs, month, day });
  }
  return [...rules.values()];
}
/** The changes of the years [from, to) in order. */
function occurrences(rules: readonly Rule[], from: number, to: number): Entry[] {
  const out: Entry[] = [];
  for (let year = from; year < to; year++) {
    for (const { month, day, weekday, timeMs, offset } of rules) {
      const first = Date.UTC(year, month, day);
      const ahead = (weekday - new Date(first).getUTCDay() + 7) % 7;
      out.push({ at: first + ahead * DAY_MS + timeMs, offset });
    }
  }
  return out.sort((a, b) => a.at - b.at);
}

function encode(firstOffset: number, entries: readonly Entry[], cyclic: boolean): Uint8Array {
  const out = new DataView(new ArrayBuffer(8 + (entries.length + 1) * 16));
  out.setUint32(0, entries.length + 1, true);
  out.setUint32(4, cyclic ? 1 : 0, true);
  const put = (i: number, from: bigint, offset: number): void => {
    out.setBigInt64(8 + i * 16, from, true);
    out.setBigInt64(16 + i * 16, BigInt(offset) * 1_000_000n, true);
  };
  put(0, MINIMUM, firstOffset);
  for (const [i, e] of entries.entries()) put(i + 1, BigInt(e.at - MS_2000) * 1000n, e.offset);
  return new Uint8Array(out.buffer);
}
