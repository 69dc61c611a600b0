export const id = 346;
export const ids = [346];
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

/***/ 5346:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runReport: () => (/* reexport */ runReport),
  runSize: () => (/* reexport */ runSize)
});

// EXTERNAL MODULE: ./src/action/files.js
var files = __webpack_require__(1515);
// EXTERNAL MODULE: ./src/domain/errors.js
var errors = __webpack_require__(9763);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 15 modules
var schemas = __webpack_require__(6668);
// EXTERNAL MODULE: ./src/domain/quantities/bytes.js
var quantities_bytes = __webpack_require__(3217);
// EXTERNAL MODULE: ./src/domain/names/platform.js
var names_platform = __webpack_require__(7670);
// EXTERNAL MODULE: ./src/domain/text.js
var domain_text = __webpack_require__(6119);
// EXTERNAL MODULE: ./src/domain/growth/increase.js
var increase = __webpack_require__(8022);
// EXTERNAL MODULE: ./src/domain/names/digest.js
var names_digest = __webpack_require__(1225);
// EXTERNAL MODULE: ./src/domain/manifest/media-type.js
var media_type = __webpack_require__(7123);
// EXTERNAL MODULE: ./src/domain/manifest/history.js
var manifest_history = __webpack_require__(3138);
// EXTERNAL MODULE: ./src/domain/quantities/timestamp.js
var quantities_timestamp = __webpack_require__(1186);
;// CONCATENATED MODULE: ./src/domain/size/measure.js




const NO_BYTES = (0,quantities_bytes/* asBytes */.Yd)(0);
function measureImage(read) {
    const platforms = read.platforms.map(measurePlatform);
    return {
        name: read.name,
        names: read.names ?? [{ name: read.name, tag: read.tag }],
        repository: read.repository,
        tag: read.tag,
        digest: read.digest,
        mediaType: read.mediaType,
        kind: read.kind,
        created: platforms.find((platform) => platform.created !== null)?.created ?? null,
        platforms,
        baseline: null,
        size: largest(platforms.map((platform) => platform.size)),
        uniqueSize: storedSize(platforms),
    };
}
function measurePlatform(read) {
    const config = configBlob(read.manifest);
    const layers = namedLayers(read);
    const size = (0,quantities_bytes/* sumBytes */.jO)(distinctBlobs([...(config ? [config] : []), ...layers]).values());
    return {
        platform: read.platform,
        digest: read.digest,
        config,
        layers,
        size,
        base: null,
        ownSize: size,
        judgedSize: size,
        foreignSize: (0,quantities_bytes/* sumBytes */.jO)(distinctBlobs(layers.filter((layer) => layer.foreign)).values()),
        estimated: read.estimated ?? false,
        compression: commonCompression(layers),
        created: createdAt(read),
        growth: null,
    };
}
function storedSize(platforms) {
    const stored = new Map();
    for (const { config, layers } of platforms) {
        if (config)
            stored.set(config.digest, config.size);
        for (const layer of layers)
            if (!layer.foreign)
                stored.set(layer.digest, layer.size);
    }
    return (0,quantities_bytes/* totalBytes */.ob)(stored.values());
}
function largest(sizes) {
    let most = NO_BYTES;
    for (const size of sizes)
        if (size > most)
            most = size;
    return most;
}
function countLayers({ layers }) {
    return layers.filter((layer) => !layer.throwaway).length;
}
function configBlob(manifest) {
    if (manifest.kind === 'schema1' || manifest.config === null)
        return null;
    return { digest: manifest.config.digest, size: manifest.config.size };
}
function namedLayers(read) {
    const { manifest, config, blobSizes } = read;
    if (manifest.kind === 'schema1') {
        return manifest.layers.map((layer) => ({
            digest: layer.digest,
            size: blobSizes.get(layer.digest) ?? NO_BYTES,
            mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
            createdBy: layer.createdBy,
            foreign: false,
            from: null,
            throwaway: layer.throwaway,
        }));
    }
    const instructions = config === null ? [] : (0,manifest_history/* attributeLayers */.L)(manifest.layers, config.history);
    return manifest.layers.map((layer, position) => describeLayer(layer, instructions[position] ?? null));
}
function describeLayer(layer, createdBy) {
    return {
        digest: layer.digest,
        size: layer.size,
        mediaType: layer.mediaType,
        createdBy,
        foreign: (0,media_type/* isForeignLayer */.sJ)(layer.mediaType),
        from: null,
        throwaway: false,
    };
}
function distinctBlobs(blobs) {
    const distinct = new Map();
    for (const { digest, size } of blobs)
        distinct.set(digest, size);
    return distinct;
}
function commonCompression(layers) {
    const kinds = new Set(layers.map((layer) => (0,media_type/* layerCompression */.AH)(layer.mediaType)).filter((kind) => kind !== null));
    if (kinds.size > 1)
        return 'mixed';
    return [...kinds][0] ?? null;
}
function createdAt(read) {
    const { manifest, config } = read;
    const annotated = manifest.kind === 'schema1'
        ? manifest.created
        : manifest.annotations.get('org.opencontainers.image.created');
    return (0,quantities_timestamp/* parseTimestamp */.EH)(config?.created ?? annotated ?? '');
}

// EXTERNAL MODULE: ./src/domain/size/scoped-rule.js
var scoped_rule = __webpack_require__(6079);
;// CONCATENATED MODULE: ./src/domain/size/breaches.js




function applyLimits(image, platform, limits, severity) {
    const limit = strictest(image.names.map((name) => sizeLimitOf(name, platform, limits)), platform.judgedSize);
    const growth = strictest(image.names.map((name) => growthLimitOf(name, platform, limits)), growthOf(platform));
    const excesses = [
        ...(limit === null ? [] : sizeExcess(platform, limit)),
        ...layerExcesses(platform, limits),
        ...(growth === null ? [] : growthExcess(platform, growth)),
    ];
    const breach = (excess) => ({
        severity: isSoft(excess) || severity !== 'fail' ? 'warn' : 'fail',
        image: image.name,
        platform: platform.platform,
        digest: platform.digest,
        rule: String(excess.allowed),
        layer: null,
        reason: null,
        ...excess,
    });
    return {
        limit: limit?.applied ?? null,
        growthLimit: growth?.applied ?? null,
        breaches: excesses.map(breach),
    };
}
function isSoft({ limit }) {
    return limit === 'warn-size' || limit === 'warn-increase';
}
function strictest(limits, actual) {
    const isKept = ({ applied }) => Number(actual <= applied.bytes);
    const isWarning = ({ applied }) => Number(applied.severity === 'warn');
    const [first = null] = limits
        .filter((limit) => limit !== null)
        .toSorted((a, b) => isKept(a) - isKept(b) || isWarning(a) - isWarning(b) || a.applied.bytes - b.applied.bytes);
    return first;
}
function sizeLimitOf(name, platform, limits) {
    const max = (0,scoped_rule/* ruleFor */.sG)(limits.maxSize, name, platform.platform);
    const warn = (0,scoped_rule/* ruleFor */.sG)(limits.warnSize, name, platform.platform);
    const applied = harder(max, warn, platform.judgedSize);
    return applied === null ? null : { name: name.name, applied };
}
function harder(max, warn, actual) {
    if (max !== null && (warn === null || actual > max.bytes || actual <= warn.bytes)) {
        return { bytes: max.bytes, rule: max.rule, severity: 'fail' };
    }
    return warn === null ? null : { bytes: warn.bytes, rule: warn.rule, severity: 'warn' };
}
function sizeExcess({ judgedSize }, { name, applied }) {
    if (judgedSize <= applied.bytes)
        return [];
    const limit = applied.severity === 'fail' ? 'max-size' : 'warn-size';
    return [{ limit, image: name, actual: judgedSize, allowed: applied.bytes, rule: applied.rule }];
}
function growthLimitOf(name, platform, limits) {
    const { growth } = platform;
    if (growth === null || growth.state === 'new' || growth.state === 'unknown')
        return null;
    const { judgedSize } = growth.baseline;
    const max = (0,scoped_rule/* ruleFor */.sG)(limits.maxIncrease, name, platform.platform);
    const warn = (0,scoped_rule/* ruleFor */.sG)(limits.warnIncrease, name, platform.platform);
    const allowed = (rule) => rule === null ? null : { bytes: (0,increase/* allowedIncrease */.$I)(rule, judgedSize), rule: rule.rule };
    const applied = harder(allowed(max), allowed(warn), growth.difference);
    const rule = applied?.severity === 'fail' ? max : warn;
    return applied === null || rule === null ? null : { name: name.name, applied, rule };
}
function growthRuleOf({ names }, { platform }, { maxIncrease, warnIncrease }) {
    const isFor = (rules) => names.some((name) => (0,scoped_rule/* ruleFor */.sG)(rules, name, platform) !== null);
    if (isFor(maxIncrease))
        return 'max-increase';
    return isFor(warnIncrease) ? 'warn-increase' : null;
}
function growthOf({ growth }) {
    return growth?.state === 'changed' ? growth.difference : 0;
}
function growthExcess({ growth }, { name, applied, rule }) {
    if (growth?.state !== 'changed')
        return [];
    const reason = (0,increase/* excessOf */.FR)(rule, growth.difference, growth.baseline.judgedSize);
    if (reason === null)
        return [];
    const limit = applied.severity === 'fail' ? 'max-increase' : 'warn-increase';
    return [{ limit, image: name, actual: growth.difference, allowed: applied.bytes, rule: rule.rule, reason }];
}
function layerExcesses(platform, limits) {
    const layers = limits.ignoreBase
        ? platform.layers.filter((layer) => layer.from !== 'base')
        : platform.layers;
    const excesses = [];
    const count = countLayers({ layers });
    if (limits.maxLayers !== null && count > limits.maxLayers) {
        excesses.push({ limit: 'max-layers', actual: count, allowed: limits.maxLayers });
    }
    for (const layer of layersOver(layers, limits.maxLayerSize)) {
        const named = layer.createdBy ?? `layer ${(0,names_digest/* shortDigest */.VK)(layer.digest)}`;
        excesses.push({
            limit: 'max-layer-size',
            actual: layer.size,
            allowed: limits.maxLayerSize ?? 0,
            layer: named,
        });
    }
    return excesses;
}
function layersOver(layers, allowed) {
    const over = new Map();
    for (const layer of layers)
        if (allowed !== null && layer.size > allowed)
            over.set(layer.digest, layer);
    return over.values();
}

;// CONCATENATED MODULE: ./src/domain/size/unused-rules.js


const MOST_NAMES = 5;
function unusedRules(limits, images) {
    if (images.length === 0)
        return { warnings: [], isAnyLimitOff: false };
    const found = LIMITS.map(([input, key]) => {
        const rules = limits[key];
        const unused = rules.filter((rule) => !images.some((image) => isFor(rule, image)));
        const isOff = rules.length > 0 && unused.length === rules.length;
        if (isOff)
            return { isOff, warnings: [offWarning(input, unused, images)] };
        return { isOff, warnings: [...unused.map(idleWarning(input)), ...shadowed(input, rules, unused)] };
    });
    return {
        warnings: found.flatMap(({ warnings }) => warnings),
        isAnyLimitOff: found.some(({ isOff }) => isOff),
    };
}
const LIMITS = [
    ['max-size', 'maxSize'],
    ['warn-size', 'warnSize'],
    ['max-increase', 'maxIncrease'],
    ['warn-increase', 'warnIncrease'],
];
function isFor(rule, image) {
    return image.platforms.some(({ platform }) => image.names.some((name) => (0,scoped_rule/* ruleFor */.sG)([rule], name, platform) !== null));
}
function shadowed(input, rules, unused) {
    return rules.flatMap((rule, position) => {
        const wider = rules.slice(0, position).find((earlier) => isWider(earlier, rule));
        if (wider === undefined || unused.includes(rule))
            return [];
        return [`${input}: the rule "${rule.rule}" never applies. Write it before "${wider.rule}"`];
    });
}
function isWider({ pattern, platform }, { pattern: other }) {
    const isForAll = pattern === null || pattern.source === '*' || pattern.source === '**';
    return platform === null && (isForAll || pattern.source === other?.source);
}
function idleWarning(input) {
    return ({ rule }) => `${input}: the rule "${rule}" names no measured image`;
}
function offWarning(input, rules, images) {
    const [only] = rules;
    const which = rules.length === 1 ? `its rule "${only?.rule}" does not name` : `none of its ${rules.length} rules names`;
    const all = images.flatMap((image) => image.names.map(({ name }) => name));
    return `${input} limits nothing: ${which} ${(0,domain_text/* someNames */.Xq)(all, MOST_NAMES)}. A pattern must match the whole tag or the whole reference`;
}

;// CONCATENATED MODULE: ./src/domain/size/judge.js






function judgeSizes(measured, limits, severity, findings) {
    const judge = new Judge(limits, severity, findings);
    const images = measured.map((image) => judge.image(image));
    const platforms = images.flatMap((image) => image.platforms);
    const unmeasured = [...findings.unmeasured, ...judge.unjudged];
    const unused = unusedRules(limits, images);
    const incomplete = findings.broken || (unmeasured.length > 0 && !findings.partial);
    return {
        verdict: worst([
            incomplete ? 'fail' : 'pass',
            unused.isAnyLimitOff ? 'warn' : 'pass',
            ...platforms.map((platform) => platform.verdict),
        ]),
        images,
        ...totalsOf(images),
        breaches: judge.breaches,
        notices: [...findings.notices, ...judge.notices],
        warnings: unused.warnings,
        partial: findings.partial,
        unmeasured,
        leniency: judge.breaches.length > 0 && severity !== 'fail' ? severity.warnBecause : null,
        overrideLabel: null,
    };
}
class Judge {
    breaches = [];
    notices = new Set();
    unjudged = new Set();
    #limits;
    #severity;
    #partial;
    constructor(limits, severity, findings) {
        this.#limits = limits;
        this.#severity = severity;
        this.#partial = findings.partial;
    }
    image(image) {
        const platforms = image.platforms.map((platform) => this.#platform(image, platform));
        if (image.baseline?.state === 'missing')
            this.notices.add(missingNotice(image, image.baseline, platforms));
        return { ...image, platforms };
    }
    #platform(image, platform) {
        const { breaches, ...limits } = applyLimits(image, platform, this.#limits, this.#severity);
        this.breaches.push(...breaches);
        const { growth } = platform;
        const unknown = growth?.state === 'unknown' ? growth : withoutCounterpart(image);
        const growthVerdict = unknown === null ? 'pass' : this.#unknown(image, platform, unknown);
        const isUnjudged = unknown !== null || image.baseline?.state === 'missing';
        const unjudged = isUnjudged ? growthRuleOf(image, platform, this.#limits) : null;
        return {
            ...platform,
            ...limits,
            ...(unjudged === null ? {} : { unjudged }),
            isLimited: isLimited(limits, this.#limits),
            verdict: worst([growthVerdict, ...breaches.map((breach) => breach.severity)]),
        };
    }
    #unknown(image, platform, growth) {
        const rule = growthRuleOf(image, platform, this.#limits);
        if (growth.cause === 'unread' && rule === 'max-increase') {
            this.unjudged.add(`${image.name}: max-increase cannot be judged: ${growth.reason}`);
            return this.#partial ? 'warn' : 'fail';
        }
        this.notices.add(`${image.name}: ${growth.reason}`);
        return growth.cause === 'unread' || rule !== null ? 'warn' : 'pass';
    }
}
function missingNotice({ name, repository }, { skipped }, platforms) {
    const unjudged = new Set(platforms.map((platform) => platform.unjudged));
    const rule = LIMITS_OF_GROWTH.find((limit) => unjudged.has(limit));
    const effect = rule === undefined ? '' : `, so ${rule} is not judged`;
    const tried = skipped.map(({ entry, cause, reason }) => cause === 'absent' ? (0,domain_text/* shortCommits */.lQ)(withoutRepository(reason, repository)) : `${entry}: ${reason}`);
    return `${repository ?? name} has no baseline${effect}: ${tried.join('; ') || 'no entry is for this image'}`;
}
function withoutRepository(reason, repository) {
    return repository !== null && reason.startsWith(`${repository}:`) ? reason.slice(repository.length) : reason;
}
const LIMITS_OF_GROWTH = ['max-increase', 'warn-increase'];
function withoutCounterpart({ baseline, platforms }) {
    if (baseline?.state !== 'found' || baseline.removed.length === 0)
        return null;
    if (!platforms.every(({ growth }) => growth?.state === 'new'))
        return null;
    const [was, is] = [namesOf(baseline.removed), namesOf(platforms)];
    const reason = `no growth to judge: the baseline ${baseline.name} is for ${was}, the image for ${is}`;
    return { state: 'unknown', cause: 'incomparable', reason };
}
const MOST_NAMED = 5;
function namesOf(platforms) {
    const names = platforms.map(({ platform }) => platform === null ? 'no platform' : (0,names_platform/* formatPlatform */.Bq)(platform));
    const more = names.length - MOST_NAMED;
    return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
function isLimited({ limit, growthLimit }, { maxLayers, maxLayerSize }) {
    return limit !== null || growthLimit !== null || maxLayers !== null || maxLayerSize !== null;
}
function totalsOf(images) {
    const platforms = images.flatMap((image) => image.platforms);
    return {
        size: largest(platforms.map((platform) => platform.judgedSize)),
        change: changeOfLargest(images),
        totalSize: distinctSize(images),
        uniqueSize: storedSize(platforms),
        layers: platforms.reduce((most, platform) => Math.max(most, countLayers(platform)), 0),
    };
}
function distinctSize(images) {
    const most = new Map();
    for (const { repository, name, platforms } of images) {
        for (const [digest, same] of Map.groupBy(platforms, (platform) => platform.digest)) {
            const key = `${repository ?? name} ${digest}`;
            if ((most.get(key)?.count ?? 0) >= same.length)
                continue;
            most.set(key, { count: same.length, size: (0,quantities_bytes/* totalBytes */.ob)(same.map(({ size }) => size)) });
        }
    }
    return (0,quantities_bytes/* totalBytes */.ob)(Array.from(most.values(), ({ size }) => size));
}
function changeOfLargest(images) {
    let most = null;
    for (const image of images) {
        for (const platform of image.platforms) {
            if (most === null || platform.judgedSize > most.platform.judgedSize)
                most = { image, platform };
        }
    }
    const { baseline = null } = most?.image ?? {};
    const { growth = null } = most?.platform ?? {};
    return baseline?.state !== 'found' || growth === null ? null : { baseline: baseline.name, growth };
}
function worst(verdicts) {
    if (verdicts.includes('fail'))
        return 'fail';
    return verdicts.includes('warn') ? 'warn' : 'pass';
}

// EXTERNAL MODULE: ./src/wire/json.js
var json = __webpack_require__(4281);
;// CONCATENATED MODULE: ./src/wire/report-verdict.js
const RANK = { pass: 0, warn: 1, fail: 2 };
function contradictionsIn(claimed) {
    const { result, verdict, images, breaches, partial, unmeasured, leniency } = claimed;
    const found = [];
    const platforms = images.flatMap((image) => image.platforms);
    const parts = [...platforms.map((one) => one.verdict), ...breaches.map(({ severity }) => severity)];
    const worst = parts.reduce((most, one) => Math.max(most, RANK[one]), 0);
    const isIncomplete = unmeasured.length > 0;
    const expected = verdict === 'fail' ? 'fail' : partial ? 'partial' : verdict;
    if (result !== expected)
        found.push(`result is ${result}, but verdict is ${verdict}`);
    if (RANK[verdict] < worst)
        found.push(`verdict is ${verdict}, but a platform or limit says more`);
    if (isIncomplete && !partial && verdict !== 'fail')
        found.push(`verdict is ${verdict}, but something was not measured`);
    if (verdict === 'fail' && worst < RANK.fail && !isIncomplete)
        found.push('verdict is fail, but nothing failed');
    if (leniency !== null && breaches.some(({ severity }) => severity === 'fail'))
        found.push('leniency is set, but a limit fails');
    if (platforms.some(({ limit, judgedSize, verdict: own }) => own === 'pass' && limit !== null && judgedSize > limit.bytes))
        found.push('a platform passes above its limit');
    return found;
}

;// CONCATENATED MODULE: ./src/wire/report-fields.js







const MAX_NAME = 4096;
const MAX_TEXT = 4096;
const digest = schemas/* custom */.IeY((value) => typeof value === 'string' && (0,names_digest/* isDigest */.Bc)(value), 'is not a digest');
const bytes = schemas/* custom */.IeY((value) => typeof value === 'number' && (0,quantities_bytes/* isBytes */.aY)(value), 'is not a number of bytes');
const count = schemas/* int */.Whr().min(0);
const report_fields_name = schemas/* string */.YjP().max(MAX_NAME);
const report_fields_text = schemas/* string */.YjP().transform((value) => (0,errors/* shorten */.ml)(value, MAX_TEXT));
const severity = schemas/* enum */.k5n(['warn', 'fail']);
const origin = schemas/* enum */.k5n(['base', 'own']).nullable();
const time = schemas/* string */.YjP().max(64).transform(quantities_timestamp/* parseTimestamp */.EH).nullable();
const PLATFORM = /^([^/()]{1,64})(?:\(([^/()]{1,64})\))?\/([^/()]{1,64})(?:\/([^/()]{1,64}))?$/;
const platform = schemas/* string */.YjP()
    .max(300)
    .transform((value, context) => {
    const [, os, osVersion, architecture, variant] = PLATFORM.exec(value) ?? [];
    if (os === undefined)
        context.addIssue({ code: 'custom', message: 'no platform' });
    return (0,names_platform/* platformOf */.tj)({ os, osVersion, architecture, variant });
})
    .nullable();
function longList(item) {
    return (0,json/* listOf */.c3)(item, 50_000);
}

;// CONCATENATED MODULE: ./src/domain/explain/explanation.js
const MOST_PATHS = 100;

;// CONCATENATED MODULE: ./src/wire/report-explanation.js




const folded = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    path: report_fields_name,
    isFolder: schemas/* boolean */.zMY(),
    change: schemas/* enum */.k5n(['added', 'grew', 'shrank', 'went', 'changed']),
    files: count,
    difference: schemas/* int */.Whr(),
    compressed: schemas/* int */.Whr(),
}));
const paths = (0,json/* listOf */.c3)(folded, MOST_PATHS);
const MOST_LAYERS = 1000;
const explanation = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    layers: (0,json/* listOf */.c3)(schemas/* object */.Ikc({
        digest: digest,
        replaces: digest.nullable(),
        createdBy: report_fields_text.nullable(),
        files: count,
        difference: schemas/* int */.Whr(),
        byFolder: schemas/* boolean */.zMY().optional(),
        changes: schemas/* object */.Ikc({ shown: paths, rest: schemas/* object */.Ikc({ files: count, difference: schemas/* int */.Whr() }) }),
    }), MOST_LAYERS),
    unread: (0,json/* listOf */.c3)(schemas/* object */.Ikc({
        digest: digest,
        createdBy: report_fields_text.nullable(),
        size: bytes,
        cause: schemas/* enum */.k5n(['budget', 'foreign', 'paths', 'unreadable']),
        reason: report_fields_text.nullable(),
    }), MOST_LAYERS),
    wasted: schemas/* object */.Ikc({ bytes: bytes, unpacked: bytes, paths })
        .refine((wasted) => wasted.bytes <= wasted.unpacked, 'more is wasted than there is')
        .nullable(),
})
    .refine(({ layers }) => layers.reduce((sum, { changes }) => sum + changes.shown.length, 0) <= MOST_PATHS, `more than ${MOST_PATHS} paths`));

;// CONCATENATED MODULE: ./src/wire/report-growth.js


const changedLayer = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ digest: digest, size: bytes, from: origin }).nullable());
const known = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    state: schemas/* enum */.k5n(['changed', 'unchanged']),
    baseline: schemas/* object */.Ikc({ digest: digest, size: bytes, judgedSize: bytes, estimated: schemas/* boolean */.zMY() }),
    difference: schemas/* int */.Whr(),
    ratio: schemas/* number */.aig().nullable(),
    pullSize: bytes.nullable(),
    layers: longList(schemas/* object */.Ikc({
        change: schemas/* enum */.k5n(['shared', 'replaced', 'added', 'removed']),
        createdBy: report_fields_text.nullable(),
        before: changedLayer,
        after: changedLayer,
    })),
    recompressed: schemas/* object */.Ikc({ from: report_fields_name, to: report_fields_name }).nullable(),
    estimated: schemas/* boolean */.zMY(),
}));
const growth = schemas/* lazy */.RZV(() => schemas/* discriminatedUnion */.gMt('state', [
    known,
    schemas/* object */.Ikc({ state: schemas/* literal */.euz('new'), pullSize: bytes.nullable() }),
    schemas/* object */.Ikc({ state: schemas/* literal */.euz('unknown'), cause: schemas/* enum */.k5n(['unread', 'incomparable']), reason: report_fields_text }),
]));
const skipped = longList(schemas/* object */.Ikc({ entry: report_fields_name, cause: schemas/* enum */.k5n(['absent', 'pointless']), reason: report_fields_text }));
const baseline = schemas/* lazy */.RZV(() => schemas/* discriminatedUnion */.gMt('state', [
    schemas/* object */.Ikc({
        state: schemas/* literal */.euz('found'),
        skipped,
        name: report_fields_name,
        digest: digest,
        created: time,
        entry: report_fields_name,
        placeholders: schemas/* array */.YOg(schemas/* enum */.k5n(['merge-base', 'base-sha', 'base-ref'])).max(10),
        removed: longList(schemas/* object */.Ikc({ platform: platform, digest: digest, size: bytes })),
    }),
    schemas/* object */.Ikc({ state: schemas/* literal */.euz('missing'), skipped }),
    schemas/* object */.Ikc({ state: schemas/* literal */.euz('unread'), skipped, name: report_fields_name, reason: report_fields_text }),
]));
const base = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ name: report_fields_name, digest: digest, layers: count, size: bytes }));

;// CONCATENATED MODULE: ./src/wire/report-file.js










