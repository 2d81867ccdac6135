import { get } from 'node:http';
import { get as getSecurely } from 'node:https';
import { Violation } from '../verdict.ts';
import { type Link, nobodyThere, untrusted } from './link.ts';

export interface HttpAnswer {
  readonly status: number;
  /** The media type with its parameters; empty if it is not stated. */
  readonly type: string;
  readonly body: string;
}

/** A longer answer is cut, in characters. */
const LONGEST = 4 * 2 ** 20;

/** GET of an `http://` or `https://` address. Redirects are not followed. @throws Unreachable if nobody is there; Violation if no answer comes */
export function httpGet(
  url: URL,
  { ca, signal, timeoutMs, trace }: Pick<Link, 'ca' | 'signal' | 'timeoutMs' | 'trace'>,
): Promise<HttpAnswer> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      const none = new Violation({ expected: [`an answer to GET ${url.pathname}`], actual: error.message });
      reject(signal.aborted ? signal.reason : (nobodyThere(error) ?? untrusted(error) ?? none));
    };
    const options = { signal, timeout: timeoutMs, agent: false, ...(ca !== undefined && { ca }) };
    const request = (url.protocol === 'https:' ? getSecurely : get)(url, options, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        if (body.length < LONGEST) body += text;
      });
      response.on('error', fail);
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        trace.record('http', 'event', `GET ${url.pathname}: ${status}, ${body.length} characters`);
        resolve({ status, type: headers['content-type'] ?? '', body });
      });
    });
    request.on('timeout', () => request.destroy(new Error(`nothing in ${timeoutMs / 1000} s`)));
    request.on('error', fail);
  });
}
