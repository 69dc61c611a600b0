export const id = 911;
export const ids = [911];
export const modules = {

/***/ 6039:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $$: () => (/* binding */ bytesOf),
/* harmony export */   E2: () => (/* binding */ refusalToSweep),
/* harmony export */   Lt: () => (/* binding */ garbageOf),
/* harmony export */   XF: () => (/* binding */ needlessLinks),
/* harmony export */   cP: () => (/* binding */ NOTHING_SWEPT),
/* harmony export */   hN: () => (/* binding */ needsOf),
/* harmony export */   vK: () => (/* binding */ sameHoldings),
/* harmony export */   xs: () => (/* binding */ splitByAge)
/* harmony export */ });
/* unused harmony export markedBlobs */
/* harmony import */ var _manifest_media_type_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7123);
/* harmony import */ var _quantities_bytes_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3217);
/* harmony import */ var _text_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6119);



const NOTHING_SWEPT = { blobs: 0, bytes: (0,_quantities_bytes_js__WEBPACK_IMPORTED_MODULE_1__/* .asBytes */ .Yd)(0), young: 0, damage: [] };
function needsOf(manifest) {
    switch (manifest.kind) {
        case 'index': {
            const children = manifest.manifests.filter(({ mediaType }) => !(0,_manifest_media_type_js__WEBPACK_IMPORTED_MODULE_0__/* .isBlobType */ .iH)(mediaType));
            const others = manifest.manifests.filter(({ mediaType }) => !(0,_manifest_media_type_js__WEBPACK_IMPORTED_MODULE_0__/* .isManifestType */ .Q3)(mediaType));
            return {
                manifests: [...children, ...subjectOf(manifest)].map(({ digest }) => digest),
                blobs: others.map(({ digest }) => digest),
                foreign: [],
            };
        }
        case 'image':
        case 'artifact': {
            const config = manifest.config === null ? [] : [manifest.config];
            const isForeign = ({ mediaType }) => (0,_manifest_media_type_js__WEBPACK_IMPORTED_MODULE_0__/* .isForeignLayer */ .sJ)(mediaType);
            return {
                manifests: subjectOf(manifest).map(({ digest }) => digest),
                blobs: [...config, ...manifest.layers.filter((layer) => !isForeign(layer))].map(({ digest }) => digest),
                foreign: manifest.layers.filter(isForeign).map(({ digest }) => digest),
            };
        }
        case 'schema1':
            return { manifests: [], blobs: manifest.layers.map(({ digest }) => digest), foreign: [] };
        default:
            return { manifests: manifest.mentions ?? [], blobs: [], foreign: [] };
    }
}
function subjectOf({ subject }) {
    return subject === null ? [] : [subject];
}
const UPLOAD_REST = 60 * 60 * 1000;
function refusalToSweep({ damage, uploads }, now) {
    const hiding = damage.filter(({ hides }) => hides);
    const [first] = hiding;
    if (first !== undefined) {
        const more = hiding.length === 1 ? '' : ` (and ${hiding.length - 1} more)`;
        return `what is needed cannot be told: ${first.path} ${first.what}${more}. Repair it or delete it, then run again`;
    }
    const young = uploads.filter(({ active }) => active === null || active > now - UPLOAD_REST);
    const [upload] = young;
    if (upload === undefined)
        return null;
    return `${(0,_text_js__WEBPACK_IMPORTED_MODULE_2__/* .counted */ .hS)(young.length, 'upload')} younger than an hour, such as ${upload.path}: the registry is to be stopped or read-only`;
}
function markedBlobs({ holdings, pinned, needs, aliases }, goes = []) {
    const going = new Set(goes.map(keyOf));
    const stays = holdings.filter((holding) => !going.has(keyOf(holding)));
    const marked = new Set([...stays.map(({ digest }) => digest), ...pinned]);
    for (const digest of marked) {
        const { manifests = [], blobs = [], foreign = [] } = needs.get(digest) ?? {};
        const stored = aliases.get(digest) ?? [];
        for (const needed of [...manifests, ...blobs, ...foreign, ...stored])
            marked.add(needed);
    }
    return marked;
}
function needlessLinks(scan, links) {
    const garbage = new Set(garbageOf(scan));
    const staying = [...links].flatMap(([stored, those]) => (garbage.has(stored) ? [] : those));
    const holdings = Map.groupBy(scan.holdings, ({ repository }) => repository);
    return [...Map.groupBy(staying, ({ repository }) => repository)].flatMap(([repository, those]) => {
        const needed = markedBlobs({ ...scan, holdings: holdings.get(repository) ?? [] });
        return those.filter(({ digest }) => !needed.has(digest));
    });
}
function garbageOf(scan, goes = []) {
    const marked = markedBlobs(scan, goes);
    return [...scan.blobs].filter((digest) => !marked.has(digest)).toSorted();
}
function splitByAge(garbage, grace, now) {
    const isOld = ({ written }) => written <= now - grace;
    return { old: garbage.filter(isOld), young: garbage.filter((blob) => !isOld(blob)) };
}
function bytesOf(blobs) {
    return (0,_quantities_bytes_js__WEBPACK_IMPORTED_MODULE_1__/* .sumBytes */ .jO)(blobs.map(({ size }) => size));
}
function sameHoldings(a, b) {
    const keys = new Set(a.map(keyOf));
    return a.length === b.length && b.every((holding) => keys.has(keyOf(holding)));
}
function keyOf({ repository, digest }) {
    return `${repository}@${digest}`;
}


/***/ }),

/***/ 4911:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  openStorage: () => (/* binding */ openStorage)
});

// EXTERNAL MODULE: ../../node_modules/p-map/index.js
var p_map = __webpack_require__(4154);
// EXTERNAL MODULE: ./src/domain/errors.js
var errors = __webpack_require__(9763);
// EXTERNAL MODULE: ./src/domain/quantities/timestamp.js
var timestamp = __webpack_require__(1186);
// EXTERNAL MODULE: ./src/domain/quantities/bytes.js
var quantities_bytes = __webpack_require__(3217);
// EXTERNAL MODULE: ./src/domain/storage/garbage.js
var garbage = __webpack_require__(6039);
// EXTERNAL MODULE: ./src/domain/names/digest.js
var names_digest = __webpack_require__(1225);
;// CONCATENATED MODULE: ./src/storage/layout.js

