/**
 * One client connection, as a state machine over frames:
 *
 *   startup --StartupMessage--> password or ready             startup --CancelRequest--> cancel, closed
 *   password --right answer--> ready                          password --wrong answer--> a delay, closed
 *   ready --Q--> ... Z      ready --P B D E C--> answers      ready --error in P B D E C--> discarding
 *   discarding --S--> ready (one ReadyForQuery per Sync)      any --X or socket end--> closed
 *
 * Whether it is encrypted was settled before (negotiation.ts).
 * Messages are handled strictly one after another. Output gathers in the writer and leaves at Flush, at ReadyForQuery,
 * on an error or when there is much of it. No exception leaves this file: it becomes an ErrorResponse.
 */
import type { Socket } from 'node:net';
import {
  authenticationFailed,
  featureNotSupported,
  noPlainConnections,
  noUserAtLogin,
  protocolViolation,
} from '../common/errors/catalogue.ts';
import { statementTooLarge, unsupportedProtocol, fatalProtocolViolation } from '../common/errors/catalogue.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { isLoopback } from '../common/loopback.ts';
import { LOGIN_BYTES_MAX, STATEMENT_BYTES_MAX, WIRE_QUEUE_BYTES_MAX } from '../common/limits.ts';
import type { Encryption, ResultSink, SqlService, SqlSession, StartupInfo } from '../common/sql-service.ts';
import { challengeFor, type Challenge } from './auth/method.ts';
import type { LoginThrottle } from '../common/login-throttle.ts';
import * as backend from './backend.ts';
import type { FrontendMessage } from './frontend.ts';
import { CANCEL_REQUEST, decodeMessage, decodeStartup } from './frontend.ts';
import type { Frame } from './reader.ts';
import { FrameReader } from './reader.ts';
import { MessageWriter } from './writer.ts';

const PROTOCOL_MAJOR = 3;

type State =
  | { readonly kind: 'startup' }
  | { readonly kind: 'password'; readonly challenge: Challenge; readonly startup: StartupInfo }
  | { readonly kind: 'ready'; readonly session: SqlSession; readonly sink: ResultSink }
  | { readonly kind: 'closed' };
type Ready = Extract<State, { kind: 'ready' }>;
/** Who is at the other end, as the network shows it. */
export interface Peer {
  readonly socket: Socket;
  readonly host: string;
  readonly port: number;
  readonly encryption: Encryption | undefined;
}
/** What all connections of a server share. */
export interface Door {
  readonly service: SqlService;
  readonly throttle: LoginThrottle;
  readonly plainRefused: boolean;
  onError(error: unknown): void;
}

export class Connection {
  private readonly reader = new FrameReader();
  private readonly out: MessageWriter;
  private state: State = { kind: 'startup' };
  private discarding = false;
  private pumping = false;
  private drained: (() => void)[] = [];
  private readonly socket: Socket;
  private finished: () => void = () => undefined;
  /** Settles when the session is closed and the socket gone. */
  readonly ended: Promise<void>;

  /** `onLogin` is called once, when the client has shown who it is. */
  constructor(
    private readonly peer: Peer,
    private readonly door: Door,
    private readonly onLogin: () => void,
  ) {
    const { socket } = peer;
    this.socket = socket;
    this.ended = new Promise((resolve) => (this.finished = resolve));
    this.out = new MessageWriter(socket);
    socket.on('data', (chunk: Buffer) => this.receive(chunk));
    socket.on('drain', () => this.releaseDrained());
    socket.on('error', () => socket.destroy());
    socket.on('end', () => socket.end());
    socket.on('close', () => void this.closed());
    socket.resume();
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
    const most = this.state.kind === 'ready' ? WIRE_QUEUE_BYTES_MAX : LOGIN_BYTES_MAX;
    if (this.reader.pending > most && this.pumping) this.socket.pause();
    if (!this.pumping) void this.pump();
  }

  /** Handles frames until none is whole. Only one pump runs at a time. */
  private async pump(): Promise<void> {
    this.pumping = true;
    try {
      for (;;) {
        const state: State = this.state;
        if (state.kind === 'closed') break;
        const frame = this.nextFrame(state.kind);
        if (frame === undefined) break;
        if (state.kind === 'startup') await this.startup(frame.body);
        else if (state.kind === 'password') await this.password(frame, state);
        else await this.message(frame, state);
      }
    } catch (error) {
      this.fatal(error);
    } finally {
      this.pumping = false;
      if (this.socket.isPaused() && !this.socket.destroyed) this.socket.resume();
    }
  }

  private nextFrame(state: State['kind']): Frame | undefined {
    if (state === 'startup') return this.reader.nextStartup();
    return state === 'password' ? this.reader.next(LOGIN_BYTES_MAX) : this.reader.next();
  }

