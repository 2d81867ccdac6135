import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const execute = promisify(execFile);

export const HOW_TO_INSTALL = 'go install github.com/Shopify/toxiproxy/v2/cmd/server@v2.12.0';

/** How it is called where it was installed from a package, and by `go install`. */
const NAMES = ['toxiproxy-server', 'server'];

/** How long a program may take to say its version, or where it installs to, in milliseconds. */
const ASK_MS = 5000;

/** The first Toxiproxy on the PATH or among what `go install` made; undefined if there is none. */
export async function findToxiproxy(): Promise<string | undefined> {
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const folder of [...path, ...(await goFolders())]) {
    for (const name of NAMES) {
      const file = join(folder, name);
      if (await isToxiproxy(file)) return file;
    }
  }
  return undefined;
}

/** Whether a file is Toxiproxy's server. Others may be called `server` too, and are not started to find out. */
export async function isToxiproxy(file: string): Promise<boolean> {
  try {
    await access(file, constants.X_OK);
    if (!(await readFile(file)).includes('toxiproxy-server version')) return false;
    const { stdout } = await execute(file, ['-version'], { timeout: ASK_MS });
    return stdout.startsWith('toxiproxy-server version');
  } catch {
    return false;
  }
}

async function goFolders(): Promise<string[]> {
  try {
    const { stdout } = await execute('go', ['env', 'GOBIN', 'GOPATH'], { timeout: ASK_MS });
    const [bin = '', path = ''] = stdout.split('\n');
    return bin === '' ? path.split(delimiter).map((folder) => join(folder, 'bin')) : [bin];
  } catch {
    return []; // There is no Go here.
  }
}
