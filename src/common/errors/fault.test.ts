/** Which exceptions condemn a node's memory and which end a query only. */
import { expect, test } from 'vitest';
import { AssertionError } from '../assert.ts';
import { hostCode, isFault, QueryBug } from './fault.ts';
import { SqlError } from './sql-error.ts';

const systemError = Object.assign(new Error('EIO: i/o error, read'), { code: 'EIO' });
const misuse = Object.assign(new RangeError('out of range'), { code: 'ERR_OUT_OF_RANGE' });

test.each([
  ['a clean out of memory', new SqlError({ sqlstate: '53200', message: 'Out Of Memory' }), false],
  ['an error of the disk', systemError, false],
  ['a module that does not link', new WebAssembly.LinkError('import'), false],
  ['a bug of host code', new QueryBug('view'), false],
  ['a trap', new WebAssembly.RuntimeError('unreachable'), true],
  ['a failed assertion', new AssertionError('x'), true],
  ['a stack overflow', new RangeError('Maximum call stack size exceeded'), true],
  ['a misused API', misuse, true],
  ['a type error', new TypeError('x'), true],
  ['something that is no error', 'text', true],
])('%s', (_what, error, fault) => {
  expect(isFault(error)).toBe(fault);
});

test('host code may fail without condemning memory, and its SqlErrors pass through', () => {
  expect(() => hostCode(() => BigInt(1.5))).toThrow(QueryBug);
  expect(() => hostCode(() => JSON.parse('{') as unknown)).toThrow(QueryBug);
  const mine = new SqlError({ sqlstate: '22003', message: 'x' });
  expect(() =>
    hostCode(() => {
      throw mine;
    }),
  ).toThrow(mine);
});
