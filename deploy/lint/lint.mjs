// What is deployed, held against the code: the compose file and the Dockerfile are well-formed, nothing in them is laxer than it says, and
// every place that names modules, keys or settings names the ones the program has. Prints each problem; fails when there is one.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DCLinter } from 'dclint';
import { validate } from 'dockerfile-utils';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (path) => readFileSync(join(root, path), 'utf8');
const problems = [];
const report = (where, what) => problems.push(`${where}: ${what}`);
const same = (where, what, found, wanted) => {
    const [a, b] = [[...new Set(found)].sort(), [...new Set(wanted)].sort()];
    for (const name of b.filter((x) => !a.includes(x))) report(where, `${what} ${name} is missing`);
    for (const name of a.filter((x) => !b.includes(x))) report(where, `${what} ${name} is not known to the code`);
};
const all = (text, pattern) => [...text.matchAll(pattern)].map((match) => match[1]);

// ---- What the code says

const server = join(root, 'src/Host/bin/Release/net10.0/ovation-server.dll');
const refused = spawnSync('dotnet', [server, '--modules', '?'], { encoding: 'utf8', env: { ...process.env, OVATION_DATA: '/nonexistent' } }).stderr;
const modules = /there are (.*)/.exec(refused)?.[1].trim().split(', ') ?? [];
if (modules.length === 0) throw new Error(`the program does not name its modules: ${refused}`);
const moduleFile = (name) => read(`src/${name[0].toUpperCase()}${name.slice(1)}/${name[0].toUpperCase()}${name.slice(1)}Module.cs`);
const keepsRows = modules.filter((name) => !moduleFile(name).includes('KeepsNothing = true'));
const keepsBlobs = modules.filter((name) => moduleFile(name).includes('KeepsBlobs = true'));
const settings = new Set(all(read('src/Platform/Settings/Settings.cs'), /\b(?:Get|Number|Url)\("([A-Z_]+)"/g).map((name) => `OVATION_${name}`));

const isSetting = (where, names) => names.filter((name) => !settings.has(name)).forEach((name) => report(where, `${name} is not a setting`));
const source = (folder) => readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? (['bin', 'obj'].includes(entry.name) ? [] : source(`${folder}/${entry.name}`)) : entry.name.endsWith('.cs') ? [read(`${folder}/${entry.name}`)] : []);
const keysIn = (text) => [...all(text, /ecrets\.(?:Text|Bytes)\("([a-z-]+)"/g), ...all(text, /ecrets\.Es256\("([a-z-]+)"/g).map((name) => `${name}.pem`),
    ...(/ecrets\.Instance\b/.test(text) ? ['instance'] : [])];
const ofEveryModule = keysIn(source('src/Platform').filter((text) => !text.includes('class Secrets(')).join('\n'));
// What only the chain of a laptop reads is made there.
const keysOf = (name) => [...ofEveryModule, ...keysIn(source(`src/${name[0].toUpperCase()}${name.slice(1)}`).join('\n'))].filter((key) => key !== 'embedded-chain-id');
const secretsOf = (name) => [...keysOf(name), ...(keepsRows.includes(name) ? [`db-${name}`, `bus-ovation-${name}`] : []), ...(keepsBlobs.includes(name) ? [`s3-${name}`] : [])];

// ---- The compose file

const compose = 'deploy/docker/compose.yaml';
const style = ['no-quotes-in-volumes', 'require-quotes-in-ports', 'service-dependencies-alphabetical-order', 'service-keys-order', 'service-ports-alphabetical-order', 'services-alphabetical-order', 'top-level-properties-order'];
const linter = new DCLinter({ rules: Object.fromEntries(style.map((rule) => [rule, 0])), quiet: false, debug: false, exclude: [] });
for (const file of linter.lintFiles([join(root, compose)], false))
    for (const message of file.messages) report(`${compose}:${message.line}`, message.message);

const { services, secrets, configs, volumes } = parse(read(compose), { merge: true });
const names = (list) => (list ?? []).map((entry) => (typeof entry === 'string' ? entry : entry.source));
for (const [name, service] of Object.entries(services)) {
    const where = `${compose}, ${name}`;
    if (service.read_only !== true) report(where, 'its root is not read-only');
    if (String(service.cap_drop) !== 'ALL' || service.cap_add) report(where, 'it keeps capabilities');
    if (!service.security_opt?.includes('no-new-privileges:true') || service.privileged) report(where, 'it may gain privileges');
    if (service.ports && name !== 'edge') report(where, 'it is published; only the edge is');
    if (!/:[^:]*\d/.test(service.image)) report(where, `the image ${service.image} is not pinned`);
    const given = names(service.secrets);
    const text = JSON.stringify(service);
    for (const [variable, value] of Object.entries(service.environment ?? {}))
        if (/PASSWORD|SECRET|KEY|CREDENTIAL/.test(variable) && !String(value).startsWith('/run/secrets')) report(where, `${variable} holds a secret itself`);
    const module = service.command?.[0] === '--modules' ? service.command[1] : null;
    for (const used of all(text, /\/run\/secrets\/([a-z0-9{}.-]+)/g)) {
        // Web is told where passwords would be and has none.
        const wanted = used.includes('{module}') ? (module ? (keepsRows.includes(module) ? [used.replace('{module}', module)] : []) : used && name === 'install' ? keepsRows.map((x) => used.replace('{module}', x)) : []) : [used];
        if (name === 'routes' && used.startsWith('tls-')) continue; // it only says where NGINX finds them
        wanted.filter((secret) => !given.includes(secret)).forEach((secret) => report(where, `it reads the secret ${secret} and is not given it`));
    }
    isSetting(where, Object.keys(service.environment ?? {}).filter((key) => key.startsWith('OVATION_')));
    if (modules.includes(module)) same(where, 'secret', given, secretsOf(module));
}
const modulesOf = Object.values(services).filter((service) => service.command?.[0] === '--modules').map((service) => service.command[1]);
same(compose, 'module', modulesOf, modules);
same(`${compose}, routes`, 'upstream', all(services.routes.entrypoint.join('\n'), /--upstream ([a-z]+)=/g), modules);
for (const [kind, declared, used] of [['secret', secrets, 'secrets'], ['config', configs, 'configs']])
    same(compose, kind, Object.keys(declared), Object.values(services).flatMap((service) => names(service[used])));
same(compose, 'volume', Object.keys(volumes), Object.values(services).flatMap((service) => (service.volumes ?? []).map((volume) => volume.split(':')[0])));
for (const config of Object.values(configs)) if (!config.file.startsWith('$') && !existsSync(join(root, 'deploy/docker', config.file))) report(compose, `${config.file} does not exist`);

// ---- The Dockerfile

const dockerfile = read('deploy/docker/Dockerfile');
for (const problem of validate(dockerfile, {})) report(`deploy/docker/Dockerfile:${problem.range.start.line + 1}`, problem.message);
for (const image of all(dockerfile, /^FROM (\S+)/gm)) if (image !== '${DOTNET_SDK}' && !/:.*\d/.test(image)) report('deploy/docker/Dockerfile', `${image} is not pinned`);
if (!/^[1-9]\d*:/.test(all(dockerfile, /^USER (\S+)/gm).at(-1) ?? '')) report('deploy/docker/Dockerfile', 'it runs as root');
if (!/^HEALTHCHECK /m.test(dockerfile)) report('deploy/docker/Dockerfile', 'nobody is told whether it is well');
isSetting('deploy/docker/Dockerfile', all(dockerfile, /\b(OVATION_[A-Z_]+)=/g));

// ---- The units

const units = readdirSync(join(root, 'deploy/systemd'), { recursive: true }).filter((file) => /\.(service|conf)$/.test(file));
const ofModules = units.filter((unit) => unit.includes('@.service') && !unit.includes('/'));
same('deploy/systemd', 'unit of', ofModules.map((unit) => /ovation-([a-z]+)@/.exec(unit)[1]), modules);
for (const unit of units) isSetting(`deploy/systemd/${unit}`, all(read(`deploy/systemd/${unit}`), /[=\s](OVATION_[A-Z_]+)=/g));
for (const name of modules.filter((x) => ofModules.includes(`ovation-${x}@.service`)))
    same(`deploy/systemd/ovation-${name}@.service`, 'secret', all(read(`deploy/systemd/ovation-${name}@.service`), /^LoadCredential=.*\/(.+)$/gm), secretsOf(name));
same('deploy/systemd/ovation-install.service', 'secret', all(read('deploy/systemd/ovation-install.service'), /^LoadCredential=.*\/(.+)$/gm),
    ['db-owner', 'bus-ovation-install', ...keepsRows.map((module) => `db-${module}`)]);

// ---- The scripts

const listed = (path, pattern) => pattern.exec(read(path))[1].split(/[\s',]+/).filter(Boolean);
same('deploy/stack/lib', 'module', listed('deploy/stack/lib', /^MODULES='(.*)'$/m).map((name) => name.replace(/-\d$/, '')), modules);
same('deploy/stack/lib', 'keeper of blobs', listed('deploy/stack/lib', /^BLOB_MODULES=(.*)$/m), keepsBlobs);
same('deploy/stack/up', 'module', listed('deploy/stack/up', /for module in (gateway.*); do secret/), keepsRows);
same('deploy/docker/make-secrets', 'module', listed('deploy/docker/make-secrets', /^modules='(.*)'$/m), keepsRows);
same('deploy/rabbitmq/users', 'module', listed('deploy/rabbitmq/users', /of \[('gateway'.*)\]/), keepsRows);
same('deploy/keys', 'key', [...all(read('deploy/keys'), /for name in (.*); do keep/g).flatMap((list) => list.split(' ')), ...all(read('deploy/keys'), /^keep ([a-z-]+)/gm)], modules.flatMap(keysOf));
for (const script of ['run', 'stack/up', 'stack/stores']) isSetting(`deploy/${script}`, all(read(`deploy/${script}`), /\b(OVATION_[A-Z_]+)=/g).filter((name) => name !== 'OVATION_STACK'));

for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
