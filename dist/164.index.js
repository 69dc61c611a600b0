export const id = 164;
export const ids = [164];
export const modules = {

/***/ 8052:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   O: () => (/* binding */ selectTags),
/* harmony export */   YZ: () => (/* binding */ requirePlatforms),
/* harmony export */   j3: () => (/* binding */ selectsPlatform)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9763);
/* harmony import */ var _names_platform_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7670);
/* harmony import */ var _names_tag_order_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3496);
/* harmony import */ var _patterns_pattern_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7677);




function selectTags(tags, selection) {
    const { include, exclude } = selection;
    const included = include === 'all' ? tags : tags.filter((tag) => (0,_patterns_pattern_js__WEBPACK_IMPORTED_MODULE_3__/* .firstMatch */ .o4)(include, tag) !== null);
    return (0,_names_tag_order_js__WEBPACK_IMPORTED_MODULE_2__/* .sortTags */ .uO)(included.filter((tag) => (0,_patterns_pattern_js__WEBPACK_IMPORTED_MODULE_3__/* .firstMatch */ .o4)(exclude, tag) === null));
}
function selectsPlatform(selection, platform) {
    if (selection === 'all')
        return true;
    return platform !== null && selection.some((wanted) => (0,_names_platform_js__WEBPACK_IMPORTED_MODULE_1__/* .matchesPlatform */ .pC)(wanted, platform));
}
function requirePlatforms(selection, seen) {
    if (selection === 'all')
        return;
    for (const wanted of selection) {
        if (seen.some((platform) => (0,_names_platform_js__WEBPACK_IMPORTED_MODULE_1__/* .matchesPlatform */ .pC)(wanted, platform)))
            continue;
        const offered = [...new Set(seen.map(_names_platform_js__WEBPACK_IMPORTED_MODULE_1__/* .formatPlatform */ .Bq))].slice(0, 20).join(', ');
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('input', `input platforms: no selected image has ${(0,_names_platform_js__WEBPACK_IMPORTED_MODULE_1__/* .formatPlatform */ .Bq)(wanted)}`, {
            advice: offered === '' ? 'None of them names a platform' : `They have: ${offered}`,
        });
    }
}


/***/ }),

/***/ 7732:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  j: () => (/* binding */ readEvent)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ./node_modules/zod/v4/classic/schemas.js + 15 modules
var schemas = __webpack_require__(6668);
// EXTERNAL MODULE: ./src/wire/github-names.js
var github_names = __webpack_require__(8361);
// EXTERNAL MODULE: ./src/wire/json.js
var json = __webpack_require__(4281);
;// CONCATENATED MODULE: ./src/wire/event.js



