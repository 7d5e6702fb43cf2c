/**
 * The output of one command on a host: connect, know the host by its key when one was given, show the cluster's key, run the command, give what it
 * writes. The host sends no more than a window that is not read yet. A command that ends with another status than 0 fails the COPY with what it wrote to
 * stderr; a host that cannot be connected to ends it, or is passed over when its entry is not mandatory.
 */
import { connect, type Socket } from 'node:net';
import { sshFailed } from '../../common/errors/remote-errors.ts';
import {
  SSH_CONNECT_MS_MAX,
  SSH_KEEP_ALIVE_MISSED_MAX,
  SSH_KEEP_ALIVE_SECONDS,
  SSH_STDERR_BYTES_MAX,
} from '../../common/limits.ts';
import { remoteName, type SshCommand } from '../../common/remote-source.ts';
import { noTraffic, timed, type ObjectReader } from '../../s3/object-io.ts';
import type { RemoteAccess } from '../access.ts';
import { clusterKey } from './cluster-key.ts';
import { hostKeyType } from './host-keys.ts';
import { keyPairOf, sshConfiguration, sshLibrary, type SshLibrary } from './library.ts';

type Session = InstanceType<SshLibrary['SshClientSession']>;
type Channel = InstanceType<SshLibrary['SshChannel']>;
/** Why there is no connection, in words that follow the host's name. */
class NoConnection {
  constructor(readonly why: string) {}
}
const SOCKET_ERRORS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the host',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network cannot be reached',
  ENOTFOUND: 'unknown host',
  EAI_AGAIN: 'the name of the host cannot be looked up',
  ETIMEDOUT: 'connection timed out',
};

class CommandReader implements ObjectReader {
  readonly traffic = noTraffic();
  private readonly held: Buffer[] = [];
  private channel: Channel | undefined;
  private session: Session | undefined;
  private socket: Socket | undefined;
  private stderr = '';
  private refusal: string | undefined;
  private isStarted = false;
  private isClosed = false;
  /** How the command ended; undefined: it runs. An empty text: well. */
  private end: string | undefined;
  private wake: (() => void) | undefined;

  constructor(
    private readonly source: SshCommand,
    private readonly access: RemoteAccess,
  ) {}

  async read(into: Uint8Array): Promise<number> {
    if (!this.isStarted && !(await timed(this.traffic, () => this.start()))) return 0;
    while (this.held.length === 0) {
      if (this.end === '') return 0;
      if (this.end !== undefined) throw this.failed(this.end);
      await timed(this.traffic, () => new Promise<void>((resolve) => (this.wake = resolve)));
    }
    const [first] = this.held as [Buffer];
    const n = Math.min(into.length, first.length);
    into.set(first.subarray(0, n));
    if (n === first.length) this.held.shift();
    else this.held[0] = first.subarray(n);
    this.channel?.adjustWindow(n);
    this.traffic.bytes += n;
    return n;
  }
  private failed(why: string): Error {
    return sshFailed(remoteName(this.source), why);
  }
  /** False: the host is passed over. */
  private async start(): Promise<boolean> {
    this.isStarted = true;
    const timer = setTimeout(
      () => this.stop(`no connection within ${SSH_CONNECT_MS_MAX / 1000} seconds`),
      SSH_CONNECT_MS_MAX,
    );
    try {
      await Promise.race([this.run(), this.stopped()]);
      return true;
    } catch (error) {
      this.drop();
      const why = this.whyNot(error);
      if (this.source.mandatory || this.isClosed) throw this.failed(why);
      this.traffic.skipped = why;
      this.end = '';
      return false;
    } finally {
      clearTimeout(timer);
    }
  }
  private whyNot(error: unknown): string {
    if (this.refusal !== undefined) return this.refusal;
    if (error instanceof NoConnection) return error.why;
    const { code, message } = error as NodeJS.ErrnoException;
    return SOCKET_ERRORS[code ?? ''] ?? message;
  }
  private rejectStart: ((error: NoConnection) => void) | undefined;
  private stopped(): Promise<never> {
    return new Promise((_, reject) => (this.rejectStart = reject));
  }
  /** The connection will not come, or is lost. */
  private stop(why: string): void {
    this.rejectStart?.(new NoConnection(why));
    this.ended(why);
    this.drop();
  }

