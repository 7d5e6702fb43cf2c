/**
 * Catalog objects as immutable values. Each is of a kind, which is SQL's word for it; kinds that share names and oids make
 * a class (`ObjectTypes`), and what is true of a class of objects stands in its entry in classes/. A CatalogSnapshot is
 * what one statement sees; DDL produces a new version inside its transaction (catalog.ts). Every name is held folded to
 * lower case.
 */
import type { TableId, Xid } from '../../common/ids.ts';
import type { Expr, Query } from '../parser/ast.ts';
import type { SystemPrivilege } from './system-privilege-names.ts';
import type { Collation, SqlType } from '../../types/sql-type.ts';

/** Classes of objects and what an object of each is. */
export interface ObjectTypes {
  readonly relation: RelationObject;
  readonly routine: RoutineObject;
  readonly schema: SchemaObject;
  readonly database: DatabaseObject;
  readonly datashare: DatashareObject;
  readonly user: UserObject;
  readonly group: GroupObject;
  readonly role: RoleObject;
  readonly language: LanguageObject;
  readonly 'iam-role': IamRoleObject;
  readonly 'default-privileges': DefaultPrivilegesObject;
  readonly 'rls-policy': RlsPolicyObject;
  readonly 'masking-policy': MaskingPolicyObject;
  readonly 'copy-job': CopyJobObject;
  readonly 'copy-job-files': CopyJobFilesObject;
}
export type ClassName = keyof ObjectTypes;
export type CatalogObject = ObjectTypes[ClassName];
export type ObjectKind = CatalogObject['kind'];

export interface ObjectReference {
  readonly class: ClassName;
  readonly oid: number;
}
/**
 * How an object hangs on another. `normal`: it cannot be without it, so RESTRICT refuses to drop the other and CASCADE
 * drops both. `auto`: it belongs to the other and goes with it unasked. `part`: a part of it, such as a foreign key, needs
 * the other; CASCADE drops the part alone.
 */
export interface Dependency extends ObjectReference {
  readonly behaviour: 'normal' | 'auto' | 'part';
}

export interface AclEntry {
  /** A number of grantees.ts. */
  readonly grantee: number;
  /** User oid. */
  readonly grantor: number;
  /** Letters of the class's privileges. */
  readonly privileges: string;
  /** Those of them that the grantee may give on. */
  readonly grantable?: string;
}

/** What is given on all objects of a kind in a schema or a database. */
export interface ScopedGrant {
  readonly objects: 'schemas' | 'tables' | 'functions' | 'procedures' | 'languages';
  readonly acl: readonly AclEntry[];
}

/** What any object may have. Whether a class has owners and privileges says its entry. */
interface ObjectBase {
  readonly oid: number;
  readonly name: string;
  /** For classes whose names are unique in a schema. */
  readonly schemaOid?: number;
  readonly ownerOid?: number;
  /** Undefined: what the class gives to begin with. */
  readonly acl?: readonly AclEntry[];
  readonly comment?: string;
  /** Comments on columns, by attnum. */
  readonly columnComments?: Readonly<Record<number, string>>;
  /** Objects it cannot be without. */
  readonly dependsOn?: readonly ObjectReference[];
}

export type Diststyle = 'even' | 'key' | 'all' | 'auto';
/** What AUTO currently means; equals the declared style otherwise. */
export type EffectiveDiststyle = 'even' | 'key' | 'all';

export interface CatalogColumn {
  /** From 1; never reused after a column is dropped. */
  readonly attnum: number;
  readonly name: string;
  readonly type: SqlType;
  readonly notNull: boolean;
  /** SQL text of the default, re-parsed when used; undefined = NULL. */
  readonly defaultText?: string;
  readonly identity?: { readonly seed: bigint; readonly step: bigint; readonly byDefault: boolean };
  /** Declared encoding, lower case; 'raw' prints as none. */
  readonly encoding: string;
  readonly dropped: boolean;
  /** What is given on the column alone; undefined: nothing. */
  readonly acl?: readonly AclEntry[];
  /**
   * ADD COLUMN on a table with rows: text of the constant the older rows show (output form of the type), null for
   * NULL. Row groups without this column read it.
   */
  readonly missingValue?: string | null;
}

