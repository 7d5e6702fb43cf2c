/**
 * The history: a list per log, bounded in rows each and in bytes together, oldest records dropped first. Written by the
 * scheduler, commands, COPY and sessions; read by the STL and SVL views, which must not change what they get. What a
 * HistoryStore keeps outlives the server: records go to it as they come, and come back when a view asks for the first time.
 */
import type { QueryId } from '../../common/ids.ts';
import { HISTORY_BYTES_MAX, HISTORY_ROWS_MAX, HISTORY_TEXT_MAX } from '../../common/limits.ts';
import { LogList } from './log-list.ts';
import { stepsOf } from './record-steps.ts';
import { LOG_NAMES } from './size.ts';
import type { HistoryStore } from './store.ts';
import type { History, HistoryLogs, LogName, Observed } from './types.ts';

type Lists = { readonly [K in LogName]: LogList<K> };
export interface HistoryOptions {
  readonly store?: HistoryStore | undefined;
  readonly rowsMax?: number;
  readonly bytesMax?: number;
  /** Told of every record that is added. */
  readonly observe?: ((observed: Observed) => void) | undefined;
}

export function createHistory(options: HistoryOptions = {}): History {
  const { store, observe, rowsMax = HISTORY_ROWS_MAX, bytesMax = HISTORY_BYTES_MAX } = options;
  const lists = Object.fromEntries(LOG_NAMES.map((log) => [log, new LogList(log)])) as unknown as Lists;
  const all = Object.values(lists) as readonly LogList<LogName>[];
  let bytes = 0;
  let queryId: QueryId = store?.lastQueryId ?? 0;
  let recalled: Promise<void> | undefined;

  const largest = (): LogList<LogName> => all.reduce((a, b) => (b.bytes > a.bytes ? b : a));
  const drop = (list: LogList<LogName>): void => {
    const before = list.bytes;
    list.dropOldest();
    bytes += list.bytes - before;
  };
  const keep = <K extends LogName>(list: LogList<K>, record: HistoryLogs[K]): void => {
    const before = list.bytes;
    list.add(record);
    bytes += list.bytes - before;
    while (list.rows > rowsMax && list.length > 1) drop(list as unknown as LogList<LogName>);
    while (bytes > bytesMax && largest().length > 0) drop(largest());
  };
  const recall = async (from: HistoryStore): Promise<void> => {
    const older = await from.recall(rowsMax, bytesMax - bytes);
    for (const log of LOG_NAMES) {
      const list = lists[log] as unknown as LogList<LogName>;
      await list.addOldest(older[log] ?? []);
      bytes = all.reduce((sum, l) => sum + l.bytes, 0);
      while (list.rows > rowsMax && list.length > 1) drop(list);
    }
  };
  return {
    nextQueryId(): QueryId {
      queryId += 1;
      store?.issued(queryId);
      return queryId;
    },
    add(log, record) {
      const kept = shortened(record);
      keep(lists[log], kept);
      store?.add(log, kept);
      observe?.({ log, record } as Observed);
    },
    read: (log) => lists[log].all() as never,
    newest: (log, count) => lists[log].newestOf(count) as never,
    rowsOf: (log) => lists[log].rows,
    runSteps: () => lists.runs.all().map(stepsOf),
    recalled: () => (recalled ??= store === undefined ? Promise.resolve() : recall(store)),
    close: async () => store?.close(),
  };
}

/** A text of megabytes is kept as long as the views show it. */
function shortened<T>(record: T): T {
  const { text } = record as { readonly text?: string };
  return text !== undefined && text.length > HISTORY_TEXT_MAX
    ? { ...record, text: text.slice(0, HISTORY_TEXT_MAX) }
    : record;
}
