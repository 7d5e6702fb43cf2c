/**
 * Conversations of clients with the SQL port, mutated (test/fuzz/protocol.ts): before log-in and behind it, plain and over TLS. The
 * server answers in whole messages or hangs up, serves others, and keeps nothing: no session, no schema, no memory.
 */
import { systemClock } from '../../src/common/clock.ts';
import { fuzzProtocol, openAndDrop, type ProtocolReport } from '../../test/fuzz/protocol.ts';
import type { Campaign } from './campaign.ts';

const CONNECTIONS = 490;
const ROUNDS = 4;
/** MB that the heap may grow between half of the run and its end. */
const GROWTH_MB_MAX = 48;

export const campaign: Campaign = {
  about: 'mutated conversations with the SQL port: whole answers or none, no crash, nothing left behind',
  unit: 'messages',
  trials: 250_000,
  report: 'PROTOCOL-CAMPAIGN.md',
  title: 'Protocol campaign',
  run: async ({ seed, trials, log }) => {
    const started = systemClock.monotonicMs();
    const report = await fuzzProtocol({ seed, messages: trials, log });
    const dropped = await openAndDrop(CONNECTIONS, ROUNDS);
    const seconds = Math.round((systemClock.monotonicMs() - started) / 1000);
    const findings = [...report.findings, ...dropped.left];
    const [, half, , end] = report.heap.map(([, mb]) => mb);
    if (half !== undefined && end !== undefined && end - half > GROWTH_MB_MAX) {
      findings.push(`the heap grew from ${half} to ${end} MB between half of the run and its end`);
    }
    return { good: findings.length === 0, report: reportText(report, dropped.heap, findings, seconds) };
  },
};

function reportText(
  report: ProtocolReport,
  dropped: readonly number[],
  findings: readonly string[],
  seconds: number,
): string {
  const counts = (map: ReadonlyMap<string, number>): string =>
    [...map]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, n]) => `${key}: ${n}`)
      .join(', ');
  return `Conversations as drivers hold them (test/fuzz/protocol-conversations.ts), with messages left out, doubled, moved, taken from others,
of another type, bits and bytes changed, put in and cut off, lengths that lie; sent in one piece or cut anywhere. One in six is mutated
before the log-in, one in five goes over TLS, one in forty is left as it is and must be answered in full. A finding is an answer that is no message or
half of one, an internal error (XX000), an exception the server takes for its own bug, a conversation that hangs, a session or temporary schema that is
left, or a heap that grows by more than ${GROWTH_MB_MAX} MB in the second half.

| | |
|---|---|
| date | ${new Date(systemClock.nowMs()).toISOString().slice(0, 10)} |
| messages | ${report.messages} |
| conversations | ${report.conversations} (${counts(report.places)}) |
| answers by type | ${counts(report.answers)} |
| errors by SQLSTATE | ${counts(report.errors)} |
| heap behind a collection, by messages | ${report.heap.map(([n, mb]) => `${n}: ${mb} MB`).join(', ')} |
| ${CONNECTIONS} connections opened, used and dropped, ${ROUNDS} times | heap ${dropped.join(', ')} MB |
| findings | ${findings.length} |
| duration | ${seconds} s |
${findings
  .slice(0, 20)
  .map((f) => `\n\`\`\`\n${f.slice(0, 2000)}\n\`\`\`\n`)
  .join('')}`;
}
