export const id = 195;
export const ids = [195];
export const modules = {

/***/ 3702:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   He: () => (/* binding */ summedUp),
/* harmony export */   XI: () => (/* binding */ contentsWeight),
/* harmony export */   om: () => (/* binding */ ContentsBuilder)
/* harmony export */ });
/* unused harmony export rootedPath */
const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';
const ADMINISTRATION = '.wh..wh.';
const MOST_LINKS = 40;
class ContentsBuilder {
    #room;
    #weight = 0;
    #depth = null;
    #entries = new Map();
    #whiteouts = new Set();
    #opaque = new Set();
    #hasLinks = false;
    constructor(room = Infinity) {
        this.#room = room;
    }
    get count() {
        return this.#entries.size + this.#whiteouts.size + this.#opaque.size;
    }
    add(name, kind, size, target) {
        const path = rootedPath(name);
        if (path === '')
            return ignore;
        if (this.#depth === null && this.#weight + pathWeight(path) > this.#room)
            this.#foldTo(0);
        if (this.#depth !== null)
            return this.#sumUp(path, kind, size);
        this.#weight += pathWeight(path);
        const slash = path.lastIndexOf('/');
        const base = path.slice(slash + 1);
        if (base.startsWith(WHITEOUT)) {
            this.#remove(path.slice(0, Math.max(slash, 0)), base);
            return ignore;
        }
        const before = this.#entries.get(path);
        const link = kind === 'hardlink' ? rootedPath(target ?? '') : null;
        if (link === path && before !== undefined)
            return (compressed) => void (before.compressed += compressed);
        const entry = {
            kind,
            size: kind === 'file' ? size : 0,
            compressed: before?.compressed ?? 0,
            target: link,
        };
        this.#hasLinks ||= kind === 'hardlink';
        this.#entries.set(path, entry);
        return (compressed) => void (entry.compressed += compressed);
    }
    #foldTo(step) {
        const depth = DEPTHS[step];
        if (depth === undefined)
            return;
        if (this.#depth === null || depth < this.#depth) {
            const entries = summedUp(this.#entries, depth);
            this.#entries.clear();
            for (const [path, entry] of entries)
                this.#entries.set(path, entry);
            this.#depth = depth;
            this.#whiteouts.clear();
            this.#opaque.clear();
            this.#hasLinks = false;
            this.#weight = weightOf(this.#entries.keys());
        }
        if (this.#weight > this.#room / 2)
            this.#foldTo(step + 1);
    }
    #sumUp(path, kind, size) {
        let folder = folderAt(path, this.#depth ?? 0, false);
        if (!this.#entries.has(folder) && this.#weight + pathWeight(folder) > this.#room) {
            this.#foldTo(0);
            folder = folderAt(path, this.#depth ?? 0, false);
        }
        let entry = this.#entries.get(folder);
        if (entry === undefined) {
            entry = { kind: 'file', size: 0, compressed: 0, target: null, files: 0 };
            this.#entries.set(folder, entry);
            this.#weight += pathWeight(folder);
        }
        const sum = entry;
        if (kind === 'file') {
            sum.size += size;
            sum.files = (sum.files ?? 0) + 1;
        }
        return (compressed) => void (sum.compressed += compressed);
    }
    #remove(folder, base) {
        if (base === OPAQUE) {
            this.#opaque.add(folder);
            return;
        }
        const hidden = base.slice(WHITEOUT.length);
        if (base.startsWith(ADMINISTRATION) || hidden === '' || hidden === '.' || hidden === '..')
            return;
        this.#whiteouts.add(folder === '' ? hidden : `${folder}/${hidden}`);
    }
    finish(scale = 1) {
        if (this.#hasLinks)
            nameLinksOnce(this.#entries);
        let unpacked = 0;
        for (const entry of this.#entries.values()) {
            unpacked += entry.size;
            entry.compressed *= scale;
        }
        return {
            entries: this.#entries,
            whiteouts: this.#whiteouts,
            opaque: this.#opaque,
            unpacked,
            depth: this.#depth,
        };
    }
}
const PATH_OVERHEAD = 120;
const DEPTHS = [6, 4, 2, 0];
function pathWeight(path) {
    return path.length + PATH_OVERHEAD;
}
function contentsWeight({ entries, whiteouts, opaque }) {
    return weightOf(entries.keys()) + weightOf(whiteouts) + weightOf(opaque);
}
function weightOf(paths) {
    let weight = 0;
    for (const path of paths)
        weight += pathWeight(path);
    return weight;
}
function summedUp(entries, depth) {
    const folders = new Map();
    for (const [path, { kind, size, compressed, files }] of entries) {
        const folder = folderAt(path, depth, files !== undefined);
        const sum = folders.get(folder) ?? { kind: 'file', size: 0, compressed: 0, target: null, files: 0 };
        sum.size += size;
        sum.compressed += compressed;
        sum.files = (sum.files ?? 0) + (files ?? Number(kind === 'file'));
        folders.set(folder, sum);
    }
    return folders;
}
function folderAt(path, depth, isFolder) {
    let end = 0;
    for (let parts = 0; parts < depth; parts += 1) {
        const slash = path.indexOf('/', end === 0 ? 0 : end + 1);
        if (slash === -1)
            return isFolder ? path : path.slice(0, end);
        end = slash;
    }
    return path.slice(0, end);
}
function ignore() { }
function rootedPath(name) {
    if (!/^\.{0,2}\/|\/\/|\/\.{0,2}(?:\/|$)|^\.{1,2}$/.test(name))
        return name;
    const parts = [];
    for (const part of name.split('/')) {
        if (part === '' || part === '.')
            continue;
        if (part === '..')
            parts.pop();
        else
            parts.push(part);
    }
    return parts.join('/');
}
function nameLinksOnce(entries) {
    const groups = new Map();
    for (const [path, { kind }] of entries) {
        if (kind !== 'hardlink')
            continue;
        const root = contentOf(entries, path);
        if (root === null)
            continue;
        const names = groups.get(root);
        if (names === undefined)
            groups.set(root, [path]);
        else
            names.push(path);
    }
    for (const [root, links] of groups) {
        const file = entries.get(root);
        if (file === undefined)
            continue;
        const first = links.reduce((least, name) => (name < least ? name : least), root);
        const { size, compressed } = file;
        for (const name of [root, ...links]) {
            const entry = entries.get(name);
            if (entry === undefined)
                continue;
            const own = name === root ? 0 : entry.compressed;
            entries.set(name, { kind: 'hardlink', size: 0, compressed: own, target: first });
        }
        const own = first === root ? 0 : (entries.get(first)?.compressed ?? 0);
        entries.set(first, { kind: 'file', size, compressed: compressed + own, target: null });
    }
}
function contentOf(entries, path) {
    let at = path;
    for (let links = 0; links < MOST_LINKS; links += 1) {
        const entry = entries.get(at);
        if (entry === undefined)
            return null;
        if (entry.kind !== 'hardlink')
            return entry.kind === 'file' ? at : null;
        at = entry.target ?? '';
    }
    return null;
}


/***/ }),

/***/ 9657:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AX: () => (/* binding */ chunkedPosition),
/* harmony export */   JZ: () => (/* binding */ hasToc),
/* harmony export */   Kl: () => (/* binding */ readingCost),
/* harmony export */   Sw: () => (/* binding */ stargzDigest)
/* harmony export */ });
const STARGZ = 'containerd.io/snapshot/stargz/toc.digest';
const CHUNKED = ['io.github.containers.zstd-chunked', 'io.containers.zstd-chunked'];
function hasToc(layer) {
    return stargzDigest(layer) !== undefined || chunkedPosition(layer) !== null;
}
function stargzDigest({ annotations }) {
    return annotations.get(STARGZ);
}
function chunkedPosition({ annotations }) {
    for (const prefix of CHUNKED) {
        const text = annotations.get(`${prefix}.manifest-position`) ?? '';
        const checksum = annotations.get(`${prefix}.manifest-checksum`);
        const [, start, length, unpacked] = /^(\d{1,15}):(\d{1,10}):(\d{1,10}):1$/.exec(text) ?? [];
        if (start === undefined || checksum === undefined || Number(length) === 0)
            continue;
        return { start: Number(start), length: Number(length), unpacked: Number(unpacked), checksum };
    }
    return null;
}
function readingCost(layer) {
    const chunked = chunkedPosition(layer);
    if (chunked !== null)
        return Math.min(chunked.length, layer.size);
    return stargzDigest(layer) === undefined ? layer.size : Math.min(layer.size, Math.ceil(layer.size / 20));
}


/***/ }),

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


