/**
 * Which proof a client is asked for, given the credential of the user it names: nothing, md5's salted answer, Redshift's
 * digest, or the password itself where nobody can listen. SCRAM is never offered, because Redshift's own drivers break on
 * it. A challenge is answered once. Called by connection.ts.
 */
import type { Credential } from '../../common/sql-service.ts';
import { provesPassword } from '../../common/password-proof.ts';
import * as backend from '../backend.ts';
import { decodeDigestAnswer, decodeMessage } from '../frontend.ts';
import type { Frame } from '../reader.ts';
import type { MessageWriter } from '../writer.ts';
import { answerMatches, newSalt } from './md5.ts';
import { digestMatches, newNonce } from './sha256.ts';

export interface ClientKind {
  /** One of Redshift's own drivers. */
  readonly speaksDigest: boolean;
  /** Encrypted, or within this machine. */
  readonly isPrivate: boolean;
}
export interface Challenge {
  ask(out: MessageWriter): void;
  /** Undefined: a message of another kind. */
  check(frame: Frame): boolean | undefined;
}

/** Undefined when nothing is asked for. */
export function challengeFor(credential: Credential, client: ClientKind): Challenge | undefined {
  if (credential.kind === 'trust') return undefined;
  if (credential.kind === 'md5') {
    const salt = newSalt();
    return {
      ask: (out) => backend.authenticationMd5(out, salt),
      check: (frame) =>
        withPassword(frame, (text) =>
          credential.hashes.reduce((right, hash) => answerMatches(hash, salt, text) || right, false),
        ),
    };
  }
  const { digest, salt } = credential;
  if (client.speaksDigest || !client.isPrivate) {
    const nonce = newNonce();
    return {
      ask: (out) => backend.authenticationDigest(out, salt, nonce),
      check: (frame) => {
        const answer = decodeDigestAnswer(frame);
        return answer === undefined ? undefined : digestMatches(digest, nonce, answer);
      },
    };
  }
  return {
    ask: (out) => backend.authenticationCleartext(out),
    check: (frame) => withPassword(frame, (text) => provesPassword(credential, [], text)),
  };
}

function withPassword(frame: Frame, check: (text: string) => boolean): boolean | undefined {
  const message = decodeMessage(frame);
  return message.kind === 'password' ? check(message.text) : undefined;
}
