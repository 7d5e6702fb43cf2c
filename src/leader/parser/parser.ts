/**
 * The SQL front end: text to AST with positions, without any catalog. Session, views, UDFs and tools come in here. The
 * asynchronous functions load libpg-query on first use; the ...Sync ones need warmParser() to have finished. Only
 * SqlError comes out for any text whatever.
 */
import { statementTooLarge, syntaxErrorEnd } from '../../common/errors/catalogue.ts';
import { STATEMENT_BYTES_MAX } from '../../common/limits.ts';
import type { Expr, Query, Statement } from './ast.ts';
import { tokenize, type Token } from './lexer.ts';
import { warmLibpg } from './libpg.ts';
import { expressionsFromTokens, queryFromTokens } from './postgres-ast.ts';
import { splitStatements } from './split.ts';
import { parseStatement } from './statements/index.ts';

export { tokenize };

/** Loads libpg-query, about 70 ms the first time. */
export const warmParser = (): Promise<void> => warmLibpg();

/** Tokens of a text that is not too large for a statement. */
export function tokenizeText(text: string, caseSensitive = false, literalsMin?: number): Token[] {
  if (text.length * 3 > STATEMENT_BYTES_MAX) {
    const bytes = Buffer.byteLength(text);
    if (bytes > STATEMENT_BYTES_MAX) throw statementTooLarge(String(bytes), String(STATEMENT_BYTES_MAX));
  }
  return tokenize(text, caseSensitive, literalsMin);
}

/**
 * All statements of a query string; empty ones are dropped, so the result may be empty. `caseSensitive`: quoted names keep
 * their case (enable_case_sensitive_identifier).
 */
export function parseStatementsSync(text: string, caseSensitive = false): Statement[] {
  return parseTokens(tokenizeText(text, caseSensitive), text);
}
export const parseTokens = (tokens: readonly Token[], text: string): Statement[] =>
  splitStatements(tokens).map((statement) => parseStatement(statement, text));

/** One query; a trailing semicolon is allowed. */
export function parseQueryTextSync(text: string, caseSensitive = false): Query {
  const [tokens, second] = splitStatements(tokenizeText(text, caseSensitive));
  if (tokens === undefined) throw syntaxErrorEnd(text.length + 1);
  if (second !== undefined) throw syntaxErrorEnd(tokens[tokens.length - 1].end + 1);
  return queryFromTokens(tokens, text);
}

/** One expression. */
export function parseExpressionTextSync(text: string): Expr {
  const tokens = tokenizeText(text);
  if (tokens.length === 0) throw syntaxErrorEnd(text.length + 1);
  return expressionsFromTokens([tokens], text)[0];
}

export async function parseStatements(text: string, caseSensitive = false): Promise<Statement[]> {
  await warmLibpg();
  return parseStatementsSync(text, caseSensitive);
}
