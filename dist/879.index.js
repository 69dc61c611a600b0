export const id = 879;
export const ids = [879];
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

/***/ 2879:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runList: () => (/* reexport */ runList),
  runPrune: () => (/* reexport */ runPrune),
  runUndo: () => (/* reexport */ runUndo),
  startUnavailable: () => (/* reexport */ startUnavailable)
});

// EXTERNAL MODULE: ./src/domain/quantities/concurrency.js
var quantities_concurrency = __webpack_require__(6077);
;// CONCATENATED MODULE: ./src/report/placed.js
function placed(repository, text) {
    const subject = text.slice(0, Math.max(0, text.indexOf(': ')));
    return subject.split(/[\s@]/).some((word) => isOf(word, repository)) ? text : `${repository}: ${text}`;
}
function isOf(word, repository) {
    return word === repository || word.startsWith(`${repository}:`);
}

// EXTERNAL MODULE: ./src/report/markdown/words.js
var words = __webpack_require__(717);
;// CONCATENATED MODULE: ./src/report/list/headline.js


function brokenOf({ repositories }) {
    return repositories.filter(({ problem }) => problem !== null);
}
function tagCount({ repositories }) {
    return repositories.reduce((sum, { tags }) => sum + (tags?.length ?? 0), 0);
}
function listHeadline(report) {
    if (!report.available)
        return 'the registry is not available';
    const { repositories, shards } = report;
    const pending = repositories.filter(({ tags, problem }) => tags === null && problem === null).length;
    const parts = [
        (0,words/* plural */.LS)(repositories.length, 'repository'),
        (0,words/* plural */.LS)(tagCount(report), 'tag'),
        ...(shards.length > 1 ? [(0,words/* plural */.LS)(shards.length, 'shard')] : []),
        ...(brokenOf(report).length > 0 ? [`${brokenOf(report).length} could not be read`] : []),
        ...(pending > 0 ? [`${pending} not reached`] : []),
    ];
    return parts.join(', ');
}
function listFailure(report) {
    const problems = [
        ...report.checks.filter(({ verdict }) => verdict === 'fail').map(({ message }) => message),
        ...brokenOf(report).map(({ repository, problem }) => placed(repository, problem ?? '')),
    ];
    const [first = 'list failed'] = problems;
    const more = problems.length - 1;
    return more === 0 ? first : `${first} (and ${(0,words/* plural */.LS)(more, 'more problem')})`;
}

// EXTERNAL MODULE: ./src/report/compact-json.js
var compact_json = __webpack_require__(7776);
;// CONCATENATED MODULE: ./src/report/list/json.js
function listJson({ result, available, checks, repositories }) {
    return {
        schemaVersion: 1,
        mode: 'list',
        result,
        available,
        checks,
        repositories: repositories.map(({ repository, tags, problem }) => {
            if (tags !== null)
                return { repository, tags };
            return { repository, tags: [], problem: problem ?? 'not reached before max-duration' };
        }),
    };
}

;// CONCATENATED MODULE: ./src/report/list/outputs.js


function listOutputs(report) {
    const { result, available, repositories, shards } = report;
    const tags = repositories.flatMap((each) => (each.tags === null ? [] : [[each.repository, each.tags]]));
    const include = shards.map(({ shard, repositories: own }) => ({ shard, image: own.join('\n') }));
    return {
        result,
        available: String(available),
        repositories: bounded(repositories.map(({ repository }) => repository)),
        tags: bounded(Object.fromEntries(tags)),
        matrix: bounded({ include }),
        json: (0,compact_json/* compactJson */.A)(listJson(report)),
    };
}
const NOTHING_LISTED = {
    available: false,
    checks: [],
    repositories: [],
    shards: [],
    result: 'fail',
};
function oversized(report) {
    const outputs = listOutputs(report);
    return ['repositories', 'tags', 'matrix'].filter((name) => outputs[name] === 'null');
}
function bounded(value) {
    const text = JSON.stringify(value);
    return Buffer.byteLength(text) <= compact_json/* OUTPUT_MAX_BYTES */.z ? text : 'null';
}

;// CONCATENATED MODULE: ./src/report/list/annotations.js



const MOST = 9;
function listAnnotations(report) {
    const failed = report.checks.filter(({ verdict }) => verdict === 'fail').map(({ message }) => message);
    const broken = brokenOf(report).map(({ repository, problem }) => placed(repository, problem ?? ''));
    const warned = report.checks.filter(({ verdict }) => verdict === 'warn').map(({ message }) => message);
    const tooLarge = oversized(report).map((name) => `output ${name} is above GitHub's limit and is null. Narrow image or tags`);
    const pending = report.result === 'partial' ? ['max-duration was over before every repository was read'] : [];
    return [
        ...annotations_bounded('error', [...failed, ...broken].slice(report.result === 'fail' ? 1 : 0)),
        ...annotations_bounded('warning', [...pending, ...warned, ...tooLarge]),
    ];
}
function annotations_bounded(level, messages) {
    const shown = messages.length > MOST + 1 ? messages.slice(0, MOST) : messages;
    const left = messages.length - shown.length;
    const all = left === 0 ? shown : [...shown, `${left} more, see the job summary`];
    return all.map((message) => ({ level, title: 'List', message }));
}

;// CONCATENATED MODULE: ./src/report/list/log.js



const SHOWN_TAGS = 10;
const SHOWN_REPOSITORIES = 200;
const WORDS = { pass: 'ok  ', warn: 'warn', fail: 'FAIL' };
function listLog(report) {
    const { checks, repositories } = report;
    const left = repositories.length - SHOWN_REPOSITORIES;
    return [
        ...checks.map(({ check, verdict, message }) => `${WORDS[verdict]}  ${check.padEnd(11)}  ${message}`),
        ...repositories.slice(0, SHOWN_REPOSITORIES).map(({ repository, tags, problem }) => {
            if (tags === null)
                return `  ${placed(repository, problem ?? 'not reached')}`;
            const more = tags.length > SHOWN_TAGS ? ', …' : '';
            const names = tags.length === 0 ? '' : ` (${tags.slice(0, SHOWN_TAGS).join(', ')}${more})`;
            return `  ${repository}: ${(0,words/* plural */.LS)(tags.length, 'tag')}${names}`;
        }),
        ...(left > 0 ? [`  … and ${(0,words/* plural */.LS)(left, 'more repository')}`] : []),
        listHeadline(report),
    ];
}

// EXTERNAL MODULE: ./src/report/markdown/columns.js
var markdown_columns = __webpack_require__(403);
// EXTERNAL MODULE: ./src/report/markdown/fitting.js
var fitting = __webpack_require__(3327);
// EXTERNAL MODULE: ./src/report/markdown/lists.js
var lists = __webpack_require__(2409);
// EXTERNAL MODULE: ./src/report/markdown/markdown.js
var markdown = __webpack_require__(139);
// EXTERNAL MODULE: ./src/report/common-folder.js
var common_folder = __webpack_require__(8368);
// EXTERNAL MODULE: ./src/report/summary-frame.js
var summary_frame = __webpack_require__(9028);
// EXTERNAL MODULE: ./src/report/verdict.js
var report_verdict = __webpack_require__(1157);
;// CONCATENATED MODULE: ./src/report/list/summary.js









const OPEN_REPOSITORIES = 30;
const OPEN_PROBLEMS = 10;
const NAME_LENGTH = 120;
const MESSAGE_LENGTH = 600;
function renderListSummary(report, { runUrl }) {
    return (0,fitting/* fit */.U)(summary_frame/* SUMMARY_MAX_BYTES */.eR, [
        () => draw(report, runUrl, { repositories: 2000, tags: 3, problems: 200 }),
        () => draw(report, runUrl, { repositories: 1000, tags: 3, problems: 100 }),
        () => draw(report, runUrl, { repositories: 500, tags: 0, problems: 50 }),
        () => draw(report, runUrl, { repositories: 100, tags: 0, problems: 20 }),
    ]);
}
function draw(report, runUrl, extent) {
    const run = runUrl === null ? [] : [(0,markdown/* link */.nf)((0,markdown/* prose */.CS) `run`, runUrl)];
    return (0,markdown/* blocks */.Bv)((0,markdown/* heading */.R_)(3, (0,markdown/* prose */.CS) `${(0,markdown/* own */.ZV)(report_verdict/* ICONS */.Ze[report.result])} List: ${(0,markdown/* own */.ZV)(listHeadline(report))}`), checkTable(report.checks), problems(report, extent.problems), repositoryTable(report, extent), shardLine(report), (0,summary_frame/* footerLine */.GO)(run));
}
const CHECKS = {
    reachable: 'Reachable',
    tls: 'TLS',
    'api-version': 'API version',
    credentials: 'Credentials',
    permissions: 'Permissions',
    catalog: 'Catalog',
};
const VERDICTS = {
    pass: `${report_verdict/* ICONS */.Ze.pass} pass`,
    warn: `${report_verdict/* ICONS */.Ze.warn} warn`,
    fail: `${report_verdict/* ICONS */.Ze.fail} fail`,
};
function checkTable(checks) {
    if (checks.length === 0)
        return markdown/* EMPTY */.wg;
    return (0,markdown/* table */.tp)({
        columns: [
            { title: (0,markdown/* prose */.CS) `Check`, align: 'left' },
            { title: (0,markdown/* prose */.CS) `Verdict`, align: 'left' },
            { title: (0,markdown/* prose */.CS) `What was found`, align: 'left' },
        ],
        rows: checks.map(({ check, verdict, message }) => [
            (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)(CHECKS[check])),
            (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)(VERDICTS[verdict])),
            (0,markdown/* foreignProse */.gS)(message, MESSAGE_LENGTH),
        ]),
    });
}
function problems(report, most) {
    const broken = brokenOf(report);
    if (broken.length === 0)
        return markdown/* EMPTY */.wg;
    const drawOne = ({ repository, problem }) => (0,markdown/* prose */.CS) `${(0,markdown/* code */.aY)(repository, NAME_LENGTH)}: ${(0,markdown/* foreignProse */.gS)(problem ?? '', MESSAGE_LENGTH)}`;
    return (0,markdown/* blocks */.Bv)((0,markdown/* prose */.CS) `**${(0,markdown/* own */.ZV)((0,words/* plural */.LS)(broken.length, 'repository'))} could not be read:**`, (0,lists/* foldedList */.H)(broken, drawOne, { open: OPEN_PROBLEMS, written: most, noun: 'repository' }));
}
function repositoryTable({ repositories, shards }, extent) {
    if (repositories.length === 0)
        return markdown/* EMPTY */.wg;
    const shardOf = new Map(shards.flatMap(({ shard, repositories: own }) => own.map((name) => [name, shard])));
    const folder = (0,common_folder/* commonFolder */.M)(repositories.map(({ repository }) => repository));
    const columns = [
        {
            title: (0,markdown/* prose */.CS) `Repository`,
            align: 'left',
            unbroken: markdown_columns/* UNBROKEN_NAME */.X2,
            cell: ({ repository }) => (0,markdown/* code */.aY)(repository.slice(folder.length), NAME_LENGTH),
        },
        {
            title: (0,markdown/* prose */.CS) `Tags`,
            align: 'right',
            cell: ({ tags }) => (tags === null ? (0,markdown/* prose */.CS) `?` : (0,markdown/* prose */.CS) `${tags.length}`),
        },
        {
            title: (0,markdown/* prose */.CS) `Shard`,
            align: 'right',
            when: shards.length > 1,
            cell: ({ repository }) => (0,markdown/* prose */.CS) `${shardOf.get(repository) ?? 0}`,
        },
        {
            title: (0,markdown/* prose */.CS) `For example`,
            align: 'left',
            when: extent.tags > 0,
            cell: ({ tags }) => someTags(tags ?? [], extent.tags),
        },
    ];
    const mostTagsFirst = repositories.toSorted((a, b) => (b.tags?.length ?? -1) - (a.tags?.length ?? -1));
    return (0,markdown/* blocks */.Bv)(folder === '' ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `Repositories of ${(0,markdown/* code */.aY)(folder, NAME_LENGTH)}:`, (0,markdown_columns/* foldedTable */.vd)(columns, mostTagsFirst, {
        open: OPEN_REPOSITORIES,
        written: extent.repositories,
        noun: 'repository',
    }));
}
function someTags(tags, most) {
    const shown = tags.slice(0, most).map((tag) => (0,markdown/* code */.aY)(tag, 60));
    return (0,markdown/* join */.fj)(tags.length > most ? [...shown, (0,markdown/* prose */.CS) `…`] : shown, (0,markdown/* prose */.CS) ` `);
}
function shardLine({ shards }) {
    if (shards.length < 2)
        return markdown/* EMPTY */.wg;
    const sizes = shards.map(({ repositories }) => repositories.length);
    const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
    const each = least === most ? `${least}` : `${least} to ${most}`;
    return (0,markdown/* prose */.CS) `The output \`matrix\` has ${shards.length} shards of ${(0,markdown/* own */.ZV)(each)} repositories.`;
}

// EXTERNAL MODULE: ../../node_modules/p-map/index.js
var p_map = __webpack_require__(4154);
// EXTERNAL MODULE: ./src/domain/errors.js
var errors = __webpack_require__(9763);
;// CONCATENATED MODULE: ./src/domain/list/check.js
const ESSENTIAL = new Set(['reachable', 'tls', 'api-version', 'credentials']);
function isAvailable(checks) {
    return !checks.some(({ check, verdict }) => verdict === 'fail' && ESSENTIAL.has(check));
}

// EXTERNAL MODULE: ./src/domain/vendors/vendors.js + 1 modules
var vendors_vendors = __webpack_require__(2236);
;// CONCATENATED MODULE: ./src/domain/list/judge-probe.js

const LOOPBACK = /^(?:localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/;
function judgeProbe(probe, trust) {
    const { host } = probe.registry;
    if (probe.kind === 'folder')
        return [line('reachable', 'pass', 'the storage folder can be read')];
    const { ping } = probe;
    if (ping.kind === 'silent')
        return silence(probe, ping);
    const reachable = line('reachable', 'pass', `${host} answers (${ping.status})`);
    const version = apiVersion(probe, ping);
    const checks = [reachable, tlsCheck(probe, trust), version];
    return version.verdict === 'fail' ? checks : [...checks, ...credentials(probe)];
}
function silence({ registry: { host, origin } }, ping) {
    const { error, speaksTls } = ping;
    if (speaksTls) {
        return [
            line('reachable', 'pass', `${host} answers`),
            line('tls', 'fail', `${host} speaks TLS, and was asked in plain HTTP. Write registry: https://${host}, with ca-file for a private authority`),
        ];
    }
    if (error.kind !== 'tls')
        return [line('reachable', 'fail', error.line)];
    const advice = origin.startsWith('https:') && /does not speak TLS/.test(error.message);
    return [
        line('reachable', 'pass', `${host} answers`),
        line('tls', 'fail', advice
            ? `${host} answers in plain HTTP, and was asked over TLS. Write registry: http://${host}`
            : error.line),
    ];
}
function tlsCheck({ registry: { host, origin } }, { insecure }) {
    if (origin.startsWith('https:')) {
        return insecure
            ? line('tls', 'warn', `the certificate of ${host} is not checked, as insecure: true asks; prefer ca-file`)
            : line('tls', 'pass', `the certificate of ${host} is trusted`);
    }
    return LOOPBACK.test(host)
        ? line('tls', 'pass', `plain HTTP, which does not leave this machine`)
        : line('tls', 'warn', `plain HTTP: anyone on the way to ${host} can read passwords and change images`);
}
const NOT_HERE = 'Check host and port';
function apiVersion({ registry: { host } }, ping) {
    const { status, isHtml, apiVersion: said, redirectedTo } = ping;
    const fail = (message) => line('api-version', 'fail', message);
    if (redirectedTo !== null && (isHtml || status >= 400)) {
        return fail(`${host} redirects to ${redirectedTo}, which is ${isHtml ? 'a web page' : 'no registry'}: a login page? ` +
            'A proxy in front of a registry must let /v2/ through without its own login');
    }
    if (isHtml && status < 400) {
        return fail(`${host} answers /v2/ with a web page, so it is not a registry. ${NOT_HERE}; the registry may have a host name of its own`);
    }
    if (said !== null && !/\bregistry\/2\.\d+/i.test(said)) {
        return fail(`${host} says it speaks ${said}, and only registry/2.0 is spoken here. Update the registry, or check that no proxy changes the header Docker-Distribution-Api-Version`);
    }
    if (status === 404 || status === 410) {
        return fail(`${host} is not a registry: it has no /v2/ (${status}). ${NOT_HERE}: Artifactory, Nexus and GitLab often serve it on another port or host name than their web pages`);
    }
    if (status >= 500)
        return fail(`${host} answers /v2/ with ${status}. The registry is at fault; run again later`);
    if (isHtml && status !== 401 && status !== 403)
        return fail(`${host} answers /v2/ with a web page (${status}). ${NOT_HERE}`);
    if (status >= 300 && status !== 401 && status !== 403) {
        return fail(`${host} answers /v2/ with ${status}, as no registry does. ${NOT_HERE}`);
    }
    return line('api-version', 'pass', said === null ? `${host} answers as a registry of version 2 does` : `${host} speaks registry/2.0`);
}
function credentials({ registry, ping, login }) {
    if (login === null || ping.kind === 'silent')
        return [];
    const { host } = registry;
    if (login.kind === 'not needed') {
        return [
            line('credentials', 'pass', login.isAnonymous
                ? `${host} asks for no login`
                : `${host} asks for no login here, so the credentials were not tried`),
        ];
    }
    if (login.kind === 'accepted') {
        return [line('credentials', 'pass', `${host} takes the login ${login.who}${by(ping.offers)}`)];
    }
    return [
        line('credentials', login.isAnonymous ? 'warn' : 'fail', refusedWords(login, ping, (0,vendors_vendors/* vendorOf */.AK)(registry).title)),
    ];
}
function settleAnonymous(check, host, couldRead) {
    if (check.check !== 'credentials' || check.verdict !== 'warn')
        return check;
    return couldRead
        ? line('credentials', 'pass', `${host} lets anyone read what was asked for, and wants a login for the rest`)
        : { ...check, verdict: 'fail' };
}
function by(offers) {
    const bearer = offers.find(({ scheme }) => scheme === 'bearer');
    if (bearer === undefined)
        return offers.some(({ scheme }) => scheme === 'basic') ? ', by Basic' : '';
    const realm = URL.parse(bearer.realm);
    return realm === null ? ', by token' : `, by a token of ${realm.host}`;
}
function refusedWords({ error, isAnonymous }, ping, title) {
    const hint = realmHint(ping.offers, title, isAnonymous);
    if (ping.status === 403) {
        return `${error.message}. The address of this runner, or everyone without a login, is shut out: check firewall and allow lists, or log in`;
    }
    return hint === null ? error.line : `${error.line}. ${hint}`;
}
function realmHint(offers, title, isAnonymous) {
    const realms = offers.filter(({ scheme }) => scheme === 'bearer').map(({ realm }) => realm);
    if (realms.some((realm) => realm.endsWith('/openshift/token'))) {
        return 'This is OpenShift: the password is an API token (oc whoami -t, or that of a service account), the user name is any';
    }
    if (realms.some((realm) => realm.endsWith('/image-manager/api/v1/auth/token'))) {
        return 'This is IBM Cloud Private: its token server, mostly on port 8600, takes the user name and password of the cluster, and the runner must reach it and trust its certificate (ca-file)';
    }
    if (isAnonymous && realms.length === 0 && offers.some(({ scheme }) => scheme === 'basic')) {
        return `The registry takes user name and password (Basic)${title === 'Any other registry' ? '' : `; it is ${title}`}`;
    }
    return null;
}
function judgeGrants(host, path, grants) {
    if (grants.kind === 'unknown') {
        const words = {
            'no login': `${host} asks for no login: anyone who can reach it may do all that it allows`,
            basic: `${host} takes Basic, which does not say what the login may do; reading ${path} works`,
            folder: 'a storage folder has no login: whoever may write its files may delete in it',
            opaque: `the tokens for ${host} cannot be read, so only trying tells; reading ${path} works`,
        };
        return line('permissions', 'pass', words[grants.why]);
    }
    const { actions } = grants;
    if (actions.length === 0) {
        return line('permissions', 'warn', `the token for ${host}/${path} names no permission, though reading works`);
    }
    const all = actions.includes('*') ? 'everything (*)' : actions.join(', ');
    const mayDelete = actions.includes('*') || actions.includes('delete');
    const lacks = mayDelete ? '' : '; prune needs the permission to delete';
    return line('permissions', 'pass', `the token for ${host}/${path} allows ${all}${lacks}`);
}
function line(check, verdict, message) {
    return { check, verdict, message };
}

;// CONCATENATED MODULE: ./src/domain/list/report.js
function listResult(checks, repositories) {
    if (checks.some(({ verdict }) => verdict === 'fail'))
        return 'fail';
    if (repositories.some(({ problem }) => problem !== null))
        return 'fail';
    if (repositories.some(({ tags }) => tags === null))
        return 'partial';
    return checks.some(({ verdict }) => verdict === 'warn') ? 'warn' : 'pass';
}

;// CONCATENATED MODULE: ./src/domain/list/shards.js
function splitIntoShards(items, count) {
    const size = Math.min(count, items.length);
    const shards = Array.from({ length: size }, () => ({ repositories: [], weight: 0 }));
    const least = size === 0 ? 0 : Math.floor(items.length / size);
    let larger = items.length - least * size;
    const heaviestFirst = items.toSorted((a, b) => b.weight - a.weight || compare(a.repository, b.repository));
    for (const { repository, weight } of heaviestFirst) {
        const shard = lightest(shards, (one) => one.repositories.length < least + (larger > 0 ? 1 : 0));
        if (shard === undefined)
            throw new Error('the shards together hold every repository');
        if (shard.repositories.length === least)
            larger -= 1;
        shard.repositories.push(repository);
        shard.weight += weight;
    }
    return shards.map(({ repositories }, index) => ({
        shard: index + 1,
        repositories: repositories.toSorted(compare),
    }));
}
function lightest(shards, hasRoom) {
    let found;
    for (const shard of shards) {
        if (hasRoom(shard) && (found === undefined || shard.weight < found.weight))
            found = shard;
    }
    return found;
}
function compare(a, b) {
    return a < b ? -1 : Number(a > b);
}

// EXTERNAL MODULE: ./src/domain/names/reference.js
var reference = __webpack_require__(6296);
// EXTERNAL MODULE: ./src/domain/size/selection.js
var selection = __webpack_require__(8052);
// EXTERNAL MODULE: ./src/domain/names/natural-order.js
var natural_order = __webpack_require__(725);
// EXTERNAL MODULE: ./src/domain/text.js
var domain_text = __webpack_require__(6119);
// EXTERNAL MODULE: ./src/usecases/repositories.js
var usecases_repositories = __webpack_require__(1320);
;// CONCATENATED MODULE: ./src/usecases/list/find-repositories.js






async function findRepositories(choices, readCatalog) {
    const found = new Map();
    const checks = [];
    const matchesOf = (0,usecases_repositories/* openCatalogs */.ZI)(readCatalog);
    for (const choice of choices) {
        if (choice.kind === 'one') {
            found.set((0,usecases_repositories/* repositoryKey */.Kq)(choice.repository), { repository: choice.repository, isNamed: true });
            continue;
        }
        try {
            const match = await matchesOf(choice.glob);
            checks.push(catalogCheck(choice.glob, match));
            for (const repository of match.repositories) {
                const key = (0,usecases_repositories/* repositoryKey */.Kq)(repository);
                if (!found.has(key))
                    found.set(key, { repository, isNamed: false });
            }
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            checks.push(line('catalog', 'fail', error.line));
        }
    }
    const named = [...found.values()].map((each) => ({ each, name: (0,reference/* formatRepository */.Sh)(each.repository) }));
    return {
        found: named.toSorted((a, b) => (0,natural_order/* compareNaturally */.y)(a.name, b.name)).map(({ each }) => each),
        checks,
    };
}
function catalogCheck(glob, match) {
    const { repositories, catalog, unusable } = match;
    const { host } = glob.registry;
    if (unusable.length > 0) {
        const names = `${unusable.length} of its names cannot be asked for, such as ${(0,domain_text/* sanitiseLine */.lg)(unusable[0] ?? '', 80)}`;
        return line('catalog', 'warn', `the catalog of ${host}: ${names}; these are left out`);
    }
    if (repositories.length === 0 && catalog.length > 0)
        return line('catalog', 'warn', (0,usecases_repositories/* noMatch */.lX)(glob, match).line);
    const all = catalog.length === 1 ? '1 repository' : `${catalog.length} repositories`;
    const which = glob.pattern.source === '*' ? '' : `, ${repositories.length} match ${glob.pattern.source}`;
    return line('catalog', 'pass', `the catalog of ${host} has ${all}${which}`);
}

;// CONCATENATED MODULE: ./src/usecases/list/list-registry.js









async function listRegistry(request, deps) {
    const registries = registriesOf(request);
    const probed = await Promise.all(registries.map(async (registry) => {
        const probe = await deps.probe(registry);
        return { registry, checks: judgeProbe(probe, { insecure: request.isInsecure(registry) }) };
    }));
    const alive = new Set(probed.filter(({ checks }) => isAvailable(checks)).map(({ registry: { origin } }) => origin));
    const choices = request.choices.filter((choice) => alive.has(registryOf(choice).origin));
    const { found, checks: catalogChecks } = await findRepositories(choices, deps.catalog);
    const read = await readTags(found, request.tags, deps);
    const checks = [];
    for (const { registry, checks: own } of probed) {
        const readable = read.find(({ repository, listed }) => repository.registry.origin === registry.origin && listed.tags !== null);
        const settled = own.map((check) => settleAnonymous(check, registry.host, readable !== undefined));
        checks.push(...settled);
        if (readable !== undefined)
            checks.push(await permissions(readable.repository, deps));
    }
    checks.push(...catalogChecks);
    const repositories = read.map(({ listed }) => listed);
    return {
        available: isAvailable(checks),
        checks,
        repositories,
        shards: splitIntoShards(repositories.map(({ repository, tags }) => ({ repository, weight: tags?.length ?? 0 })), request.shards),
        result: listResult(checks, repositories),
    };
}
function registryOf(choice) {
    return choice.kind === 'one' ? choice.repository.registry : choice.glob.registry;
}
function registriesOf({ choices }) {
    return [...new Map(choices.map((choice) => [registryOf(choice).origin, registryOf(choice)])).values()];
}
async function permissions(repository, { grants }) {
    return judgeGrants(repository.registry.host, repository.path, await grants(repository));
}
async function readTags(found, filter, { open, concurrency, timeIsUp, log }) {
    let done = 0;
    return (0,p_map/* default */.Ay)(found, one, { concurrency });
    async function one({ repository, isNamed }) {
        const name = (0,reference/* formatRepository */.Sh)(repository);
        const listed = await listOne(repository, name, isNamed);
        done += 1;
        if (done % PROGRESS === 0)
            log.info(`${done} of ${found.length} repositories listed`);
        return { repository, listed };
    }
    async function listOne(repository, name, isNamed) {
        if (timeIsUp())
            return { repository: name, tags: null, problem: null };
        try {
            const tags = (0,selection/* selectTags */.O)(await open(repository).tags(), filter);
            return { repository: name, tags, problem: null };
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            if (error.kind === 'not-found-repository' && !isNamed)
                return { repository: name, tags: [], problem: null };
            return { repository: name, tags: null, problem: timeIsUp() ? null : error.line };
        }
    }
}
const PROGRESS = 100;

;// CONCATENATED MODULE: ./src/modes/list.js







async function runList(common, settings, session, runner) {
    const report = runner.redact(await look(common, settings, session, runner));
    for (const line of listLog(report))
        runner.log.info(line);
    const { requests, retries, bytes } = session.stats();
    runner.log.debug(`${requests} requests, of them ${retries} retries; ${bytes} bytes read`);
    if (common.summary)
        await runner.writeSummary(renderListSummary(report, { runUrl: runner.runUrl }));
    runner.setOutputs(listOutputs(report));
    for (const annotation of listAnnotations(report))
        runner.annotate(annotation);
    if (report.result === 'fail')
        runner.fail(listFailure(report));
    return report.result !== 'fail';
}
function look(common, { repositories: choices, tags, shards }, session, runner) {
    const isInsecure = ({ origin }) => common.insecure && origin === common.registry.origin;
    const { log } = runner;
    const { open, catalog, probe, grants, timeIsUp } = session;
    const concurrency = (0,quantities_concurrency/* mostInFlight */.f)(common.concurrency);
    return listRegistry({ choices, tags, shards, isInsecure }, { open, catalog, probe, grants, log, concurrency, timeIsUp });
}
function startUnavailable(runner) {
    runner.setOutputs(listOutputs(NOTHING_LISTED));
}

// EXTERNAL MODULE: ./src/action/files.js
var action_files = __webpack_require__(1515);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./src/action/undo-file.js





async function createUndoFile(path, header) {
    const file = await openEmpty(path);
    let last = write(file, path, header);
    const failure = await last;
    if (failure !== null) {
        await file.close();
        throw failure;
    }
    return {
        append: (line) => {
            last = last.then((earlier) => earlier ?? write(file, path, line));
            return last;
        },
        close: async () => {
            await last;
            await file.close();
        },
    };
}
async function isUndoFileTaken(path) {
    const found = await (0,promises_.lstat)(path).catch(() => null);
    return found !== null && found.isFile() && found.size > 0;
}
const APPEND = external_node_fs_.constants.O_APPEND |
    external_node_fs_.constants.O_CREAT |
    external_node_fs_.constants.O_WRONLY |
    (external_node_fs_.constants.O_NOFOLLOW ?? 0) |
    (external_node_fs_.constants.O_NONBLOCK ?? 0);
async function openEmpty(path) {
    let file;
    try {
        await (0,promises_.mkdir)((0,external_node_path_.dirname)(path), { recursive: true });
        const found = await (0,promises_.lstat)(path).catch(() => null);
        if (found !== null && !found.isFile())
            throw (0,action_files/* notPlain */.Q)(path, 'undo-file');
        file = await (0,promises_.open)(path, APPEND);
    }
    catch (cause) {
        throw cause instanceof errors/* WardenError */.Sh ? cause : unwritable(path, cause);
    }
    const { size } = await file.stat();
    if (size === 0)
        return file;
    await file.close();
    throw new errors/* WardenError */.Sh('input', `input undo-file: ${path} is not empty`, {
        advice: 'It may hold what an earlier run deleted: name a new file for each run',
    });
}
async function write(file, path, line) {
    try {
        await file.appendFile(line);
        await file.datasync();
        return null;
    }
    catch (cause) {
        return unwritable(path, cause);
    }
}
function unwritable(path, cause) {
    const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
    return new errors/* WardenError */.Sh('input', `input undo-file: ${path} cannot be written${why}`, {
        advice: 'Name a file in a folder that the job may write to, such as the workspace',
        cause,
    });
}

// EXTERNAL MODULE: ../../node_modules/picomatch/index.js
var picomatch = __webpack_require__(1026);
;// CONCATENATED MODULE: ./src/action/workspace-files.js


async function* globFiles(pattern, limits) {
    const { base, glob } = picomatch.scan(pattern, { nonegate: true });
    if (glob === '') {
        if (await isThere(pattern))
            yield pattern;
        return;
    }
    const matches = picomatch(glob, { dot: true, nonegate: true, expandRange });
    const depth = glob.includes('**') ? Infinity : glob.split('/').length;
    const takesGit = glob.includes('.git');
    const root = base || (pattern.startsWith('/') ? '/' : '.');
    if (!(await isThere(root)))
        return;
    const waiting = [{ path: root, relative: '', above: [] }];
    for (let walked = 1;; walked += 1) {
        const folder = waiting.pop();
        if (folder === undefined || limits.timeIsUp())
            return;
        if (walked > limits.folders)
            throw new RangeError(`more than ${limits.folders} folders`);
        const real = await (0,promises_.realpath)(folder.path);
        if (folder.above.includes(real))
            continue;
        const entries = await (0,promises_.readdir)(folder.path, { withFileTypes: true }).catch(noneIfNoFolder);
        for (const entry of entries) {
            const { name } = entry;
            const path = folder.path === '.' ? name : `${folder.path.replace(/\/$/, '')}/${name}`;
            const relative = folder.relative === '' ? name : `${folder.relative}/${name}`;
            const isFolder = entry.isDirectory() || (entry.isSymbolicLink() && (await leadsToFolder(path)));
            if (!isFolder) {
                if (matches(relative))
                    yield path;
            }
            else if (relative.split('/').length < depth && (name !== '.git' || takesGit)) {
                waiting.push({ path, relative, above: [...folder.above, real] });
            }
        }
    }
}
async function isThere(path) {
    return (0,promises_.stat)(path).then(() => true, (error) => {
        if (isCode(error, 'ENOENT', 'ENOTDIR'))
            return false;
        throw error;
    });
}
async function leadsToFolder(path) {
    return (0,promises_.stat)(path).then((found) => found.isDirectory(), () => false);
}
function noneIfNoFolder(error) {
    if (isCode(error, 'ENOTDIR'))
        return [];
    throw error;
}
function isCode(error, ...codes) {
    return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
function expandRange(from, to) {
    const [first, last] = [Number(from), Number(to)].toSorted((one, other) => one - other);
    if (first === undefined || last === undefined || Number.isNaN(first + last))
        return `[${from}-${to}]`;
    const width = /^0\d/.test(from) ? from.length : 0;
    const numbers = Array.from({ length: last - first + 1 }, (_, index) => String(first + index).padStart(width, '0'));
    return `(?:${numbers.join('|')})`;
}

;// CONCATENATED MODULE: ./src/action/protect-files.js
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});




const MAX_FILES = 10_000;
const MAX_FOLDERS = 100_000;
const MAX_BYTES = 5 * 1024 * 1024;
const MAX_COMBINATIONS = 256;
const MAX_LENGTH = 1_000;
const MAX_CLASSES = 50;
const MAX_WILDCARDS = 4;
const LOOK_EVERY = 200;
async function readProtectFiles(patterns, timeIsUp = () => false) {
    const files = new Map();
    const unmatched = [];
    for (const pattern of patterns) {
        if (combinationsOf(pattern) > MAX_COMBINATIONS) {
            throw refuse(pattern, `stands for more than ${MAX_COMBINATIONS} patterns with its braces`);
        }
        if (backtracks(pattern))
            throw refuse(pattern, 'has too many wildcards to be matched in bounded time');
        let found = 0;
        const paths = walk(pattern, timeIsUp);
        for await (const path of untilTimeIsUp(paths, timeIsUp)) {
            if (!(await isFile(path)))
                continue;
            found += 1;
            if (!files.has(path))
                files.set(path, { path, text: await readText(path) });
            if (files.size > MAX_FILES)
                throw refuse(pattern, `matches more than ${MAX_FILES} files`);
        }
        if (timeIsUp())
            return { files: [...files.values()], unmatched };
        if (found === 0)
            unmatched.push(pattern);
    }
    return { files: [...files.values()], unmatched };
}
async function* walk(pattern, timeIsUp) {
    try {
        yield* globFiles(pattern, { folders: MAX_FOLDERS, timeIsUp });
    }
    catch (cause) {
        if (cause instanceof RangeError)
            throw refuse(pattern, `leads through ${cause.message}`, cause);
        throw refuse(pattern, 'leads through a folder that cannot be read', cause);
    }
}
function combinationsOf(pattern) {
    let product = 1;
    let depth = 0;
    let commas = 0;
    for (const [token = ''] of pattern.matchAll(/\{(-?\d{1,9})\.\.(-?\d{1,9})[^{}]*\}|\{[^{},]\.\.[^{}]*\}|[{},]/g)) {
        if (token === '{') {
            depth += 1;
            if (depth === 1)
                commas = 0;
        }
        else if (token === ',')
            commas += depth > 0 ? 1 : 0;
        else if (token === '}') {
            depth -= 1;
            if (depth === 0)
                product *= commas + 1;
        }
        else
            product *= rangeSize(token);
    }
    return product;
}
function backtracks(pattern) {
    const isLong = pattern.length > MAX_LENGTH || pattern.split('[').length > MAX_CLASSES;
    const wildcards = (part) => part.match(/\*+|[?@!]\(/g)?.length ?? 0;
    return (isLong || /[*+]\(/.test(pattern) || pattern.split('/').some((part) => wildcards(part) > MAX_WILDCARDS));
}
function rangeSize(token) {
    const [from = '', to = ''] = token.slice(1, -1).split('..');
    const span = Number(to) - Number(from);
    return Number.isNaN(span) ? MAX_COMBINATIONS : Math.abs(span) + 1;
}
async function* untilTimeIsUp(items, timeIsUp) {
    const iterator = items[Symbol.asyncIterator]();
    const late = Promise.withResolvers();
    const timer = setInterval(() => {
        if (timeIsUp())
            late.resolve(null);
    }, LOOK_EVERY);
    try {
        for (;;) {
            const next = await Promise.race([iterator.next(), late.promise]);
            if (next === null || next.done === true)
                return;
            yield next.value;
        }
    }
    finally {
        clearInterval(timer);
    }
}
async function isFile(path) {
    try {
        return (await (0,promises_.stat)(path)).isFile();
    }
    catch (cause) {
        throw refuse(path, 'cannot be read', cause);
    }
}
async function readText(path) {
    try {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const file = __addDisposableResource(env_1, await (0,promises_.open)(path, external_node_fs_.constants.O_RDONLY | (external_node_fs_.constants.O_NONBLOCK ?? 0)), true);
            const { size } = await file.stat();
            const bytes = size <= MAX_BYTES ? await file.readFile() : null;
            if (bytes !== null && bytes.length <= MAX_BYTES)
                return decode(bytes);
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = __disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    }
    catch (cause) {
        throw refuse(path, 'cannot be read', cause);
    }
    throw refuse(path, `is larger than ${MAX_BYTES} bytes`);
}
function decode(bytes) {
    const mark = bytes.toString('hex', 0, 2);
    if (mark === 'fffe')
        return new TextDecoder('utf-16le').decode(bytes);
    return mark === 'feff' ? new TextDecoder('utf-16be').decode(bytes) : bytes.toString('utf8');
}
function refuse(path, why, cause) {
    return new errors/* WardenError */.Sh('input', `input protect-files: ${path} ${why}`, {
        advice: 'Name the files that deploy images, such as deploy/**/*.yaml',
        cause,
    });
}

// EXTERNAL MODULE: ./src/domain/names/digest.js
var names_digest = __webpack_require__(1225);
// EXTERNAL MODULE: ./src/domain/names/registry.js
var names_registry = __webpack_require__(294);
// EXTERNAL MODULE: ./src/domain/names/tag.js
var names_tag = __webpack_require__(833);
;// CONCATENATED MODULE: ./src/domain/prune/open-names.js
const ANYTHING = ['', ''];
const FILLED = /^(?:\$\{[^{}\n]{0,100}\}|\$\([^()\n]{0,100}\)|\$\w{0,60}|\{\{[^\n}]{0,150}\}\}|\{[^{}\n]{0,100}\}|<[^<>\n]{0,60}>|%\w)([A-Za-z0-9._-]{0,127})/;
const FILLER = /^[${%<]/;
const MAX_FILLED = 6;
function literalsOf(first, behind) {
    const literals = [first];
    let rest = behind;
    while (FILLER.test(rest) && literals.length <= MAX_FILLED) {
        const [whole = '', literal = ''] = FILLED.exec(rest) ?? [];
        literals.push(literal);
        if (whole === '')
            break;
        rest = rest.slice(whole.length);
    }
    return literals.length === 1
        ? literals
        : [...literals.slice(0, -1), (literals.at(-1) ?? '').replace(/\.+$/, '')];
}
function comesTo(literals, tag, words) {
    const [first = '', ...others] = literals;
    if (!tag.startsWith(first))
        return false;
    const isBare = literals.every((literal) => literal === '') && literals.length === 2;
    let starts = new Set([first.length]);
    for (const [at, literal] of others.entries()) {
        const isLast = at === others.length - 1;
        const ends = new Set();
        for (const start of starts) {
            for (const end of endsOf(tag, start, literal, isLast)) {
                if (mayBe(tag.slice(start, end), words, isBare))
                    ends.add(end + literal.length);
            }
        }
        starts = ends;
    }
    return starts.has(tag.length);
}
function mayBe(filled, words, isAll) {
    if (filled === '')
        return !isAll;
    return words.has(filled) || words.has(filled.replace(JOINTS, ''));
}
const JOINTS = /^[._-]+|[._-]+$/g;
function endsOf(tag, start, literal, isLast) {
    if (isLast) {
        const end = tag.length - literal.length;
        return end >= start && tag.endsWith(literal) ? [end] : [];
    }
    const ends = [];
    for (let end = tag.indexOf(literal, start); end !== -1; end = tag.indexOf(literal, end + 1)) {
        ends.push(end);
        if (end === tag.length)
            break;
    }
    return ends;
}
function withAndWithoutV(word) {
    if (/^v\d/.test(word))
        return [word, word.slice(1)];
    return /^\d/.test(word) ? [word, `v${word}`] : [word];
}
function tagsOf(literals, tags, words) {
    return [...tags].filter((tag) => withAndWithoutV(tag).some((each) => comesTo(literals, each, words)));
}

;// CONCATENATED MODULE: ./src/domain/prune/variable-defaults.js
const MAX_ROUNDS = 8;
const WITH_DEFAULT = /\$\{[A-Za-z_][A-Za-z0-9_]{0,100}:?[-=+?]((?:[^${}\n]|\$(?!\{)|\$\{[A-Za-z0-9_]{0,100}\}){0,500})\}/g;
function withDefaults(text) {
    let filled = text;
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
        const next = filled.replaceAll(WITH_DEFAULT, '$1');
        if (next === filled)
            break;
        filled = next;
    }
    return filled === text ? null : filled;
}

;// CONCATENATED MODULE: ./src/domain/prune/image-references.js







const WORD = /(?:\[[A-Fa-f0-9:]{2,45}\]|[A-Za-z0-9])[A-Za-z0-9._:/@+-]{0,511}/g;
const END = /[:.@/+-]+$/;
const AFTER_FILLER = /[})>\\]\/$|[})>]$/;
const TEMPLATE_TAG = /(?:[})]|%s):([A-Za-z0-9._-]{0,60})(?=[$%{])/g;
const TAG_WORD = /[A-Za-z0-9_][A-Za-z0-9._-]{0,127}/g;
const DEFAULT = /-([A-Za-z0-9_][A-Za-z0-9._-]{0,127})\}/g;
const DIGEST = /\bsha(?:256:[a-f0-9]{64}|512:[a-f0-9]{128})\b/g;
function findImageReferences(text, repository) {
    const written = sortOut(mentionsOf(text, repository));
    const filled = withDefaults(text);
    if (filled === null)
        return { ...written, defaultTags: new Set() };
    const defaults = sortOut(mentionsOf(filled, repository));
    return {
        tags: written.tags,
        defaultTags: defaults.tags,
        digests: new Set([...written.digests, ...defaults.digests]),
        isNamed: written.isNamed || defaults.isNamed,
        open: [...written.open, ...defaults.open],
    };
}
function sortOut(mentions) {
    const tags = new Set();
    const digests = new Set();
    const open = [];
    for (const { literals, digest } of mentions) {
        const [whole = ''] = literals;
        const tag = whole.replace(END, '');
        if (digest !== null)
            digests.add(digest);
        if (literals.length > 1)
            open.push(literals);
        else if ((0,names_tag/* isTag */.dz)(tag))
            tags.add(tag);
        else if (digest === null)
            open.push(ANYTHING);
    }
    return { tags, digests, isNamed: mentions.length > 0, open };
}
function templateLiterals(text) {
    return Array.from(text.matchAll(TEMPLATE_TAG), ({ 0: whole, 1: prefix = '', index }) => {
        const start = index + whole.length;
        return literalsOf(prefix, text.slice(start, start + MAX_BEHIND));
    }).filter((literals) => literals.some((literal) => literal !== '') || literals.length > 2);
}
const MAX_BEHIND = 600;
function mentionsOf(text, repository) {
    const name = repository.path.slice(repository.path.lastIndexOf('/') + 1);
    const mentions = [];
    for (const { 0: word, index } of text.matchAll(WORD)) {
        if (!word.includes(name))
            continue;
        const mention = readMention(word, text, index, repository);
        if (mention !== null)
            mentions.push(mention);
    }
    return mentions;
}
function readMention(word, text, start, repository) {
    const before = text.slice(Math.max(0, start - 2), start);
    const behind = text.slice(start + word.length, start + word.length + MAX_BEHIND);
    for (const reading of readingsOf(word, before)) {
        const [named = '', digest = ''] = reading.text.split('@', 2);
        const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
        const name = (colon === -1 ? named : named.slice(0, colon)).replace(END, '');
        if (!isNameOf(name, reading.isTail, repository))
            continue;
        return {
            literals: literalsOf(colon === -1 ? '' : named.slice(colon + 1), behind),
            digest: (0,names_digest/* isDigest */.Bc)(digest) ? digest : null,
        };
    }
    return null;
}
function readingsOf(word, before) {
    const readings = [{ text: word, isTail: AFTER_FILLER.test(before) }];
    if (/[$%]$/.test(before))
        readings.push({ text: word.slice(word.indexOf('/') + 1), isTail: true });
    const [prefix = ''] = /^(?:[\w+.-]{1,40}:\/\/|[A-Za-z_-]{1,40}:(?!\d))/.exec(word) ?? [];
    if (prefix !== '')
        readings.push({ text: word.slice(prefix.length), isTail: false });
    return readings;
}
function isNameOf(name, isTail, { registry, path }) {
    if (isTail && name !== '' && `/${registry.host}/${path}`.endsWith(`/${name}`))
        return true;
    try {
        const { repository } = (0,reference/* parseReference */.F2)(name, names_registry/* DOCKER_HUB */.Xb);
        const isSameHost = repository.registry.host === registry.host || (0,names_registry/* storageFolderOf */.PI)(registry) !== null;
        return repository.path === path && isSameHost;
    }
    catch (error) {
        if (error instanceof errors/* WardenError */.Sh)
            return false;
        throw error;
    }
}
function isNamedInParts(texts, { registry, path }) {
    const whole = (0,names_registry/* storageFolderOf */.PI)(registry) === null ? `${registry.host}/${path}` : `/${path}`;
    const found = new Set();
    for (const text of texts) {
        for (const [word] of text.matchAll(WORD)) {
            for (const part of partsOf(word))
                if (part !== '' && whole.includes(part))
                    found.add(part);
        }
    }
    if (whole.startsWith('/'))
        found.add('');
    return isMadeOf(whole, found);
}
function partsOf(word) {
    const bare = word.replace(/^[\w+.-]{1,40}:\/\//, '');
    const [named = ''] = bare.split('@', 1);
    const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
    return [bare, named, colon === -1 ? named : named.slice(0, colon)].map((part) => part.replace(END, ''));
}
function isMadeOf(path, parts) {
    const names = path.split('/');
    const reached = [true, ...names.map(() => false)];
    for (const end of names.keys()) {
        reached[end + 1] = names.slice(0, end + 1).some((_, start) => {
            const isWhole = start === 0 && end === names.length - 1;
            return reached[start] === true && !isWhole && parts.has(names.slice(start, end + 1).join('/'));
        });
    }
    return reached[names.length] === true;
}
function tagWords(text) {
    const words = new Set();
    const add = (word) => {
        if ((0,names_tag/* isTag */.dz)(word))
            words.add(word);
    };
    for (const [word] of text.matchAll(TAG_WORD)) {
        add(word);
        add(word.replace(END, ''));
    }
    for (const [, word = ''] of text.matchAll(DEFAULT))
        add(word);
    return words;
}
function digestsIn(text) {
    return new Set([...text.matchAll(DIGEST)].map(([digest]) => digest).filter(names_digest/* isDigest */.Bc));
}

// EXTERNAL MODULE: ./src/domain/prune/rule.js
var prune_rule = __webpack_require__(5351);
;// CONCATENATED MODULE: ./src/domain/prune/protection.js



const LATEST = 'latest';
function protectionOf(files, repository) {
    const tags = new Map();
    const digests = new Map();
    const likelyTags = new Map();
    const likelyDigests = new Map();
    const open = [];
    for (const file of files) {
        const found = findImageReferences(file.text, repository);
        for (const tag of found.tags)
            tags.set(tag, origin(file));
        for (const tag of found.defaultTags)
            if (!found.tags.has(tag))
                likelyTags.set(tag, origin(file));
        for (const digest of found.digests)
            digests.set(digest, origin(file));
        if (found.isNamed)
            for (const digest of digestsIn(file.text))
                likelyDigests.set(digest, origin(file));
        open.push(...found.open.map((literals) => ({ literals, file: file.path })));
    }
    const texts = files.map(({ text }) => text);
    if (isNamedInParts(texts, repository))
        open.push({ literals: ANYTHING, file: null });
    const words = new Map();
    if (open.length === 0)
        return { tags, digests, likelyTags, likelyDigests, open, words };
    for (const file of files) {
        for (const digest of digestsIn(file.text))
            likelyDigests.set(digest, origin(file));
        for (const literals of templateLiterals(file.text))
            open.push({ literals, file: null });
        for (const word of [...tagWords(file.text), LATEST]) {
            for (const each of withAndWithoutV(word))
                if (!words.has(each))
                    words.set(each, origin(file));
        }
    }
    return { tags, digests, likelyTags, likelyDigests, open, words };
}
function origin({ path }) {
    return (0,prune_rule/* inputRule */.zH)('protect-files', path);
}
function withProtection(policy, { tags, digests, likelyDigests }) {
    return {
        ...policy,
        protectedTags: new Map([...tags, ...policy.protectedTags]),
        protectedDigests: new Map([...likelyDigests, ...digests, ...policy.protectedDigests]),
    };
}
function withLikely(policy, { tags, digests, likelyTags, likelyDigests, open, words }, inventory) {
    const foundTags = new Map([...likelyTags].filter(([tag]) => inventory.tags.has(tag)));
    const foundDigests = [...likelyDigests].filter(([digest]) => inventory.manifests.get(digest)?.state === 'stored');
    const known = new Set(words.keys());
    const unfilled = new Set();
    for (const [key, names] of Map.groupBy(open, ({ literals }) => literals.join('\0'))) {
        const [{ literals } = { literals: ANYTHING }] = names;
        const found = tagsOf(literals, inventory.tags.keys(), known);
        const files = names.flatMap(({ file }) => (file === null ? [] : [file]));
        for (const tag of found)
            if (!foundTags.has(tag))
                foundTags.set(tag, ruleOf(tag, words, files));
        const isFilled = found.length > 0 || (key === ANYTHING.join('\0') && foundTags.size + foundDigests.length > 0);
        if (!isFilled)
            for (const file of files)
                unfilled.add(file);
    }
    return {
        ...policy,
        protectedTags: new Map([...foundTags, ...tags, ...policy.protectedTags]),
        protectedDigests: new Map([...foundDigests, ...digests, ...policy.protectedDigests]),
        unfilledFiles: [...unfilled],
    };
}
function ruleOf(tag, words, files) {
    const word = words.get(tag) ?? [...words].find(([each]) => each.length > 1 && tag.includes(each))?.[1];
    return word ?? (0,prune_rule/* inputRule */.zH)('protect-files', files[0] ?? null);
}

// EXTERNAL MODULE: ./src/domain/prune/policy.js
var prune_policy = __webpack_require__(9959);
;// CONCATENATED MODULE: ./src/domain/prune/unmatched.js


function unmatchedPatterns({ considered }, repositories) {
    const tags = repositories.flat();
    if (tags.length === 0)
        return [];
    return considered.filter(({ matches }) => !tags.some(matches)).map((pattern) => unmatched(pattern, tags));
}
function allExcluded({ considered, excluded, excludedByDefault, }, repositories) {
    const named = repositories.flat().filter((tag) => considered.some(({ matches }) => matches(tag)));
    if (named.length === 0 || !named.every((tag) => excluded.some(({ matches }) => matches(tag))))
        return null;
    const names = (0,domain_text/* someNames */.Xq)([...new Set(named)], MOST_TOLD);
    const why = excludedByDefault ? `, which is ${prune_policy/* EXCLUDED_BY_DEFAULT */.B} unless it is set` : '';
    const message = `tags: all that it matches is excluded by exclude-tags${why}: ${names}`;
    return { kind: 'all-excluded', subject: 'exclude-tags', message, level: 'notice' };
}
const MOST_TOLD = 3;
function unmatched(pattern, tags) {
    const { source } = pattern;
    const isMistaken = looksMistaken(pattern);
    const advice = isMistaken ? hint(pattern) : pattern.kind === 'regex' ? WHOLE : null;
    const message = `tags: ${source} ${ofWhat(tags)}${advice === null ? '' : `; ${advice}`}`;
    const warning = { kind: 'pattern-without-match', subject: source, message };
    return isMistaken ? warning : { ...warning, level: 'notice' };
}
const WHOLE = 'an expression is matched over the whole tag';
function ofWhat(tags) {
    const names = [...new Set(tags)].slice(0, MOST_TOLD).join(', ');
    if (tags.length === 1)
        return `does not match the only tag, ${names}`;
    const lead = `matches none of ${(0,domain_text/* counted */.hS)(tags.length, 'tag')}`;
    return tags.length > MOST_TOLD ? `${lead}, among them ${names}` : `${lead}: ${names}`;
}
function looksMistaken({ kind, source }) {
    if (kind === 'exact')
        return true;
    return kind === 'glob' ? /^!|[\^$]|\.\*|\\[dws]/.test(source) : /[\^$]/.test(source);
}
function hint({ source }) {
    if (source.startsWith('!'))
        return 'what is to stay is named in exclude-tags, without !';
    if (source === 'all')
        return '* is every tag';
    const [, start = ''] = /^[/^]{0,2}([A-Za-z0-9_-]{1,40})/.exec(source) ?? [];
    const [glob, expression] = start === '' ? ['pr-*', '/pr-\\d+/'] : [`${start}*`, `/${start}.*/`];
    return `a glob is ${glob}, a regular expression ${expression}, both over the whole tag`;
}

// EXTERNAL MODULE: ./src/domain/manifest/media-type.js
var media_type = __webpack_require__(7123);
;// CONCATENATED MODULE: ./src/domain/prune/subject-tag.js


const SHAPE = /^([a-z0-9]+-[a-f0-9]{64})(\.sig|\.att|\.sbom)?$/;
const ALGORITHMS = new Set(['sha256', 'sha512', 'blake3']);
const MAX_ENCODED = 64;
function subjectKeyIn(tag) {
    return subject_tag_partsOf(tag)?.key ?? null;
}
function subjectKey(digest) {
    return `${(0,names_digest/* digestAlgorithm */.g4)(digest)}-${(0,names_digest/* digestHex */.sU)(digest).slice(0, MAX_ENCODED)}`;
}
function digestOfKey(key) {
    const digest = key.replace('-', ':');
    return (0,names_digest/* isDigest */.Bc)(digest) ? digest : null;
}
function subject_tag_partsOf(tag) {
    const [, key, suffix = ''] = SHAPE.exec(tag) ?? [];
    return key !== undefined && ALGORITHMS.has(key.slice(0, key.indexOf('-'))) ? { key, suffix } : null;
}
function subjectTagsOf({ tags, manifests }) {
    const found = new Map();
    for (const [tag, entry] of tags) {
        const parts = subject_tag_partsOf(tag);
        if (parts === null)
            continue;
        const { key, suffix } = parts;
        const digest = entry.state === 'resolved' ? entry.digest : null;
        if (digest !== null && subjectKey(digest) === key)
            continue;
        if (suffix !== '')
            found.set(tag, { key, role: 'signature' });
        else if (digest !== null && listsReferrersOf(key, digest, manifests))
            found.set(tag, { key, role: 'referrers' });
    }
    if (found.size === 0)
        return new Map();
    const known = new Map([...manifests.keys()].map((digest) => [subjectKey(digest), digest]));
    return new Map([...found].map(([tag, { key, role }]) => [
        tag,
        { role, subject: known.get(key) ?? digestOfKey(key) },
    ]));
}
function imageTagsOf(inventory) {
    const subjects = subjectTagsOf(inventory);
    return [...inventory.tags.keys()].filter((tag) => !subjects.has(tag));
}
function possibleReferrerLists({ tags, manifests }) {
    const found = new Map();
    for (const [tag, entry] of tags) {
        const parts = subject_tag_partsOf(tag);
        if (parts === null || parts.suffix !== '' || entry.state !== 'resolved')
            continue;
        const { key } = parts;
        const index = manifests.get(entry.digest);
        if (index?.state !== 'stored' || listsReferrersOf(key, entry.digest, manifests))
            continue;
        for (const child of index.children) {
            const listed = manifests.get(child);
            const subject = listed?.state === 'stored' ? listed.subject : null;
            if (subject !== null && subjectKey(subject) === key && manifests.get(subject)?.state === 'stored')
                found.set(tag, subject);
        }
    }
    return found;
}
function listsReferrersOf(key, digest, manifests) {
    const index = manifests.get(digest);
    if (index?.state !== 'stored' || !(0,media_type/* isOciIndexType */.WV)(index.mediaType))
        return false;
    const entries = index.children.map((child) => manifests.get(child));
    const present = entries.filter((entry) => entry?.state !== 'missing');
    if (present.length === 0)
        return index.children.length === 0 && index.blobs.length === 0;
    return present.every((entry) => entry?.state === 'stored' && entry.subject !== null && subjectKey(entry.subject) === key);
}

// EXTERNAL MODULE: ./src/domain/quantities/bytes.js
var quantities_bytes = __webpack_require__(3217);
;// CONCATENATED MODULE: ./src/domain/prune/blob-table.js
function tabulate(holdings) {
    const ids = new Map();
    const starts = new Int32Array(holdings.length + 1);
    holdings.forEach(([, manifest], at) => {
        starts[at + 1] = (starts[at] ?? 0) + (manifest === null ? 0 : 1 + manifest.blobs.length);
    });
    const total = starts[holdings.length] ?? 0;
    const references = new Int32Array(total);
    const sizes = new Float64Array(total).fill(Number.NaN);
    let next = 0;
    const add = (digest, size) => {
        const known = ids.get(digest);
        const id = known ?? ids.size;
        if (known === undefined)
            ids.set(digest, id);
        if (size !== null)
            sizes[id] = size;
        references[next] = id;
        next += 1;
    };
    for (const [digest, manifest] of holdings) {
        if (manifest === null)
            continue;
        add(digest, manifest.size);
        for (const blob of manifest.blobs)
            add(blob.digest, blob.size);
    }
    return {
        holdings,
        count: ids.size,
        sizes,
        blobsOf: (holding) => references.subarray(starts[holding], starts[holding + 1]),
        namedBy: (holding) => (holdings[holding]?.[1]?.children ?? []).flatMap((digest) => ids.get(digest) ?? []),
    };
}

;// CONCATENATED MODULE: ./src/domain/prune/reclaimed.js


function reclaimed(table, goes) {
    const settled = new Uint8Array(table.count);
    table.holdings.forEach(([, manifest], holding) => {
        if (manifest === null || goes(holding))
            return;
        for (const blob of table.blobsOf(holding))
            settled[blob] = 1;
        for (const blob of table.namedBy(holding))
            settled[blob] = 1;
    });
    let bytes = 0;
    let more = false;
    table.holdings.forEach((_, holding) => {
        if (!goes(holding))
            return;
        for (const blob of table.blobsOf(holding)) {
            if (settled[blob] === 1)
                continue;
            settled[blob] = 1;
            const size = table.sizes[blob] ?? Number.NaN;
            if (Number.isNaN(size))
                more = true;
            else
                bytes += size;
        }
    });
    const total = (0,quantities_bytes/* totalBytes */.ob)([bytes]);
    return { bytes: total, more: more || total < bytes };
}
function reclaimedAcross(parts) {
    const holdings = [];
    const going = new Set();
    for (const { inventory, plan } of parts) {
        const deleted = new Set();
        for (const { digest, decision } of plan.manifests)
            if (decision === 'delete')
                deleted.add(digest);
        for (const [digest, manifest] of inventory.manifests) {
            if (manifest.state !== 'stored')
                continue;
            if (deleted.has(digest))
                going.add(holdings.length);
            holdings.push([digest, manifest]);
        }
    }
    return reclaimed(tabulate(holdings), (holding) => going.has(holding));
}
function blobsOfGraph({ digests, stored }) {
    return tabulate(digests.map((digest, node) => [digest, stored[node] ?? null]));
}
const NOBODY = -1;
const SEVERAL = -2;
function exclusiveBytes(graph, table, tags) {
    const owners = ownersOf(graph, tags);
    const blobOwners = new Int32Array(table.count).fill(NOBODY);
    const own = (blob, owner) => {
        const known = blobOwners[blob];
        blobOwners[blob] = known === NOBODY || known === owner ? owner : SEVERAL;
    };
    owners.forEach((owner, node) => {
        for (const blob of table.blobsOf(node))
            own(blob, owner);
        for (const blob of table.namedBy(node))
            own(blob, owner);
    });
    const sums = new Float64Array(tags.length);
    blobOwners.forEach((owner, blob) => {
        const size = table.sizes[blob] ?? 0;
        if (owner >= 0 && size > 0)
            sums[owner] = (sums[owner] ?? 0) + size;
    });
    return new Map(tags.map(([tag], index) => [tag, (0,quantities_bytes/* totalBytes */.ob)([sums[index] ?? 0])]));
}
function ownersOf(graph, tags) {
    const owners = new Int32Array(graph.digests.length).fill(NOBODY);
    const claim = (start, owner) => {
        const stack = [start];
        for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
            const known = owners[node];
            if (known === owner || known === SEVERAL)
                continue;
            owners[node] = known === NOBODY ? owner : SEVERAL;
            for (const child of graph.children[node] ?? [])
                stack.push(child);
            for (const referrer of graph.referrers[node] ?? [])
                stack.push(referrer);
        }
    };
    const belongsToSubject = ([tag]) => graph.subjects.has(tag);
    tags.forEach((entry, index) => {
        if (!belongsToSubject(entry))
            claim(entry[1], index);
    });
    const byImages = owners.slice();
    tags.forEach((entry, index) => {
        if (belongsToSubject(entry) && byImages[entry[1]] === NOBODY)
            claim(entry[1], index);
    });
    graph.stored.forEach((manifest, node) => {
        if (manifest !== null && owners[node] === NOBODY)
            claim(node, SEVERAL);
    });
    return owners;
}

;// CONCATENATED MODULE: ./src/usecases/prune/outcomes.js
const NOTHING_HAPPENED = { tags: new Map(), manifests: new Map() };
function tagOutcomes(plan, { tags } = NOTHING_HAPPENED, doubt = null) {
    return plan.tags.map((decision) => {
        const result = tags.get(decision.tag);
        if (result === undefined) {
            const note = decision.decision === 'untag' ? doubt : null;
            return { ...decision, status: untouched(decision), note };
        }
        return { ...decision, ...told(result), ...(result.status === 'retained' ? { decision: 'skip' } : {}) };
    });
}
function manifestOutcomes(plan, { manifests } = NOTHING_HAPPENED, held = new Set()) {
    return plan.manifests.map((decision) => {
        const result = manifests.get(decision.digest);
        if (result === undefined)
            return { ...decision, status: untouched(decision), note: null };
        const outcome = { ...told(result), ...(held.has(decision.digest) ? HELD : {}) };
        return { ...decision, ...outcome, ...(result.status === 'retained' ? { decision: 'keep' } : {}) };
    });
}
const HELD = { isHeld: true };
function untouched({ decision }) {
    return decision === 'delete' || decision === 'untag' ? 'planned' : 'retained';
}
function told({ status, note, cause }) {
    return { status, note, ...cause };
}
function tallyTags(tags, dryRun) {
    const tally = { kept: 0, deleted: 0, untagged: 0, skipped: 0, failed: 0, pending: 0 };
    for (const { role, decision, status } of tags) {
        if (role !== 'image')
            continue;
        if (status === 'failed')
            tally.failed += 1;
        else if (decision === 'keep')
            tally.kept += 1;
        else if (decision === 'skip')
            tally.skipped += 1;
        else if (status === 'planned' && !dryRun)
            tally.pending += 1;
        else if (decision === 'untag')
            tally.untagged += 1;
        else
            tally.deleted += 1;
    }
    return tally;
}
function whatIsFreed(manifests, dryRun) {
    return whatWent(manifests, dryRun).filter(({ isHeld }) => isHeld !== true);
}
function whatWent(manifests, dryRun) {
    return manifests.filter(({ status }) => status === 'done' || status === 'gone' || (dryRun && status === 'planned'));
}

;// CONCATENATED MODULE: ./src/domain/prune/actions.js
function orderActions(graph, isDeleted, tags, capabilities, policy) {
    const method = untagMethod(capabilities, policy);
    const actions = [];
    for (const { decision, tag, digest } of tags) {
        if (decision === 'delete' && digest === null)
            actions.push({ kind: 'delete-ghost', tag });
        if (decision === 'untag' && digest !== null)
            actions.push({ kind: 'untag', tag, digest, method });
    }
    const tagsOf = deletedTags(tags);
    parentsFirst(graph, isDeleted, capabilities).forEach((nodes, family) => {
        const digests = nodes.map((node) => graph.digests[node]).filter((digest) => digest !== undefined);
        if (capabilities.tagsFirst) {
            for (const digest of digests)
                for (const tag of tagsOf.get(digest) ?? [])
                    actions.push({ kind: 'delete-tag', tag, digest });
        }
        for (const digest of digests) {
            actions.push({ kind: 'delete-manifest', digest, tags: tagsOf.get(digest) ?? [], family });
        }
    });
    return actions;
}
function untagMethod({ untag }, { sharedDigest }) {
    if (sharedDigest !== 'swap' || untag === 'yes')
        return 'native';
    return untag === 'no' ? 'swap' : 'native-or-swap';
}
function deletedTags(tags) {
    const tagsOf = new Map();
    for (const { decision, tag, digest } of tags) {
        if (decision !== 'delete' || digest === null)
            continue;
        const known = tagsOf.get(digest);
        if (known === undefined)
            tagsOf.set(digest, [tag]);
        else
            known.push(tag);
    }
    return tagsOf;
}
function parentsFirst(graph, isDeleted, { referrersFirst }) {
    const nodes = graph.digests.map((_, node) => node).filter(isDeleted);
    const edges = [];
    for (const node of nodes) {
        for (const child of graph.children[node] ?? []) {
            if (isDeleted(child))
                edges.push({ before: node, after: child, kind: 'child' });
        }
        for (const referrer of graph.referrers[node] ?? []) {
            if (!isDeleted(referrer))
                continue;
            const [before, after] = referrersFirst ? [referrer, node] : [node, referrer];
            edges.push({ before, after, kind: 'referrer' });
        }
    }
    const levels = levelsOf(nodes, edges);
    const family = familiesOf(nodes, edges);
    const families = Map.groupBy(nodes, family);
    return [...families.values()].map((members) => members.sort((a, b) => (levels.get(a) ?? 0) - (levels.get(b) ?? 0)));
}
function levelsOf(nodes, edges) {
    const following = Map.groupBy(edges, ({ before }) => before);
    const waiting = new Map(nodes.map((node) => [node, { child: 0, referrer: 0 }]));
    for (const { after, kind } of edges) {
        const count = waiting.get(after);
        if (count !== undefined)
            count[kind] += 1;
    }
    const levels = new Map();
    const ready = nodes.filter((node) => isFree(waiting.get(node)));
    const withoutParents = nodes.filter((node) => waiting.get(node)?.child === 0);
    const settle = (node) => {
        if (!waiting.delete(node))
            return;
        const level = levels.get(node) ?? 0;
        levels.set(node, level);
        for (const { after, kind } of following.get(node) ?? []) {
            const count = waiting.get(after);
            if (count === undefined)
                continue;
            levels.set(after, Math.max(levels.get(after) ?? 0, level + (kind === 'child' ? 1 : nodes.length)));
            count[kind] -= 1;
            if (isFree(count))
                ready.push(after);
            else if (kind === 'child' && count.child === 0)
                withoutParents.push(after);
        }
    };
    const settleReady = () => {
        for (let node = ready.pop(); node !== undefined; node = ready.pop())
            settle(node);
    };
    settleReady();
    for (const candidates of [withoutParents, nodes]) {
        for (const node of candidates) {
            settle(node);
            settleReady();
        }
    }
    return levels;
}
function isFree(count) {
    return count !== undefined && count.child + count.referrer === 0;
}
function familiesOf(nodes, edges) {
    const leader = new Map(nodes.map((node) => [node, node]));
    const find = (node) => {
        let current = node;
        for (let next = leader.get(current) ?? current; next !== current; next = leader.get(current) ?? current) {
            leader.set(current, leader.get(next) ?? next);
            current = next;
        }
        return current;
    };
    for (const { before, after } of edges)
        leader.set(find(after), find(before));
    return find;
}

;// CONCATENATED MODULE: ./src/domain/prune/graph.js

const NONE = [];
function buildGraph(inventory) {
    const nodes = new Map();
    for (const digest of inventory.manifests.keys())
        nodes.set(digest, nodes.size);
    const known = nodes.size;
    const children = Array.from(inventory.manifests.values(), (entry) => entry.state === 'stored' && entry.children.length > 0
        ? [...new Set(entry.children)].map((child) => nodeFor(nodes, child))
        : NONE);
    const digests = [...nodes.keys()];
    const stored = digests.map((digest) => {
        const entry = inventory.manifests.get(digest);
        return entry?.state === 'stored' ? entry : null;
    });
    for (let node = known; node < digests.length; node += 1)
        children.push(NONE);
    const subjects = subjectTagsOf(inventory);
    const referrers = linkReferrers(inventory, { nodes, stored, subjects });
    const mentions = stored.map((manifest) => graph_mentionsOf(manifest, nodes));
    return {
        digests,
        nodes,
        stored,
        children,
        referrers,
        mentions,
        subjects,
        unread: unreadChildren(inventory),
    };
}
function graph_mentionsOf(manifest, nodes) {
    const mentions = [];
    const { blobs = [], mentions: named = [] } = manifest ?? {};
    for (const { digest } of named.length === 0 ? blobs : [...blobs, ...named]) {
        const node = nodes.get(digest);
        if (node !== undefined)
            mentions.push(node);
    }
    return mentions.length === 0 ? NONE : mentions;
}
function unreadChildren({ manifests }) {
    const unread = new Set();
    for (const entry of manifests.values()) {
        if (entry.state !== 'stored' || entry.kind !== 'index')
            continue;
        for (const child of entry.children)
            if (!manifests.has(child))
                unread.add(child);
    }
    return [...unread];
}
function nodeFor(nodes, digest) {
    const existing = nodes.get(digest);
    if (existing !== undefined)
        return existing;
    const node = nodes.size;
    nodes.set(digest, node);
    return node;
}
function linkReferrers(inventory, { nodes, stored, subjects }) {
    const referrers = new Map();
    const link = (subject, referrer) => {
        const node = subject === null ? undefined : nodes.get(subject);
        if (node === undefined || referrer === undefined || node === referrer)
            return;
        const known = referrers.get(node);
        if (known === undefined)
            referrers.set(node, new Set([referrer]));
        else
            known.add(referrer);
    };
    stored.forEach((manifest, node) => {
        link(manifest?.subject ?? null, node);
    });
    for (const [tag, { subject }] of subjects) {
        const entry = inventory.tags.get(tag);
        if (entry?.state === 'resolved')
            link(subject, nodes.get(entry.digest));
    }
    return stored.map((_, node) => {
        const found = referrers.get(node);
        return found === undefined ? NONE : [...found];
    });
}
const UNREACHED = -2;
const SOURCE = -1;
function reach(graph, sources, purpose) {
    const from = new Int32Array(graph.digests.length).fill(UNREACHED);
    const byReferrer = new Uint8Array(graph.digests.length);
    const extend = (starts) => {
        const queue = [];
        const visit = (node, origin, isReferrer) => {
            if (from[node] !== UNREACHED)
                return;
            from[node] = origin;
            byReferrer[node] = isReferrer;
            queue.push(node);
        };
        for (const start of starts)
            visit(start, SOURCE, 0);
        for (const node of queue) {
            for (const child of graph.children[node] ?? NONE)
                visit(child, node, 0);
            for (const referrer of graph.referrers[node] ?? NONE)
                visit(referrer, node, 1);
            if (purpose === 'keeping')
                for (const mention of graph.mentions[node] ?? NONE)
                    visit(mention, node, 0);
        }
    };
    extend(sources);
    return {
        has: (node) => (from[node] ?? UNREACHED) !== UNREACHED,
        cameBy: (node) => {
            const origin = from[node] ?? UNREACHED;
            return origin < 0 ? null : { from: origin, edge: byReferrer[node] === 1 ? 'referrer-of' : 'child-of' };
        },
        extend,
    };
}
function indexFinder(graph) {
    const parents = graph.digests.map(() => []);
    graph.children.forEach((children, parent) => {
        for (const child of children)
            parents[child]?.push(parent);
    });
    return (node) => {
        const found = new Set(parents[node]);
        for (const index of found)
            for (const parent of parents[index] ?? NONE)
                found.add(parent);
        return found;
    };
}

// EXTERNAL MODULE: ./src/domain/quantities/timestamp.js
var timestamp = __webpack_require__(1186);
;// CONCATENATED MODULE: ./src/domain/prune/age.js

const PREFERENCE = {
    auto: ['pushed', 'annotation', 'config'],
    pushed: ['pushed'],
    created: ['annotation', 'config'],
    updated: ['updated'],
    pulled: ['pulled'],
};
const PUSHED = ['pushed'];
const BUILT = new Set(['annotation', 'config']);
const ARRIVALS = ['pushed', 'annotation', 'config'];
const CLOCK_SKEW = 5 * 60 * 1000;
const DAY = 24 * 60 * 60 * 1000;
const MAX_DATED = 1000;
function tagAge(inventory, entry, digest, question) {
    if (entry.isUndated === true && question.source !== 'created')
        return null;
    const manifest = inventory.manifests.get(digest);
    const own = manifest?.state === 'stored' ? manifest.ages : [];
    const origins = originsOf(inventory, question);
    for (const origin of origins.filter((each) => !BUILT.has(each))) {
        const found = newest(entry.ages, origin) ?? newest(own, origin);
        if (found === null)
            continue;
        const arrived = origin === 'pushed' ? null : latestOf([...entry.ages, ...own], ARRIVALS);
        return believable(later(found, arrived), question.now);
    }
    const built = latestOf([...entry.ages, ...own], origins);
    if (manifest?.state !== 'stored' || origins === PUSHED)
        return believable(built, question.now);
    const { latest, areAllKnown } = datesOfPlatforms(inventory, manifest, origins);
    const isDated = built !== null || areAllKnown;
    return isDated ? believable(later(built, latest), question.now) : null;
}
function originsOf({ tellsPushTimes }, { source }) {
    const isPushed = source === 'pushed' || (source === 'auto' && tellsPushTimes === true);
    return isPushed ? PUSHED : PREFERENCE[source];
}
function datesOfPlatforms(inventory, index, origins) {
    const seen = new Set(index.platforms);
    let latest = null;
    let areAllKnown = true;
    for (const digest of seen) {
        if (seen.size > MAX_DATED)
            return { latest, areAllKnown: false };
        const manifest = inventory.manifests.get(digest);
        const age = manifest?.state === 'stored' ? latestOf(manifest.ages, origins) : null;
        latest = later(latest, age);
        const nested = manifest?.state === 'stored' ? manifest.platforms : [];
        for (const each of nested)
            seen.add(each);
        if (age === null && nested.length === 0)
            areAllKnown = false;
    }
    return { latest, areAllKnown: areAllKnown && latest !== null };
}
function latestOf(ages, origins) {
    return origins.map((origin) => newest(ages, origin)).reduce(later, null);
}
function later(one, other) {
    if (one === null || other === null)
        return one ?? other;
    return other.at > one.at ? other : one;
}
function believable(age, now) {
    return age === null || isFarAhead(age, now) ? null : age;
}
function newest(ages, origin) {
    let latest = null;
    for (const age of ages) {
        if (age.source !== origin || (0,timestamp/* believed */.ty)(age.at) === null)
            continue;
        if (latest === null || age.at > latest.at)
            latest = age;
    }
    return latest;
}
function pushTime(ages) {
    const pushed = newest(ages, 'pushed');
    const updated = newest(ages, 'updated');
    if (pushed === null)
        return updated?.at ?? null;
    return updated !== null && updated.at > pushed.at ? updated.at : pushed.at;
}
function isYoung(ages, grace, now) {
    return ages.some((age) => age.at >= now - grace);
}
function isAhead(age, now) {
    return age.at > now + CLOCK_SKEW;
}
function isFarAhead(age, now) {
    return age.at > now + DAY;
}

// EXTERNAL MODULE: ./src/domain/names/tag-order.js
var tag_order = __webpack_require__(3496);
;// CONCATENATED MODULE: ./src/domain/prune/semver-keep.js
function newestReleases(entries, rule) {
    const plain = entries.filter(({ version }) => version.prerelease.length === 0);
    const releases = entries.filter(({ version }) => !isPrerelease(version));
    const kept = new Set([...keptNames(plain, rule), ...keptNames(releases, rule)]);
    return releases.filter(({ version }) => kept.has(writtenNumbers(version).join('.')));
}
function keptNames(releases, rule) {
    const written = releases.map(({ version }) => writtenNumbers(version));
    const lines = new Set(written.flatMap((numbers) => linesAbove(numbers)));
    const versions = written.filter((numbers) => !lines.has(numbers.join('.')));
    const [builds, numbered] = [versions.filter(isBuild), versions.filter((each) => !isBuild(each))];
    const atLeast = (length) => numbered.filter((each) => each.length >= length);
    const kept = new Set();
    for (const counted of [builds, numbered, atLeast(2), atLeast(3)]) {
        for (const numbers of keptReleases(counted, rule)) {
            for (const name of [...linesAbove(numbers), numbers.join('.')])
                kept.add(name);
        }
    }
    return kept;
}
const EARLIER = new Set(('a alpha b beta c rc cr pre preview prerelease dev devel develop development snapshot nightly canary next edge ' +
    'unstable experimental exp m milestone ea eap test testing insider insiders pr mr sha git g commit build ci branch ' +
    'feature feat fix hotfix wip tmp main master head').split(' '));
const COMMIT = /^g?[0-9a-f]{7,64}$/;
function isPrerelease({ prerelease }) {
    return prerelease
        .flatMap((identifier) => String(identifier).toLowerCase().split('-'))
        .some((word) => EARLIER.has(/^[a-z]*/.exec(word)?.[0] ?? '') || COMMIT.test(word) || Number(word) >= SMALLEST_BUILD);
}
const SMALLEST_BUILD = 100_000;
function isBuild(numbers) {
    return numbers[0] >= SMALLEST_BUILD;
}
function writtenNumbers({ major, minor, patch }) {
    if (minor === null)
        return [major];
    return patch === null ? [major, minor] : [major, minor, patch];
}
function linesAbove(numbers) {
    return numbers.slice(1).map((_, at) => numbers.slice(0, at + 1).join('.'));
}
function keptReleases(releases, rule) {
    const minorLimit = rule.minors ?? (rule.patches === null ? 1 : Infinity);
    const majors = newestGroups(releases, ([major]) => major, rule.majors ?? Infinity);
    const minors = rule.majors === null ? minorLimit : Infinity;
    const lines = majors
        .flatMap((line) => newestGroups(line, ([, minor = 0]) => minor, minorLimit))
        .slice(0, minors);
    return lines.flatMap((line) => newestGroups(line, ([, , patch = 0]) => patch, rule.patches ?? 1)).flat();
}
function newestGroups(releases, key, limit) {
    const groups = Map.groupBy(releases, key);
    return [...groups]
        .sort(([a], [b]) => b - a)
        .slice(0, limit)
        .map(([, group]) => group);
}

;// CONCATENATED MODULE: ./src/domain/prune/keep.js




function applyKeepRules(considered, policy) {
    const digests = new Map();
    const warnings = [];
    const keep = (digest, cause) => {
        if (!digests.has(digest))
            digests.set(digest, cause);
    };
    for (const [group, tags] of groupTags(considered, policy)) {
        const count = policy.keepLatest ?? 0;
        const latest = {
            reason: 'keep-latest',
            decidedBy: { rule: (0,prune_rule/* inputRule */.zH)('keep-latest', count, group) },
        };
        for (const digest of latestDigests(tags, count))
            keep(digest, latest);
        if (policy.keepSemver === null)
            continue;
        const rule = (0,prune_rule/* inputRule */.zH)('keep-semver', policy.keepSemver.source, group);
        const releases = newestReleases(versioned(tags, group), policy.keepSemver);
        for (const { digest } of releases)
            keep(digest, { reason: 'keep-semver', decidedBy: { rule } });
        if (releases.length === 0)
            warnings.push(noRelease((0,prune_rule/* ruleText */.Y3)(rule), tags.length));
    }
    if (policy.keepLatest && considered.length > 0 && considered.every(({ age }) => age === null)) {
        warnings.push(noAges(considered.length, policy.keepLatest));
    }
    return { digests, warnings };
}
function groupTags(tags, { groupBy }) {
    return Map.groupBy(tags, ({ tag }) => groupBy?.capture(tag) ?? null);
}
function latestDigests(tags, count) {
    const latest = new Set();
    for (const { digest, age } of tags) {
        if (age === null || latest.size === count)
            break;
        latest.add(digest);
    }
    return latest;
}
function versioned(tags, group) {
    return tags.flatMap((entry) => {
        const version = versionInGroup(entry.tag, group);
        return version === null ? [] : [{ ...entry, version }];
    });
}
function isVersion(tag, group) {
    return versionInGroup(tag, group) !== null;
}
function versionInGroup(tag, group) {
    const version = (0,tag_order/* parseVersion */.ot)(tag);
    if (group === null || !/[A-Za-z]/.test(group) || version?.prerelease.length === 0)
        return version;
    if (tag.endsWith(group))
        return (0,tag_order/* parseVersion */.ot)(tag.slice(0, -group.length).replace(/[._-]$/, ''));
    if (tag.startsWith(group))
        return (0,tag_order/* parseVersion */.ot)(tag.slice(group.length).replace(/^[._-]/, ''));
    return version;
}
function noRelease(rule, count) {
    return {
        kind: 'no-release',
        subject: rule,
        message: `${rule} keeps nothing: none of ${(0,domain_text/* counted */.hS)(count, 'tag')} that it looked at is a release`,
    };
}
function noAges(count, keepLatest) {
    return {
        kind: 'unknown-age',
        subject: 'keep-latest',
        message: `keep-latest: ${keepLatest} cannot tell which tags are the newest: ` +
            `none of ${(0,domain_text/* counted */.hS)(count, 'considered tag')} has a known date, so all of them stay; keep-semver needs no dates`,
    };
}

;// CONCATENATED MODULE: ./src/domain/prune/broken.js
function breakageOf(inventory, digest) {
    const top = inventory.manifests.get(digest);
    if (top?.state !== 'stored' || top.kind !== 'index' || top.children.length === 0)
        return null;
    const leaves = { missing: 0, present: 0 };
    const seen = new Set(top.children);
    for (const child of seen) {
        const entry = inventory.manifests.get(child);
        if (isNested(entry))
            for (const nested of entry.children)
                seen.add(nested);
        else
            leaves[entry?.state === 'missing' ? 'missing' : 'present'] += 1;
    }
    if (leaves.missing === 0)
        return null;
    return leaves.present === 0 ? 'ghost' : 'partial';
}
function isNested(entry) {
    return entry?.state === 'stored' && entry.kind === 'index' && entry.children.length > 0;
}
function goesAsBroken(breakage, { deleteBroken }) {
    if (breakage === null || deleteBroken === undefined || deleteBroken === false)
        return false;
    return deleteBroken === 'partial' || breakage === 'ghost';
}
function hasNothingLeft({ manifests }) {
    const stored = [...manifests.values()].filter((entry) => entry.state === 'stored');
    return stored.every(({ kind, children }) => kind === 'index' && children.length > 0);
}

;// CONCATENATED MODULE: ./src/domain/prune/refusals.js


const MAX_NAMED = 3;
function findBlockers(inventory, graph) {
    const refusals = [];
    if (!inventory.complete) {
        refusals.push({
            kind: 'incomplete-list',
            message: 'the list of tags is incomplete, so nothing is deleted',
        });
    }
    const unreadable = [...unreadableOf(inventory.tags), ...unreadableOf(inventory.manifests)];
    for (const tag of inventory.tags.keys()) {
        const entry = inventory.tags.get(tag);
        if (entry?.state !== 'resolved')
            continue;
        if (!inventory.manifests.has(entry.digest))
            unreadable.push(`${tag} (its manifest was not read)`);
    }
    for (const digest of graph.unread)
        unreadable.push(`${digest} (named by an index, not read)`);
    if (unreadable.length > 0) {
        const message = `${named(unreadable)} could not be read and may need anything, so nothing is deleted`;
        refusals.push({ kind: 'unreadable', message });
    }
    return refusals;
}
function unreadableOf(entries) {
    const found = [];
    for (const [name, entry] of entries)
        if (entry.state === 'unreadable')
            found.push(`${name} (${entry.cause})`);
    return found;
}
const DELETES_DISABLED = {
    kind: 'deletes-disabled',
    message: 'the registry does not allow deletes, so none is tried',
};
function checkBreakers(inventory, policy, selection, counts, untagged) {
    const refusals = [];
    const going = counts.delete + counts.untag;
    const total = going + counts.keep + counts.skip;
    if (policy.unknownAge === 'fail') {
        const unknown = [...selection.kept]
            .filter(([, { reason }]) => reason === 'unknown-age')
            .map(([tag]) => tag);
        const message = `unknown-age: fail, and no date is known of ${named(unknown)}`;
        if (unknown.length > 0)
            refusals.push({ kind: 'unknown-age', message });
    }
    refusals.push(...groupsNothing(selection, policy));
    const hasBroken = untagged.hasBroken || [...selection.candidates.values()].some(({ reason }) => reason === 'broken');
    if (hasBroken && hasNothingLeft(inventory)) {
        const message = 'delete-broken: every image of the repository is missing, not only those of broken tags';
        refusals.push({ kind: 'nothing-left', message });
    }
    const writes = going + untagged.count;
    if (policy.maxDeletes !== null && writes > policy.maxDeletes) {
        const message = `${writes === 1 ? '1 deletion is' : `${writes} deletions are`} more than max-deletes: ${policy.maxDeletes}`;
        refusals.push({ kind: 'max-deletes', message });
    }
    if (going * 100 > policy.maxDeletePercent * total) {
        const percent = Math.floor((going * 1000) / total) / 10;
        const limit = `max-delete-percent: ${policy.maxDeletePercent}`;
        const message = `${going} of ${(0,domain_text/* counted */.hS)(total, 'tag')} would go: ${percent}% is more than ${limit}`;
        refusals.push({ kind: 'max-delete-percent', message });
    }
    return refusals;
}
function groupsNothing({ considered }, { groupBy }) {
    const [first] = considered;
    if (groupBy === null || first === undefined)
        return [];
    if (considered.some(({ tag }) => groupBy.capture(tag) !== null))
        return [];
    const what = (0,domain_text/* counted */.hS)(considered.length, 'considered tag');
    const message = `keep-group-by: ${groupBy.source} matches none of ${what} as a whole (${first.tag} for one), so all of them would be one group`;
    return [{ kind: 'group-by', message }];
}
function named(names) {
    return (0,domain_text/* someNames */.Xq)(names, MAX_NAMED);
}

;// CONCATENATED MODULE: ./src/domain/prune/plan-warnings.js







function findWarnings(inventory, graph, policy, selection, now) {
    return [
        ...unmatchedProtection(inventory, policy),
        ...replacedDefault(selection, policy),
        ...unlistedManifests(inventory, policy),
        ...whatIsNotTold(inventory, policy),
        ...unfilledFiles(policy),
        ...ungrouped(selection, policy),
        ...unversioned(selection, policy),
        ...selection.warnings,
        ...futureDates(inventory, selection, now),
        ...brokenTags(inventory, graph),
    ];
}
function unmatchedProtection(inventory, policy) {
    const warnings = [];
    const warn = (subject, message) => {
        warnings.push({ kind: 'pattern-without-match', subject, message });
    };
    const tags = [...inventory.tags.keys()];
    for (const pattern of policy.excludedByDefault ? [] : policy.excluded) {
        if (!tags.some(pattern.matches))
            warn(pattern.source, `exclude-tags: ${pattern.source} matches no tag`);
    }
    for (const [tag, origin] of policy.protectedTags) {
        if (!inventory.tags.has(tag))
            warn(tag, `${(0,prune_rule/* ruleText */.Y3)(origin)} protects the tag ${tag}, which does not exist`);
    }
    for (const [digest, origin] of policy.protectedDigests) {
        const isHere = inventory.manifests.get(digest)?.state === 'stored';
        if (!isHere)
            warn(digest, `${(0,prune_rule/* ruleText */.Y3)(origin)} protects ${digest}, which is not in the repository`);
    }
    return warnings;
}
function unfilledFiles({ unfilledFiles: files = [] }) {
    const [first] = files;
    if (first === undefined)
        return [];
    const message = `protect-files: the tag in ${named(files)} is filled in from elsewhere, and no file has a word that is a tag here, ` +
        'so nothing is protected by it; add the file with the value, or name the tag in exclude-tags';
    return [{ kind: 'not-protected', subject: first, message }];
}
function unversioned({ considered, candidates }, policy) {
    const { keepSemver, groupBy } = policy;
    if (keepSemver === null)
        return [];
    const is = (tag) => isVersion(tag, groupBy?.capture(tag) ?? null);
    const versions = considered.filter(({ tag }) => is(tag));
    const mixed = policy.considered.filter(({ matches }) => versions.some(({ tag }) => matches(tag)));
    const lost = [...candidates.keys()].filter((tag) => !is(tag) && mixed.some(({ matches }) => matches(tag)));
    const [first] = lost;
    if (first === undefined)
        return [];
    const message = `keep-semver: ${keepSemver.source} keeps versions only, so these would go: ${named(lost)}; name them in exclude-tags if they should stay`;
    return [{ kind: 'no-version', subject: first, message }];
}
function ungrouped({ considered, candidates }, { groupBy }) {
    if (groupBy === null)
        return [];
    const rest = considered.map(({ tag }) => tag).filter((tag) => groupBy.capture(tag) === null);
    const lost = rest.filter((tag) => candidates.has(tag));
    if (lost.length === 0 || rest.length === considered.length)
        return [];
    const message = `keep-group-by: ${groupBy.source} does not match ${rest.length} of ${(0,domain_text/* counted */.hS)(considered.length, 'considered tag')} as a whole, ` +
        `which share one group and lose ${lost.length}: ${named(lost)}`;
    return [{ kind: 'pattern-without-match', subject: groupBy.source, message }];
}
function replacedDefault({ candidates }, policy) {
    const isMeant = policy.considered.some(({ source }) => source === prune_policy/* EXCLUDED_BY_DEFAULT */.B);
    const isAtRisk = [...candidates.keys()].some((tag) => tag === prune_policy/* EXCLUDED_BY_DEFAULT */.B);
    if (policy.excludedByDefault || isMeant || !isAtRisk)
        return [];
    const message = `exclude-tags replaces its default: ${prune_policy/* EXCLUDED_BY_DEFAULT */.B} is no longer excluded and would go; add it to exclude-tags`;
    return [{ kind: 'default-replaced', subject: prune_policy/* EXCLUDED_BY_DEFAULT */.B, message }];
}
function unlistedManifests({ capabilities }, { deleteUntagged }) {
    if (!deleteUntagged || capabilities.listsUntagged)
        return [];
    const message = 'delete-untagged: the registry does not list manifests without a tag, so only those that others lead to can be found';
    return [{ kind: 'not-listed', subject: 'delete-untagged', message, level: 'notice' }];
}
function whatIsNotTold({ complete, doubts = [] }, policy) {
    const judgesByAge = policy.ageSource !== 'created' && (policy.olderThan !== null || Boolean(policy.keepLatest));
    if (complete && !judgesByAge)
        return [];
    return doubts.map((message) => ({ kind: 'not-told', subject: message, message }));
}
function futureDates(inventory, { considered }, now) {
    const warn = (found, words) => {
        const [first] = found;
        if (first === undefined)
            return [];
        const message = `${words}: ${named(found.map(({ tag }) => tag))}`;
        return [{ kind: 'future-date', subject: first.tag, message }];
    };
    const isUnbelievable = ({ tag, digest, age }) => {
        const entry = inventory.tags.get(tag);
        const manifest = inventory.manifests.get(digest);
        const ages = [
            ...(entry?.state === 'resolved' ? entry.ages : []),
            ...(manifest?.state === 'stored' ? manifest.ages : []),
        ];
        return age === null && ages.some((date) => isFarAhead(date, now));
    };
    return [
        ...warn(considered.filter(({ age }) => age !== null && isAhead(age, now)), 'dated in the future, counted as the newest'),
        ...warn(considered.filter(isUnbelievable), 'dated more than a day ahead, so of unknown age'),
    ];
}
function brokenTags(inventory, graph) {
    const warnings = [];
    const tagsOf = new Map();
    for (const [tag, entry] of inventory.tags) {
        if (entry.state === 'missing') {
            const message = `${tag} is listed, but the registry does not find it`;
            warnings.push({ kind: 'broken', subject: tag, message });
        }
        else if (entry.state === 'resolved') {
            const tags = tagsOf.get(entry.digest);
            if (tags === undefined)
                tagsOf.set(entry.digest, [tag]);
            else
                tags.push(tag);
        }
    }
    graph.stored.forEach((manifest, node) => {
        const digest = graph.digests[node];
        if (manifest?.kind !== 'index' || digest === undefined)
            return;
        const total = manifest.children.length;
        const missing = manifest.children.filter((child) => inventory.manifests.get(child)?.state === 'missing');
        if (missing.length === 0)
            return;
        const tags = tagsOf.get(digest);
        const name = tags === undefined ? `the untagged index ${(0,names_digest/* shortDigest */.VK)(digest)}` : named(tags);
        const are = total === 1 ? 'is' : 'are';
        const message = `${name}: ${missing.length} of ${(0,domain_text/* counted */.hS)(total, 'manifest')} ${are} not in the repository`;
        warnings.push({ kind: 'broken', subject: digest, message });
    });
    return warnings;
}

// EXTERNAL MODULE: ./src/domain/patterns/pattern.js + 2 modules
var patterns_pattern = __webpack_require__(7677);
// EXTERNAL MODULE: ./src/domain/quantities/duration.js
var duration = __webpack_require__(7652);
;// CONCATENATED MODULE: ./src/domain/prune/order.js

function newestFirst(tags) {
    const ranks = rankNames(tags.map(({ tag }) => tag));
    return [...tags].sort((a, b) => compareAges(a.age, b.age) || (ranks.get(a.tag) ?? 0) - (ranks.get(b.tag) ?? 0));
}
function compareAges(a, b) {
    if (a === null || b === null)
        return Number(a === null) - Number(b === null);
    return b.at - a.at;
}
function rankNames(tags) {
    const ascending = (0,tag_order/* sortTags */.uO)(tags);
    const versions = ascending.filter((tag) => (0,tag_order/* parseVersion */.ot)(tag) !== null).reverse();
    const others = ascending.slice(versions.length).reverse();
    return new Map([...versions, ...others].map((tag, rank) => [tag, rank]));
}

// EXTERNAL MODULE: ./src/domain/prune/placeholder.js
var placeholder = __webpack_require__(2640);
;// CONCATENATED MODULE: ./src/domain/prune/tag-selection.js










function selectTags(inventory, graph, policy, now) {
    const pinned = pinDigests(graph, policy);
    const sorted = tag_selection_sortOut(inventory, graph, { policy, pinned, now });
    const [broken, whole] = [true, false].map((isBroken) => sorted.considered.filter(({ digest }) => goesAsBroken(breakageOf(inventory, digest), policy) === isBroken));
    const considered = newestFirst(whole ?? []);
    const { digests, warnings } = applyKeepRules(considered, policy);
    const candidates = new Map();
    const locked = new Map();
    for (const entry of considered) {
        const stays = digests.get(entry.digest) ?? judgeAge(entry, policy, now);
        const obstacle = obstacleTo(inventory, entry);
        if (stays !== null)
            sorted.kept.set(entry.tag, stays);
        else if (obstacle === null)
            candidates.set(entry.tag, expired(entry.tag, policy));
        else
            (obstacle.locked ? locked : sorted.kept).set(entry.tag, undeletable(obstacle.why));
    }
    for (const entry of newestFirst(broken ?? [])) {
        const obstacle = obstacleTo(inventory, entry);
        if (obstacle === null)
            candidates.set(entry.tag, brokenCause(policy));
        else
            (obstacle.locked ? locked : sorted.kept).set(entry.tag, undeletable(obstacle.why));
    }
    const remaining = sorted.resolved - candidates.size;
    for (const tag of sorted.leftovers)
        candidates.set(tag, LEFT_BEHIND);
    for (const tag of sorted.ghosts)
        candidates.set(tag, brokenCause(policy));
    rescue(candidates, sorted.kept, policy.minKeep, remaining);
    return { ...sorted, locked, candidates, pinned, considered, warnings };
}
function brokenCause({ deleteBroken = false }) {
    return { reason: 'broken', decidedBy: { rule: (0,prune_rule/* inputRule */.zH)('delete-broken', String(deleteBroken)) } };
}
function pinDigests(graph, { protectedDigests }) {
    const pinned = new Map();
    if (protectedDigests.size === 0)
        return pinned;
    const indexesAbove = indexFinder(graph);
    for (const [digest, origin] of protectedDigests) {
        const node = graph.nodes.get(digest);
        if (node === undefined)
            continue;
        pinned.set(node, { reason: 'protected', decidedBy: { rule: origin } });
        for (const index of indexesAbove(node)) {
            if (!pinned.has(index))
                pinned.set(index, { reason: 'protected', decidedBy: { digest } });
        }
    }
    return pinned;
}
function tag_selection_sortOut(inventory, graph, { policy, pinned, now }) {
    const question = { source: policy.ageSource, now };
    const kept = new Map();
    const followers = new Set();
    const ages = new Map();
    const considered = [];
    const ghosts = [];
    const leftovers = [];
    let resolved = 0;
    const lists = possibleReferrerLists(inventory);
    for (const [tag, entry] of inventory.tags) {
        if (isGhost(tag, entry, graph, policy)) {
            ghosts.push(tag);
            continue;
        }
        if (entry.state !== 'resolved') {
            kept.set(tag, undeletable(entry.state === 'missing' ? 'listed, but not found' : entry.cause));
            continue;
        }
        const { digest } = entry;
        const isFollower = graph.subjects.has(tag);
        const subject = lists.get(tag);
        const age = tagAge(inventory, entry, digest, question);
        if (age !== null)
            ages.set(tag, age);
        const isLeft = isLeftBehind(inventory, tag);
        if (!isFollower && !isLeft)
            resolved += 1;
        const protection = tag_selection_protectionOf(tag, policy) ?? pinned.get(graph.nodes.get(digest) ?? -1);
        if (protection !== undefined)
            kept.set(tag, protection);
        else if (isFollower && !isStored(inventory, digest))
            kept.set(tag, undeletable(NOT_READ));
        else if (isFollower)
            followers.add(tag);
        else if (isLeft)
            leftovers.push(tag);
        else if (subject !== undefined)
            kept.set(tag, { reason: 'referrer-of', decidedBy: { digest: subject } });
        else if ((0,patterns_pattern/* firstMatch */.o4)(policy.considered, tag) === null)
            kept.set(tag, NOT_CONSIDERED);
        else
            considered.push({ tag, digest, age });
    }
    return { kept, followers, ages, considered, ghosts, leftovers, resolved };
}
function isGhost(tag, { state }, graph, policy) {
    return (state === 'missing' &&
        goesAsBroken('ghost', policy) &&
        !graph.subjects.has(tag) &&
        tag_selection_protectionOf(tag, policy) === undefined &&
        (0,patterns_pattern/* firstMatch */.o4)(policy.considered, tag) !== null);
}
function isLeftBehind(inventory, tag) {
    const digest = (0,placeholder/* isProbeTag */.xv)(tag) ? digestOfTag(inventory, tag) : null;
    const manifest = digest === null ? undefined : inventory.manifests.get(digest);
    return manifest?.state === 'stored' && manifest.isPlaceholder === true;
}
const LEFT_BEHIND = {
    reason: 'expired',
    decidedBy: { rule: (0,prune_rule/* fact */.fK)('an earlier run pushed it for a trial, and ended before it could delete it') },
};
const NOT_CONSIDERED = {
    reason: 'not-considered',
    decidedBy: { rule: (0,prune_rule/* fact */.fK)('no pattern of tags names it') },
};
function tag_selection_protectionOf(tag, policy) {
    const exclusion = (0,patterns_pattern/* firstMatch */.o4)(policy.excluded, tag);
    if (exclusion !== null)
        return { reason: 'excluded', decidedBy: { rule: (0,prune_rule/* inputRule */.zH)('exclude-tags', exclusion.source) } };
    const origin = policy.protectedTags.get(tag);
    return origin === undefined ? undefined : { reason: 'protected', decidedBy: { rule: origin } };
}
function judgeAge({ age }, policy, now) {
    const { olderThan } = policy;
    if (age === null) {
        const asked = olderThan !== null || policy.keepLatest;
        return asked
            ? { reason: 'unknown-age', decidedBy: { rule: (0,prune_rule/* inputRule */.zH)('age-source', policy.ageSource) } }
            : null;
    }
    if (olderThan === null || now - age.at > olderThan)
        return null;
    return { reason: 'too-new', decidedBy: { rule: (0,prune_rule/* inputRule */.zH)('older-than', (0,duration/* formatDuration */.a3)(olderThan)) } };
}
const NOT_READ = 'its manifest was not read';
function isStored({ manifests }, digest) {
    return manifests.get(digest)?.state === 'stored';
}
function obstacleTo(inventory, { tag, digest }) {
    const entry = inventory.tags.get(tag);
    const manifest = inventory.manifests.get(digest);
    if (entry?.state === 'resolved' && entry.locked !== null)
        return { why: entry.locked, locked: true };
    if (manifest?.state !== 'stored')
        return { why: NOT_READ, locked: false };
    if (manifest.locked !== null)
        return { why: manifest.locked, locked: true };
    return manifest.kind === 'unknown' ? { why: unknownType(manifest.mediaType), locked: false } : null;
}
function unknownType(mediaType) {
    return `unknown type ${mediaType}`;
}
function undeletable(why) {
    return { reason: 'undeletable', decidedBy: { rule: (0,prune_rule/* fact */.fK)(why) } };
}
function expired(tag, policy) {
    const pattern = (0,patterns_pattern/* firstMatch */.o4)(policy.considered, tag)?.source ?? '';
    return { reason: 'expired', decidedBy: { rule: { kind: 'expired', pattern, olderThan: policy.olderThan } } };
}
function rescue(candidates, kept, minKeep, remaining) {
    let missing = minKeep - remaining;
    for (const tag of candidates.keys()) {
        if (missing <= 0)
            return;
        candidates.delete(tag);
        kept.set(tag, { reason: 'min-keep', decidedBy: { rule: (0,prune_rule/* inputRule */.zH)('min-keep', minKeep) } });
        missing -= 1;
    }
}
function nodeOfTag(inventory, graph, tag) {
    const digest = digestOfTag(inventory, tag);
    return digest === null ? undefined : graph.nodes.get(digest);
}
function digestOfTag(inventory, tag) {
    const entry = inventory.tags.get(tag);
    return entry?.state === 'resolved' ? entry.digest : null;
}

;// CONCATENATED MODULE: ./src/domain/prune/sweep.js



function sweep(graph, goes, stays) {
    const doomed = reach(graph, goes.keys());
    const kept = reach(graph, stays.keys(), 'keeping');
    const { stored } = graph;
    const isHeld = (node) => stored[node]?.kind === 'unknown' || (stored[node]?.locked ?? null) !== null;
    kept.extend(nodesWhere(graph, isHeld));
    kept.extend(nodesWhere(graph, (node) => stored[node] !== null && !doomed.has(node)));
    const isLost = (node) => doomed.has(node) && !kept.has(node);
    const isDeleted = (node) => stored[node] !== null && isLost(node);
    return {
        isDeleted,
        isLost,
        cause: (node) => {
            if (isDeleted(node))
                return goes.get(node) ?? edgeCause(graph, doomed, node) ?? UNTOUCHED;
            return stays.get(node) ?? edgeCause(graph, kept, node) ?? heldCause(graph, node) ?? UNTOUCHED;
        },
    };
}
const UNTOUCHED = { reason: 'not-considered', decidedBy: { rule: (0,prune_rule/* fact */.fK)('nothing asks for it') } };
function* nodesWhere(graph, test) {
    for (let node = 0; node < graph.digests.length; node += 1)
        if (test(node))
            yield node;
}
function edgeCause(graph, reached, node) {
    const step = reached.cameBy(node);
    const digest = step === null ? undefined : graph.digests[step.from];
    return step === null || digest === undefined ? null : { reason: step.edge, decidedBy: { digest } };
}
function heldCause(graph, node) {
    const manifest = graph.stored[node];
    if (!manifest)
        return null;
    if (manifest.locked !== null)
        return undeletable(manifest.locked);
    return manifest.kind === 'unknown' ? undeletable(unknownType(manifest.mediaType)) : null;
}

;// CONCATENATED MODULE: ./src/domain/prune/tag-size.js

const MAX_STEPS = 10_000_000;
function sizesOf(graph, nodes) {
    const sizes = new Map();
    let left = MAX_STEPS;
    const measure = (start) => {
        const blobs = new Map();
        const seen = new Set([start]);
        for (const node of seen) {
            const manifest = graph.stored[node] ?? null;
            const digest = graph.digests[node];
            if (manifest === null || digest === undefined)
                continue;
            const next = [...(graph.children[node] ?? []), ...(graph.referrers[node] ?? [])];
            left -= next.length + manifest.blobs.length + 1;
            if (left < 0)
                return null;
            for (const other of next)
                seen.add(other);
            blobs.set(digest, manifest.size);
            for (const blob of manifest.blobs) {
                if (blob.size === null)
                    return null;
                blobs.set(blob.digest, blob.size);
            }
        }
        return (0,quantities_bytes/* totalBytes */.ob)(blobs.values());
    };
    for (const node of nodes)
        if (!sizes.has(node))
            sizes.set(node, measure(node));
    return sizes;
}

;// CONCATENATED MODULE: ./src/domain/prune/tag-decisions.js





const NOTHING = (0,quantities_bytes/* asBytes */.Yd)(0);
function decideTags(context) {
    const { inventory, graph, blobs, selection } = context;
    const nodes = [...inventory.tags.keys()].flatMap((tag) => {
        const node = nodeOfTag(inventory, graph, tag);
        return node === undefined ? [] : [[tag, node]];
    });
    const exclusive = exclusiveBytes(graph, blobs, nodes);
    const nodeOf = new Map(nodes);
    const sizes = sizesOf(graph, nodeOf.values());
    const holders = keptHolders(selection, nodeOf);
    return Array.from(inventory.tags.keys(), (tag) => ({
        tag,
        digest: digestOfTag(inventory, tag),
        age: selection.ages.get(tag) ?? null,
        role: graph.subjects.get(tag)?.role ?? 'image',
        subject: graph.subjects.get(tag)?.subject ?? null,
        size: sizes.get(nodeOf.get(tag) ?? -1) ?? null,
        exclusiveBytes: exclusive.get(tag) ?? NOTHING,
        ...judge(context, tag, nodeOf.get(tag), holders),
    }));
}
function keptHolders({ kept, locked }, nodeOf) {
    const holders = new Map();
    for (const tag of [...kept.keys(), ...locked.keys()]) {
        const node = nodeOf.get(tag);
        if (node !== undefined && !holders.has(node))
            holders.set(node, tag);
    }
    return holders;
}
function judge(context, tag, node, holders) {
    const { selection, swept } = context;
    const kept = selection.kept.get(tag);
    if (kept !== undefined)
        return { decision: 'keep', ...kept };
    const locked = selection.locked.get(tag);
    if (locked !== undefined)
        return { decision: 'skip', ...locked };
    const expired = selection.candidates.get(tag);
    if (node === undefined) {
        if (expired !== undefined)
            return { decision: 'delete', ...expired };
        return { decision: 'keep', reason: 'undeletable', decidedBy: { rule: (0,prune_rule/* fact */.fK)('not resolved') } };
    }
    if (swept.isDeleted(node))
        return { decision: 'delete', ...(expired ?? swept.cause(node)) };
    if (expired === undefined && !losesSubject(context, tag)) {
        return { decision: 'keep', ...swept.cause(node) };
    }
    const holder = holders.get(node);
    const cause = holder === undefined ? swept.cause(node) : { reason: 'shared-digest', decidedBy: { tag: holder } };
    return { decision: canUntag(context) ? 'untag' : 'skip', ...cause };
}
function losesSubject({ graph, untagged, swept }, tag) {
    const subject = graph.subjects.get(tag)?.subject;
    const subjectNode = subject === null || subject === undefined ? undefined : graph.nodes.get(subject);
    return untagged.orphans.has(tag) || (subjectNode !== undefined && swept.isLost(subjectNode));
}
function canUntag({ inventory, policy }) {
    if (policy.sharedDigest === 'skip')
        return false;
    return inventory.capabilities.untag !== 'no' || policy.sharedDigest === 'swap';
}

;// CONCATENATED MODULE: ./src/domain/prune/untagged.js






function judgeUntagged(inventory, graph, selection, policy, now) {
    const tagged = new Set(selection.pinned.keys());
    for (const tag of inventory.tags.keys()) {
        const node = nodeOfTag(inventory, graph, tag);
        if (node !== undefined)
            tagged.add(node);
    }
    const listed = new Set([...tagged, ...graph.children.flat()]);
    const hasImages = [...inventory.tags.keys()].some((tag) => !graph.subjects.has(tag));
    const context = { inventory, graph, policy, now, listed, hasImages };
    const verdicts = { goes: new Map(), stays: new Map(), orphans: new Set() };
    for (const tag of selection.followers)
        placeFollower(verdicts, context, tag);
    const reached = reach(graph, tagged);
    graph.stored.forEach((manifest, node) => {
        if (manifest === null || reached.has(node))
            return;
        place(verdicts, node, judgeManifest(context, manifest, graph.digests[node]));
    });
    return verdicts;
}
function place({ goes, stays }, node, judgement) {
    if (judgement === null)
        return;
    const { goes: leaves, ...cause } = judgement;
    (leaves ? goes : stays).set(node, cause);
    if (stays.has(node))
        goes.delete(node);
}
function placeFollower(verdicts, context, tag) {
    const entry = context.inventory.tags.get(tag);
    const node = nodeOfTag(context.inventory, context.graph, tag);
    if (entry?.state !== 'resolved' || node === undefined)
        return;
    const judgement = judgeFollower(context, node, context.graph.subjects.get(tag)?.subject ?? null, entry);
    if (judgement?.goes === true)
        verdicts.orphans.add(tag);
    place(verdicts, node, judgement);
}
function judgeFollower(context, node, subject, { ages: tagAges, isUndated = false }) {
    const { graph, policy, now } = context;
    const state = subject === null ? 'unseen' : subjectState(context, subject);
    if (state === 'here')
        return null;
    if (subject === null || state === 'unseen')
        return followsUnseen(subject);
    if (!policy.deleteOrphaned)
        return ORPHANS_STAY;
    if (!context.hasImages)
        return NO_IMAGES;
    const ages = [...tagAges, ...(graph.stored[node]?.ages ?? [])];
    return isUndated || isYoung(ages, policy.untaggedGrace, now) ? grace(policy) : orphaned(subject);
}
function judgeManifest(context, manifest, digest) {
    const { inventory, policy, now } = context;
    const { subject, ages } = manifest;
    const state = subject === null ? 'none' : subjectState(context, subject);
    const mayGo = policy.deleteUntagged && inventory.capabilities.listsUntagged;
    if (state === 'unseen')
        return followsUnseen(subject);
    if (state === 'absent' && !policy.deleteOrphaned)
        return ORPHANS_STAY;
    if (state === 'absent' && !context.hasImages)
        return NO_IMAGES;
    if (state === 'none' && !mayGo)
        return untaggedStay(policy);
    if (state === 'here' && !mayGo && !policy.deleteOrphaned)
        return null;
    if (isYoung(ages, policy.untaggedGrace, now))
        return grace(policy);
    const breakage = digest === undefined ? null : breakageOf(inventory, digest);
    if (state === 'none' && goesAsBroken(breakage, policy)) {
        const rule = (0,prune_rule/* inputRule */.zH)('delete-broken', String(policy.deleteBroken));
        return { goes: true, reason: 'broken', decidedBy: { rule } };
    }
    if (pushTime(ages) === null) {
        return { goes: false, reason: 'unknown-age', decidedBy: { rule: (0,prune_rule/* fact */.fK)('its push time is not known') } };
    }
    if (subject === null)
        return { goes: true, reason: 'untagged', decidedBy: { rule: (0,prune_rule/* inputRule */.zH)('delete-untagged', 'true') } };
    return state === 'absent' ? orphaned(subject) : null;
}
function subjectState({ inventory, graph, listed }, subject) {
    const state = inventory.manifests.get(subject)?.state;
    if (state === 'stored' || listed.has(graph.nodes.get(subject) ?? -1))
        return 'here';
    return state === 'missing' ? 'absent' : 'unseen';
}
const ORPHANS_STAY = {
    goes: false,
    reason: 'orphaned',
    decidedBy: { rule: (0,prune_rule/* inputRule */.zH)('delete-orphaned', 'false') },
};
const NO_IMAGES = {
    goes: false,
    reason: 'orphaned',
    decidedBy: { rule: (0,prune_rule/* fact */.fK)('no image has a tag here, so the images may be in another repository') },
};
function orphaned(subject) {
    return { goes: true, reason: 'orphaned', decidedBy: { digest: subject } };
}
function followsUnseen(subject) {
    const decidedBy = subject === null ? { rule: (0,prune_rule/* fact */.fK)('its subject is not known') } : { digest: subject };
    return { goes: false, reason: 'referrer-of', decidedBy };
}
function untaggedStay({ deleteUntagged }) {
    const rule = deleteUntagged
        ? (0,prune_rule/* fact */.fK)('the registry does not list untagged manifests')
        : (0,prune_rule/* inputRule */.zH)('delete-untagged', 'false');
    return { goes: false, reason: 'untagged', decidedBy: { rule } };
}
function grace({ untaggedGrace }) {
    const rule = (0,prune_rule/* inputRule */.zH)('untagged-grace', (0,duration/* formatDuration */.a3)(untaggedGrace));
    return { goes: false, reason: 'grace', decidedBy: { rule } };
}

;// CONCATENATED MODULE: ./src/domain/prune/plan.js









function planPrune(inventory, policy, now) {
    const graph = buildGraph(inventory);
    const selection = selectTags(inventory, graph, policy, now);
    const untagged = judgeUntagged(inventory, graph, selection, policy, now);
    const blockers = findBlockers(inventory, graph);
    const asksDeletes = selection.candidates.size > 0 || untagged.goes.size > 0;
    if (asksDeletes && !inventory.capabilities.deletes)
        blockers.push(DELETES_DISABLED);
    if (blockers[0] !== undefined)
        keepAll(selection, untagged, blockers[0]);
    const swept = sweep(graph, whatGoes(inventory, graph, selection, untagged), whatStays(inventory, graph, selection, untagged));
    const blobs = blobsOfGraph(graph);
    const tags = decideTags({ inventory, graph, blobs, policy, selection, untagged, swept });
    const manifests = decideManifests(inventory, graph, swept);
    const counts = countTags(tags, graph, inventory);
    const ownRight = [...untagged.goes].filter(([node]) => swept.isDeleted(node));
    const hasBroken = ownRight.some(([, { reason }]) => reason === 'broken');
    const refusals = [
        ...blockers,
        ...checkBreakers(inventory, policy, selection, counts, { count: ownRight.length, hasBroken }),
    ];
    const freed = reclaimed(blobs, swept.isDeleted);
    return {
        tags,
        manifests,
        actions: refusals.length > 0 ? [] : orderActions(graph, swept.isDeleted, tags, inventory.capabilities, policy),
        counts,
        refusals,
        warnings: findWarnings(inventory, graph, policy, selection, now),
        reclaimedBytes: freed.bytes,
        reclaimsMore: freed.more,
    };
}
function keepAll({ candidates, kept }, { goes, stays, orphans }, blocker) {
    const cause = undeletable(blocker.message);
    for (const tag of candidates.keys())
        kept.set(tag, cause);
    for (const node of goes.keys())
        stays.set(node, cause);
    candidates.clear();
    goes.clear();
    orphans.clear();
}
function whatGoes(inventory, graph, { candidates }, untagged) {
    return new Map([...namedBy(inventory, graph, candidates), ...untagged.goes]);
}
function whatStays(inventory, graph, { pinned, kept, locked }, untagged) {
    const tagged = namedBy(inventory, graph, [...kept, ...locked]);
    return new Map([...untagged.stays, ...tagged.reverse(), ...pinned]);
}
function namedBy(inventory, graph, tags) {
    const named = [];
    for (const [tag, { reason }] of tags) {
        const node = nodeOfTag(inventory, graph, tag);
        if (node !== undefined)
            named.push([node, { reason, decidedBy: { tag } }]);
    }
    return named;
}
function decideManifests(inventory, graph, swept) {
    const decisions = [];
    const attestations = attestationsOf(inventory);
    for (const [digest, entry] of inventory.manifests) {
        const node = graph.nodes.get(digest);
        if (entry.state === 'missing' || node === undefined)
            continue;
        if (entry.state === 'unreadable') {
            decisions.push({ digest, kind: 'unreadable', decision: 'keep', ...undeletable(entry.cause) });
            continue;
        }
        const decision = swept.isDeleted(node) ? 'delete' : 'keep';
        const isAttestation = attestations.has(digest);
        decisions.push({ digest, kind: entry.kind, isAttestation, decision, ...swept.cause(node) });
    }
    return decisions;
}
function attestationsOf({ manifests }) {
    const attestations = new Set();
    for (const entry of manifests.values()) {
        if (entry.state !== 'stored' || entry.kind !== 'index')
            continue;
        const platforms = new Set(entry.platforms);
        for (const child of entry.children)
            if (!platforms.has(child))
                attestations.add(child);
    }
    return attestations;
}
function countTags(tags, graph, inventory) {
    const counts = { keep: 0, delete: 0, untag: 0, skip: 0 };
    for (const { tag, decision } of tags)
        if (!graph.subjects.has(tag) && !isLeftBehind(inventory, tag))
            counts[decision] += 1;
    return counts;
}

;// CONCATENATED MODULE: ./src/domain/prune/reviewed-plan.js



const REVIEWED = (0,prune_rule/* inputRule */.zH)('apply-plan', null);
function narrowToReviewed(inventory, policy, reviewed, now) {
    const drift = driftOf(inventory, reviewed);
    if (drift.length > 0)
        return { kind: 'moved', differences: drift };
    const fresh = planPrune(inventory, policy, now);
    let plan = planPrune(inventory, onlyReviewed(inventory, policy, reviewed, []), now);
    const unreviewed = unreviewedIn(plan, reviewed);
    if (unreviewed.length > 0) {
        plan = planPrune(inventory, onlyReviewed(inventory, policy, reviewed, unreviewed), now);
    }
    const left = leftBehind(inventory, fresh, reviewed);
    const kept = missingIn(fresh, reviewed, left);
    const differences = new Map([
        ...kept,
        ...missingIn(plan, reviewed, left),
        ...kept,
        ...unreviewedIn(plan, reviewed).map((digest) => [digest, `${digest} would go as well, and was not reviewed`]),
    ]);
    if (differences.size > 0)
        return { kind: 'moved', differences: [...differences.values()] };
    const narrowed = explained(plan, fresh);
    return { kind: 'plan', plan: { ...narrowed, warnings: [...narrowed.warnings, ...left.values()] } };
}
const OWN_REASONS = new Set(['untagged', 'grace', 'unknown-age', 'orphaned']);
function leftBehind({ manifests, capabilities }, { tags, manifests: fresh }, reviewed) {
    const isGone = (parent) => parent !== null &&
        parent !== undefined &&
        reviewed.manifests.get(parent) === 'delete' &&
        manifests.get(parent)?.state === 'missing';
    const warn = (name, reason) => leftWarning(name, reason, capabilities.listsUntagged);
    const left = new Map();
    const named = new Map();
    for (const { tag, digest, subject, decision, reason } of tags) {
        const stays = decision === 'keep' && OWN_REASONS.has(reason) && isGone(subject);
        if (stays)
            left.set(tag, warn(tag, reason));
        if (digest !== null)
            named.set(digest, stays && named.get(digest) !== false);
    }
    for (const { digest, decision, reason } of fresh) {
        if (decision !== 'keep' || !OWN_REASONS.has(reason))
            continue;
        const isNamedSo = named.get(digest);
        if (isNamedSo === true)
            left.set(digest, warn(digest, reason));
        else if (isNamedSo === undefined && isGone(reviewed.parents?.get(digest)))
            left.set(digest, warn(digest, reason));
    }
    return new Map([...left].filter(([name]) => !(0,names_digest/* isDigest */.Bc)(name) || reviewed.manifests.get(name) === 'delete'));
}
function leftWarning(name, reason, listsUntagged) {
    const message = `${name} stays: what it belonged to went in an earlier run; ${wayOut(reason, listsUntagged)}`;
    return { kind: 'left-behind', subject: name, message };
}
function wayOut(reason, listsUntagged) {
    if (reason === 'orphaned')
        return 'delete-orphaned: true lets it go';
    if (reason === 'grace')
        return 'it is younger than untagged-grace';
    if (reason === 'unknown-age')
        return 'when it was pushed is not known';
    return listsUntagged
        ? 'delete-untagged: true lets it go'
        : "the registry does not list untagged manifests, so only the registry's own garbage collection finds it";
}
function driftOf({ tags }, reviewed) {
    const differences = [];
    for (const [tag, { digest, decision }] of reviewed.tags) {
        const entry = tags.get(tag);
        const current = entry?.state === 'resolved' ? entry.digest : null;
        if (current === digest || (entry === undefined && leaves(decision)))
            continue;
        const [before, after] = [digest, current].map((name) => (name === null ? 'nothing' : (0,names_digest/* shortDigest */.VK)(name)));
        differences.push(`${tag} pointed to ${before}, now to ${after}`);
    }
    return differences;
}
function onlyReviewed(inventory, policy, reviewed, staying) {
    const going = new Set();
    for (const [tag, { decision }] of reviewed.tags)
        if (leaves(decision))
            going.add(tag);
    const names = going;
    const others = [...inventory.tags.keys()].filter((tag) => !going.has(tag));
    return {
        ...policy,
        considered: [{ source: 'apply-plan', kind: 'exact', matches: (tag) => names.has(tag) }],
        excluded: [],
        excludedByDefault: true,
        keepLatest: null,
        groupBy: null,
        keepSemver: null,
        olderThan: null,
        unknownAge: 'keep',
        protectedTags: new Map([...others.map((tag) => [tag, REVIEWED]), ...policy.protectedTags]),
        protectedDigests: new Map([
            ...staying.map((digest) => [digest, REVIEWED]),
            ...policy.protectedDigests,
        ]),
    };
}
function leaves(decision) {
    return decision === 'delete' || decision === 'untag';
}
function missingIn(plan, reviewed, left) {
    const differences = new Map();
    for (const { tag, decision, reason } of plan.tags) {
        const wanted = reviewed.tags.get(tag)?.decision;
        if (!leaves(wanted) || decision === wanted || left.has(tag))
            continue;
        differences.set(tag, `${tag} was to ${wanted}, now the decision is ${decision} (${reason})`);
    }
    for (const { digest, decision, reason } of plan.manifests) {
        if (reviewed.manifests.get(digest) !== 'delete' || decision === 'delete' || left.has(digest))
            continue;
        differences.set(digest, `${digest} was to be deleted, now the decision is ${decision} (${reason})`);
    }
    return differences;
}
function unreviewedIn(plan, reviewed) {
    return plan.manifests.flatMap(({ digest, decision }) => decision === 'delete' && reviewed.manifests.get(digest) !== 'delete' ? [digest] : []);
}
function explained(plan, fresh) {
    const refused = fresh.refusals.filter(({ kind }) => kind === 'unknown-age' || kind === 'group-by');
    const tags = new Map(fresh.tags.map((decision) => [decision.tag, decision]));
    const manifests = new Map(fresh.manifests.map((decision) => [decision.digest, decision]));
    return {
        ...plan,
        tags: plan.tags.map((entry) => {
            const told = tags.get(entry.tag);
            return told?.decision === entry.decision ? { ...entry, ...told } : entry;
        }),
        manifests: plan.manifests.map((entry) => {
            const told = manifests.get(entry.digest);
            return told?.decision === entry.decision ? { ...entry, ...told } : entry;
        }),
        warnings: fresh.warnings,
        refusals: [...plan.refusals, ...refused],
        actions: refused.length > 0 ? [] : plan.actions,
    };
}

;// CONCATENATED MODULE: ./src/usecases/prune/ledger.js


const PASSING = new Set(['network', 'server', 'deadline', 'rate-limit']);
const FAILURES_IN_A_ROW = 5;
function createLedger(inventory, plan, timeIsUp) {
    const tags = new Map();
    const manifests = new Map();
    const problems = [];
    const doomed = new Set(plan.manifests.flatMap(({ digest, decision }) => (decision === 'delete' ? [digest] : [])));
    const doubted = new Set();
    let stop = null;
    let failures = 0;
    let sentAt = null;
    let graph = null;
    function settleTag(tag, result) {
        if (!tags.has(tag))
            tags.set(tag, result);
    }
    function settleManifest(digest, result) {
        if (!manifests.has(digest))
            manifests.set(digest, result);
    }
    function reviseManifest(digest, result) {
        manifests.set(digest, result);
        for (const entry of plan.tags) {
            if (entry.digest === digest && tags.get(entry.tag)?.status === 'done')
                tags.set(entry.tag, result);
        }
    }
    function retain(digest, result) {
        settleManifest(digest, result);
        graph ??= buildGraph(inventory);
        const start = graph.nodes.get(digest);
        const reached = reach(graph, start === undefined ? [] : [start]);
        for (const [member, node] of graph.nodes) {
            const step = reached.cameBy(node);
            const from = step === null ? undefined : graph.digests[step.from];
            if (step === null || from === undefined || !doomed.has(member))
                continue;
            const cause = { reason: step.edge, decidedBy: { digest: from } };
            settleManifest(member, { status: 'retained', note: null, cause });
        }
    }
    function stopWith(next) {
        if (stop !== null)
            return;
        stop = next;
        if (next.kind === 'failed')
            problems.push(next.message);
    }
    function fail(what, message) {
        failures += 1;
        if (failures >= FAILURES_IN_A_ROW) {
            const told = `${failures} deletions in a row failed, the last one of ${what}: no further one is tried`;
            stopWith({ kind: 'failed', scope: 'repository', message: told });
        }
        problems.push(message);
        return { status: 'failed', note: message };
    }
    function judge(what, { kind, error }) {
        if (error === null) {
            failures = 0;
            return { status: kind, note: null };
        }
        switch (kind) {
            case 'referenced':
            case 'locked':
                return retained(error.message);
            case 'denied':
                stopWith({ kind: 'failed', scope: 'repository', message: error.line });
                return { status: 'failed', note: error.message };
            case 'unsupported':
                stopWith({ kind: 'failed', scope: 'registry', message: error.line });
                return { status: 'failed', note: error.message };
            default:
        }
        if (!endsEarly(error, timeIsUp))
            return fail(what, error.line);
        stopWith({ kind: 'partial', scope: 'registry', message: error.line });
        return null;
    }
    return {
        tags,
        manifests,
        problems,
        doubted,
        report: (problem) => void problems.push(problem),
        doubt: (action) => void doubted.add(action),
        sentAt: () => sentAt,
        noteSent: (at) => {
            sentAt = at;
        },
        stopped: () => stop,
        stop: stopWith,
        settleTag,
        settleManifest,
        reviseTag: (tag, result) => void tags.set(tag, result),
        reviseManifest,
        retain,
        judge,
    };
}
function endsEarly({ kind }, timeIsUp) {
    return kind === 'rate-limit' || (kind === 'deadline' && timeIsUp());
}
function retained(message) {
    return {
        status: 'retained',
        note: message,
        cause: { reason: 'undeletable', decidedBy: { rule: (0,prune_rule/* fact */.fK)(message) } },
    };
}

;// CONCATENATED MODULE: ./src/usecases/prune/progress.js
const EVERY_MS = 5_000;
function createProgress(name, words, { log, now }) {
    let count = 0;
    let said = now();
    return () => {
        count += 1;
        if (now() - said < EVERY_MS)
            return;
        said = now();
        log.info(`${name}: ${words(count)}`);
    };
}

;// CONCATENATED MODULE: ./src/domain/prune/stored-manifest.js


const stored_manifest_NOTHING = { children: [], platforms: [], subject: null, blobs: [] };
function storedManifest(resolved, facts = {}) {
    return {
        state: 'stored',
        kind: resolved.manifest.kind,
        mediaType: resolved.manifest.mediaType,
        size: resolved.size,
        ...parts(resolved.manifest, facts),
        ages: facts.ages ?? [],
        locked: facts.locked ?? null,
        ...((0,placeholder/* isPlaceholder */.wK)(resolved.manifest) ? { isPlaceholder: true } : {}),
    };
}
function parts(manifest, facts) {
    switch (manifest.kind) {
        case 'index':
            return indexParts(manifest);
        case 'image':
        case 'artifact': {
            const layers = manifest.layers.filter(({ mediaType }) => !(0,media_type/* isForeignLayer */.sJ)(mediaType));
            const blobs = manifest.config === null ? layers : [manifest.config, ...layers];
            return {
                ...stored_manifest_NOTHING,
                subject: manifest.subject?.digest ?? null,
                blobs: blobs.map(storedBlob),
                ...mentionsIn(manifest.layers),
            };
        }
        case 'schema1':
            return { ...stored_manifest_NOTHING, blobs: schema1Blobs(manifest.layers, facts) };
        default:
            return { ...stored_manifest_NOTHING, children: manifest.mentions ?? [] };
    }
}
function mentionsIn(layers) {
    const mentions = layers.flatMap(({ digest, mediaType }) => {
        const isManifest = (0,media_type/* isManifestType */.Q3)(mediaType);
        return isManifest || (0,media_type/* isForeignLayer */.sJ)(mediaType) ? [{ digest, isManifest }] : [];
    });
    return mentions.length === 0 ? {} : { mentions };
}
function indexParts(manifest) {
    const children = manifest.manifests.filter(({ mediaType }) => (0,media_type/* isManifestType */.Q3)(mediaType) || !(0,media_type/* isBlobType */.iH)(mediaType));
    const blobs = manifest.manifests.filter(({ mediaType }) => !(0,media_type/* isManifestType */.Q3)(mediaType));
    return {
        children: children.map(({ digest }) => digest),
        platforms: children.filter((entry) => !(0,media_type/* isAttestation */.H3)(entry)).map(({ digest }) => digest),
        subject: manifest.subject?.digest ?? null,
        blobs: blobs.map(storedBlob),
        ...(blobs.length === 0 || manifest.manifests.some(isCacheConfig)
            ? {}
            : { mentions: blobs.map(({ digest }) => ({ digest, isManifest: true })) }),
    };
}
function isCacheConfig({ mediaType }) {
    return (0,media_type/* isCacheConfigType */.r6)(mediaType);
}
function schema1Blobs(layers, facts) {
    return layers.map(({ digest }) => ({ digest, size: facts.layerSizes?.get(digest) ?? null }));
}
function storedBlob({ digest, size }) {
    return { digest, size };
}

;// CONCATENATED MODULE: ./src/usecases/prune/crawl.js




const MEETS_ALL = new Set([
    'network',
    'tls',
    'unauthorized',
    'rate-limit',
    'deadline',
]);
const MAX_UNREADABLE = 20;
const FIRST_ASKED = 3;
const MAX_MANIFESTS = 1_000_000;
const CREATED = 'org.opencontainers.image.created';
const MISSING = { state: 'missing' };
function createCrawl(reader, { concurrency, progress }) {
    const manifests = new Map();
    const configs = new Map();
    const listed = new Set();
    const askedReferrers = new Set();
    const withoutReferrers = new Set();
    let hasReferrersApi = false;
    let unreadable = 0;
    function unread(error) {
        if (!(error instanceof errors/* WardenError */.Sh) || MEETS_ALL.has(error.kind))
            throw error;
        if (error.kind === 'not-found' && isRegistrysWord(error))
            return MISSING;
        unreadable += 1;
        if (unreadable > MAX_UNREADABLE)
            throw error;
        return { state: 'unreadable', cause: error.message };
    }
    function remember({ digest, size, manifest }) {
        if (manifests.get(digest)?.state === 'stored')
            return;
        const stored = storedManifest({ digest, size, manifest }, { ages: datesIn(manifest) });
        manifests.set(digest, stored);
        for (const child of stored.children)
            listed.add(child);
        if (manifest.kind === 'image')
            configs.set(digest, manifest.config);
    }
    async function resolveTag(tag, known) {
        try {
            const resolved = await reader.manifest(tag, known ?? undefined);
            remember(resolved);
            return { state: 'resolved', digest: resolved.digest };
        }
        catch (error) {
            return unread(error);
        }
        finally {
            progress();
        }
    }
    async function read(digest) {
        try {
            remember(await reader.manifest(digest, listed.has(digest) ? digest : undefined));
        }
        catch (error) {
            manifests.set(digest, unread(error));
        }
        finally {
            progress();
        }
    }
    async function referrersOf(digest) {
        askedReferrers.add(digest);
        try {
            const referrers = await reader.listReferrers(digest);
            if (referrers === null)
                withoutReferrers.add(digest);
            else
                hasReferrersApi = true;
            return referrers ?? [];
        }
        catch (error) {
            const failure = unread(error);
            if (failure.state === 'unreadable')
                manifests.set(digest, failure);
            return [];
        }
        finally {
            progress();
        }
    }
    async function wave(fresh) {
        if (manifests.size + fresh.length > MAX_MANIFESTS) {
            throw new errors/* WardenError */.Sh('protocol', `the repository leads to more than ${MAX_MANIFESTS} manifests`);
        }
        await (0,p_map/* default */.Ay)(fresh, read, { concurrency });
        return crawl_namedBy(fresh.map((digest) => manifests.get(digest)));
    }
    async function follow(digests, again) {
        const tried = new Set();
        const isDue = (digest) => {
            const known = manifests.get(digest)?.state;
            const isDue = known === undefined || (again === 'again' && known === 'missing' && !tried.has(digest));
            if (isDue)
                tried.add(digest);
            return isDue;
        };
        let next = new Set(digests);
        for (const named of crawl_namedBy([...next].map((digest) => manifests.get(digest))))
            next.add(named);
        while (next.size > 0) {
            while (next.size > 0)
                next = await wave([...next].filter(isDue));
            const candidates = [...manifests].flatMap(([digest, { state }]) => state === 'stored' && !askedReferrers.has(digest) ? [digest] : []);
            const named = [];
            for (const digest of candidates.slice(0, FIRST_ASKED)) {
                if (!hasReferrersApi)
                    named.push(await referrersOf(digest));
            }
            named.push(...(await (0,p_map/* default */.Ay)(candidates.slice(named.length), referrersOf, { concurrency })));
            if (hasReferrersApi && withoutReferrers.size > 0) {
                const unanswered = [...withoutReferrers];
                withoutReferrers.clear();
                named.push(...(await (0,p_map/* default */.Ay)(unanswered, referrersOf, { concurrency })));
            }
            next = new Set(named.flat());
        }
    }
    async function findsReferrersApi() {
        const [asked] = withoutReferrers;
        if (asked === undefined || hasReferrersApi)
            return false;
        hasReferrersApi = (await reader.listReferrers(asked, 'again')) !== null;
        return hasReferrersApi;
    }
    async function prove() {
        const stored = [...manifests].flatMap(([digest, { state }]) => (state === 'stored' ? [digest] : []));
        const look = async (digest) => {
            const isThere = await reader.exists(digest).catch((error) => {
                const failure = unread(error);
                return failure.state === 'missing' ? false : (manifests.set(digest, failure), true);
            });
            if (!isThere)
                manifests.set(digest, MISSING);
        };
        await (0,p_map/* default */.Ay)(stored, look, { concurrency });
    }
    return {
        findsReferrersApi,
        prove,
        manifests,
        configs,
        resolve: async (tags, { signal, known = () => null } = {}) => {
            const look = async (tag) => [tag, await resolveTag(tag, known(tag))];
            return new Map(await (0,p_map/* default */.Ay)(tags, look, { concurrency, ...(signal === undefined ? {} : { signal }) }));
        },
        follow,
    };
}
function isRegistrysWord({ exchange }) {
    const codes = exchange?.codes;
    if (codes === undefined)
        return true;
    return codes.length > 0 && !codes.includes('UNAUTHORIZED') && !codes.includes('DENIED');
}
function crawl_namedBy(entries) {
    const named = new Set();
    for (const entry of entries) {
        if (entry?.state !== 'stored')
            continue;
        for (const child of entry.children)
            named.add(child);
        if (entry.subject !== null)
            named.add(entry.subject);
        for (const { digest, isManifest } of entry.mentions ?? [])
            if (isManifest)
                named.add(digest);
    }
    return named;
}
function datesIn(manifest) {
    if (manifest.kind === 'unknown')
        return [];
    const [text, source] = manifest.kind === 'schema1'
        ? [manifest.created, 'config']
        : [manifest.annotations.get(CREATED) ?? null, 'annotation'];
    const at = text === null ? null : (0,timestamp/* parseTimestamp */.EH)(text);
    return at === null ? [] : [{ at, source }];
}

;// CONCATENATED MODULE: ./src/usecases/prune/details.js







async function readDetails(inventory, configs, reader, policy, { concurrency, progress, doomed, details, }) {
    const { dates, unread, sizes } = details;
    const undated = imagesToDate(inventory, configs, policy, doomed);
    const descriptors = new Map([...undated.values()].map((config) => [config.digest, config]));
    const readDate = async (config) => {
        const { created } = await reader.config(config);
        dates.set(config.digest, created === null ? null : (0,timestamp/* parseTimestamp */.EH)(created));
    };
    const readSize = async (digest) => {
        sizes.set(digest, await reader.blobSize(digest));
    };
    const attempt = async (read) => {
        await read().catch(unknownUnlessAll);
        progress();
    };
    const attemptDate = async (config) => {
        await attempt(() => readDate(config).catch((error) => {
            if (isGone(error))
                dates.set(config.digest, null);
            else
                unread.add(config.digest);
            throw error;
        }));
    };
    const isDue = ({ digest }) => !dates.has(digest) && !unread.has(digest);
    await (0,p_map/* default */.Ay)([...descriptors.values()].filter(isDue), attemptDate, { concurrency });
    const blobs = [...blobsToWeigh(inventory, policy)].filter((digest) => !sizes.has(digest));
    await (0,p_map/* default */.Ay)(blobs, (digest) => attempt(() => readSize(digest)), { concurrency });
    const manifests = new Map(inventory.manifests);
    for (const [digest, entry] of manifests) {
        if (entry.state === 'stored')
            manifests.set(digest, detailed(entry, undated.get(digest), details));
    }
    return { ...inventory, manifests };
}
function isGone(error) {
    return error instanceof errors/* WardenError */.Sh && error.kind === 'not-found';
}
function unknownUnlessAll(error) {
    if (!(error instanceof errors/* WardenError */.Sh) || MEETS_ALL.has(error.kind))
        throw error;
}
function detailed(manifest, config, { dates, unread, sizes }) {
    if (manifest.kind === 'schema1') {
        const blobs = manifest.blobs.map(({ digest, size }) => ({
            digest,
            size: size ?? sizes.get(digest) ?? null,
        }));
        return { ...manifest, blobs };
    }
    if (config === undefined)
        return manifest;
    if (unread.has(config.digest))
        return { ...manifest, ages: manifest.ages.filter(({ source }) => source !== 'annotation') };
    const at = dates.get(config.digest) ?? null;
    return at === null ? manifest : { ...manifest, ages: [...manifest.ages, { at, source: 'config' }] };
}
const ANY_TIME = (0,timestamp/* asTimestamp */.ZL)(Date.UTC(9999, 0, 1));
function imagesToDate(inventory, configs, policy, doomed) {
    const wanted = new Map();
    const question = { source: policy.ageSource, now: ANY_TIME };
    const visit = (start, isDoomed = false) => {
        const seen = new Set([start]);
        for (const digest of seen) {
            const config = configs.get(digest);
            const isDue = isDoomed || tagAge(inventory, { ages: [] }, digest, question) === null;
            if (config !== undefined && isDue)
                wanted.set(digest, config);
            const entry = inventory.manifests.get(digest);
            if (entry?.state === 'stored')
                for (const platform of entry.platforms)
                    seen.add(platform);
        }
    };
    const candidates = candidateDigests(inventory, policy);
    if (asksForBuildDates(inventory, policy, candidates.length)) {
        for (const entry of candidates) {
            const mayHaveAge = entry.isUndated !== true || policy.ageSource === 'created';
            if (mayHaveAge && tagAge(inventory, entry, entry.digest, question) === null)
                visit(entry.digest);
        }
        for (const digest of doomed)
            visit(digest, true);
    }
    if (policy.deleteOrphaned)
        for (const digest of orphans(inventory))
            visit(digest);
    return wanted;
}
function asksForBuildDates(inventory, policy, candidates) {
    const { ageSource } = policy;
    const mayStandIn = ageSource === 'auto' && inventory.tellsPushTimes !== true;
    if (!mayStandIn && ageSource !== 'created')
        return false;
    const images = imageTagsOf(inventory).length;
    return policy.olderThan !== null || Boolean(policy.keepLatest) || images - candidates < policy.minKeep;
}
function candidateDigests(inventory, { considered, excluded }) {
    return imageTagsOf(inventory).flatMap((tag) => {
        const entry = inventory.tags.get(tag);
        const isCandidate = (0,patterns_pattern/* firstMatch */.o4)(considered, tag) !== null && (0,patterns_pattern/* firstMatch */.o4)(excluded, tag) === null;
        return entry?.state === 'resolved' && isCandidate ? [entry] : [];
    });
}
function orphans(inventory) {
    return [...subjectTagsOf(inventory)].flatMap(([tag, { subject }]) => {
        const isOrphan = subject !== null && inventory.manifests.get(subject)?.state === 'missing';
        const entry = inventory.tags.get(tag);
        return isOrphan && entry?.state === 'resolved' ? [entry.digest] : [];
    });
}
function blobsToWeigh(inventory, policy) {
    const entries = candidateDigests(inventory, policy).map(({ digest }) => inventory.manifests.get(digest));
    const schema1 = entries.filter((entry) => entry?.state === 'stored' && entry.kind === 'schema1');
    return new Set(schema1.flatMap((entry) => (entry?.state === 'stored' ? entry.blobs.map(({ digest }) => digest) : [])));
}

;// CONCATENATED MODULE: ./src/usecases/prune/tag-lookups.js

async function lookUpTags(reader, crawl, known = () => null) {
    const underWay = [];
    const begun = new Set();
    const stop = new AbortController();
    let isAbsent = false;
    const begin = (tags) => {
        const fresh = tags.filter((tag) => !begun.has(tag));
        for (const tag of fresh)
            begun.add(tag);
        const lookup = crawl.resolve(fresh, { signal: stop.signal, known });
        lookup.catch(() => undefined);
        underWay.push(lookup);
    };
    try {
        const onMissing = () => {
            isAbsent = true;
        };
        begin(await listTags(reader, { onMissing, onTags: begin }));
        const resolved = new Map();
        for (const found of await Promise.all(underWay))
            for (const [tag, entry] of found)
                resolved.set(tag, entry);
        return { resolved, isAbsent: isAbsent && resolved.size === 0 };
    }
    catch (error) {
        stop.abort();
        throw error;
    }
}
async function listTags(reader, options = {}) {
    try {
        return await reader.tags(options.onTags);
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh && error.kind === 'not-found-repository'))
            throw error;
        options.onMissing?.();
        return [];
    }
}
async function resolveByVendor(resolved, { tags }, crawl) {
    const told = [...resolved].flatMap(([tag, { state }]) => {
        const digest = state === 'missing' ? tags.get(tag)?.digest : null;
        return digest === undefined || digest === null ? [] : [{ tag, digest }];
    });
    await crawl.follow(told.map(({ digest }) => digest), 'again');
    for (const { tag, digest } of told) {
        if (crawl.manifests.get(digest)?.state === 'stored')
            resolved.set(tag, { state: 'resolved', digest });
    }
}

;// CONCATENATED MODULE: ./src/usecases/prune/waits.js
const SECOND_LOOK = 2_000;
const UNTIL_GONE = [0, 500, 2_000, 4_000];
const LAST_LOOK = 3_000;
const UNTIL_FOUND = [1_000, 3_000, 6_000];
const MAX_TRIES = 5;
const FIRST_RETRY = 250;
function beforeRetry(tries, asked) {
    return Math.max(asked, FIRST_RETRY * 2 ** tries);
}

;// CONCATENATED MODULE: ./src/usecases/prune/read-inventory.js





const read_inventory_NOTHING_LISTED = { tags: new Map(), manifests: new Map(), untagged: [], complete: true };
async function readInventory({ reader, vendor }, policy, deps, alsoFrom = []) {
    const crawl = createCrawl(reader, deps);
    const listedFirst = (await vendor.list?.()) ?? read_inventory_NOTHING_LISTED;
    const { resolved, isAbsent } = await lookUpTags(reader, crawl, (tag) => deps.dryRun === true ? (listedFirst.tags.get(tag)?.digest ?? null) : null);
    const listing = await withSettledTags(listedFirst, resolved, vendor);
    for (const [tag, entry] of await crawl.resolve([...listing.tags.keys()].filter((tag) => !resolved.has(tag)))) {
        if (entry.state !== 'missing')
            resolved.set(tag, entry);
    }
    await resolveByVendor(resolved, listing, crawl);
    await crawl.follow([
        ...digestsOf(resolved),
        ...subjectsOf(resolved.keys()),
        ...listing.untagged,
        ...policy.protectedDigests.keys(),
    ]);
    if (!vendor.capabilities.listsUntagged)
        await crawl.follow(alsoFrom.filter((digest) => !crawl.manifests.has(digest)));
    const doomed = new Set();
    const details = { dates: new Map(), unread: new Set(), sizes: new Map() };
    async function reading() {
        const inventory = {
            tags: new Map([...resolved].map(([tag, entry]) => [tag, tagEntry(tag, entry, listing)])),
            manifests: withVendorFacts(crawl.manifests, listing),
            complete: listing.complete,
            tellsPushTimes: listing.tellsPushTimes ?? false,
            doubts: doubtsOf(listing, resolved.size),
            capabilities: vendor.capabilities,
        };
        const detailed = await readDetails(inventory, crawl.configs, reader, policy, { ...deps, doomed, details });
        return { inventory: detailed, crawl, isAbsent, dateFully, confirmMissing };
    }
    async function dateFully(digests) {
        const before = doomed.size;
        for (const digest of digests)
            doomed.add(digest);
        return doomed.size === before ? null : reading();
    }
    async function confirmMissing(sleep) {
        const before = read_inventory_missingIn(resolved, crawl, policy, listing);
        await crawl.prove();
        const hasReferrers = await crawl.findsReferrersApi();
        if (hasReferrers)
            await crawl.follow(crawl.manifests.keys());
        for (const pause of UNTIL_FOUND) {
            const { tags, digests } = read_inventory_missingIn(resolved, crawl, policy, listing);
            if (tags.length + digests.length === 0)
                break;
            await sleep(pause);
            for (const [tag, entry] of await crawl.resolve(tags))
                resolved.set(tag, entry);
            await resolveByVendor(resolved, listing, crawl);
            await crawl.follow([...digests, ...digestsOf(resolved)], 'again');
        }
        const after = read_inventory_missingIn(resolved, crawl, policy, listing);
        const isUnchanged = isSame(before.tags, after.tags) && isSame(before.digests, after.digests);
        return isUnchanged && !hasReferrers ? null : reading();
    }
    return reading();
}
async function withSettledTags(listing, resolved, { list }) {
    const isOpen = ({ digest, ages }) => digest === null && ages.length > 0;
    if (list === undefined || ![...listing.tags.values()].some(isOpen))
        return listing;
    const again = await list();
    const settled = [...listing.tags].map(([tag, facts]) => {
        const isSettled = resolved.get(tag)?.state === 'resolved' && isSameAge(facts, again.tags.get(tag));
        return [tag, isOpen(facts) && !isSettled ? { ...facts, ages: [], isUnsettled: true } : facts];
    });
    return {
        ...listing,
        tags: new Map(settled),
        doubts: [...new Set([...(listing.doubts ?? []), ...(again.doubts ?? [])])],
    };
}
function isSameAge(before, after) {
    const dates = ({ ages }) => ages.map(({ source, at }) => `${source} ${at}`).join();
    return after !== undefined && dates(before) === dates(after);
}
function doubtsOf({ tags, manifests, tellsPushTimes = false, doubts = [] }, found) {
    const isSilent = tellsPushTimes && tags.size + manifests.size === 0 && found > 0;
    return isSilent && doubts.length === 0 ? [SILENCE] : doubts;
}
const SILENCE = "the vendor's list is empty, though the registry lists tags: ages are unknown, so tags stay. May this login see the repository there?";
function digestsOf(resolved) {
    return [...resolved.values()].flatMap((entry) => (entry.state === 'resolved' ? [entry.digest] : []));
}
function read_inventory_missingIn(resolved, { manifests }, { deleteOrphaned, protectedDigests }, listing) {
    const needed = new Set([...listing.untagged, ...protectedDigests.keys()]);
    for (const entry of manifests.values()) {
        if (entry.state === 'stored')
            for (const child of entry.children)
                needed.add(child);
    }
    return {
        tags: [...resolved].flatMap(([tag, { state }]) => (state === 'missing' ? [tag] : [])),
        digests: [...manifests].flatMap(([digest, { state }]) => state === 'missing' && (deleteOrphaned || needed.has(digest)) ? [digest] : []),
    };
}
function isSame(before, after) {
    const known = new Set(before);
    return before.length === after.length && after.every((name) => known.has(name));
}
function subjectsOf(tags) {
    const subjects = [];
    for (const tag of tags) {
        const key = subjectKeyIn(tag);
        const subject = key === null ? null : digestOfKey(key);
        if (subject !== null)
            subjects.push(subject);
    }
    return subjects;
}
function tagEntry(tag, entry, { tags, manifests, tellsPushTimes = false, datesTags = false }) {
    if (entry.state !== 'resolved')
        return entry;
    const { digest = null, ages = [], locked = null, isUnsettled = false } = tags.get(tag) ?? {};
    const isMoved = isUnsettled || (digest !== null && digest !== entry.digest);
    const isUnlisted = tags.size > 0 ? !tags.has(tag) : tellsPushTimes || (manifests.size > 0 && !manifests.has(entry.digest));
    const isDateless = datesTags && !ages.some(({ source }) => source === 'pushed');
    return isMoved || isUnlisted || isDateless
        ? { ...entry, ages: [], locked, isUndated: true }
        : { ...entry, ages, locked };
}
function withVendorFacts(manifests, listing) {
    const known = new Map([...manifests].sort(([a], [b]) => (a < b ? -1 : 1)));
    for (const [digest, { ages, locked }] of listing.manifests) {
        const entry = known.get(digest);
        if (entry?.state === 'stored')
            known.set(digest, { ...entry, ages: [...ages, ...entry.ages], locked });
    }
    return known;
}

;// CONCATENATED MODULE: ./src/usecases/prune/plan-repository.js









async function planRepository(request, deps) {
    const { target } = request;
    try {
        const progress = createProgress(target.name, (count) => `${(0,domain_text/* counted */.hS)(count, 'answer')} read`, deps);
        const known = withProtection(request.policy, request.protection);
        const reviewed = [...(request.reviewed?.manifests ?? [])].flatMap(([digest, decision]) => decision === 'delete' ? [digest] : []);
        const readDeps = { ...deps, progress, dryRun: request.dryRun };
        let reading = await withDates(request, await readInventory(target, known, readDeps, reviewed), deps);
        const planned = planFor(request, reading, deps);
        if (!request.dryRun && planned.kind === 'plan' && planned.plan.actions.length > 0) {
            const confirmed = await reading.confirmMissing(deps.sleep);
            if (confirmed !== null)
                reading = await withDates(request, confirmed, deps);
        }
        return asPlan(request, reading, deps);
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        const kind = endsEarly(error, deps.timeIsUp) ? 'partial' : 'failed';
        const stop = { kind, scope: 'repository', message: error.line };
        const outcome = unread(target.name, kind, [error.line]);
        return { kind: 'unplanned', request, outcome, reading: null, stop };
    }
}
const FEW_ROUNDS = 4;
async function withDates(request, first, deps) {
    let reading = first;
    for (let round = 0;; round += 1) {
        const planned = planFor(request, reading, deps);
        if (planned.kind !== 'plan')
            return reading;
        const doomed = planned.plan.tags.flatMap(({ digest, decision, age }) => {
            const isDated = age?.source === 'annotation' || age?.source === 'config';
            const isDue = round >= FEW_ROUNDS || decision === 'delete' || decision === 'untag';
            return digest !== null && isDated && isDue ? [digest] : [];
        });
        const dated = await reading.dateFully(doomed);
        if (dated === null)
            return reading;
        reading = dated;
    }
}
function replanned(planned, live, deps) {
    const { request, reading } = planned;
    if (planned.kind === 'unplanned' || reading === null)
        return planned;
    const here = [...live].filter(([tag]) => reading.inventory.tags.has(tag));
    const protectedTags = new Map([...here, ...request.policy.protectedTags]);
    const alive = { ...request, policy: { ...request.policy, protectedTags } };
    return planned.kind === 'planned' ? asPlan(alive, reading, deps) : planned;
}
function asPlan(request, reading, deps) {
    const planned = planFor(request, reading, deps);
    if (planned.kind === 'plan')
        return { kind: 'planned', request, reading, plan: planned.plan };
    for (const difference of planned.differences)
        deps.log.info(`${request.target.name}: since the plan was made, ${difference}`);
    const outcome = unread(request.target.name, 'refused', [misfit(planned.differences)]);
    return { kind: 'unplanned', request, outcome, reading, stop: null };
}
function planFor({ policy: asked, protection, reviewed }, { inventory }, { now, today = now }) {
    const policy = withLikely(asked, protection, inventory);
    if (reviewed !== null)
        return narrowToReviewed(inventory, policy, reviewed, today());
    return { kind: 'plan', plan: planPrune(inventory, policy, today()) };
}
const plan_repository_MAX_NAMED = 3;
function misfit(differences) {
    const more = differences.length - plan_repository_MAX_NAMED;
    const shown = differences.slice(0, plan_repository_MAX_NAMED).join('; ');
    const others = more > 0 ? ` and ${(0,domain_text/* counted */.hS)(more, 'more difference')}, see the log` : '';
    return `since the plan was made, ${shown}${others}. Make a new plan, or give both runs the same inputs`;
}
function unread(repository, state, problems) {
    return {
        repository,
        state,
        tags: [],
        manifests: [],
        tally: { kept: 0, deleted: 0, untagged: 0, skipped: 0, failed: 0, pending: 0 },
        refusals: [],
        warnings: [],
        problems,
        broken: null,
        reclaimedBytes: (0,quantities_bytes/* asBytes */.Yd)(0),
        reclaimsMore: false,
    };
}

;// CONCATENATED MODULE: ./src/usecases/prune/work.js
const SETTLED = { kind: 'settled' };
const DEFERRED = { kind: 'deferred' };
function settle({ ledger, target, deps }, action, result) {
    if (result === null)
        return SETTLED;
    if (action.kind !== 'delete-manifest') {
        if (action.kind !== 'delete-tag' || result.status === 'failed')
            ledger.settleTag(action.tag, result);
        return SETTLED;
    }
    if (result.status === 'done' && !ledger.manifests.has(action.digest)) {
        const tags = action.tags.filter((tag) => !ledger.tags.has(tag));
        deps.log.info(`${target.name}: deleted ${[...tags, action.digest].join(', ')}`);
    }
    for (const tag of action.tags)
        ledger.settleTag(tag, result);
    if (result.status === 'done' || result.status === 'gone')
        ledger.settleManifest(action.digest, result);
    else
        ledger.retain(action.digest, result);
    return SETTLED;
}
async function work_write(work, entry, send) {
    await keepForUndo(work, entry);
    const { ledger, deps } = work;
    if (ledger.stopped() !== null || deps.timeIsUp())
        return null;
    try {
        return await send();
    }
    finally {
        ledger.noteSent(deps.now());
    }
}
async function keepForUndo({ target, ledger, deps }, { digest, tags }) {
    if (deps.record === undefined)
        return;
    const stored = await target.reader.stored(digest);
    const versionId = target.vendor.versionOf?.(digest) ?? null;
    const failure = await deps.record({ repository: target.name, digest, stored, tags, versionId });
    if (failure !== null)
        ledger.stop({ kind: 'failed', scope: 'run', message: failure.line });
}
function doomedBelow({ graph, plan }, digest) {
    const below = new Set();
    const visit = (node) => {
        for (const child of node === undefined ? [] : (graph.children[node] ?? [])) {
            if (below.has(child))
                continue;
            below.add(child);
            visit(child);
        }
    };
    visit(graph.nodes.get(digest));
    const doomed = doomedIn(plan);
    return [...below].flatMap((node) => {
        const child = graph.digests[node];
        if (child === undefined || !doomed.has(child))
            return [];
        return [{ digest: child, tags: plan.tags.flatMap((each) => (each.digest === child ? [each.tag] : [])) }];
    });
}
function keptChildren({ graph, plan }, digest) {
    const node = graph.nodes.get(digest);
    const children = node === undefined ? [] : (graph.children[node] ?? []);
    if (children.length === 0)
        return [];
    const doomed = doomedIn(plan);
    return children.flatMap((child) => {
        const name = graph.digests[child];
        return name === undefined || !graph.stored[child] || doomed.has(name) ? [] : [name];
    });
}
const doomedByPlan = new WeakMap();
function doomedIn(plan) {
    const known = doomedByPlan.get(plan);
    if (known !== undefined)
        return known;
    const doomed = new Set(plan.manifests.flatMap(({ digest, decision }) => (decision === 'delete' ? [digest] : [])));
    doomedByPlan.set(plan, doomed);
    return doomed;
}

;// CONCATENATED MODULE: ./src/usecases/prune/neighbours.js



const MAX_ASKED = 50;
const MAX_UNREAD = 4;
const AT_ONCE = 8;
function createNeighbours(all) {
    const keepers = new Map();
    if (all.length > 1) {
        for (const repository of all) {
            for (const digest of keptBy(repository)) {
                const known = keepers.get(digest);
                if (known === undefined)
                    keepers.set(digest, [repository]);
                else
                    known.push(repository);
            }
        }
    }
    return async (asking) => {
        const { origin } = asking.request.target;
        const isNeighbour = (each) => each !== asking && each.request.target.origin === origin;
        const unread = all.filter((each) => each.reading === null && isNeighbour(each)).slice(0, MAX_UNREAD);
        const found = await askUnread(asking, unread.map(({ request }) => request.target));
        return (digest) => [
            ...(keepers.get(digest) ?? [])
                .filter(isNeighbour)
                .flatMap(({ request, reading }) => (reading === null ? [] : [{ target: request.target, reading }])),
            ...(found.get(digest) ?? []),
        ];
    };
}
function keptBy(repository) {
    if (repository.kind === 'planned')
        return repository.plan.manifests.flatMap(({ digest, decision }) => (decision === 'keep' ? [digest] : []));
    const manifests = [...(repository.reading?.inventory.manifests ?? [])];
    return manifests.flatMap(([digest, { state }]) => (state === 'stored' ? [digest] : []));
}
async function askUnread({ request, reading, plan }, targets) {
    const doomed = [...doomedIn(plan)].slice(0, MAX_ASKED);
    const found = new Map();
    const { stored } = request.target.reader;
    const inventory = { ...reading.inventory, tags: new Map() };
    for (const target of targets) {
        const neighbour = {
            target: { ...target, reader: { ...target.reader, stored } },
            reading: { ...reading, inventory },
        };
        const ask = async (digest) => {
            const isThere = await target.reader.head(digest).catch((error) => {
                if (!(error instanceof errors/* WardenError */.Sh))
                    throw error;
                return null;
            });
            if (isThere !== null)
                found.set(digest, [...(found.get(digest) ?? []), neighbour]);
        };
        await (0,p_map/* default */.Ay)(doomed, ask, { concurrency: AT_ONCE });
    }
    return found;
}

;// CONCATENATED MODULE: ./src/usecases/prune/broken.js




const THERE_AGAIN = { status: 'retained', note: 'what was missing of it is there again' };
async function wholeAgain(work, digest) {
    const { plan, reading, target, deps } = work;
    const decision = plan.manifests.find((manifest) => manifest.digest === digest);
    if (decision?.reason !== 'broken')
        return null;
    const { manifests } = reading.inventory;
    const below = new Set([digest]);
    for (const name of below) {
        const entry = manifests.get(name);
        if (entry?.state === 'stored')
            for (const child of entry.children)
                below.add(child);
    }
    const missing = [...below].filter((name) => manifests.get(name)?.state === 'missing');
    const found = await (0,p_map/* default */.Ay)(missing, (name) => target.reader.head(name), { concurrency: deps.concurrency });
    return found.some((each) => each !== null) ? THERE_AGAIN : null;
}
async function deleteGhost(work, tag) {
    const { ledger, watch, target, deps } = work;
    if ((await watch.resolve(tag)) !== null) {
        ledger.settleTag(tag, THERE_AGAIN);
        return SETTLED;
    }
    if (ledger.stopped() !== null || deps.timeIsUp())
        return SETTLED;
    const outcome = await target.vendor.untag(tag, null);
    if (outcome.kind === 'again')
        return { kind: 'postponed', wait: outcome.wait, error: outcome.error };
    if (outcome.kind === 'unsupported') {
        const note = 'this registry cannot delete a tag whose manifest is gone';
        ledger.settleTag(tag, { status: 'retained', note });
        return SETTLED;
    }
    const result = ledger.judge(tag, outcome);
    if (result !== null)
        ledger.settleTag(tag, result);
    if (result?.status === 'done')
        deps.log.info(`${target.name}: removed the tag ${tag}, which named nothing`);
    return SETTLED;
}
async function proveGhosts({ ledger, target }, tags) {
    const went = tags.filter((tag) => ledger.tags.get(tag)?.status === 'done');
    if (went.length === 0)
        return;
    const listed = await listTags(target.reader).catch((error) => {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        ledger.report(`${target.name}: it is not known whether ${went.join(', ')} went: ${error.message}`);
        return [];
    });
    const names = new Set(listed);
    for (const tag of went.filter((each) => names.has(each))) {
        const note = 'the registry said that it removed the tag, and still lists it';
        ledger.reviseTag(tag, { status: 'failed', note });
        ledger.stop({ kind: 'failed', scope: 'registry', message: `${target.name}: ${tag}: ${note}` });
    }
}

;// CONCATENATED MODULE: ./src/usecases/undo/restore.js





const ABSENCE_PAUSES = [2_000, 3_000, 5_000];
const LIST_AGAIN = 1;
const LOOKS_AT_ONCE = 4;
const MISSING_NAMED = 3;
const SECOND_TRY = 500;
const PRESENT = { status: 'present', note: null };
const RESTORED = { status: 'restored', note: null };
function createRestorer({ reader, vendor }, find, sleep) {
    const absent = new Set();
    const dealtWith = new Map();
    const blobs = new Map();
    const parts = new Map();
    async function restore(digest) {
        const known = find(digest);
        if ((await reader.head(digest)) !== null)
            return known === null ? PRESENT : proven(known, PRESENT);
        if (known === null)
            return failed('its bytes are not known');
        const content = await known.stored();
        for (const need of known.needs) {
            if (find(need) !== null)
                await manifest(need);
        }
        if (!(await isRestored(digest, known))) {
            const refused = await put(digest, content);
            if (refused !== null)
                return refused;
        }
        if ((await reader.head(digest)) === null)
            return failed('the registry took it, and does not have it');
        return proven(known, RESTORED);
    }
    async function isRestored(digest, { version }) {
        if (version === undefined || vendor.restoreVersion === undefined)
            return false;
        for (const tag of version.tags) {
            const current = await reader.head(tag);
            if (current === null ? !absent.has(tag) : current !== digest)
                return false;
        }
        return vendor.restoreVersion(version.id, digest);
    }
    async function put(digest, content) {
        try {
            await vendor.putManifest(digest, content);
            return null;
        }
        catch (error) {
            if (!isForLackOfLayers(error))
                throw error;
            const missing = await missingBlobs(blobsBelow(digest)).catch((cause) => unlessWrong(cause, []));
            if (missing.length > 0)
                return layersGone(missing);
            const unknown = await missingParts(find(digest)).catch((cause) => unlessWrong(cause, []));
            return unknown.length === 0 ? layersGone([]) : partsGone(unknown);
        }
    }
    async function proven(known, result) {
        const missing = await missingBlobs(known.blobs);
        if (missing.length > 0)
            return layersGone(missing);
        const unknown = await missingParts(known);
        return unknown.length === 0 ? result : { ...partsGone(unknown), isThere: true };
    }
    async function missingParts(known) {
        const missing = [];
        for (const part of known?.parts ?? []) {
            if (find(part) !== null)
                continue;
            const asked = parts.get(part) ?? reader.head(part);
            parts.set(part, asked);
            if ((await asked) === null)
                missing.push(part);
        }
        return missing;
    }
    function blobsBelow(top) {
        const manifests = new Set([top]);
        for (const digest of manifests)
            for (const need of find(digest)?.needs ?? [])
                manifests.add(need);
        return new Set([...manifests].flatMap((digest) => find(digest)?.blobs ?? []));
    }
    async function missingBlobs(needed) {
        const missing = [];
        for (const blob of needed)
            if (!(await hasBlob(blob)))
                missing.push(blob);
        return missing;
    }
    function hasBlob(digest) {
        const asked = blobs.get(digest) ?? reader.hasBlob(digest);
        blobs.set(digest, asked);
        return asked;
    }
    function manifest(digest) {
        const result = dealtWith.get(digest) ?? restore(digest).catch(asFailure);
        dealtWith.set(digest, result);
        return result;
    }
    async function proveAbsence(tags) {
        const list = async () => new Set(await listTags(reader).catch((error) => unlessWrong(error, tags)));
        const look = async (tag) => {
            const current = await reader.head(tag).catch((error) => unlessWrong(error, 'unknown'));
            return current === null ? [tag] : [];
        };
        const lookAll = async (asked) => (await (0,p_map/* default */.Ay)(asked, look, { concurrency: LOOKS_AT_ONCE })).flat();
        let listed = await list();
        let missing = await lookAll(tags);
        for (const [turn, pause] of ABSENCE_PAUSES.entries()) {
            if (missing.length === 0)
                return;
            if (turn === LIST_AGAIN) {
                listed = new Set([...listed, ...(await list())]);
                for (const tag of missing)
                    if (!listed.has(tag))
                        absent.add(tag);
                missing = missing.filter((tag) => listed.has(tag));
                if (missing.length === 0)
                    return;
            }
            await sleep(pause);
            missing = await lookAll(missing);
        }
        for (const tag of missing)
            absent.add(tag);
    }
    async function restoreTag(tag, digest) {
        const below = await manifest(digest);
        const current = await reader.head(tag);
        if (current !== null && current !== digest && !(await isLeftBySwap(current)))
            return { status: 'moved', note: `it names ${current} by now` };
        if (below.status === 'failed' && below.isThere !== true)
            return below;
        if (current === digest)
            return below;
        const known = find(digest);
        if (known === null)
            return failed('the bytes of its manifest are not known');
        if (current === null && !absent.has(tag))
            return failed('it is listed or was found a moment ago, and is not found now: it may name something else');
        await vendor.putManifest(tag, await known.stored());
        if ((await reader.head(tag)) !== digest)
            return failed('the registry took it, and does not have it');
        return below.status === 'failed' ? below : RESTORED;
    }
    async function tagTwice(tag, digest) {
        try {
            return await restoreTag(tag, digest);
        }
        catch (error) {
            if (!isRefusedPut(error))
                throw error;
            await sleep(SECOND_TRY);
            return restoreTag(tag, digest);
        }
    }
    async function isLeftBySwap(digest) {
        return (0,placeholder/* isPlaceholder */.wK)((await reader.manifest(digest)).manifest);
    }
    return { proveAbsence, manifest, tag: (tag, digest) => tagTwice(tag, digest).catch(asFailure) };
}
function failed(note) {
    return { status: 'failed', note };
}
const NEEDS_UNKNOWN = new Set([
    'MANIFEST_BLOB_UNKNOWN',
    'BLOB_UNKNOWN',
    'MANIFEST_UNKNOWN',
]);
function isForLackOfLayers(error) {
    if (!(error instanceof errors/* WardenError */.Sh))
        return false;
    return error.kind === 'not-found' || (error.exchange?.codes ?? []).some((code) => NEEDS_UNKNOWN.has(code));
}
function layersGone(missing) {
    const which = missing.length === 0 ? '' : `. Missing: ${(0,domain_text/* someNames */.Xq)(missing, MISSING_NAMED)}`;
    return failed(`its layers are gone: the registry has collected its garbage since. Build and push it again${which}`);
}
function partsGone(missing) {
    const which = (0,domain_text/* someNames */.Xq)(missing, MISSING_NAMED);
    return failed(`neither the registry nor the undo file has ${which}, which it lists`);
}
function isRefusedPut(error) {
    if (!(error instanceof errors/* WardenError */.Sh) || error.exchange?.method !== 'PUT')
        return false;
    return error.exchange.status === 400 || error.exchange.status === 404;
}
function unlessWrong(error, instead) {
    if (!(error instanceof errors/* WardenError */.Sh))
        throw error;
    return instead;
}
function asFailure(error) {
    if (!(error instanceof errors/* WardenError */.Sh))
        throw error;
    return failed(error.line);
}

;// CONCATENATED MODULE: ./src/usecases/prune/put-back.js

async function putBack(...given) {
    return (await returnEach(...given)).map(({ line }) => line);
}
async function returnEach({ reader, vendor }, { crawl, inventory }, losses, { sleep }) {
    const find = (digest) => {
        const entry = crawl.manifests.get(digest);
        if (entry?.state !== 'stored')
            return null;
        const needs = entry.subject === null ? entry.children : [...entry.children, entry.subject];
        const id = vendor.versionOf?.(digest) ?? null;
        return {
            stored: () => reader.stored(digest),
            needs,
            blobs: entry.blobs.map((blob) => blob.digest),
            ...(id === null ? {} : { version: { id, tags: tagsOf(digest) } }),
        };
    };
    const tagsOf = (digest) => [...inventory.tags].flatMap(([tag, entry]) => entry.state === 'resolved' && entry.digest === digest ? [tag] : []);
    const restorer = createRestorer({ reader, vendor }, find, sleep);
    const returned = [];
    const tags = losses.flatMap(({ tag }) => (tag === null ? [] : [tag]));
    if (tags.length > 0)
        await restorer.proveAbsence(tags);
    for (const loss of losses.toSorted((a, b) => Number(a.tag !== null) - Number(b.tag !== null))) {
        const { status, note } = await (loss.tag === null
            ? restorer.manifest(loss.digest)
            : restorer.tag(loss.tag, loss.digest));
        const line = `${loss.name} does not resolve any more: ${AFTERWARDS[status]}${note === null ? '' : ` (${note})`}`;
        returned.push({ line, isThere: status === 'restored' || status === 'present' });
    }
    return returned;
}
const AFTERWARDS = {
    restored: 'it was put back',
    present: 'it is there again',
    moved: 'it was not put back',
    failed: 'it could not be put back',
};

;// CONCATENATED MODULE: ./src/usecases/prune/delete-steps.js






const HOLDERS_NAMED = 3;
function createDeleteSteps(work, looks) {
    const { target, ledger, watch, deps } = work;
    const deferred = new Set();
    let keepsTags = null;
    async function deleteTag({ tag, digest }) {
        const current = await watch.resolve(tag);
        if (current === null)
            return SETTLED;
        if (current !== digest) {
            ledger.settleTag(tag, moved(current));
            return SETTLED;
        }
        const outcome = await removeTag(tag, digest);
        if (outcome === null || outcome.kind === 'unsupported')
            return SETTLED;
        if (outcome.kind === 'postponed')
            return outcome;
        const result = ledger.judge(tag, outcome);
        if (result !== null)
            ledger.settleTag(tag, result);
        return SETTLED;
    }
    async function removeTag(tag, digest) {
        const outcome = await work_write(work, { digest, tags: [tag] }, () => target.vendor.untag(tag, digest));
        if (outcome === null)
            return null;
        if (outcome.kind === 'again')
            return { kind: 'postponed', wait: outcome.wait, error: outcome.error };
        if (outcome.kind !== 'done')
            return outcome;
        const error = await looks.afterTag(tag);
        if (error !== null)
            return { kind: 'failed', error };
        deps.log.info(`${target.name}: removed the tag ${tag}`);
        watch.forget(tag);
        return outcome;
    }
    async function deleteManifest(action) {
        const { digest } = action;
        const known = ledger.manifests.get(digest);
        if (known !== undefined)
            return settle(work, action, known);
        const busy = await work.blobs.hold(digest);
        if (busy !== null)
            return { kind: 'postponed', wait: 0, error: busy };
        const needed = (await watch.check(digest)) ?? (await neededNow(action));
        if (ledger.stopped() !== null)
            return SETTLED;
        if (needed !== null) {
            const note = 'it is in use since the plan was made';
            return settle(work, action, { status: 'retained', note, cause: needed });
        }
        const whole = await wholeAgain(work, digest);
        if (whole !== null)
            return settle(work, action, whole);
        if (target.vendor.capabilities.deletesChildren && keptChildren(work, digest).length > 0)
            return settle(work, action, TAKES_CHILDREN);
        const tags = action.tags.filter((tag) => !ledger.tags.has(tag));
        const sent = await work_write(work, { digest, tags }, () => target.vendor.deleteManifest(digest));
        if (sent === null)
            return SETTLED;
        if (sent.kind === 'again')
            return { kind: 'postponed', wait: sent.wait, error: sent.error };
        if (sent.kind === 'referenced' && isHeldByReferrers(digest))
            return DEFERRED;
        if (sent.kind === 'referenced' && deferred.has(digest))
            await returnReferrers(digest);
        const outcome = sent.kind === 'referenced' && tags.length > 1 ? await tagByTag(action, sent) : sent;
        if (outcome.kind === 'postponed')
            return outcome;
        return finish(action, outcome.kind === 'gone' ? await goneOr(action) : outcome);
    }
    async function finish(action, outcome) {
        const isOurs = outcome.kind === 'done' || (outcome.kind === 'gone' && ledger.doubted.has(action));
        const isGone = outcome.kind === 'done' || outcome.kind === 'gone';
        const error = isGone ? await looks.afterManifest(action, isOurs) : null;
        const judged = ledger.judge(action.digest, error === null ? outcome : { kind: 'failed', error });
        const result = outcome.kind === 'referenced' ? withHolders(judged, action.digest) : judged;
        if (result?.status === 'done') {
            for (const tag of action.tags) {
                const left = await removeLeftTag(tag, action.digest);
                if (left !== null)
                    ledger.settleTag(tag, left);
                watch.forget(tag);
            }
        }
        return settle(work, action, result);
    }
    function withHolders(result, digest) {
        const { graph } = work;
        const node = graph.nodes.get(digest);
        if (result === null || result.note === null || node === undefined)
            return result;
        const left = (nodes = []) => nodes.flatMap((each) => {
            const name = graph.digests[each];
            return name === undefined || ledger.manifests.get(name)?.status === 'done' ? [] : [(0,names_digest/* shortDigest */.VK)(name)];
        });
        const holders = [
            ...left(graph.children.flatMap((children, parent) => (children.includes(node) ? [parent] : []))).map((name) => `the index ${name}`),
            ...left(graph.referrers[node]).map((name) => `the referrer ${name}`),
        ].slice(0, HOLDERS_NAMED);
        if (holders.length === 0)
            return result;
        const note = `held by ${holders.join(', ')}: ${result.note}`;
        if (result.cause?.reason !== 'undeletable')
            return { ...result, note };
        return { ...result, note, cause: { ...result.cause, decidedBy: { rule: (0,prune_rule/* fact */.fK)(note) } } };
    }
    async function removeLeftTag(tag, digest) {
        if (keepsTags === false || ledger.tags.has(tag))
            return null;
        const current = await target.reader.head(tag, 'gone');
        keepsTags ??= current === digest;
        if (current !== digest)
            return null;
        const outcome = await removeTag(tag, digest);
        if (outcome === null)
            return null;
        if (outcome.kind !== 'postponed' && outcome.kind !== 'unsupported')
            return ledger.judge(tag, outcome);
        return ledger.judge(tag, { kind: 'failed', error: outcome.error });
    }
    function isHeldByReferrers(digest) {
        if (deferred.has(digest))
            return false;
        deferred.add(digest);
        const { graph, plan } = work;
        const referrers = graph.referrers[graph.nodes.get(digest) ?? -1] ?? [];
        return referrers.some((node) => {
            const referrer = graph.digests[node];
            return referrer !== undefined && doomedIn(plan).has(referrer) && !ledger.manifests.has(referrer);
        });
    }
    async function returnReferrers(subject) {
        const { graph, reading } = work;
        const nodes = graph.referrers[graph.nodes.get(subject) ?? -1] ?? [];
        const went = nodes.flatMap((node) => graph.digests[node] ?? []).filter(isDeleted);
        if (went.length === 0)
            return;
        const losses = went.flatMap((digest) => [
            { name: `${target.name}@${digest}`, digest, tag: null },
            ...work.plan.tags.flatMap(({ tag, digest: named }) => named === digest ? [{ name: `${target.name}:${tag}`, digest, tag }] : []),
        ]);
        const lines = await putBack(target, reading, losses, deps);
        ledger.report(`the registry does not delete ${subject}, though nothing refers to it any more: ${lines.join('; ')}`);
        for (const digest of went) {
            if ((await target.reader.head(digest)) === null)
                continue;
            const note = 'it was put back: what it refers to stays';
            ledger.reviseManifest(digest, {
                status: 'retained',
                note,
                cause: { reason: 'referrer-of', decidedBy: { digest: subject } },
            });
        }
    }
    function isDeleted(digest) {
        return ledger.manifests.get(digest)?.status === 'done';
    }
    async function tagByTag({ digest, tags }, refused) {
        for (const tag of tags) {
            if (ledger.tags.has(tag))
                continue;
            const outcome = (await watch.resolve(tag)) === digest ? await removeTag(tag, digest) : null;
            if (outcome === null || outcome.kind === 'unsupported')
                return refused;
            if (outcome.kind === 'postponed')
                return outcome;
            const result = ledger.judge(tag, outcome);
            if (result !== null)
                ledger.settleTag(tag, result);
            if (outcome.error !== null)
                return refused;
        }
        if ((await target.reader.head(digest)) === null)
            return { kind: 'done', error: null };
        if (watch.holds(digest) !== null)
            return refused;
        const outcome = await work_write(work, { digest, tags: [] }, () => target.vendor.deleteManifest(digest));
        if (outcome === null)
            return refused;
        return outcome.kind === 'again'
            ? { kind: 'postponed', wait: outcome.wait, error: outcome.error }
            : outcome;
    }
    async function goneOr({ digest, tags }) {
        for (const tag of tags) {
            if (ledger.tags.has(tag) || (await watch.resolve(tag)) !== digest)
                continue;
            if ((await target.reader.head(digest)) === null) {
                const left = await removeLeftTag(tag, digest);
                if (left?.status === 'done' || left?.status === 'gone')
                    continue;
            }
            const message = `${target.name}: the registry does not find ${digest}, which ${tag} still names`;
            return { kind: 'failed', error: new errors/* WardenError */.Sh('protocol', message, { advice: 'Run again later' }) };
        }
        return { kind: 'gone', error: null };
    }
    async function neededNow({ digest, tags }) {
        for (const tag of tags) {
            const current = await watch.resolve(tag);
            if (current === null)
                ledger.settleTag(tag, { status: 'gone', note: null });
            else if (current !== digest)
                ledger.settleTag(tag, moved(current));
        }
        return watch.holds(digest);
    }
    return { deleteTag, deleteManifest };
}
const CHILDREN_NEEDED = 'this registry deletes the platform images of an index along with it, and others need some of them';
const TAKES_CHILDREN = {
    status: 'retained',
    note: CHILDREN_NEEDED,
    cause: { reason: 'undeletable', decidedBy: { rule: (0,prune_rule/* fact */.fK)(CHILDREN_NEEDED) } },
};
function moved(digest) {
    const note = `it was moved to ${digest} since the plan was made`;
    return { status: 'retained', note, cause: { reason: 'undeletable', decidedBy: { rule: (0,prune_rule/* fact */.fK)(note) } } };
}

;// CONCATENATED MODULE: ./src/usecases/prune/families.js
function families_familiesOf(actions) {
    const familyOf = new Map();
    for (const action of actions)
        if (action.kind === 'delete-manifest')
            familyOf.set(action.digest, action.family);
    const members = actions.filter((action) => action.kind === 'delete-tag' || action.kind === 'delete-manifest');
    return [...Map.groupBy(members, ({ digest }) => familyOf.get(digest)).values()];
}
function leastAtRiskFirst(families, { tags }, tells) {
    const builtAt = new Map(tags.map(({ digest, age }) => [digest, age?.at ?? Infinity]));
    const ageOf = ([action]) => builtAt.get(action?.digest ?? null) ?? Infinity;
    const alone = families.filter((family) => family.some(tells) && new Set(family.map(({ digest }) => digest)).size === 1);
    const [first] = alone.toSorted((a, b) => ageOf(a) - ageOf(b) || 0);
    return first === undefined ? [...families] : [first, ...families.filter((family) => family !== first)];
}
function untagTrial(actions, isAlone) {
    if (!actions.some((action) => action.kind === 'untag' && action.method !== 'swap'))
        return null;
    return (actions.find((action) => action.kind === 'delete-manifest' && action.tags.length > 1 && isAlone(action.digest)) ?? null);
}
function behindReferrers(graph, rest, action) {
    const below = new Set();
    const start = graph.nodes.get(action.digest);
    const queue = start === undefined ? [] : [...(graph.children[start] ?? [])];
    for (const node of queue) {
        if (below.has(node))
            continue;
        below.add(node);
        queue.push(...(graph.children[node] ?? []));
    }
    const isBelow = ({ digest }) => below.has(graph.nodes.get(digest) ?? -1);
    return [...rest.filter((each) => !isBelow(each)), action, ...rest.filter(isBelow)];
}

;// CONCATENATED MODULE: ./src/usecases/prune/held-blobs.js




const MAX_LOOKS = 3;
function createHeldBlobs({ target, reading, ledger, deps }) {
    const { reader, vendor } = target;
    let { frees } = vendor.capabilities;
    let looks = 0;
    let again = null;
    let mayPush = vendor.holdingCopy !== undefined;
    let uses = null;
    const copies = new Map();
    const pushed = new Set();
    const held = new Set();
    function blobsOf(digest) {
        const entry = reading.crawl.manifests.get(digest) ?? reading.inventory.manifests.get(digest);
        return entry?.state === 'stored' ? entry.blobs.map((blob) => blob.digest) : [];
    }
    function tellingBlob(digest) {
        if (frees !== 'unknown')
            return null;
        uses ??= countUses([...reading.inventory.manifests.keys()].map(blobsOf));
        return blobsOf(digest).find((blob) => uses?.get(blob) === 1) ?? null;
    }
    async function lookAt(blob) {
        looks += 1;
        const isThere = await reader.hasBlob(blob).catch((error) => {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            return null;
        });
        if (isThere === false)
            frees = 'at-once';
        else if (frees === 'unknown' && (isThere === true || looks >= MAX_LOOKS))
            frees = 'later';
        if (isThere === true)
            again ??= { blob, looksAt: [deps.now(), deps.now() + SECOND_LOOK] };
    }
    async function lookAgain() {
        const [due] = again?.looksAt ?? [];
        if (again === null || due === undefined || frees !== 'later' || deps.now() < due)
            return;
        again.looksAt.shift();
        await lookAt(again.blob);
    }
    async function hold(digest) {
        await lookAgain();
        if (frees !== 'at-once' || !mayPush || blobsOf(digest).length === 0)
            return null;
        const copy = copies.get(digest) ?? vendor.holdingCopy?.(await reader.stored(digest)) ?? null;
        if (copy === null || held.has(copy.digest))
            return null;
        copies.set(digest, copy);
        try {
            pushed.add(copy.digest);
            await vendor.putManifest(copy.digest, copy);
            held.add(copy.digest);
            return null;
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            if (PASSING.has(error.kind))
                return error;
            pushed.delete(copy.digest);
            mayPush = false;
            return null;
        }
    }
    async function release(why) {
        const stay = new Set();
        const give = async (copy) => {
            const left = why ?? (await remove(copy));
            if (left === null)
                return;
            stay.add(copy);
            ledger.report(`${target.name}@${copy} ${LEFT}: ${left}`);
        };
        await (0,p_map/* default */.Ay)(pushed, give, { concurrency: held_blobs_AT_ONCE });
        pushed.clear();
        return new Set([...copies].flatMap(([digest, copy]) => (stay.has(copy.digest) ? [digest] : [])));
    }
    async function remove(copy) {
        let outcome = await removeOnce(copy);
        for (let tries = 1; outcome.kind === 'again' && tries < MAX_TRIES; tries += 1) {
            await deps.sleep(beforeRetry(tries, outcome.wait));
            outcome = await removeOnce(copy);
        }
        return outcome.error === null ? null : outcome.error.message;
    }
    let areGone = false;
    async function removeOnce(copy) {
        const outcome = await vendor.deleteManifest(copy);
        if (outcome.kind === 'done' ? areGone : outcome.kind !== 'gone')
            return outcome;
        const isGone = await reader.head(copy, 'gone').then((found) => found === null, () => false);
        if (!isGone)
            return { kind: 'again', wait: 0, error: STILL_THERE };
        areGone ||= outcome.kind === 'done';
        return outcome;
    }
    return {
        tellingBlob,
        lookAt,
        areFreed: () => frees === 'at-once',
        areLost: () => frees === 'at-once' && !mayPush,
        hold,
        isHolding: () => pushed.size > 0,
        release,
    };
}
const held_blobs_AT_ONCE = 4;
const STILL_THERE = new errors/* WardenError */.Sh('protocol', 'the registry does not delete it, and still has it');
const LEFT = 'was pushed to hold the blobs of what was deleted, and may be left there';
function countUses(manifests) {
    const uses = new Map();
    for (const blobs of manifests) {
        for (const blob of new Set(blobs))
            uses.set(blob, (uses.get(blob) ?? 0) + 1);
    }
    return uses;
}

;// CONCATENATED MODULE: ./src/usecases/prune/holders.js

function createHolders({ target, plan }) {
    const tagged = new Set(plan.tags.flatMap(({ decision, digest }) => decision !== 'delete' && decision !== 'untag' && digest !== null ? [digest] : []));
    const put = new Map();
    async function putByDigest(digest) {
        try {
            await target.vendor.putManifest(digest, await target.reader.stored(digest));
            return null;
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            return `its manifest, which something else needs, may go with its last tag, and could not be put by its digest: ${error.message}`;
        }
    }
    async function secure(digest) {
        const { holds } = target.vendor.capabilities;
        if (tagged.has(digest) || holds === 'digest')
            return null;
        if (holds === 'last-tag')
            return 'this registry deletes a manifest with its last tag, and something else needs it';
        const result = put.get(digest) ?? putByDigest(digest);
        put.set(digest, result);
        return result;
    }
    return { secure, isHeldByTag: (digest) => tagged.has(digest) };
}

;// CONCATENATED MODULE: ./src/usecases/prune/later-looks.js

async function isLookDueLater({ target, deps }, kinds) {
    const keys = kinds.map((kind) => `${target.origin} ${kind}`).filter((key) => !deps.lookedLater?.has(key));
    if (target.vendor.capabilities.untag !== 'unknown' || keys.length === 0)
        return false;
    for (const key of keys)
        deps.lookedLater?.add(key);
    await deps.sleep(SECOND_LOOK);
    return true;
}
async function waitForLast({ target, ledger, deps, }) {
    const lookedAt = [...(deps.lookedLater ?? [])].filter((key) => key.startsWith(`${target.origin} `));
    const key = `${target.origin} validation`;
    const last = ledger.sentAt();
    if (last === null || lookedAt.length === 0 || lookedAt.includes(key))
        return;
    deps.lookedLater?.add(key);
    const left = last + SECOND_LOOK - deps.now();
    if (left > 0)
        await deps.sleep(Math.min(left, SECOND_LOOK));
}

;// CONCATENATED MODULE: ./src/usecases/prune/looks.js





const CHILDREN_LOOKED_AT = 3;
function createFirstLooks(work) {
    const seen = new Set();
    function owed(action) {
        if (action.kind !== 'delete-manifest')
            return seen.has('tag') ? [] : ['tag'];
        const { digest } = action;
        const kinds = ['manifest'];
        if (!seen.has('children') && keptChildren(work(), digest).length > 0)
            kinds.push('children');
        if (!seen.has('elsewhere') && work().elsewhere(digest).length > 0)
            kinds.push('elsewhere');
        if (work().blobs.tellingBlob(digest) !== null)
            kinds.push('blobs');
        return kinds.filter((kind) => !seen.has(kind));
    }
    function stopWith(message) {
        const { ledger, target } = work();
        const error = new errors/* WardenError */.Sh('protocol', `${target.name}: ${message}`, {
            advice: 'Nothing further is deleted',
        });
        ledger.stop({ kind: 'failed', scope: 'registry', message: error.line });
        return error;
    }
    async function isStillThere(name) {
        const { target, deps } = work();
        for (const wait of UNTIL_GONE) {
            if (wait > 0)
                await deps.sleep(wait);
            if ((await target.reader.head(name, 'gone')) === null)
                return false;
        }
        return true;
    }
    async function afterManifest(action, isOurs) {
        const kinds = owed(action);
        const { digest } = action;
        if (isOurs && kinds.includes('manifest')) {
            if (await isStillThere(digest))
                return stopWith(`the registry said that it deleted ${digest}, and still has it`);
            seen.add('manifest');
        }
        const blob = work().blobs.tellingBlob(digest);
        if (blob !== null)
            await work().blobs.lookAt(blob);
        if (kinds.includes('children'))
            await lookAtChildren(digest);
        if (kinds.includes('elsewhere'))
            await lookElsewhere(digest);
        if (isOurs)
            for (const kind of kinds)
                if (kind !== 'blobs')
                    seen.add(kind);
        return null;
    }
    async function lookAtChildren(digest) {
        const { target, reading, deps } = work();
        const kept = keptChildren(work(), digest);
        const areThere = async () => {
            const some = kept.slice(0, CHILDREN_LOOKED_AT).map((child) => target.reader.head(child));
            return (await Promise.all(some)).every((found) => found !== null);
        };
        if ((await areThere()) && (!(await isLookDueLater(work(), ['children'])) || (await areThere())))
            return;
        const losses = kept.map((child) => ({ name: child, digest: child, tag: null }));
        const lines = await putBack(target, reading, losses, deps);
        for (const gone of doomedBelow(work(), digest)) {
            if ((await target.reader.head(gone.digest, 'gone')) === null)
                await keepForUndo(work(), gone);
        }
        stopWith(`the registry deleted what the index ${digest} lists along with it, which others need: ${lines.join('; ')}`);
    }
    async function lookElsewhere(digest) {
        const returnLost = async () => {
            const lines = [];
            for (const neighbour of work().elsewhere(digest)) {
                if ((await neighbour.target.reader.head(digest)) !== null)
                    continue;
                const { target, reading } = neighbour;
                lines.push(...(await putBack(target, reading, lossesOf(neighbour, digest), work().deps)));
            }
            return lines;
        };
        let lines = await returnLost();
        if (lines.length === 0 && (await isLookDueLater(work(), ['elsewhere'])))
            lines = await returnLost();
        if (lines.length === 0)
            return;
        stopWith(`the registry deleted ${digest} in other repositories along with the one here: ${lines.join('; ')}`);
    }
    async function afterTag(tag) {
        if (seen.has('tag'))
            return null;
        if (await isStillThere(tag))
            return stopWith(`the registry said that it removed the tag ${tag}, and still has it`);
        seen.add('tag');
        return null;
    }
    return { owed, afterManifest, afterTag };
}
function lossesOf({ target, reading }, digest) {
    const tags = [...reading.inventory.tags].flatMap(([tag, entry]) => entry.state === 'resolved' && entry.digest === digest
        ? [{ name: `${target.name}:${tag}`, digest, tag }]
        : []);
    return [{ name: `${target.name}@${digest}`, digest, tag: null }, ...tags];
}

;// CONCATENATED MODULE: ./src/usecases/prune/repository-watch.js





const SHARE = 10;
const repository_watch_AT_ONCE = 16;
const UNTAGGED_AGE = 60_000;
const QUICK_LIST = 2_000;
const INSTANT_LIST = 100;
function createRepositoryWatch({ target, reading, plan, concurrency, now, onLost, blobs, ledger, }) {
    const { reader, vendor } = target;
    const { inventory, crawl } = reading;
    const leaving = new Set(plan.tags.flatMap(({ tag, decision }) => (decision === 'delete' || decision === 'untag' ? [tag] : [])));
    const positions = new Map();
    for (const [tag, entry] of inventory.tags)
        if (entry.state === 'resolved')
            positions.set(tag, entry.digest);
    const held = new Map();
    const moved = new Map();
    const vanished = new Map();
    let seenAt = 0;
    let lastTurn = Promise.resolve();
    async function hold(tag) {
        const entry = (await crawl.resolve([tag])).get(tag);
        if (entry?.state === 'unreadable')
            throw new errors/* WardenError */.Sh('protocol', `${tag} was moved; ${entry.cause}`);
        if (entry?.state !== 'resolved') {
            if ((await reader.head(tag)) === null)
                return null;
            throw new errors/* WardenError */.Sh('protocol', `${tag} was moved, and what it names now is not found`);
        }
        if (entry.digest === positions.get(tag))
            return entry.digest;
        const named = { ...entry, ages: [], locked: null };
        await holdFrom(entry.digest, { tag }, new Map([...inventory.tags, [tag, named]]));
        positions.set(tag, entry.digest);
        moved.set(tag, entry.digest);
        leaving.delete(tag);
        return entry.digest;
    }
    async function holdFrom(top, decidedBy, tags) {
        await crawl.follow([top], 'again');
        const graph = buildGraph({ ...inventory, tags, manifests: crawl.manifests });
        const unread = [...crawl.manifests.values()].find(({ state }) => state === 'unreadable');
        if (unread !== undefined || graph.unread.length > 0) {
            const name = 'tag' in decidedBy ? decidedBy.tag : top;
            throw new errors/* WardenError */.Sh('protocol', `${name} was pushed, and not all that it needs could be read`);
        }
        const start = graph.nodes.get(top);
        const reached = reach(graph, start === undefined ? [] : [start], 'keeping');
        for (const [digest, node] of graph.nodes) {
            const reason = digest === top ? 'shared-digest' : 'child-of';
            if (reached.has(node) && !held.has(digest))
                held.set(digest, { reason, decidedBy });
        }
    }
    function inTurn(work) {
        const turn = lastTurn.then(work);
        lastTurn = turn.catch(() => undefined);
        return turn;
    }
    async function resolve(tag) {
        const digest = await reader.head(tag);
        return digest === null || digest === positions.get(tag) ? digest : inTurn(() => hold(tag));
    }
    async function lookAgain(digest) {
        if ((await reader.head(digest)) === null)
            return;
        await inTurn(() => holdFrom(digest, { digest }, inventory.tags));
    }
    const tagged = new Set(positions.values());
    const seenUntagged = new Set(inventory.manifests.keys());
    const listUntagged = recurring(now, async () => {
        const listing = await vendor.list?.();
        if (listing === undefined)
            return;
        const [doubt = null] = inventory.doubts?.length ? [] : (listing.doubts ?? []);
        if (!listing.complete || doubt !== null) {
            const why = doubt ?? `${target.name}: the list of untagged manifests ended early`;
            throw new errors/* WardenError */.Sh('protocol', why, { advice: 'Run again later' });
        }
        for (const digest of listing.untagged) {
            if (seenUntagged.has(digest))
                continue;
            await inTurn(() => holdFrom(digest, { digest }, inventory.tags));
            seenUntagged.add(digest);
        }
    }, () => UNTAGGED_AGE);
    let removed = new Set();
    const everRemoved = new Set();
    const lookFor = async (tag) => {
        if (tag.startsWith(placeholder/* PROBE_PREFIX */.mv))
            return;
        const isKept = positions.has(tag);
        if ((await resolve(tag)) !== null || leaving.has(tag) || everRemoved.has(tag))
            return;
        if (!vanished.has(tag))
            vanished.set(tag, seenAt);
        if (isKept && positions.delete(tag))
            onLost(tag);
    };
    const list = recurring(now, async () => {
        removed = new Set();
        const begun = ledger.manifests.size;
        const tags = await listTags(reader);
        const names = new Set(tags);
        const added = tags.filter((tag) => !positions.has(tag) && !removed.has(tag));
        const absent = [...positions.keys()].filter((tag) => !names.has(tag) && !leaving.has(tag));
        await (0,p_map/* default */.Ay)([...added, ...absent], lookFor, { concurrency });
        seenAt = begun;
    }, (took) => (blobs.areFreed() ? 0 : listAge(took)));
    const missing = [...inventory.manifests].flatMap(([digest, { state }]) => state === 'missing' ? [digest] : []);
    let missed = null;
    const patrol = recurring(now, async () => {
        const { size } = positions;
        const begun = ledger.manifests.size;
        await (0,p_map/* default */.Ay)(positions.keys(), lookFor, { concurrency });
        seenAt = begun;
        return Math.max(1, Math.ceil(size / repository_watch_AT_ONCE) / Math.max(1, Math.ceil(size / concurrency)));
    }, (took) => SHARE * took);
    return {
        resolve,
        forget: (tag) => {
            positions.delete(tag);
            moved.delete(tag);
            removed.add(tag);
            everRemoved.add(tag);
        },
        check: async (digest) => {
            await (missed ??= (0,p_map/* default */.Ay)(missing, lookAgain, { concurrency }));
            await patrol();
            if (inventory.capabilities.listsUntagged && !tagged.has(digest))
                await listUntagged();
            await list();
            return held.get(digest) ?? null;
        },
        expire: () => {
            patrol.expire();
            list.expire();
            listUntagged.expire();
        },
        holds: (digest) => held.get(digest) ?? null,
        sightings: { moved, vanished, seenAt: () => seenAt },
    };
}
function listAge(took) {
    if (took > QUICK_LIST)
        return SHARE * took;
    return took < INSTANT_LIST ? 2 * took : 0;
}
function recurring(now, work, age) {
    let underWay = null;
    let due = -Infinity;
    const run = async () => {
        const begun = now();
        const times = (await work()) ?? 1;
        due = begun + age(times * (now() - begun));
    };
    const look = () => {
        if (underWay !== null)
            return underWay;
        if (now() < due)
            return Promise.resolve();
        underWay = run().finally(() => {
            underWay = null;
        });
        return underWay;
    };
    const expire = () => {
        due = -Infinity;
    };
    return Object.assign(look, { expire });
}

;// CONCATENATED MODULE: ./src/usecases/prune/doubts.js



async function settleDoubts(work, looks) {
    const { target, ledger, deps } = work;
    const isOpen = (action) => action.kind === 'delete-ghost'
        ? false
        : action.kind === 'delete-manifest'
            ? !ledger.manifests.has(action.digest)
            : !ledger.tags.has(action.tag);
    const look = async (action) => {
        const name = action.kind === 'delete-manifest' ? action.digest : action.tag;
        try {
            const isGone = (await target.reader.head(name)) === null;
            if (!isGone || !isOpen(action))
                return;
            if (action.kind === 'delete-tag')
                ledger.settleTag(action.tag, { status: 'done', note: null });
            else
                settle(work, action, { status: 'done', note: null });
            if (action.kind === 'delete-manifest')
                await looks.afterManifest(action, true);
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            ledger.report(`${target.name}: it is not known whether ${name} was deleted: ${error.message}`);
        }
    };
    await (0,p_map/* default */.Ay)([...ledger.doubted].filter(isOpen), look, { concurrency: deps.concurrency });
}

;// CONCATENATED MODULE: ./src/usecases/prune/swap.js




function createSwap(work, createdOf) {
    const { target, ledger, deps } = work;
    const { vendor, reader } = target;
    const touched = new Map();
    async function placed({ tag, digest }) {
        const ours = touched.get(tag);
        if (ours === undefined)
            return { kind: 'none' };
        const current = await reader.head(tag);
        if (current === null)
            return { kind: 'removed' };
        if (current === ours.placeholder)
            return { kind: 'placeholder' };
        if (current === digest)
            return { kind: 'none' };
        if (!(0,placeholder/* isPlaceholder */.wK)((await reader.manifest(current)).manifest))
            return { kind: 'moved', to: current };
        touched.set(tag, { action: ours.action, placeholder: current });
        return { kind: 'placeholder' };
    }
    async function perform(action) {
        const { tag, digest } = action;
        return work_write(work, { digest, tags: [tag] }, async () => {
            const known = touched.get(tag)?.placeholder ?? null;
            const placeholder = known ?? (await push(action));
            if (typeof placeholder !== 'string')
                return placeholder;
            const outcome = await vendor.deleteManifest(placeholder);
            if (outcome.kind !== 'done' && outcome.kind !== 'gone')
                return outcome;
            if (outcome.kind === 'done' || (await reader.head(tag, 'gone')) === null) {
                touched.delete(tag);
                return { kind: 'done', error: null };
            }
            return { kind: 'again', wait: 0, error: notFoundYet(tag) };
        });
    }
    async function push(action) {
        const { tag } = action;
        touched.set(tag, { action, placeholder: null });
        try {
            const placeholder = await vendor.pushPlaceholder?.(tag, createdOf(tag));
            if (placeholder === undefined)
                throw new errors/* WardenError */.Sh('unsupported', 'nothing can be pushed there');
            touched.set(tag, { action, placeholder });
            return placeholder;
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            if (PASSING.has(error.kind))
                return { kind: 'again', wait: 0, error };
            touched.delete(tag);
            throw error;
        }
    }
    async function settleLeft() {
        for (const { action } of touched.values()) {
            try {
                await settle(action);
            }
            catch (error) {
                if (!(error instanceof errors/* WardenError */.Sh))
                    throw error;
                left(action, error.message);
            }
        }
    }
    async function settle(action) {
        const { tag, digest } = action;
        const { kind } = await placed(action);
        if (kind === 'removed')
            ledger.reviseTag(tag, { status: 'done', note: null });
        if (kind !== 'placeholder')
            return;
        await vendor.putManifest(tag, await reader.stored(digest));
        const current = await reader.head(tag);
        if (current !== digest)
            return left(action, 'it could not be put back');
        deps.log.info(`${target.name}: ${tag} names ${digest} again, since its placeholder could not be deleted`);
        const why = ledger.tags.get(tag)?.note ?? 'the placeholder that the tag was moved to could not be deleted';
        const status = ledger.tags.get(tag)?.status === 'failed' ? 'failed' : 'retained';
        if (ledger.tags.has(tag))
            ledger.reviseTag(tag, { status, note: `${why}; the tag was put back` });
    }
    function left({ tag, digest }, why) {
        const message = `${tag} names a placeholder of this run instead of ${digest}: ${why}`;
        ledger.reviseTag(tag, { status: 'failed', note: message });
        ledger.report(`${target.name}: ${message}. Delete the tag, or push it again`);
    }
    return { placed, perform, settleLeft };
}
function notFoundYet(tag) {
    return new errors/* WardenError */.Sh('protocol', `the placeholder that ${tag} was moved to is not found, and the tag is still there`);
}

;// CONCATENATED MODULE: ./src/usecases/prune/untag-trial.js




function createUntagTrial(work, looks, mayPush) {
    const { target, ledger, deps } = work;
    const { vendor, reader } = target;
    const settled = new Map();
    const left = [];
    const ours = new Set();
    let removesNothing = null;
    async function tryOn(pushed, holding, way) {
        if (!mayPush() || vendor.pushPlaceholder === undefined)
            return untried('it is not known whether this registry deletes manifests');
        const tag = freshTag();
        pushed.add(tag);
        const digest = await vendor.pushPlaceholder(tag, null);
        pushed.add(digest);
        const sibling = holding === 'tagged' ? freshTag() : null;
        if (sibling !== null)
            pushed.add(sibling);
        if (sibling !== null || vendor.capabilities.holds !== 'digest')
            await vendor.putManifest(sibling ?? digest, await reader.stored(digest));
        const outcome = way === 'native' ? await vendor.untag(tag, digest) : await moveAway(tag, pushed);
        if (outcome.kind === 'unsupported')
            return { kind: 'no-native', error: outcome.error };
        if (outcome.kind === 'again')
            return { kind: 'postponed', wait: outcome.wait, error: outcome.error };
        if (outcome.error !== null)
            return { kind: 'answered', outcome };
        const error = await looks.afterTag(tag);
        if (error !== null)
            return { kind: 'answered', outcome: { kind: 'failed', error } };
        pushed.delete(tag);
        const isThere = async () => (await reader.head(sibling ?? digest)) !== null;
        const kind = `${way} ${holding}`;
        if ((await isThere()) && (!(await isLookDueLater(work, [kind])) || (await isThere())))
            return { kind: 'safe' };
        return sibling === null
            ? { kind: 'skipped', note: GOES_WITH_LAST_TAG }
            : { kind: 'no-native', error: TAKES_ALONG };
    }
    async function moveAway(tag, pushed) {
        const placeholder = await vendor.pushPlaceholder?.(tag, null);
        if (placeholder === undefined)
            return NOTHING_DONE;
        pushed.add(placeholder);
        return vendor.deleteManifest(placeholder);
    }
    function freshTag() {
        const tag = vendor.freshTag?.();
        if (tag === undefined)
            throw new errors/* WardenError */.Sh('unsupported', 'nothing can be pushed there');
        return tag;
    }
    async function run(holding, way) {
        if (ledger.stopped() !== null || deps.timeIsUp())
            return { kind: 'not-sent' };
        if (way === 'native') {
            removesNothing ??= vendor.untag(freshTag(), null);
            const { kind, error } = await removesNothing;
            if (kind === 'unsupported')
                return { kind: 'no-native', error };
        }
        const pushed = new Set();
        left.push(pushed);
        const trial = await tryOn(pushed, holding, way).catch(asTrial);
        for (const name of pushed)
            ours.add(name);
        for (const name of pushed)
            if ((await takeBack(name)) === null)
                pushed.delete(name);
        return trial;
    }
    async function settleLeft() {
        for (const pushed of left) {
            for (const name of pushed)
                ours.add(name);
            for (const name of pushed) {
                const error = await takeBack(name);
                if (error !== null)
                    tellLeft(name, error);
            }
        }
    }
    async function takeBack(name) {
        try {
            const digest = await reader.head(name, 'gone');
            if (digest === null)
                return null;
            if (!ours.has(digest))
                return NOT_OURS;
            const { error } = await vendor.deleteManifest(digest);
            if (error === null && (0,names_digest/* isDigest */.Bc)(name))
                return null;
            if ((await reader.head(name, 'gone')) === null)
                return null;
            const other = (0,names_digest/* isDigest */.Bc)(name) ? { error } : await vendor.untag(name, digest);
            return (await reader.head(name, 'gone')) === null ? null : (error ?? other.error ?? untag_trial_STILL_THERE);
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            return error;
        }
    }
    function tellLeft(name, error) {
        const why = `pushed to try out the removal of a tag, may be left there: ${error.message}`;
        ledger.report(`${target.name}: ${name}, ${why}`);
    }
    async function runOnce(holding, way) {
        const key = `${holding} ${way}`;
        const known = settled.get(key);
        if (known !== undefined)
            return known;
        const trial = await run(holding, way);
        if (trial.kind !== 'postponed' && trial.kind !== 'not-sent')
            settled.set(key, trial);
        return trial;
    }
    return { run: runOnce, settleLeft };
}
const TAKES_ALONG = new errors/* WardenError */.Sh('unsupported', 'this registry deletes the whole manifest, with all its tags, when one tag is deleted', { advice: 'shared-digest: swap moves the tag to a placeholder and deletes that' });
const GOES_WITH_LAST_TAG = 'this registry deletes a manifest with its last tag, also one that was put by its digest, and something else needs it';
const NOTHING_DONE = {
    kind: 'unsupported',
    error: new errors/* WardenError */.Sh('unsupported', 'nothing can be pushed there'),
};
const NOT_OURS = new errors/* WardenError */.Sh('protocol', 'the registry says that it names something else');
const untag_trial_STILL_THERE = new errors/* WardenError */.Sh('protocol', 'the registry said that it deleted it, and still has it');
function untried(why) {
    return {
        kind: 'skipped',
        note: `what removing a tag takes along there could not be tried on a manifest of our own: ${why}`,
    };
}
function asTrial(error) {
    if (!(error instanceof errors/* WardenError */.Sh))
        throw error;
    return PASSING.has(error.kind) ? { kind: 'postponed', wait: 0, error } : untried(error.message);
}

;// CONCATENATED MODULE: ./src/usecases/prune/untag.js









function createUntag({ work, probe, looks, holders }) {
    const { target, ledger, watch, reading, deps } = work;
    const { vendor, reader } = target;
    const dates = new Map(work.plan.tags.map(({ tag, age }) => [tag, age?.at ?? null]));
    let noNative = vendor.capabilities.untag === 'no' ? NO_NATIVE : null;
    const proven = new Set();
    const mayPush = () => probe.kind === 'on' || [...ledger.manifests.values()].some(({ status }) => status === 'done');
    const trial = createUntagTrial(work, looks, mayPush);
    const swap = createSwap(work, (tag) => dates.get(tag) ?? null);
    const kindOf = (digest) => (holders.isHeldByTag(digest) ? 'tagged' : 'needed');
    const wayOf = ({ method }) => method === 'swap' || (method === 'native-or-swap' && noNative !== null) ? 'swap' : 'native';
    function familyOf(digest) {
        const { graph, plan } = work;
        const node = graph.nodes.get(digest) ?? -1;
        const doomed = doomedIn(plan);
        const some = (nodes = []) => nodes
            .flatMap((each) => (graph.stored[each] ? (graph.digests[each] ?? []) : []))
            .filter((each) => !doomed.has(each))
            .slice(0, LOOKED_AT);
        return { children: some(graph.children[node]), referrers: some(graph.referrers[node]) };
    }
    function unproven(action) {
        const way = wayOf(action);
        const { children, referrers } = familyOf(action.digest);
        const kinds = [`${way} ${kindOf(action.digest)}`];
        if (children.length > 0)
            kinds.push(`${way} children`);
        if (referrers.length > 0)
            kinds.push(`${way} referrers`);
        return kinds.filter((kind) => !proven.has(kind));
    }
    async function checkSiblings({ tag, digest }, kinds) {
        const own = lossesOf({ target, reading }, digest).filter((loss) => loss.tag === null || (loss.tag !== tag && !ledger.tags.has(loss.tag)));
        const { children, referrers } = familyOf(digest);
        const family = [...children, ...referrers];
        const losses = [...own, ...family.map((member) => ({ name: member, digest: member, tag: null }))];
        const findLost = async () => {
            const lost = [];
            for (const loss of losses)
                if (await isLost(loss.tag ?? loss.digest))
                    lost.push(loss);
            return lost;
        };
        let lost = await findLost();
        if (lost.length === 0 && (await isLookDueLater(work, kinds)))
            lost = await findLost();
        for (const kind of kinds)
            proven.add(kind);
        if (lost.length === 0)
            return;
        const lines = await putBack(target, reading, lost, deps);
        const names = lost.map((loss) => loss.tag ?? loss.digest).join(', ');
        const message = `${target.name}: the registry deleted ${names} together with the tag ${tag}, ` +
            `of which only the tag was to be removed. Nothing further is deleted. ${lines.join('; ')}`;
        ledger.stop({ kind: 'failed', scope: 'registry', message });
    }
    async function isLost(name) {
        if ((await reader.head(name)) !== null)
            return false;
        await deps.sleep(SECOND_LOOK);
        return (await reader.head(name)) === null;
    }
    async function moveAway(action) {
        if (vendor.pushPlaceholder !== undefined && probe.kind === 'on')
            return answered(await swap.perform(action));
        return {
            kind: 'skipped',
            note: 'shared-digest: swap needs a registry that is known to delete manifests',
        };
    }
    async function removeNatively(tag, digest, tags) {
        const outcome = await work_write(work, { digest, tags }, () => vendor.untag(tag, digest));
        if (outcome?.kind !== 'unsupported')
            return answered(outcome);
        noNative = outcome.error;
        return { kind: 'no-native' };
    }
    async function tryOut(holding, way) {
        const { untag, holds } = vendor.capabilities;
        const isHeldByDigest = holds === 'digest' || holds === 'last-tag';
        const isKnown = proven.has(`${way} ${holding}`) ||
            ((way === 'swap' || untag === 'yes') && (holding === 'tagged' || isHeldByDigest));
        if (isKnown)
            return null;
        const shown = await trial.run(holding, way);
        if (shown.kind === 'no-native')
            noNative = shown.error;
        return shown.kind === 'safe' ? null : shown;
    }
    async function tryOnce(action) {
        const { tag, digest, method } = action;
        if (noNative !== null && method === 'native')
            return { kind: 'skipped', note: noNative.line };
        const placed = await swap.placed(action);
        if (placed.kind === 'removed')
            return { status: 'done', note: null };
        if (placed.kind === 'moved')
            return moved(placed.to);
        if (placed.kind === 'placeholder')
            return moveAway(action);
        const swaps = wayOf(action) === 'swap';
        const shown = await tryOut(kindOf(digest), wayOf(action));
        if (shown !== null)
            return shown;
        const obstacle = await holders.secure(digest);
        if (obstacle !== null)
            return { kind: 'skipped', note: obstacle };
        if (swaps && probe.kind === 'on')
            await vendor.preparePlaceholder?.();
        const current = await watch.resolve(tag);
        if (current === null)
            return { status: ledger.doubted.has(action) ? 'done' : 'gone', note: null };
        if (current !== digest)
            return moved(current);
        return swaps ? moveAway(action) : removeNatively(tag, digest, [tag]);
    }
    async function perform(action) {
        const { tag } = action;
        let removal = await tryOnce(action);
        if ('kind' in removal && removal.kind === 'no-native')
            removal = await tryOnce(action);
        if ('kind' in removal && removal.kind === 'postponed')
            return removal;
        const result = resultOf(removal, tag);
        if (result === null)
            return SETTLED;
        const error = result.status === 'done' ? await looks.afterTag(tag) : null;
        if (error !== null) {
            ledger.settleTag(tag, { status: 'failed', note: error.message });
            return SETTLED;
        }
        ledger.settleTag(tag, result);
        if (result.status !== 'done')
            return SETTLED;
        deps.log.info(`${target.name}: removed the tag ${tag}`);
        watch.forget(tag);
        const kinds = unproven(action);
        if (kinds.length > 0)
            await checkSiblings(action, kinds);
        return SETTLED;
    }
    function resultOf(removal, tag) {
        if ('status' in removal)
            return removal;
        if (removal.kind === 'answered')
            return ledger.judge(tag, removal.outcome);
        if (removal.kind === 'not-sent')
            return null;
        const note = removal.kind === 'skipped' ? removal.note : 'the registry cannot remove a single tag';
        return { status: 'retained', note };
    }
    async function tryOnDoomed({ digest, tags }) {
        const [tag] = tags;
        const busy = await work.blobs.hold(digest);
        if (busy !== null)
            return { kind: 'postponed', wait: 0, error: busy };
        if (tag === undefined || ledger.manifests.has(digest) || (await watch.check(digest)) !== null)
            return SETTLED;
        for (const each of tags)
            if ((await watch.resolve(each)) !== digest)
                return SETTLED;
        const removal = await removeNatively(tag, digest, tags);
        if (removal.kind === 'postponed')
            return removal;
        if (removal.kind !== 'answered')
            return SETTLED;
        const result = ledger.judge(tag, removal.outcome);
        if (result === null || result.status !== 'done') {
            if (result !== null)
                ledger.settleTag(tag, result);
            return SETTLED;
        }
        const error = await looks.afterTag(tag);
        ledger.settleTag(tag, error === null ? result : { status: 'failed', note: error.message });
        watch.forget(tag);
        if (error !== null)
            return SETTLED;
        deps.log.info(`${target.name}: removed the tag ${tag}`);
        const isThere = async () => (await reader.head(digest)) !== null;
        if (!(await isThere()) || ((await isLookDueLater(work, ['native tagged'])) && !(await isThere())))
            noNative = TAKES_ALONG;
        else
            proven.add('native tagged');
        return SETTLED;
    }
    return {
        perform,
        tryOnDoomed,
        isProven: (action) => unproven(action).length === 0,
        settleLeft: async () => {
            await swap.settleLeft();
            await trial.settleLeft();
        },
        canTry: () => noNative === null && !proven.has('native tagged'),
    };
}
const LOOKED_AT = 3;
const NO_NATIVE = new errors/* WardenError */.Sh('unsupported', 'the registry cannot remove a single tag');
function answered(outcome) {
    if (outcome === null)
        return { kind: 'not-sent' };
    return outcome.kind === 'again'
        ? { kind: 'postponed', wait: outcome.wait, error: outcome.error }
        : { kind: 'answered', outcome };
}

;// CONCATENATED MODULE: ./src/usecases/prune/execute.js

















const DELETES_AT_ONCE = 4;
const LONGEST_WAIT = 5 * 60_000;
async function executePlan(target, plan, reading, elsewhere, deps) {
    const { concurrency, now, timeIsUp } = deps;
    const ledger = createLedger(reading.inventory, plan, timeIsUp);
    const blobs = createHeldBlobs({ target, reading, ledger, deps });
    if (plan.actions.length === 0)
        return { ledger, blobs, sightings: null };
    const probe = await target.vendor.probeDeletes().catch(asFailedProbe);
    if ('error' in probe) {
        const scope = probe.kind === 'off' ? 'registry' : 'repository';
        const kind = endsEarly(probe.error, timeIsUp) ? 'partial' : 'failed';
        ledger.stop({ kind, scope, message: probe.error.line });
        return { ledger, blobs, sightings: null };
    }
    const doubt = await doubtOfReferrers(target, plan, reading, timeIsUp);
    if (doubt !== null) {
        ledger.stop(doubt);
        return { ledger, blobs, sightings: null };
    }
    const onLost = (tag) => {
        const message = `${target.name}: ${tag}, which was to stay, is not there any more. Nothing further is deleted`;
        ledger.stop({ kind: 'failed', scope: 'repository', message });
    };
    const watch = createRepositoryWatch({ target, reading, plan, concurrency, now, onLost, blobs, ledger });
    const graph = buildGraph(reading.inventory);
    const work = { target, plan, reading, graph, ledger, watch, blobs, elsewhere, deps };
    const looks = createFirstLooks(() => work);
    await carryOut(work, probe, looks);
    await settleDoubts(work, looks);
    return { ledger, blobs, sightings: watch.sightings };
}
async function doubtOfReferrers({ name }, { actions }, { crawl }, timeIsUp) {
    if (!actions.some(({ kind }) => kind === 'delete-manifest'))
        return null;
    try {
        if (!(await crawl.findsReferrersApi()))
            return null;
        const message = `${name}: the registry lists referrers now, and did not when it was read. Nothing is deleted; run again`;
        return { kind: 'failed', scope: 'repository', message };
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        const kind = endsEarly(error, timeIsUp) ? 'partial' : 'failed';
        return { kind, scope: 'repository', message: error.line };
    }
}
function asFailedProbe(error) {
    if (!(error instanceof errors/* WardenError */.Sh))
        throw error;
    return { kind: 'failed', error };
}
async function carryOut(work, probe, looks) {
    const { plan, graph } = work;
    const steps = createDeleteSteps(work, looks);
    const untag = createUntag({ work, probe, looks, holders: createHolders(work) });
    const attempt = createAttempt(work);
    const runFamily = async (family) => {
        let queue = [...family];
        for (let action = queue.shift(); action !== undefined; action = queue.shift()) {
            const current = action;
            const { kind } = await attempt(current, () => current.kind === 'delete-tag' ? steps.deleteTag(current) : steps.deleteManifest(current));
            if (kind === 'deferred')
                queue = behindReferrers(graph, queue, current);
        }
    };
    const isAlone = (digest) => keptChildren(work, digest).length === 0 && work.elsewhere(digest).length === 0;
    const trial = untagTrial(plan.actions, isAlone);
    if (trial !== null && untag.canTry())
        await attempt(trial, () => untag.tryOnDoomed(trial));
    const families = leastAtRiskFirst(families_familiesOf(plan.actions), plan, ({ digest, kind }) => kind === 'delete-manifest' && work.blobs.tellingBlob(digest) !== null);
    const owes = (family, kind) => family.some((action) => looks.owed(action).includes(kind));
    for (const kind of ['tag', 'manifest', 'blobs', 'children', 'elsewhere']) {
        for (;;) {
            const next = families.findIndex((family) => owes(family, kind));
            if (next < 0)
                break;
            for (const family of families.splice(next, 1))
                await runFamily(family);
        }
    }
    const atOnce = work.blobs.areLost() ? 1 : DELETES_AT_ONCE;
    await (0,p_map/* default */.Ay)(families, runFamily, { concurrency: atOnce });
    const remove = (action) => attempt(action, () => untag.perform(action));
    const untags = plan.actions.filter((action) => action.kind === 'untag');
    const together = [];
    for (const action of untags) {
        if (untag.isProven(action))
            together.push(action);
        else
            await remove(action);
    }
    await (0,p_map/* default */.Ay)(together, remove, { concurrency: atOnce });
    await untag.settleLeft();
    const ghosts = plan.actions.filter((action) => action.kind === 'delete-ghost');
    for (const ghost of ghosts)
        await attempt(ghost, () => deleteGhost(work, ghost.tag));
    const tags = ghosts.map(({ tag }) => tag);
    await proveGhosts(work, tags);
}
function createAttempt(work) {
    const { ledger, watch, deps, target, plan } = work;
    const progress = createProgress(target.name, (count) => `${count} of ${(0,domain_text/* counted */.hS)(plan.actions.length, 'deletion')} done`, deps);
    return async (action, step) => {
        for (let tries = 1;; tries += 1) {
            if (deps.timeIsUp())
                ledger.stop(endOf(deps));
            if (ledger.stopped() !== null)
                return SETTLED;
            const trying = step().catch((error) => settleError(work, action, error));
            const outcome = deps.orAbandoned === undefined ? await trying : await deps.orAbandoned(trying);
            if (outcome === null) {
                ledger.doubt(action);
                ledger.stop(endOf(deps));
                return SETTLED;
            }
            if (outcome.kind !== 'postponed') {
                progress();
                return outcome;
            }
            ledger.doubt(action);
            if (tries >= MAX_TRIES || outcome.wait > LONGEST_WAIT)
                return settleError(work, action, outcome.error);
            await deps.sleep(beforeRetry(tries, outcome.wait));
            watch.expire();
        }
    };
}
function endOf({ isCancelled }) {
    return isCancelled?.() === true
        ? { kind: 'failed', scope: 'run', message: 'The job was cancelled: nothing further is deleted' }
        : { kind: 'partial', scope: 'registry', message: 'max-duration has passed' };
}
function settleError(work, action, error) {
    if (!(error instanceof errors/* WardenError */.Sh))
        throw error;
    const kind = error.kind === 'denied' || error.kind === 'unauthorized' ? 'denied' : 'failed';
    const name = action.kind === 'delete-manifest' ? action.digest : action.tag;
    return settle(work, action, work.ledger.judge(name, { kind, error }));
}

;// CONCATENATED MODULE: ./src/usecases/prune/validate.js






async function validate(parts, deps) {
    const { target, reading, state, only, moved: seen = new Map() } = parts;
    const { reader } = target;
    const { concurrency } = deps;
    const result = { lost: [], unknown: [], unchecked: [] };
    const found = new Map();
    const isOfInterest = (digest) => only === null || (digest !== null && only.has(digest));
    const look = async (name, label, expected) => {
        try {
            return (await reader.head(name, expected)) ?? 'gone';
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            if (endsEarly(error, deps.timeIsUp))
                result.unchecked.push(label());
            else
                result.unknown.push(`${label()} could not be checked: ${error.message}`);
            return null;
        }
    };
    const staying = state.tags.filter(({ decision, digest }) => decision !== 'delete' && decision !== 'untag' && digest !== null && isOfInterest(digest));
    const checkTag = async ({ tag, digest }) => {
        if (digest === null)
            return;
        const current = await look(tag, () => tag);
        if (current === 'gone')
            result.lost.push({ name: tag, digest: seen.get(tag) ?? digest, tag });
        else if (current !== null)
            found.set(tag, current);
    };
    const names = new Set(staying.map(({ tag }) => tag));
    const added = only === null
        ? await unlessOver(listTags(reader), 'tags that were pushed meanwhile').then((tags) => tags?.filter((tag) => !names.has(tag)))
        : [];
    const listed = new Set(added);
    const unlisted = [...seen].filter(([tag, digest]) => !names.has(tag) && !listed.has(tag) && isOfInterest(digest));
    const newcomers = unlisted.map(([tag, digest]) => ({ tag, digest }));
    await (0,p_map/* default */.Ay)([...staying, ...newcomers], checkTag, { concurrency });
    const stillThere = { tags: [], manifests: [] };
    const graph = await unlessOver(readAgain(added ?? []), 'what tags that were moved meanwhile need');
    if (graph !== null) {
        const needed = reach(graph, rootsIn(graph));
        const proven = new Set(found.values());
        const digests = toProve(graph, needed, proven).filter(isOfInterest);
        const checkDigest = async (digest) => {
            const label = labelOf(digest, graph, needed, found);
            if ((await look(digest, () => label)) === 'gone')
                result.lost.push({ name: label, digest, tag: null });
        };
        await (0,p_map/* default */.Ay)(digests, checkDigest, { concurrency });
        stillThere.manifests.push(...(await notGone(graph, needed)));
    }
    return { ...result, stillThere };
    async function unlessOver(work, what) {
        try {
            return await work;
        }
        catch (error) {
            if (!(error instanceof errors/* WardenError */.Sh))
                throw error;
            if (endsEarly(error, deps.timeIsUp))
                result.unchecked.push(what);
            else
                result.unknown.push(`${what} could not be checked: ${error.message}`);
            return null;
        }
    }
    async function readAgain(others) {
        const { inventory, crawl } = reading;
        const moved = staying.filter(({ tag, digest }) => found.has(tag) && found.get(tag) !== digest);
        for (const [tag, entry] of await crawl.resolve(moved.map(({ tag }) => tag))) {
            if (entry.state === 'resolved')
                found.set(tag, entry.digest);
            else
                result.unknown.push(`${tag} could not be checked: it was moved, and cannot be read where it is`);
        }
        const deleted = new Map(state.tags.flatMap(({ tag, digest, status }) => (validate_isGone(status) ? [[tag, digest]] : [])));
        for (const [tag, entry] of await crawl.resolve(others)) {
            if (entry.state !== 'resolved')
                continue;
            if (deleted.get(tag) === entry.digest)
                stillThere.tags.push(tag);
            else
                found.set(tag, entry.digest);
        }
        await crawl.follow(new Set(found.values()), others.length > 0 ? 'again' : undefined);
        const entries = [...found].map(([tag, digest]) => [
            tag,
            { state: 'resolved', digest, ages: [], locked: null },
        ]);
        return buildGraph({ ...inventory, tags: new Map(entries), manifests: crawl.manifests });
    }
    function rootsIn(graph) {
        const pinned = state.manifests.flatMap(({ digest, decision, reason }) => decision === 'keep' && reason === 'protected' ? [digest] : []);
        return [...found.values(), ...pinned]
            .map((digest) => graph.nodes.get(digest))
            .filter((node) => node !== undefined);
    }
    async function notGone(graph, needed) {
        const went = state.manifests.flatMap(({ digest, status }) => validate_isGone(status) && !needed.has(graph.nodes.get(digest) ?? -1) ? [digest] : []);
        const isThere = async (digest) => {
            const current = await look(digest, () => digest, 'gone');
            return current === null || current === 'gone' ? [] : [digest];
        };
        const left = (await (0,p_map/* default */.Ay)(went, isThere, { concurrency })).flat();
        if (left.length === 0)
            return [];
        await deps.sleep(LAST_LOOK);
        return (await (0,p_map/* default */.Ay)(left, isThere, { concurrency })).flat();
    }
}
function validate_isGone(status) {
    return status === 'done' || status === 'gone';
}
function toProve({ digests, stored }, needed, proven) {
    return digests.filter((digest, node) => needed.has(node) && (stored[node] ?? null) !== null && !proven.has(digest));
}
function labelOf(digest, graph, needed, found) {
    let node = graph.nodes.get(digest);
    for (let from = above(node); from !== undefined; from = above(node))
        node = from;
    const root = node === undefined ? digest : graph.digests[node];
    const tag = [...found].find(([, target]) => target === root)?.[0];
    return tag === undefined ? digest : `${digest}, needed by ${tag},`;
    function above(below) {
        return below === undefined ? undefined : needed.cameBy(below)?.from;
    }
}

;// CONCATENATED MODULE: ./src/usecases/prune/prove.js






async function prove({ request: { target }, reading, plan }, ledger, sightings, deps) {
    const state = { tags: tagOutcomes(plan, ledger), manifests: manifestOutcomes(plan, ledger) };
    const touched = touchedBy(plan, reading, ledger);
    const only = deps.isCancelled?.() === true ? touched : null;
    const moved = sightings?.moved ?? new Map();
    const result = await validate({ target, reading, state, only, moved }, deps);
    reviseUndone(result, ledger, target.name);
    const isOurs = ({ digest }) => touched.has(digest);
    const returned = await returnEach(target, reading, result.lost.filter(isOurs), deps);
    const lines = returned.map(({ line }) => line);
    const others = result.lost.filter((loss) => !isOurs(loss));
    const vanished = await returnUnseen({ target, reading, plan, ledger, sightings, deps }, others);
    const gone = others.flatMap((loss) => loss.tag !== null && vanished.has(loss.tag) ? [] : [`${loss.name} does not resolve any more`]);
    const isSure = result.unknown.length + result.unchecked.length + gone.length === 0 &&
        [...returned, ...vanished.values()].every(({ isThere }) => isThere);
    const told = [...vanished.values()].map(({ line }) => line);
    return { broken: [...gone, ...told, ...lines, ...result.unknown], unchecked: result.unchecked, isSure };
}
async function returnUnseen(unseen, lost) {
    const { target, reading, plan, ledger, sightings, deps } = unseen;
    const told = new Map();
    if (sightings === null)
        return told;
    const suspects = new Map();
    for (const { tag, digest } of lost) {
        if (tag !== null && (await prove_isThere(target, digest)))
            suspects.set(tag, sightings.vanished.get(tag) ?? sightings.seenAt());
    }
    const known = new Set(plan.tags.map(({ tag }) => tag));
    for (const [tag, seenAt] of sightings.vanished) {
        if (!known.has(tag) && !sightings.moved.has(tag) && !(await prove_isThere(target, tag)))
            suspects.set(tag, seenAt);
    }
    for (const [tag, seenAt] of suspects) {
        const went = [...ledger.manifests]
            .slice(seenAt)
            .flatMap(([digest, { status }]) => (status === 'done' || status === 'gone' ? [digest] : []));
        if (went.length === 0 || went.length > prove_MAX_NAMED)
            continue;
        const losses = went.flatMap((digest) => {
            const tags = plan.tags.filter((each) => each.digest === digest && each.decision === 'delete');
            const named = tags.map((each) => ({ name: each.tag, digest, tag: each.tag }));
            return named.length > 0 ? named : [{ name: digest, digest, tag: null }];
        });
        const returned = await returnEach(target, reading, losses, deps);
        const isBack = returned.every((each) => each.isThere);
        const note = `it was put back: ${tag}, which vanished, may have named it`;
        if (isBack)
            for (const digest of went)
                ledger.reviseManifest(digest, { status: 'retained', note });
        const names = prove_named(losses.map(({ name }) => name));
        const end = isBack
            ? 'put back; push the tag again'
            : `not all put back: ${returned.map(({ line }) => line).join('; ')}`;
        told.set(tag, {
            line: `${tag} does not resolve any more, and may have been moved to what was deleted meanwhile (${names}), which was ${end}`,
            isThere: isBack,
        });
    }
    return told;
}
async function prove_isThere({ reader }, name) {
    try {
        return (await reader.head(name)) !== null;
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh))
            throw error;
        return true;
    }
}
function reviseUndone({ stillThere }, ledger, name) {
    const { tags, manifests } = stillThere;
    if (tags.length + manifests.length === 0)
        return;
    const note = 'the registry said that it deleted it, and still has it';
    for (const tag of tags)
        ledger.reviseTag(tag, { status: 'failed', note });
    for (const digest of manifests)
        ledger.reviseManifest(digest, { status: 'failed', note });
    ledger.stop({
        kind: 'failed',
        scope: 'registry',
        message: `${name}: the registry said that it deleted ${prove_named([...tags, ...manifests])}, and still has it`,
    });
}
const prove_MAX_NAMED = 20;
function prove_named(names) {
    return (0,domain_text/* someNames */.Xq)(names, prove_MAX_NAMED);
}
function touchedBy(plan, { inventory }, { tags, manifests, doubted }) {
    const graph = buildGraph(inventory);
    const gone = new Set([...doubted].flatMap((action) => (action.kind === 'delete-ghost' ? [] : [action.digest])));
    for (const [digest, { status }] of manifests)
        if (status !== 'retained')
            gone.add(digest);
    for (const { tag, digest } of plan.tags) {
        const status = tags.get(tag)?.status ?? 'retained';
        if (digest !== null && status !== 'retained')
            gone.add(digest);
    }
    const nodes = [...gone].map((digest) => graph.nodes.get(digest)).filter((node) => node !== undefined);
    const reached = reach(graph, nodes);
    return new Set([...gone, ...graph.digests.filter((_, node) => reached.has(node))]);
}

;// CONCATENATED MODULE: ./src/usecases/prune/prune-repository.js





function plannedOutcome({ request, reading, plan }) {
    const doubt = request.dryRun ? doubtOf(request, reading) : null;
    return outcomeOf({ request, reading, plan }, null, { state: 'planned', doubt, checked: null, problems: [] });
}
async function pruneRepository(planned, elsewhere, deps) {
    const { request, reading, plan } = planned;
    const { target } = request;
    const { ledger, blobs, sightings } = await executePlan(target, plan, reading, elsewhere, deps);
    const isAsked = request.validate || blobs.isHolding() || (sightings?.vanished.size ?? 0) > 0;
    const isToProve = isAsked && wasTouched(ledger);
    if (isToProve)
        await waitForLast({ target, ledger, deps });
    const checked = isToProve ? await prove(planned, ledger, sightings, deps) : null;
    const held = await blobs.release(checked?.isSure === false ? 'it is not known whether all that was kept works' : null);
    const stop = ledger.stopped();
    const problems = [...ledger.problems, ...(stop?.kind === 'partial' ? [stop.message] : [])];
    if (checked !== null && checked.unchecked.length > 0)
        problems.push(`${target.name}: not checked any more: ${prove_named(checked.unchecked)}`);
    const state = stateOf(plan, ledger, checked);
    return {
        outcome: outcomeOf(planned, ledger, {
            state,
            doubt: null,
            checked,
            problems,
            held,
            freesAtOnce: blobs.areFreed(),
        }),
        stop,
    };
}
function outcomeOf({ request, reading, plan }, ledger, { state, doubt, checked, problems, held, freesAtOnce = false }) {
    const { dryRun } = request;
    const tags = tagOutcomes(plan, ledger ?? undefined, doubt);
    const manifests = manifestOutcomes(plan, ledger ?? undefined, held);
    const went = whatIsFreed(manifests, dryRun);
    const reclaimed = reclaimedAcross([{ inventory: reading.inventory, plan: { manifests: went } }]);
    return {
        repository: request.target.name,
        state: plan.refusals.length > 0 ? 'refused' : state,
        tags,
        manifests,
        tally: tallyTags(tags, dryRun),
        refusals: plan.refusals,
        warnings: [...(reading.isAbsent ? [ABSENT] : []), ...plan.warnings],
        problems,
        broken: checked?.broken ?? null,
        reclaimedBytes: reclaimed.bytes,
        reclaimsMore: reclaimed.more,
        ...(freesAtOnce ? { freesAtOnce } : {}),
    };
}
const ABSENT = {
    kind: 'not-found',
    subject: 'image',
    message: 'the registry knows no such repository: nothing was pushed to it yet, or image misspells it',
};
function doubtOf({ policy }, { inventory }) {
    if (inventory.capabilities.untag !== 'unknown' || policy.sharedDigest === 'swap')
        return null;
    return 'only if the registry can; registry:2 needs shared-digest: swap';
}
function wasTouched({ tags, manifests, doubted }) {
    const results = [...tags.values(), ...manifests.values()];
    return doubted.size > 0 || results.some(({ status }) => status !== 'retained');
}
function stateOf({ refusals }, ledger, checked) {
    if (refusals.length > 0)
        return 'refused';
    const results = [...ledger.tags.values(), ...ledger.manifests.values()];
    const stop = ledger.stopped();
    if (stop?.kind === 'failed' || results.some(({ status }) => status === 'failed'))
        return 'failed';
    if (checked !== null && checked.unchecked.length > 0)
        return 'failed';
    if (checked?.broken !== null && checked !== null && checked.broken.length > 0)
        return 'failed';
    return stop === null ? 'done' : 'partial';
}

;// CONCATENATED MODULE: ./src/usecases/prune/turns.js

function createTurns(concurrency, isTimeToDelete) {
    const active = new Set();
    const waiting = new Map();
    let free = concurrency;
    function release() {
        const [position, queue = []] = [...waiting].toSorted(([a], [b]) => a - b)[0] ?? [];
        if (position === undefined) {
            free += 1;
            return;
        }
        const next = queue.shift();
        if (queue.length === 0)
            waiting.delete(position);
        next?.();
    }
    function place(position) {
        if (free > 0) {
            free -= 1;
            return Promise.resolve();
        }
        return new Promise((resolve) => {
            waiting.set(position, [...(waiting.get(position) ?? []), resolve]);
        });
    }
    return (target, position) => {
        let isGivenUp = false;
        active.add(position);
        const inTurn = (ask) => async (...given) => {
            if (!active.has(position))
                return ask(...given);
            await place(position);
            try {
                isGivenUp ||= position > Math.min(...active) && isTimeToDelete();
                if (isGivenUp)
                    throw new errors/* WardenError */.Sh('deadline', `${target.name} is not read any further`);
                return await ask(...given);
            }
            finally {
                release();
            }
        };
        return {
            target: { ...target, reader: withReads(target.reader, inTurn) },
            isGivenUp: () => isGivenUp,
            end: () => void active.delete(position),
        };
    };
}
function withReads(reader, wrap) {
    return {
        ...reader,
        tags: wrap(reader.tags),
        manifest: wrap(reader.manifest),
        config: wrap(reader.config),
        blobSize: wrap(reader.blobSize),
        head: wrap(reader.head),
        exists: wrap(reader.exists),
        listReferrers: wrap(reader.listReferrers),
    };
}

;// CONCATENATED MODULE: ./src/usecases/prune/prune.js











async function prune(request, given) {
    const deps = { ...given, lookedLater: new Set() };
    const planned = await planAll(request, deps);
    if (request.dryRun)
        return orCancelled(reportOf(request, planned.map(asPlanned)), deps);
    if (!deps.timeIsUp())
        await deps.onPlanned?.(reportOf(request, planned.map(asPlanned)));
    const neighboursOf = createNeighbours(planned);
    const pruned = [];
    const closed = new Map();
    for (const repository of planned) {
        if (repository.kind === 'unplanned') {
            pruned.push(asPlanned(repository));
            continue;
        }
        const { origin } = repository.request.target;
        const obstacle = closed.get(origin) ?? closed.get(EVERYWHERE);
        const untried = obstacle !== undefined
            ? notTried(repository, 'failed', obstacle)
            : deps.timeIsUp()
                ? notTried(repository, 'partial', whyOver(deps, 'max-duration has passed'))
                : null;
        const result = untried ?? (await pruneRepository(repository, await neighboursOf(repository), deps));
        const { stop } = result;
        if (stop?.kind === 'failed' && stop.scope !== 'repository')
            closed.set(stop.scope === 'run' ? EVERYWHERE : origin, stop.message);
        pruned.push({ outcome: result.outcome, inventory: repository.reading.inventory, origin });
    }
    return orCancelled(reportOf(request, pruned), deps);
}
function orCancelled(report, { isCancelled }) {
    return isCancelled?.() === true ? { ...report, verdict: 'fail', isCancelled: true } : report;
}
const EVERYWHERE = '*';
const READ_AT_ONCE = 16;
async function planAll({ targets, reviewed, liveTags, ...request }, deps) {
    const repositories = targets.flatMap(({ target, protection }) => {
        const ofTarget = reviewed?.find(({ repository }) => repository === target.name) ?? null;
        const isLeftAlone = reviewed !== null && ofTarget === null;
        return isLeftAlone ? [] : [{ ...request, target, protection, reviewed: ofTarget }];
    });
    const isTimeToDelete = () => !request.dryRun && deps.isTimeToDelete?.() === true;
    const turnOf = createTurns(deps.concurrency, isTimeToDelete);
    const all = repositories.length === 1 ? '1 repository' : `${repositories.length} repositories`;
    const progress = createProgress('prune', (count) => `${count} of ${all} read`, deps);
    const planOne = async (repository, position) => {
        if (deps.timeIsUp() || (position > 0 && isTimeToDelete()))
            return notRead(repository, deps);
        if (repositories.length === 1)
            return planRepository(repository, deps);
        const turn = turnOf(repository.target, position);
        const planned = await planRepository({ ...repository, target: turn.target }, deps).finally(turn.end);
        progress();
        return turn.isGivenUp() ? notRead(repository, deps) : planned;
    };
    const planned = await (0,p_map/* default */.Ay)(repositories, planOne, { concurrency: Math.min(READ_AT_ONCE, deps.concurrency) });
    if (liveTags === undefined || planned.every(({ reading }) => reading === null))
        return planned;
    const live = await liveTags();
    return planned.map((each) => replanned(each, live, deps));
}
function notRead(request, deps) {
    const { name } = request.target;
    const problem = `${name} was not tried: ${whyOver(deps, 'max-duration passed before it was read')}`;
    return {
        kind: 'unplanned',
        request,
        outcome: unread(name, 'partial', [problem]),
        reading: null,
        stop: null,
    };
}
function whyOver({ isCancelled }, outOfTime) {
    return isCancelled?.() === true ? 'the job was cancelled' : outOfTime;
}
function asPlanned(planned) {
    const { origin } = planned.request.target;
    if (planned.kind === 'planned')
        return { outcome: plannedOutcome(planned), inventory: planned.reading.inventory, origin };
    return { outcome: planned.outcome, inventory: planned.reading?.inventory ?? null, origin };
}
function notTried({ request }, state, why) {
    const { name } = request.target;
    return { outcome: unread(name, state, [`${name} was not tried: ${why}`]), stop: null };
}
function reportOf({ policy, dryRun, reviewed, warnings = [] }, pruned) {
    const { unmatched, excluded } = reviewed === null ? aboutPatterns(pruned, policy) : { unmatched: [], excluded: [] };
    const repositories = pruned.map(({ outcome, inventory }) => inventory === null || inventory.tags.size === 0
        ? outcome
        : { ...outcome, warnings: [...unmatched, ...excluded, ...outcome.warnings] });
    const asksMore = policy.deleteUntagged || policy.deleteOrphaned;
    const nothingConsidered = !asksMore && unmatched.length > 0 && unmatched.length === policy.considered.length;
    return {
        dryRun,
        repositories,
        ...prune_reclaimed(pruned, dryRun),
        verdict: verdictOf(repositories, warnings),
        ...(warnings.length === 0 ? {} : { warnings }),
        ...(nothingConsidered ? { nothingConsidered } : {}),
    };
}
function aboutPatterns(pruned, policy) {
    const inventories = pruned.flatMap(({ inventory }) => (inventory?.complete === true ? [inventory] : []));
    if (inventories.length < pruned.length)
        return { unmatched: [], excluded: [] };
    const tags = inventories.map(imageTagsOf);
    const excluded = allExcluded(policy, tags);
    return { unmatched: unmatchedPatterns(policy, tags), excluded: excluded === null ? [] : [excluded] };
}
function prune_reclaimed(pruned, dryRun) {
    const parts = [...Map.groupBy(pruned, ({ origin }) => origin).values()].map((group) => reclaimedAcross(group.flatMap(({ inventory, outcome }) => inventory === null
        ? []
        : [{ inventory, plan: { manifests: whatIsFreed(outcome.manifests, dryRun) } }])));
    return {
        reclaimedBytes: (0,quantities_bytes/* totalBytes */.ob)(parts.map(({ bytes }) => bytes)),
        reclaimsMore: parts.some(({ more }) => more),
    };
}
function verdictOf(repositories, general) {
    const has = (...states) => repositories.some(({ state }) => states.includes(state));
    if (has('failed', 'refused'))
        return 'fail';
    if (has('partial'))
        return 'partial';
    const isWorthALook = ({ warnings, problems }) => problems.length > 0 || warnings.some(({ level }) => level !== 'notice');
    return general.length > 0 || repositories.some(isWorthALook) ? 'warn' : 'pass';
}

// EXTERNAL MODULE: ./src/github/event-file.js + 1 modules
var event_file = __webpack_require__(7732);
// EXTERNAL MODULE: ./src/report/annotations.js
var annotations = __webpack_require__(2238);
;// CONCATENATED MODULE: ./src/report/prune/status.js
function circumstancesOf({ state }, { dryRun }) {
    return { dryRun, refused: state === 'refused' };
}
function statusLabel({ decision, status }, { dryRun, refused }) {
    if (status === 'failed')
        return 'failed';
    if (decision === 'keep')
        return 'kept';
    if (decision === 'skip' || status === 'retained')
        return 'skipped';
    if (status === 'gone')
        return 'already gone';
    if (status === 'done')
        return decision === 'untag' ? 'untagged' : 'deleted';
    if (!dryRun)
        return refused ? 'refused' : 'not reached';
    return decision === 'untag' ? 'to untag' : 'to delete';
}
function status_isGone(label) {
    return GONE.has(label);
}
const GONE = new Set([
    'to delete',
    'to untag',
    'deleted',
    'untagged',
    'already gone',
]);
function isSubjectTag({ role }) {
    return role !== 'image';
}
function untaggedManifests({ tags, manifests }) {
    const tagged = new Set(tags.map(({ digest }) => digest));
    const wentWithTag = new Set(tags.flatMap(({ digest, status }) => (status === 'retained' ? [] : [digest])));
    return manifests.filter(({ digest, status }) => !tagged.has(digest) || (status === 'done' && !wentWithTag.has(digest)));
}
function countCompanions({ signatureTags, referrersTags, manifests }) {
    return signatureTags + referrersTags + manifests;
}
function figuresOf(repositories, report) {
    const figures = {
        tags: 0,
        refused: 0,
        kept: 0,
        deleted: 0,
        untagged: 0,
        skipped: 0,
        failed: 0,
        pending: 0,
        companions: { signatureTags: 0, referrersTags: 0, manifests: 0 },
        heldBack: { signatureTags: 0, referrersTags: 0, manifests: 0 },
        broken: 0,
    };
    for (const repository of repositories) {
        const { tally, broken } = repository;
        const circumstances = circumstancesOf(repository, report);
        for (const key of ['kept', 'deleted', 'untagged', 'skipped', 'failed', 'pending']) {
            const sum = key === 'pending' && circumstances.refused ? 'refused' : key;
            figures[sum] += tally[key];
            figures.tags += tally[key];
        }
        figures.broken += broken?.length ?? 0;
        const others = [
            ...repository.tags.flatMap((tag) => (isSubjectTag(tag) ? [[tag, KEYS[tag.role]]] : [])),
            ...untaggedManifests(repository).map((manifest) => [manifest, 'manifests']),
        ];
        for (const [item, key] of others) {
            const label = statusLabel(item, circumstances);
            if (status_isGone(label))
                figures.companions[key] += 1;
            else if (HELD_BACK.has(label))
                figures.heldBack[key] += 1;
        }
    }
    return figures;
}
const KEYS = { image: 'manifests', signature: 'signatureTags', referrers: 'referrersTags' };
const HELD_BACK = new Set(['failed', 'not reached', 'refused']);
function losesSomething(repository, report) {
    const { deleted, untagged, companions } = figuresOf([repository], report);
    return repository.state !== 'refused' && deleted + untagged + countCompanions(companions) > 0;
}

;// CONCATENATED MODULE: ./src/report/prune/problems.js

function problemsOf({ repositories }, kind) {
    return repositories.flatMap((outcome) => {
        const { repository } = outcome;
        const named = `${repository}: `;
        const texts = textsOf(outcome, kind).map((text) => ({
            repository,
            text: text.startsWith(named) ? text.slice(named.length) : text,
            advice: null,
        }));
        if (kind !== 'refused')
            return texts;
        return [
            ...outcome.refusals.map((refusal) => ({
                repository,
                text: refusal.message,
                advice: ADVICE[refusal.kind],
            })),
            ...texts,
        ];
    });
}
const KINDS = ['broken', 'wrong', 'refused', 'stopped'];
function problemLine({ text, advice }) {
    return advice === null ? text : `${text}. ${advice.replaceAll('`', '')}`;
}
const ADVICE = {
    'incomplete-list': (0,markdown/* prose */.CS) `Run it again; a list that ends early says nothing about the rest.`,
    unreadable: (0,markdown/* prose */.CS) `Run it again, or look at what could not be read.`,
    'deletes-disabled': (0,markdown/* prose */.CS) `Whoever runs the registry must allow deletes; of distribution with \`REGISTRY_STORAGE_DELETE_ENABLED=true\`.`,
    'unknown-age': (0,markdown/* prose */.CS) `With \`unknown-age: keep\` these tags stay and the others go.`,
    'nothing-left': (0,markdown/* prose */.CS) `Look at the storage of the registry first: it may have lost it, or show it to another login.`,
    'group-by': (0,markdown/* prose */.CS) `Write an expression that matches the whole tag, with \`.*\` for what may follow.`,
    'max-deletes': (0,markdown/* prose */.CS) `If all of this may go, raise \`max-deletes\`; else name fewer tags or keep more.`,
    'max-delete-percent': (0,markdown/* prose */.CS) `If all of this may go, raise \`max-delete-percent\`; else name fewer tags or keep more.`,
};
function textsOf({ state, problems, broken }, kind) {
    if (kind === 'broken')
        return broken ?? [];
    return MEANINGS[state] === kind ? problems : [];
}
const MEANINGS = {
    planned: 'wrong',
    done: 'wrong',
    failed: 'wrong',
    refused: 'refused',
    partial: 'stopped',
};

;// CONCATENATED MODULE: ./src/report/prune/sweep.js





const LINE_LENGTH = 500;
const OPEN_LINES = 5;
const NAMED = 5;
function sweepWords({ garbage, dryRun }) {
    if (garbage === undefined)
        return [];
    switch (garbage.state) {
        case 'refused':
            return [dryRun ? 'sweep would be refused' : 'sweep refused'];
        case 'failed':
            return ['sweep failed'];
        case 'skipped':
            return [dryRun ? 'would not sweep' : 'not swept'];
        case 'partial':
            return ['sweep stopped early'];
        default:
            return [];
    }
}
function sweepLine({ state, why, blobs, bytes, young }, units) {
    const what = `${(0,words/* plural */.LS)(blobs, 'blob')} that nothing references (${(0,quantities_bytes/* formatBytes */.z3)(bytes, units)})`;
    const stay = young === 0 ? '' : `; ${young} more stay, younger than untagged-grace`;
    const reason = why === null ? '' : (0,domain_text/* sanitiseLine */.lg)(why, LINE_LENGTH);
    switch (state) {
        case 'planned':
            return `would sweep ${what}${stay}`;
        case 'swept':
            return `swept ${what}${stay}`;
        case 'partial':
            return `stopped early: ${reason}; swept ${what}${stay}`;
        case 'failed':
            return `failed after it swept ${what}: ${reason}`;
        case 'refused':
            return `refused, nothing is swept: ${reason}`;
        default:
            return `nothing is swept: ${reason}`;
    }
}
function damageLine({ path, what }) {
    return (0,domain_text/* sanitiseLine */.lg)(`${path} ${what}`, LINE_LENGTH);
}
function finalWords({ garbage, dryRun }) {
    if (garbage === undefined || garbage.blobs === 0)
        return '';
    return dryRun
        ? '; once it is swept, mode: undo cannot bring back what was deleted'
        : '; undo has ended: mode: undo cannot bring back what was deleted';
}
function sweepBlock({ garbage, dryRun }, units, most) {
    if (garbage === undefined)
        return markdown/* EMPTY */.wg;
    const ends = dryRun
        ? (0,markdown/* prose */.CS) `Once it is swept, the prune cannot be undone.`
        : (0,markdown/* prose */.CS) `**Undo has ended:** the blobs are gone. Restart the registry before the next push: its cache may still know them.`;
    return (0,markdown/* blocks */.Bv)((0,markdown/* prose */.CS) `**Garbage collection:** ${(0,markdown/* foreignProse */.gS)(sweepLine(garbage, units), LINE_LENGTH)}. ${garbage.blobs > 0 ? ends : markdown/* EMPTY */.wg}`, garbage.damage.length === 0 ? markdown/* EMPTY */.wg : damageBlock(garbage.damage, most));
}
function damageBlock(damage, most) {
    return (0,markdown/* blocks */.Bv)((0,markdown/* prose */.CS) `**Damaged or foreign in the storage folder,** left alone:`, (0,lists/* foldedList */.H)(damage, (each) => (0,markdown/* foreignProse */.gS)(damageLine(each), LINE_LENGTH), {
        open: OPEN_LINES,
        written: most,
        noun: 'finding',
    }));
}
function sweepAnnotations({ garbage }, units) {
    if (garbage === undefined)
        return [];
    const title = 'Garbage collection';
    const isWrong = garbage.state === 'refused' || garbage.state === 'failed';
    const { damage } = garbage;
    const more = damage.length > NAMED ? `; and ${damage.length - NAMED} more` : '';
    return [
        ...(isWrong ? [{ level: 'error', title, message: sweepLine(garbage, units) }] : []),
        ...(damage.length === 0
            ? []
            : [
                {
                    level: 'warning',
                    title,
                    message: `left alone in the storage folder: ${damage.slice(0, NAMED).map(damageLine).join('; ')}${more}`,
                },
            ]),
    ];
}

;// CONCATENATED MODULE: ./src/report/prune/headline.js







function pruneHeadline(report, units) {
    const figures = figuresOf(report.repositories, report);
    const words = [
        ...headline_problems(report, figures),
        ...deletionWords(report, figures),
        ...(figures.pending === 0 ? [] : [`${figures.pending} not reached`]),
        ...(figures.skipped === 0 ? [] : [`${figures.skipped} skipped`]),
        ...sweepWords(report),
        ...freed(report, units),
    ];
    return `${report_verdict/* ICONS */.Ze[report.verdict]} ${words.join(' · ')}`;
}
function pruneFailure(report, units) {
    const all = KINDS.flatMap((kind) => problemsOf(report, kind));
    const [first] = all;
    const headline = pruneHeadline(report, units);
    if (first === undefined)
        return report.garbage === undefined
            ? headline
            : `${headline}. garbage-collect: ${sweepLine(report.garbage, units)}`;
    const others = all.length === 1 ? '' : ` (and ${all.length - 1} more, see the job summary)`;
    return `${headline}. ${placed(first.repository, problemLine(first))}${others}`;
}
function headline_problems({ repositories, dryRun, verdict }, { broken, failed }) {
    const refused = repositories.filter(({ state }) => state === 'refused').length;
    const wrong = repositories.filter(({ state }) => state === 'failed').length;
    const some = (count) => repositories.length === 1 ? '' : `${count} of ${repositories.length} `;
    return [
        ...(broken === 0 ? [] : [`${broken} broken afterwards`]),
        ...(refused === 0 ? [] : [`${some(refused)}${dryRun ? 'would be refused' : 'refused'}`]),
        ...(failed === 0 ? [] : [`${(0,words/* plural */.LS)(failed, 'tag')} failed`]),
        ...(wrong === 0 || failed + broken > 0 ? [] : [`${some(wrong)}failed`]),
        ...(verdict === 'partial' ? ['partial'] : []),
    ];
}
function deletionWords(report, { deleted, untagged, companions, heldBack, tags, ...others }) {
    const { repositories, dryRun } = report;
    const conditional = dryRun ? 'would ' : '';
    const past = dryRun ? '' : 'd';
    const verbs = [
        ...(deleted === 0 ? [] : [`delete${past} ${deleted}`]),
        ...(untagged === 0 ? [] : [`untag${dryRun ? '' : 'ged'} ${untagged}`]),
    ];
    const where = repositories.length > 1 ? ` in ${(0,words/* plural */.LS)(repositories.length, 'repository')}` : '';
    const of = `of ${(0,words/* plural */.LS)(tags, 'tag')}${where}`;
    const along = companionWords(companions);
    if (verbs.length > 0)
        return [`${conditional}${series([`${verbs.join(' and ')} ${of}`, ...along])}`];
    if (along.length > 0)
        return [`${conditional}delete${past} ${series(along)}${where}`];
    if (others.refused > 0)
        return [`${others.refused} ${of} would go, none did`];
    const unmoved = countCompanions(heldBack);
    if (unmoved > 0 && repositories.every(({ state }) => state === 'refused'))
        return [`${series(companionWords(heldBack))} would go, none did`];
    if (others.failed + others.pending + unmoved > 0)
        return [`nothing deleted ${of}`];
    if (tags === 0 && repositories.some(({ state }) => UNFINISHED.has(state)))
        return ['nothing deleted'];
    const why = report.nothingConsidered === true ? ['no tag matches the input tags'] : [];
    return [`nothing to delete${where}`, ...why, `${(0,words/* plural */.LS)(others.kept, 'tag')} kept`];
}
function companionWords({ signatureTags, referrersTags, manifests }) {
    return [
        ...(signatureTags === 0 ? [] : [(0,words/* plural */.LS)(signatureTags, 'signature tag')]),
        ...(referrersTags === 0 ? [] : [(0,words/* plural */.LS)(referrersTags, 'referrers tag')]),
        ...(manifests === 0 ? [] : [(0,words/* plural */.LS)(manifests, 'untagged manifest')]),
    ];
}
function series(words) {
    return [words.slice(0, -1).join(', '), ...words.slice(-1)].filter((part) => part !== '').join(' and ');
}
const UNFINISHED = new Set(['failed', 'partial', 'refused']);
function freed({ reclaimedBytes, reclaimsMore }, units) {
    if (reclaimedBytes === 0 && !reclaimsMore)
        return [];
    return [`frees ${reclaimsMore ? 'more than ' : ''}${(0,quantities_bytes/* formatBytes */.z3)(reclaimedBytes, units)}`];
}

;// CONCATENATED MODULE: ./src/report/prune/reason.js






const DECIDER_LENGTH = 160;
const FACT_LENGTH = 300;
const LEADS = {
    'not-considered': '',
    excluded: 'by',
    'keep-latest': 'one of the newest,',
    'keep-semver': 'a newest release,',
    'too-new': 'too new,',
    'unknown-age': 'age unknown,',
    'shared-digest': 'digest shared with',
    'child-of': 'part of',
    'referrer-of': 'belongs to',
    protected: 'protected by',
    grace: 'too young,',
    'min-keep': 'by',
    undeletable: 'cannot go,',
    expired: 'by',
    untagged: 'no tag names it,',
    orphaned: 'without its subject,',
    broken: 'parts of it are gone,',
};
const LABELS = {
    'not-considered': 'not considered',
    excluded: 'excluded',
    'keep-latest': 'among the newest',
    'keep-semver': ['newest release', 'newest releases'],
    'too-new': 'too new',
    'unknown-age': 'of unknown age',
    'shared-digest': 'sharing a digest',
    'child-of': 'in an index',
    'referrer-of': ['referrer', 'referrers'],
    protected: 'protected',
    grace: 'too young',
    'min-keep': 'for min-keep',
    undeletable: 'undeletable',
    expired: 'expired',
    untagged: 'untagged',
    orphaned: ['without its subject', 'without their subject'],
    broken: 'broken',
};
function reason_labelOf(reason, count) {
    const label = LABELS[reason];
    if (typeof label === 'string')
        return label;
    return count === 1 ? label[0] : label[1];
}
function reasonWords({ reason, decidedBy }) {
    const lead = LEADS[reason];
    if ('rule' in decidedBy)
        return ruleWords(lead, decidedBy.rule);
    const held = EDGES.has(reason) ? lead : `${reason_labelOf(reason, 1)}, with`;
    return { lead: held, decider: deciderName(decidedBy), isName: true };
}
function ruleWords(lead, rule) {
    if (rule.kind === 'fact')
        return { lead, decider: rule.fact, isName: false };
    if (rule.kind === 'ref')
        return { lead, decider: rule.ref, isName: true };
    if (rule.kind === 'input')
        return { lead, decider: (0,prune_rule/* ruleText */.Y3)(rule), isName: true };
    const { pattern: decider, olderThan } = rule;
    return olderThan === null
        ? { lead: 'matches', decider, isName: true }
        : { lead: '', decider, isName: true, tail: ` older than ${(0,duration/* formatDuration */.a3)(olderThan)}` };
}
const EDGES = new Set([
    'shared-digest',
    'child-of',
    'referrer-of',
    'protected',
    'orphaned',
]);
function deciderName(decider) {
    return 'tag' in decider ? decider.tag : (0,names_digest/* shortDigest */.VK)(decider.digest);
}
function cutDigest(digest) {
    return `${(0,names_digest/* shortDigest */.VK)(digest)}…`;
}
function reasonMarkdown(cause) {
    const { lead, decider, isName, tail = '' } = reasonWords(cause);
    const text = 'digest' in cause.decidedBy ? `${decider}…` : (0,words/* shortCommits */.lQ)(decider);
    const what = isName ? (0,markdown/* code */.aY)(text, DECIDER_LENGTH) : (0,markdown/* escapeText */.X1)(text, FACT_LENGTH);
    const end = tail === '' ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) ` ${(0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)(tail.trim()))}`;
    return (0,markdown/* prose */.CS) `${(0,markdown/* own */.ZV)(lead === '' ? '' : `${lead} `)}${what}${end}`;
}
function reasonText(cause) {
    const { lead, decider, tail = '' } = reasonWords(cause);
    return `${lead} ${(0,domain_text/* sanitiseLine */.lg)(decider, FACT_LENGTH)}${tail}`.trim();
}
function noteOf({ note, decidedBy }) {
    return note === null ||
        ('rule' in decidedBy && decidedBy.rule.kind === 'fact' && decidedBy.rule.fact === note)
        ? null
        : note;
}
function noteMarkdown(item) {
    const note = noteOf(item);
    return note === null ? markdown/* EMPTY */.wg : (0,markdown/* foreignProse */.gS)((0,words/* shortCommits */.lQ)(note), FACT_LENGTH);
}
function reasonCounts(items) {
    const groups = [...Map.groupBy(items, ({ reason }) => reason)];
    return groups
        .toSorted(([, a], [, b]) => b.length - a.length)
        .map(([reason, { length }]) => `${length} ${reason_labelOf(reason, length)}`)
        .join(', ');
}
function partCounts(items) {
    const groups = [...Map.groupBy(items, partOf)];
    return groups
        .toSorted(([, a], [, b]) => b.length - a.length)
        .map(([part, { length }]) => {
        if (part === 'platform')
            return (0,words/* plural */.LS)(length, 'platform image');
        if (part === 'index')
            return length === 1 ? '1 index' : `${length} indexes`;
        if (part !== 'companion')
            return `${length} ${reason_labelOf(part, length)}`;
        return length === 1 ? '1 signature or attestation' : `${length} signatures or attestations`;
    })
        .join(', ');
}
function partOf({ reason, kind, isAttestation = false, }) {
    if (reason === 'referrer-of')
        return 'companion';
    if (reason !== 'child-of')
        return reason;
    if (isAttestation)
        return 'companion';
    return kind === 'index' ? 'index' : 'platform';
}

;// CONCATENATED MODULE: ./src/report/prune/warnings.js
function sharedWarnings({ repositories, warnings = [] }) {
    const all = repositories.flatMap(({ repository, warnings: ofPlan }) => ofPlan.map((warning) => ({ warning, repository })));
    const shared = Map.groupBy(all, ({ warning: { kind, subject, message } }) => JSON.stringify([kind, subject, message]));
    return [
        ...warnings.map((warning) => sharedBy(warning, [])),
        ...[...shared.values()].flatMap((same) => same.slice(0, 1).map(({ warning }) => sharedBy(warning, same.map(({ repository }) => repository)))),
    ];
}
function sharedBy(warning, repositories) {
    return { message: warning.message, level: warning.level ?? 'warning', repositories };
}

;// CONCATENATED MODULE: ./src/report/prune/annotations.js










const annotations_NAMED = 5;
function pruneAnnotations(report, options) {
    const { repositories, verdict, dryRun } = report;
    const each = (title, lines, level) => repositories.flatMap((repository) => lines(repository).map((line) => ({ level, title, message: `${repository.repository}: ${line}` })));
    const lineOf = (problem) => placed(problem.repository, problemLine(problem));
    const [first] = verdict === 'fail' ? KINDS.flatMap((kind) => problemsOf(report, kind)) : [];
    const closing = first === undefined ? null : lineOf(first);
    const problems = (kind, title, level) => problemsOf(report, kind)
        .map(lineOf)
        .filter((message) => message !== closing)
        .map((message) => ({ level, title, message }));
    return (0,annotations/* foldAnnotations */.A)([
        ...problems('broken', 'Broken after deleting', 'error'),
        ...problems('wrong', 'Prune', 'error'),
        ...problems('refused', dryRun ? 'Prune would be refused' : 'Prune refused', verdict === 'fail' ? 'error' : 'warning'),
        ...problems('stopped', 'Prune stopped early', 'warning'),
        ...each('Prune stopped early', (repository) => leftOver(repository, report), 'warning'),
        ...each('Not deleted', annotations_undeletable, 'warning'),
        ...each('Not deleted', inseparable, 'notice'),
        ...planWarnings(report),
        ...sweepAnnotations(report, options.units),
        ...each('Unknown age', undated, 'notice'),
        ...dryRunNotice(report, options),
    ]);
}
function leftOver(repository, report) {
    const { pending } = figuresOf([repository], report);
    if (pending === 0)
        return [];
    return [
        `${(0,words/* plural */.LS)(pending, 'tag')} not reached${repository.state === 'partial' ? '; the next run goes on' : ''}`,
    ];
}
function annotations_undeletable({ tags }) {
    return tags.flatMap((tag) => {
        const told = tag.note;
        return tag.decision === 'skip' && told !== null && !isNeeded(tag) ? [`${tag.tag}: ${told}`] : [];
    });
}
function isNeeded({ reason }) {
    return reason !== 'undeletable' && reason !== 'expired';
}
function inseparable({ tags }) {
    const skipped = tags.flatMap((tag) => tag.decision === 'skip' && tag.note !== null && isNeeded(tag) ? [{ ...tag, told: tag.note }] : []);
    return Array.from(Map.groupBy(skipped, ({ told }) => told), ([told, same]) => {
        const names = same.map((tag) => `${tag.tag} (${reasonText(tag)})`);
        return `${(0,words/* plural */.LS)(same.length, 'tag')} ${same.length === 1 ? 'stays' : 'stay'}, ${(0,domain_text/* someNames */.Xq)(names, annotations_NAMED)}: ${told}`;
    });
}
function undated({ tags }) {
    const unknown = tags.filter((tag) => tag.reason === 'unknown-age' && !isSubjectTag(tag));
    if (unknown.length === 0)
        return [];
    const stay = unknown.length === 1 ? 'stays' : 'stay';
    const names = (0,domain_text/* someNames */.Xq)(unknown.map(({ tag }) => tag), annotations_NAMED);
    return [`${(0,words/* plural */.LS)(unknown.length, 'tag')} of unknown age ${stay}: ${names}${missingDates(unknown)}`];
}
const VENDOR_DATES = new Set(['pushed', 'updated', 'pulled']);
function missingDates([first]) {
    const rule = first !== undefined && 'rule' in first.decidedBy ? first.decidedBy.rule : null;
    const source = rule?.kind === 'input' && rule.input === 'age-source' ? rule.value : null;
    if (source === null || !VENDOR_DATES.has(source))
        return '';
    return `. The registry does not report when they were ${source}; age-source: auto takes the build date instead`;
}
function planWarnings(report) {
    return sharedWarnings(report).map(({ message, repositories, level }) => {
        const [first] = repositories;
        if (first === undefined)
            return { level, title: 'Prune', message };
        const where = repositories.length === 1 ? first : `${repositories.length} repositories`;
        return { level, title: 'Prune', message: `${where}: ${message}` };
    });
}
function dryRunNotice(report, options) {
    const { dryRun, repositories } = report;
    if (!dryRun || !repositories.some((repository) => losesSomething(repository, report)))
        return [];
    const message = `${pruneHeadline(report, options.units)}. Nothing was deleted; set dry-run: false to carry it out${wayBack(options)}`;
    return [{ level: 'notice', title: 'Prune, dry run', message }];
}
function wayBack({ undoFile, isUndoFileTaken = false }) {
    if (undoFile === undefined)
        return '. Without undo-file, mode: undo cannot take it back';
    return isUndoFileTaken
        ? `. ${undoFile} is not empty, so the real run would refuse it: name a new file for each run`
        : '';
}

;// CONCATENATED MODULE: ./src/report/prune/json.js


function pruneJson({ dryRun, repositories, reclaimedBytes }) {
    return {
        schemaVersion: 1,
        mode: 'prune',
        dryRun,
        repositories: repositories.map(repositoryJson),
        reclaimedBytes,
    };
}
function repositoryJson({ repository, tags, manifests, reclaimedBytes }) {
    return { repository, tags: tags.map(tagJson), manifests: manifests.map(manifestJson), reclaimedBytes };
}
function causeJson({ reason, decidedBy }) {
    return { reason, decidedBy: 'rule' in decidedBy ? { rule: (0,prune_rule/* ruleText */.Y3)(decidedBy.rule) } : decidedBy };
}
function tagJson({ tag, digest, age, decision, reason, decidedBy, status }) {
    const dated = age === null ? null : { at: (0,timestamp/* formatTimestamp */.Ey)(age.at), source: age.source };
    return { tag, digest, age: dated, decision, ...causeJson({ reason, decidedBy }), status };
}
function manifestJson({ digest, decision, reason, decidedBy, status }) {
    return { digest, decision, ...causeJson({ reason, decidedBy }), status };
}

;// CONCATENATED MODULE: ./src/report/prune/rows.js


const RANKS = {
    failed: 0,
    'not reached': 1,
    refused: 2,
    'to delete': 2,
    'to untag': 2,
    deleted: 2,
    untagged: 2,
    'already gone': 2,
    skipped: 3,
    kept: 4,
};
function tagRows(repository, report) {
    const circumstances = circumstancesOf(repository, report);
    const names = new Map((0,tag_order/* sortTags */.uO)(repository.tags.map(({ tag }) => tag)).map((tag, rank) => [tag, rank]));
    const at = ({ age }) => age?.at ?? Infinity;
    const rows = repository.tags
        .map((tag) => ({ tag, label: statusLabel(tag, circumstances) }))
        .sort((a, b) => RANKS[a.label] - RANKS[b.label] ||
        rows_compare(at(b.tag), at(a.tag)) ||
        (names.get(b.tag.tag) ?? 0) - (names.get(a.tag.tag) ?? 0));
    const subjectTags = rows.filter(({ tag }) => isSubjectTag(tag));
    const images = rows.filter(({ tag }) => !isSubjectTag(tag));
    return {
        going: images.filter(({ label }) => label !== 'kept'),
        kept: images.filter(({ label }) => label === 'kept'),
        subjectTags,
    };
}
function rows_compare(a, b) {
    return a === b ? 0 : a - b;
}

;// CONCATENATED MODULE: ./src/report/prune/log.js











const log_NAME_LENGTH = 300;
const TEXT_LENGTH = 500;
const log_LINE_LENGTH = 1500;
const MOST_DAMAGE = 200;
function pruneLog(report, options) {
    const title = report.dryRun ? 'Prune, dry run' : 'Prune';
    return [
        ...(report.warnings ?? []).map(({ message }) => (0,domain_text/* sanitiseLine */.lg)(`worth a look: ${message}`, log_LINE_LENGTH)),
        ...report.repositories.flatMap((repository) => repositoryLines(repository, report, options)),
        ...sweepLines(report, options.units),
        `${title}: ${pruneHeadline(report, options.units)}`,
    ];
}
function sweepLines(report, units) {
    const { garbage } = report;
    if (garbage === undefined)
        return [];
    const damage = garbage.damage.map((each) => `  left alone: ${damageLine(each)}`);
    return [
        `garbage collection: ${sweepLine(garbage, units)}${finalWords(report)}`,
        ...damage.slice(0, MOST_DAMAGE),
    ];
}
function repositoryLines(repository, report, options) {
    const { going, kept, subjectTags } = tagRows(repository, report);
    const circumstances = circumstancesOf(repository, report);
    const leaving = subjectTags.filter(({ label }) => label !== 'kept');
    const manifests = untaggedManifests(repository)
        .map((manifest) => ({ manifest, label: statusLabel(manifest, circumstances) }))
        .filter(({ label }) => label !== 'kept');
    const stay = `${(0,words/* plural */.LS)(kept.length, 'tag')} kept`;
    const why = reasonCounts(kept.map(({ tag }) => tag));
    return [
        (0,domain_text/* sanitiseLine */.lg)(repository.repository, log_NAME_LENGTH),
        ...[
            ...[...going, ...leaving].map((row) => tagLine(row, options)),
            ...manifests.map(({ manifest, label }) => manifestLine(manifest, label)),
            ...(isUnplanned(repository) ? [] : [why === '' ? stay : `${stay}: ${why}`]),
            ...problemLines(repository),
        ].map((text) => `  ${(0,domain_text/* sanitiseLine */.lg)(text, log_LINE_LENGTH)}`),
    ];
}
function isUnplanned({ tags, problems }) {
    return tags.length === 0 && problems.length > 0;
}
function problemLines(repository) {
    const alone = { repositories: [repository] };
    return [
        ...repository.warnings.map(({ message }) => `worth a look: ${message}`),
        ...PROBLEMS.flatMap(([kind, words]) => problemsOf(alone, kind).map((problem) => `${words}: ${problemLine(problem)}`)),
    ];
}
const PROBLEMS = [
    ['refused', 'refused'],
    ['stopped', 'stopped early'],
    ['wrong', 'went wrong'],
    ['broken', 'broken afterwards'],
];
const VERBS = {
    kept: 'keep',
    skipped: 'skip',
    failed: 'failed to remove',
    'to delete': 'would delete',
    'to untag': 'would untag',
    'not reached': 'did not reach',
    refused: 'refused to remove',
    deleted: 'deleted',
    untagged: 'untagged',
    'already gone': 'already gone:',
};
function tagLine({ tag, label }, options) {
    const name = (0,domain_text/* sanitiseLine */.lg)(tag.tag, log_NAME_LENGTH);
    const said = `${VERBS[label]} ${name}`;
    if (tag.decision === 'untag' && label !== 'failed') {
        const doubt = tag.note === null ? '' : `; ${(0,domain_text/* sanitiseLine */.lg)(tag.note, TEXT_LENGTH)}`;
        return `${said} (${facts(tag, options)}): its digest stays, ${holderOf(tag)}${doubt}`;
    }
    return `${said} (${facts(tag, options)}): ${whyText(tag)}`;
}
function holderOf({ reason, decidedBy, ...rest }) {
    return reason === 'shared-digest' && 'tag' in decidedBy
        ? `also ${(0,domain_text/* sanitiseLine */.lg)(decidedBy.tag, log_NAME_LENGTH)}`
        : reasonText({ ...rest, reason, decidedBy });
}
function facts({ digest, age, reason, decision, exclusiveBytes }, { units, now }) {
    const unknown = reason === 'unknown-age' ? ['of unknown age'] : [];
    return [
        digest === null ? 'no digest' : (0,names_digest/* shortDigest */.VK)(digest),
        ...(age === null ? unknown : [`${(0,duration/* formatAge */.nV)(age.at, now)} (${age.source})`]),
        ...(decision === 'untag' ? [] : [`frees ${(0,quantities_bytes/* formatBytes */.z3)(exclusiveBytes, units)} on its own`]),
    ].join(', ');
}
function manifestLine(manifest, label) {
    return `${VERBS[label]} ${manifest.kind} ${(0,names_digest/* shortDigest */.VK)(manifest.digest)}: ${whyText(manifest)}`;
}
function whyText(item) {
    const note = noteOf(item);
    const reason = reasonText(item);
    return note === null ? reason : `${(0,domain_text/* sanitiseLine */.lg)(note, TEXT_LENGTH)}; ${reason}`;
}

;// CONCATENATED MODULE: ./src/report/prune/outputs.js




function pruneOutputs(report, units) {
    const figures = figuresOf(report.repositories, report);
    return {
        result: report.verdict,
        'dry-run': String(report.dryRun),
        'deleted-count': String(figures.deleted),
        'untagged-count': String(figures.untagged),
        'kept-count': String(figures.kept),
        'skipped-count': String(figures.skipped),
        'failed-count': String(figures.failed),
        'deleted-manifests-count': String(figures.companions.manifests),
        'deleted-tags': tagList(outputs_deletedTags(report)),
        'reclaimed-bytes': String(report.reclaimedBytes),
        'reclaimed-human': (0,quantities_bytes/* formatBytes */.z3)(report.reclaimedBytes, units),
        partial: String(report.isCancelled === true ||
            figures.pending > 0 ||
            report.repositories.some(({ state }) => state === 'partial')),
        json: (0,compact_json/* compactJson */.A)(pruneJson(report)),
    };
}
function outputs_deletedTags(report) {
    return report.repositories.flatMap((repository) => {
        const circumstances = circumstancesOf(repository, report);
        return repository.tags
            .filter((tag) => tag.decision === 'delete' && !isSubjectTag(tag) && status_isGone(statusLabel(tag, circumstances)))
            .map(({ tag }) => tag);
    });
}
function tagList(tags) {
    const text = JSON.stringify(tags);
    return Buffer.byteLength(text) <= compact_json/* OUTPUT_MAX_BYTES */.z ? text : 'null';
}

// EXTERNAL MODULE: ./src/domain/vendors/vendor.js
var vendor = __webpack_require__(2750);
;// CONCATENATED MODULE: ./src/report/prune/garbage-collection.js



function freeingAdvice(providers) {
    const lines = distinct([...providers].map((place) => {
        if (place === 'folder')
            return FOLDER_FREES;
        return place === 'at-once' ? SEEN_TO_FREE : sentence(vendors_vendors/* VENDORS */.cL[place].frees);
    }));
    return (0,markdown/* blocks */.Bv)(...lines.map((line) => (0,markdown/* prose */.CS) `${line}`), providers.has('generic') ? GARBAGE_COLLECTION : markdown/* EMPTY */.wg);
}
function vendorUndo(providers) {
    return distinct(vendorsIn(providers).flatMap((provider) => {
        const { undo } = vendors_vendors/* VENDORS */.cL[provider];
        return undo === vendor/* NO_UNDO */.FA ? [] : [sentence(undo)];
    }));
}
function undoSteps(providers, undoFile) {
    const until = undoableUntil(providers);
    if (until === null)
        return garbage_collection_AT_ONCE;
    return (0,markdown/* prose */.CS) `**To undo this prune**, ${until}: run \`mode: undo\` with ${(0,markdown/* code */.aY)(`undo-file: ${undoFile}`)}. Keep the file where only trusted jobs can write.`;
}
function undoAhead(providers, undoFile, isTaken) {
    const until = undoableUntil(providers);
    if (until === null)
        return garbage_collection_AT_ONCE;
    const file = (0,markdown/* code */.aY)(undoFile);
    return isTaken
        ? (0,markdown/* prose */.CS) `**${file} is not empty**, so the real run would refuse it: name a new file for each run.`
        : (0,markdown/* prose */.CS) `With ${(0,markdown/* code */.aY)(`undo-file: ${undoFile}`)} in the real run, \`mode: undo\` can put back what it deletes, ${until}.`;
}
function noUndo(providers, dryRun) {
    if (undoableUntil(providers) === null)
        return garbage_collection_AT_ONCE;
    return dryRun
        ? (0,markdown/* prose */.CS) `**Without \`undo-file\`**, \`mode: undo\` cannot take this back.`
        : (0,markdown/* prose */.CS) `**This run wrote no \`undo-file\`**, so \`mode: undo\` cannot put anything back.`;
}
function undoOffer(providers, dryRun) {
    const until = undoableUntil(providers);
    if (until === null)
        return markdown/* EMPTY */.wg;
    const offer = (0,markdown/* prose */.CS) `With \`undo-file: undo.jsonl\` in the real run, \`mode: undo\` can put back what it deletes, ${until}.`;
    return (0,markdown/* join */.fj)([...(dryRun ? [offer] : []), ...vendorUndo(providers)], (0,markdown/* prose */.CS) ` `);
}
const garbage_collection_AT_ONCE = (0,markdown/* prose */.CS) `Nothing can be put back: this registry frees what is deleted at once.`;
function undoableUntil(places) {
    const vendors = vendorsIn(places);
    const lasting = vendors.filter((provider) => vendors_vendors/* VENDORS */.cL[provider].capabilities.frees !== 'at-once');
    const isFolder = places.has('folder');
    if (lasting.length === 0 && !isFolder)
        return null;
    const onGithub = (0,markdown/* prose */.CS) `for 30 days`;
    if (lasting.every((provider) => provider === 'ghcr') && lasting.length === places.size)
        return onGithub;
    const parts = [
        ...(lasting.includes('ghcr') ? [(0,markdown/* prose */.CS) `${onGithub} on GHCR`] : []),
        ...(lasting.some((provider) => provider !== 'ghcr')
            ? [(0,markdown/* prose */.CS) `until the registry collects its garbage`]
            : []),
        ...(isFolder ? [(0,markdown/* prose */.CS) `until the storage folder is swept`] : []),
        ...(lasting.length < vendors.length || places.has('at-once')
            ? [(0,markdown/* prose */.CS) `not where a registry frees it at once`]
            : []),
    ];
    return (0,markdown/* join */.fj)(parts, (0,markdown/* prose */.CS) `, `);
}
function vendorsIn(places) {
    return [...places].filter((place) => place !== 'folder' && place !== 'at-once');
}
const SEEN_TO_FREE = (0,markdown/* prose */.CS) `The registry frees the bytes at once, as this run saw.`;
const FOLDER_FREES = (0,markdown/* prose */.CS) `**Deleting does not free space yet.** With \`garbage-collect: true\` the run then sweeps the blobs that nothing references; swept, nothing can be put back. The registry must be stopped or read-only, and restarted afterwards.`;
function sentence(text) {
    const parts = text.split(/(`[^`]+`|\*\*[^*]+\*\*)/);
    return (0,markdown/* join */.fj)(parts.map((part) => {
        if (part.startsWith('`'))
            return (0,markdown/* code */.aY)(part.slice(1, -1));
        return part.startsWith('**') ? (0,markdown/* prose */.CS) `**${(0,markdown/* own */.ZV)(part.slice(2, -2))}**` : (0,markdown/* own */.ZV)(part);
    }), markdown/* EMPTY */.wg);
}
function distinct(texts) {
    return [...new Set(texts)];
}
const GARBAGE_COLLECTION = (0,markdown/* blocks */.Bv)((0,markdown/* prose */.CS) `To collect the garbage of \`registry:2\` or \`registry:3\`, stop the registry or make it read-only, then run:`, (0,markdown/* prose */.CS) `\`\`\`sh
registry garbage-collect /etc/docker/registry/config.yml # registry:2
registry garbage-collect /etc/distribution/config.yml    # registry:3
\`\`\``, (0,markdown/* bullets */.e5)([
    (0,markdown/* prose */.CS) `**Never with \`--delete-untagged\` (\`-m\`) on 2.x:** it deletes the platform images of multi-arch images that stay.`,
    (0,markdown/* prose */.CS) `**Restart the registry afterwards.** Its cache still knows the layers that are gone: it would skip their next upload, and pulls would fail.`,
]));

;// CONCATENATED MODULE: ./src/report/prune/shared-notes.js




const OPEN_NOTES = 5;
const NOTE_LENGTH = 600;
const shared_notes_LABELS = { skipped: 'skipped', failed: 'failed' };
function sharedNotes(rows) {
    const notes = rows.flatMap(({ label, tag }) => {
        const note = noteOf(tag);
        return note !== null && (label === 'skipped' || label === 'failed') ? [{ label, note }] : [];
    });
    const groups = Map.groupBy(notes, ({ label, note }) => JSON.stringify([label, note]));
    return [...groups.values()].flatMap((same) => {
        const [first] = same;
        if (first === undefined || same.length < 2)
            return [];
        return [{ label: first.label, note: first.note, count: same.length }];
    });
}
function toldNotes(rows) {
    return new Set(sharedNotes(rows).map(({ note }) => note));
}
function notesBlock(rows, most) {
    const notes = sharedNotes(rows);
    if (notes.length === 0)
        return markdown/* EMPTY */.wg;
    const draw = ({ label, note, count }) => (0,markdown/* prose */.CS) `**${(0,markdown/* own */.ZV)((0,words/* plural */.LS)(count, 'tag'))} ${(0,markdown/* own */.ZV)(shared_notes_LABELS[label])}:** ${(0,markdown/* foreignProse */.gS)((0,words/* shortCommits */.lQ)(note), NOTE_LENGTH)}`;
    const [only] = notes;
    if (only !== undefined && notes.length === 1)
        return draw(only);
    return (0,lists/* foldedList */.H)(notes, draw, { open: OPEN_NOTES, written: most, noun: 'reason' });
}

;// CONCATENATED MODULE: ./src/report/prune/table.js






const table_NONE = (0,markdown/* prose */.CS) `–`;
const TAG_LENGTH = 128;
const table_LABELS = {
    kept: (0,markdown/* own */.ZV)('kept'),
    skipped: (0,markdown/* own */.ZV)('skip'),
    failed: (0,markdown/* own */.ZV)('failed'),
    'to delete': (0,markdown/* own */.ZV)('delete'),
    'to untag': (0,markdown/* own */.ZV)('untag'),
    'not reached': (0,markdown/* own */.ZV)('not reached'),
    refused: (0,markdown/* own */.ZV)('refused'),
    deleted: (0,markdown/* own */.ZV)('deleted'),
    untagged: (0,markdown/* own */.ZV)('untagged'),
    'already gone': (0,markdown/* own */.ZV)('already gone'),
};
const SOURCES = {
    pushed: (0,markdown/* own */.ZV)('pushed'),
    updated: (0,markdown/* own */.ZV)('updated'),
    pulled: (0,markdown/* own */.ZV)('pulled'),
    annotation: (0,markdown/* own */.ZV)('annotation'),
    config: (0,markdown/* own */.ZV)('config'),
};
function labelCell(label) {
    return (0,markdown/* unbroken */.D_)(table_LABELS[label]);
}
const NOTHING_TOLD = new Set();
function tagColumns(rows, { units, now }, told = NOTHING_TOLD) {
    const sources = new Set(rows.flatMap(({ tag: { age } }) => (age === null ? [] : [age.source])));
    const [only] = sources.size === 1 ? sources : [];
    const size = (bytes) => bytes === null ? table_NONE : (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,quantities_bytes/* formatBytes */.z3)(bytes, units)));
    return [
        {
            title: (0,markdown/* prose */.CS) `Tag`,
            align: 'left',
            unbroken: markdown_columns/* UNBROKEN_NAME */.X2,
            cell: ({ tag: { tag } }) => (0,markdown/* code */.aY)((0,words/* shortCommits */.lQ)(tag), TAG_LENGTH),
        },
        {
            title: (0,markdown/* prose */.CS) `Decision`,
            align: 'left',
            when: rows.some(({ label }) => label !== 'kept'),
            cell: ({ label }) => labelCell(label),
        },
        { title: (0,markdown/* prose */.CS) `Why`, align: 'left', unbroken: ONE_LINE, cell: ({ tag }) => inOneLine(why(tag, told)) },
        {
            title: only === undefined ? (0,markdown/* prose */.CS) `Age` : (0,markdown/* prose */.CS) `Age (${SOURCES[only]})`,
            align: 'right',
            when: rows.some(({ tag: { age, reason } }) => age !== null || reason === 'unknown-age'),
            cell: ({ tag: { age, reason } }) => {
                if (age === null)
                    return reason === 'unknown-age' ? (0,markdown/* prose */.CS) `unknown` : table_NONE;
                const old = (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)((0,duration/* formatAge */.nV)(age.at, now).replace(/ old$/, '')));
                return only === undefined ? (0,markdown/* prose */.CS) `${old} (${SOURCES[age.source]})` : old;
            },
        },
        { title: (0,markdown/* prose */.CS) `Frees on its own`, align: 'right', cell: ({ tag }) => size(tag.exclusiveBytes) },
        { title: (0,markdown/* prose */.CS) `Size`, align: 'right', cell: ({ tag }) => size(tag.size) },
        {
            title: (0,markdown/* prose */.CS) `Digest`,
            align: 'left',
            cell: ({ tag: { digest } }) => (digest === null ? table_NONE : (0,markdown/* code */.aY)(cutDigest(digest))),
        },
    ];
}
function manifestColumns(rows) {
    return [
        { title: (0,markdown/* prose */.CS) `Manifest`, align: 'left', cell: ({ manifest }) => (0,markdown/* code */.aY)(cutDigest(manifest.digest)) },
        {
            title: (0,markdown/* prose */.CS) `Decision`,
            align: 'left',
            when: rows.some(({ label }) => label !== 'kept'),
            cell: ({ label }) => labelCell(label),
        },
        { title: (0,markdown/* prose */.CS) `Why`, align: 'left', cell: ({ manifest }) => why(manifest, NOTHING_TOLD) },
        { title: (0,markdown/* prose */.CS) `Kind`, align: 'left', cell: ({ manifest }) => (0,markdown/* own */.ZV)(kindOf(manifest)) },
    ];
}
function kindOf({ kind, isAttestation = false }) {
    return isAttestation ? 'attestation' : table_KINDS[kind];
}
const table_KINDS = {
    index: 'index',
    image: 'image',
    artifact: 'artifact',
    schema1: 'schema 1 image',
    unknown: 'unknown',
    unreadable: 'not read',
};
const ONE_LINE = 45;
function inOneLine(text) {
    return text.length <= ONE_LINE ? (0,markdown/* unbroken */.D_)(text) : text;
}
function why(item, told) {
    const note = told.has(noteOf(item) ?? '') ? markdown/* EMPTY */.wg : noteMarkdown(item);
    const reason = reasonMarkdown(item);
    const parts = item.decision === 'untag' && item.status === 'planned' ? [reason, note] : [note, reason];
    return (0,markdown/* join */.fj)(parts.filter((part) => part !== ''), (0,markdown/* prose */.CS) `; `);
}

;// CONCATENATED MODULE: ./src/report/prune/section.js









const OPEN_ROWS = 30;
const OPEN_NAMES = 10;
const section_NAME_LENGTH = 255;
function repositorySection(repository, report, options, extent) {
    const { going, kept, subjectTags } = tagRows(repository, report);
    const { tags, manifests, problems } = repository;
    if (tags.length + manifests.length === 0 && problems.length > 0) {
        return (0,markdown/* prose */.CS) `There is no plan for ${(0,markdown/* code */.aY)(repository.repository, section_NAME_LENGTH)}, so nothing was deleted there.`;
    }
    const name = report.repositories.length === 1 ? repository.repository : null;
    return (0,markdown/* blocks */.Bv)(protection(kept, going, name), notesBlock(going, extent.sentences), goingTable(going, options, extent.going), unknownAges(kept, extent.sentences), keptFold(kept, options, extent.others), subjectTagFold(subjectTags, options, extent.others), manifestFold(repository, report, extent.others));
}
function protection(kept, going, name) {
    const skipped = going.filter(({ label }) => label === 'skipped');
    const stay = kept.length + skipped.length;
    const all = kept.length + going.length;
    const of = name === null ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) ` of ${(0,markdown/* code */.aY)(name, section_NAME_LENGTH)}`;
    if (stay === 0)
        return all === 0 ? (0,markdown/* prose */.CS) `No tags${of}.` : (0,markdown/* prose */.CS) `None of ${(0,markdown/* own */.ZV)((0,words/* plural */.LS)(all, 'tag'))}${of} stays.`;
    const why = reasonCounts(kept.map(({ tag }) => tag));
    const cannot = skipped.length === 0 ? [] : [`${skipped.length} that cannot go`];
    const reasons = (0,markdown/* own */.ZV)([...(why === '' ? [] : [why]), ...cannot].join(', '));
    const isRefused = going.some(({ label }) => label === 'refused');
    const verb = isRefused ? 'would stay' : stay === 1 ? 'stays' : 'stay';
    return (0,markdown/* prose */.CS) `**${stay} of ${(0,markdown/* own */.ZV)((0,words/* plural */.LS)(all, 'tag'))}${of} ${(0,markdown/* own */.ZV)(verb)}:** ${reasons}.`;
}
function goingTable(going, options, most) {
    if (going.length === 0)
        return markdown/* EMPTY */.wg;
    return (0,markdown_columns/* foldedTable */.vd)(tagColumns(going, options, toldNotes(going)), going, {
        open: OPEN_ROWS,
        written: most,
        noun: 'tag',
    });
}
function unknownAges(kept, most) {
    const unknown = kept.filter(({ tag }) => tag.reason === 'unknown-age');
    if (unknown.length === 0)
        return markdown/* EMPTY */.wg;
    return (0,markdown/* blocks */.Bv)((0,markdown/* prose */.CS) `**Of unknown age**, so ${(0,markdown/* own */.ZV)(unknown.length === 1 ? 'it stays' : 'they stay')}:`, (0,lists/* foldedList */.H)(unknown, ({ tag: { tag } }) => (0,markdown/* code */.aY)(tag, TAG_LENGTH), {
        open: OPEN_NAMES,
        written: most,
        noun: 'tag',
    }));
}
function keptFold(kept, options, most) {
    const written = kept.slice(0, most);
    if (written.length === 0)
        return markdown/* EMPTY */.wg;
    return (0,markdown/* details */.zH)((0,markdown/* markup */.PT) `${(0,markdown/* own */.ZV)((0,words/* plural */.LS)(kept.length, 'tag'))} kept, and why`, (0,markdown/* blocks */.Bv)((0,markdown_columns/* columnTable */.d8)(tagColumns(written, options), written), rest(kept.length - written.length)));
}
function rest(count) {
    return count === 0 ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `${count} more, counted but not listed here.`;
}
function subjectTagFold(subjectTags, options, most) {
    const going = subjectTags.filter(({ label }) => label !== 'kept');
    const written = going.slice(0, most);
    if (written.length === 0)
        return markdown/* EMPTY */.wg;
    return (0,markdown/* details */.zH)((0,markdown/* markup */.PT) `${(0,markdown/* own */.ZV)((0,words/* plural */.LS)(going.length, 'tag'))} of signatures and the like`, (0,markdown/* blocks */.Bv)((0,markdown_columns/* columnTable */.d8)(tagColumns(written, options), written), rest(going.length - written.length)));
}
function manifestFold(repository, report, most) {
    const circumstances = circumstancesOf(repository, report);
    const rows = untaggedManifests(repository).map((manifest) => ({
        manifest,
        label: statusLabel(manifest, circumstances),
    }));
    const going = rows.filter(({ label }) => label !== 'kept');
    const kept = rows.filter(({ label }) => label === 'kept');
    const written = going.slice(0, most);
    if (written.length === 0)
        return markdown/* EMPTY */.wg;
    const stay = kept.length === 0
        ? markdown/* EMPTY */.wg
        : (0,markdown/* prose */.CS) `${(0,markdown/* own */.ZV)((0,words/* plural */.LS)(kept.length, 'more untagged manifest'))} stay${(0,markdown/* own */.ZV)(kept.length === 1 ? 's' : '')}: ${(0,markdown/* own */.ZV)(partCounts(kept.map(({ manifest }) => manifest)))}.`;
    const hasTags = repository.tags.some(({ decision }) => decision === 'delete');
    return (0,markdown/* details */.zH)((0,markdown/* markup */.PT) `${(0,markdown/* own */.ZV)((0,words/* plural */.LS)(going.length, 'untagged manifest'))} ${(0,markdown/* own */.ZV)(verbOf(going))}${(0,markdown/* own */.ZV)(hasTags ? ' with them' : '')}: ${(0,markdown/* own */.ZV)(partCounts(going.map(({ manifest }) => manifest)))}`, (0,markdown/* blocks */.Bv)((0,markdown_columns/* columnTable */.d8)(manifestColumns(written), written), rest(going.length - written.length), stay));
}
function verbOf(rows) {
    const one = rows.length === 1;
    if (rows.every(({ label }) => label === 'to delete' || label === 'refused'))
        return one ? 'goes' : 'go';
    return rows.every(({ label }) => status_isGone(label)) ? 'went' : one ? 'was to go' : 'were to go';
}

;// CONCATENATED MODULE: ./src/report/prune/overview.js






const overview_OPEN_REPOSITORIES = 30;
function repositoryOverview(report, units, most) {
    const { repositories } = report;
    if (repositories.length < 2)
        return markdown/* EMPTY */.wg;
    const rows = mostUrgentFirst(repositories).map((repository) => ({
        repository,
        figures: figuresOf([repository], report),
    }));
    const folder = (0,common_folder/* commonFolder */.M)(repositories.map(({ repository }) => repository));
    return (0,markdown/* blocks */.Bv)(folder === '' ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `Repositories of ${(0,markdown/* code */.aY)(folder, section_NAME_LENGTH)}:`, (0,markdown_columns/* foldedTable */.vd)(overviewColumns(rows, folder, report.dryRun, units), rows, {
        open: overview_OPEN_REPOSITORIES,
        written: most,
        noun: 'repository',
    }));
}
function overviewColumns(rows, folder, dryRun, units) {
    const states = new Set(rows.map(({ repository: { state } }) => state));
    const count = (title, key, always = false) => ({
        title,
        align: 'right',
        when: always || rows.some(({ figures }) => figures[key] > 0),
        cell: ({ figures }) => (0,markdown/* prose */.CS) `${figures[key]}`,
    });
    return [
        {
            title: (0,markdown/* prose */.CS) `Repository`,
            align: 'left',
            unbroken: markdown_columns/* UNBROKEN_NAME */.X2,
            cell: ({ repository }) => (0,markdown/* code */.aY)(repository.repository.slice(folder.length), section_NAME_LENGTH),
        },
        {
            title: (0,markdown/* prose */.CS) `State`,
            align: 'left',
            when: states.size > 1,
            cell: ({ repository: { state } }) => (0,markdown/* own */.ZV)(state),
        },
        count(dryRun ? (0,markdown/* prose */.CS) `Delete` : (0,markdown/* prose */.CS) `Deleted`, 'deleted', true),
        count(dryRun ? (0,markdown/* prose */.CS) `Untag` : (0,markdown/* prose */.CS) `Untagged`, 'untagged'),
        {
            title: (0,markdown/* prose */.CS) `Frees`,
            align: 'right',
            cell: ({ repository: { reclaimedBytes, reclaimsMore } }) => (0,markdown/* unbroken */.D_)((0,markdown/* own */.ZV)(`${reclaimsMore ? '>' : ''}${(0,quantities_bytes/* formatBytes */.z3)(reclaimedBytes, units)}`)),
        },
        {
            title: (0,markdown/* prose */.CS) `Manifests`,
            align: 'right',
            when: rows.some(({ figures }) => countCompanions(figures.companions) > 0),
            cell: ({ figures }) => (0,markdown/* prose */.CS) `${countCompanions(figures.companions)}`,
        },
        count((0,markdown/* prose */.CS) `Would go`, 'refused'),
        count((0,markdown/* prose */.CS) `Failed`, 'failed'),
        count((0,markdown/* prose */.CS) `Not reached`, 'pending'),
        count((0,markdown/* prose */.CS) `Skipped`, 'skipped'),
        count((0,markdown/* prose */.CS) `Kept`, 'kept', true),
    ];
}
const URGENCY = {
    failed: 0,
    refused: 1,
    partial: 2,
    planned: 3,
    done: 3,
};
function mostUrgentFirst(repositories) {
    return repositories.toSorted((a, b) => URGENCY[a.state] - URGENCY[b.state] || b.reclaimedBytes - a.reclaimedBytes);
}

;// CONCATENATED MODULE: ./src/report/prune/verdict.js






const verdict_OPEN_LINES = 30;
const verdict_NAME_LENGTH = 255;
const PROBLEM_LENGTH = 600;
function verdictBlocks(report, ways, most) {
    return (0,markdown/* blocks */.Bv)(brokenBlock(report, ways, most), problemBlock(report, 'wrong', (0,markdown/* prose */.CS) `**Problems:**`, most), problemBlock(report, 'refused', refusalTitle(report), most), partialBlock(report, most));
}
const NOUNS = { broken: 'broken name', wrong: 'problem', refused: 'refusal', stopped: 'repository' };
function problemBlock(report, kind, title, most) {
    const problems = problemsOf(report, kind);
    if (problems.length === 0)
        return markdown/* EMPTY */.wg;
    const draw = ({ repository, text, advice }) => {
        const isSaid = report.repositories.length === 1 || placed(repository, text) === text;
        const where = isSaid ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `${(0,markdown/* code */.aY)(repository, verdict_NAME_LENGTH)}: `;
        const then = advice === null ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `. ${advice}`;
        return (0,markdown/* prose */.CS) `${where}${(0,markdown/* foreignProse */.gS)((0,words/* shortCommits */.lQ)(text), PROBLEM_LENGTH)}${then}`;
    };
    return (0,markdown/* blocks */.Bv)(title, (0,lists/* foldedList */.H)(problems, draw, { open: verdict_OPEN_LINES, written: most, noun: NOUNS[kind] }));
}
function brokenBlock(report, { providerOf, undoFile }, most) {
    const hurt = report.repositories.filter(({ broken }) => (broken?.length ?? 0) > 0);
    const providers = new Set(hurt.map(({ repository }) => providerOf(repository)));
    const way = undoFile === undefined
        ? (0,markdown/* join */.fj)([(0,markdown/* prose */.CS) `Push it again.`, ...vendorUndo(providers)], (0,markdown/* prose */.CS) ` `)
        : (0,markdown/* prose */.CS) `Run \`mode: undo\` with ${(0,markdown/* code */.aY)(`undo-file: ${undoFile}`)}, or push it again.`;
    const title = (0,markdown/* prose */.CS) `**Broken afterwards:** this was to stay and does not resolve any more. ${way}`;
    return problemBlock(report, 'broken', title, most);
}
function refusalTitle({ repositories, dryRun }) {
    if (dryRun)
        return (0,markdown/* prose */.CS) `**This plan would be refused**, and nothing deleted:`;
    return (0,markdown/* prose */.CS) `**Refused**, so nothing was deleted${repositories.length === 1 ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) ` there`}:`;
}
function partialBlock(report, most) {
    const { length: all } = report.repositories;
    const { length: partial } = report.repositories.filter(({ state }) => state === 'partial');
    if (partial === 0)
        return markdown/* EMPTY */.wg;
    const which = all === 1 ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) ` in ${partial} of ${all} repositories`;
    const title = (0,markdown/* prose */.CS) `**Stopped early**${which}; the next run goes on from there.`;
    const problems = problemBlock(report, 'stopped', title, most);
    return problems === markdown/* EMPTY */.wg ? title : problems;
}

;// CONCATENATED MODULE: ./src/report/prune/summary.js














const FULL = { lines: 1000, repositories: 100, going: 1000, others: 500, sentences: 100 };
const summary_OPEN_REPOSITORIES = 3;
const FEW_FOLDS = 10;
const WORTH_FOLDING = 3;
const OPEN_WARNINGS = 5;
function renderPruneSummary(report, options) {
    return (0,fitting/* fit */.U)(summary_frame/* SUMMARY_MAX_BYTES */.eR, [
        () => summary_draw(report, options, FULL),
        () => summary_draw(report, options, { lines: 1000, repositories: 50, going: 500, others: 100, sentences: 50 }),
        () => summary_draw(report, options, { lines: 500, repositories: 20, going: 100, others: 20, sentences: 20 }),
        () => summary_draw(report, options, { lines: 50, repositories: 5, going: 10, others: 0, sentences: 5 }),
    ]);
}
function summary_draw(report, options, extent) {
    const { units } = options;
    const busy = report.repositories.filter((repository) => losesSomething(repository, report));
    const title = report.dryRun ? (0,markdown/* prose */.CS) `Prune, dry run:` : (0,markdown/* prose */.CS) `Prune:`;
    return (0,markdown/* blocks */.Bv)((0,markdown/* heading */.R_)(3, (0,markdown/* prose */.CS) `${title} ${(0,markdown/* withUnits */.KQ)(pruneHeadline(report, units))}`), howToRun(report, busy), verdictBlocks(report, options, extent.sentences), warningList(report, extent.sentences), sweepBlock(report, units, extent.sentences), repositoryOverview(report, units, extent.lines), ...sections(report, options, extent), notes(report, busy, options), (0,summary_frame/* footer */.qr)(options));
}
function sections(report, options, extent) {
    const { repositories } = report;
    const [only] = repositories;
    if (only !== undefined && repositories.length === 1) {
        return [repositorySection(only, report, options, extent)];
    }
    const section = (one) => repositorySection(one, report, options, extent);
    if (repositories.length <= summary_OPEN_REPOSITORIES) {
        return mostUrgentFirst(repositories).map((one) => (0,markdown/* blocks */.Bv)((0,markdown/* heading */.R_)(4, (0,markdown/* code */.aY)(one.repository, section_NAME_LENGTH)), section(one)));
    }
    const folder = (0,common_folder/* commonFolder */.M)(repositories.map(({ repository }) => repository));
    const folds = mostUrgentFirst(repositories)
        .filter(hasNews)
        .slice(0, extent.repositories)
        .map((one) => (0,markdown/* details */.zH)(foldTitle(one, report, folder), section(one)));
    const others = folds.slice(FEW_FOLDS);
    if (others.length < WORTH_FOLDING)
        return folds;
    return [
        ...folds.slice(0, FEW_FOLDS),
        (0,markdown/* details */.zH)((0,markdown/* markup */.PT) `${(0,markdown/* own */.ZV)((0,words/* plural */.LS)(others.length, 'more repository'))}, tag by tag`, (0,markdown/* blocks */.Bv)(...others)),
    ];
}
function hasNews({ tags, manifests }) {
    return (tags.some(({ decision }) => decision !== 'keep') ||
        manifests.some(({ decision }) => decision === 'delete'));
}
function foldTitle(repository, report, folder) {
    const alone = { ...report, repositories: [repository] };
    const words = deletionWords(alone, figuresOf([repository], report)).join(' · ');
    return (0,markdown/* markup */.PT) `${(0,markdown/* htmlCode */.h8)(repository.repository.slice(folder.length), section_NAME_LENGTH)} · ${(0,markdown/* own */.ZV)(words)}`;
}
function warningList(report, most) {
    const warnings = sharedWarnings(report);
    if (warnings.length === 0)
        return markdown/* EMPTY */.wg;
    const draw = ({ message, repositories }) => {
        const [first] = repositories;
        if (first === undefined || report.repositories.length === 1)
            return (0,markdown/* foreignProse */.gS)(message);
        return repositories.length === 1
            ? (0,markdown/* prose */.CS) `${(0,markdown/* code */.aY)(first, section_NAME_LENGTH)}: ${(0,markdown/* foreignProse */.gS)(message)}`
            : (0,markdown/* prose */.CS) `${repositories.length} repositories: ${(0,markdown/* foreignProse */.gS)(message)}`;
    };
    return (0,markdown/* blocks */.Bv)((0,markdown/* prose */.CS) `**Worth a look:**`, (0,lists/* foldedList */.H)(warnings, draw, { open: OPEN_WARNINGS, written: most, noun: 'warning' }));
}
function howToRun(report, busy) {
    if (!report.dryRun || busy.length === 0)
        return markdown/* EMPTY */.wg;
    return (0,markdown/* prose */.CS) `**Nothing was deleted.** To carry out this plan, set \`dry-run: false\`.`;
}
function notes(report, busy, { providerOf, undoFile, isUndoFileTaken = false }) {
    if (busy.length === 0)
        return markdown/* EMPTY */.wg;
    const providers = new Set(busy.map(({ repository }) => providerOf(repository)));
    const isSwept = (report.garbage?.blobs ?? 0) > 0;
    if (isSwept)
        return legend(report);
    const frees = report.reclaimedBytes > 0 || report.reclaimsMore ? freeingAdvice(providers) : markdown/* EMPTY */.wg;
    const { dryRun } = report;
    const isWithout = undoFile === undefined;
    const way = isWithout
        ? noUndo(providers, dryRun)
        : dryRun
            ? undoAhead(providers, undoFile, isUndoFileTaken)
            : undoSteps(providers, undoFile);
    const offer = isWithout ? undoOffer(providers, dryRun) : markdown/* EMPTY */.wg;
    const more = (0,markdown/* blocks */.Bv)(frees, offer, legend(report));
    return (0,markdown/* blocks */.Bv)(way, more === markdown/* EMPTY */.wg ? markdown/* EMPTY */.wg : (0,markdown/* details */.zH)(foldOf(frees, offer), more));
}
function foldOf(frees, offer) {
    if (frees === markdown/* EMPTY */.wg)
        return offer === markdown/* EMPTY */.wg ? (0,markdown/* markup */.PT) `How to read this` : (0,markdown/* markup */.PT) `How to undo`;
    return offer === markdown/* EMPTY */.wg ? (0,markdown/* markup */.PT) `When space is freed` : (0,markdown/* markup */.PT) `When space is freed, and how to undo`;
}
function legend({ repositories }) {
    const hasTable = repositories.some(({ tags }) => tags.some(({ decision }) => decision !== 'keep'));
    if (!hasTable)
        return markdown/* EMPTY */.wg;
    const ages = repositories.flatMap(({ tags }) => tags.map(({ age }) => age));
    const order = !ages.some((age) => age !== null)
        ? markdown/* EMPTY */.wg
        : ages.includes(null)
            ? (0,markdown/* prose */.CS) `Tags are listed newest first, after those without an age. `
            : (0,markdown/* prose */.CS) `Tags are listed newest first. `;
    return (0,markdown/* prose */.CS) `${order}*Frees on its own* is what only this tag needs; tags that share layers free more together.`;
}

;// CONCATENATED MODULE: ./src/domain/prune/garbage-report.js
function obstacleToSweep({ verdict, dryRun }) {
    if (verdict === 'fail') {
        const end = dryRun ? 'would not end' : 'did not end';
        return `the prune ${end} well, and what it deleted can be put back only as long as nothing is swept`;
    }
    return verdict === 'partial' ? 'the prune was stopped early; the next run goes on' : null;
}
function withGarbage(report, garbage) {
    return {
        ...report,
        garbage,
        reclaimedBytes: garbage.bytes,
        reclaimsMore: false,
        verdict: verdictWith(report.verdict, garbage),
    };
}
function verdictWith(verdict, { state, damage }) {
    if (verdict === 'fail' || state === 'refused' || state === 'failed')
        return 'fail';
    if (verdict === 'partial' || state === 'partial')
        return 'partial';
    return damage.length > 0 ? 'warn' : verdict;
}

// EXTERNAL MODULE: ./src/domain/storage/garbage.js
var storage_garbage = __webpack_require__(6039);
;// CONCATENATED MODULE: ./src/modes/collect-garbage.js




async function collectGarbage(report, { targets }, { garbageCollect, policy, dryRun }, session) {
    if (!garbageCollect || session.collectGarbage === null)
        return report;
    const why = obstacleToSweep(report);
    if (why !== null)
        return withGarbage(report, { ...storage_garbage/* NOTHING_SWEPT */.cP, state: 'skipped', why });
    const grace = policy.untaggedGrace;
    const request = dryRun ? { dryRun, goes: whatWouldGo(report, targets), grace } : { dryRun, grace };
    const garbage = await session.collectGarbage(request);
    return withGarbage(report, garbage);
}
function whatWouldGo({ repositories }, targets) {
    const inFolder = new Set(targets.flatMap(({ target }) => ((0,names_registry/* isStorageFolder */.MA)(target) ? [target.name] : [])));
    return repositories.flatMap(({ repository, manifests }) => inFolder.has(repository)
        ? whatWent(manifests, true).map(({ digest }) => ({ repository: pathOf(repository), digest }))
        : []);
}
function pathOf(name) {
    return name.slice(name.indexOf('/') + 1);
}

;// CONCATENATED MODULE: ./src/modes/storage-notices.js

function announceStorageWrites(registry, { garbageCollect, undoFile }, log) {
    if (!(0,names_registry/* isStorageFolder */.MA)(registry))
        return;
    log.info('The storage folder is changed in place: the registry must be stopped or read-only until this ends');
    if (!garbageCollect)
        return;
    const file = undoFile === null ? '' : ', with the undo-file too';
    log.info(`garbage-collect: true ends what mode: undo can bring back${file}: what is swept is gone`);
}

// EXTERNAL MODULE: ./src/compose.js + 99 modules
var compose = __webpack_require__(9203);
// EXTERNAL MODULE: ./src/domain/prune/protect-refs.js
var protect_refs = __webpack_require__(3749);
// EXTERNAL MODULE: ./src/wire/github-answers.js
var github_answers = __webpack_require__(4870);
// EXTERNAL MODULE: ./src/wire/link.js
var wire_link = __webpack_require__(6483);
;// CONCATENATED MODULE: ./src/github/live-refs.js



const PAGE = 100;
const MAX_PAGES = 1000;
const REPOSITORY = 'GET /repos/{owner}/{repo}';
const SPECS = {
    pullRequests: {
        what: 'list open pull requests',
        route: `${REPOSITORY}/pulls`,
        permission: 'pull-requests: read',
        parameters: { state: 'open', sort: 'created', direction: 'asc' },
    },
    branches: { what: 'list branches', route: `${REPOSITORY}/branches`, permission: 'contents: read' },
    tags: { what: 'list Git tags', route: `${REPOSITORY}/tags`, permission: 'contents: read' },
    releases: { what: 'list releases', route: `${REPOSITORY}/releases`, permission: 'contents: read' },
};
async function readLiveRefs(ask, lists) {
    const read = async (list, parse) => lists.has(list) ? await readList(ask, SPECS[list], parse) : [];
    return {
        pullRequests: await read('pullRequests', github_answers/* githubAnswers */.T.openPullRequests),
        branches: await read('branches', github_answers/* githubAnswers */.T.branches),
        tags: await read('tags', github_answers/* githubAnswers */.T.gitTags),
        releases: await read('releases', github_answers/* githubAnswers */.T.releases),
    };
}
async function readList(ask, spec, parse) {
    const first = await readPages(ask, spec, parse);
    if (first.pages === 1)
        return first.entries;
    const again = await readPages(ask, spec, parse);
    return [...first.entries, ...again.entries];
}
async function readPages(ask, spec, parse) {
    const entries = [];
    for (let page = 1; page <= MAX_PAGES; page += 1) {
        const found = await readPage(ask, spec, page);
        const parsed = parse(found.data);
        entries.push(...parsed);
        const leadsOn = found.link !== null && (0,wire_link/* nextPageQuery */.X)([found.link]) !== null;
        if (!leadsOn && parsed.length < PAGE)
            return { entries, pages: page };
    }
    throw new errors/* WardenError */.Sh('protocol', `GitHub: ${spec.what}: there are more than ${MAX_PAGES} pages`, {
        advice: 'Nothing is deleted, since a list that is not whole may hide a ref that is alive',
    });
}
async function readPage(ask, { what, route, permission, parameters }, page) {
    try {
        return await ask({ what, route, parameters: { ...parameters, per_page: PAGE, page } });
    }
    catch (error) {
        if (!(error instanceof errors/* WardenError */.Sh) || !['denied', 'not-found'].includes(error.kind))
            throw error;
        throw new errors/* WardenError */.Sh(error.kind, `protect-refs: ${error.message}`, {
            advice: `Give the job "permissions: ${permission}" beside its others; nothing is deleted without this list`,
            exchange: error.exchange,
            cause: error,
        });
    }
}

// EXTERNAL MODULE: ./src/github/requests.js + 3 modules
var requests = __webpack_require__(8544);
;// CONCATENATED MODULE: ./src/modes/live-tags.js





function openLiveTags({ githubToken: token }, { protectRefs }, session, { repository }, runner) {
    if (protectRefs.length === 0)
        return undefined;
    if (token === '' || repository === null) {
        const missing = token === '' ? 'github-token is empty' : 'GITHUB_REPOSITORY is not set';
        throw new errors/* WardenError */.Sh('input', `input protect-refs: ${missing}, so GitHub cannot be asked what is alive`, {
            advice: 'Leave github-token at its default, and give the job "permissions: pull-requests: read, contents: read"',
        });
    }
    runner.mask(token);
    const ask = (0,requests/* createGitHubRequests */.A)({
        send: session.github,
        apiUrl: runner.env['GITHUB_API_URL'] || 'https://api.github.com',
        token,
        repository,
        userAgent: compose.USER_AGENT,
        log: runner.log,
        clock: session.clock,
    });
    const lists = new Set(protectRefs.map(({ list }) => list));
    return async () => (0,protect_refs/* expandRefs */.F)(protectRefs, await readLiveRefs(ask, lists));
}

// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 15 modules
var schemas = __webpack_require__(6668);
// EXTERNAL MODULE: ./src/wire/json.js
var json = __webpack_require__(4281);
;// CONCATENATED MODULE: ./src/wire/plan-file.js





const MAX_PLAN_BYTES = 128 * 1024 * 1024;
const digestSchema = schemas/* string */.YjP().refine(names_digest/* isDigest */.Bc, 'not a digest');
const planSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    schemaVersion: schemas/* literal */.euz(1),
    mode: schemas/* literal */.euz('prune'),
    repositories: (0,json/* listOf */.c3)(schemas/* object */.Ikc({
        repository: schemas/* string */.YjP().min(1).max(1000),
        tags: (0,json/* listOf */.c3)(schemas/* object */.Ikc({
            tag: schemas/* string */.YjP().refine(names_tag/* isTag */.dz, 'not a tag'),
            digest: digestSchema.nullable(),
            decision: schemas/* enum */.k5n(['keep', 'delete', 'untag', 'skip']),
        })),
        manifests: (0,json/* listOf */.c3)(schemas/* object */.Ikc({
            digest: digestSchema,
            decision: schemas/* enum */.k5n(['keep', 'delete']),
            decidedBy: schemas/* object */.Ikc({ digest: digestSchema.optional() }).optional(),
        })),
    }), 100_000),
}));
function parsePlanFile(bytes) {
    try {
        if (bytes.length > MAX_PLAN_BYTES) {
            throw new errors/* WardenError */.Sh('protocol', `the plan is larger than ${MAX_PLAN_BYTES} bytes`);
        }
        const { repositories } = (0,json/* readAs */.fd)(planSchema, (0,json/* parseJsonObject */.dw)(bytes, 'the plan'), 'the plan');
        const plan = repositories.map(({ repository, tags, manifests }) => ({
            repository,
            tags: new Map(tags.map(({ tag, ...rest }) => [tag, rest])),
            manifests: new Map(manifests.map(({ digest, decision }) => [digest, decision])),
            parents: new Map(manifests.flatMap(({ digest, decision, decidedBy }) => decision === 'delete' && decidedBy?.digest !== undefined ? [[digest, decidedBy.digest]] : [])),
        }));
        const isTwofold = repositories.some(({ tags, manifests }, index) => plan[index]?.tags.size !== tags.length || plan[index].manifests.size !== manifests.length);
        if (isTwofold || new Set(plan.map(({ repository }) => repository)).size !== plan.length) {
            throw new errors/* WardenError */.Sh('protocol', 'the plan names something twice');
        }
        return plan;
    }
    catch (cause) {
        if (!(cause instanceof errors/* WardenError */.Sh))
            throw cause;
        throw new errors/* WardenError */.Sh('input', `input apply-plan: ${cause.message}`, {
            advice: 'Give the file that plan-file wrote in a run with the same inputs',
            cause,
        });
    }
}

// EXTERNAL MODULE: ./src/wire/content-digest.js
var content_digest = __webpack_require__(4899);
// EXTERNAL MODULE: ./src/wire/manifest.js + 2 modules
var manifest = __webpack_require__(4248);
// EXTERNAL MODULE: ./src/wire/manifest-type.js
var manifest_type = __webpack_require__(8179);
;// CONCATENATED MODULE: ./src/wire/undo-file.js









const MAX_UNDO_BYTES = 512 * 1024 * 1024;
function undoHeader(startedAt) {
    return `${JSON.stringify({ schemaVersion: 1, mode: 'undo', startedAt: (0,timestamp/* formatTimestamp */.Ey)(startedAt) })}\n`;
}
function undoLine({ repository, digest, stored, tags, versionId }) {
    const { mediaType, bytes } = stored;
    const manifest = Buffer.from(bytes).toString('base64');
    const optional = versionId === null ? {} : { versionId };
    return `${JSON.stringify({ repository, digest, mediaType, tags, manifest, ...optional })}\n`;
}
const LINE_BREAK = 0x0a;
const headerSchema = schemas/* object */.Ikc({ schemaVersion: schemas/* literal */.euz(1), mode: schemas/* literal */.euz('undo') });
const lineSchema = schemas/* object */.Ikc({
    repository: schemas/* string */.YjP().min(1).max(1000),
    digest: schemas/* string */.YjP().refine(names_digest/* isDigest */.Bc, 'not a digest'),
    mediaType: schemas/* string */.YjP()
        .max(255)
        .regex(/^[\w.+-]+\/[\w.+-]+(?:; ?[\w.+-]+="?[\w.+-]+"?)*$/, 'not a media type'),
    tags: (0,json/* listOf */.c3)(schemas/* string */.YjP().refine(names_tag/* isTag */.dz, 'not a tag'), 100_000),
    manifest: schemas/* base64 */.K39().max(Math.ceil(manifest/* MAX_MANIFEST_BYTES */.ZJ / 3) * 4 + 4),
    versionId: schemas/* int */.Whr().positive().optional(),
});
function parseUndoFile(bytes) {
    try {
        const manifests = new Map();
        const named = new Map();
        let number = 0;
        let start = 0;
        for (let end = bytes.indexOf(LINE_BREAK); end !== -1; end = bytes.indexOf(LINE_BREAK, start)) {
            number += 1;
            const line = bytes.subarray(start, end);
            const what = `line ${number}`;
            const content = (0,json/* parseJsonObject */.dw)(line, what);
            if (number === 1 || isHeader(content))
                (0,json/* readAs */.fd)(headerSchema, content, what);
            else
                add(parseLine(content, what), manifests, named);
            start = end + 1;
        }
        if (number === 0)
            throw new errors/* WardenError */.Sh('protocol', 'line 1 is missing');
        return {
            manifests: Array.from(manifests.values(), ({ entry, tags }) => ({
                ...entry,
                tags: [...tags].filter((tag) => named.get(nameOf(entry, tag)) === entry.digest),
            })),
            isCut: start < bytes.length,
        };
    }
    catch (cause) {
        if (!(cause instanceof errors/* WardenError */.Sh))
            throw cause;
        throw new errors/* WardenError */.Sh('input', `input undo-file: ${cause.message}`, {
            advice: 'Give the file that undo-file wrote in mode: prune, unchanged',
            cause,
        });
    }
}
function nameOf({ repository }, tag) {
    return `${repository}:${tag}`;
}
function add(entry, manifests, named) {
    for (const tag of entry.tags)
        named.set(nameOf(entry, tag), entry.digest);
    const key = `${entry.repository}@${entry.digest}`;
    const known = manifests.get(key);
    const tags = known?.tags ?? new Set();
    for (const tag of entry.tags)
        tags.add(tag);
    const versionId = entry.versionId ?? known?.entry.versionId ?? null;
    manifests.set(key, { entry: { ...entry, versionId }, tags });
}
function isHeader(content) {
    return Object.hasOwn(content, 'schemaVersion') && !Object.hasOwn(content, 'repository');
}
function parseLine(content, what) {
    const entry = (0,json/* readAs */.fd)(lineSchema, content, what);
    const bytes = Buffer.from(entry.manifest, 'base64');
    const manifest = readManifest(bytes, entry, what);
    const isProven = manifest.digest === entry.digest && (0,content_digest/* hasDigest */.tH)(bytes, entry.digest) === true;
    if (!isProven && manifest.manifest.kind !== 'schema1')
        throw new errors/* WardenError */.Sh('integrity', `${what}: the manifest is not what ${entry.digest} names`);
    const { repository, digest, tags, versionId = null } = entry;
    const mediaType = (0,manifest_type/* namesManifestType */.g)(bytes) ? manifest.manifest.mediaType : entry.mediaType;
    return { repository, digest, stored: { mediaType, bytes }, manifest, tags, versionId };
}
function readManifest(bytes, { mediaType, digest }, what) {
    try {
        return (0,manifest/* parseManifest */.Ng)(bytes, mediaType, digest);
    }
    catch (cause) {
        if (!(cause instanceof errors/* WardenError */.Sh))
            throw cause;
        throw new errors/* WardenError */.Sh(cause.kind, `${what}: the manifest is not usable: ${cause.message}`, { cause });
    }
}

;// CONCATENATED MODULE: ./src/modes/prune.js
























async function runPrune(common, settings, session, runner) {
    const event = await (0,event_file/* readEvent */.j)(runner.env);
    if (isReadOnlyEvent(event)) {
        runner.log.notice('Nothing is pruned: GitHub gives pull requests of forks and of Dependabot a token that only reads. ' +
            'A scheduled prune with protect-refs deletes what they left behind');
        runner.setOutputs(pruneOutputs(prune_NOTHING_DONE(settings.dryRun), common.units));
        return true;
    }
    if (!settings.dryRun)
        announceStorageWrites(common.registry, settings, runner.log);
    const request = await prepare(settings, session, openLiveTags(common, settings, session, event, runner));
    const { undoFile, dryRun } = settings;
    const undo = undoFile === null || dryRun ? null : await createUndoFile(undoFile, undoHeader(session.clock()));
    const deps = depsOf(common, settings, session, runner);
    const record = undo === null ? undefined : (entry) => undo.append(undoLine(entry));
    const pruned = await prune(request, record === undefined ? deps : { ...deps, record });
    await undo?.close();
    const report = runner.redact(await collectGarbage(pruned, request, settings, session));
    const seen = new Map(report.repositories.map(({ repository, freesAtOnce }) => [repository, freesAtOnce]));
    const providers = new Map(request.targets.map(({ target }) => [target.name, placeOf(target, seen.get(target.name) === true)]));
    await publish(report, common, { ...settings, providers }, session, runner);
    return report.verdict !== 'fail';
}
function depsOf({ concurrency, maxDuration }, { planFile }, { clock, clockLead, sleep, timeIsUp, ending }, { log, redact }) {
    const begun = clock();
    const zero = performance.now();
    return {
        log,
        now: () => (0,timestamp/* asTimestamp */.ZL)(begun + performance.now() - zero),
        today: () => (0,timestamp/* asTimestamp */.ZL)(clock() - clockLead()),
        concurrency: (0,quantities_concurrency/* mostInFlight */.f)(concurrency),
        sleep,
        timeIsUp,
        isCancelled: () => ending.reason() === 'cancelled',
        orAbandoned: ending.orAbandoned,
        isTimeToDelete: () => maxDuration !== null && clock() - begun > maxDuration / 2,
        onPlanned: async (report) => {
            warnOfFastClock(clockLead(), log);
            if (planFile !== null)
                await writePlan(planFile, redact(report));
            ending.beginWrites();
        },
    };
}
function warnOfFastClock(lead, log) {
    if (lead === 0)
        return;
    const ahead = `The clock of this runner is ${(0,duration/* formatDuration */.a3)(lead)} ahead of the registry's`;
    log.warning(`${ahead}: ages are judged by the earlier of the two`);
}
async function writePlan(path, report) {
    await (0,action_files/* writeWhole */.f8)(path, `${JSON.stringify(pruneJson(report), null, 2)}\n`, 'plan-file');
}
function isReadOnlyEvent({ event, pullRequest }) {
    if (!event.startsWith('pull_request'))
        return false;
    if (event === 'pull_request' && pullRequest?.action === 'closed')
        return pullRequest.isRestricted;
    throw new errors/* WardenError */.Sh('input', `mode prune does not run on ${event} events`, {
        advice: 'Run it on schedule, workflow_dispatch, push, or on pull_request with types: [closed]',
    });
}
const prune_NOTHING_DONE = (dryRun) => ({
    dryRun,
    repositories: [],
    reclaimedBytes: (0,quantities_bytes/* asBytes */.Yd)(0),
    reclaimsMore: false,
    verdict: 'pass',
});
async function prepare(settings, session, liveTags) {
    const { files, unmatched } = await readProtectFiles(settings.protectFiles, session.timeIsUp);
    const warnings = unmatched.map((pattern) => withoutFile(pattern, settings.dryRun));
    const reviewed = settings.applyPlan === null
        ? null
        : parsePlanFile(await (0,action_files/* readWhole */.oD)(settings.applyPlan, MAX_PLAN_BYTES, 'apply-plan'));
    const repositories = await (0,usecases_repositories/* expandRepositories */.JU)(settings.repositories, session.catalog);
    if (reviewed !== null)
        (0,usecases_repositories/* checkReviewed */.Uk)(reviewed, repositories);
    const { policy, dryRun, validate } = settings;
    const swap = policy.sharedDigest === 'swap';
    const targets = await Promise.all(repositories.map(async (repository) => ({
        target: await session.target(repository, { swap, mayWrite: !dryRun }),
        protection: protectionOf(files, repository),
    })));
    const live = liveTags === undefined ? {} : { liveTags };
    return { targets, policy, dryRun, validate, reviewed, warnings, ...live };
}
function withoutFile(pattern, dryRun) {
    const message = `protect-files: ${pattern} matches no file`;
    const advice = 'Check out before this step, or correct or remove the pattern';
    if (!dryRun)
        throw new errors/* WardenError */.Sh('input', `input ${message}`, { advice });
    return {
        kind: 'no-file',
        subject: pattern,
        message: `${message}, which is an error without dry-run. ${advice}`,
    };
}
function placeOf({ origin, provider }, freesAtOnce) {
    if ((0,names_registry/* isStorageFolder */.MA)({ origin }))
        return 'folder';
    return freesAtOnce && provider === 'generic' ? 'at-once' : provider;
}
async function publish(report, { units, summary }, { planFile, undoFile, providers, }, session, runner) {
    const now = session.clock();
    for (const line of pruneLog(report, { units, now }))
        runner.log.info(line);
    const { requests, retries, bytes } = session.stats();
    runner.log.debug(`${requests} requests, of them ${retries} retries; ${bytes} bytes read`);
    if (planFile !== null)
        await writePlan(planFile, report);
    const isTaken = undoFile !== null && report.dryRun && (await isUndoFileTaken(undoFile));
    const undo = undoFile === null ? {} : { undoFile, isUndoFileTaken: isTaken };
    if (summary) {
        const { runUrl } = runner;
        const providerOf = (repository) => providers.get(repository) ?? 'generic';
        const options = { units, now, providerOf, ...(runUrl === null ? {} : { runUrl }) };
        await runner.writeSummary(renderPruneSummary(report, { ...options, ...undo }));
    }
    runner.setOutputs(pruneOutputs(report, units));
    for (const annotation of pruneAnnotations(report, { units, ...undo }))
        runner.annotate(annotation);
    if (report.verdict === 'fail')
        runner.fail(pruneFailure(report, units));
}

;// CONCATENATED MODULE: ./src/report/undo/log.js



const log_MAX_NAMED = 20;
function undoRows({ repositories }) {
    return repositories.flatMap(({ repository, tags, manifests }) => [
        ...tags.map((tag) => ({ ...tag, repository })),
        ...Array.from(manifests.filter(({ isTagged }) => !isTagged), (manifest) => ({ ...manifest, repository, tag: null })),
    ]);
}
function undoHeadline(report) {
    const { restored, unrestored, verdict, isPartial } = report;
    const present = undoRows(report).filter(({ status }) => status === 'present').length;
    const words = [
        whatWasPutBack(report, restored),
        ...(present === 0 ? [] : [`${present} there already`]),
        ...(unrestored === 0 ? [] : [`${unrestored} not as before`]),
        ...(isPartial ? ['stopped before the end'] : []),
    ];
    return `${report_verdict/* ICONS */.Ze[verdict]} ${words.join(' · ')}`;
}
function whatWasPutBack(report, restored) {
    if (report.nothing?.kind === 'no-deletion')
        return 'nothing to put back · the undo file holds no deletion, that run deleted nothing';
    if (report.nothing !== undefined)
        return 'nothing put back · the undo file has nothing of what image names';
    return `put back ${restored} of ${(0,words/* plural */.LS)(undoRows(report).length, 'name')}`;
}
function undoRemark({ nothing }) {
    return nothing?.kind === 'not-of-image'
        ? `input image: the undo file has nothing of it, but of ${(0,domain_text/* someNames */.Xq)(nothing.repositories, log_MAX_NAMED)}`
        : null;
}
function undoFailure(report) {
    const failed = undoRows(report).filter(({ status }) => status === 'failed');
    const [first] = failed;
    if (first === undefined)
        return undoHeadline(report);
    const others = failed.length === 1 ? '' : ` (and ${failed.length - 1} more, see the job summary)`;
    return `${undoHeadline(report)}. ${lineOf(first)}${others}`;
}
function undoAnnotations(report) {
    return undoRows(report).flatMap((row) => {
        if (row.status === 'moved')
            return [{ level: 'warning', title: 'Not put back', message: lineOf(row) }];
        if (row.status === 'failed')
            return [{ level: 'error', title: 'Not put back', message: lineOf(row) }];
        return [];
    });
}
function log_nameOf({ repository, tag, digest }) {
    return tag === null ? `${repository}@${digest}` : `${repository}:${tag}`;
}
function lineOf(row) {
    const whole = row.isThere === true ? ' whole' : '';
    return `${log_nameOf(row)} was not put back${whole}${row.note === null ? '' : `: ${undoneNote(row.note)}`}`;
}
function undoneNote(note) {
    return note.replace(/^putting back \S+: /, '');
}

;// CONCATENATED MODULE: ./src/report/undo/outputs.js

function undoJson({ verdict, repositories }) {
    return {
        schemaVersion: 1,
        mode: 'undo',
        result: verdict,
        repositories: repositories.map(({ repository, tags, manifests }) => ({
            repository,
            tags: tags.map(({ tag, digest, status }) => ({ tag, digest, status })),
            manifests: manifests.map(({ digest, status }) => ({ digest, status })),
        })),
    };
}
function undoOutputs(report) {
    return {
        result: report.verdict,
        'restored-count': String(report.restored),
        'unrestored-count': String(report.unrestored),
        json: (0,compact_json/* compactJson */.A)(undoJson(report)),
    };
}

;// CONCATENATED MODULE: ./src/report/undo/summary.js









const summary_NAME_LENGTH = 255;
const summary_NOTE_LENGTH = 300;
const REMARK_LENGTH = 2_000;
const summary_OPEN_PROBLEMS = 20;
const FEW_NAMES = 20;
function renderUndoSummary(report, options) {
    return (0,fitting/* fit */.U)(summary_frame/* SUMMARY_MAX_BYTES */.eR, [
        () => undo_summary_draw(report, options, 1_000),
        () => undo_summary_draw(report, options, 200),
        () => undo_summary_draw(report, options, 20),
    ]);
}
function undo_summary_draw(report, { runUrl }, written) {
    const remark = undoRemark(report);
    const rows = undoRows(report);
    const having = (status) => rows.filter((row) => row.status === status);
    return (0,markdown/* blocks */.Bv)((0,markdown/* heading */.R_)(3, (0,markdown/* prose */.CS) `Undo: ${(0,markdown/* own */.ZV)(undoHeadline(report))}`), remark === null ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `${(0,markdown/* foreignProse */.gS)(remark, REMARK_LENGTH)}`, problemList((0,markdown/* prose */.CS) `**Not put back:**`, having('failed'), written), problemList((0,markdown/* prose */.CS) `**Moved since the prune,** so these tags stay as they are:`, having('moved'), written), namesTable(rows.filter(({ status }) => status === 'restored' || status === 'present'), written), (0,summary_frame/* footerLine */.GO)([runUrl === undefined ? markdown/* EMPTY */.wg : (0,markdown/* link */.nf)((0,markdown/* prose */.CS) `run`, runUrl)]));
}
function problemList(title, rows, written) {
    if (rows.length === 0)
        return markdown/* EMPTY */.wg;
    const draw = (row) => {
        const why = row.note === null ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `: ${(0,markdown/* foreignProse */.gS)((0,words/* shortCommits */.lQ)(undoneNote(row.note)), summary_NOTE_LENGTH)}`;
        return (0,markdown/* prose */.CS) `${(0,markdown/* code */.aY)((0,words/* shortCommits */.lQ)(log_nameOf(row)), summary_NAME_LENGTH)}${why}`;
    };
    return (0,markdown/* blocks */.Bv)(title, (0,lists/* foldedList */.H)(rows, draw, { open: summary_OPEN_PROBLEMS, written, noun: 'name' }));
}
function namesTable(rows, written) {
    if (rows.length === 0)
        return markdown/* EMPTY */.wg;
    const shown = rows.slice(0, written);
    const left = rows.length - shown.length;
    const repositories = new Set(rows.map(({ repository }) => repository));
    const [only] = repositories.size === 1 ? repositories : [];
    const names = (0,markdown/* blocks */.Bv)(only === undefined ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `In ${(0,markdown/* code */.aY)(only, summary_NAME_LENGTH)}:`, (0,markdown_columns/* columnTable */.d8)(columnsOf(rows), shown), left === 0 ? markdown/* EMPTY */.wg : (0,markdown/* prose */.CS) `${(0,markdown/* own */.ZV)((0,words/* plural */.LS)(left, 'more name'))}, counted but not listed here.`);
    return rows.length <= FEW_NAMES
        ? names
        : (0,markdown/* details */.zH)((0,markdown/* markup */.PT) `${(0,markdown/* own */.ZV)((0,words/* plural */.LS)(rows.length, 'name'))} as before`, names);
}
function columnsOf(rows) {
    const repositories = [...new Set(rows.map(({ repository }) => repository))];
    const folder = repositories.length === 1 ? '' : (0,common_folder/* commonFolder */.M)(repositories);
    return [
        {
            title: (0,markdown/* prose */.CS) `Tag`,
            align: 'left',
            unbroken: markdown_columns/* UNBROKEN_NAME */.X2,
            cell: ({ tag }) => (tag === null ? (0,markdown/* prose */.CS) `*untagged*` : (0,markdown/* code */.aY)((0,words/* shortCommits */.lQ)(tag), summary_NAME_LENGTH)),
        },
        {
            title: (0,markdown/* prose */.CS) `Outcome`,
            align: 'left',
            cell: ({ status }) => (0,markdown/* unbroken */.D_)(status === 'present' ? (0,markdown/* own */.ZV)('there already') : (0,markdown/* own */.ZV)('put back')),
        },
        {
            title: (0,markdown/* prose */.CS) `Repository`,
            align: 'left',
            unbroken: markdown_columns/* UNBROKEN_NAME */.X2,
            when: repositories.length > 1,
            cell: ({ repository }) => (0,markdown/* code */.aY)(repository.slice(folder.length), summary_NAME_LENGTH),
        },
        { title: (0,markdown/* prose */.CS) `Digest`, align: 'left', cell: ({ digest }) => (0,markdown/* code */.aY)(`${(0,names_digest/* shortDigest */.VK)(digest)}…`) },
    ];
}

;// CONCATENATED MODULE: ./src/domain/prune/undo-outcome.js
function undoReport(repositories, isPartial, nothing) {
    const counted = repositories.flatMap(({ tags, manifests }) => [
        ...tags,
        ...manifests.filter(({ isTagged }) => !isTagged),
    ]);
    const every = repositories.flatMap(({ tags, manifests }) => [...tags, ...manifests]);
    const has = (status) => every.some((each) => each.status === status);
    const isWorthALook = has('moved') || nothing?.kind === 'not-of-image';
    const verdict = has('failed') ? 'fail' : isPartial ? 'partial' : isWorthALook ? 'warn' : 'pass';
    return {
        repositories,
        restored: counted.filter(({ status }) => status === 'restored').length,
        unrestored: counted.filter(({ status }) => status === 'failed' || status === 'moved').length,
        verdict,
        isPartial,
        ...(nothing === undefined ? {} : { nothing }),
    };
}

;// CONCATENATED MODULE: ./src/usecases/undo/undo.js





const WRITES_AT_ONCE = 4;
const NOT_TRIED = { status: 'failed', note: 'the run ended before it was tried' };
async function undo({ targets, nothing }, deps) {
    const repositories = [];
    for (const { target, deleted } of targets)
        repositories.push(await undoRepository(target, deleted, deps));
    return undoReport(repositories, deps.timeIsUp(), nothing);
}
async function undoRepository(target, deleted, { log, timeIsUp, sleep }) {
    const known = new Map(deleted.map((each) => [each.digest, knownManifest(each)]));
    const restorer = createRestorer(target, (digest) => known.get(digest) ?? null, sleep);
    const attempt = async (name, work) => {
        if (timeIsUp())
            return NOT_TRIED;
        const result = await work();
        if (result.status === 'restored' && name !== null)
            log.info(`${target.name}: put back ${name}`);
        return result;
    };
    const named = deleted.flatMap(({ digest, tags }) => tags.map((tag) => ({ tag, digest })));
    const proveAbsence = async () => {
        if (!timeIsUp())
            await restorer.proveAbsence(named.map(({ tag }) => tag));
    };
    const bringsTags = deleted.some(({ versionId }) => versionId !== null);
    if (bringsTags)
        await proveAbsence();
    const manifests = await (0,p_map/* default */.Ay)(deleted, async ({ digest, tags }) => ({
        digest,
        isTagged: tags.length > 0,
        ...(await attempt(tags.length > 0 ? null : digest, () => restorer.manifest(digest))),
    }), { concurrency: WRITES_AT_ONCE });
    if (!bringsTags)
        await proveAbsence();
    const outcomes = new Map();
    for (const wave of inWaves(named, (digest) => known.get(digest)?.needs ?? []))
        await (0,p_map/* default */.Ay)(wave, async ({ tag, digest }) => outcomes.set(tag, await attempt(tag, () => restorer.tag(tag, digest))), { concurrency: WRITES_AT_ONCE });
    const tags = Array.from(named, ({ tag, digest }) => ({
        tag,
        digest,
        ...(outcomes.get(tag) ?? NOT_TRIED),
    }));
    return { repository: target.name, tags, manifests };
}
function* inWaves(named, needsOf) {
    let rest = named;
    while (rest.length > 0) {
        const left = new Set(rest.map(({ digest }) => digest));
        const isReady = ({ digest }) => !needsOf(digest).some((need) => left.has(need));
        const ready = rest.filter(isReady);
        yield ready.length === 0 ? rest : ready;
        rest = ready.length === 0 ? [] : rest.filter((each) => !isReady(each));
    }
}
function knownManifest({ stored, manifest, tags, versionId }) {
    const { children, subject, blobs } = storedManifest(manifest);
    return {
        stored: () => Promise.resolve(stored),
        needs: subject === null ? children : [...children, subject],
        parts: undo_partsOf(manifest),
        blobs: blobs.map(({ digest }) => digest),
        ...(versionId === null ? {} : { version: { id: versionId, tags } }),
    };
}
function undo_partsOf({ manifest }) {
    if (manifest.kind !== 'index')
        return [];
    return manifest.manifests.filter(({ mediaType }) => (0,media_type/* isManifestType */.Q3)(mediaType)).map(({ digest }) => digest);
}

;// CONCATENATED MODULE: ./src/modes/undo.js









async function runUndo(common, settings, session, runner) {
    refusePullRequests(runner.env['GITHUB_EVENT_NAME']);
    const bytes = await (0,action_files/* readWhole */.oD)(settings.undoFile, MAX_UNDO_BYTES, 'undo-file');
    const { manifests, isCut } = parseUndoFile(bytes);
    if (isCut)
        runner.log.notice('undo-file: the last line was cut and is ignored; nothing was deleted by it');
    announceStorageWrites(common.registry, { garbageCollect: false, undoFile: null }, runner.log);
    const request = await undo_prepare(manifests, common, settings, session);
    session.ending.beginWrites();
    const { timeIsUp, sleep } = session;
    const report = runner.redact(await undo(request, { log: runner.log, timeIsUp, sleep }));
    const remark = undoRemark(report);
    if (remark !== null)
        runner.log.warning(remark);
    for (const annotation of undoAnnotations(report))
        runner.annotate(annotation);
    runner.log.info(undoHeadline(report));
    const now = session.clock();
    const { units } = common;
    const options = {
        units,
        now,
        ...(runner.runUrl === null ? {} : { runUrl: runner.runUrl }),
    };
    if (common.summary)
        await runner.writeSummary(renderUndoSummary(report, options));
    runner.setOutputs(undoOutputs(report));
    if (report.verdict === 'fail')
        runner.fail(undoFailure(report));
    return report.verdict !== 'fail';
}
function refusePullRequests(event) {
    if (event === undefined || !event.startsWith('pull_request'))
        return;
    throw new errors/* WardenError */.Sh('input', `mode undo does not run on ${event} events`, {
        advice: 'Run it on schedule, workflow_dispatch or push',
    });
}
async function undo_prepare(manifests, { registry }, { repositories: chosen }, session) {
    const hosts = new Set([registry.host, ...chosen.map((input) => undo_registryOf(input).host)]);
    const named = [...Map.groupBy(manifests, ({ repository }) => repository)].map(([name, deleted]) => {
        const repository = (0,reference/* parseRepository */.SU)(name, registry, 'undo-file');
        if (!hosts.has(repository.registry.host))
            throw foreign(repository);
        return { repository, deleted };
    });
    const wanted = named.filter(({ repository }) => chosen.length === 0 || chosen.some(covers(repository)));
    const targets = await Promise.all(wanted.map(async ({ repository, deleted }) => ({
        target: await session.target(repository, { swap: true, mayWrite: true }),
        deleted,
    })));
    const deletedIn = named.map(({ repository }) => (0,reference/* formatRepository */.Sh)(repository));
    const nothing = named.length === 0 ? { kind: 'no-deletion' } : { kind: 'not-of-image', repositories: deletedIn };
    return targets.length === 0 ? { targets, nothing } : { targets };
}
function undo_registryOf(input) {
    return input.kind === 'glob' ? input.glob.registry : input.repository.registry;
}
function covers({ registry, path }) {
    return (input) => undo_registryOf(input).origin === registry.origin &&
        (input.kind === 'glob' ? input.glob.pattern.matches(path) : input.repository.path === path);
}
function foreign(repository) {
    const name = (0,reference/* formatRepository */.Sh)(repository);
    return new errors/* WardenError */.Sh('input', `input undo-file: ${name} is at a registry that neither registry nor image names`, { advice: `If that is right, add image: ${name}` });
}

;// CONCATENATED MODULE: ./src/modes/pruning.js





/***/ })

};
