/**
 * Our own AST. Nothing behind the parser knows libpg-query. Nodes are plain readonly values; `pos` is a 0-based
 * character offset into the text of the whole query string the user sent (after position mapping).
 */
import type { LiteralList } from './literal-list.ts';
import type { TableAttributes } from './table-attributes.ts';

export interface TypeRef {
  /** Lower-case name as written, canonicalised: 'int4','varchar','numeric','timestamptz','regclass', 'int2[]' ... */
  readonly name: string;
  readonly mods: readonly number[];
  /** INTERVAL's qualifier: 'year to month', 'day to second(3)'. */
  readonly fields?: string;
  readonly pos: number;
}

/** [catalog.][schema.]name, lower-cased as Redshift folds them. */
export interface QualifiedName {
  readonly database?: string;
  readonly schema?: string;
  readonly name: string;
  readonly pos: number;
}

export interface LiteralsExpr {
  readonly kind: 'literals';
  readonly list: LiteralList;
  readonly pos: number;
}

export type Expr =
  | {
      readonly kind: 'literal';
      readonly value: null | boolean | string;
      readonly form: 'null' | 'bool' | 'string';
      readonly pos: number;
    }
  /** Digits as written: '12', '3.14', '2e5'. */
  | { readonly kind: 'number'; readonly text: string; readonly pos: number }
  | { readonly kind: 'param'; readonly index: number; readonly pos: number }
  /** The only item of a long IN list of literals: all of them. */
  | LiteralsExpr
  /** a, t.a, s.t.a, db.s.t.a (last part is the column). */
  | {
      readonly kind: 'name';
      readonly parts: readonly string[];
      /** The parts in the case in which they were written, where that differs: attributes of SUPER values may want it. */
      readonly written?: readonly string[];
      readonly pos: number;
    }
  /** column (+): the side of a condition in WHERE whose table may have no match. */
  | { readonly kind: 'outer'; readonly arg: Expr; readonly pos: number }
  /** PRIOR of a CONNECT BY: its value in the parent row. */
  | { readonly kind: 'prior'; readonly arg: Expr; readonly pos: number }
  /** *, t.*; `exclude` for * EXCLUDE (a, b). Only in select lists and count(*). */
  | {
      readonly kind: 'star';
      readonly parts: readonly string[];
      readonly exclude: readonly string[];
      readonly pos: number;
    }
  | { readonly kind: 'unary'; readonly op: string; readonly arg: Expr; readonly pos: number }
  /** Operators incl. 'and','or','||','~','!~','like','ilike','not like','not ilike','is distinct from', 'similar'... escape only for like. */
  | {
      readonly kind: 'binary';
      readonly op: string;
      readonly left: Expr;
      readonly right: Expr;
      readonly escape?: Expr;
      readonly pos: number;
    }
  | { readonly kind: 'isnull'; readonly arg: Expr; readonly negated: boolean; readonly pos: number }
  | {
      readonly kind: 'istest';
      readonly arg: Expr;
      readonly test: 'true' | 'false' | 'unknown';
      readonly negated: boolean;
      readonly pos: number;
    }
  | {
      readonly kind: 'between';
      readonly arg: Expr;
      readonly low: Expr;
      readonly high: Expr;
      readonly negated: boolean;
      readonly pos: number;
    }
  | {
      readonly kind: 'inlist';
      readonly arg: Expr;
      readonly items: readonly Expr[];
      readonly negated: boolean;
      readonly pos: number;
    }
  /** exists: left empty; in: left IN (query) / op any; scalar; array: ARRAY(select ..). `op`/`quantifier` for `x <> ALL (..)`. */
  | {
      readonly kind: 'subquery';
      readonly form: 'exists' | 'scalar' | 'in' | 'array' | 'any' | 'all';
      readonly op: string;
      readonly negated: boolean;
      readonly left: readonly Expr[];
      readonly query: Query;
      readonly pos: number;
    }
  /** x op ANY|ALL (array expression). */
  | {
      readonly kind: 'anyarray';
      readonly op: string;
      readonly quantifier: 'any' | 'all';
      readonly left: Expr;
      readonly array: Expr;
      readonly pos: number;
    }
  | {
      readonly kind: 'case';
      readonly arg?: Expr;
      readonly whens: readonly { readonly when: Expr; readonly then: Expr }[];
      readonly otherwise?: Expr;
      readonly pos: number;
    }
  | { readonly kind: 'cast'; readonly arg: Expr; readonly type: TypeRef; readonly pos: number }
  /** Function or aggregate call; names lower case. EXTRACT is 'date_part' with a string literal first and label 'date_part' (extract). */
  | {
      readonly kind: 'call';
      readonly name: QualifiedName;
      readonly args: readonly Expr[];
      readonly star: boolean;
      readonly distinct: boolean;
      readonly orderBy: readonly OrderItem[];
      readonly withinGroup: boolean;
      readonly over?: WindowSpec;
      readonly ignoreNulls?: boolean;
      readonly approximate?: boolean;
      readonly label?: string;
      readonly pos: number;
    }
  | { readonly kind: 'interval'; readonly text: string; readonly fields?: string; readonly pos: number }
  | { readonly kind: 'array'; readonly items: readonly Expr[]; readonly pos: number }
  | { readonly kind: 'subscript'; readonly arg: Expr; readonly index: Expr; readonly pos: number }
  /** (a, b) row value. */
  | { readonly kind: 'row'; readonly items: readonly Expr[]; readonly pos: number };

