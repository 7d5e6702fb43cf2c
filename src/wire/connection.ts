/**
 * One client connection, as a state machine over frames:
 *
 *   startup --SSLRequest/GSSENCRequest--> 'N', startup        startup --CancelRequest--> cancel, closed
 *   startup --StartupMessage--> password (md5) or ready       password --p--> ready
 *   ready --Q--> ... Z      ready --P B D E C--> answers      ready --error in P B D E C--> discarding
 *   discarding --S--> ready (one ReadyForQuery per Sync)      any --X or socket end--> closed
 *
 * Messages are handled strictly one after another. Output gathers in the writer and leaves at Flush, at ReadyForQuery,
 * on an error or when there is much of it. No exception leaves this file: it becomes an ErrorResponse.
 */
import type { Socket } from 'node:net';
import {
  authenticationFailed,
  featureNotSupported,
  noUserAtLogin,
  protocolViolation,
} from '../common/errors/catalogue.ts';
import { statementTooLarge, unsupportedProtocol, fatalProtocolViolation } from '../common/errors/catalogue.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { AUTHENTICATION_TIMEOUT_MS, STATEMENT_BYTES_MAX, WIRE_QUEUE_BYTES_MAX } from '../common/limits.ts';
import type { ResultSink, SqlService, SqlSession } from '../common/sql-service.ts';
import { answerMatches, newSalt } from './auth/md5.ts';
import { methodFor } from './auth/method.ts';
import * as backend from './backend.ts';
import type { FrontendMessage } from './frontend.ts';
import { decodeMessage, decodeStartup } from './frontend.ts';
import type { Frame } from './reader.ts';
import { FrameReader } from './reader.ts';
import { MessageWriter } from './writer.ts';

const SSL_REQUEST = 80877103;
const GSSENC_REQUEST = 80877104;
const CANCEL_REQUEST = 80877102;
const PROTOCOL_MAJOR = 3;

type State =
  | { readonly kind: 'startup' }
  | { readonly kind: 'password'; readonly salt: Uint8Array; readonly stored: string; readonly login: Login }
  | { readonly kind: 'ready'; readonly session: SqlSession }
  | { readonly kind: 'closed' };
interface Login {
  readonly user: string;
  readonly parameters: ReadonlyMap<string, string>;
}

export class Connection {
  private readonly reader = new FrameReader();
  private readonly out: MessageWriter;
  private readonly sink: ResultSink;
  private state: State = { kind: 'startup' };
  private discarding = false;
  private pumping = false;
  private drained: (() => void)[] = [];
  private readonly loginTimer: NodeJS.Timeout;
  private finished: () => void = () => undefined;
  /** Settles when the session is closed and the socket gone. */
  readonly ended: Promise<void>;

  constructor(
    private readonly socket: Socket,
    private readonly service: SqlService,
    private readonly onError: (error: unknown) => void,
  ) {
    this.ended = new Promise((resolve) => (this.finished = resolve));
    this.out = new MessageWriter(socket);
    this.sink = this.makeSink();
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('drain', () => this.releaseDrained());
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    socket.on('close', () => void this.closed());
    this.loginTimer = setTimeout(() => socket.destroy(), AUTHENTICATION_TIMEOUT_MS);
    this.loginTimer.unref();
  }

  /** Ends the connection from our side: a FATAL message, then the socket. */
  terminate(error: SqlError): void {
    if (this.state.kind === 'closed') return;
    backend.errorResponse(this.out, error);
    this.hangUp();
  }

  private receive(chunk: Buffer): void {
    if (this.state.kind === 'closed') return;
    this.reader.push(chunk);
    if (this.reader.pending > WIRE_QUEUE_BYTES_MAX && this.pumping) this.socket.pause();
    if (!this.pumping) void this.pump();
  }

