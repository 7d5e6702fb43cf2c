/**
 * Our own AST. Nothing behind the parser knows libpg-query. Nodes are plain readonly values; `pos` is a 0-based
 * character offset into the text of the whole query string the user sent (after position mapping).
 */
import type { SharedObjects } from './statements/datashare.ts';
import type { AlterDefaultPrivileges } from './statements/default-privileges.ts';
import type { PolicyStatement } from './statements/policy.ts';
import type { GrantOrRevoke } from './statements/grant.ts';
import type { RoleChange } from './statements/role.ts';
import type { RoutineParameter, RoutineReference } from './statements/routine.ts';
import type { ShowObjects } from './statements/show.ts';
import type { Cte, Expr, FromItem, QualifiedName, Query, TypeRef, ValueExpr } from './ast-query.ts';
import type { TableAttributes } from './table-attributes.ts';
export * from './ast-query.ts';

export interface ColumnDef {
  readonly name: string;
  readonly type: TypeRef;
  readonly notNull: boolean;
  /** Explicit NULL. */
  readonly nullable: boolean;
  readonly default?: Expr;
  /** Text of the default as written, for pg_attrdef. */
  readonly defaultText?: string;
  readonly identity?: { readonly seed: bigint; readonly step: bigint; readonly byDefault: boolean };
  readonly encode?: string;
  readonly collation?: 'case_sensitive' | 'case_insensitive';
  readonly distkey: boolean;
  readonly sortkey: boolean;
  readonly primaryKey: boolean;
  readonly unique: boolean;
  readonly references?: { readonly table: QualifiedName; readonly columns: readonly string[] };
  /** Names that CONSTRAINT gives to the column's keys. */
  readonly constraintNames?: Readonly<Partial<Record<TableConstraint['kind'], string>>>;
  readonly pos: number;
}
export interface TableConstraint {
  readonly kind: 'primary' | 'unique' | 'foreign';
  readonly name?: string;
  readonly columns: readonly string[];
  readonly references?: { readonly table: QualifiedName; readonly columns: readonly string[] };
  readonly pos: number;
}
export type AlterAction =
  | { readonly kind: 'add-column'; readonly column: ColumnDef }
  | { readonly kind: 'drop-column'; readonly column: string; readonly cascade: boolean }
  | { readonly kind: 'rename-column'; readonly from: string; readonly to: string }
  | { readonly kind: 'rename'; readonly to: string }
  | { readonly kind: 'owner'; readonly to: string }
  | { readonly kind: 'alter-type'; readonly column: string; readonly type: TypeRef }
  | {
      readonly kind: 'alter-encode';
      readonly columns: readonly { readonly column: string; readonly encode: string }[];
    }
  | { readonly kind: 'alter-diststyle'; readonly attributes: TableAttributes }
  | { readonly kind: 'add-constraint'; readonly constraint: TableConstraint }
  | { readonly kind: 'drop-constraint'; readonly name: string; readonly cascade: boolean };

/** One COPY/UNLOAD option as written: name upper case ('DELIMITER','MAXERROR'...), arguments in order. */
export interface CommandOption {
  readonly name: string;
  readonly args: readonly (string | number | boolean)[];
  readonly pos: number;
}

export interface CopyBody {
  readonly kind: 'copy';
  readonly table: QualifiedName;
  readonly columns: readonly string[];
  readonly source: string;
  readonly options: readonly CommandOption[];
}

export type Statement = StatementBody & {
  /** Start and end (exclusive) of this statement in the query string. */
  readonly start: number;
  readonly end: number;
};