/***/ }),

/***/ 5195:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createReadLayer: () => (/* binding */ createReadLayer)
});

// EXTERNAL MODULE: ./src/domain/errors.js
var errors = __webpack_require__(9763);
// EXTERNAL MODULE: ./src/domain/explain/table-of-contents.js
var table_of_contents = __webpack_require__(9657);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./src/domain/names/digest.js
var digest = __webpack_require__(1225);
// EXTERNAL MODULE: ./src/images/compression.js
var compression = __webpack_require__(6678);
// EXTERNAL MODULE: ./src/wire/content-digest.js
var content_digest = __webpack_require__(4899);
// EXTERNAL MODULE: ./src/domain/explain/contents.js
var contents = __webpack_require__(3702);
// EXTERNAL MODULE: ./src/images/tar-header.js
var tar_header = __webpack_require__(5517);
;// CONCATENATED MODULE: ./src/layers/tar-walker.js



const MOST_NAMES = 128 * 1024 * 1024;
const MOST_HEADERS = 1_000_000;
const MAX_SPECIAL = 1024 * 1024;
const MAX_PATH = 4096;
const ABOUT_NEXT = new Set(['x', 'g', 'L', 'K']);
const KINDS = new Map([
    ['0', 'file'],
    ['7', 'file'],
    ['S', 'file'],
    ['1', 'hardlink'],
    ['2', 'link'],
    ['5', 'folder'],
]);
class TarWalker {
    isDone = false;
    #builder;
    #maxUnpacked;
    #position = 0;
    #left = 0;
    #gathered = null;
    #filled = 0;
    #special = null;
    #about = {};
    #behindMap = null;
    #credit = null;
    #uncredited = 0;
    #headers = 0;
    #names = 0;
    #sizes = 0;
    constructor(maxUnpacked, room) {
        this.#builder = new contents/* ContentsBuilder */.om(room);
        this.#maxUnpacked = maxUnpacked;
    }
    write(chunk, compressed) {
        this.#position += chunk.length;
        if (this.#position > this.#maxUnpacked) {
            throw refused(`it unpacks to more than ${this.#maxUnpacked} bytes`);
        }
        const share = compressed / chunk.length;
        let at = 0;
        while (at < chunk.length && !this.isDone) {
            const start = at;
            if (this.#left > 0) {
                at += Math.min(this.#left, chunk.length - at);
                this.#left -= at - start;
            }
            else {
                at = this.#gather(chunk, at);
            }
            if (this.#credit === null)
                this.#uncredited += (at - start) * share;
            else
                this.#credit((at - start) * share);
        }
    }
    finish(scale = 1) {
        const isBetween = this.#left === 0 && this.#filled === 0 && this.#special === null;
        if (!this.isDone && !(isBetween && this.#behindMap === null))
            throw refused('it ends in the middle of a file');
        return this.#builder.finish(scale);
    }
    #gather(chunk, at) {
        if (this.#behindMap === null)
            this.#credit = null;
        const wanted = this.#special?.size ?? tar_header/* BLOCK */.IE;
        if (this.#filled === 0 && chunk.length - at >= wanted) {
            this.#take(chunk.subarray(at, at + wanted));
            return at + wanted;
        }
        this.#gathered ??= Buffer.alloc(wanted);
        const copied = chunk.copy(this.#gathered, this.#filled, at, at + wanted - this.#filled);
        this.#filled += copied;
        if (this.#filled === wanted) {
            const block = this.#gathered;
            this.#gathered = null;
            this.#filled = 0;
            this.#take(block);
        }
        return at + copied;
    }
    #take(block) {
        if (this.#special !== null) {
            readSpecial(this.#special.type, block, this.#about);
            this.#left = padded(block.length) - block.length;
            this.#special = null;
        }
        else if (this.#behindMap === null) {
            this.#takeHeader(block);
        }
        else if (!isMapContinued(block, 504)) {
            this.#left = this.#behindMap;
            this.#behindMap = null;
        }
    }
    #takeHeader(block) {
        this.#headers += 1;
        if (this.#headers > MOST_HEADERS)
            throw refused(`it has more than ${MOST_HEADERS} headers`);
        const header = (0,tar_header/* parseTarHeader */.OH)(block);
        if (header === null)
            this.isDone = true;
        else if (!ABOUT_NEXT.has(header.type))
            this.#takeEntry(header, block);
        else if (header.type === 'g')
            this.#left = padded(header.size);
        else if (header.size > MAX_SPECIAL)
            throw refused('it has a name of over 1 MiB');
        else if (header.size > 0)
            this.#special = header;
    }
    #takeEntry(header, block) {
        const { name = header.name, target = header.target, stored = header.size, real } = this.#about;
        this.#about = {};
        const type = (0,tar_header/* isOldFolder */.qt)(header.type, name) ? '5' : header.type;
        const length = (0,tar_header/* isHeaderOnly */.kc)(type) ? 0 : stored;
        const isOldSparse = header.type === 'S';
        const size = isOldSparse ? (0,tar_header/* sizeAt */.Z8)(block, OLD_SPARSE_SIZE) : (real ?? length);
        this.#count(name, size);
        this.#credit = this.#builder.add(name, KINDS.get(type) ?? 'other', size, target);
        this.#credit(this.#uncredited);
        this.#uncredited = 0;
        if (isOldSparse && isMapContinued(block, 482))
            this.#behindMap = padded(length);
        else
            this.#left = padded(length);
    }
    #count(name, size) {
        this.#names += name.length;
        this.#sizes += size;
        if (name.length > MAX_PATH)
            throw refused(`it has a path of more than ${MAX_PATH} characters`);
        if (this.#names > MOST_NAMES)
            throw refused(`its names have more than ${MOST_NAMES} bytes`);
        if (!Number.isSafeInteger(this.#sizes))
            throw refused('its files claim to have more than 8191 TiB');
    }
}
const OLD_SPARSE_SIZE = 483;
function isMapContinued(block, flag) {
    return block[flag] !== 0;
}
function readSpecial(type, bytes, about) {
    if (type === 'L')
        about.name = (0,tar_header/* textAt */.$6)(bytes, 0, bytes.length);
    else if (type === 'K')
        about.target = (0,tar_header/* textAt */.$6)(bytes, 0, bytes.length);
    else
        readPax((0,tar_header/* parsePaxRecords */.vZ)(bytes), about);
}
function readPax(records, about) {
    const stored = records.get('size');
    const real = records.get('GNU.sparse.realsize') ?? records.get('GNU.sparse.size') ?? records.get('SCHILY.realsize');
    const name = records.get('GNU.sparse.name') ?? records.get('path');
    const target = records.get('linkpath');
    if (stored !== undefined)
        about.stored = paxSize(stored);
    if (real !== undefined)
        about.real = paxSize(real);
    if (name !== undefined)
        about.name = upToNul(name);
    if (target !== undefined)
        about.target = upToNul(target);
}
function paxSize(text) {
    const size = Number(text);
    if (/^\d{1,16}$/.test(text) && (0,tar_header/* isTarSize */.tk)(size))
        return size;
    throw refused('it is damaged: a size is not a number');
}
function upToNul(text) {
    const end = text.indexOf('\0');
    return end === -1 ? text : text.slice(0, end);
}
function padded(length) {
    return Math.ceil(length / tar_header/* BLOCK */.IE) * tar_header/* BLOCK */.IE;
}
function refused(why) {
    return new errors/* WardenError */.Sh('protocol', why);
}

// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
// EXTERNAL MODULE: ./src/domain/text.js
var domain_text = __webpack_require__(6119);
;// CONCATENATED MODULE: ./src/layers/zstd-frames.js

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const PASSING = new Set(['content', 'checksum', 'header']);
class ZstdFrames {
    #part = 'magic';
    #wanted = 4;
    #seen = Buffer.alloc(4);
    #length = 0;
    #hasChecksum = false;
    #isLast = false;
    get isComplete() {
        return this.#part === 'magic' && this.#length === 0;
    }
    *cut(chunk) {
        let pieces = [];
        let at = 0;
        while (at < chunk.length) {
            const part = chunk.subarray(at, at + Math.min(this.#wanted, chunk.length - at));
            at += part.length;
            this.#wanted -= part.length;
            if (PASSING.has(this.#part))
                pieces.push(part);
            else if (this.#part !== 'skippable')
                this.#length += part.copy(this.#seen, this.#length);
            while (this.#wanted === 0) {
                if (!PASSING.has(this.#part) && this.#part !== 'skippable')
                    pieces.push(this.#take());
                if (!this.#advance(pieces))
                    continue;
                if (pieces.length > 0)
                    yield joined(pieces);
                pieces = [];
                break;
            }
        }
        if (pieces.length > 0)
            yield joined(pieces);
    }
    #take() {
        const bytes = Buffer.from(this.#seen.subarray(0, this.#length));
        this.#length = 0;
        return bytes;
    }
    #advance(pieces) {
        const seen = pieces.at(-1) ?? Buffer.alloc(0);
        switch (this.#part) {
            case 'magic': {
                const magic = seen.readUInt32LE();
                if (magic === MAGIC)
                    return this.#expect('descriptor', 1);
                if ((magic & 0xfffffff0) >>> 0 !== SKIPPABLE)
                    throw damaged('a frame has no magic number');
                pieces.pop();
                return this.#expect('skippable-size', 4);
            }
            case 'skippable-size':
                pieces.pop();
                return this.#expect('skippable', seen.readUInt32LE());
            case 'skippable':
                return this.#end();
            case 'descriptor':
                return this.#expect('header', this.#headerLength(seen.readUInt8()));
            case 'header':
                return this.#expect('block', 3);
            case 'block':
                return this.#block(seen.readUIntLE(0, 3));
            case 'content':
                if (!this.#isLast)
                    return this.#expect('block', 3);
                return this.#hasChecksum ? this.#expect('checksum', 4) : this.#end();
            default:
                return this.#end();
        }
    }
    #expect(part, length) {
        this.#part = part;
        this.#wanted = length;
        return false;
    }
    #end() {
        this.#expect('magic', 4);
        return true;
    }
    #headerLength(descriptor) {
        const isSingle = (descriptor & 0x20) !== 0;
        const sizeFlag = descriptor >> 6;
        this.#hasChecksum = (descriptor & 0x04) !== 0;
        const dictionary = [0, 1, 2, 4][descriptor & 0x03] ?? 0;
        const size = sizeFlag === 0 ? Number(isSingle) : 2 ** sizeFlag;
        return Number(!isSingle) + dictionary + size;
    }
    #block(header) {
        const type = (header >> 1) & 0x03;
        if (type === 3)
            throw damaged('a block has a reserved type');
        this.#isLast = (header & 0x01) !== 0;
        return this.#expect('content', type === 1 ? 1 : header >> 3);
    }
}
function joined(pieces) {
    const [only] = pieces;
    return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
}
function damaged(why) {
    return new errors/* WardenError */.Sh('protocol', `it is damaged: in its zstd stream ${why}`);
}

;// CONCATENATED MODULE: ./src/layers/unpack.js




const OPTIONS = { chunkSize: 64 * 1024 };
const MOST_AT_ONCE = 64 * 1024;
function createUnpacker(compression, sink) {
    if (compression === 'none') {
        return {
            write: async (chunk) => sink.write(chunk, chunk.length),
            end: async () => undefined,
            close: () => undefined,
        };
    }
    return compression === 'gzip'
        ? throughEngine((0,external_node_zlib_.createGunzip)(OPTIONS), sink, null)
        : throughEngine((0,external_node_zlib_.createZstdDecompress)(OPTIONS), sink, new ZstdFrames());
}
function throughEngine(engine, sink, frames) {
    const state = { failure: null, hasEnded: false };
    const { promise: ended, resolve: onEnd } = Promise.withResolvers();
    let onWritten = () => undefined;
    const take = chunkTaker(engine, sink);
    engine.on('data', (chunk) => {
        if (state.failure !== null || sink.isDone)
            return;
        try {
            take(chunk);
        }
        catch (error) {
            state.failure = error;
            engine.destroy();
        }
    });
    engine.on('error', (error) => (state.failure ??= unpack_damaged(error)));
    engine.once('end', () => (state.hasEnded = true));
    engine.once('close', () => {
        onEnd();
        onWritten();
    });
    const check = () => {
        if (state.failure !== null)
            throw state.failure;
    };
    const feed = async (piece) => {
        if (state.hasEnded || sink.isDone)
            return;
        await new Promise((resolve) => {
            onWritten = resolve;
            engine.write(piece, () => resolve());
        });
        check();
    };
    return {
        write: async (chunk) => {
            for (let at = 0; at < chunk.length; at += MOST_AT_ONCE) {
                const part = chunk.subarray(at, at + MOST_AT_ONCE);
                if (frames === null)
                    await feed(part);
                else
                    for (const piece of frames.cut(part))
                        await feed(piece);
            }
        },
        end: async () => {
            if (sink.isDone)
                return;
            if (frames?.isComplete === false)
                throw unpack_damaged(new Error('it ends within a frame'));
            engine.end();
            await ended;
            check();
        },
        close: () => void engine.destroy(),
    };
}
function chunkTaker(engine, sink) {
    let taken = 0;
    let last = null;
    return (chunk) => {
        if (last instanceof ArrayBuffer && last !== chunk.buffer && last.byteLength === OPTIONS.chunkSize) {
            last.transfer(0);
        }
        last = chunk.buffer;
        const compressed = engine.bytesWritten - taken;
        taken += compressed;
        sink.write(chunk, compressed);
    };
}
function unpack_damaged(error) {
    const reason = (0,domain_text/* sanitiseLine */.lg)(error instanceof Error ? error.message : String(error), 100);
    return new errors/* WardenError */.Sh('protocol', `it is damaged: ${reason}`, { cause: error });
}

;// CONCATENATED MODULE: ./src/layers/stream-layer.js







const GIB = 1024 ** 3;
const MOST_UNPACKED = 64 * GIB;
const MOST_RATIO = 200;
async function streamLayer(chunks, blob, { signal, isExact, room }) {
    const walker = new TarWalker(Math.min(MOST_UNPACKED, GIB + MOST_RATIO * blob.size), room);
    if (!(0,content_digest/* isVerifiable */.CC)(blob.digest))
        throw wrongBytes('has a digest that cannot be checked here');
    const hash = (0,external_node_crypto_.createHash)((0,digest/* digestAlgorithm */.g4)(blob.digest));
    let unpacker = null;
    let start = Buffer.alloc(0);
    let length = 0;
    try {
        for await (const chunk of chunks) {
            if (signal?.aborted)
                throw new errors/* WardenError */.Sh('deadline', 'time was up before it was read');
            length += chunk.length;
            if (isExact && length > blob.size)
                throw wrongBytes(`has more than the ${blob.size} bytes of its descriptor`);
            hash.update(chunk);
            if (unpacker !== null) {
                await unpacker.write(chunk);
                continue;
            }
            start = Buffer.concat([start, chunk]);
            if (start.length < 4)
                continue;
            unpacker = createUnpacker((0,compression/* compressionOf */.MB)(start), walker);
            await unpacker.write(start);
        }
        if (isExact && length < blob.size)
            throw wrongBytes(`ends after ${length} of ${blob.size} bytes`);
        if (hash.digest('hex') !== (0,digest/* digestHex */.sU)(blob.digest))
            throw wrongBytes('is not what its digest says');
        await unpacker?.end();
        return walker.finish(isExact ? 1 : blob.size / Math.max(1, length));
    }
    finally {
        unpacker?.close();
    }
}
function wrongBytes(what) {
    return new errors/* WardenError */.Sh('integrity', `the layer ${what}`);
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 15 modules
var schemas = __webpack_require__(6668);
// EXTERNAL MODULE: ./src/wire/json.js
var json = __webpack_require__(4281);
;// CONCATENATED MODULE: ./src/wire/layer-toc.js



const MOST_ENTRIES = 500_000;
const MOST_VALUES = 3_000_000;
const layer_toc_length = schemas/* int */.Whr().min(0).nullish();
const toc = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    version: schemas/* literal */.euz(1),
    entries: (0,json/* listOf */.c3)(schemas/* object */.Ikc({
        name: schemas/* string */.YjP(),
        type: schemas/* string */.YjP(),
        size: layer_toc_length,
        linkName: schemas/* string */.YjP().nullish(),
        offset: layer_toc_length,
        chunkSize: layer_toc_length,
    })
        .transform(({ name, type, size, linkName, offset, chunkSize }) => ({
        name,
        type,
        size: size ?? 0,
        linkName: linkName ?? null,
        offset: offset ?? null,
        chunkSize: chunkSize ?? 0,
    })), MOST_ENTRIES),
}));
function parseLayerToc(bytes) {
    const what = 'the table of contents';
    if (hasTooManyValues(bytes))
        throw new errors/* WardenError */.Sh('protocol', `${what} is too long`);
    return (0,json/* readAs */.fd)(toc, (0,json/* parseJsonObject */.dw)(bytes, what), what).entries;
}
const [COMMA, BRACKET, BRACE] = Buffer.from(',[{');
function hasTooManyValues(bytes) {
    let values = 0;
    for (let at = 0; at < bytes.length && values <= MOST_VALUES; at += 1) {
        const byte = bytes[at];
        if (byte === COMMA || byte === BRACKET || byte === BRACE)
            values += 1;
    }
    return values > MOST_VALUES;
}

;// CONCATENATED MODULE: ./src/layers/toc-contents.js


const toc_contents_KINDS = new Map([
    ['reg', 'file'],
    ['hardlink', 'hardlink'],
    ['symlink', 'link'],
    ['dir', 'folder'],
]);
function tocContents(entries, end, room, add = () => undefined) {
    const builder = new contents/* ContentsBuilder */.om(room);
    const shares = sharesOf(entries, end);
    let credit = () => undefined;
    let sizes = 0;
    for (const [position, entry] of entries.entries()) {
        if (entry.type !== 'chunk') {
            sizes += entry.size;
            credit = builder.add(entry.name, toc_contents_KINDS.get(entry.type) ?? 'other', entry.size, entry.linkName);
        }
        credit(shares[position] ?? 0);
        if (!Number.isSafeInteger(sizes)) {
            throw new errors/* WardenError */.Sh('protocol', 'its table of contents has larger files than there are');
        }
    }
    add(builder);
    return builder.finish();
}
function sharesOf(entries, end) {
    const shares = new Float64Array(entries.length);
    const groups = new Map();
    for (const [position, { offset, type }] of entries.entries()) {
        if (offset === null || offset >= end || (type !== 'reg' && type !== 'chunk'))
            continue;
        const group = groups.get(offset);
        if (group === undefined)
            groups.set(offset, [position]);
        else
            group.push(position);
    }
    const offsets = [...groups.keys()].toSorted((a, b) => a - b);
    for (const [at, offset] of offsets.entries()) {
        const length = (offsets[at + 1] ?? end) - offset;
        const group = groups.get(offset) ?? [];
        const sizes = group.map((position) => unpackedOf(entries[position]));
        const total = sizes.reduce((sum, size) => sum + size, 0);
        for (const [index, position] of group.entries()) {
            shares[position] = total === 0 ? length / group.length : (length * (sizes[index] ?? 0)) / total;
        }
    }
    return shares;
}
function unpackedOf(entry) {
    return entry === undefined ? 0 : entry.chunkSize || entry.size;
}

;// CONCATENATED MODULE: ./src/layers/toc.js








const STARGZ_FOOTER = 51;
const MOST_PACKED = 32 * 1024 * 1024;
const toc_MOST_UNPACKED = 64 * 1024 * 1024;
async function readToc(store, blob, budget, room) {
    const read = async (range) => budget.take(range.end - range.start) ? readRange(store, blob, range) : 'over-budget';
    const digest = (0,table_of_contents/* stargzDigest */.Sw)(blob);
    return digest === undefined ? readChunked(blob, room, read) : readStargz(blob, { digest, room }, read);
}
async function readStargz({ size }, { digest, room }, read) {
    if (size < STARGZ_FOOTER)
        throw noToc();
    const footer = await read({ start: size - STARGZ_FOOTER, end: size });
    if (footer === 'over-budget')
        return footer;
    const hex = /^([0-9a-f]{16})STARGZ$/.exec(footer.toString('latin1', 16, 38))?.[1];
    const start = Number.parseInt(hex ?? '', 16);
    if (!(start < size - STARGZ_FOOTER) || size - start > MOST_PACKED)
        throw noToc();
    const packed = await read({ start, end: size - STARGZ_FOOTER });
    if (packed === 'over-budget')
        return packed;
    const tar = await unpack(() => (0,external_node_util_.promisify)(external_node_zlib_.gunzip)(packed, { maxOutputLength: toc_MOST_UNPACKED }));
    const header = (0,tar_header/* parseTarHeader */.OH)(tar.subarray(0, tar_header/* BLOCK */.IE));
    const json = tar.subarray(tar_header/* BLOCK */.IE, tar_header/* BLOCK */.IE + (header?.size ?? 0));
    if ((0,content_digest/* contentDigest */.eZ)(json) !== digest)
        throw wrongToc();
    return tocContents(parseLayerToc(json), start, room, (builder) => {
        builder.add(header?.name ?? '', 'file', json.length, null)(size - start);
    });
}
async function readChunked(blob, room, read) {
    const position = (0,table_of_contents/* chunkedPosition */.AX)(blob);
    if (position === null)
        throw noToc();
    const { start, length, unpacked, checksum } = position;
    if (start + length > blob.size || length > MOST_PACKED || unpacked > toc_MOST_UNPACKED)
        throw noToc();
    const packed = await read({ start, end: start + length });
    if (packed === 'over-budget')
        return packed;
    if ((0,content_digest/* contentDigest */.eZ)(packed) !== checksum)
        throw wrongToc();
    const json = await unpack(() => (0,external_node_util_.promisify)(external_node_zlib_.zstdDecompress)(packed, { maxOutputLength: toc_MOST_UNPACKED }));
    return tocContents(parseLayerToc(json), start, room);
}
async function readRange(store, blob, range) {
    const length = range.end - range.start;
    const chunks = [];
    let read = 0;
    for await (const chunk of store.open(blob, range)) {
        read += chunk.length;
        if (read > length)
            break;
        chunks.push(chunk);
    }
    if (read !== length)
        throw new errors/* WardenError */.Sh('protocol', 'the registry sent another part than was asked for');
    return Buffer.concat(chunks);
}
async function unpack(work) {
    try {
        return await work();
    }
    catch (cause) {
        throw new errors/* WardenError */.Sh('protocol', 'its table of contents cannot be unpacked', { cause });
    }
}
function noToc() {
    return new errors/* WardenError */.Sh('protocol', 'it has no table of contents where it says that it has one');
}
function wrongToc() {
    return new errors/* WardenError */.Sh('integrity', 'its table of contents is not what its digest says');
}

;// CONCATENATED MODULE: ./src/layers/read-layer.js




function createReadLayer(signal) {
    return async (store, blob, budget, room) => {
        if (!store.isLocal && (0,table_of_contents/* hasToc */.JZ)(blob)) {
            try {
                return await readToc(store, blob, budget, room);
            }
            catch (error) {
                if (!(error instanceof errors/* WardenError */.Sh) || !ABOUT_TABLE.has(error.kind))
                    throw error;
            }
        }
        if (!store.isLocal && !budget.take(blob.size))
            return 'over-budget';
        return streamLayer(store.open(blob, null), blob, { signal, isExact: store.isExact, room });
    };
}
const ABOUT_TABLE = new Set(['protocol', 'integrity', 'unsupported']);


/***/ })

};
