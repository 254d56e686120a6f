import { database, type Mutant, unit } from '../mutant';
import { of as statements } from './statementMutants';

const API = database(
  'tests/api/documents.db.test.ts',
  'tests/api/ownership.db.test.ts',
  'tests/guards/owners.db.test.ts',
);
const LOOP = database('tests/loop/documents.db.test.ts');

const SAVES = statements(
  'writes/documents.ts',
  'documents',
  [API],
  [
    ['a person saves one at a time', ' for no key update`', '`'],
    ['a person saves into a task of their own', 'and user_id = $1 and', 'and $1::text is not null and'],
    ['a text was made from the newest version', 'and ($5::int is null or f.current = $5)', 'and true'],
    ['a task has room for a new document', 'and (f.current > 0 or not f.is_full)', ''],
    [
      'a text that is there already makes no version',
      'and $4 is distinct from (select content from newest)',
      '',
    ],
    ['a decision about documents looks again', 'set revision = t.revision + 1', 'set revision = t.revision'],
    [
      'live pages hear of a version',
      "'document', name, $6::timestamptz from added",
      "'document', name, $6::timestamptz from added where false",
    ],
  ],
);

const SETTLEMENT = statements(
  'commit/report.ts',
  'documents',
  [LOOP],
  [
    [
      'a run makes no version of what is there already',
      'where n.text is distinct from n.before and',
      'where',
    ],
    ['a text is added to the version before', 'd.version = n.version - 1', 'd.version = n.version - 2'],
    ['past versions are removed', 'd.version <= n.version -', 'd.version <= 0 * n.version -'],
  ],
);

const READS: Mutant[] = [
  {
    name: 'documents: a reader owns the task',
    file: 'packages/database/src/reads/documents.ts',
    find: 'and t.user_id = ${owner}',
    replace: 'and ${owner}::text is not null',
    checks: [API],
  },
  {
    name: 'documents: the prompt has those of the same owner',
    file: 'packages/database/src/prompt/promptContext.ts',
    find: "also: 'd.user_id = t.user_id' })",
    replace: "also: 'true' })",
    checks: [database('packages/database/src/prompt/promptContext.db.test.ts')],
  },
  {
    name: 'documents: the memory of another task is its own',
    file: 'packages/database/src/prompt/promptContext.ts',
    find: " and d.name <> '${MEMORY_DOCUMENT}'",
    replace: '',
    checks: [database('tests/loop/documentPrompts.db.test.ts')],
  },
];

const decision = (name: string, find: string, replace: string): Mutant => ({
  name: `documents: ${name}`,
  file: 'packages/domain/src/documentWrites.ts',
  find,
  replace,
  checks: [unit('packages/domain/src/documentWrites.test.ts')],
});

const DECISIONS: Mutant[] = [
  decision('a run does not overwrite what it has not seen', 'conflicts.has(name) || isStale(', 'isStale('),
  decision(
    'what a person has saved since the run began counts',
    "current?.updatedBy === 'user' && current.id > operationId",
    'false',
  ),
  decision(
    'the version that an agent names is the newest',
    'return baseVersion !== (current?.version ?? 0) && baseVersion !== before?.version;',
    'return false;',
  ),
  decision('a task has a limit of documents', 'others >= LIMITS.documentsPerTaskMax', 'others < 0'),
  decision('a document has a limit of bytes', 'bytes > LIMITS.documentBytesMax', 'bytes < 0'),
  decision('the same name has one document', 'isSameName(document.name, name)', 'document.name === name'),
];

const tool = (name: string, find: string, replace: string): Mutant => ({
  name: `documents: ${name}`,
  file: 'packages/agents/src/kinds/model/documentTools.ts',
  find,
  replace,
  checks: [
    unit('packages/agents/src/kinds/model/documentTools.test.ts'),
    database('tests/steps/documents.db.test.ts'),
  ],
});

const TOOLS: Mutant[] = [
  tool('a model is told how to bring two texts together', "why === 'conflict'\n      ?", 'false ?'),
  tool('a run writes so often and no more', 'writes.count >= LIMITS.documentsPerRunMax', 'false'),
  tool(
    'what was written is counted again after a takeover',
    'restore: () => {\n        writes.count += 1;',
    'restore: () => {',
  ),
];

/** That documents are written once, by their owners, over what their writers have seen. */
export const DOCUMENT_GUARDS: readonly Mutant[] = [...SAVES, ...SETTLEMENT, ...READS, ...DECISIONS, ...TOOLS];
