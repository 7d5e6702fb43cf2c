/** FIXEDWIDTH as a load format, and texts of other encodings, wherever their bytes are cut. */
import { expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { trials } from '../common/test-trials.ts';
import { varchar } from '../types/sql-type.ts';
import { delimited, delimitedFormat } from './delimited.ts';
import { fixedwidth, parseWidths } from './fixedwidth.ts';
import { testLoad, type TestLoaded } from './test-load.ts';
import { loadReason } from './text/load-reason.ts';
import type { TextEncoding } from './text/encoding.ts';
import type { TextOptions } from './text/text-format.ts';

const NO_HOST = { object: () => Promise.reject(new Error('nothing to read')) };
const columnsOf = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ name: `c${i}`, type: varchar(65535), nullable: true }));
const reasons = ({ refused }: TestLoaded): readonly string[] =>
  refused.map((r) => `${r.line} ${r.code} ${loadReason({ ...r, value: r.rawValue })}`);

async function fixed(
  text: string,
  widths: string,
  options: TextOptions = {},
  most?: () => number,
): Promise<TestLoaded> {
  const parsed = parseWidths(widths, undefined);
  const format = {
    text: { ...delimitedFormat(options), kind: 'fixedwidth' as const },
    dateFormat: undefined,
    timeFormat: undefined,
  };
  const { plan } = await fixedwidth.schema(
    columnsOf(parsed.length),
    { ...format, widths: parsed },
    undefined,
    NO_HOST,
  );
  return testLoad(fixedwidth, plan, parsed.length, Buffer.from(text), most);
}

test('fields of so many characters', async () => {
  expect((await fixed('ab1 \r\nécd\n\\N2 ', '2,a:2')).rows).toEqual([
    ['ab', '1 '],
    ['éc', 'd'],
    [null, '2 '],
  ]);
  const wrong = await fixed('abcd\nabcdX\nab\n\nabc', '2,2');
  expect([wrong.rows, reasons(wrong), wrong.lines]).toEqual([
    [
      ['ab', 'cd'],
      ['ab', 'c'],
    ],
    [
      '2 1216 Missing newline: Unexpected character 0x58 found at location 4',
      '3 1203 Missing column(s)',
      '4 1203 Missing column(s)',
    ],
    5,
  ]);
  expect(
    (await fixed('ab\n\nx', '2,2', { fillRecord: true, ignoreBlankLines: true, emptyAsNull: true })).rows,
  ).toEqual([
    ['ab', null],
    ['x', null],
  ]);
  for (const bad of ['', 'a', 'a:0', 'a:1,', '1;2', '9999999', 'a:b:1:2:x'])
    expect(() => parseWidths(bad, 1), bad).toThrow(/FIXEDWIDTH/);
});
test('lines at random, cut anywhere', async () => {
  const prng = new Prng(11);
  for (let round = 0; round < trials(30); round++) {
    const widths = Array.from({ length: prng.int(1, 6) }, () => prng.int(1, 9));
    const rows = Array.from({ length: prng.int(0, 200) }, () =>
      widths.map((w) => Array.from({ length: w }, () => prng.pick(['a', ' ', 'é', '😀', '|'])).join('')),
    );
    const text = rows.map((r) => `${r.join('')}\n`).join('');
    const most = prng.pick([1, 50, 1 << 20]);
    expect((await fixed(text, widths.join(','), {}, () => prng.int(0, most))).rows).toEqual(rows);
  }
});

const PRNG = new Prng(5);
const SAMPLE = Array.from(
  { length: 500 },
  (_, i) => `${i}|é${String.fromCodePoint(PRNG.int(0xa0, 0xd7ff))}|x\n`,
).join('');
const utf16 = (text: string, isLittle: boolean, mark: boolean): Buffer => {
  const bytes = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return isLittle ? bytes : bytes.swap16();
};
async function encoded(
  bytes: Buffer,
  encoding: TextEncoding,
  most = 1 << 20,
  options: TextOptions = {},
): Promise<TestLoaded> {
  const text = delimitedFormat({ ...options, encoding });
  const { plan } = await delimited.schema(
    columnsOf(3),
    { text, dateFormat: undefined, timeFormat: undefined },
    undefined,
    NO_HOST,
  );
  return testLoad(delimited, plan, 3, bytes, () => PRNG.int(0, most));
}
test.each([
  ['utf16', utf16(SAMPLE, true, true)],
  ['utf16', utf16(SAMPLE, false, true)],
  ['utf16le', utf16(SAMPLE, true, false)],
  ['utf16le', utf16(SAMPLE, true, true)],
  ['utf16be', utf16(SAMPLE, false, false)],
  ['utf8', Buffer.from(SAMPLE)],
] as const)('%s', async (encoding, bytes) => {
  const rows = SAMPLE.trimEnd()
    .split('\n')
    .map((line) => line.split('|'));
  for (const most of [1, 3, 1000, 1 << 20]) expect((await encoded(bytes, encoding, most)).rows).toEqual(rows);
});
test('what is not of the encoding', async () => {
  for (const [encoding, bytes] of [
    ['utf16', utf16('1|2|3\n', true, false)],
    ['utf16le', utf16('1|2|3\n', false, true)],
    ['utf16be', utf16('1|2|3\n', true, true)],
    ['utf16', Buffer.from('x')],
  ] as const) {
    const loaded = await encoded(bytes, encoding);
    expect([loaded.rows, reasons(loaded)]).toEqual([
      [],
      ['1 1221 The encoding of the file is not the one that ENCODING says'],
    ]);
  }
  const alone = utf16('1|a\ud800b|3\n2|\udc00|3\n3|\ud83d\ude00|3\n', true, true);
  const refused = await encoded(alone, 'utf16');
  expect([refused.rows, refused.refused.map((r) => r.code)]).toEqual([[['3', '😀', '3']], [1220, 1220]]);
  expect((await encoded(alone, 'utf16', 3, { acceptInvChars: '?' })).rows.map((r) => r[1])).toEqual([
    'a???b',
    '???',
    '😀',
  ]);
  expect((await encoded(Buffer.from('1|\xe9\xdf|\xff\n', 'latin1'), 'iso88591', 1)).rows).toEqual([['1', 'éß', 'ÿ']]);
});
