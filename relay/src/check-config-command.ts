import type { Command } from 'commander';
import { type ConfigFlags, configSources, withConfigFlags } from './config-flags.ts';

const EXAMPLES = `
Prints each key in force as TOML, with where it comes from, and exits with 0; or all that is wrong, and exits with 2.

Examples:
  $ 0k-sync-relay check-config --config relay.toml
  $ ZK_SYNC_SERVER_OPEN_GROUPS=false 0k-sync-relay check-config`;

export function addCheckConfigCommand(program: Command): void {
  const command = program
    .command('check-config')
    .description('show the configuration in force, or what is wrong in it');
  withConfigFlags(command)
    .addHelpText('after', EXAMPLES)
    .action(async (_, command: Command) => {
      const [{ loadConfig, renderConfig }, { readCertificate }] = await Promise.all([
        import('./config.ts'),
        import('./certificate.ts'),
      ]);
      const { config, settings } = loadConfig(configSources(command.optsWithGlobals<ConfigFlags>()));
      if (config.server.tls_cert !== '') readCertificate(config.server);
      process.stdout.write(renderConfig(settings));
    });
}
