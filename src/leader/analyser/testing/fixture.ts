/**
 * A small in-memory catalog and function registry for the tests of analyser, rewriter and optimizer, with a printer of
 * relations that makes assertions readable. Used by tests only.
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../../expressions/bound.ts';
import { printExpr } from '../../../expressions/print.ts';
import { columnsOf, type BoundStatement, type Rel } from '../../../expressions/relation.ts';
import { aggregate, scalar, type Signature } from '../../../functions/define.ts';
import { createFunctionRegistry } from '../../../functions/registry.ts';
import {
  BOOL,
  DATE,
  FLOAT8,
  INT2,
  INT4,
  INT8,
  NAME,
  OID,
  TIMESTAMP,
  char,
  numeric,
  varchar,
  type SqlType,
} from '../../../types/sql-type.ts';
import type {
  DatabaseObject,
  RelationObject,
  SchemaObject,
  TableObject,
  UserObject,
  ViewObject,
} from '../../catalog/objects.ts';
import { applyChanges } from '../../catalog/catalog.ts';
import { putChange } from '../../catalog/changes.ts';
import { EMPTY_CATALOG } from '../../catalog/state.ts';
import { CatalogView } from '../../catalog/view.ts';
import type { Query } from '../../parser/ast.ts';
import type { AnalyserContext } from '../context.ts';

const base = { createdAtMicros: 0n, acl: [], encoding: 'raw', dropped: false };
export const ADMIN: UserObject = { kind: 'user', oid: 100, name: 'admin', superuser: true, createdb: true };
export const ALICE: UserObject = { kind: 'user', oid: 101, name: 'alice', superuser: false, createdb: false };
const DEV: DatabaseObject = { kind: 'database', oid: 1, name: 'dev', ownerOid: 100 };
const PUBLIC: SchemaObject = {
  kind: 'schema',
  oid: 2200,
  name: 'public',
  ownerOid: 100,
  acl: [{ grantee: 0, grantor: 100, privileges: 'UC' }],
};
const SECRET: SchemaObject = { kind: 'schema', oid: 2300, name: 'secret', ownerOid: 100, acl: [] };

interface ColumnSpec {
  readonly type: SqlType;
  readonly default?: string;
  readonly identity?: 'always' | 'default';
  readonly notNull?: boolean;
}
export function table(
  oid: number,
  name: string,
  columns: Readonly<Record<string, SqlType | ColumnSpec>>,
  more: Partial<TableObject> = {},
): TableObject {
  const list = Object.entries(columns).map(([column, spec], i) => {
    const s: ColumnSpec = 'type' in spec ? spec : { type: spec };
    return {
      attnum: i + 1,
      name: column,
      type: s.type,
      notNull: s.notNull ?? false,
      encoding: 'raw',
      dropped: false,
      ...(s.default === undefined ? {} : { defaultText: s.default }),
      ...(s.identity === undefined ? {} : { identity: { seed: 1n, step: 1n, byDefault: s.identity === 'default' } }),
    };
  });
  return {
    kind: 'table',
    oid,
    schemaOid: 2200,
    name,
    ownerOid: 100,
    ...base,
    columns: list,
    temporary: false,
    diststyle: 'even',
    effectiveDiststyle: 'even',
    sortkey: [],
    sortkeyStyle: 'none',
    encodeAuto: false,
    backup: true,
    constraints: [],
    ...more,
  };
}
export function view(
  oid: number,
  name: string,
  queryText: string,
  columns: Readonly<Record<string, SqlType>>,
): ViewObject {
  const list = Object.entries(columns).map(([n, type], i) => ({
    attnum: i + 1,
    name: n,
    type,
    notNull: false,
    encoding: 'raw',
    dropped: false,
  }));
  return {
    kind: 'view',
    oid,
    schemaOid: 2200,
    name,
    ownerOid: 100,
    ...base,
    columns: list,
    queryText,
    searchPath: ['public'],
    lateBinding: false,
    dependsOn: [],
  };
}

export const RELATIONS: readonly RelationObject[] = [
  table(100001, 't', { a: INT4, b: INT8, c: varchar(20), d: numeric(12, 2), e: DATE, f: FLOAT8, g: BOOL }),
  table(100002, 's', { a: INT4, x: INT4, y: varchar(10), z: numeric(8, 4) }),
  table(100003, 'emp', {
    id: INT4,
    name: varchar(30),
    dept: INT4,
    salary: numeric(10, 2),
    hired: TIMESTAMP,
    grade: char(2),
  }),
  table(100004, 'dept', { id: INT4, dname: varchar(30), small: INT2 }),
  table(100005, 'ident', {
    id: { type: INT8, identity: 'always' },
    v: { type: INT4, default: '5 + 2' },
    w: { type: varchar(5), default: "'abc'" },
  }),
  table(100006, 'granted', { a: INT4 }, { acl: [{ grantee: 101, grantor: 100, privileges: 'r' }] }),
  table(100007, 'hidden', { a: INT4 }, { schemaOid: 2300 }),
  view(100010, 'v', 'select a as first, c from t where a > 1', { one: INT4, two: varchar(20) }),
];

const strict = (name: string, signatures: readonly Signature[], more: object = {}) =>
  scalar({
    name,
    runsOn: 'anywhere',
    volatility: 'immutable',
    doc: name,
    signatures,
    examples: [],
    kernel: name,
    ...more,
  });
const bool2: readonly Signature[] = [{ args: ['string', 'string', 'string'], optional: 1, returns: BOOL }];
const ints: readonly Signature[] = [
  { args: ['int4', 'int4'], returns: INT4 },
  { args: ['int8', 'int8'], returns: INT8 },
];
const same = (args: readonly SqlType[]): SqlType => args[0]!;
const wide = (args: readonly SqlType[]): SqlType => varchar((args[0]!.length ?? 100) + (args[1]!.length ?? 100));

const SCALARS = [
  strict('like', bool2),
  strict('ilike', bool2),
  strict('similar', bool2),
  strict('regex_match', bool2),
  strict('concat_op', [{ args: ['string', 'string'], returns: wide }]),
  strict('power', [{ args: ['float8', 'float8'], returns: FLOAT8 }]),
  strict('abs', [
    { args: ['int4'], returns: INT4 },
    { args: ['int8'], returns: INT8 },
    { args: ['numeric'], returns: same },
    { args: ['float8'], returns: FLOAT8 },
  ]),
  strict('bit_and_op', ints),
  strict('date_add_days', [{ args: ['date', 'int4'], returns: DATE, kernel: 'date_add_days' }]),
  strict('date_diff_days', [{ args: ['date', 'date'], returns: INT4 }]),
  strict('datetime_plus_interval', [
    { args: ['date', 'interval'], returns: TIMESTAMP, kernel: 'date_plus_interval' },
    { args: ['timestamp', 'interval'], returns: TIMESTAMP, kernel: 'timestamp_plus_interval' },
  ]),
  strict('datetime_minus_interval', [
    { args: ['date', 'interval'], returns: TIMESTAMP, kernel: 'date_minus_interval' },
    { args: ['timestamp', 'interval'], returns: TIMESTAMP, kernel: 'timestamp_minus_interval' },
  ]),
  strict('upper', [{ args: ['string'], returns: same }]),
  strict('length', [{ args: ['string'], returns: INT4 }], { aliases: ['len'] }),
  strict('date_part', [{ args: ['string', 'timestamp'], returns: FLOAT8 }]),
  strict('dateadd', [{ args: ['string', 'int4', 'timestamp'], returns: TIMESTAMP }]),
  strict('current_schema', [{ args: [], returns: varchar(128) }], { runsOn: 'leader' }),
  strict('random', [{ args: [], returns: FLOAT8 }], { volatility: 'volatile' }),
  strict('identity_next', [{ args: ['oid', 'int4'], returns: INT8 }], { volatility: 'volatile', runsOn: 'anywhere' }),
  strict('array_any_eq', [{ args: ['any', 'any'], returns: BOOL }]),
  strict('array_subscript', [{ args: ['any', 'int4'], returns: varchar(100) }]),
  strict('single_row_check', [{ args: ['int8'], returns: BOOL }]),
];
const agg = (name: string, signatures: readonly Signature[]) =>
  aggregate({
    name,
    doc: name,
    signatures,
    examples: [],
    lower: () => {
      throw featureNotSupported('the fixture has no accumulators');
    },
  });
const AGGREGATES = [
  agg('count', [{ args: ['any'], returns: INT8 }]),
  agg('sum', [
    { args: ['integer'], returns: INT8 },
    { args: ['numeric'], returns: (a) => numeric(38, a[0]!.scale ?? 0) },
    { args: ['float8'], returns: FLOAT8 },
  ]),
  agg('min', [{ args: ['any'], returns: same }]),
  agg('max', [{ args: ['any'], returns: same }]),
  agg('any_value', [{ args: ['any'], returns: same }]),
  agg('avg', [
    { args: ['integer'], returns: INT8 },
    { args: ['numeric'], returns: (a) => numeric(38, a[0]!.scale ?? 0) },
    { args: ['float8'], returns: FLOAT8 },
  ]),
];

const SCHEMAS = [PUBLIC, SECRET];
const SNAPSHOT = new CatalogView(
  applyChanges(
    EMPTY_CATALOG,
    [DEV, ADMIN, ALICE, ...SCHEMAS, ...RELATIONS].map((object) => putChange(DEV.oid, object)),
    true,
  ),
  DEV.oid,
);

export function testContext(
  parseQuery: (text: string) => Query,
  more: Partial<AnalyserContext> = {},
): AnalyserContext {
  let next = 0;
  return {
    catalog: SNAPSHOT,
    searchPath: ['public'],
    user: ADMIN,
    parameterTypes: [],
    nextColId: () => ++next,
    functions: createFunctionRegistry(SCALARS, AGGREGATES),
    systemViews: (schema, name) =>
      (schema === undefined || schema === 'pg_catalog') && name === 'pg_class'
        ? {
            name: 'pg_catalog.pg_class',
            columns: [
              { name: 'oid', type: OID },
              { name: 'relname', type: NAME },
            ],
          }
        : undefined,
    parseQuery,
    ...more,
  };
}

/** A relation as one line per node; columns print as name#id. */
export function printRel(rel: Rel): string {
  const names = new Map<number, string>();
  const learn = (r: Rel): void => {
    for (const c of columnsOf(r)) if (!names.has(c.id)) names.set(c.id, c.name);
    if ('input' in r) learn(r.input);
    if ('left' in r) [r.left, r.right].forEach(learn);
  };
  learn(rel);
  const nameOf = (id: number): string => `${names.get(id) ?? 'outer'}#${id}`;
  const show = (e: BoundExpr | undefined): string => {
    if (e === undefined) return '';
    if (e.kind === 'subquery') return `${e.negated ? 'not ' : ''}${e.form}(${e.left.map(show).join(',')})`;
    return printExpr(e, nameOf);
  };
  const lines: string[] = [];
  const walk = (r: Rel, depth: number): void => {
    lines.push('  '.repeat(depth) + nodeText(r, show, nameOf));
    if ('input' in r) walk(r.input, depth + 1);
    if ('left' in r) [r.left, r.right].forEach((x) => walk(x, depth + 1));
  };
  walk(rel, 0);
  return lines.join('\n');
}