  private async run(): Promise<void> {
    const { host, port, username, command, hostKey } = this.source;
    const ssh = await sshLibrary();
    const own = await keyPairOf(ssh, (await clusterKey(this.access.keyFolder)).privateKey);
    const socket = await this.connected(host, port);
    const configuration = sshConfiguration(ssh, hostKeyType(Buffer.from(hostKey ?? '', 'base64')));
    configuration.keepAliveTimeoutInSeconds = SSH_KEEP_ALIVE_SECONDS;
    const session = (this.session = new ssh.SshClientSession(configuration));
    session.onAuthenticating((event) => {
      event.authenticationPromise = this.knowHost(event.publicKey);
    });
    session.onClosed(({ message }) =>
      this.stop(message === '' ? 'the connection was lost' : `the connection was lost: ${message}`),
    );
    session.onKeepAliveFailed((missed) => {
      if (missed >= SSH_KEEP_ALIVE_MISSED_MAX) this.stop('the host does not answer any more');
    });
    await session.connect(new ssh.NodeStream(socket));
    if (!(await session.authenticateServer())) throw new NoConnection('the host key is not known');
    if (!(await session.authenticateClient({ username, publicKeys: [own] })))
      throw new NoConnection(`the host does not accept the cluster's public key for user "${username}"`);
    const channel = (this.channel = await session.openChannel());
    this.listen(channel);
    const request = new ssh.CommandRequestMessage();
    request.wantReply = true;
    request.command = command;
    if (!(await channel.request(request))) throw new NoConnection('the host does not run the command');
  }
  private connected(host: string, port: number): Promise<Socket> {
    if (this.isClosed) throw new NoConnection('the statement has ended');
    return new Promise((resolve, reject) => {
      const socket = (this.socket = connect({ host, port, noDelay: true }));
      socket.once('connect', () => resolve(socket)).on('error', reject);
    });
  }
  private async knowHost(key: { getPublicKeyBytes(): Promise<Buffer | null> } | null): Promise<object | null> {
    const wanted = this.source.hostKey;
    if (wanted === undefined) return {};
    const bytes = await key?.getPublicKeyBytes();
    if (bytes?.toString('base64') === wanted) return {};
    // The library ends the session, in words of its own.
    this.refusal = 'the host key is not the public key of the manifest';
    return null;
  }
  private listen(channel: Channel): void {
    channel.onDataReceived((data) => {
      this.held.push(Buffer.from(data));
      this.awake();
    });
    channel.onExtendedDataReceived(({ data }) => {
      if (this.stderr.length < SSH_STDERR_BYTES_MAX) this.stderr += data.toString('utf8');
      channel.adjustWindow(data.length);
    });
    channel.onClosed(({ exitStatus, exitSignal, error }) => {
      if (error !== undefined) this.ended(`the connection was lost: ${error.message}`);
      else if (exitSignal !== undefined) this.ended(`the command was ended by signal ${exitSignal}${this.said()}`);
      else if (exitStatus === undefined) this.ended(`the command ended without a status${this.said()}`);
      else this.ended(exitStatus === 0 ? '' : `the command ended with status ${exitStatus}${this.said()}`);
      this.drop();
    });
  }
  private said(): string {
    const text = this.stderr.slice(0, SSH_STDERR_BYTES_MAX).trim();
    return text === '' ? '' : `: ${text}`;
  }
  private ended(how: string): void {
    this.end ??= how;
    this.awake();
  }
  private awake(): void {
    const { wake } = this;
    this.wake = undefined;
    wake?.();
  }
  private drop(): void {
    this.session?.dispose();
    this.socket?.destroy();
  }
  abort(): void {
    this.isClosed = true;
    this.stop('the statement has ended');
  }
  close(): Promise<void> {
    this.abort();
    this.held.length = 0;
    return Promise.resolve();
  }
}

/** Nothing is asked of the host before the first bytes are wanted. */
export const openCommand = (source: SshCommand, access: RemoteAccess): ObjectReader =>
  new CommandReader(source, access);