const MAX_REPORT_BYTES = 5 * 1024 * 1024;
const appliedLimit = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ bytes: bytes, rule: report_fields_text, severity: severity }));
const limit = schemas/* lazy */.RZV(() => appliedLimit.nullable());
const verdict = schemas/* enum */.k5n(['pass', 'warn', 'fail']);
const report_file_layer = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    digest: digest,
    size: bytes,
    mediaType: report_fields_name,
    createdBy: report_fields_text.nullable(),
    from: origin,
    foreign: schemas/* boolean */.zMY(),
    throwaway: schemas/* boolean */.zMY(),
}));
const platformFields = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    platform: platform,
    digest: digest,
    size: bytes,
    config: schemas/* object */.Ikc({ digest: digest, size: bytes }).nullable(),
    layers: longList(report_file_layer),
    base: base.nullable(),
    judgedSize: bytes,
    estimated: schemas/* boolean */.zMY(),
    compression: schemas/* enum */.k5n(['gzip', 'zstd', 'none', 'mixed']).nullable(),
    created: time,
    limit,
    growth: growth.nullable(),
    growthLimit: limit,
    isLimited: schemas/* boolean */.zMY(),
    unjudged: schemas/* enum */.k5n(['max-increase', 'warn-increase']).optional(),
    wastedLimit: appliedLimit.optional(),
    explanation: explanation.optional(),
    baseline: schemas/* object */.Ikc({ image: report_fields_name, digest: digest, size: bytes }).nullable(),
    pullSize: bytes.nullable(),
    verdict: schemas/* enum */.k5n([...verdict.options, 'new']),
}));
const platformImage = platformFields.transform(withSums);
const report_file_image = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    image: report_fields_name,
    names: longList(report_fields_name),
    repository: report_fields_name.nullable(),
    tag: report_fields_name.nullable(),
    digest: digest,
    mediaType: report_fields_name,
    kind: schemas/* enum */.k5n(['image', 'index', 'artifact', 'schema1', 'unknown']),
    created: time,
    platforms: longList(platformImage),
    baseline: baseline.nullable(),
    size: bytes,
    uniqueSize: bytes,
})
    .transform(({ image, names, ...wire }) => ({
    ...wire,
    name: image,
    names: [
        { name: image, tag: wire.tag },
        ...names.filter((other) => other !== image).map((other) => namedIn(wire.repository, other)),
    ],
    size: largest(wire.platforms.map(({ size }) => size)),
    uniqueSize: storedSize(wire.platforms),
})));
function namedIn(repository, name) {
    const [, tag = null] = /:([^:/@]+)(?:@.*)?$/.exec(name.slice(repository?.length ?? 0)) ?? [];
    return { name, tag };
}
const breach = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    limit: schemas/* enum */.k5n([
        'max-size',
        'warn-size',
        'max-layers',
        'max-layer-size',
        'max-increase',
        'warn-increase',
        'max-wasted',
        'warn-wasted',
    ]),
    severity: severity,
    image: report_fields_name,
    platform: platform,
    digest: digest,
    actual: count,
    allowed: count,
    rule: report_fields_text,
    layer: report_fields_text.nullable(),
    reason: report_fields_text.nullable(),
}));
const report = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    schemaVersion: schemas/* literal */.euz(1),
    mode: schemas/* literal */.euz('size'),
    result: schemas/* enum */.k5n([...verdict.options, 'partial']),
    images: longList(report_file_image),
    size: bytes,
    totalSize: bytes,
    uniqueSize: bytes,
    verdict,
    breaches: longList(breach),
    notices: longList(report_fields_text),
    warnings: longList(report_fields_text),
    partial: schemas/* boolean */.zMY(),
    unmeasured: longList(report_fields_text),
    leniency: report_fields_text.nullable(),
    overrideLabel: report_fields_text.nullable(),
})
    .superRefine((wire, context) => {
    for (const message of contradictionsIn(wire))
        context.addIssue({ code: 'custom', message });
})
    .transform((wire) => ({
    verdict: wire.verdict,
    images: wire.images,
    ...totalsOf(wire.images),
    breaches: wire.breaches,
    notices: wire.notices,
    warnings: wire.warnings,
    partial: wire.partial,
    unmeasured: wire.unmeasured,
    leniency: wire.leniency,
    overrideLabel: wire.overrideLabel,
})));
function parseReportFile(content) {
    const what = 'the report file';
    if (content.length > MAX_REPORT_BYTES) {
        throw new errors/* WardenError */.Sh('protocol', `${what} has more than ${MAX_REPORT_BYTES} bytes`, {
            advice: 'Measure fewer images in one step, or use a report file for each',
        });
    }
    return (0,json/* readAs */.fd)(report, (0,json/* parseJsonObject */.dw)(content, what), what);
}
function withSums(wire, context) {
    const { baseline: _, pullSize: __, verdict: said, config, layers, explanation: told, ...rest } = wire;
    const size = sumOf([...(config ? [config] : []), ...layers]);
    const brought = sumOf(layers.slice(0, rest.base?.layers ?? 0));
    const ownSize = (0,quantities_bytes/* asBytes */.Yd)(size - brought);
    if (rest.base !== null && rest.base.layers > layers.length) {
        context.addIssue({ code: 'custom', message: 'the base image has more layers than the image' });
    }
    if (rest.judgedSize !== size && rest.judgedSize !== ownSize) {
        context.addIssue({ code: 'custom', message: 'judgedSize is neither the size nor the own size' });
    }
    return {
        ...rest,
        config,
        layers,
        base: rest.base === null ? null : { ...rest.base, size: brought },
        size,
        ownSize,
        ...(told === undefined ? {} : { explanation: told }),
        foreignSize: sumOf(layers.filter(({ foreign }) => foreign)),
        verdict: said === 'new' ? 'pass' : said,
    };
}
function sumOf(blobs) {
    return (0,quantities_bytes/* sumBytes */.jO)(distinctBlobs(blobs).values());
}

// EXTERNAL MODULE: ./src/report/markdown/words.js
var markdown_words = __webpack_require__(717);
;// CONCATENATED MODULE: ./src/report/size/growth.js


function knownGrowth({ growth }) {
    return growth?.state === 'changed' || growth?.state === 'unchanged' ? growth : null;
}
function growthText(growth, units) {
    if (growth.state !== 'changed')
        return growth.state;
    return `${growth.estimated ? '≈ ' : ''}${(0,markdown_words/* formatGrowth */.T9)(growth.difference, growth.ratio, units)}`;
}
function estimatedBytes(size, estimated, units) {
    return `${estimated ? '≈ ' : ''}${(0,quantities_bytes/* formatBytes */.z3)(size, units)}`;
}
function sizeText({ judgedSize, estimated }, units) {
    return estimatedBytes(judgedSize, estimated, units);
}
function judgesOwn({ judgedSize, size }) {
    return judgedSize !== size;
}
function limitAmong(rows, units) {
    const isLimitless = limitlessAmong(rows.map(({ platform }) => platform));
    return (row) => limitText(row, units) ?? (isLimitless(row.platform) ? 'no limit' : null);
}
function limitlessAmong(platforms) {
    const hasSizeLimit = platforms.some(({ limit }) => limit !== null);
    const hasGrowthLimit = platforms.some(({ growthLimit }) => growthLimit !== null);
    return (platform) => platform.limit === null &&
        platform.growthLimit === null &&
        platform.unjudged === undefined &&
        platform.wastedLimit === undefined &&
        (hasSizeLimit || (hasGrowthLimit && knownGrowth(platform) !== null));
}
function limitText({ platform, breaches }, units) {
    const { limit, growthLimit, wastedLimit, explanation, growth, judgedSize } = platform;
    const grown = growth?.state === 'changed' ? Math.max(0, growth.difference) : 0;
    const uses = [
        ...(limit === null ? [] : [useOf(limit, 'size', judgedSize)]),
        ...(growthLimit === null ? [] : [useOf(growthLimit, 'increase', grown)]),
        ...(wastedLimit === undefined ? [] : [useOf(wastedLimit, 'wasted', explanation?.wasted?.bytes ?? 0)]),
        ...breaches.filter((breach) => ALSO.has(breach.limit)).map(useOfBreach),
    ];
    const [nearest] = uses.toSorted((a, b) => b.excess - a.excess || share(b) - share(a));
    const isCause = platform.verdict !== 'pass' && (nearest?.excess ?? 0) === 0;
    if (platform.unjudged !== undefined && (isCause || nearest === undefined))
        return `${platform.unjudged} not judged`;
    return nearest === undefined ? null : useText(nearest, units);
}
const ALSO = new Set(['max-layers', 'max-layer-size']);
function useOf({ bytes, severity }, kind, actual) {
    const excess = actual <= bytes ? 0 : severity === 'warn' ? 1 : 2;
    return { limit: nameOfLimit({ severity }, kind), actual, allowed: bytes, excess };
}
function nameOfLimit({ severity }, kind) {
    return severity === 'warn' ? `warn-${kind}` : `max-${kind}`;
}
function useOfBreach({ limit, actual, allowed }) {
    return { limit, actual, allowed, excess: 2 };
}
function share({ actual, allowed }) {
    return actual === 0 ? 0 : actual / allowed;
}
function useText({ limit, actual, allowed }, units) {
    const used = allowed === 0 ? null : (0,markdown_words/* formatShare */.T1)(actual, allowed);
    if (limit === 'max-layers')
        return `${limit} ${allowed}${used === null ? '' : ` (${used})`}`;
    const sign = limit.endsWith('-increase') ? '+' : '';
    return `${limit} ${sign}${(0,markdown_words/* limitWords */.vd)(allowed, units, used)}`;
}

;// CONCATENATED MODULE: ./src/report/size/tally.js

function tallyLayers({ size }, growth) {
    const countBefore = countOnce(growth.layers, 'before');
    const countNow = countOnce(growth.layers, 'after');
    const lines = growth.layers.map((change) => ({
        change,
        before: countBefore(change),
        now: countNow(change),
    }));
    const layers = sumLines(lines);
    const total = { before: growth.baseline.size, now: size };
    return {
        changes: lines.filter(({ change }) => change.change !== 'shared'),
        shared: sumLines(lines.filter(({ change }) => change.change === 'shared')),
        config: { before: total.before - layers.before, now: total.now - layers.now },
        total,
    };
}
function sumLines(lines) {
    return lines.reduce((sum, { before, now }) => ({ before: sum.before + before, now: sum.now + now }), { before: 0, now: 0 });
}
function countOnce(changes, side) {
    const sizes = distinctBlobs(changes.map((change) => change[side]).filter((one) => one !== null));
    return (change) => {
        const layer = change[side];
        if (layer === null)
            return 0;
        const size = sizes.get(layer.digest) ?? 0;
        sizes.delete(layer.digest);
        return size;
    };
}

;// CONCATENATED MODULE: ./src/report/size/cause.js


const MOST_CAUSES = 3;
function causeKey(platform) {
    const lines = growthCauses(platform);
    return lines.length === 0 ? null : causeKeyOf(lines);
}
function causeKeyOf(lines) {
    return JSON.stringify(lines.map(({ change }) => change.createdBy ?? change.after?.digest ?? null));
}
function growthCauses(platform) {
    const growth = knownGrowth(platform);
    if (growth?.state !== 'changed' || growth.difference <= 0)
        return [];
    const grown = tallyLayers(platform, growth)
        .changes.filter((line) => grownBy(line) > 0 && !(judgesOwn(platform) && isOfBase(line)))
        .toSorted((a, b) => grownBy(b) - grownBy(a));
    const causes = [];
    let told = 0;
    for (const line of grown.slice(0, MOST_CAUSES)) {
        if (told * 2 >= growth.difference)
            break;
        causes.push(line);
        told += grownBy(line);
    }
    return told * 2 < growth.difference ? [] : causes;
}
function grownBy({ before, now }) {
    return now - before;
}
function isOfBase({ change: { before, after } }) {
    return (after ?? before)?.from === 'base';
}

;// CONCATENATED MODULE: ./src/report/size/breach.js




function breachWords(group, units) {
    const { worst, all } = group;
    const { limit, actual, allowed, layer, reason, rule } = worst;
    const counts = limit === 'max-layers';
    const excess = counts ? String(actual - allowed) : (0,quantities_bytes/* formatBytes */.z3)(actual - allowed, units);
    const bound = counts ? String(allowed) : (0,markdown_words/* limitWords */.vd)(allowed, units, shareText(worst));
    const told = new Set(all.map((breach) => `${actualText(breach, units)} ${breach.allowed}`));
    const platforms = all.map((breach) => breach.platform).filter((platform) => platform !== null);
    const isSpread = told.size > 1;
    const common = {
        actual: `${isSpread ? 'up to ' : ''}${actualText(worst, units)}`,
        platforms: platforms.length === 0 ? null : (0,markdown_words/* listed */.KE)(platforms.map(names_platform/* formatPlatform */.Bq)),
    };
    if (isAboutWaste(limit)) {
        const excess = wasteExcess(group, units);
        return { ...common, verb: isSpread ? '' : ' is', excess, layer: null, reason: null, rule: null };
    }
    return {
        ...common,
        verb: isSpread ? ',' : counts && actual !== 1 ? ' are' : ' is',
        excess: `${excess} over ${limit} ${bound}`,
        layer: layer?.replace(/^layer ([0-9a-f]{7})$/, '$1…') ?? null,
        reason: reason?.includes('%') === true ? reason : null,
        rule: rule.includes('=') ? rule : null,
    };
}
function wasteExcess({ worst: { limit, actual, allowed, rule }, row }, units) {
    const unpacked = row?.platform.explanation?.wasted?.unpacked;
    const part = unpacked === undefined
        ? ''
        : ` (${(0,markdown_words/* formatShare */.T1)(actual, unpacked)} of ${(0,quantities_bytes/* formatBytes */.z3)(unpacked, units)} unpacked)`;
    const bound = rule.includes('%')
        ? `over ${limit} ${rule}`
        : `${(0,quantities_bytes/* formatBytes */.z3)(actual - allowed, units)} over ${limit} ${(0,markdown_words/* limitWords */.vd)(allowed, units, null)}`;
    return `wasted${part}, ${bound}`;
}
function breachAdvice(limit) {
    if (isAboutWaste(limit))
        return 'remove files in the same RUN that makes them';
    return limit === 'max-layers' ? 'use fewer layers' : 'make it smaller';
}
function isAboutWaste(limit) {
    return limit.endsWith('-wasted');
}
function actualText({ limit, actual }, units) {
    if (limit === 'max-layers')
        return (0,markdown_words/* plural */.LS)(actual, 'layer');
    return isAboutGrowth(limit) ? (0,quantities_bytes/* formatChange */.eD)(actual, units) : (0,quantities_bytes/* formatBytes */.z3)(actual, units);
}
function shareText({ limit, actual, allowed }) {
    return isAboutGrowth(limit) ? null : (0,markdown_words/* formatShare */.T1)(actual, allowed);
}
function isAboutGrowth(limit) {
    return limit.endsWith('-increase');
}
function breachText(group, units) {
    const { actual, verb, excess, platforms, layer, reason, rule } = breachWords(group, units);
    const where = platforms === null ? '' : ` ${platforms}`;
    const which = layer === null ? '' : `, layer "${layer}"`;
    const why = reason === null ? '' : ` (${reason})`;
    const by = rule === null ? '' : `, rule "${rule}"`;
    return `${nameText(group)}${where}${which}: ${actual}${verb} ${excess}${why}${by}`;
}
function nameText({ worst, row }) {
    const others = (row?.image.names ?? []).filter(({ name }) => name !== worst.image);
    return others.length === 0
        ? worst.image
        : `${worst.image} (also ${(0,markdown_words/* listed */.KE)(others.map(({ name, tag }) => tag ?? name))})`;
}
const breach_LIMITS = [
    'max-size',
    'max-increase',
    'max-layer-size',
    'max-layers',
    'max-wasted',
    'warn-size',
    'warn-increase',
    'warn-wasted',
];
function groupBreaches({ breaches }, rows) {
    const rowOf = new Map(rows.flatMap((row) => row.breaches.map((breach) => [breach, row])));
    const places = new Map(rows.flatMap((row, place) => row.breaches.map((breach) => [breach, place])));
    const placeOf = (breach) => places.get(breach) ?? rows.length;
    const sorted = breaches.toSorted((a, b) => breach_LIMITS.indexOf(a.limit) - breach_LIMITS.indexOf(b.limit) || placeOf(a) - placeOf(b) || b.actual - a.actual);
    const groups = Map.groupBy(sorted, (breach) => sameness(breach, rowOf.get(breach) ?? null));
    return Array.from(groups.values()).flatMap((all) => {
        const [worst] = all;
        return worst === undefined ? [] : [{ worst, all, row: rowOf.get(worst) ?? null }];
    });
}
function sameness({ limit, severity, image, rule, layer, reason }, row) {
    const cause = row !== null && isAboutGrowth(limit) ? causeKey(row.platform) : null;
    return JSON.stringify([limit, severity, image, rule, layer, reason, cause]);
}
function breach_isSoft(breach) {
    return breach.limit.startsWith('warn-');
}

// EXTERNAL MODULE: ./src/domain/names/tag-order.js
var tag_order = __webpack_require__(3496);
// EXTERNAL MODULE: ./src/report/common-folder.js
var common_folder = __webpack_require__(8368);
// EXTERNAL MODULE: ./src/report/verdict.js
var report_verdict = __webpack_require__(1157);
;// CONCATENATED MODULE: ./src/report/size/rows.js






const FEW_TAGS = 10;
function sizeRows(report, names) {
    const breaches = Map.groupBy(report.breaches, (breach) => keyOf(breach.image, breach));
    const rows = report.images.flatMap((image) => image.platforms.map((platform) => ({
        kind: 'measured',
        image,
        platform,
        ...rows_namesOf(image, report.images.length, names),
        breaches: image.names.flatMap(({ name }) => breaches.get(keyOf(name, platform)) ?? []),
    })));
    const rank = isSeries(report.images) ? newestFirst(report.images) : new Map();
    const rankOf = (row) => rank.get(row.image.tag ?? '') ?? 0;
    return rows.sort((a, b) => report_verdict/* SEVERITIES */.oC[a.platform.verdict] - report_verdict/* SEVERITIES */.oC[b.platform.verdict] ||
        compareGrowth(a.platform, b.platform) ||
        rankOf(a) - rankOf(b) ||
        b.platform.judgedSize - a.platform.judgedSize);
}
const STATES = { changed: 0, unknown: 1, new: 2, unchanged: 3 };
function compareGrowth({ growth: a }, { growth: b }) {
    if (a === null || b === null)
        return Number(a === null) - Number(b === null);
    if (a.state !== 'changed' || b.state !== 'changed')
        return STATES[a.state] - STATES[b.state];
    return Math.abs(b.difference) - Math.abs(a.difference);
}
function firstFailing(rows) {
    const [first] = rows;
    return first?.platform.verdict === 'fail' ? first : null;
}
function removedRows({ images }, names) {
    return images.flatMap((image) => image.baseline?.state !== 'found'
        ? []
        : image.baseline.removed.map((removed) => ({
            kind: 'removed',
            image,
            ...rows_namesOf(image, images.length, names),
            removed,
        })));
}
function tableRows(rows, removed) {
    const quiet = rows.filter(isQuiet);
    return [...rows.filter((row) => !isQuiet(row)), ...removed, ...quiet];
}
function isCompared(rows) {
    return rows.some((row) => row.kind === 'removed' || row.platform.growth !== null);
}
function isQuiet(row) {
    return (row.kind === 'measured' &&
        row.platform.growth?.state === 'unchanged' &&
        row.platform.verdict === 'pass' &&
        row.breaches.length === 0);
}
function rows_namesOf(image, images, names) {
    return {
        name: images > 1 ? (names.get(image.name) ?? null) : null,
        names: image.names.flatMap(({ name }) => names.get(name) ?? []),
    };
}
function shortNames(images) {
    const named = images.flatMap((image) => image.names.map((name) => ({ ...name, digest: image.digest })));
    if (named.length < 2)
        return new Map();
    if (sharedRepository(images) !== null) {
        return new Map(named.map(({ name, tag, digest }) => [name, tag ?? `@${(0,names_digest/* shortDigest */.VK)(digest)}…`]));
    }
    const cut = folderOf(images).length;
    return new Map(named.map(({ name }) => [name, (0,markdown_words/* shortCommits */.lQ)(name.slice(cut))]));
}
function folderOf(images) {
    return (0,common_folder/* commonFolder */.M)(images.map(({ repository }) => repository ?? ''));
}
function isSeries(images) {
    return (images.length > FEW_TAGS &&
        sharedRepository(images) !== null &&
        images.every((image) => image.tag !== null));
}
function sharedRepository(images) {
    const repository = images[0]?.repository ?? null;
    return images.every((image) => image.repository === repository) ? repository : null;
}
function newestFirst(images) {
    const tags = (0,tag_order/* sortTags */.uO)(images.map((image) => image.tag ?? ''));
    return new Map(tags.map((tag, position) => [tag, -position]));
}
function keyOf(image, { digest, platform }) {
    return JSON.stringify([image, digest, platform && (0,names_platform/* formatPlatform */.Bq)(platform)]);
}

;// CONCATENATED MODULE: ./src/report/size/view.js



function sizeView(report, units) {
    const names = shortNames(report.images);
    const rows = sizeRows(report, names);
    const removed = removedRows(report, names);
    return {
        report,
        units,
        rows,
        breaches: groupBreaches(report, rows),
        removed,
        table: tableRows(rows, removed),
        names,
        isSeries: isSeries(report.images),
        isCompared: isCompared([...rows, ...removed]),
        limitOf: limitAmong(rows, units),
    };
}

// EXTERNAL MODULE: ./src/wire/github-answers.js
var github_answers = __webpack_require__(4870);
// EXTERNAL MODULE: ./src/wire/link.js
var wire_link = __webpack_require__(6483);
// EXTERNAL MODULE: ./src/github/requests.js + 3 modules
var requests = __webpack_require__(8544);
;// CONCATENATED MODULE: ./src/github/api.js




const ACTIONS_LOGIN = 'github-actions[bot]';
const PAGE = 100;
const MAX_PAGES = 100;
const ISSUE = '/repos/{owner}/{repo}/issues';
function createGitHubApi(options) {
    const ask = (0,requests/* createGitHubRequests */.A)(options);
    let login = null;
    return {
        ...createCommentApi(ask),
        labels: (number) => eachPage(ask, 'list labels', `GET ${ISSUE}/{number}/labels`, { number }, github_answers/* githubAnswers */.T.labels),
        mergeBase: async (base, head) => {
            const { data } = await ask({
                what: `compare ${base} with ${head}`,
                route: 'GET /repos/{owner}/{repo}/compare/{basehead}',
                parameters: { basehead: `${base}...${head}`, per_page: 1 },
            });
            return github_answers/* githubAnswers */.T.mergeBase(data);
        },
        pullRequestsFrom: (head) => {
            const parameters = { head, state: 'open' };
            const route = 'GET /repos/{owner}/{repo}/pulls';
            return eachPage(ask, `list pull requests from ${head}`, route, parameters, github_answers/* githubAnswers */.T.pullRequests);
        },
        pullRequestsWith: (commit) => {
            const route = 'GET /repos/{owner}/{repo}/commits/{commit}/pulls';
            return eachPage(ask, `list pull requests with ${commit}`, route, { commit }, github_answers/* githubAnswers */.T.pullRequests);
        },
        viewer: () => (login ??= readViewer(ask)),
    };
}
function createCommentApi(ask) {
    return {
        listComments: (number) => eachPage(ask, 'list comments', `GET ${ISSUE}/{number}/comments`, { number }, github_answers/* githubAnswers */.T.comments),
        createComment: async (number, body) => {
            const route = `POST ${ISSUE}/{number}/comments`;
            const parameters = { number, body };
            const { data } = await ask({ what: 'create the comment', route, parameters, repeat: 'when-refused' });
            return github_answers/* githubAnswers */.T.comment(data);
        },
        updateComment: async (id, body) => {
            const route = `PATCH ${ISSUE}/comments/{id}`;
            const { data } = await ask({ what: 'update the comment', route, parameters: { id, body } });
            return github_answers/* githubAnswers */.T.comment(data);
        },
        deleteComment: async (id) => {
            await ask({ what: 'delete a comment', route: `DELETE ${ISSUE}/comments/{id}`, parameters: { id } });
        },
    };
}
async function eachPage(ask, what, route, parameters, read) {
    const all = [];
    for (let page = 1; page <= MAX_PAGES; page += 1) {
        const { data, link } = await ask({ what, route, parameters: { ...parameters, per_page: PAGE, page } });
        all.push(...read(data));
        if (link === null || (0,wire_link/* nextPageQuery */.X)([link]) === null)
            return all;
    }
    throw new errors/* WardenError */.Sh('protocol', `GitHub: ${what}: there are more than ${MAX_PAGES} pages`);
}
async function readViewer(ask) {
    const query = { query: 'query { viewer { login } }' };
    try {
        const { data } = await ask({ what: 'ask who we are', route: 'POST /graphql', parameters: query });
        return github_answers/* githubAnswers */.T.viewer(data);
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh) || error.kind === 'rate-limit')
            throw error;
    }
    try {
        const { data } = await ask({ what: 'read the user', route: 'GET /user' });
        return github_answers/* githubAnswers */.T.user(data);
    }
    catch (error) {
        if (error instanceof errors/* WardenError */.Sh && ['denied', 'not-found', 'protocol'].includes(error.kind)) {
            return ACTIONS_LOGIN;
        }
        throw error;
    }
}

// EXTERNAL MODULE: ./src/domain/comment/decision.js + 1 modules
var decision = __webpack_require__(8079);
// EXTERNAL MODULE: ./src/domain/comment/marker.js
var comment_marker = __webpack_require__(7220);
;// CONCATENATED MODULE: ./src/github/comment.js



async function upsertComment(api, request, log) {
    if (request.policy === 'never')
        return { kind: 'nothing', url: null, reason: 'comment is never' };
    try {
        return await upsert(api, request, log);
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        const { policy, situation } = request;
        if ((0,decision/* decideComment */.O)(policy, situation, bodiesOf(request), null).kind === 'nothing')
            log.debug(error.line);
        else
            explain(error, request, log);
        return { kind: 'failed', url: null, reason: error.line };
    }
}
async function upsert(api, request, log) {
    const [first, ...others] = await ownComments(api, request);
    const action = (0,decision/* decideComment */.O)(request.policy, request.situation, bodiesOf(request), first?.body ?? null);
    const comment = await carryOut(api, request, first, action);
    await removeDuplicates(api, others, log);
    return { kind: action.kind, url: comment?.url ?? null, reason: action.reason };
}
async function ownComments(api, { pullRequest, key }) {
    const comments = await api.listComments(pullRequest);
    return (0,comment_marker/* findOwn */.gq)(comments, (0,comment_marker/* commentMarker */.Ql)(key), await api.viewer());
}
function bodiesOf({ key, bodies }) {
    const marker = (0,comment_marker/* commentMarker */.Ql)(key);
    return { current: `${marker}\n${bodies.current}`, resolved: `${marker}\n${bodies.resolved}` };
}
async function carryOut(api, request, existing, action) {
    if (action.kind === 'nothing')
        return existing;
    if (existing !== undefined)
        return await api.updateComment(existing.id, action.body);
    try {
        return await api.createComment(request.pullRequest, action.body);
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh) || !['network', 'deadline', 'server'].includes(error.kind))
            throw error;
        const [made] = await ownComments(api, request);
        return made ?? (await api.createComment(request.pullRequest, action.body));
    }
}
async function removeDuplicates(api, duplicates, log) {
    for (const { id } of duplicates) {
        try {
            await api.deleteComment(id);
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            if (error.kind !== 'not-found')
                log.debug(error.line);
        }
    }
}
function explain(error, { isRestricted, pullRequest }, log) {
    const refused = error.kind === 'denied' || error.kind === 'not-found';
    if (refused && isRestricted) {
        log.notice(`Pull request #${pullRequest} is not commented on: GitHub gives pull requests of forks and of Dependabot a token ` +
            'that only reads. The whole report is in the job summary, or in the log where there is none; mode: report in a workflow_run workflow can comment');
    }
    else if (error.kind === 'denied') {
        log.warning(`${error.line}. If the token lacks the permission, give the job "permissions: pull-requests: write"; ` +
            'the whole report is in the job summary, or in the log where there is none');
    }
    else {
        log.warning(`${error.line}. The pull request is not commented on; the whole report is in the job summary, or in the log where there is none`);
    }
}

// EXTERNAL MODULE: ./src/github/event-file.js + 1 modules
var event_file = __webpack_require__(7732);
;// CONCATENATED MODULE: ./src/github/merge-base.js

function pullRequestFacts({ pullRequest, mergeGroup }, api, elsewhere = null) {
    const change = pullRequest ?? mergeGroup;
    if (change === null)
        return { baseSha: null, baseRef: null, mergeBase: null };
    const { baseSha, baseRef, headSha } = change;
    const told = pullRequest?.mergeBase ?? null;
    const find = async () => {
        if (told !== null)
            return told;
        if (elsewhere === null)
            return readMergeBase(api, [baseRef, baseSha], headSha);
        elsewhere('baseline: the event does not name the merge base, so {merge-base} is left out');
        return null;
    };
    let answer = null;
    return { baseSha, baseRef, mergeBase: () => (answer ??= find()) };
}
async function readMergeBase(api, bases, head) {
    if (api === null) {
        throw new errors/* WardenError */.Sh('unauthorized', 'github-token is empty', {
            advice: 'Leave github-token at its default, or take {merge-base} out of baseline',
        });
    }
    let refusal = null;
    for (const base of bases) {
        try {
            return await api.mergeBase(base, head);
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh) || !['not-found', 'denied'].includes(error.kind))
                throw error;
            if (/\bno common ancestor\b/i.test(error.message))
                return null;
            refusal = error;
        }
    }
    throw new errors/* WardenError */.Sh('denied', refusal?.message ?? 'GitHub does not tell the merge base', {
        advice: 'Give the job "permissions: contents: read", or take {merge-base} out of baseline',
        cause: refusal,
    });
}

;// CONCATENATED MODULE: ./src/github/pull-request.js


async function findPullRequest(api, repository, run, log) {
    try {
        const numbers = [...(await byBranch(api, run)), ...(await byCommit(api, run))]
            .filter((candidate) => belongs(candidate, repository, run))
            .map(({ number }) => number);
        if (numbers.length > 0)
            return Math.min(...numbers);
        const branch = (0,domain_text/* sanitiseLine */.lg)(run.headBranch ?? 'no branch', 100);
        log.notice(`No comment: no open pull request has its head at ${run.headSha} (${branch}); it was closed, or has moved on`);
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        log.warning(`${error.line}. No comment: the pull request could not be found`);
    }
    return null;
}
async function byBranch(api, run) {
    const owner = run.headRepository?.split('/')[0];
    return owner === undefined || run.headBranch === null
        ? []
        : await api.pullRequestsFrom(`${owner}:${run.headBranch}`);
}
async function byCommit(api, run) {
    try {
        return await api.pullRequestsWith(run.headSha);
    }
    catch (error) {
        const unknown = error instanceof errors/* WardenError */.Sh && ['not-found', 'protocol'].includes(error.kind);
        if (unknown)
            return [];
        throw error;
    }
}
function belongs(candidate, repository, run) {
    return (candidate.open &&
        candidate.headSha === run.headSha &&
        candidate.headRepository === run.headRepository &&
        candidate.baseRepository.toLowerCase() === `${repository.owner}/${repository.name}`.toLowerCase());
}
async function readLabels(api, { pullRequest, mergeGroup }, log) {
    const number = pullRequest?.number ?? mergeGroup?.pullRequestNumber ?? null;
    if (number === null)
        return [];
    try {
        return await api.labels(number);
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        log.warning(`${error.line}. The labels are taken from the event, which may be older`);
        return pullRequest?.labels ?? [];
    }
}
function hasLabel(labels, wanted) {
    return labels.some((label) => label.toLowerCase() === wanted.toLowerCase());
}

