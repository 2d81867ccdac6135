import type { RelayParts, Storage } from '@0k-sync/relay';

/**
 * A change of what the relay keeps: operations that stand before those of the storage it has.
 *
 * @example
 * parts: withStorage((storage) => ({ push: async (request) => ({ ...(await storage.push(request)), fresh: true }) }))
 */
export function withStorage(change: (storage: Storage, parts: RelayParts) => Partial<Storage>) {
  return (parts: RelayParts): RelayParts => {
    const { storage } = parts;
    const changed = change(storage, parts);
    const wrapped: Storage = {
      hello: (request) => storage.hello(request),
      push: (request) => storage.push(request),
      pull: (request) => storage.pull(request),
      pending: (...request) => storage.pending(...request),
      delete: (request) => storage.delete(request),
      revoke: (request) => storage.revoke(request),
      devices: (...request) => storage.devices(...request),
      setToken: (request) => storage.setToken(request),
      cleanUp: () => storage.cleanUp(),
      forgetGroups: (groups) => storage.forgetGroups(groups),
      totals: () => storage.totals(),
      failed: storage.failed,
      close: () => storage.close(),
      ...changed,
    };
    return { ...parts, storage: wrapped };
  };
}
