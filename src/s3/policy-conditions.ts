/**
 * Conditions of bucket policies: the operators of IAM and the keys whose values are known here, or known to be absent (there is no
 * VPC, organization or MFA device). What is neither is refused when the policy is put. Keys are compared without regard to case.
 */
import { BlockList, isIP } from 'node:net';
import { ACCOUNT } from '../common/account.ts';
import { S3Error } from './key-path.ts';

/** The value of a key (in lower case) in a request; undefined: the request has none. */
export type Context = (key: string) => string | undefined;
/** What a request itself says, by key in lower case. */
export type RequestValues = Readonly<Record<string, string | undefined>>;

type Family = 'String' | 'Numeric' | 'Date' | 'Bool' | 'IpAddress' | 'Arn' | 'Null';
export interface Condition {
  readonly key: string;
  readonly family: Family;
  /** Equals, Like, LessThan, ...; empty where the family has one alone. */
  readonly relation: string;
  readonly isNegated: boolean;
  readonly ignoresCase: boolean;
  /** What a request without the key is: true for IfExists, ForAllValues and negated operators. */
  readonly whenAbsent: boolean;
  readonly values: readonly Pattern[];
}
/** A text with wildcards and ${variables}, as pieces. */
export type Pattern = readonly (
  | { readonly text: string }
  | { readonly wildcard: '*' | '?' }
  | { readonly variable: string; readonly otherwise: string | undefined }
)[];

export const malformed = (message: string): S3Error => new S3Error('MalformedPolicy', 400, message);

/** Keys that requests have here. */
const PRESENT = [
  ...['aws:securetransport', 'aws:sourceip', 'aws:currenttime', 'aws:epochtime', 'aws:useragent', 'aws:referer'],
  ...['aws:principalarn', 'aws:principalaccount', 'aws:principaltype', 'aws:username', 'aws:requestedregion'],
  ...['aws:resourceaccount', 's3:resourceaccount', 'aws:viaawsservice', 'aws:principalisawsservice'],
  ...['s3:prefix', 's3:delimiter', 's3:max-keys', 's3:authtype', 's3:signatureversion', 's3:tlsversion'],
  ...['s3:x-amz-acl', 's3:x-amz-content-sha256', 's3:x-amz-copy-source', 's3:x-amz-metadata-directive'],
  ...['s3:x-amz-server-side-encryption', 's3:x-amz-server-side-encryption-aws-kms-key-id'],
  ...['s3:x-amz-object-ownership', 's3:x-amz-storage-class', 's3:if-match', 's3:if-none-match'],
];
/** Keys that no request has here. */
const ABSENT = [
  ...['aws:sourcevpc', 'aws:sourcevpce', 'aws:vpcsourceip', 'aws:sourcearn', 'aws:sourceaccount', 'aws:sourceorgid'],
  ...['aws:principalorgid', 'aws:principalorgpaths', 'aws:resourceorgid', 'aws:resourceorgpaths'],
  ...['aws:principalservicename', 'aws:principalservicenameslist', 'aws:calledvia', 'aws:calledviafirst'],
  ...['aws:calledvialast', 'aws:multifactorauthpresent', 'aws:multifactorauthage', 'aws:federatedprovider'],
  ...['s3:dataaccesspointarn', 's3:dataaccesspointaccount', 's3:accesspointnetworkorigin', 's3:versionid'],
  ...['s3:x-amz-server-side-encryption-customer-algorithm', 's3:x-amz-website-redirect-location'],
];
/** `<prefix>name`, whose names are the policy's. */
export const OBJECT_TAG = 's3:existingobjecttag/';
const PREFIXES = [OBJECT_TAG, 'aws:principaltag/'];
const isKnown = (key: string): boolean =>
  PRESENT.includes(key) || ABSENT.includes(key) || PREFIXES.some((p) => key.startsWith(p) && key.length > p.length);

/** The values of a request: what it says itself, and what follows from who asks and when. */
export function contextOf(principal: string, nowMs: number, request: RequestValues): Context {
  const [, account, kind, name] =
    /^arn:aws[\w-]*:(?:iam|sts)::(\d{12}):(\w[\w-]*)(?:\/(?:.*\/)?([^/]+))?$/.exec(principal) ?? [];
  const types: Readonly<Record<string, string>> = { root: 'Account', user: 'User', role: 'AssumedRole' };
  const derived: RequestValues = {
    'aws:principalarn': account === undefined ? undefined : principal,
    'aws:principalaccount': account,
    'aws:principaltype': kind === undefined ? 'Anonymous' : types[kind],
    'aws:username': kind === 'user' ? name : undefined,
    'aws:currenttime': new Date(nowMs).toISOString(),
    'aws:epochtime': String(Math.floor(nowMs / 1000)),
    // What goes over the loopback here goes over TLS there.
    'aws:securetransport': 'true',
    's3:tlsversion': '1.3',
    'aws:viaawsservice': 'false',
    'aws:principalisawsservice': 'false',
    'aws:resourceaccount': ACCOUNT,
    's3:resourceaccount': ACCOUNT,
  };
  return (key) => (Object.hasOwn(request, key) ? request[key] : derived[key]);
}

