/** A configuration that holds secrets: in some of its fields, as a text or as an object of texts by name. */
export type Config = Record<string, unknown>;

/**
 * The configuration with each text in the given fields replaced. `path` is where a text is, such as
 * `headers.Authorization`.
 */
export const mapSecretTexts = (
  config: Config,
  fields: readonly string[],
  map: (text: string, path: string) => string,
): Config =>
  Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      fields.includes(name) ? mapped(value, name, map) : value,
    ]),
  );

function mapped(value: unknown, path: string, map: (text: string, path: string) => string): unknown {
  if (typeof value === 'string') return map(value, path);
  if (Array.isArray(value)) return value.map((item, index) => mapped(item, `${path}.${index}`, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, mapped(item, `${path}.${name}`, map)]),
  );
}

/** The texts that `mapSecretTexts` would replace. */
export function secretTextsOf(config: Config, fields: readonly string[]): string[] {
  const texts: string[] = [];
  mapSecretTexts(config, fields, (text) => {
    texts.push(text);
    return text;
  });
  return texts;
}
