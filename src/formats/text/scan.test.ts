/** The record scanner: csv-spectrum, Redshift's options, resumption at any byte, errors by record. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { CopyKernels } from './copy-kernels.test-support.ts';
import { csvFormat } from '../csv.ts';
import { delimitedFormat } from '../delimited.ts';
import { loadReason } from './load-reason.ts';
import { COLUMN_KIND } from './scan-state.ts';

let k: CopyKernels;
beforeAll(async () => {
  k = await CopyKernels.open();
}, 120_000);
const cells = (text: string | Uint8Array, format = delimitedFormat(), columns = 2, options = {}) =>
  k.scan(typeof text === 'string' ? Buffer.from(text) : text, format, columns, options);
const spectrum = join(import.meta.dirname, '../../../fixtures/copy/csv-spectrum');

describe('csv-spectrum', () => {
  for (const name of readdirSync(join(spectrum, 'csvs')).map((f) => f.slice(0, -4))) {
    test.each([1 << 20, 7, 1])(`${name} in pieces of %i`, (piece) => {
      const data = readFileSync(join(spectrum, 'csvs', `${name}.csv`));
      const json = JSON.parse(readFileSync(join(spectrum, 'json', `${name}.json`), 'utf8')) as Record<string, string>;
      const want = Array.isArray(json) ? (json as Record<string, string>[]) : [json];
      const keys = Object.keys(want[0]!);
      const got = k.scan(data, csvFormat({ ignoreHeader: 1 }), keys.length, {
        piece,
        kinds: keys.map(() => COLUMN_KIND.char),
      });
      expect(got.bad).toEqual([]);
      expect(got.rows.map((r) => r.cells.map((c) => c?.replaceAll('\r\n', '\n')))).toEqual(
        want.map((w) => keys.map((key) => w[key]!.replaceAll('\r\n', '\n'))),
      );
    });
  }
});

describe('delimited', () => {
  test('trailing delimiter, CRLF, last line without newline, \\N', () => {
    expect(cells('1|2|\r\n\\N|4|\n5|').rows.map((r) => r.cells)).toEqual([
      ['1', '2'],
      [null, '4'],
      ['5', ''],
    ]);
  });
  test('ESCAPE frees delimiter, newline and backslash; \\N stays NULL', () => {
    const out = cells('a\\|b|c\\\nd\n\\N|x\\\\y\n', delimitedFormat({ escape: true }));
    expect(out.rows).toEqual([
      { cells: ['a|b', 'c\nd'], line: 1 },
      { cells: [null, 'x\\y'], line: 3 },
    ]);
  });
  test('a carriage return in front of a line feed belongs to the line, an escaped one to its field', () => {
    const escape = delimitedFormat({ escape: true });
    expect(cells('a|b\\\r\r\nc|d\\\\\r\n\\\r|\\\r\n', escape).rows.map((r) => r.cells)).toEqual([
      ['a', 'b\r'],
      ['c', 'd\\'],
      ['\r', '\r'],
    ]);
    expect(cells('a|b\\\r', escape).rows.map((r) => r.cells)).toEqual([['a', 'b\r']]);
  });
  test('REMOVEQUOTES keeps delimiters inside quotes and refuses an unmatched one', () => {
    const out = cells(`"a|b"|'c'\n'open|x\nabc'|''\n`, delimitedFormat({ removeQuotes: true }));
    expect(out.rows.map((r) => r.cells)).toEqual([
      ['a|b', 'c'],
      ["abc'", ''],
    ]);
    expect(out.bad.map((b) => [b.code, b.column, b.line, b.rawText])).toEqual([[1214, 0, 2, "'open|x"]]);
  });
  test('too few and too many columns are errors of the record, blank lines too unless ignored', () => {
    const out = cells('1\n1|2|3\n\n4|5\n');
    expect(out.bad.map((b) => [b.code, b.line, b.column])).toEqual([
      [1214, 1, 0],
      [1202, 2, 2],
      [1211, 3, 0],
    ]);
    expect(out.rows).toEqual([{ cells: ['4', '5'], line: 4 }]);
    expect(cells('\n\n4|5\n', delimitedFormat({ ignoreBlankLines: true })).rows).toEqual([
      { cells: ['4', '5'], line: 3 },
    ]);
  });
  test('FILLRECORD, EMPTYASNULL, BLANKSASNULL, TRIMBLANKS, NULL AS, IGNOREHEADER', () => {
    expect(cells('1\n', delimitedFormat({ fillRecord: true })).rows[0]!.cells).toEqual(['1', '']);
    expect(cells('1\n', delimitedFormat({ fillRecord: true, emptyAsNull: true })).rows[0]!.cells).toEqual([
      '1',
      null,
    ]);
    expect(cells('|  \n', delimitedFormat({ emptyAsNull: true, blanksAsNull: true })).rows[0]!.cells).toEqual([
      null,
      null,
    ]);
    expect(cells('a  | b \n', delimitedFormat({ trimBlanks: true })).rows[0]!.cells).toEqual(['a', ' b']);
    expect(cells('NULL|nul\n', delimitedFormat({ nullText: 'NULL' })).rows[0]!.cells).toEqual([null, 'nul']);
    expect(cells('h|h\nh2\n1|2', delimitedFormat({ ignoreHeader: 2 })).rows).toEqual([
      { cells: ['1', '2'], line: 3 },
    ]);
    expect(cells('|  \n', delimitedFormat(), 2, { kinds: [0, 0] }).rows[0]!.cells).toEqual([null, null]);
  });
  test('bad UTF-8 is refused with its sub-code or replaced', () => {
    const data = Buffer.from([0x61, 0xff, 0x7c, 0x62, 0x0a, 0xc3, 0xa9, 0x7c, 0xe2, 0x82, 0x0a]);
    const out = cells(data);
    expect(out.rows).toEqual([]);
    expect(out.bad.map((b) => [b.code, b.column, b.position, b.reason])).toEqual([
      [1220, 0, 1, 103],
      [1220, 1, 0, 102],
    ]);
    const replaced = cells(data, delimitedFormat({ acceptInvChars: '?' }));
    expect(replaced.rows.map((r) => r.cells)).toEqual([
      ['a?', 'b'],
      ['é', '??'],
    ]);
    expect(replaced.replaced).toBe(2);
    const wrong: readonly (readonly [readonly number[], string])[] = [
      [[0xa4], 'a4 (error 3)'],
      [[0xfe], 'fe (error 3)'],
      [[0xff, 0x61], 'ff (error 3)'],
      [[0xf8, 0x88, 0x80, 0x80, 0x80], 'f8 (error 1)'],
      [[0xc3], 'c3 (error 2)'],
      [[0xe2, 0x82], 'e2 82 (error 2)'],
      [[0xe9, 0x6c, 0x65], 'e9 6c 65 (error 4)'],
      [[0xed, 0xa0, 0xbd], 'ed a0 bd (error 5)'],
      [[0xf4, 0x90, 0x80, 0x80], 'f4 90 80 80 (error 8)'],
      [[0xc0, 0x80], 'c0 80 (error 9)'],
      [[0xe0, 0x80, 0x80], 'e0 80 80 (error 9)'],
    ];
    for (const [bytes, reason] of wrong) {
      const [bad] = cells(Buffer.from([0x62, ...bytes, 0x7c, 0x78, 0x0a])).bad;
      const value = Buffer.from([0x62, ...bytes, 0x7c, 0x78, 0x0a]);
      expect(loadReason({ ...bad!, value })).toBe(
        `String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex sequence: ${reason}`,
      );
    }
  });
  test('code points that are no characters are read, and replaced by ACCEPTINVCHARS', () => {
    const none = ['\ufdd0', '\ufdef', '\ufffe', '\uffff', '\u{1fffe}', '\u{10ffff}'];
    const some = ['\ufdcf', '\ufdf0', '\ufffd', '\u{1fdd0}', '\u{10fffd}', '\ufeff'];
    for (const c of [...none, ...some]) expect(cells(`a${c}|b\n`).rows[0]!.cells).toEqual([`a${c}`, 'b']);
    const replaces = delimitedFormat({ acceptInvChars: '^' });
    for (const c of none)
      expect(cells(`a${c}|b\n`, replaces).rows[0]!.cells).toEqual([`a${'^'.repeat(Buffer.byteLength(c))}`, 'b']);
    for (const c of some) expect(cells(`a${c}|b\n`, replaces).rows[0]!.cells).toEqual([`a${c}`, 'b']);
  });
});

describe('csv', () => {
  test('blanks around quotes, text behind a quote, an open quote', () => {
    const out = cells('"a" , "b"\n5" pipe,6\n"x"y,2\n3,"4\n', csvFormat());
    expect(out.rows.map((r) => r.cells)).toEqual([
      ['a', 'b'],
      ['5" pipe', '6'],
    ]);
    expect(out.bad.map((b) => [b.code, b.reason, b.column])).toEqual([
      [1214, 1, 0],
      [1214, 1, 1],
    ]);
  });
  test('more rows than fit one call, and errors past the bad list, keep their order', () => {
    const text = Array.from({ length: 500 }, (_, i) => (i % 7 === 3 ? 'bad' : `${i},"v""${i}"`)).join('\n');
    const out = cells(text, csvFormat(), 2, { maxRows: 10, piece: 100 });
    expect(out.rows.length + out.bad.length).toBe(500);
    expect(out.rows.every((r) => r.cells[1] === `v"${r.cells[0]}` && r.line === Number(r.cells[0]) + 1)).toBe(true);
    expect(out.bad.every((b) => (b.line - 1) % 7 === 3)).toBe(true);
  });
  test('random tables survive writing and scanning at any piece size', () => {
    const prng = new Prng(20260101);
    const alphabet = ['a', 'é', ',', '"', '\n', ' ', '|', '\\', 'zzzzzzzzzzzzzzzzzzzz', '', "'"];
    for (let round = 0; round < 150; round++) {
      const columns = prng.int(1, 5);
      const rows = Array.from({ length: prng.int(1, 30) }, () =>
        Array.from({ length: columns }, () =>
          Array.from({ length: prng.int(0, 6) }, () => prng.pick(alphabet)).join(''),
        ),
      );
      const csv = rows
        .map((r) =>
          r
            .map((c) =>
              /[,"\n]/.test(c) || prng.int(0, 3) === 0 || (c === '' && columns === 1)
                ? `"${c.replaceAll('"', '""')}"`
                : c,
            )
            .join(','),
        )
        .join('\n');
      const out = k.scan(Buffer.from(csv), csvFormat(), columns, {
        piece: prng.int(1, 200),
        maxRows: prng.int(1, 20),
      });
      expect(out.bad, `round ${round}`).toEqual([]);
      expect(
        out.rows.map((r) => r.cells),
        `round ${round}`,
      ).toEqual(rows);
      const escaped = rows.map((r) => r.map((c) => c.replace(/[|\\\n]/g, '\\$&')).join('|') + '\n').join('');
      const back = k.scan(Buffer.from(escaped), delimitedFormat({ escape: true }), columns, {
        piece: prng.int(1, 200),
      });
      expect(
        back.rows.map((r) => r.cells),
        `escaped round ${round}`,
      ).toEqual(rows);
    }
  });
  test('a row over 4 MB stops the scan', () => {
    const out = k.scan(Buffer.alloc(5 << 20, 97), csvFormat(), 1, { kinds: [COLUMN_KIND.varchar] });
    expect(out.result).toBe(3);
  });
});
