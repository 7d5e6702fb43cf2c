/**
 * Setting read_srid_on_shapefile_ingestion: whether COPY of a shapefile takes the SRID of its shapes from the .prj file beside it.
 */
import { booleanValue, setting } from './define.ts';

export default setting({
  name: 'read_srid_on_shapefile_ingestion',
  default: 'on',
  doc: 'Whether COPY of a shapefile takes the SRID of its shapes from the .prj file beside it.',
  validate: booleanValue(),
});