  /** Handles frames until none is whole. Only one pump runs at a time. */
  private async pump(): Promise<void> {
    this.pumping = true;
    try {
      for (;;) {
        const state: State = this.state;
        if (state.kind === 'closed') break;
        const frame = state.kind === 'startup' ? this.reader.nextStartup() : this.reader.next();
        if (frame === undefined) break;
        if (state.kind === 'startup') await this.startup(frame.body);
        else if (state.kind === 'password') await this.password(frame, state);
        else await this.message(frame, state.session);
      }
    } catch (error) {
      this.fatal(error);
    } finally {
      this.pumping = false;
      if (this.socket.isPaused() && !this.socket.destroyed) this.socket.resume();
    }
  }

  private fatal(error: unknown): void {
    if (!(error instanceof SqlError)) this.onError(error);
    const sql = error instanceof SqlError ? error : undefined;
    const severity = 'FATAL' as const;
    const message = error instanceof Error ? error.message : String(error);
    this.terminate(
      sql?.severity === 'FATAL' ? sql : new SqlError({ sqlstate: sql?.sqlstate ?? 'XX000', message, severity }),
    );
  }

  // ---- start-up -------------------------------------------------------------------------------------------------

  private async startup(body: Buffer): Promise<void> {
    const code = body.readInt32BE(0);
    if (code === SSL_REQUEST || code === GSSENC_REQUEST) {
      this.socket.write('N');
      return;
    }
    if (code === CANCEL_REQUEST) {
      if (body.length >= 12) this.service.cancel(body.readInt32BE(4), body.readInt32BE(8));
      this.hangUp();
      return;
    }
    const major = code >>> 16;
    const minor = code & 0xffff;
    if (major !== PROTOCOL_MAJOR) throw unsupportedProtocol(`${major}.${minor}`);
    const parameters = decodeStartup(body);
    const extensions = [...parameters.keys()].filter((name) => name.startsWith('_pq_.'));
    if (minor > 0) backend.negotiateProtocolVersion(this.out, 0, extensions);
    const user = parameters.get('user') ?? '';
    if (user === '') throw noUserAtLogin();
    const login = { user, parameters };
    const method = methodFor(this.service.passwordHash(user));
    if (method.kind === 'trust') return this.login(login);
    const salt = newSalt();
    backend.authenticationMd5(this.out, salt);
    this.out.flush();
    this.state = { kind: 'password', salt, stored: method.stored, login };
  }

  private async password(frame: Frame, state: Extract<State, { kind: 'password' }>): Promise<void> {
    const message = decodeMessage(frame);
    if (message.kind === 'flush' || message.kind === 'sync') return;
    if (message.kind === 'terminate') return this.hangUp();
    if (message.kind !== 'password') throw fatalProtocolViolation('expected password response');
    if (!answerMatches(state.stored, state.salt, message.text)) throw authenticationFailed(state.login.user);
    return this.login(state.login);
  }

  private async login(login: Login): Promise<void> {
    const session = await this.service.connect({
      user: login.user,
      database: login.parameters.get('database') ?? '',
      parameters: login.parameters,
      remoteHost: this.socket.remoteAddress ?? '',
      remotePort: this.socket.remotePort ?? 0,
    });
    clearTimeout(this.loginTimer);
    if (this.state.kind === 'closed') return session.close();
    this.state = { kind: 'ready', session };
    session.onTerminate?.((error) => this.terminate(error));
    backend.authenticationOk(this.out);
    for (const [name, value] of session.parameterStatus()) backend.parameterStatus(this.out, name, value);
    backend.backendKeyData(this.out, session.pid, session.secret);
    this.ready(session);
  }

  // ---- after start-up -------------------------------------------------------------------------------------------

  private ready(session: SqlSession): void {
    backend.readyForQuery(this.out, session.status);
    this.out.flush();
  }

