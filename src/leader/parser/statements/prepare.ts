/**
 * PREPARE, EXECUTE, DEALLOCATE, EXPLAIN, CANCEL.
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import type { Statement, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import type { Token } from '../lexer.ts';
import { refusedWith } from '../grammar/commands.ts';
import { expressionsFrom } from '../grammar/expression.ts';
import { typeName } from './type.ts';

/** What may stand inside: the words it begins with, and the kinds it may be. */
interface Inner {
  readonly words: readonly string[];
  readonly kinds: readonly string[];
}

/** Parses the statement that stands inside another one. */
export type ParseInner = (tokens: readonly Token[]) => Statement;

const PREPARABLE: Inner = {
  words: ['select', 'with', 'insert', 'update', 'delete'],
  kinds: ['query', 'insert', 'update', 'delete'],
};
const EXPLAINABLE: Inner = {
  words: [...PREPARABLE.words, 'create'],
  kinds: [...PREPARABLE.kinds, 'create-table-as'],
};

/** What CREATE makes: behind it and the words that may stand between. */
function createdWord(c: Cursor): Token | undefined {
  let at = 1;
  while (['temp', 'temporary', 'local'].includes(c.peek(at)?.value ?? '')) at++;
  return c.peek(at);
}
function inner(c: Cursor, parse: ParseInner, { words, kinds }: Inner): Statement {
  const first = c.peek();
  if (!c.at('(') && !c.atAny(words)) throw c.fail();
  const created = c.atAny(['create']) ? createdWord(c) : undefined;
  if (created !== undefined && created.value !== 'table') throw c.fail(created);
  const statement = parse(c.rest());
  // A table of no query ends where its AS should stand.
  if (statement.kind === 'create-table') throw c.fail();
  if (!kinds.includes(statement.kind)) throw c.fail(first);
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

/** Tokens of one argument. */
function operand(c: Cursor): Token[] {
  const tokens = c.takeUntil(() => false);
  if (tokens.length === 0) throw c.fail();
  return tokens;
}

/** The cursor stands behind EXECUTE. */
export function execute(c: Cursor): StatementBody {
  const name = c.name();
  const args: Token[][] = [];
  if (c.acceptSymbol('(') && !c.acceptSymbol(')')) {
    c.list(() => args.push(operand(c)));
    c.expectSymbol(')');
  }
  c.expectEnd();
  return { kind: 'execute', name, args: args.length === 0 ? [] : expressionsFrom(c, args) };
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
  if (c.at('(') && !['select', '(', 'with'].includes(c.peek(1)?.value ?? '')) {
    c.index += 1;
    throw c.fail();
  }
  const analyze = c.accept('analyze') || c.accept('analyse');
  const verbose = c.accept('verbose');
  const statement = inner(c, parse, EXPLAINABLE);
  if (analyze) return refusedWith('EXPLAIN ANALYZE', featureNotSupported('EXPLAIN ANALYZE is not supported'));
  return { kind: 'explain', verbose, statement };
}

/** The cursor stands behind CANCEL. */
export function cancel(c: Cursor): StatementBody {
  const pid = c.integer();
  const message = c.done ? undefined : c.string();
  c.expectEnd();
  return { kind: 'cancel', pid, ...(message === undefined ? {} : { message }) };
}
