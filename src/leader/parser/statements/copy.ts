/**
 * COPY table [(columns)] FROM 'source' options. COPY FROM STDIN and COPY TO must fail as SQL errors, without the session
 * entering copy mode: they come out as 'unsupported'.
 */
import { copySourceNotSupported } from '../../../common/errors/catalogue.ts';
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { missing, refusedWith } from '../grammar/commands.ts';
import { matchRest } from '../grammar/match.ts';
import { COPY_JOB } from '../grammar/missing-commands.ts';
import { commandOptions } from './command-options.ts';

/** COPY of Postgres, with the client or a program at the other end. */
function fromClient(c: Cursor, syntax: string): StatementBody {
  matchRest(c, `${syntax} {STDIN | STDOUT | PROGRAM string | string} [rest]`);
  return refusedWith('COPY', copySourceNotSupported());
}

/** The cursor stands behind COPY. */
export function copy(c: Cursor): StatementBody {
  if (c.atWords('job') && c.peek(1)?.kind === 'word' && c.peek(1)?.value !== 'from') {
    c.next();
    return missing(c, 'COPY JOB', COPY_JOB);
  }
  if (c.at('(')) return fromClient(c, '( query ) TO');
  const table = c.qualified();
  const columns = c.at('(') ? c.nameList() : [];
  if (c.atWords('to')) return fromClient(c, 'TO');
  c.expect('from');
  if (c.atAny(['stdin', 'stdout', 'program'])) return fromClient(c, '');
  const source = c.string();
  return { kind: 'copy', table, columns, source, options: commandOptions(c) };
}