function nodeText(r: Rel, show: (e: BoundExpr | undefined) => string, nameOf: (id: number) => string): string {
  const cols = (list: readonly { readonly id: number }[]): string => list.map((c) => nameOf(c.id)).join(', ');
  switch (r.kind) {
    case 'get':
      return `get ${r.alias} [${cols(r.columns)}]`;
    case 'virtual':
      return `virtual ${r.name} [${cols(r.columns)}]`;
    case 'values':
      return `values ${r.rows.map((row) => `(${row.map(show).join(', ')})`).join(' ')}`;
    case 'filter':
      return `filter ${show(r.condition)}`;
    case 'project':
      return `project ${r.columns.map((c, i) => `${nameOf(c.id)}=${show(r.exprs[i])}`).join(', ')}`;
    case 'join':
      return `${r.type} join ${show(r.on)}`.trimEnd();
    case 'aggregate': {
      const groups = r.groups.map((g) => `${nameOf(g.column.id)}=${show(g.expr)}`).join(', ');
      const calls = r.aggregates.map(
        (a) => `${nameOf(a.id)}=${a.name}(${a.distinct ? 'distinct ' : ''}${a.args.map(show).join(', ')})`,
      );
      return `aggregate by [${groups}] ${calls.join(', ')}`.trimEnd();
    }
    case 'sort':
      return `sort ${r.keys.map((k) => `${show(k.expr)}${k.descending ? ' desc' : ''}${k.nullsFirst ? ' nulls first' : ''}`).join(', ')}`;
    case 'limit':
      return `limit ${show(r.limit)} offset ${show(r.offset)}`;
    case 'setop':
      return `${r.op}${r.all ? ' all' : ''} [${cols(r.columns)}]`;
    case 'subquery':
      return `subquery ${r.alias}`;
    default:
      return r.kind;
  }
}

export const relOf = (s: BoundStatement): Rel => s.rel;
