/**
 * Hosts for the tests of COPY over SSH: one inside this process, and Debian's sshd on a high port when it is installed. Both run commands with
 * `sh -c` as the user of the tests, and know the keys that a test allows.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeyPair, PublicKeyAlgorithm, SshChannel } from '@microsoft/dev-tunnels-ssh';
import { sshPublicKey } from '../../src/remote/ssh/cluster-key.ts';
import { ed25519 } from '../../src/remote/ssh/ed25519.ts';
import { ED25519, type HostKeyType } from '../../src/remote/ssh/host-keys.ts';
import { keyPairOf, sshConfiguration, sshLibrary, type SshLibrary } from '../../src/remote/ssh/library.ts';

export interface TestHost {
  readonly port: number;
  readonly user: string;
  /** As the manifest has it. */
  readonly publicKey: string;
  allow(publicLine: string): void;
  close(): Promise<void>;
}
const RSA = { modulusLength: 2048 } as const;

interface HostKey {
  readonly pair: KeyPair;
  /** What signs with it, where the client's own algorithm does not. */
  readonly signing?: PublicKeyAlgorithm;
}
async function hostKeyOf(ssh: SshLibrary, type: HostKeyType): Promise<HostKey> {
  if (type === 'ssh-rsa') return { pair: await keyPairOf(ssh, generateKeyPairSync('rsa', RSA).privateKey) };
  if (type !== ED25519) {
    const algorithm = Object.values(ssh.SshAlgorithms.publicKey).find((a) => a?.name === type);
    return { pair: await algorithm!.generateKeyPair() };
  }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const verifying = ed25519(ssh);
  const pair = verifying.createKeyPair();
  const x = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url');
  const field = (bytes: Buffer): Buffer => {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(bytes.length);
    return Buffer.concat([head, bytes]);
  };
  await pair.setPublicKeyBytes(Buffer.concat([field(Buffer.from(ED25519)), field(x)]));
  const signer = {
    digestLength: 64,
    sign: (data: Buffer) => Promise.resolve(sign(null, data, privateKey)),
    dispose: () => undefined,
  };
  return { pair, signing: Object.assign(verifying, { createSigner: () => signer }) };
}

/** The host in this process. */
export class InProcessHost implements TestHost {
  readonly user = userInfo().username;
  readonly sockets = new Set<Socket>();
  /** Commands that were asked for. */
  readonly commands: string[] = [];
  /** Bytes of output after which a connection breaks off. */
  cutAfter = Infinity;
  /** Takes connections and says nothing. */
  isMute = false;
  private readonly allowed = new Set<string>();
  private constructor(
    readonly publicKey: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}
  /** `types`: of its host keys. */
  static async open(types: readonly HostKeyType[] = ['ssh-rsa']): Promise<InProcessHost> {
    const ssh = await sshLibrary();
    const keys = await Promise.all(types.map((type) => hostKeyOf(ssh, type)));
    const server = createServer();
    const bytes = await keys[0]!.pair.getPublicKeyBytes();
    const host = new InProcessHost(bytes!.toString('base64'), server);
    server.on('connection', (socket) => {
      host.sockets.add(socket);
      socket.on('error', () => undefined).on('close', () => host.sockets.delete(socket));
      if (host.isMute) return;
      const configuration = sshConfiguration(ssh);
      configuration.publicKeyAlgorithms.unshift(...keys.flatMap(({ signing }) => (signing ? [signing] : [])));
      const session = new ssh.SshServerSession(configuration);
      const publicKeys = keys.map(({ pair }) => pair);
      session.credentials = { publicKeys, privateKeyProvider: (key) => Promise.resolve(key) };
      session.onAuthenticating((e) => {
        e.authenticationPromise = (async () => {
          const bytes = await e.publicKey?.getPublicKeyBytes();
          return e.username === host.user && host.allowed.has(bytes?.toString('base64') ?? '') ? {} : null;
        })();
      });
      session.onChannelOpening(({ channel }) => {
        channel.onRequest((e) => {
          e.isAuthorized = e.requestType === 'exec';
          const { command } = e.request.convertTo(new ssh.CommandRequestMessage(), true);
          if (e.isAuthorized) setImmediate(() => void host.run(channel, command!, socket));
        });
      });
      session.connect(new ssh.NodeStream(socket)).catch(() => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    return host;
  }
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
  allow(publicLine: string): void {
    this.allowed.add(publicLine.split(' ')[1]!);
  }
  private async run(channel: SshChannel, command: string, socket: Socket): Promise<void> {
    this.commands.push(command);
    const child = spawn('sh', ['-c', command], { stdio: ['ignore', 'pipe', 'pipe'] });
    channel.onClosed(() => child.kill('SIGKILL'));
    const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
      child.on('close', (code, signal) => resolve([code, signal])),
    );
    try {
      const errors = (async () => {
        for await (const chunk of child.stderr) await channel.sendExtendedData(1, chunk as Buffer);
      })();
      errors.catch(() => undefined);
      let sent = 0;
      for await (const chunk of child.stdout) {
        sent += (chunk as Buffer).length;
        if (sent > this.cutAfter) return void (socket.destroy(), child.kill('SIGKILL'));
        await channel.send(chunk as Buffer);
      }
      await errors;
      const [code, signal] = await ended;
      if (signal === null) await channel.close(code ?? 0);
      else await channel.close(signal.replace('SIG', ''));
    } catch {
      child.kill('SIGKILL');
    }
  }
  close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

const SSHD = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find((path) => existsSync(path));
/** Why there is no sshd to test with; undefined: there is. */
export const noSshd =
  process.platform === 'win32' ? 'no sh' : SSHD === undefined ? 'sshd is not installed (openssh-server)' : undefined;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('data', () => (socket.destroy(), resolve(true)));
    socket.once('error', () => resolve(false)).once('close', () => resolve(false));
  });

export class DebianHost implements TestHost {
  readonly user = userInfo().username;
  private constructor(
    readonly port: number,
    readonly publicKey: string,
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}
  static async open(): Promise<DebianHost> {
    const folder = mkdtempSync(join(tmpdir(), 'slicehouse-sshd-'));
    const file = (name: string): string => join(folder, name);
    const { privateKey } = generateKeyPairSync('rsa', {
      ...RSA,
      privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
      publicKeyEncoding: { type: 'pkcs1', format: 'pem' },
    });
    writeFileSync(file('host_key'), privateKey, { mode: 0o600 });
    writeFileSync(file('keys'), '', { mode: 0o600 });
    const port = await freePort();
    const lines = [
      ...[
        `Port ${port}`,
        'ListenAddress 127.0.0.1',
        `HostKey ${file('host_key')}`,
        `AuthorizedKeysFile ${file('keys')}`,
      ],
      ...['StrictModes no', 'UsePAM no', 'PasswordAuthentication no', `PidFile ${file('pid')}`],
    ];
    writeFileSync(file('config'), `${lines.join('\n')}\n`);
    // Where sshd of Debian parts with its rights, when it has any.
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true });
    const child = spawn(SSHD!, ['-D', '-e', '-f', file('config')], { stdio: 'ignore' });
    const key = sshPublicKey(createPrivateKey(privateKey)).toString('base64');
    for (let i = 0; i < 200 && !(await answers(port)); i++) await sleep(25);
    return new DebianHost(port, key, folder, child);
  }
  allow(publicLine: string): void {
    writeFileSync(join(this.folder, 'keys'), `${publicLine}\n`, { mode: 0o600 });
  }
  async close(): Promise<void> {
    this.child.kill();
    await new Promise((resolve) => this.child.once('exit', resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }
}
