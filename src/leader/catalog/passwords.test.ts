/** Every form a password is given and kept in; clear text is never kept. */
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { credentialOf, isPassword, passwordHash, survivesRename } from './passwords.ts';

const SECRET = 'Abcdef12';
test('clear text becomes md5 of password and name, sha256| text a salted hash', () => {
  expect(passwordHash(SECRET, 'bob')).toBe(`md5${createHash('md5').update(`${SECRET}bob`).digest('hex')}`);
  const kept = passwordHash(`sha256|${SECRET}`, 'bob');
  expect(kept).toMatch(/^sha256\|[0-9a-f]{64}\|[0-9a-f]{32}$/);
  expect(kept).not.toBe(passwordHash(`sha256|${SECRET}`, 'bob'));
  expect([isPassword(kept, SECRET, 'bob'), isPassword(kept, 'Abcdef13', 'bob')]).toEqual([true, false]);
});
test('hashes are taken as they are, and known again', () => {
  const md5 = `md5${'0a'.repeat(16)}`;
  expect(passwordHash(md5, 'bob')).toBe(md5);
  expect(passwordHash(`sha256|${'AB'.repeat(32)}|salt`, 'bob')).toBe(`sha256|${'ab'.repeat(32)}|salt`);
  expect(credentialOf(md5)).toEqual({ kind: 'md5', hashes: [md5] });
  expect(credentialOf(`sha256|${'ab'.repeat(32)}|salt`)).toMatchObject({ salt: Buffer.from('salt') });
  expect([survivesRename(md5), survivesRename(`sha256|${'ab'.repeat(32)}|s`)]).toEqual([false, true]);
});
test('clear text keeps to the rules, also behind sha256|', () => {
  for (const text of [
    'short1A',
    'abcdefg1',
    'ABCDEFG1',
    'Abcdefgh',
    'Abcdef1 ',
    "Abcdef1'",
    'Abcdef1@',
    'A1b'.repeat(30),
  ]) {
    expect(() => passwordHash(text, 'bob'), text).toThrow(/^password must/);
    expect(() => passwordHash(`sha256|${text}`, 'bob'), text).toThrow(/^password must/);
  }
});
