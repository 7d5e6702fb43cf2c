/**
 * Transition tables against Intl at drawn instants: offsets between 1800 and 2400 and in far years, and local times there
 * and back through the kernels. A sample of zones; SLICEHOUSE_ZONES=all takes every one, SLICEHOUSE_SEED repeats a run.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../common/prng.ts';
import { makeBench } from '../wasm/runtime/test-bed.ts';
import { namedZone, parseOffset, settingZone } from './timezone.ts';

const seed = Number(process.env['SLICEHOUSE_SEED'] ?? Date.now() % 1_000_000);
const MS_2000 = 946_684_800_000;
const CYCLE_MS = 146_097 * 86_400_000;
const bench = await makeBench();
const random = new Prng(seed);
const everything = Intl.supportedValuesOf('timeZone');
const zones =
  process.env['SLICEHOUSE_ZONES'] === 'all'
    ? everything
    : [
        'America/Sao_Paulo',
        'Africa/Casablanca',
        'Asia/Gaza',
        ...Array.from({ length: 12 }, () => random.pick(everything)),
      ];

/** Seconds east by Intl; years Intl's Date cannot hold are moved by cycles of the calendar. */
function intlOffset(format: Intl.DateTimeFormat, ms: number): number {
  let at = ms;
  while (at > 8.6e15) at -= CYCLE_MS;
  const text = format.format(at);
  const name = text.slice(text.indexOf('GMT') + 3);
  return name === '' ? 0 : parseOffset(name)!;
}
const micros = (ms: number): bigint => BigInt(ms - MS_2000) * 1000n;

function drawn(): number {
  const years = random.pick([
    [1800, 1900],
    [1900, 1950],
    [1950, 2038],
    [2038, 2120],
    [2120, 2400],
    [2400, 290_000],
  ] as const);
  const days = (random.int(years[0], years[1]) - 1970) * 365.2425 + random.int(0, 365);
  return Math.round(days * 86_400) * 1000 + random.int(0, 86_399) * 1000;
}

describe(`transition tables (seed ${seed})`, () => {
  it.each(zones)('%s', { timeout: 60_000 }, (zone) => {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
    bench.reset();
    bench.session(zone);
    for (let i = 0; i < 250; i++) {
      const ms = drawn();
      const offset = intlOffset(format, ms);
      const local = bench.call('utc_to_local', micros(ms)) as bigint;
      expect((local - micros(ms)) / 1_000_000n, `${zone} at ${ms} ms`).toBe(BigInt(offset));
      // Back: this instant, or the later one of two that show the same local time.
      const back = Number((bench.call('local_to_utc', local) as bigint) / 1000n) + MS_2000;
      expect(back + intlOffset(format, back) * 1000, `${zone}: local time of ${ms} ms`).toBe(ms + offset * 1000);
      if (back !== ms) expect(back, `${zone}: the repeated hour at ${ms} ms`).toBeGreaterThan(ms);
    }
  });
});

describe('zone names', () => {
  it.each([
    ['-3', '-03:00'],
    ['5.5', '+05:30'],
    ['UTC-3', '+03:00'],
    ['+05:30', '-05:30'],
    ['<-03>+03', '-03:00'],
    ['xxx36', '-36:00'],
    ['EST', '-05:00'],
    ['est5edt', 'America/New_York'],
    ['Etc/GMT+3', 'Etc/GMT+3'],
    ['Nowhere/Land', undefined],
    ['', undefined],
  ])('the setting %s is %s', (text, zone) => {
    const found = settingZone(text);
    expect(found?.zone).toBe(zone);
    if (found !== undefined) expect(settingZone(found.shown)).toEqual(found);
  });
  it('takes POSIX zones for CONVERT_TIMEZONE and in timestamps only', () => {
    expect([0, 1, 2].map((kind) => namedZone('UTC-3', kind as 0 | 1 | 2))).toEqual([undefined, '+03:00', '+03:00']);
    expect([0, 1, 2].map((kind) => namedZone('-3', kind as 0 | 1 | 2))).toEqual(['-03:00', '-03:00', undefined]);
  });
});
