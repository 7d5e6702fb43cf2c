/**
 * Bucket policies: parsed when they are put, asked for every request. Statements with conditions on what this door knows
 * (the prefix of a listing, whether the connection is secure, the caller's address) act; any other condition is refused
 * when the policy is put, so that no clause is passed over.
 */
import { S3Error } from './key-path.ts';

export interface Asked {
  /** 'anonymous', or an ARN; the owner's account is one too. */
  readonly principal: string;
  /** s3:GetObject */
  readonly action: string;
  /** arn:aws:s3:::bucket or arn:aws:s3:::bucket/key */
  readonly resource: string;
  /** Of a listing. */
  readonly prefix?: string | undefined;
  readonly delimiter?: string | undefined;
  readonly address?: string | undefined;
}
interface Condition {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}
interface Statement {
  readonly allow: boolean;
  readonly principals: readonly string[] | '*';
  readonly notPrincipals: boolean;
  readonly actions: readonly string[];
  readonly notActions: boolean;
  readonly resources: readonly string[];
  readonly notResources: boolean;
  readonly conditions: readonly Condition[];
}
export type Policy = readonly Statement[];

const malformed = (message: string): S3Error => new S3Error('MalformedPolicy', 400, message);
const OPERATORS = /^(?:String(?:Not)?(?:Equals|Like)(?:IgnoreCase)?|Bool|(?:Not)?IpAddress)(?:IfExists)?$/;
const KEYS = ['aws:securetransport', 'aws:sourceip', 's3:prefix', 's3:delimiter'];

