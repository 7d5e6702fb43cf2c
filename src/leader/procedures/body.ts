/**
 * A procedure's body as a program: blocks, statements and expressions with every variable resolved to a place. Names are
 * PL/pgSQL's. Values only; parse-body.ts makes it, run-block.ts and its neighbours run it.
 */
import type { QualifiedName, TypeRef } from '../parser/ast.ts';

/** A variable, or a field of a record. */
export interface Place {
  /** Index of the variable in the frame. */
  readonly variable: number;
  readonly field?: string;
}
/** The field of a place that is all fields of a record, one behind the other: record.* */
export const ALL_FIELDS = '*';
/** SQL text whose variables are $1, $2 ...: the places they come from, in order. */
export interface Sql {
  readonly text: string;
  readonly places: readonly Place[];
  /** The text between the variables, and the index of the place behind each part but the last. */
  readonly parts: readonly string[];
  readonly uses: readonly number[];
}

/** What a variable is declared with. */
export type Declared =
  | { readonly kind: 'type'; readonly type: TypeRef }
  | { readonly kind: 'column'; readonly table: QualifiedName; readonly column: string }
  | { readonly kind: 'row'; readonly table: QualifiedName }
  | { readonly kind: 'like'; readonly place: Place }
  | { readonly kind: 'record' }
  | { readonly kind: 'refcursor' }
  /** `query`: what it is opened with; `parameters`: variables that OPEN sets. */
  | { readonly kind: 'cursor'; readonly query: Sql; readonly parameters: readonly number[] };

export interface Declaration {
  readonly variable: number;
  readonly name: string;
  readonly declared: Declared;
  readonly constant: boolean;
  readonly notNull: boolean;
  readonly initial?: Sql;
  readonly line: number;
}

export interface Block {
  readonly kind: 'block';
  readonly line: number;
  readonly label?: string;
  readonly declarations: readonly Declaration[];
  readonly body: readonly Step[];
  /** EXCEPTION WHEN OTHERS THEN; the variables that it sees. */
  readonly handler?: { readonly body: readonly Step[]; readonly sqlstate: number; readonly sqlerrm: number };
}
interface Loop {
  readonly label?: string;
  readonly body: readonly Step[];
}
export type RaiseLevel = 'debug' | 'log' | 'info' | 'notice' | 'warning' | 'exception';

/** A statement. */
export type Step =
  | Block
  | { readonly kind: 'assign'; readonly line: number; readonly target: Place; readonly value: Sql }
  | {
      readonly kind: 'if';
      readonly line: number;
      readonly branches: readonly { readonly condition: Sql; readonly body: readonly Step[] }[];
      readonly otherwise: readonly Step[];
    }
  | {
      readonly kind: 'case';
      readonly line: number;
      readonly branches: readonly { readonly condition: Sql; readonly body: readonly Step[] }[];
      readonly otherwise?: readonly Step[];
      /** Of CASE x WHEN: x is put here first. */
      readonly subject?: { readonly value: Sql; readonly variable: number };
    }
  | ({ readonly kind: 'loop'; readonly line: number } & Loop)
  | ({ readonly kind: 'while'; readonly line: number; readonly condition: Sql } & Loop)
  | ({
      readonly kind: 'for-range';
      readonly line: number;
      readonly variable: number;
      readonly reverse: boolean;
      readonly from: Sql;
      readonly to: Sql;
    } & Loop)
  | ({
      readonly kind: 'for-query';
      readonly line: number;
      readonly into: readonly Place[];
      /** A query, the text of one, or a cursor that is bound to one. */
      readonly source:
        | { readonly kind: 'query' | 'execute'; readonly sql: Sql }
        | { readonly kind: 'cursor'; readonly variable: number; readonly arguments: readonly Sql[] };
    } & Loop)
  | {
      readonly kind: 'exit' | 'continue';
      readonly line: number;
      readonly label?: string;
      readonly when?: Sql;
    }
  | { readonly kind: 'return'; readonly line: number }
  | {
      readonly kind: 'raise';
      readonly line: number;
      /** Without one: the error that is being handled is raised again. */
      readonly message?: {
        readonly level: RaiseLevel;
        readonly format: string;
        readonly values: readonly Sql[];
      };
    }
  | { readonly kind: 'sql'; readonly line: number; readonly sql: Sql; readonly into?: readonly Place[] }
  | { readonly kind: 'execute'; readonly line: number; readonly text: Sql; readonly into?: readonly Place[] }
  | { readonly kind: 'perform'; readonly line: number; readonly sql: Sql }
  | {
      readonly kind: 'call';
      readonly line: number;
      readonly sql: Sql;
      /** Arguments that are nothing but a variable: INOUT sets it. */
      readonly variables: readonly (Place | undefined)[];
      readonly into?: readonly Place[];
    }
  | {
      readonly kind: 'open';
      readonly line: number;
      readonly variable: number;
      readonly query?: { readonly kind: 'query' | 'execute'; readonly sql: Sql };
      readonly arguments: readonly Sql[];
    }
  | { readonly kind: 'fetch'; readonly line: number; readonly variable: number; readonly into: readonly Place[] }
  | { readonly kind: 'close'; readonly line: number; readonly variable: number }
  | {
      readonly kind: 'diagnostics';
      readonly line: number;
      readonly items: readonly { readonly target: Place; readonly item: 'row_count' | 'result_oid' }[];
    }
  | { readonly kind: 'commit' | 'rollback' | 'begin' | 'null'; readonly line: number };

export interface Program {
  readonly block: Block;
  /** Names of all variables, by index; arguments come first, then FOUND. */
  readonly variables: readonly string[];
}

/** As the lines of an error's context name them. */
export const STEP_WORDS: Readonly<Record<Step['kind'], string>> = {
  block: 'statement block',
  assign: 'assignment',
  if: 'if',
  case: 'case',
  loop: 'loop',
  while: 'while',
  'for-range': 'for with integer loopvar',
  'for-query': 'for over select rows',
  exit: 'exit',
  continue: 'continue',
  return: 'return',
  raise: 'raise',
  sql: 'SQL statement',
  execute: 'execute statement',
  perform: 'perform',
  call: 'SQL statement',
  open: 'open',
  fetch: 'fetch',
  close: 'close',
  diagnostics: 'get diagnostics',
  commit: 'commit',
  rollback: 'rollback',
  begin: 'begin',
  null: 'null',
};
