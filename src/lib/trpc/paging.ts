import type { Page } from '@everbeat/domain';

/** The option of an infinite query over a procedure that returns a `Page`. */
export const byCursor = { getNextPageParam: (page: Page<unknown>) => page.nextCursor };