const wildcard = (pattern: string, flags = ''): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*+/g, '[^]*')
      .replaceAll('?', '[^]')}$`,
    flags,
  );
const list = (value: unknown): readonly string[] | undefined => {
  const all = Array.isArray(value) ? (value as unknown[]) : [value];
  return all.every((v) => typeof v === 'string') ? (all as string[]) : undefined;
};

/** Throws MalformedPolicy, as S3 does when a policy is put. */
export function parsePolicy(text: string, bucket: string): Policy {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  const { Version, Statement: statements } = (json ?? {}) as { Version?: unknown; Statement?: unknown };
  if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17')
    throw malformed('The policy must contain a valid version string');
  const all = Array.isArray(statements) ? (statements as unknown[]) : statements === undefined ? [] : [statements];
  if (all.length === 0) throw malformed('Missing required field Statement');
  return all.map((s) => statement(s, bucket));
}
function statement(value: unknown, bucket: string): Statement {
  if (typeof value !== 'object' || value === null) throw malformed('Invalid policy syntax.');
  const s = value as Record<string, unknown>;
  if (s['Effect'] !== 'Allow' && s['Effect'] !== 'Deny') throw malformed('Invalid effect: ' + String(s['Effect']));
  const actions = list(s['Action'] ?? s['NotAction']);
  const resources = list(s['Resource'] ?? s['NotResource']);
  if (actions === undefined) throw malformed('Missing required field Action');
  if (resources === undefined) throw malformed('Missing required field Resource');
  if (actions.some((a) => !/^(?:\*|s3:[\w*?]+)$/i.test(a))) throw malformed('Policy has invalid action');
  const own = `arn:aws:s3:::${bucket}`;
  if (resources.some((r) => r !== '*' && r !== own && !r.startsWith(`${own}/`) && !/[*?]/.test(r.split('/')[0]!)))
    throw malformed('Policy has invalid resource');
  const principal = s['Principal'] ?? s['NotPrincipal'];
  return {
    allow: s['Effect'] === 'Allow',
    principals: principalsOf(principal),
    notPrincipals: s['Principal'] === undefined,
    actions,
    notActions: s['Action'] === undefined,
    resources,
    notResources: s['Resource'] === undefined,
    conditions: conditionsOf(s['Condition']),
  };
}
function principalsOf(value: unknown): readonly string[] | '*' {
  if (value === '*') return '*';
  const aws = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)['AWS'] : undefined;
  if (value === undefined || value === null) throw malformed('Missing required field Principal');
  const names = list(aws ?? []);
  if (names === undefined || typeof value !== 'object') throw malformed('Invalid principal in policy');
  return names.includes('*') ? '*' : names;
}
function conditionsOf(value: unknown): readonly Condition[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) throw malformed('Invalid policy syntax.');
  return Object.entries(value).flatMap(([operator, keys]) =>
    Object.entries((keys ?? {}) as object).map(([key, wanted]): Condition => {
      const values = list(typeof wanted === 'boolean' ? String(wanted) : wanted);
      if (values === undefined) throw malformed('Invalid policy syntax.');
      if (!OPERATORS.test(operator) || !KEYS.includes(key.toLowerCase()))
        throw new S3Error(
          'NotImplemented',
          501,
          `A condition you provided implies functionality that is not implemented: ${operator} ${key}`,
        );
      if (/IpAddress/.test(operator) && values.some((v) => parseNetwork(v) === undefined))
        throw malformed('Invalid IP address in conditions');
      return { operator, key: key.toLowerCase(), values };
    }),
  );
}

/** An explicit 'deny' stands above any 'allow'; undefined: the policy says nothing. */
export function decide(policy: Policy, asked: Asked): 'allow' | 'deny' | undefined {
  let allowed = false;
  for (const s of policy) {
    if (!applies(s, asked)) continue;
    if (!s.allow) return 'deny';
    allowed = true;
  }
  return allowed ? 'allow' : undefined;
}
function applies(s: Statement, asked: Asked): boolean {
  const principal = s.principals === '*' || s.principals.some((p) => samePrincipal(p, asked.principal));
  return (
    principal !== s.notPrincipals &&
    s.actions.some((a) => wildcard(a, 'i').test(asked.action)) !== s.notActions &&
    s.resources.some((r) => wildcard(r).test(asked.resource)) !== s.notResources &&
    s.conditions.every((c) => holds(c, asked))
  );
}
/** An account's number or its root stands for everybody of the account. */
function samePrincipal(named: string, asked: string): boolean {
  if (named === asked) return true;
  const account = /^(?:arn:aws[\w-]*:iam::)?(\d{12})(?::root)?$/.exec(named)?.[1];
  return account !== undefined && asked.includes(`::${account}:`);
}
function holds({ operator, key, values }: Condition, asked: Asked): boolean {
  const value =
    key === 'aws:securetransport'
      ? // What goes over the loopback here goes over TLS there.
        'true'
      : key === 'aws:sourceip'
        ? asked.address
        : key === 's3:prefix'
          ? asked.prefix
          : asked.delimiter;
  const not = operator.includes('Not');
  if (value === undefined) return operator.endsWith('IfExists') || not;
  const fold = operator.includes('IgnoreCase') || operator.startsWith('Bool') ? 'i' : '';
  const one = (wanted: string): boolean =>
    /IpAddress/.test(operator)
      ? inNetwork(value, wanted)
      : operator.includes('Like')
        ? wildcard(wanted, fold).test(value)
        : fold === 'i'
          ? wanted.toLowerCase() === value.toLowerCase()
          : wanted === value;
  return values.some(one) !== not;
}

/** IPv4 as a number with the length of its prefix. */
function parseNetwork(text: string): { readonly base: number; readonly bits: number } | undefined {
  const m = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/.exec(text);
  if (m === null) return /^[0-9a-f:]+(?:\/\d{1,3})?$/i.test(text) ? { base: -1, bits: 32 } : undefined;
  const base = m.slice(1, 5).reduce((n, part) => n * 256 + Number(part), 0);
  return { base, bits: m[5] === undefined ? 32 : Number(m[5]) };
}
function inNetwork(address: string, network: string): boolean {
  const plain = address.replace(/^::ffff:/, '').replace(/^::1$/, '127.0.0.1');
  const [a, n] = [parseNetwork(plain), parseNetwork(network)];
  if (a === undefined || n === undefined || a.base < 0 || n.base < 0) return plain === network;
  const size = 2 ** (32 - n.bits);
  return Math.floor(a.base / size) === Math.floor(n.base / size);
}