const REGISTRY = 'docker/registry/v2';
const REPOSITORIES = `${REGISTRY}/repositories`;
const BLOBS = `${REGISTRY}/blobs`;
function repositoryFolder(path) {
    return `${REPOSITORIES}/${path}`;
}
function manifestsFolder(path) {
    return `${repositoryFolder(path)}/_manifests`;
}
function revisionsFolder(path) {
    return `${manifestsFolder(path)}/revisions`;
}
function revisionFolder(path, digest) {
    return `${revisionsFolder(path)}/${nested(digest)}`;
}
function tagsFolder(path) {
    return `${manifestsFolder(path)}/tags`;
}
function tagFolder(path, tag) {
    return `${tagsFolder(path)}/${tag}`;
}
function tagLink(path, tag) {
    return `${tagFolder(path, tag)}/current/link`;
}
function tagIndexLink(path, tag, digest) {
    return `${tagFolder(path, tag)}/index/${nested(digest)}/link`;
}
function layersFolder(path) {
    return `${repositoryFolder(path)}/_layers`;
}
function layerFolder(path, digest) {
    return `${layersFolder(path)}/${nested(digest)}`;
}
function uploadsFolder(path) {
    return `${repositoryFolder(path)}/_uploads`;
}
function blobFolder(digest) {
    const hex = (0,names_digest/* digestHex */.sU)(digest);
    return `${BLOBS}/${(0,names_digest/* digestAlgorithm */.g4)(digest)}/${hex.slice(0, 2)}/${hex}`;
}
function blobFile(digest) {
    return `${blobFolder(digest)}/data`;
}
function removedFolder(path) {
    return `${manifestsFolder(path)}/.registry-warden-removed`;
}
function removedRevision(path, digest) {
    return `${removedFolder(path)}/${REVISION_PREFIX}${(0,names_digest/* digestAlgorithm */.g4)(digest)}-${(0,names_digest/* digestHex */.sU)(digest)}`;
}
function removedTag(path, tag) {
    return `${removedFolder(path)}/tag-${tag}`;
}
const REVISION_PREFIX = 'revision-';
function revisionRemovedAs(name) {
    const [, algorithm, hex] = /^revision-([a-z0-9+._]+)-([A-Za-z0-9=_-]+)$/.exec(name) ?? [];
    return algorithm === undefined || hex === undefined ? null : digestOfParts(algorithm, hex);
}
function digestOfParts(algorithm, hex) {
    const digest = `${algorithm}:${hex}`;
    return (0,names_digest/* isDigest */.Bc)(digest) && !hex.includes('/') ? digest : null;
}
function nested(digest) {
    return `${(0,names_digest/* digestAlgorithm */.g4)(digest)}/${(0,names_digest/* digestHex */.sU)(digest)}`;
}

;// CONCATENATED MODULE: ./src/storage/files.js
function parentOf(path) {
    return path.slice(0, Math.max(path.lastIndexOf('/'), 0));
}
async function makeFolders(files, path) {
    if (path === '' || (await files.facts(path))?.kind === 'folder')
        return;
    const parent = parentOf(path);
    await makeFolders(files, parent);
    await files.makeFolder(path);
    await files.sync(parent);
}
const UNFINISHED = '.unfinished';
async function writeSafely(files, path, bytes) {
    const parent = parentOf(path);
    await makeFolders(files, parent);
    const unfinished = `${path}${UNFINISHED}`;
    await files.removeFile(unfinished);
    await files.create(unfinished, bytes);
    await files.rename(unfinished, path);
    await files.sync(parent);
}
async function removeTree(files, path) {
    for (const { name, kind } of (await files.list(path)) ?? []) {
        const below = `${path}/${name}`;
        if (kind === 'folder')
            await removeTree(files, below);
        else if (kind === 'file')
            await files.removeFile(below);
    }
    await files.removeFolder(path);
}

// EXTERNAL MODULE: ./src/domain/names/tag.js
var tag = __webpack_require__(833);
// EXTERNAL MODULE: ./src/domain/text.js
var domain_text = __webpack_require__(6119);
;// CONCATENATED MODULE: ./src/storage/links.js





const MOST_OF_A_LINK = 1024;
async function readLink(files, path) {
    const bytes = await files.read(path, MOST_OF_A_LINK);
    if (bytes === null)
        return null;
    const text = bytes.toString('utf8').trim();
    if ((0,names_digest/* isDigest */.Bc)(text))
        return text;
    const what = text === '' ? 'is empty' : `holds no digest: ${JSON.stringify((0,domain_text/* sanitiseLine */.lg)(text, 80))}`;
    throw new errors/* WardenError */.Sh('integrity', `${path} ${what}`, {
        advice: 'What it named is not known. Push the image again, or remove its folder',
    });
}
async function hasRevision(files, path, digest) {
    const link = `${revisionFolder(path, digest)}/link`;
    const named = await readLink(files, link);
    if (named === null || named === digest)
        return named !== null;
    throw new errors/* WardenError */.Sh('integrity', `${link} names ${named}`);
}
function isStoredAsNamed(digest) {
    return (0,names_digest/* digestAlgorithm */.g4)(digest) === 'sha256';
}
function storedAs(files, path, digest) {
    return readLink(files, `${layerFolder(path, digest)}/link`);
}
async function digestFolders(files, folder) {
    const digests = [];
    const foreign = [];
    for (const algorithm of (await files.list(folder)) ?? []) {
        if (algorithm.kind !== 'folder') {
            foreign.push({ path: `${folder}/${algorithm.name}`, kind: algorithm.kind });
            continue;
        }
        for (const { name, kind } of (await files.list(`${folder}/${algorithm.name}`)) ?? []) {
            const digest = kind === 'folder' ? digestOfParts(algorithm.name, name) : null;
            if (digest === null)
                foreign.push({ path: `${folder}/${algorithm.name}/${name}`, kind });
            else
                digests.push(digest);
        }
    }
    return { digests, foreign };
}
async function listTagNames(files, path) {
    const entries = await files.list(tagsFolder(path));
    if (entries === null)
        return (await isRepository(files, path)) ? NO_TAGS : null;
    const tags = [];
    const foreign = [];
    const strange = [];
    for (const { name, kind } of entries) {
        if (kind === 'folder' && (0,tag/* isTag */.dz)(name))
            tags.push(name);
        else if (kind === 'folder' && (await files.facts(tagLink(path, name))) !== null)
            strange.push(name);
        else
            foreign.push({ path: `${tagsFolder(path)}/${name}`, kind });
    }
    return { tags, foreign, strange };
}
const NO_TAGS = { tags: [], foreign: [], strange: [] };
async function isRepository(files, path) {
    for (const folder of REPOSITORY_FOLDERS) {
        if ((await files.facts(`${repositoryFolder(path)}/${folder}`))?.kind === 'folder')
            return true;
    }
    return false;
}
const REPOSITORY_FOLDERS = ['_layers', '_manifests'];
async function begunRemovals(files, path) {
    const entries = (await files.list(removedFolder(path))) ?? [];
    return new Set(entries.map(({ name }) => revisionRemovedAs(name)).filter((digest) => digest !== null));
}

