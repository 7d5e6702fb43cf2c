/**
 * Sessions of the HTTP query door: logged in as at the wire door, named by a secret, ended when nobody has used them for their
 * idle time. A statement that runs keeps its session alive.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { QuerySession } from '../client/query-session.ts';
import * as errors from '../common/errors/api-errors.ts';
import { authenticationFailed } from '../common/errors/catalogue.ts';
import {
  HTTP_SESSION_IDLE_MAX_MS,
  HTTP_SESSION_IDLE_MS,
  HTTP_SESSION_WAITING_MAX,
  HTTP_SESSIONS_MAX,
} from '../common/limits.ts';
import type { LoginThrottle } from '../common/login-throttle.ts';
import { isLoopback } from '../common/loopback.ts';
import { provesPassword } from '../common/password-proof.ts';
import type { SqlService, StartupInfo } from '../common/sql-service.ts';

export interface QueryDoorOptions {
  readonly service: SqlService;
  readonly throttle: LoginThrottle;
  /** --tls required: nothing in clear but from this machine. */
  readonly plainRefused: boolean;
  /** False: the start is not over. */
  isServing(): boolean;
}
/** What a client says of the session it wants. */
export interface SessionRequest {
  readonly database?: string | undefined;
  readonly applicationName?: string | undefined;
  readonly idleSeconds?: number | undefined;
}

export class HttpSession {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private busy = 0;

  constructor(
    readonly secret: string,
    readonly session: QuerySession,
    readonly idleMs: number,
    private readonly onIdle: () => void,
  ) {
    this.rest();
  }
  private rest(): void {
    this.timer = setTimeout(this.onIdle, this.idleMs).unref();
  }
  /** Runs `work`, which uses the session. */
  async use<T>(work: (session: QuerySession) => Promise<T>): Promise<T> {
    if (this.busy > HTTP_SESSION_WAITING_MAX) throw errors.tooManyWaiting(String(HTTP_SESSION_WAITING_MAX));
    clearTimeout(this.timer);
    this.busy++;
    try {
      return await work(this.session);
    } finally {
      this.busy--;
      if (this.busy === 0) this.rest();
    }
  }
  close(): Promise<void> {
    clearTimeout(this.timer);
    return this.session.close();
  }
}

export class HttpSessions {
  private readonly open = new Map<string, HttpSession>();
  /** Log-ins under way count as sessions. */
  private coming = 0;
  constructor(private readonly options: QueryDoorOptions) {}

  /** Logs in with the request's Authorization; throws SqlError. */
  async connect(request: IncomingMessage, wanted: SessionRequest): Promise<HttpSession> {
    for (const [secret, { session }] of this.open) if (session.isOver) this.open.delete(secret);
    if (this.open.size + this.coming >= HTTP_SESSIONS_MAX)
      throw errors.tooManyHttpSessions(String(HTTP_SESSIONS_MAX));
    this.coming++;
    try {
      const { service } = this.options;
      const session = new QuerySession(await service.connect(await this.logIn(request, wanted)), service);
      const secret = randomBytes(24).toString('base64url');
      const idleMs = Math.min(HTTP_SESSION_IDLE_MAX_MS, (wanted.idleSeconds ?? 0) * 1000 || HTTP_SESSION_IDLE_MS);
      const opened = new HttpSession(secret, session, idleMs, () => void this.end(opened));
      this.open.set(secret, opened);
      return opened;
    } finally {
      this.coming--;
    }
  }

  private async logIn(request: IncomingMessage, wanted: SessionRequest): Promise<StartupInfo> {
    const { service, throttle, plainRefused } = this.options;
    const { remoteAddress: remoteHost = '', remotePort = 0 } = request.socket;
    if (plainRefused && !isLoopback(remoteHost.replace(/^::ffff:/i, ''))) throw errors.tlsWanted();
    const { user, password } = basic(request.headers.authorization);
    const account = service.accountOf(user);
    const parameters = new Map<string, string>();
    if (wanted.applicationName !== undefined) parameters.set('application_name', wanted.applicationName);
    const startup = { user, database: wanted.database ?? '', parameters, remoteHost, remotePort };
    const proof = service.credential(user).kind === 'trust' ? 'trust' : 'password';
    if (proof === 'trust') return { ...startup, proof };
    if (password === undefined) throw errors.credentialsWanted();
    await throttle.turn(account, remoteHost);
    if (provesPassword(service.credential(user), [account, user], password)) return { ...startup, proof };
    service.loginFailed({ ...startup, proof });
    await throttle.failed(account, remoteHost);
    throw authenticationFailed(user);
  }

  find(secret: string): HttpSession {
    const found = this.open.get(secret);
    if (found === undefined || found.session.isOver) throw errors.unknownHttpSession();
    return found;
  }
  async end(session: HttpSession): Promise<void> {
    this.open.delete(session.secret);
    await session.close();
  }
  async close(): Promise<void> {
    await Promise.all([...this.open.values()].map((session) => this.end(session)));
  }
}

/** User and password of a Basic authorization; none: the default user without a password. */
function basic(header: string | undefined): { readonly user: string; readonly password?: string } {
  if (header === undefined) return { user: '' };
  const encoded = /^basic ([a-z0-9+/=_-]+)$/i.exec(header)?.[1];
  if (encoded === undefined) throw errors.credentialsWanted();
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? { user: text } : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}