export interface WindowSpec {
  readonly partitionBy: readonly Expr[];
  readonly orderBy: readonly OrderItem[];
  readonly frame?: string;
}
export interface OrderItem {
  readonly expr: Expr;
  readonly descending: boolean;
  readonly nulls?: 'first' | 'last';
}
export interface SelectItem {
  readonly expr: Expr;
  readonly alias?: string;
  readonly pos: number;
}

/** A table of FROM as a stored query holds it; `name` of a column is what the query calls it, `column` what the table did. */
export interface FrozenTable {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly attnum: number; readonly column: string; readonly name: string }[];
}
/** Names of the calls that unnesting in FROM becomes, which no user can write. */
export const UNNEST_CALL = '\u0001unnest';
export const UNNEST_OFFSET_CALL = '\u0001unnest offset';
export const UNPIVOT_CALL = '\u0001unpivot';
/** Arguments of OBJECT_TRANSFORM behind which its paths stand. */
export const KEEP_ARGUMENT = '\u0001keep';
export const SET_ARGUMENT = '\u0001set';
export type FromItem =
  | Pivot
  | Unpivot
  | {
      readonly kind: 'table';
      readonly name: QualifiedName;
      /** Set in stored queries only (analyser/freeze.ts): what the name meant when the query was stored. */
      readonly relation?: FrozenTable;
      readonly alias?: string;
      readonly columnAliases: readonly string[];
      readonly pos: number;
    }
  | {
      readonly kind: 'derived';
      readonly query: Query;
      readonly alias?: string;
      readonly columnAliases: readonly string[];
      readonly pos: number;
    }
  | {
      readonly kind: 'function';
      readonly call: Extract<Expr, { kind: 'call' }>;
      readonly alias?: string;
      readonly columnAliases: readonly string[];
      readonly columnTypes: readonly TypeRef[];
      readonly ordinality: boolean;
      readonly pos: number;
    }
  | {
      readonly kind: 'join';
      readonly type: 'inner' | 'left' | 'right' | 'full' | 'cross';
      readonly left: FromItem;
      readonly right: FromItem;
      readonly on?: Expr;
      readonly using: readonly string[];
      readonly natural: boolean;
      readonly alias?: string;
      readonly pos: number;
    };

/** PIVOT (aggregate [AS name] FOR column IN (value [AS label], ...)). */
export interface Pivot {
  readonly kind: 'pivot';
  readonly input: FromItem;
  readonly aggregate: Expr;
  readonly name?: string;
  readonly column: Expr;
  readonly values: readonly { readonly expr: Expr; readonly label?: string }[];
  readonly alias?: string;
  readonly columnAliases: readonly string[];
  readonly pos: number;
}
/** UNPIVOT [INCLUDE NULLS] (value FOR name IN (column [AS label], ...)). */
export interface Unpivot {
  readonly kind: 'unpivot';
  readonly input: FromItem;
  readonly value: string;
  readonly name: string;
  readonly columns: readonly { readonly expr: Expr; readonly label?: string }[];
  readonly includeNulls: boolean;
  readonly alias?: string;
  readonly columnAliases: readonly string[];
  readonly pos: number;
}

export interface Cte {
  readonly name: string;
  readonly columnAliases: readonly string[];
  readonly query: Query;
  readonly recursive?: true;
  readonly pos: number;
}

