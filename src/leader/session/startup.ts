/**
 * Start-up: which settings a start-up packet carries, and the ParameterStatus values a new session announces, in the
 * real service's order. standard_conforming_strings is left out on purpose: libpq would stop doubling backslashes.
 */
import { createHash } from 'node:crypto';
import type { UserObject } from '../catalog/objects.ts';
import { askedProtocol } from './transfer-protocol.ts';
import { PADB_REVISION, PADB_VERSION, SERVER_VERSION } from '../../common/version.ts';

/**
 * Redshift's drivers ask for metadata by SHOW, its names as parameters, from 2 on; the keys, grants, functions and procedures
 * from 3, and everything from 4.
 */
const SHOW_DISCOVERY = '4';

/** Name and value pairs of the packet, those inside `options` (-c name=value, --name=value) included. */
export function startupSettings(parameters: ReadonlyMap<string, string>): readonly (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  const options = parameters.get('options') ?? '';
  const pattern = /(?:-c\s*|--)([\w.-]+)=((?:\\.|[^\s\\])*)/g;
  for (const [, name = '', value = ''] of options.matchAll(pattern)) {
    pairs.push([name.replaceAll('-', '_'), value.replace(/\\(.)/g, '$1')]);
  }
  for (const [name, value] of parameters) {
    if (name !== 'user' && name !== 'database' && name !== 'options' && !name.startsWith('_pq_.')) {
      pairs.push([name, value]);
    }
  }
  return pairs;
}

/** What the user's sessions begin with. */
export function userSettings({ settings = {}, sessionTimeout }: UserObject): readonly (readonly [string, string])[] {
  const idle = sessionTimeout === undefined ? [] : [['idle_session_timeout', String(sessionTimeout * 1000)] as const];
  return [...Object.entries(settings), ...idle];
}

/** A stable id for the session, in the form of a UUID. */
export function sessionId(startedAtMicros: bigint, pid: number): string {
  const hex = createHash('sha256').update(`${startedAtMicros}.${pid}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

export function startupStatus(
  reported: ReadonlyMap<string, string>,
  startedAtMicros: bigint,
  pid: number,
  parameters: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const protocol = askedProtocol(parameters);
  const value = (name: string): string => reported.get(name) ?? '';
  return new Map([
    ['application_name', value('application_name')],
    ['client_encoding', value('client_encoding')],
    ['DateStyle', value('DateStyle')],
    ['integer_datetimes', 'on'],
    ['is_superuser', value('is_superuser')],
    ['server_encoding', 'UNICODE'],
    ['server_version', SERVER_VERSION],
    ['session_authorization', value('session_authorization')],
    ['TimeZone', value('TimeZone')],
    ['timezone_abbreviations', 'Default'],
    ['padb_version', PADB_VERSION],
    ['padb_revision', PADB_REVISION],
    ['max_numeric_precision', '38'],
    ['max_varchar_size', '65535'],
    ['case_sensitive', 'on'],
    ['datashare_enabled', 'off'],
    ['session_id', sessionId(startedAtMicros, pid)],
    ...(protocol === undefined ? [] : [['server_protocol_version', String(protocol)] as const]),
    ['show_discovery', SHOW_DISCOVERY],
  ]);
}
