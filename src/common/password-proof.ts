/**
 * Whether a password that came in clear is what a credential asks for. Takes the same time for every wrong one. Called by the doors
 * (wire/auth/method.ts, http/query-sessions.ts).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credential } from './sql-service.ts';

const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && timingSafeEqual(a, b);

/** `names`: the user's, and the one the credential was asked for with: md5 hashes hold one of them. */
export function provesPassword(credential: Credential, names: readonly string[], password: string): boolean {
  if (credential.kind === 'trust') return true;
  if (credential.kind === 'sha256') {
    return same(credential.digest, createHash('sha256').update(password).update(credential.salt).digest());
  }
  const given = names.map((name) =>
    Buffer.from(`md5${createHash('md5').update(password).update(name).digest('hex')}`),
  );
  return credential.hashes.reduce((right, hash) => given.some((g) => same(Buffer.from(hash), g)) || right, false);
}
