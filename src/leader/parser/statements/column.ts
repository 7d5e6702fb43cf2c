/**
 * Column definitions and table constraints of CREATE TABLE and ALTER TABLE ADD. Attributes may stand in any order.
 */
import { grammarError, redundantOptions } from '../../../common/errors/catalogue.ts';
import type { ColumnDef, Expr, TableConstraint } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import type { Token } from '../lexer.ts';
import { expressionFrom } from '../grammar/expression.ts';
import { typeName } from './type.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const DEFAULT_ENDS = new Set([
  'not',
  'null',
  'encode',
  'distkey',
  'sortkey',
  'primary',
  'unique',
  'references',
  'identity',
  'generated',
  'collate',
  'check',
  'constraint',
  'default',
]);

/** Source text from the first to the last of some tokens. */
export const sourceOf = (c: Cursor, tokens: readonly Token[]): string =>
  c.text.slice(tokens[0].start, tokens[tokens.length - 1].end);

function identity(c: Cursor, byDefault: boolean): NonNullable<ColumnDef['identity']> {
  if (!c.at('(')) return { seed: 1n, step: 1n, byDefault };
  c.expectSymbol('(');
  const [seed, step] = [c.bigInteger(), (c.expectSymbol(','), c.bigInteger())];
  c.expectSymbol(')');
  return { seed, step, byDefault };
}

export function references(c: Cursor): NonNullable<TableConstraint['references']> {
  const table = c.qualified();
  return { table, columns: c.at('(') ? c.nameList() : [] };
}

function defaultValue(c: Cursor): { readonly default: Expr; readonly defaultText: string } {
  if (!c.atAny(['not', 'null']) && c.atAny([...DEFAULT_ENDS])) throw c.fail();
  const tokens = c.takeUntil((token, taken) => taken > 0 && token.kind === 'word' && DEFAULT_ENDS.has(token.value));
  if (tokens.length === 0) throw c.fail();
  return { default: expressionFrom(c, tokens), defaultText: sourceOf(c, tokens) };
}

function collation(c: Cursor): NonNullable<ColumnDef['collation']> {
  const { pos } = c;
  c.expect('collate');
  const name = c.name();
  if (name === 'case_sensitive' || name === 'cs') return 'case_sensitive';
  if (name === 'case_insensitive' || name === 'ci') return 'case_insensitive';
  throw grammarError(`collation "${name}" does not exist`, pos + 1);
}

/** CONSTRAINT name and the key behind it; what has no name in the catalog takes none. */
function namedKey(c: Cursor, column: Writable<ColumnDef>): void {
  const { pos } = c;
  const name = c.name();
  const kind = c.atWords('primary') ? 'primary' : c.atWords('unique') ? 'unique' : 'foreign';
  if (kind === 'foreign' && !c.atWords('references')) {
    if (!c.atAny(['not', 'null', 'default', 'check'])) throw c.fail();
    c.lacks('CONSTRAINT names are supported for PRIMARY KEY, UNIQUE and REFERENCES only', pos);
    attribute(c, column);
    return;
  }
  attribute(c, column);
  column.constraintNames = { ...column.constraintNames, [kind]: name };
}

/** CHECK (expression), which Redshift has not. */
function check(c: Cursor): void {
  const { pos } = c;
  c.expect('check');
  c.expectSymbol('(');
  expressionFrom(
    c,
    c.takeUntil(() => false),
  );
  c.expectSymbol(')');
  c.lacks('CHECK constraints are not supported', pos);
}

/** What a column has one of at most. */
const SINGLE = ['encode', 'default', 'identity', 'references'] as const;

const KEYS = [
  ['distkey', 'distkey'],
  ['sortkey', 'sortkey'],
  ['primary', 'primaryKey'],
] as const;

/** One attribute; false when the next token starts none. */
function attribute(c: Cursor, column: Writable<ColumnDef>): boolean {
  const again = SINGLE.find((name) => c.atWords(name) && column[name] !== undefined);
  const collated = c.atWords('collate') && column.collation !== undefined;
  const key = KEYS.find(([word, name]) => c.atWords(word) && column[name]);
  if (again !== undefined || collated || key !== undefined) throw redundantOptions(c.pos + 1);
  if (c.accept('not')) {
    c.expect('null');
    column.notNull = true;
  } else if (c.accept('null')) column.nullable = true;
  else if (c.accept('default')) Object.assign(column, defaultValue(c));
  else if (c.accept('identity')) column.identity = identity(c, false);
  else if (c.accept('generated')) {
    c.expect('by', 'default', 'as', 'identity');
    column.identity = identity(c, true);
  } else if (c.accept('encode')) column.encode = c.word();
  else if (c.accept('distkey')) column.distkey = true;
  else if (c.accept('sortkey')) column.sortkey = true;
  else if (c.accept('primary')) {
    c.expect('key');
    column.primaryKey = true;
  } else if (c.accept('unique')) column.unique = true;
  else if (c.accept('references')) column.references = references(c);
  else if (c.atWords('collate')) column.collation = collation(c);
  else if (c.atWords('check')) check(c);
  else if (c.accept('constraint')) namedKey(c, column);
  else return false;
  return true;
}

export function columnDef(c: Cursor): ColumnDef {
  const { pos } = c;
  const column: Writable<ColumnDef> = {
    name: c.name(),
    type: typeName(c),
    notNull: false,
    nullable: false,
    distkey: false,
    sortkey: false,
    primaryKey: false,
    unique: false,
    pos,
  };
  while (attribute(c, column));
  if (column.notNull && column.nullable) {
    throw grammarError(`conflicting NULL/NOT NULL declarations for column "${column.name}"`, pos + 1);
  }
  return column;
}

/** A table constraint, 'none' for one that is refused at the statement's end, undefined when the next tokens are a column. */
export function tableConstraint(c: Cursor): TableConstraint | 'none' | undefined {
  const { pos } = c;
  const name = c.atWords('constraint') && c.accept('constraint') ? c.name() : undefined;
  const named = name === undefined ? {} : { name };
  if (c.accept('primary', 'key')) return { kind: 'primary', ...named, columns: c.nameList(), pos };
  if (c.atWords('unique') && c.accept('unique')) return { kind: 'unique', ...named, columns: c.nameList(), pos };
  if (c.accept('foreign', 'key')) {
    const columns = c.nameList();
    c.expect('references');
    return { kind: 'foreign', ...named, columns, references: references(c), pos };
  }
  if (c.atWords('check')) {
    check(c);
    return 'none';
  }
  if (name !== undefined) throw c.fail();
  return undefined;
}
