/**
 * Pattern matching, case mapping and date functions against independent JavaScript: a naive LIKE, RegExp, String and
 * Date, on seeded random inputs.
 */
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { CTX } from '../memory-map.ts';
import { makeBench } from './test-bed.ts';
import { trials } from '../../common/test-trials.ts';

const b = await makeBench();
const rng = new Prng(77);
const word = (alphabet: string, max: number): string =>
  Array.from({ length: rng.int(0, max) }, () => rng.pick([...alphabet])).join('');

function naiveLike(s: readonly string[], p: readonly string[]): boolean {
  if (p.length === 0) return s.length === 0;
  if (p[0] === '%') return naiveLike(s, p.slice(1)) || (s.length > 0 && naiveLike(s.slice(1), p));
  if (s.length === 0) return false;
  if (p[0] === '\\') return p[1] === s[0] && naiveLike(s.slice(1), p.slice(2));
  return (p[0] === '_' || p[0] === s[0]) && naiveLike(s.slice(1), p.slice(1));
}

describe('LIKE', () => {
  it('agrees with a naive matcher', () => {
    for (let i = 0; i < trials(20000); i++) {
      const s = word('abé', 10);
      const p = word(i & 1 ? 'abé%' : 'abé%_', 6);
      expect(b.call('str_like', s, p), `${s} like ${p}`).toBe(naiveLike([...s], [...p]) ? 1 : 0);
    }
    expect(b.call('str_like', '100%', '100\\%')).toBe(1);
    expect(b.call('str_like', '1000', '100\\%')).toBe(0);
    expect(b.call('str_like_escape', 'a_b', 'a#_b', '#')).toBe(1);
    expect(() => b.call('str_like', 'a', 'a\\')).toThrow('must not end with escape');
    expect(b.call('str_ilike', 'HeLLo', 'h%O')).toBe(1);
    expect(b.call('str_like', 'a'.repeat(3000), `${'%a_'.repeat(30)}b`)).toBe(0);
  });
});

describe('regular expressions', () => {
  const pieces = ['a', 'b', '.', '[ab]', '[^a]', '(a|b)', '(ab)', 'a*', 'b+', '(a|bc)*', 'a?', 'c', 'b{2}', '(ab){1,2}', '\\w', '\\d', '[[:digit:]]', 'é'];
  it('find the same match as RegExp', () => {
    for (let i = 0; i < trials(10000); i++) {
      const source = (rng.int(0, 4) === 0 ? '^' : '') + Array.from({ length: rng.int(1, 4) }, () => rng.pick(pieces)).join('') + (rng.int(0, 4) === 0 ? '$' : '');
      const text = word('abcé1', 9);
      const found = new RegExp(source.replace('[[:digit:]]', '[0-9]').replaceAll('[[:digit:]]', '[0-9]'), 'u').exec(text);
      expect(b.call('regex_match', text, source), `${text} ~ ${source}`).toBe(found === null ? 0 : 1);
      const got = b.callText('regexp_substr', text, source, 1, 1, '');
      expect(got, `substr ${text} ~ ${source}`).toBe(found?.[0] ?? '');
    }
  });
  it('replaces with groups, counts, refuses what it lacks', () => {
    expect(b.callText('regexp_replace', 'a1b22', '([a-z])([0-9]+)', '\\2$1-', 1, '')).toBe('1a-22b-');
    expect(b.callText('regexp_replace', 'abc', 'x*', '-', 1, '')).toBe('-a-b-c-');
    expect(b.call('regexp_count', 'aaa', 'a', 2, '')).toBe(2);
    expect(b.callText('regexp_substr', 'key=value', '(\\w+)=(\\w+)', 1, 1, 'e')).toBe('key');
    expect(b.call('regex_match', 'abc', '^(abc)$')).toBe(1);
    expect(() => b.call('regex_match', 'abc', '(?=a)')).toThrow('Invalid regular expression');
    expect(() => b.call('regex_match', 'abc', '(a')).toThrow('Invalid regular expression');
    expect(b.call('str_similar', '$0.87', '$[0-9]+(.[0-9][0-9])?')).toBe(1);
    expect(b.call('str_similar', 'abc', '%(b|d)%')).toBe(1);
    expect(b.call('str_similar', 'abc', '(b|c)%')).toBe(0);
    expect(b.call('regex_match', 'a'.repeat(2000), '^(a+)+$|x')).toBe(1);
    expect(b.call('regex_match', `${'a'.repeat(2000)}!`, '^(a+)+$')).toBe(0);
  });
});

