import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContext } from 'node:tls';
import { ConfigError } from './config.ts';

/**
 * Reads the files of wss://.
 * @throws ConfigError which names the key and the file
 */
export function readCertificate({ tls_cert, tls_key }: { tls_cert: string; tls_key: string }): SecureContext {
  const cert = read('server.tls_cert', tls_cert);
  const key = read('server.tls_key', tls_key);
  try {
    return createSecureContext({ cert, key });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const wrong =
      code === 'ERR_OSSL_X509_KEY_VALUES_MISMATCH'
        ? 'they do not belong together'
        : `they must be a certificate chain and its key in PEM, without a passphrase (${message})`;
    throw new ConfigError([`server.tls_cert ${tls_cert} and server.tls_key ${tls_key}: ${wrong}`]);
  }
}

function read(key: string, path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new ConfigError([
      `${key}: ${path} cannot be read (${code}): see that it exists and that the relay may read it`,
    ]);
  }
}
