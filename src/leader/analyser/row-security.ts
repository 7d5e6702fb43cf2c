/**
 * Row-level security and masking where a query reads a relation: the conditions of the user's policies right above its
 * columns, the masks above these, and around both a barrier (`secure`) through which the rewriter moves nothing that could
 * fail or tell a value. Whose policies apply: the user's who asks, in views too. Superusers and whoever has IGNORE RLS, as
 * sys:secadmin has, see every row; masks are everybody's to whom they are attached.
 */
import { SqlError } from '../../common/errors/sql-error.ts';
import { rlsNotRewritten } from '../../common/errors/policy-errors.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef, Rel, Secure } from '../../expressions/relation.ts';
import { conjunction, FALSE } from '../../expressions/walk.ts';
import { BOOL } from '../../types/sql-type.ts';
import { RDSDB_OID } from '../catalog/bootstrap.ts';
import { identitiesOf } from '../catalog/grantees.ts';
import {
  liveColumns,
  type MaskAttachment,
  type MaskingPolicyObject,
  type RelationObject,
  type RlsPolicyObject,
} from '../catalog/objects.ts';
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import type { Expr } from '../parser/ast.ts';
import { castTo, settle, toBoolean } from './coerce.ts';
import { newColumn, newEnv, type AnalyserState } from './context.ts';
import type { ExprContext } from './expression.ts';

/** Binds an expression; given by from.ts, which expressions know and this file must not. */
type Bind = (e: Expr, c: ExprContext) => BoundExpr;
type Policy = RlsPolicyObject | MaskingPolicyObject;

const PARSED = new WeakMap<Policy, readonly Expr[]>();
function expressionsOf(state: AnalyserState, policy: Policy): readonly Expr[] {
  let known = PARSED.get(policy);
  if (known === undefined) {
    const { body } = state.context.parseQuery(`select ${policy.using}`);
    known = body.kind === 'select' ? body.items.map((item) => item.expr) : [];
    PARSED.set(policy, known);
  }
  return known;
}

/** The expressions of a policy over columns under the policy's names, as its maker's: nothing in it is checked or protected. */
function bound(
  state: AnalyserState,
  policy: Policy,
  relation: RelationObject,
  columns: readonly { readonly name: string; readonly column: ColumnRef }[],
  bind: Bind,
): readonly BoundExpr[] {
  const inner: AnalyserState = {
    ...state,
    user: state.context.catalog.userByOid(RDSDB_OID) ?? state.user,
    searchPath: policy.searchPath,
    viewStack: [...state.viewStack, relation.oid],
    exempt: true,
  };
  const env = newEnv(inner);
  const alias = (policy.kind === 'rls policy' ? policy.alias : undefined) ?? relation.name;
  const scope = {
    tables: [{ alias, columns }],
    columns,
    parent: undefined,
    database: state.context.catalog.database.name,
  };
  try {
    return expressionsOf(inner, policy).map((e) => settle(inner, bind(e, { env, scope, clause: 'WHERE' })));
  } catch (error) {
    // Where the error stands in the policy means nothing to the user.
    if (error instanceof SqlError) error.position = undefined;
    throw error;
  }
}

type Named = { readonly name: string; readonly column: ColumnRef };

function conditionOf(
  state: AnalyserState,
  policy: RlsPolicyObject,
  relation: RelationObject,
  columns: readonly ColumnRef[],
  bind: Bind,
): BoundExpr {
  const live = liveColumns(relation);
  const named = policy.columns.map(({ name }): Named => {
    const at = live.findIndex((c) => c.name === name);
    if (at < 0) throw rlsNotRewritten();
    return { name, column: columns[at]! };
  });
  const [condition] = bound(state, policy, relation, named, bind);
  return toBoolean(state, condition!, 'argument of USING', 0);
}

