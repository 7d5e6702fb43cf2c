/**
 * Whether a password that came in clear is what a credential asks for. Takes the same time for every wrong one. Called by the doors
 * (wire/auth/method.ts, http/query-sessions.ts).
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Credential } from './sql-service.ts';

/** `user`: as the credential was asked for. */
export function provesPassword(credential: Credential, user: string, password: string): boolean {
  if (credential.kind === 'trust') return true;
  const { kind } = credential;
  const [expected, given] =
    kind === 'md5'
      ? [
          Buffer.from(credential.hash),
          Buffer.from(`md5${createHash('md5').update(password).update(user).digest('hex')}`),
        ]
      : [credential.digest, createHash('sha256').update(password).update(credential.salt).digest()];
  return expected.length === given.length && timingSafeEqual(expected, given);
}