;// CONCATENATED MODULE: ./src/storage/removals.js



async function removeTag(files, path, tag) {
    await makeFolders(files, removedFolder(path));
    const removed = removedTag(path, tag);
    await removeTree(files, removed);
    await files.rename(tagFolder(path, tag), removed);
    await files.sync(tagsFolder(path));
    await files.sync(removedFolder(path));
    await removeTree(files, removed);
}
async function removeManifest(files, path, digest, tags) {
    await makeFolders(files, removedFolder(path));
    const removed = removedRevision(path, digest);
    await removeTree(files, removed);
    await files.rename(revisionFolder(path, digest), removed);
    await files.sync(parentOf(revisionFolder(path, digest)));
    await files.sync(removedFolder(path));
    await finishRemoval(files, path, digest, tags);
}
async function finishRemoval(files, path, digest, tags) {
    if (!(await hasRevision(files, path, digest))) {
        for (const tag of tags) {
            const named = await readLink(files, tagLink(path, tag)).catch(() => null);
            if (named === digest)
                await removeTag(files, path, tag);
        }
    }
    await removeTree(files, removedRevision(path, digest));
}
async function finishRemovals(files, path) {
    const left = await files.list(removedFolder(path));
    if (left === null)
        return;
    const tags = (await listTagNames(files, path))?.tags ?? [];
    for (const { name } of left) {
        const digest = revisionRemovedAs(name);
        if (digest !== null)
            await finishRemoval(files, path, digest, tags);
    }
    await removeTree(files, removedFolder(path));
    await files.sync(parentOf(removedFolder(path)));
}
async function tidyUp(files, path) {
    await files.removeFolder(removedFolder(path));
}
function obstacleToWriting(files, path) {
    return files.obstacle(parentOf(revisionsFolder(path)));
}

;// CONCATENATED MODULE: ./src/storage/repositories.js

const DEEPEST = 128;
const OWN = new Set(['_layers', '_manifests', '_uploads']);
async function findRepositories(files) {
    const repositories = [];
    const foreign = [];
    const walk = async (path, depth) => {
        const folder = path === '' ? REPOSITORIES : `${REPOSITORIES}/${path}`;
        const entries = (await files.list(folder)) ?? [];
        const isOwn = ({ name, kind }) => path !== '' && OWN.has(name) && kind === 'folder';
        if (entries.some(isOwn))
            repositories.push(path);
        for (const entry of entries) {
            const { name, kind } = entry;
            if (isOwn(entry))
                continue;
            const isOdd = OWN.has(name) || depth > DEEPEST;
            if (kind !== 'folder' || isOdd)
                foreign.push({ path: `${folder}/${name}`, kind });
            else
                await walk(path === '' ? name : `${path}/${name}`, depth + 1);
        }
    };
    await walk('', 0);
    return { repositories: repositories.toSorted(), foreign };
}

;// CONCATENATED MODULE: ./src/storage/scan.js







async function scanRepositories(files) {
    const { repositories, foreign } = await findRepositories(files);
    const scan = {
        repositories,
        holdings: [],
        pinned: [],
        uploads: [],
        layerLinks: new Map(),
        aliases: new Map(),
        damage: [],
    };
    const hides = ({ path, kind }) => kind !== 'file' || path.endsWith('/link');
    for (const entry of foreign)
        scan.damage.push(foreignDamage(entry, hides(entry)));
    for (const repository of repositories) {
        for (const look of [scanRevisions, scanTags, scanLayers, scanUploads])
            await orDamage(scan.damage, repository, () => look(files, repository, scan));
    }
    return scan;
}
async function orDamage(damage, path, work) {
    try {
        await work();
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        damage.push({ path, what: `could not be read: ${error.message}`, hides: true });
    }
}
async function scanRevisions(files, repository, scan) {
    const { digests, foreign } = await digestFolders(files, revisionsFolder(repository));
    scan.damage.push(...foreign.map((entry) => foreignDamage(entry)));
    for (const { name, kind } of (await files.list(manifestsFolder(repository))) ?? []) {
        const path = `${manifestsFolder(repository)}/${name}`;
        const isOurs = path === removedFolder(repository);
        if (!isOurs && !(kind === 'folder' && (name === 'tags' || name === 'revisions')))
            scan.damage.push(foreignDamage({ path, kind }, kind !== 'file'));
    }
    for (const digest of digests) {
        const folder = revisionFolder(repository, digest);
        await orDamage(scan.damage, folder, async () => {
            if ((await files.facts(`${folder}/link`)) === null)
                return;
            scan.holdings.push({ repository, digest });
            const signatures = await digestFolders(files, `${folder}/signatures`);
            scan.pinned.push(...signatures.digests);
            scan.damage.push(...signatures.foreign.map((entry) => foreignDamage(entry)));
            await hasRevision(files, repository, digest);
        });
    }
}
async function scanTags(files, repository, scan) {
    const names = await listTagNames(files, repository);
    scan.damage.push(...(names?.foreign ?? []).map((entry) => foreignDamage(entry)));
    const held = new Set(scan.holdings.flatMap((each) => (each.repository === repository ? [each.digest] : [])));
    for (const tag of [...(names?.tags ?? []), ...(names?.strange ?? [])]) {
        const path = tagFolder(repository, tag);
        const tell = (what) => scan.damage.push({ path, what, hides: false });
        try {
            const digest = await readLink(files, tagLink(repository, tag));
            if (digest === null)
                tell('has no current/link');
            else if (!held.has(digest)) {
                tell(`names ${digest}, which the repository does not have`);
                scan.pinned.push(digest);
            }
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            const isEmptyOrTorn = error.kind === 'integrity';
            scan.damage.push({ path, what: `is damaged: ${error.message}`, hides: !isEmptyOrTorn });
        }
    }
}
const NO_MANIFESTS = 'has layers, but no _manifests: its first push did not finish, or it was copied in part';
async function scanLayers(files, repository, scan) {
    const { digests, foreign } = await digestFolders(files, layersFolder(repository));
    scan.damage.push(...foreign.map((entry) => foreignDamage(entry)));
    if (digests.length > 0 && (await files.list(manifestsFolder(repository))) === null)
        scan.damage.push({ path: repositoryFolder(repository), what: NO_MANIFESTS, hides: false });
    for (const digest of digests) {
        const folder = layerFolder(repository, digest);
        const link = { repository, digest, folder };
        if (isStoredAsNamed(digest))
            append(scan.layerLinks, digest, link);
        else
            await orDamage(scan.damage, folder, async () => {
                const stored = await storedAs(files, repository, digest);
                if (stored === null)
                    return;
                append(scan.aliases, digest, stored);
                append(scan.layerLinks, stored, link);
            });
    }
}
function append(map, key, value) {
    const known = map.get(key);
    if (known === undefined)
        map.set(key, [value]);
    else
        known.push(value);
}
async function scanUploads(files, repository, scan) {
    for (const { name } of (await files.list(uploadsFolder(repository))) ?? []) {
        const path = `${uploadsFolder(repository)}/${name}`;
        const active = await lastActive(files, path);
        scan.uploads.push({ path, active });
        scan.damage.push({ path, what: 'is an upload that was not finished', hides: false });
    }
}
const STARTED_AT = 256;
async function lastActive(files, path) {
    const own = await files.facts(path);
    if (own === null || own.kind === 'other')
        return null;
    let latest = own.modified;
    for (const { name, kind } of (await files.list(path)) ?? []) {
        const below = kind === 'folder' ? await lastActive(files, `${path}/${name}`) : null;
        const at = below ?? (await files.facts(`${path}/${name}`))?.modified ?? null;
        if (at !== null && at > latest)
            latest = at;
    }
    const note = await files.read(`${path}/startedat`, STARTED_AT).catch(() => null);
    const started = note === null ? null : (0,timestamp/* believed */.ty)(Date.parse(note.toString('utf8').trim()));
    return started !== null && started > latest ? started : latest;
}
function foreignDamage({ path, kind }, hides = kind === 'other') {
    return { path: (0,domain_text/* sanitiseLine */.lg)(path, 500), what: foreignWords(path, kind), hides };
}
function foreignWords(path, kind) {
    if (kind === 'other')
        return 'is a link, a pipe or a device, which is not followed';
    if (path.endsWith(UNFINISHED))
        return 'is what an undo left that was stopped: run it again, or delete the file';
    return "is not the registry's";
}

