/**
 * The SqlService of the leader: connects sessions, knows which are open, routes cancels. Used by the wire server, the
 * HTTP doors and in-process callers; leader.ts builds it.
 */
import { randomInt } from 'node:crypto';
import * as errors from '../../common/errors/catalogue.ts';
import { CONNECTIONS_MAX } from '../../common/limits.ts';
import type { SqlService, StartupInfo } from '../../common/sql-service.ts';
import type { SqlServiceDeps } from './scope.ts';
import { ClientSession } from './session.ts';
import type { Session } from './types.ts';

export type { SqlServiceDeps } from './scope.ts';

export interface LeaderSqlService extends SqlService {
  connect(startup: StartupInfo): Promise<ClientSession>;
  sessions(): readonly Session[];
  /** pg_cancel_backend: false when there is no such session or it is idle. */
  cancelBackend(pid: number): boolean;
  /** Ends every session of the database; resolved when they are gone, or rejected with the signal's reason. */
  endSessionsOf(database: string, signal: AbortSignal): Promise<void>;
  /** pg_terminate_backend: false when there is no such session. */
  terminateBackend(pid: number): boolean;
}

/** Redshift's process ids are large numbers. */
const FIRST_PID = 1_073_741_824;

/** Temporary credentials log in as 'IAM:name' or 'IAMR:name'. */
const userName = (name: string): string => name.replace(/^IAM[AR]?:/, '');

export function createSqlService(deps: SqlServiceDeps): LeaderSqlService {
  const sessions = new Map<number, ClientSession>();
  let count = 0;

  const record = (event: string, session: ClientSession): void => {
    const parameters = session.startupParameters;
    const now = deps.clock.nowMicros();
    const ended = event === 'disconnecting session';
    deps.history.add('connections', {
      event,
      timeMicros: now,
      remoteHost: session.remoteHost,
      remotePort: session.remotePort,
      pid: session.pid,
      database: session.database,
      user: session.loginUser.name,
      applicationName: parameters.get('application_name') ?? '',
      driverVersion: parameters.get('driver_version') ?? '',
      osVersion: parameters.get('os_version') ?? '',
      durationMicros: ended ? Number(now - session.startedAtMicros) : 0,
    });
  };

  return {
    async connect(startup) {
      if (sessions.size >= CONNECTIONS_MAX) throw errors.tooManyConnections();
      const name = userName(startup.user === '' ? deps.config.defaultUser : startup.user);
      const user = deps.user(name);
      if (user === undefined) throw errors.unknownUserAtLogin(name);
      const databaseName = startup.database === '' ? deps.config.defaultDatabase : startup.database;
      const database = deps.database(databaseName);
      if (database === undefined) throw errors.unknownDatabaseAtLogin(databaseName);
      count += 1;
      const session = new ClientSession(deps, {
        pid: FIRST_PID + count,
        secret: randomInt(-(2 ** 31), 2 ** 31 - 1),
        number: count,
        user,
        database,
        startup,
        onClose: (closed) => {
          sessions.delete(closed.pid);
          record('disconnecting session', closed);
        },
      });
      sessions.set(session.pid, session);
      record('initiating session', session);
      record('authenticated', session);
      return session;
    },
    cancel(pid, secret) {
      const session = sessions.get(pid);
      if (session !== undefined && session.secret === secret) session.cancel();
    },
    passwordHash: (user) => deps.user(userName(user))?.passwordHash,
    sessions: () => [...sessions.values()],
    cancelBackend: (pid) => sessions.get(pid)?.cancel() ?? false,
    async endSessionsOf(database, signal) {
      const ending = [...sessions.values()].filter((s) => s.database === database);
      for (const session of ending) session.terminate(errors.terminatedByAdministrator());
      signal.throwIfAborted();
      await new Promise<void>((resolve, reject) => {
        const stop = (): void => reject(signal.reason as Error);
        signal.addEventListener('abort', stop, { once: true });
        Promise.all(ending.map((s) => s.close()))
          .then(() => resolve(), reject)
          .finally(() => signal.removeEventListener('abort', stop));
      });
    },
    terminateBackend(pid) {
      const session = sessions.get(pid);
      session?.terminate(errors.terminatedByAdministrator());
      return session !== undefined;
    },
  };
}
