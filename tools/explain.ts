/**
 * `npm run explain -- "SQL"`: shows what a statement becomes, stage by stage. tokens and ast need nothing; the others run on
 * a throw-away cluster in memory after the set-up script, because names need a catalog. With --url the plan and the trace
 * come from a running server, asked as any client asks it.
 */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { SqlError } from '../src/common/errors/sql-error.ts';
import { startCluster } from '../src/index.ts';
import { parseStatements, tokenize } from '../src/leader/parser/parser.ts';
import { STAGES, type Stage } from '../src/leader/statement/stages.ts';
import { readCommandLine, refuse } from './command-line.ts';

const TOOL = {
  command: 'npm run explain --',
  operands: '"SQL"',
  about:
    'Shows a statement as tokens, ast, bound (names and types resolved), plan, segments (streams, segments, steps), wat (the\n' +
    "segments' WebAssembly) or trace (runs it and shows every step's counters), on a throw-away cluster in memory.",
  options: {
    stage: { value: 'NAME', default: 'plan', doc: STAGES.join(', ') },
    setup: { value: 'FILE', doc: 'SQL to run first: tables, rows, statistics' },
    nodes: { value: 'N', default: '2', doc: 'compute nodes of the cluster' },
    slices: { value: 'N', default: '2', doc: 'slices of each node' },
    url: { value: 'URL', doc: 'ask this running server instead (stages plan and trace)' },
  },
} as const;
const options = readCommandLine(TOOL);
const [sql, ...more] = options.operands;
const stage = options.text('stage') as Stage;
if (sql === undefined || sql.trim() === '') refuse(TOOL, 'which statement?');
if (more.length > 0) refuse(TOOL, 'one statement, in quotes');
if (!STAGES.includes(stage)) refuse(TOOL, `--stage knows ${STAGES.join(', ')}, not ${JSON.stringify(stage)}`);
const url = options.text('url');
const setup = options.text('setup');
if (url !== undefined && setup !== undefined) refuse(TOOL, '--setup is for the throw-away cluster, not for --url');
if (url !== undefined && ['bound', 'segments', 'wat'].includes(stage)) {
  refuse(TOOL, `a server shows its plan and its trace only; for ${stage} give the tables' DDL with --setup`);
}

const show = (value: unknown): string =>
  JSON.stringify(value, (_k, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v), 2);
/** `segment n` lines, each followed by a module in hex, as WebAssembly text. */
async function disassemble(text: string): Promise<string> {
  const { default: wabt } = await import('wabt');
  const tools = await wabt();
  const out: string[] = [];
  for (const [, segment, hex] of text.matchAll(/^segment (\d+)\n([0-9a-f]+)$/gm)) {
    const module = tools.readWasm(new Uint8Array(Buffer.from(hex ?? '', 'hex')), {
      threads: true,
      simd: true,
      bulk_memory: true,
    });
    out.push(`;; segment ${segment}`, module.toText({ foldExprs: false, inlineExport: false }));
    module.destroy();
  }
  return out.join('\n');
}

const TRACE = `select stm, seg, step, label, rows, bytes, maxtime, is_diskbased, is_rrscan
  from svl_query_summary where query = pg_last_query_id() order by stm, seg, step`;
async function askServer(address: string, statement: string): Promise<string> {
  const client = new pg.Client({ connectionString: address, application_name: 'slicehouse-explain' });
  await client.connect();
  try {
    if (stage === 'plan') {
      const { rows } = await client.query<[string]>({ text: `explain ${statement}`, rowMode: 'array' });
      return rows.map(([line]) => line).join('\n');
    }
    await client.query(statement);
    return show((await client.query(TRACE)).rows);
  } finally {
    await client.end();
  }
}
async function askCluster(statement: string): Promise<string> {
  const cluster = await startCluster({ nodes: options.count('nodes', 1), slices: options.count('slices', 1) });
  try {
    const text = await cluster.inspect(setup === undefined ? '' : readFileSync(setup, 'utf8'), statement, stage);
    return stage === 'wat' ? await disassemble(text) : text;
  } finally {
    await cluster.close();
  }
}
async function staged(statement: string): Promise<string> {
  if (stage === 'tokens') return show(tokenize(statement));
  if (stage === 'ast') return show(await parseStatements(statement));
  return url === undefined ? askCluster(statement) : askServer(url, statement);
}

/** An error as psql shows it: SQLSTATE, message, the line with a caret below the place, detail and hint. */
function errorText(error: SqlError | pg.DatabaseError, statement: string): string {
  const sqlstate = error instanceof SqlError ? error.sqlstate : error.code;
  const lines = [`ERROR:  ${sqlstate}: ${error.message}`];
  const position = Number(error.position ?? 0);
  if (position > 0 && position <= statement.length + 1) {
    const before = statement.slice(0, position - 1).split('\n');
    const line = statement.split('\n')[before.length - 1] as string;
    const head = `LINE ${before.length}: `;
    lines.push(head + line, `${' '.repeat(head.length + (before.at(-1) as string).length)}^`);
  }
  if (error.detail !== undefined) lines.push(`DETAIL:  ${error.detail}`);
  if (error.hint !== undefined) lines.push(`HINT:  ${error.hint}`);
  return lines.join('\n');
}

try {
  process.stdout.write(`${await staged(sql)}\n`);
} catch (error) {
  const text =
    error instanceof SqlError || error instanceof pg.DatabaseError
      ? errorText(error, sql)
      : error instanceof Error && 'code' in error
        ? `explain: ${error.message}`
        : undefined;
  if (text === undefined) throw error;
  process.stderr.write(`${text}\n`);
  process.exitCode = 1;
}