describe('characters', () => {
  it('maps case as JavaScript does in the covered ranges', () => {
    const special = [0x149, 0x1f0, 0x130, 0x390, 0x3b0, 0x587, 0x1e96, 0x1e97, 0x1e98, 0x1e99, 0x1e9a, 0x1e9b, 0x1e9e, 0xdf];
    for (const [from, to] of [[0x20, 0x17f], [0x386, 0x3ce], [0x400, 0x52f], [0x531, 0x586], [0x1e00, 0x1e95]] as const) {
      for (let c = from; c <= to; c++) {
        if (special.includes(c)) continue;
        const ch = String.fromCodePoint(c);
        if ([...ch.toUpperCase()].length === 1) expect(b.callText('str_upper', `${ch}é`), `upper ${c.toString(16)}`).toBe(`${ch}é`.toUpperCase());
        if ([...ch.toLowerCase()].length === 1) expect(b.callText('str_lower', `É${ch}x`), `lower ${c.toString(16)}`).toBe(`É${ch}x`.toLowerCase());
      }
    }
  });
  it('counts and cuts characters', () => {
    for (let i = 0; i < trials(3000); i++) {
      const s = word('aé€𝄞b ', 20);
      const chars = [...s];
      const from = rng.int(1, 12);
      const n = rng.int(0, 12);
      expect(b.call('str_length', s)).toBe(chars.length);
      expect(b.callText('str_substring_len', s, from, n)).toBe(chars.slice(from - 1, from - 1 + n).join(''));
      expect(b.callText('str_right', s, n)).toBe(n === 0 ? '' : chars.slice(-n).join(''));
      expect(b.callText('str_reverse', s)).toBe([...chars].reverse().join(''));
      expect(b.callText('str_replace', s, 'é', '<>')).toBe(s.replaceAll('é', '<>'));
      expect(b.call('str_strpos', s, '€b')).toBe([...s.slice(0, s.indexOf('€b'))].length * (s.includes('€b') ? 1 : 0) + (s.includes('€b') ? 1 : 0));
    }
  });
  it('digests as node:crypto does', () => {
    for (let n = 0; n < 300; n += 7) {
      const s = word('abcdef', 1000).slice(0, n) + 'x'.repeat(n);
      for (const [kernel, algorithm] of [['hash_md5', 'md5'], ['hash_sha1', 'sha1']] as const)
        expect(b.callText(kernel, s)).toBe(createHash(algorithm).update(s).digest('hex'));
      for (const bits of [224, 256, 384, 512])
        expect(b.callText('hash_sha2', s, bits)).toBe(createHash(`sha${bits}`).update(s).digest('hex'));
    }
  });
});

