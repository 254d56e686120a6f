import { startServer } from '#background';

/** Called by Next once, before the first request is served. */
export const register = startServer;
