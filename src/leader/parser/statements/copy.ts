/**
 * COPY table [(columns)] FROM 'source' options. COPY FROM STDIN and COPY TO must fail as SQL errors, without the session
 * entering copy mode: they come out as 'unsupported'.
 */
import { copySourceNotSupported, redundantOptions } from '../../../common/errors/catalogue.ts';
import type { CopyBody, StatementBody } from '../ast.ts';
import type { Cursor } from '../cursor.ts';
import { refusedWith } from '../grammar/commands.ts';
import { matchRest } from '../grammar/match.ts';
import { commandOptions } from './command-options.ts';

/** COPY of Postgres, with the client or a program at the other end. */
function fromClient(c: Cursor, syntax: string): StatementBody {
  matchRest(c, `${syntax} {STDIN | STDOUT | PROGRAM string | string} [rest]`);
  return refusedWith('COPY', copySourceNotSupported());
}

/** COPY JOB, behind these two words. */
function copyJob(c: Cursor): StatementBody {
  const action = c.oneOf('run', 'drop', 'show', 'list', 'alter') as 'run' | 'drop' | 'show' | 'list' | 'alter';
  if (action === 'list') return { kind: 'copy-job', action };
  const name = c.name();
  if (action !== 'alter' || !c.accept('auto')) return { kind: 'copy-job', action, name };
  return { kind: 'copy-job', action, name, auto: c.oneOf('on', 'off') === 'on' };
}

/** COPY ... JOB CREATE: the job, and the COPY without what makes it one. */
function createCopyJob(c: Cursor, from: number, { options, ...copy }: CopyBody): StatementBody {
  const own = (name: string): boolean => name === 'JOB CREATE' || name === 'AUTO';
  const [job, ...again] = options.filter((o) => o.name === 'JOB CREATE');
  const [auto, ...more] = options.filter((o) => o.name === 'AUTO');
  const twice = again[0] ?? more[0];
  if (twice !== undefined) throw redundantOptions(twice.pos + 1);
  const pieces = options.map((o, i) => ({ ...o, text: c.text.slice(o.pos, options[i + 1]?.pos ?? c.endPos) }));
  const head = c.text.slice(from, options[0]!.pos);
  const rest = pieces.filter((p) => !own(p.name)).map((p) => p.text);
  return {
    kind: 'create-copy-job',
    name: String(job!.args[0]),
    auto: auto?.args[0] !== false,
    copy: { ...copy, options: options.filter((o) => !own(o.name)) },
    copyText: `copy ${head}${rest.join('')}`.trim(),
    pos: job!.pos,
  };
}

/** The cursor stands behind COPY. */
export function copy(c: Cursor): StatementBody {
  if (c.atWords('job') && c.peek(1)?.kind === 'word' && c.peek(1)?.value !== 'from') {
    c.next();
    return copyJob(c);
  }
  const { pos } = c;
  if (c.at('(')) return fromClient(c, '( query ) TO');
  const table = c.qualified();
  const columns = c.at('(') ? c.nameList() : [];
  if (c.atWords('to')) return fromClient(c, 'TO');
  c.expect('from');
  if (c.atAny(['stdin', 'stdout', 'program'])) return fromClient(c, '');
  const source = c.string();
  const options = commandOptions(c);
  const body: CopyBody = { kind: 'copy', table, columns, source, options };
  return options.some((o) => o.name === 'JOB CREATE') ? createCopyJob(c, pos, body) : body;
}
