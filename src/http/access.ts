/**
 * Who may talk to the HTTP port. Programs may; web pages may not: a page that a developer happens to open must not be
 * able to read or write through his own loopback. The Host must be ours (so a foreign name bound to 127.0.0.1 is
 * refused), and an Origin, which browsers send for other sites' requests, must be the very host that is asked.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { hostname } from 'node:os';

export interface HostName {
  readonly name: string;
  /** host[:port] as sent, lower case. */
  readonly full: string;
}

export function parseHost(header: string | undefined): HostName | undefined {
  if (header === undefined) return undefined;
  const full = header.toLowerCase();
  const m = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::\d{1,5})?$/.exec(full);
  return m === null ? undefined : { name: m[1]!, full };
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Names that no page's owner can point at us: addresses, names without a dot (containers, LAN) and this machine's own. */
const isLocalName = (name: string): boolean =>
  name.startsWith('[') ||
  /^\d+\.\d+\.\d+\.\d+$/.test(name) ||
  !name.includes('.') ||
  name === hostname().toLowerCase();

/** Whether `name` is one of the allowed: `s3.test` itself, or any below `.s3.test`. */
const isListed = (name: string, hosts: readonly string[]): boolean =>
  hosts.some((h) => (h.startsWith('.') ? name === h.slice(1) || name.endsWith(h) : name === h));

/**
 * Undefined when the request may pass, else why not. `configured`: the host the server was told to listen on; `hosts`: other
 * names it was told to answer to.
 */
export function refuseReason(
  headers: IncomingHttpHeaders,
  configured: string,
  hosts: readonly string[] = [],
): string | undefined {
  const host = parseHost(headers.host);
  if (host === undefined) return 'The Host header is missing or malformed';
  const ours =
    LOOPBACK.has(host.name) ||
    host.name.endsWith('.localhost') ||
    isListed(host.name, hosts) ||
    host.name === configured.toLowerCase() ||
    host.name === `[${configured.toLowerCase()}]`;
  const everywhere = configured === '0.0.0.0' || configured === '::';
  if (!ours && !(everywhere && isLocalName(host.name))) return `Host ${host.name} is not served here`;
  const origin = headers.origin;
  if (
    origin !== undefined &&
    origin.toLowerCase() !== `http://${host.full}` &&
    origin.toLowerCase() !== `https://${host.full}`
  ) {
    return 'Requests of other web pages are not served';
  }
  if (headers['sec-fetch-site'] === 'cross-site') return 'Requests of other web pages are not served';
  return undefined;
}

/** Bucket of a virtual-host style name (`bucket.localhost`, `bucket.s3.localhost`, below a listed `.name`), or undefined. */
export function bucketOfHost(name: string, hosts: readonly string[] = []): string | undefined {
  for (const base of ['.localhost', ...hosts.filter((h) => h.startsWith('.'))]) {
    if (!name.endsWith(base)) continue;
    const bucket = name.slice(0, -base.length).replace(/(^|\.)s3(\.[a-z]{2}(-[a-z]+)+-\d)?$/, '');
    return bucket === '' ? undefined : bucket;
  }
  return undefined;
}
