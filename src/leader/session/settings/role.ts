/**
 * Setting role: the role the session acts as. There are no roles, so only none.
 */
import { featureNotSupported } from '../../../common/errors/catalogue.ts';
import { setting } from './define.ts';

export default setting({
  name: 'role',
  default: 'none',
  doc: 'Current role; only none is known.',
  keptByResetAll: true,
  validate: (values) => {
    const name = values.join(', ');
    if (name.toLowerCase() !== 'none')
      throw featureNotSupported(`SET ROLE ${name} is not supported: there are no roles`);
    return 'none';
  },
});