export type StatementBody =
  | { readonly kind: 'query'; readonly query: Query }
  | {
      readonly kind: 'insert';
      readonly table: QualifiedName;
      readonly columns: readonly string[];
      readonly source: Query | 'default values';
    }
  | {
      readonly kind: 'update';
      readonly table: QualifiedName;
      readonly alias?: string;
      readonly ctes: readonly Cte[];
      readonly set: readonly {
        readonly column: string;
        readonly value: Expr | { readonly kind: 'default'; readonly pos: number };
        readonly pos: number;
      }[];
      readonly from: readonly FromItem[];
      readonly where?: Expr;
    }
  | {
      readonly kind: 'delete';
      readonly table: QualifiedName;
      readonly alias?: string;
      readonly ctes: readonly Cte[];
      readonly using: readonly FromItem[];
      readonly where?: Expr;
    }
  | {
      readonly kind: 'merge';
      readonly table: QualifiedName;
      readonly source: FromItem;
      readonly on: Expr;
      readonly matched:
        | {
            readonly kind: 'update';
            readonly set: readonly { readonly column: string; readonly value: ValueExpr; readonly pos: number }[];
          }
        | { readonly kind: 'delete' }
        /** REMOVE DUPLICATES. */
        | { readonly kind: 'duplicates' };
      /** Of WHEN NOT MATCHED. */
      readonly insert?: {
        readonly columns: readonly string[];
        readonly values: readonly ValueExpr[];
        readonly pos: number;
      };
    }
  | {
      readonly kind: 'create-table';
      readonly name: QualifiedName;
      readonly temporary: boolean;
      readonly ifNotExists: boolean;
      readonly columns: readonly ColumnDef[];
      readonly constraints: readonly TableConstraint[];
      readonly likes: readonly {
        readonly table: QualifiedName;
        readonly defaults: boolean;
        readonly index: number;
      }[];
      readonly attributes: TableAttributes;
    }
  | {
      readonly kind: 'create-table-as';
      readonly name: QualifiedName;
      readonly temporary: boolean;
      readonly columnNames: readonly string[];
      readonly attributes: TableAttributes;
      readonly query: Query;
    }
  | {
      readonly kind: 'create-view';
      readonly name: QualifiedName;
      readonly replace: boolean;
      readonly columnNames: readonly string[];
      readonly query: Query;
      readonly queryText: string;
      readonly noSchemaBinding: boolean;
    }
  | {
      readonly kind: 'create-materialized-view';
      readonly name: QualifiedName;
      readonly attributes: TableAttributes;
      readonly autoRefresh: boolean;
      readonly query: Query;
      readonly queryText: string;
    }
  | {
      readonly kind: 'create-procedure';
      readonly name: QualifiedName;
      readonly replace: boolean;
      readonly parameters: readonly RoutineParameter[];
      readonly body: { readonly text: string; readonly pos: number };
      readonly nonatomic?: boolean;
      readonly definer?: boolean;
      readonly settings: readonly { readonly name: string; readonly value: string }[];
    }
  | {
      readonly kind: 'create-function';
      readonly name: QualifiedName;
      readonly replace: boolean;
      readonly parameters: readonly RoutineParameter[];
      readonly returns: TypeRef;
      readonly volatility: 'immutable' | 'stable' | 'volatile';
      readonly body: { readonly text: string; readonly pos: number };
    }
  | {
      readonly kind: 'alter-routine';
      readonly routine: RoutineReference;
      readonly action: { readonly kind: 'rename' | 'owner'; readonly to: string };
    }
  | { readonly kind: 'create-datashare'; readonly name: string; readonly isPublic: boolean }
  | {
      readonly kind: 'alter-datashare';
      readonly name: string;
      readonly change?: { readonly action: 'add' | 'remove'; readonly objects: SharedObjects };
      readonly isPublic?: boolean;
      readonly includeNew?: { readonly schema: string; readonly value: boolean };
    }
  | { readonly kind: 'drop-datashare'; readonly name: string }
  | { readonly kind: 'desc-datashare'; readonly name: string; readonly namespace?: string }
  | { readonly kind: 'show-datashares'; readonly like?: string }
  | {
      readonly kind: 'share-usage';
      readonly give: boolean;
      readonly name: string;
      readonly consumers: readonly { readonly kind: 'namespace' | 'account'; readonly id: string }[];
    }
  | {
      readonly kind: 'create-shared-database';
      readonly name: string;
      readonly share: string;
      readonly namespace: string;
      readonly withPermissions: boolean;
    }
  | { readonly kind: 'drop-routine'; readonly routine: RoutineReference; readonly cascade: boolean }
  | { readonly kind: 'show-procedure'; readonly routine: RoutineReference }
  | { readonly kind: 'call'; readonly name: QualifiedName; readonly args: readonly Expr[] }
  | {
      readonly kind: 'alter-materialized-view';
      readonly name: QualifiedName;
      readonly autoRefresh?: boolean;
      readonly attributes?: TableAttributes;
    }
  | { readonly kind: 'refresh-materialized-view'; readonly name: QualifiedName; readonly cascade: boolean }
  | {
      readonly kind: 'alter-table';
      readonly name: QualifiedName;
      readonly action: AlterAction;
    }
  | {
      readonly kind: 'append-table';
      readonly name: QualifiedName;
      readonly source: QualifiedName;
      /** Of columns that only one of the tables has: the source's are left out, the target's get their defaults. */
      readonly rule?: 'ignoreextra' | 'filltarget';
    }
  | {
      readonly kind: 'drop';
      readonly objectKind:
        | 'table'
        | 'view'
        | 'materialized view'
        | 'schema'
        | 'database'
        | 'user'
        | 'group'
        | 'role'
        | 'rls policy'
        | 'masking policy';
      readonly names: readonly QualifiedName[];
      readonly ifExists: boolean;
      readonly cascade: boolean;
      /** DROP DATABASE ... FORCE ends the sessions connected to it. */
      readonly force: boolean;
    }
  | { readonly kind: 'truncate'; readonly table: QualifiedName }
  | {
      readonly kind: 'create-schema';
      readonly name: string;
      readonly ifNotExists: boolean;
      readonly owner?: string;
      /** Megabytes. */ readonly quota?: number | 'unlimited';
    }
  | {
      readonly kind: 'alter-schema';
      readonly name: string;
      readonly action:
        | { readonly kind: 'rename' | 'owner'; readonly to: string }
        /** Megabytes. */
        | { readonly kind: 'quota'; readonly to: number | 'unlimited' };
    }
  | {
      readonly kind: 'create-database';
      readonly name: string;
      readonly owner?: string;
      readonly options?: readonly CommandOption[];
    }
  | {
      readonly kind: 'alter-database';
      readonly name: string;
      readonly action:
        | { readonly kind: 'rename' | 'owner'; readonly to: string }
        | { readonly kind: 'options'; readonly options: readonly CommandOption[] };
    }
  | {
      readonly kind: 'create-user' | 'alter-user';
      readonly name: string;
      readonly password?: string | null;
      readonly createdb?: boolean;
      readonly superuser?: boolean;
      readonly renameTo?: string;
      /** IN GROUP, VALID UNTIL, CONNECTION LIMIT, SESSION TIMEOUT, SYSLOG ACCESS, EXTERNALID, SET, RESET. */ readonly options?: readonly CommandOption[];
    }
  | { readonly kind: 'create-group'; readonly name: string; readonly users: readonly string[] }
  | {
      readonly kind: 'alter-group';
      readonly name: string;
      readonly action:
        | { readonly kind: 'add' | 'drop'; readonly users: readonly string[] }
        | { readonly kind: 'rename'; readonly to: string };
    }
  | { readonly kind: 'create-role'; readonly name: string; readonly externalId?: string }
  | { readonly kind: 'alter-role'; readonly name: string; readonly changes: readonly RoleChange[] }
  | GrantOrRevoke
  | AlterDefaultPrivileges
  | PolicyStatement
  | {
      readonly kind: 'row-level-security';
      readonly name: QualifiedName;
      readonly on: boolean;
      readonly conjunction?: 'and' | 'or';
      /** ALTER MATERIALIZED VIEW. */
      readonly materialized: boolean;
    }
  | {
      readonly kind: 'comment';
      readonly objectKind: 'table' | 'column' | 'constraint' | 'view' | 'schema' | 'database';
      /** Of a column or a constraint: its relation. */
      readonly name: QualifiedName;
      readonly column?: string;
      readonly constraint?: string;
      readonly text: string | null;
    }
  | CopyBody
  | {
      readonly kind: 'create-copy-job';
      readonly name: string;
      readonly auto: boolean;
      /** The COPY, and its text, without JOB CREATE. */
      readonly copy: CopyBody;
      readonly copyText: string;
      readonly pos: number;
    }
  | {
      readonly kind: 'copy-job';
      readonly action: 'run' | 'drop' | 'show' | 'list' | 'alter';
      /** All but LIST. */
      readonly name?: string;
      /** ALTER. */
      readonly auto?: boolean;
    }
  | {
      readonly kind: 'unload';
      readonly query: string;
      readonly queryPos: number;
      readonly target: string;
      readonly options: readonly CommandOption[];
    }
  | {
      readonly kind: 'vacuum';
      readonly mode: 'full' | 'sort only' | 'delete only' | 'reindex' | 'recluster';
      readonly table?: QualifiedName;
      readonly threshold?: number;
    }
  | {
      readonly kind: 'analyze';
      readonly table?: QualifiedName;
      readonly columns: readonly string[];
      readonly predicateColumns: boolean;
      readonly verbose: boolean;
    }
  | {
      readonly kind: 'analyze-compression';
      readonly table?: QualifiedName;
      readonly columns: readonly string[];
      readonly comprows?: number;
    }
  | { readonly kind: 'explain'; readonly verbose: boolean; readonly statement: Statement }
  | { readonly kind: 'begin'; readonly readOnly?: boolean; readonly isolation?: string }
  | { readonly kind: 'commit' | 'rollback' }
  | {
      readonly kind: 'set';
      readonly name: string;
      readonly value: readonly (string | number)[] | 'default';
      readonly local: boolean;
    }
  | { readonly kind: 'reset'; readonly name: string }
  | { readonly kind: 'show'; readonly name: string }
  | ShowObjects
  | {
      readonly kind: 'prepare';
      readonly name: string;
      readonly types: readonly TypeRef[];
      readonly statement: Statement;
    }
  | { readonly kind: 'execute'; readonly name: string; readonly args: readonly Expr[] }
  | { readonly kind: 'deallocate'; readonly name: string | null }
  | { readonly kind: 'declare'; readonly name: string; readonly query: Query }
  | { readonly kind: 'fetch'; readonly name: string; readonly count: number | 'all' }
  | { readonly kind: 'close'; readonly name: string | null }
  | { readonly kind: 'lock'; readonly tables: readonly QualifiedName[] }
  | { readonly kind: 'cancel'; readonly pid: number; readonly message?: string }
  | { readonly kind: 'use'; readonly database: string }
  | { readonly kind: 'reset-use' | 'show-use' }
  /** Recognised, but Slicehouse (or Redshift) refuses it with this error. */
  | {
      readonly kind: 'unsupported';
      readonly command: string;
      readonly sqlstate: string;
      readonly message: string;
    };

export type StatementKind = Statement['kind'];
