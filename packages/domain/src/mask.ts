/** Replaces each stored secret in what clients see. A client that sends it back means the stored value. */
export const MASK = '••••••••';