export interface TableConstraintInfo {
  readonly oid: number;
  readonly kind: 'primary' | 'unique' | 'foreign';
  readonly name: string;
  readonly attnums: readonly number[];
  readonly references?: { readonly tableId: TableId; readonly attnums: readonly number[] };
  readonly comment?: string;
}

export interface ColumnStatistics {
  readonly attnum: number;
  readonly distinctCount: number;
  /** 0..1 */
  readonly nullFraction: number;
  readonly averageWidth: number;
  /** Numeric view of min and max for range selectivity (days, us, unscaled/scale as double); undefined for strings. */
  readonly min?: number;
  readonly max?: number;
}
export interface TableStatistics {
  /** Rows when ANALYZE ran; undefined = never analysed. */
  readonly rowCount: number;
  readonly columns: readonly ColumnStatistics[];
  readonly analyzedAtMicros: bigint;
  /** Rows changed since. */
  readonly modifiedRows: number;
}

interface RelationBase extends ObjectBase {
  readonly oid: TableId;
  readonly schemaOid: number;
  readonly ownerOid: number;
  readonly createdAtMicros: bigint;
  readonly acl: readonly AclEntry[];
  readonly columns: readonly CatalogColumn[];
  readonly rowSecurity?: RowSecurity;
  readonly masks?: readonly MaskAttachment[];
}
export interface TableObject extends RelationBase {
  readonly kind: 'table';
  readonly temporary: boolean;
  readonly diststyle: Diststyle;
  readonly effectiveDiststyle: EffectiveDiststyle;
  /** attnum of the distkey, undefined unless the effective style is key. */
  readonly distkey?: number;
  readonly sortkey: readonly number[];
  readonly sortkeyStyle: 'compound' | 'interleaved' | 'auto' | 'none';
  readonly encodeAuto: boolean;
  readonly backup: boolean;
  readonly constraints: readonly TableConstraintInfo[];
  readonly statistics?: TableStatistics;
  /** Set for the storage table of a materialized view. */
  readonly materializedViewOid?: TableId;
}
export interface ViewObject extends RelationBase {
  readonly kind: 'view';
  /** The SELECT as the user wrote it. */
  readonly queryText: string;
  /** The query with its tables by oid and their columns by number; none for a late-binding view. */
  readonly query?: Query;
  readonly searchPath: readonly string[];
  readonly lateBinding: boolean;
  /** What it reads. */
  readonly dependsOn: readonly ObjectReference[];
}
export interface MaterializedViewObject extends RelationBase {
  readonly kind: 'materialized view';
  readonly queryText: string;
  readonly query?: Query;
  /** Its schema's name when it was made: a refresh fails under another. */
  readonly madeIn?: string;
  readonly searchPath: readonly string[];
  readonly dependsOn: readonly ObjectReference[];
  /** The table that holds the rows: mv_tbl__<name>__0. */
  readonly storageTable: TableId;
  readonly autoRefresh: boolean;
  readonly lastRefreshXid?: Xid;
  /** Newest commit the last refresh saw; base tables changed by a later one make the view stale. */
  readonly lastRefreshLsn?: number;
}
export type RelationObject = TableObject | ViewObject | MaterializedViewObject;

export interface RoutineArgument {
  /** None: it is known by its number alone. */
  readonly name?: string;
  readonly mode: 'in' | 'out' | 'inout';
  readonly type: SqlType;
}
/** A stored procedure, or a function that users wrote. Those of one name are told apart by the types they take. */
export interface RoutineObject extends ObjectBase {
  readonly kind: 'procedure' | 'function';
  readonly schemaOid: number;
  readonly ownerOid: number;
  readonly createdAtMicros: bigint;
  readonly arguments: readonly RoutineArgument[];
  /** Of a function. */
  readonly returns?: SqlType;
  /** exfunc: a function of AWS Lambda. */
  readonly language: 'plpgsql' | 'sql' | 'exfunc';
  /** What an SQL function gives, with the functions of users that it calls by oid. */
  readonly expression?: Expr;
  /** The body as it was written; of a Lambda function its definition. */
  readonly source: string;
  readonly volatility: 'immutable' | 'stable' | 'volatile';
  /** SECURITY DEFINER: it runs with its owner's rights. */
  readonly definer?: boolean;
  /** NONATOMIC: each of its statements commits. */
  readonly nonatomic?: boolean;
  /** Settings it runs under. */
  readonly settings?: readonly { readonly name: string; readonly value: string }[];
}