// EXTERNAL MODULE: ./src/report/markdown/fitting.js
var fitting = __webpack_require__(3327);
// EXTERNAL MODULE: ./src/report/markdown/markdown.js
var markdown = __webpack_require__(139);
// EXTERNAL MODULE: ./src/report/summary-frame.js
var summary_frame = __webpack_require__(9028);
;// CONCATENATED MODULE: ./src/report/comment/frame.js



const COMMENT_MAX_LENGTH = 60_000;
function fitComment(rungs) {
    return (0,fitting/* fit */.U)(COMMENT_MAX_LENGTH, rungs, ({ length }) => length);
}
function commentFooter({ units, runUrl, commit, summaryUrl = null }) {
    const parts = [
        summary_frame/* FORMULA */.rP,
        summaryUrl === null ? markdown/* EMPTY */.wg : (0,markdown/* link */.nf)((0,markdown/* prose */.CS) `job summary`, summaryUrl),
        runUrl === null ? markdown/* EMPTY */.wg : (0,markdown/* link */.nf)((0,markdown/* prose */.CS) `run`, runUrl),
        commit === null ? markdown/* EMPTY */.wg : (0,markdown/* own */.ZV)(commit.slice(0, 7)),
        (0,summary_frame/* unitWords */.UN)(units),
    ];
    return (0,summary_frame/* footerLine */.GO)(parts);
}

// EXTERNAL MODULE: ./src/report/markdown/columns.js
var markdown_columns = __webpack_require__(403);
;// CONCATENATED MODULE: ./src/report/comment/situation.js
function commentSituation({ breaches, verdict, images }) {
    return {
        exceeded: breaches.length > 0 || verdict === 'fail',
        changed: images.some(isChanged),
        hasBaseline: images.some(({ baseline }) => baseline?.state === 'found'),
    };
}
function isChanged({ baseline, platforms }) {
    const removed = baseline?.state === 'found' && baseline.removed.length > 0;
    return removed || platforms.some(({ growth }) => growth?.state === 'changed' || growth?.state === 'new');
}

;// CONCATENATED MODULE: ./src/report/size/headline.js




function sizeHeadline(view) {
    const { report } = view;
    const verdict = [judgement(view), unfinished(view)];
    if (report.breaches.length === 0)
        verdict.reverse();
    const words = [...verdict.flat(), ...sizeWords(view)];
    return [(0,report_verdict/* resultIcon */.fF)(report), words.join(' · ')].filter((part) => part !== '').join(' ');
}
const isOver = ({ breaches }) => breaches.some((breach) => !breach_isSoft(breach));
const isWarned = (row) => row.breaches.length > 0 && !isOver(row);
function judgement({ report, rows }) {
    const over = rows.filter(isOver);
    const warned = rows.filter(isWarned);
    const off = isOff(rows) ? unjudgedWords(rows) : [];
    if (over.length + warned.length === 0)
        return [...passing(report, rows), ...off];
    const some = (count) => (rows.length === 1 ? '' : `${count} of ${rows.length} `);
    return [
        ...(over.length === 0
            ? []
            : [`${some(over.length)}over limit${report.leniency === null ? '' : ', tolerated'}`]),
        ...(warned.length === 0 ? [] : [`${some(warned.length)}over ${softLimits(warned)}`]),
        ...off,
    ];
}
function softLimits(warned) {
    const limits = new Set(warned.flatMap(({ breaches }) => breaches.map(({ limit }) => limit)));
    return [...limits].toSorted().reverse().join(' and ');
}
function passing({ warnings }, rows) {
    if (rows.length === 0)
        return ['nothing measured'];
    const limited = rows.some(({ platform: { limit, growthLimit, wastedLimit } }) => limit !== null || growthLimit !== null || wastedLimit !== undefined);
    if (!limited && warnings.length > 0)
        return ['no limit applies'];
    const held = heldLimits(rows);
    if (rows.length === 1)
        return limited ? [`within ${held ?? 'limit'}`] : [];
    const unheld = limited ? countUnheld(rows) : 0;
    if (unheld > 0)
        return [`${rows.length - unheld} of ${rows.length} within ${held ?? 'limits'}`, `${unheld} without limit`];
    return [limited ? `all ${rows.length} within ${held ?? 'limits'}` : (0,markdown_words/* plural */.LS)(rows.length, 'platform image')];
}
function heldLimits(rows) {
    if (!rows.some(({ platform }) => platform.unjudged !== undefined))
        return null;
    const limits = rows.flatMap(({ platform: { limit, growthLimit, wastedLimit } }) => [
        ...(limit === null ? [] : [nameOfLimit(limit, 'size')]),
        ...(growthLimit === null ? [] : [nameOfLimit(growthLimit, 'increase')]),
        ...(wastedLimit === undefined ? [] : [nameOfLimit(wastedLimit, 'wasted')]),
    ]);
    return [...new Set(limits)].toSorted().reverse().join(' and ');
}
function countUnheld(rows) {
    const isUnheld = limitlessAmong(rows.map(({ platform }) => platform));
    return rows.filter(({ platform }) => isUnheld(platform)).length;
}
function unfinished({ report, rows }) {
    const missing = report.unmeasured.length - countUnread(report);
    return [
        ...(report.partial ? ['partial'] : []),
        ...(missing > 0 ? [`${missing} not measured`] : []),
        ...(isOff(rows) ? [] : unjudgedWords(rows)),
    ];
}
function countUnread({ images }) {
    return images.filter(({ platforms }) => platforms.some(({ growth, unjudged }) => unjudged === 'max-increase' && growth?.state === 'unknown' && growth.cause === 'unread')).length;
}
function isOff(rows) {
    return rows.every(({ image, platform }) => platform.unjudged === undefined || image.baseline?.state === 'missing');
}
function unjudgedWords(rows) {
    const limits = rows.flatMap(({ platform }) => platform.unjudged ?? []);
    const [first] = limits.toSorted();
    if (first === undefined)
        return [];
    return [
        `${first} not judged${limits.length === rows.length ? '' : ` for ${limits.length} of ${rows.length}`}`,
    ];
}
function sizeWords({ report, rows, removed, units }) {
    const [first] = rows;
    if (first === undefined)
        return [];
    const gone = removed.length === 0 ? [] : [`${removed.length} removed`];
    if (rows.length === 1)
        return [sizeOfOne(first.platform, units), ...changeOfOne(first, units), ...gone];
    const change = changeOfMany(rows, units);
    const tooLarge = largestOver(rows, units);
    return [
        ...(tooLarge === null ? [] : [tooLarge]),
        ...(change === null ? [] : [change]),
        ...(tooLarge === null && change === null ? [headline_largest(report, rows, units)] : []),
        ...countState(rows, 'new', 'new'),
        ...gone,
        ...countState(rows.filter(({ platform }) => platform.unjudged === undefined), 'unknown', 'of unknown change'),
    ];
}
function sizeOfOne(platform, units) {
    return `${judgesOwn(platform) ? 'own ' : ''}${sizeText(platform, units)}`;
}
function changeOfOne({ platform: { growth, unjudged } }, units) {
    if (growth === null)
        return [];
    if (growth.state === 'unknown')
        return unjudged === undefined ? ['change unknown'] : [];
    return [growthText(growth, units)];
}
function changeOfMany(rows, units) {
    if (rows.every(({ platform }) => platform.growth?.state === 'unchanged'))
        return 'unchanged';
    for (const group of [rows.filter(isOver), rows.filter(isWarned), rows]) {
        const growth = group.find(({ platform }) => platform.growth?.state === 'changed')?.platform.growth;
        if (growth)
            return `${group.length === 1 ? '' : 'largest change '}${growthText(growth, units)}`;
    }
    return null;
}
function largestOver(rows, units) {
    const blamed = [rows.filter(isOver), rows.filter(isWarned)].find((group) => group.length > 0) ?? [];
    const [first, ...others] = blamed
        .filter(({ breaches }) => breaches.some(({ limit }) => limit === 'max-size' || limit === 'warn-size'))
        .map(({ platform }) => platform)
        .toSorted((a, b) => b.judgedSize - a.judgedSize);
    if (first === undefined)
        return null;
    return `${others.length === 0 ? '' : 'largest '}${sizeText(first, units)}`;
}
function headline_largest({ size }, rows, units) {
    const estimated = rows.some(({ platform }) => platform.estimated && platform.judgedSize === size);
    return `largest ${estimatedBytes(size, estimated, units)}`;
}
function countState(rows, state, words) {
    const count = rows.filter(({ platform }) => platform.growth?.state === state).length;
    return count === 0 ? [] : [`${count} ${words}`];
}

// EXTERNAL MODULE: ./src/report/markdown/lists.js
var lists = __webpack_require__(2409);
;// CONCATENATED MODULE: ./src/report/size/baseline.js



const MOST_REASONS = 3;
const PLACEHOLDERS = {
    'merge-base': 'merge base',
    'base-sha': 'base commit',
    'base-ref': 'base branch',
};
function baselineWords(images, write) {
    const found = foundBaselines(images);
    const [first] = found;
    if (first === undefined)
        return markdown/* EMPTY */.wg;
    const labels = new Set(found.map(labelOf));
    if (labels.size > 1)
        return (0,markdown/* prose */.CS) ` vs the baseline of each`;
    return (0,markdown/* prose */.CS) ` vs ${(0,markdown/* code */.aY)(labelOf(first))}${factsOf(found, write)}`;
}
function missingBaseline(images) {
    const states = new Set(images.map(({ baseline }) => baseline?.state));
    if (states.has('found'))
        return markdown/* EMPTY */.wg;
    if (states.has('unread'))
        return (0,markdown/* prose */.CS) `; the baseline could not be read`;
    return states.has('missing') ? (0,markdown/* prose */.CS) `; there is no baseline` : markdown/* EMPTY */.wg;
}
function baselineList({ report: { images }, names }, write, most) {
    const found = foundBaselines(images);
    if (most === 0 || new Set(found.map(labelOf)).size < 2)
        return markdown/* EMPTY */.wg;
    return (0,markdown/* details */.zH)((0,markdown/* markup */.PT) `${found.length} baselines`, (0,lists/* foldedList */.H)(found, (one) => {
        const name = names.get(one.image.name) ?? one.image.name;
        return (0,markdown/* prose */.CS) `${(0,markdown/* code */.aY)(name)} vs ${(0,markdown/* code */.aY)(labelOf(one))}${factsOf([one], write)}`;
    }, { open: most, written: most, noun: 'baseline' }));
}
function skippedNotes(images) {
    const notes = foundBaselines(images).flatMap((found) => {
        const absent = found.baseline.skipped.filter(({ cause }) => cause === 'absent');
        if (absent.length === 0)
            return [];
        const reasons = absent.slice(0, MOST_REASONS).map(({ reason }) => (0,markdown/* foreignProse */.gS)(reason));
        const left = absent.length - reasons.length;
        const more = left > 0 ? [(0,markdown/* prose */.CS) `${left} more`] : [];
        return [
            (0,markdown/* prose */.CS) `Compared with ${(0,markdown/* code */.aY)(labelOf(found))}, because ${(0,markdown/* join */.fj)([...reasons, ...more], (0,markdown/* prose */.CS) ` and `)}.`,
        ];
    });
    return [...new Set(notes)];
}
function foundBaselines(images) {
    return images.flatMap((image) => image.baseline?.state === 'found' ? [{ image, baseline: image.baseline }] : []);
}
function labelOf({ image: { repository }, baseline: { name } }) {
    const own = repository !== null && name.startsWith(repository);
    const rest = own ? name.slice(repository.length) : name;
    const label = /^[:@]/.test(rest) ? rest : name;
    return (0,markdown_words/* shortCommits */.lQ)(label);
}
function factsOf(found, write) {
    const how = new Set(found.flatMap(({ baseline }) => baseline.placeholders.map((name) => PLACEHOLDERS[name])));
    const times = found.map(({ baseline }) => baseline.created).filter((time) => time !== null);
    const spread = [...new Set(times.toSorted((a, b) => a - b).map(write))];
    const [first] = spread;
    const last = spread.at(-1);
    const when = first === undefined || last === undefined ? [] : [first === last ? first : `${first} to ${last}`];
    const facts = [...how, ...when];
    return facts.length === 0 ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) ` (${(0,markdown/* own */.ZV)(facts.join(', '))})`;
}

;// CONCATENATED MODULE: ./src/report/size/names.js


const names_MOST_NAMES = 5;
function nameList(names) {
    const left = names.length - names_MOST_NAMES;
    const more = left > 0 ? (0,markdown/* prose */.CS) ` and ${left} more` : markdown/* EMPTY */.wg;
    return (0,markdown/* prose */.CS) `${(0,markdown/* join */.fj)(names.slice(0, names_MOST_NAMES).map((name) => (0,markdown/* code */.aY)((0,markdown_words/* shortCommits */.lQ)(name))), (0,markdown/* prose */.CS) `, `)}${more}`;
}

;// CONCATENATED MODULE: ./src/report/size/subject.js





function sizeHeading({ images }, verdict) {
    const artifacts = images.length > 0 && images.every(({ kind }) => kind === 'artifact');
    return (0,markdown/* heading */.R_)(3, (0,markdown/* prose */.CS) `${artifacts ? (0,markdown/* prose */.CS) `Artifact` : (0,markdown/* prose */.CS) `Image`} size: ${(0,markdown/* withUnits */.KQ)(verdict)}`);
}
function measuredLine({ images }, write, writeCreated) {
    if (images.length === 0)
        return markdown/* EMPTY */.wg;
    const baseline = (0,markdown/* prose */.CS) `${baselineWords(images, write)}${missingBaseline(images)}`;
    return (0,markdown/* prose */.CS) `${subjectOf(images, writeCreated)}${baseline}`;
}
function subjectOf(images, writeCreated) {
    const [first] = images;
    const rows = images.reduce((sum, { platforms }) => sum + platforms.length, 0);
    const count = (0,markdown_words/* plural */.LS)(rows, 'platform image');
    if (first !== undefined && images.length === 1) {
        const age = first.created === null || writeCreated === null ? [] : [writeCreated(first.created)];
        const facts = [...(rows > 1 ? [count] : []), ...age].join(', ');
        const name = subjectName(first);
        return facts === '' ? name : (0,markdown/* prose */.CS) `${name} (${(0,markdown/* own */.ZV)(facts)})`;
    }
    const repository = sharedRepository(images);
    const platforms = rows > images.length ? (0,markdown/* prose */.CS) ` (${(0,markdown/* own */.ZV)(count)})` : markdown/* EMPTY */.wg;
    const names = images.reduce((sum, image) => sum + image.names.length, 0);
    if (repository !== null) {
        const tags = names > images.length ? (0,markdown/* prose */.CS) `${images.length} images, ${names} tags` : (0,markdown/* prose */.CS) `${names} tags`;
        return (0,markdown/* prose */.CS) `${tags} of ${(0,markdown/* code */.aY)(repository)}${platforms}`;
    }
    const folder = folderOf(images);
    const where = folder === '' ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) ` of ${(0,markdown/* code */.aY)(folder)}`;
    return (0,markdown/* prose */.CS) `${images.length} images${where}${platforms}`;
}
function subjectName({ names: [first, ...others] }) {
    const name = (0,markdown/* code */.aY)((0,markdown_words/* shortCommits */.lQ)(first.name));
    return others.length === 0
        ? name
        : (0,markdown/* prose */.CS) `${name}, also ${nameList(others.map(({ name, tag }) => tag ?? name))}`;
}

;// CONCATENATED MODULE: ./src/report/size/table.js









const NONE = (0,markdown/* prose */.CS) `–`;
const KIND_LENGTH = 20;
function sizeColumns(view) {
    const { table: rows } = view;
    const shared = sharedRepository([...new Set(rows.map((row) => row.image))]) !== null;
    const measured = rows.filter((row) => row.kind === 'measured');
    return [
        {
            title: shared ? (0,markdown/* prose */.CS) `Tag` : (0,markdown/* prose */.CS) `Image`,
            align: 'left',
            unbroken: markdown_columns/* UNBROKEN_NAME */.X2,
            when: rows.some(({ names }) => names.length > 0),
            cell: ({ names }) => (names.length === 0 ? NONE : nameList(names)),
        },
        {
            title: (0,markdown/* prose */.CS) `Platform`,
            align: 'left',
            when: rows.some((row) => platformOfRow(row) !== null),
            cell: platformCell,
        },
        ...sizeAndGrowthColumns(view, measured),
        { title: (0,markdown/* prose */.CS) `Verdict`, align: 'left', cell: ofMeasured(verdictCell) },
        ...detailColumns(view, measured),
    ];
}
function sizeAndGrowthColumns({ table: rows, units, isCompared, limitOf }, measured) {
    const own = measured.some(({ platform }) => judgesOwn(platform)) ? (0,markdown/* prose */.CS) `, own` : (0,markdown/* prose */.CS) ``;
    return [
        { title: (0,markdown/* prose */.CS) `Change`, align: 'right', when: isCompared, cell: (row) => changeCell(row, units) },
        {
            title: isCompared ? (0,markdown/* prose */.CS) `Now${own}` : (0,markdown/* prose */.CS) `Size${own}`,
            align: 'right',
            cell: ofMeasured((platform) => numberCell(sizeText(platform, units))),
        },
        {
            title: (0,markdown/* prose */.CS) `Baseline${own}`,
            align: 'right',
            when: rows.some((row) => row.kind === 'removed' || knownGrowth(row.platform) !== null),
            cell: (row) => beforeCell(row, units),
        },
        {
            title: (0,markdown/* prose */.CS) `Limit`,
            align: 'right',
            when: measured.some((row) => limitOf(row) !== null),
            cell: (row) => (row.kind === 'measured' ? limitCell(limitOf(row)) : NONE),
        },
    ];
}
function detailColumns({ units, isCompared }, measured) {
    const compressions = new Set(measured.map(({ platform }) => platform.compression));
    return [
        {
            title: (0,markdown/* prose */.CS) `Layers`,
            align: 'right',
            when: !isCompared,
            cell: ofMeasured((platform) => (0,markdown/* prose */.CS) `${countLayers(platform)}`),
        },
        {
            title: (0,markdown/* prose */.CS) `Compression`,
            align: 'left',
            when: compressions.size > 1 || compressions.has('mixed'),
            cell: ofMeasured(compressionCell),
        },
        {
            title: (0,markdown/* prose */.CS) `Foreign part`,
            align: 'right',
            when: measured.some(({ platform }) => platform.foreignSize > 0),
            cell: ofMeasured(({ foreignSize }) => foreignSize === 0 ? NONE : numberCell((0,quantities_bytes/* formatBytes */.z3)(foreignSize, units))),
        },
    ];
}
function platformOfRow(row) {
    return row.kind === 'removed' ? row.removed.platform : row.platform.platform;
}
function platformCell(row) {
    const platform = platformOfRow(row);
    return platform === null ? NONE : (0,markdown/* escapeText */.X1)((0,names_platform/* formatPlatform */.Bq)(platform));
}
function ofMeasured(cell) {
    return (row) => (row.kind === 'measured' ? cell(row.platform) : NONE);
}
function verdictCell(platform) {
    return (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,report_verdict/* verdictWord */.E0)(platform)));
}
function beforeCell(row, units) {
    if (row.kind === 'removed')
        return numberCell((0,quantities_bytes/* formatBytes */.z3)(row.removed.size, units));
    const known = knownGrowth(row.platform);
    if (known === null)
        return NONE;
    return numberCell(estimatedBytes(known.baseline.judgedSize, known.baseline.estimated, units));
}
function changeCell(row, units) {
    if (row.kind === 'removed')
        return (0,markdown/* prose */.CS) `removed`;
    const { growth } = row.platform;
    return growth === null ? NONE : numberCell(growthText(growth, units));
}
function limitCell(text) {
    return text === null ? NONE : numberCell(text);
}
function compressionCell(platform) {
    const recompressed = knownGrowth(platform)?.recompressed ?? null;
    if (recompressed !== null)
        return (0,markdown/* prose */.CS) `${(0,markdown/* escapeText */.X1)(recompressed.from, KIND_LENGTH)} → ${(0,markdown/* escapeText */.X1)(recompressed.to, KIND_LENGTH)}`;
    return platform.compression === null ? NONE : (0,markdown/* own */.ZV)(platform.compression);
}
function numberCell(text) {
    return (0,markdown/* join */.fj)(text.split(/ (?=\()|(?<=^(?:max|warn)-[a-z-]+) /).map((part) => (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)(part))), (0,markdown/* prose */.CS) ` `);
}

;// CONCATENATED MODULE: ./src/report/comment/resolved.js










const WRITTEN_ROWS = 50;
function resolvedBody(view, options) {
    const { report, units } = view;
    const draw = (fold) => (0,markdown/* blocks */.Bv)(sizeHeading(report, resolvedHeadline(view)), measuredLine(report, quantities_timestamp/* formatDate */.Yq, null), fold, commentFooter({ ...options, units }));
    return fitComment([() => draw(view.table.length < 2 ? markdown/* EMPTY */.wg : foldedRows(view)), () => draw(markdown/* EMPTY */.wg)]);
}
function resolvedHeadline(view) {
    const { report } = view;
    if ((0,report_verdict/* sizeResult */.pG)(report) !== 'pass')
        return sizeHeadline(view);
    const { changed, hasBaseline } = commentSituation(report);
    const news = hasBaseline && !changed ? 'back to the size of the baseline' : 'back under the limit';
    const words = sizeWords(view).filter((word) => word !== 'unchanged');
    return [`${report_verdict/* ICONS */.Ze.pass} ${news}`, ...words].join(' · ');
}
function foldedRows(view) {
    const { table: rows } = view;
    const folding = { open: WRITTEN_ROWS, written: WRITTEN_ROWS, noun: 'platform image' };
    return (0,markdown/* details */.zH)((0,markdown/* markup */.PT) `${(0,markdown/* own */.ZV)((0,markdown_words/* plural */.LS)(rows.length, 'platform image'))}`, (0,markdown_columns/* foldedTable */.vd)(sizeColumns(view), rows, folding));
}

;// CONCATENATED MODULE: ./src/report/comment/table.js




const OPEN_ROWS = 10;
const WORTH_FOLDING = 3;
function commentTable(view, written) {
    const { table: rows } = view;
    const columns = sizeColumns(view);
    const quiet = rows.filter(isQuiet);
    const folding = { open: OPEN_ROWS, written, noun: 'platform image' };
    if (rows.length === 0)
        return markdown/* EMPTY */.wg;
    if (quiet.length < WORTH_FOLDING || rows.length > written)
        return (0,markdown_columns/* foldedTable */.vd)(columns, rows, folding);
    const news = rows.slice(0, rows.length - quiet.length);
    return (0,markdown/* blocks */.Bv)(news.length === 0 ? markdown/* EMPTY */.wg : (0,markdown_columns/* foldedTable */.vd)(columns, news, folding), (0,markdown/* details */.zH)((0,markdown/* markup */.PT) `${quiet.length} unchanged`, (0,markdown_columns/* columnTable */.d8)(columns, quiet)));
}

;// CONCATENATED MODULE: ./src/report/size/base.js







const base_NONE = (0,markdown/* prose */.CS) `–`;
function basePart(rows, units, most) {
    const based = rows.flatMap((row) => {
        const { base } = row.platform;
        return base === null ? [] : [{ row, base, change: splitGrowth(row.platform, base) }];
    });
    const [first] = based;
    if (first === undefined)
        return markdown/* EMPTY */.wg;
    if (rows.length === 1)
        return sentence(first, units);
    if (most === 0)
        return markdown/* EMPTY */.wg;
    return (0,markdown/* details */.zH)((0,markdown/* markup */.PT) `Base image and own layers`, (0,markdown_columns/* foldedTable */.vd)(baseColumns(based, units), based, { open: most, written: most, noun: 'platform image' }));
}
function sentence({ row, base, change }, units) {
    const { size, ownSize } = row.platform;
    const share = (0,markdown/* own */.ZV)((0,markdown_words/* formatShare */.T1)(base.size, size));
    const brought = (0,markdown/* prose */.CS) `**${base_bytes(base.size, units)}** of ${base_bytes(size, units)} (${share})`;
    const words = (0,markdown/* prose */.CS) `${(0,markdown/* code */.aY)((0,markdown_words/* shortCommits */.lQ)(base.name))} brings ${brought}, own layers are **${base_bytes(ownSize, units)}**.`;
    if (change === null)
        return words;
    const byBase = (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,quantities_bytes/* formatChange */.eD)(change.base, units)));
    const byOwn = (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,quantities_bytes/* formatChange */.eD)(change.own, units)));
    return (0,markdown/* prose */.CS) `${words} Of the change, ${byBase} came with the base image, ${byOwn} is own.`;
}
function baseColumns(based, units) {
    const changed = based.some(({ change }) => change !== null);
    return [
        {
            title: (0,markdown/* prose */.CS) `Image`,
            align: 'left',
            when: based.some(({ row }) => row.name !== null),
            cell: ({ row: { name } }) => (name === null ? base_NONE : (0,markdown/* code */.aY)(name)),
        },
        {
            title: (0,markdown/* prose */.CS) `Platform`,
            align: 'left',
            cell: ({ row }) => row.platform.platform === null ? base_NONE : (0,markdown/* escapeText */.X1)((0,names_platform/* formatPlatform */.Bq)(row.platform.platform)),
        },
        { title: (0,markdown/* prose */.CS) `Base image`, align: 'left', cell: ({ base }) => (0,markdown/* code */.aY)((0,markdown_words/* shortCommits */.lQ)(base.name)) },
        { title: (0,markdown/* prose */.CS) `Base`, align: 'right', cell: ({ base }) => base_bytes(base.size, units) },
        { title: (0,markdown/* prose */.CS) `Own`, align: 'right', cell: ({ row }) => base_bytes(row.platform.ownSize, units) },
        {
            title: (0,markdown/* prose */.CS) `Change of base`,
            align: 'right',
            when: changed,
            cell: ({ change }) => base_changeCell(change?.base, units),
        },
        {
            title: (0,markdown/* prose */.CS) `Change of own`,
            align: 'right',
            when: changed,
            cell: ({ change }) => base_changeCell(change?.own, units),
        },
    ];
}
function splitGrowth(platform, base) {
    const growth = knownGrowth(platform);
    const before = growth === null ? 0 : baseBefore(growth);
    if (growth?.state !== 'changed' || before === 0)
        return null;
    const byBase = base.size - before;
    return { base: byBase, own: platform.size - growth.baseline.size - byBase };
}
function baseBefore({ layers }) {
    const brought = layers.map(({ before }) => before).filter((layer) => layer?.from === 'base');
    return (0,quantities_bytes/* sumBytes */.jO)(distinctBlobs(brought.filter((layer) => layer !== null)).values());
}
function base_changeCell(change, units) {
    return change === undefined ? base_NONE : (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,quantities_bytes/* formatChange */.eD)(change, units)));
}
function base_bytes(count, units) {
    return (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,quantities_bytes/* formatBytes */.z3)(count, units)));
}

;// CONCATENATED MODULE: ./src/report/size/breach-list.js




