const STEP = /\.?\[(\d*)\]|\.?\["([^"\\]+)"\]|\.([A-Za-z_]\w*)/y;

/** The JSONPath of a jq expression that only walks down: `.items[0].price`. Null for any other. */
export function jsonPathOfJq(expression: string): string | null {
  const text = expression.trim();
  if (text === '.') return '$';
  let path = '$';
  STEP.lastIndex = 0;
  while (STEP.lastIndex < text.length) {
    const [whole, index, quoted, name] = STEP.exec(text) ?? [];
    if (whole === undefined) return null;
    if (index !== undefined) path += index === '' ? '[*]' : `[${index}]`;
    else path += quoted === undefined ? `.${name}` : `[${JSON.stringify(quoted)}]`;
  }
  return path === '$' ? null : path;
}