export interface SchemaObject extends ObjectBase {
  readonly kind: 'schema';
  readonly ownerOid: number;
  readonly acl: readonly AclEntry[];
  readonly scoped?: readonly ScopedGrant[];
  /** Session number of a temporary schema pg_temp_N. */
  readonly temporaryOf?: number;
}
export interface DatabaseObject extends ObjectBase {
  readonly kind: 'database';
  readonly ownerOid: number;
  readonly scoped?: readonly ScopedGrant[];
  /** Default snapshot. */
  readonly isolation?: 'snapshot' | 'serializable';
  /** Of columns that say none, and of strings that have none; default case_sensitive. */
  readonly collation?: Collation;
  /** Sessions at a time; undefined = unlimited. Superusers are not bound by it. */
  readonly connectionLimit?: number;
  /** CREATE DATABASE FROM DATASHARE: the share whose objects it shows. */
  readonly share?: number;
}
/** What of a database is given to other warehouses, and, by databases made from it, to other databases of this one. */
export interface DatashareObject extends ObjectBase {
  readonly kind: 'datashare';
  readonly ownerOid: number;
  readonly createdAtMicros: bigint;
  /** The database whose objects it shares. */
  readonly database: number;
  readonly isPublic: boolean;
  readonly schemas: readonly number[];
  readonly relations: readonly TableId[];
  readonly routines: readonly number[];
  /** Schemas of which every relation, and every new one, belongs to it. */
  readonly includeNew: readonly number[];
  readonly consumers: readonly {
    readonly kind: 'namespace' | 'account';
    readonly id: string;
    readonly sinceMicros: bigint;
  }[];
}
export interface UserObject extends ObjectBase {
  readonly kind: 'user';
  readonly superuser: boolean;
  readonly createdb: boolean;
  /** As catalog/passwords.ts keeps it; undefined = no password. */
  readonly passwordHash?: string;
  /** PASSWORD DISABLE: no log-in with a password, nor without. */
  readonly passwordDisabled?: boolean;
  /** VALID UNTIL; undefined = for ever. */
  readonly validUntilMicros?: bigint;
  /** Sessions at a time; undefined = unlimited. Superusers are not bound by it. */
  readonly connectionLimit?: number;
  /** SYSLOG ACCESS UNRESTRICTED: rows of others in system views that show everybody his own. */
  readonly syslogUnrestricted?: boolean;
  /** Seconds that new sessions may be idle; undefined = as idle_session_timeout says. */
  readonly sessionTimeout?: number | undefined;
  /** Of the identity provider. */
  readonly externalId?: string;
  /** Values of settings that new sessions begin with. */
  readonly settings?: Readonly<Record<string, string>>;
}
export interface GroupObject extends ObjectBase {
  readonly kind: 'group';
  readonly users: readonly number[];
}
export interface LanguageObject extends ObjectBase {
  readonly kind: 'language';
  readonly ownerOid: number;
}
/** Named by its ARN, or 'default', or 'all'. */
export interface IamRoleObject extends ObjectBase {
  readonly kind: 'iam role';
  readonly ownerOid: number;
}
/** What a user gives on what he will make. Its name says whose it is, where and of what. */
export interface DefaultPrivilegesObject extends ObjectBase {
  readonly kind: 'default privileges';
  /** Who will make it. */
  readonly ownerOid: number;
  /** Undefined: in all schemas. */
  readonly inSchema?: number;
  readonly objects: 'tables' | 'functions' | 'procedures';
  readonly acl: readonly AclEntry[];
}

