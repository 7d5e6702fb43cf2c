/**
 * Passwords that end by themselves, for names with a prefix (IAM:name): what GetClusterCredentials gives. A name may have
 * several at a time. They are kept as md5 hashes of this process alone, bounded, the oldest going first. Used by login.ts.
 */
import { randomBytes } from 'node:crypto';
import type { Clock } from '../../common/clock.ts';
import { TEMPORARY_CREDENTIALS_MAX } from '../../common/limits.ts';
import { md5Password } from '../catalog/bootstrap.ts';

interface Kept {
  readonly name: string;
  readonly hash: string;
  readonly expiresMs: number;
}
const PASSWORD_BYTES = 32;

export class TemporaryCredentials {
  private kept: Kept[] = [];
  constructor(private readonly clock: Pick<Clock, 'nowMs'>) {}

  /** `name` as it is said at log-in, with its prefix. The end is in ms since 1970. */
  issue(name: string, durationSeconds: number): { readonly password: string; readonly expiresMs: number } {
    const password = randomBytes(PASSWORD_BYTES).toString('base64url');
    const expiresMs = this.clock.nowMs() + durationSeconds * 1000;
    this.forgetExpired();
    if (this.kept.length >= TEMPORARY_CREDENTIALS_MAX) this.kept.shift();
    this.kept.push({ name, hash: md5Password(password, name), expiresMs });
    return { password, expiresMs };
  }

  /** 'md5' + hex of every password that is right for the name now. */
  hashesOf(name: string): readonly string[] {
    const now = this.clock.nowMs();
    return this.kept.filter((k) => k.name === name && now < k.expiresMs).map((k) => k.hash);
  }

  private forgetExpired(): void {
    const now = this.clock.nowMs();
    this.kept = this.kept.filter((k) => now < k.expiresMs);
  }
}