  private fatal(error: unknown): void {
    if (!(error instanceof SqlError)) this.door.onError(error);
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
    if (code === CANCEL_REQUEST) {
      if (body.length >= 12) this.door.service.cancel(body.readInt32BE(4), body.readInt32BE(8));
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
    const { host, port, encryption } = this.peer;
    const database = parameters.get('database') ?? '';
    if (this.door.plainRefused && encryption === undefined) throw noPlainConnections(host, user, database || user);
    const startup = { user, database, parameters, remoteHost: host, remotePort: port, encryption };
    const challenge = challengeFor(this.door.service.credential(user), {
      speaksDigest: parameters.has('client_protocol_version'),
      isPrivate: encryption !== undefined || isLoopback(host.replace(/^::ffff:/, '')),
    });
    if (challenge === undefined) return this.login({ ...startup, proof: 'trust' });
    challenge.ask(this.out);
    this.out.flush();
    this.state = { kind: 'password', challenge, startup: { ...startup, proof: 'password' } };
  }

  private async password(frame: Frame, state: Extract<State, { kind: 'password' }>): Promise<void> {
    const { challenge, startup } = state;
    if (frame.oversize > 0) throw fatalProtocolViolation('invalid password packet size');
    const type = String.fromCharCode(frame.type);
    // Some drivers flush behind their answer.
    if (type === 'H' || type === 'S') return;
    if (type === 'X') return this.hangUp();
    const { user, remoteHost } = startup;
    // However the name is spelled: prefixes give nobody further guesses.
    const account = this.door.service.accountOf(user);
    await this.door.throttle.turn(account, remoteHost);
    const right = challenge.check(frame);
    if (right === undefined) throw fatalProtocolViolation('expected password response');
    if (right) return this.login(startup);
    this.door.service.loginFailed(startup);
    await this.door.throttle.failed(account, remoteHost);
    throw authenticationFailed(user);
  }

  private async login(startup: StartupInfo): Promise<void> {
    const session = await this.door.service.connect(startup);
    this.onLogin();
    if (this.isClosed) return session.close();
    this.state = { kind: 'ready', session, sink: this.makeSink(session.transferProtocol) };
    session.onTerminate?.((error) => this.terminate(error));
    backend.authenticationOk(this.out);
    for (const [name, value] of session.parameterStatus()) backend.parameterStatus(this.out, name, value);
    backend.backendKeyData(this.out, session.pid, session.secret);
    this.ready(session);
  }

  /** Read through a method, because it changes while one waits. */
  private get isClosed(): boolean {
    return this.state.kind === 'closed';
  }

  // ---- after start-up -------------------------------------------------------------------------------------------

  private ready(session: SqlSession): void {
    backend.readyForQuery(this.out, session.status);
    this.out.flush();
  }

  private async message(frame: Frame, { session, sink }: Ready): Promise<void> {
    const type = String.fromCharCode(frame.type);
    if (this.discarding && type !== 'S' && type !== 'X') return;
    try {
      if (frame.oversize > 0) throw statementTooLarge(String(frame.oversize), String(STATEMENT_BYTES_MAX));
      await this.handle(decodeMessage(frame), session, sink);
    } catch (error) {
      this.failed(error);
      if (type === 'Q' || type === 'F') this.ready(session);
      else if ('PBDECH'.includes(type)) this.discarding = true;
      else if (type !== 'S') throw fatalProtocolViolation(error instanceof Error ? error.message : 'bad message');
    }
  }

  private failed(error: unknown): void {
    if (!(error instanceof SqlError)) this.door.onError(error);
    if (error instanceof SqlError && error.severity === 'FATAL') throw error;
    backend.errorResponse(this.out, error);
    this.out.flush();
  }

  private async handle(message: FrontendMessage, session: SqlSession, sink: ResultSink): Promise<void> {
    switch (message.kind) {
      case 'query':
        await session.simpleQuery(message.text, sink);
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
        return session.execute(message.portal, message.maxRows, sink);
      case 'close':
        if (message.what === 'statement') session.closeStatement(message.name);
        else session.closePortal(message.name);
        return backend.closeComplete(this.out);
      case 'flush':
        return this.out.flush();
      case 'sync':
        return this.sync(session, sink);
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
      else backend.rowDescription(this.out, fields, [], session.transferProtocol);
      return;
    }
    const { fields, formats } = await session.describePortal(name);
    if (fields === null) backend.noData(this.out);
    else backend.rowDescription(this.out, fields, formats, session.transferProtocol);
  }

  private async sync(session: SqlSession, sink: ResultSink): Promise<void> {
    const failed = this.discarding;
    this.discarding = false;
    try {
      await session.sync(failed, sink);
    } catch (error) {
      this.failed(error);
    }
    this.ready(session);
  }

  private makeSink(protocol: number): ResultSink {
    const out = this.out;
    return {
      rowDescription: (fields, formats) => backend.rowDescription(out, fields, formats, protocol),
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
    this.releaseDrained();
    try {
      if (state.kind === 'ready') await state.session.close();
    } catch (error) {
      this.door.onError(error);
    }
    if (!this.socket.destroyed) this.socket.destroySoon();
    this.finished();
  }
}
