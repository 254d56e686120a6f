import { defaultTaskName, LIMITS } from '@everbeat/domain';
import { cleanCut } from './untrusted';

/**
 * The name that a person gave the task; empty for one that was made from its instruction, which follows it
 * anyway.
 */
export const ownName = ({ name, instruction }: { name: string; instruction: string }): string =>
  name === defaultTaskName(instruction) ? '' : cleanCut(name, LIMITS.nameCharsMax);
