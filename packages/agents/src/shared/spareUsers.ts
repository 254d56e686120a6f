/** Users without an account, from the numbers that Linux hosts keep for services and free when those end. */
export const COMMAND_UIDS = { from: 61_184, to: 65_518 } as const;
/** The user of the browser that reads pages, so that it is none of a task's commands. */
export const BROWSER_UID = 65_519;

export const canUseOtherUsers = (): boolean => process.platform === 'linux' && process.getuid?.() === 0;