const LABEL_LENGTH = 100;
function breachList(view, { open, written }) {
    const draw = (group) => breachSentence(group, view);
    const { breaches } = view;
    return breaches.length === 1 && breaches[0] !== undefined && written > 0
        ? draw(breaches[0])
        : (0,lists/* foldedList */.H)(breaches, draw, { open, written, noun: 'breach' });
}
function toleranceNote({ breaches, leniency, overrideLabel }) {
    if (leniency !== null)
        return (0,markdown/* prose */.CS) `**Tolerated**, so this does not fail: ${(0,markdown/* escapeText */.X1)(leniency)}`;
    if (overrideLabel === null || !breaches.some(({ severity }) => severity === 'fail'))
        return markdown/* EMPTY */.wg;
    return (0,markdown/* prose */.CS) `The label ${(0,markdown/* code */.aY)(overrideLabel, LABEL_LENGTH)} accepts this: give it to the pull request, then run the job again.`;
}
function breachSentence(group, { units, rows }) {
    const { row, all, worst } = group;
    const { actual, verb, excess, platforms, layer, reason, rule } = breachWords(group, units);
    const names = row?.name === null ? [] : (row?.names ?? []);
    const image = names.length === 0 ? markdown/* EMPTY */.wg : nameList(names);
    const isOnly = rows.length === 1 && all.length === 1;
    const where = platforms === null || isOnly ? markdown/* EMPTY */.wg : (0,markdown/* escapeText */.X1)(platforms);
    const which = layer === null ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `layer ${(0,markdown/* code */.aY)(layer, 100)}`;
    const by = rule === null ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `, rule ${(0,markdown/* code */.aY)(rule, 160)}`;
    const why = reason === null ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) ` (${(0,markdown/* escapeText */.X1)(reason)})`;
    const sentence = (0,markdown/* prose */.CS) `**${(0,markdown/* own */.ZV)(actual)}**${(0,markdown/* own */.ZV)(verb)} ${(0,markdown/* own */.ZV)(excess)}${why}`;
    const advice = isAboutWaste(worst.limit) ? (0,markdown/* prose */.CS) `: remove files in the same \`RUN\` that makes them` : markdown/* EMPTY */.wg;
    const subject = (0,markdown/* join */.fj)([image, where, which].filter((part) => part !== ''), (0,markdown/* prose */.CS) ` `);
    return (0,markdown/* prose */.CS) `${subject}${subject === '' ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `: `}${sentence}${by}${advice}`;
}

;// CONCATENATED MODULE: ./src/report/size/cause-list.js







const INSTRUCTION_LENGTH = 100;
const OPEN_CAUSES = 3;
function causeList(view, written) {
    const grown = view.rows.flatMap((row) => {
        const lines = growthCauses(row.platform);
        return lines.length === 0 ? [] : [{ row, lines }];
    });
    const groups = [
        ...Map.groupBy(grown, ({ row, lines }) => `${row.image.name} ${causeKeyOf(lines)}`).values(),
    ].map((same) => ({
        rows: same.map(({ row }) => row),
        lines: same[0]?.lines ?? [],
    }));
    const [first] = groups;
    const draw = (group) => (0,markdown/* prose */.CS) `${causeWords(group, view.units)}${whose(group, view)}`;
    if (first === undefined || written === 0)
        return markdown/* EMPTY */.wg;
    if (groups.length === 1)
        return (0,markdown/* prose */.CS) `Mostly: ${draw(first)}`;
    return (0,markdown/* blocks */.Bv)((0,markdown/* prose */.CS) `Mostly:`, (0,lists/* foldedList */.H)(groups, draw, { open: OPEN_CAUSES, written, noun: 'cause' }));
}
function whose({ rows }, { rows: all }) {
    const [first] = rows;
    if (first === undefined || rows.length === all.length)
        return markdown/* EMPTY */.wg;
    const platforms = rows.flatMap(({ platform: { platform } }) => platform ?? []).map(names_platform/* formatPlatform */.Bq);
    const words = [
        ...(first.name === null ? [] : [(0,markdown/* code */.aY)(first.name)]),
        ...(platforms.length === 0 ? [] : [(0,markdown/* escapeText */.X1)((0,markdown_words/* listed */.KE)(platforms))]),
    ];
    return words.length === 0 ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) ` (${(0,markdown/* join */.fj)(words, (0,markdown/* prose */.CS) ` `)})`;
}
function causeWords({ lines, rows }, units) {
    const isSpread = rows.some(({ platform }) => !growthCauses(platform).every((line, i) => grownBy(line) === grownBy(lines[i] ?? line)));
    const words = lines.map((line) => {
        const { createdBy, after } = line.change;
        const layer = after === null ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `layer ${(0,markdown/* code */.aY)(`${(0,names_digest/* shortDigest */.VK)(after.digest)}…`)}`;
        const made = createdBy === null ? layer : (0,markdown/* code */.aY)(createdBy, INSTRUCTION_LENGTH);
        const change = (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,quantities_bytes/* formatChange */.eD)(grownBy(line), units)));
        return (0,markdown/* prose */.CS) `${made} ${isSpread ? (0,markdown/* prose */.CS) `up to ` : markdown/* EMPTY */.wg}${change}`;
    });
    return (0,markdown/* join */.fj)(words, (0,markdown/* prose */.CS) `, `);
}

;// CONCATENATED MODULE: ./src/report/size/changes.js









const changes_INSTRUCTION_LENGTH = 100;
const FEW_FOLDS = 4;
const changes_NONE = (0,markdown/* prose */.CS) `–`;
function changeFolds(rows, units, extent) {
    const changed = rows.flatMap((row) => {
        const growth = knownGrowth(row.platform);
        return growth?.state === 'changed' ? [{ row, growth }] : [];
    });
    const failing = firstFailing(rows);
    const fold = ({ row, growth }) => changeFold({ row, growth }, units, { most: extent.layers, isOpen: row === failing });
    const shown = changed.slice(0, extent.images);
    if (shown.length <= FEW_FOLDS)
        return (0,markdown/* blocks */.Bv)(...shown.map((each) => fold(each)));
    const open = shown.filter(({ row }) => row === failing);
    const closed = shown.filter(({ row }) => row !== failing);
    const left = changed.length - shown.length;
    const of = left > 0 ? (0,markdown/* markup */.PT) ` of ${closed.length + left}` : markdown/* EMPTY */.wg;
    const what = (0,markdown/* markup */.PT) `What changed in ${closed.length}${of} ${(0,markdown/* own */.ZV)(open.length > 0 ? 'other ' : '')}platform images`;
    return (0,markdown/* blocks */.Bv)(...open.map((each) => fold(each)), (0,markdown/* details */.zH)(what, (0,markdown/* blocks */.Bv)(...closed.map((each) => fold(each)))));
}
function changeFold({ row, growth }, units, { most, isOpen }) {
    const lines = tableLines(row.platform, growth, most);
    return (0,markdown/* details */.zH)((0,markdown/* markup */.PT) `What changed${changes_subjectOf(row)}: ${(0,markdown/* own */.ZV)(summaryOf(growth.layers))}`, (0,markdown_columns/* columnTable */.d8)(layerColumns(lines, growth, units), lines), { isOpen });
}
function changes_subjectOf({ name, platform: { platform } }) {
    const where = platform === null ? markdown/* EMPTY */.wg : (0,markdown/* markup */.PT) ` ${(0,markdown/* escapeText */.X1)((0,names_platform/* formatPlatform */.Bq)(platform))}`;
    if (name !== null)
        return (0,markdown/* markup */.PT) ` in ${(0,markdown/* htmlCode */.h8)(name)}${where}`;
    return platform === null ? markdown/* EMPTY */.wg : (0,markdown/* markup */.PT) ` in${where}`;
}
const CHANGES = ['added', 'removed', 'replaced', 'shared'];
function summaryOf(layers) {
    const counts = CHANGES.map((change) => ({
        change,
        count: layers.filter((layer) => layer.change === change).length,
    }));
    const words = counts
        .filter(({ count }) => count > 0)
        .map(({ change, count }, position) => `${position === 0 ? (0,markdown_words/* plural */.LS)(count, 'layer') : String(count)} ${change}`);
    return words.length === 0 ? 'no layers' : words.join(', ');
}
function tableLines(platform, growth, most) {
    const tally = tallyLayers(platform, growth);
    const { listed, rest } = largestChanges(tally, most);
    const sharedCount = growth.layers.length - tally.changes.length;
    const line = (what, { before, now }, change = null) => ({
        what,
        before,
        now,
        change,
        isTotal: false,
    });
    return [
        ...listed.map((each) => line((0,markdown/* own */.ZV)(each.change.change), each, each.change)),
        ...(rest.length === 0 ? [] : [line((0,markdown/* own */.ZV)(`${rest.length} more`), sumLines(rest))]),
        ...(sharedCount === 0 ? [] : [line((0,markdown/* own */.ZV)(`${sharedCount} shared`), tally.shared)]),
        line((0,markdown/* markup */.PT) `config`, tally.config),
        { ...tally.total, what: (0,markdown/* markup */.PT) `total`, change: null, isTotal: true },
        ...ownLine(platform, growth),
    ];
}
function ownLine(platform, { baseline }) {
    if (!judgesOwn(platform) && baseline.judgedSize === baseline.size)
        return [];
    const line = { before: baseline.judgedSize, now: platform.judgedSize };
    return [{ ...line, what: (0,markdown/* markup */.PT) `of it own`, change: null, isTotal: true }];
}
function largestChanges({ changes }, most) {
    const ranked = changes.toSorted((a, b) => weight(b) - weight(a)).slice(0, most);
    const chosen = new Set(ranked);
    return {
        listed: changes.filter((line) => chosen.has(line)),
        rest: changes.filter((line) => !chosen.has(line)),
    };
}
function weight({ before, now }) {
    return Math.abs(now - before) + now / 1000;
}
function layerColumns(lines, growth, units) {
    const named = growth.layers.some(({ createdBy }) => createdBy !== null);
    const split = growth.layers.some(({ before, after }) => before?.from === 'base' || after?.from === 'base');
    const number = (text, { isTotal }) => isTotal ? (0,markdown/* prose */.CS) `**${(0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)(text))}**` : (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)(text));
    const size = (line, side, layer) => line.change !== null && line.change[layer] === null ? changes_NONE : number((0,quantities_bytes/* formatBytes */.z3)(line[side], units), line);
    return [
        {
            title: (0,markdown/* prose */.CS) `Layer`,
            align: 'left',
            cell: ({ what, isTotal }) => (isTotal ? (0,markdown/* prose */.CS) `**${(0,markdown/* unbroken */.D_)(what)}**` : (0,markdown/* unbroken */.D_)(what)),
        },
        {
            title: (0,markdown/* prose */.CS) `Change`,
            align: 'right',
            cell: (line) => number((0,quantities_bytes/* formatChange */.eD)(line.now - line.before, units), line),
        },
        {
            title: (0,markdown/* prose */.CS) `Instruction`,
            align: 'left',
            when: named,
            cell: ({ change }) => (change?.createdBy ? (0,markdown/* code */.aY)(change.createdBy, changes_INSTRUCTION_LENGTH) : markdown/* EMPTY */.wg),
        },
        { title: (0,markdown/* prose */.CS) `Now`, align: 'right', cell: (line) => size(line, 'now', 'after') },
        { title: (0,markdown/* prose */.CS) `Baseline`, align: 'right', cell: (line) => size(line, 'before', 'before') },
        {
            title: (0,markdown/* prose */.CS) `From`,
            align: 'left',
            when: split,
            cell: ({ change }) => (0,markdown/* own */.ZV)((change?.after ?? change?.before)?.from ?? ''),
        },
        {
            title: (0,markdown/* prose */.CS) `Digest`,
            align: 'left',
            when: lines.some(({ change }) => change !== null),
            cell: ({ change }) => digestCell(change),
        },
    ];
}
function digestCell(change) {
    const layer = change?.after ?? change?.before;
    return layer ? (0,markdown/* code */.aY)(`${(0,names_digest/* shortDigest */.VK)(layer.digest)}…`) : markdown/* EMPTY */.wg;
}

;// CONCATENATED MODULE: ./src/report/size/files.js








const PATH_LENGTH = 80;
const files_INSTRUCTION_LENGTH = 60;
const INSTRUCTION_IN_TABLE = 32;
const MOST_UNREAD = 5;
const RULE_LENGTH = 20;
const LOGGED_IMAGES = 20;
function filesPart(rows, units, extent) {
    const explained = rows.flatMap((row) => {
        const { explanation } = row.platform;
        if (explanation === undefined || isSilent(explanation))
            return [];
        return [{ row, explanation, lines: largestLines(explanation) }];
    });
    const shown = explained.slice(0, extent.images);
    const groups = Map.groupBy(shown, (one) => files_sameness(one, extent.open));
    return (0,markdown/* blocks */.Bv)(...Array.from(groups.values(), (group) => groupPart(group, units, extent)));
}
function isSilent({ layers, unread }) {
    return layers.every(({ changes }) => changes.shown.length === 0) && unread.length === 0;
}
function files_isCompared({ platform }) {
    return knownGrowth(platform) !== null;
}
function amountText(bytes, row, units) {
    return files_isCompared(row) || bytes < 0 ? (0,quantities_bytes/* formatChange */.eD)(bytes, units) : (0,quantities_bytes/* formatBytes */.z3)(bytes, units);
}
function files_sameness({ row, lines }, open) {
    const told = lines.slice(0, open).map(({ change: { path, change } }) => [path, change]);
    return JSON.stringify([row.image.name, files_isCompared(row), told.length === 0 ? row.platform.digest : told]);
}
function groupPart(group, units, { open, folded }) {
    const rows = group.map(({ row }) => row);
    const told = group[0]?.lines.slice(0, open) ?? [];
    const notes = group.flatMap(({ explanation }) => [
        byFolderNote(explanation.layers),
        unreadNote(explanation.unread, units),
    ]);
    return (0,markdown/* blocks */.Bv)(told.length === 0
        ? markdown/* EMPTY */.wg
        : (0,markdown/* blocks */.Bv)((0,markdown/* prose */.CS) `**Files${files_subjectOf(rows)}**, unpacked:`, (0,markdown/* bullets */.e5)(told.map((_, at) => toldOf(group, at, units)))), ...group.map(({ row, lines }) => lines.length > 0 && folded > 0 ? fold(row, lines.slice(0, folded), lines.length, units) : markdown/* EMPTY */.wg), ...new Set(notes));
}
function toldOf(group, at, units) {
    const [first] = group;
    const changes = group.flatMap(({ lines }) => lines[at]?.change ?? []);
    const [most] = changes.toSorted((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
    if (first === undefined || most === undefined)
        return markdown/* EMPTY */.wg;
    const isSame = changes.every(({ difference }) => difference === most.difference);
    return lineOf(most, `${isSame ? '' : 'up to '}${amountText(most.difference, first.row, units)}`);
}
function largestLines({ layers }) {
    return layers
        .flatMap((layer) => layer.changes.shown.map((change) => ({ change, layer })))
        .toSorted((a, b) => Math.abs(b.change.difference) - Math.abs(a.change.difference));
}
function lineOf(change, amount) {
    const { path, isFolder, files } = change;
    const count = isFolder ? `, ${(0,markdown_words/* plural */.LS)(files, 'file')}` : '';
    return (0,markdown/* prose */.CS) `${pathCode(path)} ${(0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)(`${amount}${count}`))}${remark(change)}`;
}
function remark({ change, difference }) {
    if (change !== 'went')
        return markdown/* EMPTY */.wg;
    return difference === 0 ? (0,markdown/* prose */.CS) ` (removed, but still in a layer below)` : (0,markdown/* prose */.CS) ` (removed)`;
}
function pathCode(path) {
    return (0,markdown/* code */.aY)(shownPath(path));
}
function shownPath(path) {
    return (0,domain_text/* cutMiddle */.it)(`/${path}`, PATH_LENGTH);
}
function files_subjectOf(rows) {
    const name = rows[0]?.name ?? null;
    const platforms = rows.flatMap(({ platform: { platform } }) => platform ?? []).map(names_platform/* formatPlatform */.Bq);
    const where = platforms.length === 0 ? markdown/* EMPTY */.wg : (0,markdown/* markup */.PT) ` ${(0,markdown/* escapeText */.X1)((0,markdown_words/* listed */.KE)(platforms))}`;
    if (name !== null)
        return (0,markdown/* markup */.PT) ` in ${(0,markdown/* htmlCode */.h8)(name)}${where}`;
    return where === markdown/* EMPTY */.wg ? markdown/* EMPTY */.wg : (0,markdown/* markup */.PT) ` in${where}`;
}
function fold(row, lines, all, units) {
    const some = lines.length < all ? `${lines.length} of ${all} paths` : (0,markdown_words/* plural */.LS)(all, 'path');
    const hasLayers = new Set(lines.map(({ layer }) => layer.digest)).size > 1;
    return (0,markdown/* details */.zH)((0,markdown/* markup */.PT) `${(0,markdown/* own */.ZV)(some)}${files_subjectOf([row])}`, (0,markdown_columns/* columnTable */.d8)([
        { title: (0,markdown/* prose */.CS) `Path`, align: 'left', cell: ({ change }) => pathCode(change.path) },
        {
            title: files_isCompared(row) ? (0,markdown/* prose */.CS) `Change` : (0,markdown/* prose */.CS) `Size`,
            align: 'right',
            cell: ({ change }) => (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)(amountText(change.difference, row, units))),
        },
        {
            title: (0,markdown/* prose */.CS) `Bytes`,
            align: 'right',
            cell: ({ change: { difference } }) => (0,markdown/* own */.ZV)(files_isCompared(row) ? signed(difference) : String(difference)),
        },
        {
            title: (0,markdown/* prose */.CS) `Compressed`,
            align: 'right',
            cell: ({ change }) => (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)(`≈ ${amountText(change.compressed, row, units)}`)),
        },
        { title: (0,markdown/* prose */.CS) `Files`, align: 'right', cell: ({ change }) => (0,markdown/* own */.ZV)(String(change.files)) },
        {
            title: (0,markdown/* prose */.CS) `Layer`,
            align: 'left',
            when: hasLayers,
            cell: ({ layer }) => layerName(layer, INSTRUCTION_IN_TABLE),
        },
    ], lines));
}
function signed(difference) {
    return difference > 0 ? `+${difference}` : String(difference);
}
function layerName({ createdBy, digest }, length = files_INSTRUCTION_LENGTH) {
    return (0,markdown/* code */.aY)(createdBy ?? (0,names_digest/* shortDigest */.VK)(digest), length);
}
function byFolderNote(layers) {
    const summed = layers.filter(({ byFolder = false }) => byFolder);
    if (summed.length === 0)
        return markdown/* EMPTY */.wg;
    const names = summed.slice(0, MOST_UNREAD).map((layer) => layerName(layer));
    const left = summed.length - names.length;
    const more = left === 0 ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) ` and ${left} more`;
    return (0,markdown/* prose */.CS) `Compared folder by folder, since there are too many files: ${(0,markdown/* join */.fj)(names, (0,markdown/* prose */.CS) `, `)}${more}.`;
}
function unreadNote(unread, units) {
    const beyond = unread.filter(({ cause }) => cause === 'budget');
    if (beyond.length === 0)
        return markdown/* EMPTY */.wg;
    const named = beyond
        .slice(0, MOST_UNREAD)
        .map((layer) => (0,markdown/* prose */.CS) `${layerName(layer)} (${(0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,quantities_bytes/* formatBytes */.z3)(layer.size, units)))})`);
    const left = beyond.length - named.length;
    const more = left === 0 ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) ` and ${left} more`;
    return (0,markdown/* prose */.CS) `Not looked into, for lack of \`explain-budget\`: ${(0,markdown/* join */.fj)(named, (0,markdown/* prose */.CS) `, `)}${more}.`;
}
function wasteNotes(rows, units, most) {
    const notes = rows.flatMap((row) => {
        const { wasted = null } = row.platform.explanation ?? {};
        if (wasted === null || (wasted.bytes === 0 && row.platform.wastedLimit === undefined))
            return [];
        return [wasteNote(row, wasted, units)];
    });
    return (0,markdown/* bullets */.e5)(notes.slice(0, most));
}
function wasteNote(row, wasted, units) {
    const amount = (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)(wasteAmount(row, wasted, units)));
    if (wasted.bytes === 0)
        return (0,markdown/* prose */.CS) `**Wasted${files_subjectOf([row])}:** ${amount}`;
    const where = mostWasted(wasted).map(({ path, difference }) => (0,markdown/* prose */.CS) `${pathCode(path)} ${(0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,quantities_bytes/* formatBytes */.z3)(difference, units)))}`);
    return (0,markdown/* prose */.CS) `**Wasted${files_subjectOf([row])}:** ${amount} of what the layers unpack to is replaced or removed by later ones: ${(0,markdown/* join */.fj)(where, (0,markdown/* prose */.CS) `, `)}`;
}
function wasteAmount({ platform }, { bytes, unpacked }, units) {
    const { wastedLimit } = platform;
    const limit = wastedLimit === undefined
        ? ''
        : `, ${nameOfLimit(wastedLimit, 'wasted')} ${(0,domain_text/* sanitiseLine */.lg)(wastedLimit.rule, RULE_LENGTH)}`;
    return `${(0,quantities_bytes/* formatBytes */.z3)(bytes, units)} (${(0,markdown_words/* formatShare */.T1)(bytes, unpacked)}${limit})`;
}
function mostWasted({ paths }) {
    return paths.slice(0, 3);
}
function filesLog({ rows, units }) {
    const shown = rows.slice(0, LOGGED_IMAGES);
    const whose = (row) => (rows.length === 1 ? '' : `${logSubject(row)}  `);
    return [
        ...shown.flatMap((row) => (row.platform.explanation === undefined ? [] : largestLines(row.platform.explanation))
            .slice(0, 10)
            .map(({ change: { path, isFolder, files, difference } }) => {
            const count = isFolder ? `, ${(0,markdown_words/* plural */.LS)(files, 'file')}` : '';
            return `  ${amountText(difference, row, units)}  ${whose(row)}${shownPath(path)}${count}`;
        })),
        ...shown.flatMap((row) => {
            const { explanation, wastedLimit } = row.platform;
            const wasted = explanation?.wasted ?? null;
            if (wasted === null || wastedLimit === undefined)
                return [];
            const where = mostWasted(wasted).map(({ path, difference }) => `${shownPath(path)} ${(0,quantities_bytes/* formatBytes */.z3)(difference, units)}`);
            const paths = where.length === 0 ? '' : `: ${where.join(', ')}`;
            return [`  wasted  ${whose(row)}${wasteAmount(row, wasted, units)}${paths}`];
        }),
    ];
}
function logSubject({ name, platform: { platform } }) {
    const words = [
        ...(name === null ? [] : [(0,domain_text/* sanitiseLine */.lg)(name, PATH_LENGTH)]),
        ...(platform === null ? [] : [(0,names_platform/* formatPlatform */.Bq)(platform)]),
    ];
    return words.join(' ');
}

;// CONCATENATED MODULE: ./src/report/size/notes.js








const FEW_LINES = 5;
const notes_KIND_LENGTH = 20;
const WARNING_LENGTH = 800;
const WORTH_SAYING = 0.01;
function pullNote(rows, units) {
    const pulls = rows.flatMap((row) => {
        const pulled = knownGrowth(row.platform)?.pullSize ?? 0;
        return pulled === 0 ? [] : [{ row, pulled }];
    });
    const [most] = pulls.toSorted((a, b) => b.pulled - a.pulled);
    if (most === undefined)
        return markdown/* EMPTY */.wg;
    const { name, platform } = most.row;
    const all = platform.size === most.pulled;
    const numbers = all
        ? (0,markdown/* prose */.CS) `**all of it**, ${notes_bytes(most.pulled, units)}`
        : (0,markdown/* prose */.CS) `**${notes_bytes(most.pulled, units)}** of ${notes_bytes(platform.size, units)}`;
    if (rows.length === 1)
        return (0,markdown/* prose */.CS) `A client that has the baseline pulls ${numbers}.`;
    const words = [
        ...(name === null ? [] : [(0,markdown/* code */.aY)(name)]),
        ...(platform.platform === null ? [] : [(0,markdown/* escapeText */.X1)((0,names_platform/* formatPlatform */.Bq)(platform.platform))]),
    ];
    return (0,markdown/* prose */.CS) `A client that has the baseline pulls at most ${numbers} (${(0,markdown/* join */.fj)(words, (0,markdown/* prose */.CS) ` `)}).`;
}
function compressionNotes(rows) {
    const changes = rows.flatMap(({ platform }) => knownGrowth(platform)?.recompressed ?? []);
    const words = [...Map.groupBy(changes, ({ from, to }) => JSON.stringify([from, to])).values()].map((same) => {
        const { from = '', to = '' } = same[0] ?? {};
        const some = same.length === rows.length ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) ` (${same.length} of ${rows.length} platform images)`;
        return (0,markdown/* prose */.CS) `**Compressed with ${(0,markdown/* escapeText */.X1)(to, notes_KIND_LENGTH)}, the baseline with ${(0,markdown/* escapeText */.X1)(from, notes_KIND_LENGTH)}**${some}: that changes sizes on its own, and every layer is pulled again.`;
    });
    return (0,markdown/* blocks */.Bv)(...words.slice(0, FEW_LINES));
}
function sharingNote(report, units) {
    const platforms = report.images.flatMap((image) => image.platforms);
    const foreign = platforms.reduce((sum, { foreignSize }) => sum + foreignSize, 0);
    const pulled = report.totalSize - foreign;
    const saved = pulled - report.uniqueSize;
    if (platforms.length < 2 || saved < pulled * WORTH_SAYING)
        return markdown/* EMPTY */.wg;
    const share = (0,markdown/* own */.ZV)((0,markdown_words/* formatShare */.T1)(saved, pulled));
    const stored = notes_bytes(report.uniqueSize, units);
    return (0,markdown/* prose */.CS) `**Sharing saves ${notes_bytes(saved, units)}** (${share}): the ${platforms.length} platform images are ${notes_bytes(pulled, units)} together; the registry stores each layer once, in ${stored}.`;
}
function warningList({ warnings }, most) {
    const draw = (warning) => (0,markdown/* foreignProse */.gS)(warning, WARNING_LENGTH);
    const [first] = warnings;
    if (first === undefined || most === 0)
        return markdown/* EMPTY */.wg;
    if (warnings.length === 1)
        return (0,markdown/* prose */.CS) `**Warning:** ${draw(first)}`;
    return (0,markdown/* blocks */.Bv)((0,markdown/* prose */.CS) `**Warnings:**`, (0,lists/* foldedList */.H)(warnings, draw, { open: FEW_LINES, written: most, noun: 'warning' }));
}
function notes(report, units, most) {
    const lines = [
        ...skippedNotes(report.images),
        ...readingNotes(report, units),
        ...[...report.notices, ...(report.asides ?? [])].map((notice) => (0,markdown/* foreignProse */.gS)(notice)),
    ];
    return (0,lists/* foldedList */.H)(lines, (line) => line, { open: FEW_LINES, written: most, noun: 'notice' });
}
function readingNotes({ images }, units) {
    const platforms = images.flatMap((image) => image.platforms);
    const compressions = new Set(platforms.map(({ compression }) => compression).filter((kind) => kind !== null));
    const foreign = platforms.reduce((most, { foreignSize }) => Math.max(most, foreignSize), 0);
    const has = (kind) => images.some((image) => image.kind === kind);
    const candidates = [
        [
            platforms.some(({ estimated }) => estimated),
            (0,markdown/* prose */.CS) `≈ is an estimate: a docker-archive holds layers uncompressed, so they were compressed with gzip to be counted.`,
        ],
        [
            has('artifact'),
            (0,markdown/* prose */.CS) `An artifact is not an image; its size is the same sum, of its config and its files.`,
        ],
        [
            has('schema1'),
            (0,markdown/* prose */.CS) `Docker schema 1 has neither sizes nor a config: the registry was asked for the size of each distinct layer.`,
        ],
        [
            foreign > 0,
            (0,markdown/* prose */.CS) `Foreign layers (up to ${notes_bytes(foreign, units)} of an image) are part of a pull, but this registry does not store them.`,
        ],
        [
            compressions.size > 1 || compressions.has('mixed'),
            (0,markdown/* prose */.CS) `Compressions differ: the same files weigh more with gzip than with zstd.`,
        ],
        [
            platforms.some((platform) => judgesOwn(platform)),
            (0,markdown/* prose */.CS) `Limits apply to the image's own layers only: what the base image brings does not count.`,
        ],
    ];
    return candidates.filter(([applies]) => applies).map(([, words]) => words);
}
function unmeasuredList(report, most) {
    const { unmeasured, partial } = report;
    const what = unmeasured.length === 1 ? 'this was' : `these ${unmeasured.length} were`;
    if (unmeasured.length === 0)
        return partial ? (0,markdown/* prose */.CS) `Time ran out before everything was measured.` : markdown/* EMPTY */.wg;
    return (0,markdown/* blocks */.Bv)(unmeasuredHead(report, what), (0,lists/* foldedList */.H)(unmeasured, (what) => (0,markdown/* foreignProse */.gS)(what), { open: FEW_LINES, written: most, noun: 'image' }));
}
function unmeasuredHead(report, what) {
    if (report.partial)
        return (0,markdown/* prose */.CS) `**Time ran out** before ${(0,markdown/* own */.ZV)(what)} measured:`;
    if ((0,report_verdict/* isUnjudged */.t5)(report))
        return (0,markdown/* prose */.CS) `**Not judged**, and what is not judged does not pass:`;
    return (0,markdown/* prose */.CS) `**Not measured**, so nothing is known of ${(0,markdown/* own */.ZV)(report.unmeasured.length === 1 ? 'it' : 'them')}:`;
}
function notes_bytes(count, units) {
    return (0,markdown/* own */.ZV)((0,quantities_bytes/* formatBytes */.z3)(count, units));
}

