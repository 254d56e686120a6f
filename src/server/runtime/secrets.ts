import { errorMessage } from '@everbeat/domain';
import type { Container } from '../container/container';
import { LOCAL_USER_ID } from '../services/system/localUser';

/**
 * Says once that stored secrets cannot be opened: the server starts all the same, for all that needs none.
 * Never rejects.
 */
export async function logSecrets({ secrets, logger }: Container): Promise<void> {
  try {
    const { problem } = await secrets.view(LOCAL_USER_ID);
    if (problem !== null) logger.error({}, problem);
  } catch (error) {
    logger.error(
      { reason: errorMessage(error) },
      'Whether stored secrets can be opened could not be found out',
    );
  }
}