type Operator = Pick<Condition, 'family' | 'relation' | 'isNegated' | 'ignoresCase' | 'whenAbsent'>;
const COMPARED = ['Equals', 'NotEquals', 'LessThan', 'LessThanEquals', 'GreaterThan', 'GreaterThanEquals'];
const MATCHED = ['Equals', 'NotEquals', 'Like', 'NotLike'];
const FAMILIES: Readonly<Record<Family, readonly string[]>> = {
  String: [...MATCHED, 'EqualsIgnoreCase', 'NotEqualsIgnoreCase'],
  Numeric: COMPARED,
  Date: COMPARED,
  Arn: MATCHED,
  Bool: [''],
  IpAddress: [''],
  Null: [''],
};
function operatorOf(written: string): Operator {
  const [, quantifier, name = '', ifExists] =
    /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(written) ?? [];
  const plainName = name === 'NotIpAddress' ? 'IpAddress' : name;
  const family = (Object.keys(FAMILIES) as Family[]).find((f) => plainName.startsWith(f));
  const rest = plainName.slice(family?.length);
  const isBareNull = family !== 'Null' || written === 'Null';
  if (family === undefined || !FAMILIES[family].includes(rest) || !isBareNull)
    throw malformed(`Invalid Condition type : ${written}`);
  const isNegated = plainName !== name || rest.startsWith('Not');
  return {
    family,
    relation: rest.replace(/^Not|IgnoreCase$/g, ''),
    isNegated,
    ignoresCase: rest.endsWith('IgnoreCase'),
    whenAbsent:
      quantifier === 'ForAllValues' || ifExists !== undefined || (isNegated && quantifier !== 'ForAnyValue'),
  };
}

/** A text of a policy as pattern; `variables`: the policy's version has them. */
export function patternOf(text: string, variables: boolean, wildcards = true): Pattern {
  const parts = text.split(variables ? /(\$\{[^}]*\}|\*+|\?)/ : /(\*+|\?)/);
  return parts.flatMap((part, i): Pattern => {
    if (part === '') return [];
    if (i % 2 === 0) return [{ text: part }];
    if (!part.startsWith('$')) return wildcards ? [{ wildcard: part[0] as '*' | '?' }] : [{ text: part }];
    const inside = part.slice(2, -1);
    if (['*', '?', '$'].includes(inside)) return [{ text: inside }];
    const [, name, otherwise] = /^\s*([\w:/.-]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inside) ?? [];
    const variable = name?.toLowerCase();
    if (variable === undefined || !isKnown(variable)) throw malformed(`Policy has an invalid variable: ${part}`);
    return [{ variable, otherwise }];
  });
}
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');
/** Undefined when a variable has no value. */
function sourceOf(pattern: Pattern, context: Context): string | undefined {
  let source = '';
  for (const piece of pattern) {
    if ('text' in piece) source += escaped(piece.text);
    else if ('wildcard' in piece) source += piece.wildcard === '*' ? '[^]*' : '[^]';
    else {
      const value = context(piece.variable) ?? piece.otherwise;
      if (value === undefined) return undefined;
      source += escaped(value);
    }
  }
  return source;
}
export function matches(pattern: Pattern, value: string, context: Context, ignoreCase = false): boolean {
  const source = sourceOf(pattern, context);
  return source !== undefined && new RegExp(`^${source}$`, ignoreCase ? 'i' : '').test(value);
}
const plain = (pattern: Pattern): string => pattern.map((p) => ('text' in p ? p.text : '')).join('');

/** Each of the six parts by itself, so that no wildcard reaches over a colon. */
function arnMatches(pattern: Pattern, value: string, context: Context): boolean {
  const source = sourceOf(pattern, context);
  if (source === undefined) return false;
  const parts = value.split(':');
  const wanted = source.split(':');
  if (parts.length < 6 || wanted.length < 6) return false;
  const six = (all: readonly string[]): readonly string[] => [...all.slice(0, 5), all.slice(5).join(':')];
  const values = six(parts);
  return six(wanted).every((part, i) => new RegExp(`^${part}$`).test(values[i]!));
}

