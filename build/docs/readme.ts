import * as z from 'zod';
import { BootSettings, bootKeys } from '#contract/settings/boot-settings';
import { refusedCheckNames } from '#domain/face/checks/refused-checks';
import { unsupportedPolicies } from '../../engine/services/handlers/unsupported.ts';
import { MatcherSettings } from '../../engine/services/matcher/matcher.settings.ts';
import { MatcherProxySettings } from '../../engine/services/matcher-proxy/matcher-proxy.settings.ts';
import { PgvectorSettings } from '../../engine/services/matcher-proxy/plugins/pgvector/pgvector.settings.ts';
import { ThinSettings } from '../../engine/services/matcher-proxy/plugins/thin.settings.ts';

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

/**
 * The members of a setting that is an object of scalars, lists and more such objects, named by their path. One without a
 * default is asked for.
 */
function memberRows(schema: z.ZodPrefault | z.ZodObject, defaults: object, path: string): string[] {
  const { shape } = (schema instanceof z.ZodPrefault ? schema.unwrap() : schema) as z.ZodObject;
  return Object.entries(shape).flatMap(([name, member]) => {
    const value = (defaults as Record<string, unknown>)[name];
    const at = `${path}.${name}`;
    if (member instanceof z.ZodPrefault) return memberRows(member, value as object, at);
    const description = (member as z.ZodType).description;
    if (!description) throw new Error(`setting ${at} has no description`);
    const shown = value === undefined ? '' : `\`${JSON.stringify(value)}\``;
    return [`| \`${at}\` | ${shown} | ${description.replaceAll('|', '\\|')} |`];
  });
}

function membersTable(): string {
  const { url: _, ...pgvector } = PgvectorSettings.parse({ url: 'postgres://127.0.0.1/' });
  const plugins = 'matcher_proxy.plugin_settings';
  const rows = [
    ...memberRows(MatcherSettings, MatcherSettings.parse(undefined), 'matcher'),
    ...memberRows(MatcherProxySettings, MatcherProxySettings.parse(undefined), 'matcher_proxy'),
    ...memberRows(ThinSettings, ThinSettings.parse({}), `${plugins}.thin`),
    ...memberRows(PgvectorSettings, pgvector, `${plugins}.pgvector`),
  ];
  return ['| member | default | meaning |', '|---|---|---|', ...rows].join('\n');
}

/** What LP5 knows and this appliance answers with an error, from the lists that the refusals themselves use. */
function compatibilityTable(): string {
  const rows: [string, string][] = [
    ...unsupportedPolicies.map(({ member, reason }): [string, string] => [
      `\`policies.${member}\``,
      `11044: ${reason}`,
    ]),
    [
      `${refusedCheckNames.map((name) => `\`${name}\``).join(', ')} in the answers of \`/iso\` and \`estimate_face_quality\``,
      'absent; `status` is the AND of the checks that are there',
    ],
    ['bodies: `/samples/bodies` apart, `/matcher/bodies`, `detect_body` of `/detector` and `/sdk`', '11044'],
    [
      'switches of `/detector` and `/sdk` whose estimates no network of this appliance makes: masks, glasses, occlusion, ' +
        'deepfakes, bodies, people in the picture, modified pictures',
      '200, and `null` in their place: clients send them with others',
    ],
    ['`xpk_file` descriptors', '12026: the format is not public'],
    [
      'references with a descriptor of another version than the one extracted now: 400',
      'matched within their own version; comparing two versions is 12038',
    ],
    ["descriptors of VisionLabs' networks", '12036: they are recognised and never compared with ours'],
    [
      '`mask`, `glasses`, `ethnicities`, `deepfake`, `face_occlusion`, `people`, `image_modification`, `body` in answers',
      '`null`: not estimated',
    ],
    ['`/plugins` (since 5.54)', '12013: later than the version that is served'],
    [
      '`/configs` and `/luna_sys_info` answer everybody',
      'they need an account, as the host of the appliance is described there',
    ],
    ['Tasks, Licenses, Admin, Configurator, Backport 3 and 4, User Interface 3 and 4', 'not yet: 12013'],
  ];
  return ['| LP5 | here |', '|---|---|', ...rows.map(([what, how]) => `| ${what} | ${how} |`)].join('\n');
}

const sections: Readonly<Record<string, () => string>> = {
  settings: settingsTable,
  members: membersTable,
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
