/**
 * Passwords of CREATE USER and ALTER USER: Redshift's rules for clear text, md5 hashes taken as they are.
 */
import { featureNotSupported, passwordPolicy } from '../../common/errors/catalogue.ts';
import { md5Password } from './bootstrap.ts';

const LENGTH_MIN = 8;
const LENGTH_MAX = 64;

/** The stored form; undefined for no password (DISABLE or not given). */
export function passwordHash(password: string | null | undefined, user: string): string | undefined {
  if (password === null || password === undefined) return undefined;
  if (/^md5[0-9a-f]{32}$/.test(password)) return password;
  if (password.startsWith('sha256|')) {
    throw featureNotSupported('sha256 passwords are not supported; use clear text or md5');
  }
  if (password.length < LENGTH_MIN || password.length > LENGTH_MAX) {
    throw passwordPolicy(`must have ${LENGTH_MIN} to ${LENGTH_MAX} characters`);
  }
  if (!/[A-Z]/.test(password)) throw passwordPolicy('must contain an upper-case letter');
  if (!/[a-z]/.test(password)) throw passwordPolicy('must contain a lower-case letter');
  if (!/[0-9]/.test(password)) throw passwordPolicy('must contain a digit');
  if (!/^[\x21-\x7e]*$/.test(password) || /['"\\/@]/.test(password)) {
    throw passwordPolicy('must be printable ASCII without \' " \\ / @ and blanks');
  }
  return md5Password(password, user);
}