;// CONCATENATED MODULE: ./src/report/comment/body.js














const OPEN_BREACHES = 5;
const OPEN_BASES = 30;
const NO_CHANGES = { images: 0, layers: 0 };
const FILES = { images: 4, open: 3, folded: 10 };
const FEW_FILES = { images: 2, open: 3, folded: 0 };
const NO_FILES = { images: 0, open: 0, folded: 0 };
const LADDER = [
    { changes: { images: 10, layers: 20 }, files: FILES, rows: 1000, sentences: 10, isShortened: false },
    { changes: { images: 4, layers: 10 }, files: FILES, rows: 1000, sentences: 10, isShortened: true },
    { changes: NO_CHANGES, files: FEW_FILES, rows: 1000, sentences: 10, isShortened: true },
    { changes: NO_CHANGES, files: NO_FILES, rows: 300, sentences: 10, isShortened: true },
    { changes: NO_CHANGES, files: NO_FILES, rows: 100, sentences: 10, isShortened: true },
    { changes: NO_CHANGES, files: NO_FILES, rows: 30, sentences: 5, isShortened: true },
    { changes: NO_CHANGES, files: NO_FILES, rows: 0, sentences: 2, isShortened: true },
];
function renderComment(view, options) {
    const rung = (extent) => () => draw(view, options, extent);
    const [fullest, ...shorter] = LADDER;
    return {
        current: fitComment([rung(fullest), ...shorter.map(rung)]),
        resolved: resolvedBody(view, options),
    };
}
function draw(view, options, extent) {
    const { report, rows, units } = view;
    const { sentences } = extent;
    return (0,markdown/* blocks */.Bv)(sizeHeading(report, sizeHeadline(view)), measuredLine(report, quantities_timestamp/* formatDate */.Yq, null), breachList(view, { open: OPEN_BREACHES, written: sentences }), causeList(view, sentences), toleranceNote(report), filesPart(rows, units, extent.files), unmeasuredList(report, sentences), warningList(report, sentences), commentTable(view, extent.rows), compressionNotes(rows), wasteNotes(rows.filter(isWasteful), units, extent.files.images), pullNote(rows, units), changeFolds(rows, units, extent.changes), basePart(rows, units, Math.min(extent.rows, OPEN_BASES)), baselineList(view, quantities_timestamp/* formatDate */.Yq, sentences), notes(report, units, sentences), extent.isShortened
        ? (0,markdown/* prose */.CS) `Shortened to fit into a comment: the job summary of the run has all of it.`
        : markdown/* EMPTY */.wg, commentFooter({ ...options, units }));
}
function isWasteful({ breaches }) {
    return breaches.some(({ limit }) => limit.endsWith('-wasted'));
}

// EXTERNAL MODULE: ./src/compose.js + 99 modules
var compose = __webpack_require__(9203);
;// CONCATENATED MODULE: ./src/modes/pull-request.js








async function openChange(common, github, runner) {
    const { log } = runner;
    const event = await (0,event_file/* readEvent */.j)(runner.env);
    for (const warning of event.warnings)
        log.warning(warning);
    const api = openApi(common, github, event, runner);
    return {
        facts: pullRequestFacts(event, api, runner.env['GITEA_ACTIONS'] === 'true' ? log.notice : null),
        takesLabels: api !== null && event.pullRequest !== null,
        hasLabel: async (label) => api !== null && hasLabel(await readLabels(api, event, log), label),
        comment: async (view, { policy, key }) => {
            if (policy === 'never')
                return null;
            const pullRequest = await commentedOn(event, api, runner);
            if (pullRequest === null || api === null)
                return null;
            const { number, isRestricted } = pullRequest;
            const commit = event.pullRequest?.headSha ?? event.workflowRun?.headSha ?? event.sha;
            const bodies = renderComment(view, { runUrl: runner.runUrl, commit });
            const situation = commentSituation(view.report);
            const outcome = await upsertComment(api, { pullRequest: number, isRestricted, key, policy, situation, bodies }, log);
            log.debug(`comment: ${outcome.kind}, ${outcome.reason}`);
            return outcome.url;
        },
    };
}
function openApi({ githubToken: token }, send, event, runner) {
    if (token === '' || event.repository === null)
        return null;
    runner.mask(token);
    return createGitHubApi({
        send,
        apiUrl: runner.env['GITHUB_API_URL'] ?? 'https://api.github.com',
        token,
        repository: event.repository,
        userAgent: compose.USER_AGENT,
        log: runner.log,
        clock: compose.systemClock,
    });
}
async function commentedOn({ pullRequest, workflowRun, repository }, api, { log }) {
    if (pullRequest === null && workflowRun === null)
        return null;
    if (api === null) {
        log.notice('The pull request is not commented on: github-token is empty; the whole report is in the job summary, or in the log where there is none');
        return null;
    }
    if (pullRequest !== null)
        return pullRequest;
    if (workflowRun === null || repository === null)
        return null;
    const number = await findPullRequest(api, repository, workflowRun, log);
    return number === null ? null : { number, isRestricted: false };
}

;// CONCATENATED MODULE: ./src/report/size/log.js









const NAME_LENGTH = 300;
const VERDICT_WIDTH = '✅ pass'.length;
function sizeLog(view) {
    const lines = [
        ...view.rows.map((row) => log_measuredLine(row, view)),
        ...view.removed.map((row) => removedLine(row, view.units)),
    ];
    const widths = lines.reduce((most, line) => line.numbers.map((text, column) => Math.max(most[column] ?? 0, text.length)), []);
    return [
        ...Array.from(baselines(view.report), (name) => `Compared with ${(0,domain_text/* sanitiseLine */.lg)(name, NAME_LENGTH)}`),
        ...lines.map(({ verdict, numbers, rest }) => [verdict, ...numbers.map((text, column) => text.padStart(widths[column] ?? 0)), rest].join('  ')),
        ...filesLog(view),
        `Image size: ${sizeHeadline(view)}`,
    ];
}
function log_measuredLine(row, { limitOf, isCompared, units }) {
    const { image, platform } = row;
    const limit = limitOf(row);
    const { growth } = platform;
    return {
        verdict: (0,report_verdict/* verdictWord */.E0)(platform).padEnd(VERDICT_WIDTH),
        numbers: [
            sizeText(platform, units),
            ...(isCompared ? [growth === null ? '–' : growthText(growth, units)] : []),
            (0,markdown_words/* plural */.LS)(countLayers(platform), 'layer'),
        ],
        rest: `${subject(image, platform)}${limit === null ? '' : `  ${limit}`}`,
    };
}
function removedLine({ image, removed }, units) {
    return {
        verdict: '–'.padEnd(VERDICT_WIDTH),
        numbers: [(0,quantities_bytes/* formatBytes */.z3)(removed.size, units), 'removed', ''],
        rest: subject(image, removed),
    };
}
function subject({ names: [first, ...others] }, { platform }) {
    const also = others.map(({ name, tag }) => (0,domain_text/* sanitiseLine */.lg)(tag ?? name, NAME_LENGTH));
    return `${(0,domain_text/* sanitiseLine */.lg)(first.name, NAME_LENGTH)}${also.length === 0 ? '' : ` (also ${(0,markdown_words/* listed */.KE)(also)})`}${platform === null ? '' : ` ${(0,names_platform/* formatPlatform */.Bq)(platform)}`}`;
}
function baselines({ images }) {
    return new Set(images.flatMap(({ baseline }) => (baseline?.state === 'found' ? [baseline.name] : [])));
}

// EXTERNAL MODULE: ./src/report/compact-json.js
var compact_json = __webpack_require__(7776);
;// CONCATENATED MODULE: ./src/report/size/json.js



function sizeJson(report, { layers }) {
    return {
        schemaVersion: 1,
        mode: 'size',
        result: (0,report_verdict/* sizeResult */.pG)(report),
        images: report.images.map((image) => imageJson(image, layers)),
        size: report.size,
        totalSize: report.totalSize,
        uniqueSize: report.uniqueSize,
    };
}
function imageJson(image, layers) {
    return {
        image: image.name,
        names: image.names.map(({ name }) => name),
        digest: image.digest,
        mediaType: image.mediaType,
        kind: image.kind,
        created: image.created === null ? null : (0,quantities_timestamp/* formatTimestamp */.Ey)(image.created),
        platforms: image.platforms.map((platform) => platformJson(image, platform, layers)),
        size: image.size,
        uniqueSize: image.uniqueSize,
    };
}
function platformJson({ baseline }, platform, layers) {
    const { growth } = platform;
    const compared = growth?.state === 'changed' || growth?.state === 'unchanged' ? growth.baseline : null;
    return {
        platform: platform.platform === null ? null : (0,names_platform/* formatPlatform */.Bq)(platform.platform),
        digest: platform.digest,
        size: platform.size,
        ...(layers ? { layers: platform.layers.map(layerJson) } : {}),
        baseline: compared === null || baseline?.state !== 'found'
            ? null
            : { image: baseline.name, digest: compared.digest, size: compared.size },
        pullSize: growth === null || growth.state === 'unknown' ? null : growth.pullSize,
        ...(platform.explanation === undefined ? {} : { explanation: platform.explanation }),
        verdict: growth?.state === 'new' && platform.verdict === 'pass' ? 'new' : platform.verdict,
    };
}
function layerJson({ digest, size, mediaType, createdBy, from }) {
    return { digest, size, mediaType, createdBy, from };
}

;// CONCATENATED MODULE: ./src/report/size/outputs.js





function sizeOutputs({ report, units }) {
    return {
        result: (0,report_verdict/* sizeResult */.pG)(report),
        size: String(report.size),
        'size-human': (0,quantities_bytes/* formatBytes */.z3)(report.size, units),
        'total-size': String(report.totalSize),
        'unique-size': String(report.uniqueSize),
        layers: String(report.layers),
        digest: report.images[0]?.digest ?? '',
        ...changeOutputs(report.change),
        'wasted-bytes': wastedBytes(report),
        exceeded: String(report.breaches.some((breach) => !breach_isSoft(breach))),
        'comment-url': '',
        json: (0,compact_json/* compactJson */.A)(sizeJson(report, { layers: false })),
    };
}
function wastedBytes({ images }) {
    const wasted = images.flatMap(({ platforms }) => platforms.flatMap(({ explanation }) => explanation?.wasted?.bytes ?? []));
    return wasted.length === 0 ? '' : String(Math.max(...wasted));
}
function changeOutputs(change) {
    const growth = change?.growth;
    const known = growth?.state === 'changed' || growth?.state === 'unchanged' ? growth : null;
    const pulled = growth === undefined || growth.state === 'unknown' ? null : growth.pullSize;
    return {
        baseline: change?.baseline ?? '',
        'baseline-size': outputs_text(known?.baseline.judgedSize),
        'size-diff': outputs_text(known?.difference),
        'size-diff-percent': outputs_text(percent(known?.ratio)),
        'pull-size': outputs_text(pulled),
    };
}
function outputs_text(value) {
    return value === null || value === undefined ? '' : String(value);
}
function percent(ratio) {
    return ratio === null || ratio === undefined ? null : Number((ratio * 100).toFixed(2));
}

// EXTERNAL MODULE: ./src/domain/quantities/duration.js
var duration = __webpack_require__(7652);
;// CONCATENATED MODULE: ./src/report/size/chart.js


const MOST_BARS = 40;
const chart_LABEL_LENGTH = 16;
const MOST_ABOVE = 3;
function sizeChart(images, units) {
    const byTag = new Map(images.map((image) => [image.tag ?? '', image]));
    const ordered = (0,tag_order/* sortTags */.uO)(byTag.keys()).flatMap((tag) => byTag.get(tag) ?? []);
    const bars = ordered.map(({ tag, size }) => ({ label: tag ?? '', size }));
    return barChart((0,markdown/* prose */.CS) `**Size over tags**`, bars, 'tags', commonLimit(ordered.slice(-MOST_BARS)), units);
}
function barChart(title, all, noun, commonLimit, units) {
    const bars = all.slice(-MOST_BARS);
    const largest = Math.max(0, ...bars.map(({ size }) => size));
    const limit = commonLimit === null || commonLimit > largest * MOST_ABOVE ? null : commonLimit;
    const highest = Math.max(limit ?? 0, largest);
    const [unit, scale] = scaleFor(highest, units);
    const write = (bytes) => (bytes / scale).toFixed(2);
    const which = bars.length < all.length ? (0,markdown/* prose */.CS) `last ${bars.length} of ${all.length} ${(0,markdown/* own */.ZV)(noun)}, ` : (0,markdown/* prose */.CS) ``;
    const line = limit === null ? (0,markdown/* prose */.CS) `` : (0,markdown/* prose */.CS) `; the line is the limit`;
    return (0,markdown/* blocks */.Bv)((0,markdown/* prose */.CS) `${title} (${which}largest platform of each${line})`, (0,markdown/* mermaid */.a4)([
        ...LAYOUT,
        'xychart-beta',
        `  x-axis [${labels(bars.map(({ label: text }) => text))}]`,
        `  y-axis "${unit}" 0 --> ${write(highest * 1.1 || scale)}`,
        `  bar [${bars.map(({ size }) => write(size)).join(', ')}]`,
        ...(limit === null ? [] : [`  line [${bars.map(() => write(limit)).join(', ')}]`]),
    ]));
}
const LAYOUT = [
    '---',
    'config:',
    '  xyChart:',
    '    width: 960',
    '    height: 320',
    '    xAxis:',
    '      labelFontSize: 12',
    '  themeVariables:',
    '    xyChart:',
    '      plotColorPalette: "#4493f8, #f85149"',
    '      backgroundColor: transparent',
    '---',
];
const INVISIBLE = '\u200B';
const AXIS_PIXELS = 860;
const CHARACTER_PIXELS = 8;
function labels(tags) {
    const written = tags.map(label);
    const widest = Math.max(...written.map((text) => text.length)) + 1;
    const step = Math.ceil((tags.length * widest * CHARACTER_PIXELS) / AXIS_PIXELS);
    return written
        .map((text, position) => ((tags.length - 1 - position) % step === 0 ? text : ''))
        .map((text, position) => `"${text}${INVISIBLE.repeat(position + 1)}"`)
        .join(', ');
}
function label(tag) {
    const safe = tag.slice(0, chart_LABEL_LENGTH + 1).replaceAll(/[^A-Za-z0-9._-]/g, '_');
    return safe.length <= chart_LABEL_LENGTH ? safe : `${safe.slice(0, chart_LABEL_LENGTH - 2)}..`;
}
const SCALES = {
    iec: [1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']],
    si: [1000, ['B', 'kB', 'MB', 'GB', 'TB']],
};
function scaleFor(highest, units) {
    const [base, names] = SCALES[units];
    const power = names.findLastIndex((_, exponent) => exponent === 0 || highest >= base ** exponent);
    return [names[power] ?? 'B', base ** Math.max(0, power)];
}
function commonLimit(images) {
    const limits = new Set(images.flatMap((image) => image.platforms.map(({ limit }) => limit?.bytes ?? null)));
    const [first = null] = limits;
    return limits.size === 1 ? first : null;
}

;// CONCATENATED MODULE: ./src/domain/history/history.js

const MOST_RUNS = 1_000;
function entriesOf(images, run) {
    return images.flatMap(({ repository, name, platforms }) => platforms.map(({ platform, size, digest }) => ({
        ...run,
        repository: repository ?? name,
        platform: platform === null ? null : (0,names_platform/* formatPlatform */.Bq)(platform),
        size,
        digest,
    })));
}
function addRun(history, added) {
    const replaced = new Set(added.map(history_keyOf));
    const place = history.findIndex((entry) => replaced.has(history_keyOf(entry)));
    const isKept = (entry) => !replaced.has(history_keyOf(entry));
    const merged = place === -1
        ? [...history, ...added]
        : [...history.slice(0, place), ...added, ...history.slice(place).filter(isKept)];
    return newestRuns(merged);
}
function history_keyOf({ repository, platform, ref, commit }) {
    return JSON.stringify([repository, platform, ref, commit]);
}
function newestRuns(history) {
    const runs = new Set();
    const kept = [];
    for (const entry of history.toReversed()) {
        runs.add(runOf(entry));
        if (runs.size > MOST_RUNS)
            break;
        kept.push(entry);
    }
    return kept.reverse();
}
function runOf({ ref, commit }) {
    return `${ref} ${commit}`;
}
function curveOf(history, repository, ref) {
    const sizes = new Map();
    for (const entry of history) {
        if (entry.repository !== repository || entry.ref !== ref)
            continue;
        sizes.set(entry.commit, Math.max(sizes.get(entry.commit) ?? 0, entry.size));
    }
    return Array.from(sizes, ([commit, size]) => ({ commit, size }));
}

;// CONCATENATED MODULE: ./src/report/size/history.js







const MOST_CURVES = 3;
const MOST_STEPS = 10;
const history_INSTRUCTION_LENGTH = 80;
const WORTH_A_STEP = 0.001;
function historyPart(view, { entries, ref, commit }) {
    const repositories = new Set(view.report.images.map(({ repository, name }) => repository ?? name));
    const curves = [...repositories]
        .map((repository) => ({ repository, points: curveOf(entries, repository, ref) }))
        .filter(({ points }) => points.length > 1);
    const isOnly = repositories.size === 1;
    return (0,markdown/* blocks */.Bv)(...curves.slice(0, MOST_CURVES).map(({ repository, points }) => {
        const of = isOnly ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) ` of ${(0,markdown/* code */.aY)(repository)}`;
        const branch = (0,markdown/* code */.aY)(ref.replace(/^refs\/(?:heads|tags)\//, ''));
        const step = Math.ceil(points.length / MOST_BARS);
        const some = step === 1 ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `, one in ${step} of ${points.length} commits`;
        return (0,markdown/* blocks */.Bv)(barChart((0,markdown/* prose */.CS) `**Size over time**${of} on ${branch}${some}`, thinned(points, step).map(({ commit: name, size }) => ({ label: name.slice(0, 7), size })), 'commits', null, view.units), stepTable(view, repository, points, commit));
    }));
}
function thinned(points, step) {
    return points.filter((_, at) => (points.length - 1 - at) % step === 0);
}
function stepTable(view, repository, points, commit) {
    const steps = points
        .flatMap((point, i) => {
        const before = points[i - 1]?.size;
        return before === undefined ? [] : [{ ...point, before, difference: point.size - before }];
    })
        .filter(({ difference, before }) => Math.abs(difference) > before * WORTH_A_STEP)
        .slice(-MOST_STEPS)
        .reverse();
    if (steps.length === 0)
        return markdown/* EMPTY */.wg;
    const cause = causeOf(view, repository);
    return (0,markdown/* details */.zH)((0,markdown/* markup */.PT) `Last ${(0,markdown/* own */.ZV)((0,markdown_words/* plural */.LS)(steps.length, 'step'))}`, (0,markdown_columns/* columnTable */.d8)([
        { title: (0,markdown/* prose */.CS) `Commit`, align: 'left', cell: ({ commit: name }) => (0,markdown/* code */.aY)(`${name.slice(0, 7)}…`) },
        { title: (0,markdown/* prose */.CS) `Change`, align: 'right', cell: (step) => (0,markdown/* unbroken */.D_)(changeOf(step, view.units)) },
        {
            title: (0,markdown/* prose */.CS) `Now`,
            align: 'right',
            cell: ({ size }) => (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,quantities_bytes/* formatBytes */.z3)(size, view.units))),
        },
        {
            title: (0,markdown/* prose */.CS) `Instruction`,
            align: 'left',
            when: cause !== markdown/* EMPTY */.wg && steps.some((step) => step.commit === commit),
            cell: (step) => (step.commit === commit ? cause : markdown/* EMPTY */.wg),
        },
    ], steps));
}
function changeOf({ difference, before }, units) {
    return (0,markdown/* own */.ZV)((0,markdown_words/* formatGrowth */.T9)(difference, before === 0 ? null : difference / before, units));
}
function causeOf({ rows }, repository) {
    const row = rows.find(({ image, platform }) => (image.repository ?? image.name) === repository && growthCauses(platform).length > 0);
    const instructions = row === undefined ? [] : growthCauses(row.platform);
    return (0,markdown/* join */.fj)(instructions.flatMap(({ change: { createdBy } }) => createdBy === null ? [] : [(0,markdown/* code */.aY)(createdBy, history_INSTRUCTION_LENGTH)]), (0,markdown/* prose */.CS) `, `);
}

;// CONCATENATED MODULE: ./src/report/size/layers.js









