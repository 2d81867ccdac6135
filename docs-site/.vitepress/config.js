// Node itself runs the TypeScript of the configuration: the bundler that VitePress would use knows older targets only.
const file = new URL('../src/site/config.ts', import.meta.url).href;

export default (await import(file)).config;