// EXTERNAL MODULE: ./src/wire/content-digest.js
var content_digest = __webpack_require__(4899);
// EXTERNAL MODULE: ./src/wire/json.js
var json = __webpack_require__(4281);
// EXTERNAL MODULE: ./src/wire/manifest.js + 2 modules
var manifest = __webpack_require__(4248);
;// CONCATENATED MODULE: ./src/storage/scan-blobs.js









const AT_ONCE = 16;
async function scanStorage(files) {
    const links = await scanRepositories(files);
    const { damage, holdings, pinned, aliases } = links;
    const found = await scanBlobs(files, damage);
    const held = new Set(holdings.map(({ digest }) => digest));
    const needs = await readNeeds(files, { held, pinned, aliases, blobs: found.blobs, damage });
    return { ...links, ...found, needs };
}
async function scanBlobs(files, damage) {
    const blobs = new Set();
    const emptied = [];
    const tell = (path, kind) => damage.push(foreignDamage({ path, kind }));
    const foldersIn = async (path) => {
        const entries = (await files.list(path)) ?? [];
        for (const { name, kind } of entries)
            if (kind !== 'folder')
                tell(`${path}/${name}`, kind);
        return entries.flatMap(({ name, kind }) => (kind === 'folder' ? [name] : []));
    };
    const lookAt = async (algorithm, folder, name) => {
        const digest = digestOfParts(algorithm, name);
        if (digest === null || blobFolder(digest) !== `${folder}/${name}`) {
            tell(`${folder}/${name}`, 'folder');
            return;
        }
        const entries = (await files.list(blobFolder(digest))) ?? [];
        if (entries.length === 0)
            emptied.push(blobFolder(digest));
        for (const entry of entries) {
            if (entry.name === 'data' && entry.kind === 'file')
                blobs.add(digest);
            else
                tell(`${blobFolder(digest)}/${entry.name}`, entry.kind);
        }
    };
    for (const algorithm of await foldersIn(BLOBS)) {
        for (const prefix of await foldersIn(`${BLOBS}/${algorithm}`)) {
            const folder = `${BLOBS}/${algorithm}/${prefix}`;
            await orDamage(damage, folder, async () => {
                const look = (name) => lookAt(algorithm, folder, name);
                await (0,p_map/* default */.Ay)(await foldersIn(folder), look, { concurrency: AT_ONCE });
            });
        }
    }
    return { blobs, emptied };
}
async function readNeeds(files, context) {
    const { held, pinned, blobs, damage, aliases } = context;
    const isThere = (blob) => blobs.has(blob) || (aliases.get(blob) ?? []).some((stored) => blobs.has(stored));
    const needs = new Map();
    const seen = new Set([...held, ...pinned]);
    for (let wave = [...seen]; wave.length > 0;) {
        const named = [];
        const look = (digest) => orDamage(damage, blobFile(digest), async () => {
            const found = await needsOfStored(files, digest, context);
            if (found === null)
                return;
            needs.set(digest, found);
            named.push(...found.manifests);
            for (const blob of found.blobs) {
                if (!isThere(blob))
                    damage.push({ path: blobFile(blob), what: `is missing, and ${digest} needs it`, hides: false });
            }
        });
        await (0,p_map/* default */.Ay)(wave, look, { concurrency: AT_ONCE });
        wave = [...new Set(named)].filter((digest) => !seen.has(digest));
        for (const digest of wave)
            seen.add(digest);
    }
    return needs;
}
async function needsOfStored(files, digest, { held, blobs }) {
    const isHeld = held.has(digest);
    const facts = blobs.has(digest) ? await files.facts(blobFile(digest)) : null;
    if (facts === null) {
        if (!isHeld)
            return null;
        throw new errors/* WardenError */.Sh('integrity', 'it is missing, and a repository holds it as a manifest');
    }
    if (facts.size > manifest/* MAX_MANIFEST_BYTES */.ZJ && !isHeld)
        return null;
    const bytes = (await files.read(blobFile(digest), manifest/* MAX_MANIFEST_BYTES */.ZJ)) ?? Buffer.alloc(0);
    if ((0,content_digest/* hasDigest */.tH)(bytes, digest) === false)
        throw new errors/* WardenError */.Sh('integrity', `its content is not that of ${(0,names_digest/* digestHex */.sU)(digest).slice(0, 12)}`);
    if (!isHeld && !isJson(bytes))
        return null;
    return (0,garbage/* needsOf */.hN)((0,manifest/* parseManifest */.Ng)(bytes, null, digest).manifest);
}
function isJson(bytes) {
    try {
        (0,json/* parseJsonObject */.dw)(bytes, 'the blob');
        return true;
    }
    catch (error) {
        if (error instanceof errors/* WardenError */.Sh)
            return false;
        throw error;
    }
}

