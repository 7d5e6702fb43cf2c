/**
 * The catalog of a new cluster: databases, the schemas of each, the internal user rdsdb and the first admin.
 * Also what CREATE DATABASE puts into a new database. Oids of system objects are fixed and lie below 100000.
 */
import { createHash } from 'node:crypto';
import { applyChanges } from './catalog.ts';
import { CLUSTER, putChange, type CatalogChange } from './changes.ts';
import type { DatabaseObject, LanguageObject, SchemaObject } from './objects.ts';
import { classIn, databaseOids, EMPTY_CATALOG, type CatalogState } from './state.ts';
import { systemRoles } from './system-privileges.ts';

export const RDSDB_OID = 1;
export const FIRST_USER_OID = 100;
export const FIRST_OBJECT_OID = 100_000;
export const PG_CATALOG_OID = 11;
export const PUBLIC_SCHEMA_OID = 2200;
export const INFORMATION_SCHEMA_OID = 11_000;
export const SYSTEM_DATABASES: readonly string[] = ['padb_harvest', 'template0', 'template1'];
const SYSTEM_DATABASE_OIDS: Readonly<Record<string, number>> = { template1: 1, template0: 2, padb_harvest: 3 };
export const DEFAULT_DATABASE_OID = 100;

export interface BootstrapOptions {
  readonly databaseName: string;
  readonly adminName: string;
  /** undefined: no password. */
  readonly adminPassword?: string;
}
export const DEFAULT_BOOTSTRAP: BootstrapOptions = { databaseName: 'dev', adminName: 'admin' };

/** The stored form of a password: 'md5' + md5(password + user name). */
export const md5Password = (password: string, user: string): string =>
  `md5${createHash('md5')
    .update(password + user, 'utf8')
    .digest('hex')}`;

/** Schemas that every database has from the start. */
export function initialSchemas(): readonly SchemaObject[] {
  const everyone = (privileges: string) => [{ grantee: 0, grantor: RDSDB_OID, privileges }];
  return [
    { kind: 'schema', oid: PG_CATALOG_OID, name: 'pg_catalog', ownerOid: RDSDB_OID, acl: everyone('U') },
    {
      kind: 'schema',
      oid: INFORMATION_SCHEMA_OID,
      name: 'information_schema',
      ownerOid: RDSDB_OID,
      acl: everyone('U'),
    },
    { kind: 'schema', oid: PUBLIC_SCHEMA_OID, name: 'public', ownerOid: RDSDB_OID, acl: everyone('UC') },
  ];
}

/** Languages that every database has from the start. */
const initialLanguages = (): readonly LanguageObject[] =>
  [
    { oid: 14, name: 'sql' },
    { oid: 10_001, name: 'plpgsql' },
    { oid: 16, name: 'plpythonu' },
    { oid: 10_002, name: 'exfunc' },
  ].map((language) => ({ kind: 'language', ...language, ownerOid: RDSDB_OID }));

/** Changes that make a database with its first schemas. */
export function newDatabase(object: DatabaseObject): readonly CatalogChange[] {
  const inside = [...initialSchemas(), ...initialLanguages()];
  return [putChange(CLUSTER, object), ...inside.map((made) => putChange(object.oid, made))];
}

/** The catalog of a cluster that has never run. */
export function bootstrapCatalog(options: BootstrapOptions): CatalogState {
  const admin = options.adminPassword;
  const changes: CatalogChange[] = [
    putChange(CLUSTER, { kind: 'user', oid: RDSDB_OID, name: 'rdsdb', superuser: true, createdb: true }),
    putChange(CLUSTER, {
      kind: 'user',
      oid: FIRST_USER_OID,
      name: options.adminName,
      superuser: true,
      createdb: true,
      passwordHash: admin === undefined ? undefined : md5Password(admin, options.adminName),
    }),
  ];
  for (const name of SYSTEM_DATABASES) {
    changes.push(...newDatabase({ kind: 'database', oid: SYSTEM_DATABASE_OIDS[name]!, name, ownerOid: RDSDB_OID }));
  }
  changes.push(
    ...newDatabase({ kind: 'database', oid: DEFAULT_DATABASE_OID, name: options.databaseName, ownerOid: RDSDB_OID }),
  );
  return withBuiltins(applyChanges(EMPTY_CATALOG, changes, true));
}

/** With the roles and languages that every warehouse has: older data directories know nothing of them. */
export function withBuiltins(state: CatalogState): CatalogState {
  const known = classIn(state, 'role').objects;
  const missing = systemRoles(RDSDB_OID).filter((role) => !known.has(role.oid));
  const languages = databaseOids(state).flatMap((database) =>
    initialLanguages()
      .filter(({ oid }) => !classIn(state, 'language', database).objects.has(oid))
      .map((language) => putChange(database, language)),
  );
  return applyChanges(state, [...missing.map((role) => putChange(CLUSTER, role)), ...languages]);
}