const layers_MOST_LAYERS = 130;
const layers_INSTRUCTION_LENGTH = 140;
const layers_FEW_FOLDS = 4;
function layerFolds(rows, units, most) {
    const failing = firstFailing(rows);
    const opened = failing?.platform.growth?.state === 'changed' ? null : failing;
    const shown = rows.filter((row) => row.platform.layers.length > 0).slice(0, most);
    const fold = (row) => layerFold(row, units, { isOpen: row === opened });
    if (shown.length <= layers_FEW_FOLDS)
        return (0,markdown/* blocks */.Bv)(...shown.map((row) => fold(row)));
    const open = shown.filter((row) => row === opened);
    const closed = shown.filter((row) => row !== opened);
    const of = shown.length < rows.length ? (0,markdown/* markup */.PT) ` of ${rows.length - open.length}` : markdown/* EMPTY */.wg;
    const what = (0,markdown/* markup */.PT) `Layers of ${closed.length}${of} ${(0,markdown/* own */.ZV)(open.length > 0 ? 'other ' : '')}platform images`;
    return (0,markdown/* blocks */.Bv)(...open.map((row) => fold(row)), (0,markdown/* details */.zH)(what, (0,markdown/* blocks */.Bv)(...closed.map((row) => fold(row)))));
}
function layerFold(row, units, { isOpen }) {
    const rows = layerRows(row.platform);
    const named = row.platform.layers.some((layer) => layer.createdBy !== null);
    const columns = [
        {
            title: (0,markdown/* prose */.CS) `Size`,
            align: 'right',
            cell: ({ size }) => (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,quantities_bytes/* formatBytes */.z3)(size, units))),
        },
        { title: (0,markdown/* prose */.CS) `Share`, align: 'right', cell: ({ share }) => share },
        { title: named ? (0,markdown/* prose */.CS) `Instruction` : (0,markdown/* prose */.CS) `Type`, align: 'left', cell: ({ made }) => made },
        { title: (0,markdown/* prose */.CS) `Digest`, align: 'left', cell: ({ digest }) => (0,markdown/* code */.aY)(`${(0,names_digest/* shortDigest */.VK)(digest)}…`) },
        {
            title: (0,markdown/* prose */.CS) `Note`,
            align: 'left',
            when: rows.some(({ marks }) => marks.length > 0),
            cell: ({ marks }) => (0,markdown/* join */.fj)(marks, (0,markdown/* prose */.CS) `, `),
        },
    ];
    const left = rows.length - layers_MOST_LAYERS;
    return (0,markdown/* details */.zH)(layers_summaryOf(row, units), (0,markdown/* blocks */.Bv)((0,markdown_columns/* columnTable */.d8)(columns, rows.slice(0, layers_MOST_LAYERS)), left > 0 ? (0,markdown/* prose */.CS) `${(0,markdown/* own */.ZV)((0,markdown_words/* plural */.LS)(left, 'more layer'))}, counted but not listed here.` : markdown/* EMPTY */.wg), { isOpen });
}
function layers_summaryOf({ name, platform }, units) {
    const { layers, size } = platform;
    const count = countLayers(platform);
    const largest = layers.reduce((most, layer) => Math.max(most, layer.size), 0);
    const words = [
        estimatedBytes(size, platform.estimated, units),
        ...(count > 1 ? [`largest ${(0,quantities_bytes/* formatBytes */.z3)(largest, units)} (${(0,markdown_words/* formatShare */.T1)(largest, size)})`] : []),
    ];
    const where = platform.platform === null ? markdown/* EMPTY */.wg : (0,markdown/* markup */.PT) ` ${(0,markdown/* escapeText */.X1)((0,names_platform/* formatPlatform */.Bq)(platform.platform))}`;
    const of = name === null ? where : (0,markdown/* markup */.PT) ` ${(0,markdown/* htmlCode */.h8)(name)}${where}`;
    return (0,markdown/* markup */.PT) `${(0,markdown/* own */.ZV)((0,markdown_words/* plural */.LS)(count, 'layer'))}${of === '' ? markdown/* EMPTY */.wg : (0,markdown/* markup */.PT) ` of${of}`} · ${(0,markdown/* own */.ZV)(words.join(' · '))}`;
}
function layerRows(platform) {
    const seen = new Set();
    const share = (size) => (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,markdown_words/* formatShare */.T1)(size, platform.size)));
    const rows = platform.layers.map((layer) => {
        const repeated = seen.has(layer.digest);
        seen.add(layer.digest);
        return {
            made: (0,markdown/* code */.aY)(layer.createdBy ?? layer.mediaType.replace(/^application\//, ''), layers_INSTRUCTION_LENGTH),
            size: layer.size,
            share: repeated ? (0,markdown/* prose */.CS) `–` : share(layer.size),
            digest: layer.digest,
            marks: marksOf(layer, repeated),
        };
    });
    const { config } = platform;
    if (config === null)
        return rows;
    return [...rows, { ...config, made: (0,markdown/* prose */.CS) `*config*`, share: share(config.size), marks: [] }];
}
function marksOf(layer, repeated) {
    return [
        ...(layer.foreign ? [(0,markdown/* prose */.CS) `foreign`] : []),
        ...(layer.throwaway ? [(0,markdown/* prose */.CS) `throwaway`] : []),
        ...(repeated ? [(0,markdown/* prose */.CS) `repeat`] : []),
        ...(layer.from === 'base' ? [(0,markdown/* prose */.CS) `base image`] : []),
    ];
}

;// CONCATENATED MODULE: ./src/report/size/summary.js


















const FULL = { layers: 20, rows: 2000, sentences: 20 };
const summary_OPEN_ROWS = 30;
const summary_OPEN_BREACHES = 10;
const CHANGED_LAYERS = 40;
const OPEN_FILES = 10;
const FOLDED_FILES = 100;
function renderSizeSummary(view, options) {
    return (0,fitting/* fit */.U)(summary_frame/* SUMMARY_MAX_BYTES */.eR, [
        () => summary_draw(view, options, FULL),
        () => summary_draw(view, options, { ...FULL, layers: 0 }),
        () => summary_draw(view, options, { layers: 0, rows: 300, sentences: 10 }),
        () => summary_draw(view, options, { layers: 0, rows: 0, sentences: 5 }),
    ]);
}
function summary_draw(view, { history = null, ...options }, extent) {
    const { report, rows, units } = view;
    const age = (time) => (0,duration/* formatAge */.nV)(time, options.now);
    return (0,markdown/* blocks */.Bv)(sizeHeading(report, sizeHeadline(view)), measuredLine(report, age, age), breachList(view, { open: summary_OPEN_BREACHES, written: extent.sentences }), causeList(view, extent.sentences), toleranceNote(report), filesPart(rows, units, { images: extent.layers, open: OPEN_FILES, folded: FOLDED_FILES }), unmeasuredList(report, extent.sentences), warningList(report, extent.sentences), history === null ? markdown/* EMPTY */.wg : historyPart(view, history), view.isSeries ? sizeChart(report.images, units) : markdown/* EMPTY */.wg, sizeTable(view, extent), wasteNotes(rows, units, extent.layers), compressionNotes(rows), pullNote(rows, units), changeFolds(rows, units, { images: extent.layers, layers: CHANGED_LAYERS }), basePart(rows, units, Math.min(extent.rows, summary_OPEN_ROWS)), sharingNote(report, units), layerFolds(rows, units, extent.layers), baselineList(view, age, extent.sentences), notes(report, units, extent.sentences), (0,summary_frame/* sizeFooter */.N9)({ ...options, units }));
}
function sizeTable(view, { rows: written }) {
    const { table: rows } = view;
    const folding = { open: summary_OPEN_ROWS, written, noun: 'platform image' };
    return rows.length === 0 ? markdown/* EMPTY */.wg : (0,markdown_columns/* foldedTable */.vd)(sizeColumns(view), rows, folding);
}

;// CONCATENATED MODULE: ./src/modes/publish-size.js



async function publishSize(view, { summary }, comment, { change, runner, now, history = null, }) {
    for (const line of sizeLog(view))
        runner.log.info(line);
    if (summary) {
        const { runUrl } = runner;
        await runner.writeSummary(renderSizeSummary(view, { now, history, ...(runUrl === null ? {} : { runUrl }) }));
    }
    const commentUrl = await change.comment(view, comment);
    runner.setOutputs({ ...sizeOutputs(view), 'comment-url': commentUrl ?? '' });
}

;// CONCATENATED MODULE: ./src/modes/report.js






async function runReport(common, { reportFile, comment }, { clock, github }, runner) {
    const report = readReport(await (0,files/* readWhole */.oD)(reportFile, MAX_REPORT_BYTES, 'report-file'));
    const change = await openChange(common, github, runner);
    await publishSize(sizeView(report, common.units), common, comment, { change, runner, now: clock() });
    return true;
}
function readReport(content) {
    try {
        return parseReportFile(content);
    }
    catch (cause) {
        if (!(cause instanceof errors/* WardenError */.Sh))
            throw cause;
        throw new errors/* WardenError */.Sh('input', `input report-file: ${cause.message}`, {
            advice: cause.advice ?? 'Give the file that report-file wrote in mode: size, unchanged',
            cause,
        });
    }
}

// EXTERNAL MODULE: ./src/domain/explain/wasted-limit.js
var wasted_limit = __webpack_require__(9820);
;// CONCATENATED MODULE: ./src/domain/explain/apply.js


function withExplanations(report, explanationOf, limits, severity) {
    const breaches = [];
    const warnings = new Set();
    const judge = (image, platform) => {
        const explanation = explanationOf(platform);
        const applied = limitOnWaste(platform, explanation, limits);
        if (applied === 'unknown')
            warnings.add(unjudged(image, platform, limits, explanation));
        const known = applied === 'unknown' ? null : applied;
        const breach = known === null ? null : wasteBreach(image, platform, known, severity);
        if (breach !== null)
            breaches.push(breach);
        const verdict = applied === 'unknown' ? 'warn' : (breach?.severity ?? 'pass');
        return {
            ...platform,
            ...(explanation === null ? {} : { explanation }),
            ...(known === null ? {} : { wastedLimit: known.applied }),
            isLimited: platform.isLimited || (limits.max ?? limits.warn) !== null,
            verdict: worse(platform.verdict, verdict),
        };
    };
    const images = report.images.map((image) => ({
        ...image,
        platforms: image.platforms.map((platform) => judge(image, platform)),
    }));
    const isTolerated = breaches.some(({ limit }) => limit === 'max-wasted') && severity !== 'fail';
    return {
        ...report,
        images,
        breaches: [...report.breaches, ...breaches],
        warnings: [...report.warnings, ...warnings],
        leniency: report.leniency ?? (isTolerated ? severity.warnBecause : null),
        verdict: images
            .flatMap(({ platforms }) => platforms)
            .reduce((worst, { verdict }) => worse(worst, verdict), report.verdict),
    };
}
function limitOnWaste(platform, explanation, { max, warn }) {
    if ((max ?? warn) === null || isEmpty(platform))
        return null;
    const wasted = explanation?.wasted ?? null;
    if (wasted === null)
        return 'unknown';
    const isOver = (one) => one !== null && wasted.bytes > (0,wasted_limit/* allowedWaste */.x)(one, wasted);
    const limit = !isOver(max) && isOver(warn) ? warn : (max ?? warn);
    if (limit === null)
        return null;
    const severity = limit === max ? 'fail' : 'warn';
    return { wasted, limit, applied: { bytes: (0,wasted_limit/* allowedWaste */.x)(limit, wasted), rule: limit.text, severity } };
}
function wasteBreach(image, platform, { wasted, limit, applied }, severity) {
    if (wasted.bytes <= applied.bytes)
        return null;
    const isHard = applied.severity === 'fail';
    return {
        limit: isHard ? 'max-wasted' : 'warn-wasted',
        severity: isHard && severity === 'fail' ? 'fail' : 'warn',
        image: image.name,
        platform: platform.platform,
        digest: platform.digest,
        actual: wasted.bytes,
        allowed: applied.bytes,
        rule: limit.text,
        layer: null,
        reason: limit.unit === 'share' ? `more than ${limit.text} of what its layers unpack to` : null,
    };
}
function isEmpty({ layers }) {
    return layers.every(({ throwaway }) => throwaway);
}
function unjudged({ name }, { platform }, { max }, explanation) {
    const which = max === null ? 'warn-wasted' : 'max-wasted';
    const where = platform === null ? '' : ` ${(0,names_platform/* formatPlatform */.Bq)(platform)}`;
    const causes = new Set(explanation?.unread.map(({ cause }) => CAUSES[cause]) ?? []);
    const why = causes.size === 0 ? CAUSES.unreadable : [...causes].join(', and ');
    return `${which} is not judged for ${name}${where}: ${why}`;
}
const CAUSES = {
    budget: 'reading all of its layers takes more than explain-budget',
    foreign: 'it has foreign layers, which are never requested',
    paths: 'it has more files than are kept apart',
    unreadable: 'not all of its layers could be read',
};
function worse(a, b) {
    if (a === 'fail' || b === 'fail')
        return 'fail';
    return a === 'warn' || b === 'warn' ? 'warn' : 'pass';
}

;// CONCATENATED MODULE: ./src/domain/explain/choose.js
function pairsToExplain(platform, breaches) {
    const compared = knownChanges(platform.growth);
    if (compared !== null)
        return largestFirst(changedPairs(compared));
    const isBroken = breaches.some(({ digest }) => digest === platform.digest);
    return isBroken || !platform.isLimited ? largestFirst(ownLayers(platform)) : [];
}
function knownChanges(growth) {
    return growth?.state === 'changed' || growth?.state === 'unchanged' ? growth.layers : null;
}
function changedPairs(changes) {
    const pairs = [];
    const seen = new Set();
    let removed = [];
    for (const { change, before, after, createdBy } of changes) {
        if (change === 'removed' && before !== null)
            removed.push(before);
        if (change === 'shared' || change === 'replaced')
            removed = [];
        if (after === null || change === 'shared' || seen.has(after.digest))
            continue;
        seen.add(after.digest);
        const old = change === 'added' ? (removed.shift() ?? null) : before;
        pairs.push({ before: old, after, createdBy, weight: Math.abs(after.size - (old?.size ?? 0)) });
    }
    return pairs;
}
function ownLayers({ layers }) {
    const own = layers.filter(({ from, throwaway }) => from !== 'base' && !throwaway);
    const distinct = new Map(own.map((layer) => [layer.digest, layer]));
    return Array.from(distinct.values(), (after) => {
        return { before: null, after, createdBy: after.createdBy, weight: after.size };
    });
}
function largestFirst(pairs) {
    return pairs.toSorted((a, b) => b.weight - a.weight || b.after.size - a.after.size);
}

;// CONCATENATED MODULE: ./src/domain/explain/ports.js
class ReadingBudget {
    #left;
    constructor(bytes) {
        this.#left = bytes;
    }
    has(bytes) {
        return bytes <= this.#left;
    }
    take(bytes) {
        if (!this.has(bytes))
            return false;
        this.#left -= bytes;
        return true;
    }
}
const MOST_PATH_WEIGHT = 16 * 1024 * 1024;

// EXTERNAL MODULE: ./src/domain/explain/contents.js
var explain_contents = __webpack_require__(3702);
// EXTERNAL MODULE: ./src/domain/explain/table-of-contents.js
var table_of_contents = __webpack_require__(9657);
;// CONCATENATED MODULE: ./src/usecases/explain/shelf.js

class Shelf {
    #kept = new Map();
    #room;
    weight = 0;
    constructor(room) {
        this.#room = room;
    }
    get(digest) {
        return this.#kept.get(digest)?.contents ?? null;
    }
    weightOf(digest) {
        return this.#kept.get(digest)?.weight ?? 0;
    }
    put(digest, contents) {
        const weight = (0,explain_contents/* contentsWeight */.XI)(contents);
        if (this.#kept.has(digest) || this.weight + weight > this.#room)
            return;
        this.#kept.set(digest, { contents, weight });
        this.weight += weight;
    }
    keepOnly(digests) {
        for (const [digest, { weight }] of this.#kept) {
            if (digests.has(digest))
                continue;
            this.#kept.delete(digest);
            this.weight -= weight;
        }
    }
}

;// CONCATENATED MODULE: ./src/usecases/explain/layer-look.js







const REASON_LENGTH = 300;
class LayerLook {
    #read;
    #budget;
    #shelf = new Shelf(MOST_PATH_WEIGHT);
    #broken = new Map();
    #notices = new Set();
    #crowded = new Map();
    constructor(read, budget) {
        this.#read = read;
        this.#budget = budget;
    }
    get notices() {
        return [...this.#notices];
    }
    isAtHand(digest) {
        return this.#shelf.get(digest) !== null;
    }
    forget(needed) {
        this.#shelf.keepOnly(new Set(needed));
    }
    async into(layers, { keep, isWhole = false }) {
        const missing = new Map(layers.filter(({ blob }) => !this.isAtHand(blob.digest)).map((layer) => [layer.blob.digest, layer]));
        if ([...missing.values()].some(({ blob }) => (0,media_type/* isForeignLayer */.sJ)(blob.mediaType)))
            return FOREIGN;
        const remote = [...missing.values()].filter(({ store }) => !store.isLocal);
        const cost = remote.reduce((sum, { blob }) => sum + (0,table_of_contents/* readingCost */.Kl)(blob), 0);
        if (!this.#budget.has(cost))
            return OVER_BUDGET;
        if (isWhole && this.#isTooMuch(layers))
            return TOO_MANY_PATHS;
        const contents = [];
        let held = 0;
        for (const layer of layers) {
            const { digest } = layer.blob;
            const room = this.#roomBeside(held, isWhole);
            const found = this.#shelf.get(digest) ?? (await this.#look(layer, room));
            if ('cause' in found)
                return found;
            if (found.depth !== null)
                this.#crowded.set(digest, room);
            else if (keep(digest))
                this.#shelf.put(digest, found);
            held += (0,explain_contents/* contentsWeight */.XI)(found);
            if (isWhole && (found.depth !== null || held > MOST_PATH_WEIGHT))
                return TOO_MANY_PATHS;
            contents.push(found);
        }
        return contents;
    }
    #isTooMuch(layers) {
        const known = new Set(layers.map(({ blob }) => blob.digest));
        const weights = [...known].map((digest) => this.#crowded.get(digest) ?? this.#shelf.weightOf(digest));
        return weights.reduce((sum, weight) => sum + weight, 0) > MOST_PATH_WEIGHT;
    }
    #roomBeside(held, isWhole) {
        if (isWhole)
            return MOST_PATH_WEIGHT - held;
        const left = this.#crowded.size > 0 ? 0 : MOST_PATH_WEIGHT - held - this.#shelf.weight;
        return Math.max(left, MOST_PATH_WEIGHT / 8);
    }
    async #look({ store, blob }, room) {
        const known = this.#broken.get(blob.digest);
        if (known !== undefined)
            return known;
        try {
            const contents = await this.#read(store, blob, this.#budget, room);
            return contents === 'over-budget' ? OVER_BUDGET : contents;
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            const reason = (0,errors/* shorten */.ml)(error.line, REASON_LENGTH);
            const refusal = { cause: 'unreadable', reason };
            this.#broken.set(blob.digest, refusal);
            this.#notices.add(`the files of layer ${(0,names_digest/* shortDigest */.VK)(blob.digest)} are unknown: ${reason}`);
            return refusal;
        }
    }
}
const OVER_BUDGET = { cause: 'budget', reason: null };
const TOO_MANY_PATHS = { cause: 'paths', reason: null };
const FOREIGN = { cause: 'foreign', reason: null };

;// CONCATENATED MODULE: ./src/usecases/explain/layer-sources.js

async function sourceOfImage(image, platform, readerOf) {
    const reader = readerOf(image);
    if (reader?.layers === undefined)
        return null;
    const named = await layer_sources_namedLayers(reader, platform.digest);
    const blobs = platform.layers.map(({ digest, size, mediaType }) => {
        return named.get(digest) ?? { digest, size, mediaType, annotations: new Map() };
    });
    return { store: reader.layers, blobs: byDigest(blobs) };
}
async function sourceOfBaseline({ baseline }, { growth }, readerOf) {
    if (baseline?.state !== 'found' || (growth?.state !== 'changed' && growth?.state !== 'unchanged'))
        return null;
    const reader = readerOf({ name: baseline.name, repository: repositoryOf(baseline.name) });
    if (reader?.layers === undefined)
        return null;
    return { store: reader.layers, blobs: await layer_sources_namedLayers(reader, growth.baseline.digest) };
}
function repositoryOf(name) {
    if (/^[a-z-]+:\/\//.test(name))
        return null;
    const [path = ''] = name.split('@', 1);
    const colon = path.lastIndexOf(':');
    return colon > path.lastIndexOf('/') ? path.slice(0, colon) : path;
}
async function layer_sources_namedLayers(reader, digest) {
    try {
        const { manifest } = await reader.manifest(digest);
        if (manifest.kind === 'image' || manifest.kind === 'artifact')
            return byDigest(manifest.layers);
        return manifest.kind === 'index' ? byDigest(manifest.manifests) : new Map();
    }
    catch (error) {
        if (error instanceof errors/* WardenError */.Sh)
            return new Map();
        throw error;
    }
}
function byDigest(blobs) {
    return new Map(blobs.map((blob) => [blob.digest, blob]));
}

;// CONCATENATED MODULE: ./src/domain/explain/compare.js

function compareContents(before, after) {
    const depths = [before?.depth ?? null, after.depth].filter((depth) => depth !== null);
    const depth = depths.length === 0 ? null : Math.min(...depths);
    return changesOf(before === null ? null : atDepth(before, depth), atDepth(after, depth));
}
function atDepth(contents, depth) {
    if (depth === null || contents.depth === depth)
        return contents;
    const none = new Set();
    const entries = (0,explain_contents/* summedUp */.He)(contents.entries, depth);
    return { entries, whiteouts: none, opaque: none, unpacked: contents.unpacked, depth };
}
function changesOf(before, after) {
    const changes = [];
    const olds = before?.entries ?? compare_NONE;
    for (const [path, entry] of after.entries) {
        const old = olds.get(path);
        if (isFile(entry)) {
            const change = isFile(old) ? compare_changeOf(entry.size - old.size) : 'added';
            if (change !== null)
                changes.push(between(path, change, old, entry));
        }
        else if (isFile(old)) {
            changes.push(between(path, 'went', old, undefined));
        }
    }
    for (const [path, old] of olds) {
        if (isFile(old) && !after.entries.has(path))
            changes.push(between(path, 'went', old, undefined));
    }
    for (const path of [...after.whiteouts, ...after.opaque]) {
        const isNew = before?.whiteouts.has(path) !== true && before?.opaque.has(path) !== true;
        if (isNew && !olds.has(path))
            changes.push({ path, change: 'went', difference: 0, compressed: 0 });
    }
    return changes;
}
const compare_NONE = new Map();
function isFile(entry) {
    return entry?.kind === 'file';
}
function compare_changeOf(difference) {
    if (difference === 0)
        return null;
    return difference > 0 ? 'grew' : 'shrank';
}
function between(path, change, before, after) {
    const files = after?.files ?? before?.files;
    return {
        ...(files === undefined ? {} : { files }),
        path,
        change,
        difference: (after?.size ?? 0) - (isFile(before) ? before.size : 0),
        compressed: Math.round((after?.compressed ?? 0) - (before?.compressed ?? 0)),
    };
}

;// CONCATENATED MODULE: ./src/domain/explain/fold.js
const DOMINANT = 0.95;
const CONTAINERS = new Set([
    '',
    'etc',
    'home',
    'lib',
    'opt',
    'srv',
    'usr',
    'usr/lib',
    'usr/lib64',
    'usr/local',
    'usr/local/lib',
    'usr/local/share',
    'usr/share',
    'var',
    'var/cache',
    'var/lib',
    'Files',
    'Files/Program Files',
    'Files/ProgramData',
]);
function foldChanges(changes, most) {
    const lines = linesOf(new Changes(changes)).toSorted(byDifference);
    const rest = lines.slice(most);
    return {
        shown: lines.slice(0, most),
        rest: {
            files: rest.reduce((sum, { files }) => sum + files, 0),
            difference: rest.reduce((sum, { difference }) => sum + difference, 0),
        },
    };
}
function byDifference(a, b) {
    const largest = Math.abs(b.difference) - Math.abs(a.difference) || b.files - a.files;
    return largest || (a.path < b.path ? -1 : 1);
}
class Changes {
    sorted;
    #weights;
    #differences;
    #compressed;
    #files;
    constructor(changes) {
        this.sorted = changes
            .map(inItsFolder)
            .toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)));
        this.#weights = this.#sums(({ difference }) => Math.abs(difference));
        this.#differences = this.#sums(({ difference }) => difference);
        this.#compressed = this.#sums(({ compressed }) => compressed);
        this.#files = this.#sums(({ files = 1 }) => files);
    }
    isSum(position) {
        return this.sorted[position]?.files !== undefined;
    }
    pathAt(position) {
        return this.sorted[position]?.path ?? '';
    }
    weightOf({ from, to }) {
        return fold_between(this.#weights, from, to);
    }
    lineOf({ from, to }, path, isFolder) {
        const first = this.sorted[from]?.change ?? 'changed';
        let isOne = true;
        for (let at = from + 1; at < to && isOne; at += 1)
            isOne = this.sorted[at]?.change === first;
        return {
            path,
            isFolder,
            change: isOne ? first : 'changed',
            files: fold_between(this.#files, from, to),
            difference: fold_between(this.#differences, from, to),
            compressed: fold_between(this.#compressed, from, to),
        };
    }
    has(path) {
        const at = this.#firstFrom(0, this.sorted.length, (one) => one >= path);
        return at < this.sorted.length && this.pathAt(at) === path;
    }
    endOf(prefix, { from, to }) {
        return this.#firstFrom(from + 1, to, (path) => !path.startsWith(prefix));
    }
    #firstFrom(from, to, is) {
        let low = from;
        let high = to;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (is(this.pathAt(middle)))
                high = middle;
            else
                low = middle + 1;
        }
        return low;
    }
    #sums(of) {
        const sums = new Float64Array(this.sorted.length + 1);
        for (const [at, change] of this.sorted.entries())
            sums[at + 1] = (sums[at] ?? 0) + of(change);
        return sums;
    }
}
function inItsFolder(change) {
    return change.files === undefined || change.path === '' ? change : { ...change, path: `${change.path}/` };
}
function fold_between(sums, from, to) {
    return (sums[to] ?? 0) - (sums[from] ?? 0);
}
function linesOf(changes) {
    const lines = [];
    const waiting = [{ from: 0, to: changes.sorted.length }];
    for (let range = waiting.pop(); range !== undefined; range = waiting.pop()) {
        const first = changes.pathAt(range.from);
        if (range.to - range.from < 2) {
            if (range.from < range.to)
                lines.push(changes.lineOf(range, first.replace(/\/$/, ''), changes.isSum(range.from)));
            continue;
        }
        const prefix = folderOfAll(first, changes.pathAt(range.to - 1));
        const parts = partsOf(changes, range, prefix.length);
        if (givesWay(changes, range, prefix.slice(0, -1), parts))
            for (const part of parts)
                waiting.push(part);
        else
            lines.push(changes.lineOf(range, prefix.slice(0, -1), true));
    }
    return lines;
}
function folderOfAll(first, last) {
    let end = 0;
    for (let at = 0; at < first.length && first[at] === last[at]; at += 1)
        if (first[at] === '/')
            end = at + 1;
    return first.slice(0, end);
}
function partsOf(changes, { from, to }, start) {
    const parts = [];
    for (let at = from; at < to;) {
        const path = changes.pathAt(at);
        const slash = path.indexOf('/', start);
        const isFolder = slash !== -1;
        const end = isFolder ? changes.endOf(path.slice(0, slash + 1), { from: at, to }) : at + 1;
        parts.push({ from: at, to: end, isFolder });
        at = end;
    }
    return parts;
}
function givesWay(changes, range, path, parts) {
    if (CONTAINERS.has(path) || changes.has(path))
        return true;
    const weight = changes.weightOf(range);
    if (weight === 0)
        return false;
    return parts.some((part) => part.isFolder && changes.weightOf(part) >= DOMINANT * weight);
}

;// CONCATENATED MODULE: ./src/domain/explain/wasted.js


const PATHS = 10;
function wasted_wastedBytes(layers) {
    const waste = new Waste();
    for (const [position, layer] of layers.entries())
        waste.put(layer, position);
    return {
        bytes: (0,quantities_bytes/* asBytes */.Yd)(waste.bytes),
        unpacked: (0,quantities_bytes/* sumBytes */.jO)(layers.map(({ unpacked }) => (0,quantities_bytes/* asBytes */.Yd)(unpacked))),
        paths: foldChanges(waste.copies, PATHS).shown,
    };
}
class Waste {
    bytes = 0;
    copies = [];
    #root = { content: null, layer: -1, isFolder: true, children: null };
    put(layer, position) {
        for (const path of layer.opaque) {
            const folder = this.#find(path);
            if (folder !== null)
                this.#dropBelow(path, folder);
        }
        for (const path of layer.whiteouts)
            this.#drop(path);
        const contents = new Map();
        for (const [path, { kind, size }] of layer.entries) {
            if (kind === 'file')
                contents.set(path, { size, names: 0 });
        }
        for (const [path, { kind, target }] of layer.entries) {
            if (kind !== 'hardlink' || target === null)
                continue;
            const content = contents.get(target) ?? this.#find(target)?.content;
            if (content)
                contents.set(path, content);
        }
        for (const content of contents.values())
            content.names += 1;
        for (const [path, { kind }] of layer.entries) {
            this.#set(path, position, contents.get(path) ?? null, kind === 'folder');
        }
    }
    #set(path, layer, content, isFolder) {
        const node = this.#make(path, layer);
        if (node.layer < layer || node.content !== null)
            this.#release(path, node);
        if (!isFolder && node.children !== null && node.layer < layer)
            this.#dropBelow(path, node);
        node.content = content;
        node.isFolder = isFolder;
        node.layer = layer;
    }
    #make(path, layer) {
        let node = this.#root;
        for (let start = 0; start < path.length;) {
            const slash = path.indexOf('/', start);
            const end = slash === -1 ? path.length : slash;
            const isLast = slash === -1;
            if (!node.isFolder && node.layer < layer) {
                this.#release(path.slice(0, Math.max(0, start - 1)), node);
                node.isFolder = true;
                node.layer = layer;
            }
            node.children ??= new Map();
            const name = path.slice(start, end);
            let child = node.children.get(name);
            if (child === undefined) {
                child = { content: null, layer, isFolder: !isLast, children: null };
                node.children.set(name, child);
            }
            node = child;
            start = end + 1;
        }
        return node;
    }
    #find(path) {
        let node = this.#root;
        if (path === '')
            return node;
        for (const part of path.split('/')) {
            node = node.children?.get(part);
            if (node === undefined)
                return null;
        }
        return node;
    }
    #drop(path) {
        const slash = path.lastIndexOf('/');
        const parent = this.#find(path.slice(0, Math.max(0, slash)));
        const name = path.slice(slash + 1);
        const node = parent?.children?.get(name);
        if (node === undefined)
            return;
        this.#release(path, node);
        this.#dropBelow(path, node);
        parent?.children?.delete(name);
    }
    #dropBelow(path, folder) {
        const waiting = [[path, folder]];
        for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
            const [at, { children }] = next;
            for (const [name, child] of children ?? []) {
                const below = at === '' ? name : `${at}/${name}`;
                this.#release(below, child);
                waiting.push([below, child]);
            }
        }
        folder.children = null;
    }
    #release(path, node) {
        const { content } = node;
        node.content = null;
        if (content === null)
            return;
        content.names -= 1;
        if (content.names > 0 || content.size === 0)
            return;
        this.bytes += content.size;
        this.copies.push({ path, change: 'went', difference: content.size, compressed: 0 });
    }
}

;// CONCATENATED MODULE: ./src/usecases/explain/platform-explainer.js






const MOST_OF_LAYER = 40;
const platform_explainer_PATH_LENGTH = 300;
class PlatformExplainer {
    isFinished = false;
    #parts;
    #explained = [];
    #unread = [];
    #digests;
    #paths = 0;
    constructor(parts) {
        this.#parts = parts;
        this.#digests = new Set(this.layers);
    }
    get pairs() {
        return this.#parts.pairs;
    }
    get layers() {
        return this.#layers().map(({ digest }) => digest);
    }
    async explain({ before, after, createdBy }) {
        const { look, source, before: baseline } = this.#parts;
        const old = before === null ? null : placed(baseline, before.digest);
        const now = placed(source, after.digest);
        if (now === null)
            return;
        const layers = old === null ? [now] : [old, now];
        const found = await look.into(layers, {
            keep: (digest) => this.#digests.has(digest) && this.#mayWaste(),
        });
        if (!isContents(found)) {
            const size = (0,quantities_bytes/* sumBytes */.jO)(layers.map(({ blob }) => blob.size));
            this.#unread.push({ digest: after.digest, createdBy, size, ...found });
            return;
        }
        const contents = found.at(-1);
        if (contents === undefined)
            return;
        const changes = compareContents(old === null ? null : (found[0] ?? null), contents);
        const most = Math.min(MOST_OF_LAYER, MOST_PATHS - this.#paths);
        const folded = foldChanges(changes, most);
        this.#paths += folded.shown.length;
        this.#explained.push({
            digest: after.digest,
            replaces: old === null ? null : (before?.digest ?? null),
            createdBy,
            files: changes.reduce((sum, { files = 1 }) => sum + files, 0),
            difference: changes.reduce((sum, { difference }) => sum + difference, 0),
            ...(changes.some(({ files }) => files !== undefined) ? { byFolder: true } : {}),
            changes: { ...folded, shown: folded.shown.map(shortened) },
        });
    }
    async finish() {
        this.isFinished = true;
        const wasted = this.#mayWaste() ? await this.#wasted() : null;
        return { layers: this.#explained, unread: this.#unread, wasted };
    }
    #mayWaste() {
        const explained = new Set(this.#parts.pairs.map(({ after }) => after.digest));
        return this.#parts.needsAll || this.layers.every((digest) => explained.has(digest));
    }
    async #wasted() {
        const layers = this.#layers().map(({ digest }) => placed(this.#parts.source, digest));
        const known = layers.filter((layer) => layer !== null);
        if (known.length < layers.length)
            return null;
        const found = await this.#parts.look.into(known, {
            keep: (digest) => this.#digests.has(digest),
            isWhole: true,
        });
        if (isContents(found)) {
            const wasted = wasted_wastedBytes(found);
            return { ...wasted, paths: wasted.paths.map(shortened) };
        }
        this.#sayUnread(found);
        return null;
    }
    #sayUnread(refusal) {
        if (this.#unread.some(({ cause }) => cause === refusal.cause))
            return;
        if (refusal.cause === 'paths') {
            const [largest] = this.#layers().toSorted((a, b) => b.size - a.size);
            if (largest !== undefined)
                this.#unread.push({ ...namedLayer(largest), ...refusal });
            return;
        }
        const { look } = this.#parts;
        const unread = this.#layers().filter(({ digest, foreign }) => (foreign || refusal.cause !== 'foreign') &&
            !look.isAtHand(digest) &&
            !this.#explained.some((layer) => layer.digest === digest));
        const named = refusal.cause === 'unreadable' ? unread.slice(0, 1) : unread;
        for (const layer of named)
            this.#unread.push({ ...namedLayer(layer), ...refusal });
    }
    #layers() {
        return this.#parts.platform.layers.filter(({ throwaway }) => !throwaway);
    }
}
function namedLayer({ digest, createdBy, size }) {
    return { digest, createdBy, size };
}
function shortened(change) {
    return { ...change, path: (0,domain_text/* cutMiddle */.it)(change.path, platform_explainer_PATH_LENGTH) };
}
function placed(source, digest) {
    const blob = source?.blobs.get(digest);
    return source === null || blob === undefined ? null : { store: source.store, blob };
}
function isContents(found) {
    return Array.isArray(found);
}

;// CONCATENATED MODULE: ./src/usecases/explain/explain-sizes.js






