export const id = 801;
export const ids = [801];
export const modules = {

/***/ 6678:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   KN: () => (/* binding */ gzippedLength),
/* harmony export */   KZ: () => (/* binding */ unpacked),
/* harmony export */   MB: () => (/* binding */ compressionOf)
/* harmony export */ });
/* harmony import */ var node_stream__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7075);
/* harmony import */ var node_zlib__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8522);


function compressionOf(start) {
    if (start.length >= 2 && start.readUInt16BE() === 0x1f8b)
        return 'gzip';
    if (start.length < 4)
        return 'none';
    const magic = start.readUInt32LE();
    return magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50 ? 'zstd' : 'none';
}
const CHUNK = 64 * 1024;
const OPTIONS = {
    chunkSize: CHUNK,
    writableHighWaterMark: 1,
    readableHighWaterMark: 1,
    readableObjectMode: true,
};
async function* unpacked(chunks, compression) {
    const engine = compression === 'gzip' ? (0,node_zlib__WEBPACK_IMPORTED_MODULE_1__.createGunzip)(OPTIONS) : (0,node_zlib__WEBPACK_IMPORTED_MODULE_1__.createZstdDecompress)(OPTIONS);
    yield* released((0,node_stream__WEBPACK_IMPORTED_MODULE_0__.pipeline)(chunks, engine, () => undefined));
}
async function gzippedLength(chunks) {
    let length = 0;
    const engine = (0,node_stream__WEBPACK_IMPORTED_MODULE_0__.pipeline)(chunks, (0,node_zlib__WEBPACK_IMPORTED_MODULE_1__.createGzip)({ ...OPTIONS, level: 6 }), () => undefined);
    for await (const chunk of released(engine))
        length += chunk.length;
    return length;
}
async function* released(chunks) {
    let last = null;
    for await (const chunk of chunks) {
        if (last instanceof ArrayBuffer && last !== chunk.buffer && last.byteLength === CHUNK)
            last.transfer(0);
        last = chunk.buffer;
        yield chunk;
    }
}


/***/ }),

/***/ 801:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  openDockerArchive: () => (/* binding */ openDockerArchive),
  openLocalImage: () => (/* binding */ openLocalImage),
  openOciArchive: () => (/* binding */ openOciArchive),
  openOciLayout: () => (/* binding */ openOciLayout)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ./src/domain/errors.js
var errors = __webpack_require__(9763);
// EXTERNAL MODULE: ./src/domain/names/image-source.js
var image_source = __webpack_require__(5404);
// EXTERNAL MODULE: ./src/domain/text.js
var domain_text = __webpack_require__(6119);
;// CONCATENATED MODULE: ./src/images/file-errors.js


const WORKSPACE = 'A path is taken from the workspace; the step that makes the image must run before';
function pathError(path, error) {
    if (error instanceof errors/* WardenError */.Sh)
        return error;
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
        return new errors/* WardenError */.Sh('not-found', `${path} does not exist`, { advice: WORKSPACE, cause: error });
    }
    return new errors/* WardenError */.Sh('input', `${path} cannot be read (${code ?? 'unknown error'})`, { cause: error });
}
function damaged(error) {
    if (error instanceof errors/* WardenError */.Sh)
        return error;
    const reason = (0,domain_text/* sanitiseLine */.lg)(error instanceof Error ? error.message : String(error), 100);
    return new errors/* WardenError */.Sh('protocol', `the archive is damaged: ${reason}`, { cause: error });
}
function quoted(name) {
    return JSON.stringify((0,domain_text/* sanitiseLine */.lg)(name, 100));
}
function errorCode(error) {
    return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}

;// CONCATENATED MODULE: ./src/images/byte-source.js


const CHUNK = 128 * 1024;
const MAX_UNPACKED = 256 * 1024 ** 3;
class FileSource {
    #file;
    #signal;
    #buffer = Buffer.allocUnsafeSlow(CHUNK);
    position = 0;
    constructor(file, signal) {
        this.#file = file;
        this.#signal = signal;
    }
    async next(most) {
        stopWhen(this.#signal);
        const { bytesRead } = await this.#file.read(this.#buffer, 0, Math.min(most, CHUNK), this.position);
        this.position += bytesRead;
        return this.#buffer.subarray(0, bytesRead);
    }
    async skip(length) {
        this.position += length;
    }
}
class StreamSource {
    #chunks;
    #signal;
    #rest = Buffer.alloc(0);
    position = 0;
    constructor(chunks, signal) {
        this.#chunks = chunks[Symbol.asyncIterator]();
        this.#signal = signal;
    }
    async next(most) {
        while (this.#rest.length === 0) {
            stopWhen(this.#signal);
            const chunk = await this.#chunks.next().catch((error) => {
                throw damaged(error);
            });
            if (chunk.done === true)
                return Buffer.alloc(0);
            this.#rest = chunk.value;
        }
        const taken = this.#rest.subarray(0, most);
        this.#rest = this.#rest.subarray(taken.length);
        this.position += taken.length;
        if (this.position > MAX_UNPACKED)
            throw new errors/* WardenError */.Sh('protocol', 'the archive unpacks to over 256 GiB');
        return taken;
    }
    async skip(length) {
        const end = this.position + length;
        while (this.position < end)
            if ((await this.next(end - this.position)).length === 0)
                return;
    }
}
async function readExactly(source, length) {
    const bytes = Buffer.alloc(length);
    let filled = 0;
    while (filled < length) {
        const part = await source.next(length - filled);
        if (part.length === 0)
            break;
        part.copy(bytes, filled);
        filled += part.length;
    }
    return bytes.subarray(0, filled);
}
async function* allOf(source) {
    for (;;) {
        const chunk = await source.next(CHUNK);
        if (chunk.length === 0)
            return;
        yield chunk;
    }
}
function stopWhen(signal) {
    if (signal?.aborted)
        throw new errors/* WardenError */.Sh('deadline', 'time was up before the archive was read');
}