const MAX_EVENT_BYTES = 26 * 1024 * 1024;
const ref = schemas/* string */.YjP().min(1).max(1024);
const repository = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({ full_name: github_names/* repositoryName */.aR }).nullish());
const pullRequestSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    number: github_names/* pullRequestNumber */.Kd,
    head: schemas/* object */.Ikc({ sha: github_names/* commitSha */.mJ, ref, repo: repository }),
    base: schemas/* object */.Ikc({ sha: github_names/* commitSha */.mJ, ref }),
    merge_base: github_names/* commitSha */.mJ.nullish().catch(null),
    labels: schemas/* array */.YOg(schemas/* object */.Ikc({ name: schemas/* string */.YjP().max(1024) }))
        .max(1000)
        .nullish(),
}));
const mergeGroupSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    head_sha: github_names/* commitSha */.mJ,
    head_ref: schemas/* string */.YjP().max(1024),
    base_sha: github_names/* commitSha */.mJ,
    base_ref: ref,
}));
const workflowRunSchema = schemas/* lazy */.RZV(() => schemas/* object */.Ikc({
    head_sha: github_names/* commitSha */.mJ,
    head_branch: ref.nullish(),
    head_repository: repository,
}));
function parseEvent(env, payload) {
    const event = env['GITHUB_EVENT_NAME'] ?? '';
    const repository = parseRepositoryName(env['GITHUB_REPOSITORY'] ?? '');
    const context = {
        event,
        repository,
        sha: github_names/* commitSha */.mJ.safeParse(env['GITHUB_SHA']).data ?? null,
        runUrl: runUrl(env),
        pullRequest: null,
        mergeGroup: null,
        workflowRun: null,
        warnings: [],
    };
    if (!concerns(event))
        return context;
    try {
        if (payload === null)
            throw new Error('the payload of the event is missing');
        if (payload.length > MAX_EVENT_BYTES)
            throw new Error('the payload of the event is too large');
        return { ...context, ...readPayload(event, (0,json/* parseJsonObject */.dw)(payload, PAYLOAD), env) };
    }
    catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        return { ...context, warnings: [`${event}: ${why}; going on as without a pull request`] };
    }
}
const PAYLOAD = 'the payload of the event';
function concerns(event) {
    return event.startsWith('pull_request') || event === 'merge_group' || event === 'workflow_run';
}
function readPayload(event, payload, env) {
    if (event === 'merge_group')
        return { mergeGroup: readMergeGroup(payload) };
    if (event === 'workflow_run')
        return { workflowRun: readWorkflowRun(payload) };
    return { pullRequest: readPullRequest(payload, env) };
}
function readPullRequest(payload, env) {
    const { number, head, base, labels, merge_base: mergeBase, } = (0,json/* readAs */.fd)(schemas/* object */.Ikc({ pull_request: pullRequestSchema }), payload, PAYLOAD).pull_request;
    const own = (0,json/* isObject */.Gv)(payload['repository']) ? payload['repository']['full_name'] : undefined;
    const headRepository = head.repo?.full_name ?? null;
    const { action } = payload;
    const isFork = headRepository === null || headRepository !== (own ?? env['GITHUB_REPOSITORY']);
    return {
        number,
        action: typeof action === 'string' ? action : null,
        headSha: head.sha,
        headBranch: head.ref,
        headRepository,
        baseSha: base.sha,
        baseRef: base.ref,
        ...(mergeBase ? { mergeBase } : {}),
        labels: (labels ?? []).map(({ name }) => name),
        isFork,
        isRestricted: isFork || env['GITHUB_ACTOR'] === 'dependabot[bot]',
    };
}
const QUEUED = /^refs\/heads\/gh-readonly-queue\/.{1,512}\/pr-(\d{1,9})-[0-9a-f]{40,64}$/;
function readMergeGroup(payload) {
    const { merge_group: wire } = (0,json/* readAs */.fd)(schemas/* object */.Ikc({ merge_group: mergeGroupSchema }), payload, PAYLOAD);
    const number = QUEUED.exec(wire.head_ref)?.[1];
    return {
        headSha: wire.head_sha,
        baseSha: wire.base_sha,
        baseRef: wire.base_ref.replace(/^refs\/heads\//, ''),
        pullRequestNumber: number === undefined ? null : Number(number),
    };
}
function readWorkflowRun(payload) {
    const { workflow_run: wire } = (0,json/* readAs */.fd)(schemas/* object */.Ikc({ workflow_run: workflowRunSchema }), payload, PAYLOAD);
    return {
        headSha: wire.head_sha,
        headBranch: wire.head_branch ?? null,
        headRepository: wire.head_repository?.full_name ?? null,
    };
}
function parseRepositoryName(text) {
    const [owner, name] = github_names/* repositoryName */.aR.safeParse(text).data?.split('/') ?? [];
    return owner === undefined || name === undefined ? null : { owner, name };
}
function runUrl(env) {
    const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
    return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : null;
}

;// CONCATENATED MODULE: ./src/github/event-file.js
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



async function readEvent(env) {
    return parseEvent(env, await event_file_readPayload(env['GITHUB_EVENT_PATH']));
}
async function event_file_readPayload(path) {
    if (!path)
        return null;
    try {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const file = __addDisposableResource(env_1, await (0,promises_.open)(path, external_node_fs_.constants.O_RDONLY | (external_node_fs_.constants.O_NONBLOCK ?? 0)), true);
            if (!(await file.stat()).isFile())
                return null;
            const start = file.createReadStream({ end: MAX_EVENT_BYTES, autoClose: false });
            return Buffer.concat(await start.toArray());
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
    catch {
        return null;
    }
}


/***/ }),

/***/ 8544:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  A: () => (/* binding */ createGitHubRequests)
});

// EXTERNAL MODULE: ./src/transport/rate-limit.js
var rate_limit = __webpack_require__(5093);
// EXTERNAL MODULE: ./src/domain/errors.js
var errors = __webpack_require__(9763);
// EXTERNAL MODULE: ./src/domain/text.js
var domain_text = __webpack_require__(6119);
;// CONCATENATED MODULE: ./src/github/failures.js


