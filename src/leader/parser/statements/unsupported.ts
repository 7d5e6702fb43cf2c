/**
 * Commands that are recognised and refused: by Redshift (savepoints, indexes, LISTEN ..) with its own wording, or by
 * Slicehouse because it has no such feature. They parse, so that statements before them in the same string still run.
 */
import { commandNotSupported, featureNotSupported } from '../../../common/errors/catalogue.ts';
import type { SqlError } from '../../../common/errors/sql-error.ts';
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';

/** Commands of Postgres that Redshift refuses. */
const REFUSED_BY_REDSHIFT: readonly (readonly string[])[] = [
  ['savepoint'],
  ['release'],
  ['listen'],
  ['notify'],
  ['unlisten'],
  ['cluster'],
  ['reindex'],
  ['load'],
  ['do'],
  ['move'],
  ['checkpoint'],
  ['create', 'index'],
  ['create', 'unique'],
  ['create', 'trigger'],
  ['create', 'sequence'],
  ['create', 'domain'],
  ['create', 'type'],
  ['create', 'rule'],
  ['create', 'cast'],
  ['create', 'operator'],
  ['create', 'aggregate'],
  ['create', 'conversion'],
  ['create', 'tablespace'],
  ['create', 'extension'],
  ['create', 'temp', 'sequence'],
  ['create', 'temporary', 'sequence'],
  ['drop', 'index'],
  ['drop', 'trigger'],
  ['drop', 'sequence'],
  ['drop', 'domain'],
  ['drop', 'type'],
  ['drop', 'rule'],
  ['drop', 'cast'],
  ['drop', 'operator'],
  ['drop', 'aggregate'],
  ['drop', 'conversion'],
  ['drop', 'tablespace'],
  ['drop', 'extension'],
  ['drop', 'owned'],
  ['alter', 'index'],
  ['alter', 'sequence'],
  ['alter', 'domain'],
  ['alter', 'type'],
  ['alter', 'extension'],
  ['reassign'],
  ['security'],
];

/** Commands of Redshift that Slicehouse does not have. */
const NOT_HERE: readonly (readonly string[])[] = [
  ['call'],
  ['merge'],
  ['attach'],
  ['detach'],
  ['desc'],
  ...[
    'or',
    'function',
    'procedure',
    'external',
    'datashare',
    'role',
    'model',
    'library',
    'masking',
    'rls',
    'identity',
    'template',
  ].map((word) => ['create', word]),
  ...[
    'function',
    'procedure',
    'external',
    'datashare',
    'role',
    'model',
    'library',
    'masking',
    'rls',
    'identity',
    'template',
  ].map((word) => ['drop', word]),
  ...[
    'function',
    'procedure',
    'external',
    'datashare',
    'role',
    'model',
    'masking',
    'rls',
    'identity',
    'template',
    'default',
    'materialized',
    'system',
  ].map((word) => ['alter', word]),
];

/** An 'unsupported' statement that reports `error`. */
export function unsupportedWith(command: string, error: SqlError): StatementBody {
  return { kind: 'unsupported', command, sqlstate: error.sqlstate, message: error.message };
}

const sourceText = (c: Cursor): string => c.text.slice(c.tokens[0].start, c.tokens[c.tokens.length - 1].end);

/** The whole statement refused in Redshift's words. */
export function unsupportedCommand(c: Cursor): StatementBody {
  return unsupportedWith(c.tokens[0].value.toUpperCase(), commandNotSupported(sourceText(c)));
}

/** Refuses the statement the cursor stands at the start of; undefined when it is not in the lists. */
export function unsupported(c: Cursor): StatementBody | undefined {
  if (REFUSED_BY_REDSHIFT.some((words) => c.atWords(...words))) return unsupportedCommand(c);
  const words = NOT_HERE.find((candidate) => c.atWords(...candidate));
  if (words === undefined) return undefined;
  const named = words[1] === 'or' ? ['create', c.peek(3)?.value ?? 'or replace'] : words;
  const command = named.join(' ').toUpperCase();
  return unsupportedWith(command, featureNotSupported(`${command} is not supported`));
}