// EXTERNAL MODULE: ./src/images/compression.js
var images_compression = __webpack_require__(6678);
// EXTERNAL MODULE: ./src/wire/manifest.js + 2 modules
var wire_manifest = __webpack_require__(4248);
;// CONCATENATED MODULE: ./src/images/json-members.js



const MAX_KEPT = 16 * 1024 * 1024;
class JsonMembers {
    #kept = new Map();
    #total = 0;
    async offer(name, size, content) {
        this.#drop(name);
        const bytes = size > wire_manifest/* MAX_MANIFEST_BYTES */.ZJ ? null : await readJson(content);
        if (bytes === null)
            return;
        this.#kept.set(name, bytes);
        this.#total += bytes.length;
        if (this.#total > MAX_KEPT)
            this.#dropLargest();
    }
    get(name) {
        const bytes = this.#kept.get(name);
        if (bytes !== undefined)
            return bytes;
        throw new errors/* WardenError */.Sh('protocol', `${quoted(name)} is not JSON, or the archive holds over 16 MiB of it`, {
            advice: 'Decompress the archive: of a plain one any part can be read',
        });
    }
    #drop(name) {
        this.#total -= this.#kept.get(name)?.length ?? 0;
        this.#kept.delete(name);
    }
    #dropLargest() {
        const bySize = [...this.#kept].toSorted(([, a], [, b]) => b.length - a.length);
        for (const [name] of bySize) {
            if (this.#total <= MAX_KEPT * 0.75)
                return;
            this.#drop(name);
        }
    }
}
async function readJson(content) {
    const chunks = [];
    for await (const chunk of content) {
        if (chunks.length === 0 && !/^[\t\n\r ]*[[{]/.test(chunk.toString('latin1', 0, 64)))
            return null;
        chunks.push(Buffer.from(chunk));
    }
    return Buffer.concat(chunks);
}

// EXTERNAL MODULE: ./src/images/tar-header.js
var tar_header = __webpack_require__(5517);
;// CONCATENATED MODULE: ./src/images/tar.js




const MAX_SPECIAL = 1024 * 1024;
const MAX_ENTRIES = 50_000;
async function* readTar(source) {
    let special = {};
    for (let count = 0;; count += 1) {
        if (count > MAX_ENTRIES)
            throw new errors/* WardenError */.Sh('protocol', `the archive has over ${MAX_ENTRIES} members`);
        const header = (0,tar_header/* parseTarHeader */.OH)(await wholeBlock(source));
        if (header === null)
            return;
        const start = source.position;
        if (ABOUT_NEXT.has(header.type)) {
            Object.assign(special, await readSpecial(source, header));
            await source.skip(endOf(start, header.size) - source.position);
        }
        else {
            const entry = entryOf(source, header, special);
            special = {};
            if (entry.name !== '')
                yield entry;
            await source.skip(endOf(start, entry.size) - source.position);
        }
    }
}
const ABOUT_NEXT = new Set(['x', 'g', 'L', 'K']);
async function readSpecial(source, { type, size }) {
    if (type === 'g')
        return {};
    if (size > MAX_SPECIAL)
        throw new errors/* WardenError */.Sh('protocol', 'the archive has a name of over 1 MiB');
    const bytes = await readExactly(source, size);
    if (bytes.length < size)
        throw cutShort();
    if (type === 'L')
        return { name: (0,tar_header/* textAt */.$6)(bytes, 0, size) };
    if (type === 'K')
        return { target: (0,tar_header/* textAt */.$6)(bytes, 0, size) };
    return fromPax((0,tar_header/* parsePaxRecords */.vZ)(bytes));
}
function fromPax(records) {
    const size = records.get('size');
    if (size !== undefined && !(/^\d{1,16}$/.test(size) && (0,tar_header/* isTarSize */.tk)(Number(size)))) {
        throw new errors/* WardenError */.Sh('protocol', 'the archive is damaged: a size is not a number');
    }
    const name = records.get('path');
    const target = records.get('linkpath');
    return {
        ...(name === undefined ? {} : { name }),
        ...(target === undefined ? {} : { target }),
        ...(size === undefined ? {} : { size: Number(size) }),
        ...([...records.keys()].some((key) => key.startsWith('GNU.sparse.')) ? { sparse: true } : {}),
    };
}
const KINDS = new Map([
    ['0', 'file'],
    ['7', 'file'],
    ['1', 'link'],
    ['2', 'link'],
]);
function entryOf(source, header, special) {
    const written = special.name ?? header.name;
    const name = memberName(written);
    const type = (0,tar_header/* isOldFolder */.qt)(header.type, written) ? '5' : header.type;
    const kind = special.sparse ? 'other' : (KINDS.get(type) ?? 'other');
    const size = (0,tar_header/* isHeaderOnly */.kc)(type) ? 0 : (special.size ?? header.size);
    const target = special.target ?? header.target;
    const offset = source.position;
    return {
        name,
        kind,
        target: kind === 'link' ? linkTarget(header.type === '2' ? name : '', target) : '',
        size,
        offset,
        content: () => contentOf(source, offset + size),
    };
}
async function* contentOf(source, end) {
    while (source.position < end) {
        const chunk = await source.next(end - source.position);
        if (chunk.length === 0)
            throw cutShort();
        yield chunk;
    }
}
async function wholeBlock(source) {
    const block = await readExactly(source, tar_header/* BLOCK */.IE);
    if (block.length < tar_header/* BLOCK */.IE)
        throw cutShort();
    return block;
}
function cutShort() {
    return new errors/* WardenError */.Sh('protocol', 'the archive ends before its end marker', {
        advice: 'Was it copied whole? A zstd file must be a single frame, as zstd -T0 writes it',
    });
}
function endOf(start, size) {
    return start + Math.ceil(size / tar_header/* BLOCK */.IE) * tar_header/* BLOCK */.IE;
}
function memberName(written) {
    const parts = written.split('/').filter((part) => part !== '' && part !== '.');
    if (written.startsWith('/') || written.includes('\0') || parts.includes('..')) {
        throw new errors/* WardenError */.Sh('protocol', `the archive has a member ${quoted(written)}, whose name leads out of it`);
    }
    return parts.join('/');
}
function linkTarget(from, target) {
    const parts = from.split('/').slice(0, -1);
    for (const part of target.split('/')) {
        if (part === '' || part === '.')
            continue;
        if (part !== '..')
            parts.push(part);
        else if (parts.pop() === undefined)
            return OUTSIDE;
    }
    return target.startsWith('/') ? OUTSIDE : parts.join('/');
}
const OUTSIDE = '/';

;// CONCATENATED MODULE: ./src/images/archive.js








const MAX_NAME = 512;
const MAX_LINKS = 8;
async function openArchive(file, options = {}) {
    const compression = await archiveCompression(file);
    const pass = () => readThrough(file, compression, options);
    const members = new Map();
    const kept = compression === 'none' ? null : new JsonMembers();
    for await (const { name, kind, target, size, offset, content } of pass()) {
        if (name.length > MAX_NAME)
            continue;
        members.set(name, { kind, target, size, offset });
        if (kind === 'file')
            await kept?.offer(name, size, content());
    }
    const resolve = (name) => resolveName(members, name);
    return {
        resolve,
        size: async (name) => members.get(resolve(name) ?? '')?.size ?? null,
        read: (name, most) => readMember(file, members, kept, resolve(name), most),
        visit: (names, visitor) => visitMembers(pass, members, names, visitor),
        stream: (name) => streamMember(pass, name, members.get(resolve(name) ?? '')),
    };
}
function resolveName(members, name) {
    let resolved = name.replace(/^(?:\.\/)+/, '');
    for (let links = 0; links <= MAX_LINKS; links += 1) {
        const member = members.get(resolved);
        if (member === undefined)
            return null;
        if (member.kind === 'file')
            return resolved;
        if (member.kind === 'other')
            throw new errors/* WardenError */.Sh('protocol', `${quoted(name)} is not a regular file in the archive`);
        if (member.target === OUTSIDE)
            throw new errors/* WardenError */.Sh('protocol', `${quoted(name)} is a link out of the archive`);
        resolved = member.target;
    }
    throw new errors/* WardenError */.Sh('protocol', `${quoted(name)} is a symlink loop`);
}
async function readMember(file, members, kept, name, most) {
    const member = members.get(name ?? '');
    if (name === null || member === undefined)
        return null;
    if (member.size > most)
        throw new errors/* WardenError */.Sh('protocol', `${quoted(name)} is larger than ${most} bytes`);
    return kept === null ? readPart(file, member.offset, member.size) : kept.get(name);
}
async function* streamMember(pass, name, member) {
    if (member === undefined)
        throw new errors/* WardenError */.Sh('integrity', `${quoted(name)} is not in the archive`);
    for await (const { offset, content } of pass()) {
        if (offset !== member.offset)
            continue;
        yield* content();
        return;
    }
}
async function visitMembers(pass, members, names, visitor) {
    for await (const { name, kind, size, offset, content } of pass()) {
        const member = members.get(name);
        if (!names.has(name) || kind !== 'file' || member?.offset !== offset || member.size !== size)
            continue;
        await visitor(name, content());
    }
}
async function* readThrough(file, compression, { signal }) {
    const handle = await (0,promises_.open)(file);
    try {
        const source = new FileSource(handle, signal);
        if (compression === 'none')
            yield* readTar(source);
        else
            yield* readUnpacked((0,images_compression/* unpacked */.KZ)(allOf(source), compression), signal);
    }
    finally {
        await handle.close();
    }
}
async function* readUnpacked(chunks, signal) {
    try {
        yield* readTar(new StreamSource(chunks, signal));
    }
    finally {
        await chunks.return();
    }
}
async function readPart(file, offset, length) {
    const handle = await (0,promises_.open)(file);
    try {
        const source = new FileSource(handle);
        await source.skip(offset);
        return await readExactly(source, length);
    }
    finally {
        await handle.close();
    }
}
async function archiveCompression(file) {
    try {
        if (!(await (0,promises_.stat)(file)).isFile()) {
            throw new errors/* WardenError */.Sh('input', `${file} is not a file`, { advice: 'A folder is read by oci-layout://' });
        }
        const start = await readPart(file, 0, tar_header/* BLOCK */.IE);
        const compression = (0,images_compression/* compressionOf */.MB)(start);
        if (compression !== 'none' || (0,tar_header/* isTarHeader */.FY)(start) || start.equals(Buffer.alloc(tar_header/* BLOCK */.IE)))
            return compression;
    }
    catch (error) {
        throw pathError(file, error);
    }
    throw new errors/* WardenError */.Sh('protocol', `${file} is not a tar archive, plain or compressed by gzip or zstd`);
}

// EXTERNAL MODULE: ./src/domain/names/digest.js
var names_digest = __webpack_require__(1225);
// EXTERNAL MODULE: ./src/domain/quantities/bytes.js
var bytes = __webpack_require__(3217);
// EXTERNAL MODULE: ./src/wire/config.js
var wire_config = __webpack_require__(7341);
// EXTERNAL MODULE: ./src/wire/content-digest.js
var content_digest = __webpack_require__(4899);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 15 modules
var schemas = __webpack_require__(6668);
// EXTERNAL MODULE: ./src/wire/descriptor.js
var descriptor = __webpack_require__(8462);
// EXTERNAL MODULE: ./src/wire/json.js
var json = __webpack_require__(4281);
;// CONCATENATED MODULE: ./src/wire/local-image.js






const MAX_LAYOUT_BYTES = 64 * 1024;
const MAX_IMAGES = 1000;
function checkLayoutVersion(bytes) {
    const version = (0,json/* parseJsonObject */.dw)(bytes, 'oci-layout')['imageLayoutVersion'];
    if (typeof version === 'string' && version.startsWith('1.'))
        return;
    const given = typeof version === 'string' ? (0,domain_text/* sanitiseLine */.lg)(version, 40) : 'no version';
    throw new errors/* WardenError */.Sh('protocol', `oci-layout has ${JSON.stringify(given)}; 1.0.0 is understood`);
}
const strings = (most) => (0,json/* listOf */.c3)(schemas/* string */.YjP(), most).nullish();
const savedImages = schemas/* lazy */.RZV(() => (0,json/* listOf */.c3)(schemas/* object */.Ikc({ Config: schemas/* string */.YjP(), RepoTags: strings(MAX_IMAGES), Layers: strings(wire_manifest/* MAX_LAYERS */.Uf) }), MAX_IMAGES));
function parseSavedImages(bytes) {
    const wire = (0,json/* readAs */.fd)(savedImages, (0,json/* parseJson */.qF)(bytes, 'manifest.json'), 'manifest.json');
    return wire.map(({ Config, RepoTags, Layers }) => ({
        config: Config,
        names: RepoTags ?? [],
        layers: Layers ?? [],
    }));
}
const rootfs = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    rootfs: schemas/* object */.Ikc({ diff_ids: (0,json/* listOf */.c3)(descriptor/* digestSchema */.er, wire_manifest/* MAX_LAYERS */.Uf).nullish() }).nullish(),
}));
function parseDiffIds(config) {
    return (0,json/* readAs */.fd)(rootfs, (0,json/* parseJsonObject */.dw)(config, 'the config'), 'the config').rootfs?.diff_ids ?? [];
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./src/images/layer-weight.js




async function weighLayer(content) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    const [start, whole] = await peek(hashing(content, hash));
    const compression = (0,images_compression/* compressionOf */.MB)(start);
    const size = compression === 'none' ? await (0,images_compression/* gzippedLength */.KN)(whole) : await lengthOf(whole);
    return { digest: (0,names_digest/* parseDigest */.m)(`sha256:${hash.digest('hex')}`), compression, size: (0,bytes/* asBytes */.Yd)(size) };
}
async function* hashing(chunks, hash) {
    for await (const chunk of chunks) {
        hash.update(chunk);
        yield chunk;
    }
}
async function lengthOf(chunks) {
    let length = 0;
    for await (const chunk of chunks)
        length += chunk.length;
    return length;
}
async function peek(chunks) {
    let start = Buffer.alloc(0);
    while (start.length < 4) {
        const { done, value } = await chunks.next();
        if (done === true)
            break;
        start = Buffer.concat([start, value]);
    }
    return [start, restored(start, chunks)];
}
async function* restored(start, rest) {
    if (start.length > 0)
        yield start;
    yield* rest;
}

