/**
 * The three ways to name credentials: a role, keys, or either in one string, where the master key of what is encrypted before
 * it goes to S3 may stand, too. parser/mask-credentials.ts hides them in the texts that are kept.
 */
import { invalidCredentials, optionNeeds, optionValue } from '../../common/errors/catalogue.ts';
import { masterKeyBytes } from '../../s3/client-encryption.ts';
import type { Credentials } from '../../s3/object-store.ts';
import type { ReadOptions } from './option-spec.ts';

export type { Credentials };

/** Shaped like an arn; whether AWS knows the role is not asked. */
const ROLE = /^arn:[\w-]+:[\w+=,.@/:*-]+$/;
const ROLES_MAX = 10;

function role(text: string, position: number | undefined): Credentials {
  if (/^default$/i.test(text)) return { kind: 'role', arn: 'default' };
  if (text === 'SESSION') return { kind: 'role', arn: text };
  const parts = text.split(/,(?=arn:)/);
  if (parts.length > ROLES_MAX || parts.some((p) => !ROLE.test(p))) throw invalidCredentials(position);
  return { kind: 'role', arn: text };
}

const MASTER_KEY = 'master_symmetric_key';
/** CREDENTIALS by its names; undefined: without them. */
function stringParts(options: ReadOptions): Map<string, string> | undefined {
  const text = options.values.get('CREDENTIALS') as string | undefined;
  if (text === undefined) return undefined;
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const eq = part.indexOf('=');
    if (eq <= 0 || /\s/.test(part)) throw invalidCredentials(options.position('CREDENTIALS'));
    parts.set(part.slice(0, eq).toLowerCase(), part.slice(eq + 1));
  }
  return parts;
}

/** The key of MASTER_SYMMETRIC_KEY or CREDENTIALS, which goes with ENCRYPTED alone. */
export function readMasterKey(options: ReadOptions): string | undefined {
  const own = options.values.get('MASTER_SYMMETRIC_KEY') as string | undefined;
  const key = own ?? stringParts(options)?.get(MASTER_KEY);
  if (key === undefined) return undefined;
  const at = options.position(own === undefined ? 'CREDENTIALS' : 'MASTER_SYMMETRIC_KEY');
  if (!options.values.has('ENCRYPTED')) throw optionNeeds('MASTER_SYMMETRIC_KEY', 'ENCRYPTED', at);
  if (masterKeyBytes(key) === undefined)
    throw optionValue('MASTER_SYMMETRIC_KEY', 'must be the Base64 of a key of 256 bits', at);
  return key;
}

export function readCredentials(options: ReadOptions): Credentials {
  const get = (name: string): string | undefined => options.values.get(name) as string | undefined;
  const iam = get('IAM_ROLE');
  if (iam !== undefined) return role(iam, options.position('IAM_ROLE'));
  const id = get('ACCESS_KEY_ID');
  if (id !== undefined)
    return {
      kind: 'keys',
      accessKeyId: id,
      secretAccessKey: get('SECRET_ACCESS_KEY')!,
      sessionToken: get('SESSION_TOKEN'),
    };
  const parts = stringParts(options);
  if (parts === undefined) return { kind: 'none' };
  const at = options.position('CREDENTIALS');
  parts.delete(MASTER_KEY);
  const arn = parts.get('aws_iam_role');
  if (arn !== undefined && parts.size === 1) return role(arn, at);
  const key = parts.get('aws_access_key_id');
  const secret = parts.get('aws_secret_access_key');
  const known = [...parts.keys()].every((k) => ['aws_access_key_id', 'aws_secret_access_key', 'token'].includes(k));
  if (!key || !secret || !known) throw invalidCredentials(at);
  return { kind: 'keys', accessKeyId: key, secretAccessKey: secret, sessionToken: parts.get('token') };
}
