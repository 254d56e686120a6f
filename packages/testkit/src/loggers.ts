import type { Logger } from '@everbeat/domain';

const ignore = (): void => undefined;
const print = (fields: object, message: string): void => console.error(message, fields);

/** Discards every line. */
export const silentLogger: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore };

/** Prints warnings and errors to stderr and discards the rest. */
export const problemLogger: Logger = { debug: ignore, info: ignore, warn: print, error: print };
