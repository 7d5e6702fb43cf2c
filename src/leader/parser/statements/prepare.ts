/**
 * PREPARE, EXECUTE, DEALLOCATE, EXPLAIN, CANCEL.
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import type { Statement, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import type { Token } from '../lexer.ts';
import { expressionsFromTokens } from '../postgres-ast.ts';
import { typeName } from './type.ts';

/** Parses the statement that stands inside another one. */
export type ParseInner = (tokens: readonly Token[]) => Statement;

const PREPARABLE = ['query', 'insert', 'update', 'delete'];
const EXPLAINABLE = [...PREPARABLE, 'create-table-as'];

function inner(c: Cursor, parse: ParseInner, allowed: readonly string[]): Statement {
  const first = c.peek();
  const statement = parse(c.rest());
  if (!allowed.includes(statement.kind)) throw c.fail(first);
  return statement;
}

/** The cursor stands behind PREPARE. */
export function prepare(c: Cursor, parse: ParseInner): StatementBody {
  const name = c.name();
  let types: ReturnType<typeof typeName>[] = [];
  if (c.acceptSymbol('(')) {
    types = c.list(() => typeName(c));
    c.expectSymbol(')');
  }
  c.expect('as');
  return { kind: 'prepare', name, types, statement: inner(c, parse, PREPARABLE) };
}

/** The cursor stands behind EXECUTE. */
export function execute(c: Cursor): StatementBody {
  const name = c.name();
  const args: Token[][] = [];
  if (c.acceptSymbol('(') && !c.acceptSymbol(')')) {
    c.list(() => args.push(c.takeUntil(() => false)));
    c.expectSymbol(')');
  }
  c.expectEnd();
  return { kind: 'execute', name, args: args.length === 0 ? [] : expressionsFromTokens(args, c.text) };
}

/** The cursor stands behind DEALLOCATE. */
export function deallocate(c: Cursor): StatementBody {
  if (c.peek(1) !== undefined) c.accept('prepare');
  const name = c.accept('all') ? null : c.name();
  c.expectEnd();
  return { kind: 'deallocate', name };
}

/** The cursor stands behind EXPLAIN. */
export function explain(c: Cursor, parse: ParseInner): StatementBody {
  if (c.atWords('analyze') || c.atWords('analyse') || c.at('(')) {
    const query = c.at('(') && ['select', '(', 'with'].includes(c.peek(1)?.value ?? '');
    if (!query) throw featureNotSupported('EXPLAIN ANALYZE and EXPLAIN options are not supported', c.pos + 1);
  }
  const verbose = c.accept('verbose');
  return { kind: 'explain', verbose, statement: inner(c, parse, EXPLAINABLE) };
}

/** The cursor stands behind CANCEL. */
export function cancel(c: Cursor): StatementBody {
  const pid = c.integer();
  const message = c.done ? undefined : c.string();
  c.expectEnd();
  return { kind: 'cancel', pid, ...(message === undefined ? {} : { message }) };
}
