/**
 * Redshift's sha256 passwords: the server keeps sha256(password + salt). Redshift's own drivers prove the password with a
 * digest (authentication code 13), sha256(thatHash + server nonce + client nonce); any other client can only send the
 * password itself. Comparison takes the same time for every wrong answer.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const sha256 = (...parts: readonly (string | Uint8Array)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};
const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** Digits only, as the service sends it; drivers take it as bytes. */
export const newNonce = (): Uint8Array => Buffer.from(randomBytes(16).toString('hex'));

export const digestMatches = (
  digest: Uint8Array,
  serverNonce: Uint8Array,
  answer: { readonly digest: Uint8Array; readonly nonce: Uint8Array },
): boolean => same(sha256(digest, serverNonce, answer.nonce), answer.digest);
