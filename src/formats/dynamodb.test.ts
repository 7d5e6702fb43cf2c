/** Items of DynamoDB as rows: sources that let wait and break anywhere, numbers with exponents, what ends a load. */
import { expect, test } from 'vitest';
import { INT4, varchar } from '../types/sql-type.ts';
import { delimitedFormat } from './delimited.ts';
import { dynamodb } from './dynamodb.ts';
import { plainNumber } from './dynamodb/number.ts';
import { testLoad, type TestLoaded } from './test-load.ts';

const columns = [
  { name: 'id', type: INT4, nullable: true },
  { name: 'txt', type: varchar(100), nullable: true },
];
async function load(lines: readonly unknown[], most?: () => number, emptyAsNull = false): Promise<TestLoaded> {
  const text = { ...delimitedFormat({ emptyAsNull }), kind: 'dynamodb' as const, nullText: undefined };
  const options = { text, dateFormat: undefined, timeFormat: undefined };
  const { plan } = await dynamodb.schema(columns, options, undefined, {
    object: () => Promise.reject(new TypeError()),
  });
  const bytes = Buffer.from(lines.map((l) => `${JSON.stringify(l)}\n`).join(''));
  return testLoad(dynamodb as never, plan, 2, bytes, most);
}

test('items in pieces of any size, with waiting between them', async () => {
  const items = Array.from({ length: 200 }, (_, i) => ({ ID: { N: String(i) }, txt: { S: 'é|\n'.repeat(i % 7) } }));
  let turn = 0;
  const { rows, lines, refused } = await load(items, () => [0, 1, 7, 300][turn++ % 4]!);
  expect(rows).toEqual(items.map((item) => [item.ID.N, item.txt.S]));
  expect([lines, refused]).toEqual([200, []]);
});
test('a missing attribute is an empty one', async () => {
  expect((await load([{}, { id: { S: ' ' } }])).rows).toEqual([
    [null, ''],
    [null, ''],
  ]);
  expect((await load([{}, { txt: { S: '' } }], undefined, true)).rows).toEqual([
    [null, null],
    [null, null],
  ]);
});
test('types other than S and N end the load where they have a column, names that differ in case everywhere', async () => {
  expect((await load([{ other: { SS: ['a'] } }])).rows).toEqual([[null, '']]);
  const typed = await load([{ id: { N: '1' } }, { txt: { SS: ['a'] } }]);
  expect(typed.refused).toMatchObject([{ line: 2, column: 1, code: 1223, rawValue: Buffer.from('{"SS":["a"]}') }]);
  expect((await load([{ a: { N: '1' }, A: { N: '2' } }])).refused).toMatchObject([
    { line: 1, column: -1, code: 1216 },
  ]);
});
test.each([
  ['1', '1'],
  ['-1.50', '-1.50'],
  ['1E+3', '1000'],
  ['1.25e1', '12.5'],
  ['-1.5E-3', '-0.0015'],
  ['12E-1', '1.2'],
  ['1.E2', '100'],
  ['9.9E+37', `99${'0'.repeat(36)}`],
  ['not a number', 'not a number'],
])('%s is %s', (written, plain) => {
  expect(plainNumber(written)).toBe(plain);
});
