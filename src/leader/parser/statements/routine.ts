/**
 * Stored procedures and functions of users: CREATE [OR REPLACE] PROCEDURE and FUNCTION, ALTER, DROP, CALL and SHOW
 * PROCEDURE. Bodies are texts here; what is in them is read by leader/procedures and by the analyser.
 */
import { grammarError, syntaxErrorEnd } from '../../../common/errors/catalogue.ts';
import { pythonEnded } from '../../../common/errors/routine-errors.ts';
import type { QualifiedName, StatementBody, TypeRef } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { refusedWith } from '../grammar/commands.ts';
import { expressionsFrom, takeOperand } from '../grammar/expression.ts';
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

const VOLATILITIES = ['immutable', 'stable', 'volatile'];
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

function clause(c: Cursor, found: Clauses, languages: readonly string[]): boolean {
  const once = <K extends keyof Clauses>(key: K): void => {
    if (found[key] !== undefined) throw grammarError('conflicting or redundant options', c.pos + 1);
  };
  if (c.accept('as')) {
    once('body');
    const { pos } = c;
    found.body = { text: c.string(), pos };
  } else if (c.accept('language')) {
    once('language');
    const token = c.peek();
    found.language = token?.kind === 'string' ? c.string().toLowerCase() : c.word();
    if (!languages.includes(found.language))
      throw grammarError(`language "${found.language}" does not exist`, token!.start + 1);
  } else if (c.accept('nonatomic')) {
    once('nonatomic');
    found.nonatomic = true;
  } else if (c.accept('security')) {
    once('definer');
    found.definer = c.oneOf('invoker', 'definer') === 'definer';
  } else if (c.accept('set')) found.settings.push(setting(c));
  else if (c.atAny(VOLATILITIES)) {
    once('volatility');
    found.volatility = c.word() as 'immutable';
  } else return false;
  return true;
}
function clauses(c: Cursor, words: readonly string[], languages: readonly string[]): Clauses {
  const found: Clauses = { settings: [] };
  while (!c.done) {
    if (!c.atAny(words) || !clause(c, found, languages)) throw c.fail();
  }
  if (found.body === undefined || found.language === undefined) throw syntaxErrorEnd(c.endPos + 1);
  return found;
}

/** The cursor stands behind PROCEDURE. */
export function createProcedure(c: Cursor, replace: boolean): StatementBody {
  const name = c.qualified();
  const given = parameters(c);
  const { body, language: _, ...rest } = clauses(c, ['as', 'language', 'nonatomic', 'security', 'set'], ['plpgsql']);
  return { kind: 'create-procedure', name, replace, parameters: given, body: body!, ...rest };
}

/** The cursor stands behind FUNCTION. */
export function createFunction(c: Cursor, replace: boolean): StatementBody {
  const name = c.qualified();
  const given = parameters(c);
  c.expect('returns');
  const returns = typeName(c);
  // It stands first, as in Redshift's syntax; what else a function has may come in any order.
  if (!c.atAny(VOLATILITIES)) throw c.fail();
  const { body, language, volatility } = clauses(c, ['as', 'language', ...VOLATILITIES], ['sql', 'plpythonu']);
  if (language === 'plpythonu') return refusedWith('CREATE FUNCTION', pythonEnded());
  return { kind: 'create-function', name, replace, parameters: given, returns, volatility: volatility!, body: body! };
}

export function routineReference(c: Cursor, kind: 'procedure' | 'function', mayLack: boolean): RoutineReference {
  const name = c.qualified();
  if (mayLack && !c.at('(')) return { kind, name };
  return { kind, name, types: inputTypes(parameters(c)) };
}

/** The cursor stands behind ALTER PROCEDURE or FUNCTION. */
export function alterRoutine(c: Cursor, kind: 'procedure' | 'function'): StatementBody {
  const routine = routineReference(c, kind, kind === 'procedure');
  if (c.accept('rename', 'to')) return { kind: 'alter-routine', routine, action: { kind: 'rename', to: c.name() } };
  c.expect('owner', 'to');
  const to = c.atAny(['current_user', 'session_user']) ? c.word() : c.name();
  return { kind: 'alter-routine', routine, action: { kind: 'owner', to } };
}

/** The cursor stands behind DROP PROCEDURE or FUNCTION. */
export function dropRoutine(c: Cursor, kind: 'procedure' | 'function'): StatementBody {
  const routine = routineReference(c, kind, false);
  return { kind: 'drop-routine', routine, cascade: kind === 'function' && cascadeWord(c) };
}

/** The cursor stands behind SHOW PROCEDURE. */
export function showProcedure(c: Cursor): StatementBody {
  const routine = routineReference(c, 'procedure', true);
  c.expectEnd();
  return { kind: 'show-procedure', routine };
}

/** The cursor stands behind CALL. */
export function call(c: Cursor): StatementBody {
  const name = c.qualified();
  c.expectSymbol('(');
  const tokens = c.at(')') ? [] : c.list(() => takeOperand(c, []));
  if (tokens.some((argument) => argument.length === 0)) throw c.fail();
  // What is wrong in an argument is told before what is wrong behind it.
  const args = tokens.length === 0 ? [] : expressionsFrom(c, tokens);
  c.expectSymbol(')');
  c.expectEnd();
  return { kind: 'call', name, args };
}