export interface PolicyColumn {
  readonly name: string;
  readonly type: SqlType;
}
interface PolicyBase extends ObjectBase {
  /** Columns that its expressions read. */
  readonly columns: readonly PolicyColumn[];
  /** The expressions as they were written. */
  readonly using: string;
  readonly searchPath: readonly string[];
  readonly modifiedBy: number;
  readonly modifiedAtMicros: bigint;
}
export interface RlsPolicyObject extends PolicyBase {
  readonly kind: 'rls policy';
  /** Of the relation it is attached to. */
  readonly alias?: string;
}
export interface MaskingPolicyObject extends PolicyBase {
  readonly kind: 'masking policy';
  /** How many expressions there are. */
  readonly outputs: number;
}
export interface RowSecurity {
  readonly on: boolean;
  readonly conjunction: 'and' | 'or';
  readonly policies: readonly { readonly policy: number; readonly grantee: number; readonly grantor: number }[];
}
/** A masking policy on columns of a relation, by attnum. */
export interface MaskAttachment {
  readonly policy: number;
  readonly outputs: readonly number[];
  /** Of the policy's columns. */
  readonly inputs: readonly number[];
  readonly grantee: number;
  readonly grantor: number;
  readonly priority: number;
}
export interface RoleMember {
  /** A user or a role, as grantees.ts numbers them. */
  readonly grantee: number;
  /** User oid. */
  readonly grantor: number;
  /** WITH ADMIN OPTION: it may give the role on. */
  readonly admin: boolean;
}
export interface RoleObject extends ObjectBase {
  readonly kind: 'role';
  readonly ownerOid: number;
  readonly members: readonly RoleMember[];
  readonly system: readonly SystemPrivilege[];
  /** Of the identity provider. */
  readonly externalId?: string;
}

/** COPY ... JOB CREATE: a COPY that is run again for each new file below its prefix. */
export interface CopyJobObject extends ObjectBase {
  readonly kind: 'copy job';
  readonly ownerOid: number;
  readonly table: TableId;
  /** The COPY without JOB CREATE, as it was written. */
  readonly text: string;
  /** s3://bucket/prefix */
  readonly source: string;
  readonly iamRole: string;
  readonly auto: boolean;
  readonly createdAtMicros: bigint;
  /** What lay there before the job, which it does not load: when it was last changed, by key. */
  readonly before: Readonly<Record<string, number>>;
}
export interface CopyJobFile {
  readonly key: string;
  readonly size: number;
  readonly etag?: string | undefined;
  readonly modifiedMs: number;
  readonly seenMicros: bigint;
  /** Ingested; or in error, and not tried again. */
  readonly status: 'I' | 'E';
  readonly message?: string;
}
/** Files that a job loaded together, put by the transaction that loaded them: so none is loaded twice. */
export interface CopyJobFilesObject extends ObjectBase {
  readonly kind: 'copy job files';
  readonly job: number;
  readonly timeMicros: bigint;
  readonly files: readonly CopyJobFile[];
}

/**
 * Reads of the catalog as one transaction sees it, in one database. All lookups take folded names and return undefined
 * when there is no such object. Implemented by view.ts; the analyser and commands depend on this interface only.
 */
export interface CatalogSnapshot {
  /** The same object means the same contents: what was prepared under it is still right. */
  readonly state?: object;
  readonly database: DatabaseObject;
  /** Every object of a class, in this database or, for a class of the cluster, in all; of another database when it is given. */
  objects<C extends ClassName>(of: C, database?: number): readonly ObjectTypes[C][];
  object<C extends ClassName>(of: C, oid: number): ObjectTypes[C] | undefined;
  /** The object of that name; in the schema, for a class whose names are unique there. */
  named<C extends ClassName>(of: C, name: string, schemaOid?: number): ObjectTypes[C] | undefined;
  /** Objects of every class whose names are in the schema. */
  contents(schemaOid: number): readonly CatalogObject[];
  /** What depends directly on an object, by oid. */
  dependents(on: ObjectReference): readonly Dependency[];

  /** The catalog of another database of the cluster, as the same transaction sees it; undefined when there is none of the name. */
  ofDatabase(name: string): CatalogSnapshot | undefined;
  /** A relation of any database, by oid, which no two have in common, and the database it is in. */
  relationAnywhere(
    oid: TableId,
  ): { readonly relation: RelationObject; readonly schema: SchemaObject; readonly database: number } | undefined;

  databases(): readonly DatabaseObject[];
  users(): readonly UserObject[];
  groups(): readonly GroupObject[];
  schemas(): readonly SchemaObject[];
  schema(name: string): SchemaObject | undefined;
  schemaByOid(oid: number): SchemaObject | undefined;
  user(name: string): UserObject | undefined;
  userByOid(oid: number): UserObject | undefined;
  relations(): readonly RelationObject[];
  relationByOid(oid: TableId): RelationObject | undefined;
  relationIn(schemaOid: number, name: string): RelationObject | undefined;
}

export const columnByName = (r: RelationObject, name: string): CatalogColumn | undefined =>
  r.columns.find((c) => !c.dropped && c.name === name);
export const liveColumns = (r: RelationObject): readonly CatalogColumn[] => r.columns.filter((c) => !c.dropped);