;// CONCATENATED MODULE: ./src/storage/sweep.js




const BATCH = 128;
const MOVED = 'a manifest or an upload came while this ran: the registry is to be stopped or read-only';
const TIME_WAS_UP = 'the time was up; the next run goes on';
async function watchPushes(files, repositories) {
    const folders = new Set([REPOSITORIES]);
    for (const path of repositories) {
        folders.add(`${revisionsFolder(path)}/sha256`).add(uploadsFolder(path));
        for (let at = repositoryFolder(path); at !== REPOSITORIES; at = parentOf(at))
            folders.add(at);
    }
    const look = async () => {
        const times = [];
        for (const folder of folders)
            times.push((await files.facts(folder))?.modified);
        return times.join();
    };
    const before = await look();
    return async () => (await look()) === before;
}
async function sweep({ files, scan: { layerLinks, emptied }, links, garbage, timeIsUp, isQuiet, }) {
    let blobs = 0;
    let bytes = 0;
    const end = (state, why) => ({
        state,
        why,
        blobs,
        bytes: (0,quantities_bytes/* asBytes */.Yd)(bytes),
    });
    try {
        for (let start = 0; start < garbage.length; start += BATCH) {
            if (timeIsUp())
                return end('partial', TIME_WAS_UP);
            if (!(await isQuiet()))
                return end('failed', MOVED);
            const batch = garbage.slice(start, start + BATCH);
            await removeLinks(files, batch.flatMap(({ digest }) => layerLinks.get(digest) ?? []));
            for (const { digest, size } of batch) {
                const isOurs = await files.removeFile(blobFile(digest));
                await files.removeFolder(blobFolder(digest));
                blobs += isOurs ? 1 : 0;
                bytes += isOurs ? size : 0;
            }
            await syncAll(files, batch.map(({ digest }) => parentOf(blobFolder(digest))));
        }
        if (timeIsUp())
            return end('partial', TIME_WAS_UP);
        if (!(await isQuiet()))
            return end('failed', MOVED);
        await removeLinks(files, links);
        for (const folder of emptied)
            await files.removeFolder(folder);
        return end('swept', null);
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        return end('failed', error.line);
    }
}
async function removeLinks(files, links) {
    for (const { folder } of links) {
        await files.removeFile(`${folder}/link`);
        await files.removeFolder(folder);
    }
    await syncAll(files, links.map(({ folder }) => parentOf(folder)));
}
async function syncAll(files, folders) {
    for (const folder of new Set(folders))
        await files.sync(folder);
}

;// CONCATENATED MODULE: ./src/storage/collect.js











