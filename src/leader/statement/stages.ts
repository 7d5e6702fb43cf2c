/**
 * The stages of a statement that `npm run explain` can show.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import { rewrite } from '../rewriter/index.ts';
import { analyse } from '../analyser/index.ts';
import { analyserContext } from './execute.ts';
import { lockBound } from './lock-statement.ts';
import { parseStatements } from '../parser/parser.ts';
import { explainPlan } from '../plan/explain.ts';
import type { Session } from '../session/types.ts';
import type { StatementRunner } from './statement-runner.ts';
import type { Transaction } from '../transaction/types.ts';

export const STAGES = ['tokens', 'ast', 'bound', 'plan', 'segments', 'wat', 'trace'] as const;
export type Stage = (typeof STAGES)[number];

const show = (value: unknown): string =>
  JSON.stringify(value, (_k, v: unknown) => (typeof v === 'bigint' ? `${v}n` : v), 2);

/** Text of one stage; wat gives the modules' bytes in hex for a disassembler. */
export async function inspectStatement(
  runner: StatementRunner,
  session: Session,
  transaction: Transaction,
  sql: string,
  stage: Stage,
): Promise<string> {
  const [statement] = await parseStatements(sql);
  const bound = await lockBound(transaction, () =>
    rewrite(analyse(statement!, analyserContext({ runner }, session, transaction, 'none'))),
  );
  if (stage === 'bound') return show(bound);
  const plan = runner.plan(bound, transaction);
  if (stage === 'plan') return explainPlan(plan).join('\n');
  const compiled = runner.compile(plan, transaction, { formats: [] });
  if (stage === 'segments')
    return show({ segments: compiled.segments, edges: compiled.edges, result: compiled.result });
  if (stage === 'wat')
    return runner
      .moduleBytes(compiled)
      .map((m) => `segment ${m.segment}\n${Buffer.from(m.bytes).toString('hex')}`)
      .join('\n');
  if (stage !== 'trace') throw featureNotSupported(`stage ${stage}`);
  const result = await runner.run(session, transaction, bound, {
    text: sql,
    parameters: [],
    formats: [],
    consumer: () => undefined,
  });
  return show(result.outcome.participants);
}