// EXTERNAL MODULE: ./src/domain/names/tag.js
var names_tag = __webpack_require__(833);
;// CONCATENATED MODULE: ./src/images/local-image.js


function tagOfName(name) {
    const [reference = ''] = name.split('@', 1);
    const last = reference.slice(reference.lastIndexOf('/') + 1);
    const colon = last.lastIndexOf(':');
    const tag = colon === -1 && last !== reference ? '' : last.slice(colon + 1);
    return (0,names_tag/* isTag */.dz)(tag) ? tag : null;
}
function tagsOfNames(names) {
    return [...new Set([...names].map(tagOfName).filter((tag) => tag !== null))];
}
const MOST_LISTED = 10;
function listNames(names) {
    return (0,domain_text/* someNames */.Xq)(names.map((name) => (0,domain_text/* sanitiseLine */.lg)(name, 100)), MOST_LISTED);
}

;// CONCATENATED MODULE: ./src/images/docker-archive.js










const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG_TYPE = 'application/vnd.docker.container.image.v1+json';
const LAYER_TYPE = 'application/vnd.docker.image.rootfs.diff.tar';
async function openDockerImage(archive) {
    const saved = await readSaved(archive);
    const tags = tagsOfNames(saved.image.names);
    let resolved = null;
    const weigh = async () => {
        resolved ??= weighImage(saved);
        return resolved;
    };
    return {
        top: saved.digest,
        tag: tags.length === 1 ? (tags[0] ?? null) : null,
        manifest: async (name) => {
            if (name !== saved.digest && !tags.some((tag) => tag === name)) {
                throw new errors/* WardenError */.Sh('not-found', `${name} is not in the archive`);
            }
            return weigh();
        },
        config: async (descriptor) => (0,wire_config/* parseImageConfig */.F)(saved.config, descriptor),
        blobSize: async (digest) => {
            throw new errors/* WardenError */.Sh('not-found', `${digest} is not in the archive`);
        },
        tags: async () => tags,
        layers: {
            isLocal: true,
            isExact: false,
            open: ({ digest }) => streamLayer(saved, weigh, digest),
        },
    };
}
async function* streamLayer({ archive, image }, weigh, digest) {
    const { manifest } = await weigh();
    const layers = manifest.kind === 'image' ? manifest.layers : [];
    const name = image.layers[layers.findIndex((layer) => layer.digest === digest)];
    if (name === undefined)
        throw lacks(digest);
    yield* archive.stream(name);
}
async function readSaved(archive) {
    const list = await archive.read('manifest.json', wire_manifest/* MAX_MANIFEST_BYTES */.ZJ);
    if (list === null)
        throw await noManifest(archive);
    const image = onlyImage(parseSavedImages(list));
    const config = await archive.read(image.config, wire_config/* MAX_CONFIG_BYTES */.G);
    if (config === null)
        throw lacks(image.config);
    const digest = (0,content_digest/* contentDigest */.eZ)(config);
    checkName(image.config, digest);
    return { archive, image, config, digest, size: list.length };
}
async function noManifest(archive) {
    const isLayout = (await archive.size('index.json')) !== null;
    return new errors/* WardenError */.Sh('protocol', 'there is no manifest.json', {
        advice: isLayout ? 'It is an OCI archive: write oci-archive://' : 'Is it made by docker save?',
    });
}
function onlyImage(images) {
    const [first, ...others] = images;
    if (first === undefined)
        throw new errors/* WardenError */.Sh('not-found', 'manifest.json lists no image');
    if (others.every(({ config }) => config === first.config)) {
        return { ...first, names: images.flatMap(({ names }) => names) };
    }
    const names = images.map((image) => image.names[0] ?? image.config);
    throw new errors/* WardenError */.Sh('input', `several images are in it: ${listNames(names)}`, {
        advice: `Save each to a file of its own: docker save -o FILE ${listNames(names.slice(0, 1))}`,
    });
}
async function weighImage({ archive, image, config, digest, size }) {
    const members = image.layers.map((layer) => {
        const member = archive.resolve(layer);
        if (member === null)
            throw lacks(layer);
        return member;
    });
    const weights = new Map();
    await archive.visit(new Set(members), async (member, content) => {
        weights.set(member, await weighLayer(content));
    });
    const weighed = members.map((member) => {
        const weight = weights.get(member);
        if (weight === undefined)
            throw lacks(member);
        checkName(member, weight.digest);
        return weight;
    });
    checkDiffIds(weighed, parseDiffIds(config));
    return {
        digest,
        size: (0,bytes/* asBytes */.Yd)(size),
        estimated: weighed.some(({ compression }) => compression === 'none'),
        manifest: {
            kind: 'image',
            mediaType: MANIFEST_TYPE,
            config: docker_archive_descriptor(digest, config.length, CONFIG_TYPE),
            layers: weighed.map((layer) => docker_archive_descriptor(layer.digest, layer.size, `${LAYER_TYPE}.${layer.compression === 'zstd' ? 'zstd' : 'gzip'}`)),
            annotations: new Map(),
            subject: null,
            artifactType: null,
        },
    };
}
function checkDiffIds(layers, diffIds) {
    if (diffIds.length === 0)
        return;
    if (diffIds.length !== layers.length) {
        const counts = `${layers.length} layers, its config ${diffIds.length}`;
        throw new errors/* WardenError */.Sh('integrity', `manifest.json lists ${counts}`);
    }
    for (const [position, { digest, compression }] of layers.entries()) {
        const named = diffIds[position];
        if (compression !== 'none' || named === undefined || named === digest || !named.startsWith('sha256:'))
            continue;
        throw new errors/* WardenError */.Sh('integrity', `layer ${position + 1} is ${(0,names_digest/* shortDigest */.VK)(digest)}, but the config names ${(0,names_digest/* shortDigest */.VK)(named)}`);
    }
}
function checkName(name, digest) {
    const [, hex] = /^(?:blobs\/sha256\/|sha256:)?([a-f0-9]{64})(?:\.json)?$/.exec(name) ?? [];
    if (hex === undefined || hex === (0,names_digest/* digestHex */.sU)(digest))
        return;
    throw new errors/* WardenError */.Sh('integrity', `${name} has the digest ${digest}`);
}
function docker_archive_descriptor(digest, size, mediaType) {
    return {
        mediaType,
        digest,
        size: (0,bytes/* asBytes */.Yd)(size),
        platform: null,
        artifactType: null,
        annotations: new Map(),
    };
}
function lacks(name) {
    return new errors/* WardenError */.Sh('integrity', `manifest.json names ${quoted(name)}, which is not in the archive`);
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./src/images/folder.js






async function openFolder(folder) {
    try {
        const root = await (0,promises_.realpath)(folder);
        if (!(await (0,promises_.stat)(root)).isDirectory()) {
            throw new errors/* WardenError */.Sh('input', `${folder} is not a folder`, {
                advice: 'A file is read by oci-archive:// or docker-archive://',
            });
        }
        return {
            read: (name, most) => readFile(root, name, most),
            size: (name) => sizeOf(root, name),
            stream: (name) => streamFile(root, name),
        };
    }
    catch (error) {
        throw pathError(folder, error);
    }
}
async function sizeOf(root, name) {
    const path = await locate(root, name);
    if (path === null)
        return null;
    const status = await (0,promises_.lstat)(path);
    if (!status.isFile())
        throw notRegular(name);
    return status.size;
}
async function readFile(root, name, most) {
    const file = await openRegular(root, name);
    if (file === null)
        return null;
    try {
        const status = await file.stat();
        if (status.size > most)
            throw new errors/* WardenError */.Sh('protocol', `${name} is larger than ${most} bytes`);
        const bytes = Buffer.alloc(status.size);
        const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
        return bytes.subarray(0, bytesRead);
    }
    finally {
        await file.close();
    }
}
async function openRegular(root, name) {
    const path = await locate(root, name);
    if (path === null)
        return null;
    const file = await (0,promises_.open)(path, external_node_fs_.constants.O_RDONLY | (external_node_fs_.constants.O_NOFOLLOW ?? 0) | (external_node_fs_.constants.O_NONBLOCK ?? 0));
    if ((await file.stat()).isFile())
        return file;
    await file.close();
    throw notRegular(name);
}
async function* streamFile(root, name) {
    const file = await openRegular(root, name);
    if (file === null)
        throw new errors/* WardenError */.Sh('integrity', `${name} is missing`);
    try {
        yield* allOf(new FileSource(file));
    }
    finally {
        await file.close();
    }
}
async function locate(root, name) {
    const path = (0,external_node_path_.join)(root, ...name.split('/'));
    try {
        if ((await (0,promises_.realpath)(path)) === path)
            return path;
    }
    catch (error) {
        const code = errorCode(error);
        if (code === 'ENOENT' || code === 'ENOTDIR')
            return null;
        if (code !== 'ELOOP')
            throw pathError(name, error);
    }
    throw new errors/* WardenError */.Sh('protocol', `${name} is a symbolic link, or below one`, {
        advice: 'Links are not followed; copy the folder with cp -rL',
    });
}
function notRegular(name) {
    return new errors/* WardenError */.Sh('protocol', `${name} is not a regular file`);
}

// EXTERNAL MODULE: ./src/domain/manifest/media-type.js
var media_type = __webpack_require__(7123);
// EXTERNAL MODULE: ./src/domain/names/platform.js
var names_platform = __webpack_require__(7670);
// EXTERNAL MODULE: ./src/domain/names/tag-order.js
var tag_order = __webpack_require__(3496);
;// CONCATENATED MODULE: ./src/images/oci-index.js






const NAME_ANNOTATIONS = ['org.opencontainers.image.ref.name', 'io.containerd.image.name'];
function namesOf({ annotations }) {
    return NAME_ANNOTATIONS.flatMap((key) => annotations.get(key) ?? []);
}
function chooseImage(entries, choice) {
    if (choice.digest !== null)
        return choice.digest;
    const images = entries.filter((entry) => !(0,media_type/* isAttestation */.H3)(entry));
    const chosen = choice.name === null ? images : withName(images, choice.name);
    const digests = [...new Set(chosen.map(({ digest }) => digest))];
    if (digests.length > 1) {
        if (choice.name === null && arePlatformsOfOne(images))
            return null;
        throw severalImages(chosen, choice);
    }
    const [only] = digests;
    if (only !== undefined)
        return only;
    throw choice.name === null
        ? new errors/* WardenError */.Sh('not-found', 'index.json lists no image')
        : unknownName(images, choice.name);
}
function withName(images, name) {
    const comparisons = [
        (other) => other === name,
        (other) => familiar(other) === familiar(name),
        (other) => tagOfName(other) === name,
    ];
    const found = comparisons.map((matches) => images.filter((entry) => namesOf(entry).some(matches)));
    return found.find((some) => some.length > 0) ?? [];
}
function familiar(name) {
    const [reference = ''] = name.split('@', 1);
    return reference.replace(/^(?:index\.)?docker\.io\/(?:library\/)?/, '');
}
function arePlatformsOfOne(images) {
    const platforms = images.flatMap(({ platform }) => (platform === null ? [] : [(0,names_platform/* formatPlatform */.Bq)(platform)]));
    return new Set(platforms).size === images.length && images.every((entry) => namesOf(entry).length === 0);
}
function severalImages(images, { name, store }) {
    const told = images.map((entry) => namesOf(entry)[0] ?? `${entry.digest} without a name`);
    const what = name === null ? 'several images are in it' : severalCalled(name);
    const ways = images.map((entry) => store + selectorOf(entry, images));
    return new errors/* WardenError */.Sh('input', `${what}: ${listNames([...new Set(told)])}`, {
        advice: `Name the one to measure by :TAG or @DIGEST behind the path: ${listWays([...new Set(ways)])}`,
    });
}
function severalCalled(name) {
    return (0,names_tag/* isTag */.dz)(name)
        ? `several images have the tag ${name}`
        : `several images are called ${listNames([name])}`;
}
function selectorOf(entry, images) {
    const ofOthers = images.filter(({ digest }) => digest !== entry.digest).flatMap(namesOf);
    const others = new Set(ofOthers.map(familiar));
    const name = namesOf(entry)
        .map((text) => text.split('@', 1)[0] ?? '')
        .find((text) => PLAIN_NAME.test(text) && !others.has(familiar(text)));
    return name === undefined ? `@${entry.digest}` : `:${name}`;
}
const PLAIN_NAME = /^\w[\w./:-]{0,199}$/;
const MOST_WAYS = 3;
function listWays(ways) {
    const shown = ways.slice(0, MOST_WAYS).join(' or ');
    return ways.length > MOST_WAYS ? `${shown}, and likewise the others` : shown;
}
function unknownDigest(entries, digest) {
    const images = entries.filter((entry) => !(0,media_type/* isAttestation */.H3)(entry)).map((entry) => entry.digest);
    return new errors/* WardenError */.Sh('not-found', `nothing in it has the digest ${digest}`, {
        advice: `It has ${listNames(images) || 'no image'}`,
    });
}
function unknownName(images, name) {
    const names = images.flatMap(namesOf);
    const isWhole = !(0,names_tag/* isTag */.dz)(name);
    const near = isWhole ? [] : (0,tag_order/* nearestTags */.ET)(name, tagsOfNames(names));
    const known = listNames(isWhole ? names : tagsOfNames(names));
    return new errors/* WardenError */.Sh('not-found', isWhole ? `no image in it is called ${listNames([name])}` : `no image in it has the tag ${name}`, { advice: near.length > 0 ? `Did you mean ${(0,names_tag/* tagList */.Tw)(near)}?` : `It has ${known || 'no names'}` });
}

;// CONCATENATED MODULE: ./src/images/oci-image.js









const INDEX_TYPE = 'application/vnd.oci.image.index.v1+json';
async function openOciImage(store, choice) {
    checkLayoutVersion(await required(store, 'oci-layout', MAX_LAYOUT_BYTES));
    const index = (0,wire_manifest/* parseManifest */.Ng)(await required(store, 'index.json', wire_manifest/* MAX_MANIFEST_BYTES */.ZJ), INDEX_TYPE, null);
    if (index.manifest.kind !== 'index')
        throw new errors/* WardenError */.Sh('protocol', 'index.json is not an image index');
    const entries = index.manifest.manifests;
    const tags = tagsOfNames(entries.flatMap(namesOf));
    const top = chooseImage(entries, choice) ?? index.digest;
    if (top === choice.digest && top !== index.digest && (await store.size(blobName(top))) === null) {
        if (!entries.some(({ digest }) => digest === top))
            throw unknownDigest(entries, top);
    }
    const ownTags = tagsOfNames(entries.filter(({ digest }) => digest === top).flatMap(namesOf));
    const read = new Map([[index.digest, Promise.resolve(index)]]);
    const manifest = async (name) => {
        const digest = (0,names_digest/* isDigest */.Bc)(name) ? name : (chooseImage(entries, { ...choice, name, digest: null }) ?? top);
        const absent = entries.some((entry) => entry.digest === digest) ? 'integrity' : 'not-found';
        const reading = read.get(digest) ?? readManifest(store, digest, absent);
        read.set(digest, reading);
        return reading;
    };
    return {
        top,
        tag: (choice.name === null ? null : tagOfName(choice.name)) ??
            (ownTags.length === 1 ? (ownTags[0] ?? null) : null),
        manifest,
        config: async (descriptor) => (0,wire_config/* parseImageConfig */.F)(await required(store, blobName(descriptor.digest), wire_config/* MAX_CONFIG_BYTES */.G), descriptor),
        blobSize: async (digest) => {
            const size = await store.size(blobName(digest));
            if (size === null)
                throw missing(blobName(digest), 'not-found');
            return (0,bytes/* asBytes */.Yd)(size);
        },
        tags: async () => tags,
        layers: { isLocal: true, isExact: true, open: ({ digest }) => store.stream(blobName(digest)) },
    };
}
async function readManifest(store, digest, absent) {
    const bytes = await store.read(blobName(digest), wire_manifest/* MAX_MANIFEST_BYTES */.ZJ);
    if (bytes === null)
        throw missing(blobName(digest), absent);
    const resolved = (0,wire_manifest/* parseManifest */.Ng)(bytes, null, digest);
    await Promise.all(blobsOf(resolved.manifest).map((blob) => checkSize(store, blob)));
    return resolved;
}
function blobsOf(manifest) {
    if (manifest.kind !== 'image' && manifest.kind !== 'artifact')
        return [];
    const blobs = manifest.config === null ? manifest.layers : [manifest.config, ...manifest.layers];
    return [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
}
async function checkSize(store, { digest, size, mediaType }) {
    const stored = await store.size(blobName(digest));
    if (stored === size)
        return;
    if (stored !== null) {
        throw new errors/* WardenError */.Sh('integrity', `the blob ${digest} has ${stored} bytes instead of ${size}`);
    }
    if (!(0,media_type/* isForeignLayer */.sJ)(mediaType))
        throw missing(blobName(digest), 'integrity');
}
async function required(store, name, most) {
    const bytes = await store.read(name, most);
    if (bytes === null)
        throw missing(name, name.startsWith('blobs/') ? 'integrity' : 'protocol');
    return bytes;
}
function missing(name, kind) {
    const advice = name.includes('/') ? 'Was it written or copied completely?' : 'Is it an OCI layout?';
    return new errors/* WardenError */.Sh(kind, `there is no ${listNames([name])}`, { advice });
}
function blobName(digest) {
    return `blobs/${(0,names_digest/* digestAlgorithm */.g4)(digest)}/${(0,names_digest/* digestHex */.sU)(digest)}`;
}

;// CONCATENATED MODULE: ./src/images/open.js







async function openLocalImage(source, options = {}) {
    const reading = await chooseReading(source);
    const image = await named(source, () => openByFormat(source, reading, options));
    return {
        ...image,
        path: reading.path,
        manifest: (name) => named(source, () => image.manifest(name)),
        config: (descriptor) => named(source, () => image.config(descriptor)),
        blobSize: (digest) => named(source, () => image.blobSize(digest)),
    };
}
async function chooseReading(source) {
    const [written, ...others] = (0,image_source/* readingsOf */.RO)(source);
    if (written === undefined)
        throw new Error('a source has a reading');
    for (const reading of [written, ...others]) {
        const isThere = await (0,promises_.access)(reading.path).then(() => true, () => false);
        if (isThere)
            return reading;
    }
    return written;
}
async function named(source, work) {
    try {
        return await work();
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        const { kind, message, advice } = error;
        throw new errors/* WardenError */.Sh(kind, `${(0,image_source/* formatImageSource */.Sp)(source)}: ${message}`, { advice, cause: error });
    }
}
async function openOciLayout(folder, name, { digest = null } = {}) {
    return openOciImage(await openFolder(folder), { name, digest, store: `oci-layout://${folder}` });
}
async function openOciArchive(file, name, { digest = null, ...options } = {}) {
    const archive = await openArchive(file, options);
    if ((await archive.size('oci-layout')) === null && (await archive.size('manifest.json')) !== null) {
        throw new errors/* WardenError */.Sh('protocol', 'there is no oci-layout', {
            advice: 'It is an archive of docker save: write docker-archive://',
        });
    }
    return openOciImage(archive, { name, digest, store: `oci-archive://${file}` });
}
async function openDockerArchive(file, options = {}) {
    return openDockerImage(await openArchive(file, options));
}
async function openByFormat({ format, digest }, { path, name }, options) {
    if (format === 'oci-layout')
        return openOciLayout(path, name, { digest });
    if (format === 'oci-archive')
        return openOciArchive(path, name, { ...options, digest });
    return openDockerArchive(path, options);
}


/***/ }),

