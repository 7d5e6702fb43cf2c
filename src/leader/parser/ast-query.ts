/**
 * The part of our own AST that queries are made of: expressions, FROM items, SELECT, set operations, WITH. Nodes are plain
 * readonly values; `pos` is a 0-based character offset into the text of the whole query string the user sent.
 */
import type { LiteralList } from './literal-list.ts';

export interface TypeRef {
  /** Lower-case name as written, canonicalised: 'int4','varchar','numeric','timestamptz','regclass', 'int2[]' ... */
  readonly name: string;
  readonly mods: readonly number[];
  /** The length is written as MAX: in an expression more than a column has. */
  readonly max?: true;
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
  /** `tries`: TRY_CAST. */
  | {
      readonly kind: 'cast';
      readonly arg: Expr;
      readonly type: TypeRef;
      readonly tries?: true;
      readonly pos: number;
    }
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
      /** Of a stored query: the function of users that it calls. */
      readonly routine?: FrozenRoutine;
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

/** A function of users in a stored query, under the name it had. */
export interface FrozenRoutine {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
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
