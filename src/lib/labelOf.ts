/** The label of a key that may come from a newer server than this page, and so be missing; then undefined. */
export const labelOf = (labels: Readonly<Record<string, string>>, key: string | null): string | undefined =>
  key !== null && Object.hasOwn(labels, key) ? labels[key] : undefined;