function failureOf(error) {
    const response = property(error, 'response');
    const status = property(response, 'status');
    const message = saidBy(property(response, 'data')) ?? messageOf(error);
    return {
        status: typeof status === 'number' ? status : null,
        message: (0,domain_text/* sanitiseLine */.lg)(message, 200) || 'no reason given',
        cause: error instanceof Error && error.cause instanceof errors/* WardenError */.Sh ? error.cause : error,
    };
}
function githubError(what, failure, isLimit) {
    const { status, message, cause } = failure;
    if (cause instanceof errors/* WardenError */.Sh)
        return cause;
    const said = status === null ? message : `${message} (HTTP ${status})`;
    const kind = isLimit ? 'rate-limit' : kindOf(status);
    return new errors/* WardenError */.Sh(kind, `GitHub: ${what}: ${said}`, { advice: adviceFor(kind), cause });
}
function kindOf(status) {
    if (status === null)
        return 'network';
    if (status === 401)
        return 'unauthorized';
    if (status === 403)
        return 'denied';
    if (status === 404 || status === 410)
        return 'not-found';
    return status >= 500 ? 'server' : 'protocol';
}
function adviceFor(kind) {
    switch (kind) {
        case 'unauthorized':
            return 'Give github-token a token that is valid';
        case 'rate-limit':
            return 'Run it again later, or give github-token a token with a higher limit';
        default:
            return null;
    }
}
function saidBy(data) {
    const message = property(data, 'message');
    if (typeof message !== 'string')
        return null;
    const errors = property(data, 'errors');
    const details = Array.isArray(errors) ? errors.slice(0, 3).map((each) => property(each, 'message')) : [];
    return [message, ...details.filter((detail) => typeof detail === 'string')].join(': ');
}
function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
}
function property(value, name) {
    return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

;// CONCATENATED MODULE: ./src/github/fetch.js
const MAX_BYTES = 16 * 1024 * 1024;
const LONGEST_WAIT = 60_000;
function createOctokitFetch(send, purpose, repeat, note) {
    return async (url, { method, headers, body }) => {
        const { authorization = null, ...others } = headers;
        const response = await send({
            method: methodOf(method),
            url: new URL(url),
            headers: others,
            authorization,
            ...(body === undefined ? {} : { body }),
            ...(repeat === undefined ? {} : { repeat }),
            maxBytes: MAX_BYTES,
            limits: 'github',
            longestWait: LONGEST_WAIT,
            purpose,
        });
        note(response);
        return {
            status: response.status,
            url,
            headers: new Map(Array.from(response.headers, ([name, values]) => [name, values.join(', ')])),
            text: () => Promise.resolve(response.body.toString('utf8')),
            arrayBuffer: () => Promise.resolve(response.body),
        };
    };
}
const methods = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'];
function methodOf(text) {
    const method = methods.find((known) => known === text);
    if (method === undefined)
        throw new Error(`octokit sends no ${text} here`);
    return method;
}

;// CONCATENATED MODULE: ./src/github/octokit.js
const late = { octokit: () => Promise.all(/* import() */[__webpack_require__.e(741), __webpack_require__.e(682)]).then(__webpack_require__.bind(__webpack_require__, 5682)) };
async function loadOctokit() {
    const { GITHUB_EVENT_PATH: path } = process.env;
    delete process.env['GITHUB_EVENT_PATH'];
    try {
        const { getOctokit } = await late.octokit();
        return getOctokit;
    }
    finally {
        if (path !== undefined)
            process.env['GITHUB_EVENT_PATH'] = path;
    }
}

;// CONCATENATED MODULE: ./src/github/requests.js




function createGitHubRequests(options) {
    const { send, apiUrl, token, repository, userAgent, log, clock } = options;
    const open = async () => {
        const getOctokit = await loadOctokit();
        return getOctokit(token, {
            baseUrl: apiUrl.replace(/\/+$/, ''),
            userAgent,
            log: { debug: ignore, info: ignore, warn: log.debug, error: log.debug },
        });
    };
    let opened = null;
    return async ({ what, route, parameters, repeat = 'always' }) => {
        let answer = null;
        const fetch = createOctokitFetch(send, `GitHub: ${what}`, repeat, (response) => {
            answer = response;
        });
        try {
            const octokit = await (opened ??= open());
            const { data, headers } = await octokit.request(routeAt(apiUrl, route), {
                ...(route.includes('{owner}/{repo}') ? { owner: repository.owner, repo: repository.name } : {}),
                ...parameters,
                request: { fetch },
            });
            return { data: data, link: headers.link ?? null };
        }
        catch (error) {
            const isLimit = answer !== null && (0,rate_limit/* rateLimitOf */.t)(answer, 'github', clock()) !== null;
            throw githubError(what, failureOf(error), isLimit);
        }
    };
}
function routeAt(apiUrl, route) {
    if (route !== 'POST /graphql' || !/\/api\/v3\/*$/.test(apiUrl))
        return route;
    return `POST ${apiUrl.replace(/\/v3\/*$/, '')}/graphql`;
}
function ignore() { }


/***/ }),

/***/ 2238:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ foldAnnotations)
/* harmony export */ });
/* harmony import */ var _domain_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6119);

const MOST_PER_LEVEL = 10;
const MESSAGE_LENGTH = 500;
function foldAnnotations(all) {
    const levels = ['error', 'warning', 'notice'];
    return levels.flatMap((level) => {
        const ofLevel = all.filter((annotation) => annotation.level === level);
        const more = ofLevel.length - MOST_PER_LEVEL;
        return ofLevel.slice(0, MOST_PER_LEVEL).map(({ title, message }, position) => {
            const last = more > 0 && position === MOST_PER_LEVEL - 1;
            const line = (0,_domain_text_js__WEBPACK_IMPORTED_MODULE_0__/* .sanitiseLine */ .lg)(message, MESSAGE_LENGTH);
            return { level, title, message: last ? `${line} (and ${more} more, see the job summary)` : line };
        });
    });
}


/***/ }),

/***/ 8368:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ commonFolder)
/* harmony export */ });
function commonFolder(repositories) {
    const [first = '', ...others] = repositories;
    const folders = first.split('/').slice(0, -1);
    const differs = folders.findIndex((_, depth) => {
        const folder = `${folders.slice(0, depth + 1).join('/')}/`;
        return others.some((repository) => !repository.startsWith(folder));
    });
    const common = differs === -1 ? folders : folders.slice(0, differs);
    return common.length === 0 ? '' : `${common.join('/')}/`;
}


/***/ }),

/***/ 7776:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A: () => (/* binding */ compactJson),
/* harmony export */   z: () => (/* binding */ OUTPUT_MAX_BYTES)
/* harmony export */ });
const OUTPUT_MAX_BYTES = 900_000;
function compactJson(value, maxBytes = OUTPUT_MAX_BYTES) {
    const whole = JSON.stringify(value);
    if (Buffer.byteLength(whole) <= maxBytes)
        return whole;
    const scalars = Object.entries(value).filter(([, entry]) => !Array.isArray(entry));
    return JSON.stringify({ ...Object.fromEntries(scalars), truncated: true });
}


/***/ }),

/***/ 403:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   X2: () => (/* binding */ UNBROKEN_NAME),
/* harmony export */   d8: () => (/* binding */ columnTable),
/* harmony export */   vd: () => (/* binding */ foldedTable)
/* harmony export */ });
/* harmony import */ var _markdown_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(139);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(717);


