/**
 * JSON as a load format: which values fill which columns, wherever the bytes are cut; records that are refused; cuts of files;
 * paths. Documents at random are compared with what JSON.parse makes of them.
 */
import { expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { trials } from '../common/test-trials.ts';
import type { SqlType } from '../types/sql-type.ts';
import { varchar } from '../types/sql-type.ts';
import { delimitedFormat } from './delimited.ts';
import { json, type JsonLoadOptions, type JsonPlan } from './json.ts';
import { parseJsonPath, type PathArgument } from './json/path-tree.ts';
import type { LoadObject } from './load-format.ts';
import { testLoad, type TestLoaded } from './test-load.ts';
import { loadReason } from './text/load-reason.ts';
import type { TextOptions } from './text/text-format.ts';

const SUPER: SqlType = { name: 'super' };
const TEXT = varchar(65535);
const INTEGER: SqlType = { name: 'int4' };

const optionsOf = (paths: PathArgument, text: TextOptions = {}): JsonLoadOptions => ({
  text: { ...delimitedFormat(text), kind: 'json', nullText: undefined },
  dateFormat: undefined,
  timeFormat: undefined,
  paths,
});
async function planOf(
  names: readonly string[],
  paths: PathArgument = 'auto',
  types: readonly SqlType[] = [],
  text: TextOptions = {},
  file = '',
): Promise<JsonPlan> {
  const columns = names.map((name, i) => ({ name, type: types[i] ?? TEXT, nullable: true }));
  const host = { object: () => Promise.resolve(Buffer.from(file)) };
  return (await json.schema(columns, optionsOf(paths, text), undefined, host)).plan;
}
async function load(text: string, names: readonly string[], ...more: unknown[]): Promise<TestLoaded> {
  const plan = await (planOf as (...all: unknown[]) => Promise<JsonPlan>)(names, ...more);
  return testLoad(json, plan, names.length, Buffer.from(text));
}
const reasons = ({ refused }: TestLoaded): readonly string[] =>
  refused.map(
    (r) => `${r.line} ${r.code} ${loadReason({ ...r, value: r.rawValue })} ${Buffer.from(r.rawLine).toString()}`,
  );

test('names choose values; what nobody wants is skipped, what is missing is NULL', async () => {
  const text = `{"a": "x", "b": 12, "none": {"a": [1, {"b": 2}]}, "c": true}
{"c":false,"a":"","b":-1.5e10}

{ "b" : null , "a" : "two words" }{"a":[1, 2 ],"b":{"x":null}}
{}
`;
  expect((await load(text, ['a', 'b', 'c'])).rows).toEqual([
    ['x', '12', 'true'],
    ['', '-1.5e10', 'false'],
    ['two words', null, null],
    ['[1, 2 ]', '{"x":null}', null],
    [null, null, null],
  ]);
  expect((await load('{"A": 1, "Ab": 2}\n{"a": 3}', ['a', 'ab'], 'auto')).rows).toEqual([
    [null, null],
    ['3', null],
  ]);
  expect((await load('{"A": 1, "AB": 2}\n{"a": 3}', ['a', 'Ab'], 'auto ignorecase')).rows).toEqual([
    ['1', '2'],
    ['3', null],
  ]);
  // Of a name that stands twice the last value counts.
  expect((await load('{"a": 1, "a": 2}', ['a'])).rows).toEqual([['2']]);
});
test('escapes, in values and in names', async () => {
  const text = String.raw`{"a": "q\" b\\ s\/ n\n t\t r\r \u00e9 \ud83d\ude00", "b": 1, "\u0063\u006f": "é"}`;
  expect((await load(text, ['a', 'b', 'co'])).rows).toEqual([['q" b\\ s/ n\n t\t r\r é 😀', '1', 'é']]);
});
test('SUPER takes every value as it is written; nulls of documents are values', async () => {
  const text = '{"a": "x", "b": null, "c": {"d": [1]}}\n{"a": 1.50}';
  expect((await load(text, ['a', 'b', 'c'], 'auto', [SUPER, SUPER, SUPER])).rows).toEqual([
    ['"x"', 'null', '{"d": [1]}'],
    ['1.50', null, null],
  ]);
  expect((await load(' {"a": 1}\n[1,\n 2]', ['doc'], 'noshred', [SUPER])).rows).toEqual([['{"a": 1}'], ['[1,\n 2]']]);
  await expect(load('{}', ['doc'], 'noshred', [TEXT])).rejects.toMatchObject({ sqlstate: '0A000' });
});
test('paths', async () => {
  const file = JSON.stringify({ jsonpaths: ['$.id', "$['name']['first']", '$.tags[1]', '$.tags', '$.id'] });
  const paths = { url: 's3://b/k' };
  const text =
    '{"id": 7, "name": {"first": "Ann", "x": 1}, "tags": ["a", "b", "c"]}\n{"name": null, "tags": null}\n{}';
  const names = ['a', 'b', 'c', 'd', 'e'];
  expect((await load(text, names, paths, [], {}, file)).rows).toEqual([
    ['7', 'Ann', 'b', '["a", "b", "c"]', '7'],
    [null, null, null, null, null],
    [null, null, null, null, null],
  ]);
  const rows = '[1, "two", [3]]\n[4]\n[5,6,7,8]';
  const list = JSON.stringify({ jsonpaths: ['$[0]', '$[2]'] });
  const listed = await load(rows, ['a', 'b'], paths, [], {}, list);
  expect(listed.rows).toEqual([
    ['1', '[3]'],
    ['5', '7'],
  ]);
  expect(reasons(listed)).toEqual(['2 1216 Invalid JSONPath format: Not an array or index out of range. [4]']);
  await expect(load('{}', ['a', 'b'], paths, [], {}, '{"jsonpaths": ["$.a"]}')).rejects.toThrow(
    'Number of jsonpaths and the number of columns should match. JSONPath size: 1, Number of columns in table or column list: 2',
  );
  // Without that name the file says nothing.
  expect((await load('{"a": 1}', ['a'], paths, [], {}, '{"jsonPaths": ["$.b"]}')).rows).toEqual([['1']]);
  expect(parseJsonPath('$')).toEqual([]);
  expect(parseJsonPath('$.a_b.c[2][0]')).toEqual(['a_b', 'c', 2, 0]);
  expect(parseJsonPath(`$['a.b']["c d"][10]`)).toEqual(['a.b', 'c d', 10]);
  for (const bad of ['a', '$.a..b', '$.a[*]', '$.*', "$.a['b']", '$[a]', '$.a[-1]', '$.', '$[?(@.a)]'])
    expect(() => parseJsonPath(bad), bad).toThrow(/Invalid JSONPath format/);
});
test('records that are none', async () => {
  const text = `{"a": 1}
{"a": tru}
{"a": 2
, "b": }
{"a": 3} x {"a": 4}
[1]
7
{"a": "new
line"}
{"a": "\\x"}
{"a": 01}
{"a": 5},
{"a": 6}
{"a": `;
  const loaded = await load(text, ['a']);
  expect(loaded.rows).toEqual([['1'], ['3'], ['5'], ['6']]);
  expect(reasons(loaded).map((r) => r.replace(/\n[^]*/, ''))).toEqual([
    '2 1216 Invalid value. {"a": tru}',
    '3 1216 Invalid value. {"a": 2',
    '5 1216 Invalid value. x {"a": 4}',
    '6 1216 Invalid JSONPath format: Member is not an object. [1]',
    '7 1216 Invalid value. 7',
    '8 1216 Invalid value. {"a": "new',
    '9 1216 Invalid value. line"}',
    '10 1216 Invalid value. {"a": "\\x"}',
    '11 1216 Invalid value. {"a": 01}',
    '12 1216 Invalid value. ,',
    '14 1216 Invalid value. {"a": ',
  ]);
  expect(loaded.lines).toBe(14);
  const deep = `{"a": ${'['.repeat(5000)}${']'.repeat(5000)}}`;
  expect(reasons(await load(deep, ['a'], 'auto', [SUPER]))[0]).toContain('1216 Invalid value.');
  const bad = Buffer.concat([Buffer.from('{"a": "x'), Buffer.from([0xff]), Buffer.from('y"}\n{"a": "z"}')]);
  const columns = await planOf(['a']);
  const read = testLoad(json, columns, 1, bad);
  expect([read.rows, read.refused.map((r) => [r.code, r.column])]).toEqual([[['z']], [[1220, 0]]]);
  const replaced = testLoad(json, await planOf(['a'], 'auto', [], { acceptInvChars: '^' }), 1, bad);
  expect([replaced.rows, replaced.replaced]).toEqual([[['x^y'], ['z']], 1]);
});
test('blanks and empty texts', async () => {
  const text = '{"a": "", "b": "  ", "c": "x  ", "d": " "}';
  const types = [TEXT, TEXT, TEXT, INTEGER];
  const names = ['a', 'b', 'c', 'd'];
  expect((await load(text, names, 'auto', types)).rows).toEqual([['', '  ', 'x  ', null]]);
  const all = { emptyAsNull: true, blanksAsNull: true, trimBlanks: true };
  expect((await load(text, names, 'auto', types, all)).rows).toEqual([[null, null, 'x', null]]);
  expect((await load('junk\n{"a": 1}', ['a'], 'auto', [], { ignoreHeader: 1 })).rows).toEqual([['1']]);
});
test('one record over the limit ends the load', async () => {
  const loaded = await load(`{"a": 1}\n{"a": "${'x'.repeat(4 * 1024 * 1024)}"}\n{"a": 2}`, ['a']);
  expect(loaded.refused.map((r) => [r.line, r.code])).toEqual([[2, 1216]]);
});

/** A document, and its text with blanks at random. */
function randomValue(prng: Prng, depth: number): unknown {
  switch (prng.int(0, depth > 3 ? 4 : 6)) {
    case 0:
      return null;
    case 1:
      return prng.pick([true, false]);
    case 2:
      return prng.pick([0, -1, 12.5, 1e21, -3.25e-7, 123456789]);
    case 3:
    case 4:
      return Array.from({ length: prng.int(0, 40) }, () =>
        prng.pick(['a', 'é', '"', '\\', '\n', '😀', '{', '}', ' ', '\u0001', 'long text']),
      ).join('');
    case 5:
      return Array.from({ length: prng.int(0, 4) }, () => randomValue(prng, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: prng.int(0, 5) }, () => [
          prng.pick(['a', 'b', 'c', 'd"', 'é']),
          randomValue(prng, depth + 1),
        ]),
      );
  }
}
const textOf = (value: unknown, prng: Prng): string =>
  JSON.stringify(value, undefined, prng.pick([0, 0, 1, '\t', '\n'])).replaceAll('é', prng.pick(['é', '\\u00e9']));
