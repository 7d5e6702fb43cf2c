/**
 * What a reader of system views sees beyond what is his own: superusers all; with ACCESS SYSTEM TABLE, and in views that show
 * everybody their own rows with SYSLOG ACCESS UNRESTRICTED too, the rows of others; with ACCESS CATALOG objects and
 * privileges of others.
 */
import type { SystemPrivilege } from '../catalog/system-privilege-names.ts';
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import type { SystemContext } from './define.ts';

type Reader = Pick<SystemContext, 'catalog' | 'session'>;
const may = ({ catalog, session }: Reader, privilege: SystemPrivilege): boolean =>
  hasSystemPrivilege(catalog, session.user, privilege);

/** Views that superusers alone see. */
export const seesSystemTables = (ctx: Reader): boolean => may(ctx, 'ACCESS SYSTEM TABLE');
/** Rows of other users in views where everybody sees his own. */
export const seesAllRows = (ctx: Reader): boolean =>
  ctx.session.user.syslogUnrestricted === true || seesSystemTables(ctx);
/** Objects of others and what was granted on them. */
export const seesCatalog = (ctx: Reader): boolean => may(ctx, 'ACCESS CATALOG');
