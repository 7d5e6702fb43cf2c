/**
 * Rows shared by catalogs that differ in a few columns only: databases, users, functions.
 */
import { assert } from '../../common/assert.ts';
import type { ArgType, Signature } from '../../functions/define.ts';
import { formatTypeOid } from '../../functions/format-type-oid.ts';
import type { SqlFunction } from '../../functions/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { TYPE_INFO } from '../../types/sql-type.ts';
import { isolationConfig } from '../catalog/isolation.ts';
import type { UserObject } from '../catalog/objects.ts';
import { arrayText, DATABASE_RIGHTS, ownedAclText, PG_CATALOG_OID } from './catalog-rows.ts';
import type { SystemContext, SystemRow } from './define.ts';
import { routineRows } from './routine-rows.ts';
import { typeFunctions } from './type-io.ts';

const UTF8 = 6;
const RDSDB = 1;
const INTERNAL_LANGUAGE = 12;
const FIRST_FUNCTION_OID = 60_000;

export function databaseRows(ctx: SystemContext): readonly SystemRow[] {
  return ctx.catalog.databases().map((d) => ({
    datname: d.name,
    datdba: d.ownerOid,
    encoding: UTF8,
    datistemplate: d.name.startsWith('template'),
    datallowconn: d.name !== 'template0',
    datlastsysoid: 99_999,
    datvacuumxid: 0,
    datfrozenxid: 0,
    dattablespace: 1663,
    datconfig: isolationConfig(d),
    // NULL: what a database gives to begin with.
    datacl: d.acl === undefined ? null : (ownedAclText(ctx, { ...d, acl: d.acl }, DATABASE_RIGHTS) ?? '{}'),
    oid: d.oid,
    datcollate: 'C',
    datctype: 'C',
  }));
}

/** A connection limit as the views show it. */
export const limitText = (limit: number | undefined): string => (limit === undefined ? 'UNLIMITED' : String(limit));

/** Settings of the user's sessions, as {name=value}; NULL without. */
function configText({ settings = {} }: UserObject): string | null {
  const pairs = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? null : arrayText(pairs);
}

export function userRows(ctx: SystemContext): readonly SystemRow[] {
  return ctx.catalog.users().map((u) => ({
    usename: u.name,
    usesysid: u.oid,
    usecreatedb: u.createdb,
    usesuper: u.superuser,
    usecatupd: u.superuser,
    passwd: '********',
    useconfig: configText(u),
  }));
}

const FAMILIES: Readonly<Record<string, keyof typeof TYPE_INFO>> = {
  string: 'varchar',
  number: 'numeric',
  integer: 'int8',
  array: '_text',
};
const ANY = 2276;
const argumentOid = (type: ArgType): number =>
  type === 'any' ? ANY : TYPE_INFO[FAMILIES[type] ?? (type as keyof typeof TYPE_INFO)].oid;

/** Result types that depend on the arguments show for arguments of the declared families. */
function returnOid(signature: Signature): number {
  if (typeof signature.returns !== 'function') return TYPE_INFO[signature.returns.name].oid;
  const types = signature.args.map((a): SqlType => ({
    name: a === 'any' ? 'varchar' : (FAMILIES[a] ?? (a as SqlType['name'])),
  }));
  return TYPE_INFO[signature.returns(types).name].oid;
}

const VOLATILITY = { immutable: 'i', stable: 's', volatile: 'v' } as const;

function functionRows(f: SqlFunction, firstOid: number): readonly SystemRow[] {
  const aggregate = f.kind === 'aggregate';
  const window = f.kind === 'window';
  return f.signatures.map((signature, i) => ({
    proname: f.name,
    pronamespace: PG_CATALOG_OID,
    proowner: RDSDB,
    prolang: INTERNAL_LANGUAGE,
    proisagg: aggregate,
    prosecdef: false,
    proisstrict: f.kind === 'scalar' && f.nulls !== 'custom',
    proretset: false,
    proiswindow: window,
    provolatile: f.kind === 'scalar' ? VOLATILITY[f.volatility] : 'i',
    pronargs: signature.args.length,
    prorettype: returnOid(signature),
    proargtypes: signature.args.map(argumentOid).join(' '),
    prosrc: f.name,
    prokind: aggregate ? 'a' : window ? 'w' : 'f',
    oid: firstOid + i,
    procost: 1,
  }));
}

const CSTRING = '2275';

function typeFunctionRows(): readonly SystemRow[] {
  return typeFunctions().map(([oid, name]) => ({
    proname: name,
    pronamespace: PG_CATALOG_OID,
    proowner: RDSDB,
    prolang: INTERNAL_LANGUAGE,
    proisagg: false,
    prosecdef: false,
    proisstrict: true,
    proretset: false,
    proiswindow: false,
    provolatile: 'i',
    pronargs: 1,
    prorettype: 0,
    proargtypes: CSTRING,
    prosrc: name,
    prokind: 'f',
    oid,
    procost: 1,
  }));
}

/** Registered functions, one row per signature, behind the type functions. Oids follow the order of names. */
export function builtInRows(ctx: Pick<SystemContext, 'functions'>): readonly SystemRow[] {
  const callable = ctx.functions.filter((f) => f.internal !== true);
  const sorted = callable.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const rows: SystemRow[] = [...typeFunctionRows()];
  let oid = FIRST_FUNCTION_OID;
  for (const f of sorted) {
    rows.push(...functionRows(f, oid));
    oid += f.signatures.length;
  }
  assert(oid < 100_000, 'function oids stay below user objects');
  return rows;
}

/** These, and the routines of users behind them. */
export const procRows = (ctx: SystemContext): readonly SystemRow[] => [...builtInRows(ctx), ...routineRows(ctx)];

const PSEUDO: Readonly<Record<number, string>> = { 2275: 'cstring', 2276: '"any"', 0: '-' };
/** A type as the signatures of functions name it. */
export const procedureTypeName = (oid: number): string => PSEUDO[oid] ?? formatTypeOid(oid, -1) ?? '???';

export const argumentTypes = (row: SystemRow): readonly string[] =>
  String(row['proargtypes'])
    .split(' ')
    .filter((t) => t !== '')
    .map((t) => procedureTypeName(Number(t)));
