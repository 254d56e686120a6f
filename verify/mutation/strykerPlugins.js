import { declareClassPlugin, declareValuePlugin, PluginKind } from '@stryker-mutator/api/plugin';

/**
 * A text with a space in it is a sentence for people: a message, a description, a line of a log. Its words are
 * not held by tests, and no decision reads them. Values of the closed lists, keys and patterns have no space.
 */
const isSentence = (text) => /\S\s|\s\S/.test(text);

const sentences = {
  shouldIgnore({ node }) {
    const isText =
      (node.type === 'StringLiteral' && isSentence(node.value)) ||
      (node.type === 'TemplateLiteral' && node.quasis.some(({ value }) => isSentence(value.raw)));
    return isText ? 'a sentence for people' : undefined;
  },
};

/** Prints each change that no test noticed at once, because a run may take hours. */
class Survivors {
  onMutantTested({ status, fileName, location, replacement, mutatorName }) {
    if (status !== 'Survived' && status !== 'NoCoverage') return;
    const { line, column } = location.start;
    console.log(`${status} ${fileName}:${line}:${column} ${mutatorName}: ${replacement}`);
  }
}

export const strykerPlugins = [
  declareValuePlugin(PluginKind.Ignore, 'sentences', sentences),
  declareClassPlugin(PluginKind.Reporter, 'survivors', Survivors),
];