describe('dates', () => {
  const EPOCH = Date.UTC(2000, 0, 1);
  const instant = (): { us: bigint; date: Date } => {
    const ms = rng.int(-100000, 100000) * 86400000 + rng.int(0, 86399999);
    return { us: BigInt(ms) * 1000n, date: new Date(EPOCH + ms) };
  };
  it('truncates, takes parts and adds as Date does', () => {
    for (let i = 0; i < trials(3000); i++) {
      const { us, date } = instant();
      const text = (v: bigint): string => b.text(b.callMore('timestamp_to_text', v) as bigint);
      const y = date.getUTCFullYear();
      const m = date.getUTCMonth();
      b.reset();
      const iso = (d: Date): string => d.toISOString().slice(0, 19).replace('T', ' ');
      expect(text(b.callMore('date_trunc', 'month', us))).toBe(iso(new Date(Date.UTC(y, m, 1))));
      expect(text(b.callMore('date_trunc', 'qtr', us))).toBe(iso(new Date(Date.UTC(y, m - (m % 3), 1))));
      expect(b.callMore('date_part', 'dow', us)).toBe(date.getUTCDay());
      expect(b.callMore('date_part', 'doy', us)).toBe(Math.floor((date.getTime() - Date.UTC(y, 0, 1)) / 86400000) + 1);
      expect(b.callMore('extract_timestamp', 'hour', us)).toBe(date.getUTCHours());
      const n = rng.int(-50, 50);
      const first = new Date(Date.UTC(y, m + n, 1));
      const last = new Date(Date.UTC(y, m + n + 1, 0)).getUTCDate();
      first.setUTCDate(Math.min(date.getUTCDate(), last));
      expect(text(b.callMore('dateadd_timestamp', 'month', BigInt(n), us)).slice(0, 10)).toBe(iso(first).slice(0, 10));
      const other = instant();
      const days = (d: Date): number => Math.floor(d.getTime() / 86400000);
      expect(b.callMore('datediff_timestamp', 'day', us, other.us)).toBe(BigInt(days(other.date) - days(date)));
      expect(b.callMore('datediff_timestamp', 'mon', us, other.us)).toBe(BigInt((other.date.getUTCFullYear() - y) * 12 + other.date.getUTCMonth() - m));
      const pattern = 'YYYY-MM-DD HH24:MI:SS.MS';
      const shown = b.callText('timestamp_to_char', us, pattern)!;
      expect(shown).toBe(date.toISOString().replace('T', ' ').replace('Z', ''));
      expect(b.call('to_timestamp', shown, pattern)).toBe(us);
    }
  });
  it('moves between named zones as Intl does', () => {
    for (const zone of ['America/New_York', 'America/Los_Angeles', 'Europe/Berlin', 'Europe/London', 'Australia/Sydney', 'Pacific/Auckland', 'Asia/Kolkata']) {
      const format = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' });
      for (let i = 0; i < 400; i++) {
        const ms = Date.UTC(2009, 0, 1) + rng.int(0, 16 * 365) * 86400000 + rng.int(0, 86399) * 1000;
        const utc = BigInt(ms - EPOCH) * 1000n;
        const local = b.call('convert_timezone', zone, utc) as bigint;
        expect(b.text(b.callMore('timestamp_to_text', local) as bigint), zone).toBe(format.format(ms));
      }
    }
    expect(() => b.call('timezone_timestamp', 'Nowhere/City', 0n)).toThrow('time zone "Nowhere/City" not recognized');
  });
  it('uses the session zone table', () => {
    const table = 1 << 20;
    const change = BigInt(Date.UTC(2020, 2, 29, 1) - EPOCH) * 1000n;
    b.view.setUint32(table, 2, true);
    b.view.setBigInt64(table + 8, -(1n << 63n), true);
    b.view.setBigInt64(table + 16, 3600000000n, true);
    b.view.setBigInt64(table + 24, change, true);
    b.view.setBigInt64(table + 32, 7200000000n, true);
    b.view.setInt32(b.ctx + CTX.TZ_TABLE, table, true);
    const shown = (t: string): string => b.callText('timestamptz_to_text', b.call('text_to_timestamptz', t))!;
    expect(shown('2020-03-29 01:30:00')).toBe('2020-03-29 01:30:00+01');
    expect(shown('2020-03-29 03:30:00')).toBe('2020-03-29 03:30:00+02');
    expect(shown('2020-03-29 02:30:00')).toBe('2020-03-29 03:30:00+02');
    expect(shown('2020-03-29 00:30:00 UTC')).toBe('2020-03-29 01:30:00+01');
    b.view.setInt32(b.ctx + CTX.TZ_TABLE, 0, true);
  });
  it('reads and prints intervals', () => {
    const shown = (t: string): string => {
      const lo = b.call('text_to_interval', t) as bigint;
      const hi = b.view.getBigInt64(b.ctx + CTX.RET_HI, true);
      return b.text(b.callMore('interval_to_text', lo, hi) as bigint);
    };
    expect(shown('3 hours, 35 minutes')).toBe('03:35:00');
    expect(shown('1w, 1h, 1m, 1s')).toBe('7 days 01:01:01');
    expect(shown('1-2')).toBe('1 year 2 mons');
    expect(shown('0.5 days')).toBe('12:00:00');
    expect(shown('1 2:3:4.5')).toBe('1 day 02:03:04.5');
    expect(shown('1 year 2 months ago')).toBe('-1 years -2 mons');
    expect(() => shown('3 apples')).toThrow('invalid input syntax for type interval');
  });
});