const UNBROKEN_NAME = 26;
function columnTable(columns, rows) {
    const shown = columns.filter((column) => column.when !== false);
    const cells = rows.map((row) => shown.map((column) => column.cell(row)));
    const titled = shown.map(({ title, align, unbroken = 0 }, place) => {
        const width = widestWord(cells.flatMap((row) => row[place] ?? []), unbroken);
        return { align, title: (0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .widened */ ["do"])(title, width) };
    });
    return (0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .table */ .tp)({ columns: titled, rows: cells });
}
function widestWord(cells, most) {
    if (most === 0)
        return 0;
    const widths = cells.flatMap(_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .words */ .aL).filter(breaks).map(_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .widthInDigits */ .k);
    return Math.max(0, ...widths.map((width) => (width <= most ? width : Math.floor(most / 2))));
}
function breaks(word) {
    return /[-/]./.test(word);
}
const WORTH_FOLDING = 3;
function foldedTable(columns, rows, { open, written, noun }) {
    const shown = rows.length < open + WORTH_FOLDING && rows.length <= written ? rows.length : Math.min(open, written);
    const folded = rows.slice(shown, written);
    const left = rows.length - shown - folded.length;
    const more = (count) => (0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(count, `more ${noun}`);
    return (0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .blocks */ .Bv)(shown === 0 ? _markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .EMPTY */ .wg : columnTable(columns, rows.slice(0, shown)), folded.length === 0 ? _markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .EMPTY */ .wg : (0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .details */ .zH)((0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .markup */ .PT) `${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .own */ .ZV)(more(folded.length))}`, columnTable(columns, folded)), left === 0 ? _markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .EMPTY */ .wg : (0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .prose */ .CS) `${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .own */ .ZV)(more(left))}, counted but not listed here.`);
}


/***/ }),

/***/ 3327:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   U: () => (/* binding */ fit)
/* harmony export */ });
function fit(most, rungs, measure = (text) => Buffer.byteLength(text)) {
    let text = rungs[0]();
    for (const rung of rungs.slice(1)) {
        if (measure(text) <= most)
            return text;
        text = rung();
    }
    return text;
}


/***/ }),

/***/ 2409:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ foldedList)
/* harmony export */ });
/* harmony import */ var _markdown_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(139);
/* harmony import */ var _words_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(717);


function foldedList(items, draw, { open, written, noun }) {
    const seen = items.slice(0, Math.min(open, written));
    const folded = items.slice(seen.length, written);
    const left = items.length - seen.length - folded.length;
    const rest = left > 0 ? [(0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .prose */ .CS) `… and ${(0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .own */ .ZV)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(left, `more ${noun}`))}`] : [];
    if (folded.length === 0)
        return (0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .bullets */ .e5)([...seen.map((item) => draw(item)), ...rest]);
    return (0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .blocks */ .Bv)((0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .bullets */ .e5)(seen.map((item) => draw(item))), (0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .details */ .zH)((0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .own */ .ZV)((0,_words_js__WEBPACK_IMPORTED_MODULE_1__/* .plural */ .LS)(items.length - seen.length, `more ${noun}`)), (0,_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .bullets */ .e5)([...folded.map((item) => draw(item)), ...rest])));
}


/***/ }),

/***/ 139:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Bv: () => (/* binding */ blocks),
/* harmony export */   CS: () => (/* binding */ prose),
/* harmony export */   D_: () => (/* binding */ unbroken),
/* harmony export */   KQ: () => (/* binding */ withUnits),
/* harmony export */   PT: () => (/* binding */ markup),
/* harmony export */   R_: () => (/* binding */ heading),
/* harmony export */   X1: () => (/* binding */ escapeText),
/* harmony export */   ZV: () => (/* binding */ own),
/* harmony export */   a4: () => (/* binding */ mermaid),
/* harmony export */   aL: () => (/* binding */ words),
/* harmony export */   aY: () => (/* binding */ code),
/* harmony export */   "do": () => (/* binding */ widened),
/* harmony export */   e5: () => (/* binding */ bullets),
/* harmony export */   fj: () => (/* binding */ join),
/* harmony export */   gS: () => (/* binding */ foreignProse),
/* harmony export */   h8: () => (/* binding */ htmlCode),
/* harmony export */   k: () => (/* binding */ widthInDigits),
/* harmony export */   nf: () => (/* binding */ link),
/* harmony export */   tp: () => (/* binding */ table),
/* harmony export */   wg: () => (/* binding */ EMPTY),
/* harmony export */   zH: () => (/* binding */ details)
/* harmony export */ });
/* harmony import */ var _domain_text_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6119);

