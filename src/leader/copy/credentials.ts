/**
 * The three ways to name credentials, and the masking of keys in statement texts. Every text that is kept (STL_QUERY,
 * STL_QUERYTEXT, STL_UTILITYTEXT, logs, error contexts) passes maskCredentials first.
 */
import { invalidCredentials } from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { ReadOptions } from './option-spec.ts';

export type Credentials =
  | { readonly kind: 'none' }
  /** 'default' or one or more arns joined by commas (a chain). */
  | { readonly kind: 'role'; readonly arn: string }
  | {
      readonly kind: 'keys';
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string;
    };

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
  const text = get('CREDENTIALS');
  if (text === undefined) return { kind: 'none' };
  const at = options.position('CREDENTIALS');
  const parts = new Map<string, string>();
  for (const part of text.split(';')) {
    const eq = part.indexOf('=');
    if (eq <= 0 || /\s/.test(part)) throw invalidCredentials(at);
    parts.set(part.slice(0, eq).toLowerCase(), part.slice(eq + 1));
  }
  const arn = parts.get('aws_iam_role');
  if (arn !== undefined && parts.size === 1) return role(arn, at);
  const key = parts.get('aws_access_key_id');
  const secret = parts.get('aws_secret_access_key');
  const known = [...parts.keys()].every((k) => ['aws_access_key_id', 'aws_secret_access_key', 'token'].includes(k));
  if (!key || !secret || !known) throw invalidCredentials(at);
  return { kind: 'keys', accessKeyId: key, secretAccessKey: secret, sessionToken: parts.get('token') };
}

/** A SQL string as written: quotes doubled or escaped by backslash, or in dollar quotes. */
const STRING = String.raw`(?:[eE]?'(?:[^'\\]|''|\\[\s\S])*'?|\$(\w*)\$[\s\S]*?(?:\$\KTAG\$|$))`;
const string = (group: number): string => STRING.replace(String.raw`\KTAG`, `\\${group}`);
const GAP = String.raw`(?:\s|--[^\n]*(?:\n|$)|/\*[\s\S]*?\*/)*`;
const KEYWORDS = new RegExp(
  String.raw`\b(access_key_id|secret_access_key|session_token|master_symmetric_key|credentials|password)(${GAP})((?:as\b${GAP})?)(${string(5)})`,
  'gi',
);
/** From CREATE USER or ALTER USER on: whatever stands quoted behind PASSWORD, whether it parses or not. */
const USER = new RegExp(String.raw`\b(?:create|alter)\b${GAP}\buser\b[\s\S]*?\bpassword\b`, 'i');
const QUOTED =
  /(until\s*)?(?:[eE]?'(?:[^'\\]|''|\\[\s\S])*(?:'|$)|"(?:[^"]|"")*(?:"|$)|\$(\w*)\$[\s\S]*?(?:\$\2\$|$))/gi;
const INSIDE = /((?:aws_access_key_id|aws_secret_access_key|token|master_symmetric_key)\s*=\s*)([^;'"\s]*)/gi;

/**
 * The statement with every key and password replaced by asterisks. CREDENTIALS that name a role only keep it. Also covers
 * `name=value` pairs anywhere, so that a statement that does not parse leaks nothing either.
 */
export function maskCredentials(sql: string): string {
  if (!/credentials|access_key|session_token|symmetric_key|password|token\s*=/i.test(sql)) return sql;
  return maskUser(sql)
    .replace(KEYWORDS, (whole, keyword: string, gap: string, as: string, value: string) => {
      if (keyword.toLowerCase() === 'credentials' && /^[eE]?'\s*aws_iam_role\s*=[^;]*'$/i.test(value)) return whole;
      return `${keyword}${gap}${as}'***'`;
    })
    .replace(INSIDE, (_, name: string) => `${name}***`);
}

function maskUser(sql: string): string {
  const head = USER.exec(sql);
  if (head === null) return sql;
  const end = head.index + head[0].length;
  const rest = sql.slice(end).replace(QUOTED, (whole, until?: string) => (until === undefined ? "'***'" : whole));
  return sql.slice(0, end) + rest;
}

/** An error of a statement that held a password, without the piece of text it stopped at. */
export function maskError(error: SqlError, maskedText: string): SqlError {
  if (!/\bpassword\b/i.test(maskedText) || !/ at or near "/.test(error.message)) return error;
  const { sqlstate, severity, detail, hint, position } = error;
  const message = error.message.replace(/( at or near )"[\s\S]*"$/, (_, at: string) => `${at}"***"`);
  return new SqlError({ sqlstate, severity, detail, hint, position, message });
}
