/**
 * What only the leader node can do beside what compute nodes do: Redshift refuses the mixture, with an INFO message for
 * every function and column that is in the way. Compute nodes work where a statement reads user tables or the system tables
 * and views that lie there (STL, STV, SVL, SVV, SYS ...), and where it writes rows: INSERT, CREATE TABLE AS, SELECT INTO, UNLOAD.
 * Catalogs (PG_ ...) may be read there too, but for columns of types that compute nodes have not, and for views that call
 * functions of the leader node. Functions that Redshift takes beside tables (besideTables) do not count.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import { leaderCollation } from '../../common/errors/collation-errors.ts';
import { computeOnlyOnCatalogs, leaderOnlyOnTables, patternOfRows } from '../../common/errors/node-errors.ts';
import type { Notice, SqlError } from '../../common/errors/sql-error.ts';
import type { ColumnRef, Rel } from '../../expressions/relation.ts';
import { visitRel } from '../../expressions/rel-walk.ts';
import { formatType, type SqlType, type TypeName } from '../../types/sql-type.ts';
import type { AnalyserState, SystemViewInfo } from './context.ts';

const LEADER_TYPES: ReadonlySet<TypeName> = new Set<TypeName>([
  'abstime',
  'aclitem',
  'int2vector',
  'oidvector',
  'regclass',
  'regproc',
  'regprocedure',
  'regtype',
]);
const isLeaderType = ({ name }: SqlType): boolean => LEADER_TYPES.has(name) || name.startsWith('_');

const functionText = (signature: string): string => `Function "${signature}" not supported.`;
const info = (message: string): Notice => ({ severity: 'INFO', sqlstate: '00000', message });

/** A function as the messages name it: f(integer,name). */
export const signatureOf = (name: string, args: readonly SqlType[]): string =>
  `${name}(${args.map(formatType).join(',')})`;

/** Functions of the leader node where tables are read. */
export const functionsRefused = (...signatures: readonly string[]): SqlError => refused(signatures.map(functionText));

function refused(messages: readonly string[]): SqlError {
  const error = leaderOnlyOnTables();
  error.notices = messages.map(info);
  return error;
}

/** Notes where a system table or view lies (nowhere: either node has it), and which of its columns only the leader node can give. */
export function noteSystemView(
  { usage }: AnalyserState,
  view: SystemViewInfo,
  alias: string,
  columns: readonly ColumnRef[],
): void {
  if (view.onSlices !== false) {
    if (view.onSlices === true) usage.onSlices = true;
    return;
  }
  usage.readsCatalog = true;
  for (const f of view.functions ?? []) usage.leaderFunctions.add(f);
  for (const c of columns) {
    const made = view.columnFunctions?.[c.name];
    if (made !== undefined) usage.leaderColumns.set(c.id, functionText(made));
    else if (isLeaderType(c.type))
      usage.leaderColumns.set(c.id, `Column "${alias}.${c.name}" has unsupported type "${formatType(c.type)}".`);
  }
}

/**
 * What is in the way of compute nodes, when they have to do with the statement; what only they can do, when catalogs are all
 * that it reads. Without any table either node answers.
 */
export function refuseLeaderOnly({ usage }: AnalyserState, ...rels: readonly Rel[]): void {
  if (!usage.onSlices) {
    if (usage.foldsCase) throw leaderCollation();
    if (usage.readsCatalog && usage.needsComputeNode) throw computeOnlyOnCatalogs();
    return;
  }
  if (usage.patternOfRows !== undefined) throw patternOfRows(usage.patternOfRows);
  if (usage.monthsOfRows !== undefined)
    throw featureNotSupported('Interval values with month or year parts are not supported', usage.monthsOfRows);
  const messages = [...usage.leaderFunctions].map(functionText);
  const { leaderColumns } = usage;
  const read = new Set<string>();
  for (const rel of leaderColumns.size === 0 ? [] : rels)
    visitRel(rel, (e) => {
      const message = e.kind === 'column' || e.kind === 'outer' ? leaderColumns.get(e.id) : undefined;
      if (message !== undefined) read.add(message);
    });
  messages.push(...read);
  if (messages.length > 0) throw refused(messages);
}