const MAX_FOREIGN_LENGTH = 400;
function vouch(text) {
    return text;
}
function prose(literals, ...values) {
    return vouch(String.raw({ raw: literals }, ...values));
}
function markup(literals, ...values) {
    return vouch(String.raw({ raw: literals }, ...values));
}
const EMPTY = vouch('');
function join(parts, separator) {
    return vouch(parts.join(separator));
}
function blocks(...parts) {
    return vouch(parts.filter((part) => part !== '').join('\n\n'));
}
function bullets(items) {
    return vouch(items
        .filter((item) => item !== '')
        .map((item) => `- ${item}`)
        .join('\n'));
}
function code(text, max = MAX_FOREIGN_LENGTH) {
    const line = (0,_domain_text_js__WEBPACK_IMPORTED_MODULE_0__/* .sanitiseLine */ .lg)(text, max);
    if (line === '')
        return EMPTY_CODE;
    if (line.includes('|'))
        return htmlCode(line, max);
    const longest = Math.max(0, ...Array.from(line.matchAll(/`+/g), ([run]) => run.length));
    const fence = '`'.repeat(longest + 1);
    const padding = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
    return vouch(`${fence}${padding}${line}${padding}${fence}`);
}
function htmlCode(text, max = MAX_FOREIGN_LENGTH) {
    const line = (0,_domain_text_js__WEBPACK_IMPORTED_MODULE_0__/* .sanitiseLine */ .lg)(text, max);
    return line === '' ? EMPTY_CODE : vouch(`<code>${encode(line, '@')}</code>`);
}
const EMPTY_CODE = vouch('<code>&nbsp;</code>');
function escapeText(text, max = MAX_FOREIGN_LENGTH) {
    const line = encode((0,_domain_text_js__WEBPACK_IMPORTED_MODULE_0__/* .sanitiseLine */ .lg)(text, max), '@#:')
        .replace(BLOCK_START, (start) => (start.endsWith('.') ? start.replace('.', entity('.')) : entity(start)))
        .replaceAll(/\bGH-/gi, (start) => `${start}${BREAK}`)
        .replaceAll(COMMIT, (commit) => commit.replaceAll(/.{6}(?=.)/g, (start) => `${start}${BREAK}`));
    return vouch(line);
}
function foreignProse(text, max = MAX_FOREIGN_LENGTH) {
    const words = (0,_domain_text_js__WEBPACK_IMPORTED_MODULE_0__/* .sanitiseLine */ .lg)(text, max).split(' ').map(foreignWord);
    return join(words, prose ` `);
}
const NAME_LIKE = /[/@#\\]|:.|www\.|^GH-|^\{[a-z-]+\}$|(?<![0-9a-z])[0-9a-f]{7,}(?![0-9a-z])/i;
const AROUND = /^([("']*)(.*?)([)"',;:.?]*)$/s;
function foreignWord(word) {
    if (/^\d+\.$/.test(word))
        return escapeText(word);
    const [, opening = '', name = '', closing = ''] = AROUND.exec(word) ?? [];
    const end = closing.endsWith(':') ? vouch(`${escapeText(closing.slice(0, -1))}:`) : escapeText(closing);
    const middle = NAME_LIKE.test(name) ? code(name) : name === '' ? EMPTY : escapeText(name);
    return prose `${opening === '' ? EMPTY : escapeText(opening)}${middle}${end}`;
}
function own(text) {
    return OWN_TEXT.test(text) ? vouch(text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')) : escapeText(text);
}
const OWN_TEXT = /^(?![+-](?: |$))(?:[A-Za-z0-9 .,;'%()<>≈×–·…→✅❌⏳⚠+-]|\uFE0F)*$/u;
function unbroken(text) {
    return vouch(text.replaceAll(' ', '\u00A0'));
}
function words(text) {
    return text.split(' ').map(vouch);
}
function widthInDigits(word) {
    const seen = word.replaceAll(/<[^>]*>|\u200B/g, '').replaceAll(/&#?\w+;/g, '.');
    const widths = seen.split('`').map((part, place) => (place % 2 === 1 ? part.length + 1 : part.length * 0.8));
    return Math.ceil(widths.reduce((sum, width) => sum + width, 0));
}
function widened(title, digits) {
    return vouch(`${title}${entity('\u2007').repeat(Math.max(0, digits - widthInDigits(title)))}`);
}
function withUnits(text) {
    return vouch(own(text).replaceAll(/(?<=\d) (?=[kKMGT]?i?B|%)/g, '\u00A0'));
}
const BREAK = '\u200B';
const SYNTAX = /[\\`*_{}[\]()<>&|~#@!:$^"]/g;
const COMMIT = /(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/gi;
const BLOCK_START = /^(?:[-+=]|\d+\.(?= |$))/;
function encode(line, broken) {
    return line
        .replace(SYNTAX, (character) => `${entity(character)}${broken.includes(character) ? BREAK : ''}`)
        .replaceAll(/www(?=\.)/gi, (start) => `${start}${BREAK}`);
}
function entity(character) {
    return `&#${String(character.charCodeAt(0))};`;
}
function link(words, address) {
    if (!URL.canParse(address))
        return words;
    const url = new URL(address);
    if (url.protocol !== 'https:' && url.protocol !== 'http:')
        return words;
    const target = url.href.replaceAll(/[()<>|\\`*_[\]]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
    return vouch(`[${words}](${target})`);
}
function heading(level, words) {
    return vouch(`${'#'.repeat(level)} ${words}`);
}
function details(summary, body, { isOpen = false } = {}) {
    return vouch(`<details${isOpen ? ' open' : ''}>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`);
}
function mermaid(lines) {
    const safe = lines.map((line) => line.replaceAll(/[`\r\n]/g, ' '));
    return vouch(['```mermaid', ...safe, '```'].join('\n'));
}
const RULES = { left: ':---', right: '---:', center: ':---:' };
function table({ columns, rows }) {
    const lines = [
        columns.map((column) => cell(column.title)),
        columns.map((column) => RULES[column.align]),
        ...rows.map((row) => columns.map((_, position) => cell(row[position] ?? EMPTY))),
    ];
    return vouch(lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'));
}
function cell(content) {
    return content.replaceAll('|', '&#124;').replaceAll(/\s*\n\s*/g, ' ');
}


/***/ }),

/***/ 717:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   KE: () => (/* binding */ listed),
/* harmony export */   LS: () => (/* binding */ plural),
/* harmony export */   T1: () => (/* binding */ formatShare),
/* harmony export */   T9: () => (/* binding */ formatGrowth),
/* harmony export */   lQ: () => (/* reexport safe */ _domain_text_js__WEBPACK_IMPORTED_MODULE_1__.lQ),
/* harmony export */   vd: () => (/* binding */ limitWords)
/* harmony export */ });
/* harmony import */ var _domain_quantities_bytes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3217);
/* harmony import */ var _domain_text_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6119);



function plural(count, noun) {
    if (count === 1)
        return `1 ${noun}`;
    if (/[^aeiou]y$/.test(noun))
        return `${count} ${noun.slice(0, -1)}ies`;
    return `${count} ${noun}${noun.endsWith('ch') ? 'es' : 's'}`;
}
function formatShare(part, whole) {
    if (whole <= 0)
        return '–';
    if (part === 0)
        return '0 %';
    const percent = (part / whole) * 100;
    if (percent < 0.1)
        return '<0.1 %';
    if (percent >= 1000)
        return `${(percent / 100).toFixed(0)}×`;
    const text = percent.toFixed(percent < 10 ? 1 : 0);
    if (text !== '100' || part === whole)
        return `${text} %`;
    const closer = percent.toFixed(1);
    if (closer !== '100.0')
        return `${closer} %`;
    return part > whole ? '>100 %' : '>99.9 %';
}
function formatGrowth(difference, ratio, units) {
    const change = (0,_domain_quantities_bytes_js__WEBPACK_IMPORTED_MODULE_0__/* .formatChange */ .eD)(difference, units);
    if (difference === 0 || ratio === null)
        return change;
    return `${change} (${Math.abs(ratio) < 0.001 ? '<0.1 %' : (0,_domain_quantities_bytes_js__WEBPACK_IMPORTED_MODULE_0__/* .formatPercent */ .l9)(ratio)})`;
}
function limitWords(limit, units, note) {
    const shown = (0,_domain_quantities_bytes_js__WEBPACK_IMPORTED_MODULE_0__/* .formatBytes */ .z3)(limit, units);
    const exact = (0,_domain_quantities_bytes_js__WEBPACK_IMPORTED_MODULE_0__/* .formatExactly */ .Yq)(limit, units) === null ? (0,_domain_quantities_bytes_js__WEBPACK_IMPORTED_MODULE_0__/* .formatExactly */ .Yq)(limit, units === 'iec' ? 'si' : 'iec') : null;
    const other = limit < 1e6 && exact?.includes('.') === true ? null : exact;
    const notes = [...(other === null ? [] : [shown]), ...(note === null ? [] : [note])];
    return `${other ?? shown}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`;
}
const MOST_LISTED = 6;
function listed(names) {
    return (0,_domain_text_js__WEBPACK_IMPORTED_MODULE_1__/* .someNames */ .Xq)([...new Set(names)], MOST_LISTED);
}


/***/ }),

/***/ 9028:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   GO: () => (/* binding */ footerLine),
/* harmony export */   N9: () => (/* binding */ sizeFooter),
/* harmony export */   UN: () => (/* binding */ unitWords),
/* harmony export */   eR: () => (/* binding */ SUMMARY_MAX_BYTES),
/* harmony export */   qr: () => (/* binding */ footer),
/* harmony export */   rP: () => (/* binding */ FORMULA)
/* harmony export */ });
/* harmony import */ var _markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(139);

const SUMMARY_MAX_BYTES = 512 * 1024;
function footer({ units, runUrl }) {
    return footerLine([runUrl === undefined ? _markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .EMPTY */ .wg : (0,_markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .link */ .nf)((0,_markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .prose */ .CS) `run`, runUrl), unitWords(units)]);
}
function sizeFooter({ units, runUrl }) {
    const run = runUrl === undefined ? _markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .EMPTY */ .wg : (0,_markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .link */ .nf)((0,_markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .prose */ .CS) `run`, runUrl);
    return footerLine([FORMULA, run, unitWords(units)]);
}
function footerLine(parts) {
    const words = [(0,_markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .prose */ .CS) `registry-warden`, ...parts.filter((part) => part !== '')];
    return (0,_markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .prose */ .CS) `<sub>${(0,_markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .join */ .fj)(words, (0,_markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .prose */ .CS) ` · `)}</sub>`;
}
const FORMULA = (0,_markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .link */ .nf)((0,_markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .prose */ .CS) `formula`, 'https://github.com/registry-warden/registry-warden/blob/main/docs/size.md#the-formula');
function unitWords(units) {
    return units === 'iec' ? (0,_markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .prose */ .CS) `MiB = 1024² bytes` : (0,_markdown_markdown_js__WEBPACK_IMPORTED_MODULE_0__/* .prose */ .CS) `MB = 1000² bytes`;
}


/***/ }),

