import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';

/**
 * Lists the TODO comments below a folder. A language model would work on the prompt; this program only names
 * its task.
 */
const folder = process.argv[2] ?? '.';
const prompt = await text(process.stdin);
const task = process.env.EVERBEAT_TASK_IDENTIFIER ?? 'a task';
console.error(`Working on ${task}, with ${prompt.length} characters of prompt`);

const todos = [];
for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath, entry.name);
  if (!entry.isFile() || file.includes('node_modules')) continue;
  const lines = (await readFile(file, 'utf8')).split('\n');
  lines.forEach((line, index) => {
    if (/\bTODO\b/.test(line)) todos.push(`- \`${file}:${index + 1}\` ${line.trim()}`);
  });
}

console.log(todos.length === 0 ? 'There is nothing to do.' : todos.join('\n'));

// What is printed is the report. Everything else goes into the file that Everbeat names.
if (process.env.EVERBEAT_REPORT) {
  const fields = { title: `${todos.length} to do`, goalMet: todos.length === 0 };
  await writeFile(process.env.EVERBEAT_REPORT, JSON.stringify(fields));
}
