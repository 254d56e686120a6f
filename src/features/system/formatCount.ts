import { LIMITS } from '@everbeat/domain';

/** "37", or "10,000+" where the server stopped counting. */
export const formatCount = (count: number): string => {
  const digits = count.toLocaleString('en');
  return count >= LIMITS.countedTasksMax ? `${digits}+` : digits;
};
