/**
 * The SqlService of the leader: connects sessions, knows which are open, routes cancels. Used by the wire server, the
 * HTTP doors and in-process callers; leader.ts builds it.
 */
import { randomInt } from 'node:crypto';
import * as errors from '../../common/errors/catalogue.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import { SILENT_SINK, type SqlService, type StartupInfo } from '../../common/sql-service.ts';
import { quoteName } from '../catalog/names.ts';
import { uninterrupted } from '../transaction/waits.ts';
import { LoginRules } from './login.ts';
import type { SqlServiceDeps } from './scope.ts';
import { ClientSession } from './session.ts';
import { idleSeconds, isIdleTimeout } from './idle-timeout.ts';
import { sessionId } from './startup.ts';
import { askedProtocol } from './transfer-protocol.ts';
import type { Session } from './types.ts';

export type { SqlServiceDeps } from './scope.ts';

export interface LeaderSqlService extends SqlService {
  connect(startup: StartupInfo): Promise<ClientSession>;
  sessions(): readonly Session[];
  /** CANCEL, pg_cancel_backend and pg_terminate_backend, by that user: false when nothing runs, or there is no such session. */
  signal(pid: number, action: 'cancel' | 'terminate', userid: number): boolean;
  /** Ends every session of the database; resolved when they are gone, or rejected with the signal's reason. */
  endSessionsOf(database: string, signal: AbortSignal): Promise<void>;
  /** Ends every session with this error; resolved when they are gone. */
  endSessions(error: SqlError): Promise<void>;
}

/** Redshift's process ids are large numbers. */
const FIRST_PID = 1_073_741_824;

/** A user who can log in with temporary credentials only, as AutoCreate of GetClusterCredentials makes them. */
async function makeUser(service: SqlService, name: string, groups: readonly string[]): Promise<void> {
  const session = await service.connect({
    user: '',
    database: '',
    parameters: new Map([['application_name', 'GetClusterCredentials']]),
    remoteHost: '',
    remotePort: 0,
    proof: 'server',
  });
  try {
    const inGroups = groups.length === 0 ? '' : ` in group ${groups.map(quoteName).join(', ')}`;
    await session.simpleQuery(`create user ${quoteName(name)} password disable${inGroups}`, SILENT_SINK);
  } finally {
    await session.close();
  }
}

export function createSqlService(deps: SqlServiceDeps): LeaderSqlService {
  const sessions = new Map<number, ClientSession>();
  const rules = new LoginRules(deps);
  let count = 0;

  const isTemporary = ({ proof, user }: StartupInfo): boolean =>
    proof === 'password' && rules.temporary.hashesOf(user).length > 0;
  const record = (event: string, startup: StartupInfo, session?: ClientSession): void => {
    const { parameters, encryption } = startup;
    const now = deps.clock.nowMicros();
    const ended = event === 'disconnecting session';
    deps.history.add('connections', {
      event,
      timeMicros: now,
      remoteHost: startup.remoteHost,
      remotePort: startup.remotePort,
      pid: session?.pid ?? 0,
      database: session?.database ?? startup.database,
      user: session?.loginUser.name ?? startup.user,
      authMethod: isTemporary(startup) ? 'IAM AssumeUser' : startup.proof,
      sslVersion: encryption?.protocol ?? '',
      sslCipher: encryption?.cipher ?? '',
      applicationName: parameters.get('application_name') ?? '',
      driverVersion: parameters.get('driver_version') ?? '',
      osVersion: parameters.get('os_version') ?? '',
      pluginName: parameters.get('plugin_name') ?? '',
      protocolVersion: askedProtocol(parameters) ?? 0,
      globalSessionId: session === undefined ? '' : sessionId(session.startedAtMicros, session.pid),
      durationMicros: ended && session !== undefined ? Number(now - session.startedAtMicros) : 0,
    });
  };

  const recordEnd = (session: ClientSession): void => {
    const { loginUser, pid, database, startedAtMicros: startMicros, terminated } = session;
    deps.history.add('sessions', {
      userid: loginUser.oid,
      pid,
      user: loginUser.name,
      database,
      startMicros,
      endMicros: deps.clock.nowMicros(),
      timeout: idleSeconds(session),
      isTimedOut: terminated !== undefined && isIdleTimeout(terminated),
    });
  };

  return {
    async connect(startup) {
      const open = [...sessions.values()].map((s) => ({ userOid: s.loginUser.oid, database: s.database }));
      const { user, database } = rules.admit(startup, open);
      count += 1;
      const session: ClientSession = new ClientSession(deps, {
        pid: FIRST_PID + count,
        secret: randomInt(-(2 ** 31), 2 ** 31 - 1),
        number: count,
        user,
        database,
        startup,
        onClose: () => {
          sessions.delete(session.pid);
          record('disconnecting session', startup, session);
          recordEnd(session);
        },
      });
      sessions.set(session.pid, session);
      record('initiating session', startup, session);
      record('authenticated', startup, session);
      return session;
    },
    cancel(pid, secret) {
      const session = sessions.get(pid);
      if (session !== undefined && session.secret === secret) session.cancel();
    },
    credential: (user) => rules.credential(user),
    async issueCredentials({ user, durationSeconds, autoCreate, groups }) {
      if (autoCreate && deps.user(user) === undefined) await makeUser(this, user, groups);
      const name = `${autoCreate ? 'IAMA' : 'IAM'}:${user}`;
      return { user: name, ...rules.temporary.issue(name, durationSeconds) };
    },
    accountOf: (user) => rules.accountOf(user),
    async split(script) {
      const statements = await deps.executor.parse(script, false, uninterrupted());
      return statements.map(({ start, end }) => ({ text: script.slice(start, end), start }));
    },
    loginFailed: (startup) => record('authentication failure', startup),
    sessions: () => [...sessions.values()],
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
    async endSessions(error) {
      const ending = [...sessions.values()];
      for (const session of ending) session.terminate(error);
      await Promise.all(ending.map((s) => s.close()));
    },
    signal(pid, action, userid) {
      const session = sessions.get(pid);
      if (session === undefined || (action === 'cancel' && !session.cancel())) return false;
      const type = action === 'cancel' ? 'CANCEL' : 'TERMINATE';
      deps.history.add('terminations', { pid, userid, type, timeMicros: deps.clock.nowMicros() });
      if (action === 'terminate') session.terminate(errors.terminatedByAdministrator());
      return true;
    },
  };
}