interface Conditions {
  readonly condition: BoundExpr;
  readonly policies: readonly string[];
}
/** What the user's rows must be; undefined when he sees all. */
function rowsOf(
  state: AnalyserState,
  relation: RelationObject,
  columns: readonly ColumnRef[],
  bind: Bind,
): Conditions | undefined {
  const { catalog, user } = state.context;
  const security = relation.rowSecurity;
  if (security?.on !== true || hasSystemPrivilege(catalog, user, 'IGNORE RLS')) return undefined;
  const identities = identitiesOf(catalog, user.oid);
  const oids = new Set(security.policies.filter((p) => identities.has(p.grantee)).map((p) => p.policy));
  const policies = [...oids].flatMap((oid) => catalog.object('rls-policy', oid) ?? []);
  // A policy that is gone lets nothing through.
  if (policies.length === 0 || policies.length < oids.size) return { condition: FALSE, policies: [] };
  const conditions = policies.map((policy) => conditionOf(state, policy, relation, columns, bind));
  const all: BoundExpr =
    security.conjunction === 'or' && conditions.length > 1
      ? { kind: 'or', type: BOOL, args: conditions }
      : conjunction(conditions);
  return { condition: all, policies: policies.map((p) => p.name) };
}

/** The mask of the highest priority on each column, by attnum. */
function masksOf(state: AnalyserState, relation: RelationObject): ReadonlyMap<number, MaskAttachment> {
  const found = new Map<number, MaskAttachment>();
  if (relation.masks === undefined || relation.masks.length === 0) return found;
  const { catalog, user } = state.context;
  const identities = identitiesOf(catalog, user.oid);
  for (const mask of relation.masks) {
    if (!identities.has(mask.grantee)) continue;
    for (const attnum of mask.outputs) {
      const best = found.get(attnum);
      if (best === undefined || best.priority < mask.priority) found.set(attnum, mask);
    }
  }
  return found;
}

/** A column's value under its mask, in the column's own type. */
function maskedValue(
  state: AnalyserState,
  relation: RelationObject,
  columns: readonly ColumnRef[],
  attnum: number,
  mask: MaskAttachment,
  bind: Bind,
): BoundExpr {
  const live = liveColumns(relation);
  const { type } = columns[live.findIndex((c) => c.attnum === attnum)]!;
  const policy = state.context.catalog.object('masking-policy', mask.policy);
  if (policy === undefined) return { kind: 'const', type, value: null };
  const named = policy.columns.map(({ name }, i): Named => {
    const at = live.findIndex((c) => c.attnum === mask.inputs[i]);
    if (at < 0) throw rlsNotRewritten();
    return { name, column: columns[at]! };
  });
  const value = bound(state, policy, relation, named, bind)[mask.outputs.indexOf(attnum)]!;
  return castTo(state, value, type, 0);
}

export interface Secured {
  readonly rel: Rel;
  /** What the user sees of the columns: masked ones are columns of their own. */
  readonly seen: readonly ColumnRef[];
}

/**
 * `rel` with what the policies let the user see of it. `columns` are the relation's live ones, in order. `kept`: columns that
 * must stay beside those the user sees, unmasked (the old row of an UPDATE, and its address).
 */
export function secured(
  state: AnalyserState,
  relation: RelationObject,
  rel: Rel,
  columns: readonly ColumnRef[],
  alias: string,
  bind: Bind,
  kept: readonly ColumnRef[] = [],
): Secured {
  const plain = { rel, seen: columns };
  if (state.exempt === true || (relation.rowSecurity === undefined && relation.masks === undefined)) return plain;
  const rows = rowsOf(state, relation, columns, bind);
  const masks = masksOf(state, relation);
  if (rows === undefined && masks.size === 0) return plain;
  const filtered: Rel = rows === undefined ? rel : { kind: 'filter', input: rel, condition: rows.condition };
  const secure: Secure = { relation: relation.oid, rows: rows !== undefined, policies: rows?.policies ?? [] };
  if (masks.size === 0) return { rel: { kind: 'subquery', input: filtered, alias, secure }, seen: columns };
  const live = liveColumns(relation);
  const exprs: BoundExpr[] = [];
  const seen = columns.map((column, i) => {
    const mask = masks.get(live[i]!.attnum);
    if (mask === undefined) {
      exprs.push({ kind: 'column', type: column.type, id: column.id });
      return column;
    }
    exprs.push(maskedValue(state, relation, columns, live[i]!.attnum, mask, bind));
    return newColumn(state, column.name, column.type);
  });
  const others = kept.filter((c) => !seen.some((s) => s.id === c.id));
  const project: Rel = {
    kind: 'project',
    input: filtered,
    columns: [...seen, ...others],
    exprs: [...exprs, ...others.map((c): BoundExpr => ({ kind: 'column', type: c.type, id: c.id }))],
  };
  return { rel: { kind: 'subquery', input: project, alias, secure }, seen };
}
