/**
 * Commands that are parsed to be refused, found by the words they begin with: those of Postgres in Redshift's words, those
 * Slicehouse lacks with 0A000 and the command's name. They come out as statements, so that the ones before them in the same
 * string still run.
 */
import { commandNotSupported, featureNotSupported } from '../../../common/errors/catalogue.ts';
import { pythonEnded } from '../../../common/errors/routine-errors.ts';
import type { SqlError } from '../../../common/errors/sql-error.ts';
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { matchRest } from './match.ts';
import { MISSING_COMMANDS } from './missing-commands.ts';
import { POSTGRES_COMMANDS } from './postgres-commands.ts';

interface Command {
  /** The words it begins with. */
  readonly words: readonly string[];
  readonly syntax: string;
  readonly postgres: boolean;
}

/** What one word leads to. */
interface Branch {
  command?: Command;
  readonly next: Map<string, Branch>;
}

const LEADING_WORDS = /^[A-Z][A-Z_ ]*(?= |$)/;

/** A command is known by the words before its first rule. */
function command(syntax: string, postgres: boolean): Command {
  const words = (LEADING_WORDS.exec(syntax)?.[0] ?? '').trim().toLowerCase().split(' ');
  return { words, syntax, postgres };
}

function branches(commands: readonly Command[]): Branch {
  const root: Branch = { next: new Map() };
  for (const entry of commands) {
    let at = root;
    for (const word of entry.words) {
      const below: Branch = at.next.get(word) ?? { next: new Map() };
      at.next.set(word, below);
      at = below;
    }
    at.command = entry;
  }
  return root;
}

const ROOT = branches([
  ...POSTGRES_COMMANDS.map((syntax) => command(syntax, true)),
  ...MISSING_COMMANDS.map((syntax) => command(syntax, false)),
]);

/** A statement that reports `error`. */
export function refusedWith(name: string, error: SqlError): StatementBody {
  return { kind: 'unsupported', command: name, sqlstate: error.sqlstate, message: error.message };
}

/** The whole statement refused in Redshift's words, once `syntax` has taken what is left of it. */
export function refusedByRedshift(c: Cursor, syntax: string): StatementBody {
  matchRest(c, syntax);
  const source = c.text.slice(c.tokens[0].start, c.tokens[c.tokens.length - 1].end);
  return refusedWith(c.tokens[0].value.toUpperCase(), commandNotSupported(source));
}

/** Redshift itself has them no more. */
const OF_PYTHON: ReadonlySet<string> = new Set(['CREATE LIBRARY', 'DROP LIBRARY']);

/** A gap: `name` is refused with 0A000, once `syntax` has taken what is left of the statement. */
export function missing(c: Cursor, name: string, syntax: string): StatementBody {
  matchRest(c, syntax);
  return refusedWith(name, OF_PYTHON.has(name) ? pythonEnded() : featureNotSupported(`${name} is not supported`));
}

/** Refuses the statement that the cursor stands at the start of; undefined when it is none of these commands. */
export function refusedCommand(c: Cursor): StatementBody | undefined {
  const replace = c.atWords('create', 'or', 'replace');
  let branch: Branch | undefined = ROOT;
  let ahead = 0;
  while (branch?.command === undefined) {
    const token = c.peek(ahead);
    const below: Branch | undefined = token?.kind === 'word' ? branch?.next.get(token.value) : undefined;
    if (below === undefined) {
      // Of CREATE, ALTER, DROP, SHOW and RESET there are more than these.
      if (ahead < (replace ? 4 : 2) && (ahead === 0 || isShared(c))) return undefined;
      c.index += ahead;
      throw c.fail();
    }
    branch = below;
    ahead += replace && ahead === 0 ? 3 : 1;
  }
  const { words, syntax, postgres } = branch.command;
  if (replace && !REPLACEABLE.has(words.slice(1).join(' '))) throw c.fail(c.peek(3));
  c.index += ahead;
  const rest = syntax.slice(words.join(' ').length);
  return postgres ? refusedByRedshift(c, rest) : missing(c, words.join(' ').replace(TAIL, '').toUpperCase(), rest);
}

/** Words that lead to an object and name no command. */
const TAIL = / (into|set|of|on table|from table|from schema)$/;
const SHARED = ['create', 'alter', 'drop', 'show', 'reset', 'desc'];
const isShared = (c: Cursor): boolean => c.atAny(SHARED);
const REPLACEABLE = new Set(['external function', 'external view', 'protected external view', 'library', 'template']);
