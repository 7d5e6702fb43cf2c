/**
 * The history: one bounded list per log, oldest rows dropped first. Appending costs O(1) over time: a list is cut back to
 * HISTORY_ROWS_MAX only when it has grown by a tenth. Written by the scheduler, commands, COPY and sessions; read by the
 * STL and SVL views, which must not change what they get.
 */
import type { QueryId } from '../../common/ids.ts';
import { HISTORY_ROWS_MAX } from '../../common/limits.ts';
import type { History, HistoryLogs } from './types.ts';

type Lists = { [K in keyof HistoryLogs]: HistoryLogs[K][] };

const emptyLists = (): Lists => ({
  steps: [],
  compiles: [],
  queries: [],
  utilities: [],
  loadErrors: [],
  loadCommits: [],
  unloads: [],
  vacuums: [],
  analyzes: [],
  connections: [],
  errors: [],
  commits: [],
  compressions: [],
  autoActions: [],
});

/** `lastQueryId`: the highest query number given out before, so that numbers ascend over restarts. */
export function createHistory(lastQueryId = 0, rowsMax = HISTORY_ROWS_MAX): History {
  const lists = emptyLists();
  const slack = Math.max(1, Math.floor(rowsMax / 10));
  let queryId = lastQueryId;
  return {
    nextQueryId(): QueryId {
      queryId += 1;
      return queryId;
    },
    add(log, record) {
      const list = lists[log];
      list.push(record);
      if (list.length >= rowsMax + slack) list.splice(0, list.length - rowsMax);
    },
    read(log) {
      const list = lists[log];
      return list.length > rowsMax ? list.slice(-rowsMax) : list.slice();
    },
  };
}
