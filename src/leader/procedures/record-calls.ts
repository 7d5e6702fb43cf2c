/** What the logs keep of procedures: each call, and each message of RAISE from stored_proc_log_min_messages up. */
import { maskCredentials } from '../parser/mask-credentials.ts';
import type { SessionScope } from '../session/scope.ts';
import type { RaiseLevel } from './body.ts';
import type { CallStack } from './context.ts';

export interface BegunCall {
  /** Its number among queries. */
  readonly query: number;
  end(aborted: boolean): void;
}

/** `outer`: the number of the call around it. */
export function beginCall(scope: SessionScope, text: string, outer: number | undefined): BegunCall {
  const { history, clock } = scope.deps;
  const query = history.nextQueryId();
  const startMicros = clock.nowMicros();
  const xid = scope.block.require().identify();
  const userid = scope.user.oid;
  return {
    query,
    end(aborted) {
      history.add('procedureCalls', {
        query,
        userid,
        sessionUserid: scope.loginUser.oid,
        label: scope.setting('query_group') || 'default',
        xid,
        pid: scope.pid,
        database: scope.database,
        text: maskCredentials(text.trim()),
        startMicros,
        endMicros: clock.nowMicros(),
        aborted: aborted ? 1 : 0,
        outer: outer ?? -1,
      });
    },
  };
}

/** Numbers of the levels as SVL_STORED_PROC_MESSAGES has them, by their names for the setting. */
export const LEVELS: Readonly<Record<RaiseLevel, number>> = {
  debug: 10,
  log: 20,
  info: 30,
  notice: 40,
  warning: 50,
  exception: 60,
};

export function recordMessage(
  { scope, call, routine }: CallStack,
  level: RaiseLevel,
  message: string,
  line: number,
): void {
  const least = scope.setting('stored_proc_log_min_messages').toLowerCase() as RaiseLevel;
  if (LEVELS[level] < LEVELS[least]) return;
  const { history, clock } = scope.deps;
  history.add('procedureMessages', {
    query: call,
    userid: scope.user.oid,
    sessionUserid: scope.loginUser.oid,
    label: scope.setting('query_group') || 'default',
    xid: scope.block.require().identify(),
    pid: scope.pid,
    timeMicros: clock.nowMicros(),
    level: LEVELS[level],
    levelText: level.toUpperCase(),
    message,
    line,
    text: `CALL ${routine.name}`,
  });
}