/***/ 1157:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E0: () => (/* binding */ verdictWord),
/* harmony export */   Ze: () => (/* binding */ ICONS),
/* harmony export */   fF: () => (/* binding */ resultIcon),
/* harmony export */   oC: () => (/* binding */ SEVERITIES),
/* harmony export */   pG: () => (/* binding */ sizeResult),
/* harmony export */   sL: () => (/* binding */ isJudged),
/* harmony export */   t5: () => (/* binding */ isUnjudged)
/* harmony export */ });
function sizeResult(report) {
    return report.partial && report.verdict !== 'fail' ? 'partial' : report.verdict;
}
function resultIcon(report) {
    const result = sizeResult(report);
    return result === 'pass' && !isJudged(report) ? '' : ICONS[result];
}
function isJudged({ images }) {
    return images.some(({ platforms }) => platforms.some(({ isLimited }) => isLimited));
}
function verdictWord({ verdict, isLimited }) {
    return verdict === 'pass' && !isLimited ? '–' : `${ICONS[verdict]} ${verdict}`;
}
const ICONS = { pass: '✅', warn: '⚠️', fail: '❌', partial: '⏳' };
const SEVERITIES = { fail: 0, warn: 1, partial: 2, pass: 3 };
function isUnjudged({ images, partial }) {
    return (!partial &&
        images.some(({ platforms }) => platforms.some(({ growth, verdict }) => verdict === 'fail' && growth?.state === 'unknown')));
}