  private async message(frame: Frame, session: SqlSession): Promise<void> {
    const type = String.fromCharCode(frame.type);
    if (this.discarding && type !== 'S' && type !== 'X') return;
    try {
      if (frame.oversize > 0) throw statementTooLarge(String(frame.oversize), String(STATEMENT_BYTES_MAX));
      await this.handle(decodeMessage(frame), session);
    } catch (error) {
      this.failed(error);
      if (type === 'Q' || type === 'F') this.ready(session);
      else if ('PBDECH'.includes(type)) this.discarding = true;
      else if (type !== 'S') throw fatalProtocolViolation(error instanceof Error ? error.message : 'bad message');
    }
  }

  private failed(error: unknown): void {
    if (!(error instanceof SqlError)) this.onError(error);
    if (error instanceof SqlError && error.severity === 'FATAL') throw error;
    backend.errorResponse(this.out, error);
    this.out.flush();
  }

  private async handle(message: FrontendMessage, session: SqlSession): Promise<void> {
    switch (message.kind) {
      case 'query':
        await session.simpleQuery(message.text, this.sink);
        return this.ready(session);
      case 'parse':
        await session.parse(message.name, message.text, message.types);
        return backend.parseComplete(this.out);
      case 'bind': {
        const { portal, statement, values, formats, resultFormats } = message;
        await session.bind(portal, statement, values, formats, resultFormats);
        return backend.bindComplete(this.out);
      }
      case 'describe':
        return this.describe(message.what, message.name, session);
      case 'execute':
        return session.execute(message.portal, message.maxRows, this.sink);
      case 'close':
        if (message.what === 'statement') session.closeStatement(message.name);
        else session.closePortal(message.name);
        return backend.closeComplete(this.out);
      case 'flush':
        return this.out.flush();
      case 'sync':
        return this.sync(session);
      case 'terminate':
        return this.hangUp();
      case 'copy':
        return undefined;
      case 'password':
        throw protocolViolation('unexpected password message');
      case 'function-call':
        throw featureNotSupported('The function call protocol is not supported');
    }
  }

  private async describe(what: 'statement' | 'portal', name: string, session: SqlSession): Promise<void> {
    if (what === 'statement') {
      const { parameters, fields } = await session.describeStatement(name);
      backend.parameterDescription(this.out, parameters);
      if (fields === null) backend.noData(this.out);
      else backend.rowDescription(this.out, fields, []);
      return;
    }
    const { fields, formats } = await session.describePortal(name);
    if (fields === null) backend.noData(this.out);
    else backend.rowDescription(this.out, fields, formats);
  }

  private async sync(session: SqlSession): Promise<void> {
    const failed = this.discarding;
    this.discarding = false;
    try {
      await session.sync(failed, this.sink);
    } catch (error) {
      this.failed(error);
    }
    this.ready(session);
  }

  private makeSink(): ResultSink {
    const out = this.out;
    return {
      rowDescription: (fields, formats) => backend.rowDescription(out, fields, formats),
      rows: (chunk) => {
        out.append(chunk);
        if (!out.full) return undefined;
        out.flush();
        if (this.socket.destroyed || !out.congested) return undefined;
        return new Promise<void>((resolve) => this.drained.push(resolve));
      },
      commandComplete: (tag) => backend.commandComplete(out, tag),
      emptyQuery: () => backend.emptyQueryResponse(out),
      portalSuspended: () => backend.portalSuspended(out),
      notice: (notice) => backend.noticeResponse(out, notice),
      parameterStatus: (name, value) => backend.parameterStatus(out, name, value),
    };
  }

  private releaseDrained(): void {
    const waiting = this.drained;
    this.drained = [];
    for (const resolve of waiting) resolve();
  }

  // ---- the end --------------------------------------------------------------------------------------------------

  private hangUp(): void {
    this.out.flush();
    this.socket.end();
    void this.closed();
  }

  private async closed(): Promise<void> {
    const state = this.state;
    if (state.kind === 'closed') return;
    this.state = { kind: 'closed' };
    clearTimeout(this.loginTimer);
    this.releaseDrained();
    try {
      if (state.kind === 'ready') await state.session.close();
    } catch (error) {
      this.onError(error);
    }
    if (!this.socket.destroyed) this.socket.destroySoon();
    this.finished();
  }
}