/***/ 5517:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $6: () => (/* binding */ textAt),
/* harmony export */   FY: () => (/* binding */ isTarHeader),
/* harmony export */   IE: () => (/* binding */ BLOCK),
/* harmony export */   OH: () => (/* binding */ parseTarHeader),
/* harmony export */   Z8: () => (/* binding */ sizeAt),
/* harmony export */   kc: () => (/* binding */ isHeaderOnly),
/* harmony export */   qt: () => (/* binding */ isOldFolder),
/* harmony export */   tk: () => (/* binding */ isTarSize),
/* harmony export */   vZ: () => (/* binding */ parsePaxRecords)
/* harmony export */ });
/* harmony import */ var _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9763);

const BLOCK = 512;
function isHeaderOnly(type) {
    return /^[1-6]$/.test(type);
}
function isOldFolder(type, name) {
    return type === '0' && name.endsWith('/');
}
function parseTarHeader(block) {
    if (block[0] === 0 && block.every((byte) => byte === 0))
        return null;
    if (!isTarHeader(block))
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('protocol', 'the archive is damaged: a header has a wrong checksum');
    const type = block[156] === 0 ? '0' : block.toString('latin1', 156, 157);
    const name = textAt(block, 0, 100);
    const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? textAt(block, 345, 155) : '';
    return {
        name: prefix === '' ? name : `${prefix}/${name}`,
        target: textAt(block, 157, 100),
        size: sizeAt(block, 124),
        type,
    };
}
function isTarHeader(block) {
    if (block.length !== BLOCK)
        return false;
    const written = /^ *([0-7]{1,7})[ \0]*$/.exec(block.toString('latin1', 148, 156))?.[1];
    if (written === undefined)
        return false;
    let sum = 8 * 32;
    for (let at = 0; at < BLOCK; at += 1)
        if (at < 148 || at >= 156)
            sum += block[at] ?? 0;
    return Number(`0o${written}`) === sum;
}
function parsePaxRecords(bytes) {
    const records = new Map();
    let start = 0;
    while (start < bytes.length && bytes[start] !== 0) {
        const length = /^(\d{1,7}) /.exec(bytes.toString('latin1', start, start + 8))?.[1];
        const end = start + Number(length ?? 0);
        const record = bytes.toString('utf8', start + (length?.length ?? 0) + 1, end - 1);
        const equals = record.indexOf('=');
        if (length === undefined || end > bytes.length || bytes[end - 1] !== 10 || equals < 1) {
            throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('protocol', 'the archive is damaged: a pax header has a malformed record');
        }
        records.set(record.slice(0, equals), record.slice(equals + 1));
        start = end;
    }
    return records;
}
function textAt(bytes, start, length) {
    const field = bytes.subarray(start, start + length);
    const end = field.indexOf(0);
    return field.toString('utf8', 0, end === -1 ? field.length : end);
}
function isTarSize(size) {
    return Number.isSafeInteger(size) && size <= 1024 ** 5;
}
function sizeAt(block, start) {
    const field = block.subarray(start, start + 12);
    const binary = field[0] === 0x80 ? BigInt(`0x${field.toString('hex', 1)}`) : null;
    const octal = /^ *([0-7]{0,12})[ \0]*$/.exec(field.toString('latin1'))?.[1];
    const size = binary === null ? Number(`0o${octal === '' ? '0' : octal}`) : Number(binary);
    if (!isTarSize(size))
        throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('protocol', 'the archive is damaged: a size is not a number');
    return size;
}


/***/ })

};
