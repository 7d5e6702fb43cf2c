/**
 * docs/COMPATIBILITY.md says what the registries hold. When this fails: npx tsx tools/compatibility.ts
 */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { COMPATIBILITY_FILE, compatibilityText } from '../../tools/compatibility.ts';

test('COMPATIBILITY.md is up to date', () => {
  expect(
    readFileSync(COMPATIBILITY_FILE, 'utf8') === compatibilityText(),
    'run: npx tsx tools/compatibility.ts',
  ).toBe(true);
});