function networkOf(text: string): BlockList | undefined {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  if (version === 0 || more.length > 0 || (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most)))
    return undefined;
  const list = new BlockList();
  list.addSubnet(address, bits === undefined ? most : Number(bits), version === 4 ? 'ipv4' : 'ipv6');
  return list;
}
function inNetwork(address: string, network: string): boolean {
  const own = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/^::1$/, '127.0.0.1');
  const version = isIP(own);
  return version !== 0 && networkOf(network)!.check(own, version === 4 ? 'ipv4' : 'ipv6');
}
/** ISO 8601, or seconds of Unix; NaN when it is neither. */
const timeOf = (text: string): number =>
  /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1000 : /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
const numberOf = (text: string): number => (/^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN);

function checkValue(family: Family, text: string): void {
  const isBad =
    (family === 'IpAddress' && networkOf(text) === undefined) ||
    (family === 'Date' && Number.isNaN(timeOf(text))) ||
    (family === 'Numeric' && Number.isNaN(numberOf(text))) ||
    ((family === 'Bool' || family === 'Null') && !/^(true|false)$/i.test(text)) ||
    (family === 'Arn' && text.split(':').length < 6 && !text.includes('${'));
  if (isBad) throw malformed(`Invalid value in conditions: ${text}`);
}
const texts = (value: unknown): readonly string[] | undefined => {
  const all = Array.isArray(value) ? (value as unknown[]) : [value];
  return all.length > 0 && all.every((v) => ['string', 'number', 'boolean'].includes(typeof v))
    ? all.map(String)
    : undefined;
};
/** The Condition element of a statement; `variables`: the policy's version has them. */
export function conditionsOf(value: unknown, variables: boolean): readonly Condition[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('Invalid policy syntax.');
  return Object.entries(value).flatMap(([written, keys]) => {
    const operator = operatorOf(written);
    if (typeof keys !== 'object' || keys === null || Array.isArray(keys)) throw malformed('Invalid policy syntax.');
    return Object.entries(keys as object).map(([name, wanted]): Condition => {
      const key = name.toLowerCase();
      const values = texts(wanted);
      if (!isKnown(key)) throw malformed(`Policy has an invalid condition key: ${name}`);
      if (values === undefined) throw malformed('Invalid policy syntax.');
      const { family, relation } = operator;
      for (const text of values) checkValue(family, text);
      const hasVariables = variables && (family === 'String' || family === 'Arn');
      const hasWildcards = relation === 'Like' || family === 'Arn';
      return { ...operator, key, values: values.map((text) => patternOf(text, hasVariables, hasWildcards)) };
    });
  });
}

const RELATIONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  Equals: (a, b) => a === b,
  LessThan: (a, b) => a < b,
  LessThanEquals: (a, b) => a <= b,
  GreaterThan: (a, b) => a > b,
  GreaterThanEquals: (a, b) => a >= b,
};
function compares(
  { family, relation, ignoresCase }: Condition,
  value: string,
  wanted: Pattern,
  context: Context,
): boolean {
  switch (family) {
    case 'String':
      return matches(wanted, value, context, ignoresCase);
    case 'Arn':
      return arnMatches(wanted, value, context);
    case 'Bool':
      return matches(wanted, value, context, true);
    case 'IpAddress':
      return inNetwork(value, plain(wanted));
    case 'Numeric':
      return RELATIONS[relation]!(numberOf(value), numberOf(plain(wanted)));
    case 'Date':
      return RELATIONS[relation]!(timeOf(value), timeOf(plain(wanted)));
    case 'Null':
      return false;
  }
}
export function holds(condition: Condition, context: Context): boolean {
  const { key, family, isNegated, whenAbsent, values } = condition;
  const value = context(key);
  if (family === 'Null') return values.some((v) => (plain(v).toLowerCase() === 'true') === (value === undefined));
  if (value === undefined) return whenAbsent;
  return values.some((wanted) => compares(condition, value, wanted, context)) !== isNegated;
}

/** Keys that keep a policy for everybody from being public, when they must have a fixed value. */
const RESTRICTING = [
  ...['aws:sourceip', 'aws:sourcearn', 'aws:sourcevpc', 'aws:sourcevpce', 'aws:sourceaccount', 'aws:principalorgid'],
  ...['aws:principalarn', 'aws:principalaccount', 's3:dataaccesspointarn', 's3:dataaccesspointaccount'],
];
export const restricts = ({ key, family, isNegated, whenAbsent, values }: Condition): boolean =>
  RESTRICTING.includes(key) &&
  !isNegated &&
  !whenAbsent &&
  family !== 'Null' &&
  values.every((v) => v.every((piece) => 'text' in piece) && !/^(0\.0\.0\.0|::)\/0$/.test(plain(v)));
