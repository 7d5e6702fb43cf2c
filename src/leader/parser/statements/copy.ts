/**
 * COPY table [(columns)] FROM 'source' options. COPY FROM STDIN and COPY TO must fail as SQL errors, without the session
 * entering copy mode: they come out as 'unsupported'.
 */
import { copySourceNotSupported, featureNotSupported } from '../../../common/errors/catalogue.ts';
import type { StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { commandOptions } from './command-options.ts';
import { unsupportedWith } from './unsupported.ts';

/** The cursor stands behind COPY. */
export function copy(c: Cursor): StatementBody {
  if (c.atWords('job') && c.peek(1)?.kind === 'word')
    throw featureNotSupported('COPY JOB is not supported', c.pos + 1);
  if (c.at('(')) return unsupportedWith('COPY', copySourceNotSupported());
  const table = c.qualified();
  const columns = c.at('(') ? c.nameList() : [];
  if (c.atWords('to')) return unsupportedWith('COPY', copySourceNotSupported());
  c.expect('from');
  if (c.atAny(['stdin', 'stdout', 'program'])) return unsupportedWith('COPY', copySourceNotSupported());
  const source = c.string();
  return { kind: 'copy', table, columns, source, options: commandOptions(c) };
}
