/**
 * The three ways to name credentials: a role, keys, or either in one string, where the master key of what is encrypted before
 * it goes to S3 may stand, too. A statement that names none is refused. parser/mask-credentials.ts hides them in the texts that
 * are kept.
 */
import { DEFAULT_ROLE } from '../../common/account.ts';
import { invalidCredentials, noCredentials } from '../../common/errors/authorization-errors.ts';
import { optionNeeds, optionValue } from '../../common/errors/catalogue.ts';
import { masterKeyBytes } from '../../s3/client-encryption.ts';
import type { Credentials } from '../../s3/object-store.ts';
import type { ReadOptions } from './option-spec.ts';

export type { Credentials };

/** As IAM writes them: partition, account, path and name; whether AWS knows the role is not asked. */
const ROLE = /^arn:aws(?:-[a-z]+)*:iam::\d{12}:role\/(?:[\x21-\x7e]{1,510}\/)?[\w+=,.@-]{1,64}$/;
const ROLES_MAX = 10;

function role(text: string, position: number | undefined): Credentials {
  if (/^default$/i.test(text)) return { kind: 'role', arn: DEFAULT_ROLE };
  if (/^session$/i.test(text)) return { kind: 'session' };
  const chain = text.split(/,(?=arn:)/);
  if (chain.length > ROLES_MAX || !chain.every((arn) => ROLE.test(arn))) throw invalidCredentials(position);
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
    const name = part.slice(0, eq).toLowerCase();
    if (eq <= 0 || /\s/.test(part) || parts.has(name)) throw invalidCredentials(options.position('CREDENTIALS'));
    parts.set(name, part.slice(eq + 1));
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

/** Keys are texts without blanks, none of them empty. */
function keys(id: string, secret: string, token: string | undefined, at: number | undefined): Credentials {
  if (![id, secret, token ?? 'none'].every((text) => /^\S+$/.test(text))) throw invalidCredentials(at);
  return { kind: 'keys', accessKeyId: id, secretAccessKey: secret, sessionToken: token };
}

export function readCredentials(options: ReadOptions): Credentials {
  const get = (name: string): string | undefined => options.values.get(name) as string | undefined;
  const iam = get('IAM_ROLE');
  if (iam !== undefined) return role(iam, options.position('IAM_ROLE'));
  const id = get('ACCESS_KEY_ID');
  if (id !== undefined)
    return keys(id, get('SECRET_ACCESS_KEY')!, get('SESSION_TOKEN'), options.position('ACCESS_KEY_ID'));
  const parts = stringParts(options);
  if (parts === undefined) throw noCredentials();
  const at = options.position('CREDENTIALS');
  parts.delete(MASTER_KEY);
  const arn = parts.get('aws_iam_role');
  if (arn !== undefined && parts.size === 1) return role(arn, at);
  const known = [...parts.keys()].every((k) => ['aws_access_key_id', 'aws_secret_access_key', 'token'].includes(k));
  if (!known) throw invalidCredentials(at);
  return keys(parts.get('aws_access_key_id') ?? '', parts.get('aws_secret_access_key') ?? '', parts.get('token'), at);
}
