/**
 * Bucket policies: parsed when they are put, asked for every request. A clause that could not act (an element, condition operator, key
 * or variable that is not known here) is refused when the policy is put, so that none is passed over.
 */
import { ACCOUNT, CANONICAL_USER } from '../common/account.ts';
import type { Tags } from './object-details.ts';
import {
  conditionsOf,
  OBJECT_TAG,
  contextOf,
  holds,
  malformed,
  matches,
  patternOf,
  restricts,
  type Condition,
  type Context,
  type Pattern,
  type RequestValues,
} from './policy-conditions.ts';

export type { RequestValues } from './policy-conditions.ts';

export interface Asked {
  /** 'anonymous', or an ARN; the owner's account is one too. */
  readonly principal: string;
  /** s3:GetObject */
  readonly action: string;
  /** arn:aws:s3:::bucket or arn:aws:s3:::bucket/key */
  readonly resource: string;
  readonly nowMs: number;
  /** What the request says of itself, by condition key in lower case. */
  readonly request: RequestValues;
}
interface Statement {
  readonly allow: boolean;
  readonly principals: readonly string[] | '*';
  readonly notPrincipals: boolean;
  readonly actions: readonly Pattern[];
  readonly notActions: boolean;
  readonly resources: readonly Pattern[];
  readonly notResources: boolean;
  readonly conditions: readonly Condition[];
}
export type Policy = readonly Statement[];

const list = (value: unknown): readonly string[] | undefined => {
  const all = Array.isArray(value) ? (value as unknown[]) : [value];
  return all.length > 0 && all.every((v) => typeof v === 'string') ? all : undefined;
};
function onlyFields(value: object, known: readonly string[]): void {
  const strange = Object.keys(value).find((field) => !known.includes(field));
  if (strange !== undefined) throw malformed(`Unknown field ${strange}`);
}
const VERSION = '2012-10-17';

/** Throws MalformedPolicy, as S3 does when a policy is put. */
export function parsePolicy(text: string, bucket: string): Policy {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  onlyFields(json, ['Version', 'Id', 'Statement']);
  const { Version, Statement: statements } = json as { Version?: unknown; Statement?: unknown };
  if (Version !== undefined && Version !== VERSION && Version !== '2008-10-17')
    throw malformed('The policy must contain a valid version string');
  const all = Array.isArray(statements) ? (statements as unknown[]) : statements === undefined ? [] : [statements];
  if (all.length === 0) throw malformed('Missing required field Statement');
  return all.map((s) => statement(s, bucket, Version === VERSION));
}
const FIELDS = ['Sid', 'Effect', 'Condition', ...['Principal', 'Action', 'Resource'].flatMap((f) => [f, `Not${f}`])];
/** A field or its negation, one of them. */
function either(s: Readonly<Record<string, unknown>>, field: string): { value: unknown; isNot: boolean } {
  const isNot = s[field] === undefined;
  const value = isNot ? s[`Not${field}`] : s[field];
  if (value === undefined || value === null) throw malformed(`Missing required field ${field}`);
  if (!isNot && s[`Not${field}`] !== undefined) throw malformed(`A statement has ${field} or Not${field}, not both`);
  return { value, isNot };
}
function statement(value: unknown, bucket: string, variables: boolean): Statement {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed('Invalid policy syntax.');
  const s = value as Record<string, unknown>;
  onlyFields(s, FIELDS);
  if (s['Effect'] !== 'Allow' && s['Effect'] !== 'Deny') throw malformed('Invalid effect: ' + String(s['Effect']));
  const principal = either(s, 'Principal');
  const action = either(s, 'Action');
  const resource = either(s, 'Resource');
  const actions = list(action.value);
  const resources = list(resource.value);
  if (actions === undefined || resources === undefined) throw malformed('Invalid policy syntax.');
  if (actions.some((a) => !/^(?:\*|s3:[\w*?]+)$/i.test(a))) throw malformed('Policy has invalid action');
  const own = `arn:aws:s3:::${bucket}`;
  if (resources.some((r) => r !== '*' && r !== own && !r.startsWith(`${own}/`) && !/[*?]/.test(r.split('/')[0]!)))
    throw malformed('Policy has invalid resource');
  return {
    allow: s['Effect'] === 'Allow',
    principals: principalsOf(principal.value),
    notPrincipals: principal.isNot,
    actions: actions.map((a) => patternOf(a, false)),
    notActions: action.isNot,
    resources: resources.map((r) => patternOf(r, variables)),
    notResources: resource.isNot,
    conditions: conditionsOf(s['Condition'], variables),
  };
}
const PRINCIPAL =
  /^(?:\d{12}|arn:aws[\w-]*:(?:iam|sts)::(?:\d{12})?:(?:root|(?:user|role|assumed-role|federated-user)\/[^*?]+))$/;
/** Services and identity providers are principals that never ask here. */
function principalsOf(value: unknown): readonly string[] | '*' {
  if (value === '*') return '*';
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw malformed('Invalid principal in policy');
  const { AWS = [], CanonicalUser = [], ...others } = value as Record<string, unknown>;
  const strange = Object.keys(others).find((kind) => kind !== 'Service' && kind !== 'Federated');
  const of = (names: unknown): readonly string[] => {
    const all = Array.isArray(names) && names.length === 0 ? [] : list(names);
    if (all === undefined || strange !== undefined) throw malformed('Invalid principal in policy');
    return all;
  };
  for (const names of Object.values(others)) of(names);
  const names = of(AWS);
  if (names.includes('*')) return '*';
  if (!names.every((name) => PRINCIPAL.test(name))) throw malformed('Invalid principal in policy');
  return [...names, ...of(CanonicalUser).map((id) => (id === CANONICAL_USER ? ACCOUNT : id))];
}

/** An explicit 'deny' stands above any 'allow'; undefined: the policy says nothing. */
export function decide(policy: Policy, asked: Asked): 'allow' | 'deny' | undefined {
  const context = contextOf(asked.principal, asked.nowMs, asked.request);
  let allowed = false;
  for (const s of policy) {
    if (!applies(s, asked, context)) continue;
    if (!s.allow) return 'deny';
    allowed = true;
  }
  return allowed ? 'allow' : undefined;
}
function applies(s: Statement, asked: Asked, context: Context): boolean {
  const principal = s.principals === '*' || s.principals.some((p) => samePrincipal(p, asked.principal));
  return (
    principal !== s.notPrincipals &&
    s.actions.some((a) => matches(a, asked.action, context, true)) !== s.notActions &&
    s.resources.some((r) => matches(r, asked.resource, context)) !== s.notResources &&
    s.conditions.every((c) => holds(c, context))
  );
}
/** An account's number or its root stands for everybody of the account. */
function samePrincipal(named: string, asked: string): boolean {
  if (named === asked) return true;
  const account = /^(?:arn:aws[\w-]*:iam::)?(\d{12})(?::root)?$/.exec(named)?.[1];
  return account !== undefined && asked.includes(`::${account}:`);
}

/** Whether a statement gives something to everybody, or to all but a few. */
export const isPublic = (policy: Policy): boolean =>
  policy.some((s) => s.allow && (s.principals === '*') !== s.notPrincipals && !s.conditions.some(restricts));
/** Whether a policy, as it was put, asks for the tags that an object has. */
export const asksForTags = (text: string): boolean => text.toLowerCase().includes(OBJECT_TAG);
/** Tags as values of condition keys, whose case does not matter. */
export const tagValues = (tags: Tags = []): RequestValues =>
  Object.fromEntries(tags.map(([name, value]) => [`${OBJECT_TAG}${name.toLowerCase()}`, value]));
