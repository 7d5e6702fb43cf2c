/**
 * The first bytes of a connection, before the start-up packet: is it encrypted, and how?
 *
 *   SSLRequest   'S', then TLS, when TLS is offered; else 'N' and on in plain text
 *   GSSENCRequest  'N' and on in plain text
 *   0x16         direct TLS, with ALPN 'postgresql'
 *   anything else  plain text
 *
 * Nothing a client sends behind a request and before its answer is ever taken for part of the conversation: it could come
 * from somebody between us and the client, and is an error. Called by server.ts; what follows is connection.ts.
 */
import type { Socket } from 'node:net';
import { TLSSocket, type SecureContext } from 'node:tls';
import { directTlsNeedsProtocol, unencryptedData, unsupportedProtocol } from '../common/errors/catalogue.ts';
import type { SqlError } from '../common/errors/sql-error.ts';
import type { Encryption } from '../common/sql-service.ts';
import * as backend from './backend.ts';
import { GSSENC_REQUEST, SSL_REQUEST } from './frontend.ts';
import { MessageWriter } from './writer.ts';

export interface WireTls {
  readonly mode: 'off' | 'on' | 'required';
  /** Certificate and key; a client that comes before they are made waits. */
  context(): Promise<SecureContext>;
}
export interface Negotiated {
  readonly socket: Socket;
  readonly encryption: Encryption | undefined;
}

const TLS_HANDSHAKE = 0x16;
const PROTOCOL = 'postgresql';
const REQUEST_BYTES = 8;

/**
 * The socket to go on with, with every byte that belongs to the start-up packet still unread; undefined when the client
 * left. Throws what went wrong after having told the client, if it could be told.
 */
export async function negotiate(
  raw: Socket,
  tls: WireTls,
  onError: (error: unknown) => void,
): Promise<Negotiated | undefined> {
  const asked = new Set<number>();
  for (;;) {
    const bytes = await take(raw, REQUEST_BYTES, TLS_HANDSHAKE);
    if (bytes === undefined) return undefined;
    if (bytes[0] === TLS_HANDSHAKE && asked.size === 0) {
      raw.unshift(bytes);
      return direct(raw, tls, onError);
    }
    const code = bytes.readInt32BE(0) === REQUEST_BYTES ? bytes.readInt32BE(4) : 0;
    if (code !== SSL_REQUEST && code !== GSSENC_REQUEST) {
      raw.unshift(bytes);
      return { socket: raw, encryption: undefined };
    }
    if (asked.has(code)) return refuse(raw, unsupportedProtocol(`${code >>> 16}.${code & 0xffff}`));
    asked.add(code);
    const request = code === SSL_REQUEST ? 'SSL' : 'GSSAPI encryption';
    if (bytes.length > REQUEST_BYTES) return refuse(raw, unencryptedData(request));
    const context = code === SSL_REQUEST && tls.mode !== 'off' ? await contextOf(tls, onError) : undefined;
    if (raw.destroyed) return undefined;
    if (raw.readableLength > 0) return refuse(raw, unencryptedData(request));
    if (context !== undefined) {
      raw.write('S');
      return secure(raw, context);
    }
    raw.write('N');
  }
}

async function contextOf(tls: WireTls, onError: (error: unknown) => void): Promise<SecureContext | undefined> {
  try {
    return await tls.context();
  } catch (error) {
    onError(error);
    return undefined;
  }
}

async function direct(raw: Socket, tls: WireTls, onError: (error: unknown) => void): Promise<Negotiated | undefined> {
  const context = tls.mode === 'off' ? undefined : await contextOf(tls, onError);
  if (context === undefined || raw.destroyed) {
    raw.destroy();
    return undefined;
  }
  const made = await secure(raw, context);
  if (made === undefined) return undefined;
  // Without it, a page could have a browser send it requests (and another protocol's client its secrets).
  if ((made.socket as TLSSocket).alpnProtocol !== PROTOCOL) return refuse(made.socket, directTlsNeedsProtocol());
  return made;
}

/** The handshake. A client that fails it is gone without a word, as TLS has told it already. */
async function secure(raw: Socket, context: SecureContext): Promise<Negotiated | undefined> {
  const socket = new TLSSocket(raw, {
    isServer: true,
    secureContext: context,
    ALPNProtocols: [PROTOCOL],
    requestCert: false,
    rejectUnauthorized: false,
  });
  socket.on('error', () => socket.destroy());
  const done = await new Promise<boolean>((resolve) => {
    socket.once('secure', () => resolve(true));
    socket.once('close', () => resolve(false));
  });
  if (!done) {
    raw.destroy();
    return undefined;
  }
  socket.disableRenegotiation();
  const encryption = { protocol: socket.getProtocol() ?? '', cipher: socket.getCipher().name };
  return { socket, encryption };
}

/** Tells the client and hangs up. */
function refuse(socket: Socket, error: SqlError): undefined {
  const out = new MessageWriter(socket);
  backend.errorResponse(out, error);
  out.flush();
  socket.destroySoon();
  return undefined;
}

/**
 * Everything that has come, as soon as it is `count` bytes or begins with `early`; undefined when the client left before.
 * Leaves the socket paused.
 */
function take(socket: Socket, count: number, early: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    let have: Buffer = Buffer.alloc(0);
    const settle = (bytes: Buffer | undefined): void => {
      socket.off('readable', read).off('close', gone).off('end', gone);
      resolve(bytes);
    };
    const gone = (): void => settle(undefined);
    const read = (): void => {
      for (let piece: Buffer | null; (piece = socket.read() as Buffer | null) !== null;) {
        have = Buffer.concat([have, piece]);
      }
      if (have.length >= count || (have.length > 0 && have[0] === early)) settle(have);
    };
    socket.on('readable', read).once('close', gone).once('end', gone);
    if (socket.destroyed || socket.readableEnded) gone();
    else read();
  });
}
