/**
 * What the commands with a backslash ask the catalog. A pattern is psql's: * and ? stand for characters, a dot parts schema
 * and name; without one only what the search path shows is listed.
 */
export const literal = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;

/** The pattern as a condition over two columns. */
function matches(pattern: string, schema: string, name: string, visible: string): string {
  const part = (text: string): string => {
    const plain = text.startsWith('"') ? text.replaceAll('"', '') : text.toLowerCase();
    const regular = plain
      .replace(/[\\^$+.()|[\]{}]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    return literal(`^(${regular})$`);
  };
  const dot = pattern.indexOf('.');
  if (dot < 0) return `${name} ~ ${part(pattern)}${pattern.includes('*') ? '' : visible}`;
  return `${schema} ~ ${part(pattern.slice(0, dot))} and ${name} ~ ${part(pattern.slice(dot + 1) || '*')}`;
}
const RELATIONS = `from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join pg_user u on u.usesysid = c.relowner`;
const OURS = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_internal', 'pg_toast')`;
const VISIBLE = ' and pg_table_is_visible(c.oid)';

function relations(kinds: string, pattern: string): string {
  const where = pattern === '' ? `${OURS}${VISIBLE}` : matches(pattern, 'n.nspname', 'c.relname', '');
  return `select n.nspname as "Schema", c.relname as "Name",
    case c.relkind when 'r' then 'table' when 'v' then 'view' when 'm' then 'materialized view' else c.relkind::varchar end as "Type",
    u.usename as "Owner" ${RELATIONS} where c.relkind in (${kinds}) and ${where} order by 1, 2`;
}
export const TABLES = (pattern: string): string => relations(`'r'`, pattern);
export const RELATIONS_LIST = (pattern: string): string => relations(`'r', 'v'`, pattern);
export const VIEWS = (pattern: string): string => relations(`'v'`, pattern);
export const SCHEMAS = (pattern: string): string =>
  `select n.nspname as "Name", u.usename as "Owner" from pg_namespace n left join pg_user u on u.usesysid = n.nspowner
  where ${pattern === '' ? `n.nspname not like 'pg\\\\_%' and n.nspname <> 'information_schema'` : matches(`*.${pattern}`, 'n.nspname', 'n.nspname', '')}
  order by 1`;
export const USERS = (): string =>
  `select usename as "User name", usesuper as "Superuser", usecreatedb as "Create DB", valuntil as "Valid until"
  from pg_user order by 1`;
export const DATABASES = (): string =>
  `select d.datname as "Name", u.usename as "Owner" from pg_database d left join pg_user u on u.usesysid = d.datdba order by 1`;
export const FUNCTIONS = (pattern: string): string =>
  `select n.nspname as "Schema", p.proname as "Name", format_type(p.prorettype, null) as "Result data type",
    oidvectortypes(p.proargtypes) as "Argument data types"
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where ${pattern === '' ? OURS : matches(pattern, 'n.nspname', 'p.proname', '')} order by 1, 2, 4`;

/** Relations that `\\d name` means: oid, schema, name, kind. */
export const NAMED = (pattern: string): string =>
  `select c.oid, n.nspname, c.relname, c.relkind ${RELATIONS}
  where c.relkind in ('r', 'v') and ${matches(pattern, 'n.nspname', 'c.relname', VISIBLE)} order by 2, 3`;
export const COLUMNS = (oid: string): string =>
  `select a.attname as "Column", format_type(a.atttypid, a.atttypmod) as "Type",
    case when a.attnotnull then 'not null' else '' end as "Nullable", d.adsrc as "Default"
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = ${literal(oid)}::oid and a.attnum > 0 and not a.attisdropped order by a.attnum`;
/** Lines below the columns: how a table is distributed and sorted. */
export const STORAGE = (schema: string, name: string): string =>
  `select diststyle, sortkey1 from svv_table_info where "schema" = ${literal(schema)} and "table" = ${literal(name)}`;
export const CONSTRAINTS = (oid: string): string =>
  `select conname, pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = ${literal(oid)}::oid order by 1`;

/** Names that begin so: relations and schemas, columns of relations that the statement names, functions. */
export const NAMES_MAX = 100;
const begins = (column: string, prefix: string): string =>
  `substring(${column}, 1, ${[...prefix].length}) = ${literal(prefix.toLowerCase())}`;
export const RELATION_NAMES = (schema: string, prefix: string): string =>
  schema === ''
    ? `select relname as name from pg_class c where relkind in ('r', 'v') and pg_table_is_visible(c.oid) and ${begins('relname', prefix)}
       union select nspname || '.' from pg_namespace where ${begins('nspname', prefix)} order by 1 limit ${NAMES_MAX}`
    : `select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where relkind in ('r', 'v') and nspname = ${literal(schema.toLowerCase())} and ${begins('relname', prefix)} order by 1 limit ${NAMES_MAX}`;
export const COLUMN_NAMES = (relations: readonly string[], prefix: string): string =>
  `select distinct a.attname as name from pg_attribute a join pg_class c on c.oid = a.attrelid
   where a.attnum > 0 and c.relname in (${relations.map(literal).join(', ')}) and ${begins('a.attname', prefix)} order by 1 limit ${NAMES_MAX}`;
export const FUNCTION_NAMES = (prefix: string): string =>
  `select distinct proname as name from pg_proc where ${begins('proname', prefix)} order by 1 limit ${NAMES_MAX}`;
