/**
 * Stored procedures and functions of users: CREATE [OR REPLACE] PROCEDURE and FUNCTION, ALTER, DROP, CALL and SHOW
 * PROCEDURE. Bodies are texts here; what is in them is read by leader/procedures and by the analyser.
 */
import { grammarError, syntaxErrorEnd } from '../../../common/errors/catalogue.ts';
import { pythonEnded } from '../../../common/errors/routine-errors.ts';
import type { Expr, QualifiedName, StatementBody, TypeRef } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { refusedWith } from '../grammar/commands.ts';
import { expressionsFromTokens } from '../postgres-ast.ts';
import { cascadeWord } from './alter-table.ts';
import { typeName } from './type.ts';

export interface RoutineParameter {
  readonly name?: string;
  readonly mode: 'in' | 'out' | 'inout';
  readonly type: TypeRef;
}
/** Whose routine it is: the signature, when one was given. */
export interface RoutineReference {
  readonly kind: 'procedure' | 'function';
  readonly name: QualifiedName;
  /** Types of the arguments that a call gives; undefined: the only one of that name. */
  readonly types?: readonly TypeRef[];
}

const MODES = ['in', 'out', 'inout'] as const;
type Mode = (typeof MODES)[number];

function mode(c: Cursor): Mode | undefined {
  if (!c.atAny(MODES)) return undefined;
  const word = c.word() as Mode;
  return word === 'in' && c.accept('out') ? 'inout' : word;
}

/** A type stands here and then the parameter ends. */
function typeAlone(c: Cursor): TypeRef | undefined {
  const start = c.index;
  try {
    const type = typeName(c);
    if (c.at(',') || c.at(')')) return type;
  } catch {
    // It begins with a name.
  }
  c.index = start;
  return undefined;
}

function parameter(c: Cursor): RoutineParameter {
  const first = mode(c);
  const alone = typeAlone(c);
  if (alone !== undefined) return { mode: first ?? 'in', type: alone };
  const name = c.name();
  const second = first === undefined ? mode(c) : undefined;
  return { name, mode: first ?? second ?? 'in', type: typeName(c) };
}

export function parameters(c: Cursor): readonly RoutineParameter[] {
  c.expectSymbol('(');
  if (c.acceptSymbol(')')) return [];
  const found = c.list(() => parameter(c));
  c.expectSymbol(')');
  return found;
}
const inputTypes = (given: readonly RoutineParameter[]): readonly TypeRef[] =>
  given.filter((p) => p.mode !== 'out').map((p) => p.type);

interface Clauses {
  body?: { readonly text: string; readonly pos: number };
  language?: string;
  nonatomic?: boolean;
  definer?: boolean;
  volatility?: 'immutable' | 'stable' | 'volatile';
  readonly settings: { readonly name: string; readonly value: string }[];
}

function setting(c: Cursor): Clauses['settings'][number] {
  const name = c.accept('time', 'zone') ? 'timezone' : c.word();
  if (!c.accept('to')) c.expectSymbol('=');
  const values = c.list(() => {
    const token = c.next();
    if (token.kind === 'punct' || token.kind === 'op') throw c.fail(token);
    return token.value;
  });
  return { name, value: values.join(', ') };
}

function clause(c: Cursor, found: Clauses): boolean {
  const once = <K extends keyof Clauses>(key: K): void => {
    if (found[key] !== undefined) throw grammarError('conflicting or redundant options', c.pos + 1);
  };
  if (c.accept('as')) {
    once('body');
    const { pos } = c;
    found.body = { text: c.string(), pos };
  } else if (c.accept('language')) {
    once('language');
    found.language = c.peek()?.kind === 'string' ? c.string().toLowerCase() : c.word();
  } else if (c.accept('nonatomic')) {
    once('nonatomic');
    found.nonatomic = true;
  } else if (c.accept('security')) {
    once('definer');
    found.definer = c.oneOf('invoker', 'definer') === 'definer';
  } else if (c.accept('set')) found.settings.push(setting(c));
  else if (c.atAny(['immutable', 'stable', 'volatile'])) {
    once('volatility');
    found.volatility = c.word() as 'immutable';
  } else return false;
  return true;
}
function clauses(c: Cursor, words: readonly string[]): Clauses {
  const found: Clauses = { settings: [] };
  while (!c.done) {
    if (!c.atAny(words) || !clause(c, found)) throw c.fail();
  }
  return found;
}

/** The cursor stands behind PROCEDURE. */
export function createProcedure(c: Cursor, replace: boolean): StatementBody {
  const name = c.qualified();
  const given = parameters(c);
  const { body, language, ...rest } = clauses(c, ['as', 'language', 'nonatomic', 'security', 'set']);
  if (body === undefined) throw syntaxErrorEnd(c.endPos + 1);
  if (language === undefined) throw grammarError('no language specified');
  if (language !== 'plpgsql') throw grammarError(`language "${language}" does not exist`);
  return { kind: 'create-procedure', name, replace, parameters: given, body, ...rest };
}

/** The cursor stands behind FUNCTION. */
export function createFunction(c: Cursor, replace: boolean): StatementBody {
  const name = c.qualified();
  const given = parameters(c);
  c.expect('returns');
  const returns = typeName(c);
  const { body, language, volatility } = clauses(c, ['as', 'language', 'immutable', 'stable', 'volatile']);
  if (body === undefined || volatility === undefined) throw syntaxErrorEnd(c.endPos + 1);
  if (language === undefined) throw grammarError('no language specified');
  if (language === 'plpythonu') return refusedWith('CREATE FUNCTION', pythonEnded());
  if (language !== 'sql') throw grammarError(`language "${language}" does not exist`);
  return { kind: 'create-function', name, replace, parameters: given, returns, volatility, body };
}

function reference(c: Cursor, kind: 'procedure' | 'function', mayLack: boolean): RoutineReference {
  const name = c.qualified();
  if (mayLack && !c.at('(')) return { kind, name };
  return { kind, name, types: inputTypes(parameters(c)) };
}

/** The cursor stands behind ALTER PROCEDURE or FUNCTION. */
export function alterRoutine(c: Cursor, kind: 'procedure' | 'function'): StatementBody {
  const routine = reference(c, kind, kind === 'procedure');
  if (c.accept('rename', 'to')) return { kind: 'alter-routine', routine, action: { kind: 'rename', to: c.name() } };
  c.expect('owner', 'to');
  const to = c.name();
  return { kind: 'alter-routine', routine, action: { kind: 'owner', to } };
}

/** The cursor stands behind DROP PROCEDURE or FUNCTION. */
export function dropRoutine(c: Cursor, kind: 'procedure' | 'function'): StatementBody {
  const routine = reference(c, kind, false);
  return { kind: 'drop-routine', routine, cascade: kind === 'function' && cascadeWord(c) };
}

/** The cursor stands behind SHOW PROCEDURE. */
export function showProcedure(c: Cursor): StatementBody {
  const routine = reference(c, 'procedure', true);
  c.expectEnd();
  return { kind: 'show-procedure', routine };
}

/** The cursor stands behind CALL. */
export function call(c: Cursor): StatementBody {
  const name = c.qualified();
  c.expectSymbol('(');
  const tokens = c.at(')') ? [] : c.list(() => c.takeUntil(() => false));
  if (tokens.some((argument) => argument.length === 0)) throw c.fail();
  c.expectSymbol(')');
  c.expectEnd();
  const args: readonly Expr[] = tokens.length === 0 ? [] : expressionsFromTokens(tokens, c.text);
  return { kind: 'call', name, args };
}
