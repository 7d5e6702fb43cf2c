/**
 * has_*_privilege: the object a name or oid means, and whether a user or role has a privilege on it.
 */
import {
  invalidParameterValue,
  undefinedColumn,
  undefinedDatabase,
  undefinedFunction,
  undefinedSchema,
  undefinedTable,
  undefinedUser,
} from '../common/errors/catalogue.ts';
import { undefinedLanguage } from '../common/errors/privilege-errors.ts';
import { TYPE_INFO } from '../types/sql-type.ts';
import type { JsValue } from './define.ts';
import type { LeaderView, RelationView } from './leader-context.ts';

const isNumber = (target: JsValue): boolean => typeof target === 'number' || /^\d+$/.test(String(target).trim());
const folded = (target: JsValue): string => String(target).trim().replaceAll('"', '').toLowerCase();

/** The object a name or oid means: schema.table along the search path. */
export function findRelation(leader: LeaderView, target: JsValue): RelationView | undefined {
  if (typeof target === 'number' || typeof target === 'bigint') return leader.catalog.relationByOid(Number(target));
  const text = String(target).trim();
  if (/^\d+$/.test(text)) return leader.catalog.relationByOid(Number(text));
  const parts = text.split('.').map((p) => p.replaceAll('"', '').toLowerCase());
  const name = parts[parts.length - 1]!;
  const schemas = parts.length > 1 ? [parts[parts.length - 2]!] : leader.session.searchPath();
  for (const s of schemas) {
    const schema = leader.catalog.schema(s);
    const found = schema === undefined ? undefined : leader.catalog.relationIn(schema.oid, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isSystemRelation(leader: LeaderView, target: JsValue): boolean {
  if (/^\d+$/.test(String(target))) return leader.system.relationByOid(Number(target)) !== undefined;
  const parts = String(target)
    .trim()
    .split('.')
    .map((p) => p.replaceAll('"', '').toLowerCase());
  return leader.system.relationOid(parts[parts.length - 2], parts[parts.length - 1]!) !== undefined;
}

export type Guarded =
  'table' | 'schema' | 'database' | 'function' | 'language' | 'column' | 'any column' | 'iam role';

/** Who is asked about; no argument is the session's user. */
function whoIs(leader: LeaderView, who: JsValue | undefined): string | number | undefined {
  if (who === undefined) return undefined;
  const found = typeof who === 'number' || typeof who === 'bigint' ? Number(who) : String(who).trim().toLowerCase();
  if (!leader.rights.knows(found)) throw undefinedUser(String(who));
  return found;
}
type Who = ReturnType<typeof whoIs>;

function refuseWords(
  leader: LeaderView,
  of: Parameters<LeaderView['rights']['badWord']>[0],
  privileges: string,
): void {
  const bad = leader.rights.badWord(of, privileges);
  if (bad !== undefined) throw invalidParameterValue(`unrecognized privilege type: "${bad}"`);
}

function onRelation(leader: LeaderView, who: Who, target: JsValue, privileges: string, column?: JsValue): boolean {
  refuseWords(leader, 'relation', privileges);
  const relation = findRelation(leader, target);
  if (relation === undefined) {
    if (!isSystemRelation(leader, target)) throw undefinedTable(String(target));
    // Everyone reads them; only superusers have more.
    return leader.rights.isSuperuser(who) || privileges.split(',').some((p) => p.trim().toLowerCase() === 'select');
  }
  if (column === undefined || column === 'any') {
    return leader.rights.holds(who, 'relation', relation.oid, privileges, column === 'any' ? 'any' : undefined);
  }
  const found = relation.columns.find(
    (c) => !c.dropped && (typeof column === 'number' ? c.attnum === column : c.name === folded(column)),
  );
  if (found === undefined) throw undefinedColumn(String(column), relation.name);
  return leader.rights.holds(who, 'relation', relation.oid, privileges, found.attnum);
}

/** Names of types that TYPE_INFO has under others. */
const SHORT: Readonly<Record<string, string>> = {
  int: 'int4',
  float: 'float8',
  decimal: 'numeric',
  character: 'char',
  boolean: 'bool',
  nvarchar: 'varchar',
  text: 'varchar',
};
const typeNamed = (text: string): string => {
  const name = text
    .trim()
    .toLowerCase()
    .replace(/\(.*\)$/, '');
  const found = Object.entries(TYPE_INFO).find(([key, info]) => key === name || info.sqlName === name)?.[0] ?? name;
  return SHORT[found] ?? found;
};

/** Built-in functions are everybody's. */
function onRoutine(leader: LeaderView, who: Who, target: JsValue, privileges: string): boolean {
  refuseWords(leader, 'routine', privileges);
  const { rights } = leader;
  const holds = (oid: number): boolean => rights.holds(who, 'routine', oid, privileges);
  if (isNumber(target)) {
    return leader.system.procedure(Number(target)) !== undefined || holds(Number(target));
  }
  const [, name = folded(target), args = ''] = /^\s*([^()]+?)\s*\((.*)\)\s*$/.exec(String(target)) ?? [];
  const parts = name.split('.').map(folded);
  const types = args.trim() === '' ? [] : args.split(',').map(typeNamed);
  const schemas = parts.length > 1 ? [parts[parts.length - 2]!] : leader.session.searchPath();
  const candidates = rights.routines(parts[parts.length - 1]!).filter((r) => r.types.join() === types.join());
  for (const path of schemas) {
    const schema = leader.catalog.schema(path);
    const routine = candidates.find((r) => r.schemaOid === schema?.oid);
    if (routine !== undefined) return holds(routine.oid);
  }
  const isBuiltIn = leader.system
    .proceduresNamed(parts[parts.length - 1]!)
    .some((p) => p.args.map(typeNamed).join() === types.join());
  if (!isBuiltIn) throw undefinedFunction(String(target));
  return true;
}

function onNamed(
  leader: LeaderView,
  who: Who,
  of: 'schema' | 'database' | 'language',
  target: JsValue,
  privileges: string,
): boolean {
  refuseWords(leader, of, privileges);
  const oid = isNumber(target) ? Number(target) : leader.rights.oidOf(of, folded(target));
  const missing = { schema: undefinedSchema, database: undefinedDatabase, language: undefinedLanguage }[of];
  if (oid === undefined) throw missing(String(target));
  if (of === 'database' && /^connect/i.test(privileges.trim())) return true;
  return leader.rights.holds(who, of, oid, privileges);
}

/** Arguments are [who,] object, [column,] privilege. */
export function checkPrivilege(leader: LeaderView, kind: Guarded, args: readonly JsValue[]): boolean {
  const least = kind === 'column' ? 3 : 2;
  const who = whoIs(leader, args.length > least ? args[0]! : undefined);
  const [target, ...rest] = args.slice(args.length - least) as [JsValue, ...JsValue[]];
  const privileges = String(rest[rest.length - 1]);
  switch (kind) {
    case 'table':
      return onRelation(leader, who, target, privileges);
    case 'any column':
      return onRelation(leader, who, target, privileges, 'any');
    case 'column':
      return onRelation(leader, who, target, privileges, rest[0]!);
    case 'function':
      return onRoutine(leader, who, target, privileges);
    case 'iam role':
      return onIamRole(leader, who, String(target).trim(), privileges);
    default:
      return onNamed(leader, who, kind, target, privileges);
  }
}

/** ASSUMEROLE for a command: on the role, or on all. */
function onIamRole(leader: LeaderView, who: Who, arn: string, command: string): boolean {
  refuseWords(leader, 'iam-role', command);
  if (leader.rights.isSuperuser(who)) return true;
  const all = leader.rights.oidOf('iam-role', 'all');
  if (all === undefined || leader.rights.holds(who, 'iam-role', all, command)) return true;
  const own = leader.rights.oidOf('iam-role', arn);
  return own !== undefined && leader.rights.holds(who, 'iam-role', own, command);
}