const fieldOf = (value: unknown): string | null =>
  value === undefined || value === null ? null : typeof value === 'string' ? value : JSON.stringify(value);

test('documents at random, cut anywhere', async () => {
  const names = ['a', 'b', 'd"'];
  const plan = await planOf(names);
  const prng = new Prng(20261127);
  for (let round = 0; round < trials(60); round++) {
    const documents = Array.from({ length: prng.int(0, 30) }, () =>
      Object.fromEntries(prng.pick([names, ['b', 'x', 'a'], ['c']]).map((n) => [n, randomValue(prng, 0)])),
    );
    const text = documents.map((d) => textOf(d, prng)).join(prng.pick(['\n', '', ' \r\n\n']));
    const most = prng.pick([1, 7, 100, 1 << 20]);
    const loaded = testLoad(json, plan, names.length, Buffer.from(text), () => prng.int(0, most));
    const fields = loaded.rows.map((row) =>
      row.map((field, i) => {
        const value = (documents[loaded.rows.indexOf(row)] as Record<string, unknown>)[names[i]!];
        return typeof value === 'object' && value !== null ? JSON.stringify(JSON.parse(field!)) : field;
      }),
    );
    expect(fields, `round ${round}: ${text}`).toEqual(documents.map((d) => names.map((n) => fieldOf(d[n]))));
    expect(loaded.refused).toEqual([]);
  }
});
test('where a bad record ends does not depend on how its bytes come', async () => {
  const plan = await planOf(['a']);
  for (const text of [
    '{"a": 1,}\n{"a": 2}\n',
    '{"a": [1}\n{"a": 2}',
    '{"a": "x\n{"a": 2}\n',
    '{\n"a": 1]\n{"a": 2}',
  ]) {
    const whole = testLoad(json, plan, 1, Buffer.from(text));
    const bytes = testLoad(json, plan, 1, Buffer.from(text), () => 1);
    expect([bytes.rows, reasons(bytes)], text).toEqual([whole.rows, reasons(whole)]);
    expect(whole.rows, text).toEqual([['2']]);
  }
});
test('bytes at random never end the scanner', async () => {
  const plan = await planOf(['a', 'b']);
  const prng = new Prng(7);
  for (let round = 0; round < trials(300); round++) {
    const whole = Buffer.from(Array.from({ length: 8 }, () => textOf(randomValue(prng, 0), prng)).join('\n'));
    for (let i = prng.int(0, 6); i > 0; i--) whole[prng.int(0, whole.length - 1)] = prng.int(0, 255);
    const pieces = prng.pick([1, 64, 1 << 20]);
    const one = testLoad(json, plan, 2, whole, () => prng.int(0, pieces));
    const two = testLoad(json, plan, 2, whole);
    expect(one.rows, whole.toString()).toEqual(two.rows);
    expect(reasons(one)).toEqual(reasons(two));
  }
});
test('names are found in whatever order they come, and however they are written', async () => {
  const names = ['id', 'identity', 'a name of more than sixteen bytes', 'a\\b', 'q"', 'é', 'unwanted_not'];
  const plan = await planOf(names);
  const prng = new Prng(21);
  for (let round = 0; round < trials(60); round++) {
    const order = (): readonly string[] =>
      [...names, 'unwanted', 'i', 'identit'].filter(() => prng.int(0, 9) > 0).sort(() => prng.int(-1, 1));
    let keys = order();
    const written: string[] = [];
    const rows = Array.from({ length: 12 }, (_, row) => {
      // Mostly as in the record before.
      if (prng.int(0, 3) === 0) keys = order();
      const pairs = keys.map((key, i) => {
        const text = prng.int(0, 9) === 0 && key === 'id' ? '"\\u0069d"' : JSON.stringify(key);
        return `${text}${prng.pick(['', '', ' '])}:${prng.pick(['', ' '])}"${row} ${i}"`;
      });
      written.push(`{${pairs.join(prng.pick([',', ' , ']))}}`);
      return names.map((name) => (keys.includes(name) ? `${row} ${keys.indexOf(name)}` : null));
    });
    expect(testLoad(json, plan, names.length, Buffer.from(written.join('\n'))).rows).toEqual(rows);
  }
});
test('numbers end where JSON has them end', async () => {
  const good = [
    '0',
    '-0',
    '7',
    '-12.50',
    '0.05',
    '1234567890123456',
    '12345678901234567.25',
    '1.2345678901234567',
    '1e5',
    '-1.5E-3',
  ];
  const text = good.map((n) => `{"a":${n},"b":${n} }`).join('\n');
  expect((await load(text, ['a', 'b'])).rows).toEqual(good.map((n) => [n, n]));
  for (const bad of ['01', '-', '.5', '5.', '1.e3', '1e', '1.2.3', '--1', '+1', '00', '1a', '0x1', '1_0'])
    expect((await load(`{"a":${bad}}\n{"a":2}`, ['a'])).rows, bad).toEqual([['2']]);
});
test('a file is cut in front of documents', async () => {
  const prng = new Prng(3);
  const plan = await planOf(['a', 'b']);
  for (let round = 0; round < trials(40); round++) {
    const documents = Array.from({ length: 50 }, () => ({ a: randomValue(prng, 0), b: randomValue(prng, 1) }));
    const bytes = Buffer.from(documents.map((d) => textOf(d, prng)).join(prng.pick(['\n', '\n \n', ' '])));
    const object: LoadObject = {
      size: bytes.length,
      read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
      stream: () => {
        throw new Error('not here');
      },
    };
    const wishes = [1, 2, 3].map((i) => Math.floor((bytes.length * i) / 4));
    const cuts = [0, ...(await json.split(object, wishes, optionsOf('auto'))), bytes.length];
    const parts = cuts.slice(1).map((end, i) => testLoad(json, plan, 2, bytes.subarray(cuts[i], end)));
    expect(parts.flatMap((p) => p.rows)).toEqual(testLoad(json, plan, 2, bytes).rows);
    expect(parts.flatMap((p) => p.refused)).toEqual([]);
  }
});
