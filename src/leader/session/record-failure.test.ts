/** Errors that the history has rows of: a full disk with its node and blocks, a conflict with its table, nothing of a user's own. */
import { expect, it } from 'vitest';
import { invalidParameterValue } from '../../common/errors/catalogue.ts';
import { diskFull, diskFullAtCommit, serializableViolation } from '../../common/errors/recorded-errors.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import { createHistory } from '../history/history.ts';
import { Wlm } from '../scheduler/wlm.ts';
import type { Transaction } from '../transaction/types.ts';
import { recordFailure } from './record-failure.ts';
import type { SqlServiceDeps } from './scope.ts';

const clock = { nowMs: () => 0, nowMicros: () => 1000n, monotonicMs: () => 0 };
const user = { kind: 'user', oid: 101, name: 'u', superuser: false, createdb: false } as const;

function failed(error: SqlError): ReturnType<typeof createHistory> {
  const history = createHistory();
  const deps = { history, clock, nodeOf: (slice: number) => slice >> 1 } as unknown as SqlServiceDeps;
  const session = { user, pid: 7, deps, last: { queryId: 9 } } as never;
  recordFailure(session, error, { xid: 5, startedAtMicros: 10n } as Transaction);
  return history;
}

it('a disk that is full', () => {
  expect([...failed(diskFull(3, 5_000_000)).read('diskFull')]).toEqual([
    { userid: 101, query: 9, node: 1, timeMicros: 1000n, temporaryBlocks: 5 },
  ]);
  expect([...failed(diskFullAtCommit()).read('diskFull')]).toMatchObject([{ node: -1, temporaryBlocks: 0 }]);
});
it('a transaction that is given up', () => {
  const error = serializableViolation('Serializable isolation violation on table - 100123, transactions ...');
  expect([...failed(error).read('conflicts')]).toEqual([
    { xid: 5, pid: 7, startMicros: 10n, timeMicros: 1000n, tableId: 100123 },
  ]);
});
it("a user's own error", () => {
  const history = failed(invalidParameterValue('no'));
  for (const log of ['errors', 'diskFull', 'conflicts'] as const) expect([...history.read(log)]).toEqual([]);
});
it('a queue that is full', async () => {
  const history = createHistory();
  const wlm = new Wlm({ clock, history, nodeBytes: 2 ** 20, queuedMax: 0 });
  const client = { user, pid: 7, cancelSignal: new AbortController().signal, setting: () => '5' };
  await wlm.begin(client, 1, 5);
  expect(() => wlm.begin({ ...client, pid: 8 }, 2, 6)).toThrow();
  expect([...history.read('wlmErrors')]).toMatchObject([{ userid: 101, pid: 8, timeMicros: 1000n }]);
});
