/**
 * Passwords of CREATE USER and ALTER USER: Redshift's rules for clear text, and the forms a password is kept in:
 *
 *   md5 + hex(md5(password + user))            clear text, or given so
 *   sha256|hex(sha256(password + salt))|salt   'sha256|password' with a salt of ours, or given so
 *
 * Clear text is never kept. An md5 hash holds the user's name and dies with it.
 */
import { createHash, randomBytes } from 'node:crypto';
import { emptyPassword, passwordPolicy } from '../../common/errors/catalogue.ts';
import type { Credential } from '../../common/sql-service.ts';
import { md5Password } from './bootstrap.ts';

const LENGTH_MIN = 8;
const LENGTH_MAX = 64;
const SHA256 = /^sha256\|([0-9a-f]{64})\|([\x21-\x7e]+)$/i;
const MD5 = /^md5[0-9a-f]{32}$/;

/** The stored form of what a statement gives. */
export function passwordHash(password: string, user: string): string {
  if (MD5.test(password)) return password;
  const given = SHA256.exec(password);
  if (given !== null) return `sha256|${given[1]!.toLowerCase()}|${given[2]}`;
  if (/^sha256\|/i.test(password)) {
    const text = password.slice('sha256|'.length);
    checkPolicy(text);
    const salt = randomBytes(16).toString('hex');
    return `sha256|${createHash('sha256')
      .update(text + salt, 'utf8')
      .digest('hex')}|${salt}`;
  }
  checkPolicy(password);
  return md5Password(password, user);
}

function checkPolicy(password: string): void {
  if (password.length < LENGTH_MIN || password.length > LENGTH_MAX) {
    throw passwordPolicy(`must have ${LENGTH_MIN} to ${LENGTH_MAX} characters`);
  }
  if (!/[A-Z]/.test(password)) throw passwordPolicy('must contain an upper-case letter');
  if (!/[a-z]/.test(password)) throw passwordPolicy('must contain a lower-case letter');
  if (!/[0-9]/.test(password)) throw passwordPolicy('must contain a digit');
  // Letters beyond ASCII are taken, as the service takes them.
  if (/[\x00-\x20\x7f'"\\/@]/.test(password)) {
    throw passwordPolicy('must have no control characters, no blanks and none of \' " \\ / @');
  }
}

/** What a log-in is checked against. */
export function credentialOf(stored: string): Credential {
  const sha256 = SHA256.exec(stored);
  if (sha256 === null) return { kind: 'md5', hashes: [stored] };
  return { kind: 'sha256', digest: Buffer.from(sha256[1]!, 'hex'), salt: Buffer.from(sha256[2]!) };
}

export const survivesRename = (stored: string): boolean => credentialOf(stored).kind === 'sha256';

/** Whether the server's own option (no policy asked) is this stored password. */
export function isPassword(stored: string | undefined, password: string, user: string): boolean {
  if (stored === undefined) return false;
  const credential = credentialOf(stored);
  if (credential.kind !== 'sha256') return stored === md5Password(password, user);
  return createHash('sha256').update(password).update(credential.salt).digest().equals(credential.digest);
}

/** The hash of the server's --password. */
export function optionPasswordHash(password: string, user: string): string {
  if (password === '') throw emptyPassword();
  return md5Password(password, user);
}
