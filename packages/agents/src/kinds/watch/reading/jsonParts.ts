import { type JSONPathNode, type JSONValue, query } from 'json-p3';
import { isLosslessNumber, parse, stringify } from 'lossless-json';
import { canonicalJson } from '../compare/jsonTree';

/**
 * What a JSONPath (RFC 9535) selects in JSON, and how many parts that are: values line by line, anything
 * larger as JSON.
 * @throws whatever the libraries throw at what is no JSON
 */
export function jsonParts(source: string, path: string): { text: string; matches: number } {
  const values = parse(source, null, { onDuplicateKey: ({ newValue }) => newValue });
  const plain: JSONValue = JSON.parse(source);
  const parts = query(path, plain).nodes.map((node) => at(values, node));
  return { text: textOf(parts), matches: parts.length };
}

function textOf(parts: readonly unknown[]): string {
  if (parts.every(isValue)) return parts.map(String).join('\n');
  return canonicalJson(stringify(parts.length === 1 ? parts[0] : parts) ?? '') ?? '';
}

/** The query compares numbers, so it runs over plain ones; the text comes from those as they were written. */
const at = (values: unknown, { location }: JSONPathNode): unknown =>
  location.reduce<unknown>((inside, key) => {
    if (Array.isArray(inside)) return inside[Number(key)];
    return typeof inside === 'object' && inside !== null ? Reflect.get(inside, key) : undefined;
  }, values);

const isValue = (value: unknown): boolean =>
  typeof value !== 'object' || value === null || isLosslessNumber(value);
