/**
 * Who may log in, and with what. The invariant: once a password is required, a user gets in with the right one and in no
 * other way; whoever has none, or may not use it (internal, disabled, expired), meets a credential that nothing matches,
 * as an unknown name does. Without a required password (loopback only) a user who has none is trusted. Called by
 * service.ts.
 */
import { createHmac, randomBytes } from 'node:crypto';
import * as errors from '../../common/errors/catalogue.ts';
import { CONNECTIONS_MAX, SUPERUSER_CONNECTIONS_RESERVED } from '../../common/limits.ts';
import type { Credential, StartupInfo } from '../../common/sql-service.ts';
import { RDSDB_OID } from '../catalog/bootstrap.ts';
import type { DatabaseObject, UserObject } from '../catalog/objects.ts';
import { credentialOf } from '../catalog/passwords.ts';
import type { SqlServiceDeps } from './scope.ts';
import { TemporaryCredentials } from './temporary-credentials.ts';

/** Temporary credentials log in as 'IAM:name', 'IAMA:name' or 'IAMR:name'. */
const userName = (name: string): string => name.replace(/^IAM[AR]?:/, '');

export interface OpenSession {
  readonly userOid: number;
  readonly database: string;
}

export class LoginRules {
  private readonly secret = randomBytes(32);
  private required = false;
  readonly temporary: TemporaryCredentials;
  constructor(private readonly deps: SqlServiceDeps) {
    this.temporary = new TemporaryCredentials(deps.clock);
  }

  /** Once true, true until the server ends. */
  private passwordRequired(): boolean {
    this.required ||= this.deps.passwordRequired();
    return this.required;
  }

  /** Temporary credentials need no password of the user's own, and know nothing of when that ends. */
  private mayLogIn(user: UserObject, given: string): boolean {
    if (user.oid === RDSDB_OID) return false;
    if (this.temporary.hashesOf(given).length > 0) return true;
    if (user.passwordDisabled === true) return false;
    return user.validUntilMicros === undefined || this.deps.clock.nowMicros() < user.validUntilMicros;
  }

  credential(given: string): Credential {
    const name = this.accountOf(given);
    const user = this.deps.user(name);
    const temporary = this.temporary.hashesOf(given);
    if (user !== undefined && temporary.length > 0 && this.mayLogIn(user, given)) {
      return { kind: 'md5', hashes: temporary };
    }
    if (user?.passwordHash !== undefined && this.mayLogIn(user, given)) return credentialOf(user.passwordHash);
    return this.passwordRequired() ? this.unmatched(name) : { kind: 'trust' };
  }

  /**
   * For a name that cannot log in: of the kind a user of that name could have, the same every time it is asked for until
   * the server ends, so that neither kind nor salt tells whether there is one.
   */
  private unmatched(name: string): Credential {
    // Of this process alone and of nothing that is secret for longer: the salt goes out in clear.
    const seed = createHmac('sha256', this.secret).update(name).digest();
    const hasSha256 = this.deps.users().some((u) => u.passwordHash?.startsWith('sha256') === true);
    if (hasSha256 && (seed[0]! & 1) === 1) {
      return { kind: 'sha256', digest: randomBytes(32), salt: Buffer.from(seed.toString('hex', 16)) };
    }
    return { kind: 'md5', hashes: [`md5${randomBytes(16).toString('hex')}`] };
  }

  /** The user and database of a log-in that may happen; throws why not. */
  admit(startup: StartupInfo, open: readonly OpenSession[]): { user: UserObject; database: DatabaseObject } {
    const name = this.accountOf(startup.user);
    const user = this.deps.user(name);
    if (startup.proof === 'trust') {
      if (this.credential(startup.user).kind !== 'trust') throw errors.authenticationFailed(startup.user);
      if (user === undefined) throw errors.unknownUserAtLogin(name);
    }
    if (user === undefined || (startup.proof !== 'server' && !this.mayLogIn(user, startup.user))) {
      throw errors.authenticationFailed(startup.user);
    }
    const databaseName = startup.database === '' ? this.deps.config.defaultDatabase : startup.database;
    const database = this.deps.database(databaseName);
    if (database === undefined) throw errors.unknownDatabaseAtLogin(databaseName);
    if (database.name === 'template0' || database.share !== undefined || this.deps.isDropping(database))
      throw errors.databaseTakesNoConnections(database.name);
    if (startup.proof !== 'server') checkLimits(user, database, open);
    return { user, database };
  }

  /** The one name a user has, however it is spelled at the door. */
  accountOf(given: string): string {
    return userName(given === '' ? this.deps.config.defaultUser : given);
  }
}

/** Limits of a user and of a database bind everybody but superusers, as Redshift's do. */
function checkLimits(user: UserObject, database: DatabaseObject, open: readonly OpenSession[]): void {
  const most = CONNECTIONS_MAX - (user.superuser ? 0 : SUPERUSER_CONNECTIONS_RESERVED);
  if (open.length >= most) throw errors.tooManyConnections();
  if (user.superuser) return;
  const ofUser = open.filter((s) => s.userOid === user.oid).length;
  if (ofUser >= (user.connectionLimit ?? Infinity)) throw errors.tooManyOf('user', user.name);
  const ofDatabase = open.filter((s) => s.database === database.name).length;
  if (ofDatabase >= (database.connectionLimit ?? Infinity)) throw errors.tooManyOf('database', database.name);
}