async function explainSizes(report, request, { readLayer, log }) {
    const look = new LayerLook(readLayer, new ReadingBudget(request.budget));
    const explainers = await explainersOf(report, request, look);
    const tasks = [...explainers.values()]
        .flatMap((explainer) => explainer.pairs.map((pair) => ({ pair, explainer })))
        .toSorted((a, b) => b.pair.weight - a.pair.weight);
    if (tasks.length > 0)
        log.info(`Looking into ${tasks.length} ${tasks.length === 1 ? 'layer' : 'layers'}`);
    for (const { pair, explainer } of tasks)
        await explainer.explain(pair);
    const explanations = new Map();
    for (const [platform, explainer] of explainers) {
        explanations.set(platform, await explainer.finish());
        look.forget([...explainers.values()].filter((other) => !other.isFinished).flatMap((other) => other.layers));
    }
    const explained = withExplanations(report, (platform) => explanations.get(platform) ?? null, request.wasted, request.severity);
    return { ...explained, notices: [...explained.notices, ...look.notices] };
}
async function explainersOf(report, { readerOf, wasted }, look) {
    const explainers = new Map();
    const asksWaste = (wasted.max ?? wasted.warn) !== null;
    for (const image of report.images) {
        for (const platform of image.platforms) {
            const source = await sourceOfImage(image, platform, readerOf);
            if (source === null)
                continue;
            const pairs = pairsToExplain(platform, report.breaches).filter(isArchive(source));
            const needsAll = asksWaste || source.store.isLocal;
            if (pairs.length === 0 && !needsAll)
                continue;
            const before = pairs.some((pair) => pair.before !== null)
                ? await sourceOfBaseline(image, platform, readerOf)
                : null;
            explainers.set(platform, new PlatformExplainer({ platform, pairs, source, before, needsAll, look }));
        }
    }
    return explainers;
}
function isArchive({ blobs }) {
    return ({ after }) => {
        const type = blobs.get(after.digest)?.mediaType ?? '';
        return /[+.](?:gzip|zstd|tar)(?:\+encrypted)?$/.test(type.split(';', 1)[0] ?? '');
    };
}

// EXTERNAL MODULE: ./src/usecases/repositories.js
var repositories = __webpack_require__(1320);
// EXTERNAL MODULE: ./src/domain/names/reference.js
var names_reference = __webpack_require__(6296);
;// CONCATENATED MODULE: ./src/domain/growth/base.js





const NAME = 'org.opencontainers.image.base.name';
const DIGEST = 'org.opencontainers.image.base.digest';
function annotatedBase(...sources) {
    const source = sources.find((annotations) => annotations.has(NAME));
    const name = source?.get(NAME)?.trim() ?? '';
    const digest = source?.get(DIGEST)?.trim() ?? '';
    try {
        const reference = (0,names_reference/* parseReference */.F2)(name, names_reference/* DOCKER_HUB */.Xb, 'base-image');
        return (0,names_digest/* isDigest */.Bc)(digest) ? { ...reference, digest } : reference;
    }
    catch (error) {
        if (error instanceof errors/* WardenError */.Sh)
            return null;
        throw error;
    }
}
function mayAsk({ repository: { registry } }, repository) {
    if (repository?.startsWith(`${registry.host}/`) === true)
        return true;
    return registry.origin.startsWith('https://') && !/^(?:\[|\d+(?:\.\d+){3}(?::|$))/.test(registry.host);
}
function standsOn(layers, base) {
    if (base.layers.length === 0 || base.layers.length > layers.length)
        return false;
    return base.layers.every((digest, position) => layers[position]?.digest === digest);
}
function splitLayers(image, candidates) {
    const base = candidates
        .filter((candidate) => standsOn(image.layers, candidate))
        .toSorted((a, b) => b.layers.length - a.layers.length)
        .at(0);
    const count = base?.layers.length ?? 0;
    const brought = new Set(base?.layers);
    const layers = image.layers.map((layer) => ({
        ...layer,
        from: brought.has(layer.digest) ? 'base' : 'own',
    }));
    if (base === undefined)
        return { ...image, layers };
    const size = (0,quantities_bytes/* sumBytes */.jO)(distinctBlobs(layers.slice(0, count)).values());
    const found = { name: base.name, digest: base.digest, layers: count, size };
    return { ...image, layers, base: found, ownSize: (0,quantities_bytes/* asBytes */.Yd)(image.size - size) };
}
function judgeOwn(image) {
    return { ...image, judgedSize: image.ownSize };
}

// EXTERNAL MODULE: ./src/domain/size/selection.js
var selection = __webpack_require__(8052);
// EXTERNAL MODULE: ../../node_modules/p-map/index.js
var p_map = __webpack_require__(4154);
// EXTERNAL MODULE: ./src/domain/names/tag.js
var names_tag = __webpack_require__(833);
;// CONCATENATED MODULE: ./src/usecases/size/targets.js





async function selectTargets(selections, concurrency, lost = (_, error) => {
    throw error;
}) {
    const expanded = await Promise.all(selections.map(async (selection) => {
        if (selection.kind === 'one')
            return [{ ...selection, listed: false }];
        const { repository, reader } = selection;
        const early = createEarlyReads(selection, concurrency);
        const list = selection.isFound === true
            ? listFound(selection, early.begin, lost)
            : listSelected(selection, early.begin);
        const tags = await list.finally(early.end);
        return tags.map((tag) => {
            const name = `${repository}:${tag}`;
            const begun = early.reads.get(tag) ?? null;
            return { name, repository, tag, manifest: tag, reader, listed: true, begun };
        });
    }));
    return expanded.flat();
}
async function listFound({ repository, reader, tags }, onTags, lost) {
    try {
        return (0,selection/* selectTags */.O)(await reader.tags(onTags), tags);
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        if (error.kind !== 'not-found-repository')
            lost(repository, error);
        return [];
    }
}
function createEarlyReads({ reader, tags }, concurrency) {
    const reads = new Map();
    let isOver = false;
    const read = async (tag) => {
        if (isOver)
            return;
        const begun = reader.manifest(tag);
        reads.set(tag, begun);
        await begun.catch(() => undefined);
    };
    return {
        reads,
        begin: (page) => void (0,p_map/* default */.Ay)((0,selection/* selectTags */.O)(page, tags), read, { concurrency }),
        end: () => {
            isOver = true;
        },
    };
}
async function listSelected({ repository, reader, tags }, onTags) {
    const listed = await reader.tags(onTags);
    const selected = (0,selection/* selectTags */.O)(listed, tags);
    if (selected.length > 0)
        return selected;
    if (listed.length === 0)
        throw new errors/* WardenError */.Sh('not-found', `${repository} has no tags`);
    throw new errors/* WardenError */.Sh('input', `no tag of ${repository} is selected by tags and exclude-tags`, {
        advice: tell(listed),
    });
}
const MOST_TOLD = 3;
function tell(tags) {
    const told = tags.slice(0, MOST_TOLD).join(', ');
    if (tags.length === 0)
        return 'The repository has no tags';
    if (tags.length === 1)
        return `The only tag of the repository is ${told}`;
    if (tags.length <= MOST_TOLD)
        return `The tags of the repository are ${told}`;
    return `The repository has ${tags.length} tags, among them ${told}`;
}
async function firstTags({ tags }) {
    const enough = new Error('the first page is enough');
    let first = [];
    try {
        return await tags((page) => {
            first = page;
            throw enough;
        });
    }
    catch (error) {
        if (error !== enough)
            throw error;
        return first;
    }
}
async function suggestTags(target, error) {
    if (target.tag === null || target.listed || error.kind !== 'not-found')
        return error;
    const found = await adviceOn(target, target.tag);
    const implied = target.isImplied === true ? 'A reference without a tag means latest' : null;
    const advice = [implied, found].filter((part) => part !== null).join('. ');
    if (advice === '')
        return error;
    return new errors/* WardenError */.Sh('not-found', error.message, { advice, exchange: error.exchange, cause: error });
}
async function adviceOn({ reader, repository, name }, wanted) {
    try {
        const tags = await reader.tags();
        if (tags.includes(wanted))
            return `${wanted} is listed, but the registry does not have all of it: push the image again`;
        const near = (0,tag_order/* nearestTags */.ET)(wanted, tags, MOST_TOLD);
        return near.length > 0 ? `Did you mean ${(0,names_tag/* tagList */.Tw)(near)}?` : tell(tags);
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh) || error.kind !== 'not-found-repository')
            return null;
        return `There is no repository ${repository ?? name}. ${error.advice ?? 'Check its path'}`;
    }
}

;// CONCATENATED MODULE: ./src/usecases/size/attempts.js



const PROGRESS_EVERY_MS = 5_000;
const ABOUT_ONE_IMAGE = new Set([
    'not-found',
    'not-found-repository',
    'integrity',
    'protocol',
]);
const ABOUT_ONE_REPOSITORY = new Set(['unauthorized', 'denied', 'server']);
const MOST_SERVER_ERRORS = 5;
class Attempts {
    #deps;
    #notices = new Set();
    #unmeasured = [];
    #partial = false;
    #broken = false;
    #serverErrors = 0;
    firstError = null;
    constructor(deps) {
        this.#deps = deps;
    }
    findings() {
        return {
            notices: [...this.#notices],
            unmeasured: this.#unmeasured,
            partial: this.#partial,
            broken: this.#broken,
        };
    }
    notice(text) {
        this.#notices.add(text);
    }
    ranOut(error) {
        if (error.kind !== 'deadline' || !this.#deps.timeIsUp())
            return false;
        this.#partial = true;
        return true;
    }
    lacks(target, reason) {
        this.#broken = true;
        this.#unmeasured.push(`${target.name}: ${reason}`);
        this.firstError ??= new errors/* WardenError */.Sh('not-found', `${target.name}: ${reason}`);
    }
    lost(repository, error) {
        if (this.ranOut(error)) {
            this.#unmeasured.push(`${repository}: max-duration passed before it was listed`);
        }
        else if (ABOUT_ONE_IMAGE.has(error.kind) || ABOUT_ONE_REPOSITORY.has(error.kind)) {
            this.#broken = true;
            this.#unmeasured.push(`${repository}: ${error.line}`);
        }
        else
            throw error;
        this.firstError ??= error;
    }
    async each(done, items, work) {
        const progress = this.#progress(done, items.length);
        const one = async (item) => {
            const result = await this.#attempt(item.target, done === 'read', () => work(item));
            progress();
            return result;
        };
        const results = await (0,p_map/* default */.Ay)(items, one, { concurrency: this.#deps.concurrency });
        return results.filter((result) => result !== null);
    }
    #progress(done, total) {
        const { log, now } = this.#deps;
        let count = 0;
        let said = now();
        return () => {
            count += 1;
            if (count === total || now() - said < PROGRESS_EVERY_MS)
                return;
            said = now();
            log.info(`${count} of ${total} images ${done}`);
        };
    }
    async #attempt(target, mayBeGone, work) {
        try {
            return await work();
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            await this.#remember(target, mayBeGone, error);
            return null;
        }
    }
    #isBrokenTag({ listed }, { kind }) {
        if (kind !== 'server' || !listed)
            return false;
        this.#serverErrors += 1;
        return this.#serverErrors <= MOST_SERVER_ERRORS;
    }
    async #remember(target, mayBeGone, error) {
        if (this.ranOut(error)) {
            this.#unmeasured.push(`${target.name}: max-duration passed before it was read`);
            this.firstError ??= error;
        }
        else if (error.kind === 'not-found' && target.listed && mayBeGone) {
            this.#notices.add(`${target.name} is listed, but the registry does not have it (deleted meanwhile, or a dangling tag)`);
        }
        else if (ABOUT_ONE_IMAGE.has(error.kind) || this.#isBrokenTag(target, error)) {
            this.#broken = true;
            const told = await suggestTags(target, error);
            this.#unmeasured.push(`${target.name}: ${told.line}`);
            this.firstError ??= told;
        }
        else {
            throw error;
        }
    }
}

// EXTERNAL MODULE: ./src/domain/growth/baseline.js
var growth_baseline = __webpack_require__(1253);
;// CONCATENATED MODULE: ./src/usecases/size/image-tree.js




const MAX_DEPTH = 4;
const MAX_LEAVES = 1000;
async function readImageTree(reader, name, platforms) {
    return readTreeBelow(reader, await reader.manifest(name), platforms);
}
async function readTreeBelow(reader, top, platforms) {
    const walk = { reader, platforms, visited: new Set([top.digest]), seen: [], notices: [], missing: [] };
    const leaves = eachOnce(await leavesOf(walk, top, null, 0));
    return { top, leaves, seen: walk.seen, notices: walk.notices, missing: walk.missing };
}
function eachOnce(leaves) {
    const named = new Set(leaves.flatMap(({ digest, platform }) => (platform === null ? [] : [digest])));
    return leaves.filter(({ digest, platform }) => platform !== null || !named.has(digest));
}
async function leavesOf(walk, { digest, manifest, estimated = false }, platform, depth) {
    if (manifest.kind === 'index')
        return indexLeaves(walk, digest, manifest, depth);
    if (manifest.kind !== 'unknown')
        return [{ digest, platform, manifest, estimated }];
    walk.notices.push(`${digest} has the type ${manifest.mediaType}, which is not understood; it is not measured`);
    return [];
}
async function indexLeaves(walk, digest, index, depth) {
    const entries = index.manifests.filter((entry) => !(0,media_type/* isAttestation */.H3)(entry));
    if (entries.length > 0 &&
        entries.every((entry) => entry.platform === null && (0,media_type/* isBlobType */.iH)(entry.mediaType))) {
        const manifest = { ...index, kind: 'artifact', config: null, layers: entries };
        return [{ digest, platform: null, manifest, estimated: false }];
    }
    if (entries.length === 0)
        walk.notices.push(`${digest} is an index without a platform image`);
    const nested = await Promise.all(entries.map((entry) => entryLeaves(walk, entry, depth)));
    return nested.flat();
}
async function entryLeaves(walk, entry, depth) {
    if (entry.platform === null && !(0,media_type/* isManifestType */.Q3)(entry.mediaType)) {
        walk.notices.push(`${entry.digest} in an index has the type ${entry.mediaType}, which is not a manifest; it is not measured`);
        return [];
    }
    if (entry.platform !== null) {
        walk.seen.push(entry.platform);
        if (!(0,selection/* selectsPlatform */.j3)(walk.platforms, entry.platform))
            return [];
    }
    const key = entryKey(entry);
    if (walk.visited.has(key))
        return [];
    walk.visited.add(key);
    if (depth >= MAX_DEPTH || walk.visited.size > MAX_LEAVES) {
        throw new errors/* WardenError */.Sh('protocol', `the index lists more than ${MAX_LEAVES} images, or nests deeper than ${MAX_DEPTH}`, {
            advice: 'Measure one of its entries by digest instead',
        });
    }
    try {
        return await leavesOf(walk, await walk.reader.manifest(entry.digest), entry.platform, depth + 1);
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh && error.kind === 'not-found'))
            throw error;
        walk.missing.push(`${entry.digest} is listed by the index, but the registry does not have it`);
        return [];
    }
}
function entryKey({ digest, platform }) {
    return platform === null ? digest : `${digest} ${(0,names_platform/* formatPlatform */.Bq)(platform)}`;
}

;// CONCATENATED MODULE: ./src/usecases/size/base-image.js







function createBaseSplitter(source, platforms, open, notice) {
    const candidatesOf = createCandidateReader(open, platforms);
    return async (read, side) => {
        const image = measureImage(read);
        const split = image.platforms.map(async (platform, position) => {
            const bases = basesOf(source, side, read, read.platforms[position]);
            const failures = bases.length === 0 ? ['no annotation or label names its base'] : [];
            for (const base of bases) {
                const candidates = await candidatesOf(base, base === source ? undefined : hostOf(read.repository));
                if (typeof candidates === 'string') {
                    failures.push(candidates);
                    continue;
                }
                const name = (0,growth_baseline/* nameOf */.Vb)(base.repository, manifestsOf(base)[0]);
                const result = splitLayers(platform, candidates);
                if (result.base === null)
                    failures.push(`its layers do not begin with those of ${name}`);
                else if (result.base.digest === platform.digest)
                    failures.push(`${name} is the image itself`);
                else if (base !== source && result.base.layers === platform.layers.length)
                    failures.push(`${name}, which the image names itself, has all of its layers`);
                else
                    return result;
            }
            if (side === 'image')
                notice(`${read.name}: no layer counts as base: ${failures.join('; ')}`);
            return splitLayers(platform, []);
        });
        return { ...image, platforms: await Promise.all(split) };
    };
}
function basesOf(source, side, read, platform) {
    const named = platform === undefined ? null : annotated(read, platform);
    if (source === 'auto')
        return named === null ? [] : [named];
    const older = side === 'baseline' && named !== null && (0,names_reference/* sameRepository */.RB)(named.repository, source.repository);
    return older ? [source, named] : [source];
}
function annotated(read, { manifest, config }) {
    const own = 'annotations' in manifest ? manifest.annotations : new Map();
    const base = annotatedBase(own, config?.labels ?? new Map(), read.annotations);
    return base !== null && mayAsk(base, read.repository) ? base : null;
}
function hostOf(repository) {
    return /^(\[[^\]]*\]|[^/:]*)/.exec(repository ?? '')?.[0] ?? '';
}
function manifestsOf({ tag, digest }) {
    if (digest === null)
        return [tag ?? (0,names_tag/* parseTag */.ED)('latest', 'base-image')];
    return tag === null ? [digest] : [digest, tag];
}
function createCandidateReader(open, platforms) {
    const answers = new Map();
    return async (base, namedBy) => {
        const failures = [];
        for (const manifest of manifestsOf(base)) {
            const name = (0,growth_baseline/* nameOf */.Vb)(base.repository, manifest);
            const answer = answers.get(name) ?? readCandidates(name, open(base.repository, namedBy), manifest, platforms);
            answers.set(name, answer);
            const candidates = await answer;
            if (typeof candidates !== 'string')
                return candidates;
            failures.push(candidates);
        }
        return failures.join('; ');
    };
}
async function readCandidates(name, reader, manifest, platforms) {
    try {
        const { leaves } = await readImageTree(reader, manifest, platforms);
        return leaves.map((leaf) => ({
            name,
            digest: leaf.digest,
            layers: leaf.manifest.layers.map((layer) => layer.digest),
        }));
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        return `the base image ${name} could not be read: ${error.line}`;
    }
}

// EXTERNAL MODULE: ./src/domain/names/image-source.js
var image_source = __webpack_require__(5404);
;// CONCATENATED MODULE: ./src/usecases/size/baseline.js







function forThisRun(growth, log, aside) {
    const baseline = (0,growth_baseline/* entriesWithin */.W0)(growth.baseline, growth.facts);
    const left = growth.baseline.filter((entry) => !baseline.includes(entry)).map(({ text }) => text);
    if (left.length === 0)
        return growth;
    const why = `this run is not for a pull request or a merge group, which {merge-base} and {base-sha} come from`;
    log.debug(`baseline: ${left.join(', ')} left out: ${why}`);
    if (baseline.length === 0)
        aside(`growth is not judged: ${why}`);
    return { ...growth, baseline };
}
function createBaselineSearch(chain, images, sources) {
    const belongs = new Map(chain.map((entry) => [entry, new Set((0,growth_baseline/* imagesOf */.IC)(entry, images))]));
    const locate = createLocator(sources);
    const readTop = createTopReader();
    const tagsBeside = createNeighbours();
    return async (image) => {
        const skipped = [];
        const written = new Map();
        for (const entry of chain) {
            if (belongs.get(entry)?.has(image) !== true)
                continue;
            let name = entry.text;
            let tag = null;
            try {
                const located = await locate(entry, image);
                if (typeof located === 'string') {
                    skipped.push({ entry: entry.text, cause: 'pointless', reason: located });
                    continue;
                }
                name = located.name;
                tag = writtenTag(image, located);
                return { state: 'found', ...located, top: await readTop(located), skipped };
            }
            catch (error) {
                if (!(error instanceof errors/* WardenError */.Sh) || error.kind === 'input')
                    throw error;
                const hint = colonHint(entry, image);
                if (!isMissing(error))
                    return { state: 'unread', name, error: withHint(error, hint), skipped };
                const reason = `${name} does not exist${hint === null ? '' : `; ${hint}`}`;
                skipped.push({ entry: entry.text, cause: 'absent', reason });
                if (tag !== null)
                    written.set(reason, tag);
            }
        }
        const told = skipped.map(async ({ entry, cause, reason }) => {
            const tag = written.get(reason);
            const near = tag === undefined ? [] : (0,tag_order/* nearestTags */.ET)(tag, await tagsBeside(image));
            const hint = near.length === 0 ? '' : ` (did you mean ${(0,names_tag/* tagList */.Tw)(near)}?)`;
            return { entry, cause, reason: `${reason}${hint}` };
        });
        return { state: 'missing', skipped: await Promise.all(told) };
    };
}
function writtenTag({ repository }, located) {
    const { entry, manifest } = located;
    const isWritten = entry.kind !== 'local' && (0,growth_baseline/* placeholdersIn */.Qf)(entry).length === 0;
    return isWritten && located.repository === repository && (0,names_tag/* isTag */.dz)(manifest) ? manifest : null;
}
function createNeighbours() {
    const asked = new Map();
    return async ({ reader, tag }) => {
        const answer = asked.get(reader) ??
            firstTags(reader).catch((error) => {
                if (error instanceof errors/* WardenError */.Sh)
                    return [];
                throw error;
            });
        asked.set(reader, answer);
        return (await answer).filter((other) => other !== tag);
    };
}
function colonHint(entry, image) {
    const tag = (0,growth_baseline/* forgottenColon */.wX)(entry, image);
    return tag === null ? null : `did you mean ${tag}, a tag of the same repository?`;
}
function withHint(error, hint) {
    if (hint === null)
        return error;
    const { kind, message, exchange } = error;
    const advice = `${hint.charAt(0).toUpperCase()}${hint.slice(1)}`;
    return new errors/* WardenError */.Sh(kind, message, { advice, exchange, cause: error });
}
function isMissing({ kind }) {
    return kind === 'not-found' || kind === 'not-found-repository';
}
function createLocator({ open, openLocal, facts }) {
    const factOf = createFactReader(facts);
    return async (entry, image) => {
        if (entry.kind === 'local') {
            const { reader, top } = await openLocal(entry.source);
            const name = (0,image_source/* formatImageSource */.Sp)(entry.source);
            return { entry, name, repository: null, reader, manifest: top };
        }
        const values = new Map();
        for (const placeholder of (0,growth_baseline/* placeholdersIn */.Qf)(entry)) {
            const value = await factOf(placeholder);
            if (value === null || value === '')
                return `this run has no {${placeholder}}`;
            values.set(placeholder, value);
        }
        const tag = entry.tag === null ? null : (0,growth_baseline/* fillTag */.au)(entry.tag, values);
        if (entry.kind === 'reference') {
            const manifest = entry.digest ?? tag;
            if (manifest === null)
                return NO_TAG;
            const repository = (0,names_reference/* formatRepository */.Sh)(entry.repository);
            const reader = repository === image.repository ? image.reader : open(entry.repository);
            return { entry, name: (0,growth_baseline/* nameOf */.Vb)(entry.repository, manifest), repository, reader, manifest };
        }
        if (tag === null)
            return NO_TAG;
        const { repository, reader } = image;
        if (repository === null)
            return `${image.name} is in no repository that could have the tag`;
        return { entry, name: `${repository}:${tag}`, repository, reader, manifest: tag };
    };
}
const NO_TAG = 'what the placeholders stand for makes no tag';
function createFactReader({ mergeBase, baseSha, baseRef }) {
    let asked = null;
    return async (placeholder) => {
        if (placeholder === 'base-sha')
            return baseSha;
        if (placeholder === 'base-ref')
            return baseRef;
        asked ??= mergeBase?.() ?? Promise.resolve(null);
        return asked;
    };
}
function createTopReader() {
    const answers = new Map();
    return async ({ reader, manifest }) => {
        const ofReader = answers.get(reader) ?? new Map();
        answers.set(reader, ofReader);
        const answer = ofReader.get(manifest) ?? reader.manifest(manifest);
        ofReader.set(manifest, answer);
        return answer;
    };
}

;// CONCATENATED MODULE: ./src/domain/growth/layers.js
const MOST_PAIRS = 1_000_000;
function matchLayers(before, after) {
    const common = commonStart(before, after);
    const shared = after.slice(0, common).map((layer, position) => pair(before[position] ?? layer, layer));
    return [...shared, ...alignRest(before.slice(common), after.slice(common))];
}
function commonStart(before, after) {
    const different = after.findIndex((layer, position) => layer.digest !== before[position]?.digest);
    return different === -1 ? after.length : different;
}
function alignRest(before, after) {
    if (before.length * after.length > MOST_PAIRS)
        return [...before.map(removed), ...after.map(added)];
    const scores = scoreTable(before, after);
    const changes = [];
    let i = 0;
    let j = 0;
    for (;;) {
        const old = before[i];
        const young = after[j];
        if (old === undefined && young === undefined)
            return changes;
        if (old !== undefined && young !== undefined && scores.isPair(i, j)) {
            changes.push(pair(old, young));
            i += 1;
            j += 1;
        }
        else if (old !== undefined && (young === undefined || scores.at(i + 1, j) >= scores.at(i, j + 1))) {
            changes.push(removed(old));
            i += 1;
        }
        else if (young !== undefined) {
            changes.push(added(young));
            j += 1;
        }
    }
}
function scoreTable(before, after) {
    const sharedWeight = Math.min(before.length, after.length) + 1;
    const width = after.length + 1;
    const table = new Float64Array((before.length + 1) * width);
    const at = (i, j) => table[i * width + j] ?? 0;
    const olds = before.map(instructionKey);
    const youngs = after.map(instructionKey);
    const weight = (i, j) => {
        if (before[i]?.digest === after[j]?.digest)
            return sharedWeight;
        return olds[i] !== null && olds[i] === youngs[j] ? 1 : 0;
    };
    for (let i = before.length - 1; i >= 0; i -= 1) {
        for (let j = after.length - 1; j >= 0; j -= 1) {
            const paired = weight(i, j);
            const matched = paired === 0 ? 0 : paired + at(i + 1, j + 1);
            table[i * width + j] = Math.max(matched, at(i + 1, j), at(i, j + 1));
        }
    }
    return {
        at,
        isPair: (i, j) => {
            const paired = weight(i, j);
            return paired > 0 && at(i, j) === paired + at(i + 1, j + 1);
        },
    };
}
function instructionKey({ createdBy }) {
    return createdBy === null ? null : createdBy.replaceAll(/\b(file|dir|multi):[0-9a-f]+/g, '$1:');
}
function pair(before, after) {
    const change = before.digest === after.digest ? 'shared' : 'replaced';
    return {
        change,
        createdBy: after.createdBy ?? before.createdBy,
        before: changed(before),
        after: changed(after),
    };
}
function removed(layer) {
    return { change: 'removed', createdBy: layer.createdBy, before: changed(layer), after: null };
}
function added(layer) {
    return { change: 'added', createdBy: layer.createdBy, before: null, after: changed(layer) };
}
function changed({ digest, size, from }) {
    return { digest, size, from };
}

;// CONCATENATED MODULE: ./src/domain/growth/compare.js




function compareWith(image, baseline, rules) {
    const { image: old, name, entry, placeholders, skipped, incomplete } = baseline;
    const pairs = pairPlatforms(image.platforms, old.platforms);
    const paired = new Set(pairs.values());
    const absent = incomplete === null ? null : { state: 'unknown', cause: 'unread', reason: incomplete };
    const removed = old.platforms
        .filter((platform) => !paired.has(platform))
        .map(({ platform, digest, size }) => ({ platform, digest, size }));
    return {
        ...image,
        baseline: {
            state: 'found',
            name,
            digest: old.digest,
            created: old.created,
            entry,
            placeholders,
            removed,
            skipped,
        },
        platforms: image.platforms.map((platform) => {
            const other = pairs.get(platform);
            const growth = other === undefined ? absent : growthSince(other, platform, rules, name);
            return { ...platform, growth: growth ?? { state: 'new', pullSize: platform.size } };
        }),
    };
}
function withoutBaseline(image, baseline) {
    const growth = baseline.state === 'missing'
        ? { state: 'new', pullSize: null }
        : { state: 'unknown', cause: 'unread', reason: baseline.reason };
    return { ...image, baseline, platforms: image.platforms.map((platform) => ({ ...platform, growth })) };
}
function pullSize(baseline, image) {
    const had = new Set(blobsOf(baseline).map((blob) => blob.digest));
    return (0,quantities_bytes/* sumBytes */.jO)(distinctBlobs(blobsOf(image).filter((blob) => !had.has(blob.digest))).values());
}
function blobsOf({ config, layers }) {
    return config === null ? layers : [config, ...layers];
}
function pairPlatforms(images, olds) {
    const pairs = new Map();
    const paired = new Set();
    for (const keyOf of [exactKey, releaseKey]) {
        const free = Map.groupBy(olds.filter((old) => !paired.has(old)), keyOf);
        for (const image of images) {
            const key = keyOf(image);
            const old = pairs.has(image) || key === null ? undefined : free.get(key)?.shift();
            if (old === undefined)
                continue;
            pairs.set(image, old);
            paired.add(old);
        }
    }
    const [only, ...others] = images;
    const [onlyOld, ...otherOlds] = olds;
    const isUnnamed = only?.platform === null || onlyOld?.platform === null;
    if (only !== undefined && onlyOld !== undefined && others.length + otherOlds.length === 0 && isUnnamed)
        pairs.set(only, onlyOld);
    return pairs;
}
function exactKey({ platform }) {
    return platform === null ? '' : (0,names_platform/* formatPlatform */.Bq)(platform);
}
function releaseKey({ platform }) {
    if (platform === null || platform.osVersion === null)
        return null;
    return (0,names_platform/* formatPlatform */.Bq)({ ...platform, osVersion: platform.osVersion.split('.').slice(0, 3).join('.') });
}
function growthSince(old, image, rules, name) {
    if (rules.ignoreBase && (image.base === null) !== (old.base === null)) {
        const side = old.base === null ? `the baseline ${name}` : 'the image';
        const reason = `growth of own layers is unknown: the base image is not the base of ${side}`;
        return { state: 'unknown', cause: 'incomparable', reason };
    }
    const difference = image.judgedSize - old.judgedSize;
    const changed = difference !== 0 && Math.abs(difference) >= rules.minimumChange;
    return {
        state: changed ? 'changed' : 'unchanged',
        baseline: {
            digest: old.digest,
            size: old.size,
            judgedSize: old.judgedSize,
            estimated: old.estimated,
        },
        difference,
        ratio: old.judgedSize === 0 ? null : difference / old.judgedSize,
        pullSize: image.estimated === old.estimated ? pullSize(old, image) : null,
        layers: matchLayers(old.layers, image.layers),
        recompressed: recompression(old, image),
        estimated: image.estimated || old.estimated,
    };
}
function recompression({ compression: from }, { compression: to }) {
    return from === null || to === null || from === to ? null : { from, to };
}