/** What GROUP BY lists: expressions, and sets of them. `list` is (a, b) inside the others; () is an empty one. */
export type GroupItem =
  | Expr
  | {
      readonly kind: 'grouping';
      readonly form: 'sets' | 'rollup' | 'cube' | 'list';
      readonly items: readonly GroupItem[];
      readonly pos: number;
    };
/** [START WITH start] CONNECT BY condition. */
export interface ConnectBy {
  readonly start?: Expr;
  readonly condition: Expr;
  readonly pos: number;
}
export interface SelectCore {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  readonly from: readonly FromItem[];
  readonly where?: Expr;
  /** 'all': by every item of the select list that holds no aggregate. */
  readonly groupBy: readonly GroupItem[] | 'all';
  readonly having?: Expr;
  readonly qualify?: Expr;
  readonly connectBy?: ConnectBy;
  /** SELECT INTO target. */
  readonly into?: QualifiedName & { readonly temporary: boolean };
  readonly pos: number;
}
export interface SetOperation {
  readonly kind: 'setop';
  readonly op: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: Query;
  readonly right: Query;
  readonly pos: number;
}
export type ValueExpr = Expr | { readonly kind: 'default'; readonly pos: number };
export interface ValuesCore {
  readonly kind: 'values';
  readonly rows: readonly (readonly ValueExpr[])[];
  /** Instead of `rows`: a long INSERT's rows of literals. */
  readonly literals?: LiteralsExpr;
  readonly pos: number;
}
export interface Query {
  readonly ctes: readonly Cte[];
  readonly recursive: boolean;
  readonly body: SelectCore | SetOperation | ValuesCore;
  readonly orderBy: readonly OrderItem[];
  /** LIMIT and TOP alike. */
  readonly limit?: Expr;
  readonly offset?: Expr;
  /** A stored query whose columns are all written as alias.column. */
  readonly qualified?: boolean;
  readonly pos: number;
}

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
  | { readonly kind: 'alter-encode'; readonly column: string; readonly encode: string }
  | { readonly kind: 'alter-diststyle'; readonly attributes: TableAttributes }
  | { readonly kind: 'add-constraint'; readonly constraint: TableConstraint }
  | { readonly kind: 'drop-constraint'; readonly name: string; readonly cascade: boolean }
  | { readonly kind: 'set-schema'; readonly schema: string };

/** One COPY/UNLOAD option as written: name upper case ('DELIMITER','MAXERROR'...), arguments in order. */
export interface CommandOption {
  readonly name: string;
  readonly args: readonly (string | number | boolean)[];
  readonly pos: number;
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
  | { readonly kind: 'refresh-materialized-view'; readonly name: QualifiedName; readonly cascade: boolean }
  | {
      readonly kind: 'alter-table';
      readonly name: QualifiedName;
      readonly action: AlterAction;
      readonly objectKind: 'table' | 'view';
    }
  | {
      readonly kind: 'drop';
      readonly objectKind: 'table' | 'view' | 'materialized view' | 'schema' | 'database' | 'user' | 'group';
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
  | {
      readonly kind: 'grant' | 'revoke';
      readonly privileges: readonly string[];
      readonly objectKind: 'table' | 'schema' | 'database';
      readonly all: boolean;
      readonly names: readonly QualifiedName[];
      readonly grantees: readonly { readonly kind: 'user' | 'group' | 'public'; readonly name: string }[];
      /** WITH GRANT OPTION, or GRANT OPTION FOR. */ readonly grantOption?: boolean;
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
  | {
      readonly kind: 'copy';
      readonly table: QualifiedName;
      readonly columns: readonly string[];
      readonly source: string;
      readonly options: readonly CommandOption[];
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
  /** SHOW TABLES/SCHEMAS/DATABASES/COLUMNS/TABLE/VIEW ...: words upper case, names. */
  | {
      readonly kind: 'show-objects';
      readonly what: 'databases' | 'schemas' | 'tables' | 'columns' | 'table' | 'view';
      readonly name?: QualifiedName;
      readonly like?: string;
      readonly limit?: number;
    }
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
  /** Recognised, but Slicehouse (or Redshift) refuses it with this error. */
  | {
      readonly kind: 'unsupported';
      readonly command: string;
      readonly sqlstate: string;
      readonly message: string;
    };

export type StatementKind = Statement['kind'];
