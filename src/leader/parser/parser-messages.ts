/**
 * What the leader's thread and the parser's thread say to each other: one text at a time, and its AST or its error. The
 * arrays of long literal lists are handed over, not copied; their nodes come without the text, which the leader has.
 */
import type { SqlErrorFields } from '../../common/errors/sql-error.ts';
import type { LiteralsExpr, Statement } from './ast.ts';
import type { LiteralArrays } from './literal-list.ts';

export interface ParseRequest {
  readonly text: string;
  readonly caseSensitive: boolean;
  readonly literalsMin: number | undefined;
}
export type ParseReply =
  | {
      readonly statements: readonly Statement[];
      /** Nodes within the statements whose list is missing, and the lists. */
      readonly nodes: readonly LiteralsExpr[];
      readonly lists: readonly LiteralArrays[];
    }
  | { readonly error: SqlErrorFields }
  /** Not an error of the user. */
  | { readonly bug: string };
