import { BootSettings, bootKeys } from '#contract/boot-settings';
import { undecidableChecks } from '#domain/face-checks';
import { unsupportedPolicies } from '../../engine/services/handlers/unsupported.ts';

/** The boot settings as a table: every key is an environment variable and a key of `perigee.yaml`. */
function settingsTable(): string {
  const defaults = BootSettings.parse({});
  const rows = bootKeys.map((key) => {
    const value = defaults[key];
    const shown = value === undefined ? '' : `\`${typeof value === 'object' ? JSON.stringify(value) : value}\``;
    const description = BootSettings.shape[key].description ?? '';
    return `| \`PERIGEE_${key.toUpperCase()}\` | ${shown} | ${description.replaceAll('|', '\\|')} |`;
  });
  return ['| setting | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** What LP5 knows and this appliance answers with an error, from the lists that the refusals themselves use. */
function compatibilityTable(): string {
  const rows: [string, string][] = [
    ...unsupportedPolicies.map(({ member, reason }): [string, string] => [
      `\`policies.${member}\``,
      `11044: ${reason}`,
    ]),
    [
      `\`face_quality\` and \`/iso\` checks ${undecidableChecks.map((name) => `\`${name}\``).join(', ')}`,
      '11044: no network of this appliance decides them',
    ],
    ['bodies: `/samples/bodies` apart, `/matcher/bodies`, body switches of `/detector` and `/sdk`', '11044'],
    ['`xpk_file` descriptors', '12026: the format is not public'],
    ["descriptors of VisionLabs' networks", '12036: they are recognised and never compared with ours'],
    ['`mask`, `glasses`, `ethnicities`, `deepfake` in answers', '`null`: not estimated'],
    ['Tasks, Licenses, Admin, Configurator, Backport 3 and 4, User Interface 3 and 4', 'not yet: 12013'],
  ];
  return ['| LP5 | here |', '|---|---|', ...rows.map(([what, how]) => `| ${what} | ${how} |`)].join('\n');
}

const sections: Readonly<Record<string, () => string>> = {
  settings: settingsTable,
  compatibility: compatibilityTable,
};

/** `text` with what stands between `<!-- generated: name -->` and `<!-- end -->` made again. */
export function renderReadme(text: string): string {
  return text.replace(
    /(<!-- generated: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, start: string, name: string, end: string) => {
      const make = sections[name];
      if (!make) throw new Error(`README.md: there is no generated section '${name}'`);
      return `${start}\n${make()}\n\n${end}`;
    },
  );
}
