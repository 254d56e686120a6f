import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { createTempFolder } from '@everbeat/testkit';
import { Holder } from './holder';

/** Data folders for tests: copies of one that was created once, which is what takes the time. */
export class Folders {
  private readonly all: string[] = [];

  private constructor(private readonly template: string) {}

  static async create(name: string): Promise<Folders> {
    const template = await createTempFolder(name);
    const holder = new Holder(template);
    await holder.ready();
    await holder.stop();
    return new Folders(template);
  }

  /** A folder with a database that was stopped in order. */
  async copy(): Promise<string> {
    const folder = await this.empty();
    // With the owners of the files, which Postgres insists on.
    await promisify(execFile)('cp', ['-a', `${this.template}/.`, folder]);
    return folder;
  }

  async empty(): Promise<string> {
    const folder = await createTempFolder('embedded');
    this.all.push(folder);
    return folder;
  }

  async remove(): Promise<void> {
    for (const folder of [this.template, ...this.all]) await rm(folder, { recursive: true, force: true });
  }
}
