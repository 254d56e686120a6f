/**
 * The label of a key that the server sent, or undefined: a newer server may send keys that this page does not
 * know.
 */
export const labelOf = (labels: Readonly<Record<string, string>>, key: string | null): string | undefined =>
  key !== null && Object.hasOwn(labels, key) ? labels[key] : undefined;
