import { describeCommandSandbox, errorMessage } from '@everbeat/domain';
import type { Container } from '../container/container';

/**
 * Says once what confines commands, as a warning where something better is wanted than was found. Never
 * rejects.
 */
export async function logCommandSandbox({ commandSandbox, logger }: Container): Promise<void> {
  try {
    const state = await commandSandbox();
    if (state === null) return;
    const sentence = `Commands are ${describeCommandSandbox(state)}`;
    if (state.problem === null) return logger.info({ sandbox: state.kind }, sentence);
    logger.warn(
      { sandbox: state.kind, exposed: state.exposed },
      `${sentence}. The section on commands in docs/OPERATIONS.md says what helps`,
    );
  } catch (error) {
    logger.error({ reason: errorMessage(error) }, 'What confines commands could not be found out');
  }
}
