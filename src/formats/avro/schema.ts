/**
 * The schema in an Avro file's header as a tree whose names are resolved, so that recursive types are cycles of the same objects. Logical types
 * that do not suit their type are ignored, as the specification says.
 */
export type AvroKind =
  | 'null'
  | 'boolean'
  | 'int'
  | 'long'
  | 'float'
  | 'double'
  | 'bytes'
  | 'string'
  | 'fixed'
  | 'enum'
  | 'record'
  | 'array'
  | 'map'
  | 'union';
export interface AvroType {
  readonly kind: AvroKind;
  /** Bytes that are a decimal. Other logical types are passed over, as Redshift does: dates and times are the numbers stored. */
  isDecimal: boolean;
  scale: number;
  /** Of fixed. */
  size: number;
  symbols: readonly string[];
  /** Of a record; else the one item, or a union's branches. */
  readonly fields: { readonly name: string; readonly type: AvroType }[];
}

/** The schema cannot be used; `what` is shown to the user. */
export class AvroSchemaError {
  constructor(readonly what: string) {}
}
const refuse = (what: string): never => {
  throw new AvroSchemaError(what);
};

const PRIMITIVES: ReadonlySet<string> = new Set([
  'null',
  'boolean',
  'int',
  'long',
  'float',
  'double',
  'bytes',
  'string',
]);
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const DEPTH_MAX = 200;
const FIXED_BYTES_MAX = 4 * 1024 * 1024;
const PRECISION_MAX = 38;

type Json = Readonly<Record<string, unknown>>;
const makeType = (kind: AvroKind): AvroType => ({
  kind,
  isDecimal: false,
  scale: 0,
  size: 0,
  symbols: [],
  fields: [],
});

class Reader {
  private readonly names = new Map<string, AvroType>();

  type(json: unknown, space: string, depth: number): AvroType {
    if (depth > DEPTH_MAX) refuse('types are nested too deep');
    if (typeof json === 'string') return this.named(json, space);
    if (Array.isArray(json)) return this.union(json, space, depth);
    if (json === null || typeof json !== 'object') return refuse('a type is neither a name nor an object');
    const object = json as Json;
    const kind = object['type'];
    if (typeof kind !== 'string') return this.type(kind, space, depth + 1);
    const type = this.complex(kind, object, space, depth);
    setLogical(type, object);
    return type;
  }
  private named(name: string, space: string): AvroType {
    if (PRIMITIVES.has(name)) return makeType(name as AvroKind);
    const found =
      this.names.get(name.includes('.') || space === '' ? name : `${space}.${name}`) ?? this.names.get(name);
    return found ?? refuse(`type ${name} is not known`);
  }
  private union(branches: readonly unknown[], space: string, depth: number): AvroType {
    const type = makeType('union');
    for (const branch of branches) {
      const of = this.type(branch, space, depth + 1);
      if (of.kind === 'union') refuse('a union is a branch of a union');
      type.fields.push({ name: '', type: of });
    }
    return type.fields.length === 0 ? refuse('a union has no branch') : type;
  }
  private complex(kind: string, json: Json, space: string, depth: number): AvroType {
    switch (kind) {
      case 'array':
      case 'map': {
        const type = makeType(kind);
        type.fields.push({
          name: '',
          type: this.type(json[kind === 'array' ? 'items' : 'values'], space, depth + 1),
        });
        return type;
      }
      case 'fixed': {
        const type = this.define('fixed', json, space);
        const size = json['size'];
        if (typeof size !== 'number' || !Number.isInteger(size) || size < 0 || size > FIXED_BYTES_MAX)
          refuse('a fixed type has no size');
        type.size = size as number;
        return type;
      }
      case 'enum': {
        const type = this.define('enum', json, space);
        const symbols: unknown = json['symbols'];
        if (!Array.isArray(symbols) || !symbols.every((s) => typeof s === 'string')) refuse('an enum has no symbols');
        type.symbols = symbols as readonly string[];
        return type;
      }
      case 'record':
      case 'error':
        return this.record(json, space, depth);
      default:
        return this.named(kind, space);
    }
  }
  private define(kind: AvroKind, json: Json, space: string): AvroType {
    const type = makeType(kind);
    this.names.set(fullName(json, space), type);
    return type;
  }
  private record(json: Json, space: string, depth: number): AvroType {
    const type = this.define('record', json, space);
    const name = fullName(json, space);
    const inner = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : '';
    const fields: unknown = json['fields'];
    if (!Array.isArray(fields)) return refuse('a record has no fields');
    for (const field of fields as readonly (Json | null)[]) {
      const fieldName = field?.['name'];
      if (typeof fieldName !== 'string' || !NAME.test(fieldName)) return refuse('a field has no name');
      type.fields.push({ name: fieldName, type: this.type(field!['type'], inner, depth + 1) });
    }
    return type;
  }
}
function fullName(json: Json, space: string): string {
  const name = json['name'];
  if (typeof name !== 'string' || !name.split('.').every((part) => NAME.test(part)))
    return refuse('a type has no name');
  if (name.includes('.')) return name;
  const of = typeof json['namespace'] === 'string' ? json['namespace'] : space;
  return of === '' ? name : `${of}.${name}`;
}
function setLogical(type: AvroType, json: Json): void {
  if (json['logicalType'] !== 'decimal' || (type.kind !== 'bytes' && type.kind !== 'fixed')) return;
  const [precision, scale] = [json['precision'], json['scale'] ?? 0];
  const isRight = (n: unknown): n is number => typeof n === 'number' && Number.isInteger(n) && n >= 0;
  if (!isRight(precision) || !isRight(scale) || scale > precision || scale > PRECISION_MAX) return;
  type.scale = scale;
  type.isDecimal = true;
}

/** Throws AvroSchemaError. */
export function parseAvroSchema(text: string): AvroType {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse('it is not JSON');
  }
  const type = new Reader().type(json, '', 0);
  return type.kind === 'record' ? type : refuse('its type is not record');
}