;// CONCATENATED MODULE: ./src/usecases/size/growth.js




function createBaselineTrees(find, platforms) {
    const trees = new Map();
    return async (image, imageTop) => {
        const found = await find(image);
        if (found.state !== 'found')
            return found;
        const { top, reader, name } = found;
        if ((await imageTop).digest === top.digest)
            return { state: 'found', found, read: 'same', incomplete: null };
        try {
            const reading = trees.get(top) ?? readTreeBelow(reader, top, platforms);
            trees.set(top, reading);
            const read = await reading;
            const holes = read.missing[0] ?? (read.leaves.length === 0 ? read.notices[0] : undefined);
            const incomplete = holes === undefined ? null : `the baseline ${name} is not complete: ${holes}`;
            return { state: 'found', found, read, incomplete };
        }
        catch (error) {
            return unread(found, error);
        }
    };
}
async function detailBaseline(baseline, readDetails) {
    if (baseline.state !== 'found')
        return baseline;
    const { found, read, incomplete } = baseline;
    if (read === 'same')
        return { state: 'found', found, read, incomplete };
    const { name, repository, reader, manifest } = found;
    const target = { name, repository, reader, manifest, tag: null, listed: false };
    try {
        return { state: 'found', found, read: await readDetails({ target, tree: read }), incomplete };
    }
    catch (error) {
        return unread(found, error);
    }
}
function unread({ name, skipped }, error) {
    if (!(error instanceof errors/* WardenError */.Sh))
        throw error;
    return { state: 'unread', name, error, skipped };
}
async function growSince(image, baseline, rules, measure, attempts) {
    const skipped = baseline.state === 'found' ? baseline.found.skipped : baseline.skipped;
    for (const { entry, cause, reason } of skipped) {
        if (cause === 'pointless')
            attempts.notice(`baseline ${entry} is passed over: ${reason}`);
    }
    if (baseline.state === 'unread') {
        const { name, error } = baseline;
        const why = attempts.ranOut(error) ? 'max-duration passed' : error.line;
        const reason = `the baseline ${name} could not be read: ${why}`;
        return withoutBaseline(image, { state: 'unread', name, reason, skipped });
    }
    if (baseline.state === 'missing')
        return withoutBaseline(image, { state: 'missing', skipped });
    const { found, read, incomplete } = baseline;
    if (image.names.some(({ name }) => name === found.name))
        attempts.notice(`the baseline ${found.name} is the image itself, so nothing can have grown`);
    const how = { name: found.name, entry: found.entry.text, placeholders: (0,growth_baseline/* placeholdersIn */.Qf)(found.entry) };
    const old = read === 'same' ? image : await measure(read);
    return compareWith(image, { ...how, skipped, image: old, incomplete }, rules);
}

;// CONCATENATED MODULE: ./src/usecases/size/image-details.js


function createDetailReader(request) {
    const schema1 = async (reader, leaf, manifest) => {
        const digests = [...new Set(manifest.layers.map((layer) => layer.digest))];
        const sizes = digests.map(async (digest) => {
            return [digest, await reader.blobSize(digest)];
        });
        return {
            digest: leaf.digest,
            manifest,
            platform: leaf.platform ?? (0,names_platform/* platformOf */.tj)({ os: 'linux', architecture: manifest.architecture }),
            config: null,
            blobSizes: new Map(await Promise.all(sizes)),
        };
    };
    const detail = async (reader, leaf) => {
        const { digest, platform, manifest, estimated } = leaf;
        if (manifest.kind === 'schema1')
            return schema1(reader, leaf, manifest);
        const plain = { digest, platform, manifest, config: null, blobSizes: new Map(), estimated };
        const wanted = request.everyConfig || (platform === null && request.platformsMatter);
        if (manifest.kind !== 'image' || !wanted)
            return plain;
        const config = await reader.config(manifest.config);
        return { ...plain, config, platform: platform ?? config.platform };
    };
    return async ({ target, tree, names }) => {
        const leaves = await Promise.all(tree.leaves.map((leaf) => detail(target.reader, leaf)));
        const found = leaves.flatMap((leaf) => (leaf.platform === null ? [] : [leaf.platform]));
        return {
            name: target.name,
            repository: target.repository,
            tag: target.tag,
            ...(names === undefined ? {} : { names }),
            digest: tree.top.digest,
            mediaType: tree.top.manifest.mediaType,
            kind: kindOf(tree),
            annotations: 'annotations' in tree.top.manifest ? tree.top.manifest.annotations : new Map(),
            platforms: leaves.filter((leaf) => (0,selection/* selectsPlatform */.j3)(request.platforms, leaf.platform)),
            seen: [...tree.seen, ...found],
        };
    };
}
function kindOf(tree) {
    const only = tree.leaves.length === 1 ? tree.leaves[0] : undefined;
    return only !== undefined && only.digest === tree.top.digest ? only.manifest.kind : tree.top.manifest.kind;
}

;// CONCATENATED MODULE: ./src/usecases/size/names.js

function mergeNames(read) {
    const same = Map.groupBy(read, ({ target, tree }) => JSON.stringify([storeOf(target), tree.top.digest]));
    return Array.from(same.values(), merge);
}
function merge(same) {
    const isListed = same.every(({ target }) => target.listed);
    const ordered = isListed ? same.toSorted((a, b) => compareListed(a.target, b.target)) : same;
    const [first] = ordered;
    if (first === undefined)
        throw new Error('a group has a member');
    const target = { ...first.target, listed: isListed };
    return {
        ...first,
        target,
        names: distinct(first.target, ordered.map((one) => one.target)),
    };
}
function distinct(first, all) {
    const byName = new Map(all.map(({ name, tag }) => [name, { name, tag }]));
    byName.delete(first.name);
    return [{ name: first.name, tag: first.tag }, ...byName.values()];
}
function compareListed({ tag: a }, { tag: b }) {
    return precision(b) - precision(a) || (0,tag_order/* compareTags */.bb)(a ?? '', b ?? '');
}
function precision(tag) {
    const version = tag === null ? null : (0,tag_order/* parseVersion */.ot)(tag);
    if (version === null)
        return 0;
    return [version.major, version.minor, version.patch].filter((part) => part !== null).length;
}
function storeOf({ repository, store, name }) {
    return repository ?? store ?? name;
}

;// CONCATENATED MODULE: ./src/usecases/size/measure-size.js














const CONFIGS_WORTH_READING = 20;
async function measureSize(asked, deps) {
    const { growth } = asked;
    const attempts = new Attempts(deps);
    const asides = [];
    const aside = (text) => {
        asides.push(text);
        deps.log.info(`Note: ${text}`);
    };
    const request = growth === undefined ? asked : { ...asked, growth: forThisRun(growth, deps.log, aside) };
    const targets = await selectTargets(request.images, deps.concurrency, (repository, error) => attempts.lost(repository, error));
    if (targets.length === 0)
        throw attempts.firstError ?? nothingSelected(request.images.length);
    const read = await readPairs(request, targets, attempts);
    const pairs = await detailPairs(request, read, attempts);
    const images = pairs.map(({ image }) => image);
    const { partial, notices } = attempts.findings();
    if (!partial)
        (0,selection/* requirePlatforms */.YZ)(request.platforms, images.flatMap((image) => image.seen));
    if (!images.some((image) => image.platforms.length > 0))
        throw attempts.firstError ?? nothingToMeasure(notices);
    const measured = await measurePairs(request, pairs, attempts);
    return { ...judgeSizes(measured, request.limits, request.severity, attempts.findings()), asides };
}
async function readPairs({ growth, platforms }, targets, attempts) {
    const chain = growth?.baseline ?? [];
    const readBaseline = growth === undefined || chain.length === 0
        ? null
        : createBaselineTrees(createBaselineSearch(chain, targets, growth), platforms);
    const read = await attempts.each('read', targets.map((target) => ({ target })), async ({ target }) => {
        const top = target.begun ?? target.reader.manifest(target.manifest);
        const [tree, baseline] = await Promise.all([
            top.then((manifest) => readTreeBelow(target.reader, manifest, platforms)),
            readBaseline?.(target, top) ?? null,
        ]);
        return { target, tree, baseline };
    });
    const images = mergeNames(read);
    for (const { target, tree } of images) {
        const isLost = tree.leaves.length === 0 && !target.listed;
        for (const notice of tree.notices) {
            if (isLost)
                attempts.lacks(target, notice);
            else
                attempts.notice(`${target.name}: ${notice}`);
        }
        for (const reason of tree.missing)
            attempts.lacks(target, reason);
    }
    return images;
}
async function detailPairs(request, read, attempts) {
    const { everyConfig, growth, platforms } = request;
    const readDetails = createDetailReader({
        platforms,
        everyConfig: everyConfig || growth?.baseImage === 'auto' || countPlatformImages(read) <= CONFIGS_WORTH_READING,
        platformsMatter: platformsMatter(request),
    });
    return attempts.each('measured', read, async (pair) => {
        const [image, baseline] = await Promise.all([
            readDetails(pair),
            pair.baseline === null ? null : detailBaseline(pair.baseline, readDetails),
        ]);
        if (!pair.target.listed)
            sayUnselected(image, attempts);
        return { image, baseline };
    });
}
function sayUnselected({ name, platforms, seen }, attempts) {
    if (platforms.length > 0 || seen.length === 0)
        return;
    const offered = [...new Set(seen.map(names_platform/* formatPlatform */.Bq))].slice(0, 20).join(', ');
    attempts.notice(`${name} has none of the platforms asked for, so it is not measured; it has ${offered}`);
}
async function measurePairs(request, pairs, attempts) {
    const { growth, limits } = request;
    const split = createMeasure(request, pairs, attempts);
    const measure = async (read, side) => {
        const image = await split(read, side);
        return limits.ignoreBase ? { ...image, platforms: image.platforms.map(judgeOwn) } : image;
    };
    return Promise.all(pairs.map(async ({ image, baseline }) => {
        const measured = await measure(image, 'image');
        if (growth === undefined || baseline === null)
            return measured;
        const rules = { minimumChange: growth.minimumChange, ignoreBase: limits.ignoreBase };
        return growSince(measured, baseline, rules, (old) => measure(old, 'baseline'), attempts);
    }));
}
function createMeasure({ growth, platforms }, pairs, attempts) {
    const { baseImage = null, open } = growth ?? {};
    if (baseImage === null || open === undefined)
        return async (read) => measureImage(read);
    const measured = pairs.flatMap(({ image }) => image.platforms.map(({ platform }) => platform));
    const known = measured.filter((platform) => platform !== null);
    const wanted = known.length === measured.length ? known : platforms;
    return createBaseSplitter(baseImage, wanted, open, (text) => attempts.notice(text));
}
function countPlatformImages(read) {
    return new Set(read.flatMap(({ tree }) => tree.leaves.map((leaf) => leaf.digest))).size;
}
function platformsMatter({ platforms, limits, growth }) {
    const { maxSize, warnSize, maxIncrease, warnIncrease } = limits;
    const compared = (growth?.baseline.length ?? 0) > 0;
    const rules = [...maxSize, ...warnSize, ...maxIncrease, ...warnIncrease];
    return platforms !== 'all' || compared || rules.some((rule) => rule.platform !== null);
}
function nothingSelected(count) {
    return new errors/* WardenError */.Sh('input', `no tag of ${count === 1 ? 'the repository' : `the ${count} repositories`} is selected`, {
        advice: 'Check tags and exclude-tags',
    });
}
function nothingToMeasure(notices) {
    return new errors/* WardenError */.Sh('protocol', `nothing could be measured: ${notices[0] ?? 'no platform image was found'}`);
}

// EXTERNAL MODULE: ./src/domain/quantities/concurrency.js
var concurrency = __webpack_require__(6077);
;// CONCATENATED MODULE: ./src/report/size/report-file.js



function reportFileJson(report) {
    return {
        ...sizeJson({ ...report, images: [] }, { layers: false }),
        images: report.images.map(imageFileJson),
        verdict: report.verdict,
        breaches: report.breaches.map((breach) => ({ ...breach, platform: platformName(breach.platform) })),
        notices: report.notices,
        warnings: report.warnings,
        partial: report.partial,
        unmeasured: report.unmeasured,
        leniency: report.leniency,
        overrideLabel: report.overrideLabel,
    };
}
function imageFileJson(image) {
    return {
        ...imageJson(image, false),
        repository: image.repository,
        tag: image.tag,
        baseline: image.baseline === null ? null : baselineFileJson(image.baseline),
        platforms: image.platforms.map((platform) => platformFileJson(image, platform)),
    };
}
function baselineFileJson(baseline) {
    if (baseline.state !== 'found')
        return baseline;
    return {
        ...baseline,
        created: report_file_time(baseline.created),
        removed: baseline.removed.map((removed) => ({ ...removed, platform: platformName(removed.platform) })),
    };
}
function platformFileJson(image, platform) {
    return {
        ...platformJson(image, platform, false),
        config: platform.config,
        base: platform.base,
        judgedSize: platform.judgedSize,
        estimated: platform.estimated,
        compression: platform.compression,
        limit: platform.limit,
        growth: platform.growth,
        growthLimit: platform.growthLimit,
        isLimited: platform.isLimited,
        ...(platform.unjudged === undefined ? {} : { unjudged: platform.unjudged }),
        ...(platform.wastedLimit === undefined ? {} : { wastedLimit: platform.wastedLimit }),
        created: report_file_time(platform.created),
        layers: platform.layers.map((layer) => ({
            ...layerJson(layer),
            foreign: layer.foreign,
            throwaway: layer.throwaway,
        })),
    };
}
function platformName(platform) {
    return platform === null ? null : (0,names_platform/* formatPlatform */.Bq)(platform);
}
function report_file_time(timestamp) {
    return timestamp === null ? null : (0,quantities_timestamp/* formatTimestamp */.Ey)(timestamp);
}

// EXTERNAL MODULE: ./src/report/annotations.js
var annotations = __webpack_require__(2238);
;// CONCATENATED MODULE: ./src/report/size/annotations.js



function sizeAnnotations({ report, breaches: groups, units }) {
    const breaches = groups.map((group) => ({
        level: group.worst.severity === 'fail' ? 'error' : 'warning',
        title: titleOf(group.worst),
        message: `${breachText(group, units)}${tolerance(report, group.worst)}${wasteAdvice(group.worst)}`,
    }));
    const unmeasured = report.unmeasured.map((what) => ({
        level: report.partial ? 'warning' : 'error',
        title: unmeasuredTitle(report),
        message: what,
    }));
    const warnings = report.warnings.map((message) => ({
        level: 'warning',
        title: warningTitle(message),
        message,
    }));
    const notices = report.notices.map((message) => ({
        level: 'notice',
        title: 'Image size',
        message,
    }));
    return (0,annotations/* foldAnnotations */.A)([...breaches, ...unmeasured, ...warnings, ...notices]);
}
function titleOf({ limit }) {
    if (isAboutWaste(limit))
        return 'Wasted bytes';
    return isAboutGrowth(limit) ? 'Image growth limit' : 'Image size limit';
}
function wasteAdvice({ limit }) {
    return isAboutWaste(limit) ? `: ${breachAdvice(limit)}` : '';
}
function warningTitle(message) {
    if (message.includes(' is not judged '))
        return 'Limit not judged';
    return message.includes(' never applies. ') ? 'Limit behind another' : 'Limit without an image';
}
function tolerance({ leniency }, breach) {
    return leniency === null || breach_isSoft(breach) ? '' : `; tolerated: ${leniency}`;
}
function unmeasuredTitle(report) {
    if (report.partial)
        return 'Not measured, time ran out';
    return (0,report_verdict/* isUnjudged */.t5)(report) ? 'Not judged' : 'Not measured';
}

;// CONCATENATED MODULE: ./src/report/size/failed.js


function renderFailedSize(line, options) {
    return (0,markdown/* blocks */.Bv)((0,markdown/* heading */.R_)(3, (0,markdown/* prose */.CS) `Image size: ❌ nothing was measured`), (0,markdown/* bullets */.e5)([(0,markdown/* foreignProse */.gS)(line)]), (0,summary_frame/* sizeFooter */.N9)(options));
}

;// CONCATENATED MODULE: ./src/report/size/failure.js




const FOREIGN_LENGTH = 600;
function sizeFailure(view) {
    const { report, units } = view;
    const hard = view.breaches.filter(({ worst }) => worst.severity === 'fail');
    const worst = worstOf(hard);
    const words = [
        ...(worst === undefined || hard.length === 1
            ? []
            : [(0,domain_text/* sanitiseLine */.lg)(breachText(worst, units), FOREIGN_LENGTH)]),
        ...(report.breaches.length > 0 ? judgement(view) : []),
        ...(worst === undefined ? [] : [remedy(worst, report)]),
        ...unfinished(view),
    ];
    return `${report_verdict/* ICONS */.Ze.fail} ${words.join(' · ')}`;
}
function worstOf(groups) {
    const share = ({ worst }) => worst.actual / Math.max(1, worst.allowed);
    return groups
        .filter(({ worst }) => worst.limit === groups[0]?.worst.limit)
        .reduce((most, one) => (most && share(most) >= share(one) ? most : one), undefined);
}
function remedy({ worst: { limit } }, { overrideLabel }) {
    const less = breachAdvice(limit);
    if (overrideLabel === null)
        return `${less}, or raise ${limit}`;
    return `${less}, raise ${limit}, or set the label "${(0,domain_text/* sanitiseLine */.lg)(overrideLabel, 100)}" and run the job again`;
}

;// CONCATENATED MODULE: ./src/report/size/badge.js


const COLORS = { pass: 'brightgreen', warn: 'yellow', partial: 'yellow', fail: 'red' };
function sizeBadge({ report, units }) {
    const result = (0,report_verdict/* sizeResult */.pG)(report);
    const color = result === 'pass' && !(0,report_verdict/* isJudged */.sL)(report) ? 'blue' : COLORS[result];
    return { schemaVersion: 1, label: 'image size', message: (0,quantities_bytes/* formatBytes */.z3)(report.size, units), color };
}

;// CONCATENATED MODULE: ./src/modes/badge.js



async function keepBadge(path, view, log) {
    try {
        await (0,files/* writeWhole */.f8)(path, `${JSON.stringify(sizeBadge(view))}\n`, 'badge-file');
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        log.warning(`The badge is not kept: ${error.line}`);
    }
}

// EXTERNAL MODULE: ./node_modules/zod/v4/core/core.js
var core = __webpack_require__(7619);
;// CONCATENATED MODULE: ./src/wire/history-file.js



const MAX_HISTORY_BYTES = 32 * 1024 * 1024;
const entry = schemas/* object */.Ikc({
    at: schemas/* string */.YjP()
        .max(64)
        .transform((value, context) => {
        const at = (0,quantities_timestamp/* parseTimestamp */.EH)(value);
        if (at === null)
            context.addIssue({ code: 'custom', message: 'not a time' });
        return at ?? core/* NEVER */.tm;
    }),
    commit: schemas/* string */.YjP().min(1).max(128),
    ref: schemas/* string */.YjP().max(1_000),
    repository: schemas/* string */.YjP().min(1).max(1_000),
    platform: schemas/* string */.YjP().max(300).nullable(),
    size: bytes,
    digest: digest,
});
function parseHistory(text) {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const entries = lines.flatMap((line) => parseEntry(line) ?? []);
    return { entries, broken: lines.length - entries.length };
}
function parseEntry(line) {
    try {
        const read = entry.safeParse(JSON.parse(line));
        return read.success ? read.data : null;
    }
    catch {
        return null;
    }
}
function writeHistory(entries) {
    const lines = entries.map((entry) => ({ entry, text: history_file_lineOf(entry) }));
    let bytes = 0;
    const last = lines.findLastIndex(({ text }) => (bytes += Buffer.byteLength(text)) > MAX_HISTORY_BYTES);
    const cut = lines[last]?.entry;
    return (lines
        .slice(last + 1)
        .filter(({ entry: { commit, ref } }) => commit !== cut?.commit || ref !== cut.ref)
        .map(({ text }) => text)
        .join(''));
}
function history_file_lineOf({ at, commit, ref, repository, platform, size, digest: hash }) {
    const line = { at: (0,quantities_timestamp/* formatTimestamp */.Ey)(at), commit, ref, repository, platform, size, digest: hash };
    return `${JSON.stringify(line)}\n`;
}

;// CONCATENATED MODULE: ./src/modes/history.js




const FIRST = '{"at":';
async function keepHistory(path, report, { env, log }, now) {
    const { GITHUB_EVENT_NAME: event, GITHUB_SHA: commit, GITHUB_REF: ref, GITHUB_BASE_REF: base } = env;
    try {
        const history = await readHistory(path, log);
        if (event !== 'push' || !commit || !ref) {
            const shown = base ? `refs/heads/${base}` : ref;
            return shown ? { entries: history, ref: shown, commit: null } : null;
        }
        const entries = addRun(history, entriesOf(report.images, { at: now, commit, ref }));
        await (0,files/* writeWhole */.f8)(path, writeHistory(entries), 'history-file');
        return { entries, ref, commit };
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        log.warning(`The history is not kept: ${error.line}`);
        return null;
    }
}
async function readHistory(path, log) {
    const content = await (0,files/* readWhole */.oD)(path, MAX_HISTORY_BYTES, 'history-file', { mayBeAbsent: true });
    if (content === null)
        return [];
    const text = content.toString('utf8');
    const { entries, broken } = parseHistory(text);
    if (broken === 0)
        return entries;
    if (entries.length === 0 && !text.startsWith(FIRST.slice(0, text.trimEnd().length))) {
        throw new errors/* WardenError */.Sh('input', `input history-file: ${path} is not a history`, {
            advice: 'Name a file of its own; it is created on the first push',
        });
    }
    const lines = broken === 1 ? 'one line' : `${broken} lines`;
    log.notice(`${path}: left out ${lines} that could not be read, most likely cut short by a cancelled job`);
    return entries;
}

;// CONCATENATED MODULE: ./src/modes/size.js


















async function runSize(common, settings, session, runner) {
    const { log } = runner;
    const { readerOf, ...sources } = rememberReaders(session);
    const change = await openChange(common, session.github, runner);
    const [images, severity] = await Promise.all([
        selectImages(settings.images, sources),
        severityOf(settings, change),
    ]);
    const measuring = measureSize({
        images,
        platforms: settings.platforms,
        limits: settings.limits,
        severity,
        growth: { ...settings.growth, ...sources, facts: change.facts },
        everyConfig: settings.reportFile !== null,
    }, {
        log,
        now: session.clock,
        concurrency: (0,concurrency/* mostInFlight */.f)(common.concurrency),
        timeIsUp: () => session.ending.reason() !== null,
    });
    const measured = await measuring.catch(async (error) => {
        if (common.summary && error instanceof errors/* WardenError */.Sh) {
            await summariseFailure(error, common, runner, session.clock());
        }
        throw error;
    });
    const { explain } = settings;
    const explained = explain === null
        ? measured
        : await explainSizes(measured, { ...explain, severity, readerOf }, { readLayer: session.readLayer, log });
    const report = runner.redact({
        ...explained,
        overrideLabel: change.takesLabels ? settings.overrideLabel : null,
    });
    const { requests, retries, bytes } = session.stats();
    log.debug(`${requests} requests, of them ${retries} retries; ${bytes} bytes read`);
    const view = sizeView(report, common.units);
    const now = session.clock();
    const history = settings.historyFile === null ? null : await keepHistory(settings.historyFile, report, runner, now);
    await publishSize(view, common, settings.comment, { change, runner, now, history });
    if (settings.badgeFile !== null)
        await keepBadge(settings.badgeFile, view, log);
    if (settings.reportFile !== null) {
        await (0,files/* writeWhole */.f8)(settings.reportFile, `${JSON.stringify(reportFileJson(report))}\n`, 'report-file');
    }
    for (const annotation of sizeAnnotations(view))
        runner.annotate(annotation);
    if (report.verdict === 'fail')
        runner.fail(sizeFailure(view));
    return report.verdict !== 'fail';
}
async function summariseFailure({ line }, { units }, { runUrl, redact, writeSummary }, now) {
    await writeSummary(renderFailedSize(redact(line), { units, now, ...(runUrl === null ? {} : { runUrl }) }));
}
function rememberReaders(session) {
    const repositories = new Map();
    const files = new Map();
    const readers = new Map();
    return {
        catalog: session.catalog,
        open: (repository) => {
            const reader = session.open(repository);
            repositories.set((0,names_reference/* formatRepository */.Sh)(repository), reader);
            return reader;
        },
        openLocal: async (source) => {
            const name = (0,image_source/* formatImageSource */.Sp)(source);
            const opening = files.get(name) ?? session.openLocal(source);
            files.set(name, opening);
            const opened = await opening;
            readers.set(name, opened.reader);
            return opened;
        },
        readerOf: ({ name, repository }) => (repository === null ? readers.get(name) : repositories.get(repository)) ?? null,
    };
}
async function selectImages(images, sources) {
    const globs = images.filter((image) => image.kind === 'glob');
    const named = await Promise.all(images.flatMap((image) => (image.kind === 'glob' ? [] : [selectImage(image, sources)])));
    const [first] = globs;
    if (first === undefined)
        return named;
    const known = new Set(named.map((image) => (image.kind === 'many' ? image.repository : null)));
    const found = await (0,repositories/* expandRepositories */.JU)(globs, sources.catalog);
    return [
        ...named,
        ...found
            .map((repository) => ({ name: (0,names_reference/* formatRepository */.Sh)(repository), reader: sources.open(repository) }))
            .filter(({ name }) => !known.has(name))
            .map(({ name, reader }) => ({
            kind: 'many',
            repository: name,
            tags: first.tags,
            reader,
            isFound: true,
        })),
    ];
}
async function selectImage(image, { open, openLocal }) {
    if (image.kind === 'local') {
        const { reader, top, path } = await openLocal(image.source);
        const { tag } = image.source;
        return {
            kind: 'one',
            name: (0,image_source/* formatImageSource */.Sp)(image.source),
            repository: null,
            store: path,
            tag,
            manifest: top,
            reader,
        };
    }
    const { reference, tags } = image;
    const repository = (0,names_reference/* formatRepository */.Sh)(reference.repository);
    const reader = open(reference.repository);
    if (tags !== null)
        return { kind: 'many', repository, tags, reader };
    const tag = reference.tag ?? (reference.digest === null ? (0,names_tag/* parseTag */.ED)('latest', 'image') : null);
    const manifest = reference.digest ?? tag;
    if (manifest === null)
        throw new Error('a reference has a tag or a digest');
    const isImplied = reference.tag === null && reference.digest === null;
    const name = (0,names_reference/* formatReference */.FH)({ ...reference, tag });
    return { kind: 'one', name, repository, tag, isImplied, manifest, reader };
}
async function severityOf({ severity, overrideLabel }, change) {
    if (severity !== 'fail' || overrideLabel === null)
        return severity;
    const overridden = await change.hasLabel(overrideLabel);
    return overridden ? { warnBecause: `the pull request has the label ${overrideLabel}` } : severity;
}

;// CONCATENATED MODULE: ./src/modes/measuring.js




/***/ })

};
