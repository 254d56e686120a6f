import type { MutantResult } from '@stryker-mutator/api/core';
import type { Ignorer } from '@stryker-mutator/api/ignore';
import { declareClassPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';
import type { Reporter } from '@stryker-mutator/api/report';
import { z } from 'zod';
import { isUnnoticed } from './report';
import { WarmStrykerRunner } from './runner/WarmStrykerRunner';

/**
 * A text with a space in it is a sentence for people: a message, a description, a line of a log. Its words
 * are not held by tests, and no decision reads them. Values of the closed lists, keys and patterns have no
 * space.
 */
const isSentence = (text: string): boolean => /\S\s|\s\S/.test(text);

/** Of Babel's nodes, those that hold text. */
const textNode = z.discriminatedUnion('type', [
  z.object({ type: z.literal('StringLiteral'), value: z.string() }).transform(({ value }) => [value]),
  z
    .object({
      type: z.literal('TemplateLiteral'),
      quasis: z.array(z.object({ value: z.object({ raw: z.string() }) })),
    })
    .transform(({ quasis }) => quasis.map(({ value }) => value.raw)),
]);

const sentences: Ignorer = {
  shouldIgnore(path) {
    const node = 'node' in path ? textNode.safeParse(path.node) : undefined;
    return node?.data?.some(isSentence) ? 'a sentence for people' : undefined;
  },
};

const identifier = z.object({ name: z.literal('logger') });
/** `logger.warn(…)`, `this.deps.logger.warn(…)` */
const logCall = z.object({
  type: z.literal('CallExpression'),
  callee: z.object({ object: z.union([identifier, z.object({ property: identifier })]) }),
});

/** What a line of the log says beside its sentence. That it is written at all is not left out. */
const logs: Ignorer = {
  shouldIgnore(path) {
    return 'node' in path && logCall.safeParse(path.node).success ? 'a line of a log' : undefined;
  },
};

/** Prints each change that no test noticed at once, because a run may take long. */
class Survivors implements Reporter {
  onMutantTested(mutant: MutantResult): void {
    if (!isUnnoticed(mutant)) return;
    const { line, column } = mutant.location.start;
    console.log(`${mutant.status} ${mutant.fileName}:${line}:${column} ${mutant.replacement}`);
  }
}

export const strykerPlugins = [
  declareClassPlugin(PluginKind.TestRunner, 'warm-vitest', WarmStrykerRunner),
  declareValuePlugin(PluginKind.Ignore, 'sentences', sentences),
  declareValuePlugin(PluginKind.Ignore, 'logs', logs),
  declareClassPlugin(PluginKind.Reporter, 'survivors', Survivors),
];
