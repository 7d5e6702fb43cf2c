/** Whether a user may name an IAM role in a command: ASSUMEROLE on the role, on the default one, or on all. */
import { DEFAULT_ROLE } from '../../common/account.ts';
import { roleNotAssumable } from '../../common/errors/privilege-errors.ts';
import type { CatalogSnapshot, UserObject } from '../catalog/objects.ts';
import { allows } from '../catalog/privileges.ts';

const LETTERS = { COPY: 'c', UNLOAD: 'u' } as const;

export function requireAssumable(
  catalog: CatalogSnapshot,
  user: UserObject,
  credentials: { readonly kind: string; readonly arn?: string },
  command: keyof typeof LETTERS,
): void {
  const { arn } = credentials;
  const all = catalog.named('iam-role', 'all');
  if (credentials.kind !== 'role' || arn === undefined || all === undefined) return;
  // Of a chain the first is assumed by the cluster.
  const [first = arn] = arn.split(',');
  const named = [first, ...(first === DEFAULT_ROLE ? ['default'] : [])];
  const roles = [all, ...named.flatMap((name) => catalog.named('iam-role', name) ?? [])];
  if (!roles.some((role) => allows(catalog, user, role, LETTERS[command])))
    throw roleNotAssumable(user.name, first, command);
}
