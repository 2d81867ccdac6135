import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './relay-harness.ts';

const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'pipe' });
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** An authority in a temporary folder, which signs certificates for this machine. */
export function createAuthority() {
  const folder = temporaryFolder();
  const file = (name: string) => join(folder, name);
  openssl(
    'req',
    '-x509',
    ...KEY,
    '-subj',
    '/CN=Test CA',
    '-days',
    '2',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.pem'),
  );
  writeFileSync(file('names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  return {
    /** Path of its own certificate. */
    path: file('ca.pem'),
    pem: readFileSync(file('ca.pem')),
    /** Writes a certificate with a new key for localhost and 127.0.0.1; returns the paths, as the configuration names them. */
    sign(name = 'relay') {
      const [request, tls_cert, tls_key] = [file(`${name}.csr`), file(`${name}.pem`), file(`${name}.key`)];
      openssl('req', ...KEY, '-subj', '/CN=localhost', '-keyout', tls_key, '-out', request);
      const signing = ['-CA', file('ca.pem'), '-CAkey', file('ca.key'), '-CAcreateserial', '-extfile', file('names')];
      openssl('x509', '-req', '-in', request, '-days', '1', ...signing, '-out', tls_cert);
      return { tls_cert, tls_key };
    },
  };
}