/***/ }),

/***/ 1320:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   JU: () => (/* binding */ expandRepositories),
/* harmony export */   Kq: () => (/* binding */ repositoryKey),
/* harmony export */   Uk: () => (/* binding */ checkReviewed),
/* harmony export */   ZI: () => (/* binding */ openCatalogs),
/* harmony export */   lX: () => (/* binding */ noMatch)
/* harmony export */ });
/* harmony import */ var _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9763);
/* harmony import */ var _domain_names_reference_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6296);
/* harmony import */ var _domain_names_registry_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(294);



function openCatalogs(readCatalog) {
    const catalogs = new Map();
    async function catalogOf(registry, owner) {
        try {
            return await readCatalog(registry, owner);
        }
        catch (error) {
            if (!(error instanceof _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh) || !['unsupported', 'denied', 'unauthorized'].includes(error.kind))
                throw error;
            if ((0,_domain_names_registry_js__WEBPACK_IMPORTED_MODULE_2__/* .isStorageFolder */ .MA)(registry))
                throw error;
            if (error.kind === 'unsupported' && error.advice !== null)
                throw error;
            const advice = `${registry.host} shows no catalog to these credentials: name the repositories in image`;
            throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh(error.kind, error.message, { advice, exchange: error.exchange, cause: error });
        }
    }
    return async ({ registry, pattern, owner }) => {
        const key = `${registry.origin} ${owner ?? ''}`;
        const reading = catalogs.get(key) ?? catalogOf(registry, owner);
        catalogs.set(key, reading);
        const catalog = await reading;
        const repositories = [];
        const unusable = [];
        for (const path of catalog) {
            if (!pattern.matches(path))
                continue;
            const repository = (0,_domain_names_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .repositoryFromCatalog */ .sz)(registry, path);
            if (repository === null)
                unusable.push(path);
            else
                repositories.push(repository);
        }
        return { repositories, catalog, unusable };
    };
}
function noMatch({ pattern, registry }, { catalog, unusable }) {
    const advice = catalog.length === 0
        ? 'Its catalog is empty, or shows nothing to these credentials: name the repositories'
        : `Its catalog has ${catalog.length === 1 ? '1 repository' : `${catalog.length} repositories`}, ` +
            (unusable.length === 0 ? `the first is ${catalog[0]}` : `but ${unusable[0]} is not a valid name`);
    return new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('input', `input image: ${pattern.source} matches no repository of ${registry.host}`, {
        advice,
    });
}
async function expandRepositories(choices, readCatalog) {
    const found = new Map();
    const matchesOf = openCatalogs(readCatalog);
    for (const choice of choices) {
        const repositories = choice.kind === 'one' ? [choice.repository] : await matching(choice.glob);
        for (const repository of repositories)
            found.set(repositoryKey(repository), repository);
    }
    return [...found.values()];
    async function matching(glob) {
        const match = await matchesOf(glob);
        if (match.repositories.length === 0)
            throw noMatch(glob, match);
        return match.repositories;
    }
}
function repositoryKey({ registry, path }) {
    return `${registry.origin}/${path}`;
}
function checkReviewed(reviewed, repositories) {
    const names = new Set(repositories.map(_domain_names_reference_js__WEBPACK_IMPORTED_MODULE_1__/* .formatRepository */ .Sh));
    const foreign = reviewed.find(({ repository }) => !names.has(repository));
    if (foreign === undefined)
        return;
    throw new _domain_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .WardenError */ .Sh('input', `input apply-plan: the plan names ${foreign.repository}, but image does not`, {
        advice: 'Give the same image and policy inputs as in the run that wrote the plan',
    });
}


/***/ }),

/***/ 4870:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   T: () => (/* binding */ githubAnswers)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6668);
/* harmony import */ var _github_names_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8361);
/* harmony import */ var _json_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4281);



const commentSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .lazy */ .RZV(() => zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({
    id: zod__WEBPACK_IMPORTED_MODULE_2__/* .int */ .Whr(),
    user: zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ login: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP() }).nullish(),
    body: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().nullish(),
    html_url: zod__WEBPACK_IMPORTED_MODULE_2__/* .url */ .OZ5({ protocol: /^https?$/ }),
})
    .transform((wire) => ({
    id: wire.id,
    author: wire.user?.login ?? null,
    body: wire.body ?? '',
    url: wire.html_url,
})));
const pullRequestSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .lazy */ .RZV(() => zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({
    number: _github_names_js__WEBPACK_IMPORTED_MODULE_0__/* .pullRequestNumber */ .Kd,
    state: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(),
    head: zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ sha: _github_names_js__WEBPACK_IMPORTED_MODULE_0__/* .commitSha */ .mJ, repo: zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ full_name: _github_names_js__WEBPACK_IMPORTED_MODULE_0__/* .repositoryName */ .aR }).nullish() }),
    base: zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ repo: zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ full_name: _github_names_js__WEBPACK_IMPORTED_MODULE_0__/* .repositoryName */ .aR }) }),
})
    .transform((wire) => ({
    number: wire.number,
    open: wire.state === 'open',
    headSha: wire.head.sha,
    headRepository: wire.head.repo?.full_name ?? null,
    baseRepository: wire.base.repo.full_name,
})));
const openPullRequestSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .lazy */ .RZV(() => zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({
    number: _github_names_js__WEBPACK_IMPORTED_MODULE_0__/* .pullRequestNumber */ .Kd,
    state: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP(),
    head: zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ sha: _github_names_js__WEBPACK_IMPORTED_MODULE_0__/* .commitSha */ .mJ }),
    merge_commit_sha: _github_names_js__WEBPACK_IMPORTED_MODULE_0__/* .commitSha */ .mJ.nullish(),
})
    .transform((wire) => ({
    number: wire.number,
    headSha: wire.head.sha,
    mergeSha: wire.merge_commit_sha ?? null,
})));
const gitName = zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().min(1).max(1024);
const branchSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .lazy */ .RZV(() => zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({
    name: gitName,
    commit: zod__WEBPACK_IMPORTED_MODULE_2__/* .union */ .KCZ([zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ sha: _github_names_js__WEBPACK_IMPORTED_MODULE_0__/* .commitSha */ .mJ }), zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ id: _github_names_js__WEBPACK_IMPORTED_MODULE_0__/* .commitSha */ .mJ })]),
})
    .transform(({ name, commit }) => ({ name, sha: 'sha' in commit ? commit.sha : commit.id })));
const gitTagSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .lazy */ .RZV(() => zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ name: gitName }).transform(({ name }) => name));
const releaseSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .lazy */ .RZV(() => zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ tag_name: gitName }).transform((wire) => wire.tag_name));
const labelsSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .lazy */ .RZV(() => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ name: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP() })).transform((labels) => labels.map(({ name }) => name)));
const comparisonSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .lazy */ .RZV(() => zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ merge_base_commit: zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ sha: _github_names_js__WEBPACK_IMPORTED_MODULE_0__/* .commitSha */ .mJ }) })
    .transform((wire) => wire.merge_base_commit.sha));
const userSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .lazy */ .RZV(() => zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ login: zod__WEBPACK_IMPORTED_MODULE_2__/* .string */ .YjP().min(1) }).transform(({ login }) => login));
const viewerSchema = zod__WEBPACK_IMPORTED_MODULE_2__/* .lazy */ .RZV(() => zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ data: zod__WEBPACK_IMPORTED_MODULE_2__/* .object */ .Ikc({ viewer: userSchema }) }).transform(({ data }) => data.viewer));
const what = (answer) => `GitHub's answer (${answer})`;
const githubAnswers = {
    comment: (data) => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .readAs */ .fd)(commentSchema, data, what('comment')),
    comments: (data) => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .readAs */ .fd)((0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(commentSchema), data, what('comments')),
    pullRequests: (data) => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .readAs */ .fd)((0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(pullRequestSchema), data, what('pull requests')),
    openPullRequests: (data) => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .readAs */ .fd)((0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(openPullRequestSchema), data, what('open pull requests')),
    branches: (data) => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .readAs */ .fd)((0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(branchSchema), data, what('branches')),
    gitTags: (data) => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .readAs */ .fd)((0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(gitTagSchema), data, what('tags')),
    releases: (data) => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .readAs */ .fd)((0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .listOf */ .c3)(releaseSchema), data, what('releases')),
    labels: (data) => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .readAs */ .fd)(labelsSchema, data, what('labels')),
    mergeBase: (data) => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .readAs */ .fd)(comparisonSchema, data, what('comparison')),
    user: (data) => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .readAs */ .fd)(userSchema, data, what('user')),
    viewer: (data) => (0,_json_js__WEBPACK_IMPORTED_MODULE_1__/* .readAs */ .fd)(viewerSchema, data, what('viewer')),
};


/***/ }),

/***/ 8361:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Kd: () => (/* binding */ pullRequestNumber),
/* harmony export */   aR: () => (/* binding */ repositoryName),
/* harmony export */   mJ: () => (/* binding */ commitSha)
/* harmony export */ });
/* harmony import */ var zod__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6668);

const commitSha = zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/);
const repositoryName = zod__WEBPACK_IMPORTED_MODULE_0__/* .string */ .YjP().regex(/^[A-Za-z0-9_.-]{1,100}\/[A-Za-z0-9_.-]{1,100}$/);
const pullRequestNumber = zod__WEBPACK_IMPORTED_MODULE_0__/* .int */ .Whr().min(1);


/***/ })

};
