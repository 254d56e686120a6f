/**
 * The label of a key that the server sent, or undefined: a newer server may send keys that this page does not
 * know.
 */
export const labelOf = <Label = string>(
  labels: Readonly<Record<string, Label>>,
  key: string | null,
): Label | undefined => (key !== null && Object.hasOwn(labels, key) ? labels[key] : undefined);
