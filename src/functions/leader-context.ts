/**
 * What host functions see of the leader: the part of the leader's services, session, transaction and catalog that they
 * read, as interfaces of their own because functions do not import the leader. `leaderOf` is the one cast.
 */
import type { HostContext } from './define.ts';
import type { SqlType } from '../types/sql-type.ts';

interface Acl {
  readonly grantee: number;
  readonly privileges: string;
}
export interface ColumnView {
  readonly attnum: number;
  readonly name: string;
  readonly type: SqlType;
  readonly dropped: boolean;
  readonly identity?: { readonly seed: bigint; readonly step: bigint };
}
export interface RelationView {
  readonly oid: number;
  readonly kind: 'table' | 'view' | 'materialized view';
  readonly schemaOid: number;
  readonly name: string;
  readonly ownerOid: number;
  readonly acl: readonly Acl[];
  readonly columns: readonly ColumnView[];
  readonly constraints?: readonly {
    readonly oid: number;
    readonly kind: 'primary' | 'unique' | 'foreign';
    readonly name: string;
    readonly attnums: readonly number[];
    readonly references?: { readonly tableId: number; readonly attnums: readonly number[] };
  }[];
}
export interface NamedView {
  readonly oid: number;
  readonly name: string;
}
export interface OwnedView extends NamedView {
  readonly ownerOid: number;
  readonly acl?: readonly Acl[];
}
export interface UserView extends NamedView {
  readonly superuser: boolean;
}
export interface SessionView {
  readonly pid: number;
  readonly user: UserView;
  readonly database: string;
  setting(name: string): string;
  setSetting(name: string, value: string, local: boolean): void;
  searchPath(): readonly string[];
  readonly temporarySchema: string;
  readonly last: {
    readonly copyCount: number;
    readonly copyId: number;
    readonly queryId: number;
    readonly finishedId: number;
    readonly unloadCount: number;
    readonly unloadId: number;
  };
}
export interface CatalogView {
  readonly database: { readonly collation?: string };
  databases(): readonly OwnedView[];
  users(): readonly UserView[];
  groups(): readonly (NamedView & { readonly users: readonly number[] })[];
  schema(name: string): OwnedView | undefined;
  schemaByOid(oid: number): OwnedView | undefined;
  user(name: string): UserView | undefined;
  userByOid(oid: number): UserView | undefined;
  relations(): readonly RelationView[];
  relationByOid(oid: number): RelationView | undefined;
  relationIn(schemaOid: number, name: string): RelationView | undefined;
}
/** A built-in function, one per signature: type names as SQL prints them. */
export interface ProcedureView extends NamedView {
  readonly args: readonly string[];
  readonly result: string;
}
/** A function or procedure of users. */
export interface RoutineView extends ProcedureView {
  readonly schema: string;
  readonly schemaOid: number;
  /** As its definition lists its arguments. */
  readonly declared: string;
  /** The statement that makes it. */
  readonly definition: string;
}
/** What the server itself has: system relations and built-in functions. */
export interface SystemCatalogView {
  /** Without a schema: pg_catalog. */
  relationOid(schema: string | undefined, name: string): number | undefined;
  relationByOid(oid: number): { readonly schema: string; readonly name: string } | undefined;
  procedure(oid: number): ProcedureView | undefined;
  proceduresNamed(name: string): readonly ProcedureView[];
}
type Priority = 'Lowest' | 'Low' | 'Normal' | 'High' | 'Highest' | 'Critical';
/** Priorities of queries in their service class. */
export interface WlmView {
  priorityNamed(text: string): Priority;
  changeQueryPriority(query: number, priority: Priority): Priority | undefined;
  changeSessionPriority(session: object, priority: Priority, isOpen: () => boolean): void;
  changeUserPriority(user: number, priority: Priority | undefined): void;
}
type Guarded = 'relation' | 'schema' | 'database' | 'routine' | 'language' | 'iam-role';
/** Who is asked about: a user's or role's name or oid, 'public'; undefined is the session's user. */
type Who = string | number | undefined;
/** Privileges, as the checks of commands see them. */
export interface RightsView {
  knows(who: Who): boolean;
  isSuperuser(who: Who): boolean;
  /** The first word that is no privilege of the class. */
  badWord(of: Guarded, privileges: string): string | undefined;
  /** One of the privileges, listed with commas, on the object; on a column (attnum), or on any, or with all of it. */
  holds(who: Who, of: Guarded, oid: number, privileges: string, column?: number | 'any'): boolean;
  /** A system privilege of the session's user. */
  system(privilege: string): boolean;
  /** Whether the user or role has the role, or the user is of the group; undefined when there is no such user or role. */
  isMember(kind: 'user' | 'role', name: string, of: string): boolean | undefined;
  /** Roles of the session's user. */
  sessionRoles(): readonly NamedView[];
  oidOf(of: Guarded, name: string): number | undefined;
  /** Functions and procedures of users with the name: type names of their arguments. */
  routines(
    name: string,
  ): readonly { readonly oid: number; readonly schemaOid: number; readonly types: readonly string[] }[];
}
export interface LeaderView {
  readonly rights: RightsView;
  readonly system: SystemCatalogView;
  readonly session: SessionView;
  readonly catalog: CatalogView;
  readonly services: {
    /** The GUID of the warehouse. */
    readonly namespace: string;
    readonly topology: { readonly nodes: number; readonly sliceCount: number };
    /** Stops a slice's thread or a node on purpose. */
    readonly nodes: { killSlice(slice: number): void; killNode(node: number): void };
    sessions(): readonly SessionView[];
    /** Cancels what a session runs, or ends it, by that user. */
    signalSession(pid: number, action: 'cancel' | 'terminate', userid: number): boolean;
    readonly wlm: WlmView;
  };
  /** The comment on what has the oid, or on a column of it; `table` names the catalog table that the oid is of. */
  comment(oid: number, column: number, table?: string): string | undefined;
  /** Routines of users. */
  routine(oid: number): RoutineView | undefined;
  /** On the search path without a schema, those found first in front. */
  routinesNamed(schema: string | undefined, name: string): readonly RoutineView[];
  /** The query of a view as it reads today; undefined for other relations. */
  viewText(oid: number): string | undefined;
}
export const leaderOf = (context: HostContext): LeaderView => context.leader as LeaderView;
