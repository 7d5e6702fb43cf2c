/**
 * Requests to the S3 port that mean something, followed by a model, among requests that nobody should send (test/fuzz): none may
 * crash or hang the server, leave its bucket or the root, or change what it should not.
 */
import { systemClock } from '../../src/common/clock.ts';
import { fuzzS3, type S3FuzzReport } from '../../test/fuzz/s3-requests.ts';
import type { Campaign } from './campaign.ts';

export const campaign: Campaign = {
  about: 'fuzzed requests to the S3 port: no crash, hang, traversal or leak, and objects are what was put',
  unit: 'requests',
  trials: 20_000,
  report: 'S3-CAMPAIGN.md',
  title: 'S3 campaign',
  run: async ({ seed, trials, log }) => {
    const started = systemClock.monotonicMs();
    const report = await fuzzS3({ seed, requests: trials, log });
    const seconds = Math.round((systemClock.monotonicMs() - started) / 1000);
    return { good: report.findings.length === 0, report: reportText(report, seconds) };
  },
};

function reportText(report: S3FuzzReport, seconds: number): string {
  const date = new Date(systemClock.nowMs()).toISOString().slice(0, 10);
  const statuses = [...report.statuses].sort(([a], [b]) => a - b);
  return `Half of the requests mean something: puts, conditional puts, copies, multipart uploads, deletes, gets and listings in pages over keys
such as \`a//b\`, \`fd\` beside \`fd/x\`, \`..\`, control characters, 256 bytes in a part; a model knows what each answers. Between them, up to four at a
time: traversal in every encoding, links that lead out, unknown methods and operations, broken headers, XML, forms, chunks and signatures, bodies cut
off, bytes that are no HTTP; a quarter of these to a server that wants signatures. A finding is an answer of 500, an exception the server takes for its own bug, no answer, a byte of another bucket or
of a file outside the root in an answer, a file outside the root made or changed, an answer the model does not expect, or one that a missing
signature should have prevented.

| | |
|---|---|
| date | ${date} |
| rounds of requests | ${report.requests} |
| answers compared with the model | ${report.modelled} |
| answers by status (0: connection ended without one) | ${statuses.map(([s, n]) => `${s}: ${n}`).join(', ')} |
| findings | ${report.findings.length} |
| duration | ${seconds} s |
${report.findings
  .slice(0, 20)
  .map((f) => `\n\`\`\`\n${f.slice(0, 2000)}\n\`\`\`\n`)
  .join('')}`;
}
