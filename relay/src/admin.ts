import { createServer, type ServerResponse } from 'node:http';
import { listen } from './listen.ts';
import type { Metrics } from './metrics.ts';
import type { Totals } from './storage.ts';
import { VERSION } from './version.ts';

export interface AdminOptions {
  host: string;
  port: number;
  metrics: Metrics;
  /** Whether there is a /metrics. */
  metricsEnabled: boolean;
  uptimeSeconds(): number;
  /** What is stored; undefined, or rejected, when the relay serves nobody. */
  totals(): Promise<Totals | undefined>;
}

export interface AdminListener {
  /** `http://host:port/`. */
  readonly url: string;
  close(): void;
}

/** What is for the operator alone: /health in full and /metrics, at an address of their own. */
export async function listenAdmin(options: AdminOptions): Promise<AdminListener> {
  const { metrics } = options;

  async function serve(path: string, response: ServerResponse): Promise<void> {
    const uptimeSeconds = options.uptimeSeconds();
    const totals = await options.totals().catch(() => undefined);
    if (path === '/metrics') {
      answer(response, 200, 'text/plain; version=0.0.4; charset=utf-8', await metrics.text({ uptimeSeconds, totals }));
      return;
    }
    const health = {
      status: totals ? 'ok' : 'failing',
      version: VERSION,
      connections: metrics.read('connections_active'),
      groups: metrics.read('groups_active'),
      uptime_seconds: Math.floor(uptimeSeconds),
      total_blobs: totals?.blobs,
      storage_bytes: totals?.bytes,
      groups_with_data: totals?.groups,
    };
    answer(response, totals ? 200 : 503, 'application/json', JSON.stringify(health));
  }

  const paths = options.metricsEnabled ? ['/health', '/metrics'] : ['/health'];
  const server = createServer(({ method = '', url = '' }, response) => {
    const path = url.split('?', 1)[0]!;
    if (!paths.includes(path)) answer(response, 404, 'text/plain', `Here is ${paths.join(' and ')}.\n`);
    else if (['GET', 'HEAD'].includes(method)) void serve(path, response);
    else answer(response.setHeader('allow', 'GET, HEAD'), 405, 'text/plain', 'Only GET and HEAD.\n');
  });
  const { host, port } = await listen(server, options.host, options.port, 'admin.bind');
  return {
    url: `http://${host}:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answer(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
}
