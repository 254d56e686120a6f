import { database, type Mutant, unit } from '../mutant';

const OWN_REQUEST = [unit('packages/agents/src/kinds/watch/ownRequest.test.ts')];
const TASK_SECRETS = [database('tests/api/taskSecrets.db.test.ts')];
const BROWSER = [unit('packages/agents/src/kinds/watch/browser/pageBrowser.test.ts')];

/** Where the headers and cookies of a watch may go. */
export const WATCH_SECRET_GUARDS: readonly Mutant[] = [
  {
    name: "a watch's headers and cookies go to no other origin that a redirect leads to",
    file: 'packages/agents/src/shared/safeFetch.ts',
    find: 'url.origin === typedUrl.origin ? request.own : undefined',
    replace: 'request.own',
    checks: OWN_REQUEST,
  },
  {
    name: "a watch's headers and cookies go to no other origin that a page in a browser calls",
    file: 'packages/agents/src/kinds/watch/browser/ownHeaders.ts',
    find: '({ origin }) => origin === own.origin',
    replace: '() => true',
    checks: BROWSER,
  },
  {
    name: 'a page takes no more of its origin than fits into the memory',
    file: 'packages/agents/src/kinds/watch/browser/ownHeaders.ts',
    find: 'Math.min(BYTES_MAX, bytesLeft)',
    replace: 'Number.MAX_SAFE_INTEGER',
    checks: BROWSER,
  },
  {
    name: 'a page is read beside its scripts',
    file: 'packages/agents/src/kinds/watch/browser/renderedHtml.ts',
    find: 'contextId: world.executionContextId,',
    replace: '',
    checks: BROWSER,
  },
  {
    name: 'a page that quotes the headers of a watch brings them into no report',
    file: 'packages/agents/src/kinds/watch/fetchPage.ts',
    find: 'reading: withoutSecrets(plain, own.secrets),',
    replace: 'reading: plain,',
    checks: OWN_REQUEST,
  },
  {
    name: "secrets in a task's settings are masked where they leave the server",
    file: 'src/server/services/secrets/maskedConfig.ts',
    find: 'config: shownTaskConfig(storedConfig)',
    replace: 'config: storedConfig',
    checks: TASK_SECRETS,
  },
  {
    name: 'a mask in an edit of a task stands for what is stored',
    file: 'src/server/services/tasks/TaskService.ts',
    find: 'await secrets.editTask(userId, task, edit.config)',
    replace: 'edit.config',
    checks: TASK_SECRETS,
  },
  {
    name: "a mask in a trial's settings stands for nothing",
    file: 'src/server/services/agents/AgentService.ts',
    find: 'given && unmaskConfig(agent.kind, given, {})',
    replace: 'given',
    checks: TASK_SECRETS,
  },
];
