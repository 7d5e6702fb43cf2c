/**
 * What the server says it is: Redshift's PostgreSQL 8.0.2 with a padb version behind it. Clients parse these texts
 * (SQLAlchemy, DBeaver, typeorm read both numbers of VERSION_TEXT), so they keep the real service's shape.
 */
export const SERVER_VERSION = '8.0.2';
export const PADB_VERSION = '1.0.117891';
export const PADB_REVISION = 'slicehouse-0.1.0';
/** Result of version(). */
export const VERSION_TEXT =
  'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), ' +
  `Redshift ${PADB_VERSION}`;
/** Version of this package. */
export const SLICEHOUSE_VERSION = '0.1.0';