const collect_AT_ONCE = 16;
function createCollectGarbage({ files, now, timeIsUp }) {
    return async (request) => {
        try {
            if (!request.dryRun) {
                const { repositories } = await findRepositories(files);
                for (const path of repositories)
                    await finishRemovals(files, path);
            }
            return await collect(request);
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            return { ...garbage/* NOTHING_SWEPT */.cP, state: 'refused', why: error.line };
        }
    };
    async function collect(request) {
        const { dryRun, grace } = request;
        const scan = await scanStorage(files);
        const { damage } = scan;
        const why = (0,garbage/* refusalToSweep */.E2)(scan, now());
        if (why !== null)
            return { ...garbage/* NOTHING_SWEPT */.cP, state: 'refused', why, damage };
        const facts = await factsOf(files, scan, (0,garbage/* garbageOf */.Lt)(scan, dryRun ? request.goes : []));
        const { old, young } = (0,garbage/* splitByAge */.xs)(facts, grace, now());
        const rest = { young: young.length, damage };
        if (dryRun)
            return { ...rest, state: 'planned', why: null, blobs: old.length, bytes: (0,garbage/* bytesOf */.$$)(old) };
        const needless = (0,garbage/* needlessLinks */.XF)(scan, scan.layerLinks);
        const links = await oldLinks(files, needless, (0,timestamp/* asTimestamp */.ZL)(now() - grace));
        const isQuiet = await watchPushes(files, scan.repositories);
        const again = await scanRepositories(files);
        const hasMoved = !(0,garbage/* sameHoldings */.vK)(scan.holdings, again.holdings) ||
            again.uploads.length !== scan.uploads.length ||
            again.damage.some(({ hides }) => hides);
        if (hasMoved)
            return { ...garbage/* NOTHING_SWEPT */.cP, ...rest, state: 'refused', why: MOVED };
        return { ...(await sweep({ files, scan, links, garbage: old, timeIsUp, isQuiet })), ...rest };
    }
}
async function oldLinks(files, links, until) {
    const look = async (link) => {
        const facts = await files.facts(`${link.folder}/link`);
        return facts?.kind === 'file' && facts.modified <= until ? [link] : [];
    };
    return (await (0,p_map/* default */.Ay)(links, look, { concurrency: collect_AT_ONCE })).flat();
}
async function factsOf(files, { layerLinks }, garbage) {
    const look = async (digest) => {
        const data = await files.facts(blobFile(digest));
        if (data?.kind !== 'file')
            return [];
        let written = data.modified;
        for (const { folder } of layerLinks.get(digest) ?? []) {
            const link = await files.facts(`${folder}/link`);
            if (link !== null && link.modified > written)
                written = link.modified;
        }
        return [{ digest, size: (0,quantities_bytes/* asBytes */.Yd)(data.size), written }];
    };
    return (await (0,p_map/* default */.Ay)(garbage, look, { concurrency: collect_AT_ONCE })).flat();
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./src/storage/node-files.js







const CHUNK = 64 * 1024;
async function openNodeFiles(folder) {
    const root = await (0,promises_.realpath)(folder).catch((cause) => {
        throw unusable(folder, cause);
    });
    const facts = await (0,promises_.lstat)(root);
    if (!facts.isDirectory())
        throw unusable(folder, new Error('not a folder'));
    const at = (path) => locate(root, path);
    const owner = process.getuid?.() === 0 ? await ownerOf(root) : null;
    return { ...readers(root, at), ...writers(root, at, owner) };
}
function unusable(folder, cause) {
    return new errors/* WardenError */.Sh('input', `input registry: the storage folder ${folder} cannot be opened`, {
        advice: `It is the rootdirectory of the registry, and must be readable here (${codeOf(cause) ?? 'not a folder'})`,
        cause,
    });
}
function readers(root, at) {
    return {
        read: async (path, most) => {
            const file = await openFile(at, path);
            if (file === null)
                return null;
            try {
                const { size } = await file.stat();
                if (size > most)
                    throw new errors/* WardenError */.Sh('protocol', `${path} is larger than ${most} bytes`);
                const bytes = Buffer.alloc(size);
                const { bytesRead } = await file.read(bytes, 0, size, 0);
                return bytes.subarray(0, bytesRead);
            }
            finally {
                await file.close();
            }
        },
        stream: (path, part) => streamFile(at, path, part),
        facts: async (path) => {
            const found = await at(path);
            return found === null ? null : telling(path, async () => node_files_factsOf(await (0,promises_.lstat)(found)));
        },
        list: async (path) => {
            const found = await at(path);
            if (found === null)
                return null;
            const entries = await telling(path, () => (0,promises_.readdir)(found, { withFileTypes: true }));
            return entries
                .map((entry) => ({
                name: entry.name,
                kind: entry.isFile()
                    ? 'file'
                    : entry.isDirectory()
                        ? 'folder'
                        : 'other',
            }))
                .sort((a, b) => (a.name < b.name ? -1 : 1));
        },
        obstacle: async (path) => {
            try {
                await (0,promises_.access)((0,external_node_path_.join)(root, path), external_node_fs_.constants.W_OK);
                return null;
            }
            catch (error) {
                return codeOf(error) ?? 'unknown error';
            }
        },
    };
}
function writers(root, at, owner) {
    const target = async (path) => {
        if ((await at(parentOf(path))) === null)
            throw failure(parentOf(path), 'ENOENT');
        return (0,external_node_path_.join)(root, path);
    };
    return {
        makeFolder: async (path) => {
            const folder = await target(path);
            await telling(path, async () => {
                const isMade = await (0,promises_.mkdir)(folder).then(() => true, (error) => unless(error, 'EEXIST'));
                if (isMade === true && owner !== null)
                    await (0,promises_.chown)(folder, owner.uid, owner.gid);
            });
        },
        create: async (path, bytes) => {
            const name = await target(path);
            await telling(path, async () => {
                const file = await (0,promises_.open)(name, 'wx', 0o644);
                try {
                    await file.writeFile(bytes);
                    if (owner !== null)
                        await file.chown(owner.uid, owner.gid);
                    await file.sync();
                }
                finally {
                    await file.close();
                }
            });
        },
        rename: async (from, to) => {
            const names = [await target(from), await target(to)];
            await telling(from, () => (0,promises_.rename)(...names));
        },
        removeFile: async (path) => {
            if ((await at(parentOf(path))) === null)
                return false;
            const removed = (0,promises_.unlink)((0,external_node_path_.join)(root, path)).then(() => true);
            return telling(path, () => removed.catch((error) => unless(error, 'ENOENT') ?? false));
        },
        removeFolder: async (path) => {
            if ((await at(path)) === null)
                return;
            const gone = (error) => unless(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST');
            await telling(path, () => (0,promises_.rmdir)((0,external_node_path_.join)(root, path)).catch(gone));
        },
        sync: async (path) => {
            const folder = await at(path);
            if (folder === null)
                return;
            await telling(path, async () => {
                const handle = await (0,promises_.open)(folder, external_node_fs_.constants.O_RDONLY);
                try {
                    await handle.sync().catch((error) => unless(error, 'EINVAL', 'ENOTSUP'));
                }
                finally {
                    await handle.close();
                }
            });
        },
    };
}
async function ownerOf(root) {
    const registry = await (0,promises_.lstat)((0,external_node_path_.join)(root, 'docker')).catch(() => (0,promises_.lstat)(root));
    return { uid: registry.uid, gid: registry.gid };
}
function node_files_factsOf(stats) {
    const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
    return { kind, size: stats.size, modified: (0,timestamp/* asTimestamp */.ZL)(stats.mtimeMs) };
}
async function openFile(at, path) {
    const found = await at(path);
    if (found === null)
        return null;
    return telling(path, async () => {
        const file = await (0,promises_.open)(found, external_node_fs_.constants.O_RDONLY | external_node_fs_.constants.O_NOFOLLOW | external_node_fs_.constants.O_NONBLOCK);
        if ((await file.stat()).isFile())
            return file;
        await file.close();
        throw new errors/* WardenError */.Sh('protocol', `${path} is not a regular file`);
    });
}
async function* streamFile(at, path, part) {
    const file = await openFile(at, path);
    if (file === null)
        throw new errors/* WardenError */.Sh('not-found', `${path} does not exist`);
    try {
        const end = part?.end ?? Infinity;
        for (let position = part?.start ?? 0; position < end;) {
            const chunk = Buffer.alloc(Math.min(CHUNK, end - position));
            const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
            if (bytesRead === 0)
                return;
            position += bytesRead;
            yield chunk.subarray(0, bytesRead);
        }
    }
    finally {
        await file.close();
    }
}
async function locate(root, path) {
    const wanted = path === '' ? root : (0,external_node_path_.join)(root, path);
    try {
        if ((await (0,promises_.realpath)(wanted)) === wanted)
            return wanted;
    }
    catch (error) {
        const code = codeOf(error);
        if (code === 'ENOTDIR')
            return null;
        if (code === 'ENOENT') {
            const dangling = await (0,promises_.lstat)(wanted).catch(() => null);
            if (dangling === null)
                return null;
        }
        else if (code !== 'ELOOP')
            throw failure(path, code);
    }
    throw new errors/* WardenError */.Sh('protocol', `${(0,domain_text/* sanitiseLine */.lg)(path, 300)} is a symbolic link, or below one`, {
        advice: 'Links are not followed, since they may lead out of the storage folder',
    });
}
async function telling(path, work) {
    try {
        return await work();
    }
    catch (error) {
        if (error instanceof errors/* WardenError */.Sh)
            throw error;
        throw failure(path, codeOf(error), error);
    }
}
function failure(path, code, cause) {
    const kind = code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'denied' : 'server';
    const advice = kind === 'denied' ? 'Run this step as the user whom the files belong to, with the folder writable' : null;
    const what = `${(0,domain_text/* sanitiseLine */.lg)(path, 300)} in the storage folder: ${code ?? 'unknown error'}`;
    return new errors/* WardenError */.Sh(kind, what, { advice, cause });
}
function unless(error, ...codes) {
    if (codes.includes(codeOf(error) ?? ''))
        return undefined;
    throw error;
}
function codeOf(error) {
    return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

// EXTERNAL MODULE: ./src/domain/names/reference.js
var reference = __webpack_require__(6296);
// EXTERNAL MODULE: ./src/wire/config.js
var config = __webpack_require__(7341);
;// CONCATENATED MODULE: ./src/storage/reader.js









const reader_AT_ONCE = 16;
function createStorageReader({ files, repository, log, forDeletes }) {
    const { path } = repository;
    const name = (0,reference/* formatRepository */.Sh)(repository);
    let referrers = null;
    async function digestOf(wanted) {
        const digest = (0,names_digest/* isDigest */.Bc)(wanted) ? wanted : await readLink(files, tagLink(path, wanted));
        return digest !== null && (await hasRevision(files, path, digest)) ? digest : null;
    }
    async function head(wanted) {
        const digest = await digestOf(wanted);
        return digest !== null && (await isBlob(files, digest)) ? digest : null;
    }
    async function manifest(wanted) {
        const digest = await digestOf(wanted);
        const resolved = digest === null ? null : await readStored(files, digest);
        if (resolved !== null)
            return resolved.resolved;
        if ((await listTagNames(files, path)) === null)
            throw unknownRepository(name);
        const what = `manifest of ${name}${(0,names_digest/* isDigest */.Bc)(wanted) ? '@' : ':'}${wanted}`;
        throw new errors/* WardenError */.Sh('not-found', `${what} does not exist in the storage folder`);
    }
    async function tags(onTags) {
        const names = await listTagNames(files, path);
        if (names === null)
            throw unknownRepository(name);
        for (const foreign of names.foreign)
            log.warning(`${foreign.path} is not the registry's, and is left as it is`);
        if (names.strange.length > 0) {
            const message = `${name} has ${names.strange.length} tags whose names are not valid, such as ${JSON.stringify(names.strange[0])}`;
            if (forDeletes)
                throw new errors/* WardenError */.Sh('protocol', message, { advice: 'Nothing is deleted here' });
            log.notice(`${message}; left out`);
        }
        const found = await withoutRemoved(names.tags);
        onTags?.(found);
        return found;
    }
    async function withoutRemoved(all) {
        const removed = await begunRemovals(files, path);
        if (removed.size === 0)
            return all;
        const isLeft = async (tag) => {
            const digest = await readLink(files, tagLink(path, tag)).catch(() => null);
            return digest === null || !removed.has(digest) || (await head(tag)) !== null;
        };
        return (await (0,p_map/* default */.Ay)(all, async (tag) => ((await isLeft(tag)) ? [tag] : []), { concurrency: reader_AT_ONCE })).flat();
    }
    return {
        head,
        manifest,
        tags,
        exists: async (digest) => (await head(digest)) !== null,
        config: async (descriptor) => {
            const bytes = await files.read(await blobOf(files, path, descriptor.digest), config/* MAX_CONFIG_BYTES */.G);
            if (bytes === null)
                throw missingBlob(name, descriptor.digest);
            return (0,config/* parseImageConfig */.F)(bytes, descriptor);
        },
        blobSize: async (digest) => {
            const facts = await files.facts(await blobOf(files, path, digest));
            if (facts?.kind !== 'file')
                throw missingBlob(name, digest);
            return (0,quantities_bytes/* asBytes */.Yd)(facts.size);
        },
        layers: {
            isLocal: true,
            isExact: true,
            open: async function* ({ digest }, range) {
                yield* files.stream(await blobOf(files, path, digest), range);
            },
        },
        hasBlob: (digest) => hasBlob(files, path, digest),
        stored: async (digest) => {
            const found = await readStored(files, digest);
            if (found === null)
                throw missingBlob(name, digest);
            return { mediaType: found.resolved.manifest.mediaType, bytes: found.bytes };
        },
        listReferrers: async (digest) => {
            referrers ??= readReferrers(files, path);
            return (await referrers).get(digest) ?? [];
        },
    };
}
async function readReferrers(files, path) {
    const { digests } = await digestFolders(files, revisionsFolder(path));
    const found = new Map();
    const look = async (digest) => {
        const isThere = await hasRevision(files, path, digest);
        const stored = isThere ? await readStored(files, digest) : null;
        const manifest = stored?.resolved.manifest;
        const subject = manifest !== undefined && 'subject' in manifest ? manifest.subject : null;
        if (subject === null)
            return;
        found.set(subject.digest, [...(found.get(subject.digest) ?? []), digest]);
    };
    await (0,p_map/* default */.Ay)(digests, look, { concurrency: reader_AT_ONCE });
    return found;
}
async function readStored(files, digest) {
    const bytes = await files.read(blobFile(digest), manifest/* MAX_MANIFEST_BYTES */.ZJ);
    return bytes === null ? null : { resolved: (0,manifest/* parseManifest */.Ng)(bytes, null, digest), bytes };
}
async function hasBlob(files, path, digest) {
    if (!isStoredAsNamed(digest)) {
        const stored = await storedAs(files, path, digest);
        return stored !== null && (await isBlob(files, stored));
    }
    return (await isBlob(files, digest)) && (await files.facts(`${layerFolder(path, digest)}/link`)) !== null;
}
async function blobOf(files, path, digest) {
    return blobFile(isStoredAsNamed(digest) ? digest : ((await storedAs(files, path, digest)) ?? digest));
}
async function isBlob(files, digest) {
    return (await files.facts(blobFile(digest)))?.kind === 'file';
}
function unknownRepository(name) {
    return new errors/* WardenError */.Sh('not-found-repository', `${name} does not exist in the storage folder`, {
        advice: 'Check the name; the folder holds repositories below docker/registry/v2/repositories',
    });
}
function missingBlob(name, digest) {
    return new errors/* WardenError */.Sh('not-found', `blob ${digest} of ${name} does not exist in the storage folder`);
}

// EXTERNAL MODULE: ./src/domain/vendors/vendor.js
var vendor = __webpack_require__(2750);
;// CONCATENATED MODULE: ./src/storage/vendor.js













const CAPABILITIES = {
    ...vendor/* PLAIN_CAPABILITIES */.yt,
    untag: 'yes',
    listsUntagged: true,
    holds: 'digest',
};
const vendor_AT_ONCE = 16;
const DONE = { kind: 'done', error: null };
const GONE = { kind: 'gone', error: null };
function createStorageVendor({ files, repository, reader }) {
    const { path } = repository;
    let namings = null;
    const tagsByDigest = () => (namings ??= readTags(files, path));
    let lastTurn = Promise.resolve();
    const inTurn = (work) => {
        const turn = lastTurn.then(work);
        lastTurn = turn.catch(() => undefined);
        return turn;
    };
    const attempt = (work) => inTurn(async () => {
        try {
            await finishRemovals(files, path);
            const outcome = await work();
            await tidyUp(files, path);
            return outcome;
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            return { kind: error.kind === 'denied' ? 'denied' : 'failed', error };
        }
    });
    return {
        capabilities: CAPABILITIES,
        list: () => listRepository(files, path),
        untag: (tag, digest) => attempt(async () => {
            const named = await readLink(files, tagLink(path, tag));
            if (named === null)
                return GONE;
            const isMoved = digest === null ? await hasRevision(files, path, named) : named !== digest;
            if (isMoved)
                throw moved(repository, tag, named);
            await removeTag(files, path, tag);
            return DONE;
        }),
        deleteManifest: (digest) => attempt(async () => {
            if (!(await hasRevision(files, path, digest)))
                return GONE;
            await removeManifest(files, path, digest, (await tagsByDigest()).get(digest) ?? []);
            return DONE;
        }),
        probeDeletes: async () => {
            const obstacle = await obstacleToWriting(files, path);
            if (obstacle === null)
                return { kind: 'on' };
            const message = `${(0,reference/* formatRepository */.Sh)(repository)}: its folder cannot be written to (${obstacle})`;
            const advice = 'Run this step as the user whom the storage folder belongs to, with the folder writable';
            return { kind: 'denied', error: new errors/* WardenError */.Sh('denied', message, { advice }) };
        },
        putManifest: (name, stored) => inTurn(async () => {
            await finishRemovals(files, path);
            await put(files, path, name, stored);
        }),
    };
    async function put(to, where, name, { bytes }) {
        const digest = (0,names_digest/* isDigest */.Bc)(name) ? name : (0,content_digest/* contentDigest */.eZ)(bytes);
        if ((0,content_digest/* hasDigest */.tH)(bytes, digest) !== true) {
            throw new errors/* WardenError */.Sh('integrity', `${(0,reference/* formatRepository */.Sh)(repository)}: the bytes are not those of ${digest}`);
        }
        const missing = await missingBlobs(to, where, (0,manifest/* parseManifest */.Ng)(Buffer.from(bytes), null, digest).manifest);
        if (missing.length > 0) {
            const what = `${(0,reference/* formatRepository */.Sh)(repository)}: ${digest} needs what is not there: ${missing.join(', ')}`;
            throw new errors/* WardenError */.Sh('not-found', what, {
                advice: 'Blobs that were swept cannot be put back: push the image',
            });
        }
        const link = Buffer.from(digest);
        if ((await reader.head(digest)) === null) {
            await writeSafely(to, blobFile(digest), bytes);
            await writeSafely(to, `${revisionFolder(where, digest)}/link`, link);
        }
        if ((0,names_digest/* isDigest */.Bc)(name))
            return;
        await writeSafely(to, tagIndexLink(where, name, digest), link);
        await writeSafely(to, tagLink(where, name), link);
        namings = null;
    }
}
async function readTags(files, path) {
    const found = new Map();
    for (const tag of (await listTagNames(files, path))?.tags ?? []) {
        const digest = await readLink(files, tagLink(path, tag)).catch(() => null);
        if (digest !== null)
            found.set(digest, (found.get(digest) ?? new Set()).add(tag));
    }
    return found;
}
async function missingBlobs(files, path, manifest) {
    const missing = [];
    for (const blob of (0,garbage/* needsOf */.hN)(manifest).blobs)
        if (!(await hasBlob(files, path, blob)))
            missing.push(blob);
    return missing;
}
function moved(repository, tag, named) {
    return new errors/* WardenError */.Sh('protocol', `${(0,reference/* formatRepository */.Sh)(repository)}:${tag} names ${named} by now`);
}
async function listRepository(files, path) {
    const tags = new Map();
    const manifests = new Map();
    const listed = (await listTagNames(files, path))?.tags ?? [];
    const tagged = new Set();
    await (0,p_map/* default */.Ay)(listed, async (tag) => {
        const digest = await readLink(files, tagLink(path, tag)).catch(() => null);
        const ages = await writtenAt(files, tagLink(path, tag));
        if (digest === null)
            return;
        tagged.add(digest);
        tags.set(tag, { digest, ages, locked: null });
    }, { concurrency: vendor_AT_ONCE });
    const { digests } = await digestFolders(files, revisionsFolder(path));
    const untagged = [];
    await (0,p_map/* default */.Ay)(digests, async (digest) => {
        const ages = await writtenAt(files, `${revisionFolder(path, digest)}/link`);
        if (ages.length === 0)
            return;
        manifests.set(digest, { ages, locked: null });
        if (!tagged.has(digest))
            untagged.push(digest);
    }, { concurrency: vendor_AT_ONCE });
    return { tags, manifests, untagged: untagged.sort(), complete: true };
}
async function writtenAt(files, link) {
    const facts = await files.facts(link);
    return facts === null ? [] : [{ at: facts.modified, source: 'updated' }];
}

;// CONCATENATED MODULE: ./src/storage/source.js







function createStorageSource(files, log) {
    const readers = new Map();
    return {
        probe: async (registry) => ({ kind: 'folder', registry }),
        grants: async () => ({ kind: 'unknown', why: 'folder' }),
        open: (repository) => {
            const known = readers.get(repository.path);
            const reader = known ?? createStorageReader({ files, repository, log, forDeletes: false });
            readers.set(repository.path, reader);
            return reader;
        },
        catalog: async () => {
            const { repositories, foreign } = await findRepositories(files);
            for (const { path } of foreign)
                log.warning(`${path} is not the registry's, and is left as it is`);
            return repositories;
        },
        target: async (repository, { mayWrite = false } = {}) => {
            if (mayWrite)
                await finishRemovals(files, repository.path);
            const reader = createStorageReader({ files, repository, log, forDeletes: true });
            return {
                name: (0,reference/* formatRepository */.Sh)(repository),
                origin: repository.registry.origin,
                provider: repository.registry.provider,
                reader,
                vendor: createStorageVendor({ files, repository, reader }),
            };
        },
    };
}
async function checkStorage(files, folder) {
    if ((await files.facts(REPOSITORIES))?.kind === 'folder') {
        if ((await files.facts(BLOBS))?.kind === 'folder')
            return;
    }
    throw new errors/* WardenError */.Sh('input', `input registry: ${folder} is not the storage folder of a distribution registry`, {
        advice: `Name the rootdirectory of its filesystem driver: the folder that holds ${REGISTRY}/blobs and ${REGISTRY}/repositories`,
    });
}

;// CONCATENATED MODULE: ./src/storage/open.js



async function openStorage(folder, log) {
    const files = await openNodeFiles(folder);
    await checkStorage(files, folder);
    return {
        source: createStorageSource(files, log),
        createCollectGarbage: (parts) => createCollectGarbage({ files, ...parts }),
    };
}


/***/ })

};
