/**
 * Policies of row-level security and of masking: CREATE, ALTER, ATTACH, DETACH and DROP. Their expressions are texts here,
 * which are read again wherever a policy is applied.
 */
import type { QualifiedName, StatementBody, TypeRef } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { expressionsFrom } from '../grammar/expression.ts';
import { cascadeWord } from './alter-table.ts';
import { grantee, type GivenTo } from './grant.ts';
import { typeName } from './type.ts';

type Of = 'rls' | 'masking';
export interface PolicyColumn {
  readonly name: string;
  readonly type: TypeRef;
}
/** What stands between the parentheses of USING: one condition, or values with commas. */
export interface PolicyText {
  readonly text: string;
  readonly items: number;
  readonly pos: number;
}
export type PolicyStatement =
  | {
      readonly kind: 'create-policy';
      readonly of: Of;
      readonly name: string;
      readonly ifNotExists: boolean;
      readonly columns: readonly PolicyColumn[];
      /** Of the table, in the condition. */
      readonly alias?: string;
      readonly using: PolicyText;
    }
  | { readonly kind: 'alter-policy'; readonly of: Of; readonly name: string; readonly using: PolicyText }
  | {
      readonly kind: 'attach-policy' | 'detach-policy';
      readonly of: Of;
      readonly name: string;
      readonly relations: readonly QualifiedName[];
      readonly grantees: readonly GivenTo[];
      /** Masked columns, and those the policy reads; undefined: the same. */
      readonly outputs: readonly string[];
      readonly inputs?: readonly string[];
      readonly priority?: number;
    };

/** RLS POLICY or MASKING POLICY; undefined when neither stands here. */
function policyWords(c: Cursor): Of | undefined {
  for (const of of ['rls', 'masking'] as const) if (c.accept(of, 'policy')) return of;
  return undefined;
}

function using(c: Cursor, of: Of): PolicyText {
  c.expect('using');
  c.expectSymbol('(');
  const { pos } = c;
  const item = () => {
    const tokens = c.takeUntil(() => false);
    if (tokens.length === 0) throw c.fail();
    return tokens;
  };
  const lists = of === 'rls' ? [item()] : c.list(item);
  const items = expressionsFrom(c, lists).length;
  const text = c.text.slice(pos, c.endPos);
  c.expectSymbol(')');
  return { text, items, pos };
}

function columns(c: Cursor): readonly PolicyColumn[] {
  c.expectSymbol('(');
  const found = c.list(() => ({ name: c.name(), type: typeName(c) }));
  c.expectSymbol(')');
  return found;
}

/** The cursor stands behind CREATE; undefined when no policy is made. */
export function createPolicy(c: Cursor): StatementBody | undefined {
  const of = policyWords(c);
  if (of === undefined) return undefined;
  const ifNotExists = of === 'masking' && c.accept('if', 'not', 'exists');
  const { name } = c.qualified();
  const must = of === 'masking';
  const has = must ? (c.expect('with'), true) : c.accept('with');
  const given = has ? columns(c) : [];
  const named = has && of === 'rls' && (c.accept('as') || !c.atWords('using'));
  const alias = named ? { alias: c.name() } : {};
  const text = using(c, of);
  c.expectEnd();
  return { kind: 'create-policy', of, name, ifNotExists, columns: given, ...alias, using: text };
}

/** The cursor stands behind ALTER. */
export function alterPolicy(c: Cursor): StatementBody | undefined {
  const of = policyWords(c);
  if (of === undefined) return undefined;
  const { name } = c.qualified();
  const text = using(c, of);
  c.expectEnd();
  return { kind: 'alter-policy', of, name, using: text };
}

/** The cursor stands behind DROP. */
export function dropPolicy(c: Cursor): StatementBody | undefined {
  const of = policyWords(c);
  if (of === undefined) return undefined;
  const ifExists = c.accept('if', 'exists');
  const names = [c.qualified()].map(({ name, pos }) => ({ name, pos }));
  const cascade = of === 'rls' && cascadeWord(c);
  c.expectEnd();
  const objectKind = of === 'rls' ? 'rls policy' : 'masking policy';
  return { kind: 'drop', objectKind, names, ifExists, cascade, force: false };
}

/** The cursor stands behind ATTACH or DETACH. */
export function attachPolicy(c: Cursor, kind: 'attach-policy' | 'detach-policy'): StatementBody {
  const of = policyWords(c);
  if (of === undefined) throw c.fail();
  const { name } = c.qualified();
  c.expect('on');
  const attach = kind === 'attach-policy';
  if (of === 'rls') {
    c.accept('table');
    const relations = c.list(() => c.qualified());
    c.expect(attach ? 'to' : 'from');
    const grantees = c.list(() => grantee(c));
    c.expectEnd();
    return { kind, of, name, relations, grantees, outputs: [] };
  }
  const relations = [c.qualified()];
  const outputs = c.nameList();
  const inputs = attach && c.accept('using') ? { inputs: c.nameList() } : {};
  c.expect(attach ? 'to' : 'from');
  const grantees = [grantee(c)];
  const priority = attach && c.accept('priority') ? { priority: c.integer() } : {};
  c.expectEnd();
  return { kind, of, name, relations, grantees, outputs, ...inputs, ...priority };
}
