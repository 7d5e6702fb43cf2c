/**
 * `npm run explain -- "SQL" --stage tokens|ast|bound|plan|segments|wat|trace [--setup file.sql]`: shows what a statement
 * becomes, stage by stage. tokens and ast need nothing; the others run on a throw-away cluster in memory after the
 * set-up script, because names need a catalog.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parseStatements, tokenize } from '../src/leader/parser/parser.ts';
import { startCluster } from '../src/index.ts';
import { STAGES, type Stage } from '../src/leader/stages.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    stage: { type: 'string', default: 'plan' },
    setup: { type: 'string' },
    nodes: { type: 'string', default: '2' },
    slices: { type: 'string', default: '2' },
  },
});
const sql = positionals[0];
const stage = values.stage as Stage;
if (sql === undefined || !STAGES.includes(stage)) {
  process.stderr.write(
    `usage: npm run explain -- "SQL" --stage ${STAGES.join('|')} [--setup file.sql] [--nodes n] [--slices n]\n`,
  );
  process.exit(2);
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

if (stage === 'tokens') process.stdout.write(`${show(tokenize(sql))}\n`);
else if (stage === 'ast') process.stdout.write(`${show(await parseStatements(sql))}\n`);
else {
  const cluster = await startCluster({ nodes: Number(values.nodes), slices: Number(values.slices) });
  try {
    const text = await cluster.inspect(
      values.setup === undefined ? '' : readFileSync(values.setup, 'utf8'),
      sql,
      stage,
    );
    process.stdout.write(`${stage === 'wat' ? await disassemble(text) : text}\n`);
  } finally {
    await cluster.close();
  }
}
