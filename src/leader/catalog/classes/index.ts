/**
 * The classes of objects, and what follows from their entries. A new class is its type in objects.ts (`ObjectTypes`), an
 * entry beside this file and a line here: the compiler asks for all three.
 */
import type { CatalogObject, ClassName, Dependency, ObjectKind, ObjectReference, ObjectTypes } from '../objects.ts';
import { copyJob } from './copy-job.ts';
import { copyJobFiles } from './copy-job-files.ts';
import { database } from './database.ts';
import { datashare } from './datashare.ts';
import { defaultPrivileges } from './default-privileges.ts';
import { maskingPolicy } from './masking-policy.ts';
import { rlsPolicy } from './rls-policy.ts';
import type { KindTraits, ObjectClass, ObjectPart } from './define.ts';
import { group } from './group.ts';
import { iamRole } from './iam-role.ts';
import { language } from './language.ts';
import { relation } from './relation.ts';
import { role } from './role.ts';
import { routine } from './routine.ts';
import { schema } from './schema.ts';
import { user } from './user.ts';

const ENTRIES: { readonly [C in ClassName]: ObjectClass<ObjectTypes[C]> } = {
  relation,
  routine,
  schema,
  database,
  datashare,
  user,
  group,
  role,
  language,
  'iam-role': iamRole,
  'default-privileges': defaultPrivileges,
  'rls-policy': rlsPolicy,
  'masking-policy': maskingPolicy,
  'copy-job': copyJob,
  'copy-job-files': copyJobFiles,
};

/** An entry without the type of its objects. */
export type AnyClass = Omit<ObjectClass<CatalogObject>, 'kinds'> & {
  readonly kinds: Readonly<Partial<Record<ObjectKind, KindTraits>>>;
};
export const OBJECT_CLASSES: Readonly<Record<ClassName, AnyClass>> = ENTRIES;
export const CLASS_NAMES = Object.keys(OBJECT_CLASSES) as readonly ClassName[];

const CLASS_OF_KIND = new Map<ObjectKind, ClassName>(
  CLASS_NAMES.flatMap((name) =>
    (Object.keys(OBJECT_CLASSES[name].kinds) as ObjectKind[]).map((k) => [k, name] as const),
  ),
);

type Kinded = Pick<CatalogObject, 'kind'>;
export const classOfKind = (kind: ObjectKind): ClassName => CLASS_OF_KIND.get(kind)!;
export const classOf = ({ kind }: Kinded): ClassName => classOfKind(kind);
export const entryOf = (object: Kinded): AnyClass => OBJECT_CLASSES[classOf(object)];
export const traitsOf = (object: Kinded): KindTraits => entryOf(object).kinds[object.kind]!;
export const referenceTo = (object: CatalogObject): ObjectReference => ({ class: classOf(object), oid: object.oid });
export const partsOf = (object: CatalogObject): readonly ObjectPart[] => entryOf(object).parts?.(object) ?? [];

/** The name that is unique in the object's schema, database or cluster. */
export const keptName = (object: CatalogObject): string => entryOf(object).nameKey?.(object) ?? object.name;

/** "table t", "schema s", "function f(integer)": how refusals name an object. */
export const described = (object: CatalogObject): string => `${object.kind} ${keptName(object)}`;

/** Everything the object depends on, each once and without itself. */
export function dependenciesOf(object: CatalogObject): readonly Dependency[] {
  const found: Dependency[] = [];
  const own = classOf(object);
  const add = (to: ObjectReference | undefined, behaviour: Dependency['behaviour']): void => {
    if (to === undefined || (to.oid === object.oid && to.class === own)) return;
    const known = found.some((d) => d.oid === to.oid && d.class === to.class && d.behaviour === behaviour);
    if (!known) found.push({ class: to.class, oid: to.oid, behaviour });
  };
  for (const to of object.dependsOn ?? []) add(to, 'normal');
  add(OBJECT_CLASSES[own].belongsTo?.(object), 'auto');
  for (const part of partsOf(object)) add(part.needs, 'part');
  return found;
}
