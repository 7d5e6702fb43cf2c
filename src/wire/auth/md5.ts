/**
 * PostgreSQL's md5 authentication: the server keeps 'md5' + md5(password + user); the client answers
 * 'md5' + md5(thatHash + salt). Comparison takes the same time for every wrong answer.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const md5 = (...parts: readonly (string | Uint8Array)[]): string => {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

export const newSalt = (): Uint8Array => randomBytes(4);

/** `stored` is 'md5' + 32 hex digits. */
export function answerMatches(stored: string, salt: Uint8Array, answer: string): boolean {
  const expected = Buffer.from(`md5${md5(stored.slice(3), salt)}`);
  const given = Buffer.from(answer);
  return given.length === expected.length && timingSafeEqual(given, expected);
}
